# 卒業生の一覧と一人のページ

graduates-lead = { $n }人と連絡をとっています。
graduates-search = 名前・フリガナ・会社・利用者番号でさがす
graduates-search-hint = 一部だけでもさがせます。ひらがな・カタカナ、全角・半角は区別しません。
graduates-search-submit = さがす
graduates-show-supported = 支援中
graduates-show-paused = 連絡休み
graduates-show-preparing = 準備中
graduates-show-ended = 支援終了
graduates-found = 「{ $query }」で{ $n }人見つかりました。
graduates-cut = ほかにもいます。言葉をたすと、しぼれます。
graduates-all = 一覧にもどる
graduates-next = 次の連絡
graduates-no-next = 次の連絡の予定なし
graduates-signs = サイン{ $n }件
graduates-nobody = 見つかりませんでした
graduates-nobody-text = フリガナや、名前の一部でもさがしてみてください。支援が終わった人も、この中からさがせます。
graduates-first-day = まだ、だれも登録されていません
graduates-first-day-text = 名簿（CSVかExcel）を取りこむと、ここに出ます。コマンド「bansou import graduates 名簿.csv」を使ってください。
graduates-none-here = ここに当てはまる人はいません
graduates-none-here-text = 上のしぼりこみで、ほかの人を見られます。

graduate-thread = やりとりを開く
graduate-note = 記録を書く
graduate-resume = 休みを変える・終える
graduate-next = 次の連絡と理由
graduate-cadence = 連絡のリズム：{ $name }
graduate-signs = 小さなサイン
graduate-timeline = これまでのこと
graduate-how = 話し方のヒント
graduate-no-card = まだ書かれていません。
graduate-reach = 連絡のしかた
graduate-hours = 連絡してよい時間
graduate-language = メッセージの書き方
graduate-no-address = 連絡先がまだありません。
graduate-jobs = 仕事
graduate-job-now = 今も働いています
graduate-job-left = 離職の理由：{ $why }
graduate-details = 登録されていること
graduate-edit = 登録を直す
graduate-consents = 同意の記録
graduate-audit = だれが見たか

timeline-show-all = すべて
timeline-show-check_in = 定期の連絡
timeline-show-message = メッセージ
timeline-show-note = 記録
timeline-show-sign = サイン
timeline-show-share = 伝えたこと
timeline-older = もっと前を見る
timeline-empty = まだ何もありません。
entry-check_in = 定期の連絡
entry-answer = → { $answer }
entry-message-in = 本人から
entry-message-out = 本人へ
entry-note = 記録
entry-share = { $to }へ伝えました

lane-said = 本人の言葉
lane-observed = 見たこと・数字
lane-interpretation = 考えたこと（事実ではない）
lane-done = したこと
lane-next = 次にすること

edit-external-id = 利用者番号
edit-disability = 障害種別
edit-certificate = 手帳
