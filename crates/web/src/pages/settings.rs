//! Settings: the overview and the office's own rules. What else there is to set has a file of its own below this one.
//!
//! - `GET /settings` shows the overview; managers see all of it, admins may change it.
//! - `GET /settings/office`, `POST /settings/office`: the fields of [`OfficeForm`].

pub mod cadences;
pub mod channels;
pub mod duty;
pub mod hours;
pub mod log;
pub mod messages;
pub(crate) mod office_form;
pub mod sending;
pub mod staff;

use bansou_core::words::Lang;
use serde::Serialize;

use super::{Page, Place};
use crate::form::{FieldError, FormState};
pub use office_form::OfficeForm;

/// The overview.
#[derive(Clone, Serialize)]
pub struct SettingsPage {
    /// The office.
    pub office: String,
    /// Whether the reader may change things.
    pub is_admin: bool,
    /// Channels that need somebody.
    pub channels_with_trouble: usize,
    /// Messages in the office's own wording.
    pub own_wordings: usize,
    /// Promises that were late in the last thirty days.
    pub late_promises: u64,
}

/// Hours, closure days, quiet times, waiting times, safe text.
#[derive(Clone, Serialize)]
pub struct OfficePage {
    /// The form.
    pub form: FormState<OfficeForm>,
    /// The time zone, for reading only.
    pub zone: String,
    /// Longest safe text, which has to fit one SMS of several parts.
    pub safe_text_max: usize,
    /// What a made-up person gets over LINE who writes in the closed time that is, or comes next; empty where none comes.
    pub out_of_hours: String,
}

/// Longest safe text, in characters.
pub const SAFE_TEXT_MAX: usize = 300;

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "pages/settings.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            office: "見本就労支援センター".to_owned(),
            is_admin: true,
            channels_with_trouble: 0,
            own_wordings: 2,
            late_promises: 3,
        };
        let trouble = Self { is_admin: false, channels_with_trouble: 1, ..usual.clone() };
        vec![("usual", usual), ("trouble", trouble)]
    }
}

impl Page for OfficePage {
    const TEMPLATE: &'static str = "pages/settings_office.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let mut settings = bansou_core::office::OfficeSettings {
            phone: "03-0000-0001".to_owned(),
            ..bansou_core::office::OfficeSettings::default()
        };
        settings.closures.extend("2026-12-29".parse::<chrono::NaiveDate>().ok());
        let form = OfficeForm::new("見本就労支援センター", &settings);
        let out_of_hours =
            "見本就労支援センターです。メッセージは届きました。今は閉まっています。明日の午前9時から、職員が読みます。"
                .to_owned();
        let page = |form| Self {
            form,
            zone: "Asia/Tokyo".to_owned(),
            safe_text_max: SAFE_TEXT_MAX,
            out_of_hours: out_of_hours.clone(),
        };
        let wrong = OfficeForm {
            name: String::new(),
            hours_mon: "9時から夕方".to_owned(),
            closures: "2026-02-30".to_owned(),
            late_hours: "1000".to_owned(),
            reply_due: "30".to_owned(),
            ..form.clone()
        };
        let wrong = FormState::new(wrong)
            .with_error("name", FieldError::Required)
            .with_error("hours_mon", FieldError::NotHours)
            .with_error("closures", FieldError::NotADate)
            .with_error("reply_due", FieldError::NotRising)
            .with_error("late_hours", FieldError::NotANumber { min: 1, max: 168 });
        vec![("usual", page(FormState::new(form))), ("wrong", page(wrong))]
    }
}
