//! Promises on Today: whose they are, by which words, and from when (S2.9).

use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::commitment::{CommitmentKind, CommitmentSource};
use bansou_core::half_day::HalfDay;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewAbsence, NewCommitment, NewTask};
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;

use super::site::{Site, day};

async fn promise(site: &Site, staff: StaffId, graduate: GraduateId, text: &str, due_at: &str) {
    let tx = site.world.begin().await;
    let new = NewCommitment {
        graduate,
        staff,
        source: CommitmentSource::Note,
        kind: CommitmentKind::Do,
        text: text.to_owned(),
        due_at: moment(due_at),
        message: None,
        note: None,
        escalation: None,
    };
    tx.add_commitment(Actor::staff(staff), &new).await.unwrap();
    tx.save().await.unwrap();
}

#[tokio::test]
async fn whoever_promised_sees_it_among_their_own_whoever_looks_after_the_person() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    let mut other = site.signed_in(Role::Staff).await;
    promise(&site, me, graduate, "会社に聞く", "2026-04-01T15:00:00+09:00").await;
    for path in ["/today?whose=mine", "/promises?show=mine"] {
        assert!(browser.get(path).await.body.contains("見本1 花子"), "{path}");
        assert!(!other.get(path).await.body.contains("見本1 花子"), "{path}");
    }
}

#[tokio::test]
async fn two_promises_for_the_same_moment_are_told_each_in_its_own_words() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    for text in ["会社に聞く", "資料を送る"] {
        promise(&site, me, graduate, text, "2026-04-01T15:00:00+09:00").await;
    }
    let page = browser.get("/today").await.body;
    for text in ["会社に聞く", "資料を送る"] {
        assert_eq!(page.matches(text).count(), 1, "{page}");
    }
}

#[tokio::test]
async fn a_promise_keeps_its_moment_while_the_rest_of_its_row_rests() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    let tx = site.world.begin().await;
    let task = NewTask::program(TaskKind::Call, TaskReason::NoAddress, "call".into(), tx.now());
    tx.add_task(&NewTask { graduate: Some(graduate), ..task }).await.unwrap().unwrap();
    tx.save().await.unwrap();
    promise(&site, me, graduate, "会社に聞く", "2026-04-02T15:00:00+09:00").await;
    browser.post(&format!("/graduates/{graduate}/later"), &[("until", "next_week")]).await;
    site.world.clock.set(moment("2026-04-06T10:00:00+09:00"));
    let page = site.signed_in_as(site.world.office, me).await.get("/today").await.body;
    assert!(page.contains("約束の時間を3日すぎています。約束：会社に聞く（15:00まで）"), "{page}");
}

#[tokio::test]
async fn today_tells_of_a_promise_on_the_last_day_on_which_whoever_made_it_is_there() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    promise(&site, me, graduate, "会社に聞く", "2026-04-03T15:00:00+09:00").await;
    assert!(!browser.get("/today?whose=mine").await.body.contains("会社に聞く"), "there is time on two more days");
    let when = HalfDays::new(HalfDay::morning(day("2026-04-02")), HalfDay::afternoon(day("2026-04-03"))).unwrap();
    let tx = site.world.begin().await;
    let leave = Leave { staff: me, when, standin: None };
    tx.add_absence(Actor::COMMAND, &NewAbsence { leave, reason: String::new() }).await.unwrap();
    tx.save().await.unwrap();
    assert!(browser.get("/today?whose=mine").await.body.contains("会社に聞く"));
}
