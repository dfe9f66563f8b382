//! Who stays, for managers: cohorts, the curve, the official 就労定着率 with its tier, and each person's part in it.
//!
//! - `GET /retention?as_of=2026-11-20&part=all|counted|not_counted|open|outside`; managers and admins only.
//! - `GET /retention/export.csv` and `/retention/export.json`, with the same `as_of`.
//!
//! The figures come from `core::retention`; [`RetentionPage::new`] only puts them into rows and sentences' values.

pub mod curve;
pub(crate) mod samples;

use bansou_core::retention::{
    Baseline, Cohort, Official, Part, PersonPart, Report, Rewards, SMALL_GROUP, Tier, baselines, report,
};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{Page, Place};
use curve::Curve;

/// The page.
#[derive(Clone, Serialize)]
pub struct RetentionPage {
    /// The day whose knowledge is used.
    pub as_of: NaiveDate,
    /// Shares kept after fixed numbers of months.
    pub cohorts: Vec<CohortRow>,
    /// Below so many people a figure is hidden.
    pub small_group: usize,
    /// The curve; `None` when too few people are known.
    pub curve: Option<Curve>,
    /// What the curve says, at six and twelve months.
    pub findings: Vec<Finding>,
    /// The official rate.
    pub official: OfficialView,
    /// Which part of the list is shown.
    pub show: ShowPart,
    /// People in the official rate.
    pub people: Vec<PersonRow>,
    /// Published figures to compare with.
    pub baselines: Vec<Baseline>,
}

/// One cohort.
#[derive(Clone, Serialize)]
pub struct CohortRow {
    /// Months since hiring.
    pub months: u32,
    /// People hired at least that long ago whose stay is known; `None` when they are too few to be shown.
    pub hired: Option<usize>,
    /// Those of them still employed after that many months.
    pub kept: Option<usize>,
    /// The share in percent with one digit, never rounded up.
    pub percent: Option<String>,
    /// People of whom nobody knows whether or when they left.
    pub unknown: usize,
}

/// A share that the curve shows.
#[derive(Clone, Serialize)]
pub struct Finding {
    /// After so many months.
    pub months: u32,
    /// So many percent are estimated to be still in work.
    pub percent: u32,
}

/// The official rate in values for sentences.
#[derive(Clone, Serialize)]
pub struct OfficialView {
    /// First day of the three fiscal years.
    pub window_from: NaiveDate,
    /// Last day of the three fiscal years, which is the cut-off.
    pub window_to: NaiveDate,
    /// The main reading.
    pub main: ReadingView,
    /// The other reading, when it leads to other figures.
    pub other: Option<ReadingView>,
    /// The tier of the main reading.
    pub tier: Option<Tier>,
    /// How many people are still to be clarified.
    pub open: usize,
    /// What moves the tier down.
    pub worse: Option<Change>,
    /// What moves the tier up.
    pub better: Option<Change>,
}

/// A rate as a range.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ReadingView {
    /// People who used the service.
    pub denominator: usize,
    /// Those who certainly count as staying.
    pub min: usize,
    /// The same with every open case.
    pub max: usize,
    /// The lowest possible rate in percent with one digit, never rounded up.
    pub percent_min: Option<String>,
    /// The highest possible rate.
    pub percent_max: Option<String>,
}

/// A step of the tier, counted from the lowest possible rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// So many people fewer, or more, would lead there.
    pub people: usize,
    /// What the other tier pays, in units per person and month.
    pub units: u32,
    /// The difference to now, per person and month.
    pub difference: u32,
    /// The same for all who use the service now, per month.
    pub per_month: u64,
}

bansou_core::codes! {
    /// Which part of the list is shown.
    ShowPart {
        /// Everybody in the denominator.
        All = "all",
        /// Counted as staying.
        Counted = "counted",
        /// Not counted.
        NotCounted = "not_counted",
        /// To be clarified.
        Open = "open",
        /// Not in the denominator.
        Outside = "outside",
    }
}

/// One person's part.
#[derive(Clone, Serialize)]
pub struct PersonRow {
    /// The graduate's id.
    pub id: String,
    /// 氏名; empty when the record is gone.
    pub name: String,
    /// The office's own number; may be empty.
    pub external_id: String,
    /// Where they count.
    pub part: ShowPart,
    /// Key of the sentence that says why.
    pub reason: &'static str,
    /// Keys of further remarks.
    pub notes: Vec<&'static str>,
    /// First day of the job.
    pub hired_on: Option<NaiveDate>,
    /// Day on which six months were reached.
    pub six_month_on: Option<NaiveDate>,
    /// Last day of the job.
    pub left_on: Option<NaiveDate>,
    /// First day of support.
    pub service_started_on: Option<NaiveDate>,
    /// Last day of support.
    pub service_ended_on: Option<NaiveDate>,
}

impl RetentionPage {
    /// The page of a report. `name` gives a person's name; `users` is how many people use 就労定着支援 now.
    pub fn new(
        report: &Report,
        rewards: &Rewards,
        show: ShowPart,
        users: usize,
        name: impl Fn(Uuid) -> Option<String>,
    ) -> Self {
        let curve = Curve::new(&report.survival);
        let findings = [6, 12].into_iter().filter_map(|months| {
            let row = curve.as_ref()?.at(months)?;
            Some(Finding { months, percent: row.percent })
        });
        let mut people: Vec<PersonRow> = report
            .official
            .people
            .iter()
            .filter(|person| show.holds(person.part))
            .map(|person| PersonRow::new(person, name(person.id).unwrap_or_default()))
            .collect();
        // What has to be clarified first, then who isn't counted.
        people.sort_by_key(|person| match person.part {
            ShowPart::Open => 0,
            ShowPart::NotCounted => 1,
            ShowPart::Counted | ShowPart::All => 2,
            ShowPart::Outside => 3,
        });
        Self {
            as_of: report.as_of,
            cohorts: report.cohorts.iter().map(CohortRow::new).collect(),
            small_group: SMALL_GROUP,
            findings: findings.collect(),
            curve,
            official: OfficialView::new(&report.official, rewards, report.as_of, users),
            show,
            people,
            baselines: baselines(),
        }
    }
}

impl ShowPart {
    fn holds(self, part: Part) -> bool {
        match self {
            Self::All => part != Part::Outside,
            _ => self == Self::of(part),
        }
    }

    fn of(part: Part) -> Self {
        match part {
            Part::Counted => Self::Counted,
            Part::NotCounted => Self::NotCounted,
            Part::Open => Self::Open,
            Part::Outside => Self::Outside,
        }
    }
}

impl CohortRow {
    fn new(cohort: &Cohort) -> Self {
        let shown = |number| (!cohort.hidden).then_some(number);
        Self {
            months: cohort.months,
            hired: shown(cohort.hired),
            kept: shown(cohort.kept),
            percent: shown(cohort.kept).and_then(|kept| percent(kept, cohort.hired)),
            unknown: cohort.unknown,
        }
    }
}

impl OfficialView {
    fn new(official: &Official, rewards: &Rewards, as_of: NaiveDate, users: usize) -> Self {
        let reading = |reading: &bansou_core::retention::Reading| ReadingView {
            denominator: reading.denominator,
            min: reading.numerator_min,
            max: reading.numerator_max,
            percent_min: percent(reading.numerator_min, reading.denominator),
            percent_max: percent(reading.numerator_max, reading.denominator),
        };
        let (main, other) = (reading(&official.received), reading(&official.if_started_in_window));
        let units = |part: usize| Some(rewards.tier(as_of, part, part, main.denominator)?.min.units);
        let now = units(main.min);
        let change = |people: usize, part: usize| {
            let (now, then) = (now?, units(part)?);
            let difference = now.abs_diff(then);
            (difference > 0).then(|| Change {
                people,
                units: then,
                difference,
                per_month: u64::from(difference) * users as u64,
            })
        };
        let worse = (1..=main.min).find_map(|people| change(people, main.min - people));
        let better = (1..=main.denominator - main.min).find_map(|people| change(people, main.min + people));
        Self {
            window_from: official.window_from,
            window_to: official.window_to,
            open: main.max - main.min,
            other: (other != main).then_some(other),
            tier: official.received.tier.clone(),
            worse,
            better,
            main,
        }
    }
}

impl PersonRow {
    fn new(person: &PersonPart, name: String) -> Self {
        Self {
            id: person.id.to_string(),
            name,
            external_id: person.external_id.clone().unwrap_or_default(),
            part: ShowPart::of(person.part),
            reason: person.reason.word_key(),
            notes: person.notes.iter().map(|note| note.word_key()).collect(),
            hired_on: person.hired_on,
            six_month_on: person.six_month_on,
            left_on: person.left_on,
            service_started_on: person.service_started_on,
            service_ended_on: person.service_ended_on,
        }
    }
}

/// `92.5` for 37 of 40: cut after one digit, because a rate just below a bound must not look like one on it.
fn percent(part: usize, of: usize) -> Option<String> {
    let tenths = (part * 1000).checked_div(of)?;
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

impl Page for RetentionPage {
    const TEMPLATE: &'static str = "pages/retention.html";
    const PLACE: Place = Place::Retention;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let (as_of, rewards) = ("2026-11-20".parse().expect("a date written in a sample"), Rewards::built_in());
        let name = |id: Uuid| Some(format!("見本 {}号", id.as_u128()));
        let page = |people: &[_], show| Self::new(&report(as_of, people, &rewards), &rewards, show, 31, name);
        let all = samples::people(as_of);
        vec![
            ("usual", page(&all, ShowPart::All)),
            ("outside", page(&all, ShowPart::Outside)),
            ("few", page(&all[..4], ShowPart::All)),
            ("nobody", page(&[], ShowPart::All)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn official(stayed: usize, open: usize, left: usize) -> OfficialView {
        let as_of: NaiveDate = "2026-06-01".parse().unwrap();
        let rewards = Rewards::built_in();
        let people: Vec<_> = (0..stayed + open + left)
            .zip(1..)
            .map(|(at, number)| {
                let mut person = samples::person(number, as_of, 700, false);
                if at >= stayed + open {
                    person.employments[0].left_on = "2026-01-31".parse().ok();
                } else if at >= stayed {
                    person.employments[0].status_unknown = true;
                }
                person
            })
            .collect();
        OfficialView::new(&report(as_of, &people, &rewards).official, &rewards, as_of, 31)
    }

    #[test]
    fn with_two_leavers_of_forty_one_more_costs_164_units() {
        let view = official(38, 0, 2);
        assert_eq!((view.main.denominator, view.main.percent_min.as_deref()), (40, Some("95.0")));
        let worse = Change { people: 1, units: 3348, difference: 164, per_month: 164 * 31 };
        assert_eq!((view.worse, view.better), (Some(worse), None));
    }

    #[test]
    fn with_three_leavers_one_fewer_would_reach_the_best_band() {
        let view = official(37, 0, 3);
        assert_eq!(view.better.map(|change| (change.people, change.units)), Some((1, 3512)));
        assert_eq!(view.worse.map(|change| (change.people, change.units)), Some((2, 2768)));
    }

    #[test]
    fn open_cases_make_a_range() {
        let view = official(35, 4, 1);
        assert_eq!(view.open, 4);
        assert_eq!((view.main.percent_min.as_deref(), view.main.percent_max.as_deref()), (Some("87.5"), Some("97.5")));
        assert!(view.tier.is_some_and(|tier| tier.units.is_none()));
    }

    #[test]
    fn nobody_has_no_rate_and_a_share_is_never_rounded_up() {
        assert_eq!(official(0, 0, 0).main.percent_min, None);
        assert_eq!(percent(949, 1000).as_deref(), Some("94.9"));
        assert_eq!(percent(9499, 10000).as_deref(), Some("94.9"));
    }

    #[test]
    fn a_small_cohort_shows_no_figures() {
        let as_of = "2026-11-20".parse().unwrap();
        let people = samples::people(as_of);
        let page = RetentionPage::new(
            &report(as_of, &people[..4], &Rewards::built_in()),
            &Rewards::built_in(),
            ShowPart::All,
            4,
            |_| None,
        );
        assert!(page.cohorts.iter().all(|row| row.hired.is_none() && row.kept.is_none() && row.percent.is_none()));
        assert!(page.curve.is_none());
    }
}
