# The list of graduates and the page of one

graduates-lead = People on record: { $n }
graduates-search = Search by name, reading, company or number
graduates-search-hint = Parts are enough. Hiragana and katakana, full and half width are taken alike.
graduates-search-submit = Search
graduates-show-supported = Supported
graduates-show-paused = Paused
graduates-show-preparing = Preparing
graduates-show-ended = Ended
graduates-group = State
graduates-staff-all = Everybody
graduates-filter = Show
graduates-count = { $n ->
    [one] One person
   *[other] { $n } people
}
graduates-show-working = Supported and working
graduates-show-stopped = Contact stopped
graduates-show-left = Left their job
graduates-found = { $n ->
    [one] One person
   *[other] { $n } people
} found for “{ $query }”.
graduates-cut = There are more; another word narrows it down.
graduates-all = Back to the list
graduates-next = Next contact
graduates-no-next = No contact planned
graduates-signs = { $n ->
    [one] One sign
   *[other] { $n } signs
}
graduates-nobody = Nobody was found
graduates-nobody-text = Please try the reading or a part of the name. People whose support has ended are searched too.
graduates-first-day = Nobody is registered yet
graduates-first-day-text = Add people one by one, or import a roster (CSV or Excel): “bansou import graduates roster.csv”.
graduates-none-here = Nobody fits here
graduates-none-here-text = The filters above show the others.

unreachable-title = There is no time at which this person can be contacted
unreachable-tag = No time to contact
unreachable-person = The person’s hours
unreachable-office = The office’s hours
unreachable-office-none = None on record
unreachable-person-link = Change the person’s hours
unreachable-office-link = Change the office’s hours

graduate-thread = Open the conversation
graduate-note = Write a note
graduate-resume = Change or end the pause
graduate-next = Next contact and why
graduate-cadence = Cadence: { $name }
graduate-follow-up = On { $day } they are asked what became of the request to the employer.
graduate-signs = Small signs
graduate-timeline = What happened
graduate-how = How to speak
graduate-reach = How to reach them
graduate-hours = May be contacted
graduate-language = Messages are written in
graduate-no-address = No address yet.
graduate-jobs = Jobs
graduate-job-edit = Edit
graduate-job-now = still working
graduate-job-left = Reason for leaving: { $why }
graduate-service-now = in use
graduate-service-none = Not on record.
graduate-service-add = Enter the dates
graduate-details = On record
graduate-edit = Edit the record
graduate-consents = Consents
graduate-audit = Who looked

timeline-show-all = All
timeline-show-check_in = Check-ins
timeline-show-message = Messages
timeline-show-note = Notes
timeline-show-sign = Signs
timeline-show-share = Passed on
timeline-older = Further back
timeline-empty = Nothing yet.
entry-check_in = Check-in
entry-sent-at = sent { $at }
entry-answer = → { $answer }
entry-answer-words = in their own words
entry-message-in = From the person
entry-message-out = To the person
entry-note = Note
entry-share = Passed on to { $to }

lane-said = The person's words
lane-observed = Seen and counted
lane-interpretation = What I think (not a fact)
lane-done = Done
lane-next = Next

edit-external-id = Office's number
edit-disability = Kind of disability
edit-certificate = Certificate

# Writing a note
note-title = Note on { $name }
note-private = The person does not see this
note-private-text = Only staff read it. Nothing of it goes to the employer.
note-mode = Way of contact
note-on = Day
note-at = Time
note-one-is-enough = One of “the person's words” or “seen and counted” is enough to save.
note-said-hint = As they said it.
note-observed-hint = What anybody would see: how often, when, how it looked.
note-interpretation-hint = Guesses go here only. They are never used towards the employer.
note-next-hint = When, who, what.
note-sign = Keep as a small sign
note-sign-hint = A slight unease is enough. The next contact comes a little sooner.
note-sign-category = Kind
note-sign-level = Level
note-sign-none = No sign
note-submit = Save the note

# Adding one graduate by hand
new-graduate-link = Add a graduate
new-graduate-title = Add a graduate
new-graduate-lead = A name is enough; the rest can be added later.
new-graduate-number-hint = The office’s own number. When a roster is imported, the same number means the same person.
new-graduate-phone-hint = Until LINE is connected, messages go to a mobile number by SMS. A landline is for calls by staff. Full width and missing hyphens are fine.
new-graduate-hours-hint = Give both the beginning and the end, or neither. Left empty, the office’s hours are used. Days of the week can be chosen after saving.
new-graduate-job-hint = Leave this empty while there is no job. Regular check-ins begin with the job.
new-graduate-hired-hint = A day to come is fine.
new-graduate-cadence-hint = Counted from the first day of work.
new-graduate-submit = Add
new-graduate-same = This person may be on record already
new-graduate-same-text = Please open the name and look. If it is the same person, edit their record instead.
new-graduate-same-phone = The telephone number is the same.
new-graduate-same-name = The name is the same.
new-graduate-same-hired = Hired on { $day }.
new-graduate-sure = This is somebody else; add them

# Editing the record
edit-title = Record of { $name }
edit-who = The person
edit-name = Name
edit-name-hint = Please put a space between family name and given name.
edit-kana = Reading (furigana)
edit-called = Called in messages
edit-called-hint = Without さん. Left empty, the family name is used.
edit-staff = Staff member
edit-standin = Stand-in
edit-standin-hint = Looks after the person while the staff member is away; lists by staff member show the person here, too.
edit-standin-none = Nobody named
edit-service-from = Retention support began
edit-service-to = Retention support ended
edit-service-hint = The official retention rate is computed from these days. Leave both empty for somebody who does not use the service.
edit-service-again = If the service is used again, enter a first day after the last one: it is added as a new period.
edit-support = Stage of support
edit-phone = Telephone
edit-phone-hint = A landline gets no SMS; staff call it. Full-width digits or no hyphens are fine.
edit-email = E-mail
edit-days = Days on which contact is fine
edit-from = From
edit-to = To
edit-hours-hint = Empty means the office's hours. Nothing is sent outside these hours.
edit-cadence-none = Not chosen yet
edit-cadence = Cadence
edit-crisis-hint = In their own words. It shows on top when there are words of crisis.
weekday-mon = Mon
weekday-tue = Tue
weekday-wed = Wed
weekday-thu = Thu
weekday-fri = Fri
weekday-sat = Sat
weekday-sun = Sun
save = Save
cancel = Cancel

# Pause
pause-title = Pause for { $name }
pause-heading = Pause contact
pause-now = The pause now
pause-change = Change the pause
pause-text = During a pause no regular contact goes out. What the person writes still reaches us as always.
pause-length = How long
pause-length-week = One week
pause-length-month = One month
pause-length-date = Until a day
pause-length-open = Open (we ask each month whether it goes on)
pause-until = Until
pause-until-hint = Only with “until a day”. That day is the last one without contact.
pause-why = Why
pause-why-hint = Please say also whose wish it is.
pause-submit = Pause
pause-resume = Go on with contact
pause-resume-hint = The next contact is planned anew inside the person's hours. No burst of messages follows.

# Stopping contact, and allowing it again
person-stopped = Contact is stopped
graduate-stop = Stop all contact
graduate-stopped = See the stop, or allow contact
stop-title = Stop contact with { $name }
stop-text = Neither check-ins nor replies go out any more. What the person writes still arrives.
stop-waiting = { $n ->
    [one] One message that waits to go out is cancelled.
   *[other] { $n } messages that wait to go out are cancelled.
}
stop-or-pause = For a rest only, please use:
stop-asked = Who asked for it?
stop-asked-person = The person
stop-asked-family = Their family
stop-asked-supporter = A doctor or another supporter
stop-asked-office = The office decided so
stop-why = Why
stop-why-hint = Also from whom it was heard. Only staff read this.
stop-sure = I stop all contact with this person
stop-now = Contact is stopped
stop-now-text = Neither check-ins nor replies go out.
stop-list = Stops on record
stop-holds = Still holds
stop-lifted = Lifted
stop-by = stopped by { $name }
stop-by-person = stopped by the person
stop-lifted-by = lifted by { $name }
stop-lifted-by-person = lifted by the person
allow-title = Allow contact with { $name }
allow-link = Allow contact again
allow-then = What happens then
allow-next = The next check-in comes on { $day } or later.
allow-no-next = No check-in is planned. Please look at the job, the stage of support and the cadence.
allow-channel = { $channel } is used first.
allow-no-channel = It can’t go by LINE or SMS, so staff are asked to call.
allow-paused = The pause goes on.
allow-missed = What was left out meanwhile is not sent.
allow-own = The person’s own words
allow-own-text = The person said stop. Contact begins again only when they ask for it; their words are kept as a note.
allow-mode = How was it heard?
allow-said = The person’s words
allow-said-hint = As they said it.
allow-sure = I allow contact again
allow-note-done = Contact was allowed again.

# Consents
consents-title = Consents of { $name }
consents-list = Consents so far
consents-none = No consent is recorded yet. Without one nothing can be passed on to the employer.
consent-holds = Holds
consent-withdrawn = Withdrawn
consent-expired = Expired
list-and = ,{" "}
consent-withdraw = Withdraw this consent
consent-withdraw-text = From now on nothing can be passed on to this person. The record of what was passed on stays.
consent-withdraw-submit = Record the withdrawal
consent-new = Record a new consent
consent-new-text = Please go through whom, what, how and until when together with the person, one by one.
consent-contact = To whom
consent-topics = About what
consent-topics-hint = What is not chosen is not passed on. Diagnoses and medicine are not on the list and never passed on.
consent-means = How
consent-given-how = How consent was given
consent-until = Until
consent-until-hint = At most about a year; then ask again.
consent-submit = Record the consent
consent-closed = This job is closed
consent-closed-text = The company does not know of the disability. It cannot be contacted, even with a consent.
consent-no-contact = No contact at the company is known
consent-no-contact-text = As soon as one is known, a consent can be recorded here.

# Invite to LINE
invite-title = Invite { $name } to LINE
invite-missing = LINE is not set up for this office yet
invite-missing-text = A LINE official account has to be set up first.
invite-missing-ask = Please tell an admin.
invite-bound = Connected on LINE (since { $day })
invite-bound-text = If the account changes, with a new phone for example, make a new invite.
invite-fresh = The invite is ready
invite-fresh-text = The link is not shown again once this page is closed. It works for one person, once, until { $time }.
invite-qr = QR code of the LINE invite
invite-link = Link of the invite
invite-code = If the link does not open, they can send this text in the chat.
copy = Copy
copied = Copied.
invite-code-only = Ask them to add the office on LINE and to send these letters in the chat.
invite-step-1 = The person reads the QR code or opens the link on their phone.
invite-step-2 = They add the account as a friend and send the text that is already there.
invite-step-3 = “Connected” comes back, and that is all.
invite-new = Make an invite
invite-open = The invite before works until { $time }. A new one replaces it.
invite-new-text = This makes a link and a QR code. It is easiest to open them together with the person.
invite-submit = Make an invite
invite-again = Make a new invite

# Who looked
audit-title = Who looked at the records of { $name }
audit-text = Every look and every change stays here. Nothing can be removed or edited.
audit-caption = Who looked and who changed
audit-when = When
audit-who = Who
audit-what = What
audit-read = only looked
audit-empty = Nothing recorded yet
actor-staff = staff
actor-graduate = the person
actor-employer = employer contact
actor-command = administration
actor-program = automatic

# Jobs
job-title = Job of { $name }
job-new = Add a job
job-edit = Edit the job
job-where = Company
job-employer = Name of the company
job-hired-on = First day
job-disclosure = Does the company know of the disability?
job-supported-change = The office supported the change from the job before
job-supported-change-hint = A change for better pay, hours and the like, with the new job begun within one month of leaving, counts as staying in work in the official rate (once during the service).
graduate-job-supported = Change supported by the office
job-contact = Contact at the company
job-contact-hint = With the person's consent, only who stands here can be asked.
job-contact-name = Name of the contact
job-contact-part = Department or part
job-contact-part-hint = Such as general affairs, or workplace counsellor
job-contact-email = E-mail of the contact
job-left = When the job ended
job-left-hint = Leave this empty while the job lasts.
job-left-on = Last day of employment
job-left-on-hint = The last day of the contract, not the last day at work.
job-leaving-reason = Reason for leaving
job-not-left = Still working
job-leaving-words = In the person's or the company's words
job-leaving-words-hint = As you heard it.
me-link-title = { $name }’s own page
me-link-heading = Link to their own page
me-link-fresh = The link is ready
me-link-fresh-text = The link is not shown again once this page is closed. One person can open it, once, until { $time }.
me-link-qr = QR code of their own page
me-link-new = Make a link
me-link-new-text = On this page { $name } sees and decides about the next contact, rests, and what the employer was told. A new link replaces one that was not opened yet.
me-link-submit = Make a link
me-link-again = Make a new one
note-correct = Correct the note
note-correct-text = { $name } wrote this note on { $at }. After a correction the earlier words stay readable under “Read the earlier words”.
note-correct-submit = Save the corrected note
note-see-versions = Read the earlier words
note-versions = The note and its earlier words
note-versions-title = Note about { $name } and its earlier words
note-versions-text = Newest first. Earlier words are never deleted.
note-written = Written by { $name } on { $at }
note-holds = Holds now
note-replaced = Before the correction
no-sending-person = { $name } asked on { $day } that nothing be sent any more
no-sending-office = Contact with { $name } has been stopped since { $day }
no-sending-text = No message can be sent from here.
no-sending-instead = What you can do: read what they write. When something can’t wait, call or meet them and write a note. When they say that they want messages again, contact can be allowed again.
