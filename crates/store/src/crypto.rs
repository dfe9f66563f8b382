//! Sealing what says something about a person (DESIGN.md, decision 6).
//!
//! A key file outside the database holds the master key. It wraps one data key per office. From the data key three keys are
//! derived: for sealing (XChaCha20-Poly1305, random nonce, table, column and row bound as associated data), for the
//! keyed index of addresses (HMAC-SHA-256), and for the audit chain. Moving sealed bytes to another row or column, or
//! flipping a bit, makes them unreadable rather than wrong (ASVS V11.3.3).

use bansou_core::ambient::Ambient;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};

/// First byte of sealed text, so that a later scheme can be told apart.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// The master key from the key file.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Takes the 32 bytes of the key file.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A key for one purpose, derived by HMAC; stable for the life of the key file.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(&self.0, &[purpose.as_bytes()])
    }

    pub(crate) fn wrap(&self, office: Uuid, data_key: &[u8; 32], ambient: &Ambient) -> Vec<u8> {
        seal(&self.derive("wrap"), b"office_keys", office, data_key, ambient)
    }

    pub(crate) fn unwrap(&self, office: Uuid, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let lost = || StoreError::Sealed { table: "office_keys", column: "wrapped", id: office };
        let bytes = open(&self.derive("wrap"), b"office_keys", office, wrapped).ok_or_else(lost)?;
        Ok(Zeroizing::new(bytes.try_into().map_err(|_| lost())?))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey")
    }
}

/// One office's keys.
pub struct Cipher {
    seal: Zeroizing<[u8; 32]>,
    index: Zeroizing<[u8; 32]>,
    audit: Zeroizing<[u8; 32]>,
    retry: Zeroizing<[u8; 32]>,
}

/// Where a sealed value lives: bound into it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
}

impl Cipher {
    pub(crate) fn new(data_key: &[u8; 32]) -> Self {
        let derive = |purpose: &str| Zeroizing::new(hmac(data_key, &[purpose.as_bytes()]));
        Self { seal: derive("seal"), index: derive("index"), audit: derive("audit"), retry: derive("retry") }
    }

    pub(crate) fn seal(&self, place: Place, row: Uuid, plain: &[u8], ambient: &Ambient) -> Vec<u8> {
        seal(&self.seal, &aad(place), row, plain, ambient)
    }

    pub(crate) fn open(&self, place: Place, row: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        open(&self.seal, &aad(place), row, sealed).ok_or(StoreError::Sealed {
            table: place.table,
            column: place.column,
            id: row,
        })
    }

    /// Keyed hash of a normalised value, to look it up without storing it readably.
    pub(crate) fn index(&self, kind: &str, value: &str) -> Vec<u8> {
        hmac(&self.index, &[kind.as_bytes(), value.as_bytes()])[..16].to_vec()
    }

    /// LINE's retry key, derived so that the same thing planned twice, even after a restore, is still one message (trust.md 0.4).
    pub(crate) fn retry_key(&self, subject: Uuid, purpose: &str, slot: &str) -> Uuid {
        let mac = hmac(&self.retry, &[subject.as_bytes(), purpose.as_bytes(), slot.as_bytes()]);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&mac[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    pub(crate) fn audit_key(&self) -> &[u8; 32] {
        &self.audit
    }
}

/// SHA-256 of a link token, session id or form key: the only form in which those are stored.
pub fn token_hash(token: &[u8]) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn aad(place: Place) -> Vec<u8> {
    [place.table.as_bytes(), b"|", place.column.as_bytes()].concat()
}

fn seal(key: &[u8; 32], place: &[u8], row: Uuid, plain: &[u8], ambient: &Ambient) -> Vec<u8> {
    let nonce: [u8; NONCE] = ambient.bytes();
    let aad = [place, b"|", row.as_bytes()].concat();
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad })
        .expect("sealing fails only beyond 256 GiB");
    [&[VERSION], nonce.as_slice(), &sealed].concat()
}

fn open(key: &[u8; 32], place: &[u8], row: Uuid, sealed: &[u8]) -> Option<Vec<u8>> {
    let (&version, rest) = sealed.split_first()?;
    let (nonce, text) = rest.split_at_checked(NONCE)?;
    if version != VERSION {
        return None;
    }
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let aad = [place, b"|", row.as_bytes()].concat();
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(nonce), Payload { msg: text, aad: &aad }).ok()
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
            DateTime::default()
        }
    }
    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    const PLACE: Place = Place { table: "notes", column: "lanes" };

    fn sealed() -> (Cipher, Vec<u8>) {
        let cipher = Cipher::new(&[3; 32]);
        let ambient = Ambient::new(Arc::new(Fixed), Arc::new(Fixed));
        let sealed = cipher.seal(PLACE, Uuid::from_u128(1), "見本".as_bytes(), &ambient);
        (cipher, sealed)
    }

    #[test]
    fn sealed_text_opens_only_in_its_own_row_and_column() {
        let (cipher, sealed) = sealed();
        assert_eq!(cipher.open(PLACE, Uuid::from_u128(1), &sealed).unwrap(), "見本".as_bytes());
        assert!(cipher.open(PLACE, Uuid::from_u128(2), &sealed).is_err());
        assert!(cipher.open(Place { column: "state", ..PLACE }, Uuid::from_u128(1), &sealed).is_err());
        assert!(Cipher::new(&[4; 32]).open(PLACE, Uuid::from_u128(1), &sealed).is_err());
    }

    #[test]
    fn any_flipped_bit_makes_sealed_text_unreadable() {
        let (cipher, sealed) = sealed();
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(cipher.open(PLACE, Uuid::from_u128(1), &changed).is_err(), "bit {bit}");
        }
        assert!(cipher.open(PLACE, Uuid::from_u128(1), &[]).is_err());
    }
}
