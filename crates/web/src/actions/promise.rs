//! Promises: writing one down, keeping it, saying early that it will be later, taking it back (S2.7, S2.9).

use axum::extract::Path;
use bansou_core::commitment::{CommitmentKind, CommitmentSource, TEXT_MAX};
use bansou_core::delivery::{ChannelKind, Payload};
use bansou_core::ids::{CommitmentId, EscalationId, GraduateId, NoteId};
use bansou_core::thread::MessageBody;
use bansou_store::{Commitment, Graduate, NewCommitment, OutboundMessage, StoreError, Tx};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::message_reply::plan;
use crate::answer;
use crate::areas::promises::{new_page, one_page};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::lanes::written;
use crate::pages::Done;
use crate::pages::promises::{MoveForm, NewPromiseForm};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};
use crate::threads::Slot;
use crate::{people, promises};

/// Why a promise isn't needed any more.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct WithdrawForm {
    why: String,
}

/// `POST /promises`.
pub async fn make(sent: Sent<NewPromiseForm>) -> Answer {
    let signed = &sent.signed;
    let Ok(id) = sent.form.graduate.parse::<GraduateId>() else { return Err(Failure::NotFound) };
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::PromiseMade)) };
    let graduate = people::graduate(&tx, id).await?;
    let new = match read(signed, &tx, &graduate, &sent.form).await? {
        Ok(new) => new,
        Err(form) => {
            let page = new_page(signed, &tx, &graduate, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    tx.add_commitment(signed.actor(), &new).await?;
    tx.save().await?;
    Ok(answer::done(&there, Done::PromiseMade))
}

type Read = Result<NewCommitment, Box<FormState<NewPromiseForm>>>;

async fn read(signed: &Signed, tx: &Tx, graduate: &Graduate, form: &NewPromiseForm) -> Result<Read, Failure> {
    let mut state = FormState::new(form.clone());
    let text = form.text.trim();
    let now = text.chars().count();
    if text.is_empty() {
        state = state.with_error("text", FieldError::Required);
    } else if now > TEXT_MAX {
        state = state.with_error("text", FieldError::TooLong { max: TEXT_MAX, now });
    }
    let kind = form.kind.parse::<CommitmentKind>();
    if kind.is_err() {
        state = state.with_error("kind", FieldError::NotAChoice);
    }
    let time = if form.time.trim().is_empty() { before_closing(signed, &form.on) } else { form.time.clone() };
    let due_at = promises::moment(signed, (&form.on, &time), ("on", "time"));
    if let Err((field, error)) = &due_at {
        state = state.with_error(field, error.clone());
    }
    let note = own_note(tx, graduate, &form.note).await?;
    let escalation = own_request(tx, graduate, &form.escalation).await?;
    let source = if note.is_some() { CommitmentSource::Note } else { CommitmentSource::Request };
    Ok(match (kind, due_at) {
        (Ok(kind), Ok(due_at)) if state.is_valid() => Ok(NewCommitment {
            graduate: graduate.id,
            staff: signed.staff.id,
            source,
            kind,
            text: text.to_owned(),
            due_at,
            message: None,
            note,
            escalation,
        }),
        _ => Err(Box::new(state)),
    })
}

/// The end of the office's day less its quiet half-hour, for a date without a time; five o'clock where it is closed.
fn before_closing(signed: &Signed, on: &str) -> String {
    let closing = on.trim().parse().ok().and_then(|day| signed.calendar().periods_on(day).last().map(|last| last.to()));
    let minute = closing.map_or(17 * 60, |closing| closing.saturating_sub(30));
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

async fn own_note(tx: &Tx, graduate: &Graduate, id: &str) -> Result<Option<NoteId>, Failure> {
    let Ok(id) = id.parse::<NoteId>() else { return Ok(None) };
    Ok(tx.note(id).await?.filter(|note| note.graduate == graduate.id).map(|note| note.id))
}

async fn own_request(tx: &Tx, graduate: &Graduate, id: &str) -> Result<Option<EscalationId>, Failure> {
    let Ok(id) = id.parse::<EscalationId>() else { return Ok(None) };
    Ok(tx.escalation(id).await?.filter(|request| request.graduate == graduate.id).map(|request| request.id))
}

/// An answer keeps promises while it holds the thread: whoever ends one by hand comes before or after it.
async fn hold(tx: &Tx, id: CommitmentId) -> Result<(), Failure> {
    let promise = tx.commitment(id).await?.ok_or(Failure::NotFound)?;
    Ok(tx.hold_thread_if_any(promise.graduate).await?)
}

/// `POST /promises/{id}/keep`.
pub async fn keep(Path(id): Path<CommitmentId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/promises", Done::PromiseKept)) };
    hold(&tx, id).await?;
    match tx.keep_commitment(sent.signed.actor(), id).await {
        // A colleague was quicker.
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&format!("/promises/{id}"))),
        other => other?,
    };
    tx.save().await?;
    Ok(answer::done("/promises", Done::PromiseKept))
}

/// `POST /promises/{id}/withdraw`.
pub async fn withdraw(Path(id): Path<CommitmentId>, sent: Sent<WithdrawForm>) -> Answer {
    let there = format!("/promises/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/promises", Done::PromiseWithdrawn)) };
    hold(&tx, id).await?;
    let why: String = sent.form.why.trim().chars().take(TEXT_MAX).collect();
    match tx.withdraw_commitment(sent.signed.actor(), id, &why).await {
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&there)),
        other => other?,
    }
    tx.save().await?;
    Ok(answer::done("/promises", Done::PromiseWithdrawn))
}

/// `POST /promises/{id}/move`: first the words are shown, then they go out with the new time.
pub async fn move_to(Path(id): Path<CommitmentId>, sent: Sent<MoveForm>) -> Answer {
    let (signed, form) = (&sent.signed, &sent.form);
    let there = format!("/promises/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::PromiseMoved)) };
    hold(&tx, id).await?;
    let promise = tx.commitment(id).await?.ok_or(Failure::NotFound)?;
    let graduate = people::graduate(&tx, promise.graduate).await?;
    let way = if promise.told { promises::way(signed, &tx, &graduate).await? } else { None };
    let (due_at, reason) = match new_time(signed, form, way.as_ref()) {
        Ok(read) => read,
        Err(state) => {
            let page = one_page(signed, &tx, &promise, *state, None).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let words = match way {
        Some((kind, slot)) => {
            let key = if promise.due_at < signed.now() { "moved-late" } else { "moved" };
            Some(promises::words(signed, &tx, &graduate, (key, kind), (due_at, slot.due_at), &reason).await?)
        }
        None => None,
    };
    // Only words that were read go out; the time or the reason may have been changed since, or the day may be another.
    let was_shown = written(words.as_deref().unwrap_or_default()) == written(&form.shown);
    if form.step != "move" || !was_shown {
        let mut page = one_page(signed, &tx, &promise, FormState::new(form.clone()), words).await?;
        page.is_reworded = form.step == "move" && page.words.is_some();
        return signed.page(&tx, &page).await;
    }
    let moved = Moved { due_at, reason, told: words.zip(way) };
    let Some(next) = do_move(signed, &tx, &promise, moved).await? else { return Ok(answer::see(&there)) };
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&format!("/promises/{next}"), Done::PromiseMoved))
}

/// A new time, why, and the words by which the person is told, where they are.
struct Moved {
    due_at: DateTime<Utc>,
    reason: String,
    told: Option<(String, (ChannelKind, Slot))>,
}

/// The new promise; none when a colleague ended the old one meanwhile.
async fn do_move(
    signed: &Signed,
    tx: &Tx,
    promise: &Commitment,
    moved: Moved,
) -> Result<Option<CommitmentId>, Failure> {
    let mut message = None;
    if let Some((text, (channel, slot))) = moved.told {
        let payload = Payload { text: text.clone(), ..Payload::default() };
        let body = MessageBody { text, choices: Vec::new(), attachment: None };
        let outbound = OutboundMessage { graduate: promise.graduate, channel, body, check_in: None };
        let id = tx.add_staff_notice(signed.staff.id, &outbound).await?;
        plan(signed, tx, &outbound, id, &slot, payload).await?;
        message = Some(id);
    }
    match tx.move_commitment(signed.actor(), promise.id, moved.due_at, &moved.reason, message).await {
        Err(StoreError::Refused { .. }) => Ok(None),
        other => Ok(Some(other?)),
    }
}

fn new_time(
    signed: &Signed,
    form: &MoveForm,
    way: Option<&(ChannelKind, Slot)>,
) -> Result<(DateTime<Utc>, String), Box<FormState<MoveForm>>> {
    let mut state = FormState::new(form.clone());
    let reason = form.reason.trim();
    let now = reason.chars().count();
    if reason.is_empty() {
        state = state.with_error("reason", FieldError::Required);
    } else if now > TEXT_MAX {
        state = state.with_error("reason", FieldError::TooLong { max: TEXT_MAX, now });
    }
    let arrives = way.map_or(signed.now(), |(_, slot)| slot.due_at);
    let found = promises::moment(signed, (&form.on, &form.time), ("on", "time"));
    // Nobody is told of a time that has passed when the message arrives.
    match found.and_then(|at| if at > arrives { Ok(at) } else { Err(("time", FieldError::Passed)) }) {
        // Who is told of a time waits for it.
        Ok(at) if way.is_some() && !promises::can_be_kept(signed, at) => {
            Err(Box::new(state.with_error("time", FieldError::OutsideHours)))
        }
        Ok(at) if state.is_valid() => Ok((at, reason.to_owned())),
        Ok(_) => Err(Box::new(state)),
        Err((field, error)) => Err(Box::new(state.with_error(field, error))),
    }
}
