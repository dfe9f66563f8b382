# Today, calls, words of crisis

person-tenure = {" "}(day { $days } of the job)
person-no-job = Not employed now
person-staff = Staff: { $name }
person-no-staff = No staff member yet
person-stand-in = Stand-in: { $name }
paused-until = Paused until { $day }
paused-open = Paused

unknown-crisis-text = Please ask at once who may know this number or account. Once you know who it is, call them.
crisis-title = Words of crisis from { $name }
crisis-safe-text = the office's safe text went out at { $clock }
crisis-nothing-sent = nothing was sent automatically
crisis-taken = { $name } is on it since { $clock }
crisis-taken-me = You are on it since { $clock }
crisis-plan = What the person decided for a crisis
crisis-call = Call { $phone }
crisis-take = I take this
crisis-open = Open the conversation
crisis-late = Written { $at }; these words came in late.
crisis-unsent = The person took the words back, so they are not shown.
crisis-release = Hand on to somebody else
crisis-release-other = Mark as not being looked after
crisis-close = End this
crisis-what = What was done
crisis-what-hint = Kept as a note under “seen”. Ending it takes this red notice away; new words of crisis bring it back for everybody.

today-left = { $left } to go · { $done } contacted today
namesake-number = No. { $number }
today-beyond = { $n } more. They show up here as those above are done.
today-more = Show { $n } more
today-failed = Messages that did not arrive
today-office = For the office to look at
today-office-no-text = It has no words (a photo or a sticker, for example).
today-people = People to contact
today-missed = Missed contacts
today-companies = Cards of companies to look at again
today-missed-text = Their day has passed. It is not too late.
today-empty = Today's contacts are done
today-only-missed = Today’s contacts are done. Missed ones are left below.
today-empty-text = { $done ->
    [one] One person was contacted today.
   *[other] { $done } people were contacted today.
} New replies will show up here.
today-empty-link = To the list of graduates
read-at = As of { $clock }
refresh = Refresh

row-late = Overdue
row-last-contact = Last contact
last-contact-message = Message
row-no-contact = No contact yet
row-call = Call
row-reply = Write a reply
row-request = Open the request
row-look = Look and decide
row-done = Done
row-later = Later, or not today
later-until = When
later-hour = In an hour
later-afternoon = This afternoon
later-tomorrow = Next working day
later-next_week = Next week
later-why = Why (optional)
later-submit = Put off
decide-resend = Send again
decide-arrived = It did arrive
decide-call = Call instead
resend-stopped = Contact is stopped, so it can’t be sent again.
resend-no-address = This address doesn’t work now, so it can’t be sent again.
resend-address-link = Mend the address
resend-no-hours = There is no hour for contact, so it can’t be sent again.
resend-hours-link = Change the hours

call-title = Call { $name }
call-heading = Call
call-answered = { $name } answered at { $clock }
call-answered-text = A call because of silence isn't needed any more. If you are just talking, you can still record what came of it.
call-locked = { $name } is calling since { $clock }
call-locked-text = Please speak to them first, so that two people don't call in a row.
call-before = Before you call
call-why = Why
call-hours = May be called
call-tries = Earlier tries
call-recent = What was said recently
call-thread = Open the whole conversation
call-dial = Call { $phone }
call-no-phone = No phone number is known
call-no-phone-link = Add a number
call-after = After the call
call-outcome = Did you reach them?
call-then-spoke = this is done
call-then-not_in = comes back when you open on the next working day
call-then-busy = comes back in an hour, or on the next working day if you are closed by then
call-then-wrong_number = The number isn’t used any more, and the right one has to be asked for
call-then-later = comes back at the time below
call-later-on = Day of the next call
call-later-at = Time
call-later-hint = Only with “Later”, within the hours for calls
call-submit = Record the outcome
call-release = Not calling now
row-calling = { $name } has been calling since { $clock }
row-calling-me = You have been calling since { $clock }
row-call-open = Open the call
call-mine = You have been calling since { $clock }
call-mine-text = Your colleagues see it too. It goes away when you record what came of it, or after 30 minutes.
call-start = I am calling
call-start-hint = Your colleagues then see that you are.
call-closed = This call is done
undelivered = Not known whether it arrived
undelivered-text = What was sent or came in and waits for somebody to find out, however old it is.
undelivered-none = There is nothing to find out
undelivered-none-text = That is how it should be.
undelivered-messages = Messages that may or may not have arrived
undelivered-messages-text = They may be out already, so nothing sends them again by itself. Ask the person, then choose.
undelivered-employer = A request to an employer
undelivered-age = for { $age }
undelivered-quarantined = Each try to send it went wrong, so it is set aside. Nobody knows whether it arrived.
undelivered-events = Incoming items that couldn’t be read
undelivered-events-text = They stand on Today, too. Look at the person’s thread, then mark them as done on Today.
undelivered-nobody = Nobody knows from whom
undelivered-strangers = From unknown senders: { $n }.

today-resting = Put off
today-resting-text = They come back by themselves at their time, and at once when something new comes in.
row-sign = Look at the sign
row-promise = Open the promise
row-note = Write a note
row-card = Look at the card again
row-step = Open the note
row-set_date = Set the date
row-summary = Send it in writing
row-bring-back = Bring them back now
row-resting = Comes back { $until } (put off by { $by })
whose = Whose
whose-mine = People I look after
whose-all = Whole team

points-why = Why in this place
points-total = { $total } points in all. The most points stand first.
points-waited = Waiting for { $days } { $days ->
    [one] day
   *[other] days
 }
points-also = { $n } more { $n ->
    [one] need
   *[other] needs
 }
points-crisis = Words of crisis
points-broken_promise = A promised time has passed
points-asked = Asked for by the person
points-reply_late = Our answer is late
points-reply_due = Waiting for our answer
points-stopped = May want contact to stop or go on
points-sign_confirmed = A confirmed sign, still to be acted upon
points-silence = No answer for longer than usual
points-contact_due = A contact that staff have to make
points-look = Something to look at and decide
points-sign_new = A sign that nobody has looked at
points-duty = The monthly meeting, or a card to look at again

later-title = Put { $name } off
later-text = An answer or a promise can’t be put off. When an answer takes longer, say first when it will come.
later-heading = Later
later-date = At a day and time
later-on = Day
later-at = Time
later-at-hint = Left empty: on that morning
later-more = Choose a time, other reasons
not-today-heading = Not today
not-today-text = The row comes back on the next open day. Colleagues see the reason.
not-today-reason = Reason
not-today-words = In words (needed for “another reason”)
not-today-submit = Not today
not-today-not_needed = Not needed today
not-today-their_wish = The person’s wish
not-today-waits_for_others = Waits for somebody else’s answer
not-today-no_time = No time
not-today-other = Another reason

plan-title = Plan of the day
plan-link = See a plan of the day
plan-text = A proposal that fits today’s contacts into your working hours: answers first, calls in a row and inside each person’s hours.
plan-ends = You work until { $clock }; the last half hour is kept for writing down.
plan-left = { $n } { $n ->
    [one] person doesn’t fit
   *[other] people don’t fit
 } into today
plan-left-text = They stand at the end without a time. A colleague can take them, or they can rest with a reason.
plan-no-time = No time
plan-agreed = Agreed time
plan-off = You don’t work today
plan-off-text = There is a plan on your next working day. A colleague who is there can take what is urgent.
plan-over = Your working hours of today are over
plan-over-text = What isn’t urgent can go on on the next open day.
plan-closed = The office is closed today
plan-closed-text = There is a plan on open days.
plan-empty-text = What comes in will stand here.
