use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::absence::{HalfDays, Leave};
use crate::calendar::Holidays;
use crate::duty::DutyPlan;
use crate::hours::WeekHours;
use crate::team::Member;

/// Open on weekdays in two periods; closed on 28 December; 23 November 2026 is a holiday, a Monday.
pub(crate) fn office() -> OfficeCalendar {
    office_open("09:00-12:00,13:00-17:30")
}

pub(crate) fn office_open(hours: &str) -> OfficeCalendar {
    OfficeCalendar {
        zone: chrono_tz::Asia::Tokyo,
        week: WeekHours::weekdays(hours).unwrap(),
        closures: BTreeSet::from([NaiveDate::from_ymd_opt(2026, 12, 28).unwrap()]),
        holidays: Arc::new(Holidays::embedded()),
        open_on_holidays: false,
    }
}

/// A moment in Tokyo.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+09:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

pub(crate) fn hours(h: i64) -> TimeDelta {
    TimeDelta::hours(h)
}

pub(crate) fn staff(n: u128) -> StaffId {
    StaffId(uuid::Uuid::from_u128(n))
}

pub(crate) fn member(n: u128, hours: Option<&str>) -> Member {
    Member { id: staff(n), hours: hours.map(|text| WeekHours::weekdays(text).unwrap()), is_active: true }
}

/// One day of leave.
pub(crate) fn leave(n: u128, day: &str, standin: Option<u128>) -> Leave {
    let on: NaiveDate = day.parse().unwrap();
    let when = HalfDays::new(HalfDay::morning(on), HalfDay::afternoon(on)).unwrap();
    Leave { staff: staff(n), when, standin: standin.map(staff) }
}

pub(crate) fn team(members: Vec<Member>, leaves: Vec<Leave>) -> Team {
    Team::new(office(), members, leaves, DutyPlan::default())
}

fn span(from: &str, to: &str) -> Span {
    Span { from: at(from), to: at(to) }
}

#[test]
fn the_clock_stands_still_in_the_lunch_break_at_night_and_over_a_holiday() {
    let calendar = office();
    let time = WorkingTime::of_office(&calendar);
    assert_eq!(time.after(at("2026-11-19T11:40"), hours(1)), Some(at("2026-11-19T13:40")));
    assert_eq!(time.after(at("2026-11-19T22:00"), hours(1)), Some(at("2026-11-20T10:00")));
    assert_eq!(time.after(at("2026-11-20T17:00"), hours(1)), Some(at("2026-11-24T09:30")), "over the holiday Monday");
    assert_eq!(time.between(at("2026-11-20T17:00"), at("2026-11-24T09:30")), hours(1));
    assert_eq!(time.before(at("2026-11-24T09:30"), hours(1)), Some(at("2026-11-20T17:00")));
}

#[test]
fn somebodys_own_hours_only_ever_narrow_the_offices() {
    let calendar = office();
    let team = team(vec![member(1, Some("10:00-15:00"))], Vec::new());
    let time = WorkingTime::of(Whose::Staff(&team, staff(1)), &calendar);
    let day = NaiveDate::from_ymd_opt(2026, 11, 19).unwrap();
    let want = [span("2026-11-19T10:00", "2026-11-19T12:00"), span("2026-11-19T13:00", "2026-11-19T15:00")];
    assert_eq!(time.spans_on(day), want);
    assert!(time.spans_on(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()).is_empty(), "a Saturday");
}

#[test]
fn in_the_owners_leave_the_stand_ins_time_counts_and_without_one_the_offices() {
    let calendar = office();
    let away = |standin| vec![leave(1, "2026-11-19", standin)];
    let after = |team: &Team| {
        let time = WorkingTime::of(Whose::CareOf(team, Some(staff(1)), None), &calendar);
        time.after(at("2026-11-19T09:00"), hours(1))
    };
    let members = || vec![member(1, None), member(2, Some("13:00-17:00"))];
    assert_eq!(after(&team(members(), away(Some(2)))), Some(at("2026-11-19T10:00")), "nobody is named for the morning");
    let afternoon = team(vec![member(1, None), member(2, Some("10:30-17:00"))], away(Some(2)));
    assert_eq!(after(&afternoon), Some(at("2026-11-19T11:30")));
    assert_eq!(after(&team(members(), away(None))), Some(at("2026-11-19T10:00")));
    assert_eq!(after(&team(members(), Vec::new())), Some(at("2026-11-19T10:00")));
}

#[test]
fn whoever_never_works_promises_nothing() {
    let calendar = office_open("");
    let time = WorkingTime::of_office(&calendar);
    assert_eq!(time.after(at("2026-11-20T17:00"), hours(1)), None);
    assert_eq!(time.before(at("2026-11-20T17:00"), hours(1)), None);
    assert!(!time.is_working(at("2026-11-20T10:00")));
}

/// Two people in some order, with hours and leave of their own; who owns it and who stands in.
fn teams() -> impl Strategy<Value = (Team, Option<StaffId>, Option<StaffId>)> {
    let hours = || prop::option::of(prop::sample::select(vec!["10:00-15:00", "08:00-12:30", "16:00-20:00", ""]));
    let away = prop::collection::vec((1_u128..3, 16_u32..29, prop::option::of(1_u128..3)), 0..3);
    let who = || prop::option::of(1_u128..3);
    (hours(), hours(), away, who(), who()).prop_map(|(one, two, away, owner, standin)| {
        let leaves = away.into_iter().map(|(who, day, standin)| leave(who, &format!("2026-11-{day}"), standin));
        (team(vec![member(1, one), member(2, two)], leaves.collect()), owner.map(staff), standin.map(staff))
    })
}

fn later(minutes: i64) -> DateTime<Utc> {
    at("2026-11-16T00:00") + TimeDelta::minutes(minutes)
}

proptest! {
    /// Whoever works when: time only grows, pieces add up, and what is reached never lies in closed time.
    #[test]
    fn working_time_is_monotone_additive_and_never_inside_closed_time(
        (team, owner, standin) in teams(),
        from in 0_i64..10 * 24 * 60,
        first in 0_i64..5 * 24 * 60,
        second in 0_i64..5 * 24 * 60,
        much in 1_i64..900,
    ) {
        let calendar = office();
        let time = WorkingTime::of(Whose::CareOf(&team, owner, standin), &calendar);
        let (a, b, c) = (later(from), later(from + first), later(from + first + second));
        prop_assert_eq!(time.between(a, b) + time.between(b, c), time.between(a, c));
        prop_assert!(time.between(a, b) <= time.between(a, c));
        prop_assert!(time.between(a, c) <= WorkingTime::of_office(&calendar).between(a, c));
        let (less, more) = (TimeDelta::minutes(much), TimeDelta::minutes(much + 7));
        if let Some(reached) = time.after(a, more) {
            prop_assert!(time.after(a, less).is_some_and(|sooner| sooner < reached));
            prop_assert_eq!(time.between(a, reached), more);
            prop_assert!(time.is_working(reached - TimeDelta::seconds(1)));
            prop_assert!(WorkingTime::of_office(&calendar).is_working(reached - TimeDelta::seconds(1)));
            if let Some(back) = time.before(reached, more) {
                prop_assert_eq!(time.between(back, reached), more);
                prop_assert!(back >= a);
            }
        }
    }

    /// A pause adds to the way exactly what it takes out of working time.
    #[test]
    fn a_pause_puts_off_by_the_working_time_it_covers(from in 0_i64..4 * 24 * 60, long in 1_i64..3 * 24 * 60, much in 1_i64..900) {
        let calendar = office();
        let whole = WorkingTime::of_office(&calendar);
        let paused = [Span { from: later(from), to: later(from + long) }];
        let time = WorkingTime { paused: &paused, ..whole };
        let end = later(12 * 24 * 60);
        prop_assert_eq!(time.between(later(0), end) + whole.between(paused[0].from, paused[0].to), whole.between(later(0), end));
        let reached = time.after(later(0), TimeDelta::minutes(much)).unwrap();
        prop_assert!(!paused[0].contains(reached - TimeDelta::seconds(1)));
    }
}
