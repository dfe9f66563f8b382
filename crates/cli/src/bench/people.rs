//! The made-up people of a measured office.

use bansou_core::contact::{LineUserId, PhoneNumber};
use bansou_core::employment::Disclosure;
use bansou_core::leaving::LeavingReason;
use bansou_core::roster::{Leaving, RosterRow};
use chrono::{Days, NaiveDate};

/// The first so many may have something open; they stay.
const WITH_SOMETHING_OPEN: u32 = 200;

/// One person per number, with a name and a LINE account and nothing else.
pub(crate) fn row(n: u32) -> RosterRow {
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
        disclosure: Some(Disclosure::Open),
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

/// A person as an office with years behind it has them: hired within the last three years.
pub(super) fn grown_row(n: u32, today: NaiveDate) -> RosterRow {
    let worked = worked(n);
    let hired_on = today - Days::new(worked);
    RosterRow {
        // Nothing is sent while measuring.
        phone: PhoneNumber::parse(&format!("0901200{:04}", n % 10_000)).ok(),
        hired_on: Some(hired_on),
        service_started_on: (worked > 190).then(|| hired_on + Days::new(184)),
        ..row(n)
    }
}

/// The same person in a later roster: the job has ended, for every seventh of those with whom nothing is open.
pub(super) fn left_row(n: u32, today: NaiveDate) -> Option<RosterRow> {
    let row = grown_row(n, today);
    if n < WITH_SOMETHING_OPEN || !n.is_multiple_of(7) || worked(n) < 150 {
        return None;
    }
    let left_on = row.hired_on.map(|hired_on| hired_on + Days::new(worked(n) / 2));
    Some(RosterRow { left_on, leaving: Some(Leaving { reason: LeavingReason::Health, words: None }), ..row })
}

fn worked(n: u32) -> u64 {
    u64::from(30 + n * 37 % 1_100)
}
