//! The rules of writing `config/lint.toml`, parsed and compiled.
//!
//! A pattern is a regular expression over the folded text, without spaces between words and with narrow digits; `<name>` stands for a
//! proper name or a placeholder.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use regex::Regex;
use serde::Deserialize;

use super::dates::MARKS;
use super::fold::NAME;
use super::recipient::Reader;
use super::remark::{Rule, Topic, Weight};

const EMBEDDED: &str = include_str!("../../../../config/lint.toml");

/// Compiled rules; cloning is cheap.
#[derive(Clone)]
pub struct LintRules(Arc<Compiled>);

/// The rules can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LintRulesError {
    /// The file isn't the TOML that is expected.
    #[error("the rules of writing: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A rule is missing or stands twice.
    #[error("the rules of writing: {0} is missing or stands twice")]
    Rule(Rule),
    /// A pattern isn't a regular expression, or a list is missing.
    #[error("the rules of writing, {place}: {reason}")]
    Pattern {
        /// Which list.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
}

pub(super) struct Compiled {
    edition: String,
    settings: BTreeMap<Rule, Setting>,
    pub(super) measures: Measures,
    pub(super) patterns: Patterns,
    pub(super) letters: Letters,
    pub(super) known: Vec<(Topic, Regex)>,
    pub(super) phrases: Vec<Phrase>,
}

/// For whom a rule holds, how strongly, and why.
struct Setting {
    source: String,
    weight: Weight,
    /// At most so much, for each reader for whom the rule holds; 0 for a rule that doesn't count.
    limits: BTreeMap<Reader, usize>,
}

/// Sizes that belong to no single rule, in letters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measures {
    /// A shorter text has no share of kanji worth speaking of.
    pub(super) share_from: usize,
    /// So much may stand beside a telephone number in a message of its own (whose number it is).
    pub(super) label: usize,
    /// A reason within the sentence of the request may be so long.
    pub(super) reason: usize,
}

/// Letters and words that are let pass.
pub(super) struct Letters {
    pub(super) easy_kanji: BTreeSet<char>,
    pub(super) kanji_words: Regex,
    pub(super) katakana_words: BTreeSet<String>,
    pub(super) latin_words: BTreeSet<String>,
}

/// Expressions that break a rule.
pub(super) struct Phrase {
    pub(super) rule: Rule,
    pub(super) find: Regex,
    /// What could stand there; `$1` is a group of the pattern, `{by}` a date.
    pub(super) put: Option<String>,
    /// Look-alikes: a find that lies within one is none.
    pub(super) unless: Option<Regex>,
    /// Only where something is asked for.
    pub(super) asking: bool,
    /// One is too many, whatever the rule's limit.
    pub(super) alone: bool,
    /// For whom, where it is fewer than the rule says.
    pub(super) readers: Option<BTreeSet<Reader>>,
}

macro_rules! patterns {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident,)+ }) => {
        $(#[$doc])*
        pub(super) struct $name { $($(#[$fdoc])* pub(super) $field: Regex,)+ }

        impl $name {
            fn compile(lists: &BTreeMap<String, Vec<String>>) -> Result<Self, LintRulesError> {
                let list = |key: &str| {
                    let place = format!("sentences.{key}");
                    let patterns = lists.get(key).ok_or_else(|| wrong(&place, "is missing"))?;
                    compile(&place, patterns)
                };
                Ok(Self { $($field: list(stringify!($field))?,)+ })
            }
        }
    };
}

patterns! {
    /// What a sentence does; each list is explained in the file.
    Patterns {
        courtesy, asks, not_asks, wants_words, requests, not_requests, conditions, no_answer_needed, no_answer,
        open, not_open, reason, reason_inside, therefore, confirm, not_confirm, place, correction,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: String,
    measures: Measures,
    sentences: BTreeMap<String, Vec<String>>,
    letters: LettersEntry,
    known: BTreeMap<Topic, Vec<String>>,
    rule: Vec<RuleEntry>,
    phrase: Vec<PhraseEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LettersEntry {
    easy_kanji: Vec<String>,
    kanji_words: Vec<String>,
    katakana_words: BTreeSet<String>,
    latin_words: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    rule: Rule,
    source: String,
    weight: Weight,
    #[serde(default, rename = "for")]
    readers: Vec<Reader>,
    #[serde(default)]
    limit: BTreeMap<Reader, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseEntry {
    rule: Rule,
    find: Vec<String>,
    #[serde(default)]
    put: Option<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    asking: bool,
    #[serde(default)]
    alone: bool,
    #[serde(default, rename = "for")]
    readers: Option<BTreeSet<Reader>>,
}

impl LintRules {
    /// The rules in the binary, compiled on first use.
    pub fn embedded() -> Self {
        static BUILT_IN: LazyLock<LintRules> =
            LazyLock::new(|| LintRules::parse(EMBEDDED).expect("a test compiles the embedded rules"));
        BUILT_IN.clone()
    }

    /// Reads and compiles rules; the error names the list that is wrong. Every rule has to be there: one is switched off by `for = []`.
    pub fn parse(text: &str) -> Result<Self, LintRulesError> {
        let file: File = toml::from_str(text)?;
        let mut settings = BTreeMap::new();
        for entry in file.rule {
            let limits = entry.readers.into_iter().map(|reader| (reader, 0)).chain(entry.limit).collect();
            let setting = Setting { source: entry.source, weight: entry.weight, limits };
            if settings.insert(entry.rule, setting).is_some() {
                return Err(LintRulesError::Rule(entry.rule));
            }
        }
        if let Some(missing) = Rule::ALL.iter().find(|rule| !settings.contains_key(rule)) {
            return Err(LintRulesError::Rule(*missing));
        }
        let known = file.known.iter().map(|(topic, patterns)| Ok((*topic, compile(topic.as_str(), patterns)?)));
        Ok(Self(Arc::new(Compiled {
            edition: file.edition,
            settings,
            measures: file.measures,
            patterns: Patterns::compile(&file.sentences)?,
            letters: Letters::compile(file.letters)?,
            known: known.collect::<Result<_, LintRulesError>>()?,
            phrases: file.phrase.into_iter().enumerate().map(Phrase::compile).collect::<Result<_, _>>()?,
        })))
    }

    /// The day on which the rules were last looked over, as `YYYY-MM-DD`.
    pub fn edition(&self) -> &str {
        &self.0.edition
    }

    /// Who asks for the rule, in words of the file.
    pub fn source(&self, rule: Rule) -> &str {
        self.0.settings.get(&rule).map_or("", |setting| &setting.source)
    }

    /// At most so much for this reader; `None` where the rule doesn't hold for them.
    pub fn limit(&self, rule: Rule, reader: Reader) -> Option<usize> {
        self.0.settings.get(&rule)?.limits.get(&reader).copied()
    }

    pub(super) fn get(&self) -> &Compiled {
        &self.0
    }

    /// How strongly the rule is meant.
    pub fn weight(&self, rule: Rule) -> Weight {
        self.0.settings.get(&rule).map_or(Weight::Info, |setting| setting.weight)
    }
}

impl Letters {
    fn compile(entry: LettersEntry) -> Result<Self, LintRulesError> {
        Ok(Self {
            easy_kanji: entry.easy_kanji.iter().flat_map(|grade| grade.chars()).collect(),
            kanji_words: compile("letters.kanji_words", &entry.kanji_words)?,
            katakana_words: entry.katakana_words,
            latin_words: entry.latin_words,
        })
    }
}

impl Phrase {
    fn compile((index, entry): (usize, PhraseEntry)) -> Result<Self, LintRulesError> {
        let place = format!("phrase {} ({})", index + 1, entry.rule);
        let rest = MARKS.iter().fold(entry.put.clone().unwrap_or_default(), |put, mark| put.replace(mark, ""));
        if rest.contains(['{', '}']) {
            return Err(wrong(&place, "proposes a day that isn't known"));
        }
        let unless = if entry.unless.is_empty() { None } else { Some(compile(&place, &entry.unless)?) };
        Ok(Self {
            rule: entry.rule,
            find: compile(&place, &entry.find)?,
            put: entry.put,
            unless,
            asking: entry.asking,
            alone: entry.alone,
            readers: entry.readers,
        })
    }
}

impl std::fmt::Debug for LintRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LintRules").field(&self.0.edition).finish()
    }
}

fn compile(place: &str, patterns: &[String]) -> Result<Regex, LintRulesError> {
    let name = format!("[{}]", NAME.iter().collect::<String>());
    let all = patterns.iter().map(|pattern| pattern.replace("<name>", &name)).collect::<Vec<_>>();
    // Nothing listed finds nothing.
    let all = if all.is_empty() { r"[^\s\S]".to_owned() } else { all.join("|") };
    Regex::new(&all).map_err(|error| wrong(place, &error.to_string()))
}

fn wrong(place: &str, reason: &str) -> LintRulesError {
    LintRulesError::Pattern { place: place.to_owned(), reason: reason.to_owned() }
}
