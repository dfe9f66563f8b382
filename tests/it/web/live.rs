//! Pages hear that something changed, and nothing else; a stream ends with its session and with the process.

use axum::body::Body;
use bansou_core::staff::Role;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use http::{Response, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::site::{Browser, Site, day};

/// Opens a stream; the answer's body goes on.
async fn listen(browser: &Browser<'_>, path: &str) -> Response<Body> {
    let mut request = browser.request("GET", path).body(Body::empty()).unwrap();
    request.headers_mut().insert(header::ACCEPT, "text/event-stream".parse().unwrap());
    browser.site.router.clone().oneshot(request).await.unwrap()
}

/// The next piece; `None` when the stream has ended.
async fn hears(stream: &mut Response<Body>) -> Option<String> {
    let frame = stream.body_mut().frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

fn number(page: &str) -> String {
    page.split("data-changes=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

for_each_database! {
    async fn a_page_hears_that_something_changed_since_it_was_read(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let since = number(&browser.get("/inbox").await.body);
        site.world.says("e1", 1, "相談があります").await;
        let mut stream = listen(&browser, &format!("/events?since={since}")).await;
        assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(stream.headers()[header::CACHE_CONTROL], "no-store");
        assert!(hears(&mut stream).await.unwrap().starts_with("retry:"));
        let told = hears(&mut stream).await.unwrap();
        assert!(told.contains("event: changed") && !told.contains("相談"), "{told}");
        let id = number(&browser.get("/inbox").await.body);
        assert!(told.contains(&format!("id: {id}")), "a page read now isn't old: {told} {id}");
        site.world.says("e2", 1, "もうひとつ").await;
        assert!(hears(&mut stream).await.unwrap().contains("event: changed"));
        assert!(number(&browser.get("/inbox").await.body) > id);
    }

    async fn looking_at_a_person_changes_nothing_that_others_see(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let before = number(&browser.get("/inbox").await.body);
        browser.get(&format!("/inbox/{graduate}")).await;
        browser.get(&format!("/graduates/{graduate}")).await;
        assert_eq!(number(&browser.get("/inbox").await.body), before, "or pages would load each other for ever");
    }

    async fn a_stream_ends_with_its_session_and_with_the_process(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let mut stream = listen(&browser, "/events").await;
        hears(&mut stream).await.unwrap();
        let other = site.signed_in(Role::Staff).await;
        let mut others = listen(&other, "/events").await;
        hears(&mut others).await.unwrap();
        browser.post("/logout", &[]).await;
        site.world.says("e1", 1, "相談があります").await;
        assert_eq!(hears(&mut stream).await, None, "nobody is signed in there any more");
        assert!(hears(&mut others).await.is_some());
        site.stop.cancel();
        assert_eq!(hears(&mut others).await, None);
    }
}

#[tokio::test]
async fn one_session_has_so_many_streams_and_gets_them_back() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let browser = site.signed_in(Role::Staff).await;
    let mut streams = Vec::new();
    for _ in 0..6 {
        let stream = listen(&browser, "/events").await;
        assert_eq!(stream.status(), StatusCode::OK);
        streams.push(stream);
    }
    assert_eq!(listen(&browser, "/events").await.status(), StatusCode::TOO_MANY_REQUESTS);
    streams.pop();
    assert_eq!(listen(&browser, "/events").await.status(), StatusCode::OK);
    assert_eq!(listen(&site.stranger(), "/events").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_nobody_signed_in() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    for _ in 0..4 {
        site.world.clock.advance(chrono::TimeDelta::minutes(10));
        let request = browser.request("GET", "/inbox").header("x-bansou", "live").body(Body::empty()).unwrap();
        browser.send(request).await;
    }
    assert_eq!(browser.get("/inbox").await.status, StatusCode::SEE_OTHER, "half an hour without its reader is over");
}
