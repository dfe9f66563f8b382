# The list of graduates and the page of one

graduates-lead = In touch with { $n ->
    [one] one person
   *[other] { $n } people
}.
graduates-search = Search by name, reading, company or number
graduates-search-hint = Parts are enough. Hiragana and katakana, full and half width are taken alike.
graduates-search-submit = Search
graduates-show-supported = Supported
graduates-show-paused = Paused
graduates-show-preparing = Preparing
graduates-show-ended = Ended
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
graduates-first-day-text = Import a roster (CSV or Excel) and it shows up here: “bansou import graduates roster.csv”.
graduates-none-here = Nobody fits here
graduates-none-here-text = The filters above show the others.

graduate-thread = Open the conversation
graduate-note = Write a note
graduate-resume = Change or end the pause
graduate-next = Next contact and why
graduate-cadence = Cadence: { $name }
graduate-signs = Small signs
graduate-timeline = What happened
graduate-how = How to speak
graduate-no-card = Nothing written yet.
graduate-reach = How to reach them
graduate-hours = May be contacted
graduate-language = Messages are written in
graduate-no-address = No address yet.
graduate-jobs = Jobs
graduate-job-now = still working
graduate-job-left = Reason for leaving: { $why }
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
entry-answer = → { $answer }
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
