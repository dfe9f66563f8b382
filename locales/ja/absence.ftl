# 休みと代わり、当番、職員の勤務時間

menu-absences = 職員の休みと当番
absences-title = 職員の休みと当番
absences-lead = 休みは一度入れるだけです。休みのあいだは代わりの人が見て、終わると自動で元にもどります。
absences-team = 今、いる人
absences-team-caption = 職員が今いるかどうかと、勤務時間
absences-name = 名前
absences-there = 今
absences-hours = 勤務時間
absences-hours-own = 本人の時間
absences-hours-change = 変える
absences-duty = 当番
absences-duty-line = { $when }：{ $name }
absences-duty-link = 2週間の当番を見る
absences-duty-none = 当番は決まっていません。担当も代わりの人もいないときは、だれでも対応できます。
absences-coming = これからの休み
absences-none = これからの休みは、ありません
absences-none-text = 休みを入れると、ここに出ます。
absences-new = 休みを入れる
absences-now = 今、休み
absences-standin = 代わり：{ $name }
absences-no-standin = 代わりは決めていません。卒業生ごとの代わりの担当、いなければ当番が見ます。
absences-standin-away = { $name }さんも、このあいだに休みがあります（{ $when }）。そのあいだは、次に代わる人か当番が見ます。
absences-reason = 理由：{ $reason }
absences-reason-who = 本人と管理者だけに見えます
absences-edit = 直す
absences-cancel = 休みを取り消す

absence-new = 休みを入れる
absence-edit = 休みを直す
absence-of = { $name }さんの休み
absence-staff = だれの休みですか
absence-from = はじまる日
absence-from-half = はじまり
absence-from-morning = 朝から
absence-from-afternoon = 午後から
absence-until = 終わる日
absence-until-hint = 1日だけなら、空けたままで大丈夫です。
absence-until-half = 終わり
absence-until-afternoon = 夕方まで
absence-until-morning = 昼まで
absence-standin = 代わりの人
absence-standin-hint = この人の画面に、担当の卒業生が「代わり」として出ます。会社や本人への予定は動きません。
absence-standin-none = 決めない（当番が見ます）
absence-free = このあいだに いる人：{ $names }
absence-free-none = このあいだ、ほかにいる人が見つかりません。「決めない」を選ぶと、当番が見ます。
absence-reason = 理由
absence-reason-hint = 書かなくて大丈夫です。本人と管理者だけに見えます。卒業生には伝えません。
absence-submit = 休みを入れる
absence-submit-edit = 直す
absence-clash-standin = { $name }さんは、{ $when }が休みです。
absence-standin-off = { $name }さんは、{ $when }{ $more ->
    [0] {""}
   *[other] ほか{ $more }回
}は勤務していません。そのあいだ、決まった代わりはいません。卒業生ごとの代わりの担当か当番がいれば、その人が見ます。
absence-clash-own = { $when }に、もう休みが入っています。

half-of-morning = { $day }午前
half-of-afternoon = { $day }午後
half-morning = 午前
half-afternoon = 午後
when-span = { $from }から{ $to }まで

care-mine = { $owner }さんの代わり
care-other = { $owner }さんの代わりに{ $name }さん
care-anybody = { $owner }さんがいないあいだ、だれでも対応できます
care-mine-nobodys = 当番として見ています
care-other-nobodys = 当番の{ $name }さんが見ています
care-back = { $when }にもどります

presence-there = います
presence-closed = 次に開くときに います
presence-leave = 休み：{ $when }
presence-off = 勤務時間ではありません。次は{ $when }です
presence-gone = いません

duty-title = 当番
settings-duty = 当番
settings-duty-text = 担当がいないとき、だれが見るか。半日ごと
duty-lead = 担当も代わりの人もいないときに、その半日を見る人です。
duty-empty = 当番は、まだ決まっていません。
duty-empty-text = 決まっていないあいだは、担当も代わりの人もいない卒業生のことは、いる人のだれでも対応できます。止まる連絡はありません。
duty-table = これから2週間の当番
duty-day = 日
duty-closed = 休業
duty-nobody = だれもいません
duty-away = { $name }（いません：{ $why }）
duty-away-standin = { $name }（いません：{ $why }）。代わりに{ $standin }
duty-away-leave = 休み
duty-away-hours = 勤務時間ではない
duty-away-gone = 退職など
duty-single = この日だけ
duty-gaps = { $n ->
    [0] すべての半日に、当番がいます。
   *[other] 当番がいない半日が、{ $n }回あります。そのあいだは、いる人のだれでも対応できます。
}
duty-week = 毎週の当番
duty-week-hint = 毎週くりかえします。開いている半日だけが並びます。
duty-week-caption = 曜日ごとの当番
duty-week-cell = { $day }{ $half }の当番
duty-week-save = 毎週の当番を保存する
duty-none = 決めない
duty-one = この日だけ変える
duty-one-on = 日にち
duty-one-half = 午前・午後
duty-one-staff = 当番
duty-one-nobody = だれもいない
duty-one-usual = 毎週のとおりにもどす
duty-one-save = この日だけ変える

hours-title = { $name }さんの勤務時間
hours-lead = 短時間で働く人や、曜日の決まっている人の時間です。この時間に合わせて、代わりの人に渡ります。
hours-kind = 勤務時間
hours-office = 事業所と同じ（{ $hours }）
hours-own = この人の時間を決める
hours-week = この人の時間
hours-week-hint = 「09:00-12:00,13:00-15:00」のように書きます。働かない曜日は、空けてください。

error-overlaps = { $label }：もう入っている休みと重なっています
error-standin-away = { $label }：このあいだに休みがある人です
error-standin-off = { $label }：勤務時間ではないときがあります。そのままでよければ、もう一度押してください
error-leave-too-long = { $label }：400日より長い休みは、分けて入れてください

done-absence-saved = 休みを入れました。
done-absence-cancelled = 休みを取り消しました。

audit-absence-add = 職員の休みを入れた
audit-absence-change = 職員の休みを直した
audit-absence-cancel = 職員の休みを取り消した
audit-absence-cancel_undone = 休みの取り消しを元にもどした
audit-duty-week = 毎週の当番を決めた
audit-duty-day = 1日だけの当番を決めた
audit-staff-hours = 職員の勤務時間を変えた

me-today = {今日|きょう}のこと
me-today-open = {今日|きょう}、{事業所|じぎょうしょ}が{開|あ}いている{時間|じかん}：
me-today-hours = { $from }〜{ $to }
me-today-over = {今日|きょう}は、もう{閉|し}まりました。
me-today-closed = {今日|きょう}は、{事業所|じぎょうしょ}がお{休|やす}みです。
me-today-next = {次|つぎ}に{開|あ}くのは、{ $day }です。
me-today-staff = {担当|たんとう}の{ $name }は、{今日|きょう}います。
me-today-staff-until = {担当|たんとう}の{ $name }は、{今日|きょう}{ $clock }までいます。
me-today-away = {担当|たんとう}の{ $name }は、{今|いま}いません。
me-today-back = { $day }にもどります。
me-today-back-afternoon = { $day }の{午後|ごご}にもどります。
me-today-back-today = {今日|きょう}の{午後|ごご}にもどります。
me-today-standin = そのあいだは、{ $name }がメッセージを{読|よ}みます。
me-today-anybody = そのあいだは、ほかの{支援員|しえんいん}がメッセージを{読|よ}みます。
me-today-duty = {今日|きょう}は、{ $name }がメッセージを{読|よ}みます。
me-today-days-off = これからのお{休|やす}みの{日|ひ}：
