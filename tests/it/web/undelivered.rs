//! What needs a person, however old.

use bansou_core::staff::Role;
use bansou_tests::database::TestDatabase;
use chrono::TimeDelta;
use http::StatusCode;

use super::site::{Site, day};

#[tokio::test]
async fn a_message_put_aside_waits_there_for_weeks_and_is_decided_but_never_sent_again() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let none = site.signed_in(Role::Staff).await.get("/undelivered").await.body;
    assert!(none.contains("確かめるものはありません"));
    let due = loop {
        let waiting = site.world.begin().await.deliveries_of(graduate, 1).await.unwrap().pop();
        if let Some(waiting) = waiting {
            break waiting;
        }
        site.world.clock.advance(TimeDelta::hours(12));
        site.world.engine.plan().await.unwrap();
    };
    let tx = site.world.begin().await;
    tx.quarantine(due.id, "crashed").await.unwrap();
    tx.save().await.unwrap();
    assert_eq!(site.world.store.needs_person().await.unwrap().deliveries, 1);
    site.world.clock.advance(TimeDelta::days(20));
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get("/undelivered").await.body;
    assert!(page.contains("取り分けてあります") && page.contains("20日たっています"), "{page}");
    assert!(!page.contains("value=\"resend\""));
    let mut other = site.signed_in_at(site.other_office().await, Role::Admin).await.0;
    assert!(other.get("/undelivered").await.body.contains("確かめるものはありません"), "another office's isn't theirs");
    let decided = browser.post(&format!("/deliveries/{}/decide", due.id), &[("decision", "arrived")]).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/undelivered").await.body.contains("確かめるものはありません"));
    assert_eq!(site.world.store.needs_person().await.unwrap().deliveries, 0);
}
