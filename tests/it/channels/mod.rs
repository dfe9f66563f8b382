//! Channels against fault-injecting fakes and the official contracts.

mod conformance;
mod content;
mod contracts;
mod hostile;
mod http;
mod ledger;
mod line;
mod received;
mod smtp;
mod twilio;

use std::{sync::Arc, time::Duration};

use bansou_channels::{
    Address, Channel, LineChannel, LineSettings, Mailbox, Outgoing, Secret, SmtpChannel, SmtpSecurity, SmtpSettings,
    Timeouts, TwilioChannel, TwilioSettings,
};
use bansou_tests::{
    ambient::{TestClock, moment},
    fakes::{LineFake, SmtpFake, TwilioFake, line as line_fake, smtp as smtp_fake, twilio as twilio_fake},
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A made-up LINE user.
const USER: &str = "U00000000000000000000000000000001";
/// A made-up mobile number.
const MOBILE: &str = "+819010000001";
/// A made-up mailbox.
const MAILBOX: &str = "mihon@example.jp";

fn now() -> DateTime<Utc> {
    moment("2026-11-20T10:00:00+09:00")
}

fn clock() -> Arc<TestClock> {
    TestClock::new(now())
}

fn line_settings(base_url: String) -> LineSettings {
    LineSettings {
        id: "line-main".into(),
        base_url,
        content_base_url: None,
        channel_secrets: vec![Secret::new(line_fake::CHANNEL_SECRET)],
        channel_access_token: Secret::new(line_fake::ACCESS_TOKEN),
        pushes_per_second: bansou_channels::PUSHES_PER_SECOND,
        timeouts: Timeouts::default(),
    }
}

fn line_channel(fake: &LineFake) -> LineChannel {
    LineChannel::new(line_settings(fake.base_url())).unwrap()
}

fn twilio_settings(base_url: String) -> TwilioSettings {
    TwilioSettings {
        id: "sms-main".into(),
        base_url,
        account_sid: twilio_fake::ACCOUNT_SID.into(),
        auth_tokens: vec![Secret::new(twilio_fake::AUTH_TOKEN)],
        from: Some(twilio_fake::FROM.into()),
        messaging_service_sid: None,
        timeouts: Timeouts::default(),
    }
}

fn twilio_channel(fake: &TwilioFake) -> TwilioChannel {
    TwilioChannel::new(twilio_settings(fake.base_url())).unwrap()
}

pub(crate) fn smtp_settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        id: "mail-main".into(),
        host: "127.0.0.1".into(),
        port,
        security: SmtpSecurity::None,
        username: Some(smtp_fake::USER.into()),
        password: Some(Secret::new(smtp_fake::PASSWORD)),
        from: Mailbox { name: Some("見本事業所".into()), address: Address::new("office@example.jp") },
        timeouts: Timeouts::default(),
    }
}

/// A message that every channel can carry to `to`.
fn outgoing(to: &str, key: u128) -> Outgoing {
    let mut outgoing = Outgoing::text(Address::new(to), "最近いかがですか。", Uuid::from_u128(key), now());
    outgoing.subject = Some("お元気ですか".into());
    outgoing
}

/// Any of the three providers with its channel, so that one test can hold them to the same promises.
enum Bench {
    Line(LineFake, Channel),
    Twilio(TwilioFake, Channel),
    Smtp(SmtpFake, Channel),
}

impl Bench {
    /// All three; `total` is the channels' time limit.
    async fn all(total: Duration) -> Vec<Self> {
        let timeouts = Timeouts { connect: total, total };
        let (line, twilio) = (LineFake::start(clock(), 1).await, TwilioFake::start(clock(), 1).await);
        let smtp = SmtpFake::start(clock(), 1).await;
        let line_channel = LineChannel::new(LineSettings { timeouts, ..line_settings(line.base_url()) }).unwrap();
        let twilio_channel =
            TwilioChannel::new(TwilioSettings { timeouts, ..twilio_settings(twilio.base_url()) }).unwrap();
        let smtp_channel = SmtpChannel::new(SmtpSettings { timeouts, ..smtp_settings(smtp.port()) }).unwrap();
        vec![
            Self::Line(line, Channel::Line(line_channel)),
            Self::Twilio(twilio, Channel::Twilio(twilio_channel)),
            Self::Smtp(smtp, Channel::Smtp(smtp_channel)),
        ]
    }

    fn channel(&self) -> &Channel {
        match self {
            Self::Line(_, channel) | Self::Twilio(_, channel) | Self::Smtp(_, channel) => channel,
        }
    }

    fn address(&self) -> &'static str {
        match self {
            Self::Line(..) => USER,
            Self::Twilio(..) => MOBILE,
            Self::Smtp(..) => MAILBOX,
        }
    }

    fn faults(&self) -> &bansou_tests::fakes::Faults {
        match self {
            Self::Line(fake, _) => fake.faults(),
            Self::Twilio(fake, _) => fake.faults(),
            Self::Smtp(fake, _) => fake.faults(),
        }
    }

    /// How many messages the provider's own ledger holds.
    fn taken(&self) -> usize {
        match self {
            Self::Line(fake, _) => fake.accepted().len(),
            Self::Twilio(fake, _) => fake.accepted().len(),
            Self::Smtp(fake, _) => fake.accepted().len(),
        }
    }
}
