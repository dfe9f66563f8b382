//! Forms are accepted only from our own pages: by the browser's word (`Sec-Fetch-Site`, `Origin`) and by a token in the form.
//!
//! The layer of tower-http passes a request that carries neither header (older web views), so every form also holds a
//! token that is bound to the reader's session (ASVS V3.5.1; trust.md section 2).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tower_http::csrf::{ConfigError, CsrfLayer};

/// Name of the hidden field that carries the token.
pub const FIELD: &str = "csrf";

/// The token for a session: HMAC-SHA-256 under the session's secret, in hex. It tells nothing about the secret.
pub fn token(session_secret: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(session_secret).expect("HMAC takes a key of any length");
    mac.update(b"bansou form v1");
    hex::encode(mac.finalize().into_bytes())
}

/// Whether the presented token belongs to the session; compared in constant time.
pub fn verify(session_secret: &[u8], presented: &str) -> bool {
    token(session_secret).as_bytes().ct_eq(presented.as_bytes()).into()
}

/// The layer that refuses foreign origins with 403. `public_url` is the site's own address, trusted also behind a
/// proxy that changes `Host`. Webhooks are mounted outside this layer; they prove themselves by signature.
pub fn layer(public_url: &str) -> Result<CsrfLayer, ConfigError> {
    CsrfLayer::new().add_trusted_origin(public_url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_session_only() {
        let token = token(b"session one");
        assert!(verify(b"session one", &token));
        assert!(!verify(b"session two", &token));
        assert!(!verify(b"session one", ""));
        assert!(!verify(b"session one", &token[1..]));
    }

    #[test]
    fn a_public_url_with_a_path_is_refused() {
        assert!(layer("https://bansou.example/").is_ok());
        assert!(layer("https://bansou.example/app").is_err());
    }
}
