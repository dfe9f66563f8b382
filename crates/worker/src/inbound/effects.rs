//! What the program says back: thanks, a notice, the office's safe text; and what a stop does.

use bansou_core::audit::Actor;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::ids::{GraduateId, MessageId};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::thread::MessageBody;
use bansou_core::window::{SendDecision, SendKind, may_send};
use bansou_store::{ContactPoint, Delivery, Inbound, NewDelivery, NewTask, OutboundMessage, Tx};
use chrono::{DateTime, Duration, Utc};

use super::answer::{Said, message_of};
use crate::engine::{Engine, OfficeRules};
use crate::error::Result;
use crate::ways::kind_of_point;

/// A reply token is good for about a minute (channels.md 1.1).
pub(super) const TOKEN_GOOD_FOR: Duration = Duration::seconds(50);
/// The office's safe text comes at most once an evening.
const SAFE_TEXT_EVERY: Duration = Duration::hours(12);
/// For so long after their words a person can be taken to wait for ours.
const SAFE_TEXT_FRESH: Duration = Duration::minutes(30);

impl Engine {
    /// The person said stop: honoured at once, on every channel. Words of theirs stay; a person looks after it.
    pub(crate) async fn stop(&self, tx: &Tx, rules: &OfficeRules, said: &Said<'_>) -> Result<()> {
        let graduate = said.graduate;
        tx.add_inbound_message(&bansou_store::InboundMessage { needs_reply: false, ..message_of(said, said.text) })
            .await?;
        tx.drop_silence_tasks(graduate, said.at).await?;
        tx.stop_contact(Actor::graduate(graduate), graduate).await?;
        for row in tx.open_check_ins_of(graduate).await? {
            if row.state == CheckInState::Out {
                tx.check_in_answered(row.id, "stop", said.at).await?;
            }
        }
        tx.cancel_everything_for(graduate).await?;
        let key = format!("stopped:{graduate}:{}", said.at.timestamp_millis());
        tx.add_task(&NewTask {
            graduate: Some(graduate),
            ..NewTask::program(TaskKind::Look, TaskReason::Stopped, key, tx.now())
        })
        .await?;
        let slot = said.at.timestamp_millis().to_string();
        self.notice(tx, rules, graduate, "stopped", &slot, said.reply_token.clone()).await
    }

    /// Thanks for an answer, over LINE's free reply. Outside the person's hours, or without a token, none is sent.
    pub(crate) async fn thank(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: GraduateId,
        message: MessageId,
        channel: ChannelKind,
        token: Option<String>,
    ) -> Result<()> {
        if channel != ChannelKind::Line || token.is_none() {
            return Ok(());
        }
        // A person is with them now; a thank-you of the program's would come between.
        if tx.thread(graduate).await?.is_some_and(|thread| thread.crisis_since.is_some()) {
            return Ok(());
        }
        self.tell(tx, rules, graduate, Purpose::Ack, "ack-answer", &message.to_string(), token).await
    }

    /// Tells the person something over LINE's reply, inside their hours; it waits for no answer.
    pub(crate) async fn notice(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: GraduateId,
        template: &str,
        slot: &str,
        token: Option<String>,
    ) -> Result<()> {
        self.tell(tx, rules, graduate, Purpose::Notice, template, &format!("{template}:{slot}"), token).await
    }

    /// The office's own safe text, once an evening, at any hour: whoever has just written such words is awake and waits
    /// (docs/decisions/0005). Words that reach us late are answered inside the person's hours only.
    pub(crate) async fn safe_text(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        said: &Said<'_>,
        message: MessageId,
    ) -> Result<()> {
        let text = rules.office.settings.safe_text.trim().to_owned();
        if text.is_empty() || tx.sent_since(said.graduate, Purpose::SafeText, tx.now() - SAFE_TEXT_EVERY).await? {
            return Ok(());
        }
        if tx.now() - said.at > SAFE_TEXT_FRESH {
            let Some(person) = tx.graduate(said.graduate).await? else { return Ok(()) };
            let context = rules.send_context(&person.details.hours, SendKind::Reply);
            let SendDecision::Now { .. } = may_send(tx.now(), &context) else { return Ok(()) };
        }
        let payload = Payload { text, reply_token: said.reply_token.clone(), ..Payload::default() };
        let until = tx.now() + SAFE_TEXT_FRESH;
        self.put(tx, rules, said.graduate, said.channel, Purpose::SafeText, &message.to_string(), payload, until).await
    }

    #[expect(clippy::too_many_arguments, reason = "private; each is one part of what is said")]
    async fn tell(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: GraduateId,
        purpose: Purpose,
        template: &str,
        slot: &str,
        token: Option<String>,
    ) -> Result<()> {
        let Some(person) = tx.graduate(graduate).await? else { return Ok(()) };
        let (Some(template), Some(token)) = (rules.templates.get(template), token) else { return Ok(()) };
        let context = rules.send_context(&person.details.hours, SendKind::Reply);
        let SendDecision::Now { .. } = may_send(tx.now(), &context) else { return Ok(()) };
        let speaker = rules.speaker(tx, &person, tx.now()).await?;
        let fill = rules.fill(&person, &speaker);
        let payload = template.payload(ChannelKind::Line, person.details.language, &fill, None);
        let payload = Payload { reply_token: Some(token), ..payload };
        let until = tx.now() + rules.office.settings.sending.margin() + TOKEN_GOOD_FOR;
        self.put(tx, rules, graduate, ChannelKind::Line, purpose, slot, payload, until).await
    }

    #[expect(clippy::too_many_arguments, reason = "private; each is one column of the delivery")]
    pub(super) async fn put(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: GraduateId,
        kind: ChannelKind,
        purpose: Purpose,
        slot: &str,
        payload: Payload,
        until: DateTime<Utc>,
    ) -> Result<()> {
        let points = tx.contact_points(graduate).await?;
        let Some(point) = points.into_iter().find(|point| kind_of_point(point.kind) == Some(kind)) else {
            return Ok(());
        };
        let Some(channel) = self.channel_of(kind) else { return Ok(()) };
        let body = MessageBody { text: payload.text.clone(), choices: Vec::new(), attachment: None };
        let message = OutboundMessage { graduate, channel: kind, body, check_in: None };
        let message = tx.add_program_message(&message).await?;
        let now = tx.now();
        debug_assert!(until > now + rules.office.settings.sending.margin());
        tx.add_delivery(&NewDelivery {
            graduate: Some(graduate),
            check_in: None,
            message: Some(message),
            escalation: None,
            purpose,
            slot: slot.to_owned(),
            channel_id: channel.id().to_owned(),
            channel_kind: kind,
            contact_point: Some((point.id, point.version)),
            address: point.address,
            payload,
            due_at: now,
            window: (now, until),
            expires_at: until,
        })
        .await?;
        Ok(())
    }

    /// A provider reports that a message didn't arrive after all: a check-in is handed to a person, anything else is shown.
    pub(crate) async fn did_not_arrive(&self, tx: &Tx, delivery: &Delivery, why: CloseReason) -> Result<()> {
        let (Some(id), Some(graduate)) = (delivery.check_in, delivery.graduate) else {
            return crate::outcome::look_at(tx, delivery, TaskReason::Refused).await;
        };
        let Some(row) = tx.check_in(id).await? else { return Ok(()) };
        if row.state == CheckInState::Out {
            crate::ways::hand_over(tx, graduate, id, why).await?;
        }
        Ok(())
    }
}

/// Somebody said stop at an address that several people share: nothing more goes there to any of them.
pub(super) async fn nothing_more_there(tx: &Tx, points: &[ContactPoint], at: DateTime<Utc>) -> Result<()> {
    for point in points {
        tx.set_reachability(Actor::graduate(point.graduate), point.id, point.reach.stopped(at)).await?;
    }
    Ok(())
}

/// Words of somebody we can't name wait for a person's eyes. Nobody's thread takes them; words of crisis say so (P10).
pub(super) async fn somebody_unknown(tx: &Tx, inbound: &Inbound, crisis: bool) -> Result<()> {
    let reason = if crisis { TaskReason::UnknownCrisis } else { TaskReason::UnknownSender };
    let key = format!("unknown-sender:{}", inbound.id);
    tx.add_task(&NewTask::program(TaskKind::Look, reason, key, tx.now())).await?;
    Ok(())
}
