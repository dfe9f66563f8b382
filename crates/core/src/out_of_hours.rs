//! Out of hours: whether somebody who writes now meets closed doors until another day, and since when.

use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::calendar::OfficeCalendar;
use crate::window::open_spans;

/// Days looked at for the last closing.
const BACK: u64 = 30;
/// Days looked at for the next opening.
const AHEAD: usize = 400;
/// One answer is enough for an evening, also where the doors stay closed for days.
const EVENING: TimeDelta = TimeDelta::hours(18);

/// A time of closed doors, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Whoever was answered since then isn't answered again: the doors closed, or an evening ago.
    pub answered_since: DateTime<Utc>,
    /// When they open.
    pub opens_at: DateTime<Utc>,
}

/// The closed time around a moment; `None` while the office is open, in a break of the same day, and where it never opens.
pub fn closed(at: DateTime<Utc>, calendar: &OfficeCalendar) -> Option<Closed> {
    let today = at.with_timezone(&calendar.zone).date_naive();
    let spans = |day| open_spans(day, calendar);
    let opens_at = today.iter_days().take(AHEAD).flat_map(spans).find(|span| span.to > at)?.from;
    if opens_at <= at {
        return None;
    }
    let days = (0..BACK).filter_map(|back| today.checked_sub_days(Days::new(back)));
    let closed_at = days.flat_map(|day| open_spans(day, calendar).into_iter().rev()).find(|span| span.to <= at);
    let closed_at = closed_at.map(|span| span.to);
    let local = |at: DateTime<Utc>| at.with_timezone(&calendar.zone).date_naive();
    if closed_at.is_some_and(|closed_at| local(closed_at) == local(opens_at)) {
        return None;
    }
    let an_evening_ago = at - EVENING;
    Some(Closed { answered_since: closed_at.map_or(an_evening_ago, |at| at.max(an_evening_ago)), opens_at })
}

/// The closed time around a moment, or else the first one after it, each with a moment in it. `None` where the doors never open,
/// or never close.
pub fn next_closed(at: DateTime<Utc>, calendar: &OfficeCalendar) -> Option<(DateTime<Utc>, Closed)> {
    if let Some(now) = closed(at, calendar) {
        return Some((at, now));
    }
    let today = at.with_timezone(&calendar.zone).date_naive();
    let spans = today.iter_days().take(AHEAD).flat_map(|day| open_spans(day, calendar));
    let mut ends = spans.map(|span| span.to).filter(|end| *end > at);
    ends.find_map(|end| closed(end, calendar).map(|closed| (end, closed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::working::tests::{at, office};

    fn around(now: &str) -> Option<Closed> {
        closed(at(now), &office())
    }

    #[test]
    fn in_open_hours_and_in_the_lunch_break_the_doors_are_not_closed_for_the_day() {
        assert_eq!(around("2026-11-19T09:00"), None);
        assert_eq!(around("2026-11-19T12:30"), None);
        assert_eq!(around("2026-11-19T17:29"), None);
    }

    #[test]
    fn an_evening_lasts_from_closing_to_opening() {
        for now in ["2026-11-19T17:30", "2026-11-19T23:59", "2026-11-20T08:59"] {
            let closed = around(now).unwrap();
            assert_eq!(
                (closed.answered_since, closed.opens_at),
                (at("2026-11-19T17:30"), at("2026-11-20T09:00")),
                "{now}"
            );
        }
    }

    #[test]
    fn while_the_doors_are_open_the_next_evening_is_the_one_that_comes() {
        let evening =
            |now: &str| next_closed(at(now), &office()).map(|(from, closed)| (from, closed.opens_at)).unwrap();
        let thursday = (at("2026-11-19T17:30"), at("2026-11-20T09:00"));
        assert_eq!(evening("2026-11-19T09:00"), thursday);
        assert_eq!(evening("2026-11-19T12:30"), thursday, "the lunch break is no evening");
        assert_eq!(evening("2026-11-19T20:00"), (at("2026-11-19T20:00"), at("2026-11-20T09:00")));
        let never = OfficeCalendar { week: crate::hours::WeekHours::default(), ..office() };
        assert_eq!(next_closed(at("2026-11-19T09:00"), &never), None);
    }

    #[test]
    fn a_long_weekend_has_several_evenings() {
        // Monday 23 November 2026 is a holiday.
        let sunday = around("2026-11-22T20:00").unwrap();
        assert_eq!((sunday.answered_since, sunday.opens_at), (at("2026-11-22T02:00"), at("2026-11-24T09:00")));
    }
}
