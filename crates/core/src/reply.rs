//! Reply: by when an answer of ours is due, counted in the office's open time (S2.1).
//!
//! Whoever writes at night, on a holiday or in the lunch break is answered after the doors open; the clock stands still until then.

use chrono::{DateTime, TimeDelta, Utc};

use crate::calendar::OfficeCalendar;
use crate::window::open_spans;

/// Days looked at for enough open time; an office that is closed for longer promises nothing.
const HORIZON_DAYS: usize = 60;

/// How quickly the office answers, in open time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyRule {
    /// An answer is due after so many minutes.
    pub due_minutes: i64,
    /// It is late after so many minutes.
    pub late_minutes: i64,
}

/// When an answer is due and when it is late, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyClock {
    /// Due by then.
    pub due_at: DateTime<Utc>,
    /// Late from then on.
    pub late_at: DateTime<Utc>,
}

impl Default for ReplyRule {
    /// S2.1: within an hour; after three it is late.
    fn default() -> Self {
        Self { due_minutes: 60, late_minutes: 180 }
    }
}

impl ReplyRule {
    /// The clock for words that came in at `since`; `None` when the office isn't open for long enough in the next weeks.
    pub fn clock(self, since: DateTime<Utc>, calendar: &OfficeCalendar) -> Option<ReplyClock> {
        Some(ReplyClock {
            due_at: after_open_time(since, TimeDelta::minutes(self.due_minutes), calendar)?,
            late_at: after_open_time(since, TimeDelta::minutes(self.late_minutes), calendar)?,
        })
    }
}

/// The moment at which so much open time has passed since `since`.
fn after_open_time(since: DateTime<Utc>, mut left: TimeDelta, calendar: &OfficeCalendar) -> Option<DateTime<Utc>> {
    let first = since.with_timezone(&calendar.zone).date_naive();
    for span in first.iter_days().take(HORIZON_DAYS).flat_map(|day| open_spans(day, calendar)) {
        let from = span.from.max(since);
        if from >= span.to {
            continue;
        }
        if span.to - from >= left {
            return Some(from + left);
        }
        left -= span.to - from;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::calendar::Holidays;
    use crate::hours::WeekHours;

    fn calendar(hours: &str) -> OfficeCalendar {
        OfficeCalendar {
            zone: chrono_tz::Asia::Tokyo,
            week: WeekHours::weekdays(hours).unwrap(),
            closures: BTreeSet::new(),
            holidays: Arc::new(Holidays::embedded()),
            open_on_holidays: false,
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+09:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
    }

    fn clock(since: &str) -> (DateTime<Utc>, DateTime<Utc>) {
        let clock = ReplyRule::default().clock(at(since), &calendar("09:00-12:00,13:00-17:30")).unwrap();
        (clock.due_at, clock.late_at)
    }

    #[test]
    fn a_word_in_the_morning_is_due_within_the_hour_and_late_after_three() {
        assert_eq!(clock("2026-11-20T09:10"), (at("2026-11-20T10:10"), at("2026-11-20T13:10")));
    }

    #[test]
    fn the_clock_stands_still_in_the_lunch_break_and_at_night() {
        assert_eq!(clock("2026-11-19T11:40"), (at("2026-11-19T13:40"), at("2026-11-19T15:40")));
        assert_eq!(clock("2026-11-19T22:00"), (at("2026-11-20T10:00"), at("2026-11-20T12:00")));
    }

    #[test]
    fn a_reply_on_a_holiday_waits_for_the_next_working_day() {
        // Friday evening; Monday 23 November 2026 is a holiday.
        assert_eq!(clock("2026-11-20T17:00"), (at("2026-11-24T09:30"), at("2026-11-24T11:30")));
    }

    #[test]
    fn an_office_that_never_opens_promises_nothing() {
        assert_eq!(ReplyRule::default().clock(at("2026-11-20T17:00"), &calendar("")), None);
    }
}
