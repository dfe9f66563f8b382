//! What happened with one graduate, newest first.

use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::ids::{EmployerContactId, GraduateId, MessageId};
use bansou_core::thread::{Author, Direction};
use bansou_store::{CheckIn, Employment, NoteState, Tx};
use std::collections::HashMap;

use crate::errors::Failure;
use crate::pages::LocalTime;
use crate::pages::graduate::{Entry, Job, ShowEntries, What};
use crate::people;
use crate::signed::Signed;

/// Entries of each kind that are looked at.
const EACH: u64 = 100;
/// Entries shown.
const SHOWN: usize = 150;

pub(super) async fn entries(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    show: ShowEntries,
) -> Result<Vec<Entry>, Failure> {
    let wants = |kind| show == ShowEntries::All || show == kind;
    let mut all: Vec<(LocalTime, What)> = Vec::new();
    if wants(ShowEntries::CheckIn) {
        let rows = tx.check_ins_of(id, EACH).await?;
        all.extend(rows.iter().map(|row| (signed.local(row.sent_at.unwrap_or(row.planned_at)), check_in(signed, row))));
    }
    if wants(ShowEntries::Message) {
        all.extend(messages(signed, tx, id).await?);
    }
    if wants(ShowEntries::Note) {
        all.extend(notes(signed, tx, id).await?);
    }
    if wants(ShowEntries::Sign) {
        for placed in tx.signs_of(id).await? {
            let sign = placed.sign;
            let source = signed.say(&format!("sign-source-{}", sign.source));
            let step = signed.say(&format!("sign-step-{}", sign.state.step()));
            let what = What::Sign {
                label: signed.say(&format!("sign-category-{}", sign.category)),
                quote: sign.quote.clone(),
                standing: format!("{source} · {step}"),
                href: format!("/signs#sign-{}", sign.id),
            };
            all.push((signed.local(sign.suggested_at), what));
        }
    }
    if wants(ShowEntries::Share) {
        all.extend(shares(signed, tx, id).await?);
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.truncate(SHOWN);
    let mut last = None;
    let entry = |(at, what): (LocalTime, What)| {
        let day = at.date_naive();
        let new_day = (last != Some(day)).then_some(day);
        last = Some(day);
        Entry { at, new_day, what }
    };
    Ok(all.into_iter().map(entry).collect())
}

pub(super) fn job(job: &Employment, employer: Option<String>, reason: Option<String>) -> Job {
    Job {
        id: job.id.to_string(),
        employer: employer.unwrap_or_default(),
        hired_on: job.details.hired_on,
        left_on: job.details.left_on,
        leaving_reason: reason.unwrap_or_default(),
        disclosure: job.details.disclosure,
    }
}

fn check_in(signed: &Signed, row: &CheckIn) -> What {
    let template = signed.app.parts.templates.get(&row.template);
    let answer = row.answer.as_deref().map(|code| {
        template
            .and_then(|template| template.choice(code))
            .map_or_else(|| code.to_owned(), |choice| choice.label.clone())
    });
    let why = match row.state_reason {
        Some(reason) => signed.say(&format!("check-in-why-{reason}")),
        None => serde_json::from_str(&row.reason).map(|reason| signed.due_reason(&reason)).unwrap_or_default(),
    };
    What::CheckIn {
        state: row.state,
        why,
        question: template.map(|template| template.plain.clone()).unwrap_or_default(),
        answer: answer.unwrap_or_default(),
    }
}

async fn messages(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Vec<(LocalTime, What)>, Failure> {
    let names = people::staff_names(tx).await?;
    let graduate = people::graduate(tx, id).await?;
    let sent: HashMap<MessageId, DeliveryState> =
        tx.deliveries_of(id, EACH * 3).await?.into_iter().filter_map(|d| Some((d.message?, d.state))).collect();
    let messages = tx.messages_of(id, None, EACH).await?;
    let shown = messages.into_iter().filter(|message| message.check_in.is_none() || message.author != Author::Program);
    let view = |message: bansou_store::Message| {
        let by = match message.author {
            Author::Graduate => graduate.details.profile.name.clone(),
            Author::Staff => message.staff.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            Author::Program => signed.office.name.clone(),
        };
        let text = message.body.map_or_else(|| signed.say("message-unsent"), |body| body.text);
        let delivery = sent.get(&message.id).copied().filter(|_| message.direction == Direction::Out);
        let channel: ChannelKind = message.channel;
        let what = What::Message { direction: message.direction, by, channel, text, delivery };
        (signed.local(message.at), what)
    };
    Ok(shown.map(view).collect())
}

async fn notes(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Vec<(LocalTime, What)>, Failure> {
    let names = people::staff_names(tx).await?;
    let notes = tx.notes_of(id, EACH).await?.into_iter().filter(|note| note.state == NoteState::Saved);
    let view = |note: bansou_store::Note| {
        let by = names.get(&note.author).cloned().unwrap_or_default();
        (signed.local(note.happened_at), What::Note { id: note.id.to_string(), by, mode: note.mode, lanes: note.lanes })
    };
    Ok(notes.map(view).collect())
}

async fn shares(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Vec<(LocalTime, What)>, Failure> {
    let names = people::staff_names(tx).await?;
    let mut contacts: HashMap<EmployerContactId, String> = HashMap::new();
    let mut entries = Vec::new();
    for share in tx.shares_of(id).await? {
        if let std::collections::hash_map::Entry::Vacant(place) = contacts.entry(share.contact) {
            place.insert(
                tx.employer_contact(share.contact).await?.map(|contact| contact.profile.name).unwrap_or_default(),
            );
        }
        let to = contacts.get(&share.contact).cloned().unwrap_or_default();
        let by = names.get(&share.shared_by).cloned().unwrap_or_default();
        entries.push((signed.local(share.at), What::Share { to, means: share.means, words: share.words, by }));
    }
    Ok(entries)
}
