//! Looking for an SMS whose sending ended unclear: Twilio's list of messages, matched by text and time.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Method, Url};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{SmsFailure, SmsStatus, TwilioChannel, failure};
use crate::{Address, CallFailed, http};

/// An SMS found at Twilio.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundSms {
    /// `SM…`
    pub sid: String,
    /// How far it has come.
    pub status: SmsStatus,
    /// Why it failed, if it did.
    pub failure: Option<SmsFailure>,
    /// When Twilio made it, UTC.
    pub created_at: DateTime<Utc>,
}

/// Twilio's clock and ours may differ by this much before a match is missed.
const SKEW: TimeDelta = TimeDelta::minutes(2);
/// One page is a hundred messages to one person; a search that needs more is not this office's.
const PAGES: usize = 3;

/// SHA-256 of a text: what the attempt's row may keep instead of the words.
pub fn body_hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

impl TwilioChannel {
    /// Messages to this person with this text made since `since` (the attempt's start), oldest first. None found is not
    /// proof while the attempt may still be on its way: ask again after a few minutes.
    ///
    /// The list is narrowed by To and From and not by `DateSent`, which is empty as long as a message waits in Twilio's
    /// queue: the very message one is afraid of would be missing.
    pub async fn look_up(
        &self,
        to: &Address,
        body_hash: [u8; 32],
        since: DateTime<Utc>,
    ) -> Result<Vec<FoundSms>, CallFailed> {
        let mut query = vec![("To", to.as_str()), ("PageSize", "100")];
        // With a messaging service the sender is Twilio's choice.
        if self.settings.messaging_service_sid.is_none() {
            query.extend(self.settings.from.as_deref().map(|from| ("From", from)));
        }
        let mut url = Url::parse_with_params(&self.messages_url(), &query).map_err(|_| unreadable())?.to_string();
        let mut found = Vec::new();
        for _ in 0..PAGES {
            let page = self.page(&url).await?;
            let messages = page["messages"].as_array().ok_or_else(unreadable)?;
            let mut reached_older = false;
            for message in messages {
                let created_at = rfc2822(&message["date_created"]).ok_or_else(unreadable)?;
                reached_older |= created_at < since - SKEW;
                if created_at >= since - SKEW && is_this(message, to, body_hash) {
                    found.extend(read(message, created_at));
                }
            }
            // Newest first, says Twilio: what is older than the attempt ends the search.
            let Some(next) = next_page(&page).filter(|_| !reached_older) else { break };
            url = format!("{}{next}", self.base_url);
        }
        found.sort_by_key(|sms| sms.created_at);
        Ok(found)
    }

    pub(super) async fn page(&self, url: &str) -> Result<Value, CallFailed> {
        let answer = http::call(self.request(Method::GET, url)).await.map_err(http::call_failed)?;
        if answer.status != 200 {
            return Err(CallFailed { code: format!("twilio_http_{}", answer.status.as_u16()) });
        }
        answer.json().ok_or_else(unreadable)
    }
}

impl fmt::Debug for FoundSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundSms").field("sid", &self.sid).field("status", &self.status).finish_non_exhaustive()
    }
}

fn is_this(message: &Value, to: &Address, hash: [u8; 32]) -> bool {
    let outbound = message["direction"].as_str().is_some_and(|direction| direction.starts_with("outbound"));
    outbound
        && message["to"].as_str() == Some(to.as_str())
        && message["body"].as_str().is_some_and(|body| body_hash(body) == hash)
}

fn read(message: &Value, created_at: DateTime<Utc>) -> Option<FoundSms> {
    Some(FoundSms {
        sid: message["sid"].as_str()?.to_owned(),
        status: SmsStatus::parse(message["status"].as_str()?),
        failure: message["error_code"].as_u64().and_then(|code| u32::try_from(code).ok()).map(failure),
        created_at,
    })
}

pub(super) fn rfc2822(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(value.as_str()?).ok().map(|time| time.to_utc())
}

/// The path of the next page. Anything but a path would take our credentials to another host.
pub(super) fn next_page(page: &Value) -> Option<&str> {
    page["next_page_uri"].as_str().filter(|next| next.starts_with("/2010-04-01/"))
}

pub(super) fn unreadable() -> CallFailed {
    CallFailed { code: "unreadable_answer".to_owned() }
}
