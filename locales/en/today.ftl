# Today, calls, words of crisis

person-tenure = {" "}(day { $days } of the job)
person-no-job = Not employed now
person-staff = Staff: { $name }
person-no-staff = No staff member yet
person-stand-in = Stand-in today: { $name }
paused-until = Paused until { $day }
paused-open = Paused

crisis-title = Words of crisis from { $name }
crisis-safe-text = the office's safe text went out at { $clock }
crisis-nothing-sent = nothing was sent automatically
crisis-taken = { $name } is on it since { $clock }
crisis-taken-me = You are on it since { $clock }
crisis-plan = What the person decided for a crisis
crisis-call = Call { $phone }
crisis-take = I take this
crisis-open = Open the conversation

today-left = { $left } to go · { $done } contacted today
today-failed = Messages that did not arrive
today-office = For the office to look at
today-office-no-text = It has no words (a photo or a sticker, for example).
today-people = People to contact
today-missed = Missed contacts
today-missed-text = Their day has passed. It is not too late.
today-empty = Today's contacts are done
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
row-look = Look and decide
row-done = Done
row-later = Later, or not today
later-until = When
later-hour = In an hour
later-afternoon = This afternoon
later-tomorrow = Next working day
later-next-week = Next week
later-why = Why (optional)
later-submit = Put off
decide-resend = Send again
decide-arrived = It did arrive
decide-call = Call instead

call-title = Call { $name }
call-heading = Call
call-answered = { $name } answered at { $clock }
call-answered-text = A call because of silence isn't needed any more. If you are just talking, you can still record what came of it.
call-locked = { $name } is calling since { $clock }
call-locked-text = Please speak to them first, so that two people don't call in a row.
call-before = Before you call
call-why = Why
call-hours = May be called
call-card = How to speak
call-tries = Earlier tries
call-recent = What was said recently
call-thread = Open the whole conversation
call-dial = Call { $phone }
call-no-phone = No phone number is known
call-no-phone-link = Add a number
call-after = After the call
call-outcome = Did you reach them?
call-then-spoke = this is done
call-then-not_in = comes back on the next working day
call-then-busy = comes back in an hour
call-then-wrong_number = The number isn’t used any more, and the right one has to be asked for
call-then-later = comes back at the time below
call-later-on = Day of the next call
call-later-at = Time
call-later-hint = Only with “Later”
call-memo = A line
call-memo-hint = If you spoke, a note can start from this line.
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
