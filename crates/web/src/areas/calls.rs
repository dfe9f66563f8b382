//! One call: who this is, what makes one sure, the number, and what came of it. Opening changes nothing.

use axum::extract::Path;
use bansou_core::hours::day_text;
use bansou_core::ids::{StaffId, TaskId};
use bansou_core::task::CallOutcome;
use bansou_store::{Task, TaskState, Tx};
use chrono::Datelike;

use crate::errors::Failure;
use crate::form::FormState;
use crate::lanes;
use crate::pages::call::{CallForm, CallPage, CallTry};
use crate::people;
use crate::signed::{Answer, Signed};
use crate::{cards, care, said, todo};

/// Lines of what was said last.
const RECENT: u64 = 5;
/// Earlier tries shown.
const TRIES: u64 = 10;

/// `GET /tasks/{id}/call`.
pub async fn page(signed: Signed, Path(id): Path<TaskId>) -> Answer {
    let task = signed.read().await?.task(id).await?.ok_or(Failure::NotFound)?;
    let tx = signed.look_at(task.graduate.ok_or(Failure::NotFound)?).await?;
    let typed = CallForm { later_on: signed.today().to_string(), ..CallForm::default() };
    let page = load(&signed, &tx, &task, FormState::new(typed)).await?;
    signed.page(&tx, &page).await
}

/// The page of a task that is about a graduate.
pub(crate) async fn load(
    signed: &Signed,
    tx: &Tx,
    task: &Task,
    form: FormState<CallForm>,
) -> Result<CallPage, Failure> {
    let graduate = people::graduate(tx, task.graduate.ok_or(Failure::NotFound)?).await?;
    let names = people::staff_names(tx).await?;
    let points = tx.contact_points(graduate.id).await?;
    let cadence = tx.cadence(graduate.id).await?;
    let written_down = cadence.and_then(|cadence| Some((cadence.last_contact_on?, cadence.last_contact_mode)));
    let wrote_at = tx.thread(graduate.id).await?.and_then(|thread| thread.last_outbound_at);
    let tries = tx.audit_of(task.id.0, TRIES).await?.into_iter().filter(|row| row.action == "task.call");
    let tries = tries.filter_map(|row| {
        let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
        let outcome: CallOutcome = detail.get("outcome")?.as_str()?.parse().ok()?;
        let by = row.actor.id.and_then(|id| names.get(&StaffId(id)).cloned()).unwrap_or_default();
        Some(CallTry { at: signed.local(row.at), by, outcome })
    });
    Ok(CallPage {
        task: task.id.to_string(),
        reason: task.reason,
        why: todo::why(signed, task),
        phone: people::phone(&points),
        // A form that comes back speaks of the number that was called, not of one that came since.
        dialled: match form.typed.dialled.as_str() {
            "" => people::number(&points).map(|point| format!("{}:{}", point.id, point.version)).unwrap_or_default(),
            typed => typed.to_owned(),
        },
        hours: day_text(graduate.details.hours.week.on(signed.today().weekday())),
        card: cards::summary(signed, tx, &graduate).await?,
        last_contact: people::last_contact(signed, written_down, wrote_at),
        recent: said::last(signed, tx, &graduate, &names, RECENT).await?,
        tries: tries.collect(),
        answered: task.drop_reason.and(task.done_at).map(|at| signed.local(at)),
        calling: people::calling(signed, task, &names),
        is_open: task.state == TaskState::Open,
        lanes: lanes::choices(signed, tx, graduate.id, &form.typed.lanes).await?,
        form,
        outcomes: CallOutcome::ALL,
        person: care::head(signed, tx, &graduate).await?,
    })
}
