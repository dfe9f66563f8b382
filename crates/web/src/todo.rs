//! Where the work of a task is done: one press away from wherever the task is shown.

use bansou_core::task::TaskReason;
use bansou_store::Task;

use crate::actions::summary_write;
use crate::pages::today::RowAction;

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
