//! Twilio's answers, status words and error codes as tables (twilio.com/docs: outbound message status, error dictionary).
//!
//! Codes are refined by Twilio over time, so an unknown code is "failed, reason unknown" and never an error here.

use serde_json::Value;

use crate::{Outcome, RefusedClass, WaitClass, http::Answer};

/// How far an SMS has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsStatus {
    /// With Twilio: accepted, scheduled, queued, sending.
    InProgress,
    /// Handed to the carrier; for some Japanese carriers nothing more is ever reported.
    Sent,
    /// The handset confirmed it.
    Delivered,
    /// The carrier could not deliver it.
    Undelivered,
    /// Twilio could not send it.
    Failed,
    /// Taken back before it was sent.
    Canceled,
    /// An inbound text, or a word not known yet.
    Other,
}

impl SmsStatus {
    /// Reads Twilio's word.
    pub fn parse(word: &str) -> Self {
        match word {
            "accepted" | "scheduled" | "queued" | "sending" => Self::InProgress,
            "sent" => Self::Sent,
            "delivered" | "read" => Self::Delivered,
            "undelivered" | "partially_delivered" => Self::Undelivered,
            "failed" => Self::Failed,
            "canceled" => Self::Canceled,
            _ => Self::Other,
        }
    }

    /// Reports repeat and overtake one another: a report counts only if its rank is higher than what is known.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Other => 0,
            Self::InProgress => 1,
            Self::Sent => 2,
            Self::Delivered | Self::Undelivered | Self::Failed | Self::Canceled => 3,
        }
    }

    /// Nothing more will be reported.
    pub fn is_final(&self) -> bool {
        self.rank() == 3
    }
}

/// What to do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// Never on this number, or not before somebody changed something.
    Permanent(RefusedClass),
    /// Once more later: handset off, out of range, unknown trouble.
    Later(WaitClass),
    /// Twilio's code is not in our table: failed, reason unknown, for a person to see.
    Unknown,
}

/// A failure by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmsFailure {
    /// Twilio's error code.
    pub code: u32,
    /// What to do about it.
    pub class: FailureClass,
}

/// Looks a code up.
pub fn failure(code: u32) -> SmsFailure {
    use FailureClass::{Later, Permanent, Unknown};
    use RefusedClass::{AddressInvalid, BadRequest, Blocked, Configuration, OptedOut, TooLong, Unauthorized};
    let class = match code {
        20003 | 30002 => Permanent(Unauthorized),
        20404 | 21408 | 21603 | 21606 | 21608 | 21612 => Permanent(Configuration),
        20429 => Later(WaitClass::RateLimited),
        21211 | 21614 | 30005 | 30006 => Permanent(AddressInvalid),
        21602 | 21604 => Permanent(BadRequest),
        21610 => Permanent(OptedOut),
        21617 => Permanent(TooLong),
        30004 | 30007 => Permanent(Blocked),
        30001 | 30003 | 30008 => Later(WaitClass::ProviderBusy),
        _ => Unknown,
    };
    SmsFailure { code, class }
}

/// The outcome of creating a message.
pub(super) fn send(answer: &Answer) -> Outcome {
    let body = answer.json();
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        return accepted(answer, body.as_ref());
    }
    // A 5xx or 408 may have been taken, whatever the body says.
    if status == 408 || status >= 500 {
        return Outcome::unknown(format!("twilio_http_{status}"));
    }
    let code = body.as_ref().and_then(|body| body["code"].as_u64()).and_then(|code| u32::try_from(code).ok());
    match code.map(failure) {
        Some(SmsFailure { code, class: FailureClass::Permanent(class) }) => {
            Outcome::refused(class, format!("twilio_{code}"))
        }
        Some(SmsFailure { class: FailureClass::Later(reason), .. }) => Outcome::wait(reason, answer.retry_after()),
        _ => by_http(status, answer, code),
    }
}

fn by_http(status: u16, answer: &Answer, code: Option<u32>) -> Outcome {
    let text = code.map_or_else(|| format!("twilio_http_{status}"), |code| format!("twilio_{code}"));
    let class = match status {
        429 => return Outcome::wait(WaitClass::RateLimited, answer.retry_after()),
        401 => RefusedClass::Unauthorized,
        300..=399 | 403 | 404 => RefusedClass::Configuration,
        413 => RefusedClass::TooLong,
        400 if code.is_none() => RefusedClass::BadRequest,
        _ => RefusedClass::Other,
    };
    Outcome::refused(class, text)
}

/// Without a sid in the answer (a proxy's page, a cut body) nobody knows; the look-up will tell.
fn accepted(answer: &Answer, body: Option<&Value>) -> Outcome {
    let Some(sid) = body.and_then(|body| body["sid"].as_str()) else { return Outcome::unknown("unreadable_answer") };
    Outcome::Accepted {
        provider_ref: Some(sid.to_owned()),
        request_id: answer.header("twilio-request-id"),
        already: false,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::{
        StatusCode,
        header::{HeaderMap, HeaderValue},
    };

    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        let headers = HeaderMap::from_iter([("twilio-request-id".parse().unwrap(), HeaderValue::from_static("RQ1"))]);
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.as_bytes().to_vec() }
    }

    fn error(status: u16, code: u32) -> Outcome {
        send(&answer(status, &format!(r#"{{"code":{code},"message":"…","more_info":"…","status":{status}}}"#)))
    }

    #[test]
    fn a_created_message_is_accepted_by_its_sid() {
        assert_eq!(
            send(&answer(201, r#"{"sid":"SM1","status":"queued","error_code":null}"#)),
            Outcome::Accepted { provider_ref: Some("SM1".into()), request_id: Some("RQ1".into()), already: false }
        );
    }

    #[test]
    fn every_code_of_the_table_has_its_outcome() {
        use RefusedClass::{AddressInvalid, BadRequest, Blocked, Configuration, OptedOut, TooLong, Unauthorized};
        let refused = [
            (20003, Unauthorized),
            (30002, Unauthorized),
            (21211, AddressInvalid),
            (21614, AddressInvalid),
            (30005, AddressInvalid),
            (30006, AddressInvalid),
            (21408, Configuration),
            (21603, Configuration),
            (21606, Configuration),
            (21608, Configuration),
            (21612, Configuration),
            (21602, BadRequest),
            (21604, BadRequest),
            (21617, TooLong),
            (21610, OptedOut),
            (30004, Blocked),
            (30007, Blocked),
        ];
        for (code, class) in refused {
            assert_eq!(error(400, code), Outcome::refused(class, format!("twilio_{code}")), "{code}");
            assert_eq!(failure(code).class, FailureClass::Permanent(class));
        }
        let later = [
            (20429, WaitClass::RateLimited),
            (30001, WaitClass::ProviderBusy),
            (30003, WaitClass::ProviderBusy),
            (30008, WaitClass::ProviderBusy),
        ];
        for (code, reason) in later {
            assert_eq!(error(429, code), Outcome::wait(reason, None), "{code}");
        }
        assert_eq!(error(400, 99_999), Outcome::refused(RefusedClass::Other, "twilio_99999"));
        assert_eq!(failure(99_999).class, FailureClass::Unknown);
    }

    #[test]
    fn without_a_code_the_http_status_decides() {
        use RefusedClass::{BadRequest, Configuration, Other, TooLong, Unauthorized};
        let rows = [
            (302, Configuration),
            (400, BadRequest),
            (401, Unauthorized),
            (403, Configuration),
            (404, Configuration),
            (405, Other),
            (413, TooLong),
        ];
        for (status, class) in rows {
            assert_eq!(send(&answer(status, "<html>")), Outcome::refused(class, format!("twilio_http_{status}")));
        }
        assert_eq!(send(&answer(429, "")), Outcome::wait(WaitClass::RateLimited, None));
    }

    #[test]
    fn what_may_have_been_taken_is_unknown() {
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(error(status, 20500), Outcome::unknown(format!("twilio_http_{status}")));
        }
        for body in ["", "<html>login</html>", "{}", r#"{"sid":"S"#] {
            assert_eq!(send(&answer(201, body)), Outcome::unknown("unreadable_answer"));
        }
    }

    #[test]
    fn every_status_word_of_the_contract_is_placed() {
        let rows = [
            ("accepted", SmsStatus::InProgress),
            ("scheduled", SmsStatus::InProgress),
            ("queued", SmsStatus::InProgress),
            ("sending", SmsStatus::InProgress),
            ("sent", SmsStatus::Sent),
            ("delivered", SmsStatus::Delivered),
            ("read", SmsStatus::Delivered),
            ("undelivered", SmsStatus::Undelivered),
            ("partially_delivered", SmsStatus::Undelivered),
            ("failed", SmsStatus::Failed),
            ("canceled", SmsStatus::Canceled),
            ("receiving", SmsStatus::Other),
            ("received", SmsStatus::Other),
            ("teleported", SmsStatus::Other),
        ];
        for (word, status) in rows {
            assert_eq!(SmsStatus::parse(word), status, "{word}");
        }
    }

    #[test]
    fn a_late_report_never_takes_a_message_back() {
        assert!(SmsStatus::Sent.rank() < SmsStatus::Delivered.rank());
        assert!(SmsStatus::InProgress.rank() < SmsStatus::Sent.rank());
        assert!(SmsStatus::Failed.is_final() && !SmsStatus::Sent.is_final());
    }
}
