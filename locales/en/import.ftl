# Import of a roster: what to say of a row and column

import-problem-name-missing = The name is missing.
import-problem-too-long = This is too long.
import-problem-control-character = There are invisible characters in it.
import-problem-broken-cell = The cell holds an error (#N/A) or something that is neither text nor number.
import-problem-cell-without-column = A value stands in a column without a header.
import-problem-not-a-date = This can't be read as a date. Please write 2026/4/1 or 令和8年4月1日.
import-problem-no-such-day = There is no such day.
import-problem-outside-era = The era doesn't have this day (平成 ends on 30 April of year 31).
import-problem-two-digit-year = The year may be western or of an era. Please write 2026/4/1 or R8.4.1.
import-problem-year-out-of-range = Years from 1900 to 2100 can be used.
import-problem-phone-not-digits = A telephone number has digits, hyphens and brackets only.
import-problem-phone-foreign = Only numbers in Japan (+81) can be used.
import-problem-phone-no-leading-zero = The number's leading 0 is missing.
import-problem-phone-wrong-length = The number of digits doesn't fit.
import-problem-phone-not-in-use = No such number is in use.
import-problem-phone-not-personal = This is nobody's own number (0120, 0570 and the like).
import-problem-not-email = This isn't an e-mail address.
import-problem-not-line-user-id = This isn't a LINE user id (33 characters beginning with U; not the LINE ID that people search by).
import-problem-unknown-language = Please write ふつう, やさしい or ふりがな (plain, easy, furigana).
import-problem-unknown-disclosure = Please write オープン or クローズ (open, closed). Leave it empty while nobody knows.
import-problem-not-a-time = This can't be read as a time. Please write 9:00 or 17:30.
import-problem-other-time-missing = Contact hours need both a beginning and an end.
import-problem-times-inverted = The contact hours end before they begin.
import-problem-hired-on-missing = There is an employer or a leaving, but no hire date.
import-problem-left-before-hired = The last day is before the hire date.
import-problem-service-start-missing = The service has an end, but no start.
import-problem-service-ends-before-start = The service ends before it starts.
import-problem-unknown-staff = Nobody of the staff has this e-mail address. Add the account first.
import-problem-twice-in-file = The same person stands in an earlier row of this file.
import-problem-unreadable-row = This can't be read as a row.

import-warning-not-kana = The reading has other letters than kana.
import-warning-leading-zero-restored = The telephone number's leading 0 was put back.
import-warning-phone-for-calls = Not a mobile number, so no SMS goes there. It is kept as a number that staff call.
import-warning-kept-in-own-words = Not one of the known kinds; kept as written.
import-warning-leaving-day-missing = There is a reason for leaving, but no day.
import-warning-disclosure-without-hire = There is no hire date, so this is entered for the one job that lasts, if there is exactly one on record.
import-warning-service-before-six-months = The retention service began before six months of the job were over.
import-warning-service-over-three-years = The retention service lasts over three years (or three years and six months after hiring).
import-warning-no-address = This row gives no telephone number, LINE or e-mail. Any that are on record stay.

# Import at the command line
import-cli-no-column = no column
import-cli-row = row { $row }, { $column }: { $said }
import-cli-row-shown = row { $row }, { $column } “{ $shown }”: { $said }
import-cli-remark = remark: row { $row }, { $column }: { $said }
import-cli-more-remarks = … and { $count } more remarks.
import-cli-done = { $added } added, { $updated } updated, { $unchanged } unchanged, { $bad } with errors.
import-cli-dry-run = Dry run, nothing was written: { $added } would be added, { $updated } updated, { $unchanged } unchanged; { $bad } with errors.
import-cli-refused = Nothing was imported: { $bad } rows have errors. Correct them, or take the good rows with --partial ({ $added } would be added, { $updated } updated, { $unchanged } unchanged).
import-cli-undisclosed = { $count ->
    [one] Of one job
   *[other] Of { $count } jobs
  } it isn't on record whether the employer knows of the disability. Until it is, no request can go to such an employer. Add a column disclosure (open or closed) and import again, or choose it on the person's page, under Jobs, Edit.
