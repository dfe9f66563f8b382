# 画面の枠、ボタン、入力のまちがい

product-name = 伴走
footer-about = 働きつづける人のとなりに。
skip-to-content = 本文へ移動
title-error = エラー：
menu = メニュー
menu-today = 今日の連絡
menu-inbox = 受信箱
menu-graduates = 卒業生
menu-signs = サイン
menu-retention = 定着
menu-settings = 設定
menu-waiting = 未対応
sign-out = ログアウト
honorific = { $name }さん

crisis-strip = すぐに見てください
hotlines-title = 本人に伝えられる相談先

colon = ：
required-mark = ※必須
optional-mark = 任意
counter-max = { $max }文字まで
counter-left = あと{"{n}"}文字
counter-over = {"{n}"}文字多いです
pager = ページの移動
pager-previous = 前のページ
pager-next = 次のページ
pager-now = { $now } / { $last } ページ

error-summary = 入力を確認してください
error-near-button = 入力に誤りがあります。上の赤い文をご覧ください。
error-required = 「{ $label }」を入力してください。
error-too-long = 「{ $label }」は{ $max }文字までです（今 { $now }文字）。
error-not-a-date = 「{ $label }」は、ある日付で入力してください（例：2026/12/1）。
error-not-in-future = 「{ $label }」は、今日より後の日にしてください。
error-end-before-start = 「{ $label }」が、始まりより前になっています。
error-not-a-time = 「{ $label }」は、時刻で入力してください（例：15:30）。
error-not-a-mobile = 「{ $label }」は、090・080・070などで始まる携帯電話の番号で入力してください。
error-not-an-email = 「{ $label }」の形が正しくありません（例：name@example.jp）。
error-not-a-choice = 「{ $label }」を選んでください。
error-one-of-these = 「{ $label }」か、その次の欄のどちらかを入力してください。
error-no-such-login = メールアドレスかパスワードがちがいます。
error-too-short = 「{ $label }」は{ $min }文字以上にしてください。
error-not-the-same = 2つのパスワードがちがっています。
error-wrong-password = 今のパスワードがちがいます。
error-try-later = 入力が続けてちがいました。{ $minutes }分たってから、もう一度お試しください。
error-changed-meanwhile = 書いているあいだに、ほかの人の動きがありました。やりとりを見てから、もう一度送ってください。

error-page-home = はじめの画面へ
error-page-not-found = ページが見つかりません
error-page-not-found-text = アドレスがちがうか、もうないページです。入力したものは、何も変わっていません。
error-page-forbidden = この操作はできません
error-page-forbidden-text = 権限がないか、画面を開いてから時間がたっています。はじめの画面から、もう一度お試しください。
error-page-too-large = 送られたものが大きすぎます
error-page-too-large-text = ファイルや文章を小さく分けて、もう一度送ってください。何も保存されていません。
error-page-internal = こちらの不具合で表示できません
error-page-internal-text = 記録を残しました。少したってから、もう一度お試しください。続くときは、管理者に知らせてください。
error-page-unavailable = 今、つながりにくくなっています
error-page-unavailable-text = 記録する場所につながりません。何も変わっていません。1分ほどたってから、もう一度お試しください。

login-title = ログイン
login-lead = 職員のための画面です。
login-email = メールアドレス
login-password = パスワード
login-password-hint = 貼りつけもできます。
login-submit = ログイン
login-help = ログインできないときは、事業所の管理者に声をかけてください。

password-title = パスワードを決める
password-lead = { $min }文字からです。短い言葉をいくつか続けると、おぼえやすくなります。
password-present = 今のパスワード
password-new = 新しいパスワード
password-hint = { $min }文字から。空白も使えます。
password-again = 新しいパスワード（もう一度）
password-submit = パスワードを決める
password-ends-sessions = ほかの機械でログインしているときは、そちらはログアウトになります。

done-reply-sent = 返事を受けつけました。届いたかどうかは、メッセージの下に出ます。
done-thread-closed = 「返事は要らない」にしました。
done-answered-meanwhile = 電話の結果を記録しました。そのあいだに、本人から返事が届いています。
done-call-recorded = 電話の結果を記録しました。
done-put-off = あとで連絡することにしました。
done-task-done = 済みにしました。
done-note-saved = 記録を保存しました。
done-paused = 連絡を休みにしました。
done-resumed = 連絡を再開しました。
done-saved = 保存しました。
done-consent-given = 同意を記録しました。
done-consent-withdrawn = 同意の取り消しを記録しました。今から、伝えることはできません。
done-invite-made = 招待をつくりました。前の招待は使えません。
done-sign-confirmed = サインを確認しました。
done-sign-dismissed = サインではないことにしました。
done-crisis-taken = あなたが対応中です。ほかの職員にもそう見えています。
done-password-set = パスワードを決めました。
done-signed-out = ログアウトしました。
error-taken = この{ $label }は、もう使われています。
