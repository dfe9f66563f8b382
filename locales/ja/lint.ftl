# 書いた文を送る前に見直すとき、職員に見せる言葉。規則は config/lint.toml。

lint-look = 送る前に見直す
lint-found = { $n ->
    [0] 気になるところはありません
   *[other] 送る前に気になるところ：{ $n }件
}
lint-none-text = 見直しても、規則に当たる言葉は見つかりませんでした。
lint-note = 直すかどうかは、書いた人が決めます。このまま送ることもできます。
lint-more = ほかに、知っておくとよいことが{ $n }件あります
lint-words = 「{ $words }」
lint-whole = 全体
lint-take = 「{ $words }」にかえる
lint-leave-out = この言葉をはずす
lint-taken = 言葉を入れかえました。まだ送っていません。

lint-their-word = この人は「{ $word }」と言います。
lint-their-word-company = この会社では「{ $word }」と言います。
lint-no-words = 絵文字や記号だけでは、何を伝えたいのかが分かりません。言葉で書きます。
lint-questions-many = 質問が{ $found }件あります。1通に{ $limit }件までにすると、答えやすくなります。
lint-asked-today = 今日の{ $clock }に、「{ $words }」と聞いています。答えを待つか、次の連絡でまとめて聞けます。
lint-asked-today-planned = 今日の{ $clock }に、「{ $words }」と聞く予定です。その答えを待つか、次の連絡でまとめて聞けます。
lint-known-already = { $topic }は、もう記録にあります。聞かなくても分かります。
lint-answer-not-needed = 質問がないときは【返事はいりません】と書くと、安心して読めます。
lint-vague-time = いつのことかが、人によって違って読まれます。日にちと時間で書きます。
lint-vague-amount = どのくらいのことかが、人によって違って読まれます。数や例で書きます。
lint-implied-refusal = できないのか、迷っているのかが伝わりません。「できません」「〇日に返事をします」のように書きます。
lint-open-question = 自分の言葉で答える質問は、つかれているときには重くなります。答えを並べると、選ぶだけで済みます。
lint-yes-no-state = つい「はい」と答えてしまう聞き方です。「どれに近いですか」と、様子を並べて聞きます。
lint-choices-many = 答えが{ $found }個あります。{ $limit }個までが選びやすい数です。
lint-no-way-out = 「こたえない」がありません。答えたくないときに選べるようにします。
lint-reason-first = 理由が先にあります。してほしいことを先に書くと、すぐに伝わります。
lint-requests-many = お願いが{ $found }件あります。1通に{ $limit }件までにします。
lint-nothing-to-look-at = 何を見て確かめるのかが書かれていません。写真やページなど、見る場所を書きます。
lint-no-correction = 「違うところがあれば教えてください」とそえると、直してもらいやすくなります。
lint-phone-inside = 電話番号は、番号だけのメッセージにすると、押すだけで電話をかけられます。
lint-url-inside = リンクに文字がくっついています。前後をあけるか行をかえると、押して開けます。
lint-sms-parts = SMSでは{ $found }文字になり、1通の{ $limit }文字をこえます。2通分以上の料金がかかります。
lint-sms-character = この文字は、SMSでは届かないことがあります。
lint-too-long = { $found }文字あります。この方法で送れるのは{ $limit }文字までです。
lint-blame = 責められていると感じることがあります。あったことと、これからのことを書きます。
lint-pressure = せかされていると感じることがあります。
lint-comparison = ほかの人と比べられていると感じることがあります。
lint-sarcasm = 皮肉や、からかいに読めることがあります。
lint-duty-praise = ほめ言葉が「続けなければ」という重荷になることがあります。
lint-sentence-long = 1つの文が{ $found }文字あります。{ $limit }文字までに分けると、読みやすくなります。
lint-sentences-many = 全部で{ $found }文あります。{ $limit }文までにすると、読みやすくなります。
lint-message-long = 全部で{ $found }文字あります。{ $limit }文字までが目安です。
lint-double-negative = 打ち消しが二重になっています。反対の意味に読まれることがあります。
lint-kanji-many = 漢字が{ $found }％あります。{ $limit }％までにすると、読みやすくなります。
lint-kanji-run = 漢字が{ $found }字続いています。間にひらがなを入れると、読みやすくなります。
lint-kanji-reading = 読み方がむずかしい漢字です。かっこで読み方をそえます。
lint-name-reading = 名前の読み方を、かっこでそえます。
lint-loanword = 長いカタカナの言葉です。やさしい言葉にかえられないか、見てみます。
lint-latin = アルファベットは、読めない人がいます。
lint-kanji-numeral = 数は「3」のように、数字で書くと読みやすくなります。
lint-clock-of-24 = 時間は「午後3時」のように書くと、まちがえにくくなります。
lint-half-of-day = 午前か午後かを書くと、まちがえにくくなります。
lint-weekday-missing = 曜日をそえると、日をまちがえにくくなります。
lint-weekday-wrong = 日付と曜日が合っていません。どちらが正しいか、たしかめてください。
lint-keigo = 敬語が重なって、してほしいことが見えにくくなっています。
lint-passive-chain = 「される」が重なっています。だれがするのかを書きます。
lint-etcetera = 「など」では、ほかに何があるのかが分かりません。全部書くか、はずします。
lint-hard-word = もっとやさしい言い方があります。
lint-idiom = たとえは、書いたとおりの意味に読まれることがあります。

lint-topic-phone = 電話番号
lint-topic-email = メールアドレス
lint-topic-name-reading = 名前の読み方
lint-topic-employer = 勤め先
lint-topic-hired-on = 入社した日
lint-topic-employer-contact = 会社の担当者
lint-topic-contact-hours = 連絡してよい時間
lint-topic-disability = 障害の種類
lint-topic-certificate = 手帳
lint-topic-certificate-expiry = 受給者証の期限
