//! Whoever opens a page about one person leaves a read row, whichever page it is.

use bansou_core::audit::Actor;
use bansou_core::commitment::{CommitmentKind, CommitmentSource};
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewCommitment, NewTask};
use bansou_tests::database::TestDatabase;
use bansou_web::app::all_routes;
use chrono::TimeDelta;
use http::StatusCode;
use uuid::Uuid;

use super::escalations::{fields, post, stage};
use super::site::Site;

/// Pages about one person, with an example of each path.
const ABOUT_ONE: &[(&str, &str)] = &[
    ("/bindings/{id}", "/bindings/BINDING"),
    ("/escalations/{id}", "/escalations/REQUEST"),
    ("/escalations/{id}/edit", "/escalations/REQUEST/edit"),
    ("/graduates/{id}", "/graduates/GRADUATE"),
    ("/graduates/{id}/allow", "/graduates/GRADUATE/allow"),
    ("/graduates/{id}/audit", "/graduates/GRADUATE/audit"),
    ("/graduates/{id}/card", "/graduates/GRADUATE/card"),
    ("/graduates/{id}/card/edit", "/graduates/GRADUATE/card/edit"),
    ("/graduates/{id}/consents", "/graduates/GRADUATE/consents"),
    ("/graduates/{id}/edit", "/graduates/GRADUATE/edit"),
    ("/graduates/{id}/handover", "/graduates/GRADUATE/handover"),
    ("/graduates/{id}/invite", "/graduates/GRADUATE/invite"),
    ("/graduates/{id}/jobs/new", "/graduates/GRADUATE/jobs/new"),
    ("/graduates/{id}/later", "/graduates/GRADUATE/later"),
    ("/graduates/{id}/me-link", "/graduates/GRADUATE/me-link"),
    ("/graduates/{id}/notes/new", "/graduates/GRADUATE/notes/new"),
    ("/graduates/{id}/pause", "/graduates/GRADUATE/pause"),
    ("/graduates/{id}/shares", "/graduates/GRADUATE/shares"),
    ("/graduates/{id}/stop", "/graduates/GRADUATE/stop"),
    ("/inbox/{graduate}", "/inbox/GRADUATE"),
    ("/inbox/{graduate}/examples", "/inbox/GRADUATE/examples"),
    ("/jobs/{id}/edit", "/jobs/JOB/edit"),
    ("/notes/{id}", "/notes/NOTE"),
    ("/notes/{id}/edit", "/notes/NOTE/edit"),
    ("/notes/{id}/summary", "/notes/NOTE/summary"),
    ("/promises/new", "/promises/new?graduate=GRADUATE"),
    ("/promises/new", "/promises/new?note=NOTE"),
    ("/promises/new", "/promises/new?escalation=REQUEST"),
    ("/promises/{id}", "/promises/PROMISE"),
    ("/signs/{id}/escalate", "/signs/SIGN/escalate"),
    ("/strangers/{id}/bind/{graduate}", "/strangers/EVENT/bind/GRADUATE"),
    ("/tasks/{id}/call", "/tasks/TASK/call"),
];

/// Leaves its row where there is something to show (`web::files`).
const WITH_A_ROW_OF_ITS_OWN: &str = "/inbox/{graduate}/files/{message}";

/// Pages whose path names something else, or which their own reader opens.
const ABOUT_NOBODY: &[&str] = &[
    "/absences/{id}/edit",
    "/assets/{name}",
    "/e/{token}",
    "/employers/{id}",
    "/employers/{id}/card/edit",
    "/kept/{id}",
    "/me/requests/{id}",
    "/me/{token}",
    "/password/{token}",
    "/settings/messages/{key}",
    "/settings/staff/{id}/hours",
    "/strangers/{id}",
    "/strangers/{id}/search",
];

#[test]
fn every_page_with_something_in_its_path_is_about_one_person_or_about_nobody() {
    let known = |path: &str| {
        path == WITH_A_ROW_OF_ITS_OWN
            || ABOUT_NOBODY.contains(&path)
            || ABOUT_ONE.iter().any(|(route, _)| *route == path)
    };
    let routes = all_routes();
    let pages = || routes.iter().filter(|route| route.method == "GET").map(|route| route.path);
    let unknown: Vec<_> = pages().filter(|path| path.contains('{') && !known(path)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let named = ABOUT_ONE.iter().map(|(route, _)| *route).chain(ABOUT_NOBODY.iter().copied());
    let gone: Vec<_> = named.filter(|path| !pages().any(|page| page == *path)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

/// What the paths name, and whom all of it is about.
async fn things(site: &Site) -> (GraduateId, Vec<(&'static str, String)>) {
    let stage = stage(site).await;
    let (graduate, staff) = (stage.graduate, site.world.staff);
    let mut browser = site.signed_in(Role::Staff).await;
    let drafted = post(&mut browser, &format!("/signs/{}/escalate", stage.sign), &fields(&stage)).await;
    let request = drafted.place().trim_start_matches("/escalations/").split('?').next().unwrap().to_owned();
    let event = async |n: u32| {
        site.world.says(&format!("e{n}"), n, "電話を変えました").await;
        let tasks = site.world.begin().await.open_tasks().await.unwrap();
        tasks.into_iter().filter(|task| task.inbound.is_some()).max_by_key(|task| task.id).unwrap().inbound.unwrap()
    };
    let first = event(77).await;
    browser.post(&format!("/strangers/{first}/bind/{graduate}"), &[("sure", "yes")]).await;
    let event = event(78).await;
    let tx = site.world.begin().await;
    let new = NewTask::program(TaskKind::Call, TaskReason::AskedForCall, "ask".into(), tx.now());
    let task = tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap();
    let promise = NewCommitment {
        graduate,
        staff,
        source: CommitmentSource::Request,
        kind: CommitmentKind::Do,
        text: "会社に聞く".into(),
        due_at: tx.now() + TimeDelta::hours(3),
        message: None,
        note: None,
        escalation: None,
    };
    let promise = tx.add_commitment(Actor::staff(staff), &promise).await.unwrap();
    let note = tx.notes_of(graduate, 1).await.unwrap().remove(0).id;
    let job = tx.employments_of(graduate).await.unwrap().remove(0).id;
    let binding = tx.bindings_of(graduate).await.unwrap().remove(0).id;
    tx.save().await.unwrap();
    let named = vec![
        ("GRADUATE", graduate.to_string()),
        ("SIGN", stage.sign.to_string()),
        ("REQUEST", request),
        ("EVENT", event.to_string()),
        ("TASK", task.to_string()),
        ("PROMISE", promise.to_string()),
        ("NOTE", note.to_string()),
        ("JOB", job.to_string()),
        ("BINDING", binding.to_string()),
    ];
    (graduate, named)
}

/// How often somebody is on record as having looked.
async fn looks(site: &Site, graduate: GraduateId, staff: Uuid) -> usize {
    let rows = site.world.begin().await.audit_of(graduate.0, 500).await.unwrap();
    rows.iter().filter(|row| row.action == "graduate.read" && row.actor.id == Some(staff)).count()
}

#[tokio::test]
async fn whoever_opens_a_page_about_one_person_is_on_record() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (graduate, things) = things(&site).await;
    let mut unseen = Vec::new();
    for (_, path) in ABOUT_ONE {
        let path = things.iter().fold((*path).to_owned(), |path, (name, id)| path.replace(name, id));
        let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
        let answer = browser.get(&path).await;
        assert!(answer.status == StatusCode::OK || path.ends_with("/allow"), "{path}: {}", answer.status);
        if looks(&site, graduate, staff.0).await != 1 {
            unseen.push(path);
        }
    }
    assert!(unseen.is_empty(), "{unseen:#?}");
}

#[tokio::test]
async fn an_open_page_that_loads_again_by_itself_is_the_same_look() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (graduate, _) = things(&site).await;
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    let path = format!("/graduates/{graduate}/consents");
    browser.get(&path).await;
    site.world.clock.advance(TimeDelta::minutes(20));
    let quiet = browser.request("GET", &path).header("x-bansou", "live").body(axum::body::Body::empty()).unwrap();
    assert_eq!(browser.send(quiet).await.status, StatusCode::OK);
    assert_eq!(looks(&site, graduate, staff.0).await, 1);
    browser.get(&path).await;
    assert_eq!(looks(&site, graduate, staff.0).await, 2, "the reader came again");

    let (mut other, unseen) = site.signed_in_at(site.world.office, Role::Staff).await;
    let quiet = other.request("GET", &path).header("x-bansou", "live").body(axum::body::Body::empty()).unwrap();
    other.send(quiet).await;
    assert_eq!(looks(&site, graduate, unseen.0).await, 1, "no header hides a reader");
}
