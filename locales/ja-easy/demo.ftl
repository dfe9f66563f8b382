# デモ（やさしい日本語）：卒業生の電話

demo-bar = れんしゅうの ページです。人も 会社も、ほんものでは ありません。
demo-phone = そつぎょうせいの 電話
demo-phone-text = LINEや SMSの かわりです。そつぎょうせいに なって、こたえて ください。
demo-people = だれに なりますか
demo-phone-choose = ひとり えらぶと、その 人の 電話が ここに 出ます
demo-phone-empty = まだ メッセージが ありません。
demo-phone-send = 送る
demo-phone-hint = 数字（1・2・3・0）で こたえることも できます。
demo-phone-unreachable = この電話には LINEも SMSも つながっていません。ここからは 書けません。
demo-phone-refresh = 新しい メッセージを 見る
demo-phone-ask = すぐに れんらくが ほしい
demo-ask-had = 今日の れんらくは、もう 来ました。メッセージは、いつでも 送れます。
demo-ask-call = とどける ところが ありません。しえんいんが 電話を します。
demo-ask-not = 今は、れんらくを 受け取れません。
demo-ask-later = { $time }から 受け取れます。
demo-ask-paused = この 人は、れんらくを 休んで います。
demo-ask-stopped = この 人は、れんらくを 止めて います。
demo-ask-ended = この 人には、きまった れんらくが ありません。
demo-phone-me = 自分の ページを ひらく
