//! Twilio: SMS out, look-up after an unknown outcome, inbound texts (called in, or asked for) and status reports.
//!
//! Message creation has no idempotency key: after a time-out only a look-up tells whether the SMS left
//! ([`TwilioChannel::look_up`]), and a second automatic send has to wait for that.

mod lookup;
mod received;
mod signature;
mod status;
mod webhook;

use std::{fmt, time::Duration};

use bansou_core::lint::SMS_UNITS;
use reqwest::{Method, RequestBuilder, Url};

pub use lookup::{FoundSms, body_hash};
pub use received::{ReceivedPage, ReceivedSms};
pub use signature::{sign, verify};
pub use status::{FailureClass, SmsFailure, SmsStatus, failure};
pub use webhook::{FormUnreadable, InboundSms, OptOut, StatusReport, parse_form, parse_inbound, parse_status};

use crate::{
    Outcome, Outgoing, Secret, SetupError, Timeouts,
    check::{Part, Problem, ProblemKind, UTF16, length, refused},
    http,
};

/// One Twilio account with a sender.
#[derive(Clone)]
pub struct TwilioSettings {
    /// Our id of the channel; stands in the webhook's path.
    pub id: String,
    /// `https://api.twilio.com`
    pub base_url: String,
    /// `AC…`
    pub account_sid: String,
    /// The account's auth token; the key of the webhooks' signatures, too. A second one while they change.
    pub auth_tokens: Vec<Secret>,
    /// The sender: a number in E.164 or an alphanumeric name, which nobody can answer.
    pub from: Option<String>,
    /// A messaging service (`MG…`) that picks the sender.
    pub messaging_service_sid: Option<String>,
    /// Time limits of one call.
    pub timeouts: Timeouts,
}

/// The means to send SMS through one Twilio account.
#[derive(Clone)]
pub struct TwilioChannel {
    settings: TwilioSettings,
    base_url: String,
    client: reqwest::Client,
}

/// What Twilio may be asked to hold a message for, in seconds.
const VALIDITY: std::ops::RangeInclusive<u64> = 1..=36_000;

impl TwilioChannel {
    /// Checks the settings and builds the client.
    pub fn new(settings: TwilioSettings) -> Result<Self, SetupError> {
        let field = |field, problem| SetupError::Field { channel: settings.id.clone(), field, problem };
        if !is_sid(&settings.account_sid, "AC") {
            return Err(field("account_sid", "must be AC and 32 hexadecimal digits"));
        }
        if settings.auth_tokens.is_empty() || settings.auth_tokens.iter().any(Secret::is_empty) {
            return Err(field("auth_token", "is empty"));
        }
        if settings.from.as_deref().unwrap_or_default().is_empty() && settings.messaging_service_sid.is_none() {
            return Err(field("from", "or messaging_service_sid must be given"));
        }
        if settings.messaging_service_sid.as_deref().is_some_and(|sid| !is_sid(sid, "MG")) {
            return Err(field("messaging_service_sid", "must be MG and 32 hexadecimal digits"));
        }
        let (client, base_url) = http::client_for(&settings.id, &settings.base_url, settings.timeouts)?;
        Ok(Self { settings, base_url, client })
    }

    /// Our id of the channel.
    pub fn id(&self) -> &str {
        &self.settings.id
    }

    /// Sends one SMS. On [`Outcome::Unknown`] look it up before anything else.
    pub async fn send(&self, outgoing: &Outgoing) -> Outcome {
        if let Err(problems) = check(outgoing) {
            return refused(&problems);
        }
        let validity = outgoing.valid_for.as_secs().to_string();
        // With SmartEncoded Twilio may exchange characters, and the look-up by the text's hash would miss it.
        let mut form = vec![
            ("To", outgoing.to.as_str()),
            ("Body", &outgoing.text),
            ("ValidityPeriod", &validity),
            ("SmartEncoded", "false"),
        ];
        form.extend(self.settings.from.as_deref().map(|from| ("From", from)));
        form.extend(self.settings.messaging_service_sid.as_deref().map(|sid| ("MessagingServiceSid", sid)));
        form.extend(outgoing.status_callback.as_deref().map(|url| ("StatusCallback", url)));
        let request = self.request(Method::POST, &self.messages_url()).form(&form);

        let answer = match http::call(request).await {
            Ok(answer) => answer,
            Err(outcome) => {
                tracing::warn!(channel = self.id(), outcome = outcome.word(), "no answer from Twilio");
                return outcome;
            }
        };
        let outcome = status::send(&answer);
        tracing::info!(
            channel = self.id(),
            status = answer.status.as_u16(),
            request_id = answer.header("twilio-request-id"),
            outcome = outcome.word(),
            "Twilio answered"
        );
        outcome
    }

    /// True if Twilio signed this form for this URL (`X-Twilio-Signature`). `public_url` is built from the configured
    /// public address plus path and query exactly as given to Twilio, never from request headers.
    pub fn verify(&self, public_url: &str, form: &[(String, String)], header: &str) -> bool {
        signature::verify(&self.settings.auth_tokens, public_url, form, header)
    }

    fn messages_url(&self) -> String {
        format!("{}/2010-04-01/Accounts/{}/Messages.json", self.base_url, self.settings.account_sid)
    }

    fn request(&self, method: Method, url: &str) -> RequestBuilder {
        let token = self.settings.auth_tokens.first().map(Secret::expose);
        self.client.request(method, url).basic_auth(&self.settings.account_sid, token)
    }
}

/// Everything that keeps this message from being an SMS for Japan.
pub fn check(outgoing: &Outgoing) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    if !is_e164(outgoing.to.as_str()) {
        problems.push(Problem { part: Part::Address, kind: ProblemKind::Malformed });
    }
    length(&mut problems, Part::Text, &outgoing.text, SMS_UNITS, UTF16);
    if !VALIDITY.contains(&outgoing.valid_for.as_secs()) {
        problems.push(Problem { part: Part::Validity, kind: ProblemKind::Malformed });
    }
    if outgoing.status_callback.as_deref().is_some_and(|url| Url::parse(url).is_err()) {
        problems.push(Problem { part: Part::StatusCallback, kind: ProblemKind::Malformed });
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// `valid_for` brought into what Twilio takes.
pub fn validity_within_limits(wish: Duration) -> Duration {
    Duration::from_secs(wish.as_secs().clamp(*VALIDITY.start(), *VALIDITY.end()))
}

impl fmt::Debug for TwilioChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioChannel").field("id", &self.settings.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for TwilioSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioSettings").field("id", &self.id).finish_non_exhaustive()
    }
}

fn is_sid(value: &str, prefix: &str) -> bool {
    value.strip_prefix(prefix).is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_e164(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::Address;

    fn sms(to: &str, text: &str) -> Outgoing {
        Outgoing::text(Address::new(to), text, Uuid::nil(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_text_of_660_units_is_the_longest() {
        assert_eq!(check(&sms("+819010000000", &"あ".repeat(660))), Ok(()));
        assert!(check(&sms("+819010000000", &"あ".repeat(661))).is_err());
        assert!(check(&sms("+819010000000", "")).is_err());
    }

    #[test]
    fn only_international_numbers_are_taken() {
        for to in ["09010000000", "+0901", "", "+8190-1000-0000", "+8190100000001234567"] {
            assert!(check(&sms(to, "元気ですか")).is_err(), "{to}");
        }
    }

    #[test]
    fn validity_stays_within_ten_hours() {
        let mut message = sms("+819010000000", "元気ですか");
        message.valid_for = Duration::from_secs(36_001);
        assert!(check(&message).is_err());
        assert_eq!(validity_within_limits(message.valid_for).as_secs(), 36_000);
        assert_eq!(validity_within_limits(Duration::ZERO).as_secs(), 1);
    }

    #[test]
    fn a_wrong_account_is_named_by_its_field() {
        let settings = TwilioSettings {
            id: "sms-main".into(),
            base_url: "https://api.twilio.com".into(),
            account_sid: "12".into(),
            auth_tokens: vec![Secret::new("t")],
            from: Some("+815010000000".into()),
            messaging_service_sid: None,
            timeouts: Timeouts::default(),
        };
        let error = TwilioChannel::new(settings).unwrap_err();
        assert_eq!(error.to_string(), "channel sms-main: account_sid must be AC and 32 hexadecimal digits");
    }
}
