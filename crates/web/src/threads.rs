//! Loading a thread page: what was said, how it went, and by which ways one can answer.

use std::collections::HashMap;

use bansou_core::attachment::AttachmentState;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, DeliveryState, Purpose};
use bansou_core::hours::PersonHours;
use bansou_core::ids::{CheckInId, GraduateId, MessageId, OfficeId, StaffId};
use bansou_core::sign::SignStep;
use bansou_core::thread::{Author, Direction, NoReplyReason, Turn};
use bansou_core::window::{SendContext, SendDecision, SendKind, SendWindow, may_send, windows_on};
use bansou_store::{
    Attachment, Binding, ContactPoint, Delivery, Graduate, HELD_BACK, Message, MessagesBefore, PROMISE_ENDED,
    PlacedSign, SignPlace, Tx,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::actions::stranger_bind;
use crate::app::{App, ChannelInfo};
use crate::areas::inbox::turn_kind;
use crate::care;
use crate::errors::Failure;
use crate::form::FormState;
use crate::pages::length::lengths;
use crate::pages::signs::link_to;
use crate::pages::stranger::BindingView;
use crate::pages::thread::{
    DeliveryView, MediaView, MessageView, QuotedSign, ReplyChannel, ReplyForm, TextPart, ThreadPage, mark_quotes,
};
use crate::said::SaidAt;
use crate::say::known_kind;
use crate::signed::Signed;
use crate::{cards, desk, joins, people, promises, resend, said};

/// Messages of one page.
pub(crate) const MESSAGES: u64 = 50;
/// Deliveries looked at for how the messages went.
const DELIVERIES: u64 = 300;

/// When an answer may go, and within which window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// The window it has to arrive in.
    pub window: SendWindow,
}

/// Which part of what was said is shown, where it isn't the newest.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// What came before this message.
    Before(Uuid),
    /// This message and what came before it.
    Until(Uuid),
}

/// The thread page of a graduate. Without words in the form, the best channel and the last message to come are filled in.
pub async fn load(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    from: Option<Shown>,
    mut reply: FormState<ReplyForm>,
) -> Result<ThreadPage, Failure> {
    let graduate = people::graduate(tx, id).await?;
    let thread = tx.thread(id).await?;
    let person = care::head(signed, tx, &graduate).await?;
    let turn = thread.as_ref().map_or(Turn::Closed, |thread| thread.facts(person.paused.is_some()).turn());
    let before = match from {
        Some(Shown::Before(id) | Shown::Until(id)) => tx.message(MessageId(id)).await?,
        None => None,
    };
    let before = before.map(|message| match from {
        // The one itself is shown, and whatever came in the same millisecond.
        Some(Shown::Until(_)) => {
            MessagesBefore { at: message.at + TimeDelta::milliseconds(1), id: MessageId(Uuid::nil()) }
        }
        _ => MessagesBefore { at: message.at, id: message.id },
    });
    let mut messages = tx.messages_of(id, before, MESSAGES + 1).await?;
    let has_older = messages.len() as u64 > MESSAGES;
    messages.truncate(usize::try_from(MESSAGES).unwrap_or(usize::MAX));
    let older = messages.last().filter(|_| has_older).map(|oldest| format!("/inbox/{id}?before={}", oldest.id));
    let ways = ways(signed, tx, &graduate).await?;
    if before.is_none() {
        reply.typed.seen = desk::last_come(&messages).map(|last| last.to_string()).unwrap_or_default();
    }
    if reply.typed.channel.is_empty() {
        reply.typed.channel = ways.first().map(|(point, _)| point.as_str().to_owned()).unwrap_or_default();
    }
    let slot = slot(signed, &graduate.details.hours);
    let channels: Vec<_> =
        ways.iter().map(|(kind, info)| reply_channel(signed, *kind, info, slot.as_ref().ok())).collect();
    let stop = people::stop(signed, tx, &graduate).await?;
    let no_channel = match (&slot, channels.is_empty()) {
        _ if stop.is_some() => None,
        (Err(why), _) => Some(why.clone()),
        (Ok(_), true) => Some(signed.say("reply-no-way")),
        _ => None,
    };
    let desk = desk::load(signed, tx, &graduate, &mut reply).await?;
    let due_since = thread.as_ref().and_then(|thread| thread.reply_due_since);
    let crisis = people::crisis(signed, tx, &graduate, thread.as_ref()).await?;
    let clock = promises::clocks(signed, tx, &thread.iter().collect::<Vec<_>>()).await?.remove(&id);
    let mut promises = promises::of_thread(signed, tx, &graduate, clock.as_ref()).await?;
    if crisis.is_some() {
        // Nobody in need is told to wait.
        promises.hold = None;
    }
    let names = people::staff_names(tx).await?;
    Ok(ThreadPage {
        turn: turn_kind(turn),
        due_since: due_since.map(|since| signed.local(since)),
        clock: clock.zip(thread.as_ref()).map(|(clock, thread)| promises::clock_view(signed, &clock, thread, &names)),
        promises,
        hotlines: if crisis.is_some() { signed.app.parts.hotlines.clone() } else { Vec::new() },
        lock: crisis.as_ref().and_then(|crisis| crisis.taken.clone()).filter(|taken| !taken.is_me),
        crisis,
        stop,
        card: cards::summary(signed, tx, &graduate).await?,
        is_past: before.is_some(),
        older,
        messages: views(signed, tx, &graduate, messages).await?,
        lengths: lengths(&channels, &reply.typed.body),
        channels: if slot.is_ok() { channels } else { Vec::new() },
        no_channel,
        reply,
        desk,
        read_at: signed.local(signed.now()),
        remarks: None,
        bindings: bindings(signed, tx, id).await?,
        close_reasons: NoReplyReason::ALL,
        person,
    })
}

/// Puts words into the box of a page, and beside it what they mean for a question of today.
pub(crate) async fn fill(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    page: &mut ThreadPage,
    body: String,
) -> Result<(), Failure> {
    page.fill(body);
    page.desk.join = joins::view(signed, tx, graduate, &page.reply).await?;
    Ok(())
}

async fn bindings(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Vec<BindingView>, Failure> {
    let names = people::staff_names(tx).await?;
    let view = |binding: Binding| BindingView {
        id: binding.id.to_string(),
        channel: stranger_bind::channel(binding.kind),
        by: names.get(&binding.bound_by).cloned().unwrap_or_default(),
        on: signed.local(binding.bound_at).date_naive(),
    };
    Ok(tx.bindings_of(id).await?.into_iter().map(view).collect())
}

/// The ways by which an answer can go now, best first: an address that works and a channel that is configured.
pub async fn ways<'a>(
    signed: &'a Signed,
    tx: &Tx,
    graduate: &Graduate,
) -> Result<Vec<(ChannelKind, &'a ChannelInfo)>, Failure> {
    // Whoever said stop is written to on no channel until they say otherwise; the page says so before anything is typed.
    if graduate.contact_stopped_at.is_some() {
        return Ok(Vec::new());
    }
    let points = tx.contact_points(graduate.id).await?;
    let known = |kind: ChannelKind| point_of(&points, kind).is_some();
    let ways = [ChannelKind::Line, ChannelKind::Sms, ChannelKind::Email].into_iter().filter(|kind| known(*kind));
    Ok(ways.filter_map(|kind| Some((kind, signed.app.channel_of(signed.office.id, kind)?))).collect())
}

/// The address that a channel of a kind writes to, when it works.
pub fn point_of(points: &[ContactPoint], kind: ChannelKind) -> Option<&ContactPoint> {
    let wanted = match kind {
        ChannelKind::Line => ContactKind::Line,
        ChannelKind::Sms => ContactKind::Sms,
        ChannelKind::Email => ContactKind::Email,
    };
    points.iter().find(|point| point.kind == wanted && point.reach.is_reachable())
}

/// The way by which a check-in goes first. Without one staff get in touch: no address works, or the office has no channel to it.
pub fn way_of_check_ins(app: &App, office: OfficeId, points: &[ContactPoint]) -> Option<ChannelKind> {
    let goes = |kind: &ChannelKind| point_of(points, *kind).is_some() && app.channel_of(office, *kind).is_some();
    ChannelKind::OF_CHECK_INS.into_iter().find(goes)
}

/// When an answer of staff may arrive: now, or from the next common hour of office and person on. An error is the sentence
/// that says why never.
pub fn slot(signed: &Signed, hours: &PersonHours) -> Result<Slot, String> {
    slot_at(signed, hours, signed.now())
}

/// The same from another moment on.
pub fn slot_at(signed: &Signed, hours: &PersonHours, now: DateTime<Utc>) -> Result<Slot, String> {
    let calendar = signed.calendar();
    let rules = &signed.office.settings.sending;
    let context = SendContext { calendar: &calendar, person: hours, rules, kind: SendKind::Reply };
    let due_at = match may_send(now, &context) {
        SendDecision::Now { .. } => now,
        SendDecision::Later { at, .. } => at,
        SendDecision::Never { .. } => return Err(signed.say("reply-no-hours")),
    };
    let day = due_at.with_timezone(&calendar.zone).date_naive();
    let window = windows_on(day, &context).into_iter().find(|window| window.contains(due_at));
    window.map(|window| Slot { due_at, window }).ok_or_else(|| signed.say("reply-no-hours"))
}

fn reply_channel(signed: &Signed, kind: ChannelKind, info: &ChannelInfo, slot: Option<&Slot>) -> ReplyChannel {
    let later = slot.filter(|slot| slot.due_at > signed.now());
    let note = later.map(|slot| {
        let at = signed.local(slot.due_at);
        let local = crate::dates::Local::parse(&at.to_rfc3339());
        let said = local.map(|at| at.moment(signed.lang, crate::dates::Style::Day, false)).unwrap_or_default();
        signed.say_with("reply-goes-at", &[("at", said.into())])
    });
    ReplyChannel { kind, max: signed.app.longest(&info.id), note: note.unwrap_or_default() }
}

async fn views(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    mut messages: Vec<Message>,
) -> Result<Vec<MessageView>, Failure> {
    let names = people::staff_names(tx).await?;
    let points = tx.contact_points(graduate.id).await?;
    let signs = tx.signs_of(graduate.id).await?;
    let deliveries = tx.deliveries_of(graduate.id, DELIVERIES).await?;
    let questions: HashMap<CheckInId, String> = messages
        .iter()
        .filter(|message| message.direction == Direction::Out)
        .filter_map(|message| Some((message.check_in?, message.body.as_ref()?.text.clone())))
        .collect();
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let came = tx.attachments_of(&ids).await?;
    let mut last_day = None;
    let mut views = Vec::with_capacity(messages.len());
    // What was said stands in the order in which it was said: an answer that came before words of ours left was no answer to them. Last
    // comes what is still to go.
    let said = |message: &Message| said::said_at(signed, message.at, said::left(message, &deliveries));
    messages.sort_by_cached_key(|message| (said::waits(message, &deliveries), said(message).at, message.id));
    for message in &messages {
        let SaidAt { at, written_at } = said(message);
        let waits = said::waits(message, &deliveries);
        let day = at.date_naive();
        let new_day = (last_day != Some(day) && !waits).then_some(day);
        last_day = Some(day);
        let body = message.body.as_ref();
        let answers = message.check_in.filter(|_| message.direction == Direction::In);
        views.push(MessageView {
            id: message.id.to_string(),
            direction: message.direction,
            author: message.author,
            author_name: author(signed, graduate, message, &names),
            channel: message.channel,
            at,
            written_at,
            waits,
            new_day,
            parts: body
                .filter(|body| !body.text.is_empty())
                .map(|body| parts(signed, message.id, &body.text, &signs))
                .unwrap_or_default(),
            choices: body.map(|body| body.choices.clone()).unwrap_or_default(),
            answers: answers.and_then(|check_in| questions.get(&check_in).cloned()),
            attachment: body
                .and_then(|body| body.attachment.as_deref())
                .map(|kind| attachment(signed, message, kind, came.get(&message.id))),
            media: came.get(&message.id).filter(|came| came.state == AttachmentState::Kept).map(|came| MediaView {
                kind: came.kind,
                href: format!("/inbox/{}/files/{}", graduate.id, message.id),
            }),
            is_unsent: message.hidden_at.is_some(),
            is_not_theirs: message.is_not_theirs,
            delivery: delivery(message, &deliveries).map(|went| delivery_view(signed, graduate, &points, went)),
        });
    }
    Ok(views)
}

/// What came besides text, in plain words, and where it can be looked at where that isn't here.
fn attachment(signed: &Signed, message: &Message, kind: &str, came: Option<&Attachment>) -> String {
    let what = signed.say(&format!("attachment-{}", known_kind(kind)));
    let more = match came.map(|came| came.state) {
        Some(AttachmentState::Kept) => return what,
        Some(state) => signed.say(&format!("media-{state}")),
        // The words on a sticker stand there already.
        None if kind == "sticker" && message.body.as_ref().is_some_and(|body| !body.text.is_empty()) => return what,
        None if message.channel == ChannelKind::Line => signed.say("attachment-in-line"),
        None => signed.say("attachment-elsewhere"),
    };
    format!("{what} {more}")
}

fn author(signed: &Signed, graduate: &Graduate, message: &Message, names: &HashMap<StaffId, String>) -> String {
    match message.author {
        Author::Graduate => graduate.details.profile.name.clone(),
        Author::Staff => message.staff.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        Author::Program => signed.office.name.clone(),
    }
}

fn parts(signed: &Signed, message: MessageId, text: &str, signs: &[PlacedSign]) -> Vec<TextPart> {
    let here = signs.iter().filter(|sign| sign.place == SignPlace::Message(message) && !sign.sign.quote.is_empty());
    let quoted: Vec<(&str, QuotedSign)> = here
        .map(|placed| {
            let step = placed.sign.state.step();
            let label = signed.say(&format!("sign-category-{}", placed.sign.category));
            let is_waiting = step == SignStep::Suggested;
            (placed.sign.quote.as_str(), QuotedSign { label, is_waiting, href: link_to(&placed.sign) })
        })
        .collect();
    mark_quotes(text, &quoted)
}

fn delivery<'a>(message: &Message, deliveries: &'a [Delivery]) -> Option<&'a Delivery> {
    if message.direction == Direction::In {
        return None;
    }
    let of_message = deliveries.iter().find(|delivery| delivery.message == Some(message.id));
    let check_in = message.check_in.filter(|_| message.author == Author::Program);
    of_message.or_else(|| deliveries.iter().find(|d| check_in.is_some() && d.check_in == check_in))
}

fn delivery_view(signed: &Signed, graduate: &Graduate, points: &[ContactPoint], delivery: &Delivery) -> DeliveryView {
    use DeliveryState::{Cancelled, Due, Expired, Failed, NeedsPerson, Unknown};
    let is_stuck = matches!(delivery.state, Failed | Expired | NeedsPerson);
    let later = delivery.state == Due && delivery.due_at > signed.now();
    let code = delivery.state_code.as_deref();
    let why = match delivery.state {
        Cancelled if code == Some(HELD_BACK) => Some(signed.say("delivery-held-back")),
        Cancelled if code == Some(PROMISE_ENDED) => Some(signed.say("delivery-promise-ended")),
        state if is_stuck || state == Unknown => Some(signed.say(&format!("delivery-told-{state}"))),
        _ => None,
    };
    let may_resend = is_stuck && delivery.purpose == Purpose::Reply;
    let no_resend = may_resend.then(|| resend::mend(signed, graduate, points, delivery.channel_kind)).flatten();
    DeliveryView {
        id: delivery.id.to_string(),
        state: delivery.state,
        at: if later { Some(delivery.due_at) } else { delivery.accepted_at }.map(|at| signed.local(at)),
        why,
        can_resend: may_resend && no_resend.is_none(),
        no_resend,
    }
}
