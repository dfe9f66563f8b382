//! Hotlines shown beside words of crisis: `config/hotlines.toml`, number and hours with source and day of the last look.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::words::Lang;

/// A line for everybody that is answered at any hour and costs nothing.
const AT_ANY_HOUR: &str = "yorisoi";

/// The hotlines in the order in which they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotlines(Vec<Hotline>);

/// One telephone line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hotline {
    /// A word that stays, for templates and tests.
    pub key: String,
    /// The name in Japanese.
    pub ja: String,
    /// The name in English.
    pub en: String,
    /// As it is dialled in Japan.
    pub number: String,
    /// Hours in Japan, in Japanese.
    pub hours_ja: String,
    /// Hours in Japan, in English.
    pub hours_en: String,
    /// Who published number and hours.
    pub source: String,
    /// The day on which they were last seen so; `None` where the source gives no date.
    #[serde(default, deserialize_with = "day")]
    pub checked_on: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    hotline: Vec<Hotline>,
}

impl Hotlines {
    /// The list in the binary.
    pub fn embedded() -> Self {
        Self::parse(include_str!("../../../../config/hotlines.toml")).expect("a test reads the embedded list")
    }

    /// Reads a list.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str::<File>(text).map(|file| Self(file.hotline))
    }

    /// The line that somebody answers at any hour, for words that go out at night: name and number.
    pub fn at_any_hour(&self) -> String {
        let line = self.0.iter().find(|line| line.key == AT_ANY_HOUR);
        line.map(|line| format!("{} {}", line.ja, line.number)).unwrap_or_default()
    }

    /// All of them, in the order in which they are shown.
    pub fn list(&self) -> &[Hotline] {
        &self.0
    }
}

impl Hotline {
    /// The name in the reader's language.
    pub fn name(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.en } else { &self.ja }
    }

    /// The hours in the reader's language.
    pub fn hours(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.hours_en } else { &self.hours_ja }
    }
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_list_is_read_and_complete() {
        let hotlines = Hotlines::embedded();
        assert!(hotlines.list().len() >= 10);
        for line in hotlines.list() {
            for lang in Lang::ALL {
                assert!(!line.name(lang).is_empty() && !line.hours(lang).is_empty(), "{}", line.key);
            }
            assert!(line.number.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '#'), "{}", line.key);
        }
    }

    #[test]
    fn emergency_numbers_come_first_and_the_misprinted_number_is_not_among_them() {
        let hotlines = Hotlines::embedded();
        assert_eq!(hotlines.list().first().map(|line| line.number.as_str()), Some("119"));
        assert!(hotlines.list().iter().all(|line| line.number != "0570-046-556"));
        assert!(hotlines.list().iter().any(|line| line.number == "0570-064-556"));
    }

    #[test]
    fn one_line_is_answered_at_any_hour() {
        let hotlines = Hotlines::embedded();
        assert_eq!(hotlines.at_any_hour(), "よりそいホットライン 0120-279-338");
        assert!(hotlines.list().iter().any(|line| line.key == AT_ANY_HOUR && line.hours_ja.starts_with("24時間")));
    }

    #[test]
    fn keys_and_numbers_stand_once() {
        let hotlines = Hotlines::embedded();
        for pick in [|line: &Hotline| line.key.clone(), |line: &Hotline| line.number.clone()] {
            let mut all: Vec<_> = hotlines.list().iter().map(pick).collect();
            let count = all.len();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count);
        }
    }
}
