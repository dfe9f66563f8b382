//! The demo's time and chance: both can be repeated while history is made, and are real afterwards.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bansou_core::ambient::{Clock, Entropy};
use chrono::{DateTime, TimeDelta, Utc};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A clock that jumps while history is made and runs in real time from then on.
#[derive(Debug)]
pub struct DemoClock {
    hands: Mutex<Hands>,
}

#[derive(Clone, Copy, Debug)]
enum Hands {
    Standing(DateTime<Utc>),
    Running { from: DateTime<Utc>, since: Instant },
}

/// Randomness from a seed while history is made; the operating system's once somebody can sign in.
pub struct DemoEntropy {
    seeded: Mutex<Option<ChaCha20Rng>>,
}

/// The dice of the made-up people: what they do must not depend on how many random bytes the store draws.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha20Rng);

impl DemoClock {
    /// A clock that stands at a moment.
    pub fn standing(at: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self { hands: Mutex::new(Hands::Standing(at)) })
    }

    /// Puts a standing clock to a moment.
    pub fn set(&self, at: DateTime<Utc>) {
        *self.hands.lock().unwrap_or_else(PoisonError::into_inner) = Hands::Standing(at);
    }

    /// Lets it run on from where it stands.
    pub fn run(&self) {
        let from = self.now();
        *self.hands.lock().unwrap_or_else(PoisonError::into_inner) = Hands::Running { from, since: Instant::now() };
    }
}

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        match *self.hands.lock().unwrap_or_else(PoisonError::into_inner) {
            Hands::Standing(at) => at,
            Hands::Running { from, since } => from + TimeDelta::from_std(since.elapsed()).unwrap_or_default(),
        }
    }
}

impl DemoEntropy {
    /// Randomness that repeats with its seed.
    pub fn seeded(seed: u64) -> Arc<Self> {
        Arc::new(Self { seeded: Mutex::new(Some(ChaCha20Rng::seed_from_u64(seed))) })
    }

    /// From now on nothing can be foretold: sessions and links of people who look at the demo.
    pub fn make_real(&self) {
        *self.seeded.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Entropy for DemoEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        match &mut *self.seeded.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(rng) => rng.fill_bytes(bytes),
            None => getrandom::fill(bytes).expect("an operating system without randomness can keep no secret"),
        }
    }
}

impl std::fmt::Debug for DemoEntropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DemoEntropy")
    }
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // Another stream than the store's, or one would show what the other draws.
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        rng.set_stream(1);
        Self(rng)
    }

    /// From 0 to `n - 1`; 0 for 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        u32::try_from((u64::from(self.0.next_u32()) * u64::from(n)) >> 32).unwrap_or(0)
    }

    /// From `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of them. The lists of the demo are written down and never empty.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let at = self.below(u32::try_from(from.len()).unwrap_or(0));
        from[at as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_clock_goes_on_from_where_it_stood() {
        let at: DateTime<Utc> = "2026-11-20T01:00:00Z".parse().unwrap();
        let clock = DemoClock::standing(at);
        assert_eq!(clock.now(), at);
        clock.run();
        assert!(clock.now() >= at && clock.now() < at + TimeDelta::hours(1));
    }

    #[test]
    fn the_same_seed_throws_the_same() {
        let throw = |seed| {
            let mut dice = Dice::new(seed);
            (0..20).map(|_| dice.between(1, 6)).collect::<Vec<_>>()
        };
        assert_eq!(throw(1), throw(1));
        assert_ne!(throw(1), throw(2));
        assert!(throw(3).iter().all(|n| (1..=6).contains(n)));
    }

    #[test]
    fn real_randomness_does_not_repeat() {
        let entropy = DemoEntropy::seeded(1);
        let draw = || {
            let mut bytes = [0; 16];
            entropy.fill(&mut bytes);
            bytes
        };
        entropy.make_real();
        assert_ne!(draw(), draw());
    }
}
