//! What goes wrong on purpose, and when: by a script, or by chance that repeats.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Mutex,
};

use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::lock;

/// One thing going wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// 500 (SMTP: 451), and nothing was taken.
    ErrorBefore,
    /// Taken, but answered 500 (SMTP: the connection ends).
    ErrorAfter,
    /// The connection is reset, and nothing was taken.
    ResetBefore,
    /// Taken, and then the connection is reset.
    ResetAfter,
    /// No answer until the caller gives up, and nothing was taken.
    HangBefore,
    /// All is well, once [`Faults::release`] lets it go on.
    Held,
    /// Taken, and then no answer until the caller gives up.
    HangAfter,
    /// Taken, and the answer is cut in the middle of its JSON (SMTP: rubbish).
    GarbledAfter,
    /// 429 for the rate (SMTP: 421), nothing taken.
    RateLimited,
    /// LINE's 429 for the month; Twilio's rate; SMTP 452. Nothing taken.
    MonthlyQuota,
    /// All is well, after this many milliseconds (at most 1,000).
    Late(u16),
}

/// When faults happen. Chance depends on the seed, on what is asked and on how often it was asked before, and so not on
/// the order in which requests happen to arrive: a run repeats from its seed.
#[derive(Debug)]
pub struct Faults {
    seed: u64,
    state: Mutex<State>,
    released: Notify,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Option<Fault>>,
    rates: Vec<(Fault, u32)>,
    asked: HashMap<String, u32>,
    happened: BTreeMap<Fault, u64>,
}

impl Faults {
    /// No faults until they are asked for.
    pub fn new(seed: u64) -> Self {
        Self { seed, state: Mutex::default(), released: Notify::new() }
    }

    /// How often each fault happens, in thousandths of requests.
    ///
    /// # Panics
    ///
    /// When they add up to more than all requests.
    pub fn set_rates(&self, rates: &[(Fault, u32)]) {
        assert!(rates.iter().map(|(_, rate)| rate).sum::<u32>() <= 1_000, "faults of more than all requests");
        lock(&self.state).rates = rates.to_vec();
    }

    /// What happens to the next requests, one by one; after that the rates hold again.
    pub fn script(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        lock(&self.state).script.extend(faults);
    }

    /// Lets the request that is held, or the next one that will be, go on.
    pub fn release(&self) {
        self.released.notify_one();
    }

    pub(super) async fn until_released(&self) {
        self.released.notified().await;
    }

    /// How often each fault happened.
    pub fn happened(&self) -> BTreeMap<Fault, u64> {
        lock(&self.state).happened.clone()
    }

    /// The fault for a request that is about `what`.
    pub(super) fn next(&self, what: &str) -> Option<Fault> {
        let mut state = lock(&self.state);
        let fault = state.script.pop_front().unwrap_or_else(|| {
            let asked = state.asked.entry(what.to_owned()).or_default();
            *asked += 1;
            let draw = draw(self.seed, what, *asked);
            pick(&state.rates, draw)
        });
        if let Some(fault) = fault {
            *state.happened.entry(fault).or_default() += 1;
        }
        fault
    }
}

fn draw(seed: u64, what: &str, asked: u32) -> u32 {
    let hash = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(asked.to_be_bytes())
        .chain_update(what.as_bytes())
        .finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) % 1_000
}

fn pick(rates: &[(Fault, u32)], mut draw: u32) -> Option<Fault> {
    for (fault, rate) in rates {
        if draw < *rate {
            return Some(*fault);
        }
        draw -= rate;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_repeats_whatever_the_order_and_keeps_its_rate() {
        let rates = [(Fault::ErrorBefore, 100), (Fault::ResetAfter, 100)];
        let (forward, backward) = (Faults::new(7), Faults::new(7));
        forward.set_rates(&rates);
        backward.set_rates(&rates);
        let a: Vec<_> = (0..2_000).map(|n| forward.next(&n.to_string())).collect();
        let mut b: Vec<_> = (0..2_000).rev().map(|n| backward.next(&n.to_string())).collect();
        b.reverse();
        assert_eq!(a, b);
        let happened = forward.happened();
        assert!((120..280).contains(&happened[&Fault::ErrorBefore]), "{happened:?}");
    }

    #[test]
    fn a_script_comes_first() {
        let faults = Faults::new(1);
        faults.script([Some(Fault::HangAfter), None]);
        assert_eq!([faults.next("a"), faults.next("a"), faults.next("a")], [Some(Fault::HangAfter), None, None]);
    }
}
