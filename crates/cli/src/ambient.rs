//! The clock and the randomness of a real run: made here and nowhere else.

use std::sync::Arc;
use std::time::Instant;

use bansou_core::ambient::{Ambient, Clock, Entropy};
use chrono::{DateTime, TimeDelta, Utc};

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that begins at a moment and runs faster than the real one. Production refuses it.
#[derive(Clone, Copy, Debug)]
pub struct VirtualClock {
    start: DateTime<Utc>,
    speed: u32,
    since: Instant,
}

impl VirtualClock {
    /// Begins now at `start`; one real second is `speed` virtual ones.
    pub fn new(start: DateTime<Utc>, speed: u32) -> Self {
        Self { start, speed, since: Instant::now() }
    }

    /// Began at `start` when the machine's clock showed `since`, so that several processes have the same virtual time.
    pub fn since(start: DateTime<Utc>, speed: u32, since: DateTime<Utc>) -> Self {
        let ago = (SystemClock.now() - since).to_std().unwrap_or_default();
        let now = Instant::now();
        Self { start, speed, since: now.checked_sub(ago).unwrap_or(now) }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> DateTime<Utc> {
        let elapsed = self.since.elapsed().saturating_mul(self.speed);
        TimeDelta::from_std(elapsed).ok().and_then(|past| self.start.checked_add_signed(past)).unwrap_or(self.start)
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("an operating system without randomness can keep no secret");
    }
}

/// The machine's clock and randomness.
pub fn of_the_system() -> Ambient {
    Ambient::new(Arc::new(SystemClock), Arc::new(OsEntropy))
}

/// A virtual clock with the machine's randomness.
pub fn virtual_time(clock: VirtualClock) -> Ambient {
    Ambient::new(Arc::new(clock), Arc::new(OsEntropy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_begins_where_it_is_told_and_never_runs_backwards() {
        let start: DateTime<Utc> = "2026-04-01T00:00:00Z".parse().unwrap();
        let clock = VirtualClock::new(start, 3_600);
        let first = clock.now();
        assert!(first >= start && first < start + TimeDelta::hours(2));
        assert!(clock.now() >= first);
    }

    #[test]
    fn processes_that_know_when_virtual_time_began_agree_on_it() {
        let start: DateTime<Utc> = "2026-04-01T00:00:00Z".parse().unwrap();
        let clock = VirtualClock::since(start, 60, SystemClock.now() - TimeDelta::minutes(1));
        let past = clock.now() - start;
        assert!(past >= TimeDelta::hours(1) && past < TimeDelta::hours(2), "{past}");
    }

    #[test]
    fn randomness_does_not_repeat() {
        let ambient = of_the_system();
        assert_ne!(ambient.bytes::<32>(), ambient.bytes::<32>());
    }
}
