//! Duty (当番): who looks after what belongs to nobody who is there, per half-day.
//!
//! A week that repeats, and single half-days that differ. Nobody on duty is a state of its own, never an error.

use std::collections::BTreeMap;

use chrono::{Datelike, Weekday};

use crate::half_day::{Half, HalfDay};
use crate::ids::StaffId;

/// Who is on duty in a week that repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyWeek {
    slots: BTreeMap<(u8, Half), StaffId>,
}

/// The week, and the half-days that differ from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyPlan {
    /// The week that repeats.
    pub week: DutyWeek,
    /// Half-days with somebody else, or with nobody.
    pub days: BTreeMap<HalfDay, Option<StaffId>>,
}

impl DutyWeek {
    /// Who is on duty in that half of every such weekday.
    pub fn on(&self, day: Weekday, half: Half) -> Option<StaffId> {
        self.slots.get(&(number(day), half)).copied()
    }

    /// Puts somebody on duty, or nobody.
    pub fn put(&mut self, day: Weekday, half: Half, staff: Option<StaffId>) {
        match staff {
            Some(staff) => self.slots.insert((number(day), half), staff),
            None => self.slots.remove(&(number(day), half)),
        };
    }

    /// Every half-day of the week with somebody, Monday morning first.
    pub fn slots(&self) -> impl Iterator<Item = (Weekday, Half, StaffId)> {
        self.slots.iter().filter_map(|((day, half), staff)| Some((Weekday::try_from(*day).ok()?, *half, *staff)))
    }

    /// Nobody is on duty on any day.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

impl DutyPlan {
    /// Who is on duty in a half-day.
    pub fn on(&self, half: HalfDay) -> Option<StaffId> {
        let usual = || self.week.on(half.on.weekday(), half.half);
        self.days.get(&half).copied().unwrap_or_else(usual)
    }

    /// Nobody has ever been put on duty.
    pub fn is_empty(&self) -> bool {
        self.week.is_empty() && self.days.values().all(Option::is_none)
    }
}

fn number(day: Weekday) -> u8 {
    u8::try_from(day.num_days_from_monday()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn half(text: &str, half: Half) -> HalfDay {
        HalfDay { on: text.parse().unwrap(), half }
    }

    #[test]
    fn a_single_day_differs_from_the_week_and_may_have_nobody() {
        let (one, other) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
        let mut plan = DutyPlan::default();
        assert!(plan.is_empty());
        plan.week.put(Weekday::Tue, Half::Morning, Some(one));
        plan.days.insert(half("2026-11-24", Half::Morning), Some(other));
        plan.days.insert(half("2026-12-01", Half::Morning), None);
        assert_eq!(plan.on(half("2026-11-17", Half::Morning)), Some(one));
        assert_eq!(plan.on(half("2026-11-17", Half::Afternoon)), None);
        assert_eq!(plan.on(half("2026-11-24", Half::Morning)), Some(other));
        assert_eq!(plan.on(half("2026-12-01", Half::Morning)), None);
        assert_eq!(plan.week.slots().collect::<Vec<_>>(), [(Weekday::Tue, Half::Morning, one)]);
        plan.week.put(Weekday::Tue, Half::Morning, None);
        assert!(plan.week.is_empty());
    }
}
