//! Looks at a message before it goes out: points at words, names the rule, proposes other words. It never blocks and never
//! rewrites by itself (ux.md A8): what a person doesn't take stays as it was typed.
//!
//! Which rules there are, for whom and why: [`Rule`] and `config/lint.toml`. Rules read a folded text; a remark points at the
//! bytes that were typed. Whatever depends on the day or on the person comes in with [`Draft`] and [`Recipient`].

mod asking;
mod dates;
mod fold;
mod length;
mod letters;
mod merge;
mod phrases;
mod places;
mod recipient;
mod remark;
mod rules;
mod text;
mod whole;

pub use dates::day_written;
pub use length::{LINE_UNITS, SMS_UNITS, SmsLength, sms_length, utf16_units};
pub use merge::{one_message, question_of};
pub use recipient::{Draft, Name, OwnWord, Reader, Recipient};
pub use remark::{Count, Proposal, Remark, Rule, Topic, Weight};
pub use rules::{LintRules, LintRulesError};

use std::ops::Range;

use text::Text;

/// Every remark on a draft, in the order of the words they are about; nothing for an empty text.
pub fn lint(draft: &Draft<'_>, to: &Recipient<'_>, rules: &LintRules) -> Vec<Remark> {
    let names: Vec<&str> = to.names.iter().map(|name| name.written).collect();
    let text = Text::new(draft.text, draft.choices, &names, rules);
    let mut look =
        Look { draft, to, rules, taken: vec![false; text.folded.text.len()], text: &text, found: Vec::new() };
    // Particular words first: letters within them are not told a second time.
    phrases::their_words(&mut look);
    phrases::look(&mut look);
    places::look(&mut look);
    let dates = dates::look(&mut look);
    letters::look(&mut look, &dates);
    asking::look(&mut look);
    whole::look(&mut look);
    let mut found = look.found;
    found.sort_by_key(|remark| (remark.span.start, remark.span.end, remark.rule));
    found.dedup_by_key(|remark| (remark.span.clone(), remark.rule, remark.topic));
    found
}

/// Whether a text asks its reader something.
pub fn asks(text: &str, rules: &LintRules) -> bool {
    Text::new(text, &[], &[], rules).sentences.iter().any(text::Sentence::is_question)
}

/// One look at one draft.
struct Look<'a> {
    draft: &'a Draft<'a>,
    to: &'a Recipient<'a>,
    rules: &'a LintRules,
    text: &'a Text,
    /// Bytes of the folded text that a remark is about already.
    taken: Vec<bool>,
    found: Vec<Remark>,
}

impl Look<'_> {
    /// The rule's limit for this reader, where it holds for them.
    fn limit(&self, rule: Rule) -> Option<usize> {
        self.rules.limit(rule, self.to.reader)
    }

    fn holds(&self, rule: Rule) -> bool {
        self.limit(rule).is_some()
    }

    /// A remark on a range of the folded text.
    fn remark(&mut self, rule: Rule, range: &Range<usize>) -> &mut Remark {
        let span = self.text.folded.original(range);
        self.remark_as_typed(rule, span)
    }

    /// A remark on bytes of the text as it was typed.
    fn remark_as_typed(&mut self, rule: Rule, span: Range<usize>) -> &mut Remark {
        let weight = self.rules.weight(rule);
        self.found.push(Remark { rule, weight, span, count: None, topic: None, proposal: None });
        self.found.last_mut().expect("it was pushed a line above")
    }

    fn take(&mut self, range: &Range<usize>) {
        self.taken[range.clone()].fill(true);
    }

    /// Whether all of the range is told already.
    fn is_taken(&self, range: &Range<usize>) -> bool {
        self.taken[range.clone()].iter().all(|taken| *taken)
    }
}

impl Remark {
    fn counting(&mut self, found: usize, limit: usize) {
        self.count = Some(Count { found, limit });
    }

    fn proposing(&mut self, text: impl Into<String>) {
        self.proposal = Some(Proposal::words(text));
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
