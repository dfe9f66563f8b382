//! What a stand-in gets: one page of what is open and what was last.

use std::collections::HashMap;

use axum::extract::Path;
use bansou_core::hours::day_text;
use bansou_core::ids::{GraduateId, NoteId, StaffId};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{Note, NoteState, Task, TaskState, Tx};
use chrono::Datelike;

use super::page::open_signs;
use crate::errors::Failure;
use crate::pages::handover::{HandoverPage, OpenStep, ShortNote};
use crate::people;
use crate::signed::{Answer, Signed};
use crate::{cards, care, said, todo};

/// Notes that are shown.
const NOTES: usize = 10;
/// Notes that are looked at for them: those that were put right are left out.
const NOTES_BACK: u64 = 40;
/// Messages that are shown.
const MESSAGES: u64 = 8;

/// `GET /graduates/{id}/handover`. Opening it leaves a read row, like the person's page.
pub(super) async fn show(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let graduate = people::graduate(&tx, id).await?;
    let names = people::staff_names(&tx).await?;
    let thread = tx.thread(id).await?;
    let points = tx.contact_points(id).await?;
    let profile = &graduate.details.profile;
    let notes = tx.notes_of(id, NOTES_BACK).await?.into_iter();
    let notes = notes.filter(|note| note.state == NoteState::Saved).take(NOTES);
    let page = HandoverPage {
        read_at: signed.local(signed.now()),
        crisis: people::crisis(&signed, &tx, &graduate, thread.as_ref()).await?,
        stop: people::stop(&signed, &tx, &graduate).await?,
        card: cards::summary(&signed, &tx, &graduate).await?,
        crisis_plan: profile.crisis_plan.clone(),
        phone: people::phone(&points),
        hours: day_text(graduate.details.hours.week.on(signed.today().weekday())),
        reply_due_since: thread.and_then(|thread| thread.reply_due_since).map(|since| signed.local(since)),
        open: open(&signed, &tx, id).await?,
        signs: open_signs(&signed, &tx, id).await?,
        notes: notes.map(|note| short(&signed, note, &names)).collect(),
        messages: said::last(&signed, &tx, &graduate, &names, MESSAGES).await?.into_iter().rev().collect(),
        person: care::head(&signed, &tx, &graduate).await?,
    };
    signed.page(&tx, &page).await
}

/// Open tasks and promises by their day. What a note leads to is said in the note's own words.
async fn open(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Vec<OpenStep>, Failure> {
    let mut tasks: Vec<Task> = tx.tasks_of(id).await?;
    tasks.retain(|task| task.state == TaskState::Open);
    tasks.sort_by_key(|task| task.due_at);
    let ids: Vec<NoteId> = tasks.iter().filter_map(|task| task.note).collect();
    let notes = tx.notes_by_id(&ids).await?;
    let step = |task: &Task| {
        let why = todo::why(signed, task);
        let note = task.note.and_then(|id| notes.get(&id));
        let words = note.filter(|_| task.reason != TaskReason::SummaryLeft).map(|note| note.lanes.next.clone());
        let on = signed.local(task.due_at).date_naive();
        OpenStep {
            on,
            is_late: on < signed.today(),
            href: href(task, id),
            why: words.is_some().then(|| why.clone()),
            what: words.unwrap_or(why),
        }
    };
    let mut open: Vec<OpenStep> = tasks.iter().map(step).collect();
    for promise in tx.commitments_open_of(id).await? {
        open.push(OpenStep {
            on: signed.local(promise.due_at).date_naive(),
            is_late: promise.due_at < signed.now(),
            what: promise.text,
            why: Some(signed.say("handover-promise")),
            href: format!("/promises/{}", promise.id),
        });
    }
    open.sort_by_key(|step| step.on);
    Ok(open)
}

fn href(task: &Task, graduate: GraduateId) -> String {
    if task.kind == TaskKind::Call {
        return format!("/tasks/{}/call", task.id);
    }
    todo::place_of(task).map_or_else(|| format!("/inbox/{graduate}"), |(_, href)| href)
}

fn short(signed: &Signed, note: Note, names: &HashMap<StaffId, String>) -> ShortNote {
    ShortNote {
        id: note.id.to_string(),
        at: signed.local(note.happened_at),
        by: names.get(&note.author).cloned().unwrap_or_default(),
        mode: note.mode,
        lanes: note.lanes,
    }
}
