//! 就労定着率 of 就労定着支援, the rate that sets the base reward of a fiscal year (domain sheet section 2.1).
//!
//! - *Fiscal year*: the one (1 April to 31 March) that contains `as_of`. On 31 March itself that is still the year which
//!   ends on this day, so the cut-off is the 31 March a year before.
//! - *Window*: the three fiscal years before it. *Cut-off*: the window's last day.
//! - *Denominator*: everybody who received 就労定着支援 for at least one day in the window (過去3年間の総利用者), once.
//! - *Numerator*: those of them still in work on the cut-off day, or staying by a supported job change. The last day of
//!   employment is a day in work: who leaves on 31 March was still employed on the cut-off day.
//! - *Open*: where no rule was found (finished and then left, 休職, death, retirement, move to a welfare service, unknown
//!   status) the person counts in `numerator_max` and not in `numerator_min`.
//! - Whether users who *started before* the window belong to the denominator is not settled either. That changes the
//!   denominator, so the other reading stands beside the main one, in [`Official::if_started_in_window`].

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use uuid::Uuid;

use super::reason::{Note, Part, Reason};
use super::rewards::{Rewards, Tier};
use super::stay::{self, Stay, StayEnd};
use super::{Job, Person};
use crate::leaving::LeavingReason;
use crate::service_period::{ServiceKind, ServicePeriod, six_month_on, support_ends_on};

/// The official rate and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Official {
    /// First day of the three fiscal years.
    pub window_from: NaiveDate,
    /// Last day of the three fiscal years, which is the cut-off.
    pub window_to: NaiveDate,
    /// The main reading: everybody who received the service in the window.
    #[serde(flatten)]
    pub received: Reading,
    /// The other reading: only those who started in the window.
    pub if_started_in_window: Reading,
    /// Each person's part, in the order given.
    pub people: Vec<PersonPart>,
}

/// A rate as a range, with its tier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// People who used the service.
    pub denominator: usize,
    /// Those of them who certainly count as staying.
    pub numerator_min: usize,
    /// The same with every open case.
    pub numerator_max: usize,
    /// `numerator_min / denominator`; `None` for nobody.
    pub rate_min: Option<f64>,
    /// `numerator_max / denominator`; `None` for nobody.
    pub rate_max: Option<f64>,
    /// What the table valid on `as_of` pays for it.
    pub tier: Option<Tier>,
}

/// One person's part in the rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonPart {
    /// The graduate.
    pub id: Uuid,
    /// The office's own number for the person.
    pub external_id: Option<String>,
    /// Where the person counts.
    pub part: Part,
    /// Why.
    pub reason: Reason,
    /// What else the reader should know.
    pub notes: Vec<Note>,
    /// First day of the job with which the stay began.
    pub hired_on: Option<NaiveDate>,
    /// Day on which six months of it were reached.
    pub six_month_on: Option<NaiveDate>,
    /// Last day of the job which ended the stay, or that is known to end it.
    pub left_on: Option<NaiveDate>,
    /// First day of the service period that was looked at.
    pub service_started_on: Option<NaiveDate>,
    /// Last day of that period; `None` while it lasts.
    pub service_ended_on: Option<NaiveDate>,
}

/// Computes the rate for the fiscal year that contains `as_of`.
pub(super) fn official(as_of: NaiveDate, people: &[Person], rewards: &Rewards) -> Official {
    let window = Window::before(as_of);
    let people: Vec<PersonPart> = people.iter().map(|person| part_of(person, &window)).collect();
    let all = |_: &PersonPart| true;
    let started = |person: &PersonPart| !person.notes.contains(&Note::StartedBeforeWindow);
    Official {
        window_from: window.from,
        window_to: window.to,
        received: reading(&people, all, as_of, rewards),
        if_started_in_window: reading(&people, started, as_of, rewards),
        people,
    }
}

struct Window {
    from: NaiveDate,
    to: NaiveDate,
    as_of: NaiveDate,
}

impl Window {
    fn before(as_of: NaiveDate) -> Self {
        let fiscal_year = if as_of.month() >= 4 { as_of.year() } else { as_of.year() - 1 };
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(as_of);
        Self { from: day(fiscal_year - 3, 4, 1), to: day(fiscal_year, 3, 31), as_of }
    }
}

fn reading(people: &[PersonPart], within: impl Fn(&PersonPart) -> bool, on: NaiveDate, rewards: &Rewards) -> Reading {
    let count = |part| people.iter().filter(|person| person.part == part && within(person)).count();
    let (counted, not_counted, open) = (count(Part::Counted), count(Part::NotCounted), count(Part::Open));
    let denominator = counted + not_counted + open;
    let (numerator_min, numerator_max) = (counted, counted + open);
    Reading {
        denominator,
        numerator_min,
        numerator_max,
        rate_min: rate(numerator_min, denominator),
        rate_max: rate(numerator_max, denominator),
        tier: rewards.tier(on, numerator_min, numerator_max, denominator),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2^52; tiers are compared as integers")]
fn rate(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

fn part_of(person: &Person, window: &Window) -> PersonPart {
    let mut periods: Vec<&ServicePeriod> =
        person.service_periods.iter().filter(|period| period.kind == ServiceKind::Retention).collect();
    periods.sort_by_key(|period| period.started_on);
    let outside = |reason, period: Option<&ServicePeriod>| verdict(person, reason, None, period, Vec::new());
    let Some(last) = periods.last() else { return outside(Reason::NoRetentionService, None) };
    let jobs = stay::jobs_known(person, window.as_of);
    let used = periods.iter().filter(|period| period.overlaps(window.from, window.to));
    let verdicts: Vec<PersonPart> = used.map(|period| part_by(person, &jobs, period, window)).collect();

    let Some(newest) = verdicts.last() else {
        let started_later = last.started_on > window.to;
        return if started_later {
            outside(Reason::ServiceStartedAfterWindow, Some(last))
        } else {
            outside(Reason::ServiceEndedBeforeWindow, Some(last))
        };
    };
    let mut newest = newest.clone();
    if verdicts.iter().any(|verdict| verdict.part != newest.part) {
        newest.reason = Reason::ServicePeriodsDiffer;
        newest.part = Part::Open;
    }
    newest
}

/// The person's part by one service period in the window.
fn part_by(person: &Person, jobs: &[&Job], period: &ServicePeriod, window: &Window) -> PersonPart {
    let mut notes = Vec::new();
    if period.started_on < window.from {
        notes.push(Note::StartedBeforeWindow);
    }
    let jobs = stay::jobs_of_service(jobs, period.started_on);
    let stay = stay::follow(jobs, window.to, window.as_of, Some(period.started_on));
    let Some(stay) = stay.filter(|stay| stay.hired_on <= window.to) else {
        return verdict(person, Reason::NoEmployment, None, Some(period), notes);
    };
    if period.started_on <= six_month_on(stay.hired_on) {
        notes.push(Note::ServiceBeforeSixMonths);
    }
    verdict(person, reason_for(&stay, period), Some(&stay), Some(period), notes)
}

fn reason_for(stay: &Stay, period: &ServicePeriod) -> Reason {
    let by_end = match stay.end {
        StayEnd::Working if stay.left_on.is_some() => return Reason::LeftAfterCutOff,
        StayEnd::Working => return Reason::Employed,
        StayEnd::ChangedWithSupport => return Reason::SupportedJobChange,
        StayEnd::OnLeave => return Reason::OnLeave,
        StayEnd::Unknown => return Reason::StatusUnknown,
        StayEnd::DayMissing => return Reason::LeavingDayMissing,
        StayEnd::MayBeRehired => Reason::MayBeRehired,
        StayEnd::Left => Reason::Left,
        StayEnd::RehiredWithoutSupport => Reason::RehiredWithoutSupport,
        StayEnd::RehiredLate => Reason::RehiredAfterOneMonth,
        StayEnd::ChangedTwice => Reason::SecondJobChange,
    };
    // No rule says whether somebody who left after the full three years counts against the office.
    let finished = period.ended_on.filter(|ended_on| *ended_on >= support_ends_on(stay.hired_on, period.started_on));
    match (finished, stay.left_on, stay.leaving) {
        (Some(ended_on), Some(left_on), _) if left_on > ended_on => Reason::FinishedThenLeft,
        (_, _, Some(LeavingReason::Death)) => Reason::Died,
        (_, _, Some(LeavingReason::Retirement)) => Reason::Retired,
        (_, _, Some(LeavingReason::WelfareService)) => Reason::MovedToWelfareService,
        _ => by_end,
    }
}

fn verdict(
    person: &Person,
    reason: Reason,
    stay: Option<&Stay>,
    period: Option<&ServicePeriod>,
    notes: Vec<Note>,
) -> PersonPart {
    PersonPart {
        id: person.id,
        external_id: person.external_id.clone(),
        part: reason.part(),
        reason,
        notes,
        hired_on: stay.map(|stay| stay.hired_on),
        six_month_on: stay.map(|stay| six_month_on(stay.hired_on)),
        left_on: stay.and_then(|stay| stay.left_on),
        service_started_on: period.map(|period| period.started_on),
        service_ended_on: period.and_then(|period| period.ended_on),
    }
}
