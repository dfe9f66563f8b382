//! One mail: its parts, its check, and its form on the wire.

use std::{fmt, time::SystemTime};

use chrono::{DateTime, Utc};
use lettre::{
    Message,
    message::{Mailbox as LettreMailbox, MultiPart, SinglePart},
};

use crate::{
    Address, Outgoing,
    check::{GRAPHEMES, Part, Problem, ProblemKind, length},
};

/// A subject longer than this is cut by most readers.
pub const MAX_SUBJECT_CHARACTERS: usize = 200;
/// Far above anything this program writes, far below any server's limit.
pub const MAX_TEXT_CHARACTERS: usize = 100_000;

/// A mail address with the name beside it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name shown to the reader.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

/// One mail.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailMessage {
    /// The office.
    pub from: Mailbox,
    /// One recipient: a mail never shows one employer to another.
    pub to: Mailbox,
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// `<…@…>`, derived from what the mail is for, so that a second copy is recognised.
    pub message_id: String,
    /// The date in the header, UTC.
    pub date: DateTime<Utc>,
}

/// Everything that keeps this from being a mail.
pub fn check(mail: &EmailMessage) -> Result<(), Vec<Problem>> {
    let addresses = [&mail.to.address, &mail.from.address];
    problems(&addresses, &mail.subject, &mail.text)
}

/// Everything that keeps this message from becoming a mail.
pub fn check_outgoing(outgoing: &Outgoing) -> Result<(), Vec<Problem>> {
    problems(&[&outgoing.to], outgoing.subject.as_deref().unwrap_or_default(), &outgoing.text)
}

fn problems(addresses: &[&Address], subject: &str, text: &str) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    if addresses.iter().any(|address| parse(address).is_none()) {
        problems.push(Problem { part: Part::Address, kind: ProblemKind::Malformed });
    }
    length(&mut problems, Part::Subject, subject, MAX_SUBJECT_CHARACTERS, GRAPHEMES);
    if subject.chars().any(char::is_control) {
        problems.push(Problem { part: Part::Subject, kind: ProblemKind::Malformed });
    }
    length(&mut problems, Part::Text, text, MAX_TEXT_CHARACTERS, GRAPHEMES);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The address in the mail library's type. Addresses outside ASCII need SMTPUTF8, which many servers lack.
pub(super) fn parse(address: &Address) -> Option<lettre::Address> {
    let address = address.as_str();
    if address.is_ascii() { address.parse().ok() } else { None }
}

/// The mail for the wire. `None` only for what `check` refuses, too.
pub(super) fn build(mail: &EmailMessage) -> Option<Message> {
    let builder = Message::builder()
        .message_id(Some(mail.message_id.clone()))
        .date(SystemTime::from(mail.date))
        .from(mailbox(&mail.from)?)
        .to(mailbox(&mail.to)?)
        .subject(mail.subject.clone());
    let built = match &mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.clone())),
        None => builder.singlepart(SinglePart::plain(mail.text.clone())),
    };
    built.ok()
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(…)")
    }
}

impl fmt::Debug for EmailMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailMessage").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// A name comes from somebody's file; a line end in it would make the mail library panic.
fn mailbox(mailbox: &Mailbox) -> Option<LettreMailbox> {
    let name = mailbox.name.as_ref().map(|name| name.replace(char::is_control, " "));
    Some(LettreMailbox::new(name, parse(&mailbox.address)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> EmailMessage {
        let mailbox = |name: &str, address: &str| Mailbox { name: Some(name.into()), address: Address::new(address) };
        EmailMessage {
            from: mailbox("見本事業所", "office@example.jp"),
            to: mailbox("例田 太郎", "taro@example.com"),
            subject: "お願いが一つあります".into(),
            text: "お世話になっております。".into(),
            html: Some("<p>お世話になっております。</p>".into()),
            message_id: "<0190@example.jp>".into(),
            date: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
        }
    }

    #[test]
    fn a_mail_is_ascii_on_the_wire_with_our_message_id_and_date() {
        let wire = build(&mail()).unwrap().formatted();
        assert!(wire.is_ascii());
        let wire = String::from_utf8(wire).unwrap();
        assert!(wire.contains("Message-ID: <0190@example.jp>\r\n"), "{wire}");
        assert!(wire.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"), "{wire}");
        assert!(wire.contains("multipart/alternative"));
    }

    #[test]
    fn a_subject_of_two_lines_cannot_add_a_header() {
        let mut two_lines = mail();
        two_lines.subject = "a\r\nBcc: someone@example.com".into();
        assert!(check(&two_lines).is_err());
        let wire = String::from_utf8(build(&two_lines).unwrap().formatted()).unwrap();
        assert!(!wire.contains("\r\nBcc:"), "{wire}");
    }

    #[test]
    fn a_name_of_two_lines_cannot_add_a_header() {
        let mut two_lines = mail();
        two_lines.to.name = Some("a\r\nBcc: someone@example.com".into());
        let wire = String::from_utf8(build(&two_lines).unwrap().formatted()).unwrap();
        assert!(!wire.contains("\r\nBcc:"), "{wire}");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for address in ["", "taro", "taro@", "太郎@example.com", "a@example.com,b@example.com"] {
            let mut to = mail();
            to.to.address = Address::new(address);
            assert!(check(&to).is_err(), "{address}");
        }
        assert_eq!(check(&mail()), Ok(()));
    }
}
