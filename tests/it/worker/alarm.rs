//! apalis as the alarm clock, on both databases: it rings, it doesn't double, it stops, and it leaves nothing behind.

use std::time::Duration;

use bansou_channels::Address;
use bansou_store::Store;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user};
use bansou_worker::alarm::{self, Alarm, AlarmTerms, Health, Wake};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::day;

/// Inside the office's hours, when what was planned in the morning may leave.
const NOON: &str = "2026-04-01T16:30:00+09:00";

/// Ticks every quarter of a second, so that a test doesn't wait for real ones.
const TERMS: AlarmTerms = AlarmTerms { concurrency: 4, speed: 20, patience: Duration::from_secs(18) };

/// As long as a busy machine may need; nothing is measured by it.
const LONG: Duration = Duration::from_mins(1);

struct Clock {
    health: Health,
    wake: Wake,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Clock {
    /// As `bansou serve` starts it in a process.
    fn start(world: &World) -> Self {
        let (health, wake, stop) = (Health::new(), Wake::new(), CancellationToken::new());
        let running = alarm::run(world.engine.clone(), wake.clone(), health.clone(), TERMS, stop.clone());
        Self { health, wake, stop, task: tokio::spawn(running) }
    }

    async fn stop(self) {
        self.stop.cancel();
        timeout(LONG, self.task).await.expect("it stops").unwrap();
    }
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waited = async {
        while !is_so().await {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(LONG, waited).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// How many jobs stand in apalis' table, by a condition.
async fn jobs(store: &Store, condition: &'static str) -> i64 {
    let asked = "job_type = 'bansou-alarms' AND ";
    if let Some(pool) = store.sqlite_pool() {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM Jobs WHERE {asked}{condition}"));
        return sqlx::query_scalar(sql).fetch_one(pool).await.unwrap();
    }
    let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM apalis.jobs WHERE {asked}{condition}"));
    sqlx::query_scalar(sql).fetch_one(store.postgres_pool().unwrap()).await.unwrap()
}

for_each_database! {
    async fn the_alarms_plan_and_send_without_anybody_asking(database: &TestDatabase) {
        let world = World::open(database.url(), NOON).await;
        alarm::prepare(&world.store).await.unwrap();
        world.graduate(1, day("2026-03-30")).await;
        let clock = Clock::start(&world);
        until("planned", async || world.store.next_moment().await.unwrap().is_some_and(|at| at > world.now())).await;
        world.clock.set(world.store.next_moment().await.unwrap().unwrap());
        until("sent", async || !world.inbox.messages_to(&Address::new(line_user(1))).is_empty()).await;
        until("ready", async || clock.health.is_ready()).await;
        until("every alarm", async || Alarm::ALL.iter().all(|alarm| clock.health.runs(*alarm) > 0)).await;
        let failed: Vec<_> = Alarm::ALL.iter().filter(|alarm| clock.health.failures(**alarm) > 0).collect();
        assert!(failed.is_empty(), "{failed:?}");
        clock.stop().await;
        // A job that apalis had fetched at that very moment may stay queued: nothing hangs on it (trust.md section 5).
        assert_eq!(jobs(&world.store, "status = 'Running'").await, 0);
    }

    async fn two_processes_on_one_database_send_each_message_once(database: &TestDatabase) {
        let world = World::open(database.url(), NOON).await;
        alarm::prepare(&world.store).await.unwrap();
        for n in 0..20 {
            world.graduate(n, day("2026-03-30")).await;
        }
        let clocks = [Clock::start(&world), Clock::start(&world)];
        let sent = async || {
            // The clock goes on only when nothing is left to do at this moment, so that no window closes on anybody.
            match world.store.next_moment().await.unwrap() {
                Some(next) if next > world.now() => world.clock.set(next),
                _ => {}
            }
            world.inbox.accepted_after(0).len() >= 20
        };
        until("sent", sent).await;
        for clock in clocks {
            clock.stop().await;
        }
        for n in 0..20 {
            assert_eq!(world.inbox.messages_to(&Address::new(line_user(n))).len(), 1, "person {n}");
        }
        assert_eq!(jobs(&world.store, "attempts > 1").await, 0);
    }

    async fn what_was_stored_is_worked_upon_at_once_when_it_is_rung_for(database: &TestDatabase) {
        let world = World::open(database.url(), NOON).await;
        alarm::prepare(&world.store).await.unwrap();
        world.graduate(1, day("2026-03-30")).await;
        let clock = Clock::start(&world);
        let message = json!({ "type": "text", "id": "m1", "text": "こんにちは" });
        world.line_event("e1", &line_user(1), json!({ "type": "message", "message": message, "replyToken": "r1" })).await;
        clock.wake.ring();
        until("worked upon", async || world.store.offices_with_inbound(world.now()).await.unwrap().is_empty()).await;
        clock.stop().await;
    }

    async fn a_process_without_a_worker_wakes_one_elsewhere(database: &TestDatabase) {
        let world = World::open(database.url(), NOON).await;
        alarm::prepare(&world.store).await.unwrap();
        let (wake, stop) = (Wake::new(), CancellationToken::new());
        let forwarding = tokio::spawn(alarm::forward(world.store.clone(), wake.clone(), stop.clone()));
        wake.ring();
        until("woken", async || jobs(&world.store, "status = 'Pending'").await == 2).await;
        stop.cancel();
        timeout(LONG, forwarding).await.unwrap().unwrap();
    }

    async fn jobs_that_ended_are_thrown_away_and_others_stay(database: &TestDatabase) {
        let world = World::open(database.url(), NOON).await;
        alarm::prepare(&world.store).await.unwrap();
        let clock = Clock::start(&world);
        until("rung", async || jobs(&world.store, "status = 'Done'").await > 0).await;
        clock.stop().await;
        let (ended, waiting) = (jobs(&world.store, "status = 'Done'").await, jobs(&world.store, "status = 'Pending'").await);
        assert!(ended > 0);
        assert_eq!(alarm::prune(&world.store, Duration::from_hours(1)).await.unwrap(), 0);
        assert_eq!(alarm::prune(&world.store, Duration::ZERO).await.unwrap(), u64::try_from(ended).unwrap());
        assert_eq!(jobs(&world.store, "status = 'Done'").await, 0);
        assert_eq!(jobs(&world.store, "status = 'Pending'").await, waiting);
    }

    async fn a_restart_on_the_same_moment_rings_again(database: &TestDatabase) {
        let world = World::open(database.url(), NOON).await;
        alarm::prepare(&world.store).await.unwrap();
        for _ in 0..2 {
            let clock = Clock::start(&world);
            until("rung", async || jobs(&world.store, "status = 'Done'").await > 0).await;
            until("housekeeping", async || clock.health.runs(Alarm::Housekeeping) > 0).await;
            clock.stop().await;
        }
    }

    async fn apalis_tables_hold_one_word_and_nobodys_data(database: &TestDatabase) {
        let world = World::open(database.url(), NOON).await;
        alarm::prepare(&world.store).await.unwrap();
        alarm::prepare(&world.store).await.unwrap();
        let clock = Clock::start(&world);
        until("set", async || jobs(&world.store, "1 = 1").await >= 6).await;
        clock.stop().await;
        assert_eq!(jobs(&world.store, "length(job) > 16").await, 0);
    }
}

#[test]
fn an_alarm_is_stored_as_one_short_word() {
    for alarm in Alarm::ALL {
        assert_eq!(alarm.as_str().parse::<Alarm>().unwrap(), *alarm);
        assert!(alarm.as_str().len() <= 14);
    }
}
