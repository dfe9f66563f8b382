//! Writing a request, and changing one that hasn't been sent.

use axum::extract::Path;
use bansou_core::ids::{EscalationId, SignId};
use bansou_store::{NewEscalation, StoreError};

use crate::answer;
use crate::areas::escalations::{ask_page, edit_page, is_agreed, own_recipient, read};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::escalate::EscalateForm;
use crate::requests::recipients;
use crate::sent::Sent;
use crate::signed::Answer;

/// `POST /signs/{id}/escalate`.
pub async fn post(Path(id): Path<SignId>, sent: Sent<EscalateForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/escalations", Done::RequestSaved)) };
    let sign = tx.sign(id).await?.filter(is_agreed).ok_or(Failure::NotFound)?;
    let today = signed.today();
    let who = recipients(&tx, sign.sign.graduate, today).await?.unwrap_or_default();
    let written = match read(sent.form.clone(), &who, today) {
        Ok(written) => written,
        Err(form) => return signed.refused(&tx, &ask_page(signed, &tx, &sign, *form).await?).await,
    };
    let new = NewEscalation {
        graduate: sign.sign.graduate,
        sign: id,
        contact: written.contact,
        topic: written.topic,
        request: written.request,
        review_on: written.review_on,
        created_by: signed.staff.id,
    };
    match tx.draft_escalation(&new, today).await {
        Ok(made) => {
            tx.save().await?;
            Ok(answer::done(&format!("/escalations/{made}"), Done::RequestSaved))
        }
        // The consent or the job ended between reading and writing.
        Err(StoreError::NotCovered(_) | StoreError::Refused { .. }) => {
            let form = FormState::new(sent.form.clone()).with_error("recipient", FieldError::NotAChoice);
            signed.refused(&tx, &ask_page(signed, &tx, &sign, form).await?).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /escalations/{id}/edit`.
pub async fn edit(Path(id): Path<EscalationId>, sent: Sent<EscalateForm>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, Done::RequestSaved)) };
    let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    let who = own_recipient(signed, &tx, &request).await?.unwrap_or_default();
    let written = match read(sent.form.clone(), &who, signed.today()) {
        Ok(written) => written,
        Err(form) => return signed.refused(&tx, &edit_page(signed, &tx, &request, *form).await?).await,
    };
    match tx.edit_escalation(signed.actor(), id, &written.request, written.review_on).await {
        Ok(()) => {
            tx.save().await?;
            Ok(answer::done(&place, Done::RequestSaved))
        }
        // It was sent meanwhile: what went out stays as it is.
        Err(StoreError::Refused { .. }) => Ok(answer::see(&place)),
        Err(error) => Err(error.into()),
    }
}
