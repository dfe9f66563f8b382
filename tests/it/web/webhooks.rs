//! Webhooks: what is answered, what is stored, and that the same thing twice is one thing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use bansou_core::contact::ContactKind;
use bansou_tests::fakes::line::sign;
use bansou_tests::fakes::{LineFake, SignedCall, TwilioFake};
use bansou_tests::for_each_database;
use bansou_tests::world::{line_user, mobile};
use bansou_web::app::WEBHOOK_LIMIT;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use super::site::{Answered, PUBLIC_URL, Site, day};

async fn line(site: &Site, channel: &str, body: &[u8], signature: Option<&str>) -> Answered {
    let mut request = Request::builder().method("POST").uri(format!("/webhooks/line/{channel}"));
    if let Some(signature) = signature {
        request = request.header("x-line-signature", signature);
    }
    site.call(request.body(Body::from(body.to_vec())).unwrap()).await
}

async fn line_signed(site: &Site, call: &SignedCall) -> Answered {
    line(site, "line-main", &call.body, Some(&call.signature)).await
}

async fn twilio(site: &Site, path: &str, call: &SignedCall) -> Answered {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("x-twilio-signature", &call.signature)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    site.call(request.body(Body::from(call.body.clone())).unwrap()).await
}

async fn stored(site: &Site) -> i64 {
    site.world.store.inbound_counts().await.unwrap().iter().map(|(_, count)| count).sum()
}

fn said(key: &str, user: u32, text: &str) -> Value {
    json!({
        "type": "message", "mode": "active", "timestamp": 1_775_005_200_000_i64,
        "source": { "type": "user", "userId": line_user(user) }, "webhookEventId": key,
        "deliveryContext": { "isRedelivery": false }, "replyToken": format!("r-{key}"),
        "message": { "type": "text", "id": format!("m-{key}"), "text": text, "quoteToken": "q" },
    })
}

fn call(events: &[Value]) -> SignedCall {
    LineFake::webhook(events)
}

for_each_database! {
    async fn a_genuine_call_is_stored_before_the_answer_and_wakes_the_worker(database: &TestDatabase) {
        let site = Site::open(database.url()).await;
        let answer = line_signed(&site, &call(&[said("e1", 1, "おはようございます"), said("e2", 2, "元気です")])).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(stored(&site).await, 2, "several events in one call");
        assert_eq!(site.woken.load(Ordering::Relaxed), 1);
    }

    async fn the_same_event_again_is_stored_once_and_answered_alike(database: &TestDatabase) {
        let site = Site::open(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let event = said("e1", 1, "おはようございます");
        for _ in 0..3 {
            assert_eq!(line_signed(&site, &call(std::slice::from_ref(&event))).await.status, StatusCode::OK);
            site.world.engine.inbound().await.unwrap();
        }
        let redelivered = call(&[LineFake::redelivered(&event), said("e2", 1, "また書きます")]);
        assert_eq!(line_signed(&site, &redelivered).await.status, StatusCode::OK);
        site.world.engine.inbound().await.unwrap();
        assert_eq!(stored(&site).await, 2);
        let tx = site.world.begin().await;
        assert_eq!(tx.messages_of(graduate, None, 10).await.unwrap().len(), 2);
    }

    async fn a_call_is_answered_503_when_the_database_is_away(database: &TestDatabase) {
        let site = Site::open(database.url()).await;
        site.world.store.close().await.unwrap();
        let answer = line_signed(&site, &call(&[said("e1", 1, "おはようございます")])).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        let ready = site.stranger().get("/readyz").await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(site.stranger().get("/livez").await.status, StatusCode::OK);
    }

    async fn an_unsent_message_is_hidden(database: &TestDatabase) {
        let site = Site::open(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        line_signed(&site, &call(&[said("e1", 1, "消したい言葉")])).await;
        let mut unsend = said("e2", 1, "");
        unsend["timestamp"] = json!(1_775_005_260_000_i64);
        unsend["type"] = json!("unsend");
        unsend["unsend"] = json!({ "messageId": "m-e1" });
        assert_eq!(line_signed(&site, &call(&[unsend])).await.status, StatusCode::OK);
        site.world.engine.inbound().await.unwrap();
        let tx = site.world.begin().await;
        let messages = tx.messages_of(graduate, None, 10).await.unwrap();
        assert!(messages.iter().all(|message| message.body.is_none() && message.hidden_at.is_some()));
        assert_eq!(messages.len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_signature_is_401_and_nothing_is_stored() {
    let database = bansou_tests::database::TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let good = call(&[said("e1", 1, "おはようございます")]);
    let mut changed = good.body.clone();
    let last = changed.len() - 2;
    changed[last] = b' ';
    for (channel, body, signature) in [
        ("line-main", &good.body, None),
        ("line-main", &good.body, Some("")),
        ("line-main", &good.body, Some("not base64!")),
        ("line-main", &good.body, Some("AAAA")),
        ("line-main", &changed, Some(good.signature.as_str())),
        ("line-other", &good.body, Some(good.signature.as_str())),
    ] {
        let answer = line(&site, channel, body, signature).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{channel} {signature:?}");
    }
    assert_eq!((stored(&site).await, site.woken.load(Ordering::Relaxed)), (0, 0));
}

#[tokio::test]
async fn each_odd_call_has_its_own_status() {
    let database = bansou_tests::database::TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let signed = |body: &[u8]| SignedCall { signature: sign(body), body: body.to_vec() };
    let large = vec![b' '; WEBHOOK_LIMIT + 1];
    for (body, status, why) in [
        (&br#"{"destination":"U0","events":[]}"#[..], StatusCode::OK, "LINE's test of the address"),
        (b"{", StatusCode::BAD_REQUEST, "not JSON"),
        (b"\xff\xfe{}", StatusCode::BAD_REQUEST, "not UTF-8"),
        (b"", StatusCode::BAD_REQUEST, "nothing"),
        (&large, StatusCode::PAYLOAD_TOO_LARGE, "too much"),
    ] {
        assert_eq!(line_signed(&site, &signed(body)).await.status, status, "{why}");
    }
    assert_eq!((stored(&site).await, site.woken.load(Ordering::Relaxed)), (0, 0));

    let unknown = call(&[said("e1", 1, "おはようございます")]);
    assert_eq!(
        line(&site, "line-nowhere", &unknown.body, Some(&unknown.signature)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(line(&site, "sms-main", &unknown.body, Some(&unknown.signature)).await.status, StatusCode::NOT_FOUND);
    let get = Request::builder().uri("/webhooks/line/line-main").body(Body::empty()).unwrap();
    assert_eq!(site.call(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_event_of_a_type_or_a_person_nobody_knows_is_stored() {
    let database = bansou_tests::database::TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let mut odd = said("e1", 99, "");
    odd["type"] = json!("somethingOfTomorrow");
    odd["tomorrow"] = json!({ "deep": [1, 2, 3] });
    assert_eq!(line_signed(&site, &call(&[odd, said("e2", 99, "はじめまして")])).await.status, StatusCode::OK);
    site.world.engine.inbound().await.unwrap();
    assert_eq!(stored(&site).await, 2);
}

#[tokio::test]
async fn twilio_is_answered_an_empty_document_and_its_url_is_built_from_the_configuration() {
    let database = bansou_tests::database::TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
    let fake = TwilioFake::start(Arc::clone(&site.world.clock) as _, 1).await;
    let path = "/webhooks/twilio/sms-main/inbound?office=1";
    let inbound = fake.inbound(&format!("{PUBLIC_URL}{path}"), &mobile(1), "今日は行けました");
    for _ in 0..2 {
        let answer = twilio(&site, path, &inbound).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "<Response/>"));
        assert!(answer.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/xml"));
    }
    site.world.engine.inbound().await.unwrap();
    let tx = site.world.begin().await;
    assert_eq!(tx.messages_of(graduate, None, 10).await.unwrap().len(), 1);

    for elsewhere in ["/webhooks/twilio/sms-main/inbound", "/webhooks/twilio/sms-main/inbound?office=2"] {
        assert_eq!(twilio(&site, elsewhere, &inbound).await.status, StatusCode::UNAUTHORIZED, "{elsewhere}");
    }
    let line = twilio(&site, "/webhooks/twilio/line-main/inbound", &inbound).await;
    assert_eq!(line.status, StatusCode::NOT_FOUND);
    assert_eq!(stored(&site).await, 1);
}

#[tokio::test]
async fn every_answer_to_a_provider_is_bare_and_carries_the_headers() {
    let database = bansou_tests::database::TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let answer = line(&site, "line-main", b"{}", None).await;
    assert!(answer.body.is_empty(), "{}", answer.body);
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
}
