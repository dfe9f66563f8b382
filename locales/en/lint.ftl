# What staff read when a message is looked over before it goes out. The rules: config/lint.toml.

lint-look = Look it over first
lint-found = { $n ->
    [0] Nothing to remark before it goes out
    [one] One remark before it goes out
   *[other] { $n } remarks before it goes out
}
lint-none-text = No rule of writing has anything to say about these words.
lint-note = Whoever writes decides. It can go out as it is.
lint-more = { $n ->
    [one] One more thing that is good to know
   *[other] { $n } more things that are good to know
}
lint-words = “{ $words }”
lint-whole = The whole
lint-take = Write “{ $words }” instead
lint-leave-out = Leave these words out
lint-taken = The words are changed. Nothing has been sent yet.

lint-their-word = This person says “{ $word }”.
lint-their-word-company = At this company they say “{ $word }”.
lint-no-words = A sign alone doesn't say what is meant. Write it in words.
lint-questions-many = { $found } questions. With { $limit } in a message it is easier to answer.
lint-asked-today = Today at { $clock } they were asked “{ $words }”. Wait for the answer, or ask both with the next contact.
lint-asked-today-planned = Today at { $clock } they will be asked “{ $words }”. Wait for that answer, or ask both with the next contact.
lint-known-already = The record has it already: { $topic }. There is no need to ask.
lint-answer-not-needed = Nothing is asked; 【返事はいりません】 (no answer needed) lets the reader rest.
lint-vague-time = People will read different times into this. Write day and hour.
lint-vague-amount = People will read different amounts into this. Write a number or an example.
lint-implied-refusal = It isn't clear whether this is a no. Write that it can't be done, or by when there will be an answer.
lint-open-question = Answering in one's own words is heavy on a tired day. Offer answers to choose from.
lint-yes-no-state = Asked like this, people say yes to please. Offer states: which is closest?
lint-choices-many = { $found } answers to choose from. Up to { $limit } are easy to weigh.
lint-no-way-out = There is no “こたえない” (I'd rather not say). Nobody should have to answer.
lint-reason-first = The reason stands first. Say what is asked for first, then why.
lint-requests-many = { $found } requests. { $limit } in a message is enough.
lint-nothing-to-look-at = It isn't said what to look at. Name the picture, the page or the place on it.
lint-no-correction = “Tell me if anything differs” makes it easier to be put right.
lint-phone-inside = A telephone number alone in a message can be called with one tap.
lint-url-inside = The link touches other letters. With spaces around it, or on a line of its own, it can be opened.
lint-sms-parts = { $found } characters by SMS, over the { $limit } of one. It costs two or more.
lint-sms-character = This character may not arrive by SMS.
lint-too-long = { $found } characters; this way takes { $limit }.
lint-blame = This can sound like blame. Write what happened, and what comes next.
lint-pressure = This can feel like being pushed.
lint-comparison = This can feel like being compared with others.
lint-sarcasm = This can be read as sarcasm or teasing.
lint-duty-praise = Praise like this can make going on a duty.
lint-sentence-long = A sentence of { $found } letters. Up to { $limit } it is easier to read.
lint-sentences-many = { $found } sentences. Up to { $limit } it is easier to read.
lint-message-long = { $found } letters altogether. { $limit } is a good measure.
lint-double-negative = A negation of a negation is easily read as its opposite.
lint-kanji-many = { $found } % of it is kanji. Up to { $limit } % it is easier to read.
lint-kanji-run = { $found } kanji in a row. Kana between them make it easier to read.
lint-kanji-reading = A kanji that is hard to read. Add its reading in brackets.
lint-name-reading = Add in brackets how this name is read.
lint-loanword = A long word in katakana. Perhaps there is an easier one.
lint-latin = Not everybody reads Latin letters.
lint-kanji-numeral = Figures such as 3 are easier to read than numbers in kanji.
lint-clock-of-24 = “午後3時” is harder to mistake than 15:00.
lint-half-of-day = Say whether it is in the morning or in the afternoon.
lint-weekday-missing = With the day of the week, a date is harder to mistake.
lint-weekday-wrong = The date is another day of the week. Check which of the two is right.
lint-keigo = So many polite forms hide what is asked for.
lint-passive-chain = Passive upon passive. Say who does it.
lint-etcetera = Nobody knows what else is meant. Write it all, or leave it out.
lint-hard-word = There is an easier word for it.
lint-idiom = A figure of speech may be taken at its word.

lint-topic-phone = telephone number
lint-topic-email = e-mail address
lint-topic-name-reading = how the name is read
lint-topic-employer = employer
lint-topic-hired-on = first day at work
lint-topic-employer-contact = contact at the employer
lint-topic-contact-hours = hours for contact
lint-topic-disability = kind of disability
lint-topic-certificate = disability certificate
lint-topic-certificate-expiry = end of the service certificate
