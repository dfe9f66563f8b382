//! The switches that stop everything this office sends, or one of its channels.

use axum::extract::Path;

use crate::answer;
use crate::app::ChannelInfo;
use crate::areas::settings::sending_page;
use crate::errors::Failure;
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
    if tx.stop_office(signed.actor(), sent.form.why.trim()).await? {
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
    if tx.resume_office(signed.actor()).await? {
        tx.save().await?;
        (signed.app.parts.wake)();
    }
    Ok(answer::done(there, Done::SendingResumed))
}

/// `POST /settings/sending/channels/{id}/stop`: `sure`.
pub async fn stop_channel(Path(id): Path<String>, sent: Sent<SendingForm, Manager>) -> Answer {
    switch(&id, &sent, true).await
}

/// `POST /settings/sending/channels/{id}/resume`: `sure`.
pub async fn resume_channel(Path(id): Path<String>, sent: Sent<SendingForm, Manager>) -> Answer {
    switch(&id, &sent, false).await
}

async fn switch(id: &str, sent: &Sent<SendingForm, Manager>, stops: bool) -> Answer {
    let Manager(signed) = &sent.signed;
    let own = |channel: &&ChannelInfo| channel.id == id && channel.office == signed.office.id;
    signed.app.parts.channels.iter().find(own).ok_or(Failure::NotFound)?;
    let done = if stops { Done::ChannelStopped } else { Done::ChannelResumed };
    let there = answer::done("/settings/sending", done);
    let Some(tx) = sent.begin().await? else { return Ok(there) };
    if sent.form.sure != "yes" {
        let form = FormState::new(SendingForm::default()).with_error("channel_sure", FieldError::NotAChoice);
        let page = sending_page(signed, &tx, form).await?;
        return signed.refused(&tx, &page).await;
    }
    let changed =
        if stops { tx.halt_channel(signed.actor(), id).await? } else { tx.release_channel(signed.actor(), id).await? };
    if changed {
        tx.save().await?;
        (signed.app.parts.wake)();
    }
    Ok(there)
}
