//! What a page says happened did happen: nothing stands there as a fact that nobody wrote down.

use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::NewTask;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;

use super::site::{Site, day};

for_each_database! {
    async fn the_last_contact_is_told_with_the_way_it_was_made(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let tx = site.world.begin().await;
        let new = NewTask::program(TaskKind::Call, TaskReason::AskedForCall, "asked".into(), tx.now());
        let task = tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap();
        tx.save().await.unwrap();
        let mut browser = site.signed_in(Role::Staff).await;
        assert!(browser.get("/today").await.body.contains("まだ連絡なし"));
        let note = [("mode", "video"), ("on", "2026-03-31"), ("at", "16:00"), ("observed", "元気そうだった")];
        browser.post(&format!("/graduates/{graduate}/notes"), &note).await;
        for page in ["/today".to_owned(), format!("/tasks/{task}/call")] {
            let page = browser.get(&page).await.body;
            assert!(page.contains("3月31日") && page.contains("ビデオ通話"), "{page}");
            assert!(!page.contains("連絡なし"));
        }
        site.world.says("e1", 1, "相談があります").await;
        let seen = site.world.begin().await.messages_of(graduate, None, 1).await.unwrap().remove(0).id.to_string();
        let reply = [("channel", "line"), ("seen", &seen), ("body", "今日15時に電話します")];
        browser.post(&format!("/inbox/{graduate}/reply"), &reply).await;
        let page = browser.get(&format!("/tasks/{task}/call")).await.body;
        assert!(page.contains("4月1日(水) メッセージ") || page.contains("4月1日（水） メッセージ"), "{page}");
    }

    async fn a_reply_that_did_not_arrive_is_marked_in_the_inbox_until_it_is_sent_again(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let seen = site.world.begin().await.messages_of(graduate, None, 1).await.unwrap().remove(0).id.to_string();
        let reply = [("channel", "line"), ("seen", &seen), ("body", "今日15時に電話します")];
        browser.post(&format!("/inbox/{graduate}/reply"), &reply).await;
        assert!(!browser.get("/inbox?show=all").await.body.contains("送れていません"));
        site.world.clock.advance(TimeDelta::days(1));
        site.world.tick().await;
        let tx = site.world.begin().await;
        let mut sent = tx.deliveries_of(graduate, 9).await.unwrap().into_iter().filter(|d| d.purpose == Purpose::Reply);
        let reply = sent.next().unwrap();
        assert_eq!(reply.state, DeliveryState::Expired);
        drop(tx);
        let mut browser = site.signed_in(Role::Staff).await;
        assert!(browser.get("/inbox?show=all").await.body.contains("送れていません"));
        browser.post(&format!("/deliveries/{}/decide", reply.id), &[("decision", "resend")]).await;
        assert!(!browser.get("/inbox?show=all").await.body.contains("送れていません"), "it is on its way again");
    }
}

#[tokio::test]
async fn a_reply_is_due_by_the_offices_open_time_and_late_after_three_hours_of_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "相談があります").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    assert!(page.contains("11:00") && page.contains("返事のめやす"), "{page}");
    assert!(!page.contains("3時間をこえています"));
    // From 10:00 on, with an hour's break at noon, three open hours are over at 14:00.
    site.world.clock.advance(TimeDelta::minutes(4 * 60 - 1));
    let mut browser = site.signed_in(Role::Staff).await;
    assert!(!browser.get(&format!("/inbox/{graduate}")).await.body.contains("3時間をこえています"));
    site.world.clock.advance(TimeDelta::minutes(1));
    assert!(browser.get(&format!("/inbox/{graduate}")).await.body.contains("3時間をこえています"));
    assert!(
        browser.get("/inbox").await.body.contains("row-late") && browser.get("/today").await.body.contains("row-late")
    );
}
