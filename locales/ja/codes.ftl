# 記録に使う区分の名前

channel-line = LINE
channel-sms = SMS
channel-email = メール
channel-phone = 電話（SMSは送りません）

contact-mode-in_person = 対面
contact-mode-visit = 企業訪問
contact-mode-phone = 電話
contact-mode-video = ビデオ通話
contact-mode-line = LINE
contact-mode-sms = SMS
contact-mode-email = メール
contact-mode-none = 連絡なし（記録のみ）

call-outcome-spoke = 話せた
call-outcome-not_in = 留守
call-outcome-busy = 話し中
call-outcome-wrong_number = 番号違い
call-outcome-later = あとで

delivery-due = 送信待ち
delivery-sending = 送信中
delivery-accepted = 送信済み
delivery-delivered = 届いた
delivery-failed = 失敗した
delivery-unknown = 確認中
delivery-cancelled = 取りやめた
delivery-expired = 時間内に送れなかった
delivery-needs_person = 届いたか不明（判断待ち）

check-in-planned = 予定
check-in-due = 送信待ち
check-in-out = 返事待ち
check-in-answered = 返事あり
check-in-silent = 返事なし
check-in-skipped = 送らなかった
check-in-failed = 送れなかった
check-in-handed_over = 職員から連絡

no-reply-thanks = お礼やあいさつだった
no-reply-answered_elsewhere = 電話や対面で答えた
no-reply-mistake = まちがって送られた
no-reply-other = そのほか（記録に書く）

support-preparing = 準備中
support-supported = 支援中
support-ended = 支援終了
language-plain = ふつう
language-easy = やさしい日本語
language-furigana = やさしい日本語＋ふりがな
disclosure-open = オープン
disclosure-closed = クローズ（会社への連絡はしません）
disclosure-unknown = オープンかクローズか、まだ確かめていません（会社への連絡はしません）

topic-instructions = 指示の出し方
topic-workload = 仕事の量やペース
topic-hours = 勤務時間・休憩・休み
topic-relations = 職場の人との関係
topic-surroundings = 場所や環境
topic-condition = 体調やつかれ
topic-attendance = 出勤のようす
given-written = 書面
given-electronic = 本人の画面
given-oral = 口頭（職員が記録）
means-email = メール（安全なリンク）
means-phone = 電話
means-meeting = 面談
