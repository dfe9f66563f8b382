//! What the reader just did is taken back.

use bansou_store::Undone;
use serde::Deserialize;

use crate::answer;
use crate::language::safe_back;
use crate::pages::Done;
use crate::sent::Sent;
use crate::signed::Answer;

/// The raw form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct UndoForm {
    seq: i64,
    back: String,
}

/// `POST /undo`: by the number of the audit row; only one's own, for ten minutes, and while nobody else acted since.
pub async fn post(sent: Sent<UndoForm>) -> Answer {
    // A note that was taken back has no page any more.
    let back = match safe_back(&sent.form.back) {
        back if back.starts_with("/notes/") => "/today",
        back => back,
    };
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(back, Done::Undone)) };
    let done = match tx.undo(sent.signed.staff.id, sent.form.seq).await? {
        Undone::AsBefore => Done::Undone,
        Undone::TooLate => Done::UndoTooLate,
        Undone::Changed => Done::UndoChanged,
    };
    if done == Done::Undone {
        tx.save().await?;
        (sent.signed.app.parts.wake)();
    }
    Ok(answer::done(back, done))
}
