//! What waits while a switch is thrown.

use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::ContactKind;
use bansou_core::delivery::DeliveryState;
use bansou_core::task::TaskKind;
use bansou_store::{HaltReason, HaltScope};
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::World;

use super::{day, rows};

for_each_database! {
    async fn what_waits_and_expires_while_a_switch_is_thrown_reaches_a_person(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T07:00:00+09:00").await;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        for scope in [HaltScope::Everything, HaltScope::Channel("line-main".into())] {
            world.store.halt(&scope, HaltReason::Operator).await.unwrap();
        }
        world.run_until(moment("2026-04-01T22:00:00+09:00")).await;
        assert!(world.inbox.accepted_after(0).is_empty());
        let row = rows(&world, graduate).await.remove(0);
        assert_eq!((row.state, row.state_reason), (CheckInState::HandedOver, Some(CloseReason::OfficeStopped)));
        let tx = world.begin().await;
        assert_eq!(tx.deliveries_of(graduate, 1).await.unwrap()[0].state, DeliveryState::Expired);
        let calls = tx.open_tasks().await.unwrap().into_iter().filter(|task| task.kind == TaskKind::Call).count();
        assert_eq!(calls, 1, "somebody calls instead");
    }

    async fn what_still_has_time_leaves_after_the_switch_is_taken_back(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T07:00:00+09:00").await;
        world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        world.store.halt(&HaltScope::Everything, HaltReason::Operator).await.unwrap();
        world.run_until(moment("2026-04-01T11:00:00+09:00")).await;
        world.store.release(&HaltScope::Everything).await.unwrap();
        world.run_until(moment("2026-04-01T22:00:00+09:00")).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 1);
    }
}
