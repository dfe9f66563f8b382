# Writing notes, putting a call in writing, handing over
note-facts = Press instead of writing
note-other-time = Change day, time or length
note-minutes = Minutes it took
note-quoted = “{ $words }” ({ $at }, { $way })
note-next-day = By { $day }
note-sets-date = The date gets set on { $day }
note-summed-up = Sent to the person in writing.
note-took = { $n } min
note-to-summary = Send what was said in writing
note-from-message = See the message

next-when = By when
next-when-none = Please choose
next-when-today = Today, { $day }
next-when-next_open = Next working day, { $day }
next-when-week = In a week, { $day }
next-when-two_weeks = In two weeks, { $day }
next-on = Another day
next-sets-date = Can’t say yet
next-sets-date-hint = On the day above you set the date.
error-next-day-missing = By when will the next step be done? If you can’t say yet, choose the day on which you will set the date.
error-outside-call-hours = “{ $label }” is outside the hours at which this person may be called. Please agree on a time within them.

last-note = Last note
last-note-whole = Read all of it
last-note-none = No notes yet.

correct-why = Why it is corrected
correct-why-slip = A slip of the pen
correct-why-learned = Learned since
correct-why-person_said = The person said it was otherwise
correct-why-sorted = Facts and thoughts set apart
correct-why-said = Corrected because:

call-note = Note (the person does not see this)
call-note-hint = What you write is kept whatever came of the call. You can also leave it empty.
call-seen = Call: { $outcome }

message-selected-to-note = Copy “{ $words }” into a note

summary-title = What was said with { $name }
summary-heading = Send what was said in writing
summary-pick-title = What goes to { $name }?
summary-pick-text = Only what you choose becomes the text on the next page. You can change it there before it goes.
summary-pick = Words to send
summary-part-said = The person’s words
summary-part-seen = Seen and counted
summary-part-done = Done
summary-part-next = Next
summary-who = Who
summary-who-staff = I do
summary-who-person = The person
summary-who-together = Together
summary-no-thought = “What I think” isn’t shown here and is never sent.
summary-agreed = What was agreed
summary-agreed-hint = The person reads this. One thing at a time, in few words, in Japanese.
summary-make = Make the text
summary-not-now-title = Not now
summary-later = Send it later (comes back in an hour)
summary-never = Finish without sending
summary-later-hint = In writing, the person can notice later what was missed or misunderstood.
summary-was-sent = What was said is sent already
summary-back = Choose again
summary-write-title = To { $name }
summary-body = Text
summary-body-text = This is exactly what arrives. Please make it easy to read.
done-summary-sent = What was said is on its way in writing.
error-note-meanwhile = This note was corrected while you were writing. Nothing was sent. Check that your words fit the corrected note, then send again.
done-summary-not-sent = This note was corrected while you were writing, so nothing was sent. Please write the summary from the corrected note.
done-summary-left = It comes back on Today.

handover-link = Handover on one page
handover-title = Handover: { $name }
handover-heading = Handover
handover-lead = As of { $at }. Enough to talk to them if you haven’t met before.
handover-who = Who this is
handover-phone = Phone
handover-hours = (today { $hours })
handover-open = Promised and still to do
handover-by = { $day }
handover-nothing-open = Nothing is left to do.
handover-signs = Signs to keep in mind
handover-messages = What was said lately
handover-notes = Latest notes
handover-promise = Promised to the person or the company.
