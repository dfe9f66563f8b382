//! The dead man's switch (P10): once a minute, and only while everything works, somebody outside hears from us.
//!
//! Whatever breaks, the worker, the database, the clock, the network or the machine itself, ends the signal, and the watcher
//! outside raises the alarm. A watcher that can't be reached is logged and counted, nothing more.

use std::path::PathBuf;
use std::time::Duration;

use bansou_channels::Watcher;
use bansou_core::codes;
use bansou_store::Store;
use chrono::TimeDelta;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::readiness::Readiness;
use crate::config::AlarmSection;

/// From signal to signal. A watcher that waits three minutes has raised the alarm before five are over.
const EVERY: Duration = Duration::from_mins(1);
/// The worker needs a moment to begin.
const FIRST: Duration = Duration::from_secs(15);
/// Nothing may be late by more than this.
const LATE: TimeDelta = TimeDelta::minutes(5);

codes! {
    /// What became of a minute's signal.
    Signal {
        /// Everything works, and whoever listens was told.
        Sent = "sent",
        /// Something doesn't work, so nobody was told.
        Withheld = "withheld",
        /// Everything works, but the watcher or the file couldn't be reached.
        Failed = "failed",
    }
}

/// The switch.
#[derive(Debug)]
pub struct DeadMan {
    watcher: Option<Watcher>,
    file: Option<PathBuf>,
    readiness: Readiness,
    store: Store,
}

impl DeadMan {
    /// `None` where nobody listens.
    pub fn new(alarm: &AlarmSection, readiness: Readiness, store: Store) -> Option<Self> {
        if alarm.watcher.is_none() && alarm.file.is_none() {
            return None;
        }
        Some(Self { watcher: alarm.watcher.clone(), file: alarm.file.clone(), readiness, store })
    }

    /// One minute's signal.
    pub async fn signal(&self) -> Signal {
        if !self.is_well().await {
            tracing::warn!("the dead man's signal is withheld");
            return Signal::Withheld;
        }
        let mut signal = Signal::Sent;
        if let Some(file) = &self.file
            && let Err(error) = std::fs::write(file, format!("{}\n", self.store.ambient().now().to_rfc3339()))
        {
            tracing::warn!(%error, "the dead man's file can't be written");
            signal = Signal::Failed;
        }
        if let Some(watcher) = &self.watcher
            && let Err(error) = watcher.tell().await
        {
            tracing::warn!(%error, "the watcher outside can't be reached");
            signal = Signal::Failed;
        }
        signal
    }

    /// Until `stop`.
    pub(super) async fn run(self, stop: CancellationToken) {
        let mut ticks = interval_at(Instant::now() + FIRST, EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let signal = self.signal().await;
            metrics::counter!("bansou_dead_man_total", "signal" => signal.as_str()).increment(1);
        }
    }

    async fn is_well(&self) -> bool {
        if !self.readiness.is_ready().await || self.readiness.vitals().must_hold() {
            return false;
        }
        let now = self.store.ambient().now();
        matches!(self.store.late_since(now).await, Ok(late) if late.is_none_or(|since| now - since < LATE))
    }
}
