//! Commitment: a promise with a time, "I will answer by 15:00" (S2.1, S2.7, S2.9).
//!
//! It comes from a holding reply, from a request or from a note. Whoever made it is reminded ahead, in working time. Said early, a new
//! time with its reason is no broken promise: the old one is *moved* and a new one takes its place. Said after the time it is late, and
//! stays counted as late.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::codes;
use crate::working::{Span, WorkingTime};

/// Most letters of what is promised, and of a reason.
pub const TEXT_MAX: usize = 400;
/// Nothing is promised for sooner than this, in working time.
const LEAST_AHEAD: TimeDelta = TimeDelta::minutes(30);
/// The end of a day in which nothing is promised (S2.4).
const END_OF_DAY: TimeDelta = TimeDelta::minutes(30);
/// So many times are proposed.
const PROPOSED: usize = 3;

codes! {
    /// What a promise comes from.
    CommitmentSource {
        /// A holding reply: an answer will come.
        Holding = "holding",
        /// A request that was taken on, from a graduate or to an employer.
        Request = "request",
        /// The next step of a note.
        Note = "note",
    }
}

codes! {
    /// What is promised by the time.
    CommitmentKind {
        /// To have it done.
        Do = "do",
        /// To say by when it will be done (S2.7: a date for the date).
        SetDate = "set_date",
    }
}

codes! {
    /// Where a promise stands.
    CommitmentState {
        /// It is to be kept.
        Open = "open",
        /// Kept in time.
        Kept = "kept",
        /// Kept after its time.
        KeptLate = "kept_late",
        /// A new time was said before the old one had passed.
        Moved = "moved",
        /// A new time was said too late.
        MovedLate = "moved_late",
        /// It isn't needed any more.
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// Where an open promise stands at a moment.
    Standing {
        /// There is time.
        Ahead = "ahead",
        /// It is time to keep it, or to say early that it will be later.
        Soon = "soon",
        /// The promised time has passed.
        Late = "late",
    }
}

/// A step that isn't allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentError {
    /// It was kept, moved or withdrawn already.
    #[error("the promise has ended already")]
    Ended,
    /// The new time has passed, or is the old one.
    #[error("the new time has to lie ahead and be another one")]
    NoNewTime,
}

impl CommitmentState {
    /// It was kept at a moment.
    pub fn keep(self, due_at: DateTime<Utc>, at: DateTime<Utc>) -> Result<Self, CommitmentError> {
        self.open()?;
        Ok(if at <= due_at { Self::Kept } else { Self::KeptLate })
    }

    /// A new time is said.
    pub fn move_to(
        self,
        due_at: DateTime<Utc>,
        new: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, CommitmentError> {
        self.open()?;
        if new <= now || new == due_at {
            return Err(CommitmentError::NoNewTime);
        }
        Ok(if now <= due_at { Self::Moved } else { Self::MovedLate })
    }

    /// It isn't needed any more.
    pub fn withdraw(self) -> Result<Self, CommitmentError> {
        self.open()?;
        Ok(Self::Withdrawn)
    }

    /// Whether it counts as late, once it has ended.
    pub fn was_late(self) -> bool {
        matches!(self, Self::KeptLate | Self::MovedLate)
    }

    fn open(self) -> Result<(), CommitmentError> {
        if self == Self::Open { Ok(()) } else { Err(CommitmentError::Ended) }
    }
}

/// Where an open promise stands at `now`, in the working time of whoever keeps it.
pub fn standing(
    (made_at, due_at): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
    ahead: TimeDelta,
    time: &WorkingTime<'_>,
) -> Standing {
    if now > due_at {
        Standing::Late
    } else if now >= warn_at((made_at, due_at), ahead, time) {
        Standing::Soon
    } else {
        Standing::Ahead
    }
}

/// When whoever made a promise is reminded: `ahead` of its time in working time, but never before half of the time to it has passed, so
/// that a promise for the next hour doesn't ask for attention at once.
pub fn warn_at(
    (made_at, due_at): (DateTime<Utc>, DateTime<Utc>),
    ahead: TimeDelta,
    time: &WorkingTime<'_>,
) -> DateTime<Utc> {
    let half = time.between(made_at, due_at) / 2;
    if half <= TimeDelta::zero() {
        return made_at.min(due_at);
    }
    time.before(due_at, ahead.min(half)).unwrap_or(made_at).max(made_at.min(due_at))
}

/// Times to propose for an answer that takes longer, soonest first: this afternoon, before closing, the next working morning. All lie in
/// working time, none in the last half-hour of a day or within the next half-hour.
pub fn proposed_times(earliest: DateTime<Utc>, time: &WorkingTime<'_>) -> Vec<DateTime<Utc>> {
    let Some(soonest) = time.after(earliest, LEAST_AHEAD) else { return Vec::new() };
    let zone = time.calendar.zone;
    let today = earliest.with_timezone(&zone).date_naive();
    let mut found: Vec<DateTime<Utc>> = Vec::new();
    for day in today.iter_days().take(60) {
        let spans = usable(time.spans_on(day));
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { continue };
        let at = |hour| local(day, hour, zone);
        let morning = at(10).filter(|_| day != today).map(|ten| ten.max(first.from));
        let wanted = [morning, at(15), (day == today).then_some(quarter(last.to))];
        let fits = |at: &DateTime<Utc>| *at >= soonest && spans.iter().any(|span| span.from <= *at && *at <= span.to);
        found.extend(wanted.into_iter().flatten().filter(fits));
        found.sort_unstable();
        found.dedup();
        if day > today && found.len() >= PROPOSED - 1 {
            break;
        }
    }
    found.truncate(PROPOSED);
    found
}

/// The stretches of a day less its last half-hour.
fn usable(mut spans: Vec<Span>) -> Vec<Span> {
    let Some(end) = spans.last().map(|last| last.to - END_OF_DAY) else { return spans };
    spans.retain_mut(|span| {
        span.to = span.to.min(end);
        span.from < span.to
    });
    spans
}

fn local(day: NaiveDate, hour: u32, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
    let at = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
    Some(at.and_local_timezone(zone).earliest()?.to_utc())
}

/// The quarter of an hour at or before a moment; zones lie whole quarters apart.
fn quarter(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::seconds(at.timestamp().rem_euclid(15 * 60))
}

#[cfg(test)]
mod tests;
