//! LINE's answers as a table (developers.line.biz, Messaging API reference: status codes, error messages, retry key).
//!
//! | status | meaning | outcome |
//! |---|---|---|
//! | 200 | taken, also for people who blocked the account | accepted |
//! | 409 | this retry key was accepted before | accepted, already |
//! | 400 | bad body, or no such user | refused |
//! | 401, 403 | token bad; account may not do this | refused, alarm |
//! | 404, 3xx | not LINE's address | refused, alarm |
//! | 410, 413, 415, other 4xx | | refused |
//! | 429 | rate, or the month is used up: only the words tell | wait |
//! | 408, 5xx | may have been taken | unknown |
//!
//! A 200 without LINE's answer in it (a proxy's page, a cut body) is unknown: the repeat with the same key tells, and
//! brings the message id along.

use serde_json::Value;

use crate::{Outcome, RefusedClass, WaitClass, http::Answer};

/// "You have reached your monthly limit."
const MONTHLY: &str = "monthly limit";
/// 400 for a user id that does not exist in this channel.
const NO_SUCH_USER: &str = "Failed to send messages";
/// 400 for something that is no user id at all.
const BAD_TO: &str = "The property, 'to',";

/// The outcome of a push.
pub(super) fn push(answer: &Answer) -> Outcome {
    let body = answer.json();
    match answer.status.as_u16() {
        200 => accepted(answer, body.as_ref(), "x-line-request-id", false),
        409 => already(answer, body.as_ref()),
        400 if says(body.as_ref(), NO_SUCH_USER) || says(body.as_ref(), BAD_TO) => {
            Outcome::refused(RefusedClass::AddressInvalid, "line_400_to")
        }
        status => other(status, answer, body.as_ref()),
    }
}

/// The outcome of a reply. A dead reply token is a 400 like any other; 409 cannot happen.
pub(super) fn reply(answer: &Answer) -> Outcome {
    let body = answer.json();
    match answer.status.as_u16() {
        200 => accepted(answer, body.as_ref(), "x-line-request-id", false),
        400 if says(body.as_ref(), "Invalid reply token") => {
            Outcome::refused(RefusedClass::BadRequest, "line_400_reply_token")
        }
        status => other(status, answer, body.as_ref()),
    }
}

fn other(status: u16, answer: &Answer, body: Option<&Value>) -> Outcome {
    let code = format!("line_{status}");
    match status {
        401 => Outcome::refused(RefusedClass::Unauthorized, code),
        403 | 404 | 300..=399 => Outcome::refused(RefusedClass::Configuration, code),
        413 => Outcome::refused(RefusedClass::TooLong, code),
        429 if says(body, MONTHLY) => Outcome::wait(WaitClass::MonthlyQuota, None),
        429 => Outcome::wait(WaitClass::RateLimited, answer.retry_after()),
        408 => Outcome::unknown(code),
        400 | 410 | 415 => Outcome::refused(RefusedClass::BadRequest, code),
        402..=499 => Outcome::refused(RefusedClass::Other, code),
        _ => Outcome::unknown(code),
    }
}

fn accepted(answer: &Answer, body: Option<&Value>, id_header: &str, already: bool) -> Outcome {
    let Some(sent) = body.and_then(|body| body["sentMessages"].as_array()) else {
        return Outcome::unknown("unreadable_answer");
    };
    let provider_ref = sent.first().and_then(|message| message["id"].as_str()).map(ToOwned::to_owned);
    Outcome::Accepted { provider_ref, request_id: answer.header(id_header), already }
}

/// 409: the key is the proof, so this is accepted even if the original answer is not repeated in the body.
fn already(answer: &Answer, body: Option<&Value>) -> Outcome {
    const HEADER: &str = "x-line-accepted-request-id";
    match accepted(answer, body, HEADER, true) {
        Outcome::Unknown { .. } => {
            Outcome::Accepted { provider_ref: None, request_id: answer.header(HEADER), already: true }
        }
        outcome => outcome,
    }
}

fn says(body: Option<&Value>, words: &str) -> bool {
    body.and_then(|body| body["message"].as_str()).is_some_and(|message| message.contains(words))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    };

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Answer {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.as_bytes().to_vec() }
    }

    const SENT: &str = r#"{"sentMessages":[{"id":"461230966842064897","quoteToken":"q"}]}"#;
    const RATE: &str = r#"{"message":"The API rate limit has been exceeded. Try again later."}"#;
    const MONTH: &str = r#"{"message":"You have reached your monthly limit."}"#;

    #[test]
    fn a_200_is_accepted_with_both_ids() {
        assert_eq!(
            push(&answer(200, &[("x-line-request-id", "req-1")], SENT)),
            Outcome::Accepted {
                provider_ref: Some("461230966842064897".to_owned()),
                request_id: Some("req-1".to_owned()),
                already: false
            }
        );
    }

    #[test]
    fn a_409_is_success_with_the_id_of_the_accepted_request() {
        let headers = [("x-line-request-id", "req-2"), ("x-line-accepted-request-id", "req-1")];
        let body = r#"{"message":"The retry key is already accepted","sentMessages":[{"id":"46"}]}"#;
        let expected = |provider_ref: Option<&str>| Outcome::Accepted {
            provider_ref: provider_ref.map(ToOwned::to_owned),
            request_id: Some("req-1".to_owned()),
            already: true,
        };
        assert_eq!(push(&answer(409, &headers, body)), expected(Some("46")));
        assert_eq!(push(&answer(409, &headers, "not JSON")), expected(None));
    }

    #[test]
    fn every_row_of_the_table_holds_for_push() {
        use RefusedClass::{AddressInvalid, BadRequest, Configuration, Other, TooLong, Unauthorized};
        let refused = [
            (400, r#"{"message":"Failed to send messages"}"#, AddressInvalid, "line_400_to"),
            (400, r#"{"message":"The property, 'to', in the request body is invalid"}"#, AddressInvalid, "line_400_to"),
            (400, r#"{"message":"May not be empty"}"#, BadRequest, "line_400"),
            (400, "<html>", BadRequest, "line_400"),
            (301, "", Configuration, "line_301"),
            (401, "{}", Unauthorized, "line_401"),
            (403, "{}", Configuration, "line_403"),
            (404, "{}", Configuration, "line_404"),
            (405, "{}", Other, "line_405"),
            (410, "{}", BadRequest, "line_410"),
            (413, "{}", TooLong, "line_413"),
            (415, "{}", BadRequest, "line_415"),
        ];
        for (status, body, class, code) in refused {
            assert_eq!(push(&answer(status, &[], body)), Outcome::refused(class, code), "{status} {body}");
        }
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(push(&answer(status, &[], "")), Outcome::unknown(format!("line_{status}")));
        }
    }

    #[test]
    fn only_the_words_tell_the_two_429_apart() {
        assert_eq!(push(&answer(429, &[], RATE)), Outcome::wait(WaitClass::RateLimited, None));
        assert_eq!(push(&answer(429, &[], "")), Outcome::wait(WaitClass::RateLimited, None));
        assert_eq!(push(&answer(429, &[], MONTH)), Outcome::wait(WaitClass::MonthlyQuota, None));
        let later = Some(Duration::from_secs(30));
        assert_eq!(push(&answer(429, &[("retry-after", "30")], RATE)), Outcome::wait(WaitClass::RateLimited, later));
    }

    #[test]
    fn a_200_that_is_not_lines_answer_is_unknown() {
        for body in ["", "<html>login</html>", "{}", r#"{"sentMessages":"#] {
            assert_eq!(push(&answer(200, &[], body)), Outcome::unknown("unreadable_answer"), "{body}");
        }
    }

    #[test]
    fn a_dead_reply_token_is_named() {
        assert_eq!(
            reply(&answer(400, &[], r#"{"message":"Invalid reply token"}"#)),
            Outcome::refused(RefusedClass::BadRequest, "line_400_reply_token")
        );
    }
}
