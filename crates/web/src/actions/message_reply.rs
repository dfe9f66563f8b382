//! Answering a graduate: the message and its delivery in one unit of work; the worker sends it, after a moment in which it can
//! be taken back.

use axum::extract::Path;
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::example::BLANK;
use bansou_core::ids::{CheckInId, GraduateId, MessageId};
use bansou_core::thread::MessageBody;
use bansou_store::{Graduate, NewDelivery, OutboundMessage, Tx};

use crate::app::MessageProblem;
use crate::desk::place;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::desk::LaterForm;
use crate::pages::thread::ReplyForm;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::threads::{self, MESSAGES, Slot};
use crate::{answer, calm, desk, joins, people};

/// Longest message that holds a number and whose it is, in characters.
const NUMBER_MAX: usize = 40;

/// `POST /inbox/{graduate}/reply`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<ReplyForm>) -> Answer {
    let signed = &sent.signed;
    let there = place(id);
    let Some(tx) = sent.begin().await? else { return Ok(answer::done_at(&there, Done::ReplySent, "waiting")) };
    let graduate = people::graduate(&tx, id).await?;
    // Two colleagues who answer at this moment come one after the other; the second is asked once more.
    tx.hold_thread(id).await?;
    let (way, mut errors) = judge(signed, &tx, &graduate, &sent.form).await?;
    let going = calm::going(signed, &tx, &graduate, &sent.form.body).await?;
    match &going {
        Err(_) => errors = errors.with_error("channel", FieldError::NotAChoice),
        Ok(going) if !joins::fits(signed, !sent.form.join.is_empty(), going.slot.due_at) => {
            errors = errors.with_error("body", FieldError::QuestionOfToday);
        }
        Ok(_) => {}
    }
    let (Some(kind), Ok(going), true) = (way, going, errors.is_valid()) else {
        return refuse(signed, &tx, &graduate, errors, None).await;
    };
    let Some(message) = send(signed, &tx, &graduate, &sent.form, kind, &going.slot).await? else {
        return refuse(signed, &tx, &graduate, errors.with_error("body", FieldError::QuestionGone), None).await;
    };
    if going.calms {
        tx.calms(message).await?;
    }
    sent.end_drafts(&tx).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    let done = if going.calms { Done::ReplyCalms } else { Done::ReplySent };
    Ok(answer::done_at(&there, done, "waiting"))
}

/// The thread once more, with what is wrong and what came in meanwhile; the words stay in the box.
pub(crate) async fn refuse(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    errors: FormState<ReplyForm>,
    later: Option<FormState<LaterForm>>,
) -> Answer {
    let is_overtaken = errors.errors.get("body") == Some(&FieldError::ChangedMeanwhile);
    let seen = errors.typed.seen.clone();
    let mut page = threads::load(signed, tx, graduate.id, None, errors).await?;
    if is_overtaken {
        page.desk.meanwhile = desk::meanwhile(signed, tx, graduate, &seen).await?;
    }
    if let Some(later) = later {
        page.desk.later = later;
    }
    signed.refused(tx, &page).await
}

/// What is wrong with an answer, and the way by which it can go.
pub(crate) async fn judge(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: &ReplyForm,
) -> Result<(Option<ChannelKind>, FormState<ReplyForm>), Failure> {
    let mut state = FormState::new(form.clone());
    // Before whatever else is wrong with the words: the page that comes back then says what came in, and it counts as seen.
    let last = desk::last_come(&tx.messages_of(graduate.id, None, MESSAGES).await?);
    if last.is_some_and(|last| last.to_string() != form.seen) {
        state = state.with_error("body", FieldError::ChangedMeanwhile);
    }
    let ways = threads::ways(signed, tx, graduate).await?;
    let way = ways.iter().find(|(kind, _)| kind.as_str() == form.channel);
    if let Some((_, info)) = way {
        // Where the number doesn't go as a message of its own, it counts with the words.
        let (text, then) = (form.body.trim(), form.number.trim());
        let alone = info.kind == ChannelKind::Line || text.is_empty();
        let whole = if alone { text.to_owned() } else { words(info.kind, text, then).text };
        match (signed.app.parts.check_message)(&info.id, &whole) {
            Ok(()) => {}
            Err(MessageProblem::Empty) => state = state.with_error("body", FieldError::Required),
            Err(MessageProblem::TooLong { max, now }) => {
                state = state.with_error("body", FieldError::TooLong { max, now });
            }
        }
    }
    if form.body.contains(BLANK) {
        state = state.with_error("body", FieldError::BlankLeft);
    }
    let now = form.number.trim().chars().count();
    if now > NUMBER_MAX {
        state = state.with_error("number", FieldError::TooLong { max: NUMBER_MAX, now });
    }
    if way.is_none() {
        state = state.with_error("channel", FieldError::NotAChoice);
    }
    Ok((way.map(|(kind, _)| *kind), state))
}

/// Writes the message and its delivery; the draft has become the message. `None`, and nothing is written, where the question that it
/// asks in the place of a check-in is on its way by itself.
pub(crate) async fn send(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: &ReplyForm,
    kind: ChannelKind,
    slot: &Slot,
) -> Result<Option<MessageId>, Failure> {
    let question = joins::asked(signed, tx, graduate, form).await?;
    if let Some(question) = question
        && !tx.join_question(signed.staff.id, graduate.id, question).await?
    {
        return Ok(None);
    }
    let message = write(signed, tx, graduate.id, form, kind, slot, question).await?;
    tx.drop_draft(signed.staff.id, graduate.id).await?;
    Ok(Some(message))
}

/// Writes a message that answers nothing, such as a talk put in writing, and its delivery: what is due stays due, promises stay open.
pub(crate) async fn notify(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    form: &ReplyForm,
    kind: ChannelKind,
    slot: &Slot,
) -> Result<MessageId, Failure> {
    let outbound = outbound(graduate, form, kind, None);
    let message = tx.add_staff_notice(signed.staff.id, &outbound).await?;
    plan(signed, tx, &outbound, message, slot, words(kind, form.body.trim(), form.number.trim())).await?;
    Ok(message)
}

/// What staff see in the thread is what the person gets, one below the other. `question` is the check-in whose question it asks.
fn outbound(
    graduate: GraduateId,
    form: &ReplyForm,
    channel: ChannelKind,
    question: Option<CheckInId>,
) -> OutboundMessage {
    let (text, then) = (form.body.trim(), form.number.trim());
    let text = if then.is_empty() { text.to_owned() } else { format!("{text}\n{then}") };
    let body = MessageBody { text, choices: Vec::new(), attachment: None };
    OutboundMessage { graduate, channel, body, check_in: question }
}

/// Writes the answer and its delivery.
async fn write(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    form: &ReplyForm,
    kind: ChannelKind,
    slot: &Slot,
    question: Option<CheckInId>,
) -> Result<MessageId, Failure> {
    let (text, then) = (form.body.trim(), form.number.trim());
    let outbound = outbound(graduate, form, kind, question);
    // Whatever has come was on the writer's page (`judge`): nothing is left that waits.
    let message = tx.add_staff_message(signed.staff.id, &outbound, None).await?;
    plan(signed, tx, &outbound, message, slot, words(kind, text, then)).await?;
    if form.promise != "open" {
        tx.keep_holding(signed.actor(), graduate, slot.due_at, Some(message.0)).await?;
    }
    Ok(message)
}

/// LINE takes a number behind the words as a message of its own in the same call. Any other way would need two calls, of which the
/// second could arrive first or alone, so that the number stands on the last line there.
fn words(kind: ChannelKind, text: &str, then: &str) -> Payload {
    match (kind, then) {
        (_, "") => Payload { text: text.to_owned(), ..Payload::default() },
        (ChannelKind::Line, then) => Payload { text: text.to_owned(), then: then.to_owned(), ..Payload::default() },
        (ChannelKind::Sms | ChannelKind::Email, then) => {
            Payload { text: format!("{text}\n{then}"), ..Payload::default() }
        }
    }
}

/// Writes the delivery of a message of staff.
pub(super) async fn plan(
    signed: &Signed,
    tx: &Tx,
    outbound: &OutboundMessage,
    message: MessageId,
    slot: &Slot,
    words: Payload,
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
        payload: Payload { subject, ..words },
        due_at: slot.due_at,
        window: (slot.window.from, slot.window.to),
        expires_at: slot.window.to,
    })
    .await?;
    Ok(())
}
