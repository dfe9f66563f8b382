//! The survival curve as coordinates of an SVG: staircase, interval band, marks of stays that still last, axes.
//!
//! Nothing is drawn where fewer than [`SMALL_GROUP`] stays remain: so few people can be recognised, and the estimate jumps.

use std::fmt::Write as _;

use bansou_core::retention::{COHORT_MONTHS, SMALL_GROUP, Survival};
use serde::Serialize;

/// Width of the picture, in its own units.
const WIDTH: f64 = 640.0;
/// Height of the picture.
const HEIGHT: f64 = 346.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 620.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 276.0;
/// Mean length of a month, in days, for the axis.
const MONTH: f64 = 30.4375;
/// The axis ends after the longest support there is.
const MOST_MONTHS: u32 = 42;

/// Everything the template draws and lists.
#[derive(Clone, Serialize)]
pub struct Curve {
    /// `0 0 640 346`.
    pub view_box: String,
    /// The staircase.
    pub line: String,
    /// The 95 % interval as a closed path.
    pub band: String,
    /// Small marks for stays that had lasted so long and go on.
    pub ticks: Vec<Mark>,
    /// Lines and labels of the vertical axis, in percent.
    pub levels: Vec<Mark>,
    /// Lines and labels of the horizontal axis, in months.
    pub months: Vec<Mark>,
    /// Ends of the axes.
    pub frame: PlotFrame,
    /// The figures at whole months, as far as the curve is drawn.
    pub rows: Vec<CurveRow>,
    /// Stays in the estimate.
    pub people: usize,
    /// Stays left out because it isn't known whether or when they ended.
    pub unknown: usize,
    /// The curve would go on, but for fewer people than may be shown.
    pub is_cut: bool,
}

/// The plot's box.
#[derive(Clone, Copy, Serialize)]
pub struct PlotFrame {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// A place with its number.
#[derive(Clone, Serialize)]
pub struct Mark {
    /// Horizontal place.
    pub x: String,
    /// Vertical place.
    pub y: String,
    /// The number written there; a count for marks on the curve.
    pub label: u32,
}

/// The figures at the end of a month.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CurveRow {
    /// Months since hiring.
    pub months: u32,
    /// Stays that had lasted so long.
    pub at_risk: usize,
    /// Stays that had ended by then.
    pub left: usize,
    /// Stays that still last but are younger.
    pub younger: usize,
    /// Estimated share still in work, in percent.
    pub percent: u32,
    /// Lower end of the 95 % interval.
    pub low: u32,
    /// Upper end.
    pub high: u32,
}

impl Curve {
    /// The picture of an estimate; `None` when fewer than [`SMALL_GROUP`] stays are known.
    pub fn new(survival: &Survival) -> Option<Self> {
        if survival.people < SMALL_GROUP {
            return None;
        }
        let last_shown = last_day_with(survival, SMALL_GROUP);
        let end = last_shown.min(month_end(MOST_MONTHS)).max(1);
        let scale = Scale { days: end };
        Some(Self {
            view_box: format!("0 0 {WIDTH} {HEIGHT}"),
            line: line(survival, scale),
            band: band(survival, scale),
            ticks: ticks(survival, scale),
            levels: [0, 25, 50, 75, 100].map(level).to_vec(),
            months: months_within(end, &[0, 3, 6, 12, 18, 24, 30, 36, 42])
                .map(|months| Mark { x: place(scale.x(month_end(months))), y: place(BOTTOM), label: months })
                .collect(),
            frame: PlotFrame { left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM },
            rows: months_within(end, &COHORT_MONTHS).map(|months| row(survival, months)).collect(),
            people: survival.people,
            unknown: survival.unknown,
            is_cut: last_shown < last_day_with(survival, 1),
        })
    }

    /// The figures at a month, for the sentence that says the finding.
    pub fn at(&self, months: u32) -> Option<&CurveRow> {
        self.rows.iter().find(|row| row.months == months)
    }
}

#[derive(Clone, Copy)]
struct Scale {
    days: i64,
}

impl Scale {
    fn x(self, day: i64) -> f64 {
        LEFT + (RIGHT - LEFT) * number(day) / number(self.days)
    }
}

fn y(share: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * share
}

fn level(percent: u32) -> Mark {
    Mark { x: place(LEFT), y: place(y(f64::from(percent) / 100.0)), label: percent }
}

fn months_within(end: i64, months: &[u32]) -> impl Iterator<Item = u32> {
    months.iter().copied().filter(move |months| month_end(*months) <= end)
}

/// The day on which so many months are over, by the mean length of a month.
#[expect(clippy::cast_possible_truncation, reason = "at most a few thousand days")]
fn month_end(months: u32) -> i64 {
    (f64::from(months) * MONTH).round() as i64
}

fn number(days: i64) -> f64 {
    f64::from(i32::try_from(days).unwrap_or(i32::MAX))
}

fn place(value: f64) -> String {
    format!("{value:.1}")
}

/// The last day that at least so many stays have lasted.
fn last_day_with(survival: &Survival, people: usize) -> i64 {
    let (mut low, mut high) = (0, 40_000);
    while low < high {
        let middle = (low + high + 1) / 2;
        if survival.at_risk_on(middle) >= people {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Day and value of each step within the picture.
fn steps<'a>(survival: &'a Survival, values: &'a [f64], scale: Scale) -> impl Iterator<Item = (i64, f64)> + 'a {
    survival.time_days.iter().copied().zip(values.iter().copied()).take_while(move |(day, _)| *day <= scale.days)
}

fn line(survival: &Survival, scale: Scale) -> String {
    let mut path = format!("M{} {}", place(LEFT), place(y(1.0)));
    for (day, share) in steps(survival, &survival.survival, scale) {
        let _ = write!(path, "H{}V{}", place(scale.x(day)), place(y(share)));
    }
    let _ = write!(path, "H{}", place(RIGHT));
    path
}

/// Forward along the upper ends, back along the lower ones.
fn band(survival: &Survival, scale: Scale) -> String {
    let high: Vec<_> = steps(survival, &survival.ci_high, scale).collect();
    let low: Vec<_> = steps(survival, &survival.ci_low, scale).collect();
    let (Some(first), Some(last)) = (high.first(), low.last()) else { return String::new() };
    let mut path = format!("M{} {}", place(scale.x(first.0)), place(y(first.1)));
    for (day, share) in &high[1..] {
        let _ = write!(path, "H{}V{}", place(scale.x(*day)), place(y(*share)));
    }
    let _ = write!(path, "H{}V{}", place(RIGHT), place(y(last.1)));
    for pair in low.windows(2).rev() {
        let _ = write!(path, "H{}V{}", place(scale.x(pair[1].0)), place(y(pair[0].1)));
    }
    let _ = write!(path, "H{}Z", place(scale.x(first.0)));
    path
}

fn ticks(survival: &Survival, scale: Scale) -> Vec<Mark> {
    let lasting = |day: i64| {
        let ended = survival.time_days.binary_search(&day).map_or(0, |at| survival.left[at]);
        survival.at_risk_on(day) - survival.at_risk_on(day + 1) - ended
    };
    (0..=scale.days)
        .filter_map(|day| {
            let count = u32::try_from(lasting(day)).ok().filter(|count| *count > 0)?;
            Some(Mark {
                x: place(scale.x(day)),
                y: place(y(share_on(survival, &survival.survival, day))),
                label: count,
            })
        })
        .collect()
}

/// The value that holds on a day: of the last step not after it, else 1.
fn share_on(survival: &Survival, values: &[f64], day: i64) -> f64 {
    let steps = survival.time_days.partition_point(|step| *step <= day);
    steps.checked_sub(1).map_or(1.0, |at| values[at])
}

fn row(survival: &Survival, months: u32) -> CurveRow {
    let day = month_end(months);
    let at_risk = survival.at_risk_on(day);
    let left: usize = survival.time_days.iter().zip(&survival.left).filter(|(on, _)| **on < day).map(|(_, n)| n).sum();
    CurveRow {
        months,
        at_risk,
        left,
        younger: survival.people - at_risk - left,
        percent: percent(share_on(survival, &survival.survival, day)),
        low: percent(share_on(survival, &survival.ci_low, day)),
        high: percent(share_on(survival, &survival.ci_high, day)),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share lies between 0 and 1")]
fn percent(share: f64) -> u32 {
    (share * 100.0).round() as u32
}

#[cfg(test)]
mod tests {
    use bansou_core::retention::{Report, Rewards, report};

    use super::super::samples::{people, person};
    use super::*;

    fn survival(stays: &[(i64, bool)]) -> Survival {
        let as_of = "2026-11-20".parse().unwrap();
        let people: Vec<_> = stays.iter().zip(1..).map(|((days, left), n)| person(n, as_of, *days, *left)).collect();
        let Report { survival, .. } = report(as_of, &people, &Rewards::built_in());
        survival
    }

    #[test]
    fn a_curve_steps_down_where_somebody_left_and_keeps_its_marks() {
        let curve =
            Curve::new(&survival(&[(100, true), (200, false), (200, false), (200, false), (200, false), (200, false)]))
                .unwrap();
        // Day 100 of 200 is the middle; five of six stay.
        assert_eq!(curve.line, "M64.0 14.0H342.0V57.7H620.0");
        assert_eq!(curve.ticks.len(), 1);
        assert_eq!(curve.ticks[0].label, 5);
        assert!(curve.band.starts_with('M') && curve.band.ends_with('Z'));
        assert!(!curve.is_cut);
    }

    #[test]
    fn everybody_is_in_one_column_of_every_row() {
        let as_of = "2026-11-20".parse().unwrap();
        let curve = Curve::new(&report(as_of, &people(as_of), &Rewards::built_in()).survival).unwrap();
        assert!(curve.rows.len() >= 4);
        for row in &curve.rows {
            assert_eq!(row.at_risk + row.left + row.younger, curve.people, "{} months", row.months);
            assert!(row.low <= row.percent && row.percent <= row.high);
        }
    }

    #[test]
    fn few_people_are_not_drawn_and_a_thin_tail_is_cut() {
        assert!(Curve::new(&survival(&[(100, true), (200, false), (300, false), (400, false)])).is_none());
        let mut stays = vec![(100, false); 6];
        stays.push((900, false));
        let curve = Curve::new(&survival(&stays)).unwrap();
        assert!(curve.is_cut);
        assert!(curve.rows.iter().all(|row| row.at_risk >= SMALL_GROUP));
    }
}
