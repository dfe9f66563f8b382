//! Again: when something that couldn't be done now comes back, in the office's open time.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::calendar::OfficeCalendar;
use crate::task::CallOutcome;
use crate::window::open_spans;

/// When a call comes back after nobody was reached: *not in* at the next opening of a day to come, *busy* in an hour. `None` for an
/// outcome that ends the call, or whose moment the person named.
pub fn call_again(outcome: CallOutcome, now: DateTime<Utc>, calendar: &OfficeCalendar) -> Option<DateTime<Utc>> {
    match outcome {
        CallOutcome::NotIn => Some(next_opening(now, calendar)),
        CallOutcome::Busy => Some(in_an_hour(now, calendar)),
        CallOutcome::Spoke | CallOutcome::WrongNumber | CallOutcome::Later => None,
    }
}

/// When the office opens on the next day on which it does; for an office that never opens, in a day.
pub fn next_opening(now: DateTime<Utc>, calendar: &OfficeCalendar) -> DateTime<Utc> {
    let opens = calendar.next_open_day(local(now, calendar)).and_then(|day| opening(day, calendar));
    opens.unwrap_or(now + TimeDelta::days(1))
}

/// When the office opens a week from now, or on the first open day after that; for an office that never opens, in a week.
pub fn next_week(now: DateTime<Utc>, calendar: &OfficeCalendar) -> DateTime<Utc> {
    let day = local(now, calendar).checked_add_days(Days::new(7));
    let opens = day.and_then(|day| calendar.open_day_from(day)).and_then(|day| opening(day, calendar));
    opens.unwrap_or(now + TimeDelta::days(7))
}

/// When the office opens on a day, or on the first open day after it; for an office that never opens, as that day begins.
pub fn morning_of(day: NaiveDate, calendar: &OfficeCalendar) -> DateTime<Utc> {
    let opens = calendar.open_day_from(day).and_then(|day| opening(day, calendar));
    let begins = || day.and_time(NaiveTime::MIN).and_local_timezone(calendar.zone).earliest().map(|at| at.to_utc());
    opens.or_else(begins).unwrap_or_else(|| day.and_time(NaiveTime::MIN).and_utc())
}

/// In an hour, or at the next opening when the office is closed for the day by then.
pub fn in_an_hour(now: DateTime<Utc>, calendar: &OfficeCalendar) -> DateTime<Utc> {
    let hour = now + TimeDelta::hours(1);
    let closes = open_spans(local(now, calendar), calendar).last().map(|span| span.to);
    if closes.is_some_and(|closes| hour < closes) { hour } else { next_opening(now, calendar) }
}

fn local(now: DateTime<Utc>, calendar: &OfficeCalendar) -> NaiveDate {
    now.with_timezone(&calendar.zone).date_naive()
}

fn opening(day: NaiveDate, calendar: &OfficeCalendar) -> Option<DateTime<Utc>> {
    open_spans(day, calendar).first().map(|span| span.from)
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

    fn office() -> OfficeCalendar {
        calendar("09:30-12:00,13:00-17:30")
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+09:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
    }

    #[test]
    fn whoever_is_not_in_is_called_when_the_office_next_opens() {
        let again = |now| call_again(CallOutcome::NotIn, at(now), &office()).unwrap();
        assert_eq!(again("2026-11-19T10:00"), at("2026-11-20T09:30"));
        assert_eq!(again("2026-11-20T10:00"), at("2026-11-24T09:30"), "over a weekend and a Monday holiday");
        assert_eq!(again("2026-11-20T00:30"), at("2026-11-24T09:30"), "also before today's opening");
    }

    #[test]
    fn a_busy_line_is_tried_in_an_hour_while_the_office_is_open() {
        let again = |now| call_again(CallOutcome::Busy, at(now), &office()).unwrap();
        assert_eq!(again("2026-11-19T10:00"), at("2026-11-19T11:00"));
        assert_eq!(again("2026-11-19T11:40"), at("2026-11-19T12:40"), "somebody is there in the lunch break");
        assert_eq!(again("2026-11-19T16:29"), at("2026-11-19T17:29"));
        assert_eq!(again("2026-11-19T16:30"), at("2026-11-20T09:30"), "closed by then");
        assert_eq!(again("2026-11-21T10:00"), at("2026-11-24T09:30"), "a Saturday");
    }

    #[test]
    fn next_week_is_a_week_from_now_or_the_first_open_day_after() {
        assert_eq!(next_week(at("2026-11-19T15:00"), &office()), at("2026-11-26T09:30"));
        assert_eq!(next_week(at("2026-11-16T15:00"), &office()), at("2026-11-24T09:30"), "that Monday is a holiday");
    }

    #[test]
    fn what_is_to_be_done_on_a_closed_day_is_there_on_the_next_open_morning() {
        assert_eq!(morning_of("2026-11-19".parse().unwrap(), &office()), at("2026-11-19T09:30"));
        assert_eq!(morning_of("2026-11-21".parse().unwrap(), &office()), at("2026-11-24T09:30"));
    }

    #[test]
    fn an_office_that_never_opens_still_gets_its_calls_back() {
        let never = calendar("");
        assert_eq!(next_opening(at("2026-11-19T10:00"), &never), at("2026-11-20T10:00"));
        assert_eq!(in_an_hour(at("2026-11-19T10:00"), &never), at("2026-11-20T10:00"));
        assert_eq!(next_week(at("2026-11-19T10:00"), &never), at("2026-11-26T10:00"));
        assert_eq!(morning_of("2026-11-19".parse().unwrap(), &never), at("2026-11-19T00:00"));
    }

    #[test]
    fn what_ends_a_call_or_was_agreed_has_no_moment_of_ours() {
        for outcome in [CallOutcome::Spoke, CallOutcome::WrongNumber, CallOutcome::Later] {
            assert_eq!(call_again(outcome, at("2026-11-19T10:00"), &office()), None);
        }
    }
}
