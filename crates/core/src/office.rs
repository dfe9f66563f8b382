//! Office: the tenant, and the rules it sets for itself.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What an office decides for itself; stored as JSON, every field with a sensible default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfficeSettings {
    /// Opening periods per weekday, Monday first, e.g. `09:00-12:00,13:00-17:30`; empty = closed.
    pub hours: [String; 7],
    /// Days on which the office is closed besides holidays.
    pub closures: BTreeSet<NaiveDate>,
    /// Whether the office works on national holidays.
    pub open_on_holidays: bool,
    /// No planned message in the last minutes of the office's day (S2.4).
    pub quiet_minutes_before_close: u32,
    /// How old a check-in may be after an outage and still be sent, in hours.
    pub late_max_hours: u32,
    /// A contact by a person within so many days moves the next check-in.
    pub was_in_touch_days: u32,
    /// How long an answer is waited for before silence is noted, in hours, where the person has no habit yet.
    pub silence_hours: u32,
    /// The office's own safe text, sent once after words of crisis; empty = nothing is sent.
    pub safe_text: String,
    /// Phone number of the office, for messages.
    pub phone: String,
}

impl Default for OfficeSettings {
    fn default() -> Self {
        let weekday = "09:00-12:00,13:00-17:30".to_owned();
        let hours = std::array::from_fn(|day| if day < 5 { weekday.clone() } else { String::new() });
        Self {
            hours,
            closures: BTreeSet::new(),
            open_on_holidays: false,
            quiet_minutes_before_close: 30,
            late_max_hours: 26,
            was_in_touch_days: 3,
            silence_hours: 48,
            safe_text: String::new(),
            phone: String::new(),
        }
    }
}
