//! Office: the tenant, and the rules it sets for itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize};

use crate::calendar::{Holidays, OfficeCalendar};
use crate::contact::PhoneNumber;
use crate::hours::WeekHours;
use crate::late::LateRule;
use crate::reply::ReplyRule;
use crate::silence::SilenceRule;
use crate::window::SendRules;

/// What an office decides for itself; stored as JSON, every field with a sensible default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfficeSettings {
    /// Opening periods per weekday.
    pub hours: WeekHours,
    /// Days on which the office is closed besides holidays.
    pub closures: BTreeSet<NaiveDate>,
    /// Whether the office works on national holidays.
    pub open_on_holidays: bool,
    /// When a planned message may leave (S2.4).
    pub sending: SendRules,
    /// What becomes of check-ins that an outage made late.
    pub late: LateRule,
    /// How long an answer is waited for.
    pub silence: SilenceRule,
    /// How quickly the office answers (S2.1).
    pub reply: ReplyRule,
    /// Whether somebody who writes while the office is closed is told so, once an evening; the words are a message template.
    pub out_of_hours: bool,
    /// The office's own safe text, sent once after words of crisis; empty = nothing is sent.
    pub safe_text: String,
    /// Phone number of the office, for messages and pages. One that was stored as it was typed is read in plain digits; what is no
    /// number stays as it is.
    #[serde(deserialize_with = "plain_phone")]
    pub phone: String,
}

impl Default for OfficeSettings {
    fn default() -> Self {
        Self {
            hours: WeekHours::weekdays("09:00-12:00,13:00-17:30").expect("two periods without overlap"),
            closures: BTreeSet::new(),
            open_on_holidays: false,
            sending: SendRules::default(),
            late: LateRule::default(),
            silence: SilenceRule::default(),
            reply: ReplyRule::default(),
            out_of_hours: false,
            safe_text: String::new(),
            phone: String::new(),
        }
    }
}

impl OfficeSettings {
    /// The office's calendar in its zone.
    pub fn calendar(&self, zone: Tz, holidays: &Arc<Holidays>) -> OfficeCalendar {
        OfficeCalendar {
            zone,
            week: self.hours.clone(),
            closures: self.closures.clone(),
            holidays: Arc::clone(holidays),
            open_on_holidays: self.open_on_holidays,
        }
    }
}

fn plain_phone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let stored = String::deserialize(deserializer)?;
    Ok(PhoneNumber::tidy(&stored).unwrap_or(stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_stored_as_it_was_typed_is_read_in_plain_digits() {
        let phone = |json: &str| serde_json::from_str::<OfficeSettings>(json).unwrap().phone;
        assert_eq!(phone(r#"{"phone":"０２９－１２３－４５６７"}"#), "029-123-4567");
        assert_eq!(phone(r#"{"phone":"03-1234-5678 内線3"}"#), "03-1234-5678 内線3");
        assert_eq!(phone(r#"{"phone":""}"#), "");
    }

    #[test]
    fn an_office_that_set_nothing_works_on_weekdays() {
        let settings: OfficeSettings = serde_json::from_str("{}").unwrap();
        assert_eq!(settings, OfficeSettings::default());
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<OfficeSettings>(&json).unwrap(), settings);
    }
}
