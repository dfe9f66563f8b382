//! What Twilio posts to us: inbound texts and status reports, as forms. Pure; fields it adds are kept and ignored.

use std::fmt;

use thiserror::Error;

use super::{SmsFailure, SmsStatus, failure};
use crate::Address;

/// An SMS that a person sent to us.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundSms {
    /// `SM…`; "seen before" goes by it.
    pub sid: String,
    /// The person's number.
    pub from: Address,
    /// Our number.
    pub to: Address,
    /// The words, unchanged.
    pub body: String,
    /// Number of pictures and the like that came along.
    pub media: u32,
    /// Twilio took the words for STOP, START or HELP and acted on them.
    pub opt_out: Option<OptOut>,
}

/// What Twilio itself did about the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOut {
    /// No more SMS to this number (error 21610 from now on).
    Stop,
    /// SMS are wanted again.
    Start,
    /// Twilio sent its help text.
    Help,
}

/// A report on an SMS of ours.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusReport {
    /// `SM…`
    pub sid: String,
    /// How far it has come.
    pub status: SmsStatus,
    /// Why it failed, if it did.
    pub failure: Option<SmsFailure>,
    /// "Seen before" goes by this: sid and status word.
    pub dedupe_key: String,
}

/// A signed body that is not the form Twilio sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FormUnreadable {
    /// Not UTF-8.
    #[error("the form is not UTF-8")]
    NotUtf8,
    /// A parameter that has to be there is missing; names it.
    #[error("the form has no {0}")]
    Missing(&'static str),
}

/// The pairs of a form body, in order, names and values decoded; the signature is checked over these.
pub fn parse_form(raw_body: &[u8]) -> Result<Vec<(String, String)>, FormUnreadable> {
    if std::str::from_utf8(raw_body).is_err() {
        return Err(FormUnreadable::NotUtf8);
    }
    Ok(form_urlencoded::parse(raw_body).into_owned().collect())
}

/// Reads an inbound text.
pub fn parse_inbound(form: &[(String, String)]) -> Result<InboundSms, FormUnreadable> {
    Ok(InboundSms {
        sid: sid(form)?,
        from: Address::new(need(form, "From")?),
        to: Address::new(need(form, "To")?),
        body: get(form, "Body").unwrap_or_default().to_owned(),
        media: get(form, "NumMedia").and_then(|n| n.parse().ok()).unwrap_or(0),
        opt_out: match get(form, "OptOutType") {
            Some("STOP") => Some(OptOut::Stop),
            Some("START") => Some(OptOut::Start),
            Some("HELP") => Some(OptOut::Help),
            _ => None,
        },
    })
}

/// Reads a status report.
pub fn parse_status(form: &[(String, String)]) -> Result<StatusReport, FormUnreadable> {
    let sid = sid(form)?;
    let word = get(form, "MessageStatus").or_else(|| get(form, "SmsStatus"));
    let word = word.ok_or(FormUnreadable::Missing("MessageStatus"))?;
    Ok(StatusReport {
        dedupe_key: format!("{sid}:{word}"),
        sid,
        status: SmsStatus::parse(word),
        failure: get(form, "ErrorCode").and_then(|code| code.parse().ok()).map(failure),
    })
}

impl fmt::Debug for InboundSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundSms").field("sid", &self.sid).finish_non_exhaustive()
    }
}

impl fmt::Debug for StatusReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StatusReport").field(&self.dedupe_key).finish()
    }
}

fn sid(form: &[(String, String)]) -> Result<String, FormUnreadable> {
    let sid = get(form, "MessageSid").or_else(|| get(form, "SmsSid"));
    sid.filter(|sid| !sid.is_empty()).map(ToOwned::to_owned).ok_or(FormUnreadable::Missing("MessageSid"))
}

fn need<'a>(form: &'a [(String, String)], name: &'static str) -> Result<&'a str, FormUnreadable> {
    get(form, name).ok_or(FormUnreadable::Missing(name))
}

fn get<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RefusedClass;

    #[test]
    fn an_inbound_text_is_read_as_it_was_written() {
        let raw = b"MessageSid=SM1&From=%2B819010000000&To=%2B815010000000&Body=%E5%85%83%E6%B0%97+%F0%9F%98%80%0A&NumMedia=0&FutureField=x";
        let sms = parse_inbound(&parse_form(raw).unwrap()).unwrap();
        assert_eq!((sms.sid.as_str(), sms.from.as_str(), sms.body.as_str()), ("SM1", "+819010000000", "元気 😀\n"));
        assert_eq!((sms.media, sms.opt_out), (0, None));
    }

    #[test]
    fn a_stop_that_twilio_understood_is_told() {
        let raw = b"MessageSid=SM1&From=a&To=b&Body=STOP&OptOutType=STOP";
        assert_eq!(parse_inbound(&parse_form(raw).unwrap()).unwrap().opt_out, Some(OptOut::Stop));
    }

    #[test]
    fn a_report_has_its_status_reason_and_key() {
        let raw = b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30006&RawDlrDoneDate=2611210900";
        let report = parse_status(&parse_form(raw).unwrap()).unwrap();
        assert_eq!(report.status, SmsStatus::Undelivered);
        assert_eq!(report.dedupe_key, "SM1:undelivered");
        let class = super::super::FailureClass::Permanent(RefusedClass::AddressInvalid);
        assert_eq!(report.failure, Some(SmsFailure { code: 30_006, class }));
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(parse_form(b"Body=\xff").unwrap_err(), FormUnreadable::NotUtf8);
        let form = parse_form(b"MessageSid=SM1").unwrap();
        assert_eq!(parse_inbound(&form).unwrap_err(), FormUnreadable::Missing("From"));
        assert_eq!(parse_status(&form).unwrap_err(), FormUnreadable::Missing("MessageStatus"));
        assert_eq!(parse_status(&[]).unwrap_err(), FormUnreadable::Missing("MessageSid"));
    }

    #[test]
    fn debug_shows_no_words_and_no_numbers() {
        let form = parse_form(b"MessageSid=SM1&From=%2B819010000000&To=b&Body=himitsu").unwrap();
        let shown = format!("{:?}", parse_inbound(&form).unwrap());
        assert!(!shown.contains("himitsu") && !shown.contains("8190"), "{shown}");
    }
}
