//! Somebody nobody knows writes: staff read it, say whose words they are, and can take that back.

use bansou_core::contact::ContactKind;
use bansou_core::staff::Role;
use bansou_store::InboundState;
use bansou_tests::for_each_database;
use bansou_tests::world::line_user;
use http::StatusCode;

use super::site::{Site, day};

/// The event behind the newest open task of the office.
async fn event(site: &Site) -> String {
    let tasks = site.world.begin().await.open_tasks().await.unwrap();
    tasks.into_iter().find_map(|task| task.inbound).unwrap().to_string()
}

for_each_database! {
    async fn a_strangers_words_go_into_the_thread_of_whoever_staff_say_it_is(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        site.world.says("e1", 77, "電話を変えました<b>").await;
        site.world.says("e2", 77, "最近あまり眠れていません").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let today = browser.get("/today").await.body;
        assert!(today.contains("電話を変えました&lt;b&gt;"), "{today}");
        let id = event(&site).await;
        let page = browser.get(&format!("/strangers/{id}")).await.body;
        assert!(page.contains("電話を変えました&lt;b&gt;") && page.contains("あまり眠れていません"), "{page}");
        let found = browser.post(&format!("/strangers/{id}/search"), &[("query", "見本1")]).await.body;
        let bind = format!("/strangers/{id}/bind/{graduate}");
        assert!(found.contains(&format!("/bind/{graduate}")), "{found}");
        assert!(browser.get(&bind).await.body.contains("見本1 花子"));
        let unsure = browser.post(&bind, &[]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody is bound by one click");
        assert!(site.world.begin().await.contact_points_at(ContactKind::Line, &line_user(77)).await.unwrap().is_empty());

        let bound = browser.post(&bind, &[("sure", "yes")]).await;
        assert_eq!(bound.place(), format!("/inbox/{graduate}?done=stranger-bound"), "{}", bound.body);
        site.world.tick().await;
        let tx = site.world.begin().await;
        let texts: Vec<_> = tx.messages_of(graduate, None, 9).await.unwrap().into_iter().filter_map(|m| m.body).collect();
        assert_eq!(texts.iter().filter(|body| body.text.contains("電話を変えました")).count(), 1);
        assert!(tx.thread(graduate).await.unwrap().unwrap().reply_due_since.is_some());
        assert_eq!(tx.signs_of(graduate).await.unwrap().len(), 1, "the words are read for signs like any others");
        assert!(tx.open_tasks().await.unwrap().iter().all(|task| task.inbound.is_none()));
        assert!(tx.audit_of(graduate.0, 20).await.unwrap().iter().any(|row| row.action == "stranger.bind"));
    }

    async fn a_binding_that_was_wrong_is_taken_back_with_every_word(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 77, "最近あまり眠れていません").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let id = event(&site).await;
        let bind = format!("/strangers/{id}/bind/{graduate}");
        assert!(browser.get(&bind).await.body.contains("元の連絡先にもどります"), "another LINE account gives way");
        browser.post(&bind, &[("sure", "yes")]).await;
        site.world.tick().await;
        let binding = site.world.begin().await.bindings_of(graduate).await.unwrap().remove(0).id;
        let thread = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(thread.contains("眠れていません") && thread.contains(&format!("/bindings/{binding}")), "{thread}");

        let mut other = site.signed_in_at(site.other_office().await, Role::Admin).await.0;
        let undo = format!("/bindings/{binding}/undo");
        assert_eq!(other.post(&undo, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get(&format!("/bindings/{binding}")).await.status, StatusCode::OK);
        assert_eq!(browser.post(&undo, &[]).await.place(), "/today?done=stranger-unbound");
        site.world.tick().await;
        let tx = site.world.begin().await;
        let points = tx.contact_points(graduate).await.unwrap();
        let line = points.iter().find(|point| point.kind == ContactKind::Line).unwrap();
        assert_eq!(line.address, line_user(1), "the address from before is back");
        assert!(tx.messages_of(graduate, None, 9).await.unwrap().iter().all(|message| message.body.is_none()));
        assert!(tx.thread(graduate).await.unwrap().unwrap().reply_due_since.is_none());
        let sign = tx.signs_of(graduate).await.unwrap().remove(0).sign;
        assert!(!sign.is_open() && sign.quote.is_empty());
        let event = tx.inbound_event(id.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((event.state, event.graduate), (InboundState::UnknownSender, None));
        drop(tx);
        assert!(browser.get("/today").await.body.contains(&format!("/strangers/{id}")), "it waits for eyes again");
        let thread = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(thread.contains("別の人が書いたメッセージ") && !thread.contains("眠れていません"), "{thread}");
        assert_eq!(browser.post(&undo, &[]).await.place(), "/today", "once is enough");
    }

    async fn a_stranger_who_is_none_of_ours_leaves_today_until_they_write_again(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        site.world.says("e1", 77, "お得なお知らせ").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let id = event(&site).await;
        let gone = browser.post(&format!("/strangers/{id}/not-ours"), &[]).await;
        assert_eq!(gone.place(), "/today?done=stranger-not-ours");
        assert!(!browser.get("/today").await.body.contains("お得なお知らせ"));
        assert_eq!(browser.get(&format!("/strangers/{id}")).await.place(), "/today", "it is decided");
        site.world.says("e2", 77, "まだ間に合います").await;
        assert!(browser.get("/today").await.body.contains("まだ間に合います"));
    }
}
