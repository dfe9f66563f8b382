//! What comes in: each event has one effect, and what a person says reaches a person.

use bansou_channels::Address;
use bansou_core::check_in::CheckInState;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, answer_data};
use bansou_core::sign::SignStep;
use bansou_core::task::TaskReason;
use bansou_core::thread::MessageBody;
use bansou_store::OutboundMessage;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user};
use chrono::TimeDelta;
use serde_json::json;

use super::{day, reasons, rows, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
/// After the check-in went out, still inside the office's hours of the next morning.
const NEXT_DAY: &str = "2026-04-02T09:30:00+09:00";
const SOON: &str = "昨日から何も食べていません";

for_each_database! {
    async fn a_pressed_button_answers_its_check_in_once_however_often_the_event_comes(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment(NEXT_DAY)).await;
        let id = rows(&world, graduate).await[0].id;
        for _ in 0..3 {
            let event = json!({ "type": "postback", "postback": { "data": answer_data(id, "bad") }, "replyToken": "r" });
            world.line_event("e1", &line_user(1), event).await;
            world.tick().await;
        }
        let row = &rows(&world, graduate).await[0];
        assert_eq!((row.state, row.answer.as_deref()), (CheckInState::Answered, Some("bad")));
        let tx = world.begin().await;
        assert_eq!(tx.signs_in(&[SignStep::Suggested], 10).await.unwrap().len(), 1);
        assert!(tx.thread(graduate).await.unwrap().unwrap().reply_due_since.is_some());
        // The check-in and one word of thanks.
        assert_eq!(world.inbox.accepted_after(0).len(), 2);
    }

    async fn a_typed_number_answers_and_a_good_answer_makes_no_reply_due(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment(NEXT_DAY)).await;
        world.says("e1", 1, "１").await;
        assert_eq!(rows(&world, graduate).await[0].answer.as_deref(), Some("good"));
        assert_eq!(world.begin().await.thread(graduate).await.unwrap().unwrap().reply_due_since, None);
    }

    async fn a_number_typed_after_words_of_staff_is_read_by_a_person_and_a_label_still_answers(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduates = [world.graduate(1, day("2026-03-30")).await, world.graduate(2, day("2026-03-30")).await];
        world.run_until(moment(NEXT_DAY)).await;
        for (n, (graduate, (typed, due))) in (1..).zip(graduates.into_iter().zip([("1", true), ("よい", false)])) {
            let tx = world.begin().await;
            let text = "電話は1、文字は2と書いてください。".to_owned();
            let body = MessageBody { text, choices: Vec::new(), attachment: None };
            let words = OutboundMessage { graduate, channel: ChannelKind::Line, body, check_in: None };
            tx.add_staff_message(world.staff, &words, None).await.unwrap();
            tx.save().await.unwrap();
            world.clock.advance(TimeDelta::minutes(5));
            world.says(&format!("e{n}"), n, typed).await;
            let thread = world.begin().await.thread(graduate).await.unwrap().unwrap();
            assert_eq!(thread.reply_due_since.is_some(), due, "{typed}");
        }
    }

    async fn somebody_elses_button_answers_nothing(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let first = world.graduate(1, day("2026-03-30")).await;
        world.graduate(2, day("2026-03-30")).await;
        world.run_until(moment(NEXT_DAY)).await;
        let id = rows(&world, first).await[0].id;
        let event = json!({ "type": "postback", "postback": { "data": answer_data(id, "good") } });
        world.line_event("e1", &line_user(2), event).await;
        world.tick().await;
        assert_eq!(states(&world, first).await, [CheckInState::Out]);
    }

    async fn words_of_crisis_put_the_thread_on_top_and_send_nothing_by_themselves(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment(NEXT_DAY)).await;
        let before = world.inbox.accepted_after(0).len();
        world.says("e1", 1, "もう消えてしまいたいです").await;
        let tx = world.begin().await;
        assert_eq!(tx.crisis_open().await.unwrap().len(), 1);
        assert!(tx.thread(graduate).await.unwrap().unwrap().crisis_since.is_some());
        drop(tx);
        assert!(reasons(&world).await.contains(&TaskReason::Crisis));
        assert_eq!(world.inbox.accepted_after(0).len(), before);
    }

    async fn words_to_be_read_soon_make_a_task_and_no_crisis(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.says("e1", 1, SOON).await;
        assert!(reasons(&world).await.contains(&TaskReason::ReadSoon), "{:?}", reasons(&world).await);
        assert!(world.begin().await.thread(graduate).await.unwrap().unwrap().crisis_since.is_none());
    }

    async fn a_stop_is_honoured_at_once_on_every_channel_and_a_person_hears_of_it(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment(NEXT_DAY)).await;
        world.says("e1", 1, "配信停止").await;
        let before = world.inbox.accepted_after(0).len();
        world.run_until(moment("2026-05-31T23:00:00+09:00")).await;
        assert_eq!(world.inbox.accepted_after(0).len(), before);
        assert!(reasons(&world).await.contains(&TaskReason::Stopped));
        assert!(rows(&world, graduate).await.iter().all(|row| row.state.is_closed()));
    }

    async fn an_unknown_account_binds_itself_with_an_invite_code_once(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        let tx = world.begin().await;
        let code = tx.create_invite(bansou_core::audit::Actor::staff(world.staff), graduate).await.unwrap();
        tx.save().await.unwrap();
        world.says("e1", 77, &code).await;
        let bound = world.begin().await.contact_points_at(ContactKind::Line, &line_user(77)).await.unwrap();
        assert_eq!(bound.iter().map(|point| point.graduate).collect::<Vec<_>>(), [graduate]);
        world.says("e2", 78, &code).await;
        assert!(world.begin().await.contact_points_at(ContactKind::Line, &line_user(78)).await.unwrap().is_empty());
        assert!(reasons(&world).await.contains(&TaskReason::UnknownSender));
    }

    async fn blocking_the_account_makes_a_task_and_the_next_check_in_goes_by_sms(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        world.line_event("e1", &line_user(1), json!({ "type": "unfollow" })).await;
        world.tick().await;
        assert!(reasons(&world).await.contains(&TaskReason::Unfollowed));
        world.run_until(moment(NEXT_DAY)).await;
        assert_eq!(world.inbox.messages_to(&Address::new(line_user(1))).len(), 0);
        assert_eq!(world.inbox.messages_to(&Address::new(bansou_tests::world::mobile(1))).len(), 1);
    }

    async fn what_was_taken_back_is_not_shown_again(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.says("e1", 1, "昨日は眠れませんでした").await;
        world.line_event("e2", &line_user(1), json!({ "type": "unsend", "unsend": { "messageId": "m-e1" } })).await;
        world.tick().await;
        let messages = world.begin().await.messages_of(graduate, None, 10).await.unwrap();
        assert!(messages.iter().all(|message| message.body.as_ref().is_none_or(|body| !body.text.contains("眠れ"))));
    }

    async fn silence_is_noticed_after_the_waiting_time_and_the_late_answer_still_counts(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment("2026-04-04T12:00:00+09:00")).await;
        assert_eq!(states(&world, graduate).await, [CheckInState::Silent]);
        assert!(reasons(&world).await.contains(&TaskReason::Silent));
        world.says("e1", 1, "返事がおそくなりました。元気です").await;
        assert_eq!(states(&world, graduate).await, [CheckInState::Answered]);
        assert!(!reasons(&world).await.contains(&TaskReason::Silent));
    }

    async fn unknown_event_types_are_kept_and_harm_nothing(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        world.line_event("e1", &line_user(1), json!({ "type": "somethingNew", "x": [1, 2] })).await;
        world.line_event("e2", "Uffffffffffffffffffffffffffffffff", json!({ "type": "follow" })).await;
        world.tick().await;
        assert!(world.store.offices_with_inbound(world.now()).await.unwrap().is_empty());
    }
}
