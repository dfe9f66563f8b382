//! Working time: the office's open hours, the hours of whoever looks after a person, and what has passed of them (S2.1).
//!
//! A day may have several periods (a lunch break) or none (a holiday, a closure day). Somebody's own hours only ever narrow the
//! office's; leave and pauses are cut out. Where several people look after somebody in turn, their times are put together.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

use crate::calendar::OfficeCalendar;
use crate::hours::WeekHours;
use crate::window::{SendWindow, join, open_spans, spans_of};

/// Days looked at for enough working time; whoever isn't there for longer promises nothing.
const HORIZON_DAYS: usize = 60;

/// A stretch of time, from inclusive to exclusive, UTC.
pub type Span = SendWindow;

/// When one member of staff works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTime {
    /// Their hours in the office's zone; none = as the office is open.
    pub hours: Option<WeekHours>,
    /// When they are away, in any order.
    pub away: Vec<Span>,
}

/// The time that counts.
#[derive(Clone, Copy, Debug)]
pub struct WorkingTime<'a> {
    /// Hours, closure days and holidays of the office.
    pub calendar: &'a OfficeCalendar,
    /// Who looks after it, each in their own time; nobody named = the office while it is open.
    pub people: &'a [OwnTime],
    /// When the clock stands still for a reason of its own, in any order.
    pub paused: &'a [Span],
}

impl<'a> WorkingTime<'a> {
    /// The office's open time.
    pub fn of_office(calendar: &'a OfficeCalendar) -> Self {
        Self { calendar, people: &[], paused: &[] }
    }

    /// The working stretches of an office's local date, earliest first and without overlap.
    pub fn spans_on(&self, date: NaiveDate) -> Vec<Span> {
        let open = open_spans(date, self.calendar);
        let worked = match self.people {
            [] => open,
            people => {
                let own = people.iter().flat_map(|person| self.spans_of_person(date, &open, person));
                joined(own.collect())
            }
        };
        without(worked, self.paused)
    }

    /// Whether a moment lies in working time.
    pub fn is_working(&self, at: DateTime<Utc>) -> bool {
        self.spans_on(self.day(at)).into_iter().any(|span| span.contains(at))
    }

    /// The moment at which so much working time has passed since `since`; `None` when that takes longer than sixty days. With no
    /// time at all it is the first moment from `since` on at which somebody works.
    pub fn after(&self, since: DateTime<Utc>, mut left: TimeDelta) -> Option<DateTime<Utc>> {
        for span in self.day(since).iter_days().take(HORIZON_DAYS).flat_map(|day| self.spans_on(day)) {
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

    /// The latest moment from which so much working time passes until `until`; `None` when that is longer than sixty days before.
    pub fn before(&self, until: DateTime<Utc>, mut left: TimeDelta) -> Option<DateTime<Utc>> {
        for back in 0..HORIZON_DAYS as u64 {
            let day = self.day(until).checked_sub_days(Days::new(back))?;
            for span in self.spans_on(day).into_iter().rev() {
                let to = span.to.min(until);
                if to <= span.from {
                    continue;
                }
                if to - span.from >= left {
                    return Some(to - left);
                }
                left -= to - span.from;
            }
        }
        None
    }

    /// Working time between two moments; none when the second isn't later.
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        if to <= from {
            return TimeDelta::zero();
        }
        let last = self.day(to);
        let days = self.day(from).iter_days().take_while(|day| *day <= last);
        let pieces = days.flat_map(|day| self.spans_on(day));
        pieces.fold(TimeDelta::zero(), |sum, span| {
            let piece = span.to.min(to) - span.from.max(from);
            sum + piece.max(TimeDelta::zero())
        })
    }

    fn spans_of_person(&self, date: NaiveDate, open: &[Span], person: &OwnTime) -> Vec<Span> {
        let own = match &person.hours {
            None => open.to_vec(),
            Some(hours) => {
                let own = spans_of(date, hours.on(date.weekday()), self.calendar.zone);
                open.iter().flat_map(|span| own.iter().filter_map(|own| span.common(*own))).collect()
            }
        };
        without(own, &person.away)
    }

    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.calendar.zone).date_naive()
    }
}

/// The stretches less what is cut out of them.
fn without(spans: Vec<Span>, cut: &[Span]) -> Vec<Span> {
    cut.iter().filter(|gap| gap.from < gap.to).fold(spans, |spans, gap| {
        let left = |span: Span| {
            let before = Span { to: span.to.min(gap.from), ..span };
            let after = Span { from: span.from.max(gap.to), ..span };
            [before, after].into_iter().filter(|piece| piece.from < piece.to)
        };
        spans.into_iter().flat_map(left).collect()
    })
}

/// The same time in order and without overlap.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| span.from);
    join(spans.into_iter())
}

#[cfg(test)]
pub(crate) mod tests;
