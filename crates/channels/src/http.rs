//! The one way this program calls out over HTTP: time limits, no redirects, no repeats, a bounded answer.

use std::{net::IpAddr, time::Duration};

use reqwest::{Client, RequestBuilder, StatusCode, Url, header::HeaderMap, redirect};
use thiserror::Error;

use crate::Outcome;

/// Time limits of one call. The send path's lease is far longer (trust.md 3 (c) 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands, TLS included.
    pub connect: Duration,
    /// The whole call, connection included.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(10) }
    }
}

/// A channel's settings cannot be used. Names the channel and the field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SetupError {
    /// A field is missing, empty or of the wrong shape.
    #[error("channel {channel}: {field} {problem}")]
    Field {
        /// The channel's id.
        channel: String,
        /// The field's name in the configuration.
        field: &'static str,
        /// What is wrong, in plain words.
        problem: &'static str,
    },
    /// The HTTP client could not be built, as a rule because the machine has no trusted root certificates.
    #[error("channel {channel}: no HTTPS client could be made; are root certificates (ca-certificates) installed?")]
    Client {
        /// The channel's id.
        channel: String,
    },
}

/// A call that asks the provider something (profile, quota, look-up) brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the provider gave no usable answer ({code})")]
pub struct CallFailed {
    /// The code that a send with the same answer would have had.
    pub code: String,
}

/// An answer in full.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Answers of LINE and Twilio are a few kilobytes; a list of a hundred SMS stays under this.
const ANSWER_LIMIT: usize = 1_000_000;

/// A client for one provider, and its base URL without a slash at the end.
pub(crate) fn client_for(channel: &str, url: &str, timeouts: Timeouts) -> Result<(Client, String), SetupError> {
    let base = base_url(channel, "base_url", url)?;
    let loopback = Url::parse(&base).is_ok_and(|url| is_loopback(&url));
    let client = client(loopback, timeouts).ok_or_else(|| SetupError::Client { channel: channel.to_owned() })?;
    Ok((client, base))
}

/// A base URL that we may call, without a slash at the end.
pub(crate) fn base_url(channel: &str, field: &'static str, text: &str) -> Result<String, SetupError> {
    let field = |problem| SetupError::Field { channel: channel.to_owned(), field, problem };
    let url = Url::parse(text).map_err(|_| field("is not a URL"))?;
    let loopback = is_loopback(&url);
    // Tokens and people's addresses travel here: plain HTTP only to this machine.
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err(field("must start with https:// (http:// only for this machine)"));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(field("must not contain a query, a fragment or a user name"));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// A client with our rules; `None` where the machine has no trusted roots.
pub(crate) fn client(loopback: bool, timeouts: Timeouts) -> Option<Client> {
    // reqwest takes the process-wide provider; a second installation is refused, and that is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("bansou/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total);
    if loopback {
        builder = builder.no_proxy();
    }
    builder.build().ok()
}

/// Whether a URL names this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Makes the call. `Err` says whether the message can have left: [`Outcome::NotSent`] if no connection was made,
/// [`Outcome::Unknown`] if the connection ended or the time ran out after that, [`Outcome::Refused`] if the request could
/// not even be built.
pub(crate) async fn call(request: RequestBuilder) -> Result<Answer, Outcome> {
    call_within(request, ANSWER_LIMIT).await?.ok_or_else(|| Outcome::unknown("answer_too_large"))
}

/// The same for an answer of another size; `None` for one that is larger. No more than the limit is ever read.
pub(crate) async fn call_within(request: RequestBuilder, limit: usize) -> Result<Option<Answer>, Outcome> {
    let mut response = request.send().await.map_err(|error| broken(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(Answer { status, headers, body }))
}

impl Answer {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name)?.to_str().ok().map(ToOwned::to_owned)
    }

    /// The body as JSON, if it is that.
    pub(crate) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Retry-After in seconds. The form with a date is not used by these providers, and would need a clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }
}

/// Turns the outcome of a failed question into its error.
pub(crate) fn call_failed(outcome: Outcome) -> CallFailed {
    let code = match outcome {
        Outcome::Refused { code, .. } | Outcome::NotSent { code } | Outcome::Unknown { code } => code,
        Outcome::WaitUntil { .. } => "busy".to_owned(),
        Outcome::Accepted { .. } => "unreadable_answer".to_owned(),
    };
    CallFailed { code }
}

fn broken(error: &reqwest::Error) -> Outcome {
    if error.is_builder() {
        return Outcome::refused(crate::RefusedClass::BadRequest, "request_not_built");
    }
    if error.is_connect() {
        let code = if error.is_dns() { "dns" } else { "connect" };
        return Outcome::not_sent(if error.is_timeout() { "connect_timeout" } else { code });
    }
    Outcome::unknown(if error.is_timeout() { "timeout" } else { "connection_lost" })
}
