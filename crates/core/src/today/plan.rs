//! A plan of the day: an order and moments that fit the working hours. It only proposes; nothing is moved or kept by it.
//!
//! What waits for us comes first (words of crisis, promises, answers); then calls, one after the other inside the hours in which
//! each person wants to be called; then what can be looked at any time. What doesn't fit is named, never dropped.

use chrono::{DateTime, TimeDelta, Utc};

use super::rule::PlanMinutes;
use super::{Need, Urgency};
use crate::ids::GraduateId;
use crate::task::TaskKind;
use crate::window::SendWindow;

/// What is done for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Work {
    /// An answer is written.
    Reply,
    /// A call is made.
    Call,
    /// Something is looked at and decided.
    Look,
}

/// One person's row, as far as planning goes.
#[derive(Clone, Debug)]
pub struct PlanItem {
    /// Who.
    pub graduate: GraduateId,
    /// What is done.
    pub work: Work,
    /// How pressing it is.
    pub urgency: Urgency,
    /// When the person may be called today; regarded for calls only.
    pub hours: Vec<SendWindow>,
    /// The moment to come at which the person expects us, where one was agreed on.
    pub agreed: Option<DateTime<Utc>>,
}

/// A proposed moment, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Who.
    pub graduate: GraduateId,
    /// What is done.
    pub work: Work,
    /// From then.
    pub from: DateTime<Utc>,
    /// Until then.
    pub to: DateTime<Utc>,
}

/// The plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayPlan {
    /// In the order of the day.
    pub placed: Vec<Placed>,
    /// For whom no time is left today, in the order given.
    pub left: Vec<(GraduateId, Work)>,
}

impl Work {
    /// What a need asks for.
    pub fn of(need: Need) -> Self {
        match need {
            Need::Crisis | Need::Reply { .. } | Need::Promise(_) => Self::Reply,
            Need::Task { kind: TaskKind::Call, .. } => Self::Call,
            Need::Task { .. } | Need::Silence | Need::Sign(_) | Need::Meeting | Need::Card => Self::Look,
        }
    }

    fn takes(self, rule: PlanMinutes) -> TimeDelta {
        let minutes = match self {
            Self::Reply => rule.reply,
            Self::Call => rule.call,
            Self::Look => rule.look,
        };
        TimeDelta::minutes(minutes.into())
    }
}

/// Proposes moments for `items` (most pressing first) inside `working`, the stretches of today's working time, from `now` on.
pub fn day_plan(now: DateTime<Utc>, working: &[SendWindow], items: &[PlanItem], rule: PlanMinutes) -> DayPlan {
    let mut free = free_time(now, working, rule);
    let keep_free = TimeDelta::minutes(rule.keep_free.into());
    let ends = working.iter().map(|span| span.to).max().map(|end| end - keep_free);
    let mut plan = DayPlan::default();
    let mut order: Vec<&PlanItem> = items.iter().collect();
    order.sort_by_key(|item| group(item));
    for item in order {
        let Some((from, to)) = earliest(item, &free, ends, rule) else {
            plan.left.push((item.graduate, item.work));
            continue;
        };
        take(&mut free, from, to);
        plan.placed.push(Placed { graduate: item.graduate, work: item.work, from, to });
    }
    plan.placed.sort_by_key(|placed| placed.from);
    plan
}

/// What is placed first: what has its own moment, what waits for us, calls, the rest.
fn group(item: &PlanItem) -> u8 {
    match item.work {
        _ if item.urgency == Urgency::Crisis => 0,
        _ if item.agreed.is_some() => 1,
        _ if item.urgency <= Urgency::ReplyDue => 2,
        Work::Reply => 2,
        Work::Call => 3,
        Work::Look => 4,
    }
}

/// Today's working time from now on.
fn free_time(now: DateTime<Utc>, working: &[SendWindow], rule: PlanMinutes) -> Vec<SendWindow> {
    let now = on_the_grid(now, rule);
    let cut = |span: &SendWindow| SendWindow { from: span.from.max(now), to: span.to };
    let mut free: Vec<_> = working.iter().map(cut).filter(|span| span.from < span.to).collect();
    free.sort_by_key(|span| span.from);
    free
}

fn on_the_grid(at: DateTime<Utc>, rule: PlanMinutes) -> DateTime<Utc> {
    let step = i64::from(rule.step.max(1)) * 60;
    let second = at.timestamp();
    let up = second + (step - second.rem_euclid(step)) % step;
    DateTime::from_timestamp(up, 0).unwrap_or(at)
}

/// The first stretch of free time that is long enough and in which the person may be called; the end of the day, after `ends`, is kept
/// free for writing down. Who expects us at a moment is called then, whatever else there is.
fn earliest(
    item: &PlanItem,
    free: &[SendWindow],
    ends: Option<DateTime<Utc>>,
    rule: PlanMinutes,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let takes = item.work.takes(rule);
    if let Some(agreed) = item.agreed {
        return Some((agreed, agreed + takes));
    }
    let anytime = [SendWindow { from: DateTime::<Utc>::MIN_UTC, to: DateTime::<Utc>::MAX_UTC }];
    let hours = if item.work == Work::Call { item.hours.as_slice() } else { &anytime };
    let moments = free.iter().flat_map(|span| hours.iter().map(move |own| (span, own))).filter_map(|(span, own)| {
        let from = on_the_grid(span.from.max(own.from), rule);
        let until = span.to.min(own.to);
        let to = from + takes;
        (to <= ends.map_or(until, |ends| until.min(ends))).then_some((from, to))
    });
    moments.min()
}

fn take(free: &mut Vec<SendWindow>, from: DateTime<Utc>, to: DateTime<Utc>) {
    let parts = |span: &SendWindow| {
        [SendWindow { from: span.from, to: span.to.min(from) }, SendWindow { from: span.from.max(to), to: span.to }]
    };
    *free = free.iter().flat_map(parts).filter(|span| span.from < span.to).collect();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::TodayRule;
    use super::*;

    /// Minutes since nine o'clock.
    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("in range") + TimeDelta::minutes(minute)
    }

    fn span(from: i64, to: i64) -> SendWindow {
        SendWindow { from: at(from), to: at(to) }
    }

    /// 9:00 to 12:00 and 13:00 to 17:30.
    fn day() -> Vec<SendWindow> {
        vec![span(0, 180), span(240, 510)]
    }

    fn item(number: u128, work: Work, urgency: Urgency) -> PlanItem {
        let graduate = GraduateId(Uuid::from_u128(number));
        PlanItem { graduate, work, urgency, hours: day(), agreed: None }
    }

    fn plan(now: i64, items: &[PlanItem]) -> DayPlan {
        day_plan(at(now), &day(), items, TodayRule::embedded().plan_minutes)
    }

    fn starts(plan: &DayPlan) -> Vec<(u128, i64)> {
        plan.placed.iter().map(|placed| (placed.graduate.0.as_u128(), (placed.from - at(0)).num_minutes())).collect()
    }

    #[test]
    fn answers_come_first_then_calls_in_a_row_then_what_can_wait() {
        let items = [
            item(1, Work::Call, Urgency::SignConfirmed),
            item(2, Work::Look, Urgency::Silence),
            item(3, Work::Reply, Urgency::ReplyDue),
            item(4, Work::Call, Urgency::ContactDue),
        ];
        assert_eq!(starts(&plan(2, &items)), [(3, 5), (1, 10), (4, 20), (2, 30)]);
    }

    #[test]
    fn a_person_is_called_in_their_own_hours_and_others_fill_the_time_before() {
        let evening = PlanItem { hours: vec![span(420, 600)], ..item(1, Work::Call, Urgency::Asked) };
        let items = [evening, item(2, Work::Call, Urgency::ContactDue)];
        assert_eq!(starts(&plan(0, &items)), [(2, 0), (1, 420)]);
    }

    #[test]
    fn nothing_is_planned_into_the_lunch_break_or_the_last_half_hour() {
        let items: Vec<_> = (0..60).map(|n| item(n, Work::Call, Urgency::ContactDue)).collect();
        let plan = plan(0, &items);
        assert!(plan.placed.iter().all(|placed| placed.to <= at(180) || placed.from >= at(240)));
        assert!(plan.placed.iter().all(|placed| placed.to <= at(480)));
        assert_eq!(plan.placed.len() + plan.left.len(), 60);
        assert_eq!(plan.placed.len(), 18 + 24, "three hours and four of ten minutes each");
    }

    #[test]
    fn a_call_that_was_agreed_on_keeps_its_moment() {
        let agreed = PlanItem { agreed: Some(at(300)), ..item(1, Work::Call, Urgency::Asked) };
        let others: Vec<_> = (2..40).map(|n| item(n, Work::Call, Urgency::ContactDue)).collect();
        let plan = plan(0, &[&[agreed][..], &others].concat());
        assert!(starts(&plan).contains(&(1, 300)));
    }

    #[test]
    fn a_call_that_was_agreed_on_keeps_its_moment_whatever_the_hours_are() {
        let agreed = |at_minute| PlanItem { agreed: Some(at(at_minute)), ..item(1, Work::Call, Urgency::Asked) };
        for minute in [200, 485, 503, 515] {
            assert_eq!(starts(&plan(0, &[agreed(minute)])), [(1, minute)], "also in the lunch break");
        }
    }

    #[test]
    fn whoever_cant_be_called_today_is_named_and_not_dropped() {
        let never = PlanItem { hours: Vec::new(), ..item(1, Work::Call, Urgency::ContactDue) };
        let plan = plan(0, &[never]);
        assert!(plan.placed.is_empty());
        assert_eq!(plan.left.len(), 1);
    }

    #[test]
    fn after_the_end_of_the_day_everything_is_left() {
        let plan = plan(500, &[item(1, Work::Reply, Urgency::ReplyLate)]);
        assert_eq!(plan.left.len(), 1);
    }

    fn any_item() -> impl Strategy<Value = PlanItem> {
        let work = prop_oneof![Just(Work::Reply), Just(Work::Call), Just(Work::Look)];
        let urgency = prop::sample::select(Urgency::ALL);
        let hours =
            prop::collection::vec((0_i64..600, 0_i64..200).prop_map(|(from, long)| span(from, from + long)), 0..3);
        (any::<u128>(), work, urgency, hours, prop::option::of(0_i64..600)).prop_map(
            |(id, work, urgency, hours, agreed)| PlanItem {
                graduate: GraduateId(Uuid::from_u128(id)),
                work,
                urgency,
                hours,
                agreed: agreed.map(at),
            },
        )
    }

    proptest! {
        #[test]
        fn nobody_is_forgotten_nothing_overlaps_and_every_hour_is_kept(
            now in -60_i64..600,
            items in prop::collection::vec(any_item(), 0..50),
        ) {
            let plan = plan(now, &items);
            prop_assert_eq!(plan.placed.len() + plan.left.len(), items.len());
            let item = |placed: &Placed| items.iter().find(|item| item.graduate == placed.graduate).expect("one of them");
            let (agreed, free): (Vec<&Placed>, Vec<&Placed>) = plan.placed.iter().partition(|placed| item(placed).agreed.is_some());
            prop_assert!(agreed.iter().all(|placed| item(placed).agreed == Some(placed.from)));
            for pair in free.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from);
            }
            for placed in free {
                prop_assert!(placed.from >= at(now));
                prop_assert!(day().iter().any(|span| span.from <= placed.from && placed.to <= span.to));
                let meets = |one: &Placed| one.from < placed.to && placed.from < one.to;
                prop_assert!(item(placed).urgency == Urgency::Crisis || !agreed.iter().any(|one| meets(one)));
                let item = item(placed);
                let in_hours = item.hours.iter().any(|own| own.from <= placed.from && placed.to <= own.to);
                prop_assert!(placed.work != Work::Call || in_hours);
            }
        }
    }
}
