//! LINE events.

use bansou_channels::line::{LineEvent, LineEventKind, parse_webhook};
use bansou_core::audit::Actor;
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::delivery::{ChannelKind, parse_answer_data};
use bansou_core::ids::GraduateId;
use bansou_core::signs::classify;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{ContactPoint, Inbound, NewTask, Tx};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::Effect;
use super::answer::Said;
use super::effects::{nothing_more_there, somebody_unknown};
use crate::engine::{Engine, OfficeRules};
use crate::error::Result;

impl Engine {
    pub(crate) async fn line_event(&self, tx: &Tx, rules: &OfficeRules, inbound: &Inbound) -> Result<Effect> {
        let Some(event) = parse(inbound) else { return Ok(Effect::IGNORED) };
        let Some(user) = event.user.as_ref().filter(|_| event.one_to_one) else { return Ok(Effect::IGNORED) };
        let mut points = tx.contact_points_at(ContactKind::Line, user.as_str()).await?;
        if let Some(said) = inbound.graduate {
            // A member of staff said whose words these are.
            points.retain(|point| point.graduate == said);
        }
        match points.as_slice() {
            [] => self.stranger(tx, rules, inbound, &event, user.as_str()).await,
            [point] => self.known(tx, rules, inbound, &event, point).await,
            shared => self.shared(tx, rules, inbound, &event, shared).await,
        }
    }

    /// An account that several people are reached by says nothing about who wrote: only a button does. A person has to look.
    async fn shared(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        inbound: &Inbound,
        event: &LineEvent,
        points: &[ContactPoint],
    ) -> Result<Effect> {
        match &event.kind {
            LineEventKind::Postback { data } => {
                let check_in = match parse_answer_data(data) {
                    Some((id, _)) => tx.check_in(id).await?,
                    None => None,
                };
                let point = check_in.and_then(|row| points.iter().find(|point| point.graduate == row.graduate));
                let Some(point) = point else { return Ok(Effect::IGNORED) };
                return self.known(tx, rules, inbound, event, point).await;
            }
            LineEventKind::Follow { .. } | LineEventKind::Unfollow | LineEventKind::Unsend { .. } => {
                for point in points {
                    self.known(tx, rules, inbound, event, point).await?;
                }
                return Ok(Effect::of(points[0].graduate));
            }
            LineEventKind::Text { text, .. } | LineEventKind::Media { text, .. }
                if classify(text, &self.parts.lexicon).opt_out_exact =>
            {
                nothing_more_there(tx, points, inbound.occurred_at).await?;
            }
            _ => {}
        }
        somebody_unknown(tx, inbound, self.is_crisis(event)).await?;
        Ok(Effect::UNKNOWN_SENDER)
    }

    async fn known(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        inbound: &Inbound,
        event: &LineEvent,
        point: &ContactPoint,
    ) -> Result<Effect> {
        let graduate = point.graduate;
        let at = inbound.occurred_at;
        tx.lock_graduate(graduate).await?;
        tx.hold_thread_if_any(graduate).await?;
        match &event.kind {
            LineEventKind::Text { message_id, text } => {
                self.is_reachable(tx, point, at).await?;
                let said = Said {
                    graduate,
                    channel: ChannelKind::Line,
                    text,
                    attachment: None,
                    fetch_from: None,
                    at,
                    provider_ref: Some(message_id.clone()),
                    reply_token: token(inbound, event),
                };
                self.said(tx, rules, &said).await?;
            }
            LineEventKind::Media { message_id, kind, text } => {
                self.is_reachable(tx, point, at).await?;
                let said = Said {
                    graduate,
                    channel: ChannelKind::Line,
                    text,
                    attachment: Some(kind.clone()),
                    fetch_from: Some(inbound.channel_id.clone()),
                    at,
                    provider_ref: Some(message_id.clone()),
                    reply_token: token(inbound, event),
                };
                self.said(tx, rules, &said).await?;
            }
            LineEventKind::Postback { data } => {
                self.is_reachable(tx, point, at).await?;
                let Some((check_in, code)) = parse_answer_data(data) else { return Ok(Effect::IGNORED) };
                let press = Said {
                    graduate,
                    channel: ChannelKind::Line,
                    text: "",
                    attachment: None,
                    fetch_from: None,
                    at,
                    provider_ref: None,
                    reply_token: token(inbound, event),
                };
                self.pressed(tx, rules, check_in, code, &press).await?;
            }
            LineEventKind::Follow { .. } => self.is_reachable(tx, point, at).await?,
            LineEventKind::Unfollow => {
                tx.set_reachability(Actor::graduate(graduate), point.id, point.reach.blocked(at)).await?;
                let key = format!("unfollow:{}:{graduate}", inbound.id);
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
    async fn stranger(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        inbound: &Inbound,
        event: &LineEvent,
        user: &str,
    ) -> Result<Effect> {
        if let LineEventKind::Text { text, .. } = &event.kind
            && let Some(graduate) = tx.take_invite(text.trim()).await?
        {
            self.bind(tx, rules, graduate, user, event).await?;
            return Ok(Effect::of(graduate));
        }
        if matches!(
            event.kind,
            LineEventKind::Text { .. } | LineEventKind::Media { .. } | LineEventKind::Postback { .. }
        ) {
            somebody_unknown(tx, inbound, self.is_crisis(event)).await?;
        }
        Ok(Effect::UNKNOWN_SENDER)
    }

    fn is_crisis(&self, event: &LineEvent) -> bool {
        let (LineEventKind::Text { text, .. } | LineEventKind::Media { text, .. }) = &event.kind else { return false };
        classify(text, &self.parts.lexicon).crisis
    }

    async fn bind(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: GraduateId,
        user: &str,
        event: &LineEvent,
    ) -> Result<()> {
        let actor = Actor::graduate(graduate);
        tx.set_address(actor, graduate, ContactKind::Line, user).await?;
        tx.audit(actor, "line.bind", "graduate", Some(graduate.0), json!({})).await?;
        self.notice(tx, rules, graduate, "bound", &event.id, fresh_token(event)).await
    }

    /// Whoever writes can be reached; words from before a block, which come late, say nothing about after it.
    async fn is_reachable(&self, tx: &Tx, point: &ContactPoint, at: DateTime<Utc>) -> Result<()> {
        if matches!(point.reach, Reachability::Blocked { since } if since > at) {
            return Ok(());
        }
        Ok(tx.set_reachability(Actor::graduate(point.graduate), point.id, point.reach.unblocked()).await?)
    }
}

/// What waited for a member of staff is too old to be replied to.
fn token(inbound: &Inbound, event: &LineEvent) -> Option<String> {
    if inbound.graduate.is_some() { None } else { fresh_token(event) }
}

fn fresh_token(event: &LineEvent) -> Option<String> {
    event.reply_token.as_ref().filter(|_| !event.standby).map(|token| token.expose().to_owned())
}

fn parse(inbound: &Inbound) -> Option<LineEvent> {
    let call = json!({ "events": [inbound.body] }).to_string();
    parse_webhook(call.as_bytes()).ok()?.into_iter().next()
}
