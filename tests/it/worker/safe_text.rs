//! The office's own safe text after words of crisis (docs/decisions/0005), and words that come late, out of order or from an
//! address that several people share.

use bansou_channels::Address;
use bansou_core::audit::Actor;
use bansou_core::check_in::CheckInState;
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::delivery::ChannelTrouble;
use bansou_core::ids::GraduateId;
use bansou_core::task::TaskReason;
use bansou_store::NewInbound;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user, mobile};
use bansou_worker::{SendTerms, receive};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{Faked, day, reasons, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const NIGHT: &str = "2026-04-02T02:00:00+09:00";
const CRISIS: &str = "もう消えてしまいたいです";
const SAFE: &str = "いのちの電話 0120-000-000（見本）";

pub(super) async fn with_safe_text(world: &World) {
    let tx = world.begin().await;
    let office = tx.own_office().await.unwrap();
    let mut settings = office.settings.clone();
    settings.safe_text = SAFE.into();
    tx.change_office(&office.name, &settings).await.unwrap();
    tx.save().await.unwrap();
}

/// A text of somebody, written at a moment and stored now.
async fn wrote_at(world: &World, key: &str, user: &str, text: &str, at: DateTime<Utc>) {
    let body = json!({
        "type": "message", "mode": "active", "webhookEventId": key, "timestamp": at.timestamp_millis(),
        "source": { "type": "user", "userId": user }, "replyToken": format!("r-{key}"),
        "message": { "type": "text", "id": format!("m-{key}"), "text": text },
    });
    let event = NewInbound { event_key: key.into(), kind: "line:message".into(), body, occurred_at: at };
    world.store.store_inbound(world.office, "line-main", &[event]).await.unwrap();
}

async fn both_at(world: &World, kind: ContactKind, address: &str) -> Vec<GraduateId> {
    let mut people = Vec::new();
    for n in [1, 2] {
        let graduate = world.graduate_with(n, day("2026-03-30"), &[]).await;
        let tx = world.begin().await;
        tx.set_address(bansou_core::audit::Actor::COMMAND, graduate, kind, address).await.unwrap();
        tx.save().await.unwrap();
        people.push(graduate);
    }
    people
}

for_each_database! {
    async fn it_answers_at_night_once_while_the_person_waits(database: &TestDatabase) {
        let world = World::open(database.url(), NIGHT).await;
        world.graduate(1, day("2026-03-30")).await;
        with_safe_text(&world).await;
        world.says("e1", 1, CRISIS).await;
        world.clock.advance(TimeDelta::minutes(10));
        world.says("e2", 1, CRISIS).await;
        let got = world.inbox.messages_to(&Address::new(line_user(1)));
        assert_eq!(got.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), [SAFE]);
    }

    async fn a_planned_question_waits_until_the_crisis_is_over_and_nobody_is_thanked_in_it(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        with_safe_text(&world).await;
        world.engine.plan().await.unwrap();
        let question = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
        world.clock.set(question.due_at - TimeDelta::minutes(1));
        world.says("e1", 1, CRISIS).await;
        let got = || world.inbox.messages_to(&Address::new(line_user(1))).into_iter().map(|message| message.text);
        world.clock.set(question.due_at + TimeDelta::minutes(1));
        world.tick().await;
        world.says("e2", 1, "はい").await;
        world.tick().await;
        assert_eq!(got().collect::<Vec<_>>(), [SAFE], "no question, and no thank-you");
        let tx = world.begin().await;
        tx.take_crisis(world.staff, graduate).await.unwrap();
        tx.close_crisis(Actor::staff(world.staff), graduate).await.unwrap();
        tx.save().await.unwrap();
        world.tick().await;
        assert_eq!(got().count(), 2, "the day's question goes as planned: {:?}", got().collect::<Vec<_>>());
    }

    async fn words_that_reach_us_late_are_not_answered_at_night(database: &TestDatabase) {
        let world = World::open(database.url(), NIGHT).await;
        world.graduate(1, day("2026-03-30")).await;
        with_safe_text(&world).await;
        wrote_at(&world, "e1", &line_user(1), CRISIS, world.now() - TimeDelta::hours(6)).await;
        world.tick().await;
        assert!(world.inbox.accepted_after(0).is_empty());
        assert!(reasons(&world).await.contains(&TaskReason::Crisis));
    }

    async fn with_a_dead_reply_token_it_comes_as_a_message_of_its_own(database: &TestDatabase) {
        let stage = Faked::open(database.url(), NIGHT).await;
        stage.world.graduate(1, day("2026-03-30")).await;
        with_safe_text(&stage.world).await;
        wrote_at(&stage.world, "e1", &line_user(1), CRISIS, stage.world.now() - TimeDelta::minutes(2)).await;
        stage.world.tick().await;
        let texts: Vec<_> = stage.line.accepted().iter().map(|message| message.texts.clone()).collect();
        assert_eq!(texts, [[SAFE]]);
    }

    async fn held_back_before_the_call_it_is_not_lost_with_its_reply_token(database: &TestDatabase) {
        let stage = Faked::open(database.url(), NIGHT).await;
        stage.world.graduate(1, day("2026-03-30")).await;
        with_safe_text(&stage.world).await;
        wrote_at(&stage.world, "e1", &line_user(1), CRISIS, stage.world.now()).await;
        let held_up = stage.engine(SendTerms { lease: TimeDelta::seconds(5), ..SendTerms::default() });
        held_up.inbound().await.unwrap();
        held_up.dispatch().await.unwrap();
        assert!(stage.line.accepted().is_empty(), "with so short a lease nothing may be called");
        stage.world.clock.advance(TimeDelta::minutes(5));
        stage.world.tick().await;
        let texts: Vec<_> = stage.line.accepted().iter().map(|message| message.texts.clone()).collect();
        assert_eq!(texts, [[SAFE]]);
    }

    async fn a_used_up_month_does_not_hold_it_back(database: &TestDatabase) {
        let world = World::open(database.url(), NIGHT).await;
        world.graduate(1, day("2026-03-30")).await;
        with_safe_text(&world).await;
        let tx = world.begin().await;
        tx.stop_channel("line-main", moment("2026-05-01T00:00:00+09:00"), ChannelTrouble::MonthlyQuota).await.unwrap();
        tx.save().await.unwrap();
        world.says("e1", 1, CRISIS).await;
        assert_eq!(world.inbox.messages_to(&Address::new(line_user(1))).len(), 1);
    }

    async fn words_of_crisis_that_are_taken_back_leave_the_thread_on_top(database: &TestDatabase) {
        let world = World::open(database.url(), NIGHT).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.says("e1", 1, CRISIS).await;
        world.line_event("e2", &line_user(1), json!({ "type": "unsend", "unsend": { "messageId": "m-e1" } })).await;
        world.tick().await;
        assert!(world.begin().await.thread(graduate).await.unwrap().unwrap().crisis_since.is_some());
    }

    async fn words_from_before_a_check_in_do_not_answer_it(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment("2026-04-01T22:00:00+09:00")).await;
        wrote_at(&world, "e1", &line_user(1), "おはようございます", moment("2026-04-01T06:00:00+09:00")).await;
        world.tick().await;
        assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
    }

    async fn words_from_before_a_block_do_not_lift_it(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        let before = world.now() - TimeDelta::minutes(5);
        world.line_event("e1", &line_user(1), json!({ "type": "unfollow" })).await;
        world.tick().await;
        wrote_at(&world, "e2", &line_user(1), "もういいです", before).await;
        world.tick().await;
        let point = world.begin().await.contact_points_at(ContactKind::Line, &line_user(1)).await.unwrap().remove(0);
        assert!(matches!(point.reach, Reachability::Blocked { .. }));
    }

    async fn words_over_an_account_that_two_people_share_are_given_to_neither(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let people = both_at(&world, ContactKind::Line, &line_user(7)).await;
        wrote_at(&world, "e1", &line_user(7), "しんどいです", world.now()).await;
        world.tick().await;
        for person in people {
            assert!(world.begin().await.thread(person).await.unwrap().is_none());
        }
        assert!(reasons(&world).await.contains(&TaskReason::UnknownSender));
    }

    async fn words_of_crisis_from_somebody_who_cannot_be_named_say_so(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        both_at(&world, ContactKind::Line, &line_user(7)).await;
        wrote_at(&world, "e1", &line_user(7), CRISIS, world.now()).await;
        wrote_at(&world, "e2", &line_user(8), CRISIS, world.now()).await;
        world.tick().await;
        let reasons = reasons(&world).await;
        assert_eq!(reasons.iter().filter(|reason| **reason == TaskReason::UnknownCrisis).count(), 2, "{reasons:?}");
    }

    async fn a_stop_from_a_number_that_two_people_share_holds_for_the_number(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        both_at(world, ContactKind::Sms, &mobile(7)).await;
        let url = "https://bansou.example/webhooks/twilio/sms-main/inbound";
        // Twilio knows its own word only.
        let call = stage.twilio.inbound(url, &mobile(7), "配信停止");
        let channel = bansou_channels::TwilioChannel::new(crate::virtual_days::twilio_settings(&stage.twilio)).unwrap();
        let channel = bansou_channels::Channel::Twilio(channel);
        let rows = receive::twilio_inbound(&channel, url, &call.body, &call.signature, world.now()).unwrap();
        world.store.store_inbound(world.office, "sms-main", &rows).await.unwrap();
        world.run_until(moment("2026-04-10T22:00:00+09:00")).await;
        assert!(stage.twilio.accepted().is_empty());
        assert_eq!(stage.twilio.seen().len(), 0, "nothing is even tried");
    }
}
