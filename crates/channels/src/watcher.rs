//! The dead man's switch (P10): a watcher outside hears from us while everything works, and raises the alarm when it doesn't.

use reqwest::{Client, Url};

use crate::Secret;
use crate::http::{self, CallFailed, SetupError, Timeouts};

/// A watcher at an address of its own, such as healthchecks.io or Uptime Kuma.
#[derive(Clone)]
pub struct Watcher {
    url: Secret,
    client: Client,
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watcher")
    }
}

impl Watcher {
    /// The address is a secret: whoever knows it can keep the watcher quiet.
    pub fn new(url: Secret) -> Result<Self, SetupError> {
        let refused = |problem| SetupError::Field { channel: "alarm".to_owned(), field: "dead_man_url", problem };
        let parsed = Url::parse(url.expose()).map_err(|_| refused("is not a URL"))?;
        let loopback = http::is_loopback(&parsed);
        if parsed.scheme() != "https" && !(parsed.scheme() == "http" && loopback) {
            return Err(refused("must start with https:// (http:// only for this machine)"));
        }
        let client = http::client(loopback, Timeouts::default());
        let client = client.ok_or_else(|| SetupError::Client { channel: "alarm".to_owned() })?;
        Ok(Self { url, client })
    }

    /// Says that everything works: a GET without anything in it, which all such services take. Any 2xx will do.
    pub async fn tell(&self) -> Result<(), CallFailed> {
        let answer = http::call(self.client.get(self.url.expose())).await.map_err(http::call_failed)?;
        if answer.status.is_success() {
            return Ok(());
        }
        Err(CallFailed { code: format!("watcher_http_{}", answer.status.as_u16()) })
    }
}
