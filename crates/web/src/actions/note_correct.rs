//! A note is corrected: the new words take its place, the old ones stay readable with who wrote them and when.

use axum::extract::Path;
use bansou_core::ids::{NoteId, StaffId};
use bansou_store::{NewNote, Note, NoteState, StoreError, Tx};

use crate::actions::note_save::{Read, load, read};
use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
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
            holds: holds && versions.is_empty(),
        });
    }
    let person = heads::person_head(&tx, &graduate, signed.today()).await?;
    let page = NoteVersionsPage { person, note: id.to_string(), can_correct: holds, versions };
    signed.page(&tx, &page).await
}

/// `GET /notes/{id}/edit`.
pub async fn page(signed: Signed, Path(id): Path<NoteId>) -> Answer {
    let tx = signed.read().await?;
    let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
    let page = correcting(&signed, &tx, &note, FormState::new(typed(&signed, &note))).await?;
    signed.page(&tx, &page).await
}

/// `POST /notes/{id}/correct`.
pub async fn post(Path(id): Path<NoteId>, sent: Sent<NoteForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/graduates", Done::NoteCorrected)) };
    let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
    let there = format!("/graduates/{}", note.graduate);
    let new = match read(signed, &sent.form) {
        Ok(read) => corrected(signed.staff.id, &note, read),
        Err(form) => {
            let page = correcting(signed, &tx, &note, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    if typed(signed, &note).is_same_as(&sent.form) {
        return Ok(answer::see(&there));
    }
    match tx.correct_note(id, &new).await {
        Err(StoreError::Refused { .. }) => {
            let form = FormState::new(sent.form.clone()).with_error("said", FieldError::CorrectedMeanwhile);
            let page = correcting(signed, &tx, &note, form).await?;
            return signed.refused(&tx, &page).await;
        }
        other => other?,
    };
    let day = |note_at| signed.local(note_at).date_naive();
    if (new.mode, day(new.happened_at)) != (note.mode, day(note.happened_at)) {
        tx.recount_last_contact(note.graduate).await?;
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::NoteCorrected))
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
    let page = load(signed, tx, note.graduate, None, form).await?;
    Ok(NotePage { corrects: Some(corrects), ..page })
}

fn typed(signed: &Signed, note: &Note) -> NoteForm {
    let at = signed.local(note.happened_at);
    NoteForm {
        mode: note.mode.as_str().to_owned(),
        on: at.format("%Y-%m-%d").to_string(),
        at: at.format("%H:%M").to_string(),
        said: note.lanes.said.clone(),
        observed: note.lanes.observed.clone(),
        interpretation: note.lanes.interpretation.clone(),
        done: note.lanes.done.clone(),
        next: note.lanes.next.clone(),
        ..NoteForm::default()
    }
}
