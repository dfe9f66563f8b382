//! A graduate rests from contact, wants it again, or stops everything.

use bansou_core::graduate::PauseDates;
use bansou_core::ids::GraduateId;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewTask, Pause, Tx};
use chrono::NaiveDate;
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

/// `POST /me/resume`, also after a stop: the person's own is lifted at once, another stays until staff have spoken with them.
pub async fn resume(sent: GuestSent<Nothing, Me>) -> Answer {
    let guest = &sent.who.guest;
    let me = &sent.who.graduate;
    let Some(tx) = sent.begin().await? else {
        let done = if me.contact_stopped_at.is_some() { Done::MeAsked } else { Done::MeResumed };
        return Ok(answer::done("/me/pause", done));
    };
    let mut is_free = true;
    if me.pause.is_some() {
        tx.unpause_graduate(guest.actor(), me.id).await?;
    }
    if me.contact_stopped_at.is_some() {
        is_free = tx.lift_own_stop(guest.actor(), me.id).await?;
        tell_staff(&tx, me.id, is_free, guest.today()).await?;
    }
    tx.save().await?;
    (guest.app.parts.wake)();
    Ok(answer::done("/me/pause", if is_free { Done::MeResumed } else { Done::MeAsked }))
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

/// Somebody looks: to know of it, or to decide. Asking again on the same day, while the stop stands, is the same task.
async fn tell_staff(tx: &Tx, id: GraduateId, is_free: bool, today: NaiveDate) -> Result<(), Failure> {
    let when = if is_free { tx.now().timestamp_millis().to_string() } else { today.to_string() };
    let key = format!("wants-contact:{id}:{when}");
    let new = NewTask::program(TaskKind::Look, TaskReason::WantsContact, key, tx.now());
    tx.add_task(&NewTask { graduate: Some(id), ..new }).await?;
    Ok(())
}

async fn stop_everything(tx: &Tx, id: GraduateId) -> Result<(), Failure> {
    tx.cancel_everything_for(id).await?;
    let key = format!("stopped:{id}:{}", tx.now().timestamp_millis());
    let task = NewTask { graduate: Some(id), ..NewTask::program(TaskKind::Look, TaskReason::Stopped, key, tx.now()) };
    tx.add_task(&task).await?;
    Ok(())
}
