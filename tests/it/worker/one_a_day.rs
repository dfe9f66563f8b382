//! After an outage nobody gets more than one check-in on one day (P14).

use bansou_core::audit::Actor;
use bansou_core::cadence::{CadencePlan, Every, Phase};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::ids::GraduateId;
use bansou_store::CheckIn;
use bansou_tests::ambient::moment;
use bansou_tests::fakes::Fault;
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use bansou_worker::AskedNow;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Asia::Tokyo;
use sqlx::AssertSqlSafe;

use super::{Faked, claim, day, rows};

/// Hired two days before, so that a day later the plan has another one.
const FIRST: &str = "2026-04-01T07:00:00+09:00";
const SECOND: &str = "2026-04-02T10:00:00+09:00";
const EVENING: &str = "2026-04-02T22:00:00+09:00";

/// The plan has a check-in on each of the two days.
async fn every_day(world: &World, graduate: GraduateId) {
    let tx = world.begin().await;
    let mut cadence = tx.cadence(graduate).await.unwrap().unwrap();
    let daily = Phase { from_day: 1, to_day: None, every: Every::Days(1) };
    cadence.state.plan = CadencePlan::new(vec![daily], 0).unwrap();
    tx.put_cadence(Actor::staff(world.staff), graduate, &cadence.state).await.unwrap();
    tx.save().await.unwrap();
}

fn of(rows: &[CheckIn], on: &str) -> CheckIn {
    rows.iter().find(|row| row.due_on == on.parse::<NaiveDate>().unwrap()).expect("a row of that day").clone()
}

/// Lets every job run over and over until the evening, as an alarm clock would.
async fn until_evening(world: &World) {
    while world.now() < moment(EVENING) {
        world.clock.advance(TimeDelta::minutes(10));
        world.engine.dispatch().await.unwrap();
        world.engine.plan().await.unwrap();
        world.engine.sweep().await.unwrap();
    }
}

fn sent_on_the_second_day(world: &World) -> usize {
    let day = day("2026-04-02");
    world.inbox.accepted_after(0).iter().filter(|sent| sent.at.with_timezone(&Tokyo).date_naive() == day).count()
}

for_each_database! {
    async fn yesterdays_late_one_waits_for_the_planner_and_gives_way_to_todays(database: &TestDatabase) {
        let world = World::open(database.url(), FIRST).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        every_day(&world, graduate).await;
        world.engine.plan().await.unwrap();
        world.clock.set_to(SECOND);
        world.engine.sweep().await.unwrap();
        until_evening(&world).await;
        assert_eq!(sent_on_the_second_day(&world), 1);
        let rows = rows(&world, graduate).await;
        assert_eq!(of(&rows, "2026-04-01").state_reason, Some(CloseReason::Superseded));
        assert_eq!(of(&rows, "2026-04-02").state, CheckInState::Out);
    }

    async fn where_a_late_one_went_out_today_todays_own_is_skipped_with_the_reason(database: &TestDatabase) {
        let stage = Faked::open(database.url(), FIRST).await;
        let world = &stage.world;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        every_day(world, graduate).await;
        world.engine.plan().await.unwrap();
        // Nobody knows what became of yesterday's call; it is tried again with its own key.
        let due = world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at;
        world.clock.set(due);
        stage.line.faults().script([Some(Fault::ErrorBefore)]);
        world.engine.dispatch().await.unwrap();
        assert!(stage.line.accepted().is_empty());
        // Its window lasts until today, by somebody's change of hours.
        let sql = format!("UPDATE deliveries SET window_to = {0}, expires_at = {0}, due_at = {1}",
            moment(EVENING).timestamp_millis(), moment(SECOND).timestamp_millis());
        match (world.store.sqlite_pool(), world.store.postgres_pool()) {
            (Some(pool), _) => drop(sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap()),
            (_, Some(pool)) => drop(sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap()),
            _ => {}
        }
        world.clock.set_to(SECOND);
        world.engine.plan().await.unwrap();
        assert_eq!(of(&rows(world, graduate).await, "2026-04-02").state, CheckInState::Planned);
        until_evening(world).await;
        assert_eq!(stage.line.accepted().len(), 1);
        assert!(stage.twilio.accepted().is_empty());
        let rows = rows(world, graduate).await;
        assert_eq!(of(&rows, "2026-04-01").state, CheckInState::Out);
        let todays = of(&rows, "2026-04-02");
        assert_eq!((todays.state, todays.state_reason), (CheckInState::Skipped, Some(CloseReason::AnotherToday)));
    }

    async fn of_two_that_are_claimed_at_the_same_moment_the_newer_one_goes(database: &TestDatabase) {
        let world = World::open(database.url(), FIRST).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        every_day(&world, graduate).await;
        world.engine.plan().await.unwrap();
        let older = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
        let claimed = claim(&world, &older.due_at.to_rfc3339()).await;
        assert_eq!(claimed.len(), 1);
        world.clock.set_to(SECOND);
        world.engine.plan().await.unwrap();
        // As when a person's plan is changed while yesterday's waits: both are due.
        let sql = format!("UPDATE deliveries SET state = 'due', lease_until = NULL, due_at = {0}, window_from = {0}, \
            window_to = {1}, expires_at = {1}", moment(SECOND).timestamp_millis(), moment(EVENING).timestamp_millis());
        match (world.store.sqlite_pool(), world.store.postgres_pool()) {
            (Some(pool), _) => drop(sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap()),
            (_, Some(pool)) => drop(sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap()),
            _ => {}
        }
        until_evening(&world).await;
        assert_eq!(sent_on_the_second_day(&world), 1);
        let rows = rows(&world, graduate).await;
        assert_eq!(of(&rows, "2026-04-02").state, CheckInState::Out);
        assert_eq!(of(&rows, "2026-04-01").state_reason, Some(CloseReason::AnotherToday));
    }

    async fn whoever_was_asked_late_today_is_not_asked_again_on_wish(database: &TestDatabase) {
        let world = World::open(database.url(), FIRST).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        world.clock.set_to(SECOND);
        while world.inbox.accepted_after(0).is_empty() {
            world.tick().await;
            world.clock.advance(TimeDelta::minutes(1));
        }
        assert_eq!(of(&rows(&world, graduate).await, "2026-04-01").state, CheckInState::Out);
        assert_eq!(world.engine.may_ask_now(world.office, graduate).await.unwrap(), AskedNow::HadToday);
    }
}
