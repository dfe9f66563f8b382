//! The engine's jobs: plan, send, listen, notice; each on both databases, judged by the simulator's own ledger.

mod alarm;
mod inbound;
mod planning;
mod sending;

use bansou_core::check_in::CheckInState;
use bansou_core::ids::GraduateId;
use bansou_store::CheckIn;
use bansou_tests::world::World;
use chrono::NaiveDate;

/// A day.
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A graduate's rows, oldest first.
async fn rows(world: &World, graduate: GraduateId) -> Vec<CheckIn> {
    let mut rows = world.begin().await.check_ins_of(graduate, 1000).await.unwrap();
    rows.reverse();
    rows
}

/// States of a graduate's rows, oldest first.
async fn states(world: &World, graduate: GraduateId) -> Vec<CheckInState> {
    rows(world, graduate).await.iter().map(|row| row.state).collect()
}
