//! A task is put off, with a reason for colleagues.

use axum::extract::Path;
use bansou_core::again;
use bansou_core::ids::TaskId;
use bansou_core::note::{ContactMode, LANE_MAX, Lanes};
use bansou_core::task::CallOutcome;
use bansou_store::{NewNote, StoreError};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::answer;
use crate::errors::Failure;
use crate::pages::Done;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// The raw form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LaterForm {
    until: String,
    why: String,
}

/// `POST /tasks/{id}/later`.
pub async fn post(Path(id): Path<TaskId>, sent: Sent<LaterForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::PutOff)) };
    let task = tx.task(id).await?.ok_or(Failure::NotFound)?;
    let Some(at) = until(signed, &sent.form.until) else { return Err(Failure::Unreadable) };
    match tx.finish_call(signed.actor(), id, CallOutcome::Later, Some(at)).await {
        Err(StoreError::Refused { .. }) => return Ok(answer::see("/today")),
        other => other?,
    }
    let seq = tx.newest_audit_seq().await?;
    let why: String = sent.form.why.trim().chars().take(LANE_MAX).collect();
    if let Some(graduate) = task.graduate.filter(|_| !why.is_empty()) {
        let lanes = Lanes { observed: why, ..Lanes::default() };
        let (author, happened_at) = (signed.staff.id, signed.now());
        tx.save_note(&NewNote { graduate, author, mode: ContactMode::None, happened_at, lanes }).await?;
    }
    tx.save().await?;
    Ok(answer::done_undo("/today", Done::PutOff, seq))
}

/// The moment a choice stands for: 13:00 today (or in an hour, when that is over), or when the office opens on the day meant.
fn until(signed: &Signed, choice: &str) -> Option<DateTime<Utc>> {
    let (now, calendar) = (signed.now(), signed.calendar());
    let hour = now + TimeDelta::hours(1);
    match choice {
        "hour" => Some(hour),
        "afternoon" => {
            let one = signed.today().and_time(NaiveTime::from_hms_opt(13, 0, 0)?);
            Some(one.and_local_timezone(signed.office.zone).earliest()?.to_utc().max(hour))
        }
        "tomorrow" => Some(again::next_opening(now, &calendar)),
        "next_week" => Some(again::next_week(now, &calendar)),
        _ => None,
    }
}
