# 今日 だれが いるか（やさしい日本語）

me-today = {今日|きょう}の こと
me-today-open = {今日|きょう}、{事業所|じぎょうしょ}が {開|あ}いて いる {時間|じかん}：
me-today-over = {今日|きょう}は、もう しまりました。
me-today-closed = {今日|きょう}は、{事業所|じぎょうしょ}が {休|やす}みです。
me-today-next = つぎに {開|あ}くのは、{ $day }です。
me-today-staff = たんとうの { $name }は、{今日|きょう} います。
me-today-staff-until = たんとうの { $name }は、{今日|きょう} { $clock }まで います。
me-today-away = たんとうの { $name }は、{今|いま} いません。
me-today-back = { $day }に もどります。
me-today-back-afternoon = { $day }の {午後|ごご}に もどります。
me-today-back-today = {今日|きょう}の {午後|ごご}に もどります。
me-today-standin = その あいだは、{ $name }が メッセージを {読|よ}みます。
me-today-anybody = その あいだは、ほかの しえんいんが メッセージを {読|よ}みます。
me-today-duty = {今日|きょう}は、{ $name }が メッセージを {読|よ}みます。
me-today-days-off = これからの {休|やす}みの {日|ひ}：
