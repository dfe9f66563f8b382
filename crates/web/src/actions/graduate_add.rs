//! Somebody new, added by hand by the rules of a roster's row.

use bansou_core::cadence::{CadencePreset, embedded_presets};
use bansou_core::employment::Disclosure;
use bansou_core::graduate::Language;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::roster::{Column, Problem, RosterRow, parse_typed};
use bansou_store::{Enrolment, LikelySame, Tx};

use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::new_graduate::{NewGraduateForm, NewGraduatePage, SamePerson};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Most letters of the name somebody is called by.
const CALLED_MAX: usize = 100;

/// The form, understood.
struct Read {
    row: RosterRow,
    staff: Option<StaffId>,
    disclosure: Disclosure,
    preset: CadencePreset,
}

/// `GET /graduates/new`. Whoever adds somebody is there for them, unless they choose another.
pub async fn page(signed: Signed) -> Answer {
    let tx = signed.read().await?;
    let cadence = embedded_presets().first().map(|preset| preset.key.clone()).unwrap_or_default();
    let form = FormState::new(NewGraduateForm::fresh(signed.staff.id.to_string(), cadence));
    let page = load(&signed, &tx, form, Vec::new()).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates`.
pub async fn post(sent: Sent<NewGraduateForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/graduates", Done::GraduateAdded)) };
    let (state, read) = read(&tx, &sent.form).await?;
    let Some(read) = read.filter(|_| state.is_valid()) else {
        let page = load(signed, &tx, state, Vec::new()).await?;
        return signed.refused(&tx, &page).await;
    };
    let same = tx.likely_same(&read.row).await?;
    if !same.is_empty() && sent.form.sure != "yes" {
        let page = load(signed, &tx, state.with_error("sure", FieldError::NotAChoice), same).await?;
        return signed.refused(&tx, &page).await;
    }
    let id = add(signed, &tx, &sent.form, read).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&format!("/graduates/{id}"), Done::GraduateAdded))
}

async fn add(signed: &Signed, tx: &Tx, form: &NewGraduateForm, read: Read) -> Result<GraduateId, Failure> {
    let new = Enrolment {
        row: &read.row,
        called: form.called.trim(),
        staff: read.staff,
        disclosure: read.disclosure,
        plan: read.preset.plan,
    };
    Ok(tx.enrol(signed.actor(), &new).await?)
}

/// The form with its mistakes, and what it says where it has none.
async fn read(tx: &Tx, form: &NewGraduateForm) -> Result<(FormState<NewGraduateForm>, Option<Read>), Failure> {
    let mut state = FormState::new(form.clone());
    let row = parse_typed(&columns(form));
    for error in row.as_ref().err().into_iter().flatten() {
        let said = match error.problem {
            Problem::NameMissing => FieldError::Required,
            other => FieldError::Roster { words: other.word_key() },
        };
        state = state.with_error(error.column.map_or("name", Column::as_str), said);
    }
    let now = form.called.trim().chars().count();
    if now > CALLED_MAX {
        state = state.with_error("called", FieldError::TooLong { max: CALLED_MAX, now });
    }
    let number = form.external_id.trim();
    if !number.is_empty() && tx.graduate_by_external_id(number).await?.is_some() {
        state = state.with_error("external_id", FieldError::Taken);
    }
    let staff = staff(tx, form).await?;
    if staff.is_none() {
        state = state.with_error("staff", FieldError::NotAChoice);
    }
    // Nobody says for a job that isn't there whether its employer knows.
    let has_job = !form.hired_on.trim().is_empty() || !form.employer.trim().is_empty();
    let chosen = form.disclosure.parse().ok().filter(|chosen| Disclosure::CHOICES.contains(chosen));
    let disclosure = if has_job { chosen } else { Some(Disclosure::Unknown) };
    if disclosure.is_none() {
        state = state.with_error("disclosure", FieldError::NotAChoice);
    }
    let preset = embedded_presets().into_iter().find(|preset| preset.key == form.cadence);
    if preset.is_none() {
        state = state.with_error("cadence", FieldError::NotAChoice);
    }
    let (Ok(row), Some(staff), Some(disclosure), Some(preset)) = (row, staff, disclosure, preset) else {
        return Ok((state, None));
    };
    Ok((state, Some(Read { row, staff, disclosure, preset })))
}

fn columns(form: &NewGraduateForm) -> [(Column, &str); 12] {
    [
        (Column::Name, &form.name),
        (Column::Kana, &form.kana),
        (Column::ExternalId, &form.external_id),
        (Column::Phone, &form.phone),
        (Column::Email, &form.email),
        (Column::AllowedFrom, &form.allowed_from),
        (Column::AllowedTo, &form.allowed_to),
        (Column::Language, &form.language),
        (Column::Employer, &form.employer),
        (Column::HiredOn, &form.hired_on),
        (Column::ServiceStartedOn, &form.service_started_on),
        (Column::ServiceEndedOn, &form.service_ended_on),
    ]
}

/// Outer: whether it is a choice; inner: nobody yet.
async fn staff(tx: &Tx, form: &NewGraduateForm) -> Result<Option<Option<StaffId>>, Failure> {
    if form.staff.is_empty() {
        return Ok(Some(None));
    }
    let Ok(id) = form.staff.parse() else { return Ok(None) };
    let member = tx.staff_member(id).await?;
    Ok(member.filter(|member| member.disabled_at.is_none()).map(|member| Some(member.id)))
}

async fn load(
    signed: &Signed,
    tx: &Tx,
    form: FormState<NewGraduateForm>,
    same: Vec<LikelySame>,
) -> Result<NewGraduatePage, Failure> {
    let staff = tx.staff().await?.into_iter().filter(|member| member.disabled_at.is_none());
    let same = same.into_iter().map(|likely| SamePerson {
        id: likely.graduate.id.to_string(),
        name: likely.graduate.details.profile.name,
        kana: likely.graduate.details.profile.kana,
        hired_on: likely.hired_on,
        by_phone: likely.by_phone,
    });
    Ok(NewGraduatePage {
        form,
        same: same.collect(),
        staff: staff.map(|member| (member.id.to_string(), member.profile.name)).collect(),
        cadences: embedded_presets()
            .into_iter()
            .map(|preset| (preset.key.clone(), signed.say(&preset.name_key())))
            .collect(),
        languages: Language::ALL,
        disclosures: Disclosure::CHOICES,
    })
}
