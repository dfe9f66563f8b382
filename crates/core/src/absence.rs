//! Leave: when a member of staff isn't there, and who stands in (S3.1, S4.3).
//!
//! It is entered once and moves no rows: who looks after whom at a moment is computed ([`crate::team`]), so that everything is
//! back by itself when leave ends.

use serde::{Deserialize, Serialize};

use crate::half_day::HalfDay;
use crate::ids::StaffId;

/// Longest reason, in characters.
pub const REASON_MAX: usize = 200;
/// Longest leave, in days: a year of childcare leave and more is entered piece by piece, so that somebody looks at it again.
pub const LONGEST_DAYS: i64 = 400;

/// A stretch of half-days, both ends included, local to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HalfDays {
    from: HalfDay,
    to: HalfDay,
}

/// Why a stretch was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HalfDaysError {
    /// It ends before it begins.
    #[error("leave ends before it begins")]
    Inverted,
    /// Longer than [`LONGEST_DAYS`].
    #[error("leave is longer than {LONGEST_DAYS} days")]
    TooLong,
}

/// One person's leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Who is away.
    pub staff: StaffId,
    /// When.
    pub when: HalfDays,
    /// Who stands in; `None` leaves it to each graduate's own stand-in and to the person on duty.
    pub standin: Option<StaffId>,
}

impl HalfDays {
    /// From the first half-day to the last one.
    pub fn new(from: HalfDay, to: HalfDay) -> Result<Self, HalfDaysError> {
        if to < from {
            return Err(HalfDaysError::Inverted);
        }
        if (to.on - from.on).num_days() >= LONGEST_DAYS {
            return Err(HalfDaysError::TooLong);
        }
        Ok(Self { from, to })
    }

    /// The first half-day.
    pub fn from(self) -> HalfDay {
        self.from
    }

    /// The last half-day.
    pub fn to(self) -> HalfDay {
        self.to
    }

    /// Whether a half-day lies in it.
    pub fn covers(self, half: HalfDay) -> bool {
        self.from <= half && half <= self.to
    }

    /// Whether the two share a half-day.
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_morning_and_an_afternoon_of_one_day_do_not_overlap() {
        let on = day("2026-11-24");
        let morning = HalfDays::new(HalfDay::morning(on), HalfDay::morning(on)).unwrap();
        let afternoon = HalfDays::new(HalfDay::afternoon(on), HalfDay::afternoon(on)).unwrap();
        let whole = HalfDays::new(HalfDay::morning(on), HalfDay::afternoon(on)).unwrap();
        assert!(!morning.overlaps(afternoon) && morning.overlaps(whole) && whole.overlaps(afternoon));
        assert!(whole.covers(HalfDay::afternoon(on)) && !morning.covers(HalfDay::afternoon(on)));
    }

    #[test]
    fn leave_that_ends_before_it_begins_or_never_ends_is_refused() {
        let (from, to) = (HalfDay::afternoon(day("2026-11-24")), HalfDay::morning(day("2026-11-24")));
        assert_eq!(HalfDays::new(from, to), Err(HalfDaysError::Inverted));
        let far = HalfDay::morning(day("2028-11-24"));
        assert_eq!(HalfDays::new(from, far), Err(HalfDaysError::TooLong));
    }
}
