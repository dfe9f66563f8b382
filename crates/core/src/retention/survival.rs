//! How long people stay: the Kaplan–Meier estimate over stays.
//!
//! A stay begins with a person's first job and is carried on by a supported job change. Its length is the number of
//! days from `hired_on` to `left_on`, or to `as_of` while it lasts (then it is censored; 休職 lasts). Leaving counts
//! whatever its reason. Stays of which nobody knows whether or when they ended are left out and counted in `unknown`.
//!
//! Ties: who leaves on day *t* and who is censored on day *t* were both at risk on day *t* (leaving comes first), and
//! several people leaving on the same day make one step.
//!
//! Variance by Greenwood's formula; the 95 % interval is computed for log(−log S), so it stays between 0 and 1
//! (Kalbfleisch & Prentice, *The Statistical Analysis of Failure Time Data*, section 1.4).

use chrono::NaiveDate;
use serde::Serialize;

use super::stay::{Stay, StayEnd};

/// The 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The survival curve: one entry per day on which somebody left. Before the first entry everybody stays (1.0).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Survival {
    /// Days since hiring.
    pub time_days: Vec<i64>,
    /// Stays that had lasted at least that long.
    pub at_risk: Vec<usize>,
    /// Stays that ended on that day.
    pub left: Vec<usize>,
    /// Estimated share still in work after that day.
    pub survival: Vec<f64>,
    /// Lower end of the 95 % interval.
    pub ci_low: Vec<f64>,
    /// Upper end of the 95 % interval. Where nobody is left the formula gives none; the last one is kept.
    pub ci_high: Vec<f64>,
    /// Stays in the estimate.
    pub people: usize,
    /// Stays left out, because it isn't known whether or when they ended.
    pub unknown: usize,
    /// The first day after which at most half are estimated to be still in work.
    pub median_days: Option<i64>,
    #[serde(skip)]
    lengths: Vec<i64>,
}

impl Survival {
    /// How many stays had lasted at least that many days: the number under the curve.
    pub fn at_risk_on(&self, days: i64) -> usize {
        self.lengths.len() - self.lengths.partition_point(|length| *length < days)
    }
}

/// A length in days, and whether it ended by leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Length {
    pub(super) days: i64,
    pub(super) left: bool,
}

/// Estimates the curve for stays followed to `as_of`.
pub(super) fn survival(as_of: NaiveDate, stays: &[Stay]) -> Survival {
    let lengths: Vec<Length> = stays.iter().filter_map(|stay| length(as_of, stay)).collect();
    let unknown = stays.len() - lengths.len();
    Survival { unknown, ..kaplan_meier(lengths) }
}

/// The length of a stay; `None` when it isn't known whether or when it ended.
pub(super) fn length(as_of: NaiveDate, stay: &Stay) -> Option<Length> {
    let since_hired = |day: NaiveDate| day.signed_duration_since(stay.hired_on).num_days().max(0);
    match stay.end {
        StayEnd::Working | StayEnd::ChangedWithSupport | StayEnd::OnLeave => {
            Some(Length { days: since_hired(as_of), left: false })
        }
        StayEnd::Unknown | StayEnd::DayMissing => None,
        StayEnd::Left
        | StayEnd::MayBeRehired
        | StayEnd::RehiredWithoutSupport
        | StayEnd::RehiredLate
        | StayEnd::ChangedTwice => Some(Length { days: since_hired(stay.left_on?), left: true }),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2^52")]
pub(super) fn kaplan_meier(mut lengths: Vec<Length>) -> Survival {
    lengths.sort_unstable();
    let mut curve = Survival {
        time_days: Vec::new(),
        at_risk: Vec::new(),
        left: Vec::new(),
        survival: Vec::new(),
        ci_low: Vec::new(),
        ci_high: Vec::new(),
        people: lengths.len(),
        unknown: 0,
        median_days: None,
        lengths: lengths.iter().map(|length| length.days).collect(),
    };
    let mut at_risk = lengths.len();
    let mut survival = 1.0;
    let mut greenwood = 0.0;
    for same_day in lengths.chunk_by(|a, b| a.days == b.days) {
        let left = same_day.iter().filter(|length| length.left).count();
        if left > 0 {
            let (n, d) = (at_risk as f64, left as f64);
            // A product of whole-number ratios, so that the last step gives exactly zero.
            survival *= (at_risk - left) as f64 / n;
            greenwood += d / (n * (n - d));
            let (low, high) = interval(survival, greenwood, curve.ci_high.last().copied());
            curve.time_days.push(same_day[0].days);
            curve.at_risk.push(at_risk);
            curve.left.push(left);
            curve.survival.push(survival);
            curve.ci_low.push(low);
            curve.ci_high.push(high);
        }
        at_risk -= same_day.len();
    }
    let half = curve.survival.iter().position(|share| *share <= 0.5);
    curve.median_days = half.map(|position| curve.time_days[position]);
    curve
}

fn interval(survival: f64, greenwood: f64, last_high: Option<f64>) -> (f64, f64) {
    if survival <= 0.0 {
        return (0.0, last_high.unwrap_or(1.0));
    }
    let width = (Z * greenwood.sqrt() / survival.ln()).abs();
    (survival.powf(width.exp()), survival.powf((-width).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(left: &[i64], censored: &[i64]) -> Vec<Length> {
        let left = left.iter().map(|days| Length { days: *days, left: true });
        left.chain(censored.iter().map(|days| Length { days: *days, left: false })).collect()
    }

    /// Weeks of remission under 6-mercaptopurine, 21 patients: Freireich et al., Blood 21 (1963); printed with the
    /// estimate in Kalbfleisch & Prentice (1980) and in Kleinbaum & Klein, *Survival Analysis*, chapter 2.
    fn freireich() -> Survival {
        let relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        kaplan_meier(lengths(&relapsed, &[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]))
    }

    fn rounded(values: &[f64]) -> Vec<String> {
        values.iter().map(|value| format!("{value:.4}")).collect()
    }

    #[test]
    fn the_textbook_example_is_reproduced() {
        let curve = freireich();
        assert_eq!(curve.time_days, [6, 7, 10, 13, 16, 22, 23]);
        assert_eq!(curve.at_risk, [21, 17, 15, 12, 11, 7, 6]);
        assert_eq!(curve.left, [3, 1, 1, 1, 1, 1, 1]);
        assert_eq!(rounded(&curve.survival), ["0.8571", "0.8067", "0.7529", "0.6902", "0.6275", "0.5378", "0.4482"]);
        assert_eq!(rounded(&curve.ci_low), ["0.6197", "0.5631", "0.5032", "0.4316", "0.3675", "0.2678", "0.1881"]);
        assert_eq!(rounded(&curve.ci_high), ["0.9516", "0.9228", "0.8894", "0.8491", "0.8049", "0.7468", "0.6801"]);
        assert_eq!(curve.median_days, Some(23));
    }

    #[test]
    fn numbers_at_risk_can_be_read_at_any_day() {
        let curve = freireich();
        assert_eq!([0, 6, 7, 10, 20, 36].map(|days| curve.at_risk_on(days)), [21, 21, 17, 15, 8, 0]);
    }

    #[test]
    fn who_is_censored_on_a_day_of_leaving_was_at_risk_on_it() {
        let curve = kaplan_meier(lengths(&[10], &[10]));
        assert_eq!((curve.at_risk[0], curve.survival[0]), (2, 0.5));
    }

    #[test]
    fn when_everybody_left_the_curve_ends_at_zero_with_a_finite_interval() {
        let curve = kaplan_meier(lengths(&[1, 2, 2], &[]));
        assert_eq!(curve.survival.last(), Some(&0.0));
        assert_eq!((curve.ci_low[1], curve.ci_high[1]), (0.0, curve.ci_high[0]));
        let at_once = kaplan_meier(lengths(&[0], &[]));
        assert_eq!((at_once.survival[0], at_once.ci_low[0], at_once.ci_high[0]), (0.0, 0.0, 1.0));
    }

    #[test]
    fn nobody_gives_an_empty_curve() {
        let curve = kaplan_meier(Vec::new());
        assert!(curve.time_days.is_empty() && curve.people == 0 && curve.median_days.is_none());
    }
}
