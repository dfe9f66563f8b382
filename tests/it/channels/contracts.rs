//! The fakes and the simulator themselves, by the providers' published contracts: a fake that is wrong proves nothing.

use bansou_channels::{Address, ChannelKind, PhoneAction, Secret, SimulatorChannel, SimulatorInbox};
use bansou_tests::fakes::{
    Fault, LineFake, TwilioFake,
    contracts::{Document, contracts},
    line::{self as fake_line, LineContent},
    twilio as fake_twilio,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{MOBILE, USER, clock, now};

const KEY: &str = "00000000-0000-0000-0000-000000000001";

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn assert_good(document: Document, component: &str, value: &Value) {
    assert_eq!(contracts().check(document, component, value), Vec::<String>::new(), "{value}");
}

#[tokio::test]
async fn the_fake_line_answers_as_lines_contract_says() {
    let fake = LineFake::start(clock(), 1).await;
    fake.set_quota(Some(2));
    let push = || {
        let body = json!({ "to": USER, "messages": [{ "type": "text", "text": "元気ですか" }] });
        let request = client().post(format!("{}/v2/bot/message/push", fake.base_url()));
        request.bearer_auth(fake_line::ACCESS_TOKEN).header("X-Line-Retry-Key", KEY).json(&body)
    };
    fake.faults().script([None, None, Some(Fault::RateLimited), Some(Fault::ErrorBefore)]);
    let components =
        [(200, "PushMessageResponse"), (409, "ErrorResponse"), (429, "ErrorResponse"), (500, "ErrorResponse")];
    for (status, component) in components {
        let answer = push().send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_good(Document::LineMessaging, component, &answer.json().await.unwrap());
    }
    let questions = [
        ("quota", "MessageQuotaResponse"),
        ("quota/consumption", "QuotaConsumptionResponse"),
        ("../profile/U00000000000000000000000000000001", "UserProfileResponse"),
    ];
    for (path, component) in questions {
        let request = client().get(format!("{}/v2/bot/message/{path}", fake.base_url()));
        let answer = request.bearer_auth(fake_line::ACCESS_TOKEN).send().await.unwrap();
        assert_good(Document::LineMessaging, component, &answer.json().await.unwrap());
    }
}

#[tokio::test]
async fn the_fake_twilio_answers_as_twilios_contract_says() {
    let fake = TwilioFake::start(clock(), 1).await;
    let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", fake.base_url(), fake_twilio::ACCOUNT_SID);
    let form = [("To", MOBILE), ("From", fake_twilio::FROM), ("Body", "元気ですか")];
    let login = |request: reqwest::RequestBuilder| {
        request.basic_auth(fake_twilio::ACCOUNT_SID, Some(fake_twilio::AUTH_TOKEN)).send()
    };
    let created = login(client().post(&url).form(&form)).await.unwrap();
    assert_eq!(created.status(), 201);
    assert_good(Document::Twilio, "api.v2010.account.message", &created.json().await.unwrap());
    fake.progress();
    fake.inbound("https://bansou.example/in", MOBILE, "元気です");
    // The date of sending is a day in UTC, and is there only once the message has left.
    for (filter, found) in [("DateSent=2026-11-20", 2), ("DateSent%3E=2026-11-21", 0), ("DateSent%3C=2026-11-20", 2)] {
        let listed: Value = login(client().get(format!("{url}?{filter}"))).await.unwrap().json().await.unwrap();
        let messages = listed["messages"].as_array().unwrap();
        assert_eq!(messages.len(), found, "{filter}");
        for message in messages {
            assert_good(Document::Twilio, "api.v2010.account.message", message);
        }
    }
}

#[tokio::test]
async fn a_request_that_breaks_a_contract_is_refused_and_noted() {
    let line = LineFake::start(clock(), 1).await;
    let twilio = TwilioFake::start(clock(), 1).await;
    let push = client().post(format!("{}/v2/bot/message/push", line.base_url())).bearer_auth(fake_line::ACCESS_TOKEN);
    let empty = json!({ "to": USER, "messages": [{ "type": "text" }] });
    assert_eq!(push.header("X-Line-Retry-Key", KEY).json(&empty).send().await.unwrap().status(), 400);
    assert!(!line.violations().is_empty() && line.accepted().is_empty());

    let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", twilio.base_url(), fake_twilio::ACCOUNT_SID);
    let form = [("To", MOBILE), ("From", fake_twilio::FROM), ("Body", "元気ですか"), ("ValidityPeriod", "40000")];
    let create = client().post(url).basic_auth(fake_twilio::ACCOUNT_SID, Some(fake_twilio::AUTH_TOKEN)).form(&form);
    assert_eq!(create.send().await.unwrap().status(), 400);
    assert!(!twilio.violations().is_empty() && twilio.accepted().is_empty());
}

#[tokio::test]
async fn events_of_the_fake_and_of_the_demos_phone_are_lines() {
    let fake = LineFake::start(clock(), 1).await;
    let phone =
        SimulatorChannel::new("sim", ChannelKind::Line, SimulatorInbox::new(), Secret::new("secret of the simulator"));
    let act = |action: PhoneAction| {
        let call = phone.act(&Address::new(USER), &action, now(), Uuid::from_u128(1));
        serde_json::from_slice::<Value>(&call.body).unwrap()["events"][0].clone()
    };
    let events = [
        ("MessageEvent", [fake.text_event(USER, "はい"), act(PhoneAction::Text("はい".into()))]),
        ("MessageEvent", [fake.sticker_event(USER), act(PhoneAction::Sticker)]),
        ("MessageEvent", [fake.media_event(USER, "image", LineContent::Deleted), act(PhoneAction::Picture(vec![1]))]),
        ("MessageEvent", [fake.media_event(USER, "audio", LineContent::Deleted), act(PhoneAction::Sticker)]),
        ("PostbackEvent", [fake.postback_event(USER, "c=1"), act(PhoneAction::Tap { data: "c=1".into() })]),
        ("UnsendEvent", [fake.unsend_event(USER, "1"), act(PhoneAction::Unsend { message_id: "1".into() })]),
        ("UnfollowEvent", [fake.unfollow_event(USER), act(PhoneAction::Block)]),
        ("FollowEvent", [fake.follow_event(USER, true), act(PhoneAction::Follow)]),
    ];
    for (component, pair) in events {
        for event in pair {
            assert_good(Document::LineWebhook, component, &event);
            assert_good(Document::LineWebhook, "UserSource", &event["source"]);
            let content = match event["message"]["type"].as_str() {
                Some("text") => "TextMessageContent",
                Some("sticker") => "StickerMessageContent",
                Some("image") => "ImageMessageContent",
                Some("audio") => "AudioMessageContent",
                _ => continue,
            };
            assert_good(Document::LineWebhook, content, &event["message"]);
        }
    }
    let whole: Value = serde_json::from_slice(&LineFake::webhook(&[]).body).unwrap();
    assert_good(Document::LineWebhook, "CallbackRequest", &whole);
}
