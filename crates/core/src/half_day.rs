//! Half-days: the grain in which leave and duty are planned. The morning ends at noon, local time; a break at noon is afternoon.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

use crate::calendar::OfficeCalendar;
use crate::hours::{Period, common};

/// Minutes from midnight to noon.
const NOON: u16 = 12 * 60;
/// Minutes in a day.
const DAY: u16 = 24 * 60;

crate::codes! {
    /// A half of a day.
    Half {
        /// 午前: until noon.
        Morning = "morning",
        /// 午後: from noon on.
        Afternoon = "afternoon",
    }
}

/// A half of one date, local to the office; ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HalfDay {
    /// The date.
    pub on: NaiveDate,
    /// Which half of it.
    pub half: Half,
}

impl Half {
    /// The minutes of a day that belong to this half.
    pub fn period(self) -> Period {
        let (from, to) = match self {
            Self::Morning => (0, NOON),
            Self::Afternoon => (NOON, DAY),
        };
        Period::from_minutes(from, to).expect("both halves have minutes")
    }

    /// Which half a time of day belongs to.
    pub fn of(time: NaiveTime) -> Self {
        if time.num_seconds_from_midnight() < u32::from(NOON) * 60 { Self::Morning } else { Self::Afternoon }
    }
}

impl HalfDay {
    /// The morning of a date.
    pub fn morning(on: NaiveDate) -> Self {
        Self { on, half: Half::Morning }
    }

    /// The afternoon of a date.
    pub fn afternoon(on: NaiveDate) -> Self {
        Self { on, half: Half::Afternoon }
    }

    /// The half-day of a local moment.
    pub fn of(at: NaiveDateTime) -> Self {
        Self { on: at.date(), half: Half::of(at.time()) }
    }

    /// The one after it; the last day of the calendar has none.
    pub fn next(self) -> Option<Self> {
        match self.half {
            Half::Morning => Some(Self::afternoon(self.on)),
            Half::Afternoon => self.on.succ_opt().map(Self::morning),
        }
    }

    /// The one before it.
    pub fn before(self) -> Option<Self> {
        match self.half {
            Half::Morning => self.on.pred_opt().map(Self::afternoon),
            Half::Afternoon => Some(Self::morning(self.on)),
        }
    }

    /// This one and those that follow.
    pub fn onwards(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |half| half.next())
    }

    /// The part of a day's periods that lies in this half.
    pub fn part_of(self, periods: &[Period]) -> Vec<Period> {
        common(periods, &[self.half.period()])
    }

    /// Whether the office is open in it.
    pub fn is_open(self, calendar: &OfficeCalendar) -> bool {
        !self.part_of(calendar.periods_on(self.on)).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn half_days_follow_each_other_and_noon_begins_the_afternoon() {
        let morning = HalfDay::morning(day("2026-11-24"));
        assert_eq!(morning.next(), Some(HalfDay::afternoon(day("2026-11-24"))));
        assert_eq!(HalfDay::afternoon(day("2026-11-24")).next(), Some(HalfDay::morning(day("2026-11-25"))));
        assert_eq!(morning.before(), Some(HalfDay::afternoon(day("2026-11-23"))));
        let at = |h, m| Half::of(NaiveTime::from_hms_opt(h, m, 59).unwrap());
        assert_eq!((at(11, 59), at(12, 0)), (Half::Morning, Half::Afternoon));
        assert!(HalfDay::morning(day("2026-11-24")) < HalfDay::afternoon(day("2026-11-24")));
    }

    #[test]
    fn the_hours_of_a_day_are_parted_at_noon() {
        let periods = crate::hours::parse_day("09:00-13:00,14:00-17:30").unwrap();
        let parts = [Half::Morning, Half::Afternoon].map(|half| {
            let half = HalfDay { on: day("2026-11-24"), half };
            crate::hours::day_text(&half.part_of(&periods))
        });
        assert_eq!(parts, ["09:00-12:00", "12:00-13:00,14:00-17:30"]);
    }
}
