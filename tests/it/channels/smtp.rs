//! Mail: what arrives, and where a refusal came from.

use bansou_channels::{
    Address, EmailMessage, Mailbox, Outcome, RefusedClass, Secret, SmtpChannel, SmtpSecurity, SmtpSettings,
};
use bansou_tests::fakes::{Fault, SmtpFake};

use super::{MAILBOX, clock, now, outgoing, smtp_settings};

fn mail() -> EmailMessage {
    EmailMessage {
        from: Mailbox { name: Some("見本事業所".into()), address: Address::new("office@example.jp") },
        to: Mailbox { name: Some("例田 太郎".into()), address: Address::new(MAILBOX) },
        subject: "お願いが一つあります".into(),
        text: "お世話になっております。\n.\n見本事業所です。".into(),
        html: None,
        message_id: "<request-1@example.jp>".into(),
        date: now(),
    }
}

#[tokio::test]
async fn a_mail_arrives_whole_with_our_message_id() {
    let fake = SmtpFake::start(clock(), 1).await;
    let channel = SmtpChannel::new(smtp_settings(fake.port())).unwrap();
    let outcome = channel.send(&mail()).await;
    assert_eq!(outcome, Outcome::Accepted { provider_ref: None, request_id: None, already: false });
    let taken = fake.accepted().remove(0);
    assert_eq!((taken.from.as_str(), taken.to.as_str()), ("office@example.jp", MAILBOX));
    assert_eq!(taken.message_id, "<request-1@example.jp>");
    assert!(taken.raw.contains("Date: Fri, 20 Nov 2026 01:00:00 +0000"), "{}", taken.raw);
    assert!(taken.raw.is_ascii(), "Japanese has to be encoded");
}

#[tokio::test]
async fn a_message_of_the_send_path_becomes_a_mail_named_by_its_key() {
    let fake = SmtpFake::start(clock(), 1).await;
    let channel = SmtpChannel::new(smtp_settings(fake.port())).unwrap();
    channel.send(&channel.mail_from(&outgoing(MAILBOX, 7))).await;
    assert_eq!(fake.accepted()[0].message_id, "<00000000-0000-0000-0000-000000000007@example.jp>");
}

#[tokio::test]
async fn a_wrong_password_is_an_alarm_and_not_a_retry() {
    let fake = SmtpFake::start(clock(), 1).await;
    let settings = SmtpSettings { password: Some(Secret::new("wrong")), ..smtp_settings(fake.port()) };
    let outcome = SmtpChannel::new(settings).unwrap().send(&mail()).await;
    assert_eq!(outcome, Outcome::Refused { class: RefusedClass::Unauthorized, code: "smtp_535".into() });
}

#[tokio::test]
async fn a_server_that_cannot_start_tls_gets_no_mail() {
    let fake = SmtpFake::start(clock(), 1).await;
    let settings = SmtpSettings { security: SmtpSecurity::StartTls, ..smtp_settings(fake.port()) };
    let outcome = SmtpChannel::new(settings).unwrap().send(&mail()).await;
    let expected = Outcome::Refused { class: RefusedClass::Configuration, code: "smtp_no_starttls".into() };
    assert_eq!(outcome, expected);
    assert!(fake.accepted().is_empty());
}

#[tokio::test]
async fn a_full_disk_over_there_means_later() {
    let fake = SmtpFake::start(clock(), 1).await;
    fake.faults().script([Some(Fault::MonthlyQuota)]);
    let outcome = SmtpChannel::new(smtp_settings(fake.port())).unwrap().send(&mail()).await;
    assert!(matches!(outcome, Outcome::WaitUntil { .. }), "{outcome:?}");
}

#[test]
fn an_unprotected_server_elsewhere_is_refused_by_name() {
    let settings = SmtpSettings { host: "mail.example.jp".into(), ..smtp_settings(25) };
    let words = "channel mail-main: security may be none only for a server on this machine";
    assert_eq!(SmtpChannel::new(settings).unwrap_err().to_string(), words);
}
