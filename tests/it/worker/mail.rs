//! Mail as it arrives: read part by part from what the server took.

use bansou_channels::{Channel, SimulatorInbox, SmtpChannel};
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_store::NewDelivery;
use bansou_tests::ambient::{TestClock, moment};
use bansou_tests::fakes::SmtpFake;
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;

use crate::channels::smtp_settings;

const MORNING: &str = "2026-04-01T10:00:00+09:00";
const TEXT: &str = "株式会社サンプル物流\nお願いが一つあります。https://bansou.example/e/0000";
const HTML: &str = "<!doctype html><html lang=\"ja\"><body><p>お願いが一つあります。<a href=\"https://bansou.example/e/0000\">答える</a></p></body></html>";

/// Sends one mail over the whole send path and gives what the server took.
async fn arrived(url: &str, html: Option<&str>) -> String {
    let clock = TestClock::new(moment(MORNING));
    let smtp = SmtpFake::start(std::sync::Arc::clone(&clock) as _, 1).await;
    let mail = Channel::Smtp(SmtpChannel::new(smtp_settings(smtp.port())).unwrap());
    let world = World::with_channels(url, clock, vec![mail], SimulatorInbox::new()).await;
    let until = world.now() + TimeDelta::hours(5);
    let tx = world.begin().await;
    tx.add_delivery(&NewDelivery {
        graduate: None,
        check_in: None,
        message: None,
        escalation: None,
        purpose: Purpose::Password,
        slot: "1".into(),
        channel_id: "mail-main".into(),
        channel_kind: ChannelKind::Email,
        contact_point: None,
        address: "tanto@example.com".into(),
        payload: Payload {
            subject: Some("お願いが一つあります".into()),
            text: TEXT.into(),
            html: html.map(Into::into),
            ..Payload::default()
        },
        due_at: world.now(),
        window: (world.now(), until),
        expires_at: until,
    })
    .await
    .unwrap();
    tx.save().await.unwrap();
    assert_eq!(world.engine.dispatch().await.unwrap(), 1);
    smtp.accepted().remove(0).raw
}

/// The type and the words of each part of a mail, or of the mail itself where it has one part.
fn parts(raw: &str) -> Vec<(String, String)> {
    let Some((_, boundary)) = raw.split_once("boundary=\"") else { return vec![part(raw)] };
    let boundary = boundary.split('"').next().unwrap();
    let (body, end) = raw.rsplit_once(&format!("--{boundary}--")).expect("the last boundary");
    assert_eq!(end.trim(), "");
    body.split(&format!("--{boundary}\r\n")).skip(1).map(part).collect()
}

fn part(raw: &str) -> (String, String) {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let field =
        |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
    let bytes = match field("Content-Transfer-Encoding:").as_str() {
        "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap(),
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    let words = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    (field("Content-Type:"), words.trim_end().to_owned())
}

fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut pieces = joined.split('=');
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        bytes.extend(&piece.as_bytes()[2..]);
    }
    bytes
}

for_each_database! {
    async fn a_mail_with_html_arrives_as_two_ways_to_read_the_same(database: &TestDatabase) {
        let raw = arrived(database.url(), Some(HTML)).await;
        assert!(raw.contains("Content-Type: multipart/alternative;"), "{raw}");
        let parts = parts(&raw);
        // The plainest comes first: a reader shows the last one it understands.
        assert_eq!(parts[0], ("text/plain; charset=utf-8".into(), TEXT.into()));
        assert_eq!(parts[1], ("text/html; charset=utf-8".into(), HTML.into()));
        assert_eq!(parts.len(), 2);
    }

    async fn a_mail_without_html_is_plain_text(database: &TestDatabase) {
        let raw = arrived(database.url(), None).await;
        assert!(!raw.contains("multipart"), "{raw}");
        assert_eq!(parts(&raw), [("text/plain; charset=utf-8".into(), TEXT.into())]);
    }
}
