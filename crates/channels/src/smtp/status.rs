//! A mail server's answers as a table (RFC 5321 section 4.2, RFC 3463 for the three-part codes, RFC 4954 for login).
//!
//! | answer | where | outcome |
//! |---|---|---|
//! | 4xx | anywhere | wait |
//! | 530, 534, 535, 538, or 5xx at login | | refused, alarm |
//! | 5xx to our sender | MAIL | refused, alarm |
//! | x.7.x, 554 | | blocked |
//! | x.1.x, 550, 551, 553, 556 | RCPT | no such mailbox |
//! | 552, x.3.4 | | too long |
//! | 500 to 504, 555 | | our mistake |
//! | STARTTLS or our login not offered | | refused, alarm |
//! | no answer | before the text | not sent |
//! | no answer | after the text began | unknown |

use std::error::Error as _;

use lettre::transport::smtp::Error;

use crate::{Outcome, RefusedClass, WaitClass};

/// How far the conversation had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connection and greeting, with TLS from the first byte.
    Connect,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, before the text.
    Data,
    /// The text and the server's last word on it.
    Text,
}

/// The outcome of a conversation that ended at this stage.
pub(super) fn outcome(stage: Stage, error: &Error) -> Outcome {
    let Some(code) = error.status().map(u16::from) else {
        return match stage {
            Stage::Connect => Outcome::not_sent(if error.is_tls() { "tls" } else { "connect" }),
            // Not offered by this server: the settings, not the moment.
            Stage::StartTls if error.is_client() => Outcome::refused(RefusedClass::Configuration, "smtp_no_starttls"),
            Stage::Login if error.is_client() => Outcome::refused(RefusedClass::Configuration, "smtp_login_method"),
            Stage::StartTls | Stage::Login | Stage::Sender | Stage::Recipient | Stage::Data => {
                Outcome::not_sent("connection_lost")
            }
            Stage::Text => Outcome::unknown("connection_lost"),
        };
    };
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    by_code(stage, code, enhanced(&words))
}

fn by_code(stage: Stage, code: u16, enhanced: Option<(u16, u16)>) -> Outcome {
    if (400..500).contains(&code) {
        return Outcome::wait(WaitClass::ProviderBusy, None);
    }
    let class = match (stage, code, enhanced) {
        (Stage::Login, ..) | (_, 530 | 534 | 535 | 538, _) => RefusedClass::Unauthorized,
        (_, 500..=504 | 555, _) => RefusedClass::BadRequest,
        (_, 552, _) | (_, _, Some((3, 4))) => RefusedClass::TooLong,
        (Stage::Connect | Stage::StartTls | Stage::Sender, ..) => RefusedClass::Configuration,
        (_, _, Some((7, _))) | (_, 554, _) => RefusedClass::Blocked,
        (Stage::Recipient, 550 | 551 | 553 | 556, _) | (_, _, Some((1, _))) => RefusedClass::AddressInvalid,
        (Stage::Text, 550, _) => RefusedClass::Blocked,
        _ => RefusedClass::Other,
    };
    Outcome::refused(class, format!("smtp_{code}"))
}

/// Subject and detail of `5.1.1 no such user`.
fn enhanced(words: &str) -> Option<(u16, u16)> {
    let mut parts = words.split_whitespace().next()?.split('.');
    let class: u16 = parts.next()?.parse().ok()?;
    let (subject, detail) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (matches!(class, 4 | 5) && parts.next().is_none()).then_some((subject, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_holds() {
        use RefusedClass::{AddressInvalid, BadRequest, Blocked, Configuration, Other, TooLong, Unauthorized};
        use Stage::{Connect, Login, Recipient, Sender, Text};
        let rows = [
            (Login, 535, "5.7.8 wrong", Unauthorized),
            (Login, 550, "", Unauthorized),
            (Sender, 530, "5.7.0 must log in", Unauthorized),
            (Sender, 553, "5.7.1 not your address", Configuration),
            (Connect, 554, "no service here", Configuration),
            (Recipient, 550, "5.1.1 no such user", AddressInvalid),
            (Recipient, 550, "no such user", AddressInvalid),
            (Recipient, 550, "5.7.1 you are on a list", Blocked),
            (Recipient, 551, "", AddressInvalid),
            (Recipient, 553, "", AddressInvalid),
            (Recipient, 556, "", AddressInvalid),
            (Recipient, 554, "", Blocked),
            (Text, 554, "looks like spam", Blocked),
            (Text, 550, "", Blocked),
            (Text, 552, "5.3.4 too big", TooLong),
            (Text, 554, "5.3.4 too big", TooLong),
            (Text, 501, "", BadRequest),
            (Recipient, 521, "", Other),
        ];
        for (stage, code, words, class) in rows {
            let expected = Outcome::refused(class, format!("smtp_{code}"));
            assert_eq!(by_code(stage, code, enhanced(words)), expected, "{stage:?} {code} {words}");
        }
        for stage in [Connect, Login, Sender, Recipient, Stage::Data, Text] {
            assert_eq!(by_code(stage, 451, None), Outcome::wait(WaitClass::ProviderBusy, None));
        }
    }

    #[test]
    fn only_a_three_part_code_is_read() {
        assert_eq!(enhanced("5.1.1 no such user"), Some((1, 1)));
        for words in ["", "no such user", "5.1", "2.1.5 fine", "5.1.1.1", "192.0.2.1 is listed"] {
            assert_eq!(enhanced(words), None, "{words}");
        }
    }
}
