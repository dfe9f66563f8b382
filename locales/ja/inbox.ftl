# 受信箱とやりとり

inbox-lead = だれの番かは、最後に書いた人で決まります。開いただけでは変わりません。
inbox-filter = しぼりこみ
inbox-show-due = 返事が要る
inbox-show-theirs = 相手の番
inbox-show-all = すべて
inbox-empty-due = 返事が要るものはありません
inbox-empty-theirs = 相手の番のやりとりはありません
inbox-empty-all = まだ、やりとりがありません
inbox-empty-text = 新しいメッセージが来ると、ここに出ます。
inbox-writing = { $name }さんが返事を書いています
inbox-crisis = 緊急のことば
inbox-send-failed = 送れていません
turn-reply_due = 返事が要る
turn-reply_due-since = 返事が要る { $time }
turn-their_turn = 相手の番
turn-paused = 休止中
turn-closed = 済み

thread-title = { $name }さんとのやりとり
thread-heading = やりとり
thread-said = これまでのやりとり
thread-due-since = { $time } から返事が要る
thread-older = 前のメッセージを見る
thread-empty = まだ、メッセージはありません。
thread-aside = この人について
thread-actions = ほかにすること
thread-to-graduate = 卒業生のページ
thread-to-note = 記録を書く（本人には見えません）
thread-to-pause = 連絡を休みにする
thread-open-to-team = このやりとりは、事業所の職員みんなが読めます。

message-automatic = 自動
message-unsent = 本人が取り消したメッセージ
message-answers = 「{ $question }」への答え
message-choices = 選べる答え
message-sign = サイン：{ $label }
message-sign-look = 確認する
message-sign-open = サインを見る
message-to-note = この言葉を記録・サインにする
delivery-why = ：{ $why }

reply-title = { $name }さんへの返事
reply-locked = { $name }さんが { $clock } から、この人に返事を書いています
reply-locked-text = 同じ返事が二つ届かないように、先に声をかけてください。
reply-by = { $time } までに返事をする約束です。
reply-body = 返事
reply-hint = 本人に届く文です。一度に聞くことは一つにすると、答えやすくなります。
reply-channel = 送り方
reply-submit = { $name }さんへ { $way }で送る
reply-keys = Enterでは送りません。Ctrl＋Enter（Macは⌘＋Enter）でも送れます。
reply-no-channel = 今は、メッセージを送る方法がありません
reply-no-channel-link = 連絡先を登録する
reply-invite-link = LINEに招待する
close-title = 返事は要らない
close-reason = 理由を選んでください
close-submit = 返事は要らないことにする
