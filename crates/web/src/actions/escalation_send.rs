//! Sending a request: released, recorded as shared, and queued as a mail, in one unit of work; and once more with a fresh link.

use axum::extract::Path;
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::ids::{EmployerId, EscalationId};
use bansou_core::sign::SignStep;
use bansou_core::window::{SendContext, SendDecision, SendKind, SendWindow, may_send, windows_on};
use bansou_core::words::Lang;
use bansou_store::{EmployerContact, Escalation, LinkKind, NewDelivery, StoreError, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::answer;
use crate::areas::escalations::{hindered, went_wrong};
use crate::errors::Failure;
use crate::mail::EscalationMail;
use crate::pages::Done;
use crate::pages::escalation::Obstacle;
use crate::requests::{Addressed, addressed, is_kept_from, not_yet, settle, works_at};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};

/// How long the employer's link works at least.
const LINK_VALID: TimeDelta = TimeDelta::days(30);
/// And at least so long after the day by which an answer would help.
const AFTER_ANSWER_BY: TimeDelta = TimeDelta::days(7);
/// Employers in Japan read Japanese, whatever language the member of staff works in.
const LETTERS: Lang = Lang::Ja;

/// The mark of the words that were on the screen.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct SendForm {
    words: String,
}

/// `POST /escalations/{id}/send`.
pub async fn post(Path(id): Path<EscalationId>, sent: Sent<SendForm>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, Done::RequestSent)) };
    let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    if request.words_mark() != sent.form.words {
        return hindered(signed, &tx, &request, Obstacle::Changed).await;
    }
    if not_yet(&tx, &request).await?.is_some() {
        return hindered(signed, &tx, &request, Obstacle::NotYet).await;
    }
    let way = match way(signed) {
        Ok(way) => way,
        Err(obstacle) => return hindered(signed, &tx, &request, obstacle).await,
    };
    let to = addressed(&tx, &signed.office, &request).await?;
    if !can_be_written_to(&to.contact) {
        return hindered(signed, &tx, &request, Obstacle::NoContact).await;
    }
    if let Some(obstacle) = of_job(signed, &tx, &request, to.contact.employer).await? {
        return hindered(signed, &tx, &request, obstacle).await;
    }
    let words = to.letter.as_text(&signed.app.parts.words, LETTERS);
    match tx.send_escalation(signed.staff.id, id, &words, signed.today()).await {
        Ok(_) => {}
        Err(StoreError::Refused { .. }) => return hindered(signed, &tx, &request, Obstacle::Changed).await,
        Err(StoreError::NotCovered(_)) => return hindered(signed, &tx, &request, Obstacle::NoConsent).await,
        Err(StoreError::Request(_)) => return Ok(answer::see(&format!("{place}/edit"))),
        Err(error) => return Err(error.into()),
    }
    queue(signed, &tx, &request, &to, (way, id.to_string())).await?;
    settle(&tx, signed.actor(), &request).await?;
    let sign = tx.sign(request.sign).await?.ok_or(Failure::NotFound)?;
    if sign.sign.state.step() == SignStep::Confirmed {
        tx.act_on_sign(signed.staff.id, request.sign, "").await?;
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&place, Done::RequestSent))
}

/// What stands in the way at the person's job there.
async fn of_job(
    signed: &Signed,
    tx: &Tx,
    request: &Escalation,
    employer: EmployerId,
) -> Result<Option<Obstacle>, Failure> {
    let jobs = tx.employments_of(request.graduate).await?;
    if is_kept_from(&jobs, employer) {
        return Ok(Some(Obstacle::NotOpen));
    }
    Ok((!works_at(&jobs, employer, signed.today())).then_some(Obstacle::JobOver))
}

/// `POST /escalations/{id}/again`: the same words with a fresh link, because the mail didn't arrive or the link is gone.
pub async fn again(Path(id): Path<EscalationId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let place = format!("/escalations/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place, Done::RequestSentAgain)) };
    let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
    let last = tx.delivery_of_escalation(id).await?;
    if last.as_ref().is_some_and(|last| !last.state.is_finished()) {
        return hindered(signed, &tx, &request, Obstacle::Changed).await;
    }
    let way = match way(signed) {
        Ok(way) => way,
        Err(obstacle) => return hindered(signed, &tx, &request, obstacle).await,
    };
    let to = addressed(&tx, &signed.office, &request).await?;
    if !can_be_written_to(&to.contact) {
        return hindered(signed, &tx, &request, Obstacle::NoContact).await;
    }
    if let Some(obstacle) = of_job(signed, &tx, &request, to.contact.employer).await? {
        return hindered(signed, &tx, &request, obstacle).await;
    }
    match tx.send_escalation_again(signed.staff.id, id, signed.today()).await {
        Ok(()) => {}
        Err(StoreError::Refused { .. }) => return hindered(signed, &tx, &request, Obstacle::Changed).await,
        Err(StoreError::NotCovered(_)) => return hindered(signed, &tx, &request, Obstacle::NoConsent).await,
        Err(error) => return Err(error.into()),
    }
    // The slot names the mail that this one takes the place of: of two colleagues at once only one sends.
    let slot = last.as_ref().map_or_else(|| format!("again:{id}"), |last| format!("again:{}", last.id));
    if !queue(signed, &tx, &request, &to, (way, slot)).await? {
        return hindered(signed, &tx, &request, Obstacle::Changed).await;
    }
    if let Some(last) = last.filter(|last| went_wrong(last.state)) {
        tx.decide_delivery(signed.actor(), last.id, false).await?;
    }
    settle(&tx, signed.actor(), &request).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&place, Done::RequestSentAgain))
}

/// By which channel a mail leaves, and when.
struct Way {
    channel: String,
    due_at: DateTime<Utc>,
    window: SendWindow,
}

fn way(signed: &Signed) -> Result<Way, Obstacle> {
    let channel = signed.app.channel_of(signed.office.id, ChannelKind::Email).ok_or(Obstacle::NoMail)?;
    let (due_at, window) = slot(signed).ok_or(Obstacle::NeverOpen)?;
    Ok(Way { channel: channel.id.clone(), due_at, window })
}

fn can_be_written_to(contact: &EmployerContact) -> bool {
    contact.ended_at.is_none() && !contact.profile.email.trim().is_empty()
}

/// Queues the mail; false when that very mail is queued already.
async fn queue(
    signed: &Signed,
    tx: &Tx,
    request: &Escalation,
    to: &Addressed,
    (way, slot): (Way, String),
) -> Result<bool, Failure> {
    let new = NewDelivery {
        graduate: None,
        check_in: None,
        message: None,
        escalation: Some(request.id),
        purpose: Purpose::Escalation,
        slot,
        channel_id: way.channel,
        channel_kind: ChannelKind::Email,
        contact_point: None,
        address: to.contact.profile.email.trim().to_owned(),
        payload: mail(signed, tx, request, to).await?,
        due_at: way.due_at,
        window: (way.window.from, way.window.to),
        expires_at: way.window.to,
    };
    Ok(tx.add_delivery(&new).await?.is_some())
}

/// The mail with a fresh link. It says nothing about the person.
async fn mail(signed: &Signed, tx: &Tx, request: &Escalation, to: &Addressed) -> Result<Payload, Failure> {
    let answer_by = request.request.answer_by;
    let valid_for = LINK_VALID.max(answer_by - signed.today() + AFTER_ANSWER_BY);
    let token = tx.create_link(signed.actor(), LinkKind::Employer, request.id.0, valid_for).await?;
    let valid_until = (signed.now() + valid_for).with_timezone(&signed.office.zone).date_naive();
    let mail = EscalationMail {
        office: to.letter.office.clone(),
        staff: to.letter.staff.clone(),
        phone: signed.office.settings.phone.clone(),
        company: to.letter.company.clone(),
        contact: to.letter.contact.clone(),
        link: format!("{}/e/{token}", signed.app.parts.public_url),
        answer_by: Some(answer_by).filter(|day| *day >= signed.today()),
        valid_until,
    };
    let made = signed.app.mails.escalation(LETTERS, &mail)?;
    Ok(Payload { subject: Some(made.subject), text: made.text, html: Some(made.html), ..Payload::default() })
}

/// When the mail may leave: while the office works, so that somebody is there when the employer calls.
fn slot(signed: &Signed) -> Option<(DateTime<Utc>, SendWindow)> {
    let (calendar, now) = (signed.calendar(), signed.now());
    // A company has no hours of its own here; the office's hold.
    let whole_day = WeekHours::every_day("00:00-24:00").expect("a whole day is a period");
    let person = PersonHours { week: whole_day, zone: None };
    let rules = &signed.office.settings.sending;
    let context = SendContext { calendar: &calendar, person: &person, rules, kind: SendKind::Reply };
    let at = match may_send(now, &context) {
        SendDecision::Now { .. } => now,
        SendDecision::Later { at, .. } => at,
        SendDecision::Never { .. } => return None,
    };
    let day = at.with_timezone(&calendar.zone).date_naive();
    let window = windows_on(day, &context).into_iter().find(|window| window.contains(at))?;
    Some((at, window))
}
