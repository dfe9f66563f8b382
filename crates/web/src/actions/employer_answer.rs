//! The employer's answer: kept, told to the staff, and asked after at the graduate's.

use bansou_core::cadence::FollowUp;
use bansou_core::escalation::{EmployerAnswer, EscalationState};
use bansou_core::roster::parse_date;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{Escalation, NewTask, StoreError, Tx};
use chrono::{Days, NaiveDate};

use crate::answer;
use crate::areas::employer::refused;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::guest::{Asked, Guest, GuestSent, request_place};
use crate::pages::employer::{ANSWER_MAX, EmployerForm};
use crate::requests::settle;
use crate::signed::Answer;

/// `POST /e/answer`: once. Whoever sends it again sees what was sent.
pub async fn post(sent: GuestSent<EmployerForm, Asked>) -> Answer {
    let guest = &sent.who.guest;
    let there = request_place(sent.who.request);
    let Some(tx) = sent.begin().await? else { return Ok(answer::see(&there)) };
    let request = tx.escalation(sent.who.request).await?.ok_or(Failure::NotFound)?;
    if request.state != EscalationState::Sent {
        return Ok(answer::see(&there));
    }
    let said = match read(sent.form.clone()) {
        Ok(said) => said,
        Err(form) => return refused(guest, &tx, &request, form).await,
    };
    match tx.answer_escalation(request.id, &said).await {
        Ok(()) => {}
        // Somebody was faster, or it was taken back.
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&there)),
        Err(error) => return Err(error.into()),
    }
    settle(&tx, guest.actor(), &request).await?;
    let about = (request.id, request.graduate);
    let task = NewTask::about_request(TaskKind::Employer, TaskReason::EmployerAnswered, about, "", tx.now());
    tx.add_task(&task).await?;
    ask_after(&tx, guest, &request, said.on).await?;
    tx.save().await?;
    (guest.app.parts.wake)();
    Ok(answer::see(&there))
}

/// A check-in on the day that was named, or on the day of the review, so that the graduate is asked how it went.
async fn ask_after(tx: &Tx, guest: &Guest, request: &Escalation, named: Option<NaiveDate>) -> Result<(), Failure> {
    let Some(cadence) = tx.cadence(request.graduate).await? else { return Ok(()) };
    let today = guest.today();
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    let on = named.filter(|day| *day > today).unwrap_or(request.review_on).max(tomorrow);
    let sent_on = request.sent_at.map_or(today, |at| at.with_timezone(&guest.office.zone).date_naive());
    let mut state = cadence.state;
    state.follow_ups.push(FollowUp { on, escalated_on: sent_on });
    tx.put_cadence(guest.actor(), request.graduate, &state).await?;
    Ok(())
}

fn read(form: EmployerForm) -> Result<EmployerAnswer, FormState<EmployerForm>> {
    let mut errors = Vec::new();
    let kind = form.kind.parse().ok();
    if kind.is_none() {
        errors.push(("kind", FieldError::NotAChoice));
    }
    let on = match form.on.trim() {
        "" => None,
        text => {
            let day = parse_date(text).ok();
            if day.is_none() {
                errors.push(("on", FieldError::NotADate));
            }
            day
        }
    };
    let text = form.text.trim().to_owned();
    let now = text.chars().count();
    if now > ANSWER_MAX {
        errors.push(("text", FieldError::TooLong { max: ANSWER_MAX, now }));
    }
    if !text.is_empty() && !matches!(form.may_show.as_str(), "yes" | "no") {
        errors.push(("may_show", FieldError::NotAChoice));
    }
    if let (Some(kind), true) = (kind, errors.is_empty()) {
        return Ok(EmployerAnswer { kind, on, may_show: form.may_show == "yes", text });
    }
    let state = FormState::new(form);
    Err(errors.into_iter().fold(state, |state, (field, error)| state.with_error(field, error)))
}
