//! "No reply needed", with the reason (S2.2).

use axum::extract::Path;
use bansou_core::ids::GraduateId;
use bansou_store::StoreError;
use serde::Deserialize;

use crate::answer;
use crate::errors::Failure;
use crate::pages::Done;
use crate::sent::Sent;
use crate::signed::Answer;

/// The raw form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    reason: String,
}

/// `POST /inbox/{graduate}/close`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<CloseForm>) -> Answer {
    let Ok(reason) = sent.form.reason.parse() else { return Err(Failure::Unreadable) };
    let there = format!("/inbox/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ThreadClosed)) };
    match tx.close_thread(sent.signed.actor(), id, reason).await {
        // Somebody else answered or closed it meanwhile: nothing is due, which is what was wanted.
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&there)),
        other => other?,
    }
    let seq = tx.newest_audit_seq().await?;
    tx.save().await?;
    Ok(answer::done_undo(&there, Done::ThreadClosed, seq))
}
