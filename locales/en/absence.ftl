# Leave and stand-ins, duty, staff's working hours

menu-absences = Leave and duty
absences-title = Leave and duty
absences-lead = Enter leave once. Meanwhile the stand-in looks after the people; when it ends, everything is back by itself.
absences-team = Who is here now
absences-team-caption = Whether staff are here now, and their working hours
absences-name = Name
absences-there = Now
absences-hours = Working hours
absences-hours-own = own hours
absences-hours-change = Change
absences-duty = On duty
absences-duty-line = { $when }: { $name }
absences-duty-link = See the next two weeks
absences-duty-none = Nobody is put on duty. When neither the staff member nor a stand-in is here, anybody may act.
absences-coming = Coming leave
absences-none = No leave is coming up
absences-none-text = Leave that is entered is shown here.
absences-new = Enter leave
absences-now = on leave now
absences-standin = Stand-in: { $name }
absences-no-standin = No stand-in named. Each graduate's own stand-in looks after them, else the person on duty.
absences-standin-away = { $name } is away in that time, too ({ $when }). Then the next stand-in or the person on duty looks after them.
absences-reason = Reason: { $reason }
absences-reason-who = seen by the person and managers only
absences-edit = Change
absences-cancel = Cancel this leave

absence-new = Enter leave
absence-edit = Change leave
absence-of = Leave of { $name }
absence-staff = Whose leave is it?
absence-from = First day
absence-from-half = Begins
absence-from-morning = in the morning
absence-from-afternoon = in the afternoon
absence-until = Last day
absence-until-hint = Leave this empty for a single day.
absence-until-half = Ends
absence-until-afternoon = in the evening
absence-until-morning = at noon
absence-standin = Who stands in
absence-standin-hint = They see the graduates as theirs meanwhile, marked as standing in. Nothing planned with graduates or employers moves.
absence-standin-none = Nobody named (the person on duty)
absence-free = Here in that time: { $names }
absence-free-none = Nobody else was found who is here in that time. Choose “Nobody named”: then it is the person on duty.
absence-reason = Reason
absence-reason-hint = You needn't write one. The person and managers see it, nobody else; graduates are never told.
absence-submit = Enter leave
absence-submit-edit = Save
absence-clash-standin = { $name } is away: { $when }.
absence-standin-off = { $name } doesn't work in some of that time: { $when }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}. Nobody is named to stand in then. A graduate's own stand-in or the person on duty looks after them, if there is one.
absence-clash-own = There is leave already: { $when }.

half-of-morning = { $day }, morning
half-of-afternoon = { $day }, afternoon
half-morning = Morning
half-afternoon = Afternoon
when-span = { $from } to { $to }

care-mine = Standing in for { $owner }
care-other = { $name } stands in for { $owner }
care-anybody = { $owner } is away; anybody may act
care-mine-nobodys = You look after them: on duty
care-other-nobodys = { $name } looks after them: on duty
care-back = back { $when }

presence-there = here
presence-closed = here when we open next
presence-leave = on leave: { $when }
presence-off = not working now; next { $when }
presence-gone = not here

duty-title = On duty
settings-duty = On duty
settings-duty-text = Who looks after people when their own staff is away, by half-day
duty-lead = Who looks after people in a half-day when neither their staff member nor a stand-in is here.
duty-empty = Nobody is put on duty yet.
duty-empty-text = Until then anybody who is here may act for people whose staff member and stand-in are away. No contact stops.
duty-table = On duty in the next two weeks
duty-day = Day
duty-closed = closed
duty-nobody = nobody
duty-away = { $name } (not here: { $why })
duty-away-standin = { $name } (not here: { $why }); { $standin } instead
duty-away-leave = on leave
duty-away-hours = not working then
duty-away-gone = left
duty-single = this day only
duty-gaps = { $n ->
    [0] Somebody is on duty in every half-day.
    [one] In one half-day nobody is on duty. Then anybody who is here may act.
   *[other] In { $n } half-days nobody is on duty. Then anybody who is here may act.
}
duty-week = Every week
duty-week-hint = This repeats every week. Only half-days in which the office is open are shown.
duty-week-caption = On duty by weekday
duty-week-cell = On duty: { $day }, { $half }
duty-week-save = Save the week
duty-none = Nobody named
duty-one = One day only
duty-one-on = Day
duty-one-half = Half of the day
duty-one-staff = On duty
duty-one-nobody = Nobody
duty-one-usual = As every week
duty-one-save = Change this day only

hours-title = Working hours of { $name }
hours-lead = For people who work part-time or on certain days. Whoever stands in takes over by these hours.
hours-kind = Working hours
hours-office = As the office ({ $hours })
hours-own = Their own
hours-week = Their own hours
hours-week-hint = Write them like “09:00-12:00,13:00-15:00”. Leave days empty on which they don't work.

error-overlaps = { $label }: this overlaps leave that is entered already
error-standin-away = { $label }: this person is away in that time
error-standin-off = { $label }: this person doesn't work in some of that time. If that is all right, send it again
error-leave-too-long = { $label }: enter leave of more than 400 days in parts

done-absence-saved = Leave is entered.
done-absence-cancelled = Leave is cancelled.

audit-absence-add = entered leave of staff
audit-absence-change = changed leave of staff
audit-absence-cancel = cancelled leave of staff
audit-absence-cancel_undone = took back that leave was cancelled
audit-duty-week = changed who is on duty every week
audit-duty-day = changed who is on duty on one day
audit-staff-hours = changed a staff member's working hours

me-today = Today
me-today-open = The office is open today:
me-today-hours = { $from } to { $to }
me-today-over = The office is closed for today.
me-today-closed = The office is closed today.
me-today-next = It opens again on { $day }.
me-today-staff = { $name }, who looks after you, is here today.
me-today-staff-until = { $name }, who looks after you, is here until { $clock } today.
me-today-away = { $name }, who looks after you, isn't here now.
me-today-back = Back on { $day }.
me-today-back-afternoon = Back on the afternoon of { $day }.
me-today-back-today = Back this afternoon.
me-today-standin = Until then { $name } reads your messages.
me-today-anybody = Until then other staff read your messages.
me-today-duty = { $name } reads your messages today.
me-today-days-off = Closed days ahead:
