//! Looks words over before they go out, with what the record knows of whoever will read them.

use bansou_core::card::{CardOf, WordPair, with_own_words};
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, DeliveryState, Purpose};
use bansou_core::escalation::{AnswerKind, Request};
use bansou_core::hours::PersonHours;
use bansou_core::lint::{Draft, Name, Proposal, Reader, Recipient, Remark, Rule, Topic, Weight, asks, lint};
use bansou_core::thread::Direction;
use bansou_store::{Delivery, EmployerContact, Employment, Graduate, Message, Tx};

use crate::cards::words_of;
use crate::errors::Failure;
use crate::heads::present_job;
use crate::joins::{self, JOIN, Joinable};
use crate::pages::LocalTime;
use crate::pages::letter::Letter;
use crate::pages::remarks::{RemarkView, Remarks, Take};
use crate::pages::settings::messages::Preview;
use crate::said;
use crate::say::glimpse;
use crate::signed::Signed;

/// So many messages back it is looked for whether something was asked today.
const LOOKS_BACK: u64 = 20;
/// Longer words are told by their beginning.
const QUOTED: usize = 40;

/// How remarks are shown.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shown {
    /// A proposal was taken just now.
    pub(crate) is_taken: bool,
    /// A number can go as a message of its own.
    pub(crate) may_follow: bool,
}

/// What is known of whoever will read a message.
pub(crate) struct ReaderFacts {
    reader: Reader,
    /// As written, and how it is read where that is known.
    names: Vec<(String, Option<String>)>,
    known: Vec<Topic>,
    /// Their words beside ours (S2.0b).
    words: Vec<WordPair>,
    /// What they were asked today, or will be (S2.3).
    asked: Option<Asked>,
    /// One that is planned for today can be asked within these words.
    joinable: Option<Joinable>,
    /// They do ask it.
    joins: bool,
}

/// A question of today.
struct Asked {
    at: LocalTime,
    /// It hasn't gone out yet.
    is_planned: bool,
    words: String,
}

impl ReaderFacts {
    /// Somebody of whom nothing is known but their names and words.
    fn known_by_name(reader: Reader, names: Vec<(String, Option<String>)>, words: Vec<WordPair>) -> Self {
        Self { reader, names, known: Vec::new(), words, asked: None, joinable: None, joins: false }
    }

    /// Reads what is known of a graduate.
    pub(crate) async fn of(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<Self, Failure> {
        let jobs = tx.employments_of(graduate.id).await?;
        let job = present_job(&jobs, signed.today());
        let mut names = own_names(graduate);
        names.push((signed.office.name.clone(), None));
        names.extend(tx.staff_names().await?.into_values().flat_map(both));
        let mut contacts = Vec::new();
        if let Some(employer) = job.and_then(|job| job.details.employer) {
            names.extend(tx.employer(employer).await?.map(|employer| (employer.profile.name, None)));
            contacts = tx.employer_contacts(employer).await?;
            names.extend(contacts.iter().flat_map(|contact| both(contact.profile.name.clone())));
        }
        let deliveries = tx.deliveries_of(graduate.id, LOOKS_BACK).await?;
        let joinable = joins::of(signed, tx, &deliveries).await?;
        Ok(Self {
            reader: graduate.details.language.into(),
            names,
            known: known(tx, graduate, job, &contacts).await?,
            words: words_of(tx, CardOf::Graduate(graduate.id)).await?,
            asked: asked_today(signed, tx, graduate, &deliveries).await?,
            joinable,
            joins: false,
        })
    }

    /// The question that can be asked within these words.
    pub(crate) fn joinable(&self) -> Option<&Joinable> {
        self.joinable.as_ref()
    }

    /// Where the words ask the question with this id, nothing else will ask it today, and it is the second one by intent.
    pub(crate) fn joining(&mut self, join: &str, body: &str) {
        if self.joinable.take_if(|joinable| joinable.is_in(join) && joinable.stands_in(body)).is_some() {
            self.asked = None;
            self.joins = true;
        }
    }

    /// Everything there is to remark on a text for this reader.
    pub(crate) fn look(
        &self,
        signed: &Signed,
        text: &str,
        channel: Option<ChannelKind>,
        choices: &[&str],
    ) -> Vec<Remark> {
        let names: Vec<_> =
            self.names.iter().map(|(written, reading)| Name { written, reading: reading.as_deref() }).collect();
        let today = signed.today();
        let by = signed.calendar().next_open_day(today);
        let draft = Draft { channel, by, choices, ..Draft::new(text, today) };
        with_own_words(&self.words, |words| {
            let (known, asked_today) = (&self.known, self.asked.is_some());
            let to = Recipient { reader: self.reader, names: &names, words, known, asked_today };
            let mut found = lint(&draft, &to, &signed.app.parts.lint);
            found.retain(|remark| !self.is_joined_one(remark));
            found
        })
    }

    /// One question more than usual is what joining means (S2.3).
    fn is_joined_one(&self, remark: &Remark) -> bool {
        let one_more = remark.count.is_some_and(|count| count.found == count.limit + 1);
        self.joins && remark.rule == Rule::QuestionsMany && one_more
    }

    /// Remarks as a page shows them.
    pub(crate) fn views(&self, signed: &Signed, text: &str, remarks: &[Remark], show: Shown) -> Remarks {
        let mut shown = Remarks { is_taken: show.is_taken, ..Remarks::default() };
        for remark in remarks {
            let list = match remark.weight {
                Weight::Warn => &mut shown.warnings,
                Weight::Info => &mut shown.hints,
            };
            list.push(self.view(signed, text, remark, show));
        }
        shown
    }

    fn view(&self, signed: &Signed, text: &str, remark: &Remark, show: Shown) -> RemarkView {
        let words =
            text.get(remark.span.clone()).map(str::trim).filter(|words| !words.is_empty() && *words != text.trim());
        RemarkView {
            words: words.map(|words| glimpse(words, QUOTED)),
            said: self.said(signed, remark),
            take: can_be_taken(remark, show.may_follow)
                .map(|proposal| Take { key: key(remark, text), words: proposal.text.trim().to_owned() }),
            join: self.joinable.as_ref().filter(|_| self.may_join(remark)).map(|one| format!("{JOIN}{}", one.check_in)),
        }
    }

    fn may_join(&self, remark: &Remark) -> bool {
        remark.rule == Rule::AskedToday && self.asked.as_ref().is_some_and(|asked| asked.is_planned)
    }

    /// The sentence of a remark. Their own word is named, and so is what was asked today.
    fn said(&self, signed: &Signed, remark: &Remark) -> String {
        if let (Rule::AskedToday, Some(asked)) = (remark.rule, &self.asked) {
            let key = if asked.is_planned { "lint-asked-today-planned" } else { "lint-asked-today" };
            let clock = asked.at.format("%H:%M").to_string();
            let words = glimpse(&asked.words, QUOTED);
            return signed.say_with(key, &[("clock", clock.into()), ("words", words.into())]);
        }
        if remark.rule == Rule::TheirWord {
            let word = remark.proposal.as_ref().map(|proposal| proposal.text.clone()).unwrap_or_default();
            let key = if self.reader == Reader::Employer { "lint-their-word-company" } else { "lint-their-word" };
            return signed.say_with(key, &[("word", word.into())]);
        }
        let count = |n: Option<usize>| i64::try_from(n.unwrap_or_default()).unwrap_or(i64::MAX);
        let topic = remark.topic.map(|topic| signed.say(&format!("lint-topic-{topic}"))).unwrap_or_default();
        let blanks = [
            ("found", count(remark.count.map(|count| count.found)).into()),
            ("limit", count(remark.count.map(|count| count.limit)).into()),
            ("topic", topic.into()),
        ];
        signed.say_with(&remark.rule.word_key(), &blanks)
    }
}

/// What there is to remark on a request before the graduate reads it and the employer gets it. Their own words can be taken by one
/// press; the rest is changed in the form.
pub(crate) fn on_request(signed: &Signed, letter: &Letter, request: &Request, words: &[WordPair]) -> Remarks {
    let text = all_of(request);
    let (facts, found) = look_at_request(signed, letter, &text, words);
    let mut shown = facts.views(signed, &text, &found, Shown::default());
    for remark in shown.warnings.iter_mut().chain(&mut shown.hints) {
        if let Some(take) = remark.take.as_mut().filter(|take| !take.key.starts_with(Rule::TheirWord.as_str())) {
            take.key.clear();
        }
    }
    shown
}

/// The request with their own word in the place of ours; `None` where the words are no longer there.
pub(crate) fn with_their_word(
    signed: &Signed,
    letter: &Letter,
    request: &Request,
    words: &[WordPair],
    take: &str,
) -> Option<Request> {
    let text = all_of(request);
    let (_, found) = look_at_request(signed, letter, &text, words);
    let remark = found.iter().find(|remark| remark.rule == Rule::TheirWord && key(remark, &text) == take)?;
    let put = &remark.proposal.as_ref()?.text;
    let mut changed = request.clone();
    let mut start = 0;
    for part in parts_of(&mut changed).into_iter().filter(|part| !part.is_empty()) {
        let end = start + part.len();
        if start <= remark.span.start && remark.span.end <= end {
            part.replace_range(remark.span.start - start..remark.span.end - start, put);
            return Some(changed);
        }
        start = end + 1;
    }
    None
}

fn look_at_request(signed: &Signed, letter: &Letter, text: &str, words: &[WordPair]) -> (ReaderFacts, Vec<Remark>) {
    let mut names = vec![(letter.office.clone(), None), (letter.company.clone(), None)];
    names.extend([&letter.staff, &letter.contact, &letter.person].into_iter().flat_map(|name| both(name.clone())));
    let facts = ReaderFacts::known_by_name(Reader::Employer, names, words.to_vec());
    let choices: Vec<_> = AnswerKind::ALL.iter().map(|kind| signed.say(&format!("answer-kind-{kind}"))).collect();
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    let found = facts.look(signed, text, Some(ChannelKind::Email), &choices);
    (facts, found)
}

/// The request in one text, its parts a line each.
fn all_of(request: &Request) -> String {
    let mut request = request.clone();
    let parts = parts_of(&mut request).into_iter().filter(|part| !part.is_empty()).map(|part| part.clone());
    parts.collect::<Vec<_>>().join("\n")
}

fn parts_of(request: &mut Request) -> Vec<&mut String> {
    let mut parts = vec![&mut request.request, &mut request.purpose];
    parts.extend(request.facts.iter_mut().map(|fact| &mut fact.text));
    parts.extend([&mut request.question, &mut request.our_part]);
    parts
}

/// What there is to remark on a message template as a made-up person would get it.
pub(crate) fn on_preview(signed: &Signed, preview: &Preview, names: &[&str]) -> Remarks {
    // Made-up names: that nobody has noted how they are read is nothing to remark.
    let known = |name: &&str| ((*name).to_owned(), Some((*name).to_owned()));
    let names = names.iter().map(known).collect();
    let facts = ReaderFacts::known_by_name(preview.language.into(), names, Vec::new());
    let choices: Vec<&str> = preview.buttons.iter().map(String::as_str).collect();
    let found = facts.look(signed, &preview.text, Some(preview.channel), &choices);
    facts.views(signed, &preview.text, &found, Shown::default())
}

/// The proposal, where it can be taken. A number that would follow as a message of its own needs a way that takes both: the reader
/// would wait for one that nobody sends.
pub(crate) fn can_be_taken(remark: &Remark, may_follow: bool) -> Option<&Proposal> {
    remark.proposal.as_ref().filter(|proposal| may_follow || proposal.own_message.is_none())
}

/// What a remark's proposal is called in a form: its rule and its words.
pub(crate) fn key(remark: &Remark, text: &str) -> String {
    format!("{}|{}", remark.rule, text.get(remark.span.clone()).unwrap_or_default())
}

/// A full name and the family name, where a space sets it apart: messages use either.
fn both(name: String) -> Vec<(String, Option<String>)> {
    let family = name.split([' ', '\u{3000}']).next().filter(|family| family.len() < name.len()).map(str::to_owned);
    family.into_iter().chain([name]).map(|name| (name, None)).collect()
}

fn own_names(graduate: &Graduate) -> Vec<(String, Option<String>)> {
    let profile = &graduate.details.profile;
    let reading = |kana: &str| Some(kana.to_owned()).filter(|kana| !kana.is_empty());
    let family = profile.kana.split([' ', '\u{3000}']).next().unwrap_or_default();
    vec![(profile.name.clone(), reading(&profile.kana)), (profile.call_name().to_owned(), reading(family))]
}

/// What nobody has to ask again, because it is on record (S2.3).
async fn known(
    tx: &Tx,
    graduate: &Graduate,
    job: Option<&Employment>,
    contacts: &[EmployerContact],
) -> Result<Vec<Topic>, Failure> {
    let profile = &graduate.details.profile;
    let points = tx.contact_points(graduate.id).await?;
    let periods = tx.service_periods_of(graduate.id).await?;
    let has = |kinds: &[ContactKind]| points.iter().any(|point| kinds.contains(&point.kind));
    let facts = [
        (Topic::Phone, has(&[ContactKind::Sms, ContactKind::Phone])),
        (Topic::Email, has(&[ContactKind::Email])),
        (Topic::NameReading, !profile.kana.is_empty()),
        (Topic::Employer, job.is_some_and(|job| job.details.employer.is_some())),
        (Topic::HiredOn, job.is_some()),
        (Topic::EmployerContact, !contacts.is_empty()),
        (Topic::ContactHours, graduate.details.hours != PersonHours::default()),
        (Topic::Disability, profile.disability.is_some()),
        (Topic::Certificate, profile.certificate.is_some()),
        (Topic::CertificateExpiry, periods.iter().any(|stored| stored.period.certificate_expires_on.is_some())),
    ];
    Ok(facts.into_iter().filter(|(_, known)| *known).map(|(topic, _)| topic).collect())
}

/// The question of today: one that went out, else one that will.
async fn asked_today(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    deliveries: &[Delivery],
) -> Result<Option<Asked>, Failure> {
    let rules = &signed.app.parts.lint;
    let is_today = |at| signed.local(at).date_naive() == signed.today();
    let messages = tx.messages_of(graduate.id, None, LOOKS_BACK).await?;
    let mut waiting = deliveries.iter().filter(|delivery| {
        let question = delivery.purpose == Purpose::CheckIn || asks(&delivery.payload.text, rules);
        delivery.state == DeliveryState::Due && is_today(delivery.due_at) && question
    });
    let left = |message: &Message| said::left(message, deliveries).unwrap_or(message.at);
    let went = |message: &&Message| {
        let waits = |delivery: &Delivery| delivery.message == Some(message.id) && delivery.state == DeliveryState::Due;
        message.direction == Direction::Out && is_today(left(message)) && !deliveries.iter().any(waits)
    };
    let asked = messages.iter().filter(went).find_map(|message| {
        let body = message.body.as_ref().filter(|body| !body.choices.is_empty() || asks(&body.text, rules))?;
        Some(Asked { at: signed.local(left(message)), is_planned: false, words: body.text.clone() })
    });
    Ok(asked.or_else(|| {
        let next = waiting.next()?;
        Some(Asked { at: signed.local(next.due_at), is_planned: true, words: next.payload.text.clone() })
    }))
}
