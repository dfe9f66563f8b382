//! Lengths and shapes, checked before anything leaves: a form shows these, and `send` refuses by them.
//!
//! The published schemas leave most limits out (an empty LINE text passes LINE's own `OpenAPI`), so these are stricter.

use bansou_core::lint::utf16_units;
use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation;

use crate::{Outcome, RefusedClass};

/// What is wrong with a message, and where. The text is in plain words without any of the message in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{part}: {kind}")]
pub struct Problem {
    /// The part of the message.
    pub part: Part,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// A part of an outgoing message. Choices are counted from 0, and shown from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Part {
    /// The recipient's address.
    #[error("address")]
    Address,
    /// The text of the message.
    #[error("text")]
    Text,
    /// The subject of a mail.
    #[error("subject")]
    Subject,
    /// All choices together.
    #[error("choices")]
    Choices,
    /// The words on one choice's button.
    #[error("choice {}: label", .0 + 1)]
    Label(usize),
    /// The data one choice sends back.
    #[error("choice {}: data", .0 + 1)]
    Data(usize),
    /// The words one choice shows in the chat when tapped.
    #[error("choice {}: display text", .0 + 1)]
    Display(usize),
    /// The address to which the provider reports.
    #[error("status callback")]
    StatusCallback,
    /// How long the provider may hold the message.
    #[error("validity")]
    Validity,
}

/// What is wrong with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProblemKind {
    /// Nothing in it, or white space only.
    #[error("is empty")]
    Empty,
    /// Longer than the channel takes; `unit` says how it is counted.
    #[error("is too long: {actual} of {limit} {unit}")]
    TooLong {
        /// The channel's limit.
        limit: usize,
        /// The length found.
        actual: usize,
        /// How the channel counts.
        unit: &'static str,
    },
    /// More than the channel takes.
    #[error("are too many: {actual} of {limit}")]
    TooMany {
        /// The channel's limit.
        limit: usize,
        /// The number found.
        actual: usize,
    },
    /// Not of the shape the channel needs.
    #[error("is not valid here")]
    Malformed,
}

/// Length in grapheme clusters, as LINE counts labels.
pub(crate) fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Notes a problem if the text is blank or longer than `limit` by `count`.
pub(crate) fn length(
    problems: &mut Vec<Problem>,
    part: Part,
    text: &str,
    limit: usize,
    (count, unit): (fn(&str) -> usize, &'static str),
) {
    if text.trim().is_empty() {
        problems.push(Problem { part, kind: ProblemKind::Empty });
    }
    let actual = count(text);
    if actual > limit {
        problems.push(Problem { part, kind: ProblemKind::TooLong { limit, actual, unit } });
    }
}

/// The outcome of a message that our own check stops.
pub(crate) fn refused(problems: &[Problem]) -> Outcome {
    let class = match problems.first() {
        Some(Problem { part: Part::Address, .. }) => RefusedClass::AddressInvalid,
        Some(Problem { kind: ProblemKind::TooLong { .. }, .. }) => RefusedClass::TooLong,
        _ => RefusedClass::BadRequest,
    };
    Outcome::refused(class, "checked_here")
}

/// Counting as LINE texts and SMS do.
pub(crate) const UTF16: (fn(&str) -> usize, &str) = (utf16_units, "UTF-16 units");

/// Counting as LINE labels do.
pub(crate) const GRAPHEMES: (fn(&str) -> usize, &str) = (graphemes, "characters");
