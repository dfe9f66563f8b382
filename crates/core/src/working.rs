//! Working time: the office's open hours, the hours of whoever looks after a person, and what has passed of them (S2.1).
//!
//! A day may have several periods (a lunch break) or none (a holiday, a closure day). Somebody's own hours only ever narrow the
//! office's, and leave takes them away ([`Team`]). What one person looks after runs in the time of whoever does so then: the owner, in
//! their absence the stand-in or the person on duty; where nobody is named it is the whole office's. Pauses are cut out.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::calendar::OfficeCalendar;
use crate::half_day::HalfDay;
use crate::hours::Period;
use crate::ids::StaffId;
use crate::team::Team;
use crate::window::{SendWindow, open_spans, spans_of};

/// Days looked at for enough working time; whoever isn't there for longer promises nothing.
const HORIZON_DAYS: usize = 60;

/// A stretch of time, from inclusive to exclusive, UTC.
pub type Span = SendWindow;

/// Whose time counts.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// The office's, while it is open.
    Office,
    /// One member of staff's.
    Staff(&'a Team, StaffId),
    /// That of whoever looks after a graduate with this owner and this stand-in of their own, half-day by half-day.
    CareOf(&'a Team, Option<StaffId>, Option<StaffId>),
}

/// The time that counts.
#[derive(Clone, Copy, Debug)]
pub struct WorkingTime<'a> {
    /// Hours, closure days and holidays of the office.
    pub calendar: &'a OfficeCalendar,
    /// Whose time counts.
    pub whose: Whose<'a>,
    /// When the clock stands still for a reason of its own, in any order.
    pub paused: &'a [Span],
}

impl<'a> WorkingTime<'a> {
    /// The office's open time.
    pub fn of_office(calendar: &'a OfficeCalendar) -> Self {
        Self { calendar, whose: Whose::Office, paused: &[] }
    }

    /// Somebody's working time.
    pub fn of(whose: Whose<'a>, calendar: &'a OfficeCalendar) -> Self {
        Self { calendar, whose, paused: &[] }
    }

    /// The working stretches of an office's local date, earliest first and without overlap.
    pub fn spans_on(&self, date: NaiveDate) -> Vec<Span> {
        let zone = self.calendar.zone;
        let worked = match self.whose {
            Whose::Office => open_spans(date, self.calendar),
            Whose::Staff(team, staff) => spans_of(date, &team.periods_on(staff, date), zone),
            Whose::CareOf(team, owner, standin) => {
                let halves = [HalfDay::morning(date), HalfDay::afternoon(date)];
                let worked = halves.iter().flat_map(|half| self.cared_for(team, (owner, standin), *half));
                spans_of(date, &worked.collect::<Vec<_>>(), zone)
            }
        };
        without(worked, self.paused)
    }

    fn cared_for(
        &self,
        team: &Team,
        (owner, standin): (Option<StaffId>, Option<StaffId>),
        half: HalfDay,
    ) -> Vec<Period> {
        match team.looks_after_on(owner, standin, half).staff {
            Some(staff) => half.part_of(&team.periods_on(staff, half.on)),
            None => half.part_of(self.calendar.periods_on(half.on)),
        }
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

#[cfg(test)]
pub(crate) mod tests;
