//! The content of a message: a picture or a voice that somebody sent.
//!
//! LINE's answers as a table (developers.line.biz, Messaging API reference: get content):
//!
//! | status | meaning | content |
//! |---|---|---|
//! | 200 | the bytes | here, or too large |
//! | 202 | a voice is still being made ready | not yet |
//! | 404, 410 | no such message; deleted after a while, or taken back | gone |
//! | anything else, no answer | a wrong token, a rate, a fault | try later |

use std::fmt;

use super::{LineChannel, path_segment};
use crate::http;

/// No more is read of one content. LINE's apps make photos smaller than 2 MB before they send them, and an original of a
/// phone's camera stays below 10; a voice takes half a megabyte a minute. What is larger would fill the office's disk and backups.
pub const CONTENT_LIMIT: usize = 10_000_000;

/// Content may take so many times longer than a call that brings a few words.
const PATIENCE: u32 = 3;

/// What came of asking for a message's content.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// Here it is. Nothing has looked at what it is.
    Bytes(Vec<u8>),
    /// The provider is still making it ready.
    NotYet,
    /// The provider doesn't have it, and never will again.
    Gone,
    /// More than [`CONTENT_LIMIT`].
    TooLarge,
    /// No usable answer, with the code that a send with the same answer would have had.
    TryLater {
        /// Code for the log, e.g. `line_500` or `timeout`.
        code: String,
    },
}

impl LineChannel {
    /// Asks for what came with a message. It is read up to [`CONTENT_LIMIT`], never further, whatever the answer says of its length.
    pub async fn content(&self, message_id: &str) -> Content {
        let id = path_segment(message_id);
        if id.is_empty() {
            return Content::Gone;
        }
        let url = format!("{}/v2/bot/message/{id}/content", self.content_base_url);
        let request = self.client.get(url).bearer_auth(self.settings.channel_access_token.expose());
        let request = request.timeout(self.settings.timeouts.total * PATIENCE);
        let answer = match http::call_within(request, CONTENT_LIMIT).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Content::TooLarge,
            Err(outcome) => return Content::TryLater { code: http::call_failed(outcome).code },
        };
        match answer.status.as_u16() {
            200 => Content::Bytes(answer.body),
            202 => Content::NotYet,
            404 | 410 => Content::Gone,
            status => Content::TryLater { code: format!("line_{status}") },
        }
    }
}

impl Content {
    /// One word for logs and metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Bytes(_) => "here",
            Self::NotYet => "not_yet",
            Self::Gone => "gone",
            Self::TooLarge => "too_large",
            Self::TryLater { .. } => "try_later",
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
