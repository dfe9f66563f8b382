//! A holding reply in one tap: the words and the promise in one unit of work (S2.1). The worker sends it; the answer stays due.

use axum::extract::Path;
use bansou_core::commitment::{CommitmentKind, CommitmentSource};
use bansou_core::delivery::Payload;
use bansou_core::ids::GraduateId;
use bansou_core::thread::MessageBody;
use bansou_store::{NewCommitment, OutboundMessage, StoreError, Tx};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::message_reply::plan;
use super::thread_close::unseen;
use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::clock::HoldForm;
use crate::pages::thread::ReplyForm;
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};
use crate::threads::Slot;
use crate::{people, promises, threads};

/// `POST /inbox/{graduate}/hold`: with `at` it sends; with a date and a time it shows the words first.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<HoldForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/inbox/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::HoldingSent)) };
    // "We have read it" is said of nothing that nobody has read. Two colleagues who hold at this moment come one after the other; the
    // second finds the first one's promise.
    if let Some(again) = unseen(signed, &tx, id, &sent.form.seen).await? {
        return Ok(again);
    }
    let thread = tx.thread(id).await?;
    if thread.as_ref().is_some_and(|thread| thread.crisis_since.is_some()) {
        return Ok(answer::done(&there, Done::NotHeld));
    }
    let graduate = people::graduate(&tx, id).await?;
    let way = promises::way(signed, &tx, &graduate).await?;
    let is_due = thread.is_some_and(|thread| thread.reply_due_since.is_some());
    let held = tx.commitments_open_of(id).await?.iter().any(|one| one.source == CommitmentSource::Holding && one.told);
    // Somebody answered or promised meanwhile: the page shows it, and nothing is said twice.
    let Some((kind, slot)) = way.filter(|_| is_due && !held) else { return Ok(answer::see(&there)) };
    if sent.form.at.is_empty() {
        return look(signed, &tx, id, &sent.form, &slot).await;
    }
    let at = DateTime::parse_from_rfc3339(&sent.form.at).map_err(|_| Failure::Unreadable)?.to_utc();
    if at <= slot.due_at || sent.form.channel != kind.as_str() {
        // Left open too long: the proposed time has passed, or there is another way now.
        return again(signed, &tx, id, FormState::new(sent.form.clone()).with_error("hold_on", FieldError::Passed))
            .await;
    }
    if !promises::can_be_kept(signed, at) {
        let wrong = FormState::new(sent.form.clone()).with_error("hold_time", FieldError::OutsideHours);
        return again(signed, &tx, id, wrong).await;
    }
    let text = promises::words(signed, &tx, &graduate, ("holding", kind), (at, slot.due_at), "").await?;
    let payload = Payload { text: text.clone(), ..Payload::default() };
    let body = MessageBody { text, choices: Vec::new(), attachment: None };
    let outbound = OutboundMessage { graduate: id, channel: kind, body, check_in: None };
    let message = tx.add_staff_notice(signed.staff.id, &outbound).await?;
    plan(signed, &tx, &outbound, message, &slot, payload).await?;
    let promise = NewCommitment {
        graduate: id,
        staff: signed.staff.id,
        source: CommitmentSource::Holding,
        kind: CommitmentKind::Do,
        text: signed.say("promise-to-answer"),
        due_at: at,
        message: Some(message),
        note: None,
        escalation: None,
    };
    tx.add_commitment(signed.actor(), &promise).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::HoldingSent))
}

/// A time of the writer's own, with its words before anything is sent.
async fn look(signed: &Signed, tx: &Tx, id: GraduateId, form: &HoldForm, slot: &Slot) -> Answer {
    let fields = (form.hold_on.as_str(), form.hold_time.as_str());
    let state = FormState::new(form.clone());
    let found = promises::moment(signed, fields, ("hold_on", "hold_time"));
    let found = found.and_then(|at| if at > slot.due_at { Ok(at) } else { Err(("hold_time", FieldError::Passed)) });
    match found {
        Ok(at) if !promises::can_be_kept(signed, at) => {
            again(signed, tx, id, state.with_error("hold_time", FieldError::OutsideHours)).await
        }
        Ok(at) => show(signed, tx, id, state, Some(at)).await,
        Err((field, error)) => again(signed, tx, id, state.with_error(field, error)).await,
    }
}

async fn again(signed: &Signed, tx: &Tx, id: GraduateId, form: FormState<HoldForm>) -> Answer {
    show(signed, tx, id, form, None).await
}

async fn show(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    form: FormState<HoldForm>,
    first: Option<DateTime<Utc>>,
) -> Answer {
    let graduate = people::graduate(tx, id).await?;
    let is_wrong = !form.is_valid();
    let mut page = threads::load(signed, tx, id, None, FormState::new(ReplyForm::default())).await?;
    page.promises.hold = promises::hold(signed, tx, &graduate, form, first).await?;
    if is_wrong { signed.refused(tx, &page).await } else { signed.page(tx, &page).await }
}

/// What the presser had seen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct WaitForm {
    seen: String,
}

/// `POST /inbox/{graduate}/wait`: the answer has to wait for something the person tells us.
pub async fn wait(Path(id): Path<GraduateId>, sent: Sent<WaitForm>) -> Answer {
    let there = format!("/inbox/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ReplyWaits)) };
    if let Some(again) = unseen(&sent.signed, &tx, id, &sent.form.seen).await? {
        return Ok(again);
    }
    match tx.wait_for_them(sent.signed.staff.id, id).await {
        // Answered meanwhile, or a colleague said so already.
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&there)),
        other => other?,
    }
    tx.save().await?;
    Ok(answer::done(&there, Done::ReplyWaits))
}

/// `POST /inbox/{graduate}/wait-no-longer`.
pub async fn wait_no_longer(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let there = format!("/inbox/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::see(&there)) };
    match tx.wait_no_longer(sent.signed.staff.id, id).await {
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&there)),
        other => other?,
    }
    tx.save().await?;
    Ok(answer::see(&there))
}
