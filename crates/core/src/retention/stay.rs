//! A stay: one job, carried on by a supported job change.
//!
//! MHLW Q&A of 2018-12-17: a change counts as staying when it was supported to better working conditions, the person
//! was hired again within one month of leaving, and only once during the service. The same reading holds in the first
//! six months, so a change before the service begins and one within it are each allowed once.

use chrono::{Days, NaiveDate};

use super::{Job, Person};
use crate::leaving::LeavingReason;
use crate::service_period::{ServiceKind, months_end};

/// One person's stay, followed up to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stay {
    /// First day of the job the stay began with.
    pub(super) hired_on: NaiveDate,
    /// Last day of the job the stay ended with; `None` unless it ended on a known day.
    pub(super) left_on: Option<NaiveDate>,
    /// Why the last job ended.
    pub(super) leaving: Option<LeavingReason>,
    /// How it stands.
    pub(super) end: StayEnd,
}

/// How a stay stands on the day up to which it was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StayEnd {
    /// In work, in the job the stay began with.
    Working,
    /// In work, or between two jobs, by a supported job change.
    ChangedWithSupport,
    /// 休職: the contract lives.
    OnLeave,
    /// Nobody knows.
    Unknown,
    /// A reason for leaving is known, the day isn't.
    DayMissing,
    /// Left, and no later job is known.
    Left,
    /// Left so shortly before `as_of` that a new job within one month is still possible.
    MayBeRehired,
    /// The next job wasn't a supported change.
    RehiredWithoutSupport,
    /// The next job began more than one month after leaving.
    RehiredLate,
    /// The next job was a second change in the same phase.
    ChangedTwice,
}

/// The stay that begins with a person's first job, as it stands at the end of `as_of`; `None` without a job by then.
pub(super) fn first_stay(person: &Person, as_of: NaiveDate) -> Option<Stay> {
    let jobs = jobs_known(person, as_of);
    let retention = person.service_periods.iter().filter(|period| period.kind == ServiceKind::Retention);
    let service_from = retention.map(|period| period.started_on).min();
    // The last day of employment is still a day in work, so "left by as_of" is "not in work on the next day".
    let next_day = as_of.checked_add_days(Days::new(1)).unwrap_or(as_of);
    follow(&jobs, next_day, as_of, service_from)
}

/// A person's jobs begun by `as_of`, oldest first.
pub(super) fn jobs_known(person: &Person, as_of: NaiveDate) -> Vec<&Job> {
    let mut jobs: Vec<&Job> = person.employments.iter().filter(|job| job.hired_on <= as_of).collect();
    jobs.sort_by_key(|job| (job.hired_on, job.left_on.unwrap_or(NaiveDate::MAX)));
    jobs
}

/// Follows a stay from the first of `jobs` to `day`, with what is known at `as_of`.
pub(super) fn follow(jobs: &[&Job], day: NaiveDate, as_of: NaiveDate, service_from: Option<NaiveDate>) -> Option<Stay> {
    let mut jobs = jobs.iter();
    let mut job = *jobs.next()?;
    let hired_on = job.hired_on;
    let mut changed_before_service = false;
    let mut changed_in_service = false;
    loop {
        let stay = |end| Stay { hired_on, left_on: job.left_on, leaving: job.leaving, end };
        let Some(left_on) = job.left_on.filter(|left_on| *left_on < day) else {
            return Some(stay(standing(job, changed_before_service || changed_in_service)));
        };
        let in_service = service_from.is_some_and(|from| left_on >= from);
        let changed = if in_service { &mut changed_in_service } else { &mut changed_before_service };
        let changed_already = std::mem::replace(changed, true);
        let rehired_by = rehired_by(left_on);
        let Some(next) = jobs.next() else {
            let still_possible = as_of < rehired_by && !changed_already;
            return Some(stay(if still_possible { StayEnd::MayBeRehired } else { StayEnd::Left }));
        };
        if !next.supported_change {
            return Some(stay(StayEnd::RehiredWithoutSupport));
        }
        if next.hired_on > rehired_by {
            return Some(stay(StayEnd::RehiredLate));
        }
        if changed_already {
            return Some(stay(StayEnd::ChangedTwice));
        }
        if next.hired_on > day {
            return Some(Stay { left_on: None, leaving: None, ..stay(StayEnd::ChangedWithSupport) });
        }
        job = next;
    }
}

/// Where in `jobs` the stay begins in which a service started: the job of that day, or the one before it where a
/// supported change led from there; the first job when none had begun.
pub(super) fn jobs_of_service<'a>(jobs: &'a [&'a Job], service_from: NaiveDate) -> &'a [&'a Job] {
    let Some(current) = jobs.iter().rposition(|job| job.hired_on <= service_from) else { return jobs };
    let led_here = |before: &usize| {
        let left_on = jobs[*before].left_on;
        jobs[current].supported_change && left_on.is_some_and(|left_on| jobs[current].hired_on <= rehired_by(left_on))
    };
    let first = current.checked_sub(1).filter(led_here).unwrap_or(current);
    &jobs[first..]
}

/// The last day on which a new job still counts as "within one month of leaving".
fn rehired_by(left_on: NaiveDate) -> NaiveDate {
    let first_day_out = left_on.checked_add_days(Days::new(1)).unwrap_or(left_on);
    months_end(first_day_out, 1)
}

/// How a job that isn't known to have ended before the day stands.
fn standing(job: &Job, changed: bool) -> StayEnd {
    let in_work = if changed { StayEnd::ChangedWithSupport } else { StayEnd::Working };
    if job.left_on.is_some() {
        return in_work;
    }
    if job.status_unknown {
        return StayEnd::Unknown;
    }
    match job.leaving {
        None => in_work,
        Some(LeavingReason::OnLeave) => StayEnd::OnLeave,
        Some(LeavingReason::Unknown) => StayEnd::Unknown,
        Some(_) => StayEnd::DayMissing,
    }
}
