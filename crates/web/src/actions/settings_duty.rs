//! Who is on duty, every week or on one day, and a member's own hours: for managers.

use axum::extract::Path;
use bansou_core::duty::DutyWeek;
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::ids::StaffId;
use bansou_core::roster::parse_date;
use bansou_store::Tx;

use crate::answer;
use crate::areas::settings::{duty_page, hours_page};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::merge::{merged, place};
use crate::pages::Done;
use crate::pages::settings::duty::{DutyDayForm, DutyWeekForm};
use crate::pages::settings::hours::HoursForm;
use crate::pages::settings::office_form::DAYS;
use crate::sent::Sent;
use crate::signed::{Answer, Manager, Signed};

const THERE: &str = "/settings/duty";

/// What one day's form asks for.
enum Change {
    Put(Option<StaffId>),
    Usual,
}

/// `POST /settings/duty/week`.
pub async fn week(sent: Sent<DutyWeekForm, Manager>) -> Answer {
    let Manager(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::Saved)) };
    let on_record = tx.duty_plan(signed.today()).await?.week;
    let now = DutyWeekForm::of(&on_record, &signed.office.settings.hours);
    let merged = merged(&sent.form, &sent.form.shown, &now, &[]);
    let names = tx.staff_names().await?;
    let name = |id: &str| id.parse().ok().and_then(|id: StaffId| names.get(&id).cloned());
    let told = |field: &str, now: &str| {
        (
            place(&DutyWeekForm::FIELDS, field, DutyWeekForm::FIELDS[0]),
            name(now).unwrap_or_else(|| signed.say("duty-none")),
        )
    };
    if let Some(form) = merged.to_decide(told) {
        let page = duty_page(signed, &tx, FormState::new(DutyDayForm::empty()), Some(form)).await?;
        return signed.refused(&tx, &page).await;
    }
    let mut week = DutyWeek::default();
    for (day, half, text) in merged.form.chosen().into_iter().filter(|(_, _, text)| !text.is_empty()) {
        week.put(day, half, Some(text.parse().map_err(|_| Failure::Unreadable)?));
    }
    tx.set_duty_week(signed.actor(), &week).await?;
    tx.save().await?;
    Ok(answer::done(THERE, Done::Saved))
}

/// `POST /settings/duty/day`.
pub async fn day(sent: Sent<DutyDayForm, Manager>) -> Answer {
    let Manager(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::Saved)) };
    match read(signed, sent.form.clone()) {
        Ok((half, Change::Put(staff))) => tx.set_duty(signed.actor(), half, staff).await?,
        Ok((half, Change::Usual)) => tx.clear_duty(signed.actor(), half).await?,
        Err(form) => return refused(signed, &tx, *form).await,
    }
    tx.save().await?;
    Ok(answer::done(THERE, Done::Saved))
}

/// `POST /settings/staff/{id}/hours`.
pub async fn hours(Path(id): Path<StaffId>, sent: Sent<HoursForm, Manager>) -> Answer {
    let Manager(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/absences", Done::Saved)) };
    let member = tx.staff_member(id).await?.ok_or(Failure::NotFound)?;
    let now = HoursForm::new(member.hours.as_ref(), &signed.office.settings.hours);
    let fields: Vec<&str> = DAYS.iter().map(|(field, _)| *field).chain(["kind"]).collect();
    // Hours of their own and the office's are different decisions: days of one aren't mixed with the other.
    let together: &[&[&str]] = if sent.form.kind == now.kind { &[] } else { &[&fields] };
    let merged = merged(&sent.form, &sent.form.shown, &now, together);
    let told = |name: &str, now: &str| match place(&fields, name, "kind") {
        "kind" => ("kind", String::new()),
        day => (day, now.to_owned()),
    };
    let read = match merged.to_decide(told) {
        Some(state) => Err(Box::new(state)),
        None => merged.form.read(),
    };
    let own = match read {
        Ok(own) => own,
        Err(form) => return signed.refused(&tx, &hours_page(signed, member, *form)).await,
    };
    tx.set_staff_hours(signed.actor(), id, own.as_ref()).await?;
    tx.save().await?;
    Ok(answer::done("/absences", Done::Saved))
}

async fn refused(signed: &Signed, tx: &Tx, form: FormState<DutyDayForm>) -> Answer {
    let page = duty_page(signed, tx, form, None).await?;
    signed.refused(tx, &page).await
}

fn read(signed: &Signed, form: DutyDayForm) -> Result<(HalfDay, Change), Box<FormState<DutyDayForm>>> {
    let on = parse_date(form.on.trim());
    let half: Option<Half> = form.half.parse().ok();
    let change = match form.staff.as_str() {
        "usual" => Some(Change::Usual),
        "nobody" => Some(Change::Put(None)),
        id => id.parse().ok().map(|id| Change::Put(Some(id))),
    };
    let mut state = FormState::new(form);
    match &on {
        Err(_) if state.typed.on.trim().is_empty() => state = state.with_error("on", FieldError::Required),
        Err(_) => state = state.with_error("on", FieldError::NotADate),
        Ok(on) if *on < signed.today() => state = state.with_error("on", FieldError::Passed),
        Ok(_) => {}
    }
    if half.is_none() {
        state = state.with_error("half", FieldError::NotAChoice);
    }
    if change.is_none() {
        state = state.with_error("staff", FieldError::NotAChoice);
    }
    match (on, half, change) {
        (Ok(on), Some(half), Some(change)) if state.is_valid() => Ok((HalfDay { on, half }, change)),
        _ => Err(Box::new(state)),
    }
}
