# Official retention rate: how each person counts, and why

retention-part-counted = counted as staying
retention-part-not-counted = not counted as staying
retention-part-open = to be clarified (both results are shown)
retention-part-outside = not in this rate

retention-reason-employed = In work on the cut-off day.
retention-reason-left-after-cut-off = Still employed on the cut-off day; left on it or later.
retention-reason-supported-job-change = Changed jobs with support and was hired again within one month.
retention-reason-status-unknown = Nobody knows whether the person was in work on the cut-off day.
retention-reason-leaving-day-missing = A reason for leaving is on record, the day isn't.
retention-reason-on-leave = On leave; the contract lives. No rule was found for this case.
retention-reason-finished-then-left = Left after finishing the support. No rule was found for this case.
retention-reason-died = Died. No rule was found for this case.
retention-reason-retired = Retired by age. No rule was found for this case.
retention-reason-moved-to-welfare-service = Moved to a welfare service. No rule was found for this case.
retention-reason-may-be-rehired = Left less than a month ago; a new job found with support would still count.
retention-reason-no-employment = Used the support, but no job is on record.
retention-reason-service-periods-differ = Used the support more than once in the window, with different results.
retention-reason-left = Left before the cut-off day.
retention-reason-rehired-without-support = Hired again, but not by a supported job change.
retention-reason-rehired-after-one-month = More than one month passed before the next job.
retention-reason-second-job-change = A second job change; only one counts during the support.
retention-reason-no-retention-service = Never used the retention support service.
retention-reason-service-ended-before-window = The support ended before the three fiscal years.
retention-reason-service-started-after-window = The support started after the three fiscal years.

retention-note-started-before-window = Started the support before the three fiscal years. Whether the rate counts everybody who used it or only those who started in the window is to be clarified.
retention-note-service-before-six-months = The support began before six months of the job were over. Please check the dates.
