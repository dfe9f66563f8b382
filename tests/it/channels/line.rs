//! LINE: retry keys, quota, blocks, replies, profile, webhooks; requests by LINE's own contract.

use bansou_channels::{
    Address, Choice, LineChannel, LineSettings, Outcome, RefusedClass, Secret, WaitClass,
    line::{self, LineEventKind, LineQuota},
};
use bansou_tests::fakes::{Fault, LineFake, line as fake_line};
use chrono::TimeDelta;
use serde_json::json;

use super::{USER, clock, line_channel, line_settings, outgoing};

const OTHER: &str = "U00000000000000000000000000000002";

fn taken(already: bool, provider_ref: &str, request_id: &str) -> Outcome {
    Outcome::Accepted { provider_ref: Some(provider_ref.into()), request_id: Some(request_id.into()), already }
}

#[tokio::test]
async fn a_message_with_every_kind_of_choice_is_good_by_lines_contract() {
    let fake = LineFake::start(clock(), 1).await;
    let mut message = outgoing(USER, 1);
    message.choices = (0..13)
        .map(|n| Choice {
            label: "あ".repeat(20),
            data: "x".repeat(300),
            display: (n % 2 == 0).then(|| format!("{n}番を選びました 😀")),
        })
        .collect();
    let outcome = line_channel(&fake).push(&message).await;
    assert_eq!(fake.violations(), Vec::<String>::new());
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(fake.accepted()[0].choices.len(), 13);
    assert_eq!(fake.accepted()[0].texts, ["最近いかがですか。"]);
}

#[tokio::test]
async fn a_repeat_with_the_same_key_is_one_message_and_names_the_first_request() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    fake.faults().script([Some(Fault::ErrorAfter), None]);
    let message = outgoing(USER, 1);
    assert_eq!(channel.push(&message).await, Outcome::Unknown { code: "line_500".into() });
    let ledger = fake.accepted();
    assert_eq!(channel.push(&message).await, taken(true, &ledger[0].message_id, &ledger[0].request_id));
    assert_eq!(fake.accepted().len(), 1);
}

#[tokio::test]
async fn after_a_day_line_has_forgotten_the_key() {
    let clock = clock();
    let fake = LineFake::start(clock.clone(), 1).await;
    let channel = line_channel(&fake);
    channel.push(&outgoing(USER, 1)).await;
    clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert!(matches!(channel.push(&outgoing(USER, 1)).await, Outcome::Accepted { already: true, .. }));
    clock.advance(TimeDelta::seconds(1));
    assert!(matches!(channel.push(&outgoing(USER, 1)).await, Outcome::Accepted { already: false, .. }));
    assert_eq!(fake.accepted().len(), 2);
}

#[tokio::test]
async fn a_blocked_person_is_accepted_but_has_no_profile() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    let user = Address::new(USER);
    assert_eq!(channel.profile(&user).await.unwrap().unwrap().display_name, "見本");
    fake.block(USER);
    assert!(matches!(channel.push(&outgoing(USER, 1)).await, Outcome::Accepted { .. }));
    assert!(!fake.accepted()[0].delivered);
    assert_eq!(channel.profile(&user).await, Ok(None));
}

#[tokio::test]
async fn the_month_that_is_used_up_is_told_from_the_rate_and_turns_in_japan() {
    let clock = clock();
    let fake = LineFake::start(clock.clone(), 1).await;
    let channel = line_channel(&fake);
    fake.set_quota(Some(1));
    channel.push(&outgoing(USER, 1)).await;
    assert_eq!(channel.quota().await, Ok(LineQuota { limit: Some(1), used: 1 }));
    let used_up = Outcome::WaitUntil { reason: WaitClass::MonthlyQuota, not_before: None };
    assert_eq!(channel.push(&outgoing(OTHER, 2)).await, used_up);
    fake.faults().script([Some(Fault::RateLimited)]);
    let rate = Outcome::WaitUntil { reason: WaitClass::RateLimited, not_before: None };
    assert_eq!(channel.push(&outgoing(OTHER, 2)).await, rate);
    // Still November in UTC.
    clock.set_to("2026-12-01T00:00:00+09:00");
    assert!(matches!(channel.push(&outgoing(OTHER, 2)).await, Outcome::Accepted { already: false, .. }));
    fake.set_quota(None);
    assert_eq!(channel.quota().await, Ok(LineQuota { limit: None, used: 1 }));
}

#[tokio::test]
async fn a_reply_token_is_good_once_and_for_a_minute() {
    let clock = clock();
    let fake = LineFake::start(clock.clone(), 1).await;
    let channel = line_channel(&fake);
    let token = || Secret::new(fake.text_event(USER, "はい")["replyToken"].as_str().unwrap());
    let dead = Outcome::Refused { class: RefusedClass::BadRequest, code: "line_400_reply_token".into() };
    let first = token();
    assert!(matches!(channel.reply(&first, &outgoing(USER, 1)).await, Outcome::Accepted { .. }));
    assert_eq!(channel.reply(&first, &outgoing(USER, 1)).await, dead);
    let late = token();
    clock.advance(TimeDelta::seconds(61));
    assert_eq!(channel.reply(&late, &outgoing(USER, 1)).await, dead);
    assert_eq!(fake.accepted().len(), 1);
    assert_eq!(fake.accepted()[0].to, USER);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_wrong_token_is_an_alarm_and_not_a_retry() {
    let fake = LineFake::start(clock(), 1).await;
    let settings = LineSettings { channel_access_token: Secret::new("wrong"), ..line_settings(fake.base_url()) };
    let outcome = LineChannel::new(settings).unwrap().push(&outgoing(USER, 1)).await;
    assert_eq!(outcome, Outcome::Refused { class: RefusedClass::Unauthorized, code: "line_401".into() });
}

#[tokio::test]
async fn a_question_without_an_answer_is_an_error_by_code() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    fake.faults().script([Some(Fault::ErrorBefore), Some(Fault::GarbledAfter), Some(Fault::ResetBefore)]);
    assert_eq!(channel.profile(&Address::new(USER)).await.unwrap_err().code, "line_500");
    assert_eq!(channel.quota().await.unwrap_err().code, "unreadable_answer");
    assert_eq!(channel.quota().await.unwrap_err().code, "connection_lost");
}

#[tokio::test]
async fn what_line_posts_is_read_whole() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    let text = fake.text_event(USER, "少し眠れません");
    let message_id = text["message"]["id"].as_str().unwrap().to_owned();
    let events = [
        text.clone(),
        fake.sticker_event(USER),
        fake.postback_event(OTHER, "c=1&a=2"),
        fake.unsend_event(USER, &message_id),
        fake.unfollow_event(USER),
        fake.follow_event(USER, true),
        fake.event(USER, "hologram", json!({ "hologram": { "depth": 3 } })),
        LineFake::redelivered(&text),
    ];
    let call = LineFake::webhook(&events);
    assert!(channel.verify(&call.body, &call.signature));
    let read = line::parse_webhook(&call.body).unwrap();
    let kinds = [
        LineEventKind::Text { message_id: message_id.clone(), text: "少し眠れません".into() },
        LineEventKind::Media {
            message_id: events[1]["message"]["id"].as_str().unwrap().into(),
            kind: "sticker".into(),
            text: String::new(),
        },
        LineEventKind::Postback { data: "c=1&a=2".into() },
        LineEventKind::Unsend { message_id },
        LineEventKind::Unfollow,
        LineEventKind::Follow { unblocked: true },
        LineEventKind::Other { kind: "hologram".into() },
    ];
    for (event, kind) in read.iter().zip(kinds) {
        assert_eq!(event.kind, kind);
    }
    assert_eq!(read[0].id, read[7].id);
    assert!(!read[0].redelivered && read[7].redelivered);
    assert_eq!(read[0].at, Some(super::now()));
    assert_eq!(read[2].user, Some(Address::new(OTHER)));
}

#[tokio::test]
async fn a_signature_is_good_for_its_channel_and_its_bytes_only() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    let call = LineFake::webhook(&[fake.text_event(USER, "はい")]);
    assert!(channel.verify(&call.body, &call.signature));
    assert_eq!(line::sign(&Secret::new(fake_line::CHANNEL_SECRET), &call.body), call.signature);
    let mut changed = call.body.clone();
    changed[20] ^= 1;
    assert!(!channel.verify(&changed, &call.signature));
    assert!(!channel.verify(&call.body, ""));
    let other = LineSettings { channel_secrets: vec![Secret::new("other")], ..line_settings(fake.base_url()) };
    assert!(!LineChannel::new(other).unwrap().verify(&call.body, &call.signature));
    let changing = vec![Secret::new("the next one"), Secret::new(fake_line::CHANNEL_SECRET)];
    let both = LineSettings { channel_secrets: changing, ..line_settings(fake.base_url()) };
    assert!(LineChannel::new(both).unwrap().verify(&call.body, &call.signature));
}

#[test]
fn settings_that_cannot_work_are_named() {
    let wrong = [
        ("http://api.line.me", "channel line-main: base_url must start with https:// (http:// only for this machine)"),
        ("api.line.me", "channel line-main: base_url is not a URL"),
        ("https://u@api.line.me", "channel line-main: base_url must not contain a query, a fragment or a user name"),
    ];
    for (base_url, words) in wrong {
        assert_eq!(LineChannel::new(line_settings(base_url.into())).unwrap_err().to_string(), words);
    }
    assert!(LineChannel::new(line_settings("https://api.line.me/".into())).is_ok());
}
