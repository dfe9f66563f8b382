//! The next due date.
//!
//! Each date is a *slot* or isn't: of a follow-up, of the day after a pause, of an adjuster or of a phase. Slots depend
//! on nothing but the state, so planning again gives the same ones. A slot becomes a due date when it has waited after a
//! conversation and stepped over closed days. Several slots that end on one day are one check-in.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Because, CadenceState, DueReason, Every, InTouch, Moved};
use crate::calendar::OfficeCalendar;

/// How far after the last known change a slot is looked for; a little over twice the longest interval.
const HORIZON_DAYS: u64 = 800;

/// A date on which a check-in is due, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextDue {
    /// The date, local to the office; always an open day.
    pub due_on: NaiveDate,
    /// Why then.
    pub reason: DueReason,
}

/// The first due date after `after`: the last due date in the ledger, or, for a new plan, the day before it begins.
///
/// Not today's date: slots up to `after` count as done, also those that closed days have moved beyond it.
/// `last_human_contact` is the last day on which somebody spoke with the person by whatever means; it moves
/// ordinary check-ins, not follow-ups and not the first one after a pause. `None` when nothing falls due any more (ended,
/// paused without an end, no open day).
pub fn next_due(
    state: &CadenceState,
    after: NaiveDate,
    last_human_contact: Option<NaiveDate>,
    calendar: &OfficeCalendar,
) -> Option<NextDue> {
    let mut best: Option<(NextDue, Rank)> = None;
    let until = horizon(state, after);
    for date in after.iter_days().skip(1).take_while(|date| *date <= until) {
        if best.as_ref().is_some_and(|(due, _)| due.due_on < date) {
            break;
        }
        let Some(slot) = slot_on(state, date) else { continue };
        let Some(due) = place(state, date, slot, last_human_contact, calendar) else { continue };
        let rank = Rank::of(&due.reason);
        if best.as_ref().is_none_or(|(known, known_rank)| (due.due_on, rank) < (known.due_on, *known_rank)) {
            best = Some((due, rank));
        }
    }
    best.map(|(due, _)| due)
}

/// Every due date after `last` up to and including `today`: what an outage has missed.
pub fn due_between(
    state: &CadenceState,
    last: NaiveDate,
    today: NaiveDate,
    last_human_contact: Option<NaiveDate>,
    calendar: &OfficeCalendar,
) -> Vec<NextDue> {
    let next = |after| next_due(state, after, last_human_contact, calendar).filter(|due| due.due_on <= today);
    std::iter::successors(next(last), |due| next(due.due_on)).collect()
}

/// Which of two slots gives the reason when both end on one day: a promise, then what fell on the day itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Promised,
    OnItsDay,
    Moved,
}

impl Rank {
    fn of(reason: &DueReason) -> Self {
        match reason.because {
            Because::FollowUp { .. } | Because::Resumed { .. } => Self::Promised,
            _ if reason.moved.is_none() && reason.in_touch.is_none() => Self::OnItsDay,
            _ => Self::Moved,
        }
    }
}

/// The last date worth looking at: far enough beyond everything in the state that an interval has passed.
fn horizon(state: &CadenceState, after: NaiveDate) -> NaiveDate {
    let pauses = state.pauses.iter().filter_map(|pause| pause.until);
    let adjusters = state.adjusters.iter().filter_map(|adjuster| adjuster.until);
    let follow_ups = state.follow_ups.iter().map(|follow_up| follow_up.on);
    let last = pauses.chain(adjusters).chain(follow_ups).chain([state.anchor.on, after]).max().unwrap_or(after);
    let horizon = last.checked_add_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MAX);
    state.ends_on.map_or(horizon, |ends| ends.min(horizon))
}

fn slot_on(state: &CadenceState, date: NaiveDate) -> Option<Because> {
    if state.is_paused_on(date) {
        return None;
    }
    if let Some(promised) = promised_on(state, date) {
        return Some(promised);
    }
    let (because, every) = ordinary_on(state, date)?;
    // Right after a promised contact an ordinary one would be one too many.
    let close = (1..wait_days(state, every)).filter_map(|n| date.checked_sub_days(Days::new(n.into())));
    if close.into_iter().any(|before| promised_on(state, before).is_some()) { None } else { Some(because) }
}

/// Follow-ups and the first day after a pause.
fn promised_on(state: &CadenceState, date: NaiveDate) -> Option<Because> {
    if let Some(follow_up) = state.follow_ups.iter().find(|follow_up| follow_up.on == date) {
        return Some(Because::FollowUp { escalated_on: follow_up.escalated_on });
    }
    if date <= state.anchor.on {
        return None;
    }
    let ended = date.pred_opt()?;
    let pause = state.pauses.iter().find(|pause| pause.until == Some(ended) && pause.from <= ended)?;
    Some(Because::Resumed { paused_from: pause.from, paused_until: ended })
}

fn ordinary_on(state: &CadenceState, date: NaiveDate) -> Option<(Because, Every)> {
    if let Some(adjuster) = state.adjuster_on(date) {
        let because = Because::Adjusted { by: adjuster.kind, every: adjuster.every, until: adjuster.until };
        return adjuster.every.falls_on(adjuster.from, date).then_some((because, adjuster.every));
    }
    let (day, phase) = state.phase_on(date)?;
    let falls = match phase.every {
        Every::Days(n) => (day - phase.from_day) % u32::from(n.max(1)) == 0,
        Every::Months(_) => phase.every.falls_on(state.anchor.on, date),
    };
    falls.then_some((Because::Phase { anchor: state.anchor.kind, day, every: phase.every }, phase.every))
}

/// How long an ordinary check-in waits after a conversation; never longer than its own interval.
fn wait_days(state: &CadenceState, every: Every) -> u16 {
    u16::try_from(every.about_days()).unwrap_or(u16::MAX).min(state.plan.in_touch_days)
}

/// Turns a slot into a due date: waits after a conversation, then takes the next open day.
fn place(
    state: &CadenceState,
    slot: NaiveDate,
    because: Because,
    last_human_contact: Option<NaiveDate>,
    calendar: &OfficeCalendar,
) -> Option<NextDue> {
    let in_touch = match because {
        Because::Phase { every, .. } | Because::Adjusted { every, .. } => {
            wait_after(slot, last_human_contact, wait_days(state, every))
        }
        Because::FollowUp { .. } | Because::Resumed { .. } => None,
    };
    let wanted = match in_touch {
        Some(InTouch { on, days }) => on.checked_add_days(Days::new(days.into()))?,
        None => slot,
    };
    let due_on = calendar.open_day_from(wanted)?;
    if state.is_paused_on(due_on) || state.ends_on.is_some_and(|ends| due_on > ends) {
        return None;
    }
    let moved = calendar.closed_because(wanted).map(|because| Moved { from: wanted, because });
    Some(NextDue { due_on, reason: DueReason { because, in_touch, moved } })
}

fn wait_after(slot: NaiveDate, contact: Option<NaiveDate>, days: u16) -> Option<InTouch> {
    let on = contact.filter(|on| *on <= slot && (slot - *on).num_days() < i64::from(days))?;
    Some(InTouch { on, days })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::cadence::{
        Adjuster, AdjusterKind, Anchor, AnchorKind, CadencePlan, FollowUp, Pause, PauseReason, Phase, embedded_presets,
    };
    use crate::calendar::{ClosedBecause, Holidays};
    use crate::hours::WeekHours;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(week: WeekHours, closures: &[&str]) -> OfficeCalendar {
        OfficeCalendar {
            zone: chrono_tz::Asia::Tokyo,
            week,
            closures: closures.iter().map(|d| date(d)).collect(),
            holidays: Arc::new(Holidays::embedded()),
            open_on_holidays: false,
        }
    }

    /// Open on every day, so that slots show as they are.
    fn always_open() -> OfficeCalendar {
        OfficeCalendar { open_on_holidays: true, ..calendar(WeekHours::every_day("09:00-17:30").unwrap(), &[]) }
    }

    fn weekdays() -> OfficeCalendar {
        calendar(WeekHours::weekdays("09:00-17:30").unwrap(), &[])
    }

    fn preset(key: &str, hired_on: &str) -> CadenceState {
        let plan = embedded_presets().into_iter().find(|p| p.key == key).unwrap().plan;
        CadenceState::new(plan, Anchor { kind: AnchorKind::Hired, on: date(hired_on) })
    }

    fn weekly(from: &str) -> CadenceState {
        let plan = CadencePlan::new(vec![Phase { from_day: 1, to_day: None, every: Every::Days(7) }], 3).unwrap();
        CadenceState::new(plan, Anchor { kind: AnchorKind::Hired, on: date(from) })
    }

    fn dates(state: &CadenceState, after: &str, n: usize, calendar: &OfficeCalendar) -> Vec<String> {
        let next = |after| next_due(state, after, None, calendar);
        let dues = std::iter::successors(next(date(after)), |due| next(due.due_on));
        dues.take(n).map(|due| due.due_on.to_string()).collect()
    }

    fn first(state: &CadenceState, after: &str, contact: Option<&str>, calendar: &OfficeCalendar) -> NextDue {
        next_due(state, date(after), contact.map(date), calendar).unwrap()
    }

    #[test]
    fn the_standard_cadence_is_dense_at_first_and_then_monthly() {
        let state = preset("standard", "2026-04-01");
        let due = due_between(&state, date("2026-03-31"), date("2026-12-31"), None, &always_open());
        let days: Vec<_> = due.iter().map(|due| (due.due_on - state.anchor.on).num_days() + 1).collect();
        let weekly = (15..=90).step_by(7);
        let mut expected: Vec<i64> = [3, 6, 9, 12].into_iter().chain(weekly).chain((91..=180).step_by(14)).collect();
        // 1 October, 1 November and 1 December.
        expected.extend([184, 215, 245]);
        assert_eq!(days, expected);
    }

    #[test]
    fn an_anchor_in_the_future_waits_for_its_day() {
        let state = preset("standard", "2029-04-02");
        assert_eq!(dates(&state, "2026-04-01", 2, &always_open()), ["2029-04-04", "2029-04-07"]);
    }

    #[test]
    fn monthly_from_the_31st_keeps_to_the_end_of_the_month() {
        let plan = CadencePlan::new(vec![Phase { from_day: 1, to_day: None, every: Every::Months(1) }], 3).unwrap();
        let state = CadenceState::new(plan, Anchor { kind: AnchorKind::Returned, on: date("2028-01-31") });
        let expected = ["2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"];
        assert_eq!(dates(&state, "2028-01-30", 4, &always_open()), expected);
    }

    #[test]
    fn a_slot_on_a_closed_day_goes_to_the_next_open_one_and_says_why() {
        // Wednesday 29 April 2026 is a holiday; the week of 3 to 6 May is closed too.
        let state = weekly("2026-04-01");
        let due = first(&state, "2026-04-22", None, &weekdays());
        assert_eq!(due.due_on, date("2026-04-30"));
        let holiday = ClosedBecause::Holiday { name: "昭和の日".into() };
        assert_eq!(due.reason.moved, Some(Moved { from: date("2026-04-29"), because: holiday }));
        assert_eq!(dates(&state, "2026-04-30", 2, &weekdays()), ["2026-05-07", "2026-05-13"]);
    }

    #[test]
    fn slots_that_end_on_one_day_are_one_check_in_with_the_plainest_reason() {
        let state = preset("daily", "2026-04-01");
        assert_eq!(dates(&state, "2026-04-09", 3, &weekdays()), ["2026-04-10", "2026-04-13", "2026-04-14"]);
        assert_eq!(first(&state, "2026-04-10", None, &weekdays()).reason.moved, None, "Monday's own, not Saturday's");
    }

    #[test]
    fn somebody_who_was_just_spoken_with_is_left_in_peace_for_a_while() {
        let state = weekly("2026-04-01");
        let due = |contact| first(&state, "2026-04-08", Some(contact), &always_open());
        assert_eq!(due("2026-04-12").due_on, date("2026-04-15"), "three days ago is long enough");
        let moved = due("2026-04-14");
        assert_eq!(moved.due_on, date("2026-04-17"));
        assert_eq!(moved.reason.in_touch, Some(InTouch { on: date("2026-04-14"), days: 3 }));
        assert_eq!(due("2026-04-15").due_on, date("2026-04-18"));
        let next = next_due(&state, date("2026-04-17"), Some(date("2026-04-14")), &always_open()).unwrap();
        assert_eq!(next.due_on, date("2026-04-22"), "the rhythm itself stays");
        let daily = preset("daily", "2026-04-01");
        assert_eq!(first(&daily, "2026-04-09", Some("2026-04-10"), &always_open()).due_on, date("2026-04-10"));
    }

    fn adjuster(kind: AdjusterKind, from: &str, until: Option<&str>, every: Every) -> Adjuster {
        Adjuster { kind, from: date(from), until: until.map(date), every }
    }

    #[test]
    fn a_confirmed_sign_brings_contact_closer_for_a_while() {
        let mut state = weekly("2026-04-01");
        state.adjusters = vec![adjuster(AdjusterKind::SignConfirmed, "2026-04-09", Some("2026-04-16"), Every::Days(3))];
        assert_eq!(
            dates(&state, "2026-04-08", 4, &always_open()),
            ["2026-04-12", "2026-04-15", "2026-04-22", "2026-04-29"]
        );
        assert_eq!(first(&state, "2026-04-08", None, &always_open()).reason.word_key(), "due-sign");
        assert_eq!(state.every_on(date("2026-04-10")), Some(Every::Days(3)));
        assert_eq!(state.every_on(date("2026-04-17")), Some(Every::Days(7)));
    }

    #[test]
    fn being_all_right_thins_contact_until_something_newer_comes() {
        let mut state = weekly("2026-04-01");
        let thinner = Every::Days(7).thinner();
        state.adjusters = vec![
            adjuster(AdjusterKind::SignConfirmed, "2026-04-09", Some("2026-05-09"), Every::Days(3)),
            adjuster(AdjusterKind::AllRight, "2026-04-13", None, thinner),
        ];
        assert_eq!(dates(&state, "2026-04-09", 3, &always_open()), ["2026-04-12", "2026-04-27", "2026-05-11"]);
        state.adjusters.push(adjuster(AdjusterKind::SignConfirmed, "2026-04-28", Some("2026-05-01"), Every::Days(2)));
        assert_eq!(dates(&state, "2026-04-27", 3, &always_open()), ["2026-04-30", "2026-05-11", "2026-05-25"]);
    }

    #[test]
    fn a_closer_time_never_thins_and_a_thinner_one_never_tightens() {
        let mut state = weekly("2026-04-01");
        state.adjusters = vec![adjuster(AdjusterKind::SignConfirmed, "2026-04-02", None, Every::Days(14))];
        assert_eq!(dates(&state, "2026-04-01", 2, &always_open()), ["2026-04-08", "2026-04-15"]);
        state.adjusters = vec![adjuster(AdjusterKind::AskedFewer, "2026-04-02", None, Every::Days(2))];
        assert_eq!(dates(&state, "2026-04-01", 2, &always_open()), ["2026-04-08", "2026-04-15"]);
    }

    #[test]
    fn nothing_falls_due_in_a_pause_and_the_first_contact_after_it_says_so() {
        let mut state = weekly("2026-04-01");
        let pause = Pause { from: date("2026-04-10"), until: Some(date("2026-04-26")), reason: PauseReason::Asked };
        state.pauses = vec![pause];
        assert_eq!(dates(&state, "2026-04-08", 2, &always_open()), ["2026-04-27", "2026-05-06"]);
        let due = first(&state, "2026-04-08", None, &always_open());
        let resumed = Because::Resumed { paused_from: pause.from, paused_until: date("2026-04-26") };
        assert_eq!(due.reason.because, resumed);
        state.pauses = vec![Pause { until: None, ..pause }];
        assert_eq!(next_due(&state, date("2026-04-08"), None, &always_open()), None);
    }

    #[test]
    fn a_move_over_closed_days_never_ends_in_a_pause() {
        let mut state = weekly("2026-04-04");
        state.pauses =
            vec![Pause { from: date("2026-04-13"), until: Some(date("2026-04-14")), reason: PauseReason::Travel }];
        assert_eq!(dates(&state, "2026-04-10", 1, &weekdays()), ["2026-04-15"]);
    }

    #[test]
    fn after_a_request_to_the_employer_somebody_asks_what_came_of_it() {
        let mut state = weekly("2026-04-01");
        state.follow_ups = vec![FollowUp { on: date("2026-04-13"), escalated_on: date("2026-04-06") }];
        let due = first(&state, "2026-04-08", Some("2026-04-12"), &always_open());
        assert_eq!((due.due_on, due.reason.word_key()), (date("2026-04-13"), "due-follow-up"));
        assert_eq!(
            dates(&state, "2026-04-13", 1, &always_open()),
            ["2026-04-22"],
            "15 April would be too soon after the follow-up"
        );
    }

    #[test]
    fn nothing_falls_due_after_the_end() {
        let mut state = weekly("2026-04-01");
        state.ends_on = Some(date("2026-04-29"));
        assert_eq!(dates(&state, "2026-04-15", 9, &always_open()), ["2026-04-22", "2026-04-29"]);
        assert_eq!(dates(&state, "2026-04-15", 9, &weekdays()), ["2026-04-22"], "moved beyond the end");
        assert_eq!(next_due(&state, date("2026-05-01"), None, &always_open()), None);
        let shut = calendar(WeekHours::default(), &[]);
        assert_eq!(next_due(&weekly("2026-04-01"), date("2026-04-15"), None, &shut), None);
    }

    #[test]
    fn an_outage_has_missed_every_slot_up_to_today() {
        let state = weekly("2026-04-01");
        let missed = due_between(&state, date("2026-04-08"), date("2026-04-29"), None, &always_open());
        let on: Vec<_> = missed.iter().map(|due| due.due_on.to_string()).collect();
        assert_eq!(on, ["2026-04-15", "2026-04-22", "2026-04-29"]);
        assert!(due_between(&state, date("2026-04-29"), date("2026-04-29"), None, &always_open()).is_empty());
    }

    fn any_every() -> impl Strategy<Value = Every> {
        prop_oneof![(1_u16..40).prop_map(Every::Days), (1_u16..4).prop_map(Every::Months)]
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0_u64..900).prop_map(|n| date("2026-01-01") + Days::new(n))
    }

    fn any_span() -> impl Strategy<Value = (NaiveDate, Option<NaiveDate>)> {
        (any_day(), proptest::option::weighted(0.8, 0_u64..60))
            .prop_map(|(from, n)| (from, n.map(|n| from + Days::new(n))))
    }

    fn any_state() -> impl Strategy<Value = CadenceState> {
        let kind = prop_oneof![
            Just(AdjusterKind::SignConfirmed),
            Just(AdjusterKind::AskedMore),
            Just(AdjusterKind::AllRight),
            Just(AdjusterKind::AskedFewer)
        ];
        let adjuster = (kind, any_span(), any_every()).prop_map(|(kind, (from, until), every)| Adjuster {
            kind,
            from,
            until,
            every,
        });
        let pause = any_span().prop_map(|(from, until)| Pause { from, until, reason: PauseReason::Other });
        let follow_up = any_day().prop_map(|on| FollowUp { on, escalated_on: on });
        (
            proptest::collection::vec((1_u32..120, any_every()), 1..5),
            0_u16..15,
            any_day(),
            proptest::collection::vec(adjuster, 0..4),
            proptest::collection::vec(pause, 0..3),
            proptest::collection::vec(follow_up, 0..3),
            proptest::option::of(any_day()),
        )
            .prop_map(|(lengths, in_touch_days, on, adjusters, pauses, follow_ups, ends_on)| {
                let mut from_day = 1;
                let last = lengths.len() - 1;
                let phases = lengths.into_iter().enumerate().map(|(i, (length, every))| {
                    let to_day = (i < last).then_some(from_day + length);
                    let phase = Phase { from_day, to_day, every };
                    from_day += length + 1;
                    phase
                });
                let plan = CadencePlan::new(phases.collect(), in_touch_days).unwrap();
                let anchor = Anchor { kind: AnchorKind::Hired, on };
                CadenceState { plan, anchor, adjusters, pauses, follow_ups, ends_on }
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn due_dates_increase_and_fall_on_open_days_outside_pauses(
            state in any_state(),
            closures in proptest::collection::btree_set(any_day(), 0..60),
            after in any_day(),
            contact in proptest::option::of(any_day()),
        ) {
            let closures: BTreeSet<_> = closures;
            let calendar = OfficeCalendar { closures, ..weekdays() };
            let mut last = after;
            for _ in 0..12 {
                let Some(due) = next_due(&state, last, contact, &calendar) else { break };
                prop_assert!(due.due_on > last);
                prop_assert!(calendar.is_open_on(due.due_on));
                prop_assert!(!state.is_paused_on(due.due_on));
                prop_assert!(state.ends_on.is_none_or(|ends| due.due_on <= ends));
                prop_assert_eq!(next_due(&state, last, contact, &calendar), Some(due.clone()));
                last = due.due_on;
            }
        }
    }
}
