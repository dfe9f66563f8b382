//! One row that can't be worked on hurts nobody else (P13).

use bansou_core::check_in::CheckInState;
use bansou_core::task::TaskReason;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user};
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::{day, reasons, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const EVENING: &str = "2026-04-01T22:00:00+09:00";

/// Damages rows behind the store's back.
async fn damage(world: &World, sql: &'static str) {
    let rows = match (world.store.sqlite_pool(), world.store.postgres_pool()) {
        (Some(pool), _) => sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap().rows_affected(),
        (_, Some(pool)) => sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap().rows_affected(),
        _ => 0,
    };
    assert_eq!(rows, 1, "one row is damaged");
}

for_each_database! {
    async fn an_unreadable_message_stops_nobody_elses_and_becomes_a_task(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let mut people = Vec::new();
        for n in 1..=3 {
            people.push(world.graduate(n, day("2026-03-30")).await);
        }
        world.engine.plan().await.unwrap();
        damage(&world, "UPDATE deliveries SET payload = address WHERE due_at = (SELECT MIN(due_at) FROM deliveries)").await;
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 2);
        let mut all = Vec::new();
        for person in people {
            all.extend(states(&world, person).await);
        }
        all.sort();
        assert_eq!(all, [CheckInState::Out, CheckInState::Out, CheckInState::HandedOver]);
        assert!(reasons(&world).await.contains(&TaskReason::Unclear));
    }

    async fn an_unreadable_message_whose_window_is_over_is_ended_like_any_other(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        for n in 1..=3 {
            world.graduate(n, day("2026-03-30")).await;
        }
        world.engine.plan().await.unwrap();
        damage(&world, "UPDATE deliveries SET payload = address WHERE due_at = (SELECT MIN(due_at) FROM deliveries)").await;
        world.clock.set_to(EVENING);
        world.tick().await;
        assert_eq!(reasons(&world).await, [TaskReason::Unclear]);
        world.run_until(moment(EVENING) + chrono::TimeDelta::days(1)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 2, "the others leave the next morning");
    }

    async fn an_unreadable_person_keeps_nobody_elses_message_waiting(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        for n in 1..=3 {
            world.graduate(n, day("2026-03-30")).await;
        }
        world.engine.plan().await.unwrap();
        let sql = "UPDATE graduates SET profile = 'x' WHERE id = (SELECT graduate_id FROM deliveries ORDER BY due_at LIMIT 1)";
        damage(&world, sql).await;
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 2);
        assert_eq!(reasons(&world).await, [TaskReason::Unclear]);
    }

    async fn an_unreadable_colleague_stops_nobodys_messages(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        damage(&world, "UPDATE staff SET profile = 'x'").await;
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 1);
    }

    async fn an_unreadable_event_holds_up_nobody_elses_words(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        let second = world.graduate(2, day("2026-03-30")).await;
        for (key, n) in [("e1", 1), ("e2", 2)] {
            let message = json!({ "type": "text", "id": format!("m-{key}"), "text": "しんどいです" });
            world.line_event(key, &line_user(n), json!({ "type": "message", "message": message })).await;
            world.clock.advance(chrono::TimeDelta::seconds(1));
        }
        let sql = "UPDATE inbound_events SET body = (SELECT address FROM contact_points LIMIT 1) WHERE event_key = 'e1'";
        damage(&world, sql).await;
        world.tick().await;
        assert!(world.begin().await.thread(second).await.unwrap().is_some());
        assert!(reasons(&world).await.contains(&TaskReason::InboundFailed));
    }

    async fn an_unreadable_plan_keeps_nobody_else_from_being_contacted_and_becomes_a_task(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        for n in 1..=3 {
            world.graduate(n, day("2026-03-30")).await;
        }
        damage(&world, "UPDATE cadences SET plan = 'x' WHERE id = (SELECT id FROM cadences ORDER BY id LIMIT 1)").await;
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 2);
        assert_eq!(reasons(&world).await, [TaskReason::Unclear]);
    }
}
