//! What holds for every roster, and an independent second computation of the curve.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use super::survival::{Length, kaplan_meier};
use super::*;
use crate::service_period::ServiceKind;

fn day(offset: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).and_then(|first| first.checked_add_days(Days::new(offset))).expect("a date")
}

fn job() -> impl Strategy<Value = Job> {
    let leaving = proptest::option::of(proptest::sample::select(LeavingReason::ALL.to_vec()));
    (0..2400_u64, proptest::option::of(0..1500_u64), leaving, any::<bool>(), proptest::bool::weighted(0.1)).prop_map(
        |(hired, length, leaving, supported_change, status_unknown)| Job {
            employer: None,
            hired_on: day(hired),
            left_on: length.map(|length| day(hired + length)),
            leaving,
            supported_change,
            status_unknown,
        },
    )
}

fn service() -> impl Strategy<Value = ServicePeriod> {
    (0..2600_u64, proptest::option::of(0..1200_u64), proptest::bool::weighted(0.8)).prop_map(
        |(start, length, retention)| ServicePeriod {
            kind: if retention { ServiceKind::Retention } else { ServiceKind::Transition },
            started_on: day(start),
            ended_on: length.map(|length| day(start + length)),
            certificate_expires_on: None,
            plan_review_on: None,
        },
    )
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let person = (proptest::collection::vec(job(), 0..4), proptest::collection::vec(service(), 0..3));
    proptest::collection::vec(person, 0..40).prop_map(|people| {
        let people = people.into_iter().zip(0_u128..);
        people
            .map(|((employments, service_periods), id)| Person {
                id: Uuid::from_u128(id),
                external_id: None,
                employments,
                service_periods,
            })
            .collect()
    })
}

/// The product over every single day, with the people counted anew each day.
fn day_by_day(lengths: &[Length], until: i64) -> f64 {
    let mut survival = 1.0;
    for today in 0..=until {
        let at_risk = lengths.iter().filter(|length| length.days >= today).count();
        let left = lengths.iter().filter(|length| length.left && length.days == today).count();
        if at_risk > 0 {
            #[expect(clippy::cast_precision_loss, reason = "small numbers of people")]
            let stayed = 1.0 - left as f64 / at_risk as f64;
            survival *= stayed;
        }
    }
    survival
}

proptest! {
    #[test]
    fn the_curve_equals_a_product_over_days(lengths in proptest::collection::vec((0..400_i64, any::<bool>()), 1..60)) {
        let lengths: Vec<Length> = lengths.into_iter().map(|(days, left)| Length { days, left }).collect();
        let curve = kaplan_meier(lengths.clone());
        for (days, survival) in curve.time_days.iter().zip(&curve.survival) {
            prop_assert!((survival - day_by_day(&lengths, *days)).abs() < 1e-9);
        }
        let left_in_all = lengths.iter().filter(|length| length.left).count();
        prop_assert_eq!(curve.left.iter().sum::<usize>(), left_in_all);
    }

    #[test]
    fn every_roster_keeps_the_order_of_its_numbers(people in people(), as_of in 0..3000_u64) {
        let report = report(day(as_of), &people, &Rewards::built_in());

        let curve = &report.survival;
        prop_assert!(curve.survival.is_sorted_by(|a, b| a > b));
        prop_assert!(curve.at_risk.is_sorted_by(|a, b| a > b));
        prop_assert!(curve.time_days.is_sorted_by(|a, b| a < b));
        for ((survival, low), high) in curve.survival.iter().zip(&curve.ci_low).zip(&curve.ci_high) {
            prop_assert!((0.0..=1.0).contains(low) && (0.0..=1.0).contains(high));
            prop_assert!(low <= survival && survival <= high);
        }
        for (days, at_risk) in curve.time_days.iter().zip(&curve.at_risk) {
            prop_assert_eq!(curve.at_risk_on(*days), *at_risk);
        }

        for reading in [&report.official.received, &report.official.if_started_in_window] {
            prop_assert!(reading.numerator_min <= reading.numerator_max);
            prop_assert!(reading.numerator_max <= reading.denominator);
        }
        prop_assert_eq!(report.official.people.len(), people.len());
        for person in &report.official.people {
            prop_assert_eq!(person.part, person.reason.part());
        }
        for cohort in &report.cohorts {
            prop_assert!(cohort.kept <= cohort.hired);
            prop_assert_eq!(cohort.hidden, cohort.hired < SMALL_GROUP);
        }
    }

    #[test]
    fn the_order_of_the_facts_changes_nothing(people in people(), as_of in 0..3000_u64) {
        let mut turned = people.clone();
        for person in &mut turned {
            person.employments.sort_by_key(|job| (job.hired_on, job.left_on, job.leaving, job.supported_change));
            person.service_periods.sort_by_key(|period| (period.started_on, period.ended_on));
        }
        let mut again = turned.clone();
        for person in &mut again {
            // Jobs that begin on the same day have no order of their own.
            if person.employments.windows(2).all(|pair| pair[0].hired_on != pair[1].hired_on) {
                person.employments.reverse();
            }
            if person.service_periods.windows(2).all(|pair| pair[0].started_on != pair[1].started_on) {
                person.service_periods.reverse();
            }
        }
        let rewards = Rewards::built_in();
        prop_assert_eq!(report(day(as_of), &turned, &rewards), report(day(as_of), &again, &rewards));
    }
}
