//! 後で／今日はしない: a row of Today rests, and comes back by itself.
//!
//! - `GET /graduates/{id}/later` shows both forms.
//! - `POST /graduates/{id}/later`: `until` ([`Until`]), `on` and `at` (with *date*), `why`.
//! - `POST /graduates/{id}/not-today`: `reason` (a code of `NotTodayReason`), `words` (needed with *other*).
//! - `POST /graduates/{id}/bring-back`.

use bansou_core::today::NotTodayReason;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::person::PersonHead;
use super::{Page, Place};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct LaterPage {
    /// The person.
    pub person: PersonHead,
    /// The form of 後で.
    pub later: FormState<LaterForm>,
    /// Its choices.
    pub untils: &'static [Until],
    /// The form of 今日はしない.
    pub not_today: FormState<NotTodayForm>,
    /// Its reasons.
    pub reasons: &'static [NotTodayReason],
}

bansou_core::codes! {
    /// When a row comes back.
    Until {
        /// In an hour.
        Hour = "hour",
        /// This afternoon.
        Afternoon = "afternoon",
        /// On the next open day.
        Tomorrow = "tomorrow",
        /// Next week.
        NextWeek = "next_week",
        /// On the day and at the time named.
        Date = "date",
    }
}

/// The raw form of 後で.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LaterForm {
    /// A code of [`Until`].
    pub until: String,
    /// With *date*: the day.
    pub on: String,
    /// With *date*: the time of day; when the office opens, where it is left empty.
    pub at: String,
    /// Words for colleagues.
    pub why: String,
}

/// The raw form of 今日はしない.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotTodayForm {
    /// A code of `NotTodayReason`.
    pub reason: String,
    /// Words for colleagues.
    pub words: String,
}

impl Page for LaterPage {
    const TEMPLATE: &'static str = "pages/later.html";
    const PLACE: Place = Place::Today;

    fn samples(_: Lang) -> Vec<(&'static str, Self)> {
        let fresh = Self {
            person: PersonHead::sample(),
            later: FormState::default(),
            untils: Until::ALL,
            not_today: FormState::default(),
            reasons: NotTodayReason::ALL,
        };
        let typed = LaterForm { until: "date".to_owned(), on: "2026-11-01".to_owned(), ..LaterForm::default() };
        let wrong = FormState::new(typed).with_error("on", FieldError::Passed);
        let no_reason = FormState::new(NotTodayForm::default()).with_error("reason", FieldError::Required);
        vec![
            ("fresh", fresh.clone()),
            ("wrong", Self { later: wrong, ..fresh.clone() }),
            ("no-reason", Self { not_today: no_reason, ..fresh }),
        ]
    }
}
