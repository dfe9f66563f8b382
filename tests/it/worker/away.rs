//! Who speaks while somebody is away: whoever looks after the person then (S3.1).

use bansou_channels::Address;
use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::delivery::DeliveryState;
use bansou_core::half_day::HalfDay;
use bansou_core::hours::WeekHours;
use bansou_core::ids::{AbsenceId, StaffId};
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::{Delivery, NewAbsence};
use bansou_tests::ambient::moment;
use bansou_tests::fakes::Fault;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user};
use chrono::{NaiveDate, TimeDelta};

use super::Faked;

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

async fn away(world: &World, from: &str, to: &str, standin: Option<StaffId>) -> AbsenceId {
    let tx = world.begin().await;
    let when = HalfDays::new(HalfDay::morning(day(from)), HalfDay::afternoon(day(to))).unwrap();
    let leave = Leave { staff: world.staff, when, standin };
    let id = tx.add_absence(Actor::COMMAND, &NewAbsence { leave, reason: String::new() }).await.unwrap();
    tx.save().await.unwrap();
    id
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

    async fn sick_leave_entered_after_planning_changes_who_signs_and_nothing_else(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T00:10:00+09:00").await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        let suzuki = colleague(&world).await;
        world.engine.plan().await.unwrap();
        let planned = world.begin().await.deliveries_of(graduate, 9).await.unwrap();
        assert!(planned[0].payload.text.starts_with("見本1さん、例田です。"), "{}", planned[0].payload.text);
        world.clock.set_to("2026-04-01T08:30:00+09:00");
        away(&world, "2026-04-01", "2026-04-01", Some(suzuki)).await;
        world.run_until(moment("2026-04-01T18:00:00+09:00")).await;
        let sent = world.inbox.messages_to(&Address::new(line_user(1)));
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text.starts_with("見本1さん、例田の代わりの鈴木です。"), "{}", sent[0].text);
        let now = world.begin().await.deliveries_of(graduate, 9).await.unwrap();
        let key = |rows: &[Delivery]| rows.iter().map(|row| (row.id, row.retry_key, row.due_at)).collect::<Vec<_>>();
        assert_eq!(key(&now), key(&planned), "the same message under the same key");
        assert_eq!(now[0].payload.text, sent[0].text, "what is kept is what was said");
        assert!(now[0].payload.choices == planned[0].payload.choices);
        assert!(!sent[0].choices.is_empty());
    }

    async fn leave_that_is_called_off_and_hours_that_change_after_planning_change_who_signs_too(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T00:10:00+09:00").await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        let leave = away(&world, "2026-04-01", "2026-04-01", None).await;
        world.engine.plan().await.unwrap();
        assert!(words(&world, graduate).await.starts_with("見本1さん、みほん支援室です。"));
        let tx = world.begin().await;
        tx.cancel_absence(Actor::COMMAND, leave).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment("2026-04-01T18:00:00+09:00")).await;
        let said = words(&world, graduate).await;
        assert!(said.starts_with("見本1さん、例田です。"), "{said}");

        world.run_until(moment("2026-04-07T00:10:00+09:00")).await;
        let planned = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
        assert!(planned.state == DeliveryState::Due && planned.payload.text.starts_with("見本1さん、例田です。"));
        let tx = world.begin().await;
        let mondays = WeekHours::default().with_day(chrono::Weekday::Mon, "09:00-12:00").unwrap();
        tx.set_staff_hours(Actor::COMMAND, world.staff, Some(&mondays)).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment("2026-04-07T18:00:00+09:00")).await;
        let said = words(&world, graduate).await;
        assert!(said.starts_with("見本1さん、みほん支援室です。"), "{said}");
    }

    async fn what_may_be_out_already_keeps_its_words(database: &TestDatabase) {
        let stage = Faked::open(database.url(), "2026-04-01T07:00:00+09:00").await;
        let world = &stage.world;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        stage.line.faults().script([Some(Fault::ErrorAfter), Some(Fault::RateLimited)]);
        world.engine.plan().await.unwrap();
        let planned = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
        world.run_until(planned.due_at + TimeDelta::seconds(40)).await;
        assert_eq!(stage.line.seen().len(), 2);
        away(world, "2026-04-01", "2026-04-01", None).await;
        world.run_until(moment("2026-04-01T18:00:00+09:00")).await;
        assert_eq!(stage.line.accepted().len(), 1);
        assert_eq!(words(world, graduate).await, planned.payload.text, "the person reads what the first try said");
    }
}
