//! What came of a call. *Spoke* counts as contact and becomes a note when a line was written, also when the person's answer
//! ended the task while the call was being made.

use axum::extract::Path;
use bansou_core::again::call_again;
use bansou_core::ids::{ContactPointId, GraduateId, TaskId};
use bansou_core::note::{ContactMode, LANE_MAX, Lanes};
use bansou_core::task::CallOutcome;
use bansou_store::{NewNote, StoreError, Tx};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::answer;
use crate::areas::calls;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::call::CallForm;
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};

/// `POST /tasks/{id}/call`.
pub async fn post(Path(id): Path<TaskId>, sent: Sent<CallForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::CallRecorded)) };
    let task = tx.task(id).await?.ok_or(Failure::NotFound)?;
    let graduate = task.graduate.ok_or(Failure::NotFound)?;
    let (outcome, again) = match read(signed, &sent.form) {
        Ok(read) => read,
        Err(form) => {
            let page = calls::load(signed, &tx, &task, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    match tx.finish_call(signed.actor(), id, outcome, again).await {
        // The person was quicker: what the caller has to say counts all the same, and they see the answer.
        Err(StoreError::Refused { .. }) if task.drop_reason.is_some() => {
            write_down(signed, &tx, graduate, outcome, &sent.form).await?;
            tx.save().await?;
            return Ok(answer::done(&format!("/inbox/{graduate}"), Done::AnsweredMeanwhile));
        }
        // A colleague was quicker; their word on the task stands, and the caller's own words are kept beside it.
        Err(StoreError::Refused { .. }) => {
            write_down(signed, &tx, graduate, outcome, &sent.form).await?;
            tx.save().await?;
            let has_words = !sent.form.memo.trim().is_empty();
            return Ok(answer::done("/today", if has_words { Done::CallWordsKept } else { Done::CallWasRecorded }));
        }
        other => other?,
    }
    write_down(signed, &tx, graduate, outcome, &sent.form).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done("/today", Done::CallRecorded))
}

/// `POST /tasks/{id}/start`: the reader begins to call, and colleagues see it. While somebody else is calling the page says
/// who, and nothing changes.
pub async fn start(Path(id): Path<TaskId>, sent: Sent<Nothing>) -> Answer {
    let there = format!("/tasks/{id}/call");
    let Some(tx) = sent.begin().await? else { return Ok(answer::see(&there)) };
    match tx.start_call(sent.signed.staff.id, id).await {
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&there)),
        other => other?,
    }
    tx.save().await?;
    Ok(answer::done(&there, Done::CallStarted))
}

/// `POST /tasks/{id}/release`: the reader doesn't call after all.
pub async fn release(Path(id): Path<TaskId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::see("/today")) };
    match tx.release_call(sent.signed.staff.id, id).await {
        // The reader's mark isn't there any more: nothing was held.
        Err(StoreError::Refused { .. }) => return Ok(answer::see("/today")),
        other => other?,
    }
    tx.save().await?;
    Ok(answer::see("/today"))
}

/// The number that was called and its version.
fn dialled(form: &CallForm) -> Option<(ContactPointId, i64)> {
    let (point, version) = form.dialled.split_once(':')?;
    Some((point.parse().ok()?, version.parse().ok()?))
}

async fn write_down(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    outcome: CallOutcome,
    form: &CallForm,
) -> Result<(), Failure> {
    let memo = form.memo.trim();
    if let Some((point, version)) = dialled(form).filter(|_| outcome == CallOutcome::WrongNumber) {
        tx.number_is_wrong(signed.actor(), graduate, point, version).await?;
    }
    let spoke = outcome == CallOutcome::Spoke;
    if spoke {
        tx.set_last_contact(graduate, signed.today(), ContactMode::Phone).await?;
        tx.spoke_with(signed.actor(), graduate, signed.now()).await?;
    }
    if memo.is_empty() {
        return Ok(());
    }
    let mode = if spoke { ContactMode::Phone } else { ContactMode::None };
    let lanes = Lanes { observed: memo.to_owned(), ..Lanes::default() };
    tx.save_note(&NewNote { graduate, author: signed.staff.id, mode, happened_at: signed.now(), lanes }).await?;
    Ok(())
}

/// What came of it, and when to call again.
type Read = (CallOutcome, Option<DateTime<Utc>>);

fn read(signed: &Signed, form: &CallForm) -> Result<Read, Box<FormState<CallForm>>> {
    let mut state = FormState::new(form.clone());
    let now = form.memo.trim().chars().count();
    if now > LANE_MAX {
        state = state.with_error("memo", FieldError::TooLong { max: LANE_MAX, now });
    }
    let Ok(outcome) = form.outcome.parse::<CallOutcome>() else {
        return Err(Box::new(state.with_error("outcome", FieldError::NotAChoice)));
    };
    let again = match outcome {
        CallOutcome::Later => later(signed, form).map(Some),
        _ => Ok(call_again(outcome, signed.now(), &signed.calendar())),
    };
    match again {
        Ok(again) if state.is_valid() => Ok((outcome, again)),
        Ok(_) => Err(Box::new(state)),
        Err((field, error)) => Err(Box::new(state.with_error(field, error))),
    }
}

fn later(signed: &Signed, form: &CallForm) -> Result<DateTime<Utc>, (&'static str, FieldError)> {
    let on: NaiveDate = form.later_on.parse().map_err(|_| {
        ("later_on", if form.later_on.is_empty() { FieldError::Required } else { FieldError::NotADate })
    })?;
    let at =
        NaiveTime::parse_from_str(form.later_at.trim(), "%H:%M").map_err(|_| ("later_at", FieldError::NotATime))?;
    let moment = on.and_time(at).and_local_timezone(signed.office.zone).earliest();
    let moment = moment.ok_or(("later_at", FieldError::NotATime))?.to_utc();
    if moment > signed.now() {
        return Ok(moment);
    }
    // Later today is a good answer: then it is the time that is wrong.
    Err((if on < signed.today() { "later_on" } else { "later_at" }, FieldError::Passed))
}
