//! What happened with one graduate, newest first.

use std::cmp::Reverse;
use std::collections::HashMap;

use bansou_core::check_in::CheckInState;
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::{EmployerContactId, GraduateId, MessageId, StaffId};
use bansou_core::share::Share;
use bansou_core::sign::Sign;
use bansou_core::thread::{Author, Direction};
use bansou_store::{CheckIn, Employment, Escalation, Graduate, Message, MessagesBefore, Note, NoteState, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::actions::summary_write;
use crate::errors::Failure;
use crate::pages::LocalTime;
use crate::pages::graduate::{Entry, Job, NoteView, ShowEntries, What};
use crate::pages::signs::ShowSigns;
use crate::signed::Signed;
use crate::{people, said};

/// Rows of each kind that are looked at; more than years of daily contact have.
const EACH: u64 = 2_000;
/// Messages that are looked at for one page of entries.
const MESSAGES: u64 = 200;
/// So long after a talk it is offered to put it in writing.
const SUMMARY_FOR: TimeDelta = TimeDelta::days(7);
/// Entries of one page.
const SHOWN: usize = 60;

/// One page of what happened.
pub(super) struct Shown {
    /// Newest first.
    pub(super) entries: Vec<Entry>,
    /// What lies before this moment comes on the next page.
    pub(super) older: Option<LocalTime>,
}

type Happened = (LocalTime, What);
type Names = HashMap<StaffId, String>;

/// The newest entries before a moment, of one kind or of all.
pub(super) async fn shown(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    show: ShowEntries,
    before: Option<DateTime<Utc>>,
) -> Result<Shown, Failure> {
    let id = graduate.id;
    let wants = |kind| show == ShowEntries::All || show == kind;
    let names = people::staff_names(tx).await?;
    let mut all: Vec<Happened> = Vec::new();
    let mut floor = None;
    if wants(ShowEntries::CheckIn) {
        let rows = tx.check_ins_of(id, EACH).await?;
        // One that waits for its hour hasn't happened.
        let rows = rows.iter().filter(|row| row.state != CheckInState::Planned || row.planned_at <= tx.now());
        all.extend(rows.map(|row| (signed.local(row.sent_at.unwrap_or(row.planned_at)), check_in(signed, row))));
    }
    if wants(ShowEntries::Message) {
        let cursor = before.map(|at| MessagesBefore { at, id: MessageId(Uuid::nil()) });
        let rows = tx.messages_of(id, cursor, MESSAGES).await?;
        // What lies before the oldest of them isn't known yet, so the page ends there.
        floor = rows.last().filter(|_| rows.len() as u64 == MESSAGES).map(|row| signed.local(row.at));
        all.extend(messages(signed, tx, graduate, &names, rows).await?);
    }
    if wants(ShowEntries::Note) {
        all.extend(notes(signed, tx, id, &names).await?);
    }
    if wants(ShowEntries::Sign) {
        all.extend(tx.signs_of(id).await?.into_iter().map(|placed| sign(signed, placed.sign)));
    }
    if wants(ShowEntries::Share) {
        all.extend(shares(signed, tx, id, &names).await?);
    }
    if show == ShowEntries::All {
        all.extend(tx.escalations_of(id).await?.iter().flat_map(|request| requests(signed, request, &names)));
        all.extend(handed_over(signed, tx, id, &names).await?);
    }
    all.retain(|(at, _)| before.is_none_or(|before| *at < before));
    let older = cut(&mut all, |(at, _)| *at, floor, SHOWN);
    let mut last = None;
    let entry = |(at, what): Happened| {
        let day = at.date_naive();
        let new_day = (last != Some(day)).then_some(day);
        last = Some(day);
        Entry { at, new_day, what }
    };
    Ok(Shown { entries: all.into_iter().map(entry).collect(), older })
}

/// Sorts newest first and keeps one page: what is newer than `floor`, at most `size`, and whatever has the same moment as the last.
/// Gives the moment before which the next page begins, if anything is left.
fn cut<T, M: Ord + Copy>(all: &mut Vec<T>, at: impl Fn(&T) -> M, floor: Option<M>, size: usize) -> Option<M> {
    all.sort_by_key(|entry| Reverse(at(entry)));
    if let Some(floor) = floor {
        all.retain(|entry| at(entry) > floor);
    }
    let Some(last) = all.get(size - 1).map(&at) else {
        // A page that ends at the floor is followed by what is at the floor.
        return floor.map(|floor| all.last().map_or(floor, &at));
    };
    let whole = all.partition_point(|entry| at(entry) >= last);
    let has_more = whole < all.len() || floor.is_some();
    all.truncate(whole);
    has_more.then_some(last)
}

pub(super) fn job(job: &Employment, employer: Option<String>, reason: Option<String>) -> Job {
    Job {
        id: job.id.to_string(),
        employer: employer.unwrap_or_default(),
        hired_on: job.details.hired_on,
        left_on: job.details.left_on,
        leaving_reason: reason.unwrap_or_default(),
        disclosure: job.details.disclosure,
        supported_change: job.details.supported_change,
    }
}

fn check_in(signed: &Signed, row: &CheckIn) -> What {
    let template = signed.app.parts.templates.get(&row.template);
    // What has no button was said in the person's own words, which stand in the timeline as a message.
    let answer = row.answer.as_deref().map(|code| {
        let choice = template.and_then(|template| template.choice(code));
        choice.map_or_else(|| signed.say("entry-answer-words"), |choice| choice.label.clone())
    });
    let why = match row.state_reason {
        Some(reason) => signed.say(&format!("check-in-why-{reason}")),
        None => serde_json::from_str(&row.reason).map(|reason| signed.due_reason(&reason)).unwrap_or_default(),
    };
    What::CheckIn {
        state: row.state,
        why,
        question: template.map(|it| signed.say(&format!("message-template-{}", it.key))).unwrap_or_default(),
        answer: answer.unwrap_or_default(),
    }
}

fn sign(signed: &Signed, sign: Sign) -> Happened {
    let source = signed.say(&format!("sign-source-{}", sign.source));
    let step = signed.say(&format!("sign-step-{}", sign.state.step()));
    let what = What::Sign {
        label: signed.say(&format!("sign-category-{}", sign.category)),
        standing: format!("{source} · {step}"),
        href: format!("/signs?show={}#sign-{}", ShowSigns::of(sign.state.step()), sign.id),
        quote: sign.quote,
    };
    (signed.local(sign.suggested_at), what)
}

async fn messages(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    names: &Names,
    rows: Vec<Message>,
) -> Result<Vec<Happened>, Failure> {
    let deliveries = tx.deliveries_of(graduate.id, EACH).await?;
    let sent: HashMap<MessageId, DeliveryState> =
        deliveries.iter().filter_map(|delivery| Some((delivery.message?, delivery.state))).collect();
    // A check-in has an entry of its own.
    let shown = rows.into_iter().filter(|message| message.check_in.is_none() || message.author != Author::Program);
    let view = |message: Message| {
        let by = match message.author {
            Author::Graduate => graduate.details.profile.name.clone(),
            Author::Staff => message.staff.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            Author::Program => signed.office.name.clone(),
        };
        // It stands where it was written, which is what happened then; when it left is told beside it.
        let said = said::said_at(signed, message.at, said::left(&message, &deliveries));
        let sent_at = said.written_at.map(|_| said.at);
        let gone = if message.is_not_theirs { "message-not-theirs" } else { "message-unsent" };
        let text = message.body.map_or_else(|| signed.say(gone), |body| signed.in_words(&body));
        let delivery = sent.get(&message.id).copied().filter(|_| message.direction == Direction::Out);
        let what =
            What::Message { direction: message.direction, by, channel: message.channel, text, delivery, sent_at };
        (signed.local(message.at), what)
    };
    Ok(shown.map(view).collect())
}

async fn notes(signed: &Signed, tx: &Tx, id: GraduateId, names: &Names) -> Result<Vec<Happened>, Failure> {
    let notes = tx.notes_of(id, EACH).await?.into_iter().filter(|note| note.state == NoteState::Saved);
    let view = |note: Note| {
        let by = names.get(&note.author).cloned().unwrap_or_default();
        (
            signed.local(note.happened_at),
            What::Note {
                id: note.id.to_string(),
                by,
                mode: note.mode,
                more: note_view(signed, &note),
                lanes: note.lanes,
                is_corrected: note.corrects.is_some(),
            },
        )
    };
    Ok(notes.map(view).collect())
}

fn note_view(signed: &Signed, note: &Note) -> NoteView {
    let is_fresh = note.happened_at + SUMMARY_FOR > signed.now();
    let can_sum_up = note.mode.is_spoken() && note.summary.is_none() && is_fresh;
    NoteView {
        next_on: note.next.map(|next| next.on),
        sets_date: note.next.is_some_and(|next| next.sets_date),
        minutes: note.minutes,
        from_message: note.message.map(|message| format!("/inbox/{}#message-{message}", note.graduate)),
        is_summed_up: note.summary.is_some(),
        to_summary: can_sum_up.then(|| summary_write::path(note.id)),
    }
}

async fn shares(signed: &Signed, tx: &Tx, id: GraduateId, names: &Names) -> Result<Vec<Happened>, Failure> {
    let shares = tx.shares_of(id).await?;
    let ids: Vec<EmployerContactId> = shares.iter().map(|share| share.contact).collect();
    let contacts = tx.employer_contacts_by_id(&ids).await?.into_iter();
    let contacts: HashMap<_, _> = contacts.map(|contact| (contact.id, contact.profile.name)).collect();
    let view = |share: Share| {
        let to = contacts.get(&share.contact).cloned().unwrap_or_default();
        let by = names.get(&share.shared_by).cloned().unwrap_or_default();
        (signed.local(share.at), What::Share { to, means: share.means, words: share.words, by })
    };
    Ok(shares.into_iter().map(view).collect())
}

/// When a colleague was asked to look after the thread, or took over a late answer.
async fn handed_over(signed: &Signed, tx: &Tx, id: GraduateId, names: &Names) -> Result<Vec<Happened>, Failure> {
    let name = |id: StaffId| names.get(&id).cloned().unwrap_or_default();
    let asked = tx.handovers_about(id).await?.into_iter().map(|asked| {
        let blanks = [("from", name(asked.from).into()), ("to", name(asked.to).into())];
        (asked.at, signed.say_with("event-handed", &blanks))
    });
    let taken = tx.thread(id).await?.and_then(|thread| thread.last_handed).map(|taken| {
        let text = match taken.to {
            Some(to) => signed.say_with("event-taken-over", &[("to", name(to).into())]),
            None => signed.say("event-taken-over-team"),
        };
        (taken.at, text)
    });
    Ok(asked.chain(taken).map(|(at, text)| (signed.local(at), What::Event { text })).collect())
}

/// What became of a request to an employer. That it was sent is among the shares.
fn requests(signed: &Signed, request: &Escalation, names: &Names) -> Vec<Happened> {
    let by = names.get(&request.created_by).cloned().unwrap_or_default();
    let steps = [
        (Some(request.created_at), signed.say_with("event-request-draft", &[("by", by.into())])),
        (request.read_at, signed.say("event-request-read")),
        (request.answered_at, answered(signed, request)),
    ];
    let step = |(at, text): (Option<_>, String)| Some((signed.local(at?), What::Event { text }));
    steps.into_iter().filter_map(step).collect()
}

/// What the employer answered, in a line.
fn answered(signed: &Signed, request: &Escalation) -> String {
    let Some(answer) = &request.answer else { return signed.say("event-request-answered") };
    let kind = signed.say(&format!("answer-kind-{}", answer.kind));
    signed.say_with("event-request-answer", &[("kind", kind.into())])
}

#[cfg(test)]
mod tests {
    use super::cut;

    fn pages(mut left: Vec<u32>, size: usize) -> Vec<Vec<u32>> {
        let mut pages = Vec::new();
        loop {
            let mut page = left.clone();
            let older = cut(&mut page, |at| *at, None, size);
            pages.push(page);
            let Some(before) = older else { return pages };
            left.retain(|at| *at < before);
        }
    }

    #[test]
    fn entries_of_one_moment_are_never_parted_and_none_is_lost() {
        assert_eq!(pages(vec![1, 5, 3, 3, 3, 2], 2), [vec![5, 3, 3, 3], vec![2, 1]]);
        assert_eq!(pages(vec![1, 2], 2), [vec![2, 1]]);
        assert_eq!(pages(vec![], 2), [Vec::<u32>::new()]);
    }

    #[test]
    fn a_page_ends_where_one_kind_is_not_known_yet() {
        let mut all = vec![9, 7, 4, 1];
        assert_eq!(cut(&mut all, |at| *at, Some(4), 10), Some(7));
        assert_eq!(all, [9, 7]);
        let mut all = vec![3, 1];
        assert_eq!(cut(&mut all, |at| *at, Some(4), 10), Some(4));
        assert!(all.is_empty());
    }
}
