//! A person decides about a message that went wrong: once more, it arrived, or a call instead.

use axum::extract::Path;
use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::{DeliveryId, EscalationId, GraduateId};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{Delivery, NewDelivery, NewTask, StoreError, Tx};
use serde::Deserialize;

use crate::errors::Failure;
use crate::pages::Done;
use crate::pages::today::Decision;
use crate::resend::{self, NoResend};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::{answer, people};

/// The raw form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DecideForm {
    decision: String,
}

/// `POST /deliveries/{id}/decide`.
pub async fn post(Path(id): Path<DeliveryId>, sent: Sent<DecideForm>) -> Answer {
    let signed = &sent.signed;
    let Ok(decision) = sent.form.decision.parse::<Decision>() else { return Err(Failure::Unreadable) };
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::Saved)) };
    let delivery = tx.delivery(id).await?.ok_or(Failure::NotFound)?;
    // Its words name a day as it was when they were written. Where the promise stands, its time is told anew.
    if decision == Decision::Resend
        && let Some(message) = delivery.message
        && let Some(promise) = tx.promise_told_by(message).await?
    {
        return Ok(answer::done(&format!("/promises/{}", promise.id), Done::TellAgain));
    }
    match tx.decide_delivery(signed.actor(), id, decision == Decision::Arrived).await {
        Err(StoreError::Refused { .. }) => return Ok(answer::see("/today")),
        other => other?,
    }
    match decision {
        Decision::Arrived => arrived(signed, &tx, &delivery).await?,
        Decision::Call => call(&tx, &delivery).await?,
        // Nothing is decided then: the row stays, and says what to mend.
        Decision::Resend if resend(signed, &tx, &delivery).await?.is_err() => {
            return Ok(answer::done("/today", Done::CannotResend));
        }
        Decision::Resend => {}
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done("/today", if decision == Decision::Resend { Done::ReplySent } else { Done::Saved }))
}

/// Nobody has to find out any more what became of a request's mail.
async fn arrived(signed: &Signed, tx: &Tx, delivery: &Delivery) -> Result<(), Failure> {
    let Some(request) = about(tx, delivery).await? else { return Ok(()) };
    Ok(tx.finish_request_tasks(signed.actor(), request, &[TaskReason::RequestMail]).await?)
}

async fn call(tx: &Tx, delivery: &Delivery) -> Result<(), Failure> {
    // It's the employer who didn't get it: the same task that the engine makes, once.
    if let Some(request) = about(tx, delivery).await? {
        tx.add_task(&NewTask::request_mail(request, delivery.id, tx.now())).await?;
        return Ok(());
    }
    let reason = if delivery.state == DeliveryState::NeedsPerson { TaskReason::Unclear } else { TaskReason::Refused };
    let task = NewTask {
        graduate: delivery.graduate,
        check_in: delivery.check_in,
        delivery: Some(delivery.id),
        ..NewTask::program(TaskKind::Call, reason, format!("decided:{}", delivery.id), tx.now())
    };
    tx.add_task(&task).await?;
    Ok(())
}

/// The request that a mail carried, and the graduate it is about.
async fn about(tx: &Tx, delivery: &Delivery) -> Result<Option<(EscalationId, GraduateId)>, Failure> {
    let Some(id) = delivery.escalation else { return Ok(None) };
    Ok(tx.escalation(id).await?.map(|request| (id, request.graduate)))
}

/// The same words once more, to the address that holds now, unless there is none (any more). Only for staff's own words: a
/// check-in has its own ways.
async fn resend(signed: &Signed, tx: &Tx, old: &Delivery) -> Result<Result<(), NoResend>, Failure> {
    let Some(graduate) = old.graduate.filter(|_| old.purpose == Purpose::Reply) else {
        return Err(Failure::Unreadable);
    };
    let graduate = people::graduate(tx, graduate).await?;
    let points = tx.contact_points(graduate.id).await?;
    let (point, slot) = match resend::way(signed, &graduate, &points, old.channel_kind) {
        Ok(way) => way,
        Err(why) => return Ok(Err(why)),
    };
    tx.add_delivery(&NewDelivery {
        graduate: Some(graduate.id),
        check_in: None,
        message: old.message,
        escalation: None,
        purpose: Purpose::Reply,
        slot: format!("again:{}", old.id),
        channel_id: old.channel_id.clone(),
        channel_kind: old.channel_kind,
        contact_point: Some((point.id, point.version)),
        address: point.address.clone(),
        payload: old.payload.clone(),
        due_at: slot.due_at,
        window: (slot.window.from, slot.window.to),
        expires_at: slot.window.to,
    })
    .await?;
    Ok(Ok(()))
}
