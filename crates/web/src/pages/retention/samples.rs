//! A made-up roster, so that samples and tests show what core really computes.

use bansou_core::leaving::LeavingReason;
use bansou_core::retention::{Job, Person};
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

/// Somebody whose job began so many days before it ended, or before `as_of` while it lasts. Support began after six months.
pub(crate) fn person(number: u128, as_of: NaiveDate, days: i64, has_left: bool) -> Person {
    let days = days.unsigned_abs();
    // Who left did so some time ago, so that the job lies before as_of and not at its end.
    let ended = has_left.then(|| as_of - Days::new(40 + u64::try_from(number).unwrap_or(0) * 17 % 500));
    let hired_on = ended.unwrap_or(as_of) - Days::new(days);
    let job = Job {
        employer: Some("株式会社サンプル物流".to_owned()),
        hired_on,
        left_on: ended,
        leaving: has_left.then_some(LeavingReason::Personal),
        supported_change: false,
        status_unknown: false,
    };
    let support = ServicePeriod {
        kind: ServiceKind::Retention,
        started_on: hired_on + Days::new(184),
        ended_on: ended,
        certificate_expires_on: None,
        plan_review_on: None,
    };
    let is_long = days > 190;
    Person {
        id: Uuid::from_u128(number),
        external_id: Some(format!("A{number:03}")),
        employments: vec![job],
        service_periods: if is_long { vec![support] } else { Vec::new() },
    }
}

/// Forty people with stays of very different lengths; two whose status nobody knows.
pub(crate) fn people(as_of: NaiveDate) -> Vec<Person> {
    let mut all: Vec<Person> = (1..=40_u128)
        .map(|number| {
            let days = 25 + (i64::try_from(number).unwrap_or(0) * 97) % 1320;
            person(number, as_of, days, number % 5 == 0)
        })
        .collect();
    for number in [7, 23] {
        all[number].employments[0].status_unknown = true;
    }
    all
}
