//! What happens by itself: an answer nobody gave goes to a colleague, and whoever writes at night is told once that the office is closed
//! (S2.1).

use bansou_channels::Address;
use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::graduate::PauseDates;
use bansou_core::half_day::HalfDay;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::{HandedOver, NewAbsence, NewInbound, Pause};
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user};
use chrono::TimeDelta;

use super::safe_text::with_safe_text;
use super::{Faked, day};

/// A Wednesday morning.
const MORNING: &str = "2026-04-01T09:00:00+09:00";
/// The evening of that day.
const EVENING: &str = "2026-04-01T19:00:00+09:00";

async fn colleague(world: &World, name: &str) -> StaffId {
    let tx = world.begin().await;
    let profile = StaffProfile { name: name.into(), email: format!("{name}@example.jp") };
    let staff = tx.add_staff(Actor::COMMAND, &profile, Role::Staff, Lang::Ja).await.unwrap();
    tx.save().await.unwrap();
    staff
}

/// Somebody of this owner and stand-in who has written something at nine.
async fn asked(world: &World, owner: StaffId, standin: Option<StaffId>) -> GraduateId {
    let graduate = world.graduate(1, day("2026-03-30")).await;
    let tx = world.begin().await;
    tx.assign_staff(Actor::COMMAND, graduate, Some(owner), standin).await.unwrap();
    tx.save().await.unwrap();
    world.says("e1", 1, "相談があります").await;
    graduate
}

async fn handed(world: &World, graduate: GraduateId) -> Option<HandedOver> {
    world.begin().await.thread(graduate).await.unwrap().unwrap().handed
}

/// The person writes over LINE, which hands out a reply token that is good for a minute.
async fn writes(stage: &Faked, key: &str) {
    let body = stage.line.text_event(&line_user(1), "聞いてほしいことがあります");
    let occurred_at = stage.world.now();
    let event = NewInbound { event_key: key.into(), kind: "line:message".into(), body, occurred_at };
    stage.world.store.store_inbound(stage.world.office, "line-main", &[event]).await.unwrap();
    stage.world.tick().await;
}

async fn switch_on(world: &World) {
    let tx = world.begin().await;
    let office = tx.own_office().await.unwrap();
    let mut settings = office.settings.clone();
    settings.out_of_hours = true;
    tx.change_office(&office.name, &settings).await.unwrap();
    tx.save().await.unwrap();
}

fn told(world: &World) -> usize {
    let got = world.inbox.messages_to(&Address::new(line_user(1)));
    got.iter().filter(|message| message.text.contains("閉まっています")).count()
}

for_each_database! {
    async fn chatwoot_no_action_on_breach(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let standin = colleague(&world, "kawari").await;
        let graduate = asked(&world, world.staff, Some(standin)).await;
        world.clock.set(moment("2026-04-01T15:59:00+09:00"));
        assert_eq!(world.engine.clocks().await.unwrap(), 0, "six hours without the lunch break end at four");
        world.clock.set(moment("2026-04-01T16:00:00+09:00"));
        assert_eq!(world.engine.clocks().await.unwrap(), 1);
        let over = handed(&world, graduate).await.unwrap();
        assert_eq!((over.from, over.to), (Some(world.staff), Some(standin)));
        let audit = world.begin().await.audit_of(graduate.0, 50).await.unwrap();
        assert_eq!(audit.iter().filter(|row| row.action == "reply.hand_over").count(), 1, "and it is written down");
    }

    async fn a_lost_or_doubled_alarm_changes_nothing(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = asked(&world, world.staff, None).await;
        world.clock.set(moment("2026-04-02T11:00:00+09:00"));
        let (one, other) = tokio::join!(world.engine.clocks(), world.engine.clocks());
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        assert_eq!(world.engine.clocks().await.unwrap(), 0);
        assert_eq!(handed(&world, graduate).await.map(|over| over.to), Some(None), "nobody else is there: the whole team");
    }

    async fn zammad_alerts_at_midnight(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T11:00:00+09:00").await;
        let graduate = asked(&world, world.staff, None).await;
        for night in ["2026-04-01T18:30:00+09:00", "2026-04-02T00:00:00+09:00", "2026-04-02T08:59:00+09:00"] {
            world.clock.set(moment(night));
            assert_eq!(world.engine.clocks().await.unwrap(), 0, "{night}");
        }
        world.clock.set(moment("2026-04-04T12:00:00+09:00"));
        assert_eq!(world.engine.clocks().await.unwrap(), 0, "long overdue, and it is Saturday");
        assert_eq!(handed(&world, graduate).await, None);
        world.clock.set(moment("2026-04-06T09:00:00+09:00"));
        assert_eq!(world.engine.clocks().await.unwrap(), 1);
    }

    async fn a_thread_stuck_with_an_absent_owner_runs_for_the_stand_in_and_breaches_to_duty(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let (standin, duty) = (colleague(&world, "kawari").await, colleague(&world, "toban").await);
        let tx = world.begin().await;
        let on = day("2026-04-01");
        let when = HalfDays::new(HalfDay::morning(on), HalfDay::afternoon(on)).unwrap();
        let leave = Leave { staff: world.staff, when, standin: Some(standin) };
        tx.add_absence(Actor::COMMAND, &NewAbsence { leave, reason: "休み".into() }).await.unwrap();
        tx.set_duty(Actor::COMMAND, HalfDay::afternoon(on), Some(duty)).await.unwrap();
        tx.save().await.unwrap();
        let graduate = asked(&world, world.staff, None).await;
        world.clock.set(moment("2026-04-01T16:00:00+09:00"));
        assert_eq!(world.engine.clocks().await.unwrap(), 1);
        let over = handed(&world, graduate).await.unwrap();
        assert_eq!((over.from, over.to), (Some(standin), Some(duty)), "from whoever looked after it to whoever is on duty");
    }

    async fn a_promise_holds_the_hand_over_back(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = asked(&world, world.staff, None).await;
        let tx = world.begin().await;
        tx.wait_for_them(world.staff, graduate).await.unwrap();
        tx.save().await.unwrap();
        world.clock.set(moment("2026-04-03T11:00:00+09:00"));
        assert_eq!(world.engine.clocks().await.unwrap(), 0, "we wait for the person");
    }

    async fn three_messages_of_one_evening_get_one_answer(database: &TestDatabase) {
        let stage = Faked::open(database.url(), EVENING).await;
        stage.world.graduate(1, day("2026-03-30")).await;
        switch_on(&stage.world).await;
        for (key, minutes) in [("e1", 0), ("e2", 20), ("e3", 180)] {
            stage.world.clock.advance(TimeDelta::minutes(minutes));
            writes(&stage, key).await;
        }
        let accepted = stage.line.accepted();
        let texts: Vec<_> = accepted.iter().flat_map(|message| message.texts.clone()).collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts[0].contains("明日の午前9時から") && texts[0].contains("0120-279-338"), "{texts:?}");
        assert_eq!(accepted[0].key, None, "over the free reply, not a push");
        stage.world.clock.set(moment("2026-04-02T20:00:00+09:00"));
        writes(&stage, "e4").await;
        assert_eq!(stage.line.accepted().len(), 2, "another evening, another answer");
    }

    async fn it_is_off_until_an_office_wants_it_and_silent_in_open_hours(database: &TestDatabase) {
        let world = World::open(database.url(), EVENING).await;
        world.graduate(1, day("2026-03-30")).await;
        world.says("e1", 1, "聞いてください").await;
        assert_eq!(told(&world), 0, "nobody switched it on");
        switch_on(&world).await;
        for (key, now) in [("e2", "2026-04-02T10:00:00+09:00"), ("e3", "2026-04-02T12:30:00+09:00")] {
            world.clock.set(moment(now));
            world.says(key, 1, "聞いてください").await;
        }
        assert_eq!(told(&world), 0, "open, and the lunch break");
    }

    async fn nobody_is_told_in_a_pause_or_after_words_of_crisis(database: &TestDatabase) {
        let world = World::open(database.url(), EVENING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        switch_on(&world).await;
        with_safe_text(&world).await;
        let tx = world.begin().await;
        let dates = PauseDates { from: day("2026-04-01"), until: None };
        tx.pause_graduate(Actor::COMMAND, graduate, &Pause { dates, reason: "見本".into() }).await.unwrap();
        tx.save().await.unwrap();
        world.says("e1", 1, "聞いてください").await;
        assert_eq!(told(&world), 0, "they asked for rest");
        let tx = world.begin().await;
        tx.unpause_graduate(Actor::COMMAND, graduate).await.unwrap();
        tx.save().await.unwrap();
        world.says("e2", 1, "もう消えてしまいたいです").await;
        world.clock.advance(TimeDelta::minutes(5));
        world.says("e3", 1, "だれかいますか").await;
        assert_eq!(told(&world), 0, "the safe text has been said");
    }

    async fn words_that_reach_us_late_are_told_nothing_at_night(database: &TestDatabase) {
        let world = World::open(database.url(), EVENING).await;
        world.graduate(1, day("2026-03-30")).await;
        switch_on(&world).await;
        let message = serde_json::json!({ "type": "text", "id": "m-e1", "text": "聞いてください" });
        let event = serde_json::json!({ "type": "message", "message": message, "replyToken": "r-e1" });
        world.line_event("e1", &line_user(1), event).await;
        world.clock.advance(TimeDelta::hours(2));
        world.tick().await;
        assert_eq!(told(&world), 0);
    }
}
