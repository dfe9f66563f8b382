//! Words of crisis: somebody takes it up, hands it on, or says what was done and ends it.

use axum::extract::Path;
use bansou_core::ids::GraduateId;
use bansou_core::note::{ContactMode, LANE_MAX, Lanes};
use bansou_store::{NewNote, StoreError, Tx};

use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::person::CrisisCloseForm;
use crate::pages::thread::ReplyForm;
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};
use crate::{answer, people, threads};

/// `POST /graduates/{id}/crisis/take`. Refused where a colleague was first; the page then shows who.
pub async fn take(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there(id), Done::CrisisTaken)) };
    let step = tx.take_crisis(sent.signed.staff.id, id).await;
    if was_refused(step)? {
        return Ok(answer::see(&there(id)));
    }
    tx.save().await?;
    Ok(answer::done(&there(id), Done::CrisisTaken))
}

/// `POST /graduates/{id}/crisis/release`: it calls for everybody again.
pub async fn release(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there(id), Done::CrisisReleased)) };
    if was_refused(tx.release_crisis(sent.signed.actor(), id).await)? {
        return Ok(answer::see(&there(id)));
    }
    tx.save().await?;
    Ok(answer::done(&there(id), Done::CrisisReleased))
}

/// `POST /graduates/{id}/crisis/close`: what was done becomes a note. Words that came in after those on the writer's page are shown first,
/// also where they were written before them.
pub async fn close(Path(id): Path<GraduateId>, sent: Sent<CrisisCloseForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there(id), Done::CrisisClosed)) };
    let what = sent.form.what.trim();
    if let Some(error) = wrong(what) {
        return again(signed, &tx, id, &sent.form, error).await;
    }
    // Words that come in at this moment come before, and are looked for here, or after, and call for everybody again.
    tx.hold_thread(id).await?;
    let since = tx.thread(id).await?.ok_or(Failure::NotFound)?.crisis_since;
    let Some(since) = since else {
        // A colleague ended it; what this one did is kept all the same.
        write_down(signed, &tx, id, what).await?;
        tx.save().await?;
        return Ok(answer::done(&there(id), Done::NoteSaved));
    };
    let words = tx.words_of_crisis(id, since).await?;
    if people::crisis_seen(&words) != sent.form.seen || was_refused(tx.close_crisis(signed.actor(), id).await)? {
        return again(signed, &tx, id, &sent.form, FieldError::ChangedMeanwhile).await;
    }
    let seq = tx.newest_audit_seq().await?;
    write_down(signed, &tx, id, what).await?;
    tx.save().await?;
    Ok(answer::done_undo(&there(id), Done::CrisisClosed, seq))
}

fn wrong(what: &str) -> Option<FieldError> {
    let now = what.chars().count();
    match now {
        0 => Some(FieldError::Required),
        now if now > LANE_MAX => Some(FieldError::TooLong { max: LANE_MAX, now }),
        _ => None,
    }
}

/// The thread with the form as it was typed; what the person wrote since is on the page, so the next try has seen it.
async fn again(signed: &Signed, tx: &Tx, id: GraduateId, form: &CrisisCloseForm, error: FieldError) -> Answer {
    let mut page = threads::load(signed, tx, id, None, FormState::new(ReplyForm::default())).await?;
    if let Some(crisis) = &mut page.crisis {
        let typed = CrisisCloseForm { what: form.what.clone(), seen: crisis.close.typed.seen.clone() };
        crisis.close = FormState::new(typed).with_error("what", error);
    }
    signed.refused(tx, &page).await
}

async fn write_down(signed: &Signed, tx: &Tx, graduate: GraduateId, what: &str) -> Result<(), Failure> {
    let lanes = Lanes { observed: what.to_owned(), ..Lanes::default() };
    let (author, happened_at) = (signed.staff.id, signed.now());
    tx.save_note(&NewNote { graduate, author, mode: ContactMode::None, happened_at, lanes }).await?;
    Ok(())
}

fn was_refused(step: Result<(), StoreError>) -> Result<bool, Failure> {
    match step {
        Ok(()) => Ok(false),
        Err(StoreError::Refused { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

fn there(id: GraduateId) -> String {
    format!("/inbox/{id}")
}
