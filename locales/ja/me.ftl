# 卒業生の自分のページ（ふつう）

me-open-title = あなたのページ
me-open-lead = { $office }が、あなたのために用意したページです。
me-open-button = ひらく
me-open-hint = パスワードはいりません。ほかの人に、このリンクを送らないでください。
me-closed-title = このリンクは使えません
me-closed-text = 古いリンクか、アドレスの一部が欠けています。支援員に「新しいリンクをください」と伝えてください。
me-title = あなたのページ
me-hello = { $name }さんのページ
me-lead = { $office }との連絡を、ここで見たり、変えたりできます。
me-back = もどる
me-level = 文の書き方
me-level-plain = ふつう
me-level-easy = やさしい
me-call = 電話する

me-to-read = 読んでほしい文があります
me-to-read-text = 会社へのお願いです。あなたが読むまで、会社には送りません。
me-to-read-who = { $to }さんへのお願いです。あなたが読むまで、送りません。
me-to-read-button = 読む

me-plan = わたしの予定
me-next = { $day } { $way }で連絡します
me-next-staff = { $day }ごろ、支援員が連絡します
me-next-none = 今、決まっている予定はありません。
me-rest-until = { $day }まで、連絡を休んでいます
me-rest-open = 連絡を休んでいます
me-rest-stopped = 連絡を止めています
me-plan-who = { $name }から連絡します。
me-plan-no-must = 答えたくないときは、「こたえない」を選んで大丈夫です。
me-plan-pause = 連絡を休みたい
me-plan-resume = 休みを変える・また始める
me-why-usual = 働きはじめてからの時期に合わせた、いつもの連絡です。
me-why-closer = 少しのあいだ、連絡の回数をふやしています。
me-why-more = あなたの希望で、回数をふやしています。
me-why-all_right = 「もう大丈夫」と聞いたので、間をあけています。
me-why-fewer = あなたの希望で、回数をへらしています。
me-why-follow_up = 会社にお願いしたことが、その後どうなったかを聞く連絡です。
me-why-resumed = お休みのあと、はじめての連絡です。

me-pause = 連絡を休む
me-pause-line = 1週間・1か月・決めずに休む
me-pause-line-resting = また始めることもできます
me-pause-text = 休んでいるあいだも、支援は続きます。あなたから書いたり、電話したりは、いつでもできます。
me-pause-week = 1週間休む（{ $week }まで）
me-pause-month = 1か月休む（{ $month }まで）
me-pause-open = わたしが言うまで休む
me-rest-text = 支援は続いています。あなたから書いたり、電話したりは、いつでもできます。
me-resume = また連絡してほしい
me-stop = 連絡をすべて止める
me-stop-text = こちらからのメッセージが、すべて止まります。支援をやめることにはなりません。また始めたいときは、このページのボタンか電話で伝えてください。
me-stop-button = すべて止める
me-pause-phone = 電話で伝えても大丈夫です。

me-sharing = だれに何を見せるか
me-sharing-line = 会社に伝えてよいと決めたこと：{ $n }件
me-consents = 伝えてよいと決めたこと
me-consents-text = ここに書いてある人に、書いてある内容だけを伝えます。いつでもやめられます。理由は聞きません。
me-consents-none = 今は、だれにも何も伝えません。
me-consent-who = だれに
me-consent-what = 何を
me-consent-until = いつまで
me-consent-stop = やめる
me-shares = 伝えたこと
me-shares-none = まだ、会社に伝えたことはありません。
me-share-to = { $company }の{ $to }さんへ
me-share-words = 伝えた文を見る
me-answer-yes = 会社の返事：できる
me-answer-no = 会社の返事：今はむずかしい
me-answer-other = 会社の返事：別の案がある

me-read-title = 会社へのお願いを読む
me-read-lead = この文を、{ $company }の{ $to }さんに送ってもよいですか。まだ送っていません。
me-read-ask = どれにしますか
me-read-yes = 読みました。送ってよいです
me-read-not-yet = まだ送らないでほしい
me-read-talk = 先に支援員と話したい
me-read-note = この文のほかは、何も伝えません。「送らないでほしい」を選んでも、こまることはありません。

me-help = こまったとき
me-help-line = 電話番号と相談先
me-help-staff = 担当は{ $name }です。
me-help-hours = 電話に出られる時間：{ $hours }
me-help-write = LINEやSMSに書いてもらえれば、この時間に読みます。
me-help-plan = あなたが決めた「こまったとき」
me-help-now = とてもつらいとき
me-help-now-text = 返事を待たないで、すぐに電話してください。

done-me-read = ありがとうございます。「送ってよい」と伝わりました。
done-me-not-yet = わかりました。会社には送りません。支援員があなたに連絡します。
done-me-outdated = ありがとうございます。この文は古くなっているので、支援員が見直します。まだ会社には送りません。
done-me-too-late = この文は、もう会社に送ったあとでした。支援員があなたに連絡します。
done-me-paused = わかりました。連絡を休みます。
done-me-resumed = わかりました。また連絡します。
done-me-asked = わかりました。支援員に伝えました。どうするかは、支援員と話して決めます。
done-me-stopped = わかりました。連絡をすべて止めました。
done-me-withdrawn = わかりました。今から、その人には伝えません。
