//! Graduate: the person the office stays beside.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

crate::codes! {
    /// Where the person stands with the office.
    Support {
        /// Not yet contacted by plan.
        Preparing = "preparing",
        /// Contacted by plan.
        Supported = "supported",
        /// Not contacted any more; records stay.
        Ended = "ended",
    }
}

crate::codes! {
    /// Groups into which an office's list of people is narrowed; they overlap.
    PeopleGroup {
        /// Contacted by plan.
        Supported = "supported",
        /// Contacted by plan, with a job that lasts.
        Working = "working",
        /// Contact is paused today.
        Paused = "paused",
        /// All contact is stopped.
        Stopped = "stopped",
        /// Left their job, and no other lasts or is to come.
        Left = "left",
        /// Not yet contacted by plan.
        Preparing = "preparing",
        /// Support has ended.
        Ended = "ended",
    }
}

crate::codes! {
    /// How messages to the person are written.
    Language {
        /// ふつう
        Plain = "plain",
        /// やさしい日本語
        Easy = "easy",
        /// やさしい日本語 with furigana on every kanji.
        Furigana = "furigana",
    }
}

crate::codes! {
    /// Who asked that all contact stops.
    StopAsked {
        /// 本人: only their own word takes it back.
        Person = "person",
        /// 家族
        Family = "family",
        /// Another supporter: a doctor, a welfare office.
        Supporter = "supporter",
        /// The office itself decided so.
        Office = "office",
    }
}

/// Why all contact is stopped; stored encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactStop {
    /// Who asked.
    pub asked: StopAsked,
    /// Why, in words; empty where the person said it themselves.
    pub reason: String,
}

/// A time without contact that the person or the office asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseDates {
    /// First day without contact, in the office's zone.
    pub from: NaiveDate,
    /// Last day without contact; `None` until somebody ends it.
    pub until: Option<NaiveDate>,
}

impl PauseDates {
    /// Whether `day` lies in the pause.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What is known of the person and identifies them; stored encrypted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraduateProfile {
    /// 氏名
    pub name: String,
    /// フリガナ
    #[serde(default)]
    pub kana: String,
    /// What the person is called in messages, without さん, where it isn't the family name.
    #[serde(default)]
    pub called: String,
    /// The office's own number for the person (利用者番号).
    #[serde(default)]
    pub external_id: Option<String>,
    /// Kind of disability, a code of the roster import or own words.
    #[serde(default)]
    pub disability: Option<String>,
    /// Kind of certificate (手帳), a code of the roster import or own words.
    #[serde(default)]
    pub certificate: Option<String>,
    /// How the person likes to be spoken to, what reassures, whom to ask (S4.3).
    #[serde(default)]
    pub card: String,
    /// What to do in a crisis, in the person's own words.
    #[serde(default)]
    pub crisis_plan: String,
}

impl GraduateProfile {
    /// The name as it is used in a message: the one they are called by, else the family name where it is set apart by a space.
    pub fn call_name(&self) -> &str {
        if !self.called.is_empty() {
            return &self.called;
        }
        self.name.split([' ', '\u{3000}']).next().unwrap_or(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_pause_covers_its_first_and_last_day_and_an_open_one_never_ends() {
        let pause = PauseDates { from: day("2026-04-01"), until: Some(day("2026-04-07")) };
        assert!(pause.covers(day("2026-04-01")) && pause.covers(day("2026-04-07")));
        assert!(!pause.covers(day("2026-03-31")) && !pause.covers(day("2026-04-08")));
        assert!(PauseDates { until: None, ..pause }.covers(day("2030-01-01")));
    }

    #[test]
    fn a_person_is_called_by_the_family_name_unless_another_is_wished() {
        let profile = GraduateProfile { name: "見本　花子".into(), ..GraduateProfile::default() };
        assert_eq!(profile.call_name(), "見本");
        assert_eq!(GraduateProfile { called: "ハナ".into(), ..profile }.call_name(), "ハナ");
    }
}
