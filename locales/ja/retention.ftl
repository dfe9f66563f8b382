# 就労定着率：一人ひとりの数え方とその理由

retention-part-counted = 定着者に数える
retention-part-not-counted = 定着者に数えない
retention-part-open = 確認が必要（両方の結果を表示）
retention-part-outside = 対象外

retention-reason-employed = 基準日に就労を継続しています。
retention-reason-left-after-cut-off = 基準日には在職していました（退職日が基準日以降です）。
retention-reason-supported-job-change = 支援を受けた転職で、離職から1か月以内に再就職しています。
retention-reason-status-unknown = 基準日に在職していたかどうか、わかっていません。
retention-reason-leaving-day-missing = 退職の理由はありますが、退職日が入っていません。
retention-reason-on-leave = 休職中です（雇用契約は続いています）。扱いの定めが見つかっていません。
retention-reason-finished-then-left = 定着支援を最後まで利用した後に退職しました。扱いの定めが見つかっていません。
retention-reason-died = 亡くなられました。扱いの定めが見つかっていません。
retention-reason-retired = 定年で退職しました。扱いの定めが見つかっていません。
retention-reason-moved-to-welfare-service = 福祉サービスへ移りました。扱いの定めが見つかっていません。
retention-reason-may-be-rehired = 離職から1か月がたっていません。支援による再就職があれば継続とみなされます。
retention-reason-no-employment = 定着支援の利用者ですが、就職の記録がありません。
retention-reason-service-periods-differ = 期間中に定着支援を複数回利用し、回ごとに結果が違います。
retention-reason-left = 基準日より前に退職しました。
retention-reason-rehired-without-support = 再就職していますが、支援による転職ではありません。
retention-reason-rehired-after-one-month = 再就職まで1か月を超えています。
retention-reason-second-job-change = 2回目の転職です（継続とみなされるのは利用中1回限り）。
retention-reason-no-retention-service = 就労定着支援を利用していません。
retention-reason-service-ended-before-window = 対象の3年度より前に利用が終わっています。
retention-reason-service-started-after-window = 対象の3年度より後に利用が始まっています。

retention-note-started-before-window = 対象の3年度より前に利用を始めています。期間中に「利用した人」で数えるか「利用を始めた人」で数えるかは、確認が必要です。
retention-note-service-before-six-months = 就労6か月に達する前に利用が始まっています。日付を確認してください。
