//! A note is corrected: the new words take its place, the old ones stay readable with who wrote them and when.

use axum::extract::Path;
use bansou_core::ids::{NoteId, StaffId};
use bansou_store::{NewNote, Note, NoteMore, NoteState, StoreError, Tx};

use crate::actions::note_save::{Read, load, read, why};
use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::lanes::LanesForm;
use crate::pages::note::{Corrects, NoteForm, NotePage, NoteVersion, NoteVersionsPage};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::{heads, people};

/// Corrections of one note that are shown.
const VERSIONS: usize = 50;

/// `GET /notes/{id}`: the note as it holds and every version before. Reading it is a look at the person.
pub async fn versions(signed: Signed, Path(id): Path<NoteId>) -> Answer {
    let noted = signed.begin().await?;
    let newest = noted.note(id).await?.ok_or(Failure::NotFound)?;
    noted.note_read(signed.actor(), newest.graduate).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    let graduate = people::graduate(&tx, newest.graduate).await?;
    let names = people::staff_names(&tx).await?;
    let holds = newest.state == NoteState::Saved;
    let mut versions = Vec::new();
    let mut next = Some(newest);
    while let Some(note) = next.filter(|_| versions.len() < VERSIONS) {
        next = match note.corrects {
            Some(before) => tx.note(before).await?,
            None => None,
        };
        versions.push(NoteVersion {
            by: names.get(&note.author).cloned().unwrap_or_default(),
            written_at: signed.local(note.created_at),
            happened_at: signed.local(note.happened_at),
            mode: note.mode,
            lanes: note.lanes,
            next_on: note.next.map(|next| next.on),
            why: note.why,
            holds: holds && versions.is_empty(),
        });
    }
    let person = heads::person_head(&tx, &graduate, signed.today()).await?;
    let page = NoteVersionsPage { person, note: id.to_string(), can_correct: holds, versions };
    signed.page(&tx, &page).await
}

/// `GET /notes/{id}/edit`.
pub async fn page(signed: Signed, Path(id): Path<NoteId>) -> Answer {
    let noted = signed.begin().await?;
    let note = noted.note(id).await?.ok_or(Failure::NotFound)?;
    noted.note_read(signed.actor(), note.graduate).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    let page = correcting(&signed, &tx, &note, FormState::new(typed(&signed, &note))).await?;
    signed.page(&tx, &page).await
}

/// `POST /notes/{id}/correct`.
pub async fn post(Path(id): Path<NoteId>, sent: Sent<NoteForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/graduates", Done::NoteCorrected)) };
    let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
    tx.hold_thread_if_any(note.graduate).await?;
    let there = format!("/graduates/{}", note.graduate);
    if typed(signed, &note).is_same_as(&sent.form) {
        return Ok(answer::see(&there));
    }
    let (new, more) = match judge(signed, &note, &sent.form) {
        Ok(judged) => judged,
        Err(form) => {
            let page = correcting(signed, &tx, &note, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    match tx.correct_note(id, &new, &more).await {
        Err(StoreError::Refused { .. }) => {
            let form = FormState::new(sent.form.clone()).with_error("said", FieldError::CorrectedMeanwhile);
            let page = correcting(signed, &tx, &note, form).await?;
            return signed.refused(&tx, &page).await;
        }
        other => drop(other?),
    }
    if (new.mode.is_spoken(), new.happened_at) != (note.mode.is_spoken(), note.happened_at) {
        let first = first_version(&tx, &note).await?;
        tx.did_not_speak(signed.actor(), note.graduate, first).await?;
        if new.mode.is_spoken() {
            tx.spoke_with(signed.actor(), note.graduate, new.happened_at, Some(first)).await?;
        }
    }
    let day = |note_at| signed.local(note_at).date_naive();
    if (new.mode, day(new.happened_at)) != (note.mode, day(note.happened_at)) {
        tx.recount_last_contact(note.graduate).await?;
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::NoteCorrected))
}

/// The note as it was first written: by it is known what the talk it tells of has answered, however often its words were put right.
async fn first_version(tx: &Tx, note: &Note) -> Result<NoteId, Failure> {
    let (mut first, mut before) = (note.id, note.corrects);
    while let Some(id) = before {
        first = id;
        before = tx.note(id).await?.and_then(|note| note.corrects);
    }
    Ok(first)
}

type Judged = Result<(NewNote, NoteMore), Box<FormState<NoteForm>>>;

/// The note as it is to be, and why; the message that it came from stays where it came from.
fn judge(signed: &Signed, old: &Note, form: &NoteForm) -> Judged {
    match (read(signed, form, old.next.map(|next| next.on)), why(form)) {
        (Ok(read), Ok(why)) => {
            let more = NoteMore { message: old.message, why: Some(why), ..read.more };
            Ok((corrected(signed.staff.id, old, read), more))
        }
        (Err(state), Ok(_)) => Err(state),
        (read, Err((field, error))) => {
            let state = read.err().map_or_else(|| FormState::new(form.clone()), |state| *state);
            Err(Box::new(state.with_error(field, error)))
        }
    }
}

/// The form shows minutes; the second of the first writing stays where the minute does.
fn corrected(author: StaffId, old: &Note, read: Read) -> NewNote {
    let same_minute = (read.happened_at - old.happened_at).num_minutes() == 0 && read.happened_at <= old.happened_at;
    let happened_at = if same_minute { old.happened_at } else { read.happened_at };
    NewNote { graduate: old.graduate, author, mode: read.mode, happened_at, lanes: read.lanes }
}

async fn correcting(signed: &Signed, tx: &Tx, note: &Note, form: FormState<NoteForm>) -> Result<NotePage, Failure> {
    let names = people::staff_names(tx).await?;
    let corrects = Corrects {
        note: note.id.to_string(),
        by: names.get(&note.author).cloned().unwrap_or_default(),
        at: signed.local(note.created_at),
    };
    let mut page = load(signed, tx, note.graduate, form).await?;
    // What was pressed then stands among the words; the note beside itself says nothing.
    page.lanes.facts.clear();
    page.lanes.last = None;
    Ok(NotePage { corrects: Some(corrects), ..page })
}

fn typed(signed: &Signed, note: &Note) -> NoteForm {
    let at = signed.local(note.happened_at);
    NoteForm {
        mode: note.mode.as_str().to_owned(),
        on: at.format("%Y-%m-%d").to_string(),
        at: at.format("%H:%M").to_string(),
        lanes: LanesForm {
            said: note.lanes.said.clone(),
            observed: note.lanes.observed.clone(),
            interpretation: note.lanes.interpretation.clone(),
            done: note.lanes.done.clone(),
            next: note.lanes.next.clone(),
            next_on: note.next.map(|next| next.on.to_string()).unwrap_or_default(),
            next_sets_date: note.next.filter(|next| next.sets_date).map(|_| "yes".to_owned()).unwrap_or_default(),
            minutes: note.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
            ..LanesForm::default()
        },
        ..NoteForm::default()
    }
}
