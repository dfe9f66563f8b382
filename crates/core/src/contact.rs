//! Addresses of a person and whether they can be reached there.
//!
//! `Debug` of an address shows its kind only, so that no number or address reaches a log.

mod phone;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

pub use phone::{PhoneError, PhoneKind, PhoneNumber};

crate::codes! {
    /// By which way a person is contacted, in the order in which the ways are tried.
    ContactKind {
        /// LINE official account.
        Line = "line",
        /// Short message to a mobile phone.
        Sms = "sms",
        /// E-mail.
        Email = "email",
        /// A call by staff.
        Phone = "phone",
    }
}

/// Whether an address can be used, and since when not. Times are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Reachability {
    /// Messages may go there.
    Reachable,
    /// The person blocked the account (LINE `unfollow`) or the carrier refuses for them.
    Blocked {
        /// When that became known.
        since: DateTime<Utc>,
    },
    /// The person said stop; only their own word lifts it.
    Stopped {
        /// When they said it.
        since: DateTime<Utc>,
    },
    /// The provider says that there is no such address.
    Invalid {
        /// When it said so.
        since: DateTime<Utc>,
    },
}

/// Why an address can't be taken into use again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReachabilityError {
    /// Only the person can lift a block, by adding the account again.
    #[error("the person blocked this way; only they can lift it")]
    StillBlocked,
    /// Another address is needed.
    #[error("this address doesn't exist; another one is needed")]
    StillInvalid,
}

/// Events are delivered more than once, late and out of order, so the ones told by a provider are harmless when repeated: the
/// first `since` stays (a block's last one, because words from before it don't lift it), and nothing but the person's own
/// word takes a stop away.
impl Reachability {
    /// Whether a message may go there.
    pub fn is_reachable(self) -> bool {
        self == Self::Reachable
    }

    /// The person blocked the account.
    #[must_use]
    pub fn blocked(self, at: DateTime<Utc>) -> Self {
        match self {
            Self::Reachable | Self::Invalid { .. } => Self::Blocked { since: at },
            Self::Blocked { since } => Self::Blocked { since: since.max(at) },
            Self::Stopped { .. } => self,
        }
    }

    /// The person lifted the block (LINE `follow`). A stop stays.
    #[must_use]
    pub fn unblocked(self) -> Self {
        match self {
            Self::Blocked { .. } | Self::Invalid { .. } | Self::Reachable => Self::Reachable,
            Self::Stopped { .. } => self,
        }
    }

    /// The person said stop.
    #[must_use]
    pub fn stopped(self, at: DateTime<Utc>) -> Self {
        match self {
            Self::Stopped { .. } => self,
            Self::Reachable | Self::Blocked { .. } | Self::Invalid { .. } => Self::Stopped { since: at },
        }
    }

    /// The provider says that there is no such address.
    #[must_use]
    pub fn invalid(self, at: DateTime<Utc>) -> Self {
        match self {
            Self::Reachable | Self::Blocked { .. } => Self::Invalid { since: at },
            Self::Invalid { .. } | Self::Stopped { .. } => self,
        }
    }

    /// The person asked to be contacted here again.
    pub fn resumed(self) -> Result<Self, ReachabilityError> {
        match self {
            Self::Reachable | Self::Stopped { .. } => Ok(Self::Reachable),
            Self::Blocked { .. } => Err(ReachabilityError::StillBlocked),
            Self::Invalid { .. } => Err(ReachabilityError::StillInvalid),
        }
    }

    /// Another address took this one's place. A stop was said to the office, so it holds for the new address too.
    #[must_use]
    pub fn readdressed(self) -> Self {
        match self {
            Self::Reachable | Self::Blocked { .. } | Self::Invalid { .. } => Self::Reachable,
            Self::Stopped { .. } => self,
        }
    }
}

/// An e-mail address of the plain form `name@example.jp`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Not an e-mail address that mail can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address; it should look like name@example.jp")]
pub struct EmailError;

impl EmailAddress {
    /// Reads an address (RFC 5321 sizes, RFC 5322 dot-atom); full-width letters are made narrow, the domain lower case.
    ///
    /// Old carrier addresses with two dots in a row or a dot before `@` are refused: mail servers refuse them too.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let narrow: String = text.trim().nfkc().collect();
        let (local, domain) = narrow.split_once('@').ok_or(EmailError)?;
        let domain = domain.to_ascii_lowercase();
        let atom = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
        };
        let label = |part: &str| {
            let inner = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            inner && (1..=63).contains(&part.len()) && !part.starts_with('-') && !part.ends_with('-')
        };
        let top_level = domain.rsplit('.').next().unwrap_or_default();
        let holds = local.len() <= 64
            && local.split('.').all(atom)
            && domain.len() <= 253
            && domain.contains('.')
            && domain.split('.').all(label)
            && !top_level.chars().all(|c| c.is_ascii_digit());
        if holds { Ok(Self(format!("{local}@{domain}"))) } else { Err(EmailError) }
    }

    /// The address as it is written in a mail.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// LINE's own id of a user for one provider: `U` and 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LineUserId(String);

/// Not a LINE user id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a LINE user id; it is U and 32 digits or letters a to f, not the LINE ID that people search by")]
pub struct LineUserIdError;

impl LineUserId {
    /// Reads an id (`U[0-9a-f]{32}`, LINE Messaging API reference).
    pub fn parse(text: &str) -> Result<Self, LineUserIdError> {
        let text = text.trim();
        let digits = text.strip_prefix('U').ok_or(LineUserIdError)?;
        let holds = digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if holds { Ok(Self(text.to_owned())) } else { Err(LineUserIdError) }
    }

    /// The id as LINE writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Conversions that serde and callers need, and a `Debug` that tells nothing.
macro_rules! text_form {
    ($($name:ident, $error:ident);+) => {$(
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }
        impl FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }
        impl From<$name> for String {
            fn from(address: $name) -> Self {
                address.0
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

text_form!(EmailAddress, EmailError; LineUserId, LineUserIdError);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).expect("a time")
    }

    #[test]
    fn a_repeated_block_keeps_its_last_time_and_a_follow_lifts_it() {
        let blocked = Reachability::Reachable.blocked(at(1)).blocked(at(2));
        assert_eq!(blocked, Reachability::Blocked { since: at(2) });
        assert_eq!(blocked.blocked(at(1)), blocked);
        assert_eq!(blocked.unblocked(), Reachability::Reachable);
        assert_eq!(blocked.resumed(), Err(ReachabilityError::StillBlocked));
    }

    #[test]
    fn nothing_but_the_persons_word_lifts_a_stop() {
        let stopped = Reachability::Reachable.stopped(at(1));
        let after = stopped.blocked(at(2)).unblocked().invalid(at(3)).stopped(at(4)).readdressed();
        assert_eq!(after, Reachability::Stopped { since: at(1) });
        assert_eq!(after.resumed(), Ok(Reachability::Reachable));
        assert!(!stopped.is_reachable());
    }

    #[test]
    fn an_invalid_address_needs_another_one() {
        let invalid = Reachability::Reachable.invalid(at(1)).invalid(at(2));
        assert_eq!(invalid, Reachability::Invalid { since: at(1) });
        assert_eq!(invalid.resumed(), Err(ReachabilityError::StillInvalid));
        assert_eq!(invalid.readdressed(), Reachability::Reachable);
        assert_eq!(serde_json::to_value(invalid).expect("json")["state"], "invalid");
    }

    #[test]
    fn e_mail_addresses_are_read_as_mail_servers_take_them() {
        for good in ["hanako@example.jp", " Hanako.M+work@EXAMPLE.co.jp ", "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ"]
        {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        assert_eq!(EmailAddress::parse("A.b@EXAMPLE.jp").map(String::from).as_deref(), Ok("A.b@example.jp"));
        let long = format!("{}@example.jp", "a".repeat(65));
        let bad = ["", "hanako", "@example.jp", "a@b", "a..b@example.jp", "a.@example.jp", "a@-x.jp", "a b@example.jp"];
        let more =
            ["a@b@example.jp", "a@example..jp", "a@127.0.0.1", "花子@example.jp", "a@example.jp\r\nBcc: b@c.jp", &long];
        for bad in bad.into_iter().chain(more) {
            assert_eq!(EmailAddress::parse(bad), Err(EmailError), "{bad}");
        }
    }

    #[test]
    fn a_line_user_id_is_not_a_search_id() {
        let id = "U0123456789abcdef0123456789abcdef";
        assert_eq!(LineUserId::parse(id).map(String::from).as_deref(), Ok(id));
        for bad in ["hanako_m", "U0123", "u0123456789abcdef0123456789abcdef", "U0123456789ABCDEF0123456789ABCDEF", ""] {
            assert_eq!(LineUserId::parse(bad), Err(LineUserIdError), "{bad}");
        }
    }

    #[test]
    fn addresses_are_not_shown_by_debug() {
        let email = EmailAddress::parse("hanako@example.jp").expect("an address");
        let line = LineUserId::parse("U0123456789abcdef0123456789abcdef").expect("an id");
        assert_eq!(format!("{email:?} {line:?}"), "EmailAddress(…) LineUserId(…)");
    }
}
