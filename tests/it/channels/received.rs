//! What came in at Twilio, asked for because its webhook may never have reached us.

use bansou_channels::{
    Channel, TwilioChannel, TwilioSettings,
    twilio::{self, OptOut, ReceivedSms},
};
use bansou_tests::fakes::{Fault, TwilioFake, twilio as fake_twilio};
use chrono::{DateTime, TimeDelta, Utc};

use super::{MOBILE, clock, now, outgoing, twilio_channel, twilio_settings};

const URL: &str = "https://bansou.example/webhooks/twilio/sms-main/inbound";

/// Every page.
async fn all(channel: &TwilioChannel, since: DateTime<Utc>) -> Vec<ReceivedSms> {
    let mut page = channel.received(since, None).await.unwrap();
    let mut all = std::mem::take(&mut page.messages);
    while let Some(next) = page.next {
        page = channel.received(since, Some(&next)).await.unwrap();
        all.append(&mut page.messages);
    }
    all
}

fn service(fake: &TwilioFake, sid: &str) -> TwilioChannel {
    let settings = twilio_settings(fake.base_url());
    TwilioChannel::new(TwilioSettings { from: None, messaging_service_sid: Some(sid.into()), ..settings }).unwrap()
}

#[tokio::test]
async fn a_listed_sms_is_read_as_its_webhook_would_have_been() {
    let fake = TwilioFake::start(clock(), 1).await;
    let channel = twilio_channel(&fake);
    let call = fake.inbound(URL, MOBILE, "元気です & 大丈夫 😀\n");
    channel.send(&outgoing(MOBILE, 1)).await;
    let listed = all(&channel, now()).await;
    assert_eq!(listed.len(), 1, "what we sent ourselves isn't among it");
    let webhook = twilio::parse_inbound(&twilio::parse_form(&call.body).unwrap()).unwrap();
    let found = twilio::parse_inbound(&listed[0].form).unwrap();
    assert!(found == webhook && listed[0].sid == webhook.sid && listed[0].at == now());
}

#[tokio::test]
async fn words_that_twilio_takes_for_a_stop_are_told_as_one() {
    let fake = TwilioFake::start(clock(), 1).await;
    for (text, expected) in [(" Stop", Some(OptOut::Stop)), ("START", Some(OptOut::Start)), ("stop it", None)] {
        fake.inbound(URL, MOBILE, text);
        let newest = all(&twilio_channel(&fake), now()).await.remove(0);
        assert_eq!(twilio::parse_inbound(&newest.form).unwrap().opt_out, expected, "{text}");
    }
}

#[tokio::test]
async fn only_what_came_since_then_is_listed_also_just_after_midnight() {
    let clock = clock();
    let fake = TwilioFake::start(clock.clone(), 1).await;
    let channel = twilio_channel(&fake);
    let midnight = "2026-11-21T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
    for minutes in [-90, -30, 30] {
        clock.set(midnight + TimeDelta::minutes(minutes));
        fake.inbound(URL, MOBILE, &minutes.to_string());
    }
    let since = midnight - TimeDelta::minutes(60);
    let times: Vec<_> = all(&channel, since).await.iter().map(|sms| (sms.at - midnight).num_minutes()).collect();
    assert_eq!(times, [30, -30]);
}

#[tokio::test]
async fn the_list_is_read_to_its_last_page_and_not_beyond_the_moment_asked_for() {
    let clock = clock();
    let fake = TwilioFake::start(clock.clone(), 1).await;
    let channel = twilio_channel(&fake);
    for n in 0..350 {
        if n == 150 {
            clock.set(now() + TimeDelta::hours(2));
        }
        fake.inbound(URL, MOBILE, &n.to_string());
    }
    let pages = || fake.seen().iter().filter(|seen| seen.call == "list").count();
    assert_eq!(all(&channel, now()).await.len(), 350);
    assert_eq!(pages(), 4);
    assert_eq!(all(&channel, now() + TimeDelta::hours(1)).await.len(), 200);
    assert_eq!(pages(), 4 + 3, "the first page that is older as a whole is the last");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_messaging_service_gets_what_came_to_its_own_numbers() {
    let fake = TwilioFake::start(clock(), 1).await;
    fake.inbound(URL, MOBILE, "はい");
    assert_eq!(all(&service(&fake, fake_twilio::SERVICE_SID), now()).await.len(), 1);
    assert!(all(&service(&fake, &format!("MG{}", "1".repeat(32))), now()).await.is_empty());
}

#[tokio::test]
async fn a_sender_that_is_a_name_has_nothing_to_ask_for() {
    let fake = TwilioFake::start(clock(), 1).await;
    let settings = TwilioSettings { from: Some("BANSOU".into()), ..twilio_settings(fake.base_url()) };
    let channel = Channel::Twilio(TwilioChannel::new(settings).unwrap());
    assert!(channel.received(now(), None).await.is_none());
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_an_error_and_not_an_empty_one() {
    let fake = TwilioFake::start(clock(), 1).await;
    let channel = twilio_channel(&fake);
    fake.faults().script([Some(Fault::ErrorBefore), Some(Fault::GarbledAfter), Some(Fault::RateLimited)]);
    for code in ["twilio_http_500", "unreadable_answer", "twilio_http_429"] {
        assert_eq!(channel.received(now(), None).await.unwrap_err().code, code);
    }
}
