//! Loading what stands around the box of a reply: see [`crate::pages::desk`].

use std::collections::HashMap;

use bansou_core::ids::{GraduateId, MessageId, StaffId};
use bansou_core::thread::Direction;
use bansou_core::window::{SendContext, SendDecision, SendKind, good_moments, may_send};
use bansou_store::{Graduate, Halt, HaltScope, Handover, Message, Tx};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::care::Caring;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::desk::{Desk, HandoverView, LaterForm, Meanwhile, Moment, WaitingReply};
use crate::pages::thread::ReplyForm;
use crate::signed::Signed;
use crate::threads::MESSAGES;
use crate::{joins, people};

/// Moments that are proposed.
const MOMENTS: usize = 3;
/// Beyond that "send later" is rather a plan of its own.
const LATEST: TimeDelta = TimeDelta::days(60);
/// Of what came in meanwhile so many of the newest are told.
const TOLD: usize = 20;
/// Less than that is told in seconds.
const SOON: TimeDelta = TimeDelta::minutes(1);

/// What stands around the box. Kept words come into it where it is empty.
pub(crate) async fn load(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    reply: &mut FormState<ReplyForm>,
) -> Result<Desk, Failure> {
    let names = people::staff_names(tx).await?;
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    let mut draft_at = None;
    if reply.typed.body.is_empty()
        && reply.typed.number.is_empty()
        && let Some(draft) = tx.draft(signed.staff.id, graduate.id).await?
    {
        reply.typed.body = draft.text;
        draft_at = Some(signed.local(draft.saved_at));
    }
    let writing = tx.writing_now(signed.staff.id).await?.remove(&graduate.id).unwrap_or_default();
    let handover = tx.handovers_of(&[graduate.id]).await?.remove(&graduate.id);
    let colleagues = tx.staff().await?.into_iter();
    let colleagues = colleagues.filter(|member| member.disabled_at.is_none() && member.id != signed.staff.id);
    let caring = Caring::load(signed, tx).await?;
    let view = |member: bansou_store::StaffMember| match caring.absence(member.id) {
        None => member.profile.name,
        Some(why) => signed.say_with("hand-over-away", &[("name", member.profile.name.into()), ("why", why.into())]),
    };
    Ok(Desk {
        draft_at,
        join: joins::view(signed, tx, graduate, reply).await?,
        writing: writing.into_iter().map(name).collect(),
        waiting: waiting(signed, tx, graduate, &names).await?,
        may_go_now: matches!(decision(signed, graduate, signed.now()), SendDecision::Now { .. }),
        moments: moments(signed, graduate),
        handover: handover.map(|handover| handed(signed, handover, name)),
        colleagues: colleagues.map(|member| (member.id.to_string(), view(member))).collect(),
        ..Desk::default()
    })
}

fn handed(signed: &Signed, handover: Handover, name: impl Fn(StaffId) -> String) -> HandoverView {
    HandoverView {
        from: name(handover.from),
        to: name(handover.to),
        is_me: handover.to == signed.staff.id,
        remark: handover.remark,
        at: signed.local(handover.at),
    }
}

async fn waiting(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    names: &HashMap<StaffId, String>,
) -> Result<Vec<WaitingReply>, Failure> {
    let deliveries = tx.waiting_replies(graduate.id).await?;
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<MessageId> = deliveries.iter().filter_map(|delivery| delivery.message).collect();
    let messages = tx.messages_by_id(&ids).await?;
    let halts = tx.halts().await?;
    let is_stopped = |channel: &str| {
        let is_this = |halt: &Halt| match &halt.scope {
            HaltScope::Everything => true,
            HaltScope::Channel(stopped) => stopped == channel,
        };
        signed.office.sending_stopped_at.is_some() || halts.iter().any(is_this)
    };
    let heard = tx.messages_of(graduate.id, None, MESSAGES).await?;
    let heard = last_come(heard.iter().filter(|message| message.direction == Direction::In));
    let view = |delivery: bansou_store::Delivery| {
        let message = delivery.message.and_then(|id| messages.get(&id));
        let left = delivery.due_at - signed.now();
        WaitingReply {
            id: delivery.id.to_string(),
            is_stopped: is_stopped(&delivery.channel_id),
            calms: delivery.calms(),
            text: delivery.payload.text,
            by: message.and_then(|message| names.get(&message.staff?).cloned()).unwrap_or_default(),
            at: signed.local(delivery.due_at),
            seconds: (left < SOON).then(|| (left.num_milliseconds().max(0) + 999) / 1_000),
            is_overtaken: message.is_some_and(|message| heard > Some(message.id)),
        }
    };
    Ok(deliveries.into_iter().map(view).collect())
}

fn moments(signed: &Signed, graduate: &Graduate) -> Vec<Moment> {
    let calendar = signed.calendar();
    let found = good_moments(signed.now(), &context(signed, graduate, &calendar), MOMENTS);
    found.into_iter().map(|at| Moment { key: signed.local(at).to_rfc3339(), at: signed.local(at) }).collect()
}

fn context<'a>(
    signed: &'a Signed,
    graduate: &'a Graduate,
    calendar: &'a bansou_core::calendar::OfficeCalendar,
) -> SendContext<'a> {
    let rules = &signed.office.settings.sending;
    SendContext { calendar, person: &graduate.details.hours, rules, kind: SendKind::Reply }
}

/// Whichever of these came into the thread last. Not the newest by its moment: words that reach us late carry the one at which they were
/// written and stand above others that were seen before them. Ids are made as messages are stored, so that their order tells.
pub(crate) fn last_come<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Option<MessageId> {
    messages.into_iter().map(|message| message.id).max()
}

/// What came into the thread after the message that was the last to come on the writer's page, newest first.
async fn unseen(tx: &Tx, graduate: GraduateId, seen: &str) -> Result<Vec<Message>, Failure> {
    let seen: Option<MessageId> = seen.parse().ok();
    let mut messages = tx.messages_of(graduate, None, MESSAGES).await?;
    messages.retain(|message| Some(message.id) > seen);
    Ok(messages)
}

/// Whether the person wrote something that the presser hasn't seen.
pub(crate) async fn is_overtaken(tx: &Tx, graduate: GraduateId, seen: &str) -> Result<bool, Failure> {
    Ok(unseen(tx, graduate, seen).await?.iter().any(|message| message.direction == Direction::In))
}

/// What came in that the writer hasn't seen, oldest first.
pub(crate) async fn meanwhile(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    seen: &str,
) -> Result<Vec<Meanwhile>, Failure> {
    let mut newest = unseen(tx, graduate.id, seen).await?;
    newest.truncate(TOLD);
    newest.reverse();
    let names = people::staff_names(tx).await?;
    let view = |message: Message| {
        let is_ours = message.direction == Direction::Out;
        let staff = message.staff.and_then(|id| names.get(&id).cloned());
        let by = if is_ours {
            staff.unwrap_or_else(|| signed.office.name.clone())
        } else {
            graduate.details.profile.name.clone()
        };
        Meanwhile { by, is_ours, at: signed.local(message.at) }
    };
    Ok(newest.into_iter().map(view).collect())
}

/// What is wrong with a moment: the field, and why.
pub(crate) type WrongMoment = (&'static str, FieldError);

/// The moment that was asked for, if the message may go then.
pub(crate) fn moment(signed: &Signed, graduate: &Graduate, form: &LaterForm) -> Result<DateTime<Utc>, WrongMoment> {
    let at = if form.when == "own" {
        let on: NaiveDate = form.on.parse().map_err(|_| ("on", FieldError::NotADate))?;
        let wrong = ("at", FieldError::NotATime);
        let time = time(&form.at).ok_or(wrong.clone())?;
        on.and_time(time).and_local_timezone(signed.office.zone).earliest().ok_or(wrong)?.to_utc()
    } else {
        DateTime::parse_from_rfc3339(&form.when).map_err(|_| ("on", FieldError::Required))?.to_utc()
    };
    let now = signed.now();
    if at <= now || at > now + LATEST {
        return Err(("on", FieldError::Passed));
    }
    match decision(signed, graduate, at) {
        SendDecision::Now { .. } => Ok(at),
        _ => Err(("on", FieldError::OutsideHours)),
    }
}

/// Whether a reply may go to the person at a moment.
pub(crate) fn decision(signed: &Signed, graduate: &Graduate, at: DateTime<Utc>) -> SendDecision {
    let calendar = signed.calendar();
    may_send(at, &context(signed, graduate, &calendar))
}

fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// Where a thread stands on the site.
pub(crate) fn place(graduate: GraduateId) -> String {
    format!("/inbox/{graduate}")
}
