//! What a graduate says about a request before it is sent reaches the staff, and holds.

use bansou_core::escalation::EscalationState;
use bansou_core::ids::EscalationId;
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{Task, TaskState};
use bansou_tests::database::TestDatabase;
use chrono::TimeDelta;
use http::StatusCode;

use super::escalations::{Stage, fields, mail, post, stage, words};
use super::me::{let_in, tap};
use super::site::{Browser, Site};

/// A draft that waits on the graduate's page, and the mark of its words.
async fn asked(site: &Site, staff: &mut Browser<'_>, stage: &Stage) -> (EscalationId, String) {
    let drafted = post(staff, &format!("/signs/{}/escalate", stage.sign), &fields(stage)).await;
    let place = drafted.place().split('?').next().unwrap().to_owned();
    let id = EscalationId(place.rsplit('/').next().unwrap().parse().unwrap());
    let mark = words(site, id).await;
    ask(staff, id, &mark).await;
    (id, mark)
}

async fn ask(staff: &mut Browser<'_>, id: EscalationId, mark: &str) {
    let asked = staff.post(&format!("/escalations/{id}/read"), &[("words", mark), ("how", "own_page")]).await;
    assert_eq!(asked.place(), format!("/escalations/{id}?done=request-asked"));
}

async fn together(staff: &mut Browser<'_>, id: EscalationId, mark: &str, agreed: &str) -> StatusCode {
    let form = [("words", mark), ("how", "together"), ("agreed", agreed)];
    staff.post(&format!("/escalations/{id}/read"), &form).await.status
}

async fn state(site: &Site, id: EscalationId) -> EscalationState {
    site.world.begin().await.escalation(id).await.unwrap().unwrap().state
}

async fn open(site: &Site, stage: &Stage, reason: TaskReason) -> Vec<Task> {
    let tasks = site.world.begin().await.tasks_of(stage.graduate).await.unwrap();
    tasks.into_iter().filter(|task| task.reason == reason && task.state == TaskState::Open).collect()
}

#[tokio::test]
async fn not_yet_is_told_to_the_staff_and_holds_until_the_person_says_otherwise() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let (id, mark) = asked(&site, &mut staff, &stage).await;
    let mut phone = let_in(&site, stage.graduate).await;
    let mine = format!("/me/requests/{id}");
    let said = tap(&mut phone, &mine, &[("words", &mark), ("answer", "not_yet")]).await;
    assert_eq!(said.place(), "/me/sharing?done=me-not-yet");

    let tasks = open(&site, &stage, TaskReason::RequestNotYet).await;
    assert!(tasks.len() == 1 && tasks[0].kind == TaskKind::Look && tasks[0].escalation == Some(id));
    let today = staff.get("/today").await.body;
    assert!(today.contains("「まだ送らないでほしい」と言っています"), "somebody is told to listen");
    assert!(today.contains(&format!("/escalations/{id}")), "and where");
    let page = format!("/escalations/{id}");
    assert!(staff.get(&page).await.body.contains("本人：まだ送らないでほしい（"));

    assert_eq!(together(&mut staff, id, &mark, "").await, StatusCode::UNPROCESSABLE_ENTITY, "it isn't a fresh draft");
    assert_eq!(state(&site, id).await, EscalationState::Draft);
    let mut changed = fields(&stage);
    changed[2].1 = "順番が分かると、安心して始められるためです。".into();
    assert_eq!(post(&mut staff, &format!("{page}/edit"), &changed).await.status, StatusCode::SEE_OTHER);
    let mark = words(&site, id).await;
    assert!(staff.get(&page).await.body.contains("本人：まだ送らないでほしい（"), "other words are no yes");
    assert_eq!(together(&mut staff, id, &mark, "").await, StatusCode::UNPROCESSABLE_ENTITY);

    ask(&mut staff, id, &mark).await;
    site.world.clock.set(site.world.now() + TimeDelta::minutes(5));
    tap(&mut phone, &mine, &[("words", &mark), ("answer", "not_yet")]).await;
    assert_eq!(open(&site, &stage, TaskReason::RequestNotYet).await.len(), 2, "said again, told again");

    assert_eq!(together(&mut staff, id, &mark, "yes").await, StatusCode::SEE_OTHER);
    assert_eq!(state(&site, id).await, EscalationState::ReadByPerson);
    assert!(!staff.get(&page).await.body.contains("本人：まだ送らないでほしい（"));
    assert!(open(&site, &stage, TaskReason::RequestNotYet).await.is_empty(), "nobody has to ask any more");
}

#[tokio::test]
async fn not_yet_stops_a_request_that_a_colleague_recorded_as_read_meanwhile() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let (id, mark) = asked(&site, &mut staff, &stage).await;
    let mut phone = let_in(&site, stage.graduate).await;
    let mine = format!("/me/requests/{id}");
    assert_eq!(together(&mut staff, id, &mark, "").await, StatusCode::SEE_OTHER);
    let answer = [("words", mark.as_str()), ("answer", "not_yet")];
    assert_eq!(tap(&mut phone, &mine, &answer).await.place(), "/me/sharing?done=me-not-yet");
    assert_eq!(state(&site, id).await, EscalationState::Draft);
    let sent = staff.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(together(&mut staff, id, &mark, "yes").await, StatusCode::SEE_OTHER);
    staff.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    site.world.tick().await;
    assert!(mail(&site).is_some());
    site.world.clock.set(site.world.now() + TimeDelta::minutes(5));
    let late = tap(&mut phone, &mine, &answer).await;
    assert_eq!(late.place(), "/me/sharing?done=me-too-late", "nobody is told that it wasn't sent when it was");
    assert_eq!(open(&site, &stage, TaskReason::RequestNotYet).await.len(), 1);
}

#[tokio::test]
async fn a_yes_is_somebodys_task_until_the_request_is_sent() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let (id, mark) = asked(&site, &mut staff, &stage).await;
    let mut phone = let_in(&site, stage.graduate).await;
    tap(&mut phone, &format!("/me/requests/{id}"), &[("words", &mark), ("answer", "yes")]).await;
    assert_eq!(open(&site, &stage, TaskReason::RequestAgreed).await.len(), 1);
    let today = staff.get("/today").await.body;
    assert!(today.contains("「送ってよい」と言っています") && today.contains(&format!("/escalations/{id}")));
    staff.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert!(open(&site, &stage, TaskReason::RequestAgreed).await.is_empty());
}

#[tokio::test]
async fn a_yes_to_words_whose_date_has_passed_is_thanked_for_and_goes_to_the_staff() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let (id, mark) = asked(&site, &mut staff, &stage).await;
    site.world.clock.set(site.world.now() + TimeDelta::days(10));
    let mut phone = let_in(&site, stage.graduate).await;
    let mine = format!("/me/requests/{id}");
    let said = tap(&mut phone, &mine, &[("words", &mark), ("answer", "yes")]).await;
    assert_eq!(said.place(), "/me/sharing?done=me-outdated");
    let sharing = phone.get(said.place()).await.body;
    assert!(sharing.contains("支援員が見直します"), "a word is said");
    assert!(!sharing.contains(&mine), "and the person isn't asked the same again");
    assert_eq!(open(&site, &stage, TaskReason::RequestOutdated).await.len(), 1);
    assert_eq!(state(&site, id).await, EscalationState::Draft);
}
