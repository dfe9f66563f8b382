//! Opening the database, and refusing one that isn't set up safely (trust.md section 0).

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use bansou_core::ambient::Ambient;
use bansou_core::ids::OfficeId;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::arrivals::Arrivals;
use crate::asked::Asked;
use crate::crypto::{Cipher, MasterKey};
use crate::entity::office_keys;
use crate::error::{Result, StoreError};
use crate::search::Corpora;
use crate::sql::statement;
use crate::tx::Tx;
use crate::witness::Witness;

/// The WAL-reset fault is mended from here on (trust.md section 0).
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);

/// Statements that a connection keeps prepared: more than the engine and the pages have, so that none is parsed twice.
const STATEMENTS: usize = 500;

/// What a connection keeps of the file, negative as KiB (SQLite's own default is 2,000): a page about a thousand people reads more than
/// that, and would read the same again and again.
const CACHE: &str = "-8192";

/// How hard a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// On disk before the commit returns.
    Full,
    /// For made-up data only: a demo's history may be lost by a power cut.
    Throwaway,
}

/// The database, its keys, and the outside world.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    db: DatabaseConnection,
    /// What units of work that write run on. For `SQLite` one connection of its own: its statements stay prepared, and
    /// its page cache stays valid as long as nobody else writes, as only apalis, sign-ins and throttles do. For `PostgreSQL` the same pool as `db`.
    writing: DatabaseConnection,
    master: MasterKey,
    ambient: Ambient,
    durability: Durability,
    ciphers: RwLock<HashMap<OfficeId, Arc<Cipher>>>,
    /// `SQLite` has one writer; waiting for it in a queue is fairer and cheaper than polling for the lock.
    writer: Option<Arc<Mutex<()>>>,
    asked: Asked,
    /// Who keeps changes elsewhere that a restored backup would forget.
    witness: OnceLock<Witness>,
    arrivals: Arrivals,
    /// Sealed texts of offices that search.
    corpora: Corpora,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens `url` (`sqlite://…` or `postgres://…`); an `SQLite` file is made where there is none. Migrations are not run.
    pub async fn open(url: &str, master: MasterKey, ambient: Ambient, durability: Durability) -> Result<Self> {
        let sqlite = url.starts_with("sqlite:");
        let asked = Asked::default();
        let mut db = Database::connect(options(url, durability, if sqlite { 4 } else { 16 })).await?;
        asked.hear(&mut db);
        let writing = if sqlite {
            let mut writing = Database::connect(options(url, durability, 1)).await?;
            asked.hear(&mut writing);
            writing
        } else {
            db.clone()
        };
        let writer = sqlite.then(|| Arc::new(Mutex::new(())));
        let ciphers = RwLock::new(HashMap::new());
        let inner = Inner {
            db,
            writing,
            master,
            ambient,
            durability,
            ciphers,
            writer,
            asked,
            witness: OnceLock::new(),
            arrivals: Arrivals::default(),
            corpora: Corpora::default(),
        };
        let store = Self { inner: Arc::new(inner) };
        store.assert_safe().await?;
        Ok(store)
    }

    /// A unit of work of one office that may change things.
    pub async fn begin(&self, office: OfficeId) -> Result<Tx> {
        let cipher = self.cipher(office).await?;
        let (conn, gate) = self.begin_across().await?;
        let witness = self.inner.witness.get().cloned();
        Ok(Tx::new(conn, office, cipher, self.inner.ambient.clone(), self.sign_in_key(), gate).told_to(witness))
    }

    /// A unit of work of one office that only looks: it never waits for a writer and is never saved.
    pub async fn read(&self, office: OfficeId) -> Result<Tx> {
        let cipher = self.cipher(office).await?;
        let conn = self.inner.db.begin_with_options(TransactionOptions::default()).await?;
        Ok(Tx::new(conn, office, cipher, self.inner.ambient.clone(), self.sign_in_key(), None))
    }

    /// The clock and randomness this store uses.
    pub fn ambient(&self) -> &Ambient {
        &self.inner.ambient
    }

    pub(crate) fn corpora(&self) -> &Corpora {
        &self.inner.corpora
    }

    pub(crate) fn asked(&self) -> &Asked {
        &self.inner.asked
    }

    /// A key derived from the master key for one purpose, e.g. LINE retry keys.
    pub fn derive_key(&self, purpose: &str) -> [u8; 32] {
        self.inner.master.derive(purpose)
    }

    /// Whether the database answers within the pool's time-out; for `/readyz`.
    pub async fn ping(&self) -> Result<()> {
        self.inner.db.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// The `SQLite` pool, for apalis; `None` on `PostgreSQL`.
    pub fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool> {
        self.is_sqlite().then(|| self.inner.db.get_sqlite_connection_pool())
    }

    /// The `PostgreSQL` pool, for apalis; `None` on `SQLite`.
    pub fn postgres_pool(&self) -> Option<&sqlx::PgPool> {
        (!self.is_sqlite()).then(|| self.inner.db.get_postgres_connection_pool())
    }

    /// Closes every connection.
    pub async fn close(&self) -> Result<()> {
        self.inner.writing.close_by_ref().await?;
        Ok(self.inner.db.close_by_ref().await?)
    }

    pub(crate) fn db(&self) -> &DatabaseConnection {
        &self.inner.db
    }

    pub(crate) fn writing(&self) -> &DatabaseConnection {
        &self.inner.writing
    }

    pub(crate) fn arrivals(&self) -> &Arrivals {
        &self.inner.arrivals
    }

    /// Key for what has to be found before the office is known.
    pub(crate) fn sign_in_key(&self) -> [u8; 32] {
        self.derive_key("sign-in")
    }

    pub(crate) fn witness_cell(&self) -> &OnceLock<Witness> {
        &self.inner.witness
    }

    pub(crate) fn master(&self) -> &MasterKey {
        &self.inner.master
    }

    /// Waits for the turn to write; `None` on `PostgreSQL`, which has many writers.
    pub(crate) async fn gate(&self) -> Option<OwnedMutexGuard<()>> {
        match &self.inner.writer {
            Some(writer) => Some(Arc::clone(writer).lock_owned().await),
            None => None,
        }
    }

    /// A transaction that may change things of several offices, with the turn to write that it holds.
    pub(crate) async fn begin_across(&self) -> Result<(DatabaseTransaction, Option<OwnedMutexGuard<()>>)> {
        let gate = self.gate().await;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok((self.inner.writing.begin_with_options(options).await?, gate))
    }

    pub(crate) async fn cipher(&self, office: OfficeId) -> Result<Arc<Cipher>> {
        let known = self.inner.ciphers.read().ok().and_then(|ciphers| ciphers.get(&office).cloned());
        if let Some(cipher) = known {
            return Ok(cipher);
        }
        let row = office_keys::Entity::find_by_id(office.0).one(&self.inner.db).await?;
        let row = row.ok_or(StoreError::NotFound { what: "office" })?;
        let cipher = Arc::new(Cipher::new(&*self.inner.master.unwrap(office.0, &row.wrapped)?));
        if let Ok(mut ciphers) = self.inner.ciphers.write() {
            ciphers.insert(office, Arc::clone(&cipher));
        }
        Ok(cipher)
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.inner.db.get_database_backend() == DbBackend::Sqlite
    }

    async fn assert_safe(&self) -> Result<()> {
        if !self.is_sqlite() {
            return Ok(());
        }
        let version: String = self.ask("SELECT sqlite_version() AS answer").await?;
        let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
        if parts.as_slice() < &[SQLITE_AT_LEAST.0, SQLITE_AT_LEAST.1, SQLITE_AT_LEAST.2][..] {
            return Err(StoreError::NotReady(format!("SQLite {version} is too old")));
        }
        let wanted_sync = if self.inner.durability == Durability::Full { 2 } else { 0 };
        for (pragma, wanted) in [("synchronous", wanted_sync), ("foreign_keys", 1), ("busy_timeout", 10_000)] {
            let column = if pragma == "busy_timeout" { "timeout" } else { pragma };
            let is: i64 = self.ask(&format!("SELECT {column} AS answer FROM pragma_{pragma}")).await?;
            if is != wanted {
                return Err(StoreError::NotReady(format!("SQLite's {pragma} is {is}, not {wanted}")));
            }
        }
        let mode: String = self.ask("SELECT journal_mode AS answer FROM pragma_journal_mode").await?;
        if mode != "wal" {
            return Err(StoreError::NotReady(format!("SQLite's journal mode is {mode}, not wal")));
        }
        Ok(())
    }

    async fn ask<T: sea_orm::TryGetable>(&self, sql: &str) -> Result<T> {
        let row = self.inner.db.query_one_raw(statement(&self.inner.db, sql, [])).await?;
        let row = row.ok_or_else(|| StoreError::NotReady("no answer from SQLite".into()))?;
        Ok(row.try_get("", "answer")?)
    }
}

fn options(url: &str, durability: Durability, connections: u32) -> ConnectOptions {
    let sqlite = url.starts_with("sqlite:");
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .sqlx_logging(false)
        .acquire_timeout(Duration::from_secs(8))
        .max_connections(connections)
        // A file doesn't go away between two statements, as a server may.
        .test_before_acquire(!sqlite);
    if sqlite {
        let synchronous = match durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Throwaway => SqliteSynchronous::Off,
        };
        options.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .statement_cache_capacity(STATEMENTS)
                .pragma("trusted_schema", "OFF")
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", CACHE)
        });
    }
    options.map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(STATEMENTS));
    options
}
