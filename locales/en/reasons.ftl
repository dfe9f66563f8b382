### Why a check-in falls on its day, and why something isn't sent just now.

## Interval

due-every = { $unit ->
    [day] every day
    [days] every { $n } days
    [week] every week
    [weeks] every { $n } weeks
    [month] every month
   *[months] every { $n } months
}

## Why it is due

due-phase = Day { $day } { $anchor ->
    [returned] back at work
    [job_changed] in the new job
    [support_started] of support
   *[hired] in the job
}. We are in touch { $every }.
due-sign = { $has_end ->
    [yes] There was a sign worth watching, so we are in touch { $every } until { $until }.
   *[no] There was a sign worth watching, so we are in touch { $every }.
}
due-asked-more = More contact was wished for: we are in touch { $every }.
due-all-right = “I’m all right now”: we leave more room and are in touch { $every }.
due-asked-fewer = Less contact was wished for: we are in touch { $every }.
due-follow-up = To hear what became of the request made to the employer on { $date }.
due-resumed = The first contact after the break from { $from } to { $until }.

due-in-touch = We spoke on { $date }, so this one waited { $days ->
    [one] a day
   *[other] { $days } days
}.
due-moved-holiday = { $date } is a holiday ({ $holiday }), so it moved to the next open day.
due-moved-closure = The office is closed on { $date }, so it moved to the next open day.
due-moved-weekday = The office doesn’t work on { $date }, so it moved to the next open day.

## Why not now

wait-holiday = Today is a holiday ({ $holiday }), and the office is closed.
wait-closure = The office is closed today.
wait-weekday = The office doesn’t work on this weekday.
wait-before-hours = The office hasn’t opened yet.
wait-break = The office is having its break.
wait-after-hours = The office has closed for today.
wait-end-of-day = The office is about to close. It leaves when somebody is there for the answer.
wait-before-long-break = A long break is about to begin. It leaves afterwards, so that no answer is kept waiting.
wait-person-day = This person isn’t contacted on this weekday.
wait-person-hours = Outside the hours in which this person may be contacted.
wait-ending = The time for sending is about to end. It leaves in the next one.
never-office-open = No open day of the office is on record. Please check the office hours.
never-common-hours = This person’s hours and the office’s never meet. Please change one of them.

## How often

cadence-preset-standard = Standard
cadence-preset-standard-about = Every 3 days for two weeks, every week for three months, every two weeks for half a year, then every month.
cadence-preset-gentle = Gentle
cadence-preset-gentle-about = Every week for a month, every two weeks for half a year, then every month.
cadence-preset-close = Close
cadence-preset-close-about = Every 2 days for a month, every 3 days for three months, every week for half a year, then every two weeks.
cadence-preset-daily = Daily report
cadence-preset-daily-about = A short report on every open day, for those who want it.
