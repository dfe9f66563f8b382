//! A pause ends before its time.

use axum::extract::Path;
use bansou_core::ids::GraduateId;

use crate::answer;
use crate::pages::Done;
use crate::sent::{Nothing, Sent};
use crate::signed::Answer;

/// `POST /graduates/{id}/resume`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Resumed)) };
    tx.unpause_graduate(sent.signed.actor(), id).await?;
    tx.save().await?;
    (sent.signed.app.parts.wake)();
    Ok(answer::done(&there, Done::Resumed))
}
