//! Webhooks in: signature over the raw bytes, stored and committed, then answered, then worked upon by somebody else.
//!
//! | what came | answer |
//! |---|---|
//! | genuine, stored now or before, or without events | 200 |
//! | signed, but unreadable | 400 |
//! | signature missing or wrong; nothing is stored | 401 |
//! | a channel that isn't configured, or of another kind | 404 |
//! | more than [`WEBHOOK_LIMIT`](crate::app::WEBHOOK_LIMIT) bytes | 413 |
//! | the database is away, or too slow for the provider's patience; the provider tries again | 503 |

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::response::{IntoResponse, Response};
use bansou_store::{NewInbound, StoreError};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use tokio::time::timeout;

use crate::app::App;
use crate::errors::Failure;
use crate::routes::Routes;

/// Checks a call's signature and reads its events; given by the wiring, because web can't see providers.
pub type Receive = Arc<dyn Fn(&HookCall<'_>) -> Result<Vec<NewInbound>, HookRefused> + Send + Sync>;

/// LINE waits two seconds for its answer (channels.md 1.5); later nobody listens any more.
const LINE_WAITS: Duration = Duration::from_millis(1_900);
/// Twilio waits fifteen.
const TWILIO_WAITS: Duration = Duration::from_secs(12);

/// What kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// LINE's events.
    Line,
    /// An SMS that came in at Twilio.
    TwilioInbound,
    /// How an SMS of ours went, by Twilio.
    TwilioStatus,
}

/// A call as it came in.
#[derive(Clone, Copy)]
pub struct HookCall<'a> {
    /// What kind.
    pub hook: Hook,
    /// The channel's id from the path.
    pub channel: &'a str,
    /// The URL as the provider knows it: the configured public URL, and path and query byte for byte.
    pub url: &'a str,
    /// The body's bytes.
    pub raw: &'a [u8],
    /// The signature header; empty when there is none.
    pub signature: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Why nothing was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookRefused {
    /// The signature is missing or wrong.
    #[error("the signature is wrong")]
    Signature,
    /// Not what the provider sends.
    #[error("the body can't be read")]
    Unreadable,
    /// There is no such channel of this kind.
    #[error("there is no such channel")]
    NoChannel,
}

impl HookRefused {
    const fn status(self) -> StatusCode {
        match self {
            Self::Signature => StatusCode::UNAUTHORIZED,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::NoChannel => StatusCode::NOT_FOUND,
        }
    }
}

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .post("/webhooks/line/{channel}", line)
        .post("/webhooks/twilio/{channel}/inbound", twilio_inbound)
        .post("/webhooks/twilio/{channel}/status", twilio_status)
}

async fn line(
    State(app): State<Arc<App>>,
    Path(channel): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    raw: Bytes,
) -> Response {
    match take(&app, Hook::Line, &channel, &uri, signature(&headers, "x-line-signature"), &raw).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(status) => status.into_response(),
    }
}

async fn twilio_inbound(
    State(app): State<Arc<App>>,
    Path(channel): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    raw: Bytes,
) -> Response {
    let signature = signature(&headers, "x-twilio-signature");
    twilio_answer(take(&app, Hook::TwilioInbound, &channel, &uri, signature, &raw).await)
}

async fn twilio_status(
    State(app): State<Arc<App>>,
    Path(channel): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    raw: Bytes,
) -> Response {
    let signature = signature(&headers, "x-twilio-signature");
    twilio_answer(take(&app, Hook::TwilioStatus, &channel, &uri, signature, &raw).await)
}

/// An empty `TwiML` document: nothing is answered to the sender by Twilio itself.
fn twilio_answer(taken: Result<(), StatusCode>) -> Response {
    match taken {
        Ok(()) => {
            let kind = HeaderValue::from_static("text/xml; charset=utf-8");
            ([(header::CONTENT_TYPE, kind)], "<Response/>").into_response()
        }
        Err(status) => status.into_response(),
    }
}

/// Many wrong signatures are somebody's guesses, or a secret that has changed.
fn counted(refused: HookRefused) -> HookRefused {
    let reason = match refused {
        HookRefused::Signature => "signature",
        HookRefused::Unreadable => "unreadable",
        HookRefused::NoChannel => "no_channel",
    };
    metrics::counter!("bansou_webhooks_refused_total", "reason" => reason).increment(1);
    refused
}

async fn take(app: &App, hook: Hook, channel: &str, uri: &Uri, signature: &str, raw: &[u8]) -> Result<(), StatusCode> {
    let Some(info) = app.parts.channels.iter().find(|info| info.id == channel) else {
        return Err(counted(HookRefused::NoChannel).status());
    };
    let path = uri.path_and_query().map_or(uri.path(), http::uri::PathAndQuery::as_str);
    let url = format!("{}{path}", app.parts.public_url.trim_end_matches('/'));
    let now = app.parts.store.ambient().now();
    let call = HookCall { hook, channel, url: &url, raw, signature, now };
    let events = (app.parts.receive)(&call).map_err(|refused| {
        tracing::warn!(channel = info.id, %refused, "a webhook call was refused");
        counted(refused).status()
    })?;
    let (store, office, to) = (app.parts.store.clone(), info.office, channel.to_owned());
    // A task of its own: calls share commits, and a caller who hangs up must not take others' answers along.
    let storing = tokio::spawn(async move { store.store_inbound(office, &to, &events).await });
    let patience = if hook == Hook::Line { LINE_WAITS } else { TWILIO_WAITS };
    // What is stored after all, a little later, is known when the provider brings it again.
    let stored =
        timeout(patience, storing).await.map_or(Err(StoreError::Busy), |done| done.unwrap_or(Err(StoreError::Busy)));
    let new = stored.map_err(|error| {
        metrics::counter!("bansou_inbound_refused_total", "channel" => info.id.clone()).increment(1);
        // Whatever it was, the provider still has the events and must try again.
        tracing::error!(channel = info.id, error = %error, "a webhook call could not be stored");
        Failure::Unavailable.status()
    })?;
    metrics::counter!("bansou_inbound_events_total", "channel" => info.id.clone()).increment(new);
    if new > 0 {
        (app.parts.wake)();
    }
    Ok(())
}

fn signature<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
