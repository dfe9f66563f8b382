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

## The page

retention-title = Who stays in work
retention-lead = From what was known on { $day }.
retention-as-of = As of
retention-show = Show
retention-official = Official retention rate (decides the reward)
retention-rate = { $percent } %
retention-rate-range = { $min }–{ $max } %
retention-fraction = { $part } of { $of } people
retention-fraction-range = { $min }–{ $max } of { $of } people
retention-tier = Base reward: { $units } units per person and month
retention-tier-range = Base reward: { $min }–{ $max } units per person and month
retention-open = { $n ->
    [one] One case has to be clarified to settle the rate
   *[other] { $n } cases have to be clarified to settle the rate
}
retention-open-link = See who
retention-changes = What changes the tier
retention-worse = { $n ->
    [one] One more leaver
   *[other] { $n } more leavers
} would mean { $units } units: { $difference } fewer per person and month, { $month } fewer per month for all present users.
retention-better = { $n ->
    [one] One more person in work
   *[other] { $n } more people in work
} would have meant { $units } units: { $difference } more per person and month, { $month } more per month for all present users.
retention-nobody = Nobody used the service in the three fiscal years.
retention-how = How it is counted
retention-how-window = Denominator: everybody who used the service on at least one day from { $from } to { $to }.
retention-how-numerator = Numerator: those in work on { $to }, including a supported job change with a new job within one month, once during the service.
retention-how-open = Where no rule was found or the facts aren’t known, both results are shown. Percentages are cut after one digit; tiers are compared as exact fractions.
retention-how-other = Counting only those who started in that time:
retention-how-source = Source of the units: { $source }
retention-finding-two = After { $a } months { $x } % are still in work, after { $b } months { $y } %.
retention-finding-one = After { $a } months { $x } % are still in work.
retention-finding-none = The first months in the job.
retention-curve-title = Share of people still in work
retention-curve-desc = Estimated share of people still in work by months since hiring. { $finding }
retention-curve-months = months since hiring
retention-curve-legend = The line is the estimate, the pale band its 95 % interval, small marks are people still in work.
retention-curve-cut = Beyond this point there are fewer than 5 people, so nothing is shown.
retention-curve-unknown = Left out because their situation isn’t known: { $n }
retention-curve-table = See the figures
retention-risk = People behind this line
retention-risk-at = still followed
retention-risk-left = left
retention-risk-younger = not that long in the job yet
retention-months-head = Months
retention-months = { $n ->
    [one] 1 month
   *[other] { $n } months
}
retention-share = Share
retention-interval = 95 % interval
retention-too-few = Not shown for fewer than { $n } people.
retention-cohorts = Retention by months
retention-cohorts-text = Of those hired so many months ago, the share still employed after them. This isn’t the official rate. Months with fewer than { $n } people are hidden.
retention-kept = People
retention-unknown = Not known
retention-hidden = too few to show
retention-baselines = Published figures
retention-baselines-text = Another time and other people: a guide for groups, never an outlook for one person.
retention-baseline-group = Disability
retention-group-physical = physical
retention-group-intellectual = intellectual
retention-group-mental = mental
retention-group-developmental = developmental
retention-people = How each person counts
retention-people-none = Nobody here.
retention-show-all = Whole denominator
retention-show-counted = Staying
retention-show-not_counted = Not staying
retention-show-open = To clarify
retention-show-outside = Outside
retention-hired = hired
retention-six-months = six months
retention-left = left
retention-service = support
retention-since = { " " }onwards
retention-export = Export the list with the calculation:
retention-column-number = Number
retention-column-name = Name
retention-column-part = Part
retention-column-reason = Reason
retention-column-hired-on = Hired on
retention-column-six-month-on = Six months on
retention-column-left-on = Left on
retention-column-service-from = Support from
retention-column-service-to = Support to
