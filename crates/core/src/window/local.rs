//! Local periods as stretches of UTC, on days when the clocks change too.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::SendWindow;
use crate::hours::Period;

/// Longest stretch of local time that a zone has ever left out (a whole day at the date line), in minutes.
const LONGEST_GAP: i64 = 36 * 60;

/// A period of a local date in UTC. Every moment of it shows a local time inside the period; where that can't be had
/// (a period wholly inside skipped or repeated minutes) there is none.
///
/// Skipped local times stand for the moment the clock jumps. Of a repeated local time the second is taken as a
/// beginning and the first as an end, so that an hour that comes twice never lets a message out too early or too late.
pub(super) fn span(date: NaiveDate, period: Period, zone: Tz) -> Option<SendWindow> {
    let midnight = date.and_hms_opt(0, 0, 0)?;
    let from = instant(midnight + TimeDelta::minutes(period.from().into()), zone, Fold::Second)?;
    let to = instant(midnight + TimeDelta::minutes(period.to().into()), zone, Fold::First)?;
    (from < to).then_some(SendWindow { from, to })
}

#[derive(Clone, Copy)]
enum Fold {
    First,
    Second,
}

fn instant(local: NaiveDateTime, zone: Tz, fold: Fold) -> Option<DateTime<Utc>> {
    let found = match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at,
        LocalResult::Ambiguous(first, second) => match fold {
            Fold::First => first,
            Fold::Second => second,
        },
        LocalResult::None => (1..=LONGEST_GAP)
            .find_map(|minutes| zone.from_local_datetime(&(local + TimeDelta::minutes(minutes))).earliest())?,
    };
    Some(found.to_utc())
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America::New_York, Asia::Tokyo, Pacific::Apia};

    use super::*;

    fn on(y: i32, m: u32, d: u32, period: &str, zone: Tz) -> Option<String> {
        let window = span(NaiveDate::from_ymd_opt(y, m, d).unwrap(), Period::parse(period).unwrap(), zone)?;
        Some(format!("{} to {}", window.from.format("%d %H:%M"), window.to.format("%d %H:%M")))
    }

    #[test]
    fn in_tokyo_a_day_is_nine_hours_ahead() {
        assert_eq!(on(2026, 11, 25, "09:00-17:30", Tokyo).unwrap(), "25 00:00 to 25 08:30");
        assert_eq!(on(2026, 11, 25, "00:00-24:00", Tokyo).unwrap(), "24 15:00 to 25 15:00");
    }

    #[test]
    fn an_hour_that_is_skipped_belongs_to_nobody() {
        // New York, 8 March 2026: 02:00 becomes 03:00 at 07:00 UTC.
        assert_eq!(on(2026, 3, 8, "01:00-02:30", New_York).unwrap(), "08 06:00 to 08 07:00");
        assert_eq!(on(2026, 3, 8, "02:30-04:00", New_York).unwrap(), "08 07:00 to 08 08:00");
        assert_eq!(on(2026, 3, 8, "02:10-02:50", New_York), None);
    }

    #[test]
    fn an_hour_that_comes_twice_is_counted_on_the_safe_side() {
        // New York, 1 November 2026: 02:00 becomes 01:00 at 06:00 UTC.
        assert_eq!(on(2026, 11, 1, "00:30-01:30", New_York).unwrap(), "01 04:30 to 01 05:30");
        assert_eq!(on(2026, 11, 1, "01:30-03:00", New_York).unwrap(), "01 06:30 to 01 08:00");
        assert_eq!(on(2026, 11, 1, "00:00-03:00", New_York).unwrap(), "01 04:00 to 01 08:00");
    }

    #[test]
    fn a_day_that_never_was_has_no_hours() {
        assert_eq!(on(2011, 12, 30, "09:00-17:00", Apia), None);
        assert!(on(2011, 12, 29, "09:00-17:00", Apia).is_some());
    }
}
