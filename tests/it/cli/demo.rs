//! The demo's history: made by the engine, closed in every row, and the same for the same seed.

use bansou_channels::{Address, PhoneAction};
use bansou_cli::demo::{Demo, DemoTerms, Figures, morning_of};
use bansou_core::attachment::MediaType;
use bansou_core::check_in::CheckInState;
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::escalation::EscalationState;
use bansou_core::ids::GraduateId;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::InboxFilter;
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;
use bansou_worker::AskedNow;
use sha2::{Digest as _, Sha256};

async fn small(database: &TestDatabase, seed: u64) -> Demo {
    demo_of(database, seed, 6, 60).await
}

async fn demo_of(database: &TestDatabase, seed: u64, people: usize, days: u32) -> Demo {
    demo_at(database, seed, people, days, "2026-11-21T12:00:00+09:00").await
}

async fn demo_at(database: &TestDatabase, seed: u64, people: usize, days: u32, now: &str) -> Demo {
    let terms = DemoTerms {
        seed,
        people,
        days,
        ends_at: morning_of(moment(now)),
        public_url: "http://127.0.0.1:8080".into(),
        database_url: database.url().into(),
        key: [7; 32],
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

/// Every step of the made-up staff is one that the product may refuse, and a refusal ends the demo before it begins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_be_started_in_the_new_year_in_golden_week_in_august_and_on_a_leap_day() {
    let mornings = ["2027-01-04", "2026-12-30", "2026-05-07", "2026-08-14", "2028-02-29", "2026-03-31"];
    for (seed, morning) in (1..).zip(mornings) {
        let database = TestDatabase::sqlite();
        let demo = demo_at(&database, seed, 17, 45, &format!("{morning}T12:00:00+09:00")).await;
        assert_eq!(demo.figures.graduates, 17, "{morning}");
        assert!(demo.figures.requests > 0, "{morning}");
        let first = demo.first.expect("somebody with whom a beginner can do every step");
        assert_eq!(demo.may_ask_now(first).await.unwrap(), AskedNow::OnItsWay, "{morning}");
    }
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
async fn the_morning_begins_with_something_of_everything_and_no_crisis() {
    let database = TestDatabase::sqlite();
    let demo = demo_of(&database, 1, 17, 45).await;
    let tx = demo.store.read(demo.office).await.unwrap();
    assert!(tx.crisis_open().await.unwrap().is_empty());
    let tasks = tx.open_tasks().await.unwrap();
    let has = |reason| tasks.iter().any(|task| task.reason == reason);
    assert!(tasks.iter().any(|task| task.kind == TaskKind::Call), "a call");
    assert!(has(TaskReason::EmployerAnswered), "an employer's answer");
    assert!(has(TaskReason::Refused), "a message that was refused");
    assert!(tx.signs_waiting().await.unwrap() > 0, "a sign to look at");
    let waiting = InboxFilter { mine: None, waiting: true };
    assert!(!tx.inbox(waiting, 0, 10).await.unwrap().is_empty(), "a reply that is due");
    for state in [EscalationState::Draft, EscalationState::Sent, EscalationState::Answered] {
        assert!(!tx.escalations_in(&[state]).await.unwrap().is_empty(), "a request that is {state}");
    }
    let people = tx.graduates().await.unwrap();
    assert!(people.iter().any(|graduate| graduate.pause.is_some()), "a pause");
    assert!(people.iter().any(|graduate| graduate.contact_stopped_at.is_some()), "a stop");
    let mut states = Vec::new();
    for graduate in &people {
        for point in tx.contact_points(graduate.id).await.unwrap() {
            states.push(point.reach);
        }
    }
    assert!(states.iter().any(|reach| matches!(reach, Reachability::Blocked { .. })), "a block");
    assert!(states.iter().any(|reach| matches!(reach, Reachability::Invalid { .. })), "a number that is gone");
    let mails = demo.inbox.accepted_after(0).into_iter().filter(|message| message.subject.is_some());
    assert!(mails.filter(|mail| mail.text.contains("http://127.0.0.1:8080/e/")).count() >= 2, "mails with links");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_sent_from_the_phone_can_be_looked_at_in_the_thread() {
    let database = TestDatabase::sqlite();
    let demo = small(&database, 1).await;
    let first = demo.first.unwrap();
    let points = demo.store.read(demo.office).await.unwrap().contact_points(first).await.unwrap();
    let line = points.into_iter().find(|point| point.kind == ContactKind::Line).unwrap();
    let picture = b"\x89PNG\r\n\x1a\n".to_vec();
    demo.act(&Address::new(line.address), &PhoneAction::Picture(picture.clone())).await.unwrap();
    demo.engine.inbound().await.unwrap();
    demo.engine.attachments().await.unwrap();
    let tx = demo.store.read(demo.office).await.unwrap();
    let newest = &tx.messages_of(first, None, 1).await.unwrap()[0];
    assert!(tx.attachment(first, newest.id).await.unwrap() == Some((MediaType::Png, picture)));
}

fn day(demo: &Demo) -> chrono::NaiveDate {
    demo.now().with_timezone(&chrono_tz::Asia::Tokyo).date_naive()
}
