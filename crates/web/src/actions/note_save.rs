//! A note in lanes, and with it a small sign where the writer saw one.

use axum::extract::{Path, Query};
use bansou_core::ids::{GraduateId, MessageId};
use bansou_core::note::{ContactMode, CorrectionWhy, Lanes};
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_store::{Message, NewNote, NewSign, NoteMore, SignPlace, Tx};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::sign_decide::come_closer;
use super::summary_write;
use crate::answer;
use crate::dates::{Local, Style};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::lanes::{self, Wrong};
use crate::pages::Done;
use crate::pages::lanes::LanesForm;
use crate::pages::note::{NoteForm, NotePage};
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// What the note starts from.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Start {
    message: Option<Uuid>,
    /// The first of the selected letters, counted from 0.
    from: Option<usize>,
    /// The letter after the last of them.
    to: Option<usize>,
    mode: String,
}

/// A form that makes sense.
pub(crate) struct Read {
    pub(crate) mode: ContactMode,
    pub(crate) happened_at: DateTime<Utc>,
    pub(crate) lanes: Lanes,
    pub(crate) more: NoteMore,
    sign: Option<(SignCategory, SignLevel)>,
}

/// `GET /graduates/{id}/notes/new`. The last note stands beside it, so this is a look at the person.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>, Query(from): Query<Start>) -> Answer {
    let noted = signed.begin().await?;
    noted.note_read(signed.actor(), id).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    let now = signed.local(signed.now());
    let message = own_message(&tx, id, from.message.map(MessageId)).await?;
    let words = message.as_ref().and_then(|message| message.body.as_ref());
    let words = words.map(|body| selected(&signed.in_words(body), &from));
    let mode = match &message {
        Some(message) => message.channel.into(),
        None => from.mode.parse().unwrap_or(ContactMode::Phone),
    };
    let said = match (&message, &words) {
        (Some(message), Some(words)) => quoted(&signed, message, words),
        _ => String::new(),
    };
    let typed = NoteForm {
        mode: mode.as_str().to_owned(),
        on: now.format("%Y-%m-%d").to_string(),
        at: now.format("%H:%M").to_string(),
        message: message.filter(|_| words.is_some()).map(|message| message.id.to_string()).unwrap_or_default(),
        quoted: words.unwrap_or_default(),
        lanes: LanesForm { said, ..LanesForm::default() },
        ..NoteForm::default()
    };
    let page = load(&signed, &tx, id, FormState::new(typed)).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/notes`. A call that was just written down leads to its written summary.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<NoteForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::NoteSaved)) };
    tx.hold_thread_if_any(id).await?;
    let message = own_message(&tx, id, sent.form.message.parse().ok()).await?;
    let quoted = lanes::written(&sent.form.quoted);
    let is_theirs = message.as_ref().and_then(text).is_some_and(|text| text.contains(&quoted));
    let quoted = Some(quoted.as_str()).filter(|words| is_theirs && !words.is_empty());
    let read = match read(signed, &sent.form, None) {
        Ok(read) => read,
        Err(form) => {
            let page = load(signed, &tx, id, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let (author, mode, happened_at) = (signed.staff.id, read.mode, read.happened_at);
    let new = NewNote { graduate: id, author, mode, happened_at, lanes: read.lanes };
    let extra = NoteMore { message: message.as_ref().map(|message| message.id), ..read.more };
    let note = tx.save_note_with(&new, &extra).await?;
    let seq = tx.newest_audit_seq().await?;
    if mode.is_contact() {
        tx.set_last_contact(id, signed.local(happened_at).date_naive(), mode).await?;
    }
    if read.mode.is_spoken() {
        tx.spoke_with(signed.actor(), id, read.happened_at, Some(note)).await?;
    }
    if let Some((category, level)) = read.sign {
        let (source, quote) = evidence(&new.lanes, quoted);
        let place = extra.message.map_or(SignPlace::Note(note), SignPlace::Message);
        tx.record_sign(author, &NewSign { graduate: id, source, category, level, quote, place }).await?;
        // Whoever writes the sign down has seen it: it is confirmed from the beginning.
        come_closer(signed, &tx, id, category).await?;
    }
    let is_fresh = signed.local(happened_at).date_naive() == signed.today();
    let to_write = is_fresh && mode == ContactMode::Phone && summary_write::is_possible(signed, &tx, id).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    let there = if to_write { summary_write::path(note) } else { there };
    // A sign was looked at by a person and has steps of its own: a note with one is put right rather than taken back.
    if read.sign.is_some() {
        return Ok(answer::done(&there, Done::NoteSaved));
    }
    Ok(answer::done_undo(&there, Done::NoteSaved, seq))
}

/// The words that show a sign, and whose they are. Selected words of a message stand for themselves, without what was written around.
fn evidence(lanes: &Lanes, quoted: Option<&str>) -> (SignSource, String) {
    match quoted.filter(|words| lanes.said.contains(words)) {
        Some(words) => (SignSource::Person, words.to_owned()),
        None if lanes.said.is_empty() => (SignSource::Staff, lanes.observed.clone()),
        None => (SignSource::Person, lanes.said.clone()),
    }
}

pub(crate) async fn load(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    form: FormState<NoteForm>,
) -> Result<NotePage, Failure> {
    let graduate = people::graduate(tx, id).await?;
    let choices = lanes::choices(signed, tx, id, &form.typed.lanes).await?;
    Ok(NotePage::new(person_head(tx, &graduate, signed.today()).await?, form, choices))
}

/// A message of this graduate that can be read; another's, or a hidden one, is nobody's.
async fn own_message(tx: &Tx, id: GraduateId, message: Option<MessageId>) -> Result<Option<Message>, Failure> {
    let Some(message) = message else { return Ok(None) };
    Ok(tx.message(message).await?.filter(|message| message.graduate == id && message.body.is_some()))
}

fn text(message: &Message) -> Option<&str> {
    message.body.as_ref().map(|body| body.text.as_str())
}

/// The selected letters; all of them where nothing sensible was selected.
fn selected(text: &str, from: &Start) -> String {
    let (Some(first), Some(end)) = (from.from, from.to) else { return text.to_owned() };
    let words: String = text.chars().skip(first).take(end.saturating_sub(first)).collect();
    let words = words.trim();
    if words.is_empty() { text.to_owned() } else { words.to_owned() }
}

/// The words in 「」 with the day and the way they came.
fn quoted(signed: &Signed, message: &Message, words: &str) -> String {
    let at = Local::parse(&signed.local(message.at).to_rfc3339());
    let at = at.map(|at| at.moment(signed.lang, Style::Day, false)).unwrap_or_default();
    let way = signed.say(&format!("channel-{}", message.channel));
    signed.say_with("note-quoted", &[("words", words.into()), ("at", at.into()), ("way", way.into())])
}

/// `next_was`: see [`lanes::read`].
pub(crate) fn read(
    signed: &Signed,
    form: &NoteForm,
    next_was: Option<NaiveDate>,
) -> Result<Read, Box<FormState<NoteForm>>> {
    let mut state = FormState::new(form.clone());
    let happened_at = moment(signed, form);
    let on = happened_at.as_ref().map_or_else(|_| signed.today(), |at| signed.local(*at).date_naive());
    let read = match lanes::read(signed, &form.lanes, on, next_was) {
        Ok(read) if read.lanes.said.is_empty() && read.lanes.observed.is_empty() => {
            state = state.with_error("said", FieldError::OneOfThese);
            None
        }
        Ok(read) => Some(read),
        Err(wrong) => {
            state = wrong.into_iter().fold(state, |state, (field, error)| state.with_error(field, error));
            None
        }
    };
    let mode = form.mode.parse::<ContactMode>().map_err(|_| ("mode", FieldError::NotAChoice));
    let sign = sign(form);
    let errors = [mode.as_ref().err(), happened_at.as_ref().err(), sign.as_ref().err()];
    for (field, error) in errors.into_iter().flatten() {
        state = state.with_error(field, error.clone());
    }
    match (read, mode, happened_at, sign) {
        (Some(lanes::Read { lanes, more }), Ok(mode), Ok(happened_at), Ok(sign)) if state.is_valid() => {
            Ok(Read { mode, happened_at, lanes, more, sign })
        }
        _ => Err(Box::new(state)),
    }
}

/// Why a note is put right; it has to be said.
pub(crate) fn why(form: &NoteForm) -> Result<CorrectionWhy, Wrong> {
    form.why.parse().map_err(|_| ("why", FieldError::NotAChoice))
}

fn moment(signed: &Signed, form: &NoteForm) -> Result<DateTime<Utc>, Wrong> {
    let on: NaiveDate = form.on.parse().map_err(|_| ("on", FieldError::NotADate))?;
    let at = NaiveTime::parse_from_str(form.at.trim(), "%H:%M").map_err(|_| ("at", FieldError::NotATime))?;
    let local = on.and_time(at).and_local_timezone(signed.office.zone).earliest();
    let at = local.ok_or(("at", FieldError::NotATime))?.to_utc();
    if at > signed.now() { Err(("on", FieldError::InFuture)) } else { Ok(at) }
}

fn sign(form: &NoteForm) -> Result<Option<(SignCategory, SignLevel)>, Wrong> {
    if form.sign_category.is_empty() {
        return Ok(None);
    }
    let category = form.sign_category.parse().map_err(|_| ("sign_category", FieldError::NotAChoice))?;
    let level = form.sign_level.parse::<u8>().ok().and_then(|level| SignLevel::try_from(level).ok());
    level.map(|level| Some((category, level))).ok_or(("sign_level", FieldError::NotAChoice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selected_words_are_cut_by_letters_and_nonsense_selects_everything() {
        let cut = |from, to| selected("最近、眠れません。はい。", &Start { from, to, ..Start::default() });
        assert_eq!(cut(Some(3), Some(9)), "眠れません。");
        assert_eq!(cut(Some(3), Some(900)), "眠れません。はい。");
        for (from, to) in [(None, Some(2)), (Some(9), Some(3)), (Some(90), Some(99)), (None, None)] {
            assert_eq!(cut(from, to), "最近、眠れません。はい。");
        }
    }
}
