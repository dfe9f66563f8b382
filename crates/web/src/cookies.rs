//! Cookies: one for each kind of session, one for forms outside a session, and one by which a browser is known again.
//!
//! `__Host-`, `Secure`, `HttpOnly`, `SameSite=Lax`, the whole site and no other (ASVS V3.3.1–V3.3.4). Over plain HTTP on
//! one's own machine browsers refuse the prefix, so there the names go without; production refuses a public URL without TLS.

use std::borrow::Cow;

use bansou_core::ids::EscalationId;
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// A session of staff.
    Staff,
    /// The session of staff that was signed out here last. It opens nothing; it proves whose a form is that another tab sends after that.
    Ended,
    /// A graduate's session.
    Graduate,
    /// The session of an employer contact: one cookie per request, so that a second link doesn't shut the first request.
    Request(RequestMark),
    /// Random bytes that tie a form outside a session to the browser it was shown in.
    Form,
    /// Says that this browser has signed in to an account before; it opens nothing.
    Device,
    /// Text size and readings of somebody without an account; see [`crate::look`].
    Look,
}

/// Tells one request of a contact from another, in a cookie's name and in the address of its page. It opens nothing, and
/// isn't the request's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestMark(u64);

impl RequestMark {
    /// The mark of a request.
    pub fn of(request: EscalationId) -> Self {
        let hash = Sha256::digest([b"request cookie ".as_slice(), request.0.as_bytes()].concat());
        Self(u64::from_be_bytes(hash[..8].try_into().expect("a hash has more than eight bytes")))
    }

    /// The marks of every request whose cookie the browser sent.
    pub fn sent(headers: &HeaderMap, https: bool) -> Vec<Self> {
        pairs(headers, https).filter_map(|(name, _)| name.strip_prefix("request-")?.parse().ok()).collect()
    }
}

impl std::fmt::Display for RequestMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for RequestMark {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Cookie {
    fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Staff => "session",
            Self::Ended => "ended",
            Self::Graduate => "me",
            Self::Request(mark) => return Cow::Owned(format!("request-{mark}")),
            Self::Form => "form",
            Self::Device => "device",
            Self::Look => "look",
        })
    }

    /// The value the browser sent. Where `https`, a cookie without the prefix doesn't count: a neighbouring site could set it.
    pub fn read(self, headers: &HeaderMap, https: bool) -> Option<&str> {
        let own = self.name();
        pairs(headers, https).find(|(name, _)| *name == own).map(|(_, value)| value)
    }

    /// `Set-Cookie` until the browser is closed; the end of a session is kept by the database in any case.
    pub fn set(self, value: &str, https: bool) -> HeaderValue {
        self.header(value, "", https)
    }

    /// `Set-Cookie` for so many days.
    pub fn set_for(self, days: u32, value: &str, https: bool) -> HeaderValue {
        self.header(value, &format!("; Max-Age={}", u64::from(days) * 86_400), https)
    }

    /// `Set-Cookie` that takes it away.
    pub fn clear(self, https: bool) -> HeaderValue {
        self.header("", "; Max-Age=0", https)
    }

    fn header(self, value: &str, age: &str, https: bool) -> HeaderValue {
        let (prefix, secure) = if https { ("__Host-", "; Secure") } else { ("", "") };
        let text = format!("{prefix}{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", self.name());
        HeaderValue::from_str(&text).expect("tokens are letters of Base64")
    }
}

/// Names without the prefix, and values. Where `https`, those that come without it are left out.
fn pairs(headers: &HeaderMap, https: bool) -> impl Iterator<Item = (&str, &str)> {
    let prefix = if https { "__Host-" } else { "" };
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_only_the_prefixed_cookie_counts() {
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("session=planted; __Host-session=real"))]);
        let cookie = Cookie::Staff;
        assert_eq!(cookie.read(&headers, true), Some("real"));
        assert_eq!(cookie.read(&headers, false), Some("planted"));
        assert_eq!(cookie.set("abc", true), "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(cookie.clear(false), "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
    #[test]
    fn each_request_has_a_cookie_of_its_own() {
        let [one, other] = [1, 2].map(|n| RequestMark::of(EscalationId(uuid::Uuid::from_u128(n))));
        let line =
            format!("__Host-request-{one}=a; __Host-request-{other}=b; __Host-request-x=c; request-{one}=planted");
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&line).unwrap())]);
        assert_eq!(Cookie::Request(one).read(&headers, true), Some("a"));
        assert_eq!(Cookie::Request(other).read(&headers, true), Some("b"));
        assert_eq!(RequestMark::sent(&headers, true), [one, other]);
    }
}
