### Why a check-in falls on its day, and why something isn't sent just now.

## Interval and anchor

every = { $every_unit ->
    [day] every day
    [days] every { $every_n } days
    [week] every week
    [weeks] every { $every_n } weeks
    [month] every month
   *[months] every { $every_n } months
}
anchor = { $anchor ->
    [returned] back at work
    [job_changed] in the new job
    [support_started] of support
   *[hired] in the job
}

## Why it is due

due-phase = Day { $day } { anchor }. We are in touch { every }.{ due-shifts }
due-sign = { $has_end ->
    [yes] There was a sign worth watching, so we are in touch { every } until { $until }.
   *[no] There was a sign worth watching, so we are in touch { every }.
}{ due-shifts }
due-asked-more = More contact was wished for: we are in touch { every }.{ due-shifts }
due-all-right = “I’m all right now”: we leave more room and are in touch { every }.{ due-shifts }
due-asked-fewer = Less contact was wished for: we are in touch { every }.{ due-shifts }
due-follow-up = To hear what became of the request made to the employer on { $escalated_on }.{ due-shifts }
due-resumed = The first contact after the break from { $paused_from } to { $paused_until }.{ due-shifts }

due-shifts = { due-in-touch }{ due-moved }
due-in-touch = { $in_touch ->
    [yes] { " " }We spoke on { $contact_on }, so this one waited { $wait_days } days.
   *[no] { "" }
}
due-moved = { $moved ->
    [holiday] { " " }{ $moved_from } is a holiday ({ $holiday }), so it moved to the next open day.
    [closure] { " " }The office is closed on { $moved_from }, so it moved to the next open day.
    [weekday] { " " }The office doesn’t work on { $moved_from }, so it moved to the next open day.
   *[no] { "" }
}

## Why not now

wait-holiday = Today is a holiday ({ $holiday }). It leaves on the next open day.
wait-closure = The office is closed today. It leaves on the next open day.
wait-weekday = The office doesn’t work on this weekday. It leaves on the next open day.
wait-before-hours = The office hasn’t opened yet.
wait-break = The office is having its break.
wait-after-hours = The office has closed for today.
wait-end-of-day = The office is about to close. It leaves on the next open day, when somebody is there for the answer.
wait-before-long-break = A long break is about to begin. It leaves afterwards, so that no answer is kept waiting.
wait-person-day = This person isn’t contacted on this weekday.
wait-person-hours = Outside the hours in which this person may be contacted.
wait-ending = The time for sending is about to end. It leaves in the next one.
never-office-open = No open day of the office is on record. Please check the office hours.
never-common-hours = This person’s hours and the office’s never meet. Please change one of them.

## How often

preset-standard = Standard
preset-standard-about = Every 3 days for two weeks, every week for three months, every two weeks for half a year, then every month.
preset-gentle = Gentle
preset-gentle-about = Every week for a month, every two weeks for half a year, then every month.
preset-close = Close
preset-close-about = Every 2 days for a month, every 3 days for three months, every week for half a year, then every two weeks.
preset-daily = Daily report
preset-daily-about = A short report on every open day, for those who want it.
