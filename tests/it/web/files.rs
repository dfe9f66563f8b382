//! Pictures and voices inside a thread: who sees them, as what, and what stands there while there is none.

use bansou_core::attachment::{AttachmentState, MediaType};
use bansou_core::ids::{GraduateId, MessageId};
use bansou_core::staff::Role;
use bansou_store::LinkKind;
use bansou_tests::database::TestDatabase;
use bansou_tests::world::line_user;
use chrono::TimeDelta;
use http::{StatusCode, header};
use serde_json::json;

use super::site::{Answered, Browser, Site, day};

const PICTURE: &str = "GIF89a a picture";
const VOICE: &str = "\0\0\0\x20ftypM4A \0\0\0\0 a voice";

/// Somebody sends something that isn't words.
async fn sends(site: &Site, graduate: GraduateId, key: &str, kind: &str) -> MessageId {
    site.world.clock.advance(TimeDelta::minutes(1));
    let message = json!({ "type": kind, "id": key });
    let event = json!({ "type": "message", "message": message, "replyToken": format!("r-{key}") });
    site.world.line_event(key, &line_user(1), event).await;
    site.world.tick().await;
    site.world.begin().await.messages_of(graduate, None, 1).await.unwrap()[0].id
}

async fn kept(site: &Site, message: MessageId, what: MediaType, bytes: &str) {
    let tx = site.world.begin().await;
    assert!(tx.keep_attachment(message, what, bytes.as_bytes()).await.unwrap());
    tx.save().await.unwrap();
}

async fn ranged(browser: &mut Browser<'_>, path: &str, range: &str) -> Answered {
    let request = browser.request("GET", path).header(header::RANGE, range);
    browser.send(request.body(axum::body::Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_picture_is_behind_a_line_to_open_and_a_voice_has_a_name() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let picture = sends(&site, graduate, "m1", "image").await;
    kept(&site, picture, MediaType::Gif, PICTURE).await;
    let voice = sends(&site, graduate, "m2", "audio").await;
    kept(&site, voice, MediaType::Mp4Audio, VOICE).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    let image = format!(
        "<details class=\"media\"><summary>写真を見る</summary><img src=\"/inbox/{graduate}/files/{picture}\" \
         alt=\"見本1 花子さんから届いた写真（"
    );
    assert!(page.contains(&image) && page.contains("loading=\"lazy\""), "{page}");
    assert!(page.contains(&format!("src=\"/inbox/{graduate}/files/{voice}\" controls preload=\"none\"")), "{page}");
    assert!(page.contains("aria-label=\"見本1 花子さんの声のメッセージ（"), "{page}");
    assert!(!page.contains("管理画面"), "there is no need to look elsewhere: {page}");
    assert!(!page.contains("この言葉を記録に写す"), "there are no words: {page}");
    site.world.says("e1", 1, "今朝の写真です").await;
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    assert_eq!(page.matches("この言葉を記録に写す").count(), 1, "{page}");
    let page = browser.get(&format!("/graduates/{graduate}?show=message")).await.body;
    assert!(page.contains("（写真）") && page.contains("（声のメッセージ）"), "no row is empty: {page}");
}

#[tokio::test]
async fn while_there_is_none_the_thread_says_so_in_words() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let message = sends(&site, graduate, "m1", "image").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let thread = format!("/inbox/{graduate}");
    let page = browser.get(&thread).await.body;
    assert!(page.contains("写真（画像）が届きました。 まだ取り込み中です。"), "{page}");
    assert!(!page.contains("<img src=\"/inbox"), "{page}");
    for (state, words) in [
        (AttachmentState::Gone, "取り込めませんでした。本人に、文字で送ってもらうか、電話で聞いてください。"),
        (AttachmentState::TooLarge, "大きすぎて、取り込めませんでした。"),
        (AttachmentState::NotShown, "写真や声として開けないものなので、ここには出しません。"),
    ] {
        let message = sends(&site, graduate, &format!("m-{state}"), "audio").await;
        let tx = site.world.begin().await;
        assert!(tx.end_attachment(message, state).await.unwrap());
        tx.save().await.unwrap();
        let page = browser.get(&thread).await.body;
        assert!(page.contains(&format!("声のメッセージが届きました。 {words}")), "{page}");
        assert!(!page.contains("<audio"), "{page}");
        assert_eq!(browser.get(&format!("{thread}/files/{message}")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(browser.get(&format!("{thread}/files/{message}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_what_its_bytes_say_and_can_do_nothing() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let message = sends(&site, graduate, "m1", "image").await;
    kept(&site, message, MediaType::Gif, PICTURE).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}/files/{message}");
    let file = browser.get(&path).await;
    assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, PICTURE));
    assert_eq!(file.headers[header::CONTENT_TYPE], "image/gif");
    assert_eq!(file.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(file.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "inline; filename=\"picture.gif\"");
    assert_eq!(
        file.headers.get_all(header::CONTENT_SECURITY_POLICY).iter().collect::<Vec<_>>(),
        ["sandbox; default-src 'none'; frame-ancestors 'none'"]
    );
    let part = ranged(&mut browser, &path, "bytes=3-5").await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "89a"));
    assert_eq!(part.headers[header::CONTENT_RANGE], format!("bytes 3-5/{}", PICTURE.len()));
    assert_eq!(part.headers[header::CONTENT_TYPE], "image/gif");
    let beyond = ranged(&mut browser, &path, "bytes=999-").await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn only_the_offices_own_staff_see_it_and_every_look_is_written_down() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let other = site.world.graduate(2, day("2026-03-30")).await;
    let message = sends(&site, graduate, "m1", "image").await;
    kept(&site, message, MediaType::Gif, PICTURE).await;
    let path = format!("/inbox/{graduate}/files/{message}");
    let mut stranger = site.stranger();
    assert!(stranger.get(&path).await.place().starts_with("/login?next="));
    let tx = site.world.begin().await;
    let link = tx.create_link(bansou_core::audit::Actor::PROGRAM, LinkKind::Me, graduate.0, TimeDelta::days(1)).await;
    tx.save().await.unwrap();
    let mut own = site.stranger();
    let door = format!("/me/{}", link.unwrap());
    own.get(&door).await;
    own.post(&door, &[]).await;
    assert_eq!(own.get("/me").await.status, StatusCode::OK);
    assert!(own.get(&path).await.place().starts_with("/login?next="), "not even the graduate's own page leads there");
    let office = site.other_office().await;
    let (mut elsewhere, _) = site.signed_in_at(office, Role::Admin).await;
    assert_eq!(elsewhere.get(&path).await.status, StatusCode::NOT_FOUND);

    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    assert_eq!(browser.get(&format!("/inbox/{other}/files/{message}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    let rows = site.world.begin().await.audit_of(graduate.0, 50).await.unwrap();
    let looks = rows.iter().filter(|row| row.action == "graduate.read" && row.actor.id == Some(staff.0));
    assert_eq!(looks.count(), 1);
}

#[tokio::test]
async fn what_was_taken_back_is_gone_from_its_address_too() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let message = sends(&site, graduate, "m1", "image").await;
    kept(&site, message, MediaType::Gif, PICTURE).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}/files/{message}");
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    let event = json!({ "type": "unsend", "unsend": { "messageId": "m1" } });
    site.world.line_event("e2", &line_user(1), event).await;
    site.world.tick().await;
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get(&format!("/inbox/{graduate}")).await.body.contains(&path));
}

#[tokio::test]
async fn lists_say_in_a_word_what_came() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let message = sends(&site, graduate, "m1", "image").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let note = format!("/graduates/{graduate}/notes/new?message={message}");
    for path in ["/inbox", &format!("/graduates/{graduate}/handover"), &format!("/graduates/{graduate}"), &note] {
        let page = browser.get(path).await.body;
        assert!(page.contains("（写真）"), "{path}: {page}");
    }
    sends(&site, graduate, "m2", "audio").await;
    assert!(browser.get("/inbox").await.body.contains("（声のメッセージ）"));
}

#[tokio::test]
async fn the_words_on_a_sticker_stand_there_without_a_way_elsewhere() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let message =
        json!({ "type": "sticker", "id": "m1", "text": "おつかれさまです", "keywords": ["bow", "thank you"] });
    let event = json!({ "type": "message", "message": message, "replyToken": "r" });
    site.world.line_event("m1", &line_user(1), event).await;
    site.world.tick().await;
    let page = site.signed_in(Role::Staff).await.get(&format!("/inbox/{graduate}")).await.body;
    assert!(page.contains("おつかれさまです") && page.contains("スタンプが届きました。"), "{page}");
    assert!(!page.contains("管理画面") && !page.contains("thank you"), "{page}");
}
