//! Who stays: official rate, cohorts and survival.
//!
//! Three views of the same facts. The *official* rate (就労定着率, domain sheet section 2.1) decides the base reward and
//! follows the authorities' rules; where these are silent both results are shown. *Cohorts* and *survival* are the
//! manager's own view and never stand for the statutory rate (section 2.4).
//!
//! Only facts dated up to `as_of` are used. All days are local days of the office.

mod baselines;
mod cohorts;
mod official;
mod reason;
mod rewards;
mod stay;
mod survival;

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

pub use baselines::{Baseline, BaselineGroup, BaselineRow, baselines};
pub use cohorts::{COHORT_MONTHS, Cohort, SMALL_GROUP};
pub use official::{Official, PersonPart, Reading};
pub use reason::{Note, Part, Reason};
pub use rewards::{Band, Rewards, RewardsError, Tier};
pub use survival::Survival;

use crate::leaving::LeavingReason;
use crate::service_period::ServicePeriod;
use stay::Stay;

/// What is known of one person; the order of the lists doesn't matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The graduate.
    pub id: Uuid,
    /// The office's own number for the person (利用者番号).
    pub external_id: Option<String>,
    /// Every job known.
    pub employments: Vec<Job>,
    /// Every stretch of support known.
    pub service_periods: Vec<ServicePeriod>,
}

/// One placement episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// A label for the employer, for the calculation trace.
    pub employer: Option<String>,
    /// First day of employment.
    pub hired_on: NaiveDate,
    /// Last day of employment; `None` while it lasts or when it isn't known.
    pub left_on: Option<NaiveDate>,
    /// Why it ended. Without `left_on`, anything but [`LeavingReason::OnLeave`] means that the day is missing.
    pub leaving: Option<LeavingReason>,
    /// This job *followed* another by a change that the office supported to better working conditions
    /// (労働条件改善のための転職支援等).
    pub supported_change: bool,
    /// Nobody knows whether the person still works there.
    pub status_unknown: bool,
}

/// Everything `bansou retention --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The day whose knowledge is used.
    pub as_of: NaiveDate,
    /// 就労定着率 with its tier and each person's part.
    pub official: Official,
    /// How long people stay (Kaplan–Meier).
    pub survival: Survival,
    /// Shares kept after fixed numbers of months.
    pub cohorts: Vec<Cohort>,
}

/// Computes all three views of the people's stays as of a day.
pub fn report(as_of: NaiveDate, people: &[Person], rewards: &Rewards) -> Report {
    let stays: Vec<Stay> = people.iter().filter_map(|person| stay::first_stay(person, as_of)).collect();
    Report {
        as_of,
        official: official::official(as_of, people, rewards),
        survival: survival::survival(as_of, &stays),
        cohorts: cohorts::cohorts(as_of, &stays),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod roster_by_hand;
