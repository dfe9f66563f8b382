//! `x-line-signature`: base64 of HMAC-SHA256 over the raw body with the channel secret
//! (developers.line.biz, Messaging API: verify webhook signature).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Secret;

/// Signs a body as LINE does: for the demo's phone page and for tests.
pub fn sign(secret: &Secret, raw_body: &[u8]) -> String {
    STANDARD.encode(mac(secret, raw_body).finalize().into_bytes())
}

/// True if one of the secrets signed exactly these bytes. The comparison takes constant time.
pub fn verify(secrets: &[Secret], raw_body: &[u8], header: &str) -> bool {
    let Ok(given) = STANDARD.decode(header.trim()) else { return false };
    secrets.iter().any(|secret| !secret.is_empty() && mac(secret, raw_body).verify_slice(&given).is_ok())
}

fn mac(secret: &Secret, raw_body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(raw_body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    // LINE's own example, recomputed.
    const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
    const BODY: &[u8] = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    const SIGNATURE: &str = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";

    fn secrets(values: &[&str]) -> Vec<Secret> {
        values.iter().map(|value| Secret::new(*value)).collect()
    }

    #[test]
    fn the_known_answer_of_line_is_right() {
        assert_eq!(sign(&Secret::new(SECRET), BODY), SIGNATURE);
        assert!(verify(&secrets(&[SECRET]), BODY, SIGNATURE));
    }

    #[test]
    fn either_secret_is_good_while_they_change() {
        assert!(verify(&secrets(&["the new one", SECRET]), BODY, SIGNATURE));
    }

    #[test]
    fn another_channel_a_changed_byte_or_no_signature_is_refused() {
        assert!(!verify(&secrets(&["another channel"]), BODY, SIGNATURE));
        let mut changed = BODY.to_vec();
        for i in 0..changed.len() {
            changed[i] ^= 1;
            assert!(!verify(&secrets(&[SECRET]), &changed, SIGNATURE));
            changed[i] ^= 1;
        }
        for header in ["", "=", "GhRK", "not base64 at all", &SIGNATURE[..40]] {
            assert!(!verify(&secrets(&[SECRET]), BODY, header));
        }
        assert!(!verify(&secrets(&[]), BODY, SIGNATURE));
        assert!(!verify(&secrets(&[""]), BODY, &sign(&Secret::new(""), BODY)));
    }
}
