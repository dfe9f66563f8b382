//! What watching asks of the database: that it takes writes, its own clock, and how long things have waited.

use bansou_migrations::{Migrator, MigratorTrait};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::connect::Store;
use crate::error::{Result, StoreError};
use crate::sql::statement;
use crate::time::{from_ms, to_ms};

/// One row that is written over and over.
const WRITE: &str = "INSERT INTO scratch (id, at) VALUES ('ready', $1) ON CONFLICT (id) DO UPDATE SET at = $1";
const SERVER_TIME: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS at";
const APPLIED: &str = "SELECT version AS word FROM seaql_migrations";

/// Since when things wait that should have happened. What a switch holds back, an office's, a channel's or a provider's, isn't
/// late: somebody knows of it. `$1` now.
const OLDEST: &str = "SELECT MIN(at) AS at FROM (
    SELECT MIN(d.due_at) AS at FROM deliveries d JOIN offices o ON o.id = d.office_id
     WHERE d.state IN ('due', 'unknown') AND d.due_at <= $1 AND d.window_from <= $1 AND o.sending_stopped_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM halts h WHERE h.scope = 'everything' OR h.scope = 'channel:' || d.channel_id)
       AND NOT EXISTS (SELECT 1 FROM channel_states c WHERE c.channel_id = d.channel_id AND c.stopped_until > $1)
    UNION ALL SELECT MIN(lease_until) FROM deliveries WHERE state = 'sending' AND lease_until <= $1
    UNION ALL SELECT MIN(plan_at) FROM cadences WHERE plan_at <= $1
    UNION ALL SELECT MIN(COALESCE(not_before, received_at)) FROM inbound_events
     WHERE state = 'stored' AND (not_before IS NULL OR not_before <= $1)
    UNION ALL SELECT MIN(answer_by) FROM check_ins WHERE state = 'out' AND answer_by <= $1) moments";

/// What a person has to look at, counted over all offices.
const NEEDS: &str = "SELECT
    (SELECT COUNT(*) FROM deliveries WHERE state = 'needs_person') AS deliveries,
    (SELECT COUNT(*) FROM tasks WHERE state = 'open' AND reason = 'inbound_failed') AS inbound,
    (SELECT COUNT(*) FROM inbound_events WHERE state = 'unknown_sender') AS strangers,
    (SELECT COUNT(*) FROM deliveries WHERE state = 'unknown') AS unclear,
    (SELECT MIN(first_attempt_at) FROM deliveries WHERE state = 'unknown') AS unclear_since";

/// What waits for a person or for clearness, over all offices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedsPerson {
    /// Messages of which a person has to find out whether they arrived.
    pub deliveries: i64,
    /// Events that couldn't be processed, and at which nobody has looked yet.
    pub inbound: i64,
    /// Events of senders whom nobody knows.
    pub strangers: i64,
    /// Messages whose outcome is being found out.
    pub unclear: i64,
    /// Since when the longest of them.
    pub unclear_since: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct At {
    at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Word {
    word: String,
}

#[derive(FromQueryResult)]
struct Needs {
    deliveries: i64,
    inbound: i64,
    strangers: i64,
    unclear: i64,
    unclear_since: Option<i64>,
}

impl Store {
    /// Writes a row that means nothing, as hard as any other; for `/readyz`.
    pub async fn probe(&self) -> Result<()> {
        let _turn = self.gate().await;
        self.db().execute_raw(statement(self.db(), WRITE, [to_ms(self.ambient().now()).into()])).await?;
        Ok(())
    }

    /// The database server's own clock; `None` on `SQLite`, which has none.
    pub async fn server_time(&self) -> Result<Option<DateTime<Utc>>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let row = At::find_by_statement(statement(self.db(), SERVER_TIME, [])).one(self.db()).await?;
        Ok(row.and_then(|row| row.at).map(from_ms))
    }

    /// Refuses a schema that lacks a change of this version. A newer one will do: while versions change, the old program runs
    /// on the new tables (migrations/README.md).
    pub async fn assert_my_tables(&self) -> Result<()> {
        let applied = Word::find_by_statement(statement(self.db(), APPLIED, [])).all(self.db()).await?;
        let missing =
            Migrator::migrations().iter().filter(|mine| applied.iter().all(|row| row.word != mine.name())).count();
        if missing == 0 {
            return Ok(());
        }
        Err(StoreError::NotReady(format!("{missing} migrations are pending; run `bansou migrate`")))
    }

    /// Since when the longest has waited of what should have happened and no switch holds back; `None` when nothing is late.
    pub async fn late_since(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
        let row = At::find_by_statement(statement(self.db(), OLDEST, [to_ms(now).into()])).one(self.db()).await?;
        Ok(row.and_then(|row| row.at).map(from_ms))
    }

    /// What waits for a person, counted.
    pub async fn needs_person(&self) -> Result<NeedsPerson> {
        let row = Needs::find_by_statement(statement(self.db(), NEEDS, [])).one(self.db()).await?;
        let row = row.ok_or(StoreError::NotFound { what: "an answer" })?;
        Ok(NeedsPerson {
            deliveries: row.deliveries,
            inbound: row.inbound,
            strangers: row.strangers,
            unclear: row.unclear,
            unclear_since: row.unclear_since.map(from_ms),
        })
    }
}
