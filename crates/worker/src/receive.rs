//! From a webhook's raw bytes to rows that can be stored: signature first, then the shape, nothing else.
//!
//! Web stores these rows before it answers (P6); [`Engine::inbound`](crate::Engine::inbound) gives them their effect later.
//! Web can't see channels, so the wiring hands it these functions.

use bansou_channels::{Channel, line, twilio};
use bansou_store::NewInbound;
use chrono::{DateTime, Utc};
use serde_json::json;

/// Stored kind of an inbound SMS.
pub(crate) const SMS: &str = "sms";
/// Stored kind of a status report on an SMS of ours.
pub(crate) const SMS_STATUS: &str = "sms-status";
/// Names the attempt in the address to which Twilio reports: the delivery's id, a dot, the claim's fence.
pub(crate) const ATTEMPT: &str = "attempt";
/// What the stored kinds of LINE events begin with.
pub(crate) const LINE: &str = "line:";

/// Why nothing was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The signature is missing or wrong: 401, nothing stored.
    #[error("the signature is wrong")]
    Signature,
    /// Signed, but not what the provider sends: 400, nothing stored.
    #[error("the body can't be read")]
    Unreadable,
    /// The channel isn't of this kind: 404.
    #[error("there is no such channel")]
    NoChannel,
}

/// A LINE webhook call. An empty list of events is LINE's test of the address.
pub fn line(channel: &Channel, raw: &[u8], signature: &str, now: DateTime<Utc>) -> Result<Vec<NewInbound>, Rejected> {
    let genuine = match channel {
        Channel::Line(channel) => channel.verify(raw, signature),
        Channel::Simulator(channel) => channel.verify(raw, signature),
        Channel::Twilio(_) | Channel::Smtp(_) => return Err(Rejected::NoChannel),
    };
    if !genuine {
        return Err(Rejected::Signature);
    }
    let events = line::parse_webhook(raw).map_err(|_| Rejected::Unreadable)?;
    let row = |event: line::LineEvent| NewInbound {
        kind: format!("{LINE}{}", event.raw["type"].as_str().unwrap_or_default()),
        event_key: event.id,
        body: event.raw,
        occurred_at: event.at.unwrap_or(now),
    };
    Ok(events.into_iter().map(row).collect())
}

/// An inbound SMS, posted to `url` as it was configured at Twilio.
pub fn twilio_inbound(
    channel: &Channel,
    url: &str,
    raw: &[u8],
    signature: &str,
    now: DateTime<Utc>,
) -> Result<Vec<NewInbound>, Rejected> {
    let form = twilio_form(channel, url, raw, signature)?;
    let sms = twilio::parse_inbound(&form).map_err(|_| Rejected::Unreadable)?;
    Ok(vec![NewInbound { event_key: sms.sid, kind: SMS.into(), body: json!({ "form": form }), occurred_at: now }])
}

/// A status report on an SMS of ours.
pub fn twilio_status(
    channel: &Channel,
    url: &str,
    raw: &[u8],
    signature: &str,
    now: DateTime<Utc>,
) -> Result<Vec<NewInbound>, Rejected> {
    let form = twilio_form(channel, url, raw, signature)?;
    let report = twilio::parse_status(&form).map_err(|_| Rejected::Unreadable)?;
    let body = match attempt(url) {
        Some(attempt) => json!({ "form": form, ATTEMPT: attempt }),
        None => json!({ "form": form }),
    };
    Ok(vec![NewInbound { event_key: report.dedupe_key, kind: SMS_STATUS.into(), body, occurred_at: now }])
}

fn attempt(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(ATTEMPT)?.strip_prefix('='))
}

fn twilio_form(channel: &Channel, url: &str, raw: &[u8], signature: &str) -> Result<Vec<(String, String)>, Rejected> {
    let form = twilio::parse_form(raw).map_err(|_| Rejected::Unreadable)?;
    let genuine = match channel {
        Channel::Twilio(channel) => channel.verify(url, &form, signature),
        Channel::Simulator(channel) => channel.verify_sms(url, &form, signature),
        Channel::Line(_) | Channel::Smtp(_) => return Err(Rejected::NoChannel),
    };
    if genuine { Ok(form) } else { Err(Rejected::Signature) }
}
