//! What an answer takes away: calls that were only to be made because of silence.

use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::answer_data;
use bansou_core::ids::GraduateId;
use bansou_core::task::{CallOutcome, TaskKind, TaskReason};
use bansou_store::{DropReason, NewTask, TaskState};
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user, mobile};
use chrono::TimeDelta;
use serde_json::json;

use super::{day, reasons, rows};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
/// The check-in of the 1st is silent by now, the one of the 6th is out.
const NEWER_ONE_IS_OUT: &str = "2026-04-06T17:30:00+09:00";

async fn silent_about_the_first(database: &str) -> (World, GraduateId) {
    let world = World::open(database, MORNING).await;
    let graduate = world.graduate(1, day("2026-03-30")).await;
    world.run_until(moment(NEWER_ONE_IS_OUT)).await;
    assert_eq!(reasons(&world).await, [TaskReason::Silent]);
    (world, graduate)
}

for_each_database! {
    async fn an_answer_to_a_newer_check_in_ends_the_call_about_the_older_one(database: &TestDatabase) {
        let (world, graduate) = silent_about_the_first(database.url()).await;
        let id = rows(&world, graduate).await[1].id;
        let press = json!({ "type": "postback", "postback": { "data": answer_data(id, "good") }, "replyToken": "r" });
        world.line_event("e1", &line_user(1), press).await;
        world.tick().await;
        assert_eq!(reasons(&world).await, []);
        let task = &world.begin().await.tasks_of(graduate).await.unwrap()[0];
        assert_eq!((task.state, task.drop_reason), (TaskState::Dropped, Some(DropReason::Answered)));
        assert_eq!((task.done_at, task.done_by), (Some(world.now()), None));
    }

    async fn any_words_do_on_any_channel_but_not_words_from_before_the_question(database: &TestDatabase) {
        let (world, _) = silent_about_the_first(database.url()).await;
        // An event that comes late: written before the check-in of the 1st was out.
        let message = json!({ "type": "text", "id": "m-old", "text": "きのうの写真です" });
        let body = json!({
            "type": "message", "message": message, "source": { "type": "user", "userId": line_user(1) },
            "webhookEventId": "old", "timestamp": moment(MORNING).timestamp_millis(), "mode": "active",
        });
        let old = bansou_store::NewInbound {
            event_key: "old".into(), kind: "line:message".into(), body, occurred_at: moment(MORNING),
        };
        world.store.store_inbound(world.office, "line-main", &[old]).await.unwrap();
        world.tick().await;
        assert_eq!(reasons(&world).await, [TaskReason::Silent]);
        let form = [("MessageSid", "SM1"), ("From", &mobile(1)), ("To", "+815010000000"), ("Body", "げんきです")];
        let sms = bansou_store::NewInbound {
            event_key: "SM1".into(), kind: "sms".into(), body: json!({ "form": form }), occurred_at: world.now(),
        };
        world.store.store_inbound(world.office, "sms-main", &[sms]).await.unwrap();
        world.tick().await;
        assert_eq!(reasons(&world).await, []);
    }

    async fn what_was_said_promised_or_found_stays_to_be_done(database: &TestDatabase) {
        let (world, graduate) = silent_about_the_first(database.url()).await;
        let kept = [TaskReason::Crisis, TaskReason::AskedForCall, TaskReason::FollowUp, TaskReason::NoAddress];
        let tx = world.begin().await;
        for reason in kept {
            let task = NewTask::program(TaskKind::Call, reason, format!("kept:{reason}"), world.now());
            tx.add_task(&NewTask { graduate: Some(graduate), ..task }).await.unwrap();
        }
        let silent = tx.tasks_of(graduate).await.unwrap().into_iter().find(|t| t.reason == TaskReason::Silent).unwrap();
        // They picked up and named a time: that call is a promise now.
        let later = Some(world.now() + TimeDelta::hours(20));
        tx.finish_call(Actor::staff(world.staff), silent.id, CallOutcome::Later, later).await.unwrap();
        tx.save().await.unwrap();
        world.says("e1", 1, "連絡ありがとうございます").await;
        let left = reasons(&world).await;
        assert!(kept.iter().all(|reason| left.contains(reason)) && left.contains(&TaskReason::Silent), "{left:?}");
    }

    async fn somebody_elses_words_end_nobodys_call(database: &TestDatabase) {
        let (world, _) = silent_about_the_first(database.url()).await;
        world.graduate_with(2, day("2020-03-30"), &[ContactKind::Line]).await;
        world.says("e1", 2, "元気です").await;
        assert!(reasons(&world).await.contains(&TaskReason::Silent));
    }
}
