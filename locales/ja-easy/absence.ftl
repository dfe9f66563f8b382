# 今日 だれが いるか（やさしい日本語）

me-today = 今日の こと
me-today-open = 今日、事業所が 開いて いる 時間：
me-today-over = 今日は、もう しまりました。
me-today-closed = 今日は、事業所が 休みです。
me-today-next = つぎに 開くのは、{ $day }です。
me-today-staff = たんとうの { $name }は、今日 います。
me-today-staff-until = たんとうの { $name }は、今日 { $clock }まで います。
me-today-away = たんとうの { $name }は、今 いません。
me-today-back = { $day }に もどります。
me-today-back-afternoon = { $day }の 午後に もどります。
me-today-back-today = 今日の 午後に もどります。
me-today-standin = その あいだは、{ $name }が 見ます。
me-today-anybody = その あいだは、ほかの しえんいんが 見ます。
me-today-duty = 今日は、{ $name }が 見ます。
me-today-days-off = これからの 休みの 日：
