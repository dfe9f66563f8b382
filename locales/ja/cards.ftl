# カード：はじめて代わりに対応する人にも、何をどう伝えればよいかが分かるようにする。

card-title = カード
card-page-title = { $name }さんのカード
card-summary-first = はじめに読むカード
card-open = カードを全部見る
card-write = カードを書く・直す
card-edit-title = { $name }さんのカードを書く
card-edit-company = { $name }のカードを書く
card-of-company = { $name }のカード
card-rest = カードの続き
card-empty = まだ何も書かれていません。次の3つから書くと、代わりの人が助かります。
card-empty-text = 「話し方」「苦手なこと」「だれが決めるか・だれに聞くか」の3つから始めます。あとは、分かったときに足していきます。
card-review = 見直す日
card-review-hint = 空のままなら、半年後になります。
card-review-on = 次の見直し：{ $day }
card-overdue = { $day }に見直す予定でした
card-versions = これまでのカード
card-version-now = 今のカードです。
card-version-empty = 何も書かれていませんでした。
card-not-asked = まだ聞いていない

card-line-spoken-to = 話し方
card-line-unsettles = 苦手なこと
card-line-agreed = 決めたこと
card-line-decides = だれが決めるか・だれに聞くか
card-line-reassures = 安心すること
card-line-hearing = 連絡の希望
card-line-outcome = めざすこと
card-line-words = 使う言葉
card-line-remark = ひとこと

card-spoken-to-hint = 例：最初に名前と用件を言う。ゆっくり、一つずつ。
card-unsettles-hint = 例：急な予定の変更。続けて何度も電話が鳴ること。
card-reassures-hint = 例：文字で残ること。「返事は明日でよい」のひとこと。
card-decides-hint = 例：自分で決める。迷うときは姉に相談する。体調のことは通院先の相談員が知っている。
card-outcome-hint = 例：1年続けること。週5日に増やすこと。
card-outcome-on = いつまでに
card-outcome-by = { $text }（{ $on }まで）
card-hear-by = どの方法で
card-hear-every = どのくらいの回数で
card-hear-every-hint = 連絡の予定は、これだけでは変わりません。予定と違うときは、カードに知らせが出ます。
card-hear-form = どんな形で
card-hear-form-hint = 例：短い文で。用件を先に。図や写真をつけて。
card-agreed-hint = 日にちを書かないと、今日決めたことになります。もう終わったことは、文を消すと外れます。前のカードには残ります。
card-agreement-row = 決めたこと（{ $n }）
card-agreement-on = 決めた日（{ $n }）
card-agreement-text = 決めたこと（{ $n }）
card-agreed-on = { $on }：{ $text }
card-words-hint = 返事を書くとき、この人の言葉を提案します。
card-words-hint-company = お願いの文を書くとき、この会社の言葉を提案します。例：人事 → 採用担当
card-word-row = 言葉（{ $n }）
card-word-ours = わたしたちの言葉（{ $n }）
card-word-theirs = 相手の言葉（{ $n }）

card-part-speaking = 話すとき
card-part-expected = 期待されていること
card-part-agreed = 決めたこと
card-part-words = 使う言葉
card-part-more = そのほか

card-differs = カードと連絡の予定が違っています
card-differs-card-more = カードでは「{ $card }」ですが、今の予定は「{ $plan }」で、希望より少なくなっています。本人と話して、どちらかを直します。
card-differs-card-less = カードでは「{ $card }」ですが、今の予定は「{ $plan }」で、希望より多くなっています。本人と話して、どちらかを直します。
card-to-cadence = 連絡の予定を変える
card-cadence = 今の連絡の予定
card-known = 連絡の決まり
card-known-text = この決まりは、送るときにそのまま守られます。直すのは基本の情報のページです。

hear-by-line = LINE
hear-by-sms = SMS
hear-by-phone = 電話
hear-by-email = メール
hear-by-meeting = 会って話す
hear-every-few-days = 2〜3日に1回
hear-every-weekly = 週に1回
hear-every-two-weeks = 2週間に1回
hear-every-monthly = 月に1回
hear-every-quarterly = 3か月に1回
hear-every-when-needed = 何かあるときだけ

company-lead = 会社の方と話す前に読むページです。本人や会社には見えません。
company-contacts = 会社の担当の方
company-no-contacts = 担当の方は、まだ登録されていません。
company-people = 働いている卒業生
company-no-people = 今は、いません。

audit-card-save = カードを書いた

reply-length = { $way } { $n }文字
reply-length-sms = SMS { $n }文字（{ $parts }通分）
reply-number = 番号だけの2通目
reply-number-hint = LINEでは、返事のすぐあとに番号だけで届き、押すと電話をかけられます。SMSやメールでは、返事の最後の行に入ります。いらないときは消します。
error-card-meanwhile = 書いているあいだに、ほかの人がこのカードを直しました。今のカードを見て、残したいことを書き足してから、もう一度保存してください。
