//! apalis' tables: made, filled with words, and emptied again.
//!
//! apalis prunes nothing that could be used here: on `SQLite` its `vacuum_before` deletes rows that have just ended, and then
//! rewrites the whole file; on `PostgreSQL` there is nothing (trust.md section 5).

use std::time::Duration;

use apalis::prelude::TaskBuilder;
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use bansou_store::Store;

use super::Alarm;

/// The one queue.
const QUEUE: &str = "bansou-alarms";
/// A worker that hasn't been seen for so long is gone for good, in seconds.
const WORKER_GONE: i64 = 86_400;

/// Why the alarm clock's tables can't be used.
#[derive(Debug, thiserror::Error)]
pub enum AlarmError {
    /// apalis' own migrations.
    #[error("the alarm clock's tables can't be made: {0}")]
    Tables(#[from] sqlx::migrate::MigrateError),
    /// A statement of ours.
    #[error("the alarm clock's tables can't be used: {0}")]
    Database(#[from] sqlx::Error),
    /// A statement of apalis.
    #[error("the alarm clock's tables can't be used: {0}")]
    Apalis(String),
    /// Making the tables has changed how safe a commit is.
    #[error("SQLite's synchronous is {0}, not what the store had set")]
    Unsafe(i64),
}

/// Makes apalis' own tables. Never its `setup`, which switches `synchronous` off on a pooled connection (trust.md 0.2);
/// afterwards the pragmas are looked at on every idle connection.
pub async fn prepare(store: &Store) -> Result<(), AlarmError> {
    if let Some(pool) = store.postgres_pool() {
        return Ok(PostgresStorage::<()>::migrations().run(pool).await?);
    }
    let Some(pool) = store.sqlite_pool() else { return Ok(()) };
    let before = synchronous(pool).await?;
    SqliteStorage::<()>::migrations().run(pool).await?;
    let mut held = Vec::new();
    for _ in 0..pool.num_idle().max(1) {
        let Some(connection) = pool.try_acquire() else { break };
        held.push(connection);
    }
    for connection in &mut held {
        let is: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut **connection).await?;
        if is != before {
            return Err(AlarmError::Unsafe(is));
        }
    }
    Ok(())
}

/// Throws away jobs that ended longer ago than this, and workers that are long gone.
pub async fn prune(store: &Store, older_than: Duration) -> Result<u64, AlarmError> {
    let seconds = i64::try_from(older_than.as_secs()).unwrap_or(i64::MAX);
    if let Some(pool) = store.sqlite_pool() {
        let jobs = sqlx::query(
            "DELETE FROM Jobs WHERE job_type = ?1 \
             AND (status IN ('Done', 'Killed') OR (status = 'Failed' AND attempts >= max_attempts)) \
             AND done_at <= CAST(strftime('%s', 'now') AS INTEGER) - ?2",
        );
        let gone = jobs.bind(QUEUE).bind(seconds).execute(pool).await?.rows_affected();
        let workers = sqlx::query(
            "DELETE FROM Workers WHERE worker_type = ?1 AND last_seen < CAST(strftime('%s', 'now') AS INTEGER) - ?2 \
             AND NOT EXISTS (SELECT 1 FROM Jobs WHERE Jobs.lock_by = Workers.id)",
        );
        workers.bind(QUEUE).bind(WORKER_GONE).execute(pool).await?;
        return Ok(gone);
    }
    let Some(pool) = store.postgres_pool() else { return Ok(0) };
    let jobs = sqlx::query(
        "DELETE FROM apalis.jobs WHERE job_type = $1 \
         AND (status IN ('Done', 'Killed') OR (status = 'Failed' AND attempts >= max_attempts)) \
         AND done_at <= now() - make_interval(secs => $2)",
    );
    #[expect(clippy::cast_precision_loss, reason = "seconds of pruning are far below 2^52")]
    let gone = jobs.bind(QUEUE).bind(seconds as f64).execute(pool).await?.rows_affected();
    let workers = sqlx::query(
        "DELETE FROM apalis.workers w WHERE worker_type = $1 AND last_seen < now() - make_interval(secs => $2) \
         AND NOT EXISTS (SELECT 1 FROM apalis.jobs j WHERE j.lock_by = w.id)",
    );
    #[expect(clippy::cast_precision_loss, reason = "a day in seconds")]
    workers.bind(QUEUE).bind(WORKER_GONE as f64).execute(pool).await?;
    Ok(gone)
}

/// Puts an alarm's word into the queue. With a key that is there already nothing happens: somebody else was first.
pub(super) async fn push(store: &Store, alarm: Alarm, key: Option<&str>) -> Result<(), AlarmError> {
    let word = serde_json::to_vec(alarm.as_str()).unwrap_or_default();
    let task = TaskBuilder::new(word).max_attempts(1);
    let task = match key {
        Some(key) => task.idempotency_key(key),
        None => task,
    };
    let task = task.build();
    if let Some(pool) = store.sqlite_pool() {
        let mut connection = pool.acquire().await?;
        let pushed = apalis_sqlite::queries::push_tasks(&mut *connection, QUEUE, &[task]).await;
        return pushed.map_err(|error| AlarmError::Apalis(error.to_string()));
    }
    let Some(pool) = store.postgres_pool() else { return Ok(()) };
    let mut connection = pool.acquire().await?;
    // A statement of its own, never inside a transaction: there a refused key would undo everything else in it.
    match apalis_postgres::queries::push_tasks(&mut *connection, QUEUE, vec![task]).await {
        Err(error) if error.to_string().contains("duplicate key") => Ok(()),
        pushed => pushed.map_err(|error| AlarmError::Apalis(error.to_string())),
    }
}

pub(super) fn sqlite_config() -> apalis_sqlite::Config {
    apalis_sqlite::Config::default().queue(QUEUE).batch_size(1)
}

pub(super) fn postgres_config() -> apalis_postgres::Config {
    apalis_postgres::Config::default().queue(QUEUE).batch_size(1)
}

async fn synchronous(pool: &sqlx::SqlitePool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await
}
