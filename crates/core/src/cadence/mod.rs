//! When a person is contacted next, and why.
//!
//! A [`CadencePlan`] has phases, counted in days from an [`Anchor`] (the anchor's date is day 1). [`Adjuster`]s make
//! contact closer or thinner for a while, pauses silence it, follow-ups add a date. From all of them [`next_due`] works
//! out one date and one [`DueReason`]. Every date is local to the office.

mod due;
mod preset;
mod reason;
mod say;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

pub use self::due::{NextDue, due_between, next_due};
pub use self::preset::{CadencePreset, PresetsError, SignRule, embedded_presets, parse_presets};
pub use self::reason::{Because, DueReason, InTouch, Moved};
pub use self::say::Speaker;

/// An interval between contacts. At least one day or month, at most a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// So many days.
    Days(u16),
    /// So many months, by the calendar.
    Months(u16),
}

/// A stretch of days after the anchor with one interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// First day of the phase; the anchor's date is day 1. With an interval in days it is also the first contact.
    pub from_day: u32,
    /// Last day of the phase; none for the phase that never ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_day: Option<u32>,
    /// Interval between contacts.
    pub every: Every,
}

/// What the days are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// What happened.
    pub kind: AnchorKind,
    /// When; day 1.
    pub on: NaiveDate,
}

/// What happened on the anchor's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorKind {
    /// Started a job.
    Hired,
    /// Came back from leave.
    Returned,
    /// Changed to another job.
    JobChanged,
    /// After-placement support started.
    SupportStarted,
}

/// A while of closer or thinner contact. Of several the newest counts: what was decided or said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjuster {
    /// Why.
    pub kind: AdjusterKind,
    /// The day of the decision; contacts follow at `every` from it.
    pub from: NaiveDate,
    /// Last day on which it holds; none until something newer comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Interval while it holds.
    pub every: Every,
}

/// Why contact is closer or thinner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjusterKind {
    /// Staff confirmed a small sign: closer.
    SignConfirmed,
    /// The person asked for more contact: closer.
    AskedMore,
    /// The person said "I'm all right now" (S1.6): thinner.
    AllRight,
    /// The person asked for less contact: thinner.
    AskedFewer,
}

/// A stretch without check-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// First silent day.
    pub from: NaiveDate,
    /// Last silent day; none until somebody ends the pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: PauseReason,
}

/// Why check-ins rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The person asked for it.
    Asked,
    /// Illness or a stay in hospital.
    Illness,
    /// Leave from work.
    Leave,
    /// Holiday or travel.
    Travel,
    /// Something in the family.
    Family,
    /// Anything else; a note says what.
    Other,
}

/// A check-in on a promised date, to hear what became of a request to the employer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// When to ask.
    pub on: NaiveDate,
    /// When the request went to the employer.
    pub escalated_on: NaiveDate,
}

/// Phases and the rule for days on which somebody was in touch anyway. Always valid: see [`CadencePlan::new`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PlanFields", into = "PlanFields")]
pub struct CadencePlan {
    phases: Vec<Phase>,
    in_touch_days: u16,
}

/// Everything the next date follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CadenceState {
    /// Phases.
    pub plan: CadencePlan,
    /// What days are counted from.
    pub anchor: Anchor,
    /// Closer and thinner times, past ones too.
    #[serde(default)]
    pub adjusters: Vec<Adjuster>,
    /// Pauses, past ones too.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// Promised dates.
    #[serde(default)]
    pub follow_ups: Vec<FollowUp>,
    /// Last day on which a check-in may be due (employment or support ended).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
}

/// Why phases were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CadenceError {
    /// Nothing to follow.
    #[error("a cadence needs at least one phase")]
    NoPhase,
    /// Day 0 doesn't exist.
    #[error("days are counted from 1")]
    DayZero,
    /// Ends before it begins.
    #[error("the phase from day {0} ends before it begins")]
    Inverted(u32),
    /// Overlaps the phase before, or follows one without an end.
    #[error("the phase from day {0} begins before the one ahead of it has ended")]
    Overlap(u32),
    /// Zero or longer than a year.
    #[error("an interval is 1 to 366 days or 1 to 12 months")]
    Interval,
}

impl Every {
    /// Refuses zero and anything longer than a year.
    pub fn check(self) -> Result<Self, CadenceError> {
        let fine = match self {
            Self::Days(n) => (1..=366).contains(&n),
            Self::Months(n) => (1..=12).contains(&n),
        };
        fine.then_some(self).ok_or(CadenceError::Interval)
    }

    /// Length in days, a month as thirty: for comparing, not for dates.
    pub fn about_days(self) -> u32 {
        match self {
            Self::Days(n) => n.into(),
            Self::Months(n) => u32::from(n) * 30,
        }
    }

    /// About half as often, at most to once a year.
    #[must_use]
    pub fn thinner(self) -> Self {
        match self {
            Self::Days(n) if n < 14 => Self::Days(n * 2),
            Self::Days(_) => Self::Months(1),
            Self::Months(n) => Self::Months((n * 2).min(12)),
        }
    }

    /// About twice as often, at most daily.
    #[must_use]
    pub fn closer(self) -> Self {
        match self {
            Self::Days(n) => Self::Days(n.div_ceil(2)),
            Self::Months(1) => Self::Days(14),
            Self::Months(n) => Self::Months(n / 2),
        }
    }

    /// Whether `date` lies a whole number (one or more) of intervals after `start`. Months are always counted from
    /// `start` itself, so a 31st that falls on a 28th comes back to the 31st.
    fn falls_on(self, start: NaiveDate, date: NaiveDate) -> bool {
        if date <= start {
            return false;
        }
        match self {
            Self::Days(n) => (date - start).num_days() % i64::from(n.max(1)) == 0,
            Self::Months(n) => {
                let count = |d: NaiveDate| i64::from(d.year()) * 12 + i64::from(d.month0());
                let months = count(date) - count(start);
                let whole = u32::try_from(months).ok().filter(|m| m % u32::from(n.max(1)) == 0);
                whole.and_then(|m| start.checked_add_months(Months::new(m))) == Some(date)
            }
        }
    }
}

impl Phase {
    fn holds_on(&self, day: u32) -> bool {
        self.from_day <= day && self.to_day.is_none_or(|to| day <= to)
    }
}

impl AdjusterKind {
    /// Whether it makes contact closer; the others make it thinner.
    pub fn is_closer(self) -> bool {
        matches!(self, Self::SignConfirmed | Self::AskedMore)
    }
}

impl Adjuster {
    fn holds_on(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }

    /// A closer time never thins a phase, a thinner one never tightens it.
    fn changes(&self, phase: Option<&Phase>) -> bool {
        let Some(phase) = phase else { return self.kind.is_closer() };
        let (own, base) = (self.every.about_days(), phase.every.about_days());
        if self.kind.is_closer() { own < base } else { own > base }
    }
}

impl Pause {
    /// Whether check-ins rest on that date.
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }
}

impl CadencePlan {
    /// Checks that phases follow each other, each with a sensible interval.
    pub fn new(phases: Vec<Phase>, in_touch_days: u16) -> Result<Self, CadenceError> {
        let mut free_from = Some(1);
        if phases.is_empty() {
            return Err(CadenceError::NoPhase);
        }
        for phase in &phases {
            phase.every.check()?;
            if phase.from_day == 0 {
                return Err(CadenceError::DayZero);
            }
            if phase.to_day.is_some_and(|to| to < phase.from_day) {
                return Err(CadenceError::Inverted(phase.from_day));
            }
            if free_from.is_none_or(|free| phase.from_day < free) {
                return Err(CadenceError::Overlap(phase.from_day));
            }
            free_from = phase.to_day.map(|to| to.saturating_add(1));
        }
        Ok(Self { phases, in_touch_days })
    }

    /// The phases in order.
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// The same phases with the office's own wait after a conversation.
    #[must_use]
    pub fn with_in_touch_days(self, in_touch_days: u16) -> Self {
        Self { in_touch_days, ..self }
    }

    /// How many days a check-in waits after somebody spoke with the person; 0 never waits.
    pub fn in_touch_days(&self) -> u16 {
        self.in_touch_days
    }
}

impl CadenceState {
    /// A plan with nothing but its anchor.
    pub fn new(plan: CadencePlan, anchor: Anchor) -> Self {
        Self { plan, anchor, adjusters: Vec::new(), pauses: Vec::new(), follow_ups: Vec::new(), ends_on: None }
    }

    /// Whether check-ins rest on that date.
    pub fn is_paused_on(&self, date: NaiveDate) -> bool {
        self.pauses.iter().any(|pause| pause.holds_on(date))
    }

    /// The interval in force on a date, for showing it and for choosing a closer or thinner one.
    pub fn every_on(&self, date: NaiveDate) -> Option<Every> {
        if let Some(adjuster) = self.adjuster_on(date) {
            return Some(adjuster.every);
        }
        self.phase_on(date).map(|(_, phase)| phase.every)
    }

    /// The day number of a date and the phase it lies in.
    fn phase_on(&self, date: NaiveDate) -> Option<(u32, &Phase)> {
        let day = u32::try_from((date - self.anchor.on).num_days() + 1).ok().filter(|day| *day > 0)?;
        self.plan.phases.iter().find(|phase| phase.holds_on(day)).map(|phase| (day, phase))
    }

    /// The newest adjuster that holds on a date and changes anything; of two of one day the closer one.
    fn adjuster_on(&self, date: NaiveDate) -> Option<&Adjuster> {
        if date < self.anchor.on {
            return None;
        }
        let newest = self
            .adjusters
            .iter()
            .filter(|adjuster| adjuster.holds_on(date))
            .max_by_key(|adjuster| (adjuster.from, std::cmp::Reverse(adjuster.every.about_days())))?;
        newest.changes(self.phase_on(date).map(|(_, phase)| phase)).then_some(newest)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFields {
    phases: Vec<Phase>,
    in_touch_days: u16,
}

impl TryFrom<PlanFields> for CadencePlan {
    type Error = CadenceError;

    fn try_from(fields: PlanFields) -> Result<Self, CadenceError> {
        Self::new(fields.phases, fields.in_touch_days)
    }
}

impl From<CadencePlan> for PlanFields {
    fn from(plan: CadencePlan) -> Self {
        Self { phases: plan.phases, in_touch_days: plan.in_touch_days }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_counted_from_the_31st_never_drift() {
        let start = date("2027-01-31");
        let falls: Vec<_> = start.iter_days().take(400).filter(|d| Every::Months(1).falls_on(start, *d)).collect();
        let expected = ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30", "2027-07-31"];
        assert_eq!(falls[..6], expected.map(date));
        assert_eq!(falls[12], date("2028-02-29"), "a leap year");
        let leap = date("2028-02-29");
        assert!(Every::Months(12).falls_on(leap, date("2029-02-28")));
        assert!(
            Every::Months(12).falls_on(leap, date("2032-02-29"))
                && !Every::Months(12).falls_on(leap, date("2032-02-28"))
        );
        assert!(!Every::Months(1).falls_on(start, start));
    }

    #[test]
    fn phases_that_make_no_sense_are_refused() {
        let phase = |from_day, to_day, every| Phase { from_day, to_day, every };
        let plan = |phases: &[Phase]| CadencePlan::new(phases.to_vec(), 3).map(|_| ());
        let week = Every::Days(7);
        assert_eq!(plan(&[phase(1, Some(14), week), phase(15, None, week)]), Ok(()));
        assert_eq!(plan(&[]), Err(CadenceError::NoPhase));
        assert_eq!(plan(&[phase(0, None, week)]), Err(CadenceError::DayZero));
        assert_eq!(plan(&[phase(9, Some(8), week)]), Err(CadenceError::Inverted(9)));
        assert_eq!(plan(&[phase(1, Some(14), week), phase(14, None, week)]), Err(CadenceError::Overlap(14)));
        assert_eq!(plan(&[phase(1, None, week), phase(15, None, week)]), Err(CadenceError::Overlap(15)));
        assert_eq!(plan(&[phase(1, None, Every::Days(0))]), Err(CadenceError::Interval));
        assert_eq!(plan(&[phase(1, None, Every::Months(13))]), Err(CadenceError::Interval));
        let stored = r#"{"phases":[{"from_day":1,"every":{"days":0}}],"in_touch_days":3}"#;
        assert!(serde_json::from_str::<CadencePlan>(stored).is_err(), "stored plans are checked too");
    }

    #[test]
    fn thinner_and_closer_step_through_familiar_intervals() {
        let (days, months) = (Every::Days, Every::Months);
        let thinner = [days(1), days(2), days(7), days(14), months(1), months(6), months(12)].map(Every::thinner);
        assert_eq!(thinner, [days(2), days(4), days(14), months(1), months(2), months(12), months(12)]);
        let closer = [days(1), days(3), days(7), days(14), months(1), months(2), months(3)].map(Every::closer);
        assert_eq!(closer, [days(1), days(2), days(4), days(7), days(14), months(1), months(1)]);
    }

    #[test]
    fn what_is_stored_keeps_its_form() {
        let state = CadenceState {
            plan: CadencePlan::new(
                vec![
                    Phase { from_day: 3, to_day: Some(14), every: Every::Days(3) },
                    Phase { from_day: 15, to_day: None, every: Every::Months(1) },
                ],
                3,
            )
            .unwrap(),
            anchor: Anchor { kind: AnchorKind::SupportStarted, on: date("2026-04-01") },
            adjusters: vec![Adjuster {
                kind: AdjusterKind::SignConfirmed,
                from: date("2026-04-10"),
                until: Some(date("2026-04-24")),
                every: Every::Days(2),
            }],
            pauses: vec![Pause { from: date("2026-05-01"), until: None, reason: PauseReason::Illness }],
            follow_ups: vec![FollowUp { on: date("2026-04-20"), escalated_on: date("2026-04-13") }],
            ends_on: Some(date("2027-03-31")),
        };
        let json = concat!(
            r#"{"plan":{"phases":[{"from_day":3,"to_day":14,"every":{"days":3}},{"from_day":15,"every":{"months":1}}],"#,
            r#""in_touch_days":3},"anchor":{"kind":"support_started","on":"2026-04-01"},"#,
            r#""adjusters":[{"kind":"sign_confirmed","from":"2026-04-10","until":"2026-04-24","every":{"days":2}}],"#,
            r#""pauses":[{"from":"2026-05-01","reason":"illness"}],"#,
            r#""follow_ups":[{"on":"2026-04-20","escalated_on":"2026-04-13"}],"ends_on":"2027-03-31"}"#
        );
        assert_eq!(serde_json::to_string(&state).unwrap(), json);
        assert_eq!(serde_json::from_str::<CadenceState>(json).unwrap(), state);
        let oldest = r#"{"plan":{"phases":[{"from_day":1,"every":{"days":7}}],"in_touch_days":0},"anchor":{"kind":"hired","on":"2026-04-01"}}"#;
        assert!(serde_json::from_str::<CadenceState>(oldest).is_ok());
    }
}
