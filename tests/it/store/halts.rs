//! Switches and who threw them.

use bansou_core::audit::Actor;
use bansou_core::office::OfficeSettings;
use bansou_store::{ChainCheck, HaltScope};
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use chrono_tz::Asia::Tokyo;

for_each_database! {
    async fn whoever_stops_everything_is_in_the_audit_list_of_every_office_and_once(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T09:00:00+09:00").await;
        let second = world.store.add_office("例示支援室", Tokyo, &OfficeSettings::default()).await.unwrap();
        let offices = [second, world.office];
        let scope = HaltScope::Everything;
        assert!(world.store.halt_by(Actor::COMMAND, &scope, &offices).await.unwrap());
        assert!(!world.store.halt_by(Actor::COMMAND, &scope, &offices).await.unwrap(), "thrown already");
        assert!(world.store.release_by(Actor::COMMAND, &scope, &offices).await.unwrap());
        assert!(!world.store.release_by(Actor::COMMAND, &scope, &offices).await.unwrap());
        for office in offices {
            let tx = world.store.read(office).await.unwrap();
            let rows = tx.audit_of(office.0, 10).await.unwrap();
            let rows: Vec<_> = rows.iter().map(|row| (row.action.as_str(), row.actor)).collect();
            assert_eq!(rows, [("everything.release", Actor::COMMAND), ("everything.halt", Actor::COMMAND)]);
            assert!(matches!(tx.verify_audit().await.unwrap(), ChainCheck::Whole(_)));
        }
    }

    async fn a_switch_that_cannot_be_written_down_is_not_thrown(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T09:00:00+09:00").await;
        let nobody = bansou_core::ids::OfficeId(uuid::Uuid::from_u128(7));
        let scope = HaltScope::Channel("line-main".into());
        assert!(world.store.halt_by(Actor::COMMAND, &scope, &[world.office, nobody]).await.is_err());
        assert!(world.store.halts().await.unwrap().is_empty(), "one transaction");
        let rows = world.begin().await.audit_of(world.office.0, 10).await.unwrap();
        assert!(rows.iter().all(|row| row.action != "channel.halt"));
    }
}
