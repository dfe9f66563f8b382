use super::*;
use crate::working::Whose;
use crate::working::tests::{at, hours, member, office, staff, team};

const DUE: &str = "2026-11-19T15:00";

fn proposals(earliest: &str) -> Vec<String> {
    let calendar = office();
    let found = proposed_times(at(earliest), &WorkingTime::of_office(&calendar));
    found.into_iter().map(|at| at.with_timezone(&chrono_tz::Asia::Tokyo).format("%d %H:%M").to_string()).collect()
}

#[test]
fn a_promise_is_kept_in_time_or_late() {
    let keep = |now| CommitmentState::Open.keep(at(DUE), at(now)).unwrap();
    assert_eq!(keep("2026-11-19T15:00"), CommitmentState::Kept);
    assert_eq!(keep("2026-11-19T15:01"), CommitmentState::KeptLate);
    assert!(CommitmentState::KeptLate.was_late() && !CommitmentState::Kept.was_late());
}

#[test]
fn a_new_time_said_early_is_no_broken_promise_and_said_late_it_is() {
    let later = at("2026-11-19T17:00");
    let moved = |now| CommitmentState::Open.move_to(at(DUE), later, at(now));
    assert_eq!(moved("2026-11-19T14:00"), Ok(CommitmentState::Moved));
    assert_eq!(moved("2026-11-19T15:10"), Ok(CommitmentState::MovedLate));
    assert_eq!(moved("2026-11-19T17:10"), Err(CommitmentError::NoNewTime));
    let same = CommitmentState::Open.move_to(at(DUE), at(DUE), at("2026-11-19T14:00"));
    assert_eq!(same, Err(CommitmentError::NoNewTime));
    assert!(CommitmentState::MovedLate.was_late() && !CommitmentState::Moved.was_late());
}

#[test]
fn what_has_ended_stays_ended() {
    for &state in CommitmentState::ALL.iter().filter(|state| **state != CommitmentState::Open) {
        assert_eq!(state.keep(at(DUE), at(DUE)), Err(CommitmentError::Ended));
        assert_eq!(state.withdraw(), Err(CommitmentError::Ended));
        assert_eq!(state.move_to(at(DUE), at("2026-11-20T10:00"), at(DUE)), Err(CommitmentError::Ended));
    }
    assert_eq!(CommitmentState::Open.withdraw(), Ok(CommitmentState::Withdrawn));
}

#[test]
fn its_maker_is_reminded_an_hour_of_working_time_ahead() {
    let calendar = office();
    let time = WorkingTime::of_office(&calendar);
    let warn = |made, due| warn_at((at(made), at(due)), hours(1), &time);
    assert_eq!(warn("2026-11-19T09:00", DUE), at("2026-11-19T14:00"));
    assert_eq!(warn("2026-11-19T09:00", "2026-11-19T13:30"), at("2026-11-19T11:30"), "over the lunch break");
    assert_eq!(warn("2026-11-20T16:00", "2026-11-24T09:30"), at("2026-11-20T17:00"), "before the long weekend");
    assert_eq!(warn("2026-11-19T14:00", "2026-11-19T14:40"), at("2026-11-19T14:20"), "half of a short time");
}

#[test]
fn a_promise_is_ahead_then_soon_then_late() {
    let calendar = office();
    let time = WorkingTime::of_office(&calendar);
    let at_moment = |now| standing((at("2026-11-19T09:00"), at(DUE)), at(now), hours(1), &time);
    assert_eq!(at_moment("2026-11-19T13:59"), Standing::Ahead);
    assert_eq!(at_moment("2026-11-19T14:00"), Standing::Soon);
    assert_eq!(at_moment(DUE), Standing::Soon);
    assert_eq!(at_moment("2026-11-19T15:01"), Standing::Late);
}

#[test]
fn proposed_times_are_this_afternoon_before_closing_and_the_next_working_morning() {
    assert_eq!(proposals("2026-11-19T09:20"), ["19 15:00", "19 17:00", "20 10:00"]);
    assert_eq!(proposals("2026-11-19T14:40"), ["19 17:00", "20 10:00", "20 15:00"]);
    assert_eq!(proposals("2026-11-19T16:50"), ["20 10:00", "20 15:00"]);
    assert_eq!(proposals("2026-11-20T18:00"), ["24 10:00", "24 15:00"], "over the long weekend");
}

#[test]
fn a_part_time_member_of_staff_promises_nothing_for_when_they_are_gone() {
    let calendar = office();
    let team = team(vec![member(1, Some("10:30-14:00"))], Vec::new());
    let time = WorkingTime::of(Whose::Staff(&team, staff(1)), &calendar);
    let found = proposed_times(at("2026-11-19T10:40"), &time);
    assert_eq!(found, [at("2026-11-19T13:30"), at("2026-11-20T10:30")]);
}

#[test]
fn every_proposed_time_lies_in_working_time_and_before_the_last_half_hour() {
    let calendar = office();
    let time = WorkingTime::of_office(&calendar);
    for minute in (0..8 * 24 * 60).step_by(7) {
        let earliest = at("2026-11-17T00:00") + TimeDelta::minutes(minute);
        let found = proposed_times(earliest, &time);
        assert!(!found.is_empty() && found.len() <= PROPOSED, "{earliest}: {found:?}");
        for proposed in found {
            assert!(proposed > earliest && time.is_working(proposed), "{earliest}: {proposed}");
            let closing = time.spans_on(proposed.with_timezone(&calendar.zone).date_naive()).pop().unwrap().to;
            assert!(proposed <= closing - END_OF_DAY, "{earliest}: {proposed}");
        }
    }
}
