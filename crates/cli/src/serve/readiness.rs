//! Whether this process can do its work: what `/readyz` answers, without detail to whoever asks. The reason goes to log and metric.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bansou_core::codes;
use bansou_store::Store;
use bansou_worker::alarm::Health;
use bansou_worker::journal::Journal;
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::vitals::Vitals;

/// A write has to be on disk within this time.
const WRITE: Duration = Duration::from_secs(1);
/// An answer holds so long, so that a flood of questions is no flood of writes.
const HOLDS: Duration = Duration::from_secs(1);

codes! {
    /// Why it can't.
    NotReady {
        /// The process is ending.
        Stopping = "stopping",
        /// The database took no write within a second.
        Database = "database",
        /// Its tables lack changes of this version.
        Tables = "tables",
        /// The key file isn't where it was: the next start would fail.
        Key = "key",
        /// The clock isn't believed.
        Clock = "clock",
        /// The send journal can't be written: nothing is sent without it.
        Journal = "journal",
        /// Dispatch hasn't run for half a minute.
        Worker = "worker",
    }
}

/// What is asked about. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Parts,
    last: Mutex<Option<(Instant, Option<NotReady>)>>,
}

/// What readiness depends on.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Cancelled when the process is to end.
    pub stop: CancellationToken,
    /// `None` where no worker runs in this process.
    pub worker: Option<Health>,
    /// Clock and disk.
    pub vitals: Vitals,
    /// The key file, where there is one.
    pub key_file: Option<PathBuf>,
    /// The send journal, where there is one.
    pub journal: Option<Journal>,
}

impl Readiness {
    /// Nothing was asked yet.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, last: Mutex::new(None) }))
    }

    /// Cancelled when the process is to end.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.parts.stop
    }

    /// Why the process can't do its work; `None` when it can. The answer may be a second old, except that stopping is told at
    /// once. Those who ask at the same time share one look.
    pub async fn trouble(&self) -> Option<NotReady> {
        if self.0.parts.stop.is_cancelled() {
            return Some(NotReady::Stopping);
        }
        let mut last = self.0.last.lock().await;
        if let Some((_, known)) = last.filter(|(at, _)| at.elapsed() < HOLDS) {
            return known;
        }
        let found = self.0.parts.look().await;
        let before = last.and_then(|(_, known)| known);
        if before != found {
            if let Some(reason) = found { tracing::warn!(%reason, "not ready") } else { tracing::info!("ready") }
        }
        *last = Some((Instant::now(), found));
        found
    }

    /// Whether it can.
    pub async fn is_ready(&self) -> bool {
        self.trouble().await.is_none()
    }

    /// The worker's alarms, where one runs here.
    pub fn worker(&self) -> Option<&Health> {
        self.0.parts.worker.as_ref()
    }

    /// Clock and disk.
    pub fn vitals(&self) -> &Vitals {
        &self.0.parts.vitals
    }
}

impl Parts {
    async fn look(&self) -> Option<NotReady> {
        if !matches!(timeout(WRITE, self.store.probe()).await, Ok(Ok(()))) {
            return Some(NotReady::Database);
        }
        if !matches!(timeout(WRITE, self.store.assert_my_tables()).await, Ok(Ok(()))) {
            return Some(NotReady::Tables);
        }
        if self.key_file.as_ref().is_some_and(|file| !file.exists()) {
            return Some(NotReady::Key);
        }
        if self.vitals.clock().is_some() {
            return Some(NotReady::Clock);
        }
        if let Some(journal) = &self.journal
            && !matches!(timeout(WRITE, journal.is_writable()).await, Ok(true))
        {
            return Some(NotReady::Journal);
        }
        if self.worker.as_ref().is_some_and(|worker| !worker.is_ready()) {
            return Some(NotReady::Worker);
        }
        None
    }
}
