//! What an alarm does: one run of each kind at a time in a process, and when each was last seen.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::task::TaskTracker;

use super::Alarm;
use crate::engine::{Engine, cause};

/// A worker whose dispatch hasn't run for so long isn't ready (trust.md section 6).
const STALE: Duration = Duration::from_secs(30);
/// A run may take this long before it counts as stuck.
const STUCK: Duration = Duration::from_mins(15);

/// What `/readyz` asks: whether the alarms ring.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    alarms: [Mutex<Last>; Alarm::ALL.len()],
    listening: AtomicBool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Last {
    began: Option<Instant>,
    ended: Option<Instant>,
    runs: u64,
    failed: u64,
}

impl Health {
    /// Nothing has run yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether dispatch runs regularly and apalis listens.
    pub fn is_ready(&self) -> bool {
        let last = self.last(Alarm::Dispatch);
        let is_running = last.began.is_some_and(|began| last.ended.is_none_or(|ended| ended < began));
        let limit = if is_running { STUCK } else { STALE };
        self.is_listening() && last.began.is_some_and(|began| began.elapsed() < limit)
    }

    /// Whether apalis' worker lives.
    pub fn is_listening(&self) -> bool {
        self.0.listening.load(Ordering::Relaxed)
    }

    /// How often an alarm ran here.
    pub fn runs(&self, alarm: Alarm) -> u64 {
        self.last(alarm).runs
    }

    /// How often it failed here.
    pub fn failures(&self, alarm: Alarm) -> u64 {
        self.last(alarm).failed
    }

    /// How long ago it began here the last time.
    pub fn age(&self, alarm: Alarm) -> Option<Duration> {
        self.last(alarm).began.map(|began| began.elapsed())
    }

    pub(super) fn listening(&self, is: bool) {
        self.0.listening.store(is, Ordering::Relaxed);
    }

    fn last(&self, alarm: Alarm) -> Last {
        *self.0.alarms[alarm as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, alarm: Alarm, change: impl FnOnce(&mut Last)) {
        change(&mut self.0.alarms[alarm as usize].lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The engine with a turnstile for each alarm.
#[derive(Clone, Debug)]
pub(super) struct Hands(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Engine,
    health: Health,
    turnstiles: [Turnstile; Alarm::ALL.len()],
    runs: TaskTracker,
}

#[derive(Debug, Default)]
struct Turnstile {
    busy: Mutex<Busy>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Busy {
    #[default]
    Idle,
    Running,
    /// Rung again meanwhile: what was stored after the run looked must not wait for the next tick.
    Again,
}

impl Hands {
    pub(super) fn new(engine: Engine, health: Health) -> Self {
        let turnstiles = std::array::from_fn(|_| Turnstile::default());
        Self(Arc::new(Inner { engine, health, turnstiles, runs: TaskTracker::new() }))
    }

    pub(super) fn health(&self) -> &Health {
        &self.0.health
    }

    /// Runs an alarm and waits for its end. The run is a task of its own: apalis drops its handlers at a fault of the
    /// database, and a call to a provider must not be dropped half-way.
    pub(super) async fn run(&self, alarm: Alarm) {
        if !self.enter(alarm) {
            return;
        }
        let hands = self.clone();
        let run = self.0.runs.spawn(async move { hands.work(alarm).await });
        if run.await.is_err() {
            tracing::error!(alarm = %alarm, "an alarm's run broke off");
        }
    }

    /// Runs an alarm without waiting.
    pub(super) fn ring(&self, alarm: Alarm) {
        let hands = self.clone();
        self.0.runs.spawn(async move { hands.run(alarm).await });
    }

    /// Whether an alarm that should have run isn't running and hasn't begun for so long.
    pub(super) fn is_overdue(&self, alarm: Alarm, limit: Duration) -> bool {
        let is_idle = *self.busy(alarm) == Busy::Idle;
        is_idle && self.0.health.age(alarm).is_none_or(|age| age > limit)
    }

    /// From here on no batch is claimed.
    pub(super) fn stop_claiming(&self) {
        self.0.engine.stop_claiming();
    }

    /// Waits for runs under way.
    pub(super) async fn all_done(&self) {
        self.0.runs.close();
        self.0.runs.wait().await;
    }

    fn enter(&self, alarm: Alarm) -> bool {
        let mut busy = self.busy(alarm);
        let may = *busy == Busy::Idle;
        *busy = if may { Busy::Running } else { Busy::Again };
        may
    }

    async fn work(&self, alarm: Alarm) {
        // Opens the turnstile again when the engine panics.
        let mut leave = Leave { hands: self, alarm, is_needed: true };
        loop {
            self.0.health.note(alarm, |last| {
                last.began = Some(Instant::now());
                last.runs += 1;
            });
            let done = self.once(alarm).await;
            self.0.health.note(alarm, |last| last.ended = Some(Instant::now()));
            if let Err(error) = done {
                self.0.health.note(alarm, |last| last.failed += 1);
                tracing::warn!(alarm = %alarm, error = %error, cause = cause(&error), "an alarm's run failed");
            }
            let mut busy = self.busy(alarm);
            if *busy != Busy::Again {
                // Under the same lock as the look, so that nobody's ring is lost in between.
                *busy = Busy::Idle;
                leave.is_needed = false;
                return;
            }
            *busy = Busy::Running;
        }
    }

    async fn once(&self, alarm: Alarm) -> crate::Result<()> {
        let engine = &self.0.engine;
        if engine.is_held() && alarm.goes_by_the_clock() {
            return Ok(());
        }
        let done = match alarm {
            Alarm::Plan => engine.plan().await?,
            Alarm::Dispatch => engine.dispatch().await?,
            Alarm::Sweep => engine.sweep().await?,
            Alarm::Inbound => engine.inbound().await?,
            Alarm::InboundSweep => engine.inbound_sweep().await?,
            Alarm::Silence => engine.silence().await?,
            Alarm::Remind => engine.remind().await?,
            Alarm::Clocks => engine.clocks().await?,
            Alarm::Quota => engine.quotas().await?,
            Alarm::Attachments => engine.attachments().await?,
            Alarm::Housekeeping => engine.housekeeping().await?,
        };
        if done == 0 {
            return Ok(());
        }
        // What one alarm has done is often what another waits for.
        match alarm {
            Alarm::Inbound => {
                self.ring(Alarm::Dispatch);
                self.ring(Alarm::Attachments);
            }
            Alarm::Plan | Alarm::Sweep => self.ring(Alarm::Dispatch),
            Alarm::InboundSweep => self.ring(Alarm::Inbound),
            _ => {}
        }
        Ok(())
    }

    fn busy(&self, alarm: Alarm) -> std::sync::MutexGuard<'_, Busy> {
        self.0.turnstiles[alarm as usize].busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Leave<'a> {
    hands: &'a Hands,
    alarm: Alarm,
    is_needed: bool,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if !self.is_needed {
            return;
        }
        *self.hands.busy(self.alarm) = Busy::Idle;
    }
}
