//! The lanes of a note as a form has them: the same on the page of a note and after a call (S2.6, S2.7).
//!
//! Fields: `said`, `observed`, `interpretation`, `done`, `next`; `next_when` (a code of [`NextWhen`]) or `next_on` (a day, which wins), and
//! `next_sets_date` = `yes` where on that day the deadline itself is set; `minutes`; and for each pressed fact of
//! `config/facts.toml` `fact_<key>` = `yes`.

use std::collections::BTreeMap;

use bansou_core::facts::FIELD;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

use super::{LocalTime, said, sample_time};

bansou_core::codes! {
    /// By when the next step is to be done, as one chooses it without a calendar.
    NextWhen {
        /// Today.
        Today = "today",
        /// The next day on which the office is open.
        NextOpen = "next_open",
        /// A week from today, or the first open day after.
        Week = "week",
        /// Two weeks from today, or the first open day after.
        TwoWeeks = "two_weeks",
    }
}

/// The raw lanes.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LanesForm {
    /// 本人の言葉 (S).
    pub said: String,
    /// 見たこと・数字 (O). `memo` is what a call's form called it.
    #[serde(alias = "memo")]
    pub observed: String,
    /// 考えたこと（事実ではない） (A).
    pub interpretation: String,
    /// したこと (I).
    pub done: String,
    /// 次にすること (P).
    pub next: String,
    /// A code of [`NextWhen`], or empty.
    pub next_when: String,
    /// The day of the next step, where it is another.
    pub next_on: String,
    /// `yes`: on that day the deadline is set.
    pub next_sets_date: String,
    /// How long the contact took.
    pub minutes: String,
    /// Pressed facts by the names of their fields.
    #[serde(flatten, deserialize_with = "pressed_facts")]
    pub facts: BTreeMap<String, String>,
}

/// Of everything else that a form sends, the facts.
fn pressed_facts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let mut rest = BTreeMap::<String, String>::deserialize(deserializer)?;
    rest.retain(|name, _| name.starts_with(FIELD));
    Ok(rest)
}

/// What is offered beside the lanes.
#[derive(Clone, Serialize)]
pub struct LaneChoices {
    /// Facts that are noted by pressing a button; empty where a note is put right.
    pub facts: Vec<FactView>,
    /// Days for the next step: code and day.
    pub next_days: Vec<(NextWhen, NaiveDate)>,
    /// The newest note about this person.
    pub last: Option<LastNote>,
}

/// A fact's button.
#[derive(Clone, Serialize)]
pub struct FactView {
    /// The name of its field.
    pub name: String,
    /// Its words.
    pub words: String,
    /// Whether it is pressed.
    pub is_pressed: bool,
}

/// The newest note, to go on from.
#[derive(Clone, Serialize)]
pub struct LastNote {
    /// Its id.
    pub id: String,
    /// When the contact was.
    pub at: LocalTime,
    /// Who wrote it.
    pub by: String,
    /// The way of contact.
    pub mode: ContactMode,
    /// Its lanes.
    pub lanes: Lanes,
    /// The day of its next step.
    pub next_on: Option<NaiveDate>,
    /// Whether that day is for setting the date.
    pub sets_date: bool,
}

impl LanesForm {
    /// Whether anything was written or pressed.
    pub fn has_words(&self) -> bool {
        self.texts().iter().any(|lane| !lane.trim().is_empty()) || !self.facts.is_empty()
    }

    /// The lanes in their order: S O A I P.
    pub fn texts(&self) -> [&str; 5] {
        [&self.said, &self.observed, &self.interpretation, &self.done, &self.next]
    }
}

impl LaneChoices {
    /// Made up for samples.
    pub(crate) fn sample(lang: Lang) -> Self {
        let fact = |key: &str, ja: &str, en: &str, is_pressed| FactView {
            name: format!("{FIELD}{key}"),
            words: said(lang, ja, en),
            is_pressed,
        };
        let day = |text: &str| text.parse().expect("a date written in a sample");
        Self {
            facts: vec![
                fact("at-work", "出勤できている", "Going to work", true),
                fact("absent", "仕事を休んだ", "Was off work", false),
                fact("slept", "眠れている", "Sleeping well", false),
                fact("not-slept", "眠れていない", "Not sleeping well", false),
                fact("medicine", "薬を飲めている", "Taking medicine", false),
            ],
            next_days: vec![
                (NextWhen::Today, day("2026-11-20")),
                (NextWhen::NextOpen, day("2026-11-24")),
                (NextWhen::Week, day("2026-11-27")),
                (NextWhen::TwoWeeks, day("2026-12-04")),
            ],
            last: Some(LastNote {
                id: "018f-n0".to_owned(),
                at: sample_time("2026-11-08T18:10"),
                by: "例川 実".to_owned(),
                mode: ContactMode::Phone,
                lanes: Lanes {
                    said: "新しい作業にまだ慣れない。".to_owned(),
                    observed: "遅刻・欠勤なし。声はいつもどおり。".to_owned(),
                    next: "来週、様子を聞く。".to_owned(),
                    ..Lanes::default()
                },
                next_on: Some(day("2026-11-20")),
                sets_date: false,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::call::CallForm;
    use crate::pages::note::NoteForm;

    #[test]
    fn a_form_gives_its_lanes_and_pressed_facts_and_none_of_its_keys() {
        let raw = "csrf=x&once=y&mode=phone&on=2026-04-01&at=09%3A30&observed=seen&fact_slept=yes&next_when=week";
        let form: NoteForm = serde_urlencoded(raw);
        assert_eq!((form.mode.as_str(), form.lanes.observed.as_str()), ("phone", "seen"));
        assert_eq!(form.lanes.facts.keys().collect::<Vec<_>>(), ["fact_slept"]);
        let call: CallForm = serde_urlencoded("csrf=x&outcome=spoke&memo=older+form");
        assert_eq!((call.outcome.as_str(), call.lanes.observed.as_str()), ("spoke", "older form"));
        assert!(call.lanes.has_words() && !LanesForm::default().has_words());
    }

    fn serde_urlencoded<T: serde::de::DeserializeOwned>(raw: &str) -> T {
        let fields = form_urlencoded::parse(raw.as_bytes());
        let fields: Vec<(String, String)> = fields.into_owned().collect();
        T::deserialize(serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(fields.into_iter()))
            .unwrap()
    }
}
