//! What can go wrong between us and a simulated provider.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use crate::{ChannelKind, Outcome, RefusedClass, WaitClass};

/// What goes wrong with one call. `…After` means that the provider has taken the message nevertheless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SimulatorFault {
    /// No connection is made.
    Reset,
    /// The provider answers that it has failed, and has.
    ErrorBefore,
    /// The provider answers that it has failed, but the message is on its way.
    ErrorAfter,
    /// No answer comes, and nothing was taken.
    TimeoutBefore,
    /// No answer comes, and the message was taken.
    TimeoutAfter,
    /// The connection breaks while the answer is read.
    ResetAfter,
    /// Too many calls; to be tried later.
    RateLimited,
    /// The month's messages are used up.
    MonthlyQuota,
    /// Our token is refused.
    Unauthorized,
}

/// Faults of the next calls, and how many have happened.
#[derive(Default)]
pub(super) struct Faults {
    script: HashMap<ChannelKind, VecDeque<Option<SimulatorFault>>>,
    happened: BTreeMap<SimulatorFault, u64>,
}

impl SimulatorFault {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Reset,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::TimeoutBefore,
        Self::TimeoutAfter,
        Self::ResetAfter,
        Self::RateLimited,
        Self::MonthlyQuota,
        Self::Unauthorized,
    ];

    /// Its name in summaries and fault files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::ErrorBefore => "error_before",
            Self::ErrorAfter => "error_after",
            Self::TimeoutBefore => "timeout_before",
            Self::TimeoutAfter => "timeout_after",
            Self::ResetAfter => "reset_after",
            Self::RateLimited => "rate_limited",
            Self::MonthlyQuota => "monthly_quota",
            Self::Unauthorized => "unauthorized",
        }
    }

    /// Whether the provider takes the message although the caller is told otherwise or nothing.
    pub(super) fn is_taken(self) -> bool {
        matches!(self, Self::ErrorAfter | Self::TimeoutAfter | Self::ResetAfter)
    }

    /// What the caller gets to see, as the real channels would read it.
    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::Reset => Outcome::not_sent("connect"),
            Self::ErrorBefore | Self::ErrorAfter => Outcome::unknown("sim_500"),
            Self::TimeoutBefore | Self::TimeoutAfter => Outcome::unknown("timeout"),
            Self::ResetAfter => Outcome::unknown("reset"),
            Self::RateLimited => Outcome::wait(WaitClass::RateLimited, Some(Duration::from_secs(30))),
            Self::MonthlyQuota => Outcome::wait(WaitClass::MonthlyQuota, None),
            Self::Unauthorized => Outcome::refused(RefusedClass::Unauthorized, "sim_401"),
        }
    }
}

impl Faults {
    pub(super) fn script(&mut self, kind: ChannelKind, faults: impl IntoIterator<Item = Option<SimulatorFault>>) {
        self.script.entry(kind).or_default().extend(faults);
    }

    pub(super) fn clear(&mut self) {
        self.script.clear();
    }

    /// The next call's fault.
    pub(super) fn next(&mut self, kind: ChannelKind) -> Option<SimulatorFault> {
        let fault = self.script.get_mut(&kind)?.pop_front()??;
        *self.happened.entry(fault).or_default() += 1;
        Some(fault)
    }

    pub(super) fn happened(&self) -> BTreeMap<SimulatorFault, u64> {
        self.happened.clone()
    }
}
