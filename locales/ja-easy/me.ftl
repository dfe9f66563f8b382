# 卒業生の自分のページ（やさしい日本語）

me-open-title = あなたの ページ
me-open-lead = { $office }が つくりました。あなたの ページです。
me-open-hint = パスワードは いりません。この リンクを ほかの 人に 送らないで ください。
me-closed-title = この リンクは 使えません
me-closed-text = リンクが 古いです。しえんいんに「新しい リンクを ください」と 言って ください。
me-title = あなたの ページ
me-hello = { $name }さんの ページ
me-lead = { $office }からの れんらくを 見ます。変えることも できます。
me-level = 文の 書き方
me-call = 電話を かける

me-to-read = 読んでほしい 文が あります
me-to-read-text = 会社への おねがいです。あなたが 読む まで、会社に 送りません。
me-to-read-who = { $to }さんへの おねがいです。あなたが 読む まで、送りません。

me-plan = わたしの よてい
me-next = { $day } { $way }で れんらくします
me-next-staff = { $day }ごろ、しえんいんが れんらくします
me-next-none = 今、きまった よていは ありません。
me-rest-until = { $day }まで、れんらくを 休みます
me-rest-open = れんらくを 休んで います
me-rest-stopped = れんらくを 止めて います
me-plan-who = { $name }が れんらくします。
me-plan-no-must = こたえたくない ときは、「こたえない」で だいじょうぶです。
me-plan-pause = れんらくを 休みたい
me-plan-resume = 休みを 変える・また 始める
me-why-usual = いつもの れんらくです。
me-why-closer = 少しの あいだ、れんらくを ふやします。
me-why-more = あなたが「ふやしてほしい」と 言いました。
me-why-all_right = あなたが「もう だいじょうぶ」と 言いました。れんらくを へらしました。
me-why-fewer = あなたが「へらしてほしい」と 言いました。
me-why-follow_up = 会社に おねがいしました。その あとの ことを 聞きます。
me-why-resumed = 休みの あと、はじめての れんらくです。

me-pause = れんらくを 休む
me-pause-line = 1週間・1か月・きめないで 休む
me-pause-line-resting = また 始める ことが できます
me-pause-text = 休んで いる ときも、しえんは つづきます。あなたは、いつでも 書いたり 電話したり できます。
me-pause-week = 1週間 休む（{ $week }まで）
me-pause-month = 1か月 休む（{ $month }まで）
me-pause-open = わたしが 言う まで 休む
me-rest-text = しえんは つづいて います。あなたは、いつでも 書いたり 電話したり できます。
me-resume = また れんらくが ほしい
me-stop = れんらくを ぜんぶ 止める
me-stop-text = メッセージが ぜんぶ 止まります。しえんは つづきます。また 始めたい ときは、この ページの ボタンを おします。電話でも だいじょうぶです。
me-stop-button = ぜんぶ 止める
me-pause-phone = 電話で 言っても だいじょうぶです。

me-sharing = だれに 何を 見せるか
me-sharing-line = 会社に つたえて よい こと：{ $n }つ
me-consents = つたえて よい こと
me-consents-text = ここに 書いた 人に、書いた ことだけを つたえます。いつでも やめる ことが できます。
me-consents-none = 今は、だれにも 何も つたえません。
me-consent-stop = この 人に つたえるのを やめる
me-consent-stop-text = 今から、この 人に 何も つたえません。また つたえて いい ときは、しえんいんに 言って ください。
me-shares = つたえた こと
me-shares-none = まだ、会社に つたえた ことは ありません。
me-share-to = { $company }の { $to }さんへ
me-share-words = つたえた 文を 見る
me-answer-yes = 会社の へんじ：できます
me-answer-no = 会社の へんじ：今は むずかしいです
me-answer-other = 会社の へんじ：ほかの 考えが あります

me-read-title = 会社への おねがいを 読む
me-read-lead = この 文を、{ $company }の { $to }さんに 送っても いいですか。まだ 送って いません。
me-read-ask = どれに しますか
me-read-yes = 読みました。送って いいです
me-read-not-yet = まだ 送らないで ほしい
me-read-talk = 先に しえんいんと 話したい
me-read-note = この 文の ほかは、何も つたえません。「送らないで」を えらんでも だいじょうぶです。

me-help = こまった とき
me-help-line = 電話番号
me-help-staff = たんとうは { $name }です。
me-help-hours = 電話に 出る 時間：{ $hours }
me-help-write = LINEや SMSに 書いても いいです。この 時間に 読みます。
me-help-plan = あなたが きめた「こまった とき」
me-help-now = とても つらい とき
me-help-now-text = へんじを 待たないで ください。すぐに 電話して ください。

done-me-read = ありがとうございます。「送って いい」と つたわりました。
done-me-not-yet = わかりました。会社に 送りません。しえんいんが あなたに れんらくします。
done-me-outdated = ありがとうございます。この 文は 古く なったので、しえんいんが 見なおします。まだ 会社に 送りません。
done-me-too-late = この 文は、もう 会社に 送った あと でした。しえんいんが あなたに れんらくします。
done-me-paused = わかりました。れんらくを 休みます。
done-me-resumed = わかりました。また れんらくします。
done-me-asked = わかりました。しえんいんに つたえました。しえんいんと 話して きめます。
done-me-stopped = わかりました。れんらくを ぜんぶ 止めました。
done-me-withdrawn = わかりました。もう その 人に つたえません。

error-page-guest = この ページは 使えません
error-page-guest-text = もういちど、はじめから ひらいて ください。
error-page-guest-trouble = 今、うまく いきませんでした
error-page-guest-trouble-text = 少し 待ってから、もういちど おして ください。だめな ときは、事業所に 電話して ください。
error-page-guest-home = はじめから ひらく
