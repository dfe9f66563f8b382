//! Leave is called off; the next page offers to take that back.

use axum::extract::Path;
use bansou_core::ids::AbsenceId;

use crate::answer;
use crate::areas::absences::own;
use crate::pages::Done;
use crate::sent::{Nothing, Sent};
use crate::signed::Answer;

/// `POST /absences/{id}/cancel`.
pub async fn post(Path(id): Path<AbsenceId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/absences", Done::AbsenceCancelled)) };
    own(signed, &tx, id).await?;
    tx.cancel_absence(signed.actor(), id).await?;
    let seq = tx.newest_audit_seq().await?;
    tx.save().await?;
    Ok(answer::done_undo("/absences", Done::AbsenceCancelled, seq))
}
