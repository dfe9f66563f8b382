# 記録を書く、話したことのまとめを送る、引きつぐ
note-facts = 押すだけで書けること
note-other-time = 日時・かかった時間を変える
note-minutes = かかった時間（分）
note-quoted = 「{ $words }」（{ $at }・{ $way }）
note-next-day = { $day }までに
note-sets-date = { $day }に、いつまでにするかを決めます
note-summed-up = 本人に、文で送りました。
note-took = { $n }分
note-to-summary = 話したことを本人に文で送る
note-from-message = もとのメッセージを見る

next-when = いつまでに
next-when-none = 選んでください
next-when-today = 今日 { $day }
next-when-next_open = 次の営業日 { $day }
next-when-week = 1週間後 { $day }
next-when-two_weeks = 2週間後 { $day }
next-on = ほかの日
next-sets-date = まだ決められない
next-sets-date-hint = 上の日に「いつまでにするか」を決めます。
error-next-day-missing = 次にすることは、いつまでにしますか。まだ決められないときは、決める日を選んでください。
error-outside-call-hours = 「{ $label }」は、本人に電話してよい時間の外です。本人と、時間の中で決めてください。

last-note = 前回の記録
last-note-whole = 全部読む
last-note-none = まだ記録はありません。

correct-why = 直す理由
correct-why-slip = 書きまちがい
correct-why-learned = あとで分かった
correct-why-person_said = 本人が「ちがう」と言った
correct-why-sorted = 事実と考えたことを分けた
correct-why-said = 直した理由：

call-note = 記録（本人には見えません）
call-note-hint = 結果がどれでも、書いたことは記録に残ります。空のままでも大丈夫です。
call-seen = 電話：{ $outcome }

message-selected-to-note = 「{ $words }」を記録に写す

summary-title = { $name }さんと話したことのまとめ
summary-heading = 話したことを文で送る
summary-pick-title = { $name }さんに、何を送りますか
summary-pick-text = 選んだものだけが、次の画面の文になります。送る前に、そこで直せます。
summary-pick = 送る言葉
summary-part-said = 本人の言葉
summary-part-seen = 見たこと・数字
summary-part-done = したこと
summary-part-next = 次にすること
summary-who = だれが
summary-who-staff = わたし
summary-who-person = 本人
summary-who-together = いっしょに
summary-no-thought = 「考えたこと」は、ここには出ません。送られることもありません。
summary-agreed = 決めたこと
summary-agreed-hint = 本人が読む文です。一つずつ、短く。
summary-make = 送る文をつくる
summary-not-now-title = 今は送らない
summary-later = あとで送る（1時間後に出ます）
summary-never = 送らずに終わる
summary-later-hint = 文があると、聞きもらしや思いちがいに、本人があとで気づけます。
summary-was-sent = この記録のまとめは、もう送りました
summary-back = 送る言葉を選びなおす
summary-write-title = { $name }さんに送る文
summary-body = 送る文
summary-body-text = この文が、このまま届きます。読みやすく直してください。
done-summary-sent = まとめを送信待ちに入れました。
error-note-meanwhile = 書いているあいだに、この記録が直されました。まだ送っていません。直したあとの記録と合っているかを確かめてから、もう一度送ってください。
done-summary-not-sent = 書いているあいだに、この記録が直されました。まとめは送っていません。直したあとの記録から、まとめを作ってください。
done-summary-left = まとめは、あとで「今日の連絡」に出ます。

handover-link = 引きつぎ用のまとめ
handover-title = { $name }さんの引きつぎ
handover-heading = 引きつぎ
handover-lead = { $at } 現在。はじめて担当する人が、これだけ読めば話せるように。
handover-who = この人について
handover-phone = 電話
handover-hours = （今日は { $hours }）
handover-open = 約束・することの残り
handover-by = { $day }
handover-nothing-open = 残っていることはありません。
handover-signs = 気にかけているサイン
handover-messages = 最近のやりとり
handover-notes = 最近の記録
handover-promise = 本人か会社への約束です。
