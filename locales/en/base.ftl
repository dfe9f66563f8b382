# The frame of pages, buttons, and what is wrong with an entry

product-name = Bansou
footer-about = Beside people who stay in work.
skip-to-content = Skip to content
title-error = Error:{" "}
menu = Menu
menu-today = Today
menu-inbox = Inbox
menu-graduates = Graduates
menu-signs = Signs
menu-retention = Retention
menu-settings = Settings
menu-waiting = waiting
account-link = Change the password
sign-out = Sign out
honorific = { $name }

crisis-strip = Please look now
hotlines-title = Lines you can name to the person

colon = :{" "}
required-mark = required
optional-mark = optional
counter-max = Up to { $max } characters
counter-left = {"{n}"} characters left
counter-over = {"{n}"} characters too many
pager = Pages
pager-previous = Previous page
pager-next = Next page
pager-now = Page { $now } of { $last }

error-summary = Please check your entries
error-near-button = Something needs a correction. Please see the red text above.
error-required = { $label }: please enter something.
error-too-long = { $label }: at most { $max } characters fit (now { $now }).
error-not-a-date = { $label }: please enter a date that exists (such as 2026-12-01).
error-not-in-future = { $label }: please choose a day after today.
error-end-before-start = { $label }: this lies before the start.
error-not-a-time = { $label }: please enter a time of day (such as 15:30).
error-not-a-mobile = { $label }: please enter a Japanese mobile number (070, 080, 090 …).
error-not-an-email = { $label } does not look right (such as name@example.jp).
error-not-a-choice = { $label }: please choose one.
error-one-of-these = Please fill in “{ $label }” or the field after it.
error-no-such-login = The e-mail address or the password is wrong.
error-too-short = { $label }: please use at least { $min } characters.
error-not-the-same = The two passwords are not the same.
error-same-person = { $label }: please choose somebody else than the staff member.
error-wrong-password = The present password is wrong.
error-try-later = Several attempts were wrong. Please try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
error-no-earlier-job = “{ $label }” needs a job on record that began before this one.
error-roster = { $label }: { $text }
error-changed-meanwhile = Somebody did something while you were writing. Please look at the conversation, then send again.

error-page-home = To the first page
error-page-not-found = This page does not exist
error-page-not-found-text = The address is wrong, or the page is gone. Nothing you entered was changed.
error-page-forbidden = You cannot do this
error-page-forbidden-text = You lack the permission, or the page was open for too long. Please start again from the first page.
error-page-too-large = This is too large
error-page-too-large-text = Please split the file or the text and send it again. Nothing was saved.
error-page-internal = A fault on our side
error-page-internal-text = It was recorded. Please try again in a moment; if it goes on, tell your administrator.
error-page-unavailable = Hard to reach at the moment
error-page-unavailable-text = The records cannot be reached. Nothing was changed. Please try again in a minute.

login-title = Sign in
login-lead = These pages are for staff.
login-email = E-mail address
login-password = Password
login-password-hint = Pasting works.
login-submit = Sign in
login-help = If you cannot sign in, please speak to your office's administrator.

password-title = Choose a password
password-lead = At least { $min } characters. A few short words in a row are easy to remember.
password-present = Present password
password-new = New password
password-hint = At least { $min } characters; spaces are fine.
password-again = New password, once more
password-submit = Set the password
password-ends-sessions = You will be signed out everywhere else.

done-reply-sent = Your reply is on its way. Whether it arrived shows under the message.
done-cannot-resend = It can’t be sent again. “Messages that did not arrive” says why.
done-thread-closed = Marked as needing no reply.
done-answered-meanwhile = The call is recorded. Meanwhile they have answered.
done-call-recorded = The call is recorded.
done-put-off = Put off until later.
done-task-done = Marked as done.
done-note-saved = The note is saved.
done-paused = Contact is paused.
done-resumed = Contact goes on.
done-graduate-added = Added.
done-contact-stopped = All contact is stopped.
done-contact-allowed = Contact is allowed again. What was left out meanwhile is not sent.
done-saved = Saved.
done-consent-given = The consent is recorded.
done-consent-withdrawn = The withdrawal is recorded. From now on nothing can be passed on.
done-invite-made = A new invite is ready. The one before no longer works.
done-sign-confirmed = The sign is confirmed.
done-sign-dismissed = Marked as not a sign.
done-crisis-taken = You are on it. The other staff see that too.
done-crisis-released = You are no longer on it. Everybody is asked to look again.
done-crisis-closed = Ended, and a note was saved.
done-password-set = The password is set.
done-signed-out = You are signed out.
error-taken = “{ $label }” is already in use.
undo = Undo
undo-for = Possible for 10 minutes
done-undone = Undone: it is as before.
done-undo-too-late = More than 10 minutes have passed; this can’t be undone any more.
done-undo-changed = Something has happened since, so this can’t be undone. Please look at how things stand now.
done-call-started = You are marked as calling. Your colleagues see it too.
done-note-corrected = The note is corrected. The earlier words stay on record.
error-corrected-meanwhile = Somebody else corrected this note while you were writing. Please look at how it stands now, then correct it again.
done-stranger-bound = Connected. Their words will show up in this conversation in a moment.
done-stranger-unbound = The connection is taken back. Their words are among what the office has to look at again.
done-stranger-not-ours = Marked as not one of ours.
