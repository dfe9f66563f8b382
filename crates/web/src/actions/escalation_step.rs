//! The steps of a request besides sending it: read by the graduate, tried, looked at again, taken back.

use axum::extract::Path;
use bansou_core::escalation::EscalationState;
use bansou_core::ids::EscalationId;
use bansou_core::roster::parse_date;
use bansou_store::{Escalation, ReadHow, StoreError, Tx};
use serde::Deserialize;
use serde_json::json;

use crate::answer;
use crate::areas::escalations::{hindered, request_page};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::escalation::{EscalationPage, Obstacle, TriedForm};
use crate::requests::{ASKED, not_yet, settle};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};

/// The words that were on the screen, and how the graduate read them.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReadForm {
    words: String,
    how: String,
    agreed: String,
}

/// `POST /escalations/{id}/read`.
pub async fn read(Path(id): Path<EscalationId>, sent: Sent<ReadForm>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let how: Option<ReadHow> = sent.form.how.parse().ok();
    let done = if how == Some(ReadHow::OwnPage) { Done::RequestAsked } else { Done::RequestRead };
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, done)) };
    let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    let how = how.ok_or(Failure::Unreadable)?;
    if let Some(obstacle) = unread(&request, &sent.form.words) {
        return hindered(signed, &tx, &request, obstacle).await;
    }
    let stepped = if how == ReadHow::OwnPage {
        tx.audit(signed.actor(), ASKED, "escalation", Some(id.0), json!({ "graduate": request.graduate })).await
    } else {
        if sent.form.agreed != "yes" && not_yet(&tx, &request).await?.is_some() {
            return hindered(signed, &tx, &request, Obstacle::NotYet).await;
        }
        settle(&tx, signed.actor(), &request).await?;
        tx.escalation_read(signed.actor(), id, &sent.form.words, how, signed.today()).await
    };
    finish(signed, tx, &request, stepped, done).await
}

/// `POST /escalations/{id}/tried`.
pub async fn tried(Path(id): Path<EscalationId>, sent: Sent<TriedForm>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, Done::RequestTried)) };
    let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    let wrong = match parse_date(&sent.form.review_on) {
        Ok(day) if day > signed.today() => {
            let stepped = tx.escalation_tried(signed.actor(), id, day).await;
            return finish(signed, tx, &request, stepped, Done::RequestTried).await;
        }
        Ok(_) => FieldError::NotInFuture,
        Err(_) => FieldError::NotADate,
    };
    let page = request_page(signed, &tx, &request).await?;
    let page = EscalationPage { tried: FormState::new(sent.form.clone()).with_error("review_on", wrong), ..page };
    signed.refused(&tx, &page).await
}

/// `POST /escalations/{id}/reviewed`.
pub async fn reviewed(Path(id): Path<EscalationId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, Done::RequestReviewed)) };
    let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    let stepped = tx.escalation_reviewed(signed.actor(), id).await;
    finish(signed, tx, &request, stepped, Done::RequestReviewed).await
}

/// `POST /escalations/{id}/withdraw`.
pub async fn withdraw(Path(id): Path<EscalationId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, Done::RequestWithdrawn)) };
    let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    settle(&tx, signed.actor(), &request).await?;
    let stepped = tx.withdraw_escalation(signed.actor(), id).await;
    finish(signed, tx, &request, stepped, Done::RequestWithdrawn).await
}

/// Why these words can't be read now.
fn unread(request: &Escalation, words: &str) -> Option<Obstacle> {
    let as_shown = request.state == EscalationState::Draft && request.words_mark() == words;
    (!as_shown).then_some(Obstacle::Changed)
}

/// Saves a step, or shows the request as it stands with what was in the way.
async fn finish(signed: &Signed, tx: Tx, request: &Escalation, stepped: Result<(), StoreError>, done: Done) -> Answer {
    let place = format!("/escalations/{}", request.id);
    match stepped {
        Ok(()) => {
            tx.save().await?;
            Ok(answer::done(&place, done))
        }
        Err(StoreError::Refused { .. }) => hindered(signed, &tx, request, Obstacle::Changed).await,
        // Time has passed over the draft: the form says what is wrong.
        Err(StoreError::Request(_)) => Ok(answer::see(&format!("{place}/edit"))),
        Err(error) => Err(error.into()),
    }
}
