//! Cookies: one per kind of session, one for forms outside a session, and one by which a browser is known again.
//!
//! `__Host-`, `Secure`, `HttpOnly`, `SameSite=Lax`, the whole site and no other (ASVS V3.3.1–V3.3.4). Over plain HTTP on
//! one's own machine browsers refuse the prefix, so there the names go without; production refuses a public URL without TLS.

use bansou_store::SessionKind;
use http::{HeaderMap, HeaderValue, header};

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// A session.
    Session(SessionKind),
    /// Random bytes that tie a form outside a session to the browser it was shown in.
    Form,
    /// Says that this browser has signed in to an account before; it opens nothing.
    Device,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Session(SessionKind::Staff) => "session",
            Self::Session(SessionKind::Graduate) => "me",
            Self::Session(SessionKind::Employer) => "request",
            Self::Form => "form",
            Self::Device => "device",
        }
    }

    /// The value the browser sent. Where `https`, a cookie without the prefix doesn't count: a neighbouring site could set it.
    pub fn read(self, headers: &HeaderMap, https: bool) -> Option<&str> {
        let prefix = if https { "__Host-" } else { "" };
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| name.strip_prefix(prefix) == Some(self.name()))
            .map(|(_, value)| value)
    }

    /// `Set-Cookie` until the browser is closed; the session's own end is kept by the database.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_only_the_prefixed_cookie_counts() {
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("session=planted; __Host-session=real"))]);
        let cookie = Cookie::Session(SessionKind::Staff);
        assert_eq!(cookie.read(&headers, true), Some("real"));
        assert_eq!(cookie.read(&headers, false), Some("planted"));
        assert_eq!(cookie.set("abc", true), "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(cookie.clear(false), "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
