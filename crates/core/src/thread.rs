//! Thread and Message: everything said with one graduate on every channel, seen by the team (S2.15).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::codes;

codes! {
    /// Which way a message went.
    Direction {
        /// From the graduate.
        In = "in",
        /// To the graduate.
        Out = "out",
    }
}

codes! {
    /// Who wrote a message.
    Author {
        /// The graduate.
        Graduate = "graduate",
        /// A member of staff.
        Staff = "staff",
        /// The program, by a template.
        Program = "program",
    }
}

/// The content of a message; stored encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageBody {
    /// What was written, or the label of the pressed button.
    pub text: String,
    /// Offered answers (out).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// What it was besides text: sticker, image, audio, video, file, location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<String>,
}

/// Whose turn it is, from who spoke last and never from what was opened (S2.2, ux.md A1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Our answer is due since then.
    ReplyDue {
        /// When the person wrote.
        since: DateTime<Utc>,
    },
    /// We wrote last.
    TheirTurn,
    /// Contact is paused.
    Paused,
    /// Nothing is open.
    Closed,
}

/// What the state of a thread is computed from.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadFacts {
    /// Our answer is due since then.
    pub reply_due_since: Option<DateTime<Utc>>,
    /// When a person of the office last wrote.
    pub last_outbound_at: Option<DateTime<Utc>>,
    /// When the graduate last wrote.
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// Contact is paused today.
    pub paused: bool,
}

impl ThreadFacts {
    /// Whose turn it is. A reply that is due stays due through a pause: a pause stops our plan, not our answer.
    pub fn turn(&self) -> Turn {
        if let Some(since) = self.reply_due_since {
            return Turn::ReplyDue { since };
        }
        if self.paused {
            return Turn::Paused;
        }
        if self.last_outbound_at.is_some() && self.last_outbound_at > self.last_inbound_at {
            return Turn::TheirTurn;
        }
        Turn::Closed
    }
}

codes! {
    /// Why a thread needs no reply.
    NoReplyReason {
        /// It was thanks or a greeting.
        Thanks = "thanks",
        /// It was answered by phone or in person.
        AnsweredElsewhere = "answered_elsewhere",
        /// It was sent by mistake.
        Mistake = "mistake",
        /// Another reason, in a note.
        Other = "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).expect("in range")
    }

    #[test]
    fn their_last_word_keeps_the_reply_due_even_in_a_pause() {
        let facts = ThreadFacts {
            reply_due_since: Some(at(5)),
            last_inbound_at: Some(at(5)),
            paused: true,
            ..Default::default()
        };
        assert_eq!(facts.turn(), Turn::ReplyDue { since: at(5) });
    }

    #[test]
    fn after_our_word_it_is_their_turn_and_an_empty_thread_is_closed() {
        let facts =
            ThreadFacts { last_outbound_at: Some(at(6)), last_inbound_at: Some(at(5)), ..ThreadFacts::default() };
        assert_eq!(facts.turn(), Turn::TheirTurn);
        assert_eq!(ThreadFacts::default().turn(), Turn::Closed);
    }
}
