//! What came of a call. *Spoke* counts as contact, and what was written becomes a note whatever came of it, also when the person's
//! answer ended the task while the call was being made. After a talk the written summary is the next page (S2.14).

use axum::extract::Path;
use axum::response::Response;
use bansou_core::again::call_again;
use bansou_core::hours::PersonHours;
use bansou_core::ids::{ContactPointId, GraduateId, NoteId, TaskId};
use bansou_core::note::ContactMode;
use bansou_core::task::CallOutcome;
use bansou_store::{NewNote, StoreError, Tx};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

use crate::actions::summary_write;
use crate::answer;
use crate::areas::calls;
use crate::errors::Failure;
use crate::form::{FARTHEST, FieldError, FormState};
use crate::lanes::{self, Wrong};
use crate::pages::Done;
use crate::pages::call::CallForm;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::{people, promises};

/// `POST /tasks/{id}/call`.
pub async fn post(Path(id): Path<TaskId>, sent: Sent<CallForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::CallRecorded)) };
    let task = tx.task(id).await?.ok_or(Failure::NotFound)?;
    let graduate = task.graduate.ok_or(Failure::NotFound)?;
    tx.hold_thread_if_any(graduate).await?;
    let hours = people::graduate(&tx, graduate).await?.details.hours;
    let call = match read(signed, &sent.form, &hours) {
        Ok(call) => call,
        Err(form) => {
            let page = calls::load(signed, &tx, &task, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let ended = tx.finish_call(signed.actor(), id, call.outcome, call.again).await;
    // Words that came in while they spoke, or before this was written down, were read by nobody yet.
    let spoke_at = task.caller.map_or(signed.now(), |calling| calling.since);
    let note = write_down(signed, &tx, (graduate, spoke_at), &call, &sent.form).await?;
    let mut undo = None;
    let (there, done) = match ended {
        // The person was quicker: what the caller has to say counts all the same, and they see the answer.
        Err(StoreError::Refused { .. }) if task.drop_reason.is_some() => {
            (format!("/inbox/{graduate}"), Done::AnsweredMeanwhile)
        }
        // A colleague was quicker; their word on the task stands, and the caller's own words are kept beside it.
        Err(StoreError::Refused { .. }) => {
            ("/today".to_owned(), if note.is_some() { Done::CallWordsKept } else { Done::CallWasRecorded })
        }
        Err(error) => return Err(error.into()),
        // What can be taken back is the note; the page says so by naming it.
        Ok(()) if note.is_some() => {
            undo = Some(tx.newest_audit_seq().await?);
            (next_page(signed, &tx, graduate, &call, note).await?, Done::NoteSaved)
        }
        Ok(()) => ("/today".to_owned(), Done::CallRecorded),
    };
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(undo.map_or_else(|| answer::done(&there, done), |seq| answer::done_undo(&there, done, seq)))
}

/// After a talk that was written down, its summary; else the day's list.
async fn next_page(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    call: &Call,
    note: Option<NoteId>,
) -> Result<String, Failure> {
    match note.filter(|_| call.outcome == CallOutcome::Spoke) {
        Some(note) if summary_write::is_possible(signed, tx, graduate).await? => Ok(summary_write::path(note)),
        _ => Ok("/today".to_owned()),
    }
}

/// `POST /tasks/{id}/start`: the reader begins to call, and colleagues see it. While somebody else is calling the page says
/// who, and nothing changes.
pub async fn start(Path(id): Path<TaskId>, sent: Sent<CallForm>) -> Answer {
    let there = format!("/tasks/{id}/call");
    let Some(tx) = sent.begin().await? else { return marked(&sent, id, answer::see(&there)).await };
    match tx.start_call(sent.signed.staff.id, id).await {
        Err(StoreError::Refused { .. }) => {
            drop(tx);
            return marked(&sent, id, answer::see(&there)).await;
        }
        other => other?,
    }
    tx.save().await?;
    marked(&sent, id, answer::done(&there, Done::CallStarted)).await
}

/// `POST /tasks/{id}/release`: the reader doesn't call after all.
pub async fn release(Path(id): Path<TaskId>, sent: Sent<CallForm>) -> Answer {
    let Some(tx) = sent.begin().await? else { return marked(&sent, id, answer::see("/today")).await };
    match tx.release_call(sent.signed.staff.id, id).await {
        // The reader's mark isn't there any more: nothing was held.
        Err(StoreError::Refused { .. }) => drop(tx),
        other => {
            other?;
            tx.save().await?;
        }
    }
    marked(&sent, id, answer::see("/today")).await
}

/// The call's page with what stands in its form already, where something does; else where one goes otherwise.
async fn marked(sent: &Sent<CallForm>, id: TaskId, otherwise: Response) -> Answer {
    let (signed, form) = (&sent.signed, &sent.form);
    let (dialled, today) = (form.dialled.clone(), signed.today().to_string());
    let later_on = if form.later_on == today { today } else { String::new() };
    if *form == (CallForm { dialled, later_on, ..CallForm::default() }) {
        return Ok(otherwise);
    }
    let tx = signed.read().await?;
    let task = tx.task(id).await?.ok_or(Failure::NotFound)?;
    let page = calls::load(signed, &tx, &task, FormState::new(form.clone())).await?;
    signed.page(&tx, &page).await
}

/// The number that was called and its version.
fn dialled(form: &CallForm) -> Option<(ContactPointId, i64)> {
    let (point, version) = form.dialled.split_once(':')?;
    Some((point.parse().ok()?, version.parse().ok()?))
}

/// What came of it, when to call again, and what was written down.
struct Call {
    outcome: CallOutcome,
    again: Option<DateTime<Utc>>,
    words: Option<lanes::Read>,
}

/// The note's audit row is the newest one afterwards.
async fn write_down(
    signed: &Signed,
    tx: &Tx,
    (graduate, spoke_at): (GraduateId, DateTime<Utc>),
    call: &Call,
    form: &CallForm,
) -> Result<Option<NoteId>, Failure> {
    if let Some((point, version)) = dialled(form).filter(|_| call.outcome == CallOutcome::WrongNumber) {
        tx.number_is_wrong(signed.actor(), graduate, point, version).await?;
    }
    let spoke = call.outcome == CallOutcome::Spoke;
    if spoke {
        tx.set_last_contact(graduate, signed.today(), ContactMode::Phone).await?;
        tx.spoke_with(signed.actor(), graduate, spoke_at, None).await?;
    }
    let Some(words) = &call.words else { return Ok(None) };
    let mode = if spoke { ContactMode::Phone } else { ContactMode::None };
    let (author, happened_at) = (signed.staff.id, signed.now());
    let new = NewNote { graduate, author, mode, happened_at, lanes: words.lanes.clone() };
    Ok(Some(tx.save_note_with(&new, &words.more).await?))
}

fn read(signed: &Signed, form: &CallForm, hours: &PersonHours) -> Result<Call, Box<FormState<CallForm>>> {
    let mut state = FormState::new(form.clone());
    let Ok(outcome) = form.outcome.parse::<CallOutcome>() else {
        return Err(Box::new(state.with_error("outcome", FieldError::NotAChoice)));
    };
    let again = match outcome {
        CallOutcome::Later => later(signed, form, hours).map(Some),
        _ => Ok(call_again(outcome, signed.now(), &signed.calendar())),
    };
    let words = words(signed, form, outcome);
    if let Err(wrong) = &words {
        state = wrong.iter().fold(state, |state, (field, error)| state.with_error(field, error.clone()));
    }
    match (again, words) {
        (Ok(again), Ok(words)) => Ok(Call { outcome, again, words }),
        (Err((field, error)), _) => Err(Box::new(state.with_error(field, error))),
        (Ok(_), Err(_)) => Err(Box::new(state)),
    }
}

/// What was written down; what came of the call stands for what was seen where nothing else does.
fn words(signed: &Signed, form: &CallForm, outcome: CallOutcome) -> Result<Option<lanes::Read>, Vec<Wrong>> {
    if !form.lanes.has_words() {
        return Ok(None);
    }
    let mut read = lanes::read(signed, &form.lanes, signed.today(), None)?;
    if read.lanes.said.is_empty() && read.lanes.observed.is_empty() {
        let outcome = signed.say(&format!("call-outcome-{outcome}"));
        read.lanes.observed = signed.say_with("call-seen", &[("outcome", outcome.into())]);
    }
    Ok(Some(read))
}

/// The moment that was agreed, within the person's hours for contact.
fn later(signed: &Signed, form: &CallForm, hours: &PersonHours) -> Result<DateTime<Utc>, Wrong> {
    let on: NaiveDate = form.later_on.parse().map_err(|_| {
        ("later_on", if form.later_on.is_empty() { FieldError::Required } else { FieldError::NotADate })
    })?;
    let at =
        NaiveTime::parse_from_str(form.later_at.trim(), "%H:%M").map_err(|_| ("later_at", FieldError::NotATime))?;
    let moment = on.and_time(at).and_local_timezone(signed.office.zone).earliest();
    let moment = moment.ok_or(("later_at", FieldError::NotATime))?.to_utc();
    if moment <= signed.now() {
        // Later today is a good answer: then it is the time that is wrong.
        return Err((if on < signed.today() { "later_on" } else { "later_at" }, FieldError::Passed));
    }
    if moment > signed.now() + FARTHEST {
        return Err(("later_on", FieldError::TooFar));
    }
    let there = moment.with_timezone(&hours.zone.unwrap_or(signed.office.zone));
    let is_welcome = hours.week.on(there.weekday()).iter().any(|period| period.contains(there.time()));
    if !is_welcome {
        return Err(("later_at", FieldError::OutsideCallHours));
    }
    // They wait for it then: somebody has to be there.
    if promises::can_be_kept(signed, moment) { Ok(moment) } else { Err(("later_at", FieldError::OutsideHours)) }
}
