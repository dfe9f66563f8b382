//! Passwords of staff: what is accepted, and argon2id over it.
//!
//! Hashing takes some 20 MB and a noticeable time on purpose; callers run it on a blocking thread.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use bansou_core::ambient::Ambient;
use tokio::sync::Semaphore;

use crate::errors::Failure;

/// Fewest characters (ASVS V6.2.1 recommends 15 where there is no second factor).
pub const MIN_CHARACTERS: usize = 15;
/// Most bytes; far above any sentence somebody remembers.
pub const MAX_BYTES: usize = 1_024;

/// Letters of a made password: none that are taken for another when read from paper.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// Why a password isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too easy to guess.
    #[error("a password needs at least {MIN_CHARACTERS} characters; several words are easiest to remember")]
    TooShort,
    /// Nobody types that.
    #[error("a password may have at most {MAX_BYTES} bytes")]
    TooLong,
}

/// Whether a password may be set. It is never cut or folded (ASVS V6.2.8).
pub fn check(password: &str) -> Result<(), PasswordError> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    if password.chars().count() < MIN_CHARACTERS {
        return Err(PasswordError::TooShort);
    }
    Ok(())
}

/// The hash to store, in PHC form.
pub fn hash(password: &str, ambient: &Ambient) -> String {
    let hashed = hasher().hash_password_with_salt(password.as_bytes(), &ambient.bytes::<16>());
    hashed.expect("argon2 takes a password below 4 GB and a salt of 16 bytes").to_string()
}

/// Whether the password is the hashed one. Without a hash the same time is spent, so that an answer's time doesn't tell
/// whether there is an account.
pub fn matches(password: &str, hash: Option<&str>) -> bool {
    let Some(parsed) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        let _ = hasher().hash_password_with_salt(password.as_bytes(), &[0; 16]);
        return false;
    };
    hasher().verify_password(password.as_bytes(), &parsed).is_ok()
}

/// [`hash`] on a blocking thread, when there is a place among `hashing`.
pub async fn hash_apart(hashing: &Arc<Semaphore>, password: String, ambient: &Ambient) -> Result<String, Failure> {
    let ambient = ambient.clone();
    apart(hashing, move || hash(&password, &ambient)).await
}

/// [`matches()`] on a blocking thread, when there is a place among `hashing`.
pub async fn matches_apart(hashing: &Arc<Semaphore>, password: String, hash: Option<String>) -> Result<bool, Failure> {
    apart(hashing, move || matches(&password, hash.as_deref())).await
}

/// A new password of five groups, about 100 bits.
pub fn generate(ambient: &Ambient) -> String {
    let letters: Vec<char> =
        ambient.bytes::<20>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

async fn apart<T: Send + 'static>(
    hashing: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let place = Arc::clone(hashing).acquire_owned().await.map_err(|_| Failure::Unavailable)?;
    // The place goes along: a browser that gives up doesn't make room while the thread is still at work.
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.map_err(|_| Failure::Internal)
}

/// OWASP's second choice: 19 MiB, two passes (ASVS V11.4.2).
fn hasher() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("argon2 takes these parameters");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bansou_core::ambient::{Clock, Entropy};
    use chrono::{DateTime, Utc};

    use super::*;

    struct Fixed;

    impl Clock for Fixed {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }
    }

    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n);
        }
    }

    fn ambient() -> Ambient {
        Ambient::new(Arc::new(Fixed), Arc::new(Fixed))
    }

    #[test]
    fn a_hash_opens_with_its_password_only_and_tells_its_cost() {
        let stored = hash("見本の長い合言葉でためす一二三四", &ambient());
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(matches("見本の長い合言葉でためす一二三四", Some(&stored)));
        assert!(!matches("見本の長い合言葉でためす一二三四 ", Some(&stored)));
        assert!(!matches("見本の長い合言葉でためす一二三四", None));
        assert!(!matches("x", Some("no hash")));
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(check("12345678901234"), Err(PasswordError::TooShort));
        assert_eq!(check(&"a".repeat(1_025)), Err(PasswordError::TooLong));
        assert_eq!(check("correct horse battery"), Ok(()));
    }

    #[test]
    fn a_made_password_is_accepted_and_has_no_letter_taken_for_another() {
        let made = generate(&ambient());
        assert_eq!(check(&made), Ok(()));
        assert_eq!(made.len(), 24);
        assert!(!made.contains(['0', 'o', '1', 'l', 'i']), "{made}");
    }
}
