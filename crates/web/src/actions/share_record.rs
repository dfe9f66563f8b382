//! What an employer was told by phone or in a meeting is written down, under the same consent as a request (S2.16).

use axum::extract::Path;
use bansou_core::consent::{ShareMeans, Topic};
use bansou_core::ids::{EmployerContactId, GraduateId};
use bansou_core::words::{Args, Words};
use bansou_store::{EmployerContact, NewShare, StoreError, Tx};

use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::pages::Done;
use crate::pages::shares::{ShareForm, ShareView, SharesPage, WORDS_MAX};
use crate::requests::contacts;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// One thing that may be told: to whom, about what, by which means, and how that is said.
struct Choice {
    contact: EmployerContactId,
    topic: Topic,
    means: ShareMeans,
    label: String,
}

impl Choice {
    fn value(&self) -> String {
        format!("{}:{}:{}", self.contact, self.topic, self.means)
    }
}

/// `GET /graduates/{id}/shares`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let choices = choices(&signed, &tx, id).await?;
    let page = load(&signed, &tx, id, &choices, FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/shares`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<ShareForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}/shares");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ShareRecorded)) };
    let choices = choices(signed, &tx, id).await?;
    let chosen = choices.iter().find(|choice| choice.value() == sent.form.to);
    let words = sent.form.words.trim();
    let now = words.chars().count();
    let mut form = FormState::new(sent.form.clone());
    if chosen.is_none() {
        form = form.with_error("to", FieldError::NotAChoice);
    }
    if now == 0 {
        form = form.with_error("words", FieldError::Required);
    } else if now > WORDS_MAX {
        form = form.with_error("words", FieldError::TooLong { max: WORDS_MAX, now });
    }
    let (Some(chosen), true) = (chosen, form.is_valid()) else {
        return signed.refused(&tx, &load(signed, &tx, id, &choices, form).await?).await;
    };
    let new = NewShare {
        graduate: id,
        contact: chosen.contact,
        topic: chosen.topic,
        means: chosen.means,
        words: words.to_owned(),
        shared_by: signed.staff.id,
    };
    match tx.record_share(&new, signed.today()).await {
        Ok(_) => {}
        // The consent ended between reading and writing.
        Err(StoreError::NotCovered(_) | StoreError::Refused { .. }) => {
            let form = form.with_error("to", FieldError::NotAChoice);
            return signed.refused(&tx, &load(signed, &tx, id, &choices, form).await?).await;
        }
        Err(error) => return Err(error.into()),
    }
    tx.save().await?;
    Ok(answer::done(&there, Done::ShareRecorded))
}

/// What the person's consents cover today besides e-mail.
async fn choices(signed: &Signed, tx: &Tx, graduate: GraduateId) -> Result<Vec<Choice>, Failure> {
    let today = signed.today();
    let known = contacts(tx, graduate, today).await?.unwrap_or_default();
    let mut found: Vec<Choice> = Vec::new();
    for terms in tx.consents_of(graduate).await?.into_iter().map(|consent| consent.terms) {
        let Some((contact, company)) = known.get(&terms.contact) else { continue };
        for &topic in &terms.topics {
            let is_covered = terms.covers(contact.id, topic, terms.means, today).is_ok();
            if !is_covered || terms.means == ShareMeans::Email {
                continue;
            }
            let label = label(signed, contact, company, (topic, terms.means));
            let choice = Choice { contact: contact.id, topic, means: terms.means, label };
            if found.iter().all(|other| other.value() != choice.value()) {
                found.push(choice);
            }
        }
    }
    Ok(found)
}

fn label(signed: &Signed, contact: &EmployerContact, company: &str, (topic, means): (Topic, ShareMeans)) -> String {
    let words: &Words = &signed.app.parts.words;
    let mut args = Args::new();
    args.set("to", name(signed, contact, company));
    args.set("topic", words.plain(signed.lang, &format!("topic-{topic}")));
    args.set("means", words.plain(signed.lang, &format!("means-{means}")));
    words.get(signed.lang, "shares-choice", &args)
}

fn name(signed: &Signed, contact: &EmployerContact, company: &str) -> String {
    let mut args = Args::new();
    args.set("name", contact.profile.name.as_str());
    format!("{company} {}", signed.app.parts.words.get(signed.lang, "honorific", &args))
}

async fn load(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    choices: &[Choice],
    form: FormState<ShareForm>,
) -> Result<SharesPage, Failure> {
    let graduate = tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    let mut shares = Vec::new();
    for share in tx.shares_of(id).await? {
        let contact = tx.employer_contact(share.contact).await?.ok_or(Failure::NotFound)?;
        let company = tx.employer(contact.employer).await?.map(|employer| employer.profile.name).unwrap_or_default();
        let to = name(signed, &contact, &company);
        shares.push(ShareView { to, means: share.means, at: signed.local(share.at), words: share.words });
    }
    Ok(SharesPage {
        person: person_head(tx, &graduate, signed.today()).await?,
        shares,
        choices: choices.iter().map(|choice| (choice.value(), choice.label.clone())).collect(),
        form,
        words_max: WORDS_MAX,
    })
}
