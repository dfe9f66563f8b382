//! The virtual time that the driver, its providers and every process share.

use std::sync::{Arc, Mutex, PoisonError};

use bansou_core::ambient::Clock;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::ambient::{SystemClock, VirtualClock};

/// A clock that can be put forward over a night, while no process runs.
#[derive(Clone, Debug)]
pub(super) struct Hands(Arc<Mutex<Set>>);

#[derive(Clone, Copy, Debug)]
struct Set {
    start: DateTime<Utc>,
    since: DateTime<Utc>,
    speed: u32,
    clock: VirtualClock,
}

impl Set {
    fn at(start: DateTime<Utc>, speed: u32) -> Self {
        let since = SystemClock.now();
        Self { start, since, speed, clock: VirtualClock::since(start, speed, since) }
    }
}

impl Hands {
    pub(super) fn new(start: DateTime<Utc>, speed: u32) -> Self {
        Self(Arc::new(Mutex::new(Set::at(start, speed))))
    }

    pub(super) fn put(&self, start: DateTime<Utc>, speed: u32) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Set::at(start, speed);
    }

    /// What makes a process of ours keep the same time.
    pub(super) fn arguments(&self) -> [String; 6] {
        let set = self.set();
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
        [
            "--virtual-start".into(),
            text(set.start),
            "--virtual-since".into(),
            text(set.since),
            "--speed".into(),
            set.speed.to_string(),
        ]
    }

    fn set(&self) -> Set {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        self.set().clock.now()
    }
}
