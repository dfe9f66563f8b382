//! A note in lanes, and with it a small sign where the writer saw one.

use axum::extract::{Path, Query};
use bansou_core::ids::{GraduateId, MessageId};
use bansou_core::note::{ContactMode, LANE_MAX, Lanes};
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_store::{NewNote, NewSign, SignPlace, Tx};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::sign_decide::come_closer;
use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::pages::Done;
use crate::pages::note::{NoteForm, NotePage};
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// What the note starts from.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct From {
    message: Option<Uuid>,
}

/// A form that makes sense.
pub(crate) struct Read {
    pub(crate) mode: ContactMode,
    pub(crate) happened_at: DateTime<Utc>,
    pub(crate) lanes: Lanes,
    sign: Option<(SignCategory, SignLevel)>,
}

/// `GET /graduates/{id}/notes/new`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>, Query(from): Query<From>) -> Answer {
    let tx = signed.read().await?;
    let now = signed.local(signed.now());
    let words = words(&tx, id, from.message.map(MessageId)).await?;
    let typed = NoteForm {
        mode: if words.is_some() { ContactMode::Line } else { ContactMode::Phone }.as_str().to_owned(),
        on: now.format("%Y-%m-%d").to_string(),
        at: now.format("%H:%M").to_string(),
        said: words.clone().unwrap_or_default(),
        message: from.message.filter(|_| words.is_some()).map(|id| id.to_string()).unwrap_or_default(),
        ..NoteForm::default()
    };
    let page = load(&signed, &tx, id, words, FormState::new(typed)).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/notes`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<NoteForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::NoteSaved)) };
    let message = sent.form.message.parse::<MessageId>().ok();
    let from = words(&tx, id, message).await?;
    let read = match read(signed, &sent.form) {
        Ok(read) => read,
        Err(form) => {
            let page = load(signed, &tx, id, from, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let quote = if read.lanes.said.is_empty() { read.lanes.observed.clone() } else { read.lanes.said.clone() };
    let source = if read.lanes.said.is_empty() { SignSource::Staff } else { SignSource::Person };
    let new = NewNote {
        graduate: id,
        author: signed.staff.id,
        mode: read.mode,
        happened_at: read.happened_at,
        lanes: read.lanes,
    };
    let has_next = !new.lanes.next.is_empty();
    let note = tx.save_note(&new).await?;
    if read.mode.is_contact() {
        tx.set_last_contact(id, signed.local(read.happened_at).date_naive(), read.mode).await?;
    }
    if read.mode.is_spoken() {
        tx.spoke_with(signed.actor(), id, read.happened_at).await?;
    }
    if let Some((category, level)) = read.sign {
        let place = message.filter(|_| from.is_some()).map_or(SignPlace::Note(note), SignPlace::Message);
        tx.record_sign(signed.staff.id, &NewSign { graduate: id, source, category, level, quote, place }).await?;
        // Whoever writes the sign down has seen it: it is confirmed from the beginning.
        come_closer(signed, &tx, id, category).await?;
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    if has_next {
        // A next step without a date is asked for one (S2.7).
        return Ok(answer::done(&format!("/promises/new?note={note}"), Done::NoteSaved));
    }
    Ok(answer::done(&there, Done::NoteSaved))
}

pub(crate) async fn load(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    words: Option<String>,
    form: FormState<NoteForm>,
) -> Result<NotePage, Failure> {
    let graduate = people::graduate(tx, id).await?;
    Ok(NotePage::new(person_head(tx, &graduate, signed.today()).await?, words, form))
}

/// The words of a message of this graduate; another's, or a hidden one's, are nobody's.
async fn words(tx: &Tx, id: GraduateId, message: Option<MessageId>) -> Result<Option<String>, Failure> {
    let Some(message) = message else { return Ok(None) };
    let found = tx.message(message).await?.filter(|message| message.graduate == id);
    Ok(found.and_then(|message| message.body).map(|body| body.text))
}

pub(crate) fn read(signed: &Signed, form: &NoteForm) -> Result<Read, Box<FormState<NoteForm>>> {
    let mut state = FormState::new(form.clone());
    let lanes = Lanes {
        said: form.said.trim().to_owned(),
        observed: form.observed.trim().to_owned(),
        interpretation: form.interpretation.trim().to_owned(),
        done: form.done.trim().to_owned(),
        next: form.next.trim().to_owned(),
    };
    for (field, lane) in [
        ("said", &lanes.said),
        ("observed", &lanes.observed),
        ("interpretation", &lanes.interpretation),
        ("done", &lanes.done),
        ("next", &lanes.next),
    ] {
        let now = lane.chars().count();
        if now > LANE_MAX {
            state = state.with_error(field, FieldError::TooLong { max: LANE_MAX, now });
        }
    }
    if lanes.said.is_empty() && lanes.observed.is_empty() {
        state = state.with_error("said", FieldError::OneOfThese);
    }
    let mode = form.mode.parse::<ContactMode>();
    if mode.is_err() {
        state = state.with_error("mode", FieldError::NotAChoice);
    }
    let happened_at = moment(signed, form);
    if let Err((field, error)) = &happened_at {
        state = state.with_error(field, error.clone());
    }
    let sign = sign(form);
    if let Err((field, error)) = &sign {
        state = state.with_error(field, error.clone());
    }
    match (mode, happened_at, sign) {
        (Ok(mode), Ok(happened_at), Ok(sign)) if state.is_valid() => Ok(Read { mode, happened_at, lanes, sign }),
        _ => Err(Box::new(state)),
    }
}

fn moment(signed: &Signed, form: &NoteForm) -> Result<DateTime<Utc>, (&'static str, FieldError)> {
    let on: NaiveDate = form.on.parse().map_err(|_| ("on", FieldError::NotADate))?;
    let at = NaiveTime::parse_from_str(form.at.trim(), "%H:%M").map_err(|_| ("at", FieldError::NotATime))?;
    let local = on.and_time(at).and_local_timezone(signed.office.zone).earliest();
    let at = local.ok_or(("at", FieldError::NotATime))?.to_utc();
    if at > signed.now() { Err(("on", FieldError::InFuture)) } else { Ok(at) }
}

fn sign(form: &NoteForm) -> Result<Option<(SignCategory, SignLevel)>, (&'static str, FieldError)> {
    if form.sign_category.is_empty() {
        return Ok(None);
    }
    let category = form.sign_category.parse().map_err(|_| ("sign_category", FieldError::NotAChoice))?;
    let level = form.sign_level.parse::<u8>().ok().and_then(|level| SignLevel::try_from(level).ok());
    level.map(|level| Some((category, level))).ok_or(("sign_level", FieldError::NotAChoice))
}
