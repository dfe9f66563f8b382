//! The made-up people of a measured office.

use bansou_core::contact::{LineUserId, PhoneNumber};
use bansou_core::leaving::LeavingReason;
use bansou_core::roster::{Leaving, RosterRow};
use chrono::{Days, NaiveDate};

/// One person per number, with a name and a LINE account and nothing else.
pub(super) fn row(n: u32) -> RosterRow {
    RosterRow {
        external_id: Some(format!("B{n:07}")),
        name: format!("計測{n} 花子"),
        kana: Some(format!("ケイソク{n} ハナコ")),
        phone: None,
        line_user_id: LineUserId::parse(&format!("U{n:032x}")).ok(),
        email: None,
        disability: None,
        certificate: None,
        employer: Some(format!("計測商事{}", n % 100)),
        hired_on: None,
        left_on: None,
        leaving: None,
        service_started_on: None,
        service_ended_on: None,
        staff_email: None,
        allowed: None,
        language: None,
        warnings: Vec::new(),
    }
}

/// A person as an office with years behind it has them: hired within the last three years, some of them gone again.
pub(super) fn grown_row(n: u32, today: NaiveDate) -> RosterRow {
    let worked = u64::from(30 + n * 37 % 1_100);
    let hired_on = today - Days::new(worked);
    let left_on = (n.is_multiple_of(7) && worked > 150).then(|| hired_on + Days::new(worked / 2));
    RosterRow {
        // Numbers that are given to nobody.
        phone: PhoneNumber::parse(&format!("0900000{:04}", n % 10_000)).ok(),
        hired_on: Some(hired_on),
        left_on,
        leaving: left_on.map(|_| Leaving { reason: LeavingReason::Health, words: None }),
        service_started_on: (worked > 190).then(|| hired_on + Days::new(184)),
        service_ended_on: left_on.filter(|_| worked > 400),
        ..row(n)
    }
}
