//! Readiness, the clock's watch and the dead man's switch, driven by hand.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bansou_channels::{Secret, Watcher};
use bansou_cli::config::AlarmSection;
use bansou_cli::serve::dead_man::{DeadMan, Signal};
use bansou_cli::serve::disk::Disk;
use bansou_cli::serve::readiness::{NotReady, Parts, Readiness};
use bansou_cli::serve::vitals::{Pulse, Vitals};
use bansou_core::clock::ClockTrouble;
use bansou_core::contact::ContactKind;
use bansou_store::{HaltReason, HaltScope};
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use bansou_worker::journal::{Journal, SentLine};
use chrono::TimeDelta;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const NOON: &str = "2026-04-01T12:00:00+09:00";

fn parts(world: &World) -> Parts {
    Parts {
        store: world.store.clone(),
        stop: CancellationToken::new(),
        worker: None,
        vitals: Vitals::new(),
        key_file: None,
        journal: None,
    }
}

fn after(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// An office where a check-in has been due for ten minutes, and nobody has dispatched yet.
async fn with_one_due(url: &str) -> World {
    let world = World::open(url, MORNING).await;
    let graduate = world.graduate_with(1, "2026-03-30".parse().unwrap(), &[ContactKind::Line]).await;
    world.engine.plan().await.unwrap();
    let due = world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at;
    world.clock.set(due + TimeDelta::minutes(10));
    world
}

/// A watcher outside that counts who asks.
async fn watcher(heard: Arc<AtomicUsize>) -> Watcher {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ping/secret?status=up", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4_096];
            let n = stream.read(&mut asked).await.unwrap();
            let asked = String::from_utf8_lossy(&asked[..n]).into_owned();
            assert!(asked.starts_with("GET /ping/secret?status=up ") && asked.ends_with("\r\n\r\n"), "{asked}");
            heard.fetch_add(1, Ordering::Relaxed);
            let answer = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    Watcher::new(Secret::new(url)).unwrap()
}

fn listening(watcher: Option<Watcher>, file: &Path) -> AlarmSection {
    AlarmSection { watcher, file: Some(PathBuf::from(file)) }
}

for_each_database! {
    async fn ready_is_only_who_can_write_and_has_tables_key_and_clock(database: &TestDatabase) {
        let world = with_one_due(database.url()).await;
        let graduate = world.begin().await.graduates().await.unwrap()[0].id;
        let delivery = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
        let good = parts(&world);
        assert_eq!(Readiness::new(good.clone()).trouble().await, None);

        let folder = tempfile::tempdir().unwrap();
        let gone = Parts { key_file: Some(folder.path().join("bansou.key")), ..good.clone() };
        assert_eq!(Readiness::new(gone).trouble().await, Some(NotReady::Key));
        let file = folder.path().join("journal");
        let journal = Journal::open(&file, world.store.ambient()).unwrap();
        let told = Parts { journal: Some(journal.clone()), ..good.clone() };
        assert_eq!(Readiness::new(told.clone()).trouble().await, None);
        std::fs::remove_dir_all(&file).unwrap();
        let line = || SentLine::intent(world.office, &delivery, world.now());
        journal.sent(vec![line()], world.now() + TimeDelta::days(1)).await.unwrap_err();
        assert_eq!(Readiness::new(told.clone()).trouble().await, Some(NotReady::Journal), "the folder has gone");
        std::fs::create_dir(&file).unwrap();
        assert_eq!(Readiness::new(told).trouble().await, None, "and is back, also while nothing is sent");
        let ill = good.clone();
        ill.vitals.note_clock(Some(ClockTrouble::Skewed), None);
        assert_eq!(Readiness::new(ill.clone()).trouble().await, Some(NotReady::Clock));
        ill.vitals.note_clock(None, None);
        let silent = Parts { worker: Some(bansou_worker::alarm::Health::new()), ..good.clone() };
        assert_eq!(Readiness::new(silent).trouble().await, Some(NotReady::Worker), "dispatch has never run");

        let stopping = Readiness::new(good.clone());
        assert_eq!(stopping.trouble().await, None);
        good.stop.cancel();
        assert_eq!(stopping.trouble().await, Some(NotReady::Stopping), "at once, whatever was known");

        world.store.close().await.unwrap();
        assert_eq!(Readiness::new(Parts { stop: CancellationToken::new(), ..good }).trouble().await, Some(NotReady::Database));
    }

    async fn tables_without_a_change_of_this_version_are_not_ready(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let forget = "DELETE FROM seaql_migrations WHERE version = 'm0013_halts'";
        if let Some(pool) = world.store.sqlite_pool() {
            sqlx::query(forget).execute(pool).await.unwrap();
        }
        if let Some(pool) = world.store.postgres_pool() {
            sqlx::query(forget).execute(pool).await.unwrap();
        }
        assert_eq!(Readiness::new(parts(&world)).trouble().await, Some(NotReady::Tables));
    }

    async fn a_flood_of_questions_is_no_flood_of_writes(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let readiness = Readiness::new(parts(&world));
        let before = world.store.statements();
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..500 {
            let readiness = readiness.clone();
            asked.spawn(async move { readiness.trouble().await });
        }
        assert!(asked.join_all().await.iter().all(Option::is_none));
        let asked = world.store.statements() - before;
        assert!(asked < 50, "{asked} statements for 500 questions");
    }

    async fn while_the_clock_is_not_believed_nothing_is_claimed_and_afterwards_it_leaves(database: &TestDatabase) {
        let world = with_one_due(database.url()).await;
        let vitals = Vitals::new();
        let mut pulse = Pulse::new(&world.store, vitals.clone(), Some(world.engine.clone()));
        let noon = moment(NOON);
        pulse.beat(noon, after(0));
        pulse.compared(TimeDelta::zero(), after(0));
        // An hour forwards within a second: a machine that slept.
        pulse.beat(noon + TimeDelta::hours(1), after(1));
        pulse.compared(TimeDelta::zero(), after(1));
        assert!(vitals.must_hold() && vitals.jumps() == 1);
        assert_eq!(world.engine.dispatch().await.unwrap(), 0);
        for second in 2..=60_u32 {
            pulse.beat(noon + TimeDelta::hours(1) + TimeDelta::seconds(i64::from(second) - 1), after(second.into()));
        }
        assert_eq!(world.engine.dispatch().await.unwrap(), 0, "not yet a minute");
        pulse.beat(noon + TimeDelta::hours(1) + TimeDelta::seconds(60), after(61));
        assert!(!vitals.must_hold());
        assert_eq!(world.engine.dispatch().await.unwrap(), 1);
        assert_eq!(world.inbox.accepted_after(0).len(), 1);
    }

    async fn a_clock_that_differs_from_the_servers_holds_and_an_unknown_one_too(database: &TestDatabase) {
        let world = with_one_due(database.url()).await;
        let vitals = Vitals::new();
        let mut pulse = Pulse::new(&world.store, vitals.clone(), Some(world.engine.clone()));
        let has_server = database.is_postgres();
        assert_eq!(vitals.must_hold(), has_server, "before they were compared");
        assert_eq!(world.store.server_time().await.unwrap().is_some(), has_server);
        pulse.compared(TimeDelta::seconds(6), after(1));
        assert_eq!(vitals.clock(), Some(ClockTrouble::Skewed));
        assert_eq!(world.engine.dispatch().await.unwrap(), 0);
        pulse.compared(TimeDelta::seconds(-4), after(2));
        assert_eq!(world.engine.dispatch().await.unwrap(), 1);
    }

    async fn the_dead_mans_signal_comes_only_while_nothing_is_late_and_the_clock_is_believed(database: &TestDatabase) {
        let world = with_one_due(database.url()).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("alive");
        let heard = Arc::new(AtomicUsize::new(0));
        let alarm = listening(Some(watcher(Arc::clone(&heard)).await), &file);
        let parts = parts(&world);
        let signal = async || {
            let readiness = Readiness::new(parts.clone());
            DeadMan::new(&alarm, readiness, world.store.clone()).unwrap().signal().await
        };
        assert_eq!(signal().await, Signal::Withheld, "a message is ten minutes late");
        assert!(!file.exists() && heard.load(Ordering::Relaxed) == 0);
        // What somebody holds back on purpose isn't late.
        world.store.halt(&HaltScope::Everything, HaltReason::Operator).await.unwrap();
        assert_eq!(signal().await, Signal::Sent);
        world.store.release(&HaltScope::Everything).await.unwrap();
        world.engine.dispatch().await.unwrap();
        assert_eq!(signal().await, Signal::Sent);
        assert_eq!(heard.load(Ordering::Relaxed), 2);
        assert!(std::fs::read_to_string(&file).unwrap().starts_with("2026-04-01T"));
        parts.vitals.note_clock(Some(ClockTrouble::Jumped), None);
        assert_eq!(signal().await, Signal::Withheld);
        parts.vitals.note_clock(None, None);
        parts.vitals.note_disk(Some(Disk { used: 0.99, left: 1_000, log: 0 }));
        assert_eq!(signal().await, Signal::Withheld, "a full disk");
        parts.vitals.note_disk(None);
        world.store.close().await.unwrap();
        assert_eq!(signal().await, Signal::Withheld, "no database");
        assert_eq!(heard.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn a_watcher_that_cannot_be_reached_is_only_told_of() {
    let database = bansou_tests::database::TestDatabase::sqlite();
    let world = World::open(database.url(), MORNING).await;
    let folder = tempfile::tempdir().unwrap();
    let nobody = Watcher::new(Secret::new("http://127.0.0.1:1/")).unwrap();
    let alarm = listening(Some(nobody), &folder.path().join("alive"));
    let dead_man = DeadMan::new(&alarm, Readiness::new(parts(&world)), world.store.clone()).unwrap();
    assert_eq!(dead_man.signal().await, Signal::Failed);
    assert!(folder.path().join("alive").exists(), "the file all the same");
    assert!(Watcher::new(Secret::new("http://watcher.example/x")).is_err(), "plain http only on this machine");
}
