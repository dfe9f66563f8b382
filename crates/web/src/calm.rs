//! After a heated exchange an answer waits longer before it goes (S2.17): there is time to read it once more, to take it back, or to
//! send it now after all. Nothing is refused, and nobody's words are called anything.

use std::sync::LazyLock;

use bansou_core::graduate::Language;
use bansou_core::lint::{Draft, Reader, Recipient, lint};
use bansou_core::signs::{Lexicon, classify};
use bansou_core::thread::{Author, Direction};
use bansou_store::{Graduate, Tx};

use crate::errors::Failure;
use crate::signed::Signed;
use crate::threads::{Slot, slot_at};

/// What is looked for in the person's words. Read at the first answer.
static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);
/// The rules whose words make an exchange a heated one.
const HEAT: &str = "S2.17";
/// Messages looked at for their last words.
const LOOKS_BACK: u64 = 20;

/// When an answer goes.
pub(crate) struct Going {
    /// Its moment and window.
    pub(crate) slot: Slot,
    /// It waits longer, because the exchange is a heated one.
    pub(crate) calms: bool,
}

/// When an answer goes: after the usual moment in which it can be taken back, or after a longer pause. The pause never moves it to
/// another window, so that nobody waits a night for it. The inner error is the sentence that says why never.
pub(crate) async fn going(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    body: &str,
) -> Result<Result<Going, String>, Failure> {
    let (parts, hours) = (&signed.app.parts, &graduate.details.hours);
    let usual = match slot_at(signed, hours, signed.now() + parts.undo_for) {
        Ok(slot) => slot,
        Err(why) => return Ok(Err(why)),
    };
    let calm = slot_at(signed, hours, signed.now() + parts.calm_for);
    let longer = calm.ok().filter(|slot| slot.window == usual.window && slot.due_at > usual.due_at);
    let Some(longer) = longer else { return Ok(Ok(Going { slot: usual, calms: false })) };
    let calms = is_heated(signed, tx, graduate, body).await?;
    Ok(Ok(Going { slot: if calms { longer } else { usual }, calms }))
}

/// Whether hard words stand in the answer or in what it answers. Where somebody may be in danger, nothing is: an answer goes at once.
async fn is_heated(signed: &Signed, tx: &Tx, graduate: &Graduate, body: &str) -> Result<bool, Failure> {
    if tx.thread(graduate.id).await?.is_some_and(|thread| thread.crisis_since.is_some()) {
        return Ok(false);
    }
    let mut against_us = false;
    for message in tx.messages_of(graduate.id, None, LOOKS_BACK).await? {
        if message.direction == Direction::Out {
            if message.author == Author::Program {
                continue;
            }
            break;
        }
        let Some(body) = message.body else { continue };
        let found = classify(&body.text, &LEXICON);
        if message.crisis || found.crisis || !found.soon.is_empty() {
            return Ok(false);
        }
        against_us |= found.conduct;
    }
    Ok(against_us || is_hard(signed, graduate.details.language, body))
}

/// Whether the words blame, press or mock, as the linter tells.
fn is_hard(signed: &Signed, language: Language, body: &str) -> bool {
    let to = Recipient::new(Reader::from(language));
    let found = lint(&Draft::new(body, signed.today()), &to, &signed.app.parts.lint);
    found.iter().any(|remark| remark.rule.requirement() == HEAT)
}
