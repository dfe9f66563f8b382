//! Leave is entered or changed: one's own, or anybody's by a manager.

use axum::extract::Path;
use bansou_core::absence::{HalfDays, HalfDaysError, Leave, REASON_MAX};
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::ids::{AbsenceId, StaffId};
use bansou_core::roster::parse_date;
use bansou_store::{Absence, NewAbsence, StoreError, Tx};

use crate::answer;
use crate::areas::absences::{Clash, form_page, may_change, own};
use crate::care::{Caring, half_words, when_words};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::merge::merged;
use crate::pages::Done;
use crate::pages::absences::AbsenceForm;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

const THERE: &str = "/absences";

/// `POST /absences`.
pub async fn add(sent: Sent<AbsenceForm>) -> Answer {
    let signed = &sent.signed;
    let mut form = sent.form.clone();
    if form.staff.is_empty() {
        form.staff = signed.staff.id.to_string();
    }
    let staff: StaffId = form.staff.parse().map_err(|_| Failure::Unreadable)?;
    if !may_change(signed, staff) {
        return Err(Failure::Forbidden);
    }
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::AbsenceSaved)) };
    save(signed, tx, None, staff, form).await
}

/// `POST /absences/{id}`.
pub async fn change(Path(id): Path<AbsenceId>, sent: Sent<AbsenceForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::AbsenceSaved)) };
    let known = own(signed, &tx, id).await?;
    let form = AbsenceForm { staff: known.leave.staff.to_string(), ..sent.form.clone() };
    let merge =
        merged(&form, &form.shown, &AbsenceForm::of(&known), &[&["from_on", "from_half"], &["until_on", "until_half"]]);
    // A half belongs to its day: a beginning of which one changed the day and the other the half is one that neither meant.
    let names = tx.staff_names().await?;
    let half = |half| half_words(&signed.app.parts.words, signed.lang, half);
    let standin = || known.leave.standin.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let told = |name: &str, now: &str| match name {
        "from_on" | "from_half" => ("from_on", half(known.leave.when.from())),
        "until_on" | "until_half" => ("until_on", half(known.leave.when.to())),
        "standin" => ("standin", standin()),
        _ => ("reason", now.to_owned()),
    };
    if let Some(state) = merge.to_decide(told) {
        return refused(signed, &tx, Some(&known), state, None).await;
    }
    save(signed, tx, Some(&known), known.leave.staff, merge.form).await
}

async fn save(signed: &Signed, tx: Tx, known: Option<&Absence>, staff: StaffId, form: AbsenceForm) -> Answer {
    let new = match read(staff, form.clone()) {
        Ok(new) => new,
        Err(state) => return refused(signed, &tx, known, *state, None).await,
    };
    if let Some((field, error, text)) = clash(signed, &tx, known, &new).await? {
        let clash = Clash { text, when: new.leave.when };
        let state = FormState::new(form).with_error(field, error);
        return refused(signed, &tx, known, state, Some(clash)).await;
    }
    // Somebody who works mornings only may well stand in, but whoever chooses them has read what stays open.
    let off = Caring::since(signed, &tx, new.leave.when.from().on).await?.standin_off(new.leave);
    if !off.is_empty() && off != form.warned {
        let form = AbsenceForm { warned: off.clone(), ..form };
        let state = FormState::new(form).with_error("standin", FieldError::StandinOff);
        return refused(signed, &tx, known, state, Some(Clash { text: off, when: new.leave.when })).await;
    }
    let actor = signed.actor();
    let saved = match known {
        Some(known) => tx.change_absence(actor, known.id, &new).await,
        None => tx.add_absence(actor, &new).await.map(drop),
    };
    match saved {
        Ok(()) => {}
        // Somebody else was faster: what they entered is shown with the form.
        Err(StoreError::Refused { .. }) => {
            drop(tx);
            let state = FormState::new(form).with_error("from_on", FieldError::Overlaps);
            return refused(signed, &signed.read().await?, known, state, None).await;
        }
        Err(error) => return Err(error.into()),
    }
    tx.save().await?;
    Ok(answer::done(THERE, Done::AbsenceSaved))
}

async fn refused(
    signed: &Signed,
    tx: &Tx,
    known: Option<&Absence>,
    form: FormState<AbsenceForm>,
    clash: Option<Clash>,
) -> Answer {
    let page = form_page(signed, tx, known, form, clash).await?;
    signed.refused(tx, &page).await
}

/// Other leave in the way: the field, what is wrong, and a sentence that says whose and when.
async fn clash(
    signed: &Signed,
    tx: &Tx,
    known: Option<&Absence>,
    new: &NewAbsence,
) -> Result<Option<(&'static str, FieldError, String)>, Failure> {
    let when = |other: &Absence| when_words(&signed.app.parts.words, signed.lang, other.leave.when);
    for other in tx.absences_from(new.leave.when.from().on).await? {
        if known.is_some_and(|known| known.id == other.id) || !other.leave.when.overlaps(new.leave.when) {
            continue;
        }
        if other.leave.staff == new.leave.staff {
            let text = signed.say_with("absence-clash-own", &[("when", when(&other).into())]);
            return Ok(Some(("from_on", FieldError::Overlaps, text)));
        }
        if Some(other.leave.staff) == new.leave.standin {
            let name = tx.staff_member(other.leave.staff).await?.map(|member| member.profile.name).unwrap_or_default();
            let text =
                signed.say_with("absence-clash-standin", &[("name", name.into()), ("when", when(&other).into())]);
            return Ok(Some(("standin", FieldError::StandinAway, text)));
        }
    }
    Ok(None)
}

fn read(staff: StaffId, form: AbsenceForm) -> Result<NewAbsence, Box<FormState<AbsenceForm>>> {
    let mut errors = Vec::new();
    let from = day(&form.from_on).inspect_err(|error| errors.push(("from_on", error.clone()))).ok();
    let until = if form.until_on.trim().is_empty() { &form.from_on } else { &form.until_on };
    let until = day(until).inspect_err(|error| errors.push(("until_on", error.clone()))).ok();
    let standin = match form.standin.as_str() {
        "" => None,
        id => id.parse::<StaffId>().inspect_err(|_| errors.push(("standin", FieldError::NotAChoice))).ok(),
    };
    if standin == Some(staff) {
        errors.push(("standin", FieldError::SamePerson));
    }
    let reason = form.reason.trim().to_owned();
    let now = reason.chars().count();
    if now > REASON_MAX {
        errors.push(("reason", FieldError::TooLong { max: REASON_MAX, now }));
    }
    let halves = (form.from_half.parse::<Half>().ok(), form.until_half.parse::<Half>().ok());
    let when = match (from, until, halves) {
        (Some(from), Some(until), (Some(first), Some(last))) => {
            let when = HalfDays::new(HalfDay { on: from, half: first }, HalfDay { on: until, half: last });
            when.inspect_err(|error| errors.push(("until_on", wrong(*error)))).ok()
        }
        (Some(_), Some(_), _) => {
            errors.push(("from_half", FieldError::NotAChoice));
            None
        }
        _ => None,
    };
    match when {
        Some(when) if errors.is_empty() => Ok(NewAbsence { leave: Leave { staff, when, standin }, reason }),
        _ => {
            let state = FormState::new(form);
            Err(Box::new(errors.into_iter().fold(state, |state, (field, error)| state.with_error(field, error))))
        }
    }
}

fn day(text: &str) -> Result<chrono::NaiveDate, FieldError> {
    if text.trim().is_empty() {
        return Err(FieldError::Required);
    }
    parse_date(text.trim()).map_err(|_| FieldError::NotADate)
}

fn wrong(error: HalfDaysError) -> FieldError {
    match error {
        HalfDaysError::Inverted => FieldError::EndBeforeStart,
        HalfDaysError::TooLong => FieldError::LeaveTooLong,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn form(change: impl FnOnce(&mut AbsenceForm)) -> Result<NewAbsence, Vec<(&'static str, FieldError)>> {
        let staff = StaffId(Uuid::from_u128(1));
        let mut form = AbsenceForm { from_on: "2026-11-24".into(), ..AbsenceForm::empty(staff.to_string()) };
        change(&mut form);
        read(staff, form).map_err(|state| state.errors.into_iter().collect())
    }

    #[test]
    fn a_single_day_needs_one_date_and_dates_are_read_as_people_type_them() {
        let new = form(|form| form.from_on = "令和8年11月24日".into()).ok().unwrap();
        let on = "2026-11-24".parse().unwrap();
        assert_eq!((new.leave.when.from(), new.leave.when.to()), (HalfDay::morning(on), HalfDay::afternoon(on)));
    }

    #[test]
    fn a_mistake_is_named_at_its_field() {
        let errors = |change: fn(&mut AbsenceForm)| form(change).err().unwrap();
        assert_eq!(errors(|form| form.from_on = String::new())[0], ("from_on", FieldError::Required));
        assert_eq!(errors(|form| form.until_on = "2026-11-20".into()), [("until_on", FieldError::EndBeforeStart)]);
        assert_eq!(errors(|form| form.until_on = "2028-11-20".into()), [("until_on", FieldError::LeaveTooLong)]);
        assert_eq!(errors(|form| form.until_half = "noon".into()), [("from_half", FieldError::NotAChoice)]);
        assert_eq!(errors(|form| form.standin = form.staff.clone()), [("standin", FieldError::SamePerson)]);
        let long = errors(|form| form.reason = "あ".repeat(REASON_MAX + 1));
        assert_eq!(long, [("reason", FieldError::TooLong { max: REASON_MAX, now: REASON_MAX + 1 })]);
    }
}
