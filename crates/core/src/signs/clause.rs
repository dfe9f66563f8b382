//! Sentences and clauses of a folded text: the reach of a guard.

use std::ops::Range;

use super::fold::Folded;
use super::lexicon::Guards;

/// The most characters that a quote runs on after what was found.
const QUOTE_TAIL: usize = 16;

/// One sentence of the folded text, without its end mark.
#[derive(Debug)]
pub(super) struct Sentence<'a> {
    /// Its words.
    pub(super) text: &'a str,
    /// Where it begins in the folded text.
    pub(super) start: usize,
    /// Whether it asks somebody something.
    pub(super) question: bool,
    /// Byte offsets at which clauses end; the last is the sentence's end.
    ends: Vec<usize>,
}

/// A find in its surroundings.
#[derive(Debug)]
pub(super) struct Place<'a> {
    /// From the clause's begin to the find.
    pub(super) head: &'a str,
    /// The find itself.
    pub(super) hit: &'a str,
    /// The find and what follows in its clause.
    pub(super) from: &'a str,
    /// What follows the find in its clause.
    pub(super) tail: &'a str,
    /// What follows the clause in the sentence.
    pub(super) rest: &'a str,
    clause: Range<usize>,
    end: usize,
}

/// Cuts a folded text into its sentences.
pub(super) fn sentences<'a>(folded: &'a Folded, guards: &Guards) -> Vec<Sentence<'a>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in folded.text.char_indices().filter(|(_, c)| matches!(c, '。' | '?')) {
        found.extend(sentence(folded, start..at, mark == '?', guards));
        start = at + mark.len_utf8();
    }
    found.extend(sentence(folded, start..folded.text.len(), false, guards));
    found
}

fn sentence<'a>(folded: &'a Folded, range: Range<usize>, marked: bool, guards: &Guards) -> Option<Sentence<'a>> {
    let text = &folded.text[range.clone()];
    if text.is_empty() {
        return None;
    }
    let mut ends: Vec<usize> = guards.clause_end.find_iter(text).map(|hit| hit.end()).collect();
    let first = folded.spaces.partition_point(|at| *at <= range.start);
    let last = folded.spaces.partition_point(|at| *at < range.end);
    let spaces = folded.spaces.get(first..last).unwrap_or_default().iter().map(|at| at - range.start);
    ends.extend(wide_spaces(text, spaces));
    ends.push(text.len());
    ends.sort_unstable();
    ends.dedup();
    let question = guards.question.is_match(text) || (marked && !guards.wondering.is_match(text));
    Some(Sentence { text, start: range.start, question, ends })
}

/// A space between longer pieces separates clauses; one between letters (つ か れ た) or words (しごと つかれた) doesn't.
fn wide_spaces(text: &str, spaces: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut kept = Vec::new();
    let mut before = 0;
    for at in spaces {
        if text[before..at].chars().count() >= 6 && text[at..].chars().count() >= 4 {
            kept.push(at);
        }
        before = at;
    }
    kept
}

impl<'a> Sentence<'a> {
    /// The surroundings of a find.
    pub(super) fn place(&self, hit: Range<usize>) -> Place<'a> {
        let begin = self.ends[..self.ends.partition_point(|end| *end <= hit.start)].last().copied().unwrap_or(0);
        let after = self.ends.partition_point(|end| *end < hit.end);
        let end = self.ends.get(after).copied().unwrap_or(self.text.len());
        let text = self.text;
        let (head, from) = (&text[begin..hit.start], &text[hit.start..end]);
        let (tail, rest) = (&text[hit.end..end], &text[end..]);
        let quote_end = hit.end + tail.char_indices().nth(QUOTE_TAIL).map_or(tail.len(), |(at, _)| at);
        Place { head, hit: &text[hit], from, tail, rest, clause: begin..end, end: quote_end }
    }
}

impl Place<'_> {
    /// The clause in its sentence.
    pub(super) fn clause(&self) -> Range<usize> {
        self.clause.clone()
    }

    /// Where the quote ends, in the sentence.
    pub(super) fn quote_end(&self) -> usize {
        self.end
    }
}
