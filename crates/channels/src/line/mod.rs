//! LINE Messaging API: push, reply, profile, quota, content; the webhook's signature and events.
//!
//! Choices go out as quick replies. They vanish with the next message and exist on phones only, so the text itself has to
//! name the choices and a typed number must be accepted (S2.13); with that, a buttons template is not needed.

mod content;
mod message;
mod signature;
mod status;
mod webhook;

use std::fmt;

use reqwest::RequestBuilder;
use serde_json::{Value, json};

pub use content::{CONTENT_LIMIT, Content};
pub use message::{MAX_CHOICES, MAX_DATA_UNITS, MAX_DISPLAY_CHARACTERS, MAX_LABEL_CHARACTERS, check};
pub use signature::{sign, verify};
pub use webhook::{LineEvent, LineEventKind, WebhookUnreadable, parse_webhook};

use crate::{
    Address, CallFailed, Outcome, Outgoing, Secret, SetupError, Timeouts,
    http::{self, Answer},
};

/// What LINE takes in a second, less a batch that begins at once.
pub const PUSHES_PER_SECOND: u32 = 1_800;

/// One LINE channel (Messaging API) of the office.
#[derive(Debug, Clone)]
pub struct LineSettings {
    /// Our id of the channel; stands in the webhook's path.
    pub id: String,
    /// `https://api.line.me`
    pub base_url: String,
    /// Where pictures and voices are asked for: LINE keeps them on a host of their own. `None` is that host, and where
    /// `base_url` isn't LINE's own, the same as that.
    pub content_base_url: Option<String>,
    /// One secret, or two while they change: a new one kills the old one at once.
    pub channel_secrets: Vec<Secret>,
    /// A long-lived channel access token.
    pub channel_access_token: Secret,
    /// So many pushes a second, of all processes together; LINE takes at most 2,000 (channels.md 1.1). Messages that were claimed
    /// together begin together, so leave room for 200.
    pub pushes_per_second: u32,
    /// Time limits of one call.
    pub timeouts: Timeouts,
}

/// LINE's own host, and the one that keeps what people sent.
const LINE: &str = "https://api.line.me";
const LINE_DATA: &str = "https://api-data.line.me";

/// The means to talk to one LINE channel.
#[derive(Clone)]
pub struct LineChannel {
    settings: LineSettings,
    base_url: String,
    content_base_url: String,
    client: reqwest::Client,
}

/// What LINE says about a person who is a friend of the account.
#[derive(Clone, PartialEq, Eq)]
pub struct LineProfile {
    /// The display name, chosen by the person: not their real name, and not proof of who they are.
    pub display_name: String,
    /// BCP 47 tag, if the person consented.
    pub language: Option<String>,
}

/// The month's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineQuota {
    /// How many may be pushed this month; `None` if the plan has no limit.
    pub limit: Option<u64>,
    /// How many were pushed, by anybody with this account. Approximate, says LINE.
    pub used: u64,
}

impl LineChannel {
    /// Checks the settings and builds the client.
    pub fn new(settings: LineSettings) -> Result<Self, SetupError> {
        let field = |field, problem| SetupError::Field { channel: settings.id.clone(), field, problem };
        if settings.channel_secrets.is_empty() || settings.channel_secrets.iter().any(Secret::is_empty) {
            return Err(field("channel_secret", "is empty"));
        }
        if settings.channel_access_token.is_empty() {
            return Err(field("channel_access_token", "is empty"));
        }
        let (client, base_url) = http::client_for(&settings.id, &settings.base_url, settings.timeouts)?;
        let usual = if base_url == LINE { LINE_DATA } else { &base_url };
        let content_base_url = settings.content_base_url.as_deref().unwrap_or(usual);
        let content_base_url = http::base_url(&settings.id, "content_base_url", content_base_url)?;
        Ok(Self { settings, base_url, content_base_url, client })
    }

    /// Our id of the channel.
    pub fn id(&self) -> &str {
        &self.settings.id
    }

    /// Where pictures and voices are asked for.
    pub fn content_base_url(&self) -> &str {
        &self.content_base_url
    }

    /// So many pushes a second, of all processes together.
    pub fn pushes_per_second(&self) -> u32 {
        self.settings.pushes_per_second
    }

    /// Pushes one message. The key goes along as `X-Line-Retry-Key` from the first attempt, so every repeat within 24 h is
    /// safe; after that LINE has forgotten it, and the send path must have given up.
    pub async fn push(&self, outgoing: &Outgoing) -> Outcome {
        if let Err(outcome) = refuse_by_check(outgoing) {
            return outcome;
        }
        let body = json!({ "to": outgoing.to.as_str(), "messages": message::build(outgoing) });
        let request =
            self.post("/v2/bot/message/push").header("X-Line-Retry-Key", outgoing.key.to_string()).json(&body);
        self.outcome("push", request, status::push).await
    }

    /// Answers an event with its reply token: free of charge, once, within about a minute. There is no retry key for
    /// replies, so a reply is never repeated; on anything but `Accepted` push instead, with a key of its own.
    pub async fn reply(&self, reply_token: &Secret, outgoing: &Outgoing) -> Outcome {
        if let Err(outcome) = refuse_by_check(outgoing) {
            return outcome;
        }
        let body = json!({ "replyToken": reply_token.expose(), "messages": message::build(outgoing) });
        self.outcome("reply", self.post("/v2/bot/message/reply").json(&body), status::reply).await
    }

    /// The person's profile. `None` (LINE's 404): no such user, no friend, no consent, or the person blocked the account.
    pub async fn profile(&self, user: &Address) -> Result<Option<LineProfile>, CallFailed> {
        let answer = self.ask(&format!("/v2/bot/profile/{}", path_segment(user.as_str()))).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let body = read(&answer)?;
        let Some(display_name) = body["displayName"].as_str() else { return Err(unreadable()) };
        let language = body["language"].as_str().map(ToOwned::to_owned);
        Ok(Some(LineProfile { display_name: display_name.to_owned(), language }))
    }

    /// How many messages the month allows and how many are used.
    pub async fn quota(&self) -> Result<LineQuota, CallFailed> {
        let quota = read(&self.ask("/v2/bot/message/quota").await?)?;
        let limit = match quota["type"].as_str() {
            Some("limited") => Some(quota["value"].as_u64().ok_or_else(unreadable)?),
            Some("none") => None,
            _ => return Err(unreadable()),
        };
        let consumption = read(&self.ask("/v2/bot/message/quota/consumption").await?)?;
        let used = consumption["totalUsage"].as_u64().ok_or_else(unreadable)?;
        Ok(LineQuota { limit, used })
    }

    /// True if LINE signed exactly these bytes with one of this channel's secrets (`x-line-signature`).
    pub fn verify(&self, raw_body: &[u8], header: &str) -> bool {
        signature::verify(&self.settings.channel_secrets, raw_body, header)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base_url)).bearer_auth(self.settings.channel_access_token.expose())
    }

    async fn outcome(&self, call: &'static str, request: RequestBuilder, table: fn(&Answer) -> Outcome) -> Outcome {
        let answer = match http::call(request).await {
            Ok(answer) => answer,
            Err(outcome) => {
                tracing::warn!(channel = self.id(), call, outcome = outcome.word(), "no answer from LINE");
                return outcome;
            }
        };
        let outcome = table(&answer);
        // LINE keeps no logs for its customers; this id is what their support asks for.
        tracing::info!(
            channel = self.id(),
            call,
            status = answer.status.as_u16(),
            request_id = answer.header("x-line-request-id"),
            outcome = outcome.word(),
            "LINE answered"
        );
        outcome
    }

    async fn ask(&self, path: &str) -> Result<Answer, CallFailed> {
        let request = self
            .client
            .get(format!("{}{path}", self.base_url))
            .bearer_auth(self.settings.channel_access_token.expose());
        http::call(request).await.map_err(http::call_failed)
    }
}

impl fmt::Debug for LineChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineChannel").field("id", &self.settings.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for LineProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineProfile(…)")
    }
}

fn refuse_by_check(outgoing: &Outgoing) -> Result<(), Outcome> {
    check(outgoing).map_err(|problems| crate::check::refused(&problems))
}

fn read(answer: &Answer) -> Result<Value, CallFailed> {
    if answer.status != 200 {
        return Err(CallFailed { code: format!("line_{}", answer.status.as_u16()) });
    }
    answer.json().ok_or_else(unreadable)
}

fn unreadable() -> CallFailed {
    CallFailed { code: "unreadable_answer".to_owned() }
}

/// A user id is letters and digits; whatever else somebody typed must not become another path.
fn path_segment(id: &str) -> String {
    id.chars().filter(char::is_ascii_alphanumeric).collect()
}
