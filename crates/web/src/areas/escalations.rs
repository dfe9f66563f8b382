//! Requests to employers: asking, the exact words, where each stands.
//!
//! The routes of [`crate::pages::escalate`] and [`crate::pages::escalation`]. Any member of staff may come here.

mod form;

use std::collections::HashMap;

use axum::extract::{Path, Query};
use bansou_core::card::{CardOf, WordPair};
use bansou_core::consent::ShareMeans;
use bansou_core::delivery::DeliveryState;
use bansou_core::escalation::{AnswerKind, EscalationState, FactSource, REQUEST_MAX};
use bansou_core::ids::{EmployerContactId, EmployerId, EscalationId, SignId};
use bansou_core::lint::{Reader, day_written};
use bansou_core::sign::SignStep;
use bansou_core::words::{Args, Lang, Words};
use bansou_store::{Escalation, PlacedSign, Tx};
use serde::Deserialize;

use crate::actions::{escalation_draft, escalation_send, escalation_step, escalation_words};
use crate::answer;
use crate::cards::words_of;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::pages::LocalTime;
use crate::pages::escalate::{Blocked, EscalateForm, EscalatePage, FACT_ROWS, Recipient, SignQuote};
use crate::pages::escalation::{
    AnswerView, EscalationPage, EscalationRow, EscalationsPage, Mail, Obstacle, ShowEscalations, TriedForm, steps,
};
use crate::pages::letter::Letter;
use crate::remarks::on_request;
use crate::requests::{addressed, not_yet, recipients, unsettled, waits_on_own_page};
use crate::routes::Routes;
use crate::say::filled;
use crate::signed::{Answer, Signed};
use form::begun;
pub(crate) use form::{read, typed};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/signs/{id}/escalate", ask)
        .post("/signs/{id}/escalate", escalation_draft::post)
        .get("/escalations", list)
        .get("/escalations/{id}", one)
        .get("/escalations/{id}/edit", edit)
        .post("/escalations/{id}/edit", escalation_draft::edit)
        .post("/escalations/{id}/words", escalation_words::post)
        .post("/escalations/{id}/read", escalation_step::read)
        .post("/escalations/{id}/send", escalation_send::post)
        .post("/escalations/{id}/again", escalation_send::again)
        .post("/escalations/{id}/tried", escalation_step::tried)
        .post("/escalations/{id}/reviewed", escalation_step::reviewed)
        .post("/escalations/{id}/withdraw", escalation_step::withdraw)
}

#[derive(Deserialize)]
struct Show {
    show: Option<String>,
}

async fn ask(signed: Signed, Path(id): Path<SignId>) -> Answer {
    let sign = signed.read().await?.sign(id).await?.ok_or(Failure::NotFound)?;
    if !is_agreed(&sign) {
        // Nobody has agreed yet that it is one.
        return Ok(answer::see("/signs?show=waiting"));
    }
    let tx = signed.look_at(sign.sign.graduate).await?;
    // The letter is Japanese, whatever language staff read.
    let question = signed.app.parts.words.get(Lang::Ja, "escalate-question-usual", &Args::new());
    let said_on = signed.local(sign.sign.suggested_at).date_naive();
    let form = begun(&sign.sign, said_on, question, &signed.calendar(), signed.today());
    let page = ask_page(&signed, &tx, &sign, FormState::new(form)).await?;
    signed.page(&tx, &page).await
}

async fn list(signed: Signed, Query(query): Query<Show>) -> Answer {
    let tx = signed.read().await?;
    let show = query.show.and_then(|word| word.parse().ok()).unwrap_or(ShowEscalations::Open);
    let today = signed.today();
    let requests = tx.escalations_in(states(show)).await?;
    let people = tx.people(&requests.iter().map(|request| request.graduate).collect::<Vec<_>>()).await?;
    let companies = companies(&tx, &requests).await?;
    let mut rows = Vec::with_capacity(requests.len());
    for request in requests {
        let Some(who) = people.get(&request.graduate) else { continue };
        let is_open =
            matches!(request.state, EscalationState::Sent | EscalationState::Answered | EscalationState::Tried);
        rows.push(EscalationRow {
            id: request.id.to_string(),
            name: who.profile.name.clone(),
            company: companies.get(&request.contact).cloned().unwrap_or_default(),
            request: request.request.request.clone(),
            state: request.state,
            answer: request.answer.as_ref().map(|answer| answer.kind),
            answer_by: request.request.answer_by,
            is_late: request.state == EscalationState::Sent && request.request.answer_by < today,
            review_on: request.review_on,
            review_due: is_open && request.review_on <= today,
        });
    }
    rows.sort_by_key(|row| !(row.is_late || row.review_due));
    signed.page(&tx, &EscalationsPage { show, rows }).await
}

/// The company of everybody who is asked in these requests.
async fn companies(tx: &Tx, requests: &[Escalation]) -> Result<HashMap<EmployerContactId, String>, Failure> {
    let mut contacts: Vec<_> = requests.iter().map(|request| request.contact).collect();
    contacts.sort_unstable();
    contacts.dedup();
    let employers: HashMap<EmployerId, String> =
        tx.employers().await?.into_iter().map(|employer| (employer.id, employer.profile.name)).collect();
    let contacts = tx.employer_contacts_by_id(&contacts).await?.into_iter();
    Ok(contacts.filter_map(|contact| Some((contact.id, employers.get(&contact.employer)?.clone()))).collect())
}

async fn one(signed: Signed, Path(id): Path<EscalationId>) -> Answer {
    let request = signed.read().await?.escalation(id).await?.ok_or(Failure::NotFound)?;
    let tx = signed.look_at(request.graduate).await?;
    let page = request_page(&signed, &tx, &request).await?;
    signed.page(&tx, &page).await
}

async fn edit(signed: Signed, Path(id): Path<EscalationId>) -> Answer {
    let request = signed.read().await?.escalation(id).await?.ok_or(Failure::NotFound)?;
    let tx = signed.look_at(request.graduate).await?;
    if !matches!(request.state, EscalationState::Draft | EscalationState::ReadByPerson) {
        return Ok(answer::see(&format!("/escalations/{id}")));
    }
    let mut form = FormState::new(typed(&request));
    if request.request.answer_by < signed.today() {
        form = form.with_error("answer_by", FieldError::NotInFuture);
    }
    let page = edit_page(&signed, &tx, &request, form).await?;
    signed.page(&tx, &page).await
}

/// Whether a person agreed that it is a sign, and it isn't over.
pub(crate) fn is_agreed(sign: &PlacedSign) -> bool {
    matches!(sign.sign.state.step(), SignStep::Confirmed | SignStep::Acting)
}

/// The page of a new request.
pub(crate) async fn ask_page(
    signed: &Signed,
    tx: &Tx,
    sign: &PlacedSign,
    form: FormState<EscalateForm>,
) -> Result<EscalatePage, Failure> {
    let who = recipients(tx, sign.sign.graduate, signed.today()).await?;
    let action = format!("/signs/{}/escalate", sign.sign.id);
    form_page(signed, tx, sign, (action, "/signs?show=open".to_owned()), who, form).await
}

/// The page of a draft that is being changed. Whom it goes to and about what stays: that is what the consent covers.
pub(crate) async fn edit_page(
    signed: &Signed,
    tx: &Tx,
    request: &Escalation,
    form: FormState<EscalateForm>,
) -> Result<EscalatePage, Failure> {
    let sign = tx.sign(request.sign).await?.ok_or(Failure::NotFound)?;
    let who = own_recipient(signed, tx, request).await?;
    let place = format!("/escalations/{}", request.id);
    form_page(signed, tx, &sign, (format!("{place}/edit"), place), who, form).await
}

/// The recipient of a draft, as far as a consent still covers it.
pub(crate) async fn own_recipient(
    signed: &Signed,
    tx: &Tx,
    request: &Escalation,
) -> Result<Result<Vec<Recipient>, Blocked>, Failure> {
    let own = request.contact.to_string();
    let keep = |mut who: Vec<Recipient>| {
        who.retain_mut(|one| {
            one.topics.retain(|topic| *topic == request.topic);
            one.contact == own && !one.topics.is_empty()
        });
        if who.is_empty() { Err(Blocked::ConsentOver) } else { Ok(who) }
    };
    Ok(recipients(tx, request.graduate, signed.today()).await?.and_then(keep))
}

async fn form_page(
    signed: &Signed,
    tx: &Tx,
    sign: &PlacedSign,
    (action, back): (String, String),
    who: Result<Vec<Recipient>, Blocked>,
    form: FormState<EscalateForm>,
) -> Result<EscalatePage, Failure> {
    let sign = &sign.sign;
    let graduate = tx.graduate(sign.graduate).await?.ok_or(Failure::NotFound)?;
    let words: &Words = &signed.app.parts.words;
    let (recipients, blocked) = match who {
        Ok(recipients) => (recipients, None),
        Err(blocked) => (Vec::new(), Some(blocked)),
    };
    let jobs = tx.employments_of(graduate.id).await?;
    let written = [&form.typed.request, &form.typed.purpose, &form.typed.fact1_text, &form.typed.our_part];
    Ok(EscalatePage {
        person: person_head(tx, &graduate, signed.today()).await?,
        form_place: action.clone(),
        has_words: blocked.is_some() && written.iter().any(|text| !text.trim().is_empty()),
        action,
        back,
        sign: SignQuote {
            label: words.plain(signed.lang, &format!("sign-category-{}", sign.category)),
            quote: sign.quote.clone(),
            at: signed.local(sign.suggested_at),
        },
        recipients,
        blocked,
        unsettled: unsettled(&jobs, signed.today())
            .filter(|_| blocked == Some(Blocked::UnknownDisclosure))
            .map(|job| job.to_string()),
        form,
        request_max: REQUEST_MAX,
        fact_rows: FACT_ROWS,
        sources: FactSource::ALL,
    })
}

/// One request as it stands.
pub(crate) async fn request_page(signed: &Signed, tx: &Tx, request: &Escalation) -> Result<EscalationPage, Failure> {
    let graduate = tx.graduate(request.graduate).await?.ok_or(Failure::NotFound)?;
    let addressed = addressed(tx, &signed.office, request).await?;
    let today = signed.today();
    let unsent = matches!(request.state, EscalationState::Draft | EscalationState::ReadByPerson);
    let consent = tx.valid_consent(request.graduate, request.contact, request.topic, ShareMeans::Email, today).await;
    let delivery = tx.delivery_of_escalation(request.id).await?;
    let past = past_steps(signed, tx, request).await?;
    let words = their_words(tx, request).await?;
    Ok(EscalationPage {
        id: request.id.to_string(),
        person: person_head(tx, &graduate, today).await?,
        remarks: (request.state == EscalationState::Draft)
            .then(|| on_request(signed, &addressed.letter, &request.request, &words))
            .filter(|remarks| !remarks.is_empty()),
        ask_back: ask_back(signed, request, &addressed.letter),
        letter: addressed.letter,
        words: request.words_mark(),
        topic: request.topic,
        state: request.state,
        steps: steps(request.state, |state| past.iter().find(|(step, _)| *step == state).map(|(_, at)| *at)),
        waits_on_own_page: waits_on_own_page(tx, request).await?,
        not_yet: not_yet(tx, request).await?.map(|at| signed.local(at)),
        consent_over: unsent && consent.is_err(),
        delivery: delivery.map(|delivery| Mail {
            id: delivery.id.to_string(),
            can_resend: false,
            is_wrong: went_wrong(delivery.state),
            is_finished: delivery.state.is_finished(),
            state: delivery.state,
            to: delivery.address,
            // Why it was held back is said in a sentence.
            why: delivery.state_code.filter(|_| delivery.state != DeliveryState::Cancelled),
        }),
        answer: request.answer.as_ref().zip(request.answered_at).map(|(answer, at)| AnswerView {
            kind: answer.kind,
            on: answer.on,
            text: answer.text.clone(),
            may_show: answer.may_show,
            at: signed.local(at),
        }),
        review_on: request.review_on,
        review_due: request.review_on <= today,
        tried: FormState::new(TriedForm { review_on: request.review_on.to_string() }),
        obstacle: None,
    })
}

/// Another idea is read as one: staff have words at hand to ask what it is for, from when, and who decides. They are Japanese for
/// every member of staff, because the company reads them.
fn ask_back(signed: &Signed, request: &Escalation, letter: &Letter) -> Option<String> {
    request.answer.as_ref().filter(|answer| answer.kind == AnswerKind::OtherIdea)?;
    let day = signed.calendar().next_open_day(signed.today())?;
    let blanks = [
        ("contact", letter.contact.as_str().into()),
        ("office", signed.office.name.as_str().into()),
        ("staff", signed.staff.profile.name.as_str().into()),
        ("day", day_written(day, Reader::Employer).into()),
    ];
    Some(filled(&signed.app.parts.words, Lang::Ja, "ask-back-company-words", &blanks))
}

/// The words of the company that is asked.
pub(crate) async fn their_words(tx: &Tx, request: &Escalation) -> Result<Vec<WordPair>, Failure> {
    let Some(contact) = tx.employer_contact(request.contact).await? else { return Ok(Vec::new()) };
    words_of(tx, CardOf::Employer(contact.employer)).await
}

/// Whether a mail didn't arrive, or nobody knows whether it did.
pub(crate) fn went_wrong(state: DeliveryState) -> bool {
    matches!(state, DeliveryState::Failed | DeliveryState::Expired | DeliveryState::NeedsPerson)
}

/// The page again with what is in the way.
pub(crate) async fn hindered(signed: &Signed, tx: &Tx, request: &Escalation, obstacle: Obstacle) -> Answer {
    let page = EscalationPage { obstacle: Some(obstacle), ..request_page(signed, tx, request).await? };
    signed.refused(tx, &page).await
}

/// When which step was taken. Those without a column of their own stand in the audit list.
async fn past_steps(
    signed: &Signed,
    tx: &Tx,
    request: &Escalation,
) -> Result<Vec<(EscalationState, LocalTime)>, Failure> {
    let mut past = vec![(EscalationState::Draft, signed.local(request.created_at))];
    let own = [
        (EscalationState::ReadByPerson, request.read_at),
        (EscalationState::Sent, request.sent_at),
        (EscalationState::Answered, request.answered_at),
    ];
    past.extend(own.into_iter().filter_map(|(step, at)| Some((step, signed.local(at?)))));
    for row in tx.audit_of(request.id.0, 50).await? {
        let step = match row.action.as_str() {
            "escalation.tried" => EscalationState::Tried,
            "escalation.reviewed" => EscalationState::Reviewed,
            "escalation.withdraw" => EscalationState::Withdrawn,
            _ => continue,
        };
        past.push((step, signed.local(row.at)));
    }
    Ok(past)
}

fn states(show: ShowEscalations) -> &'static [EscalationState] {
    use EscalationState::{Answered, Draft, ReadByPerson, Reviewed, Sent, Tried, Withdrawn};
    match show {
        ShowEscalations::Open => &[Draft, ReadByPerson, Sent],
        ShowEscalations::Answered => &[Answered, Tried],
        ShowEscalations::Done => &[Reviewed, Withdrawn],
    }
}
