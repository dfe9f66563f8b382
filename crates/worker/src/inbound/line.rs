//! LINE events.

use bansou_channels::line::{LineEvent, LineEventKind, parse_webhook};
use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, parse_answer_data};
use bansou_core::ids::GraduateId;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{ContactPoint, Inbound, NewTask, Tx};
use serde_json::json;

use super::Effect;
use super::answer::Said;
use crate::engine::Engine;
use crate::error::Result;

impl Engine {
    pub(crate) async fn line_event(&self, tx: &Tx, inbound: &Inbound) -> Result<Effect> {
        let Some(event) = parse(inbound) else { return Ok(Effect::IGNORED) };
        let Some(user) = event.user.as_ref().filter(|_| event.one_to_one) else { return Ok(Effect::IGNORED) };
        let points = tx.contact_points_at(ContactKind::Line, user.as_str()).await?;
        let Some(point) = points.first() else { return self.stranger(tx, inbound, &event, user.as_str()).await };
        self.known(tx, inbound, &event, point).await
    }

    async fn known(&self, tx: &Tx, inbound: &Inbound, event: &LineEvent, point: &ContactPoint) -> Result<Effect> {
        let graduate = point.graduate;
        let at = inbound.occurred_at;
        match &event.kind {
            LineEventKind::Text { message_id, text } => {
                self.is_reachable(tx, point).await?;
                let said = Said {
                    graduate,
                    channel: ChannelKind::Line,
                    text,
                    attachment: None,
                    at,
                    provider_ref: Some(message_id.clone()),
                    reply_token: token(event),
                };
                self.said(tx, &said).await?;
            }
            LineEventKind::Media { message_id, kind } => {
                self.is_reachable(tx, point).await?;
                let said = Said {
                    graduate,
                    channel: ChannelKind::Line,
                    text: "",
                    attachment: Some(kind.clone()),
                    at,
                    provider_ref: Some(message_id.clone()),
                    reply_token: token(event),
                };
                self.said(tx, &said).await?;
            }
            LineEventKind::Postback { data } => {
                self.is_reachable(tx, point).await?;
                let Some((check_in, code)) = parse_answer_data(data) else { return Ok(Effect::IGNORED) };
                self.pressed(tx, graduate, check_in, code, at, token(event)).await?;
            }
            LineEventKind::Follow { .. } => self.is_reachable(tx, point).await?,
            LineEventKind::Unfollow => {
                tx.set_reachability(Actor::graduate(graduate), point.id, point.reach.blocked(at)).await?;
                let key = format!("unfollow:{}", inbound.id);
                tx.add_task(&NewTask {
                    graduate: Some(graduate),
                    ..NewTask::program(TaskKind::Reach, TaskReason::Unfollowed, key, tx.now())
                })
                .await?;
            }
            LineEventKind::Unsend { message_id } => {
                tx.hide_message(ChannelKind::Line, message_id).await?;
            }
            LineEventKind::AccountLink { .. } | LineEventKind::Other { .. } => return Ok(Effect::IGNORED),
        }
        Ok(Effect::of(graduate))
    }

    /// Somebody whose LINE account isn't known: an invite code binds it, anything else waits for staff's eyes.
    async fn stranger(&self, tx: &Tx, inbound: &Inbound, event: &LineEvent, user: &str) -> Result<Effect> {
        if let LineEventKind::Text { text, .. } = &event.kind
            && let Some(graduate) = tx.take_invite(text.trim()).await?
        {
            self.bind(tx, graduate, user, event).await?;
            return Ok(Effect::of(graduate));
        }
        if matches!(
            event.kind,
            LineEventKind::Text { .. } | LineEventKind::Media { .. } | LineEventKind::Postback { .. }
        ) {
            let key = format!("unknown-sender:{}", inbound.id);
            tx.add_task(&NewTask::program(TaskKind::Look, TaskReason::UnknownSender, key, tx.now())).await?;
        }
        Ok(Effect::UNKNOWN_SENDER)
    }

    async fn bind(&self, tx: &Tx, graduate: GraduateId, user: &str, event: &LineEvent) -> Result<()> {
        let actor = Actor::graduate(graduate);
        tx.set_address(actor, graduate, ContactKind::Line, user).await?;
        tx.audit(actor, "line.bind", "graduate", Some(graduate.0), json!({})).await?;
        self.notice(tx, graduate, "bound", &event.id, token(event)).await
    }

    /// Whoever writes can be reached.
    async fn is_reachable(&self, tx: &Tx, point: &ContactPoint) -> Result<()> {
        Ok(tx.set_reachability(Actor::graduate(point.graduate), point.id, point.reach.unblocked()).await?)
    }
}

fn token(event: &LineEvent) -> Option<String> {
    event.reply_token.as_ref().filter(|_| !event.standby).map(|token| token.expose().to_owned())
}

fn parse(inbound: &Inbound) -> Option<LineEvent> {
    let call = json!({ "events": [inbound.body] }).to_string();
    parse_webhook(call.as_bytes()).ok()?.into_iter().next()
}
