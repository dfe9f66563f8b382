//! Calls that Twilio makes to us: status reports and inbound texts, signed. The test posts them where they belong.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::{ACCOUNT_SID, AUTH_TOKEN, FROM, Received, TwilioFake};
use crate::fakes::{SignedCall, lock};

/// A status report on its way to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsCallback {
    /// Where it goes: the message's status callback.
    pub url: String,
    /// The SMS.
    pub sid: String,
    /// `sent`, `delivered` or `undelivered`.
    pub status: &'static str,
    /// The form and its signature.
    pub call: SignedCall,
}

impl TwilioFake {
    /// Every SMS comes one step further (queued → sent → delivered or undelivered); returns the reports.
    pub fn progress(&self) -> Vec<SmsCallback> {
        let now = self.platform.clock.now();
        let mut book = lock(&self.platform.book);
        let unreachable = book.unreachable.clone();
        let mut reports = Vec::new();
        for message in &mut book.accepted {
            let code = unreachable.get(&message.to).copied();
            message.status = match (message.status, code) {
                ("queued", _) => {
                    message.sent_at = Some(now);
                    "sent"
                }
                ("sent", None) => "delivered",
                ("sent", Some(_)) => {
                    message.error_code = code;
                    "undelivered"
                }
                _ => continue,
            };
            let Some(url) = message.status_callback.clone() else { continue };
            let mut form = pairs(&[
                ("AccountSid", ACCOUNT_SID),
                ("ApiVersion", "2010-04-01"),
                ("From", FROM),
                ("MessageSid", &message.sid),
                ("MessageStatus", message.status),
                ("SmsSid", &message.sid),
                ("SmsStatus", message.status),
                ("To", &message.to),
            ]);
            form.extend(message.error_code.map(|code| ("ErrorCode".to_owned(), code.to_string())));
            let call = signed(&url, &form);
            reports.push(SmsCallback { url, sid: message.sid.clone(), status: message.status, call });
        }
        reports
    }

    /// A person writes an SMS, which stands in the list from now on; Twilio acts on STOP and START itself and tells so.
    pub fn inbound(&self, url: &str, from: &str, text: &str) -> SignedCall {
        let mut book = lock(&self.platform.book);
        let sid = format!("SM{:032x}", 0xf000_0001 + book.received.len());
        let (at, from_whom, body) = (self.platform.clock.now(), from.to_owned(), text.to_owned());
        book.received.push(Received { at, sid: sid.clone(), from: from_whom, body });
        let mut form = pairs(&[
            ("AccountSid", ACCOUNT_SID),
            ("ApiVersion", "2010-04-01"),
            ("Body", text),
            ("From", from),
            ("MessageSid", &sid),
            ("NumMedia", "0"),
            ("NumSegments", "1"),
            ("SmsSid", &sid),
            ("SmsStatus", "received"),
            ("To", FROM),
        ]);
        match text.trim().to_ascii_uppercase().as_str() {
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" => {
                book.opted_out.insert(from.to_owned());
                form.extend(pairs(&[("OptOutType", "STOP")]));
            }
            "START" | "YES" => {
                book.opted_out.remove(from);
                form.extend(pairs(&[("OptOutType", "START")]));
            }
            _ => {}
        }
        signed(url, &form)
    }
}

/// `X-Twilio-Signature` of a form sent to a URL, for this fake's token.
pub fn sign(url: &str, form: &[(String, String)]) -> String {
    let mut sorted = form.to_vec();
    sorted.sort();
    sorted.dedup();
    let text: String = sorted.into_iter().map(|(name, value)| name + &value).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(AUTH_TOKEN.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(url.as_bytes());
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn signed(url: &str, form: &[(String, String)]) -> SignedCall {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    SignedCall { body: body.finish().into_bytes(), signature: sign(url, form) }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
