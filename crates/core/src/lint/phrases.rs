//! Expressions from the lists of `config/lint.toml`, and the reader's own words.

use std::collections::BTreeMap;
use std::ops::Range;

use regex::{Captures, Regex};

use super::dates::Days;
use super::rules::Phrase;
use super::{Look, Rule};

/// Another word than theirs, with theirs as the proposal (S2.0b). Their own words are easy for them, so no other rule minds them.
pub(super) fn their_words(look: &mut Look<'_>) {
    let words = &look.text.folded.words;
    let theirs: Vec<Range<usize>> = look
        .to
        .words
        .iter()
        .filter(|word| !word.theirs.is_empty())
        .flat_map(|word| words.match_indices(word.theirs).map(|(at, found)| at..at + found.len()))
        .collect();
    for range in &theirs {
        look.take(range);
    }
    if !look.holds(Rule::TheirWord) {
        return;
    }
    let pairs = look.to.words.iter().flat_map(|word| word.others.iter().map(|other| (*other, word.theirs)));
    let mut pairs: Vec<(&str, &str)> = pairs.filter(|(other, theirs)| !other.is_empty() && other != theirs).collect();
    // 人事部 before 人事, which is a part of it.
    pairs.sort_by_key(|(other, _)| std::cmp::Reverse(other.len()));
    for (other, theirs) in pairs {
        for (at, found) in words.match_indices(other) {
            let range = at..at + found.len();
            if !look.is_taken(&range) && !goes_on(found, &words[range.end..]) {
                look.remark(Rule::TheirWord, &range).proposing(theirs);
                look.take(&range);
            }
        }
    }
}

/// Whether the word is only the beginning of a longer one, such as 人事 of 人事異動: another one would make nonsense of it.
fn goes_on(word: &str, rest: &str) -> bool {
    let Some(next) = rest.chars().next() else { return false };
    let is_kanji = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '々');
    let is_katakana = |c: char| matches!(c, '\u{30A1}'..='\u{30FA}' | 'ー');
    is_kanji(next) || (is_katakana(next) && word.ends_with(is_katakana))
}

/// What the lists find, each expression once: an earlier list goes before a later one.
pub(super) fn look(look: &mut Look<'_>) {
    let days = Days::around(look.draft, look.to.reader);
    // How often a rule was met in a sentence: some mind only the second time.
    let mut met: BTreeMap<(Rule, Option<usize>), usize> = BTreeMap::new();
    for phrase in &look.rules.get().phrases {
        let Some(limit) = look.limit(phrase.rule) else { continue };
        // With answers to choose from nobody is led to a yes.
        if phrase.rule == Rule::YesNoState && !look.text.choices.is_empty() {
            continue;
        }
        if phrase.readers.as_ref().is_some_and(|readers| !readers.contains(&look.to.reader)) {
            continue;
        }
        for (range, put) in finds(phrase, &look.text.folded.words, &days) {
            let sentence = look.text.sentence_at(range.start);
            let asked = sentence.is_some_and(|index| look.text.sentences[index].speaks_to_the_reader());
            if look.is_taken(&range) || (phrase.asking && !asked) {
                continue;
            }
            let times = met.entry((phrase.rule, sentence)).or_default();
            *times += 1;
            if *times <= limit && !phrase.alone {
                continue;
            }
            look.take(&range);
            let remark = look.remark(phrase.rule, &range);
            if let Some(put) = put {
                remark.proposing(put);
            }
        }
    }
}

fn finds(phrase: &Phrase, words: &str, days: &Days) -> Vec<(Range<usize>, Option<String>)> {
    let mut spared = phrase.unless.as_ref().map(|unless| Spared::new(unless, words));
    let mut finds = Vec::new();
    for found in phrase.find.captures_iter(words) {
        let Some(hit) = found.get(0).filter(|hit| !hit.is_empty()) else { continue };
        if spared.as_mut().is_some_and(|spared| spared.covers(&hit.range())) {
            continue;
        }
        let put = phrase.put.as_deref().and_then(|put| replacement(put, &found, days));
        finds.push((hit.range(), put));
    }
    finds
}

/// Places of look-alikes, walked through once.
struct Spared {
    places: Vec<Range<usize>>,
    next: usize,
}

impl Spared {
    fn new(unless: &Regex, words: &str) -> Self {
        Self { places: unless.find_iter(words).map(|hit| hit.range()).collect(), next: 0 }
    }

    /// Whether the range lies within a look-alike; ranges come in order.
    fn covers(&mut self, range: &Range<usize>) -> bool {
        while self.places.get(self.next).is_some_and(|place| place.end <= range.start) {
            self.next += 1;
        }
        self.places.get(self.next).is_some_and(|place| place.start <= range.start && range.end <= place.end)
    }
}

/// The replacement with its groups and days filled in; `None` where a day isn't known.
fn replacement(put: &str, found: &Captures<'_>, days: &Days) -> Option<String> {
    let mut text = String::new();
    found.expand(put, &mut text);
    days.fill_in(&text)
}
