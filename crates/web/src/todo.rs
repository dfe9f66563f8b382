//! Where the work of a task is done: one press away from wherever the task is shown.

use bansou_core::task::{CallOutcome, TaskReason};
use bansou_store::Task;

use crate::actions::summary_write;
use crate::pages::today::RowAction;
use crate::signed::Signed;

/// Why a task is to be done, with the moment at which the person expects it.
pub(crate) fn why(signed: &Signed, task: &Task) -> String {
    let why = signed.say(&format!("task-why-{}", task.reason));
    if task.outcome != Some(CallOutcome::Later) {
        return why;
    }
    signed.say_with("why-agreed", &[("why", why.into()), ("at", signed.moment(task.due_at).into())])
}

/// What a task is about besides its person, with the button that leads there; `None` where the thread is the place.
pub(crate) fn place_of(task: &Task) -> Option<(RowAction, String)> {
    match (task.reason, task.note, task.escalation) {
        (TaskReason::SummaryLeft, Some(note), _) => Some((RowAction::Summary, summary_write::path(note))),
        // A date is set where the note is put right.
        (TaskReason::SetDate, Some(note), _) => Some((RowAction::SetDate, format!("/notes/{note}/edit#next_on"))),
        (_, Some(note), _) => Some((RowAction::Step, format!("/notes/{note}"))),
        (_, _, Some(request)) => Some((RowAction::Request, format!("/escalations/{request}"))),
        _ => None,
    }
}
