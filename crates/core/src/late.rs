//! What becomes of check-ins that an outage made late (trust.md P14).
//!
//! No flood: of all the check-ins one person has missed only the newest may still go out. It goes out while it is young
//! and the hours allow it. Found outside the hours it waits for the next allowed moment, if it will still be young by then:
//! staff needn't call in the morning whoever can be asked in the morning. Else a person takes over. Older ones are
//! superseded: their rows are closed with that reason.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::window::{SendContext, SendDecision, first_moment, may_send};

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
    /// Nobody may be disturbed now; at the next moment at which they may, it is still young: send it then.
    Wait,
    /// Make it a task for staff: it is too old, or will be before the hours allow it.
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
    /// When a check-in that should have left at `due_at` and is found at `now` leaves after all, inside the hours: spread over
    /// what is left of that day's windows as long as it is young there, because many are late after an outage. `None`
    /// where a person has to take over. `seed` is the check-in's id.
    pub fn moment(
        self,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
        ctx: &SendContext<'_>,
        seed: [u8; 16],
    ) -> Option<DateTime<Utc>> {
        let earliest = self.earliest(due_at, now, ctx)?;
        let day = earliest.with_timezone(&ctx.calendar.zone).date_naive();
        let spread = first_moment(day, earliest, ctx, seed).ok();
        Some(spread.filter(|at| self.is_young(due_at, *at)).unwrap_or(earliest))
    }

    /// The first allowed moment from `now` on, if the check-in is young then.
    fn earliest(self, due_at: DateTime<Utc>, now: DateTime<Utc>, ctx: &SendContext<'_>) -> Option<DateTime<Utc>> {
        let at = match may_send(now, ctx) {
            SendDecision::Now { .. } => now,
            SendDecision::Later { at, .. } => at,
            SendDecision::Never { .. } => return None,
        };
        self.is_young(due_at, at).then_some(at)
    }

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
        match rule.earliest(*due, now, ctx) {
            Some(at) if at == now => LateDecision::Send,
            Some(_) => LateDecision::Wait,
            None => LateDecision::HandToPerson,
        }
    };
    due_at.iter().enumerate().map(decide).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::LateDecision::{HandToPerson, Send, Superseded, Wait};
    use super::*;
    use proptest::prelude::*;

    use crate::calendar::{Holidays, OfficeCalendar};
    use crate::hours::{PersonHours, WeekHours};
    use crate::window::{SendKind, SendRules};

    fn jst(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+09:00")).unwrap().to_utc()
    }

    fn office() -> OfficeCalendar {
        OfficeCalendar {
            zone: chrono_tz::Asia::Tokyo,
            week: WeekHours::weekdays("09:00-17:30").unwrap(),
            closures: BTreeSet::new(),
            holidays: Arc::new(Holidays::embedded()),
            open_on_holidays: false,
        }
    }

    fn decide(due: &[&str], now: &str) -> Vec<LateDecision> {
        let calendar = office();
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
    fn outside_the_hours_it_waits_for_the_next_ones_while_it_is_young_then() {
        assert_eq!(decide(&["2026-11-25T16:50"], "2026-11-25T17:05"), [Wait], "Thursday at nine");
        assert_eq!(decide(&["2026-11-25T10:00"], "2026-11-26T07:00"), [Wait], "23 hours at nine");
        assert_eq!(decide(&["2026-11-25T06:59"], "2026-11-26T07:00"), [HandToPerson], "26 hours and a minute at nine");
        assert_eq!(decide(&["2026-11-27T16:50"], "2026-11-28T10:00"), [HandToPerson], "Saturday; too old on Monday");
    }

    proptest! {
        /// Whatever the office, the person, the limit and the outage: what is late leaves inside the hours and young, or
        /// not by itself; and it is given to a person only where no allowed moment finds it young.
        #[test]
        fn a_late_check_in_leaves_young_and_inside_the_hours_or_goes_to_a_person(
            due in 0_i64..60 * 24 * 60,
            late in 0_i64..6 * 24 * 60,
            max_age_minutes in 0_u32..4 * 24 * 60,
            seed in any::<[u8; 16]>(),
            hours in prop::sample::select(vec!["00:00-24:00", "15:00-20:00", "09:10-09:12", "18:00-20:00", "07:00-09:30,12:00-13:00"]),
        ) {
            let (calendar, rules, rule) = (office(), SendRules::default(), LateRule { max_age_minutes });
            let person = PersonHours { week: WeekHours::every_day(hours).unwrap(), zone: None };
            let ctx = SendContext { calendar: &calendar, person: &person, rules: &rules, kind: SendKind::CheckIn };
            let due = jst("2026-11-01T00:00") + TimeDelta::minutes(due);
            let now = due + TimeDelta::minutes(late);
            let oldest = due + TimeDelta::minutes(max_age_minutes.into());
            let decision = decide_late(&[due], now, rule, &ctx)[0];
            if let Some(at) = rule.moment(due, now, &ctx, seed) {
                prop_assert!(now <= at && at <= oldest, "{at}");
                let allowed = matches!(may_send(at, &ctx), SendDecision::Now { .. });
                prop_assert!(allowed, "{} is outside the hours", at);
                prop_assert!(matches!(decision, Send | Wait));
            } else {
                prop_assert_eq!(decision, HandToPerson);
                // Minute by minute: there was none.
                let mut minutes = (0..).map(|n| now + TimeDelta::minutes(n)).take_while(|at| *at <= oldest);
                let any = minutes.any(|at| matches!(may_send(at, &ctx), SendDecision::Now { .. }));
                prop_assert!(!any, "there was a moment for it");
            }
        }
    }

    #[test]
    fn after_an_outage_only_the_newest_counts() {
        let missed = ["2026-11-24T10:00", "2026-11-26T09:30", "2026-11-25T15:00"];
        assert_eq!(decide(&missed, "2026-11-26T10:00"), [Superseded, Send, Superseded]);
        assert_eq!(decide(&missed, "2026-11-26T08:00"), [Superseded, Wait, Superseded]);
        assert_eq!(decide(&missed, "2026-11-30T10:00"), [Superseded, HandToPerson, Superseded]);
        let same = ["2026-11-25T10:00", "2026-11-25T10:00"];
        assert_eq!(decide(&same, "2026-11-25T10:30"), [Superseded, Send]);
        assert_eq!(decide(&[], "2026-11-25T10:00"), []);
    }

    #[test]
    fn the_words_in_the_database_stay() {
        let json = serde_json::to_string(&[Send, Wait, HandToPerson, Superseded]).unwrap();
        assert_eq!(json, r#"["send","wait","hand_to_person","superseded"]"#);
        assert_eq!(serde_json::from_str::<LateRule>("{}").unwrap(), LateRule::default());
    }
}
