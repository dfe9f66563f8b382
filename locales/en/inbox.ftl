# Inbox and conversations

inbox-lead = Whose turn it is follows from who wrote last. Opening a conversation changes nothing.
inbox-filter = Filter
inbox-show-due = Reply due
inbox-show-theirs = Their turn
inbox-show-all = All
inbox-empty-due = No reply is due
inbox-empty-theirs = Nobody else's turn
inbox-empty-all = No conversations yet
inbox-empty-text = New messages will show up here.
inbox-writing = { $name } is writing a reply
inbox-crisis = Words of crisis
inbox-send-failed = Not sent
turn-reply_due = Reply due
turn-reply_due-since = Reply due for { $time }
turn-their_turn = Their turn
turn-paused = Paused
turn-closed = Done

thread-title = Conversation with { $name }
thread-heading = Conversation
thread-said = What was said
thread-due-since = Reply due since { $time }
thread-older = Earlier messages
thread-empty = No messages yet.
thread-aside = About this person
thread-actions = What else
thread-to-graduate = The graduate's page
thread-to-note = Write a note (the person does not see it)
thread-to-pause = Pause contact
thread-open-to-team = Everybody on the office's staff can read this conversation.

message-automatic = automatic
message-unsent = The person took this message back
message-answers = Answer to 「{ $question }」
message-choices = Offered answers
message-sign = Sign: { $label }
message-sign-look = Look at it
message-sign-open = See the sign
message-to-note = Make a note or sign of these words
delivery-why = : { $why }

reply-title = Reply to { $name }
reply-locked = { $name } is writing a reply to this person since { $clock }
reply-locked-text = Please speak to them first, so that the person doesn't get two.
reply-by = An answer is promised by { $time }.
reply-body = Reply
reply-hint = The person will read this. One question at a time is easier to answer.
reply-channel = Send by
reply-submit = Send to { $name } by { $way }
reply-keys = Enter does not send. Ctrl+Enter (⌘+Enter on a Mac) does.
reply-no-channel = There is no way to send a message now
reply-no-channel-link = Add an address
reply-invite-link = Invite to LINE
close-title = No reply needed
close-reason = Please choose why
close-submit = Mark as needing no reply
