//! "No reply needed", with the reason (S2.2).

use axum::extract::Path;
use axum::response::Response;
use bansou_core::ids::GraduateId;
use bansou_store::{StoreError, Tx};
use serde::Deserialize;

use crate::errors::Failure;
use crate::form::FormState;
use crate::pages::Done;
use crate::pages::thread::ReplyForm;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::{answer, desk, people, threads};

/// The raw form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    reason: String,
    seen: String,
}

/// `POST /inbox/{graduate}/close`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<CloseForm>) -> Answer {
    let Ok(reason) = sent.form.reason.parse() else { return Err(Failure::Unreadable) };
    let there = format!("/inbox/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ThreadClosed)) };
    if let Some(again) = unseen(&sent.signed, &tx, id, &sent.form.seen).await? {
        return Ok(again);
    }
    match tx.close_thread(sent.signed.actor(), id, reason).await {
        // Somebody else answered or closed it meanwhile: nothing is due, which is what was wanted.
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&there)),
        other => other?,
    }
    let seq = tx.newest_audit_seq().await?;
    tx.save().await?;
    Ok(answer::done_undo(&there, Done::ThreadClosed, seq))
}

/// The thread once more, where the person wrote something that the presser hasn't seen: nobody decides about words unread.
/// `seen` is the last message that was on the page.
pub(super) async fn unseen(signed: &Signed, tx: &Tx, id: GraduateId, seen: &str) -> Result<Option<Response>, Failure> {
    let graduate = people::graduate(tx, id).await?;
    // What comes in at this moment comes before or after, never between.
    tx.hold_thread(id).await?;
    if !desk::is_overtaken(tx, id, seen).await? {
        return Ok(None);
    }
    let mut page = threads::load(signed, tx, id, None, FormState::new(ReplyForm::default())).await?;
    page.desk.meanwhile = desk::meanwhile(signed, tx, &graduate, seen).await?;
    Ok(Some(signed.refused(tx, &page).await?))
}
