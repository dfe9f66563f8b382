//! What becomes of check-ins that an outage made late (trust.md P14).
//!
//! No flood: of all the check-ins one person has missed only the newest may still go out. It goes out while it is young
//! and the hours allow it; else a person takes over. Older ones are superseded: their rows are closed with that reason.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::window::{SendContext, SendDecision, may_send};

/// How late is too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LateRule {
    /// Greatest age in minutes, counted from the planned moment, at which a check-in may still be sent.
    pub max_age_minutes: u32,
}

/// What becomes of a late check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateDecision {
    /// Send it now.
    Send,
    /// Make it a task for staff: too old, or nobody may be disturbed now.
    HandToPerson,
    /// A newer check-in takes its place.
    Superseded,
}

impl Default for LateRule {
    /// Twenty-six hours: yesterday's check-in may still go out at the same time today with two hours to spare, and
    /// never the one of the day before.
    fn default() -> Self {
        Self { max_age_minutes: 26 * 60 }
    }
}

impl LateRule {
    fn is_young(self, due_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now - due_at <= TimeDelta::minutes(self.max_age_minutes.into())
    }
}

/// What becomes of one person's missed check-ins, given the moments at which they should have left. The answers come in
/// the order of `due_at`; at most one of them isn't [`LateDecision::Superseded`].
pub fn decide_late(
    due_at: &[DateTime<Utc>],
    now: DateTime<Utc>,
    rule: LateRule,
    ctx: &SendContext<'_>,
) -> Vec<LateDecision> {
    let newest = due_at.iter().enumerate().max_by_key(|(i, due)| (**due, *i)).map(|(i, _)| i);
    let decide = |(i, due): (usize, &DateTime<Utc>)| {
        if Some(i) != newest {
            return LateDecision::Superseded;
        }
        let allowed = matches!(may_send(now, ctx), SendDecision::Now { .. });
        if rule.is_young(*due, now) && allowed { LateDecision::Send } else { LateDecision::HandToPerson }
    };
    due_at.iter().enumerate().map(decide).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::LateDecision::{HandToPerson, Send, Superseded};
    use super::*;
    use crate::calendar::{Holidays, OfficeCalendar};
    use crate::hours::{PersonHours, WeekHours};
    use crate::window::{SendKind, SendRules};

    fn jst(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+09:00")).unwrap().to_utc()
    }

    fn decide(due: &[&str], now: &str) -> Vec<LateDecision> {
        let calendar = OfficeCalendar {
            zone: chrono_tz::Asia::Tokyo,
            week: WeekHours::weekdays("09:00-17:30").unwrap(),
            closures: BTreeSet::new(),
            holidays: Arc::new(Holidays::embedded()),
            open_on_holidays: false,
        };
        let (person, rules) = (PersonHours::default(), SendRules::default());
        let ctx = SendContext { calendar: &calendar, person: &person, rules: &rules, kind: SendKind::CheckIn };
        let due: Vec<_> = due.iter().map(|due| jst(due)).collect();
        decide_late(&due, jst(now), LateRule::default(), &ctx)
    }

    #[test]
    fn a_young_check_in_goes_out_inside_the_hours() {
        assert_eq!(decide(&["2026-11-25T10:00"], "2026-11-25T11:00"), [Send]);
        assert_eq!(decide(&["2026-11-25T10:00"], "2026-11-26T12:00"), [Send], "26 hours");
        assert_eq!(decide(&["2026-11-25T10:00"], "2026-11-26T12:01"), [HandToPerson]);
    }

    #[test]
    fn outside_the_hours_a_person_takes_over() {
        assert_eq!(decide(&["2026-11-25T16:50"], "2026-11-25T17:05"), [HandToPerson]);
        assert_eq!(decide(&["2026-11-27T16:50"], "2026-11-28T10:00"), [HandToPerson], "Saturday");
    }

    #[test]
    fn after_an_outage_only_the_newest_counts() {
        let missed = ["2026-11-24T10:00", "2026-11-26T09:30", "2026-11-25T15:00"];
        assert_eq!(decide(&missed, "2026-11-26T10:00"), [Superseded, Send, Superseded]);
        assert_eq!(decide(&missed, "2026-11-30T10:00"), [Superseded, HandToPerson, Superseded]);
        let same = ["2026-11-25T10:00", "2026-11-25T10:00"];
        assert_eq!(decide(&same, "2026-11-25T10:30"), [Superseded, Send]);
        assert_eq!(decide(&[], "2026-11-25T10:00"), []);
    }

    #[test]
    fn the_words_in_the_database_stay() {
        let json = serde_json::to_string(&[Send, HandToPerson, Superseded]).unwrap();
        assert_eq!(json, r#"["send","hand_to_person","superseded"]"#);
        assert_eq!(serde_json::from_str::<LateRule>("{}").unwrap(), LateRule::default());
    }
}
