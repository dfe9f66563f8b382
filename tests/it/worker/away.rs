//! Who speaks while somebody is away: whoever looks after the person then (S3.1).

use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::half_day::HalfDay;
use bansou_core::ids::StaffId;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::NewAbsence;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn colleague(world: &World) -> StaffId {
    let tx = world.begin().await;
    let profile = StaffProfile { name: "鈴木 見本".into(), email: "suzuki@example.jp".into() };
    let id = tx.add_staff(Actor::COMMAND, &profile, Role::Staff, Lang::Ja).await.unwrap();
    tx.save().await.unwrap();
    id
}

async fn away(world: &World, from: &str, to: &str, standin: Option<StaffId>) {
    let tx = world.begin().await;
    let when = HalfDays::new(HalfDay::morning(day(from)), HalfDay::afternoon(day(to))).unwrap();
    let leave = Leave { staff: world.staff, when, standin };
    tx.add_absence(Actor::COMMAND, &NewAbsence { leave, reason: String::new() }).await.unwrap();
    tx.save().await.unwrap();
}

/// The words of the check-in that was planned last.
async fn words(world: &World, graduate: bansou_core::ids::GraduateId) -> String {
    world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0).payload.text
}

for_each_database! {
    async fn a_check_in_during_leave_is_spoken_by_the_stand_in_and_the_next_one_by_the_owner(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T07:00:00+09:00").await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        let suzuki = colleague(&world).await;
        away(&world, "2026-04-01", "2026-04-01", Some(suzuki)).await;
        world.run_until(moment("2026-04-01T18:00:00+09:00")).await;
        let said = words(&world, graduate).await;
        assert!(said.starts_with("見本1さん、例田の代わりの鈴木です。"), "{said}");
        world.run_until(moment("2026-04-08T18:00:00+09:00")).await;
        let said = words(&world, graduate).await;
        assert!(said.starts_with("見本1さん、例田です。"), "{said}");
    }

    async fn where_nobody_stands_in_the_office_speaks(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T07:00:00+09:00").await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        away(&world, "2026-04-01", "2026-04-02", None).await;
        world.run_until(moment("2026-04-01T18:00:00+09:00")).await;
        let said = words(&world, graduate).await;
        assert!(said.starts_with("見本1さん、みほん支援室です。"), "{said}");
    }
}
