//! What users of other programs complain of about reply clocks (peers.md (c)): each has a test by its name. Those about what ends a
//! clock are in `tests/it/store/clock.rs`.

use super::*;
use crate::working::tests::{at, hours, office, office_open};

fn clock(since: &str, now: &str) -> ReplyClock {
    ReplyRule::default().clock(&Wait::since(at(since)), at(now), WorkingTime::of_office(&office()))
}

#[test]
fn it_counted_nights_and_weekends() {
    let friday_to_tuesday = clock("2026-11-27T17:00", "2026-11-30T09:00");
    assert_eq!(friday_to_tuesday.used, TimeDelta::minutes(30), "one half-hour of Friday, nothing of the weekend");
}

#[test]
fn one_work_period_a_day() {
    let calendar = office_open("09:00-10:30,11:00-12:00,13:00-15:00,15:30-17:30");
    let time = WorkingTime::of_office(&calendar);
    assert_eq!(time.between(at("2026-11-19T00:00"), at("2026-11-20T00:00")), TimeDelta::minutes(390));
    assert_eq!(time.after(at("2026-11-19T10:00"), hours(1)), Some(at("2026-11-19T11:30")));
}

#[test]
fn alerts_at_midnight() {
    let calendar = office();
    let time = WorkingTime::of_office(&calendar);
    for minute in (0..7 * 24 * 60).step_by(13) {
        let since = at("2026-11-18T00:00") + TimeDelta::minutes(minute);
        let clock = ReplyRule::default().clock(&Wait::since(since), since, time);
        for moment in [clock.warn_at, clock.due_at, clock.late_at, clock.breach_at].map(Option::unwrap) {
            assert!(time.is_working(moment - TimeDelta::seconds(1)), "{since} → {moment}");
        }
    }
}

#[test]
fn a_holiday_feed_full_of_non_holidays() {
    let calendar = office();
    let holidays = &calendar.holidays;
    for (day, name) in [("2026-12-24", None), ("2026-11-15", None), ("2026-11-23", Some("勤労感謝の日"))] {
        assert_eq!(holidays.name_on(day.parse().unwrap()), name, "Christmas Eve and 七五三 are working days");
    }
    assert!(WorkingTime::of_office(&calendar).is_working(at("2026-12-24T10:00")));
}

#[test]
fn only_the_nearest_of_three_deadlines_shown() {
    let clock = clock("2026-11-19T09:00", "2026-11-19T09:50");
    assert_eq!(clock.rung, Rung::Soon);
    let all = [clock.warn_at, clock.due_at, clock.late_at, clock.breach_at];
    assert_eq!(all, ["09:45", "10:00", "12:00", "16:00"].map(|time| Some(at(&format!("2026-11-19T{time}")))));
}

#[test]
fn the_update_clock_overrules_the_first_response() {
    // There is one clock, from the first word nobody has answered: a later word of theirs is no input to it at all.
    let first = Wait::since(at("2026-11-19T09:00"));
    let with_holding =
        ReplyPause { why: PauseWhy::Promised, from: at("2026-11-19T09:10"), until: Some(at("2026-11-19T11:00")) };
    let held = Wait { pauses: vec![with_holding], ..first };
    let time = office();
    let clock = ReplyRule::default().clock(&held, at("2026-11-19T11:49"), WorkingTime::of_office(&time));
    assert_eq!(clock.used, TimeDelta::minutes(59), "what had passed before the holding reply isn't forgotten");
}

#[test]
fn the_clock_does_not_stop_while_waiting_for_the_client() {
    let waits = ReplyPause { why: PauseWhy::Waiting, from: at("2026-11-19T09:20"), until: None };
    let wait = Wait { since: at("2026-11-19T09:00"), pauses: vec![waits] };
    let calendar = office();
    let clock = ReplyRule::default().clock(&wait, at("2026-11-27T17:00"), WorkingTime::of_office(&calendar));
    assert_eq!((clock.used, clock.rung), (TimeDelta::minutes(20), Rung::InTime));
}

#[test]
fn no_working_hours() {
    let calendar = office_open("13:00-17:00");
    let clock = ReplyRule::default().clock(
        &Wait::since(at("2026-11-19T08:00")),
        at("2026-11-19T12:59"),
        WorkingTime::of_office(&calendar),
    );
    assert_eq!((clock.used, clock.due_at), (TimeDelta::zero(), Some(at("2026-11-19T14:00"))));
}

#[test]
fn an_office_that_never_opens_promises_nothing() {
    let calendar = office_open("");
    let since = Wait::since(at("2026-11-20T17:00"));
    let clock = ReplyRule::default().clock(&since, at("2026-11-27T17:00"), WorkingTime::of_office(&calendar));
    assert_eq!((clock.due_at, clock.breach_at, clock.rung), (None, None, Rung::InTime));
}
