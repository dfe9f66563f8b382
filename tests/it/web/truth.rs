//! What a page says happened did happen: nothing stands there as a fact that nobody wrote down.

use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, DeliveryState, Payload, Purpose};
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::thread::MessageBody;
use bansou_store::{GraduateDetails, NewDelivery, NewTask, OutboundMessage};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

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

    async fn a_reply_is_offered_once_more_only_where_it_can_go(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        let tx = site.world.begin().await;
        let body = MessageBody { text: "今日15時に電話します".into(), choices: Vec::new(), attachment: None };
        let words = OutboundMessage { graduate, channel: ChannelKind::Sms, body, check_in: None };
        let message = tx.add_staff_message(site.world.staff, &words, None).await.unwrap();
        let point = tx.contact_points(graduate).await.unwrap().remove(0);
        let (now, later) = (tx.now(), tx.now() + TimeDelta::hours(1));
        let reply = NewDelivery {
            graduate: Some(graduate),
            check_in: None,
            message: Some(message),
            escalation: None,
            purpose: Purpose::Reply,
            slot: message.to_string(),
            channel_id: "sms-main".into(),
            channel_kind: ChannelKind::Sms,
            contact_point: Some((point.id, point.version)),
            address: point.address.clone(),
            payload: Payload { text: "今日15時に電話します".into(), ..Payload::default() },
            due_at: now,
            window: (now, later),
            expires_at: later,
        };
        tx.add_delivery(&reply).await.unwrap();
        tx.save().await.unwrap();
        site.world.clock.advance(TimeDelta::hours(2));
        site.world.tick().await;
        let all = site.world.begin().await.deliveries_of(graduate, 9).await.unwrap();
        let failed = all.into_iter().find(|delivery| delivery.purpose == Purpose::Reply).unwrap();
        assert_eq!(failed.state, DeliveryState::Expired);
        let mut browser = site.signed_in(Role::Staff).await;
        let (thread, decide) = (format!("/inbox/{graduate}"), format!("/deliveries/{}/decide", failed.id));
        for page in ["/today", &thread] {
            assert!(browser.get(page).await.body.contains("value=\"resend\""), "the number still works");
        }
        let tx = site.world.begin().await;
        tx.set_reachability(Actor::PROGRAM, point.id, point.reach.invalid(now)).await.unwrap();
        tx.save().await.unwrap();
        for page in ["/today", &thread] {
            let page = browser.get(page).await.body;
            assert!(!page.contains("value=\"resend\""), "{page}");
            assert!(page.contains("もう一度は送れません") && page.contains(&format!("/graduates/{graduate}/edit\"")), "{page}");
        }
        // The page was open since before.
        let pressed = browser.post(&decide, &[("decision", "resend")]).await;
        assert_eq!((pressed.status, pressed.place()), (StatusCode::SEE_OTHER, "/today?done=cannot-resend"));
        let tx = site.world.begin().await;
        assert_eq!(tx.delivery(failed.id).await.unwrap().unwrap().state, DeliveryState::Expired, "nothing is decided");
        drop(tx);
        let called = browser.post(&decide, &[("decision", "call")]).await;
        assert_eq!(called.place(), "/today?done=saved", "a call can be made all the same");
    }

    async fn nothing_is_sent_once_more_to_hours_that_never_meet_or_to_whoever_said_stop(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let seen = site.world.begin().await.messages_of(graduate, None, 1).await.unwrap().remove(0).id.to_string();
        browser.post(&format!("/inbox/{graduate}/reply"), &[("channel", "line"), ("seen", &seen), ("body", "はい")]).await;
        site.world.clock.advance(TimeDelta::days(1));
        site.world.tick().await;
        let tx = site.world.begin().await;
        let details = tx.graduate(graduate).await.unwrap().unwrap().details;
        let hours = PersonHours { week: WeekHours::every_day("18:00-20:00").unwrap(), zone: None };
        tx.change_graduate(Actor::COMMAND, graduate, &GraduateDetails { hours, ..details }).await.unwrap();
        tx.save().await.unwrap();
        let mut browser = site.signed_in(Role::Staff).await;
        let page = browser.get("/today").await.body;
        assert!(!page.contains("value=\"resend\"") && page.contains("連絡できる時間がないので"), "{page}");
        site.world.says("e2", 1, "配信停止").await;
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(!page.contains("value=\"resend\"") && page.contains("連絡を止めているので"), "{page}");
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
    assert!(!page.contains("返事がおくれています"));
    // From 10:00 on, with an hour's break at noon, three open hours are over at 14:00.
    site.world.clock.advance(TimeDelta::minutes(4 * 60 - 1));
    let mut browser = site.signed_in(Role::Staff).await;
    assert!(!browser.get(&format!("/inbox/{graduate}")).await.body.contains("返事がおくれています"));
    site.world.clock.advance(TimeDelta::minutes(1));
    assert!(browser.get(&format!("/inbox/{graduate}")).await.body.contains("返事がおくれています"));
    assert!(
        browser.get("/inbox").await.body.contains("row-late") && browser.get("/today").await.body.contains("row-late")
    );
}
