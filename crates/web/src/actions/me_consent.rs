//! A graduate withdraws a consent: one tap, no reason, at once.

use axum::extract::Path;
use bansou_core::ids::ConsentId;
use bansou_store::StoreError;

use crate::answer;
use crate::errors::Failure;
use crate::guest::{GuestSent, Me};
use crate::pages::Done;
use crate::sent::Nothing;
use crate::signed::Answer;

/// `POST /me/consents/{id}/withdraw`.
pub async fn withdraw(Path(id): Path<ConsentId>, sent: GuestSent<Nothing, Me>) -> Answer {
    let guest = &sent.who.guest;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/me/sharing", Done::MeWithdrawn)) };
    let consent = tx.consent(id).await?.filter(|consent| consent.graduate == sent.who.graduate.id);
    consent.ok_or(Failure::NotFound)?;
    match tx.withdraw_consent(guest.actor(), id, guest.today()).await {
        // Withdrawn before, in another window or by staff: it is as the person wants it.
        Ok(_) | Err(StoreError::Refused { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    tx.save().await?;
    Ok(answer::done("/me/sharing", Done::MeWithdrawn))
}
