//! What became of one call to a provider, in five words that the send path understands (trust.md 3 (c) 5).

use std::time::Duration;

/// The outcome of one attempt. Every variant carries a short code for the attempt's row; codes are words of this
/// program or numbers of the provider, never its free text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took the message. This is not delivery: LINE also accepts for people who blocked the account.
    Accepted {
        /// The provider's id of the message (LINE message id, Twilio `SM…`, none for mail).
        provider_ref: Option<String>,
        /// The provider's id of the request that was accepted, for their support desk.
        request_id: Option<String>,
        /// True if an earlier attempt with the same key had already been accepted (LINE's 409).
        already: bool,
    },
    /// The provider, or our own check before sending, will not take this message however often it is tried.
    Refused {
        /// What has to change.
        class: RefusedClass,
        /// Code for the attempt's row, e.g. `line_403` or `twilio_21610`.
        code: String,
    },
    /// Not taken now; the same message may be tried later, inside the person's window.
    WaitUntil {
        /// What is being waited for.
        reason: WaitClass,
        /// The provider's wish (Retry-After), if it stated one.
        not_before: Option<Duration>,
    },
    /// The message certainly did not leave: no connection was made, or it ended before any content was sent.
    NotSent {
        /// Code for the attempt's row, e.g. `connect`.
        code: String,
    },
    /// Sent or not: nobody knows. LINE: repeat with the same key. SMS and mail: look it up or ask a person.
    Unknown {
        /// Code for the attempt's row, e.g. `timeout`.
        code: String,
    },
}

/// Why a message was refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusedClass {
    /// No such user, not a mobile number, no such mailbox.
    AddressInvalid,
    /// The person, a carrier or a filter blocks us.
    Blocked,
    /// The person said STOP to the provider.
    OptedOut,
    /// Our token, key or password is wrong: an alarm for the administrator.
    Unauthorized,
    /// The account, plan, sender or address of the service is not set up for this: an alarm for the administrator.
    Configuration,
    /// The provider could not read our request: a bug here.
    BadRequest,
    /// Longer than the channel allows.
    TooLong,
    /// Refused for a reason this version does not know.
    Other,
}

/// What a message has to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaitClass {
    /// Too many requests in a short time.
    RateLimited,
    /// The month's messages are used up: nothing leaves on this channel until the month turns or the plan changes.
    MonthlyQuota,
    /// The provider has trouble of its own and said so before taking the message.
    ProviderBusy,
}

impl Outcome {
    /// Refused, with its code.
    pub(crate) fn refused(class: RefusedClass, code: impl Into<String>) -> Self {
        Self::Refused { class, code: code.into() }
    }

    /// Unknown, with its code.
    pub(crate) fn unknown(code: impl Into<String>) -> Self {
        Self::Unknown { code: code.into() }
    }

    /// Not sent, with its code.
    pub(crate) fn not_sent(code: impl Into<String>) -> Self {
        Self::NotSent { code: code.into() }
    }

    /// Wait, with the provider's wish if it stated one.
    pub(crate) fn wait(reason: WaitClass, not_before: Option<Duration>) -> Self {
        Self::WaitUntil { reason, not_before }
    }

    /// One word for logs and metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted { already: false, .. } => "accepted",
            Self::Accepted { already: true, .. } => "already_accepted",
            Self::Refused { .. } => "refused",
            Self::WaitUntil { .. } => "wait",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } => "unknown",
        }
    }
}
