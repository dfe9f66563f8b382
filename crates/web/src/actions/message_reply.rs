//! Answering a graduate: the message and its delivery in one unit of work; the worker sends it.

use axum::extract::Path;
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::ids::{GraduateId, MessageId};
use bansou_core::thread::MessageBody;
use bansou_store::{Graduate, Message, NewDelivery, OutboundMessage, Tx};

use crate::answer;
use crate::app::MessageProblem;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::thread::ReplyForm;
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::threads::{self, Slot};

/// `POST /inbox/{graduate}/reply`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<ReplyForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/inbox/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ReplySent)) };
    let graduate = people::graduate(&tx, id).await?;
    let (way, errors) = judge(signed, &tx, &graduate, &sent.form).await?;
    let Some((kind, slot)) = way.filter(|_| errors.is_valid()) else {
        let page = threads::load(signed, &tx, id, None, errors).await?;
        return signed.refused(&tx, &page).await;
    };
    let seen = seen(&tx, &sent.form).await?;
    let body = MessageBody { text: sent.form.body.trim().to_owned(), choices: Vec::new(), attachment: None };
    let outbound = OutboundMessage { graduate: id, channel: kind, body, check_in: None };
    let message = tx.add_staff_message(signed.staff.id, &outbound, seen.map(|seen| seen.at)).await?;
    plan(signed, &tx, &outbound, message, &slot).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::ReplySent))
}

pub(crate) async fn judge(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: &ReplyForm,
) -> Result<(Option<(ChannelKind, Slot)>, FormState<ReplyForm>), Failure> {
    let mut state = FormState::new(form.clone());
    let ways = threads::ways(signed, tx, graduate).await?;
    let way = ways.iter().find(|(kind, _)| kind.as_str() == form.channel);
    let slot = threads::slot(signed, &graduate.details.hours).ok();
    if let Some((_, info)) = way {
        match (signed.app.parts.check_message)(&info.id, form.body.trim()) {
            Ok(()) => {}
            Err(MessageProblem::Empty) => state = state.with_error("body", FieldError::Required),
            Err(MessageProblem::TooLong { max, now }) => {
                state = state.with_error("body", FieldError::TooLong { max, now });
            }
        }
    }
    if way.is_none() || slot.is_none() {
        state = state.with_error("channel", FieldError::NotAChoice);
    }
    let newest = tx.messages_of(graduate.id, None, 1).await?.pop();
    if newest.is_some_and(|newest| newest.id.to_string() != form.seen) {
        state = state.with_error("body", FieldError::ChangedMeanwhile);
    }
    Ok((way.map(|(kind, _)| *kind).zip(slot), state))
}

pub(crate) async fn seen(tx: &Tx, form: &ReplyForm) -> Result<Option<Message>, Failure> {
    let Ok(id) = form.seen.parse::<MessageId>() else { return Ok(None) };
    Ok(tx.message(id).await?)
}

pub(crate) async fn plan(
    signed: &Signed,
    tx: &Tx,
    outbound: &OutboundMessage,
    message: MessageId,
    slot: &Slot,
) -> Result<(), Failure> {
    let points = tx.contact_points(outbound.graduate).await?;
    let point = threads::point_of(&points, outbound.channel).ok_or(Failure::NotFound)?;
    let info = signed.app.channel_of(signed.office.id, outbound.channel).ok_or(Failure::NotFound)?;
    let subject = (outbound.channel == ChannelKind::Email).then(|| signed.office.name.clone());
    tx.add_delivery(&NewDelivery {
        graduate: Some(outbound.graduate),
        check_in: None,
        message: Some(message),
        escalation: None,
        purpose: Purpose::Reply,
        slot: message.to_string(),
        channel_id: info.id.clone(),
        channel_kind: outbound.channel,
        contact_point: Some((point.id, point.version)),
        address: point.address.clone(),
        payload: Payload { subject, text: outbound.body.text.clone(), ..Payload::default() },
        due_at: slot.due_at,
        window: (slot.window.from, slot.window.to),
        expires_at: slot.window.to,
    })
    .await?;
    Ok(())
}
