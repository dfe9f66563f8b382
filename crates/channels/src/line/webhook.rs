//! What LINE posts to us, parsed without ever dropping anything: an unknown type is kept, with its JSON.
//!
//! LINE adds fields, types and values without notice, and delivers an event more than once and out of order: take
//! [`LineEvent::id`] for "seen before" and [`LineEvent::at`] for the order
//! (developers.line.biz, Messaging API: receiving messages).

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{Address, Secret};

/// One event of a webhook call.
#[derive(Clone)]
pub struct LineEvent {
    /// LINE's `webhookEventId`; a hash of the event where LINE gave none. The same for a redelivery.
    pub id: String,
    /// What happened.
    pub kind: LineEventKind,
    /// Who did it; absent without the person's consent and when account linking failed.
    pub user: Option<Address>,
    /// True if it happened in the one-to-one chat, and not in a group or room, where nothing may be answered in private.
    pub one_to_one: bool,
    /// When it happened (also when delivered again), UTC.
    pub at: Option<DateTime<Utc>>,
    /// Good for one reply within about a minute. Not present for unfollow, unsend and the like.
    pub reply_token: Option<Secret>,
    /// LINE says that this was sent before.
    pub redelivered: bool,
    /// Another system answers for this account at the moment: keep, but do not reply.
    pub standby: bool,
    /// The event as LINE sent it.
    pub raw: Value,
}

/// What happened.
#[derive(Clone, PartialEq, Eq)]
pub enum LineEventKind {
    /// The person wrote something.
    Text {
        /// LINE's id of the message; `unsend` names it.
        message_id: String,
        /// The words.
        text: String,
    },
    /// A picture, sticker, voice message, place, file or a kind not known yet.
    Media {
        /// LINE's id of the message.
        message_id: String,
        /// `sticker`, `image`, `video`, `audio`, `file`, `location`, …
        kind: String,
        /// What the person wrote onto a sticker (LINE's message stickers); empty for everything else. LINE's own `keywords` of a
        /// sticker are left out: they are "experimental", a random choice of up to 15, and no word in them is the person's.
        text: String,
    },
    /// The person tapped a choice.
    Postback {
        /// The data that the choice carried.
        data: String,
    },
    /// The person added the account as a friend, or unblocked it.
    Follow {
        /// LINE believes that it was an unblock; not exact.
        unblocked: bool,
    },
    /// The person blocked the account.
    Unfollow,
    /// The person took a message back: its text has to be hidden.
    Unsend {
        /// The message taken back.
        message_id: String,
    },
    /// Account linking ended.
    AccountLink {
        /// It worked.
        ok: bool,
        /// The nonce we gave.
        nonce: String,
    },
    /// Anything else, by its type; also an event whose shape is not the published one.
    Other {
        /// LINE's `type`, empty if there was none.
        kind: String,
    },
}

/// A body that is signed but no webhook call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WebhookUnreadable {
    /// Not JSON in UTF-8.
    #[error("the webhook's body is not JSON")]
    NotJson,
    /// No list of events in it.
    #[error("the webhook's body has no list of events")]
    NoEvents,
}

/// The events of one call, in LINE's order; none for LINE's test of the URL.
pub fn parse_webhook(raw_body: &[u8]) -> Result<Vec<LineEvent>, WebhookUnreadable> {
    let mut body: Value = serde_json::from_slice(raw_body).map_err(|_| WebhookUnreadable::NotJson)?;
    let events = body.get_mut("events").map(Value::take);
    let Some(Value::Array(events)) = events else { return Err(WebhookUnreadable::NoEvents) };
    Ok(events.into_iter().map(event).collect())
}

fn event(raw: Value) -> LineEvent {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    LineEvent {
        id: text(&raw["webhookEventId"]).filter(|id| !id.is_empty()).unwrap_or_else(|| derived_id(&raw)),
        kind: kind(&raw).unwrap_or_else(|| LineEventKind::Other { kind: text(&raw["type"]).unwrap_or_default() }),
        user: text(&raw["source"]["userId"]).map(Address::new),
        one_to_one: raw["source"]["type"] == "user",
        at: raw["timestamp"].as_i64().and_then(DateTime::from_timestamp_millis),
        reply_token: text(&raw["replyToken"]).map(Secret::new),
        redelivered: raw["deliveryContext"]["isRedelivery"] == true,
        standby: raw["mode"] == "standby",
        raw,
    }
}

fn kind(raw: &Value) -> Option<LineEventKind> {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    Some(match raw["type"].as_str()? {
        "message" => {
            let message = &raw["message"];
            let message_id = text(&message["id"])?;
            match text(&message["type"])? {
                kind if kind == "text" => LineEventKind::Text { message_id, text: text(&message["text"])? },
                kind => {
                    let text = text(&message["text"]).filter(|_| kind == "sticker").unwrap_or_default();
                    LineEventKind::Media { message_id, kind, text }
                }
            }
        }
        "postback" => LineEventKind::Postback { data: text(&raw["postback"]["data"])? },
        "follow" => LineEventKind::Follow { unblocked: raw["follow"]["isUnblocked"] == true },
        "unfollow" => LineEventKind::Unfollow,
        "unsend" => LineEventKind::Unsend { message_id: text(&raw["unsend"]["messageId"])? },
        "accountLink" => {
            LineEventKind::AccountLink { ok: raw["link"]["result"] == "ok", nonce: text(&raw["link"]["nonce"])? }
        }
        _ => return None,
    })
}

/// The same for a redelivery, in which only `deliveryContext` differs; `Value` keeps its keys in order.
fn derived_id(raw: &Value) -> String {
    let mut event = raw.clone();
    if let Some(fields) = event.as_object_mut() {
        fields.remove("deliveryContext");
    }
    format!("sha256:{}", hex::encode(Sha256::digest(event.to_string())))
}

impl fmt::Debug for LineEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineEvent").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl fmt::Debug for LineEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text { .. } => "Text(…)",
            Self::Media { .. } => "Media(…)",
            Self::Postback { .. } => "Postback(…)",
            Self::Follow { .. } => "Follow",
            Self::Unfollow => "Unfollow",
            Self::Unsend { .. } => "Unsend(…)",
            Self::AccountLink { .. } => "AccountLink(…)",
            Self::Other { .. } => "Other(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(event: &Value) -> LineEvent {
        let body = json!({ "destination": "U1", "events": [event] }).to_string();
        parse_webhook(body.as_bytes()).unwrap().remove(0)
    }

    fn common(kind: &str) -> Value {
        json!({
            "type": kind,
            "mode": "active",
            "timestamp": 1_700_000_000_123_i64,
            "source": { "type": "user", "userId": "U0123456789abcdef0123456789abcdef" },
            "webhookEventId": "01H810YECXQQZ37VAXPF6H9E6T",
            "deliveryContext": { "isRedelivery": false },
        })
    }

    #[test]
    fn a_text_keeps_who_when_and_the_reply_token() {
        let mut raw = common("message");
        raw["replyToken"] = json!("r1");
        raw["message"] = json!({ "type": "text", "id": "14", "text": "元気です", "quoteToken": "q" });
        let event = one(&raw);
        assert_eq!(event.id, "01H810YECXQQZ37VAXPF6H9E6T");
        assert_eq!(event.kind, LineEventKind::Text { message_id: "14".into(), text: "元気です".into() });
        assert_eq!(event.user, Some(Address::new("U0123456789abcdef0123456789abcdef")));
        assert_eq!(event.at.unwrap().timestamp_millis(), 1_700_000_000_123);
        assert_eq!(event.reply_token.unwrap().expose(), "r1");
        assert!(event.one_to_one && !event.redelivered && !event.standby);
        assert_eq!(event.raw, raw);
    }

    #[test]
    fn every_kind_we_act_on_is_recognised() {
        let cases = [
            ("message", json!({ "message": { "type": "sticker", "id": "15", "stickerId": "1" } })),
            ("postback", json!({ "postback": { "data": "c=1" } })),
            ("follow", json!({ "follow": { "isUnblocked": true } })),
            ("unfollow", json!({})),
            ("unsend", json!({ "unsend": { "messageId": "14" } })),
            ("accountLink", json!({ "link": { "result": "ok", "nonce": "n" } })),
        ];
        let expected = [
            LineEventKind::Media { message_id: "15".into(), kind: "sticker".into(), text: String::new() },
            LineEventKind::Postback { data: "c=1".into() },
            LineEventKind::Follow { unblocked: true },
            LineEventKind::Unfollow,
            LineEventKind::Unsend { message_id: "14".into() },
            LineEventKind::AccountLink { ok: true, nonce: "n".into() },
        ];
        for ((kind, more), expected) in cases.into_iter().zip(expected) {
            let mut raw = common(kind);
            raw.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert!(one(&raw).kind == expected, "{kind}");
        }
    }

    #[test]
    fn of_a_sticker_the_words_are_kept_that_the_person_wrote_onto_it() {
        let sticker = |more: Value| {
            let mut raw = common("message");
            raw["message"] =
                json!({ "type": "sticker", "id": "15", "stickerId": "1", "keywords": ["bow", "thank you"] });
            raw["message"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            one(&raw).kind
        };
        let expected = |text: &str| LineEventKind::Media {
            message_id: "15".into(),
            kind: "sticker".into(),
            text: text.to_owned(),
        };
        assert!(sticker(json!({})) == expected(""));
        assert!(sticker(json!({ "text": "おつかれさまです" })) == expected("おつかれさまです"));
    }

    #[test]
    fn what_we_do_not_know_is_kept_and_never_an_error() {
        let other = |kind: &str| LineEventKind::Other { kind: kind.to_owned() };
        assert!(one(&common("messageEdited")).kind == other("messageEdited"));
        // A known type in an unknown shape.
        assert!(one(&common("postback")).kind == other("postback"));
        assert!(one(&json!({})).kind == other(""));
        assert!(one(&json!("text")).kind == other(""));
        let mut group = common("message");
        group["source"] = json!({ "type": "group", "groupId": "C1" });
        group["message"] = json!({ "type": "hologram", "id": "16" });
        let event = one(&group);
        assert!(
            event.kind
                == LineEventKind::Media { message_id: "16".into(), kind: "hologram".into(), text: String::new() }
        );
        assert!(event.user.is_none() && !event.one_to_one);
    }

    #[test]
    fn an_event_without_an_id_gets_one_that_a_redelivery_shares() {
        let mut first = common("unfollow");
        first.as_object_mut().unwrap().remove("webhookEventId");
        let mut again = first.clone();
        again["deliveryContext"]["isRedelivery"] = json!(true);
        assert!(one(&first).id.starts_with("sha256:"));
        assert_eq!(one(&first).id, one(&again).id);
        assert!(one(&again).redelivered);
        let mut another = first.clone();
        another["timestamp"] = json!(1_700_000_000_124_i64);
        assert_ne!(one(&first).id, one(&another).id);
    }

    #[test]
    fn lines_test_of_the_url_has_no_events_and_rubbish_is_named() {
        assert!(parse_webhook(br#"{"destination":"U1","events":[]}"#).unwrap().is_empty());
        assert_eq!(parse_webhook(b"{").unwrap_err(), WebhookUnreadable::NotJson);
        assert_eq!(parse_webhook(b"\xff\xfe").unwrap_err(), WebhookUnreadable::NotJson);
        assert_eq!(parse_webhook(b"{}").unwrap_err(), WebhookUnreadable::NoEvents);
        assert_eq!(parse_webhook(b"[]").unwrap_err(), WebhookUnreadable::NoEvents);
    }

    #[test]
    fn debug_shows_no_words_and_no_people() {
        let mut raw = common("message");
        raw["message"] = json!({ "type": "text", "id": "14", "text": "ひみつ" });
        let shown = format!("{:?}", one(&raw));
        assert!(!shown.contains("ひみつ") && !shown.contains("U0123"), "{shown}");
    }
}
