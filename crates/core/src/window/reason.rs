//! Why something waits, as data; the words stand in `locales/*/reasons.ftl`.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{SendContext, SendKind, office_spans, person_spans, person_zone, quiet_from};
use crate::calendar::{ClosedBecause, Holidays};
use crate::words::{Args, Lang, Words};

/// What stands in the way just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum WaitReason {
    /// A national holiday.
    Holiday {
        /// Its Japanese name, as in the table of holidays.
        name: String,
    },
    /// A closure day of the office.
    Closure,
    /// A weekday on which the office is closed.
    Weekday,
    /// The office hasn't opened yet.
    BeforeHours,
    /// The office's break.
    Break,
    /// The office has closed for today.
    AfterHours,
    /// The office's last half-hour: nobody would be there for the answer.
    EndOfDay,
    /// The last hours before a long break.
    BeforeLongBreak,
    /// A weekday on which the person isn't contacted.
    PersonDay,
    /// Outside the person's hours of that day.
    PersonHours,
    /// So close to the end of the allowed time that a slow call could overrun it.
    Ending,
}

/// Why no window exists at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeverReason {
    /// The office has no open day.
    OfficeNeverOpen,
    /// No moment suits both the office and the person.
    NoCommonHours,
}

impl WaitReason {
    /// The message in `reasons.ftl`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Holiday { .. } => "wait-holiday",
            Self::Closure => "wait-closure",
            Self::Weekday => "wait-weekday",
            Self::BeforeHours => "wait-before-hours",
            Self::Break => "wait-break",
            Self::AfterHours => "wait-after-hours",
            Self::EndOfDay => "wait-end-of-day",
            Self::BeforeLongBreak => "wait-before-long-break",
            Self::PersonDay => "wait-person-day",
            Self::PersonHours => "wait-person-hours",
            Self::Ending => "wait-ending",
        }
    }

    /// The reason in a sentence.
    pub fn say(&self, words: &Words, lang: Lang, holidays: &Holidays) -> String {
        let mut args = Args::new();
        if let Self::Holiday { name } = self {
            args.set("holiday", holidays.name_in(lang, name).to_owned());
        }
        words.get(lang, self.key(), &args)
    }

    /// All reasons but the holiday.
    #[cfg(test)]
    pub(crate) fn without_values() -> [Self; 10] {
        [
            Self::Closure,
            Self::Weekday,
            Self::BeforeHours,
            Self::Break,
            Self::AfterHours,
            Self::EndOfDay,
            Self::BeforeLongBreak,
            Self::PersonDay,
            Self::PersonHours,
            Self::Ending,
        ]
    }
}

impl NeverReason {
    /// The message in `reasons.ftl`.
    pub fn key(self) -> &'static str {
        match self {
            Self::OfficeNeverOpen => "never-office-open",
            Self::NoCommonHours => "never-common-hours",
        }
    }
}

/// The reason for a moment at which nothing may be sent; the office's reasons come before the person's.
pub(super) fn why_not_now(now: DateTime<Utc>, ctx: &SendContext<'_>) -> WaitReason {
    let date = now.with_timezone(&ctx.calendar.zone).date_naive();
    match ctx.calendar.closed_because(date) {
        Some(ClosedBecause::Holiday { name }) => return WaitReason::Holiday { name },
        Some(ClosedBecause::Closure) => return WaitReason::Closure,
        Some(ClosedBecause::Weekday) => return WaitReason::Weekday,
        None => {}
    }
    let office = office_spans(date, ctx);
    let (Some(first), Some(last)) = (office.first(), office.last()) else { return WaitReason::AfterHours };
    if now < first.from {
        return WaitReason::BeforeHours;
    }
    if now >= last.to {
        return WaitReason::AfterHours;
    }
    if !office.iter().any(|span| span.contains(now)) {
        return WaitReason::Break;
    }
    if !person_spans(&office, ctx).iter().any(|span| span.contains(now)) {
        let today = now.with_timezone(&person_zone(ctx)).weekday();
        let whole_day = ctx.person.week.on(today).is_empty();
        return if whole_day { WaitReason::PersonDay } else { WaitReason::PersonHours };
    }
    if ctx.kind == SendKind::CheckIn && quiet_from(date, ctx).is_some_and(|quiet| now >= quiet) {
        let break_ahead = ctx.calendar.is_before_long_break(date, ctx.rules.long_break_days);
        return if break_ahead { WaitReason::BeforeLongBreak } else { WaitReason::EndOfDay };
    }
    WaitReason::Ending
}

pub(super) fn why_never(today: NaiveDate, ctx: &SendContext<'_>) -> NeverReason {
    if ctx.calendar.open_day_from(today).is_none() { NeverReason::OfficeNeverOpen } else { NeverReason::NoCommonHours }
}
