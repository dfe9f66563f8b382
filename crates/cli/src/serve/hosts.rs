//! Which hosts a request may name: the public one, and the address itself for whoever stands at the machine.
//!
//! A page of another name that points here (DNS rebinding) is refused; so is a request without a host, or with two.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};

use crate::config::WebSection;

/// Hosts that are answered.
#[derive(Debug)]
struct Hosts {
    /// As browsers write it: without the scheme's own port.
    public: String,
    port: u16,
    /// Whether an address of this machine may be named instead of a name.
    addresses: bool,
}

/// Puts the guard in front of everything.
pub(super) fn guard(router: Router, web: &WebSection, listening: SocketAddr, is_production: bool) -> Router {
    let hosts = Hosts::new(web, listening, is_production);
    router.layer(from_fn_with_state(Arc::new(hosts), look))
}

impl Hosts {
    fn new(web: &WebSection, listening: SocketAddr, is_production: bool) -> Self {
        let public = plain(web.public_host(), web.base().starts_with("https://"));
        Self { public, port: listening.port(), addresses: !is_production || listening.ip().is_loopback() }
    }

    fn answers(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        if host == self.public || plain(&host, true) == self.public || plain(&host, false) == self.public {
            return true;
        }
        if !self.addresses {
            return false;
        }
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
            _ => (host.as_str(), Some(80)),
        };
        let is_here = name == "localhost" || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        is_here && port == Some(self.port)
    }
}

async fn look(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    // Health is asked by address, from inside, and tells nothing.
    if matches!(request.uri().path(), "/livez" | "/readyz") {
        return next.run(request).await;
    }
    let mut named = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else { return StatusCode::BAD_REQUEST.into_response() };
    match host.to_str() {
        Ok(host) if hosts.answers(host) => next.run(request).await,
        _ => StatusCode::MISDIRECTED_REQUEST.into_response(),
    }
}

/// A host without the scheme's own port.
fn plain(host: &str, is_https: bool) -> String {
    let port = if is_https { ":443" } else { ":80" };
    host.strip_suffix(port).unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(public_url: &str, listening: &str, is_production: bool) -> Hosts {
        let listening: SocketAddr = listening.parse().unwrap();
        let web = WebSection {
            bind: listening,
            public_url: public_url.into(),
            trusted_proxies: Vec::new(),
            undo_seconds: 10,
            calm_minutes: 10,
        };
        Hosts::new(&web, listening, is_production)
    }

    #[test]
    fn the_public_name_is_answered_with_and_without_its_own_port() {
        let hosts = hosts("https://bansou.example/", "0.0.0.0:8080", true);
        assert!(hosts.answers("bansou.example") && hosts.answers("BANSOU.example:443"));
        for other in [
            "evil.example",
            "bansou.example.evil.example",
            "bansou.example:8080",
            "localhost:8080",
            "10.0.0.1:8080",
            "",
        ] {
            assert!(!hosts.answers(other), "{other}");
        }
    }

    #[test]
    fn at_the_machine_its_address_will_do() {
        let hosts = hosts("http://127.0.0.1:8080", "127.0.0.1:8080", false);
        for good in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
            assert!(hosts.answers(good), "{good}");
        }
        for other in ["localhost:9999", "rebind.example:8080", "localhost", "::1"] {
            assert!(!hosts.answers(other), "{other}");
        }
    }
}
