//! Words of crisis: somebody takes it up, hands it back, or says that it has been looked after.

use axum::extract::Path;
use axum::response::Response;
use bansou_core::ids::GraduateId;
use bansou_store::StoreError;

use crate::answer;
use crate::errors::Failure;
use crate::pages::Done;
use crate::sent::{Nothing, Sent};
use crate::signed::Answer;

/// `POST /graduates/{id}/crisis/take`. Refused where a colleague was first; the page then shows who.
pub async fn take(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there(id), Done::CrisisTaken)) };
    let step = tx.take_crisis(sent.signed.staff.id, id).await;
    if was_refused(step)? {
        return Ok(answer::see(&there(id)));
    }
    tx.save().await?;
    Ok(answer::done(&there(id), Done::CrisisTaken))
}

/// `POST /graduates/{id}/crisis/release`.
pub async fn release(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(stay(id)) };
    if !was_refused(tx.release_crisis(sent.signed.actor(), id).await)? {
        tx.save().await?;
    }
    Ok(stay(id))
}

/// `POST /graduates/{id}/crisis/close`.
pub async fn close(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(stay(id)) };
    if !was_refused(tx.close_crisis(sent.signed.actor(), id).await)? {
        tx.save().await?;
    }
    Ok(stay(id))
}

fn was_refused(step: Result<(), StoreError>) -> Result<bool, Failure> {
    match step {
        Ok(()) => Ok(false),
        Err(StoreError::Refused { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

fn there(id: GraduateId) -> String {
    format!("/inbox/{id}")
}

fn stay(id: GraduateId) -> Response {
    answer::see(&there(id))
}
