//! The word list `config/signs.toml`, parsed and compiled.
//!
//! A pattern is a regular expression over folded text in which `<name>` stands for a group of words of the list.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use super::fold::fold_pattern;
use crate::sign::{SignCategory, SignLevel};

const EMBEDDED: &str = include_str!("../../../../config/signs.toml");
/// How deep groups may stand within groups.
const DEPTH: usize = 6;
/// What one pattern may remember of its search on one thread, bytes. There are a hundred patterns: the crate's own 2 MiB came to 45 MB a
/// thread with every kind of message read, this comes to 10. A message takes 0.7 ms instead of 0.3.
const CACHE: usize = 256 << 10;

/// A compiled word list; cloning is cheap.
#[derive(Clone)]
pub struct Lexicon(Arc<Rules>);

/// The word list can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// The file isn't the TOML that is expected.
    #[error("the list of signs: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A pattern isn't a regular expression.
    #[error("the list of signs, {place}: {reason}")]
    Pattern {
        /// Which list.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
}

pub(super) struct Rules {
    pub(super) edition: String,
    pub(super) pictures: HashMap<char, String>,
    pub(super) guards: Guards,
    pub(super) families: Vec<Family>,
    pub(super) alarms: Alarms,
    pub(super) together: Vec<Together>,
}

/// Two kinds of words that ask for a person when one message holds both (or the first, where there is no second).
pub(super) struct Together {
    /// Read soon rather than a crisis.
    pub(super) soon: bool,
    pub(super) first: Regex,
    pub(super) second: Option<Regex>,
    /// Everyday use of the same words, anywhere in the message.
    pub(super) unless: Option<Regex>,
}

/// Expressions of one category that share level and guards.
pub(super) struct Family {
    pub(super) category: SignCategory,
    pub(super) level: SignLevel,
    /// Whether it counts only for the writer's own state.
    pub(super) own: bool,
    /// Whether it gives way to a more particular find at the same place.
    pub(super) general: bool,
    /// Whether it only says how the rest of the clause feels (…で不安, …がきつい): it gives way to that rest.
    pub(super) mood: bool,
    pub(super) pattern: Regex,
    /// A look-alike in the sentence that takes the find away.
    pub(super) unless: Option<Regex>,
}

macro_rules! regexes {
    ($(#[$doc:meta])* $name:ident, $section:literal { $($field:ident,)+ }) => {
        $(#[$doc])*
        pub(super) struct $name { $(pub(super) $field: Regex,)+ }

        impl $name {
            fn compile(lists: &BTreeMap<String, Vec<String>>, words: &Words) -> Result<Self, LexiconError> {
                let list = |key: &str| {
                    let place = format!("{}.{key}", $section);
                    let patterns = lists.get(key).ok_or_else(|| LexiconError::Pattern {
                        place: place.clone(),
                        reason: "is missing".to_owned(),
                    })?;
                    words.compile(&place, patterns)
                };
                Ok(Self { $($field: list(stringify!($field))?,)+ })
            }
        }
    };
}

regexes! {
    /// What changes the meaning of a find; each list is explained in the file.
    Guards, "guards" {
        clause_end, question, wondering, complaining, ability, only_negated, negated, negated_twice, over, long_ago, past, must, contrast,
        recovered, now_again, if_before, if_after, other, myself, told, faint, faint_after, strong,
    }
}

regexes! {
    /// What isn't a sign but asks for a person; each list is explained in the file.
    Alarms, "alarms" {
        crisis, harm, harm_past, harm_light, not_harm, idiom, denied, despair, denied_after, past_crisis, came_back,
        renewed,
        fiction, fiction_words, wish, me_too, distress, grave, not_crisis, soon, to_be_seen,
        opt_out_word, opt_out, opt_out_not, conduct, conduct_not, conduct_other,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: String,
    words: Words,
    pictures: HashMap<char, String>,
    guards: BTreeMap<String, Vec<String>>,
    alarms: BTreeMap<String, Vec<String>>,
    together: Vec<TogetherEntry>,
    family: Vec<FamilyEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TogetherEntry {
    name: String,
    #[serde(default)]
    soon: bool,
    first: Vec<String>,
    #[serde(default)]
    second: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Words(BTreeMap<String, String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyEntry {
    category: SignCategory,
    #[serde(default = "clear")]
    level: SignLevel,
    #[serde(default = "yes")]
    own: bool,
    #[serde(default)]
    general: bool,
    #[serde(default)]
    mood: bool,
    patterns: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
}

impl Lexicon {
    /// The list in the binary, compiled on first use.
    pub fn embedded() -> Self {
        static BUILT_IN: LazyLock<Lexicon> =
            LazyLock::new(|| Lexicon::parse(EMBEDDED).expect("a test compiles the embedded list"));
        BUILT_IN.clone()
    }

    /// Reads and compiles a list; the error names the list that is wrong.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File = toml::from_str(text)?;
        let mut families = Vec::new();
        for (index, entry) in file.family.iter().enumerate() {
            let place = format!("family {} ({})", index + 1, entry.category.as_str());
            let unless = file.words.compile_some(&place, &entry.unless)?;
            let pattern = file.words.compile(&place, &entry.patterns)?;
            families.push(Family {
                category: entry.category,
                level: entry.level,
                own: entry.own,
                general: entry.general,
                mood: entry.mood,
                pattern,
                unless,
            });
        }
        let together =
            file.together.iter().map(|entry| Together::compile(entry, &file.words)).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Rules {
            together,
            guards: Guards::compile(&file.guards, &file.words)?,
            alarms: Alarms::compile(&file.alarms, &file.words)?,
            edition: file.edition,
            pictures: file.pictures,
            families,
        })))
    }

    /// The day on which the list was last looked over, as `YYYY-MM-DD`.
    pub fn edition(&self) -> &str {
        &self.0.edition
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.0
    }
}

impl Together {
    fn compile(entry: &TogetherEntry, words: &Words) -> Result<Self, LexiconError> {
        let place = format!("together \"{}\"", entry.name);
        Ok(Self {
            soon: entry.soon,
            first: words.compile(&place, &entry.first)?,
            second: words.compile_some(&place, &entry.second)?,
            unless: words.compile_some(&place, &entry.unless)?,
        })
    }
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Lexicon").field(&self.0.edition).finish()
    }
}

impl Words {
    /// Nothing for an empty list.
    fn compile_some(&self, place: &str, patterns: &[String]) -> Result<Option<Regex>, LexiconError> {
        if patterns.is_empty() {
            return Ok(None);
        }
        self.compile(place, patterns).map(Some)
    }

    fn compile(&self, place: &str, patterns: &[String]) -> Result<Regex, LexiconError> {
        let wrong = |reason: String| LexiconError::Pattern { place: place.to_owned(), reason };
        let mut all = patterns.join("|");
        for _ in 0..DEPTH {
            for (name, words) in &self.0 {
                all = all.replace(&format!("<{name}>"), &format!("(?:{words})"));
            }
        }
        let known = all.find('<').is_none_or(|at| !all[at..].contains('>'));
        if !known {
            return Err(wrong("names an unknown group of words".to_owned()));
        }
        let built = RegexBuilder::new(&fold_pattern(&all)).dfa_size_limit(CACHE).build();
        built.map_err(|error| wrong(error.to_string()))
    }
}

fn clear() -> SignLevel {
    SignLevel::Clear
}

fn yes() -> bool {
    true
}
