//! Consents as staff write them down: given and withdrawn (S2.16).

use axum::extract::{Path, Query};
use bansou_core::consent::{GivenHow, ShareMeans, Topic};
use bansou_core::ids::{ConsentId, EmployerContactId, GraduateId};
use bansou_core::words::{Args, Lang};
use bansou_store::{Consent, EmployerContact, NewConsent, StoreError, Tx};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::language::safe_back;
use crate::pages::Done;
use crate::pages::consents::{ConsentForm, ConsentView, ConsentsPage, GIVEN_TO_STAFF};
use crate::pages::escalate::Blocked;
use crate::requests::{employers_to_come, unsettled};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};

/// Where one came from.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct From {
    back: String,
}

impl From {
    /// A sign or a request; nothing else leads on from here.
    fn place(&self) -> Option<String> {
        let is_ours = self.back.starts_with("/signs/") || self.back.starts_with("/escalations/");
        (is_ours && safe_back(&self.back) == self.back).then(|| self.back.clone())
    }
}

struct Read {
    contact: EmployerContactId,
    topics: Vec<Topic>,
    means: ShareMeans,
    given_how: GivenHow,
    valid_until: NaiveDate,
}

/// `GET /graduates/{id}/consents`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>, Query(from): Query<From>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = ConsentsPage { back: from.place(), ..load(&signed, &tx, id).await? };
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/consents`.
pub async fn give(Path(id): Path<GraduateId>, Query(from): Query<From>, sent: Sent<ConsentForm>) -> Answer {
    let signed = &sent.signed;
    let there = from.place().unwrap_or_else(|| format!("/graduates/{id}/consents"));
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ConsentGiven)) };
    let page = ConsentsPage { back: from.place(), ..load(signed, &tx, id).await? };
    let read = match read(&sent.form, &page, signed.today()) {
        Ok(read) => read,
        Err(form) => return signed.refused(&tx, &ConsentsPage { form: *form, ..page }).await,
    };
    let new = NewConsent {
        graduate: id,
        contact: read.contact,
        wording: wording(signed, &page, &read),
        topics: read.topics,
        means: read.means,
        given_how: read.given_how,
        given_on: signed.today(),
        valid_until: read.valid_until,
        recorded_by: Some(signed.staff.id),
    };
    tx.give_consent(signed.actor(), &new).await?;
    tx.save().await?;
    Ok(answer::done(&there, Done::ConsentGiven))
}

/// `POST /consents/{id}/withdraw`: unanswered requests that nothing else covers go with it.
pub async fn withdraw(Path(id): Path<ConsentId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let graduate = signed.read().await?.consent(id).await?.ok_or(Failure::NotFound)?.graduate;
    let there = format!("/graduates/{graduate}/consents");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ConsentWithdrawn)) };
    match tx.withdraw_consent(signed.actor(), id, signed.today()).await {
        // Withdrawn before, in another window or by the person: it is as it should be.
        Ok(_) | Err(StoreError::Refused { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::ConsentWithdrawn))
}

async fn load(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<ConsentsPage, Failure> {
    let graduate = tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    let today = signed.today();
    let jobs = tx.employments_of(id).await?;
    let present = employers_to_come(&jobs, today);
    let unsettled = unsettled(&jobs, today).filter(|_| matches!(present, Err(Blocked::UnknownDisclosure)));
    let is_closed = matches!(present, Err(Blocked::ClosedDisclosure));
    let mut contacts = Vec::new();
    for employer in present.unwrap_or_default() {
        for contact in tx.employer_contacts(employer).await? {
            if contact.ended_at.is_none() {
                contacts.push((contact.id.to_string(), name(signed, tx, &contact).await?));
            }
        }
    }
    let mut consents = Vec::new();
    for consent in tx.consents_of(id).await? {
        consents.push(view(signed, tx, consent, today).await?);
    }
    let person = person_head(tx, &graduate, today).await?;
    Ok(ConsentsPage {
        person,
        back: None,
        consents,
        contacts,
        is_closed,
        unsettled: unsettled.map(|job| job.to_string()),
        form: FormState::default(),
        topics: Topic::ALL,
        means: ShareMeans::ALL,
        given_hows: GIVEN_TO_STAFF,
    })
}

async fn view(signed: &Signed, tx: &Tx, consent: Consent, today: NaiveDate) -> Result<ConsentView, Failure> {
    let contact = tx.employer_contact(consent.terms.contact).await?.ok_or(Failure::NotFound)?;
    let terms = consent.terms;
    Ok(ConsentView {
        id: consent.id.to_string(),
        contact: name(signed, tx, &contact).await?,
        means: terms.means,
        given_how: consent.given_how,
        given_on: terms.given_on,
        valid_until: terms.valid_until,
        withdrawn_at: terms.withdrawn_at.map(|at| signed.local(at)),
        holds: terms.withdrawn_at.is_none() && terms.given_on <= today && today <= terms.valid_until,
        topics: terms.topics,
    })
}

/// 「株式会社サンプル物流 総務 例川さん」.
async fn name(signed: &Signed, tx: &Tx, contact: &EmployerContact) -> Result<String, Failure> {
    let company = tx.employer(contact.employer).await?.map(|employer| employer.profile.name);
    let mut args = Args::new();
    args.set("name", contact.profile.name.as_str());
    let person = signed.app.parts.words.get(signed.lang, "honorific", &args);
    let parts = [company.unwrap_or_default(), contact.profile.part.clone(), person];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
}

fn read(form: &ConsentForm, page: &ConsentsPage, today: NaiveDate) -> Result<Read, Box<FormState<ConsentForm>>> {
    let mut state = FormState::new(form.clone());
    let listed = page.contacts.iter().any(|(id, _)| *id == form.contact);
    let contact = form.contact.parse::<EmployerContactId>().ok().filter(|_| listed);
    if contact.is_none() {
        state = state.with_error("contact", FieldError::NotAChoice);
    }
    let topics = form.topics();
    if topics.is_empty() {
        state = state.with_error("topics", FieldError::NotAChoice);
    }
    let (means, given_how) = (form.means.parse::<ShareMeans>(), form.given_how.parse::<GivenHow>());
    let given_how = given_how.ok().filter(|how| GIVEN_TO_STAFF.contains(how));
    if means.is_err() {
        state = state.with_error("means", FieldError::NotAChoice);
    }
    if given_how.is_none() {
        state = state.with_error("given_how", FieldError::NotAChoice);
    }
    let until = match form.valid_until.trim() {
        "" => Err(FieldError::Required),
        text => text.parse::<NaiveDate>().map_err(|_| FieldError::NotADate),
    };
    let until = until.and_then(|until| if until < today { Err(FieldError::NotInFuture) } else { Ok(until) });
    if let Err(error) = &until {
        state = state.with_error("valid_until", error.clone());
    }
    match (contact, means, given_how, until) {
        (Some(contact), Ok(means), Some(given_how), Ok(valid_until)) if state.is_valid() => {
            Ok(Read { contact, topics, means, given_how, valid_until })
        }
        _ => Err(Box::new(state)),
    }
}

/// What was agreed to, as it stood on the form: who, what, how, until when. Always in Japanese, as it was talked through.
fn wording(signed: &Signed, page: &ConsentsPage, read: &Read) -> String {
    let say = |key: &str| signed.app.parts.words.plain(Lang::Ja, key);
    let contact = read.contact.to_string();
    let who = page.contacts.iter().find(|(id, _)| *id == contact).map(|(_, name)| name.clone());
    let topics: Vec<_> = read.topics.iter().map(|topic| say(&format!("topic-{topic}"))).collect();
    let lines = [
        (say("consent-contact"), who.unwrap_or_default()),
        (say("consent-topics"), topics.join("、")),
        (say("consent-means"), say(&format!("means-{}", read.means))),
        (say("consent-until"), read.valid_until.to_string()),
    ];
    lines.map(|(label, value)| format!("{label}：{value}")).join("\n")
}
