//! A person decides about a sign. Confirming brings contact closer for a while, by the rule of the person's cadence.

use axum::extract::Path;
use bansou_core::cadence::{SignRule, embedded_presets};
use bansou_core::ids::{GraduateId, SignId};
use bansou_core::sign::{SignCategory, SignLevel, SignStep};
use bansou_store::{PlacedSign, StoreError, Tx};
use serde::Deserialize;

use crate::answer;
use crate::areas::signs;
use crate::errors::Failure;
use crate::form::FieldError;
use crate::pages::Done;
use crate::pages::signs::{Refused, ShowSigns};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Most letters of a reason.
const WHY_MAX: usize = 400;

/// The raw form. Category and level come with a confirmation; empty ones leave the suggestion as it is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DecideForm {
    why: String,
    category: String,
    level: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Confirm,
    Dismiss,
    Act,
    Resolve,
}

/// `POST /signs/{id}/confirm`.
pub async fn confirm(Path(id): Path<SignId>, sent: Sent<DecideForm>) -> Answer {
    decide(id, sent, Step::Confirm).await
}

/// `POST /signs/{id}/dismiss`: needs a reason.
pub async fn dismiss(Path(id): Path<SignId>, sent: Sent<DecideForm>) -> Answer {
    decide(id, sent, Step::Dismiss).await
}

/// `POST /signs/{id}/act`.
pub async fn act(Path(id): Path<SignId>, sent: Sent<DecideForm>) -> Answer {
    decide(id, sent, Step::Act).await
}

/// `POST /signs/{id}/resolve`.
pub async fn resolve(Path(id): Path<SignId>, sent: Sent<DecideForm>) -> Answer {
    decide(id, sent, Step::Resolve).await
}

async fn decide(id: SignId, sent: Sent<DecideForm>, step: Step) -> Answer {
    let signed = &sent.signed;
    let (there, done) = match step {
        Step::Confirm => ("/signs?show=open", Done::SignConfirmed),
        Step::Dismiss => ("/signs?show=waiting", Done::SignDismissed),
        Step::Act | Step::Resolve => ("/signs?show=open", Done::Saved),
    };
    // Whoever goes on with the sign finds it among other people's without looking for it.
    let end = match step {
        Step::Confirm | Step::Act => answer::done_at(there, done, &format!("sign-{id}")),
        Step::Dismiss | Step::Resolve => answer::done(there, done),
    };
    let Some(tx) = sent.begin().await? else { return Ok(end) };
    let placed = tx.sign(id).await?.ok_or(Failure::NotFound)?;
    let why = sent.form.why.trim();
    if let Some(error) = problem(why, step) {
        let show = if step == Step::Dismiss { ShowSigns::Waiting } else { ShowSigns::Open };
        let refused = Refused { why: error, typed: sent.form.why.clone() };
        let page = signs::load(signed, &tx, show, 1, Some((id, refused))).await?;
        return signed.refused(&tx, &page).await;
    }
    let staff = signed.staff.id;
    let (category, level) = made_of_it(&sent.form, &placed)?;
    let stepped = match step {
        Step::Confirm => tx.confirm_sign_as(staff, id, why, category, level).await,
        Step::Dismiss => tx.dismiss_sign(staff, id, why).await,
        Step::Act => tx.act_on_sign(staff, id, why).await,
        Step::Resolve => tx.resolve_sign(staff, id, why).await,
    };
    match stepped {
        // A colleague decided first; the list shows what.
        Err(StoreError::Sign(_) | StoreError::Refused { .. }) => return Ok(answer::see(there)),
        other => other?,
    }
    if step == Step::Confirm {
        come_closer(signed, &tx, placed.sign.graduate, category).await?;
    }
    let seq = tx.newest_audit_seq().await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    let may_undo = step == Step::Dismiss && placed.sign.state.step() == SignStep::Suggested;
    Ok(if may_undo { answer::done_undo(there, done, seq) } else { end })
}

/// What the reader says it is; a choice that isn't one can't come from our page.
fn made_of_it(form: &DecideForm, placed: &PlacedSign) -> Result<(SignCategory, SignLevel), Failure> {
    let sign = &placed.sign;
    let category = match form.category.as_str() {
        "" => sign.category,
        word => word.parse().map_err(|_| Failure::Unreadable)?,
    };
    let level = match form.level.as_str() {
        "" => sign.level,
        word => {
            let number = word.parse::<u8>().map_err(|_| Failure::Unreadable)?;
            SignLevel::try_from(number).map_err(|_| Failure::Unreadable)?
        }
    };
    Ok((category, level))
}

fn problem(why: &str, step: Step) -> Option<FieldError> {
    let now = why.chars().count();
    if now > WHY_MAX {
        return Some(FieldError::TooLong { max: WHY_MAX, now });
    }
    (step == Step::Dismiss && why.is_empty()).then_some(FieldError::Required)
}

/// Closer contact for a while from today, for a sign that is confirmed. Good news brings nobody closer.
pub(crate) async fn come_closer(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    category: SignCategory,
) -> Result<(), Failure> {
    if category == SignCategory::Positive {
        return Ok(());
    }
    let Some(cadence) = tx.cadence(graduate).await? else { return Ok(()) };
    let presets = embedded_presets();
    let same = presets.iter().find(|preset| preset.plan.phases() == cadence.state.plan.phases());
    let Some(rule) = same.or(presets.first()).map(|preset| preset.sign) else { return Ok(()) };
    let rule: SignRule = rule;
    let mut state = cadence.state;
    state.adjusters.push(rule.adjuster(signed.today()));
    tx.put_cadence(signed.actor(), graduate, &state).await?;
    Ok(())
}
