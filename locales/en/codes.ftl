# Names of the categories in records

channel-line = LINE
channel-sms = SMS
channel-phone = Calls (no SMS)
channel-email = E-mail

contact-mode-in_person = In person
contact-mode-visit = Visit to the company
contact-mode-phone = Phone
contact-mode-video = Video call
contact-mode-line = LINE
contact-mode-sms = SMS
contact-mode-email = E-mail
contact-mode-none = No contact (record only)

call-outcome-spoke = We spoke
call-outcome-not_in = Not in
call-outcome-busy = Line busy
call-outcome-wrong_number = Wrong number
call-outcome-later = Later

delivery-due = Waiting to be sent
delivery-sending = Being sent
delivery-accepted = Sent
delivery-delivered = Arrived
delivery-failed = Failed
delivery-unknown = Being checked
delivery-cancelled = Called off
delivery-expired = Could not be sent in time
delivery-needs_person = Unclear whether it arrived (waits for a decision)

check-in-planned = Planned
check-in-due = Waiting to be sent
check-in-out = Waiting for an answer
check-in-answered = Answered
check-in-silent = No answer
check-in-skipped = Not sent
check-in-failed = Could not be sent
check-in-handed_over = Staff get in touch

no-reply-thanks = It was thanks or a greeting
no-reply-answered_elsewhere = Answered by phone or in person
no-reply-mistake = Sent by mistake
no-reply-other = Other (in a note)

support-preparing = Preparing
support-supported = Supported
support-ended = Support ended
language-plain = Plain Japanese
language-easy = Easy Japanese
language-furigana = Easy Japanese with furigana
disclosure-open = Open
disclosure-closed = Closed (no contact with the company)
disclosure-unknown = Open or closed: not asked yet (no contact with the company)

topic-instructions = How instructions are given
topic-workload = Amount and pace of work
topic-hours = Hours, breaks and leave
topic-relations = Relations at work
topic-surroundings = Place and surroundings
topic-condition = Condition and tiredness
topic-attendance = Attendance
given-written = On paper
given-electronic = On the person's own page
given-oral = Spoken (written down by staff)
means-email = E-mail (secure link)
means-phone = Phone
means-meeting = Meeting
