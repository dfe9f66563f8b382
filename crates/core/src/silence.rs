//! Silence: no answer for longer than is this person's habit.
//!
//! 「こたえない」 is an answer; a message marked 【返事はいりません】 waits for none. Some people answer within minutes, some on the next
//! day off: silence is measured against the person's own earlier answers (domain.md 5.1).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// So many earlier answers make a habit.
const HABIT_FROM: usize = 4;
/// So many earlier answers are looked at.
pub const HABIT_LOOKS_AT: u64 = 12;

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SilenceRule {
    /// Hours of waiting while the person has no habit yet.
    pub hours: u32,
    /// Waiting never ends before so many hours: a night and a morning.
    pub at_least_hours: u32,
    /// Waiting never lasts longer than so many hours.
    pub at_most_hours: u32,
}

impl Default for SilenceRule {
    fn default() -> Self {
        Self { hours: 48, at_least_hours: 24, at_most_hours: 120 }
    }
}

impl SilenceRule {
    /// How long to wait, given how long the person took to answer lately: three times the time within which three of four
    /// of their answers came.
    pub fn wait(&self, delays: &[TimeDelta]) -> TimeDelta {
        if delays.len() < HABIT_FROM {
            return TimeDelta::hours(self.hours.into());
        }
        let mut sorted = delays.to_vec();
        sorted.sort_unstable();
        let usual = sorted[(sorted.len() * 3).div_ceil(4) - 1];
        (usual * 3).clamp(TimeDelta::hours(self.at_least_hours.into()), TimeDelta::hours(self.at_most_hours.into()))
    }

    /// The moment from which no answer counts as silence.
    pub fn answer_by(&self, sent_at: DateTime<Utc>, delays: &[TimeDelta]) -> DateTime<Utc> {
        sent_at + self.wait(delays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(list: &[i64]) -> Vec<TimeDelta> {
        list.iter().map(|&hours| TimeDelta::hours(hours)).collect()
    }

    #[test]
    fn without_a_habit_the_offices_waiting_time_holds() {
        assert_eq!(SilenceRule::default().wait(&hours(&[1, 2, 1])), TimeDelta::hours(48));
    }

    #[test]
    fn a_quick_answerer_is_missed_after_a_day_and_a_slow_one_is_left_in_peace_longer() {
        let rule = SilenceRule::default();
        assert_eq!(rule.wait(&hours(&[1, 1, 2, 1, 1])), TimeDelta::hours(24));
        assert_eq!(rule.wait(&hours(&[20, 24, 22, 30])), TimeDelta::hours(72));
        assert_eq!(rule.wait(&hours(&[90, 80, 85, 99])), TimeDelta::hours(120));
    }

    #[test]
    fn one_very_late_answer_does_not_make_a_habit() {
        assert_eq!(SilenceRule::default().wait(&hours(&[2, 2, 2, 2, 2, 2, 2, 100])), TimeDelta::hours(24));
    }
}
