//! Sending a request: released, recorded as shared, and queued as a mail, in one unit of work.

use axum::extract::Path;
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::ids::EscalationId;
use bansou_core::sign::SignStep;
use bansou_core::window::{SendContext, SendDecision, SendKind, SendWindow, may_send, windows_on};
use bansou_core::words::Lang;
use bansou_store::{Escalation, LinkKind, NewDelivery, StoreError, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::answer;
use crate::areas::escalations::hindered;
use crate::errors::Failure;
use crate::mail::EscalationMail;
use crate::pages::Done;
use crate::pages::escalation::Obstacle;
use crate::requests::{Addressed, addressed, not_yet, settle};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// How long the employer's link works.
pub const LINK_VALID: TimeDelta = TimeDelta::days(30);
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
    let Some(channel) = signed.app.channel_of(signed.office.id, ChannelKind::Email) else {
        return hindered(signed, &tx, &request, Obstacle::NoMail).await;
    };
    let Some((due_at, window)) = slot(signed) else {
        return hindered(signed, &tx, &request, Obstacle::NeverOpen).await;
    };
    let to = addressed(&tx, &signed.office, &request).await?;
    let words = to.letter.as_text(&signed.app.parts.words, LETTERS);
    match tx.send_escalation(signed.staff.id, id, &words, signed.today()).await {
        Ok(_) => {}
        Err(StoreError::Refused { .. }) => return hindered(signed, &tx, &request, Obstacle::Changed).await,
        Err(StoreError::NotCovered(_)) => return hindered(signed, &tx, &request, Obstacle::NoConsent).await,
        Err(StoreError::Request(_)) => return Ok(answer::see(&format!("{place}/edit"))),
        Err(error) => return Err(error.into()),
    }
    let new = NewDelivery {
        graduate: None,
        check_in: None,
        message: None,
        escalation: Some(id),
        purpose: Purpose::Escalation,
        slot: id.to_string(),
        channel_id: channel.id.clone(),
        channel_kind: ChannelKind::Email,
        contact_point: None,
        address: to.contact.profile.email.trim().to_owned(),
        payload: mail(signed, &tx, &request, &to).await?,
        due_at,
        window: (window.from, window.to),
        expires_at: window.to,
    };
    tx.add_delivery(&new).await?;
    settle(&tx, signed.actor(), &request).await?;
    let sign = tx.sign(request.sign).await?.ok_or(Failure::NotFound)?;
    if sign.sign.state.step() == SignStep::Confirmed {
        tx.act_on_sign(signed.staff.id, request.sign, "").await?;
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&place, Done::RequestSent))
}

/// The mail with a fresh link. It says nothing about the person.
async fn mail(signed: &Signed, tx: &Tx, request: &Escalation, to: &Addressed) -> Result<Payload, Failure> {
    let token = tx.create_link(signed.actor(), LinkKind::Employer, request.id.0, LINK_VALID).await?;
    let valid_until = (signed.now() + LINK_VALID).with_timezone(&signed.office.zone).date_naive();
    let mail = EscalationMail {
        office: to.letter.office.clone(),
        staff: to.letter.staff.clone(),
        phone: signed.office.settings.phone.clone(),
        company: to.letter.company.clone(),
        contact: to.letter.contact.clone(),
        link: format!("{}/e/{token}", signed.app.parts.public_url),
        answer_by: request.request.answer_by,
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
