//! A task that isn't a call is done.

use axum::extract::Path;
use bansou_core::ids::TaskId;
use bansou_core::task::TaskKind;
use bansou_store::StoreError;

use crate::answer;
use crate::errors::Failure;
use crate::pages::Done;
use crate::sent::{Nothing, Sent};
use crate::signed::Answer;

/// `POST /tasks/{id}/done`. A call is done by saying what came of it: its form opens instead.
pub async fn post(Path(id): Path<TaskId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::TaskDone)) };
    let task = tx.task(id).await?.ok_or(Failure::NotFound)?;
    if task.kind == TaskKind::Call && task.graduate.is_some() {
        return Ok(answer::see(&format!("/tasks/{id}/call")));
    }
    match tx.finish_task(sent.signed.actor(), id).await {
        // A colleague was faster: it is done, which is what was wanted.
        Err(StoreError::Refused { .. }) => return Ok(answer::see("/today")),
        other => other?,
    }
    let seq = tx.newest_audit_seq().await?;
    tx.save().await?;
    Ok(answer::done_undo("/today", Done::TaskDone, seq))
}
