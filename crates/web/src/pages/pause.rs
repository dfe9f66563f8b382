//! A time without contact, with a reason and, if possible, an end.
//!
//! - `GET /graduates/{id}/pause`; `POST /graduates/{id}/pause`: `length` ([`PauseLength`]), `until` (with *date*), `why`.
//! - `POST /graduates/{id}/resume`.
//!
//! A pause stops the plan, never an answer: what the person writes still reaches somebody.

use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::person::{PauseView, PersonHead};
use super::{Page, Place, said};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct PausePage {
    /// The person; a pause that holds is in their head.
    pub person: PersonHead,
    /// The form.
    pub form: FormState<PauseForm>,
    /// Lengths to choose from.
    pub lengths: &'static [PauseLength],
}

bansou_core::codes! {
    /// How long.
    PauseLength {
        /// Seven days, today included.
        Week = "week",
        /// One month.
        Month = "month",
        /// Until the day in `until`.
        Date = "date",
        /// Until somebody ends it; the office is reminded after a month.
        Open = "open",
    }
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PauseForm {
    /// A code of [`PauseLength`].
    pub length: String,
    /// Last day without contact.
    pub until: String,
    /// Why.
    pub why: String,
}

impl Page for PausePage {
    const TEMPLATE: &'static str = "pages/pause.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let new = Self { person: PersonHead::sample(), form: FormState::default(), lengths: PauseLength::ALL };
        let typed = PauseForm { length: "date".to_owned(), until: "2026-11-01".to_owned(), why: String::new() };
        let wrong =
            FormState::new(typed).with_error("until", FieldError::NotInFuture).with_error("why", FieldError::Required);
        let until = chrono::NaiveDate::from_ymd_opt(2026, 11, 30);
        let paused = Some(PauseView {
            until,
            why: said(lang, "入院のため、本人から", "In hospital; asked by the person"),
        });
        let held = Self { person: PersonHead { paused, ..PersonHead::sample() }, ..new.clone() };
        vec![("new", new.clone()), ("wrong", Self { form: wrong, ..new }), ("held", held)]
    }
}
