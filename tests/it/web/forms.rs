//! Forms of one page: each acts once and by itself, on words that its presser has seen, and none loses what stands in another.

use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_core::thread::Turn;
use bansou_tests::database::TestDatabase;
use chrono::TimeDelta;
use http::StatusCode;

use super::replies::{newest, turn};
use super::site::{Browser, Site, day};

/// The value of the first hidden field of this name.
fn hidden(page: &str, name: &str) -> String {
    let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
    field.split('"').next().unwrap().to_owned()
}

/// Somebody has written, and a minute has passed.
async fn asked(site: &Site) -> GraduateId {
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "相談があります").await;
    site.world.clock.advance(TimeDelta::minutes(1));
    graduate
}

#[tokio::test]
async fn nobody_says_that_no_reply_is_needed_or_that_we_wait_about_words_they_have_not_seen() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = asked(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}");
    let page = browser.get(&path).await.body;
    let seen = newest(&site, graduate).await;
    let field = format!("<input type=\"hidden\" name=\"seen\" value=\"{seen}\">");
    assert_eq!(page.matches(&field).count(), 3, "the answer, 'we wait' and 'no reply needed' carry it: {page}");
    site.world.says("e2", 1, "もう一つ聞きたいです").await;
    let due = turn(&site, graduate).await;
    for (form, reason) in [("close", "thanks"), ("wait", "")] {
        for unseen in [seen.as_str(), ""] {
            let fields = [("reason", reason), ("seen", unseen)];
            let again = browser.post(&format!("{path}/{form}"), &fields).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(again.body.contains("id=\"meanwhile\"") && again.body.contains("もう一つ聞きたいです"), "{}", again.body);
            assert_eq!(turn(&site, graduate).await, due, "{form}: nothing is decided");
        }
    }
    assert!(!browser.get(&path).await.body.contains("本人の言葉を待っています"));
    let seen = hidden(&browser.get(&path).await.body, "seen");
    let waits = browser.post(&format!("{path}/wait"), &[("seen", &seen)]).await;
    assert_eq!(waits.status, StatusCode::SEE_OTHER, "who has seen them may");
    let closed = browser.post(&format!("{path}/close"), &[("reason", "thanks"), ("seen", &seen)]).await;
    assert!(closed.place().contains("done=thread-closed"), "{}", closed.place());
    assert_ne!(turn(&site, graduate).await, due);
}
