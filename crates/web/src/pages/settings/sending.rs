//! The switch that stops everything this office sends.
//!
//! - `GET /settings/sending`. `POST /settings/sending/stop`: `why`, `sure` (`yes`). `POST /settings/sending/resume`: `sure` (`yes`).

use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use crate::form::{FieldError, FormState};
use crate::pages::{LocalTime, Page, Place, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct SendingPage {
    /// Since when nothing is sent; `None` while messages go out.
    pub stopped: Option<Stopped>,
    /// Messages waiting to go out.
    pub waiting: u64,
    /// The form.
    pub form: FormState<SendingForm>,
}

/// A stop that holds.
#[derive(Clone, Serialize)]
pub struct Stopped {
    /// Since when.
    pub at: LocalTime,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SendingForm {
    /// Why everything is to stop.
    pub why: String,
    /// `yes`: the reader is sure.
    pub sure: String,
}

impl Page for SendingPage {
    const TEMPLATE: &'static str = "pages/settings_sending.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self { stopped: None, waiting: 12, form: FormState::default() };
        let wrong =
            FormState::default().with_error("why", FieldError::Required).with_error("sure", FieldError::NotAChoice);
        let stopped = Stopped {
            at: sample_time("2026-11-20T09:50"),
            by: "例川 実".to_owned(),
            why: "文面のまちがいに気づいたため".to_owned(),
        };
        vec![
            ("usual", usual.clone()),
            ("wrong", Self { form: wrong, ..usual.clone() }),
            ("stopped", Self { stopped: Some(stopped), ..usual }),
        ]
    }
}
