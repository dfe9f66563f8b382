# A graduate's own page

me-open-title = Your page
me-open-lead = { $office } made this page for you.
me-open-button = Open
me-open-hint = You need no password. Please don’t send this link to anybody else.
me-closed-title = This link doesn’t work
me-closed-text = It is an old link, or a part of the address is missing. Ask your support worker for a new link.
me-title = Your page
me-hello = { $name }’s page
me-lead = Here you can see how { $office } is in touch with you, and change it.
me-back = Back
me-level = Standard or easy Japanese
me-level-plain = ふつう
me-level-easy = やさしい
me-call = Call

me-to-read = There is something for you to read
me-to-read-text = It is a request to your company. It isn’t sent before you have read it.
me-to-read-who = It is a request to { $to }. It isn’t sent before you have read it.
me-to-read-button = Read it

me-plan = My plan
me-next = { $day } by { $way }
me-next-staff = A member of staff will be in touch around { $day }
me-next-none = Nothing is planned right now.
me-rest-until = Resting until { $day }
me-rest-open = Contact is resting
me-rest-stopped = Messages are stopped
me-plan-who = { $name } will be in touch.
me-plan-no-must = If you don’t want to answer, “I’d rather not say” is fine.
me-plan-pause = I want a rest from contact
me-plan-resume = Change the rest or start again
me-why-usual = It is our usual contact for your time in the job.
me-why-closer = We are in touch a little more often for a while.
me-why-more = You asked us to be in touch more often.
me-why-all_right = You said you are all right, so we leave more time in between.
me-why-fewer = You asked us to be in touch less often.
me-why-follow_up = We will ask how things went after the request to your company.
me-why-resumed = It is the first time after your rest.

me-pause = Rest from contact
me-pause-line = One week, one month, or until you say
me-pause-line-resting = You can start again
me-pause-text = Support goes on while you rest. You can write or call at any time.
me-pause-week = Rest for one week (until { $week })
me-pause-month = Rest for one month (until { $month })
me-pause-open = Rest until I say so
me-rest-text = Support goes on. You can write or call at any time.
me-resume = Please contact me again
me-stop = Stop all messages
me-stop-text = Every message from us stops. It doesn’t end your support. To start again, use the button on this page or call us.
me-stop-button = Stop all messages
me-pause-phone = You can also tell us by phone.

me-sharing = Who is told what
me-sharing-line = Things your company may be told: { $n }
me-consents = What you agreed to
me-consents-text = Only these people are told, and only these things. You can stop at any time, without a reason.
me-consents-none = Nobody is told anything now.
me-consent-who = Who
me-consent-what = What
me-consent-until = Until
me-consent-stop = Stop
me-shares = What we have told
me-shares-none = Your company has not been told anything.
me-share-to = to { $to }, { $company }
me-share-words = See the words
me-answer-yes = The company’s answer: yes
me-answer-no = The company’s answer: not at the moment
me-answer-other = The company’s answer: another idea

me-read-title = Read the request to your company
me-read-lead = May we send these words to { $to } at { $company }? They haven’t been sent.
me-read-ask = What would you like?
me-read-yes = I have read it. You may send it
me-read-not-yet = Please don’t send it yet
me-read-talk = I want to talk first
me-read-note = Nothing but these words is passed on. It is fine to say no.

me-help = When I need help
me-help-line = Phone numbers
me-help-staff = Your support worker is { $name }.
me-help-hours = We answer the phone: { $hours }
me-help-write = You can also write by LINE or SMS. We read it in these hours.
me-help-plan = What you decided for hard times
me-help-now = When it is very hard
me-help-now-text = Don’t wait for an answer. Call right away.

done-me-read = Thank you. We know that we may send it.
done-me-not-yet = We understand. It isn’t sent. Your support worker will be in touch.
done-me-outdated = Thank you. These words are out of date, so your support worker looks at them again. They aren’t sent yet.
done-me-too-late = These words had already been sent to the company. Your support worker will be in touch.
done-me-paused = We understand. Contact rests.
done-me-resumed = We understand. We will be in touch again.
done-me-asked = We understand. The staff know now and will decide together with you.
done-me-stopped = We understand. All messages are stopped.
done-me-withdrawn = We understand. From now on this person isn’t told anything.
