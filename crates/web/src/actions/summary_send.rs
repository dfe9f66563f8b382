//! The written summary of a talk goes out like any answer of staff, or is left for later (S2.14).

use axum::extract::Path;
use bansou_core::again::in_an_hour;
use bansou_core::ids::NoteId;
use bansou_core::lint::Remark;
use bansou_store::{Note, NoteState, Tx};
use serde::Deserialize;

use super::{message_reply, summary_write};
use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::thread::ReplyForm;
use crate::people;
use crate::remarks::{ReaderFacts, can_be_taken, key};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};
use crate::threads::slot_at;

/// The words as they stand, and whether a proposal is taken.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LookForm {
    body: String,
    seen: String,
    take: String,
}

/// `POST /notes/{id}/summary/look`.
pub async fn look(Path(id): Path<NoteId>, sent: Sent<LookForm>) -> Answer {
    let (signed, form) = (&sent.signed, &sent.form);
    let tx = signed.read().await?;
    let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
    if note.state != NoteState::Saved {
        return corrected(signed, &tx, &note, (&form.body, &form.seen)).await;
    }
    let graduate = people::graduate(&tx, note.graduate).await?;
    let facts = ReaderFacts::of(signed, &tx, &graduate).await?;
    let typed = |body: String| FormState::new(ReplyForm { body, ..ReplyForm::default() });
    let mut page = summary_write::written(signed, &tx, &note, typed(form.body.clone())).await?;
    let found = facts.look(signed, &form.body, page.channels.first().map(|channel| channel.kind), &[]);
    let named = |remark: &&Remark| can_be_taken(remark, false).is_some() && key(remark, &form.body) == form.take;
    if let Some(taken) = found.iter().filter(named).find_map(|remark| remark.applied(&form.body)) {
        page = summary_write::written(signed, &tx, &note, typed(taken)).await?;
        page.remarks.is_taken = true;
    }
    // Looking words over is no look at what came in since.
    page.reply.typed.seen.clone_from(&form.seen);
    signed.page(&tx, &page).await
}

/// `POST /notes/{id}/summary/send`.
pub async fn post(Path(id): Path<NoteId>, sent: Sent<ReplyForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::SummarySent)) };
    let about = tx.note(id).await?.ok_or(Failure::NotFound)?.graduate;
    tx.hold_thread(about).await?;
    // Read while the thread is held: whoever puts the note right comes before or after.
    let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
    if note.state != NoteState::Saved {
        return corrected(signed, &tx, &note, (&sent.form.body, &sent.form.seen)).await;
    }
    let graduate = people::graduate(&tx, about).await?;
    let (way, mut errors) = message_reply::judge(signed, &tx, &graduate, &sent.form).await?;
    let slot = slot_at(signed, &graduate.details.hours, signed.now() + signed.app.parts.undo_for);
    if slot.is_err() {
        errors = errors.with_error("channel", FieldError::NotAChoice);
    }
    let (Some(kind), Ok(slot), true) = (way, slot, errors.is_valid()) else {
        let page = summary_write::written(signed, &tx, &note, errors).await?;
        return signed.refused(&tx, &page).await;
    };
    let message = message_reply::notify(signed, &tx, note.graduate, &sent.form, kind, &slot).await?;
    tx.summary_sent(signed.staff.id, &note, message).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done("/today", Done::SummarySent))
}

/// The note was put right meanwhile: the person gets in writing what holds, and nothing of what doesn't. The words stay on the form of the
/// note that holds now, where they can be made to fit it.
async fn corrected(signed: &Signed, tx: &Tx, note: &Note, (body, seen): (&str, &str)) -> Answer {
    let Some(holds) = tx.note_that_holds(note).await? else {
        return Ok(answer::done(&format!("/notes/{}", note.id), Done::SummaryNotSent));
    };
    let typed = FormState::new(ReplyForm { body: body.to_owned(), ..ReplyForm::default() });
    let typed = typed.with_error("body", FieldError::NoteMeanwhile);
    let mut page = summary_write::written(signed, tx, &holds, typed).await?;
    seen.clone_into(&mut page.reply.typed.seen);
    signed.refused(tx, &page).await
}

/// `POST /notes/{id}/summary/later`.
pub async fn later(Path(id): Path<NoteId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::SummaryLeft)) };
    let note = tx.note(id).await?.filter(|note| note.state == NoteState::Saved).ok_or(Failure::NotFound)?;
    tx.summary_left(signed.staff.id, &note, in_an_hour(signed.now(), &signed.calendar())).await?;
    tx.save().await?;
    Ok(answer::done("/today", Done::SummaryLeft))
}
