//! The sentences of a message and what each does: greet, ask, request, tell.

use std::ops::Range;

use super::fold::{Folded, NAME, is_covered};
use super::rules::{LintRules, Patterns};

/// A message cut into sentences.
pub(super) struct Text {
    pub(super) folded: Folded,
    /// Sentences that hold at least one letter, in order.
    pub(super) sentences: Vec<Sentence>,
    /// Answers offered beside the text or in it.
    pub(super) choices: Vec<String>,
    /// 【返事はいりません】 or the like stands in it.
    pub(super) says_no_answer: bool,
}

/// One sentence; the range is of the folded text, with its end mark.
pub(super) struct Sentence {
    pub(super) range: Range<usize>,
    /// Letters and digits, without marks and spaces.
    pub(super) letters: usize,
    pub(super) act: Act,
}

/// What a sentence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Greets, thanks, or says who writes.
    Courtesy,
    /// Asks a question.
    Asks,
    /// Asks to be told something (教えてください).
    WantsWords,
    /// Asks for something to be done, whatever happens.
    Requests,
    /// Asks not to do something (むりをしないでください): that is relief, not work.
    Spares,
    /// Says what can be done if something is so (変えたいときは、ボタンをおしてください).
    Offers,
    /// Anything else.
    Tells,
}

impl Sentence {
    /// Whether words are looked for.
    pub(super) fn is_question(&self) -> bool {
        matches!(self.act, Act::Asks | Act::WantsWords)
    }

    /// Whether words or an act are looked for.
    pub(super) fn wants_something(&self) -> bool {
        !matches!(self.act, Act::Courtesy | Act::Spares | Act::Tells)
    }

    /// Whether it says what the reader should or shouldn't do or say.
    pub(super) fn speaks_to_the_reader(&self) -> bool {
        self.wants_something() || self.act == Act::Spares
    }
}

impl Text {
    pub(super) fn new(text: &str, choices: &[&str], names: &[&str], rules: &LintRules) -> Self {
        let folded = Folded::new(text, names);
        let choices = choices.iter().map(|label| (*label).to_owned()).chain(folded.choices.clone()).collect();
        let sentences = ranges(&folded.words).into_iter().filter_map(|range| sentence(&folded, range, rules)).collect();
        let says_no_answer = rules.get().patterns.no_answer_needed.is_match(&folded.text);
        Self { folded, sentences, choices, says_no_answer }
    }

    /// The sentence that holds this place of the folded text.
    pub(super) fn sentence_at(&self, at: usize) -> Option<usize> {
        let index = self.sentences.partition_point(|sentence| sentence.range.end <= at);
        self.sentences.get(index).filter(|sentence| sentence.range.start <= at).map(|_| index)
    }

    /// The words of a sentence, without quotations and names.
    pub(super) fn words_of(&self, sentence: &Sentence) -> &str {
        &self.folded.words[sentence.range.clone()]
    }

    /// Letters of all sentences, greetings too.
    pub(super) fn letters(&self) -> usize {
        self.sentences.iter().map(|sentence| sentence.letters).sum()
    }

    /// From the first sentence to the end of the last one.
    pub(super) fn whole(&self) -> Range<usize> {
        let first = self.sentences.first().map_or(0, |sentence| sentence.range.start);
        let last = self.sentences.last().map_or(first, |sentence| sentence.range.end);
        first..last
    }
}

/// Cuts behind 。！？ and at line breaks.
fn ranges(words: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in words.char_indices() {
        let ends = matches!(c, '。' | '！' | '？');
        if c == '\n' || (ended && !ends && !matches!(c, '」' | '』' | '）')) {
            ranges.push(start..at);
            start = if c == '\n' { at + 1 } else { at };
            ended = false;
        }
        ended |= ends;
    }
    ranges.push(start..words.len());
    ranges
}

fn sentence(folded: &Folded, range: Range<usize>, rules: &LintRules) -> Option<Sentence> {
    let view = &folded.plain[range.clone()];
    let kept = view.trim_start_matches(|c: char| is_covered(c) && !NAME.contains(&c));
    let start = range.end - kept.len();
    let end = start + kept.trim_end_matches(|c: char| is_covered(c) && !NAME.contains(&c)).len();
    let letters = folded.plain[start..end].chars().filter(|c| c.is_alphanumeric() || NAME.contains(c)).count();
    if letters == 0 {
        return None;
    }
    let words = folded.words[start..end].trim_end_matches(|c: char| !c.is_alphanumeric() && !"。？！".contains(c));
    Some(Sentence { range: start..end, letters, act: act(words, &rules.get().patterns) })
}

fn act(words: &str, patterns: &Patterns) -> Act {
    let asks = patterns.asks.is_match(words) && !patterns.not_asks.is_match(words);
    let wants_words = patterns.wants_words.is_match(words);
    if patterns.courtesy.is_match(words) && !asks {
        return Act::Courtesy;
    }
    if !wants_words && !patterns.requests.is_match(words) {
        return if asks { Act::Asks } else { Act::Tells };
    }
    if patterns.conditions.is_match(words) {
        return Act::Offers;
    }
    if wants_words {
        return Act::WantsWords;
    }
    if patterns.not_requests.is_match(words) { Act::Spares } else { Act::Requests }
}
