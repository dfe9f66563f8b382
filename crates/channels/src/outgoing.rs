//! One message on its way out, in the shape every channel takes.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Address;

/// One message to one address. A channel uses what it can carry: choices become quick replies on LINE and are left out
/// of SMS and mail, whose text has to name them (a typed number is accepted everywhere, S2.13).
#[derive(Clone)]
pub struct Outgoing {
    /// Where it goes.
    pub to: Address,
    /// The text, complete: it must make sense without the buttons.
    pub text: String,
    /// LINE: a second message of the same call; empty for none. Other channels leave it out.
    pub then: String,
    /// Answers to tap, in order.
    pub choices: Vec<Choice>,
    /// The derived key of this message (trust.md 0.4), the same for every attempt: LINE's retry key, and the local part of
    /// a mail's Message-ID.
    pub key: Uuid,
    /// When it is sent, UTC: the date of a mail.
    pub at: DateTime<Utc>,
    /// SMS: where the provider reports, with a token for this attempt in the URL.
    pub status_callback: Option<String>,
    /// SMS: how long the provider may hold it, so that its queue cannot deliver at night. 1 s to 10 h.
    pub valid_for: Duration,
    /// Mail: the subject.
    pub subject: Option<String>,
    /// Mail: the same words as HTML.
    pub html: Option<String>,
}

/// One answer to tap.
#[derive(Clone, PartialEq, Eq)]
pub struct Choice {
    /// Words on the button; on LINE at most 20 characters.
    pub label: String,
    /// What comes back, with the check-in's id in it; on LINE at most 300 UTF-16 units.
    pub data: String,
    /// Words shown in the chat as the person's own when they tap; the label if `None`.
    pub display: Option<String>,
}

impl Outgoing {
    /// A plain text; the other fields can be set after.
    pub fn text(to: Address, text: impl Into<String>, key: Uuid, at: DateTime<Utc>) -> Self {
        Self {
            to,
            text: text.into(),
            then: String::new(),
            choices: Vec::new(),
            key,
            at,
            status_callback: None,
            valid_for: Duration::from_hours(1),
            subject: None,
            html: None,
        }
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("key", &self.key).field("choices", &self.choices.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Choice(…)")
    }
}
