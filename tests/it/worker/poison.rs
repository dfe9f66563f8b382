//! One row that can't be worked on hurts nobody else (P13).

use bansou_channels::Address;
use bansou_core::check_in::CheckInState;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::GraduateId;
use bansou_core::task::TaskReason;
use bansou_store::crash::{Crash, End, Happens, Watched};
use bansou_tests::ambient::moment;
use bansou_tests::fakes::Fault;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user};
use bansou_worker::SendTerms;
use chrono::TimeDelta;
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::{Faked, claim, day, reasons, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const EVENING: &str = "2026-04-01T22:00:00+09:00";

/// The first and the second person write, a second apart.
async fn both_write(world: &World) {
    for (key, n) in [("e1", 1), ("e2", 2)] {
        let message = json!({ "type": "text", "id": format!("m-{key}"), "text": "しんどいです" });
        world.line_event(key, &line_user(n), json!({ "type": "message", "message": message })).await;
        world.clock.advance(TimeDelta::seconds(1));
    }
}

/// Damages rows behind the store's back.
async fn damage(world: &World, sql: &'static str) {
    let rows = match (world.store.sqlite_pool(), world.store.postgres_pool()) {
        (Some(pool), _) => sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap().rows_affected(),
        (_, Some(pool)) => sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap().rows_affected(),
        _ => 0,
    };
    assert_eq!(rows, 1, "one row is damaged");
}

/// Its only message was called for so often, waits for a person on the page where people look, and its check-in is handed over.
async fn is_put_aside(world: &World, graduate: GraduateId, calls: i64) {
    world.tick().await;
    let tx = world.begin().await;
    let unclear = tx.unclear(10).await.unwrap();
    assert_eq!(
        unclear.iter().map(|one| (one.graduate, one.is_quarantined)).collect::<Vec<_>>(),
        [(Some(graduate), true)]
    );
    assert_eq!(tx.deliveries_of(graduate, 10).await.unwrap()[0].attempts, calls);
    drop(tx);
    assert_eq!(states(world, graduate).await, [CheckInState::HandedOver]);
    assert!(reasons(world).await.contains(&TaskReason::Unclear));
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
        world.run_until(moment(EVENING) + TimeDelta::days(1)).await;
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
        both_write(&world).await;
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

    async fn a_message_whose_call_panics_each_time_is_put_aside_after_three_and_the_others_go_on(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let poisoned = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        world.inbox.set_poison(&Address::new(line_user(1)));
        for n in 2..=4 {
            world.graduate(n, day("2026-03-30")).await;
        }
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 3);
        is_put_aside(&world, poisoned, 3).await;
    }

    async fn a_message_whose_call_never_ends_is_put_aside_after_three_and_the_others_go_on(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let poisoned = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        world.inbox.set_endless(&Address::new(line_user(1)));
        for n in 2..=4 {
            world.graduate(n, day("2026-03-30")).await;
        }
        let terms = SendTerms { patience: std::time::Duration::from_millis(200), ..SendTerms::default() };
        let world = world.with_terms(terms);
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 3);
        is_put_aside(&world, poisoned, 3).await;
    }

    async fn a_message_at_which_line_fails_again_and_again_while_it_takes_others_is_put_aside_after_eight(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let unlucky = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        world.engine.plan().await.unwrap();
        let until = moment("2026-04-01T17:00:00+09:00");
        world.clock.set(world.begin().await.deliveries_of(unlucky, 1).await.unwrap()[0].due_at);
        while world.now() < until {
            let tx = world.begin().await;
            tx.channel_ok("line-main").await.unwrap();
            tx.save().await.unwrap();
            stage.line.faults().script([Some(Fault::ErrorBefore)]);
            world.engine.dispatch().await.unwrap();
            let waiting = world.begin().await.deliveries_of(unlucky, 1).await.unwrap().remove(0);
            if waiting.state != DeliveryState::Unknown {
                break;
            }
            world.clock.set(waiting.due_at);
        }
        is_put_aside(world, unlucky, 8).await;
    }

    async fn an_outage_of_a_whole_afternoon_puts_nothing_aside(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        world.engine.plan().await.unwrap();
        world.clock.set(world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at);
        stage.line.faults().script(std::iter::repeat_n(Some(Fault::ErrorBefore), 9));
        for _ in 0..9 {
            world.engine.dispatch().await.unwrap();
            let waiting = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
            assert_eq!(waiting.state, DeliveryState::Unknown);
            world.clock.set(waiting.due_at);
        }
    }

    async fn what_was_only_claimed_together_with_a_message_that_kills_the_process_is_not_taken_for_it(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        for n in 1..=5 {
            world.graduate_with(n, day("2026-03-30"), &[ContactKind::Line]).await;
        }
        world.engine.plan().await.unwrap();
        let mut now = moment("2026-04-01T15:00:00+09:00");
        for _ in 0..2 {
            claim(&world, &now.to_rfc3339()).await;
            now += TimeDelta::seconds(125);
            world.clock.set(now);
            world.engine.sweep().await.unwrap();
            now += TimeDelta::seconds(61);
        }
        // Each of them is tried alone from here on.
        assert!(claim(&world, &now.to_rfc3339()).await.len() <= 1);
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.accepted_after(0).len() >= 4, "{}", world.inbox.accepted_after(0).len());
    }

    async fn an_event_at_which_we_panic_each_time_is_set_aside_and_the_next_one_has_its_effect(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        let second = world.graduate(2, day("2026-03-30")).await;
        both_write(&world).await;
        for _ in 0..bansou_store::INBOUND_TRIES {
            let panics = Crash { point: "effect.before_commit", nth: 1, happens: Happens::Panics };
            let engine = world.engine.clone();
            let mut run = Watched::new(Some(panics), async move { engine.inbound().await.unwrap() });
            assert!(matches!(run.run().await, End::Done(_)));
            assert!(world.begin().await.thread(second).await.unwrap().is_some(), "the next one goes on at once");
        }
        assert!(world.store.offices_with_inbound(world.now()).await.unwrap().is_empty());
        assert_eq!(reasons(&world).await.iter().filter(|why| **why == TaskReason::InboundFailed).count(), 1);
    }

    async fn a_plan_at_which_we_panic_keeps_nobody_from_being_contacted(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        for n in 1..=3 {
            world.graduate(n, day("2026-03-30")).await;
        }
        let panics = Crash { point: "plan.one", nth: 2, happens: Happens::Panics };
        let engine = world.engine.clone();
        let mut run = Watched::new(Some(panics), async move { engine.plan().await.unwrap() });
        assert!(matches!(run.run().await, End::Done(_)));
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 3);
    }

    async fn an_outcome_at_which_we_panic_is_kept_and_so_are_the_others(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        for n in 1..=3 {
            world.graduate(n, day("2026-03-30")).await;
        }
        world.engine.plan().await.unwrap();
        world.clock.set_to("2026-04-01T16:30:00+09:00");
        let panics = Crash { point: "record.before_commit", nth: 1, happens: Happens::Panics };
        let engine = world.engine.clone();
        let mut run = Watched::new(Some(panics), async move { engine.dispatch().await.unwrap() });
        assert!(matches!(run.run().await, End::Done(_)));
        let tx = world.begin().await;
        let sent = world.inbox.accepted_after(0).len();
        assert!(sent > 0 && tx.unclear(10).await.unwrap().is_empty());
        drop(tx);
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 3, "none of them twice");
    }

    async fn an_unreadable_person_who_stays_silent_is_called_all_the_same(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment(EVENING)).await;
        damage(&world, "UPDATE graduates SET profile = 'x'").await;
        world.clock.set_to("2026-04-06T12:00:00+09:00");
        world.engine.silence().await.unwrap();
        assert!(states(&world, graduate).await.contains(&CheckInState::Silent));
        assert!(reasons(&world).await.contains(&TaskReason::Silent));
    }
}
