//! Who looks after whom: each case that an office meets.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{FixedOffset, Weekday};
use uuid::Uuid;

use super::*;
use crate::calendar::Holidays;
use crate::half_day::Half;
use crate::hours::day_text;

const SATO: StaffId = StaffId(Uuid::from_u128(1));
const SUZUKI: StaffId = StaffId(Uuid::from_u128(2));
const TANAKA: StaffId = StaffId(Uuid::from_u128(3));

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+09:00").parse::<DateTime<FixedOffset>>().unwrap().to_utc()
}

fn half(text: &str) -> HalfDay {
    let (on, half) = text.split_once(' ').unwrap();
    HalfDay { on: on.parse().unwrap(), half: if half == "am" { Half::Morning } else { Half::Afternoon } }
}

fn leave(staff: StaffId, from: &str, to: &str, standin: Option<StaffId>) -> Leave {
    Leave { staff, when: HalfDays::new(half(from), half(to)).unwrap(), standin }
}

fn member(id: StaffId) -> Member {
    Member { id, hours: None, is_active: true }
}

/// Three people, open from Monday to Friday with a break at noon. Tuesday is 24 November 2026; the 23rd is a holiday.
fn team(leaves: Vec<Leave>) -> Team {
    let calendar = OfficeCalendar {
        zone: chrono_tz::Asia::Tokyo,
        week: WeekHours::weekdays("09:00-12:00,13:00-17:30").unwrap(),
        closures: BTreeSet::new(),
        holidays: Arc::new(Holidays::embedded()),
        open_on_holidays: false,
    };
    Team::new(calendar, vec![member(SATO), member(SUZUKI), member(TANAKA)], leaves, DutyPlan::default())
}

fn with_duty(mut team: Team, day: Weekday, staff: StaffId) -> Team {
    for half in [Half::Morning, Half::Afternoon] {
        team.duty.week.put(day, half, Some(staff));
    }
    team
}

fn part_time(mut team: Team, staff: StaffId, days: &[Weekday], hours: &str) -> Team {
    let week = days.iter().fold(WeekHours::default(), |week, day| week.with_day(*day, hours).unwrap());
    team.members.get_mut(&staff).unwrap().hours = Some(week);
    team
}

fn care(team: &Team, standin: Option<StaffId>, moment: &str) -> (CareBy, Option<StaffId>) {
    let care = team.looks_after(Some(SATO), standin, at(moment));
    (care.by, care.staff)
}

#[test]
fn the_owner_looks_after_their_people_while_they_are_there() {
    let team = with_duty(team(vec![]), Weekday::Tue, TANAKA);
    assert_eq!(care(&team, Some(SUZUKI), "2026-11-24T10:00"), (CareBy::Owner, Some(SATO)));
}

#[test]
fn during_leave_it_is_the_stand_in_and_afterwards_everything_is_back_by_itself() {
    let team = team(vec![leave(SATO, "2026-11-24 am", "2026-11-25 pm", Some(SUZUKI))]);
    assert_eq!(care(&team, None, "2026-11-20T16:00"), (CareBy::Owner, Some(SATO)));
    assert_eq!(care(&team, None, "2026-11-24T09:00"), (CareBy::StandIn, Some(SUZUKI)));
    assert_eq!(care(&team, None, "2026-11-25T17:29"), (CareBy::StandIn, Some(SUZUKI)));
    assert_eq!(care(&team, None, "2026-11-26T09:00"), (CareBy::Owner, Some(SATO)));
    assert_eq!(team.back(SATO, at("2026-11-24T09:00")), Some(half("2026-11-26 am")));
}

#[test]
fn somebodys_people_are_their_own_those_they_look_after_now_and_those_whom_nobody_does() {
    let team = team(vec![leave(SATO, "2026-11-24 am", "2026-11-24 pm", Some(SUZUKI))]);
    let on = |day: &str, reader, pair| team.is_for(reader, pair, at(&format!("2026-11-{day}T10:00")));
    let of_sato = (Some(SATO), Some(TANAKA));
    assert_eq!([SATO, SUZUKI, TANAKA].map(|reader| on("24", reader, of_sato)), [true, true, false]);
    assert_eq!([SATO, SUZUKI, TANAKA].map(|reader| on("25", reader, of_sato)), [true, false, false]);
    assert!([SATO, SUZUKI, TANAKA].iter().all(|reader| on("25", *reader, (None, None))), "nobody's are everybody's");
}

#[test]
fn what_was_asked_of_somebody_who_is_away_is_their_stand_ins_or_everybodys() {
    let away = team(vec![
        leave(SATO, "2026-11-24 pm", "2026-11-24 pm", Some(SUZUKI)),
        leave(TANAKA, "2026-11-25 am", "2026-11-25 pm", None),
    ]);
    let on = |moment: &str| [SATO, SUZUKI, TANAKA].map(|reader| away.stands_for(reader, at(moment)));
    assert_eq!(on("2026-11-24T11:00"), [vec![SATO], vec![SUZUKI], vec![TANAKA]]);
    assert_eq!(on("2026-11-24T13:00"), [vec![SATO], vec![SATO, SUZUKI], vec![TANAKA]]);
    assert_eq!(on("2026-11-25T10:00"), [vec![SATO, TANAKA], vec![SUZUKI, TANAKA], vec![TANAKA]]);
}

#[test]
fn a_half_day_of_leave_moves_only_that_half() {
    let team = team(vec![leave(SATO, "2026-11-24 pm", "2026-11-24 pm", Some(SUZUKI))]);
    assert_eq!(care(&team, None, "2026-11-24T11:59"), (CareBy::Owner, Some(SATO)));
    assert_eq!(care(&team, None, "2026-11-24T12:00"), (CareBy::StandIn, Some(SUZUKI)), "the break is afternoon");
    assert_eq!(day_text(&team.periods_on(SATO, "2026-11-24".parse().unwrap())), "09:00-12:00");
    assert_eq!(team.back(SATO, at("2026-11-24T13:00")), Some(half("2026-11-25 am")));
}

#[test]
fn a_stand_in_who_is_away_too_hands_on_to_their_own_and_the_chain_ends() {
    let chain = vec![
        leave(SATO, "2026-11-24 am", "2026-11-24 pm", Some(SUZUKI)),
        leave(SUZUKI, "2026-11-24 am", "2026-11-24 pm", Some(TANAKA)),
    ];
    assert_eq!(care(&team(chain.clone()), None, "2026-11-24T10:00"), (CareBy::StandIn, Some(TANAKA)));
    let circle = vec![chain[0], Leave { standin: Some(SATO), ..chain[1] }];
    let team = team(circle);
    assert_eq!(care(&team, None, "2026-11-24T10:00"), (CareBy::Anybody, None));
    assert_eq!(care(&team, Some(TANAKA), "2026-11-24T10:00"), (CareBy::OwnStandIn, Some(TANAKA)));
    let team = with_duty(team, Weekday::Tue, SUZUKI);
    assert_eq!(care(&team, None, "2026-11-24T10:00"), (CareBy::Anybody, None), "on duty, but on leave");
    let team = with_duty(team, Weekday::Tue, TANAKA);
    assert_eq!(care(&team, None, "2026-11-24T10:00"), (CareBy::Duty, Some(TANAKA)));
}

#[test]
fn a_persons_own_stand_in_comes_before_who_is_on_duty() {
    let nobody = leave(SATO, "2026-11-24 am", "2026-11-24 pm", None);
    let team = with_duty(team(vec![nobody]), Weekday::Tue, TANAKA);
    assert_eq!(care(&team, Some(SUZUKI), "2026-11-24T10:00"), (CareBy::OwnStandIn, Some(SUZUKI)));
    assert_eq!(care(&team, None, "2026-11-24T10:00"), (CareBy::Duty, Some(TANAKA)));
}

#[test]
fn of_two_leaves_each_has_its_own_stand_in() {
    let team = team(vec![
        leave(SATO, "2026-11-24 am", "2026-11-24 pm", Some(SUZUKI)),
        leave(SATO, "2026-11-25 am", "2026-11-25 am", Some(TANAKA)),
    ]);
    assert_eq!(care(&team, None, "2026-11-24T10:00"), (CareBy::StandIn, Some(SUZUKI)));
    assert_eq!(care(&team, None, "2026-11-25T10:00"), (CareBy::StandIn, Some(TANAKA)));
    assert_eq!(care(&team, None, "2026-11-25T14:00"), (CareBy::Owner, Some(SATO)));
    assert_eq!(team.back(SATO, at("2026-11-24T10:00")), Some(half("2026-11-25 pm")), "over both");
}

#[test]
fn people_of_somebody_who_left_go_to_their_stand_in_or_the_person_on_duty() {
    let mut team = with_duty(team(vec![]), Weekday::Tue, TANAKA);
    team.members.get_mut(&SATO).unwrap().is_active = false;
    assert_eq!(team.away(SATO, at("2026-11-24T10:00")), Some(Away::Gone));
    assert_eq!(care(&team, Some(SUZUKI), "2026-11-24T10:00"), (CareBy::OwnStandIn, Some(SUZUKI)));
    assert_eq!(care(&team, None, "2026-11-24T10:00"), (CareBy::Duty, Some(TANAKA)));
    assert_eq!(team.back(SATO, at("2026-11-24T10:00")), None);
    let unknown = team.looks_after(Some(StaffId(Uuid::from_u128(9))), None, at("2026-11-24T10:00"));
    assert_eq!((unknown.by, unknown.staff), (CareBy::Duty, Some(TANAKA)));
}

#[test]
fn people_without_an_owner_are_the_person_on_dutys_and_else_anybodys() {
    let there = team(vec![]);
    assert_eq!(there.looks_after(None, None, at("2026-11-24T10:00")), Care { staff: None, by: CareBy::Anybody });
    let team = with_duty(there, Weekday::Tue, TANAKA);
    let care = team.looks_after(None, None, at("2026-11-24T10:00"));
    assert_eq!((care.by, care.staff), (CareBy::Duty, Some(TANAKA)));
}

#[test]
fn part_time_work_hands_over_when_its_half_day_is_done_and_never_at_lunch() {
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed];
    let team = part_time(team(vec![]), SATO, &days, "10:00-12:00,13:00-15:00");
    let by = |moment| care(&team, Some(SUZUKI), moment).0;
    assert_eq!(by("2026-11-24T09:10"), CareBy::Owner, "comes at ten");
    assert_eq!(by("2026-11-24T12:30"), CareBy::Owner, "lunch");
    assert_eq!(by("2026-11-24T14:59"), CareBy::Owner);
    assert_eq!(by("2026-11-24T15:00"), CareBy::OwnStandIn, "gone home, the office is open");
    assert_eq!(by("2026-11-26T10:00"), CareBy::OwnStandIn, "not on Thursdays");
    assert_eq!(team.back(SATO, at("2026-11-26T10:00")), Some(half("2026-11-30 am")));
    assert_eq!(team.away(SATO, at("2026-11-26T10:00")), Some(Away::OffHours));
    assert_eq!(day_text(&team.periods_on(SATO, "2026-11-25".parse().unwrap())), "10:00-12:00,13:00-15:00");
}

#[test]
fn at_night_and_on_holidays_the_next_open_half_day_counts() {
    let team = team(vec![leave(SATO, "2026-11-24 am", "2026-11-24 am", Some(SUZUKI))]);
    assert_eq!(team.half_at(at("2026-11-20T17:30")), half("2026-11-24 am"), "over a weekend and a holiday");
    assert_eq!(care(&team, None, "2026-11-20T20:00"), (CareBy::StandIn, Some(SUZUKI)));
    assert_eq!(care(&team, None, "2026-11-24T06:00"), (CareBy::StandIn, Some(SUZUKI)));
    assert_eq!(team.half_at(at("2026-11-24T12:10")), half("2026-11-24 pm"));
}

#[test]
fn hours_that_noon_parts_are_one_for_a_clock() {
    let mut team = team(vec![]);
    team.calendar.week = WeekHours::weekdays("09:00-17:30").unwrap();
    assert_eq!(day_text(&team.periods_on(SATO, "2026-11-24".parse().unwrap())), "09:00-17:30");
}

#[test]
fn an_office_that_never_opens_has_nobody_there_and_no_end_is_looked_for() {
    let mut team = team(vec![]);
    team.calendar.week = WeekHours::default();
    assert_eq!(care(&team, Some(SUZUKI), "2026-11-24T10:00"), (CareBy::Anybody, None));
    assert!(team.there(at("2026-11-24T10:00")).is_empty() && team.back(SATO, at("2026-11-24T10:00")).is_none());
}

#[test]
fn whoever_is_on_leave_or_never_works_then_is_not_proposed_as_a_stand_in() {
    let away = leave(SUZUKI, "2026-11-25 pm", "2026-11-26 am", None);
    let tuesday = HalfDays::new(half("2026-11-24 am"), half("2026-11-24 pm")).unwrap();
    let both = HalfDays::new(half("2026-11-24 am"), half("2026-11-25 pm")).unwrap();
    let team = part_time(team(vec![away]), TANAKA, &[Weekday::Wed], "09:00-12:00");
    assert_eq!(team.could_stand_in(SATO, tuesday), [SUZUKI]);
    assert_eq!(team.could_stand_in(SATO, both), [TANAKA]);
    assert_eq!(team.leave_in(SUZUKI, both), Some(&away));
    assert_eq!(team.there(at("2026-11-24T10:00")), [SATO, SUZUKI]);
}

#[test]
fn a_stand_in_leaves_those_half_days_open_in_which_only_the_other_would_have_worked() {
    let mornings = [Weekday::Tue, Weekday::Wed, Weekday::Thu];
    let when = HalfDays::new(half("2026-11-23 am"), half("2026-11-30 am")).unwrap();
    let open = |team: &Team| {
        let stretches = team.uncovered(SATO, SUZUKI, when);
        stretches.into_iter().map(|stretch| (stretch.from(), stretch.to())).collect::<Vec<_>>()
    };
    assert!(open(&team(vec![])).is_empty());
    let part = part_time(team(vec![]), SUZUKI, &mornings, "09:00-12:00");
    let found = [
        (half("2026-11-24 pm"), half("2026-11-24 pm")),
        (half("2026-11-25 pm"), half("2026-11-25 pm")),
        (half("2026-11-26 pm"), half("2026-11-30 am")),
    ];
    assert_eq!(open(&part), found, "the holiday is missed by nobody, and a weekend parts no stretch");
    assert!(
        open(&part_time(part, SATO, &mornings, "10:00-11:00")).is_empty(),
        "who works no more than that misses nothing"
    );
    let leave = leave(SUZUKI, "2026-11-24 am", "2026-11-25 pm", None);
    assert!(open(&team(vec![leave])).is_empty(), "leave is told for itself");
}
