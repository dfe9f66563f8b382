//! Twilio: look-up after an unclear send, opt-outs, reports, inbound texts; requests by Twilio's own contract.

use std::time::Duration;

use bansou_channels::{
    Address, Outcome, RefusedClass, Secret, TwilioChannel, TwilioSettings,
    twilio::{self, FailureClass, OptOut, SmsStatus, body_hash},
};
use bansou_tests::fakes::{Fault, TwilioFake, twilio as fake_twilio};
use chrono::TimeDelta;

use super::{MOBILE, clock, now, outgoing, twilio_channel, twilio_settings};

const URL: &str = "https://bansou.example/webhooks/twilio/sms-main/inbound";

#[tokio::test]
async fn a_message_is_good_by_twilios_contract_and_may_not_wait_for_hours() {
    let fake = TwilioFake::start(clock(), 1).await;
    let mut sms = outgoing(MOBILE, 1);
    sms.valid_for = Duration::from_mins(30);
    sms.status_callback = Some("https://bansou.example/webhooks/twilio/sms-main/status?attempt=a1".into());
    let outcome = twilio_channel(&fake).send(&sms).await;
    assert_eq!(fake.violations(), Vec::<String>::new());
    let sid = fake.accepted()[0].sid.clone();
    assert_eq!(outcome, Outcome::Accepted { provider_ref: Some(sid), request_id: Some("RQ00".into()), already: false });
    let taken = &fake.accepted()[0];
    assert_eq!((taken.to.as_str(), taken.validity), (MOBILE, Some(1_800)));
    assert_eq!(taken.status_callback, sms.status_callback);
}

#[tokio::test]
async fn a_messaging_service_is_good_by_the_contract_too() {
    let fake = TwilioFake::start(clock(), 1).await;
    let settings = TwilioSettings {
        from: None,
        messaging_service_sid: Some(format!("MG{}", "0".repeat(32))),
        ..twilio_settings(fake.base_url())
    };
    let outcome = TwilioChannel::new(settings).unwrap().send(&outgoing(MOBILE, 1)).await;
    assert_eq!(fake.violations(), Vec::<String>::new());
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
}

#[tokio::test]
async fn an_unclear_send_is_found_by_its_words_and_time() {
    let clock = clock();
    let fake = TwilioFake::start(clock.clone(), 1).await;
    let channel = twilio_channel(&fake);
    let (to, hash) = (Address::new(MOBILE), body_hash("最近いかがですか。"));
    // The same words yesterday are another message.
    clock.set(now() - TimeDelta::days(1));
    channel.send(&outgoing(MOBILE, 1)).await;
    clock.set(now());
    fake.faults().script([Some(Fault::ResetAfter)]);
    assert!(matches!(channel.send(&outgoing(MOBILE, 2)).await, Outcome::Unknown { .. }));
    // Still in Twilio's queue: no date of sending yet.
    let found = channel.look_up(&to, hash, now()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].sid.as_str(), &found[0].status), (fake.accepted()[1].sid.as_str(), &SmsStatus::InProgress));
    assert_eq!(found[0].created_at, now());
    assert!(channel.look_up(&to, body_hash("別のことば"), now()).await.unwrap().is_empty());
    assert!(channel.look_up(&Address::new("+819010000002"), hash, now()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_never_arrived_is_not_found_and_a_failing_look_up_is_an_error() {
    let fake = TwilioFake::start(clock(), 1).await;
    let channel = twilio_channel(&fake);
    let (to, hash) = (Address::new(MOBILE), body_hash("最近いかがですか。"));
    fake.faults().script([Some(Fault::ResetBefore), None, Some(Fault::ErrorBefore), Some(Fault::GarbledAfter)]);
    assert!(matches!(channel.send(&outgoing(MOBILE, 1)).await, Outcome::Unknown { .. }));
    assert!(channel.look_up(&to, hash, now()).await.unwrap().is_empty());
    assert_eq!(channel.look_up(&to, hash, now()).await.unwrap_err().code, "twilio_http_500");
    assert_eq!(channel.look_up(&to, hash, now()).await.unwrap_err().code, "unreadable_answer");
}

#[tokio::test]
async fn a_look_up_turns_the_page_until_it_is_older_than_the_attempt() {
    let fake = TwilioFake::start(clock(), 1).await;
    let channel = twilio_channel(&fake);
    channel.send(&outgoing(MOBILE, 0)).await;
    for n in 1..=120 {
        let mut other = outgoing(MOBILE, n);
        other.text = format!("別のお知らせ {n}");
        channel.send(&other).await;
    }
    let found = channel.look_up(&Address::new(MOBILE), body_hash("最近いかがですか。"), now()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(fake.seen().iter().filter(|seen| seen.call == "list").count(), 2);
}

#[tokio::test]
async fn opted_out_landline_and_wrong_numbers_are_told_apart() {
    let fake = TwilioFake::start(clock(), 1).await;
    let channel = twilio_channel(&fake);
    fake.opt_out(MOBILE);
    let rows = [
        (MOBILE, RefusedClass::OptedOut, "twilio_21610"),
        ("+81312345678", RefusedClass::AddressInvalid, "twilio_21614"),
        ("+818001234567", RefusedClass::AddressInvalid, "twilio_21614"),
        ("+1234567", RefusedClass::AddressInvalid, "twilio_21211"),
    ];
    for (to, class, code) in rows {
        assert_eq!(channel.send(&outgoing(to, 1)).await, Outcome::Refused { class, code: code.into() }, "{to}");
    }
    assert!(fake.accepted().is_empty());
}

#[tokio::test]
async fn a_wrong_password_is_an_alarm_and_not_a_retry() {
    let fake = TwilioFake::start(clock(), 1).await;
    let settings = TwilioSettings { auth_tokens: vec![Secret::new("wrong")], ..twilio_settings(fake.base_url()) };
    let outcome = TwilioChannel::new(settings).unwrap().send(&outgoing(MOBILE, 1)).await;
    assert_eq!(outcome, Outcome::Refused { class: RefusedClass::Unauthorized, code: "twilio_20003".into() });
}

#[tokio::test]
async fn reports_are_signed_for_their_url_and_tell_the_end_of_a_message() {
    let fake = TwilioFake::start(clock(), 1).await;
    let channel = twilio_channel(&fake);
    fake.set_unreachable(MOBILE, 30_003);
    let mut sms = outgoing(MOBILE, 1);
    sms.status_callback = Some("https://bansou.example/webhooks/twilio/sms-main/status?attempt=a1".into());
    channel.send(&sms).await;
    let expected = [(SmsStatus::Sent, None), (SmsStatus::Undelivered, Some(30_003))];
    for (status, code) in expected {
        let report = fake.progress().remove(0);
        let form = twilio::parse_form(&report.call.body).unwrap();
        assert!(channel.verify(&report.url, &form, &report.call.signature));
        assert!(!channel.verify("https://bansou.example/webhooks/twilio/other/status", &form, &report.call.signature));
        let read = twilio::parse_status(&form).unwrap();
        assert_eq!((read.sid, read.status), (fake.accepted()[0].sid.clone(), status));
        assert_eq!(read.failure.map(|failure| failure.code), code);
        if let Some(failure) = read.failure {
            assert!(matches!(failure.class, FailureClass::Later(_)));
        }
    }
    assert!(fake.progress().is_empty());
}

#[tokio::test]
async fn an_inbound_text_is_signed_and_read_and_stop_is_told() {
    let fake = TwilioFake::start(clock(), 1).await;
    let channel = twilio_channel(&fake);
    let call = fake.inbound(URL, MOBILE, "元気です & 大丈夫 😀\n");
    let form = twilio::parse_form(&call.body).unwrap();
    assert!(channel.verify(URL, &form, &call.signature));
    assert_eq!(twilio::sign(&Secret::new(fake_twilio::AUTH_TOKEN), URL, &form), call.signature);
    let mut changed = call.body.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    assert!(!channel.verify(URL, &twilio::parse_form(&changed).unwrap(), &call.signature));
    let read = twilio::parse_inbound(&form).unwrap();
    assert_eq!((read.from.as_str(), read.body.as_str(), read.opt_out), (MOBILE, "元気です & 大丈夫 😀\n", None));

    let stop = twilio::parse_form(&fake.inbound(URL, MOBILE, "stop").body).unwrap();
    assert_eq!(twilio::parse_inbound(&stop).unwrap().opt_out, Some(OptOut::Stop));
    let refused = Outcome::Refused { class: RefusedClass::OptedOut, code: "twilio_21610".into() };
    assert_eq!(channel.send(&outgoing(MOBILE, 1)).await, refused);
    fake.inbound(URL, MOBILE, "START");
    assert!(matches!(channel.send(&outgoing(MOBILE, 1)).await, Outcome::Accepted { .. }));
}
