//! An employer contact gets back to a request: after the browser was closed, beside another request, by a new link, and
//! after a mail that didn't arrive.

use bansou_channels::Address;
use bansou_core::audit::Actor;
use bansou_core::delivery::DeliveryState;
use bansou_core::employment::EmployerContactProfile;
use bansou_core::escalation::EscalationState;
use bansou_core::ids::EscalationId;
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{Task, TaskState};
use bansou_tests::database::TestDatabase;
use chrono::TimeDelta;
use http::{StatusCode, header};

use super::employer::{enter, say};
use super::escalations::{CONTACT_MAIL, Stage, fields, mail, post, read_request, stage, words};
use super::me::link as me_link;
use super::site::{Browser, Site};

const OTHER_MAIL: &str = "hitomi.reiyama@example.jp";

/// The path of the link in the newest mail to an address.
fn link_to(site: &Site, address: &str) -> String {
    let text = site.world.inbox.messages_to(&Address::new(address)).pop().expect("a mail").text;
    let from = text.find("/e/").expect("a link");
    text[from..].split_whitespace().next().unwrap().to_owned()
}

/// Drafts, reads and sends a request; its mail has left where it could.
async fn sent(site: &Site, staff: &mut Browser<'_>, stage: &Stage) -> EscalationId {
    let id = read_request(staff, stage).await;
    let mark = words(site, id).await;
    staff.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    site.world.tick().await;
    id
}

async fn again(staff: &mut Browser<'_>, id: EscalationId) -> StatusCode {
    staff.post(&format!("/escalations/{id}/again"), &[]).await.status
}

async fn mail_state(site: &Site, id: EscalationId) -> DeliveryState {
    site.world.begin().await.delivery_of_escalation(id).await.unwrap().unwrap().state
}

async fn open_tasks(site: &Site, stage: &Stage) -> Vec<Task> {
    let tasks = site.world.begin().await.tasks_of(stage.graduate).await.unwrap();
    tasks.into_iter().filter(|task| task.state == TaskState::Open).collect()
}

#[tokio::test]
async fn a_guests_cookie_stays_when_the_browser_is_closed_as_long_as_the_session() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    sent(&site, &mut staff, &stage).await;
    let month = format!("Max-Age={}", 30 * 86_400);
    for path in [link_to(&site, CONTACT_MAIL), me_link(&site, stage.graduate).await] {
        let mut guest = site.stranger();
        guest.get(&path).await;
        let opened = guest.post(&path, &[]).await;
        let cookie = opened.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
        assert!(cookie.contains(&month) && cookie.contains("HttpOnly") && cookie.contains("Secure"), "{cookie}");
    }
}

#[tokio::test]
async fn a_second_request_does_not_shut_the_first_and_each_gets_its_own_answer() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let mut employer = site.stranger();
    let first = sent(&site, &mut staff, &stage).await;
    let first_place = enter(&mut employer, &link_to(&site, CONTACT_MAIL)).await;
    site.world.clock.set(site.world.now() + TimeDelta::minutes(20));
    let second = sent(&site, &mut staff, &stage).await;
    let second_place = enter(&mut employer, &link_to(&site, CONTACT_MAIL)).await;
    assert_ne!(first_place, second_place);
    assert!(!first_place.contains(&first.to_string()), "no id stands in the address");

    let answer = async |browser: &mut Browser<'_>, place: &str, kind: &str| {
        assert_eq!(browser.get(place).await.status, StatusCode::OK);
        assert_eq!(say(browser, place, &[("kind", kind)]).await.place(), place);
    };
    answer(&mut employer, &first_place, "no").await;
    let tx = site.world.begin().await;
    assert_eq!(tx.escalation(first).await.unwrap().unwrap().state, EscalationState::Answered);
    assert_eq!(tx.escalation(second).await.unwrap().unwrap().state, EscalationState::Sent);
    drop(tx);
    answer(&mut employer, &second_place, "yes").await;

    let other = second_place.replace("r=", "r=f");
    assert_eq!(site.stranger().get(&second_place).await.status, StatusCode::FORBIDDEN, "the address opens nothing");
    assert_eq!(employer.get(&other).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn staff_send_a_new_link_and_what_the_old_one_opened_is_shut() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let id = sent(&site, &mut staff, &stage).await;
    let mut lost = site.stranger();
    let place = enter(&mut lost, &link_to(&site, CONTACT_MAIL)).await;
    assert!(staff.get(&format!("/escalations/{id}")).await.body.contains("新しいリンクを送る"));
    assert_eq!(again(&mut staff, id).await, StatusCode::SEE_OTHER);
    assert_eq!(again(&mut staff, id).await, StatusCode::UNPROCESSABLE_ENTITY, "one is on its way");
    site.world.tick().await;
    assert_eq!(lost.get(&place).await.status, StatusCode::FORBIDDEN);
    let unopened = link_to(&site, CONTACT_MAIL);
    assert_eq!(again(&mut staff, id).await, StatusCode::SEE_OTHER);
    site.world.tick().await;
    assert_eq!(site.stranger().get(&unopened).await.status, StatusCode::NOT_FOUND);
    let mut here = site.stranger();
    let place = enter(&mut here, &link_to(&site, CONTACT_MAIL)).await;
    assert_eq!(say(&mut here, &place, &[("kind", "yes")]).await.place(), place);
    assert_eq!(again(&mut staff, id).await, StatusCode::UNPROCESSABLE_ENTITY, "it is answered");
    let tx = site.world.begin().await;
    assert_eq!(tx.shares_of(stage.graduate).await.unwrap().len(), 1, "the same words were shared once");
    let rows = tx.audit_of(id.0, 50).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.action == "escalation.again").count(), 2);
}

#[tokio::test]
async fn a_new_link_needs_a_consent_that_holds_on_the_day() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let id = sent(&site, &mut staff, &stage).await;
    site.world.clock.set(bansou_tests::ambient::moment("2027-01-05T10:00:00+09:00"));
    let mut staff = site.signed_in(Role::Staff).await;
    assert_eq!(again(&mut staff, id).await, StatusCode::UNPROCESSABLE_ENTITY);
    site.world.tick().await;
    assert_eq!(site.world.inbox.messages_to(&Address::new(CONTACT_MAIL)).len(), 1);
}

#[tokio::test]
async fn a_mail_that_was_refused_goes_again_to_the_corrected_address() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    site.world.inbox.set_gone(&Address::new(CONTACT_MAIL));
    let id = sent(&site, &mut staff, &stage).await;
    assert_eq!(mail_state(&site, id).await, DeliveryState::Failed);

    let today = staff.get("/today").await.body;
    assert!(today.contains("会社へのお願いのメールが届いていません。アドレスを確かめて"), "in its own words");
    assert!(!today.contains("LINEか電話会社が"));
    assert!(today.contains(&format!("/escalations/{id}")));
    let tasks = open_tasks(&site, &stage).await;
    assert!(tasks.iter().any(|task| task.reason == TaskReason::RequestMail && task.escalation == Some(id)));
    let who = Actor::staff(site.world.staff);
    let tx = site.world.begin().await;
    let profile =
        EmployerContactProfile { name: "例山 ひとみ".into(), part: "人事".into(), email: OTHER_MAIL.into() };
    tx.change_employer_contact(who, stage.contact, &profile).await.unwrap();
    tx.save().await.unwrap();
    assert!(staff.get(&format!("/escalations/{id}")).await.body.contains("もう一度送る"));
    assert_eq!(again(&mut staff, id).await, StatusCode::SEE_OTHER);
    site.world.tick().await;
    let mut employer = site.stranger();
    enter(&mut employer, &link_to(&site, OTHER_MAIL)).await;
    assert!(!staff.get("/today").await.body.contains("会社へのお願いのメールが"), "nothing is left to do");
}

#[tokio::test]
async fn a_mail_that_missed_its_hours_goes_again() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let id = read_request(&mut staff, &stage).await;
    let mark = words(&site, id).await;
    staff.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    site.world.clock.set(site.world.now() + TimeDelta::days(1));
    site.world.tick().await;
    assert_eq!(mail_state(&site, id).await, DeliveryState::Expired);
    assert!(mail(&site).is_none());
    let mut staff = site.signed_in(Role::Staff).await;
    assert!(staff.get("/today").await.body.contains("送れる時間のうちに送れませんでした。お願いの画面から"));
    assert_eq!(again(&mut staff, id).await, StatusCode::SEE_OTHER);
    site.world.tick().await;
    assert!(mail(&site).is_some());
}

#[tokio::test]
async fn calling_instead_is_a_task_about_the_request_and_no_call_to_the_person() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    site.world.inbox.set_gone(&Address::new(CONTACT_MAIL));
    let id = sent(&site, &mut staff, &stage).await;
    let delivery = site.world.begin().await.delivery_of_escalation(id).await.unwrap().unwrap().id;
    staff.post(&format!("/deliveries/{delivery}/decide"), &[("decision", "call")]).await;
    let tasks = open_tasks(&site, &stage).await;
    assert!(tasks.iter().all(|task| task.kind != TaskKind::Call));
    assert_eq!(tasks.iter().filter(|task| task.escalation == Some(id)).count(), 1);
    let office = site.world.begin().await.open_tasks().await.unwrap();
    assert!(office.iter().all(|task| task.graduate.is_some()), "no task without a name");
}

#[tokio::test]
async fn a_link_outlives_the_day_by_which_an_answer_would_help() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let far = fields(&stage).into_iter().map(|(name, value)| match name.as_str() {
        "answer_by" => (name, "2026-05-31".to_owned()),
        "review_on" => (name, "2026-06-30".to_owned()),
        _ => (name, value),
    });
    let drafted = post(&mut staff, &format!("/signs/{}/escalate", stage.sign), &far.collect::<Vec<_>>()).await;
    let place = drafted.place().split('?').next().unwrap().to_owned();
    let id = EscalationId(place.rsplit('/').next().unwrap().parse().unwrap());
    let mark = words(&site, id).await;
    staff.post(&format!("{place}/read"), &[("words", &mark), ("how", "together")]).await;
    staff.post(&format!("{place}/send"), &[("words", &mark)]).await;
    site.world.tick().await;
    site.world.clock.set(bansou_tests::ambient::moment("2026-06-05T10:00:00+09:00"));
    enter(&mut site.stranger(), &link_to(&site, CONTACT_MAIL)).await;
}
