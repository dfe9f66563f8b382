//! What is known of a graduate, corrected: details, addresses, hours, staff, rhythm.

mod read;
mod service;

use axum::extract::Path;
use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadencePreset, CadenceState, embedded_presets};
use bansou_core::contact::ContactKind;
use bansou_core::graduate::{Language, Support};
use bansou_core::ids::GraduateId;
use bansou_core::service_period::ServiceKind;
use bansou_store::{CadenceRow, ContactPoint, Graduate, StoredServicePeriod, Tx};

use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::{person_head, present_job};
use crate::merge::{merged, place, shown};
use crate::pages::Done;
use crate::pages::edit::{EditForm, EditPage, FIELDS};
use crate::people::dialled;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use read::{Read, read, shown_hours, shown_kind};

/// The choice of a rhythm that no preset has.
const OWN: &str = "own";

/// Fields whose value is a code: what they are now is seen on the person's page.
const CHOSEN: [&str; 6] = ["language", "support", "staff", "standin", "cadence", "days"];

/// A graduate with all that the form shows.
struct Known {
    graduate: Graduate,
    points: Vec<ContactPoint>,
    cadence: Option<CadenceRow>,
    presets: Vec<CadencePreset>,
    /// Every time they used 就労定着支援, oldest first.
    services: Vec<StoredServicePeriod>,
    /// Staff who can be chosen: id and name.
    staff: Vec<(String, String)>,
}

impl Known {
    fn address(&self, kind: ContactKind) -> Option<&ContactPoint> {
        self.points.iter().find(|point| point.kind == kind)
    }

    /// The number that the form shows: of two the one that is written to.
    fn phone(&self) -> Option<&ContactPoint> {
        self.address(ContactKind::Sms).or_else(|| self.address(ContactKind::Phone))
    }

    /// The key of the rhythm the person has: empty for none, [`OWN`] where it is no preset's.
    fn cadence_key(&self) -> &str {
        let Some(row) = &self.cadence else { return "" };
        let same = |preset: &&CadencePreset| preset.plan.phases() == row.state.plan.phases();
        self.presets.iter().find(same).map_or(OWN, |preset| &preset.key)
    }
}

/// `GET /graduates/{id}/edit`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let known = known(&tx, id).await?;
    let mut form = typed(&signed, &known);
    form.shown = shown(&form);
    let page = load(&signed, &tx, &known, FormState::new(form)).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/edit`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<EditForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Saved)) };
    let known = known(&tx, id).await?;
    let merge = merged(&sent.form, &sent.form.shown, &typed(signed, &known), &[]);
    let told = |name: &str, now: &str| {
        let field = place(&FIELDS, name, "days");
        (field, if CHOSEN.contains(&field) { String::new() } else { now.to_owned() })
    };
    let mut read = match merge.to_decide(told) {
        Some(state) => Err(Box::new(state)),
        None => read(signed, &merge.form, &known),
    };
    if is_number_taken(&tx, &merge.form, id).await? {
        let state = read.err().map_or_else(|| FormState::new(merge.form.clone()), |state| *state);
        read = Err(Box::new(state.with_error("external_id", FieldError::Taken)));
    }
    match read {
        Ok(read) => save(signed, &tx, &known, read).await?,
        Err(form) => {
            let page = load(signed, &tx, &known, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::Saved))
}

async fn save(signed: &Signed, tx: &Tx, known: &Known, read: Read) -> Result<(), Failure> {
    let (actor, id) = (signed.actor(), known.graduate.id);
    tx.change_graduate(actor, id, &read.details).await?;
    put_address(tx, actor, id, known.phone(), read.phone.clone()).await?;
    if read.phone.is_some_and(|(_, number)| known.phone().is_none_or(|point| point.address != number)) {
        tx.number_is_right(actor, id).await?;
    }
    let email = read.email.map(|address| (ContactKind::Email, address));
    put_address(tx, actor, id, known.address(ContactKind::Email), email).await?;
    if read.support != known.graduate.support {
        tx.set_support(actor, id, read.support).await?;
    }
    if (read.staff, read.standin) != (known.graduate.staff, known.graduate.standin) {
        tx.assign_staff(actor, id, read.staff, read.standin).await?;
    }
    service::put(tx, actor, known, read.service).await?;
    match read.preset {
        Some(preset) => put_cadence(signed, tx, known, preset).await,
        None => Ok(()),
    }
}

/// An address in place of the one that was shown, which is gone where the new one is used in another way: a landline that took the
/// mobile's place isn't written to, and neither is the mobile.
async fn put_address(
    tx: &Tx,
    actor: Actor,
    id: GraduateId,
    shown: Option<&ContactPoint>,
    wanted: Option<(ContactKind, String)>,
) -> Result<(), Failure> {
    let kind = wanted.as_ref().map(|(kind, _)| *kind);
    if let Some(point) = shown.filter(|point| Some(point.kind) != kind) {
        tx.remove_address(actor, point.id).await?;
        tx.wake_planner(id).await?;
    }
    if let Some((kind, address)) = wanted {
        tx.set_address(actor, id, kind, &address).await?;
    }
    Ok(())
}

/// Another rhythm counts from the same day, and what was set on top of it stays.
async fn put_cadence(signed: &Signed, tx: &Tx, known: &Known, preset: CadencePreset) -> Result<(), Failure> {
    let (actor, id, today) = (signed.actor(), known.graduate.id, signed.today());
    if let Some(row) = &known.cadence {
        tx.put_cadence(actor, id, &CadenceState { plan: preset.plan, ..row.state.clone() }).await?;
        return Ok(());
    }
    let jobs = tx.employments_of(id).await?;
    let anchor = match present_job(&jobs, today) {
        Some(job) => Anchor { kind: AnchorKind::Hired, on: job.details.hired_on },
        None => Anchor { kind: AnchorKind::SupportStarted, on: today },
    };
    let cadence = tx.put_cadence(actor, id, &CadenceState::new(preset.plan, anchor)).await?;
    // Somebody who works already is asked from today on, not for all the days before.
    if let Some(yesterday) = today.pred_opt().filter(|yesterday| anchor.on <= *yesterday) {
        tx.set_last_due(cadence, yesterday).await?;
    }
    Ok(())
}

async fn known(tx: &Tx, id: GraduateId) -> Result<Known, Failure> {
    let graduate = tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    let staff = tx.staff().await?.into_iter();
    let theirs = [graduate.staff, graduate.standin];
    let staff = staff.filter(|member| member.disabled_at.is_none() || theirs.contains(&Some(member.id)));
    let services = tx.service_periods_of(id).await?.into_iter();
    Ok(Known {
        points: tx.contact_points(id).await?,
        cadence: tx.cadence(id).await?,
        presets: embedded_presets(),
        services: services.filter(|stored| stored.period.kind == ServiceKind::Retention).collect(),
        staff: staff.map(|member| (member.id.to_string(), member.profile.name)).collect(),
        graduate,
    })
}

async fn load(signed: &Signed, tx: &Tx, known: &Known, form: FormState<EditForm>) -> Result<EditPage, Failure> {
    let say = |key: &str| signed.app.parts.words.plain(signed.lang, key);
    let mut cadences = match known.cadence_key() {
        "" => vec![(String::new(), say("edit-cadence-none"))],
        OWN => vec![(OWN.to_owned(), say("cadence-own"))],
        _ => Vec::new(),
    };
    cadences.extend(known.presets.iter().map(|preset| (preset.key.clone(), say(&preset.name_key()))));
    Ok(EditPage {
        person: person_head(tx, &known.graduate, signed.today()).await?,
        form,
        staff: known.staff.clone(),
        cadences,
        languages: Language::ALL,
        supports: Support::ALL,
    })
}

fn typed(signed: &Signed, known: &Known) -> EditForm {
    let graduate = &known.graduate;
    let profile = &graduate.details.profile;
    EditForm {
        name: profile.name.clone(),
        kana: profile.kana.clone(),
        called: profile.called.clone(),
        phone: known.phone().map(|point| dialled(&point.address)).unwrap_or_default(),
        email: known.address(ContactKind::Email).map(|point| point.address.clone()).unwrap_or_default(),
        language: graduate.details.language.to_string(),
        support: graduate.support.to_string(),
        staff: graduate.staff.map(|id| id.to_string()).unwrap_or_default(),
        standin: graduate.standin.map(|id| id.to_string()).unwrap_or_default(),
        service_started_on: service::shown(known, |period| Some(period.started_on)),
        service_ended_on: service::shown(known, |period| period.ended_on),
        cadence: known.cadence_key().to_owned(),
        crisis_plan: profile.crisis_plan.clone(),
        external_id: profile.external_id.clone().unwrap_or_default(),
        disability: shown_kind(signed, "disability", profile.disability.as_deref()),
        certificate: shown_kind(signed, "certificate", profile.certificate.as_deref()),
        ..shown_hours(&graduate.details.hours)
    }
}

/// Asked before anything is written, because a refused row would take the whole unit of work with it.
async fn is_number_taken(tx: &Tx, form: &EditForm, id: GraduateId) -> Result<bool, Failure> {
    let number = form.external_id.trim();
    if number.is_empty() {
        return Ok(false);
    }
    Ok(tx.graduate_by_external_id(number).await?.is_some_and(|other| other.id != id))
}
