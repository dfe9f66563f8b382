//! Offices that are there for measuring only.

use bansou_core::delivery::DeliveryState;
use bansou_store::StoreError;
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use chrono::{NaiveDate, TimeDelta};

for_each_database! {
    async fn neighbours_have_every_row_of_the_office_and_nobody_reads_them(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T07:00:00+09:00").await;
        for n in 1..=3 {
            world.graduate(n, NaiveDate::from_ymd_opt(2026, 3, 30).unwrap()).await;
        }
        world.run_until(world.now() + TimeDelta::hours(15)).await;
        world.says("e1", 1, "少しつかれています").await;
        world.tick().await;
        let mut told = Vec::new();
        world.store.add_neighbours(world.office, 2, |n| told.push(n)).await.unwrap();
        assert_eq!(told, [1, 2]);
        let offices = world.store.offices().await.unwrap();
        assert_eq!(offices.len(), 3);
        for office in offices {
            let tx = world.store.read(office.id).await.unwrap();
            assert_eq!(tx.deliveries_in(DeliveryState::Accepted).await.unwrap(), 3);
            let trail = world.store.delivery_trail(office.id).await.unwrap();
            assert!(trail.iter().all(|row| row.graduate.is_some()));
            let read = tx.graduates().await;
            if office.id == world.office {
                assert_eq!(read.unwrap().len(), 3);
            } else {
                assert!(matches!(read, Err(StoreError::Sealed { .. })), "{read:?}");
            }
        }
    }
}
