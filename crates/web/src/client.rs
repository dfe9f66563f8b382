//! From where a request comes, for slowing down guesses at sign-in. Never logged and never shown.
//!
//! The peer's address counts. Only where the peer is a reverse proxy that the configuration names, the rightmost entry of
//! `X-Forwarded-For` does, the one that this proxy wrote; everything left of it anybody can make up (ASVS V15.3.4).

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::HeaderMap;
use http::request::Parts;

/// The client's address as text; empty when the server doesn't tell (a test without a socket).
pub fn address(parts: &Parts, trusted_proxies: &[IpAddr]) -> String {
    let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else { return String::new() };
    let peer = peer.ip().to_canonical();
    let forwarded = trusted_proxies.contains(&peer).then(|| rightmost(&parts.headers)).flatten();
    forwarded.unwrap_or(peer).to_string()
}

fn rightmost(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(peer: &str, forwarded: &str) -> Parts {
        let request = http::Request::builder().header("x-forwarded-for", forwarded);
        let mut parts = request.body(()).unwrap().into_parts().0;
        let peer: SocketAddr = peer.parse().unwrap();
        parts.extensions.insert(ConnectInfo(peer));
        parts
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_entry() {
        let proxies = ["192.0.2.1".parse().unwrap()];
        assert_eq!(address(&parts("203.0.113.9:1", "198.51.100.7"), &proxies), "203.0.113.9");
        assert_eq!(address(&parts("192.0.2.1:1", "10.0.0.1, 198.51.100.7"), &proxies), "198.51.100.7");
        assert_eq!(address(&parts("192.0.2.1:1", "nonsense"), &proxies), "192.0.2.1");
        assert_eq!(address(&parts("192.0.2.1:1", "198.51.100.7"), &[]), "192.0.2.1");
    }
}
