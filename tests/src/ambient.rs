//! A clock that tests set and randomness that repeats.

use std::sync::{Arc, Mutex, PoisonError};

use bansou_core::ambient::{Ambient, Clock, Entropy};
use chrono::{DateTime, TimeDelta, Utc};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct TestClock {
    now: Mutex<DateTime<Utc>>,
}

impl TestClock {
    /// A clock that stands at a moment.
    pub fn new(now: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self { now: Mutex::new(now) })
    }

    /// Puts it to a moment.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Puts it to a moment written as RFC 3339.
    ///
    /// # Panics
    ///
    /// When the text is no such moment.
    pub fn set_to(&self, at: &str) {
        self.set(moment(at));
    }

    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same bytes in every run with the same seed; never for anything but tests.
#[derive(Debug)]
pub struct SeededEntropy {
    rng: Mutex<ChaCha20Rng>,
}

impl SeededEntropy {
    /// Randomness from a seed.
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { rng: Mutex::new(ChaCha20Rng::seed_from_u64(seed)) })
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

/// An ambient whose clock stands at `at` (RFC 3339, e.g. `2026-04-01T09:00:00+09:00`) and whose randomness has seed 1.
///
/// # Panics
///
/// When `at` is no such moment.
pub fn ambient(at: &str) -> (Ambient, Arc<TestClock>) {
    let clock = TestClock::new(moment(at));
    (Ambient::new(Arc::clone(&clock) as _, SeededEntropy::new(1)), clock)
}

/// A moment written as RFC 3339.
///
/// # Panics
///
/// When the text is no such moment.
pub fn moment(at: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(at).expect("an RFC 3339 moment").to_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stands_still_until_it_is_moved_and_randomness_repeats() {
        let (first, clock) = ambient("2026-04-01T09:00:00+09:00");
        let (second, _) = ambient("2026-04-01T09:00:00+09:00");
        assert_eq!(first.now(), second.now());
        assert_eq!(first.bytes::<32>(), second.bytes::<32>());
        assert_ne!(first.bytes::<32>(), first.bytes::<32>());
        clock.advance(TimeDelta::minutes(5));
        assert_eq!(first.now(), moment("2026-04-01T00:05:00Z"));
        clock.set_to("2026-05-01T00:00:00Z");
        assert_eq!(first.now(), moment("2026-05-01T00:00:00Z"));
    }
}
