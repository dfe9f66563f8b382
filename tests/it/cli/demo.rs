//! The demo's history: made by the engine, closed in every row, and the same for the same seed.

use bansou_cli::demo::{Demo, DemoTerms, Figures, morning_of};
use bansou_core::check_in::CheckInState;
use bansou_core::ids::GraduateId;
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;
use bansou_worker::AskedNow;
use sha2::{Digest as _, Sha256};

async fn small(database: &TestDatabase, seed: u64) -> Demo {
    let terms = DemoTerms {
        seed,
        people: 6,
        days: 60,
        ends_at: morning_of(moment("2026-11-21T12:00:00+09:00")),
        public_url: "http://127.0.0.1:8080".into(),
        database_url: database.url().into(),
    };
    Demo::make(&terms, |_| {}).await.unwrap()
}

async fn people(demo: &Demo) -> Vec<GraduateId> {
    let tx = demo.store.read(demo.office).await.unwrap();
    tx.graduates().await.unwrap().into_iter().map(|graduate| graduate.id).collect()
}

/// Everything that left, with address, words and moment, and every word in every thread.
async fn fingerprint(demo: &Demo) -> String {
    let mut hash = Sha256::new();
    for message in demo.inbox.accepted_after(0) {
        hash.update(format!("{} {} {} {:?}\n", message.at, message.to.as_str(), message.text, message.subject));
    }
    let tx = demo.store.read(demo.office).await.unwrap();
    for id in people(demo).await {
        for message in tx.messages_of(id, None, 10_000).await.unwrap() {
            hash.update(format!("{} {}\n", message.at, message.body.map(|body| body.text).unwrap_or_default()));
        }
        for row in tx.check_ins_of(id, 10_000).await.unwrap() {
            hash.update(format!("{} {} {:?}\n", row.due_on, row.state, row.answered_at));
        }
    }
    hex::encode(hash.finalize())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_check_in_of_a_small_history_is_closed_with_a_reason_or_still_waits_for_a_moment_to_come() {
    let database = TestDatabase::sqlite();
    let demo = small(&database, 1).await;
    println!("{:?}", demo.figures);
    let tx = demo.store.read(demo.office).await.unwrap();
    let mut rows = 0;
    for id in people(&demo).await {
        for row in tx.check_ins_of(id, 10_000).await.unwrap() {
            rows += 1;
            match row.state {
                CheckInState::Answered => assert!(row.sent_at.is_some() && row.answered_at.is_some()),
                CheckInState::Silent => assert!(row.sent_at.is_some()),
                CheckInState::Skipped | CheckInState::Failed | CheckInState::HandedOver => {
                    assert!(row.state_reason.is_some());
                }
                CheckInState::Out => assert!(row.answer_by.is_some_and(|by| by > demo.now())),
                CheckInState::Planned | CheckInState::Due => assert_eq!(row.due_on, day(&demo)),
            }
        }
    }
    assert_eq!(rows, demo.figures.check_ins);
    assert!(demo.figures.answered * 2 > rows, "{:?}", demo.figures);
    assert!(demo.figures.notes > 0 && demo.figures.sent > rows / 2, "{:?}", demo.figures);
    assert_eq!(demo.figures.graduates, 6);
    assert!(tx.verify_audit().await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_makes_the_same_history_and_another_one_another() {
    let (one, same, other) = (TestDatabase::sqlite(), TestDatabase::sqlite(), TestDatabase::sqlite());
    let (one, same, other) = tokio::join!(small(&one, 1), small(&same, 1), small(&other, 2));
    assert_eq!(one.figures, same.figures);
    assert_eq!(fingerprint(&one).await, fingerprint(&same).await);
    assert_ne!(fingerprint(&one).await, fingerprint(&other).await);
    assert_ne!(one.figures, Figures::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_in_asked_for_on_the_phone_arrives_at_once_and_only_once_a_day() {
    let database = TestDatabase::sqlite();
    let demo = small(&database, 1).await;
    let first = demo.first.unwrap();
    let before = demo.inbox.accepted_after(0).len();
    let asked = demo.ask_now(first).await.unwrap();
    assert_eq!(asked, AskedNow::OnItsWay);
    demo.engine.tick().await.unwrap();
    let arrived = demo.inbox.accepted_after(u64::try_from(before).unwrap());
    assert_eq!(arrived.len(), 1);
    assert!(!arrived[0].choices.is_empty() && arrived[0].at == demo.now());
    assert_eq!(demo.ask_now(first).await.unwrap(), AskedNow::HadToday);
}

fn day(demo: &Demo) -> chrono::NaiveDate {
    demo.now().with_timezone(&chrono_tz::Asia::Tokyo).date_naive()
}
