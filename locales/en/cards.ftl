# Cards: what makes somebody sure who takes over at short notice.

card-title = Card
card-page-title = Card of { $name }
card-summary-first = Read this first
card-open = See the whole card
card-write = Write or change the card
card-edit-title = Write the card of { $name }
card-edit-company = Write the card of { $name }
card-of-company = Card of { $name }
card-rest = More from the card
card-empty = Nothing is written yet. These three help a stand-in most.
card-empty-text = Begin with how to speak, what is hard for them, and who decides or can be asked. Add the rest as you learn it.
card-review = Look at it again on
card-review-hint = Left empty, it is in half a year.
card-review-on = To be looked at again on { $day }
card-overdue = Was to be looked at again on { $day }
card-versions = Earlier cards
card-version-now = The card as it is now.
card-version-empty = Nothing was written.
card-not-asked = Not asked yet

card-line-spoken-to = How to speak
card-line-unsettles = What is hard for them
card-line-agreed = What was agreed
card-line-decides = Who decides, whom to ask
card-line-reassures = What reassures
card-line-hearing = How they want to hear from us
card-line-outcome = What they hope for
card-line-words = Their words
card-line-remark = Anything else

card-spoken-to-hint = E.g. say name and reason first; slowly, one thing at a time.
card-unsettles-hint = E.g. sudden changes of plan; a phone that rings again and again.
card-reassures-hint = E.g. having it in writing; “tomorrow is fine”.
card-decides-hint = E.g. decides alone; asks her sister when in doubt; the clinic's counsellor knows about her health.
card-outcome-hint = E.g. to stay for a year; to go up to five days a week.
card-outcome-on = By when
card-outcome-by = { $text } (by { $on })
card-hear-by = By which way
card-hear-every = How often
card-hear-every-hint = This alone doesn't change the plan of contacts. Where the two differ, the card says so.
card-hear-form = In which form
card-hear-form-hint = E.g. short; the point first; with a picture.
card-agreed-hint = Without a day it was agreed today. Clear the words of what is over; earlier cards keep them.
card-agreement-row = Agreement { $n }
card-agreement-on = Agreed on ({ $n })
card-agreement-text = What was agreed ({ $n })
card-agreed-on = { $on }: { $text }
card-words-hint = Their word is proposed when you write to them.
card-words-hint-company = Their word is proposed when you write a request. E.g. 人事 → 採用担当
card-word-row = Word { $n }
card-word-ours = Our word ({ $n })
card-word-theirs = Their word ({ $n })

card-part-speaking = When speaking
card-part-expected = What is expected
card-part-agreed = What was agreed
card-part-words = Their words
card-part-more = More

card-differs = Card and plan differ
card-differs-card-more = The card says “{ $card }”, the plan is “{ $plan }”: less than they asked for. Ask the person and change one of them.
card-differs-card-less = The card says “{ $card }”, the plan is “{ $plan }”: more than they asked for. Ask the person and change one of them.
card-to-cadence = Change the plan
card-cadence = Planned contact now
card-known = Rules for contact
card-known-text = Sending obeys these. They are changed on the page of details.

hear-by-line = LINE
hear-by-sms = SMS
hear-by-phone = by phone
hear-by-email = by e-mail
hear-by-meeting = face to face
hear-every-few-days = every two or three days
hear-every-weekly = once a week
hear-every-two-weeks = every two weeks
hear-every-monthly = once a month
hear-every-quarterly = every three months
hear-every-when-needed = only when something is the matter

company-lead = To read before talking with the company. Neither the company nor the person sees it.
company-contacts = Contacts at the company
company-no-contacts = Nobody is on record yet.
company-people = Graduates who work there
company-no-people = Nobody now.

audit-card-save = wrote the card

reply-length = { $way } { $n } characters
reply-length-sms = SMS { $n } characters, sent as { $parts ->
    [one] one text
   *[other] { $parts } texts
}
reply-number = Second message with the number alone
reply-number-hint = By LINE it arrives right behind the answer and can be tapped to call. By SMS or e-mail it is the last line of the answer. Clear it if it isn’t needed.
error-card-meanwhile = Somebody else wrote this card while you were writing. Look at how it stands now, add what should stay, then save again.
