//! Several processes that start at the same moment and all want to migrate.

use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, Store};
use bansou_tests::ambient::ambient;
use bansou_tests::database::TestDatabase;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_migrate_at_once_all_succeed_and_do_it_once() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let mut stores = Vec::new();
    for _ in 0..4 {
        let (ambient, _) = ambient("2026-04-01T07:00:00+09:00");
        stores.push(Store::open(database.url(), MasterKey::new([7; 32]), ambient, Durability::Full).await.unwrap());
    }
    let mut migrating: JoinSet<_> = stores.iter().cloned().map(|store| async move { store.migrate().await }).collect();
    while let Some(done) = migrating.join_next().await {
        done.unwrap().unwrap();
    }
    for store in &stores {
        store.assert_migrated().await.unwrap();
    }
}
