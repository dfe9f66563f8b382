//! One unit of work of one office.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use bansou_core::ambient::Ambient;
use bansou_core::ids::OfficeId;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::crypto::{Cipher, Place};
use crate::error::{Result, StoreError};
use crate::witness::{Change, Witness};

/// One unit of work of one office. [`Tx::save`] keeps it; dropping it takes everything back.
pub struct Tx {
    pub(crate) conn: DatabaseTransaction,
    pub(crate) office: OfficeId,
    pub(crate) cipher: Arc<Cipher>,
    pub(crate) ambient: Ambient,
    /// Key for what has to be found before the office is known: e-mail addresses at sign-in, invite codes.
    pub(crate) sign_in_key: [u8; 32],
    /// Changes to be told of after the commit.
    pub(crate) changes: Mutex<Vec<Change>>,
    /// Whether what was done here is seen on pages.
    pub(crate) touched: AtomicBool,
    witness: Option<Witness>,
    writer: Option<OwnedMutexGuard<()>>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tx of office {}", self.office)
    }
}

impl Tx {
    pub(crate) fn new(
        conn: DatabaseTransaction,
        office: OfficeId,
        cipher: Arc<Cipher>,
        ambient: Ambient,
        sign_in_key: [u8; 32],
        writer: Option<OwnedMutexGuard<()>>,
    ) -> Self {
        Self {
            conn,
            office,
            cipher,
            ambient,
            sign_in_key,
            changes: Mutex::default(),
            touched: AtomicBool::new(false),
            witness: None,
            writer,
        }
    }

    pub(crate) fn told_to(self, witness: Option<Witness>) -> Self {
        Self { witness, ..self }
    }

    /// Keeps everything done in this unit of work.
    pub async fn save(self) -> Result<()> {
        self.raise().await?;
        self.conn.commit().await?;
        // The next one may write while the witness does.
        drop(self.writer);
        let changes = self.changes.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(witness) = self.witness.filter(|_| !changes.is_empty()) {
            witness(changes).await;
        }
        Ok(())
    }

    /// The office whose work this is.
    pub fn office(&self) -> OfficeId {
        self.office
    }

    /// The present moment, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.ambient.now()
    }

    /// Clock and randomness.
    pub fn ambient(&self) -> &Ambient {
        &self.ambient
    }

    /// Seals a value for one row and column.
    pub(crate) fn seal<T: Serialize + ?Sized>(&self, place: Place, row: Uuid, value: &T) -> Vec<u8> {
        let plain = serde_json::to_vec(value).expect("core's values have string keys only and serialise");
        self.cipher.seal(place, row, &plain, &self.ambient)
    }

    /// Opens a sealed value.
    pub(crate) fn open<T: DeserializeOwned>(&self, place: Place, row: Uuid, sealed: &[u8]) -> Result<T> {
        let plain = self.cipher.open(place, row, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| corrupt(place.table, place.column, row))
    }

    /// Opens a sealed value that may be absent.
    pub(crate) fn open_some<T: DeserializeOwned>(
        &self,
        place: Place,
        row: Uuid,
        sealed: Option<&Vec<u8>>,
    ) -> Result<Option<T>> {
        sealed.map(|sealed| self.open(place, row, sealed)).transpose()
    }
}

/// Refuses a change that met no row of the office.
pub(crate) fn met(result: &sea_orm::UpdateResult, what: &'static str) -> Result<()> {
    if result.rows_affected == 0 { Err(StoreError::NotFound { what }) } else { Ok(()) }
}

pub(crate) fn corrupt(table: &'static str, column: &'static str, id: Uuid) -> StoreError {
    StoreError::Corrupt { table, column, id }
}

/// Reads a stored word.
pub(crate) fn code<T: std::str::FromStr>(table: &'static str, column: &'static str, id: Uuid, word: &str) -> Result<T> {
    word.parse().map_err(|_| corrupt(table, column, id))
}

/// Reads a stored JSON text.
pub(crate) fn json<T: DeserializeOwned>(table: &'static str, column: &'static str, id: Uuid, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| corrupt(table, column, id))
}

/// Writes a value as JSON text.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("core's values have string keys only and serialise")
}
