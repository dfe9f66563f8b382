//! The one decision: may this be sent now, and if not, when and why (S2.4, trust.md P3).
//!
//! A message may leave while the office works, while the person is willing to be disturbed, on no holiday and no
//! closure day, and early enough before the end for a slow provider call to finish inside. A new check-in also keeps
//! out of the office's last half-hour and of the last hours before a long break, so that somebody is there when the
//! answer comes. Whoever plans, sends or proposes a time asks here and nowhere else.

mod local;
#[cfg(test)]
mod million_cases;
mod moments;
mod reason;
mod spread;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use self::moments::good_moments;
pub use self::reason::{NeverReason, WaitReason};
pub use self::spread::{first_moment, spread};
use crate::calendar::OfficeCalendar;
use crate::hours::{Period, PersonHours, common};

/// How far ahead a window is looked for.
const HORIZON_DAYS: usize = 400;

/// The office's habits of sending, beyond its hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendRules {
    /// Minutes before the office's end of day in which no new check-in leaves.
    pub end_of_day_minutes: u16,
    /// This many closed days in a row are a long break; 0 switches the rule off.
    pub long_break_days: u8,
    /// Minutes before the end of the last day before a long break in which no new check-in leaves.
    pub before_long_break_minutes: u16,
    /// Seconds before a window's end in which no call begins any more: the call's time-out and thirty seconds.
    pub margin_seconds: u16,
}

/// What is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendKind {
    /// Something new from the office; every rule holds.
    CheckIn,
    /// An answer in a conversation that goes on: hours and closed days hold, the quiet ends of days don't.
    Reply,
}

/// Everything the decision depends on besides the moment.
#[derive(Clone, Copy, Debug)]
pub struct SendContext<'a> {
    /// Hours, closure days and holidays of the office.
    pub calendar: &'a OfficeCalendar,
    /// When the person may be contacted.
    pub person: &'a PersonHours,
    /// The office's habits.
    pub rules: &'a SendRules,
    /// What is to be sent.
    pub kind: SendKind,
}

/// The answer to "may this be sent now?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum SendDecision {
    /// Yes.
    Now {
        /// The first moment at which a call may no longer begin; the margin is already taken off.
        until: DateTime<Utc>,
    },
    /// Not now.
    Later {
        /// The beginning of the next window. Use [`first_moment`] to plan inside it rather than at its first second.
        at: DateTime<Utc>,
        /// Why not now.
        why: WaitReason,
    },
    /// Not within the next 400 days: the hours have to be changed by somebody.
    Never {
        /// What is in the way.
        why: NeverReason,
    },
}

/// A stretch in which messages may arrive, from inclusive to exclusive. Calls must begin before `to` less the margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendWindow {
    /// First moment.
    pub from: DateTime<Utc>,
    /// First moment after it.
    pub to: DateTime<Utc>,
}

impl Default for SendRules {
    fn default() -> Self {
        Self { end_of_day_minutes: 30, long_break_days: 3, before_long_break_minutes: 180, margin_seconds: 40 }
    }
}

impl SendRules {
    /// The margin as a duration.
    pub fn margin(&self) -> TimeDelta {
        TimeDelta::seconds(self.margin_seconds.into())
    }
}

impl SendWindow {
    /// Whether a moment lies inside, the margin not regarded.
    pub fn contains(self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }

    fn until(self, to: DateTime<Utc>) -> Option<Self> {
        let to = self.to.min(to);
        (self.from < to).then_some(Self { to, ..self })
    }

    fn common(self, other: Self) -> Option<Self> {
        Self { from: self.from.max(other.from), ..self }.until(other.to)
    }
}

/// Whether a message may leave at `now`; if not, when the next window opens and what stands in the way.
pub fn may_send(now: DateTime<Utc>, ctx: &SendContext<'_>) -> SendDecision {
    let today = now.with_timezone(&ctx.calendar.zone).date_naive();
    for date in search_days(today, ctx) {
        for window in usable_windows_on(date, ctx) {
            if now >= window.to {
                continue;
            }
            if now >= window.from {
                return SendDecision::Now { until: window.to };
            }
            return SendDecision::Later { at: window.from, why: reason::why_not_now(now, ctx) };
        }
    }
    SendDecision::Never { why: reason::why_never(today, ctx) }
}

/// The windows of an office's local date, earliest first, in UTC. Their ends are the true ends: a call has to begin
/// [`SendRules::margin`] before. Empty on closed days and where office and person have no common time.
pub fn windows_on(date: NaiveDate, ctx: &SendContext<'_>) -> Vec<SendWindow> {
    let mut windows = common_spans(date, ctx);
    if windows.is_empty() || ctx.kind == SendKind::Reply {
        return windows;
    }
    let Some(quiet) = quiet_from(date, ctx) else { return windows };
    windows.retain_mut(|window| window.until(quiet).map(|cut| *window = cut).is_some());
    windows
}

/// The stretches of an office's local date in which it is open, earliest first, in UTC.
pub fn open_spans(date: NaiveDate, calendar: &OfficeCalendar) -> Vec<SendWindow> {
    spans_of(date, calendar.periods_on(date), calendar.zone)
}

/// Periods of a local date as stretches in UTC.
pub fn spans_of(date: NaiveDate, periods: &[Period], zone: Tz) -> Vec<SendWindow> {
    periods.iter().filter_map(|period| local::span(date, *period, zone)).collect()
}

/// The days worth looking at from `today` on; none when office and person plainly never meet.
fn search_days(today: NaiveDate, ctx: &SendContext<'_>) -> impl Iterator<Item = NaiveDate> {
    let same_zone = person_zone(ctx) == ctx.calendar.zone;
    let hopeless = same_zone && ctx.calendar.week.intersect(&ctx.person.week).is_empty();
    today.iter_days().take(if hopeless { 0 } else { HORIZON_DAYS })
}

/// The windows of a date with the margin taken off their ends, less those that are too short for a call.
fn usable_windows_on(date: NaiveDate, ctx: &SendContext<'_>) -> impl Iterator<Item = SendWindow> {
    let margin = ctx.rules.margin();
    windows_on(date, ctx).into_iter().filter_map(move |window| window.until(window.to - margin))
}

/// The hours that office and person share on a date.
fn common_spans(date: NaiveDate, ctx: &SendContext<'_>) -> Vec<SendWindow> {
    let zone = ctx.calendar.zone;
    if person_zone(ctx) == zone {
        return spans_of(date, &common(ctx.calendar.periods_on(date), ctx.person.week.on(date.weekday())), zone);
    }
    let office = office_spans(date, ctx);
    let person = person_spans(&office, ctx);
    join(office.iter().flat_map(|span| person.iter().filter_map(|own| span.common(*own))))
}

/// The office's open hours of a date.
fn office_spans(date: NaiveDate, ctx: &SendContext<'_>) -> Vec<SendWindow> {
    spans_of(date, ctx.calendar.periods_on(date), ctx.calendar.zone)
}

/// The person's own hours around the office's hours of a date. In another zone these can be parts of two local days.
fn person_spans(office: &[SendWindow], ctx: &SendContext<'_>) -> Vec<SendWindow> {
    let zone = person_zone(ctx);
    let (Some(first), Some(last)) = (office.first(), office.last()) else { return Vec::new() };
    let local = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let end = local(last.to);
    let days = local(first.from).iter_days().take_while(|day| *day <= end);
    join(days.flat_map(|day| spans_of(day, ctx.person.week.on(day.weekday()), zone)))
}

/// The moment from which the office's day is too far gone for something new; `None` on closed days.
fn quiet_from(date: NaiveDate, ctx: &SendContext<'_>) -> Option<DateTime<Utc>> {
    let last = *ctx.calendar.periods_on(date).last()?;
    let closes = local::span(date, last, ctx.calendar.zone)?.to;
    let rules = ctx.rules;
    let mut minutes = rules.end_of_day_minutes;
    if ctx.calendar.is_before_long_break(date, rules.long_break_days) {
        minutes = minutes.max(rules.before_long_break_minutes);
    }
    Some(closes - TimeDelta::minutes(minutes.into()))
}

fn person_zone(ctx: &SendContext<'_>) -> Tz {
    ctx.person.zone.unwrap_or(ctx.calendar.zone)
}

/// Makes one window of two that touch (a person's day that goes on after midnight).
fn join(windows: impl Iterator<Item = SendWindow>) -> Vec<SendWindow> {
    let mut joined: Vec<SendWindow> = Vec::new();
    for window in windows {
        match joined.last_mut() {
            Some(last) if last.to >= window.from => last.to = last.to.max(window.to),
            _ => joined.push(window),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use chrono_tz::{America::New_York, Asia::Tokyo, Europe::Berlin};

    use super::*;
    use crate::calendar::Holidays;
    use crate::hours::WeekHours;

    fn office() -> OfficeCalendar {
        OfficeCalendar {
            zone: Tokyo,
            week: WeekHours::weekdays("09:00-12:00,13:00-17:30").unwrap(),
            closures: BTreeSet::from([NaiveDate::from_ymd_opt(2026, 12, 28).unwrap()]),
            holidays: Arc::new(Holidays::embedded()),
            open_on_holidays: false,
        }
    }

    /// A moment written in Tokyo time.
    fn jst(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}+09:00")).unwrap().to_utc()
    }

    fn ask(now: &str, person: &PersonHours, kind: SendKind) -> SendDecision {
        let (calendar, rules) = (office(), SendRules::default());
        may_send(jst(now), &SendContext { calendar: &calendar, person, rules: &rules, kind })
    }

    fn check_in(now: &str) -> SendDecision {
        ask(now, &PersonHours::default(), SendKind::CheckIn)
    }

    fn later(at: &str, why: WaitReason) -> SendDecision {
        SendDecision::Later { at: jst(at), why }
    }

    #[test]
    fn inside_the_hours_a_check_in_may_leave_until_the_margin() {
        assert_eq!(check_in("2026-11-25T09:00:00"), SendDecision::Now { until: jst("2026-11-25T11:59:20") });
        assert_eq!(check_in("2026-11-25T16:59:19"), SendDecision::Now { until: jst("2026-11-25T16:59:20") });
        assert_eq!(check_in("2026-11-25T16:59:20"), later("2026-11-26T09:00:00", WaitReason::Ending));
    }

    #[test]
    fn each_wait_names_its_reason() {
        for (now, at, why) in [
            ("2026-11-25T08:59:59", "2026-11-25T09:00:00", WaitReason::BeforeHours),
            ("2026-11-25T12:00:00", "2026-11-25T13:00:00", WaitReason::Break),
            ("2026-11-25T17:00:00", "2026-11-26T09:00:00", WaitReason::EndOfDay),
            ("2026-11-25T17:30:00", "2026-11-26T09:00:00", WaitReason::AfterHours),
            ("2026-11-28T10:00:00", "2026-11-30T09:00:00", WaitReason::Weekday),
            ("2026-11-23T10:00:00", "2026-11-24T09:00:00", WaitReason::Holiday { name: "勤労感謝の日".into() }),
            ("2026-12-28T10:00:00", "2026-12-29T09:00:00", WaitReason::Closure),
            ("2026-11-20T14:30:00", "2026-11-24T09:00:00", WaitReason::BeforeLongBreak),
        ] {
            assert_eq!(check_in(now), later(at, why), "{now}");
        }
    }

    #[test]
    fn a_reply_may_use_the_last_half_hour_and_the_eve_of_a_break() {
        let reply = |now| ask(now, &PersonHours::default(), SendKind::Reply);
        assert_eq!(reply("2026-11-25T17:10:00"), SendDecision::Now { until: jst("2026-11-25T17:29:20") });
        assert_eq!(reply("2026-11-20T17:00:00"), SendDecision::Now { until: jst("2026-11-20T17:29:20") });
        assert_eq!(reply("2026-11-25T17:30:00"), later("2026-11-26T09:00:00", WaitReason::AfterHours));
    }

    #[test]
    fn the_persons_own_days_and_hours_narrow_the_offices() {
        let week = WeekHours::every_day("15:00-20:00").unwrap().with_day(chrono::Weekday::Wed, "").unwrap();
        let person = PersonHours { week, zone: None };
        let ask = |now| ask(now, &person, SendKind::CheckIn);
        assert_eq!(ask("2026-11-25T10:00:00"), later("2026-11-26T15:00:00", WaitReason::PersonDay));
        assert_eq!(ask("2026-11-26T10:00:00"), later("2026-11-26T15:00:00", WaitReason::PersonHours));
        assert_eq!(ask("2026-11-26T15:00:00"), SendDecision::Now { until: jst("2026-11-26T16:59:20") });
    }

    #[test]
    fn hours_that_never_meet_are_said_to_never_meet() {
        let person = PersonHours { week: WeekHours::every_day("18:00-20:00").unwrap(), zone: None };
        let never = SendDecision::Never { why: NeverReason::NoCommonHours };
        assert_eq!(ask("2026-11-25T10:00:00", &person, SendKind::CheckIn), never);
        let in_last_half_hour = PersonHours { week: WeekHours::every_day("17:00-17:30").unwrap(), zone: None };
        assert_eq!(ask("2026-11-25T10:00:00", &in_last_half_hour, SendKind::CheckIn), never);
        let shut = OfficeCalendar { week: WeekHours::default(), ..office() };
        let (person, rules) = (PersonHours::default(), SendRules::default());
        let ctx = SendContext { calendar: &shut, person: &person, rules: &rules, kind: SendKind::Reply };
        let never = SendDecision::Never { why: NeverReason::OfficeNeverOpen };
        assert_eq!(may_send(jst("2026-11-25T10:00:00"), &ctx), never);
    }

    #[test]
    fn a_person_abroad_is_met_where_both_days_overlap() {
        let person = PersonHours { week: WeekHours::every_day("07:00-21:00").unwrap(), zone: Some(Berlin) };
        // Berlin is eight hours behind Tokyo in winter, seven in summer.
        assert_eq!(
            ask("2026-11-25T13:30:00", &person, SendKind::CheckIn),
            later("2026-11-25T15:00:00", WaitReason::PersonHours)
        );
        assert_eq!(
            ask("2026-07-01T13:30:00", &person, SendKind::CheckIn),
            later("2026-07-01T14:00:00", WaitReason::PersonHours)
        );
        let evenings = PersonHours { week: WeekHours::every_day("00:00-24:00").unwrap(), zone: Some(New_York) };
        assert!(matches!(ask("2026-11-26T13:30:00", &evenings, SendKind::CheckIn), SendDecision::Now { .. }));
        let all_day = PersonHours { week: WeekHours::every_day("00:00-24:00").unwrap(), zone: Some(New_York) };
        let (calendar, rules) = (office(), SendRules::default());
        let ctx = SendContext { calendar: &calendar, person: &all_day, rules: &rules, kind: SendKind::CheckIn };
        let windows = windows_on(NaiveDate::from_ymd_opt(2026, 11, 26).unwrap(), &ctx);
        assert_eq!(windows.len(), 2, "midnight in New York falls into Tokyo's afternoon and cuts nothing");
    }

    #[test]
    fn decisions_and_rules_keep_their_stored_form() {
        let json =
            r#"{"decision":"later","at":"2026-11-24T00:00:00Z","why":{"reason":"holiday","name":"勤労感謝の日"}}"#;
        assert_eq!(serde_json::to_string(&check_in("2026-11-23T10:00:00")).unwrap(), json);
        assert_eq!(serde_json::from_str::<SendDecision>(json).unwrap(), check_in("2026-11-23T10:00:00"));
        let rules: SendRules = serde_json::from_str(r#"{"end_of_day_minutes":60}"#).unwrap();
        assert_eq!(rules, SendRules { end_of_day_minutes: 60, ..SendRules::default() });
        assert!(serde_json::from_str::<SendRules>(r#"{"margin":1}"#).is_err());
    }
}
