//! Looks words over before they go out, with what the record knows of whoever will read them.

use bansou_core::contact::ContactKind;
use bansou_core::delivery::ChannelKind;
use bansou_core::escalation::AnswerKind;
use bansou_core::lint::{Draft, Name, Proposal, Reader, Recipient, Remark, Topic, Weight, asks, lint};
use bansou_core::thread::Direction;
use bansou_store::{EmployerContact, Employment, Graduate, Tx};

use crate::errors::Failure;
use crate::heads::present_job;
use crate::pages::letter::Letter;
use crate::pages::remarks::{RemarkView, Remarks, Take};
use crate::pages::settings::messages::Preview;
use crate::say::glimpse;
use crate::signed::Signed;

/// So many messages back it is looked for whether something was asked today.
const LOOKS_BACK: u64 = 20;
/// Longer words are told by their beginning.
const QUOTED: usize = 40;

/// What is known of whoever will read a message.
pub(crate) struct ReaderFacts {
    reader: Reader,
    /// As written, and how it is read where that is known.
    names: Vec<(String, Option<String>)>,
    known: Vec<Topic>,
    asked_today: bool,
}

impl ReaderFacts {
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
        Ok(Self {
            reader: graduate.details.language.into(),
            names,
            known: known(tx, graduate, job, &contacts).await?,
            asked_today: asked_today(signed, tx, graduate).await?,
        })
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
        let to = Recipient {
            reader: self.reader,
            names: &names,
            words: &[],
            known: &self.known,
            asked_today: self.asked_today,
        };
        let today = signed.today();
        let by = signed.calendar().next_open_day(today);
        lint(&Draft { channel, by, choices, ..Draft::new(text, today) }, &to, &signed.app.parts.lint)
    }
}

/// What there is to remark on a request before the graduate reads it and the employer gets it.
pub(crate) fn on_request(signed: &Signed, letter: &Letter) -> Remarks {
    let mut texts = vec![letter.request.as_str(), &letter.purpose];
    texts.extend(letter.facts.iter().map(|fact| fact.text.as_str()));
    texts.extend([letter.question.as_str(), &letter.our_part]);
    texts.retain(|text| !text.is_empty());
    let text = texts.join("\n");
    let mut names = vec![(letter.office.clone(), None), (letter.company.clone(), None)];
    names.extend([&letter.staff, &letter.contact, &letter.person].into_iter().flat_map(|name| both(name.clone())));
    let facts = ReaderFacts { reader: Reader::Employer, names, known: Vec::new(), asked_today: false };
    let choices: Vec<_> = AnswerKind::ALL.iter().map(|kind| signed.say(&format!("answer-kind-{kind}"))).collect();
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    views(signed, &text, &facts.look(signed, &text, Some(ChannelKind::Email), &choices), false)
}

/// What there is to remark on a message template as a made-up person would get it.
pub(crate) fn on_preview(signed: &Signed, preview: &Preview, names: &[&str]) -> Remarks {
    // Made-up names: that nobody has noted how they are read is nothing to remark.
    let known = |name: &&str| ((*name).to_owned(), Some((*name).to_owned()));
    let facts = ReaderFacts {
        reader: preview.language.into(),
        names: names.iter().map(known).collect(),
        known: Vec::new(),
        asked_today: false,
    };
    let choices: Vec<&str> = preview.buttons.iter().map(String::as_str).collect();
    views(signed, &preview.text, &facts.look(signed, &preview.text, Some(preview.channel), &choices), false)
}

/// The proposal, where taking it is all there is to do. One that needs a second message isn't: the reader would wait for a number
/// that nobody sends.
pub(crate) fn can_be_taken(remark: &Remark) -> Option<&Proposal> {
    remark.proposal.as_ref().filter(|proposal| proposal.own_message.is_none())
}

/// What a remark's proposal is called in a form: its rule and its words.
pub(crate) fn key(remark: &Remark, text: &str) -> String {
    format!("{}|{}", remark.rule, text.get(remark.span.clone()).unwrap_or_default())
}

/// Remarks as a page shows them.
pub(crate) fn views(signed: &Signed, text: &str, remarks: &[Remark], is_taken: bool) -> Remarks {
    let mut shown = Remarks { is_taken, ..Remarks::default() };
    for remark in remarks {
        let list = match remark.weight {
            Weight::Warn => &mut shown.warnings,
            Weight::Info => &mut shown.hints,
        };
        list.push(view(signed, text, remark));
    }
    shown
}

fn view(signed: &Signed, text: &str, remark: &Remark) -> RemarkView {
    let words = text.get(remark.span.clone()).map(str::trim).filter(|words| !words.is_empty() && *words != text.trim());
    let count = |n: Option<usize>| i64::try_from(n.unwrap_or_default()).unwrap_or(i64::MAX);
    let topic = remark.topic.map(|topic| signed.say(&format!("lint-topic-{topic}"))).unwrap_or_default();
    let blanks = [
        ("found", count(remark.count.map(|count| count.found)).into()),
        ("limit", count(remark.count.map(|count| count.limit)).into()),
        ("topic", topic.into()),
    ];
    RemarkView {
        words: words.map(|words| glimpse(words, QUOTED)),
        said: signed.say_with(&remark.rule.word_key(), &blanks),
        take: can_be_taken(remark)
            .map(|proposal| Take { key: key(remark, text), words: proposal.text.trim().to_owned() }),
    }
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
    let has = |kinds: &[ContactKind]| points.iter().any(|point| kinds.contains(&point.kind));
    let facts = [
        (Topic::Phone, has(&[ContactKind::Sms, ContactKind::Phone])),
        (Topic::Email, has(&[ContactKind::Email])),
        (Topic::NameReading, !profile.kana.is_empty()),
        (Topic::Employer, job.is_some_and(|job| job.details.employer.is_some())),
        (Topic::HiredOn, job.is_some()),
        (Topic::EmployerContact, !contacts.is_empty()),
        (Topic::Disability, profile.disability.is_some()),
        (Topic::Certificate, profile.certificate.is_some()),
    ];
    Ok(facts.into_iter().filter(|(_, known)| *known).map(|(topic, _)| topic).collect())
}

async fn asked_today(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<bool, Failure> {
    let rules = &signed.app.parts.lint;
    let today = |message: &&bansou_store::Message| {
        message.direction == Direction::Out && signed.local(message.at).date_naive() == signed.today()
    };
    let messages = tx.messages_of(graduate.id, None, LOOKS_BACK).await?;
    let asked = messages.iter().filter(today).filter_map(|message| message.body.as_ref());
    Ok(asked.into_iter().any(|body| !body.choices.is_empty() || asks(&body.text, rules)))
}
