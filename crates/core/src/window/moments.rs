//! Good moments to propose for an answer that needn't go at once (S2.4).
//!
//! Not the first minute of a day, when everybody's messages come, but an hour into it; after a break its beginning; on a day
//! that has begun also the next full hour but one.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::{SendContext, search_days, usable_windows_on};

/// How far ahead proposals are looked for.
const DAYS: usize = 21;
/// A moment sooner than this is no "later".
const NOT_BEFORE: TimeDelta = TimeDelta::minutes(10);
/// Into the day.
const SETTLED: TimeDelta = TimeDelta::hours(1);

/// The next good moments after `now` at which a message may leave, soonest first, at most `most`.
pub fn good_moments(now: DateTime<Utc>, ctx: &SendContext<'_>, most: usize) -> Vec<DateTime<Utc>> {
    let today = now.with_timezone(&ctx.calendar.zone).date_naive();
    let mut moments = Vec::new();
    for day in search_days(today, ctx).take(DAYS) {
        for (index, window) in usable_windows_on(day, ctx).enumerate() {
            let begun = window.from <= now;
            let settled = if index == 0 { window.from + SETTLED } else { window.from };
            let at = if begun {
                full_hour_after(now + SETTLED)
            } else if settled < window.to {
                settled
            } else {
                window.from
            };
            if at >= now + NOT_BEFORE && window.contains(at) {
                moments.push(at);
            }
            if moments.len() >= most {
                return moments;
            }
        }
    }
    moments
}

fn full_hour_after(at: DateTime<Utc>) -> DateTime<Utc> {
    let hour = at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at);
    if hour == at { at } else { hour + TimeDelta::hours(1) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use chrono_tz::Asia::Tokyo;

    use super::*;
    use crate::calendar::{Holidays, OfficeCalendar};
    use crate::hours::{PersonHours, WeekHours};
    use crate::window::{SendDecision, SendKind, SendRules, may_send};

    fn moments(now: &str, person: &str) -> Vec<String> {
        let calendar = OfficeCalendar {
            zone: Tokyo,
            week: WeekHours::weekdays("09:00-12:00,13:00-18:00").unwrap(),
            closures: BTreeSet::new(),
            holidays: Arc::new(Holidays::embedded()),
            open_on_holidays: false,
        };
        let hours = PersonHours { week: WeekHours::every_day(person).unwrap(), zone: None };
        let rules = SendRules::default();
        let ctx = SendContext { calendar: &calendar, person: &hours, rules: &rules, kind: SendKind::Reply };
        let now = now.parse::<DateTime<Utc>>().unwrap();
        let found = good_moments(now, &ctx, 3);
        assert!(found.iter().all(|at| matches!(may_send(*at, &ctx), SendDecision::Now { .. })), "{found:?}");
        found.iter().map(|at| at.with_timezone(&calendar.zone).format("%a %H:%M").to_string()).collect()
    }

    #[test]
    fn in_the_morning_after_lunch_is_proposed_then_an_hour_into_the_next_day() {
        // A Wednesday, 10:42 in Tokyo.
        assert_eq!(moments("2026-11-18T01:42:00Z", "0:00-24:00"), ["Wed 13:00", "Thu 10:00", "Thu 13:00"]);
    }

    #[test]
    fn in_the_afternoon_a_full_hour_of_the_same_day_is_proposed_while_there_is_one() {
        assert_eq!(moments("2026-11-18T05:10:00Z", "0:00-24:00"), ["Wed 16:00", "Thu 10:00", "Thu 13:00"]);
        assert_eq!(moments("2026-11-20T08:30:00Z", "0:00-24:00")[0], "Tue 10:00", "over a weekend and a holiday");
    }

    #[test]
    fn the_persons_own_hours_are_kept() {
        assert_eq!(moments("2026-11-18T01:42:00Z", "15:00-15:30"), ["Wed 15:00", "Thu 15:00", "Fri 15:00"]);
    }
}
