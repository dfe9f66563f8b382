//! Shares kept after fixed numbers of months, the manager's plain view (domain sheet section 2.4).
//!
//! For month *m* the group is everybody whose first *m* months are over by `as_of`, counted like the six months of the
//! law (hired on 1 April, six months over at the end of 30 September); kept is who was still employed on the last day
//! of them. It is not the statutory rate.

use chrono::NaiveDate;
use serde::Serialize;

use super::stay::{Stay, StayEnd};
use crate::service_period::months_end;

/// The months at which cohorts are read.
pub const COHORT_MONTHS: [u32; 7] = [1, 3, 6, 12, 24, 36, 42];

/// Groups below this size are hidden on pages (a share of so few points at persons).
pub const SMALL_GROUP: usize = 5;

/// One group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cohort {
    /// Months since hiring.
    pub months: u32,
    /// People hired at least that long ago whose stay is known.
    pub hired: usize,
    /// Those of them still employed after that many months.
    pub kept: usize,
    /// `kept / hired`; `None` for nobody.
    pub share: Option<f64>,
    /// People hired at least that long ago of whom nobody knows whether or when they left.
    pub unknown: usize,
    /// The group is so small that pages don't show it.
    pub hidden: bool,
}

/// Reads all cohorts from stays followed to `as_of`.
pub(super) fn cohorts(as_of: NaiveDate, stays: &[Stay]) -> Vec<Cohort> {
    COHORT_MONTHS.into_iter().map(|months| cohort(months, as_of, stays)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2^52")]
fn cohort(months: u32, as_of: NaiveDate, stays: &[Stay]) -> Cohort {
    let (mut hired, mut kept, mut unknown) = (0, 0, 0);
    for stay in stays {
        let over_on = months_end(stay.hired_on, months);
        if over_on > as_of {
            continue;
        }
        match (stay.end, stay.left_on) {
            (StayEnd::Unknown | StayEnd::DayMissing, _) => unknown += 1,
            (StayEnd::Working | StayEnd::ChangedWithSupport | StayEnd::OnLeave, _) => {
                hired += 1;
                kept += 1;
            }
            (_, left_on) => {
                hired += 1;
                kept += usize::from(left_on.is_some_and(|left_on| left_on >= over_on));
            }
        }
    }
    let share = (hired > 0).then(|| kept as f64 / hired as f64);
    Cohort { months, hired, kept, share, unknown, hidden: hired < SMALL_GROUP }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(hired_on: &str, left_on: Option<&str>) -> Stay {
        let day = |text: &str| text.parse().expect("a date in a test");
        let end = if left_on.is_some() { StayEnd::Left } else { StayEnd::Working };
        Stay { hired_on: day(hired_on), left_on: left_on.map(day), leaving: None, end }
    }

    fn at(months: u32, as_of: &str, stays: &[Stay]) -> (usize, usize, bool) {
        let all = cohorts(as_of.parse().expect("a date in a test"), stays);
        let cohort = all.iter().find(|cohort| cohort.months == months).expect("a known month");
        (cohort.hired, cohort.kept, cohort.hidden)
    }

    #[test]
    fn a_person_joins_a_group_on_the_day_its_months_are_over() {
        let stays = [stay("2025-04-01", None)];
        assert_eq!(at(6, "2025-09-29", &stays), (0, 0, true));
        assert_eq!(at(6, "2025-09-30", &stays), (1, 1, true));
    }

    #[test]
    fn who_leaves_on_the_last_day_of_the_months_has_kept_them() {
        let stays = [stay("2024-08-31", Some("2025-02-28")), stay("2024-08-31", Some("2025-02-27"))];
        assert_eq!(at(6, "2026-01-01", &stays), (2, 1, true));
        assert_eq!(at(3, "2026-01-01", &stays), (2, 2, true));
    }

    #[test]
    fn groups_under_five_are_hidden_and_unknown_stays_are_told_apart() {
        let mut stays = vec![stay("2024-01-10", None); 5];
        assert_eq!(at(12, "2026-01-01", &stays), (5, 5, false));
        stays[0].end = StayEnd::Unknown;
        assert_eq!(at(12, "2026-01-01", &stays), (4, 4, true));
        let cohort = cohort(12, "2026-01-01".parse().expect("a date"), &stays);
        assert_eq!(cohort.unknown, 1);
    }
}
