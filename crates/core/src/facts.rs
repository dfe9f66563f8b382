//! Quick facts: what is noted by pressing a button, `config/facts.toml`. They say what was seen, never what it may mean (S2.6).

use serde::Deserialize;

use crate::words::Lang;

/// Begins the name of a fact's field in a form.
pub const FIELD: &str = "fact_";

/// The facts in the order of their buttons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickFacts(Vec<QuickFact>);

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuickFact {
    /// A word that stays.
    pub key: String,
    /// What the button says and what is written down, in Japanese.
    pub ja: String,
    /// The same in English.
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "valid_from")]
    _valid_from: String,
    fact: Vec<QuickFact>,
}

impl QuickFacts {
    /// The list in the binary.
    pub fn embedded() -> Self {
        Self::parse(include_str!("../../../config/facts.toml")).expect("a test reads the embedded list")
    }

    /// Reads a list.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str::<File>(text).map(|file| Self(file.fact))
    }

    /// All of them, in the order of their buttons.
    pub fn list(&self) -> &[QuickFact] {
        &self.0
    }

    /// What is written into *seen*: the pressed facts after their day, which comes in words. `None` where none was pressed.
    pub fn line(&self, lang: Lang, day: &str, is_pressed: impl Fn(&str) -> bool) -> Option<String> {
        let (colon, comma) = if lang == Lang::En { (": ", ", ") } else { ("：", "、") };
        let pressed: Vec<_> = self.0.iter().filter(|fact| is_pressed(&fact.key)).map(|fact| fact.words(lang)).collect();
        (!pressed.is_empty()).then(|| format!("{day}{colon}{}", pressed.join(comma)))
    }
}

impl QuickFact {
    /// Its words in a language.
    pub fn words(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.en } else { &self.ja }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn pressed_facts_are_written_with_their_day_in_the_order_of_the_buttons() {
        let facts = QuickFacts::embedded();
        let pressed = |key: &str| ["slept", "at-work"].contains(&key);
        assert_eq!(
            facts.line(Lang::Ja, "11月20日（金）", pressed).unwrap(),
            "11月20日（金）：出勤できている、眠れている"
        );
        assert_eq!(facts.line(Lang::En, "Fri 20 Nov", pressed).unwrap(), "Fri 20 Nov: Going to work, Sleeping well");
        assert_eq!(facts.line(Lang::Ja, "11月20日（金）", |_| false), None);
    }

    #[test]
    fn the_embedded_list_is_short_enough_to_be_seen_at_once_and_no_key_comes_twice() {
        let facts = QuickFacts::embedded();
        let keys: BTreeSet<_> = facts.list().iter().map(|fact| &fact.key).collect();
        assert_eq!(keys.len(), facts.list().len());
        assert!((4..=12).contains(&keys.len()));
    }
}
