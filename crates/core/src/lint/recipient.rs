//! Whom a message is for and what is known around it: everything that decides whether a rule holds.

use chrono::NaiveDate;

use super::remark::Topic;
use crate::delivery::ChannelKind;
use crate::graduate::Language;

crate::codes! {
    /// Who reads the message.
    Reader {
        /// A graduate whose messages are written ふつう.
        Plain = "plain",
        /// A graduate whose messages are written in やさしい日本語.
        Easy = "easy",
        /// A graduate whose messages are written in やさしい日本語 with readings.
        Furigana = "furigana",
        /// A contact at an employer.
        Employer = "employer",
        /// A colleague in the office or at a partner.
        Colleague = "colleague",
    }
}

impl Reader {
    /// Whether a graduate reads it.
    pub const fn is_graduate(self) -> bool {
        matches!(self, Self::Plain | Self::Easy | Self::Furigana)
    }
}

impl From<Language> for Reader {
    fn from(language: Language) -> Self {
        match language {
            Language::Plain => Self::Plain,
            Language::Easy => Self::Easy,
            Language::Furigana => Self::Furigana,
        }
    }
}

/// Whom the message is for.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    /// Who reads it.
    pub reader: Reader,
    /// Proper names that may stand in it: people, the office, the company. They are never reworded nor counted (ux.md C6).
    pub names: &'a [Name<'a>],
    /// Their own words (S2.0b).
    pub words: &'a [OwnWord<'a>],
    /// What the record already answers (S2.3).
    pub known: &'a [Topic],
    /// Whether they were asked something today already (S2.3).
    pub asked_today: bool,
}

impl Recipient<'_> {
    /// Somebody of whom nothing is known but how they read.
    pub const fn new(reader: Reader) -> Self {
        Self { reader, names: &[], words: &[], known: &[], asked_today: false }
    }
}

/// A proper name.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    /// As it is written.
    pub written: &'a str,
    /// Its reading; `None` where nobody has noted it.
    pub reading: Option<&'a str>,
}

/// A word of the reader's own and what others call the same thing (S2.0b).
#[derive(Clone, Copy)]
pub struct OwnWord<'a> {
    /// What they say: 採用担当.
    pub theirs: &'a str,
    /// What they don't say: 人事.
    pub others: &'a [&'a str],
}

/// The message before it goes out.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// The text as it was typed.
    pub text: &'a str,
    /// The answers offered beside it, as they stand on the buttons; ［A／B］ and numbered answers in the text are seen by themselves.
    pub choices: &'a [&'a str],
    /// Which way it goes; `None` while that is open.
    pub channel: Option<ChannelKind>,
    /// The day on which it is written, in the office's zone: dates are weighed from there.
    pub today: NaiveDate,
    /// The day that is proposed where the text says "soon"; the caller knows the calendar.
    pub by: Option<NaiveDate>,
}

impl<'a> Draft<'a> {
    /// A text without answers, whose channel isn't decided.
    pub const fn new(text: &'a str, today: NaiveDate) -> Self {
        Self { text, choices: &[], channel: None, today, by: None }
    }
}
