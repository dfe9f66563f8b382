//! The switch that stops everything this office sends.

use serde_json::json;

use crate::answer;
use crate::areas::settings::{SENDING_STOPPED, sending_page};
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::settings::sending::SendingForm;
use crate::sent::Sent;
use crate::signed::{Answer, Manager};

/// `POST /settings/sending/stop`: `why` and `sure`.
pub async fn stop(sent: Sent<SendingForm, Manager>) -> Answer {
    let Manager(signed) = &sent.signed;
    let there = "/settings/sending";
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(there, Done::SendingStopped)) };
    let mut form = FormState::new(sent.form.clone());
    if sent.form.why.trim().is_empty() {
        form = form.with_error("why", FieldError::Required);
    }
    if sent.form.sure != "yes" {
        form = form.with_error("sure", FieldError::NotAChoice);
    }
    if !form.is_valid() {
        let page = sending_page(signed, &tx, form).await?;
        return signed.refused(&tx, &page).await;
    }
    let office = tx.own_office().await?;
    // Whoever stops first is the one who is named.
    if office.sending_stopped_at.is_none() {
        tx.stop_sending(Some(tx.now())).await?;
        tx.say_why_stopped(sent.form.why.trim()).await?;
        tx.audit(signed.actor(), SENDING_STOPPED, "office", Some(office.id.0), json!({})).await?;
        tx.save().await?;
    }
    Ok(answer::done(there, Done::SendingStopped))
}

/// `POST /settings/sending/resume`: `sure`.
pub async fn resume(sent: Sent<SendingForm, Manager>) -> Answer {
    let Manager(signed) = &sent.signed;
    let there = "/settings/sending";
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(there, Done::SendingResumed)) };
    if sent.form.sure != "yes" {
        let form = FormState::new(sent.form.clone()).with_error("sure", FieldError::NotAChoice);
        let page = sending_page(signed, &tx, form).await?;
        return signed.refused(&tx, &page).await;
    }
    let office = tx.own_office().await?;
    if office.sending_stopped_at.is_some() {
        tx.stop_sending(None).await?;
        tx.audit(signed.actor(), "sending.resume", "office", Some(office.id.0), json!({})).await?;
        tx.save().await?;
        (signed.app.parts.wake)();
    }
    Ok(answer::done(there, Done::SendingResumed))
}
