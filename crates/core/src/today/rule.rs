//! How many points a need has, and how a day is planned: `config/today.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Urgency;

const EMBEDDED: &str = include_str!("../../../../config/today.toml");

/// The rule by which Today is sorted and planned.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TodayRule {
    points: BTreeMap<String, u32>,
    /// What waiting adds.
    pub waiting: WaitingPoints,
    /// What further needs add.
    pub also: AlsoPoints,
    /// When duties are shown.
    pub duty: DutyRule,
    /// How a day is planned.
    pub plan_minutes: PlanMinutes,
}

/// What waiting adds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingPoints {
    /// For each whole day.
    pub per_day: u32,
    /// And never more than that.
    pub most: u32,
}

/// What further needs of the same person add.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlsoPoints {
    /// For each.
    pub each: u32,
    /// And never more than that.
    pub most: u32,
}

/// When duties are shown.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRule {
    /// Day of the month from which a missing meeting in person is shown.
    pub meeting_from_day: u32,
}

/// How a day is planned; minutes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanMinutes {
    /// Reading and answering.
    pub reply: u32,
    /// A call and its note.
    pub call: u32,
    /// Looking at something and deciding.
    pub look: u32,
    /// Kept free before the working day ends.
    pub keep_free: u32,
    /// Moments are proposed on this grid.
    pub step: u32,
}

/// Why a rule can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TodayRuleError {
    /// Not the form that is expected.
    #[error("{0}")]
    Form(#[from] toml::de::Error),
    /// A kind of need has no points, or points are given to something that is none.
    #[error("points: {0} is missing or unknown")]
    Points(String),
    /// Two kinds lie so close that waiting could turn them round.
    #[error("points: {0} and {1} lie too close to each other")]
    TooClose(&'static str, &'static str),
    /// Minutes of nothing.
    #[error("plan: every number of minutes is at least 1")]
    Minutes,
}

impl TodayRule {
    /// The rule this program was built with.
    pub fn embedded() -> &'static Self {
        static BUILT_IN: LazyLock<TodayRule> =
            LazyLock::new(|| TodayRule::parse(EMBEDDED).expect("a test reads the embedded rule"));
        &BUILT_IN
    }

    /// Reads a rule in the form of `config/today.toml`; every kind of need has points, in the order of [`Urgency`].
    pub fn parse(text: &str) -> Result<Self, TodayRuleError> {
        let rule: Self = toml::from_str(text)?;
        if let Some(unknown) = rule.points.keys().find(|word| word.parse::<Urgency>().is_err()) {
            return Err(TodayRuleError::Points(unknown.clone()));
        }
        if let Some(missing) = Urgency::ALL.iter().find(|kind| !rule.points.contains_key(kind.as_str())) {
            return Err(TodayRuleError::Points(missing.as_str().to_owned()));
        }
        let extra = rule.waiting.most + rule.also.most;
        for pair in Urgency::ALL.windows(2) {
            if rule.points_of(pair[0]) <= rule.points_of(pair[1]) + extra {
                return Err(TodayRuleError::TooClose(pair[0].as_str(), pair[1].as_str()));
            }
        }
        let plan = rule.plan_minutes;
        if [plan.reply, plan.call, plan.look, plan.step].contains(&0) {
            return Err(TodayRuleError::Minutes);
        }
        Ok(rule)
    }

    /// The points of a kind of need.
    pub fn points_of(&self, urgency: Urgency) -> u32 {
        self.points.get(urgency.as_str()).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_rule_can_be_read() {
        let rule = TodayRule::parse(EMBEDDED).expect("config/today.toml");
        assert!(rule.points_of(Urgency::Crisis) > rule.points_of(Urgency::BrokenPromise));
    }

    #[test]
    fn a_rule_in_which_waiting_could_overtake_a_more_pressing_need_is_refused() {
        let close = EMBEDDED.replace("reply_due = 590", "reply_due = 640");
        assert!(matches!(TodayRule::parse(&close), Err(TodayRuleError::TooClose("reply_late", "reply_due"))));
        let missing = EMBEDDED.replace("duty = 170", "dusty = 170");
        assert!(matches!(TodayRule::parse(&missing), Err(TodayRuleError::Points(word)) if word == "dusty"));
    }
}
