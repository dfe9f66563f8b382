//! The points of a row, with where each comes from.

use chrono::{DateTime, Utc};

use super::{TodayRule, Urgency, Waiting};

/// Where points come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the row is about.
    Main(Urgency),
    /// So many whole days of waiting.
    Waited(u32),
    /// So many further needs.
    Also(u32),
}

/// The points of a row: parts that are more than nothing, and their sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The parts, the main one first.
    pub parts: Vec<(Part, u32)>,
    /// Their sum.
    pub total: u32,
}

impl Score {
    /// The points of needs that stand in their order (see [`super::most_pressing_first`]); nothing for none.
    pub fn of(needs: &[Waiting], now: DateTime<Utc>, rule: &TodayRule) -> Self {
        let Some((main, also)) = needs.split_first() else { return Self::default() };
        let urgency = main.urgency(now);
        let days = u32::try_from((now - main.at).num_days()).unwrap_or(0);
        let more = u32::try_from(also.len()).unwrap_or(u32::MAX);
        let parts = [
            (Part::Main(urgency), rule.points_of(urgency)),
            (Part::Waited(days), days.saturating_mul(rule.waiting.per_day).min(rule.waiting.most)),
            (Part::Also(more), more.saturating_mul(rule.also.each).min(rule.also.most)),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|(_, points)| *points > 0).collect();
        let total = parts.iter().map(|(_, points)| points).sum();
        Self { parts, total }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::super::{Need, most_pressing_first};
    use super::*;
    use crate::sign::SignStep;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("in range")
    }

    fn waiting(need: Need, days: i64) -> Waiting {
        let at = noon() - TimeDelta::days(days);
        Waiting { need, at, since: at }
    }

    #[test]
    fn the_parts_say_where_the_points_come_from() {
        let needs = [waiting(Need::Silence, 3), waiting(Need::Meeting, 1)];
        let score = Score::of(&needs, noon(), TodayRule::embedded());
        assert_eq!(score.parts, [(Part::Main(Urgency::Silence), 410), (Part::Waited(3), 15), (Part::Also(1), 5)]);
        assert_eq!(score.total, 430);
    }

    #[test]
    fn what_fell_due_just_now_has_no_part_for_waiting() {
        let score = Score::of(&[waiting(Need::Crisis, 0)], noon(), TodayRule::embedded());
        assert_eq!(score.parts, [(Part::Main(Urgency::Crisis), 1000)]);
        assert_eq!(Score::of(&[], noon(), TodayRule::embedded()).total, 0);
    }

    fn any_need() -> impl Strategy<Value = Waiting> {
        let needs = prop_oneof![
            Just(Need::Crisis),
            Just(Need::Silence),
            Just(Need::Meeting),
            Just(Need::Card),
            Just(Need::Reply { late_at: None }),
            Just(Need::Reply { late_at: Some(noon()) }),
            Just(Need::Sign(SignStep::Suggested)),
            Just(Need::Sign(SignStep::Confirmed)),
        ];
        (needs, 0_i64..4_000).prop_map(|(need, days)| waiting(need, days))
    }

    proptest! {
        #[test]
        fn a_long_wait_never_overtakes_what_is_more_pressing_by_its_kind(
            mut one in prop::collection::vec(any_need(), 1..9),
            mut other in prop::collection::vec(any_need(), 1..9),
        ) {
            most_pressing_first(&mut one, noon());
            most_pressing_first(&mut other, noon());
            let rule = TodayRule::embedded();
            if one[0].urgency(noon()) < other[0].urgency(noon()) {
                prop_assert!(Score::of(&one, noon(), rule).total > Score::of(&other, noon(), rule).total);
            }
        }
    }
}
