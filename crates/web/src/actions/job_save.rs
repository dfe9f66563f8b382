//! A job of a graduate, new or corrected, and the person one speaks to there.

use axum::extract::Path;
use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadenceState, embedded_presets};
use bansou_core::contact::EmailAddress;
use bansou_core::employment::{Disclosure, EmployerContactProfile};
use bansou_core::graduate::Support;
use bansou_core::ids::{EmployerId, EmploymentId, GraduateId};
use bansou_core::leaving::LeavingReason;
use bansou_core::search::name_key;
use bansou_store::{EmployerContact, Employment, EmploymentDetails, Tx};
use chrono::NaiveDate;

use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::merge::{Merged, merged, place, shown};
use crate::pages::Done;
use crate::pages::job::{FIELDS, JobForm, JobPage};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Most letters of a name, and of the words about leaving.
const NAME_MAX: usize = 100;
const WORDS_MAX: usize = 400;
/// What somebody gets with their first job, until staff choose another on their page.
const FIRST_CADENCE: &str = "standard";

/// Who is spoken to belongs to a company, and an address to a person: of these fields only all together are anybody's.
const TOGETHER: [&str; 5] = ["employer", "disclosure", "contact_name", "contact_part", "contact_email"];

/// Fields whose value is a code: what they are now is seen on the person's page.
const CHOSEN: [&str; 3] = ["disclosure", "supported_change", "leaving_reason"];

struct Read {
    employer: String,
    hired_on: NaiveDate,
    left_on: Option<NaiveDate>,
    disclosure: Disclosure,
    leaving: Option<LeavingReason>,
    contact: Option<EmployerContactProfile>,
}

/// `GET /graduates/{id}/jobs/new`.
pub async fn new(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = load(&signed, &tx, id, None, FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// `GET /jobs/{id}/edit`.
pub async fn page(signed: Signed, Path(id): Path<EmploymentId>) -> Answer {
    let job = signed.read().await?.employment(id).await?.ok_or(Failure::NotFound)?;
    let tx = signed.look_at(job.graduate).await?;
    let mut form = typed(&tx, &job).await?;
    form.shown = shown(&form);
    let page = load(&signed, &tx, job.graduate, Some(&job), FormState::new(form)).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/jobs`.
pub async fn add(Path(id): Path<GraduateId>, sent: Sent<JobForm>) -> Answer {
    save(&sent, id, None).await
}

/// `POST /jobs/{id}/edit`.
pub async fn change(Path(id): Path<EmploymentId>, sent: Sent<JobForm>) -> Answer {
    let job = sent.signed.read().await?.employment(id).await?.ok_or(Failure::NotFound)?;
    save(&sent, job.graduate, Some(id)).await
}

async fn save(sent: &Sent<JobForm>, graduate: GraduateId, job: Option<EmploymentId>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{graduate}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Saved)) };
    let person = tx.graduate(graduate).await?.ok_or(Failure::NotFound)?;
    let jobs = tx.employments_of(graduate).await?;
    let before = jobs.iter().find(|other| Some(other.id) == job);
    let merge = match before {
        Some(job) => merged(&sent.form, &sent.form.shown, &typed(&tx, job).await?, &[&TOGETHER]),
        None => Merged { form: sent.form.clone(), both: Vec::new() },
    };
    let told = |name: &str, now: &str| {
        let field = place(&FIELDS, name, "employer");
        (field, if CHOSEN.contains(&field) { String::new() } else { now.to_owned() })
    };
    let read = match merge.to_decide(told) {
        Some(state) => Err(Box::new(state)),
        None => read(&merge.form, before, &jobs),
    };
    let read = match read {
        Ok(read) => read,
        Err(form) => {
            let page = load(signed, &tx, graduate, before, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let actor = signed.actor();
    let employer = tx.employer_named(actor, &read.employer).await?;
    let details = details(&merge.form, before, employer, &read);
    match before {
        Some(job) => tx.change_employment(actor, job.id, &details).await?,
        None => {
            tx.add_employment(actor, graduate, &details).await?;
        }
    }
    // As an import does: with a job that isn't over, contact by plan begins.
    let is_over = details.left_on.is_some_and(|left| left < signed.today());
    if before.is_none() && person.support == Support::Preparing && !is_over {
        tx.set_support(actor, graduate, Support::Supported).await?;
    }
    count_anew(signed, &tx, graduate, before, &jobs, &details).await?;
    put_contact(&tx, actor, employer, before, read.contact).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::Saved))
}

async fn load(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    job: Option<&Employment>,
    form: FormState<JobForm>,
) -> Result<JobPage, Failure> {
    let graduate = tx.graduate(graduate).await?.ok_or(Failure::NotFound)?;
    let person = person_head(tx, &graduate, signed.today()).await?;
    let id = job.map(|job| job.id);
    let has_others = tx.employments_of(graduate.id).await?.iter().any(|other| Some(other.id) != id);
    let is_change = has_others || !form.typed.supported_change.is_empty();
    let page = JobPage::new(person, id.map(|id| id.to_string()), form, is_change);
    Ok(if is_unsettled(job) { JobPage { disclosures: Disclosure::ALL, ..page } } else { page })
}

async fn typed(tx: &Tx, job: &Employment) -> Result<JobForm, Failure> {
    let details = &job.details;
    let (mut employer, mut contact) = (String::new(), EmployerContactProfile::default());
    if let Some(id) = details.employer {
        employer = tx.employer(id).await?.map(|employer| employer.profile.name).unwrap_or_default();
        contact = present_contact(tx, id).await?.map(|contact| contact.profile).unwrap_or_default();
    }
    Ok(JobForm {
        employer,
        hired_on: details.hired_on.to_string(),
        disclosure: details.disclosure.to_string(),
        supported_change: if details.supported_change { "yes".to_owned() } else { String::new() },
        contact_name: contact.name,
        contact_part: contact.part,
        contact_email: contact.email,
        left_on: details.left_on.map(|day| day.to_string()).unwrap_or_default(),
        leaving_reason: details.leaving.map(|reason| reason.to_string()).unwrap_or_default(),
        leaving_words: details.leaving_words.clone().unwrap_or_default(),
        shown: String::new(),
    })
}

fn read(form: &JobForm, before: Option<&Employment>, jobs: &[Employment]) -> Result<Read, Box<FormState<JobForm>>> {
    let mut state = FormState::new(form.clone());
    let employer = form.employer.trim();
    if employer.is_empty() {
        state = state.with_error("employer", FieldError::Required);
    }
    let texts = [
        ("employer", &form.employer, NAME_MAX),
        ("contact_name", &form.contact_name, NAME_MAX),
        ("contact_part", &form.contact_part, NAME_MAX),
        ("leaving_words", &form.leaving_words, WORDS_MAX),
    ];
    for (field, text, max) in texts {
        let now = text.trim().chars().count();
        if now > max {
            state = state.with_error(field, FieldError::TooLong { max, now });
        }
    }
    let hired_on = date(&form.hired_on).and_then(|day| day.ok_or(FieldError::Required));
    let same_day = |job: &Employment| Ok(job.details.hired_on) == hired_on && Some(job.id) != before.map(|job| job.id);
    if jobs.iter().any(same_day) {
        state = state.with_error("hired_on", FieldError::Taken);
    }
    if let Err(error) = &hired_on {
        state = state.with_error("hired_on", error.clone());
    }
    let began_before = |job: &Employment| {
        Some(job.id) != before.map(|job| job.id) && hired_on.as_ref().is_ok_and(|day| job.details.hired_on < *day)
    };
    if form.supported_change == "yes" && hired_on.is_ok() && !jobs.iter().any(began_before) {
        state = state.with_error("supported_change", FieldError::NoEarlierJob);
    }
    let disclosure = form.disclosure.parse::<Disclosure>().ok();
    // Whoever corrects something else needn't have asked; but nobody takes back what is known.
    let disclosure = disclosure.filter(|chosen| Disclosure::CHOICES.contains(chosen) || is_unsettled(before));
    if disclosure.is_none() {
        state = state.with_error("disclosure", FieldError::NotAChoice);
    }
    let (state, leaving) = read_leaving(form, state, before);
    let (state, contact) = read_contact(form, state);
    match (hired_on, disclosure, leaving) {
        (Ok(hired_on), Some(disclosure), Some((left_on, leaving))) if state.is_valid() => {
            if left_on.is_some_and(|left| left < hired_on) {
                return Err(Box::new(state.with_error("left_on", FieldError::EndBeforeStart)));
            }
            Ok(Read { employer: employer.to_owned(), hired_on, left_on, disclosure, leaving, contact })
        }
        _ => Err(Box::new(state)),
    }
}

/// Whether nobody has said of a job yet if its employer knows.
fn is_unsettled(job: Option<&Employment>) -> bool {
    job.is_some_and(|job| job.details.disclosure == Disclosure::Unknown)
}

type Leaving = Option<(Option<NaiveDate>, Option<LeavingReason>)>;

fn read_leaving(
    form: &JobForm,
    mut state: FormState<JobForm>,
    before: Option<&Employment>,
) -> (FormState<JobForm>, Leaving) {
    let left_on = date(&form.left_on);
    if let Err(error) = &left_on {
        state = state.with_error("left_on", error.clone());
    }
    let reason = match form.leaving_reason.as_str() {
        "" => Ok(None),
        code => code.parse::<LeavingReason>().map(Some),
    };
    if reason.is_err() {
        state = state.with_error("leaving_reason", FieldError::NotAChoice);
    }
    // A roster may know that somebody left without knowing the day; a form that corrects something else leaves it so.
    let day_unknown = before.is_some_and(|job| job.details.leaving.is_some() && job.details.left_on.is_none());
    if left_on == Ok(None) && !form.leaving_reason.is_empty() && !day_unknown {
        state = state.with_error("left_on", FieldError::Required);
    }
    (state, left_on.ok().zip(reason.ok()))
}

/// Who one speaks to; without a name there is nobody.
fn read_contact(form: &JobForm, mut state: FormState<JobForm>) -> (FormState<JobForm>, Option<EmployerContactProfile>) {
    let [name, part, email] =
        [&form.contact_name, &form.contact_part, &form.contact_email].map(|text| text.trim().to_owned());
    if name.is_empty() {
        if !part.is_empty() || !email.is_empty() {
            state = state.with_error("contact_name", FieldError::Required);
        }
        return (state, None);
    }
    let email = match email.as_str() {
        "" => Ok(email),
        text => EmailAddress::parse(text).map(String::from),
    };
    match email {
        Ok(email) => (state, Some(EmployerContactProfile { name, part, email })),
        Err(_) => (state.with_error("contact_email", FieldError::NotAnEmail), None),
    }
}

fn date(text: &str) -> Result<Option<NaiveDate>, FieldError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| FieldError::NotADate),
    }
}

fn details(form: &JobForm, before: Option<&Employment>, employer: EmployerId, read: &Read) -> EmploymentDetails {
    let known = before.map(|job| job.details.clone());
    let known = known.unwrap_or_else(|| EmploymentDetails::begun(Some(employer), read.hired_on));
    let words = form.leaving_words.trim();
    EmploymentDetails {
        employer: Some(employer),
        hired_on: read.hired_on,
        left_on: read.left_on,
        leaving: read.leaving,
        leaving_words: (!words.is_empty()).then(|| words.to_owned()),
        disclosure: read.disclosure,
        status_unknown: known.status_unknown && read.left_on.is_none(),
        supported_change: form.supported_change == "yes",
    }
}

/// A hire starts the cadence anew; a corrected day of hire moves it along. What staff have set on top of the plan stays.
async fn count_anew(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    before: Option<&Employment>,
    jobs: &[Employment],
    details: &EmploymentDetails,
) -> Result<(), Failure> {
    let others = jobs.iter().filter(|job| Some(job.id) != before.map(|job| job.id));
    let newest_other = others.map(|job| job.details.hired_on).max();
    let is_newest = newest_other.is_none_or(|newest| newest < details.hired_on);
    let is_over = details.left_on.is_some_and(|left| left < signed.today());
    if !is_newest || is_over || before.is_some_and(|job| job.details.hired_on == details.hired_on) {
        return Ok(());
    }
    let kind = if newest_other.is_none() { AnchorKind::Hired } else { AnchorKind::JobChanged };
    let anchor = Anchor { kind, on: details.hired_on };
    let row = tx.cadence(graduate).await?;
    let state = match &row {
        // A cadence that counts from something else, such as a return from leave, isn't moved by a corrected day.
        Some(row) if before.is_some_and(|job| job.details.hired_on != row.state.anchor.on) => return Ok(()),
        Some(row) => CadenceState { anchor, ..row.state.clone() },
        None => {
            let preset = embedded_presets().into_iter().find(|preset| preset.key == FIRST_CADENCE);
            let Some(preset) = preset else { return Ok(()) };
            CadenceState::new(preset.plan, anchor)
        }
    };
    let cadence = tx.put_cadence(signed.actor(), graduate, &state).await?;
    // Somebody who works there already is asked from today on, not for all the days before.
    let yesterday = signed.today().pred_opt().filter(|day| row.is_none() && anchor.on <= *day);
    if let Some(yesterday) = yesterday {
        tx.set_last_due(cadence, yesterday).await?;
    }
    Ok(())
}

/// Another name is another person: consents name one, so nobody takes over somebody else's. Without a name, whoever was
/// shown is no longer asked.
async fn put_contact(
    tx: &Tx,
    actor: Actor,
    employer: EmployerId,
    before: Option<&Employment>,
    wanted: Option<EmployerContactProfile>,
) -> Result<(), Failure> {
    let Some(wanted) = wanted else {
        let shown = before.is_some_and(|job| job.details.employer == Some(employer));
        if let Some(contact) = present_contact(tx, employer).await?.filter(|_| shown) {
            tx.end_employer_contact(actor, contact.id).await?;
        }
        return Ok(());
    };
    let key = name_key(&wanted.name);
    let known = tx.employer_contacts(employer).await?;
    let same = |contact: &&EmployerContact| contact.ended_at.is_none() && name_key(&contact.profile.name) == key;
    match known.iter().find(same) {
        Some(contact) if contact.profile == wanted => {}
        Some(contact) => tx.change_employer_contact(actor, contact.id, &wanted).await?,
        None => {
            tx.add_employer_contact(actor, employer, &wanted).await?;
        }
    }
    Ok(())
}

/// Whom one speaks to at an employer: the one who was added last.
async fn present_contact(tx: &Tx, employer: EmployerId) -> Result<Option<EmployerContact>, Failure> {
    let contacts = tx.employer_contacts(employer).await?;
    Ok(contacts.into_iter().rfind(|contact| contact.ended_at.is_none()))
}
