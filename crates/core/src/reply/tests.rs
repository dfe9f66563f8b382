use super::*;
use crate::working::Whose;
use crate::working::tests::{at, hours, leave, member, office, staff, team};

fn clock_of(wait: &Wait, now: &str) -> ReplyClock {
    ReplyRule::default().clock(wait, at(now), WorkingTime::of_office(&office()))
}

fn ladder(since: &str) -> [DateTime<Utc>; 4] {
    let clock = clock_of(&Wait::since(at(since)), since);
    [clock.warn_at, clock.due_at, clock.late_at, clock.breach_at].map(Option::unwrap)
}

fn promised(from: &str, until: &str) -> ReplyPause {
    ReplyPause { why: PauseWhy::Promised, from: at(from), until: Some(at(until)) }
}

fn waiting(from: &str, until: Option<&str>) -> ReplyPause {
    ReplyPause { why: PauseWhy::Waiting, from: at(from), until: until.map(at) }
}

#[test]
fn a_word_in_the_morning_climbs_the_ladder_over_the_lunch_break() {
    let want = ["2026-11-20T09:55", "2026-11-20T10:10", "2026-11-20T13:10", "2026-11-20T16:10"].map(at);
    assert_eq!(ladder("2026-11-20T09:10"), want);
}

#[test]
fn two_work_periods_a_day_are_counted_without_the_break_between_them() {
    assert_eq!(ladder("2026-11-19T11:40")[1], at("2026-11-19T13:40"));
    assert_eq!(ladder("2026-11-19T12:30")[1], at("2026-11-19T14:00"), "written in the break");
}

#[test]
fn a_holiday_in_between_does_not_count() {
    // Friday afternoon; Monday 23 November 2026 is a holiday.
    let want = ["2026-11-24T09:15", "2026-11-24T09:30", "2026-11-24T11:30", "2026-11-24T15:30"].map(at);
    assert_eq!(ladder("2026-11-20T17:00"), want);
}

#[test]
fn a_closure_day_in_between_does_not_count() {
    // Monday 28 December is a closure day of the office.
    assert_eq!(ladder("2026-12-25T17:00")[1], at("2026-12-29T09:30"));
}

#[test]
fn each_rung_begins_at_its_moment() {
    use Rung::{Breach, Due, InTime, Late, Soon};
    let wait = Wait::since(at("2026-11-20T09:10"));
    let rung = |now: &str| clock_of(&wait, now).rung;
    let seen = ["09:54", "09:55", "10:09", "10:10", "13:09", "13:10", "16:09", "16:10"];
    let seen = seen.map(|time| rung(&format!("2026-11-20T{time}")));
    assert_eq!(seen, [InTime, Soon, Soon, Due, Due, Late, Late, Breach]);
}

#[test]
fn a_part_time_owners_clock_runs_in_their_own_hours() {
    let (calendar, team) = (office(), team(vec![member(1, Some("10:00-15:00"))], Vec::new()));
    let time = WorkingTime::of(Whose::CareOf(&team, Some(staff(1)), None), &calendar);
    let since = Wait::since(at("2026-11-19T14:30"));
    let clock = ReplyRule::default().clock(&since, at("2026-11-19T18:00"), time);
    assert_eq!((clock.used, clock.rung), (TimeDelta::minutes(30), Rung::InTime));
    assert_eq!(clock.due_at, Some(at("2026-11-20T10:30")));
}

#[test]
fn an_absence_puts_the_clock_into_the_stand_ins_time() {
    let members = vec![member(1, None), member(2, Some("10:30-15:00"))];
    let (calendar, team) =
        (office(), team(members, vec![leave(1, "2026-11-19", Some(2)), leave(1, "2026-11-20", Some(2))]));
    let time = WorkingTime::of(Whose::CareOf(&team, Some(staff(1)), None), &calendar);
    let clock = ReplyRule::default().clock(&Wait::since(at("2026-11-19T09:00")), at("2026-11-19T09:00"), time);
    assert_eq!(clock.due_at, Some(at("2026-11-19T11:30")));
    assert_eq!(clock.breach_at, Some(at("2026-11-20T14:00")));
}

#[test]
fn on_a_part_time_owners_day_off_the_office_answers() {
    let mut part_time = member(1, Some("09:00-17:30"));
    part_time.hours = part_time.hours.map(|hours| hours.with_day(chrono::Weekday::Thu, "").unwrap());
    let (calendar, team) = (office(), team(vec![part_time], Vec::new()));
    let time = WorkingTime::of(Whose::CareOf(&team, Some(staff(1)), None), &calendar);
    let clock = ReplyRule::default().clock(&Wait::since(at("2026-11-19T09:00")), at("2026-11-19T09:00"), time);
    assert_eq!(clock.due_at, Some(at("2026-11-19T10:00")), "nobody waits for a colleague's next working day");
}

#[test]
fn a_holding_reply_stops_the_clock_until_the_promised_time() {
    let wait = Wait { since: at("2026-11-19T10:00"), pauses: vec![promised("2026-11-19T10:30", "2026-11-19T15:00")] };
    let clock = clock_of(&wait, "2026-11-19T14:00");
    assert_eq!((clock.used, clock.rung), (TimeDelta::minutes(30), Rung::InTime));
    assert_eq!(clock.pause.map(|pause| pause.why), Some(PauseWhy::Promised));
    assert_eq!(clock.due_at, Some(at("2026-11-19T15:30")));
    let after = clock_of(&wait, "2026-11-19T15:20");
    assert_eq!((after.rung, after.pause), (Rung::Soon, None));
}

#[test]
fn waiting_for_them_stops_the_clock_until_they_write() {
    let open = Wait { since: at("2026-11-19T10:00"), pauses: vec![waiting("2026-11-19T10:30", None)] };
    let clock = clock_of(&open, "2026-11-25T17:00");
    assert_eq!((clock.used, clock.rung, clock.due_at), (TimeDelta::minutes(30), Rung::InTime, None));
    let over = waiting("2026-11-19T10:30", Some("2026-11-20T09:00"));
    let clock = clock_of(&Wait { pauses: vec![over], ..open }, "2026-11-20T09:40");
    assert_eq!((clock.rung, clock.due_at), (Rung::Due, Some(at("2026-11-20T09:30"))));
}

#[test]
fn the_delivered_numbers_are_those_of_the_rulebook() {
    let rule = ReplyRule::parse(EMBEDDED).unwrap();
    let numbers = (rule.warn_minutes, rule.due_minutes, rule.late_minutes, rule.breach_minutes);
    assert_eq!(numbers, (45, 60, 180, 360));
    assert_eq!(serde_json::from_str::<ReplyRule>("{}").unwrap(), rule);
}

#[test]
fn steps_that_do_not_rise_are_refused() {
    let rule = ReplyRule::default();
    for wrong in [
        ReplyRule { warn_minutes: 60, ..rule },
        ReplyRule { late_minutes: 30, ..rule },
        ReplyRule { breach_minutes: LONGEST_STEP + 1, ..rule },
        ReplyRule { warn_minutes: 0, ..rule },
        ReplyRule { promise_warn_minutes: 0, ..rule },
    ] {
        assert!(matches!(wrong.check(), Err(ReplyRuleError::NotRising)), "{wrong:?}");
    }
    assert!(ReplyRule::parse("warn_minutes = 45").is_err(), "every number has to be there");
}

#[test]
fn working_time_that_has_passed_and_the_moments_say_the_same() {
    let wait = Wait { since: at("2026-11-19T11:00"), pauses: vec![promised("2026-11-19T11:20", "2026-11-19T14:00")] };
    let calendar = office();
    for minute in (0..2 * 24 * 60).step_by(5) {
        let now = at("2026-11-19T09:00") + TimeDelta::minutes(minute);
        let clock = ReplyRule::default().clock(&wait, now, WorkingTime::of_office(&calendar));
        let passed = |moment: Option<DateTime<Utc>>| moment.is_some_and(|moment| moment <= now);
        assert_eq!(clock.rung >= Rung::Due, passed(clock.due_at), "{now}");
        assert_eq!(clock.rung == Rung::Breach, passed(clock.breach_at), "{now}");
        assert!(clock.used <= hours(48));
    }
}
