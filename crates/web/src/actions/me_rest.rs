//! A graduate rests from contact, wants it again, or stops everything.

use bansou_core::graduate::PauseDates;
use bansou_core::ids::GraduateId;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewTask, Pause, Tx};
use serde::Deserialize;

use crate::answer;
use crate::areas::me::{month_until, week_until};
use crate::errors::Failure;
use crate::guest::{GuestSent, Me};
use crate::pages::Done;
use crate::sent::Nothing;
use crate::signed::Answer;

/// How long to rest: `week`, `month` or `open`.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct RestForm {
    length: String,
}

/// `POST /me/pause`.
pub async fn pause(sent: GuestSent<RestForm, Me>) -> Answer {
    let guest = &sent.who.guest;
    let today = guest.today();
    let until = match sent.form.length.as_str() {
        "week" => Some(week_until(today)),
        "month" => Some(month_until(today)),
        "open" => None,
        _ => return Err(Failure::Unreadable),
    };
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/me/pause", Done::MePaused)) };
    let pause = Pause { dates: PauseDates { from: today, until }, reason: String::new() };
    tx.pause_graduate(guest.actor(), sent.who.graduate.id, &pause).await?;
    tx.save().await?;
    (guest.app.parts.wake)();
    Ok(answer::done("/me/pause", Done::MePaused))
}

/// `POST /me/resume`, also after a stop.
pub async fn resume(sent: GuestSent<Nothing, Me>) -> Answer {
    let guest = &sent.who.guest;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/me/pause", Done::MeResumed)) };
    let me = &sent.who.graduate;
    if me.pause.is_some() {
        tx.unpause_graduate(guest.actor(), me.id).await?;
    }
    if me.contact_stopped_at.is_some() {
        tx.allow_contact(guest.actor(), me.id).await?;
    }
    tx.save().await?;
    (guest.app.parts.wake)();
    Ok(answer::done("/me/pause", Done::MeResumed))
}

/// `POST /me/stop`: honoured at once, as a STOP in the chat is.
pub async fn stop(sent: GuestSent<Nothing, Me>) -> Answer {
    let guest = &sent.who.guest;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/me/pause", Done::MeStopped)) };
    let me = &sent.who.graduate;
    // Also over a stop of the office's: from here on it is the person's own.
    tx.stop_contact(guest.actor(), me.id).await?;
    if me.contact_stopped_at.is_none() {
        stop_everything(&tx, me.id).await?;
    }
    tx.save().await?;
    (guest.app.parts.wake)();
    Ok(answer::done("/me/pause", Done::MeStopped))
}

async fn stop_everything(tx: &Tx, id: GraduateId) -> Result<(), Failure> {
    tx.cancel_everything_for(id).await?;
    let key = format!("stopped:{id}:{}", tx.now().timestamp_millis());
    let task = NewTask { graduate: Some(id), ..NewTask::program(TaskKind::Look, TaskReason::Stopped, key, tx.now()) };
    tx.add_task(&task).await?;
    Ok(())
}
