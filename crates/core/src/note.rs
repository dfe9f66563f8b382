//! Note: what staff write down, in lanes that keep fact and interpretation apart (S2.6).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes;

codes! {
    /// The way of contact. It is recorded because duties count some ways and not others (domain.md section 3).
    ContactMode {
        /// 対面
        InPerson = "in_person",
        /// 企業訪問
        Visit = "visit",
        /// 電話
        Phone = "phone",
        /// ビデオ通話
        Video = "video",
        /// LINEの文字
        Line = "line",
        /// SMS
        Sms = "sms",
        /// メール
        Email = "email",
        /// No contact; written for the record.
        None = "none",
    }
}

codes! {
    /// Why a note was put right; the old words stay beside the new ones.
    CorrectionWhy {
        /// A slip of the pen, or the wrong field.
        Slip = "slip",
        /// Something was learned since.
        Learned = "learned",
        /// The person said that it was otherwise.
        PersonSaid = "person_said",
        /// What is a fact and what is a thought stood mixed (S2.6).
        Sorted = "sorted",
    }
}

/// When the next step of a note is to be done (S2.7). A next step without one is asked for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextDay {
    /// The day, in the office's zone.
    pub on: NaiveDate,
    /// On that day the deadline itself is set: a date for the date.
    pub sets_date: bool,
}

impl From<crate::delivery::ChannelKind> for ContactMode {
    fn from(channel: crate::delivery::ChannelKind) -> Self {
        use crate::delivery::ChannelKind;
        match channel {
            ChannelKind::Line => Self::Line,
            ChannelKind::Sms => Self::Sms,
            ChannelKind::Email => Self::Email,
        }
    }
}

impl ContactMode {
    /// Whether both sides spoke: that answers what the person had written before (S2.2), and the person has nothing in writing yet
    /// (S2.14).
    pub fn is_spoken(self) -> bool {
        matches!(self, Self::InPerson | Self::Phone | Self::Video)
    }

    /// Whether it was a contact with the person, for the was-in-touch rule.
    pub fn is_contact(self) -> bool {
        !matches!(self, Self::None | Self::Visit)
    }
}

/// The lanes of a note; stored encrypted. There is no way from here to a sender: an employer never sees a note.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lanes {
    /// 本人の言葉 (S)
    #[serde(default)]
    pub said: String,
    /// 見たこと・数字 (O)
    #[serde(default)]
    pub observed: String,
    /// 考えたこと（事実ではない） (A)
    #[serde(default)]
    pub interpretation: String,
    /// したこと (I)
    #[serde(default)]
    pub done: String,
    /// 次にすること (P)
    #[serde(default)]
    pub next: String,
}

/// Longest text of one lane, in characters.
pub const LANE_MAX: usize = 4_000;

/// Why a note can't be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Neither the person's words nor an observation.
    #[error("a note needs the person's words or something seen")]
    Empty,
    /// A lane is too long.
    #[error("a lane is longer than {LANE_MAX} characters")]
    TooLong,
}

impl Lanes {
    /// One of S or O is enough (ux.md A1); the others are optional.
    pub fn check(&self) -> Result<(), NoteError> {
        if self.all().into_iter().any(|lane| lane.chars().count() > LANE_MAX) {
            return Err(NoteError::TooLong);
        }
        if self.said.trim().is_empty() && self.observed.trim().is_empty() {
            return Err(NoteError::Empty);
        }
        Ok(())
    }

    /// Every lane, one line each, for whoever looks for words.
    pub fn text(&self) -> String {
        self.all().join("\u{1}")
    }

    fn all(&self) -> [&str; 5] {
        [&self.said, &self.observed, &self.interpretation, &self.done, &self.next]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_said_or_seen_is_enough_and_an_interpretation_alone_is_not() {
        assert_eq!(Lanes { observed: "遅刻1回".into(), ..Lanes::default() }.check(), Ok(()));
        assert_eq!(
            Lanes { interpretation: "疲れているのかも".into(), ..Lanes::default() }.check(),
            Err(NoteError::Empty)
        );
    }
}
