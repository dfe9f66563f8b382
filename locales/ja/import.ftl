# 名簿の取り込み：行と列ごとの説明

import-problem-name-missing = 氏名がありません。
import-problem-too-long = 長すぎます。
import-problem-control-character = 表示できない文字が入っています。
import-problem-broken-cell = セルがエラー（#N/A など）か、文字や数字以外の値になっています。
import-problem-cell-without-column = 見出しのない列に値が入っています。
import-problem-not-a-date = 日付として読めません。2026/4/1 や 令和8年4月1日 のように書いてください。
import-problem-no-such-day = 存在しない日付です。
import-problem-outside-era = その元号にはない日付です（例：平成は31年4月30日まで）。
import-problem-two-digit-year = 西暦か和暦かわかりません。2026/4/1 か R8.4.1 のように書いてください。
import-problem-year-out-of-range = 年は1900年から2100年までで書いてください。
import-problem-phone-not-digits = 電話番号に数字・ハイフン・かっこ以外の文字があります。
import-problem-phone-foreign = 日本の電話番号（+81）だけ使えます。
import-problem-phone-no-leading-zero = 電話番号の最初の0がありません。
import-problem-phone-wrong-length = 電話番号の桁数が合いません。
import-problem-phone-not-in-use = 使われていない番号です。
import-problem-phone-not-personal = 本人の電話番号ではないようです（0120 や 0570 など）。
import-problem-not-email = メールアドレスの形ではありません。
import-problem-not-line-user-id = LINEユーザーIDの形ではありません（Uで始まる33文字。検索用のLINE IDとは別のものです）。
import-problem-unknown-language = 「ふつう」「やさしい」「ふりがな」のどれかで書いてください。
import-problem-unknown-disclosure = 「オープン」か「クローズ」で書いてください。まだわからないときは、空のままにしてください。
import-problem-not-a-time = 時刻として読めません。9:00 や 17時半 のように書いてください。
import-problem-other-time-missing = 連絡可能な時間は、開始と終了の両方を書いてください。
import-problem-times-inverted = 連絡可能な時間の終了が、開始より後になっていません。
import-problem-hired-on-missing = 企業名や退職の内容がありますが、入社日がありません。
import-problem-left-before-hired = 退職日が入社日より前です。
import-problem-service-start-missing = 定着支援終了日がありますが、開始日がありません。
import-problem-service-ends-before-start = 定着支援終了日が開始日より前です。
import-problem-unknown-staff = このメールアドレスの職員がいません。先に職員を登録してください。
import-problem-twice-in-file = 同じ人が、このファイルの前の行にもあります。
import-problem-unreadable-row = 行として読めません。

import-warning-not-kana = フリガナにかな以外の文字があります。
import-warning-leading-zero-restored = 電話番号の最初の0を補いました。
import-warning-phone-for-calls = 携帯電話の番号ではないので、SMSは送りません。職員が電話をかける番号として登録します。
import-warning-kept-in-own-words = 決まった区分に当てはまらないので、書かれたとおりに残します。
import-warning-leaving-day-missing = 退職理由がありますが、退職日がありません。
import-warning-disclosure-without-hire = 入社日がないので、いま続いている仕事が1つだけ登録されているときに、その仕事に書き込みます。
import-warning-service-before-six-months = 就労6か月に達する前に定着支援が始まっています。
import-warning-service-over-three-years = 定着支援が3年（就職から3年6か月）を超えています。
import-warning-no-address = この行には、電話・LINE・メールのどれも書かれていません。登録済みの連絡先があれば、そのまま残ります。

# コマンドラインでの取り込み
import-cli-no-column = 見出しなし
import-cli-row = { $row }行目 { $column }：{ $said }
import-cli-row-shown = { $row }行目 { $column }「{ $shown }」：{ $said }
import-cli-remark = 確認：{ $row }行目 { $column }：{ $said }
import-cli-more-remarks = …ほかに確認が{ $count }件あります。
import-cli-done = 追加{ $added }人、更新{ $updated }人、変更なし{ $unchanged }人、エラー{ $bad }行。
import-cli-dry-run = 試しに読みました（何も書き込んでいません）。追加{ $added }人、更新{ $updated }人、変更なし{ $unchanged }人、エラー{ $bad }行。
import-cli-refused = 取り込みませんでした。{ $bad }行にエラーがあります。直すか、--partial で正しい行だけを取り込んでください（追加{ $added }人、更新{ $updated }人、変更なし{ $unchanged }人になります）。
import-cli-undisclosed = 会社が障害のことを知っているか（開示）が、まだ登録されていない仕事が{ $count }件あります。登録するまで、その会社へのお願いは作れません。ファイルに「開示」の列（オープンかクローズ）を加えてもう一度取り込むか、本人のページの「仕事」で「直す」を開いて選んでください。
