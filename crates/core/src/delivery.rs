//! Delivery: one message to one address through one provider.
//!
//! ```text
//! due → sending → accepted → delivered | failed
//!         │  └──→ due (not sent, wait)      └ also failed, cancelled, expired
//!         └─────→ unknown → accepted | due (same LINE retry key) | needs_person
//! ```

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::codes;

codes! {
    /// Where a delivery stands.
    DeliveryState {
        /// Waits for its moment or for its next try.
        Due = "due",
        /// Claimed; the provider may be being called right now.
        Sending = "sending",
        /// The provider took it. That isn't delivery: LINE also takes messages for people who blocked the account.
        Accepted = "accepted",
        /// The provider says it arrived.
        Delivered = "delivered",
        /// It was refused for good.
        Failed = "failed",
        /// Nobody knows whether the provider took it.
        Unknown = "unknown",
        /// It isn't wanted any more.
        Cancelled = "cancelled",
        /// Its window closed.
        Expired = "expired",
        /// A person has to decide.
        NeedsPerson = "needs_person",
    }
}

codes! {
    /// What a delivery is for.
    Purpose {
        /// A check-in.
        CheckIn = "check_in",
        /// A member of staff's own words.
        Reply = "reply",
        /// Thanks for a button answer, over LINE's free reply.
        Ack = "ack",
        /// Words about a stop, a pause or a bound account.
        Notice = "notice",
        /// The office's own safe text after words of crisis.
        SafeText = "safe_text",
        /// The office is closed now, and when it opens.
        OutOfHours = "out_of_hours",
        /// A request to an employer contact.
        Escalation = "escalation",
        /// A link for a member of staff to set a password.
        Password = "password",
    }
}

codes! {
    /// The way a message goes.
    ChannelKind {
        /// LINE Messaging API.
        Line = "line",
        /// SMS.
        Sms = "sms",
        /// E-mail.
        Email = "email",
    }
}

impl ChannelKind {
    /// The ways of a check-in, the first choice first: its answers are pressed or typed where the question stands.
    pub const OF_CHECK_INS: [Self; 2] = [Self::Line, Self::Sms];
}

codes! {
    /// What is wrong when a channel doesn't take a message, as far as it concerns whoever looks after the channel.
    ChannelTrouble {
        /// The month's messages are used up.
        MonthlyQuota = "monthly_quota",
        /// Our token, key or password is wrong.
        Unauthorized = "unauthorized",
        /// The account isn't set up for this.
        Configuration = "configuration",
        /// The address doesn't exist there.
        Address = "address",
        /// The person, a carrier or a filter blocks us.
        Blocked = "blocked",
        /// The person said stop to the provider.
        OptedOut = "opted_out",
        /// Longer than the channel allows.
        TooLong = "too_long",
        /// The provider has too much to do, or trouble of its own.
        Busy = "busy",
        /// No connection was made.
        NotSent = "not_sent",
        /// Nobody knows whether it left.
        Unclear = "unclear",
        /// Anything else.
        Other = "other",
    }
}

impl DeliveryState {
    /// Whether nothing more will happen by itself (a receipt may still follow *accepted*).
    pub fn is_finished(self) -> bool {
        !matches!(self, Self::Due | Self::Sending | Self::Unknown)
    }
}

/// What is sent; stored encrypted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// Subject, for e-mail only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text a person reads.
    pub text: String,
    /// LINE only: a second message of the same call, a telephone number (S2.13). Both arrive in this order, or neither does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub then: String,
    /// The same words as HTML, for e-mail only: plain elements, nothing that a reader's program would have to fetch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Answer choices as buttons (LINE); numbers in the text stand for them elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<PayloadChoice>,
    /// LINE reply token, for messages that answer an event at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_token: Option<String>,
}

/// One answer button.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadChoice {
    /// What stands on the button, at most 20 grapheme clusters for LINE.
    pub label: String,
    /// Postback data, at most 300 UTF-16 units; carries the check-in's id.
    pub data: String,
}

/// How long to wait before try number `attempts + 1`: 30 s, 1, 2, 4 … minutes, at most 30 minutes.
pub fn retry_delay(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
    Duration::seconds((30 * 2_i64.pow(doublings)).min(1800))
}

/// Until when the same LINE retry key may be used: LINE remembers it for 24 h, one hour is kept back (channels.md 1.2).
pub fn retry_key_good_until(first_attempt: DateTime<Utc>) -> DateTime<Utc> {
    first_attempt + Duration::hours(23)
}

/// Postback data of an answer button: check-in and choice.
pub fn answer_data(check_in: crate::ids::CheckInId, choice: &str) -> String {
    format!("ci={check_in}&a={choice}")
}

/// Reads [`answer_data`]; `None` for anything else.
pub fn parse_answer_data(data: &str) -> Option<(crate::ids::CheckInId, &str)> {
    let (id, choice) = data.strip_prefix("ci=")?.split_once("&a=")?;
    Some((id.parse().ok()?, choice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CheckInId;

    #[test]
    fn an_answer_buttons_data_comes_back_as_check_in_and_choice() {
        let id = CheckInId(uuid::Uuid::from_u128(7));
        assert_eq!(parse_answer_data(&answer_data(id, "good")), Some((id, "good")));
        assert_eq!(parse_answer_data("ci=nonsense&a=good"), None);
        assert_eq!(parse_answer_data("hello"), None);
    }

    #[test]
    fn waiting_grows_and_stops_growing() {
        let delays: Vec<i64> = (0..10).map(|n| retry_delay(n).num_seconds()).collect();
        assert_eq!(delays, [30, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
    }
}
