# Sentences about what happened, made by the program for staff.
lasting-minutes = { $n } min
lasting-hours = { $n } h
lasting-days = { $n ->
    [one] one day
   *[other] { $n } days
}
reply-no-way = There is no address that works, or the office has no way to send to it. Please call or meet.
reply-no-hours = The office’s hours and the person’s hours never meet. Change one of them to be able to send.
reply-goes-at = Will be sent { $at }
delivery-told-failed = The provider refused it. It did not arrive.
delivery-told-expired = It could not be sent inside its hours. It did not arrive.
delivery-told-needs_person = Nobody knows whether it arrived. It is held back so that it isn’t sent twice.
delivery-told-unknown = Waiting for the provider; finding out whether it arrived.
delivery-told-request-failed = The mail with a request to the employer did not arrive. Check the address; it can be sent again from the request.
delivery-told-request-expired = The mail with a request to the employer could not be sent inside its hours. It can be sent again from the request.
delivery-told-request-needs_person = Nobody knows whether the mail with a request reached the employer. Please ask the contact; it can be sent again from the request.
next-not-supported = They aren’t being supported at present, so nothing is planned.
next-stopped = All contact is stopped, so nothing is planned.
next-no-cadence = How often to be in touch isn’t decided yet.
next-by-staff = It can’t go by LINE or SMS, so staff make the contact.
next-none = Nothing is planned.
event-handed = { $from } handed the conversation over to { $to }.
event-taken-over = Our answer was late, so { $to } took it over.
event-taken-over-team = Our answer was late, so the whole team took it over.
event-request-draft = { $by } drafted a request to the employer.
event-request-read = The person read the request to the employer.
event-request-answer = The employer answered: { $kind }
event-request-answered = The employer answered the request.
cadence-own = This person’s own
address-line = Connected by LINE
address-blocked = Messages have not arrived since { $on } (blocked, for example).
address-wrong = On { $on }, { $name } recorded it as a wrong number.
address-stopped = The person stopped messages on { $on }.
address-invalid = On { $on } it turned out that this address doesn’t work.
check-in-why-paused = Not sent, because contact was paused.
check-in-why-stopped = Not sent, because the person said stop.
check-in-why-ended = Not sent, because support has ended.
check-in-why-was_in_touch = Not sent, because there was contact shortly before.
check-in-why-another_today = Another one, late after an outage, went out on that day.
check-in-why-superseded = A newer check-in took its place.
check-in-why-no_address = No address for LINE or SMS works, so staff make the contact.
check-in-why-no_channel = The office has no LINE or SMS for this person’s addresses, or it stands still, so staff make the contact.
check-in-why-no_common_hours = This person’s hours and the office’s never meet, so nothing can be sent and staff make the contact.
check-in-why-too_late = It would have come too late, so staff make the contact.
check-in-why-refused = Every way refused it, so staff make the contact.
check-in-why-unclear = Nobody knows whether it arrived, so staff find out.
check-in-why-expired = It could not be sent inside its hours, so staff make the contact.
check-in-why-address_changed = Not sent, because the address changed.
check-in-why-office_stopped = Sending had been stopped.
check-in-why-template = Not sent, because its wording was faulty.
check-in-why-joined = Staff asked the question within their own answer, so it was not sent by itself.
check-in-why-replanned = The plan was changed, so this day’s check-in fell away.
audit-graduate-read = opened the page
audit-graduate-add = added the person
audit-graduate-change = changed the details
audit-graduate-support = changed where the person stands
audit-graduate-pause = paused contact
audit-graduate-unpause = ended a pause
audit-graduate-stop = stopped all contact
audit-graduate-allow = allowed contact again
audit-graduate-ask_contact = asked for contact again
audit-graduate-assign = changed who is there for the person
audit-contact_point-set = set an address
audit-contact_point-remove = removed an address
audit-contact_point-state = noted whether an address works
audit-thread-close = said that no reply is needed
audit-thread-close_undone = Took back that no reply is needed
audit-crisis-take = took up a crisis
audit-crisis-release = handed a crisis back
audit-crisis-close = closed a crisis
audit-crisis-close_undone = took back that a crisis was closed
audit-link-add = made an invite or a link
audit-link-revoke = made a link stop working
why-crisis = Words that suggest a crisis. Please read them first.
why-reply = Waiting for a reply ({ $time })
why-silence = No answer for longer than usual ({ $time })
why-sign = { $n ->
    [one] One small sign waits
   *[other] { $n } small signs wait
} for a look
why-sign-confirmed = { $n ->
    [one] One confirmed sign
   *[other] { $n } confirmed signs
} nobody has acted upon
why-promise = Promised: { $what } (by { $clock })
why-card = The card is to be looked at again ({ $day })
why-meeting = No meeting in person yet this month
why-agreed = You agreed to call at { $at }. { $why }
why-broken = The promised time passed { $time } ago. { $why }
sign-decided = { $by } on { $on }: { $step }.
sign-decided-why = { $by } on { $on }: { $step }. { $why }
sign-before = { $n ->
    [one] There was one sign
   *[other] There were { $n } signs
} of this kind before.
task-why-no_address = No address for LINE or SMS works; please call or meet.
task-why-no_channel = The office has no LINE or SMS for this person’s addresses, or it stands still; please call or meet.
task-why-no_common_hours = This person’s hours and the office’s never meet, so no check-in can be sent; please ask them and correct the hours.
task-why-too_late = A check-in came too late to be sent; please call.
task-why-refused = A message did not arrive; please call.
task-why-unclear = Nobody knows whether a message arrived; please find out.
task-why-expired = A message could not be sent inside its hours; please call.
task-why-silent = No answer for longer than usual; please call.
task-why-wants_contact = The person asked on their own page for contact again. If contact is still stopped, please talk with them and decide.
task-why-unfollowed = The person seems to have blocked LINE; please find another way.
task-why-stopped = The person said stop; please find out what they want.
task-why-maybe_stop = The person may want to stop; please find out.
task-why-read_soon = Some words are worrying; please read them today and get in touch.
task-why-crisis = There were words that suggest a crisis; please call.
task-why-quota = LINE’s messages of this month are used up.
task-why-channel_broken = Something is wrong with the settings for sending.
task-why-unknown_sender = Somebody unknown wrote.
task-why-unknown_crisis = Words of crisis came from somebody unknown.
task-why-inbound_failed = Something that came in could not be read.
task-why-answer_overdue = The employer hasn’t answered in time. Please ask how it stands.
task-why-pause_open = A pause without an end has gone on for another month. Please ask whether it should.
task-why-employer_answered = An employer answered.
task-why-request_not_yet = Read a request to the employer and asked not to send it yet; please listen first.
task-why-request_agreed = Read a request to the employer and agrees to sending it.
task-why-request_outdated = Agrees to a request to the employer, but its date for an answer has passed; please change the words and have them read again.
task-why-request_mail = The mail with a request did not reach the employer, or nobody knows whether it did; its page says why and what to do next.
task-why-review_due = A request to an employer is to be looked at again.
task-why-wrong_number = The phone number is somebody else’s. Please ask for the right one and edit the record.
task-why-asked_for_call = Asked for a call.
task-why-next_step = It is the day of the next step in a note.
task-why-set_date = It is the day to set the date for a next step.
task-why-summary_left = What was said on the phone isn’t sent in writing yet.
task-why-follow_up = Please ask how it went after what was agreed.
audit-delivery-decide = decided about a message that went wrong
