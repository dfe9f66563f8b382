//! Bringing the schema up to this version, also by several processes that start at the same moment.

use bansou_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};

use crate::connect::Store;
use crate::error::{Result, StoreError};

/// Which advisory lock: any number of our own, the same in every version.
const LOCK: &str = "SELECT pg_advisory_xact_lock(4207319001)";
/// Longer than any change of tables takes; also a change that waits for somebody's open transaction ends with this.
const WAIT: &str = "SET LOCAL lock_timeout = '60s'";
/// PostgreSQL: `lock_not_available`.
const WAITED_TOO_LONG: &str = "55P03";

impl Store {
    /// Brings the schema up to this version. On `PostgreSQL` one process at a time does it, in one transaction; the others wait
    /// up to a minute and then find it done.
    pub async fn migrate(&self) -> Result<()> {
        let _gate = self.gate().await;
        if self.is_sqlite() {
            // On one connection: another one would still know an index that this one has just dropped, and refuse to make it again.
            return Ok(Migrator::up(self.writing(), None).await?);
        }
        let tx = self.db().begin().await?;
        tx.execute_unprepared(WAIT).await?;
        tx.execute_unprepared(LOCK).await.map_err(waited)?;
        Migrator::up(&tx, None).await.map_err(waited)?;
        Ok(tx.commit().await?)
    }

    /// Refuses a schema that isn't this version's.
    pub async fn assert_migrated(&self) -> Result<()> {
        let pending = Migrator::get_pending_migrations(self.db()).await?;
        if pending.is_empty() {
            return Ok(());
        }
        Err(StoreError::NotReady(format!("{} migrations are pending; run `bansou migrate`", pending.len())))
    }
}

/// The names under which this version's migrations are written down once they have run.
pub(crate) fn versions() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// The lock's own error in words.
fn waited(error: DbErr) -> StoreError {
    let (DbErr::Exec(sea_orm::RuntimeErr::SqlxError(cause)) | DbErr::Query(sea_orm::RuntimeErr::SqlxError(cause))) =
        &error
    else {
        return error.into();
    };
    let code = cause.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
    if code.as_deref() != Some(WAITED_TOO_LONG) {
        return error.into();
    }
    let words =
        "another process has held its tables for a minute, perhaps to migrate them; wait for it to end and start again";
    StoreError::NotReady(words.into())
}
