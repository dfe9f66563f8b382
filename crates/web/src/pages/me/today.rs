//! 今日のこと: whether the office is open, whether the person's own member of staff is there, and who looks after them meanwhile
//! (S3.1). Never why somebody is away.

use bansou_core::half_day::{Half, HalfDay};
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;

/// What a graduate sees of the office's day.
#[derive(Clone, Serialize)]
pub struct MeToday {
    /// Whether the office is open.
    pub office: OfficeToday,
    /// The periods in which it is open today, as pairs of times.
    pub hours: Vec<(NaiveTime, NaiveTime)>,
    /// The next open day, while it isn't open any more today.
    pub next: Option<NaiveDate>,
    /// The person's own member of staff; `None` when there is nobody of their own.
    pub staff: Option<String>,
    /// They are there.
    pub is_there: bool,
    /// They leave before the office closes.
    pub until: Option<NaiveTime>,
    /// When they are back.
    pub back: Option<Back>,
    /// Who looks after the person meanwhile; `None` = whoever is there.
    pub standin: Option<String>,
    /// Closed days ahead besides the weekdays on which the office never works.
    pub days_off: Vec<NaiveDate>,
}

bansou_core::codes! {
    /// Whether the office is open on this day.
    OfficeToday {
        /// It is, or will be later in the day.
        Open = "open",
        /// It was.
        Over = "over",
        /// It isn't at all.
        Closed = "closed",
    }
}

/// When somebody is back.
#[derive(Clone, Serialize)]
pub struct Back {
    /// The day.
    pub on: NaiveDate,
    /// `whole` (from its beginning), `today` (this afternoon) or `afternoon`.
    pub part: &'static str,
}

impl Back {
    /// A half-day as it is said on `today`.
    pub fn of(half: HalfDay, today: NaiveDate) -> Self {
        let part = match half.half {
            Half::Morning => "whole",
            Half::Afternoon if half.on == today => "today",
            Half::Afternoon => "afternoon",
        };
        Self { on: half.on, part }
    }
}

impl MeToday {
    /// An open day with everybody there.
    pub(crate) fn sample() -> Self {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of a sample");
        Self {
            office: OfficeToday::Open,
            hours: vec![(time(9, 0), time(12, 0)), (time(13, 0), time(17, 30))],
            next: None,
            staff: Some("見本 佐和".to_owned()),
            is_there: true,
            until: None,
            back: None,
            standin: None,
            days_off: "2026-12-29".parse().into_iter().collect(),
        }
    }

    /// The same with leave: somebody stands in.
    pub(crate) fn sample_away(part: &'static str, standin: Option<&str>) -> Self {
        let on = "2026-11-26".parse().expect("a date of a sample");
        let back = Some(Back { on, part });
        Self { is_there: false, back, standin: standin.map(str::to_owned), days_off: Vec::new(), ..Self::sample() }
    }

    /// A day on which the office isn't open any more, or not at all.
    pub(crate) fn sample_closed(office: OfficeToday) -> Self {
        let next = "2026-11-24".parse().ok();
        Self { office, hours: Vec::new(), next, days_off: Vec::new(), ..Self::sample() }
    }

    /// A part-time member of staff, who leaves early.
    pub(crate) fn sample_part_time() -> Self {
        Self { until: NaiveTime::from_hms_opt(15, 0, 0), ..Self::sample() }
    }

    /// Somebody without a member of staff of their own, on a day with somebody on duty.
    pub(crate) fn sample_duty() -> Self {
        Self { staff: None, is_there: false, standin: Some("例川 実".to_owned()), ..Self::sample() }
    }
}
