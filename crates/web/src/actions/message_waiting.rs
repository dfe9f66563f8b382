//! A reply that waits for its moment: taken back, sent now, or given another moment.

use axum::extract::Path;
use bansou_core::ids::{DeliveryId, GraduateId};
use bansou_core::window::SendDecision;
use bansou_store::{Graduate, Tx};
use chrono::{DateTime, Utc};

use crate::desk::{self, WrongMoment, place};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::desk::{LaterForm, WaitingForm, WaitingStep};
use crate::pages::thread::ReplyForm;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::threads::{self, slot_at};
use crate::{answer, joins, people};

/// `POST /inbox/{graduate}/waiting/{delivery}`.
pub async fn post(Path((id, delivery)): Path<(GraduateId, DeliveryId)>, sent: Sent<WaitingForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::see(&place(id))) };
    let graduate = people::graduate(&tx, id).await?;
    let waits = tx.delivery(delivery).await?.filter(|waits| waits.graduate == Some(id));
    waits.ok_or(Failure::NotFound)?;
    let Ok(step) = sent.form.what.parse::<WaitingStep>() else { return Err(Failure::Unreadable) };
    match step {
        WaitingStep::TakeBack => take_back(signed, tx, id, delivery).await,
        WaitingStep::Now => {
            let asked = LaterForm { when: "now".to_owned(), ..LaterForm::default() };
            move_to(signed, tx, &graduate, delivery, &asked).await
        }
        WaitingStep::Move => {
            let WaitingForm { when, on, at, .. } = sent.form.clone();
            let asked = LaterForm { when, on, at, ..LaterForm::default() };
            move_to(signed, tx, &graduate, delivery, &asked).await
        }
    }
}

/// The words come back into the box; where somebody has begun others there, before them.
async fn take_back(signed: &Signed, tx: Tx, id: GraduateId, delivery: DeliveryId) -> Answer {
    let Some(back) = tx.take_back(signed.actor(), delivery).await? else {
        return Ok(answer::done(&place(id), Done::ReplyGone));
    };
    let begun = tx.draft(signed.staff.id, id).await?.map(|draft| draft.text).unwrap_or_default();
    let words = if begun.is_empty() { back.text } else { format!("{}\n\n{begun}", back.text) };
    tx.save_draft(signed.staff.id, id, &words).await?;
    tx.save().await?;
    Ok(answer::done_at(&place(id), Done::ReplyTakenBack, "reply"))
}

async fn move_to(signed: &Signed, tx: Tx, graduate: &Graduate, delivery: DeliveryId, asked: &LaterForm) -> Answer {
    let is_now = asked.when == "now";
    let at = if is_now { now(signed, graduate) } else { desk::moment(signed, graduate, asked) };
    let at = match at {
        Ok(at) if !joins::fits(signed, asks_today(&tx, delivery).await?, at) => {
            Err(("on", FieldError::QuestionOfToday))
        }
        at => at,
    };
    let at = match at {
        Ok(at) => at,
        Err((field, wrong)) => {
            let mut page = threads::load(signed, &tx, graduate.id, None, FormState::<ReplyForm>::default()).await?;
            page.desk.later = FormState::new(asked.clone()).with_error(field, wrong);
            page.desk.moving = Some(delivery.to_string());
            return signed.refused(&tx, &page).await;
        }
    };
    let slot = slot_at(signed, &graduate.details.hours, at).map_err(|_| Failure::Unreadable)?;
    let window = (slot.window.from, slot.window.to);
    let moved = tx.move_reply(signed.staff.id, delivery, slot.due_at, window).await?;
    if !moved {
        return Ok(answer::done(&place(graduate.id), Done::ReplyGone));
    }
    tx.save().await?;
    if is_now {
        (signed.app.parts.wake)();
        return Ok(answer::done(&place(graduate.id), Done::ReplySent));
    }
    Ok(answer::done_at(&place(graduate.id), Done::ReplyLater, "waiting"))
}

/// Whether its words ask a question that was planned.
async fn asks_today(tx: &Tx, delivery: DeliveryId) -> Result<bool, Failure> {
    let Some(message) = tx.delivery(delivery).await?.and_then(|waits| waits.message) else { return Ok(false) };
    Ok(tx.message(message).await?.is_some_and(|message| message.check_in.is_some()))
}

/// The present moment, if the message may go now.
fn now(signed: &Signed, graduate: &Graduate) -> Result<DateTime<Utc>, WrongMoment> {
    match desk::decision(signed, graduate, signed.now()) {
        SendDecision::Now { .. } => Ok(signed.now()),
        _ => Err(("on", FieldError::OutsideHours)),
    }
}
