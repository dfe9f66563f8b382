//! A draft gets the company's own word in the place of ours (S2.0b).

use axum::extract::Path;
use bansou_core::escalation::EscalationState;
use bansou_core::ids::EscalationId;
use bansou_store::StoreError;
use serde::Deserialize;

use crate::answer;
use crate::areas::escalations::their_words;
use crate::errors::Failure;
use crate::pages::Done;
use crate::remarks::with_their_word;
use crate::requests::addressed;
use crate::sent::Sent;
use crate::signed::Answer;

/// The proposal that was pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TakeForm {
    take: String,
}

/// `POST /escalations/{id}/words`: `take` (a [`crate::pages::remarks::Take`]). Words that are gone change nothing.
pub async fn post(Path(id): Path<EscalationId>, sent: Sent<TakeForm>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, Done::RequestSaved)) };
    let draft = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    let words = their_words(&tx, &draft).await?;
    let letter = addressed(&tx, &signed.office, &draft).await?.letter;
    let changed = with_their_word(signed, &letter, &draft.request, &words, &sent.form.take);
    let Some(changed) = changed.filter(|_| draft.state == EscalationState::Draft) else {
        return Ok(answer::see(&place));
    };
    match tx.edit_escalation(signed.actor(), id, &changed, draft.review_on).await {
        Ok(()) => {
            tx.save().await?;
            Ok(answer::done(&place, Done::RequestSaved))
        }
        // It was sent meanwhile, or the longer word doesn't fit: the form says which.
        Err(StoreError::Refused { .. } | StoreError::Request(_)) => Ok(answer::see(&format!("{place}/edit"))),
        Err(error) => Err(error.into()),
    }
}
