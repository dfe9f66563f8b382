//! Small signs, crisis words, opt-outs and words against staff found in a text, with their quotes.
//!
//! How it decides: (1) `fold` gives many spellings one form and remembers the original bytes. (2) `clause` cuts the
//! text into sentences and clauses. (3) Every family of `config/signs.toml` (stems, or noun + gap + predicate) is
//! looked for in each sentence. (4) `guard` drops a find that is negated, over, supposed, asked, somebody else's, told
//! by others or an idiom; words of degree move its level. (5) At most one sign per category and sentence stays; its
//! quote is the writer's own words up to the end of the clause. (6) `alarm` looks for crisis, opt-out and conduct on
//! its own: a crisis is lowered to *read soon* (past, denied) or *to be seen* (idiom, fiction), look-alikes count only
//! where they touch the find, and words that say little alone are heard side by side (`[[together]]`). A crisis
//! never vanishes; doubt means crisis. A third person's present danger is a crisis too: somebody has to be called now,
//! "a friend" is often oneself, and harm to a person with a disability has to be reported by whoever notices it.
//! The program only suggests (S5.8): people decide. A complaint or a wish for accommodation is never conduct (S5.10).

mod alarm;
mod clause;
mod fold;
mod guard;
pub mod hotlines;
mod lexicon;

use std::ops::Range;

use serde::Serialize;

pub use lexicon::{Lexicon, LexiconError};

use crate::sign::{SignCategory, SignLevel};
use clause::{Sentence, sentences};
use fold::Folded;

/// What was found in one text. It holds a person's words, so Debug shows none of them.
#[expect(clippy::struct_excessive_bools, reason = "the names are promised to users of `bansou signs classify`")]
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Classification {
    /// The signs in the order of the text.
    pub signs: Vec<FoundSign>,
    /// A human calls this person now.
    pub crisis: bool,
    /// The writer seems to want no more messages; staff ask, unless `opt_out_exact`.
    pub opt_out: bool,
    /// Words against staff.
    pub conduct: bool,
    /// The message is nothing but the word (STOP, 配信停止): honoured without asking.
    #[serde(skip)]
    pub opt_out_exact: bool,
    /// The words behind `crisis`.
    #[serde(skip)]
    pub crisis_words: Vec<String>,
    /// Words near a crisis that are past, denied or unclear: somebody reads them today. Set beside a crisis, too.
    #[serde(skip)]
    pub soon: Vec<String>,
    /// Figures of speech and fiction with words of crisis: shown to staff, no more.
    #[serde(skip)]
    pub to_be_seen: Vec<String>,
}

/// One suggested sign.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct FoundSign {
    /// What it is about.
    pub category: SignCategory,
    /// How clearly the words show it.
    pub level: SignLevel,
    /// The writer's words, a substring of the text.
    pub quote: String,
}

/// Finds signs, crisis words, opt-outs and conduct in a text. Never fails; time grows with the length of the text.
pub fn classify(text: &str, lexicon: &Lexicon) -> Classification {
    let rules = lexicon.rules();
    let folded = Folded::new(text, &rules.pictures);
    let sentences = sentences(&folded, &rules.guards);
    let mut found = alarm::look(text, &folded, &sentences, rules);
    for (index, sentence) in sentences.iter().enumerate() {
        let next = sentences.get(index + 1);
        let mut here = signs_of(text, &folded, sentence, next, rules);
        here.sort_by_key(|(at, _)| *at);
        found.signs.extend(here.into_iter().map(|(_, sign)| sign));
    }
    found
}

/// The signs of one sentence with their places, at most one per category (the clearest, then the first).
fn signs_of(
    text: &str,
    folded: &Folded,
    sentence: &Sentence<'_>,
    next: Option<&Sentence<'_>>,
    rules: &lexicon::Rules,
) -> Vec<(usize, FoundSign)> {
    let mut finds: Vec<Find> = Vec::new();
    for family in &rules.families {
        for hit in family.pattern.find_iter(sentence.text) {
            let place = sentence.place(hit.range());
            let Some(level) = guard::level(&place, sentence, next, family, &rules.guards) else { continue };
            let quote = folded.quote(text, &(sentence.start + hit.start()..sentence.start + place.quote_end()));
            if quote.is_empty() {
                continue;
            }
            let sign = FoundSign { category: family.category, level, quote: quote.to_owned() };
            let clause = place.clause();
            finds.push(Find { range: hit.range(), clause, general: family.general, mood: family.mood, sign });
        }
    }
    clearest(&finds)
}

/// A find that passed its guards.
struct Find {
    range: Range<usize>,
    clause: Range<usize>,
    general: bool,
    mood: bool,
    sign: FoundSign,
}

impl Find {
    /// Another category says the same words more exactly, or says what the mood is about.
    fn gives_way_to(&self, other: &Self) -> bool {
        let crosses = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        if other.sign.category == self.sign.category || other.sign.category == SignCategory::Positive {
            return false;
        }
        self.general && !other.general && crosses(&other.range, &self.range)
            || self.mood && !other.mood && self.clause == other.clause
    }
}

/// One find per category: the clearest, then the first.
fn clearest(finds: &[Find]) -> Vec<(usize, FoundSign)> {
    let mut kept: Vec<(usize, FoundSign)> = Vec::new();
    for find in finds {
        if finds.iter().any(|other| find.gives_way_to(other)) {
            continue;
        }
        let (at, sign) = (find.range.start, &find.sign);
        match kept.iter_mut().find(|(_, other)| other.category == sign.category) {
            Some((place, other)) if sign.level > other.level => (*place, *other) = (at, sign.clone()),
            Some(_) => {}
            None => kept.push((at, sign.clone())),
        }
    }
    kept
}

impl std::fmt::Debug for Classification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Classification")
            .field("signs", &self.signs)
            .field("crisis", &self.crisis)
            .field("opt_out", &self.opt_out)
            .field("conduct", &self.conduct)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for FoundSign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.category.as_str(), u8::from(self.level))
    }
}

#[cfg(test)]
mod measured;
#[cfg(test)]
mod tests;
