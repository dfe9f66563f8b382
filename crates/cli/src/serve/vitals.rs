//! Looks after the clock and the disk each second, and holds the engine while one of them can't be relied on.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bansou_core::clock::{ClockTrouble, ClockWatch};
use bansou_store::Store;
use bansou_worker::Engine;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::disk::{self, Disk};

/// From look to look.
const BEAT: Duration = Duration::from_secs(1);
/// The database server's clock and the disk are asked about every so many looks.
const SELDOM: u64 = 10;
/// An answer that took longer says too little about the other's clock.
const QUICK: Duration = Duration::from_secs(2);

/// What is known of this process's clock and disk. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Vitals(Arc<Mutex<Known>>);

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    clock: Option<ClockTrouble>,
    ahead: Option<TimeDelta>,
    jumps: u64,
    disk: Option<Disk>,
}

impl Vitals {
    /// Nothing is doubted; for processes with a clock of their own making.
    pub fn new() -> Self {
        Self::default()
    }

    /// Why the clock isn't believed.
    pub fn clock(&self) -> Option<ClockTrouble> {
        self.known().clock
    }

    /// By how much the database server's clock is ahead of ours, as last compared.
    pub fn ahead(&self) -> Option<TimeDelta> {
        self.known().ahead
    }

    /// Jumps of the clock since the start.
    pub fn jumps(&self) -> u64 {
        self.known().jumps
    }

    /// The file system under the `SQLite` file.
    pub fn disk(&self) -> Option<Disk> {
        self.known().disk
    }

    /// Whether nothing may be claimed or called.
    pub fn must_hold(&self) -> bool {
        let known = self.known();
        known.clock.is_some() || known.disk.is_some_and(|disk| disk.is_full())
    }

    /// The clock's state, as the watch sees it.
    pub fn note_clock(&self, trouble: Option<ClockTrouble>, jump: Option<TimeDelta>) {
        self.change(|known| {
            known.clock = trouble;
            known.jumps += u64::from(jump.is_some());
        });
    }

    /// The disk's state.
    pub fn note_disk(&self, disk: Option<Disk>) {
        self.change(|known| known.disk = disk);
    }

    fn known(&self) -> Known {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// One look after another; the sources of time are arguments of [`Pulse::beat`].
#[derive(Debug)]
pub struct Pulse {
    watch: ClockWatch,
    vitals: Vitals,
    engine: Option<Engine>,
}

impl Pulse {
    /// Nothing was looked at yet. On `PostgreSQL` the engine is held until the clocks were compared.
    pub fn new(store: &Store, vitals: Vitals, engine: Option<Engine>) -> Self {
        let pulse = Self { watch: ClockWatch::new(store.postgres_pool().is_some()), vitals, engine };
        pulse.settle(pulse.watch.trouble(Duration::ZERO), None);
        pulse
    }

    /// A look at both clocks.
    pub fn beat(&mut self, wall: DateTime<Utc>, monotonic: Duration) {
        let jump = self.watch.beat(wall, monotonic);
        if let Some(off) = jump {
            tracing::error!(
                milliseconds = off.num_milliseconds(),
                "the clock has jumped; nothing is sent for a minute"
            );
        }
        self.settle(self.watch.trouble(monotonic), jump);
    }

    /// The database server's clock is ahead of ours by so much.
    pub fn compared(&mut self, ahead: TimeDelta, monotonic: Duration) {
        self.watch.compared(ahead);
        self.vitals.change(|known| known.ahead = Some(ahead));
        self.settle(self.watch.trouble(monotonic), None);
    }

    /// The disk was looked at.
    pub fn disk(&mut self, disk: Option<Disk>) {
        let was_full = self.vitals.disk().is_some_and(|disk| disk.is_full());
        self.vitals.note_disk(disk);
        let is_full = disk.is_some_and(|disk| disk.is_full());
        if is_full != was_full {
            tracing::error!(is_full, "the disk under the database; while it is full nothing is sent");
        }
        self.hold();
    }

    fn settle(&self, trouble: Option<ClockTrouble>, jump: Option<TimeDelta>) {
        let before = self.vitals.clock();
        self.vitals.note_clock(trouble, jump);
        if before != trouble {
            if let Some(trouble) = trouble {
                tracing::warn!(%trouble, "the clock isn't believed; nothing is claimed or called");
            } else {
                tracing::info!("the clock is believed again");
            }
        }
        self.hold();
    }

    fn hold(&self) {
        if let Some(engine) = &self.engine {
            engine.hold(self.vitals.must_hold());
        }
    }
}

/// Looks until `stop`. `database` is the `SQLite` file.
pub(super) async fn look_after(mut pulse: Pulse, store: Store, database: Option<PathBuf>, stop: CancellationToken) {
    let start = Instant::now();
    let mut ticks = interval(BEAT);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looks = 0_u64;
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        pulse.beat(store.ambient().now(), start.elapsed());
        if looks.is_multiple_of(SELDOM) {
            pulse.disk(database.as_deref().and_then(disk::look));
            compare(&mut pulse, &store, start).await;
        }
        looks += 1;
    }
}

async fn compare(pulse: &mut Pulse, store: &Store, start: Instant) {
    let (wall, asked) = (store.ambient().now(), Instant::now());
    let Ok(Ok(Some(server))) = timeout(QUICK, store.server_time()).await else { return };
    let half = TimeDelta::from_std(asked.elapsed() / 2).unwrap_or_default();
    pulse.compared(server - (wall + half), start.elapsed());
}
