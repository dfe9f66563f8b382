//! A form on its way back to the reader: what was typed, and what is wrong with it.
//!
//! The type parameter is the raw form, all strings, as the browser sent it. Secrets (passwords) are kept out by
//! `#[serde(skip_serializing)]` on their fields. Nothing here has Debug output: it holds what people wrote. The words of the errors live in the catalogues (`error-…`).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::Serialize;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldError {
    /// Nothing was entered or chosen.
    Required,
    /// Longer than the channel or the record takes.
    TooLong {
        /// Most characters that fit.
        max: usize,
        /// Characters that were entered.
        now: usize,
    },
    /// Not a date of the calendar.
    NotADate,
    /// The date must lie ahead.
    NotInFuture,
    /// The day or the time is over already.
    Passed,
    /// The office has closed by then.
    AfterClosing,
    /// The date must not lie more than a year ahead.
    TooFar,
    /// The date must not lie ahead.
    InFuture,
    /// A blank of an example was not filled in.
    BlankLeft,
    /// The sentence doesn't end as a question.
    NotAQuestion,
    /// The end lies before the start.
    EndBeforeStart,
    /// Not a time of day.
    NotATime,
    /// Not the opening periods of a day.
    NotHours,
    /// Not a whole number within these bounds.
    NotANumber {
        /// The smallest that is taken.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// The steps have to rise from one to the next.
    NotRising,
    /// Not a Japanese phone number.
    NotAPhone,
    /// Not a telephone number in Japan that is somebody's own.
    NotTheirPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// Somebody else has it already.
    Taken,
    /// Not among the choices.
    NotAChoice,
    /// A next step is written without a day (S2.7).
    NextDayMissing,
    /// Outside the hours at which the person may be called.
    OutsideCallHours,
    /// One of two or more fields is needed (a note needs 本人の言葉 or 見たこと).
    OneOfThese,
    /// E-mail address and password do not fit together. Says nothing about which of them is wrong.
    NoSuchLogin,
    /// Fewer characters than a password needs.
    TooShort {
        /// Fewest characters.
        min: usize,
    },
    /// Not the same as the field above.
    NotTheSame,
    /// Chosen in another field already: nobody stands in for themself.
    SamePerson,
    /// Leave that overlaps other leave of the same person.
    Overlaps,
    /// A stand-in who is away in that time.
    StandinAway,
    /// A stand-in who doesn't work in some of that time; sent again it is meant.
    StandinOff,
    /// Leave of more than a year.
    LeaveTooLong,
    /// Not the present password.
    WrongPassword,
    /// Too many attempts; wait.
    TryLater {
        /// Minutes to wait.
        minutes: u32,
    },
    /// No job from before is on record that this one could have followed.
    NoEarlierJob,
    /// What the rules of a roster's row say; the same sentence as an import's.
    Roster {
        /// Key of the sentence.
        words: &'static str,
    },
    /// A moment at which the person may not be written to.
    OutsideHours,
    /// Somebody else did something in between; look first, then send again.
    ChangedMeanwhile,
    /// The planned question that was to be asked within the words is on its way already, or was let go.
    QuestionGone,
    /// A mark in braces into which nothing is filled.
    UnknownMark {
        /// The mark.
        words: String,
    },
    /// A mark without which the words don't say what they are sent for.
    MissingMark {
        /// The mark.
        words: String,
    },
    /// A question that is planned for today stands in words for another day.
    QuestionOfToday,
    /// Somebody else has changed the same field since the form was opened.
    ChangedTo {
        /// What is on record now, where that can be said in words.
        words: String,
    },
    /// Somebody else corrected the same note in between.
    CorrectedMeanwhile,
    /// The note that these words put in writing was corrected in between; look whether they hold, then send.
    NoteMeanwhile,
    /// Somebody else wrote the same card in between.
    CardMeanwhile,
}

/// So far ahead may a day lie that somebody enters: one beyond is a slip of the finger, and what hangs on it would be out of sight.
pub const FARTHEST: TimeDelta = TimeDelta::days(366);

/// The raw form with its errors by field name.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct FormState<F> {
    /// What was typed, or what the form starts with.
    pub typed: F,
    /// At most one error per field, in the order of the fields' names in the page's summary.
    pub errors: BTreeMap<&'static str, FieldError>,
}

impl<F> FormState<F> {
    /// A form nobody has sent yet.
    pub fn new(typed: F) -> Self {
        Self { typed, errors: BTreeMap::new() }
    }

    /// Adds an error; the first one for a field stays.
    #[must_use]
    pub fn with_error(mut self, field: &'static str, error: FieldError) -> Self {
        self.errors.entry(field).or_insert(error);
        self
    }

    /// Whether nothing is wrong.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }
}
