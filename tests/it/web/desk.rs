//! Around the graduate: a wrong number, consents before the first day, supported changes of job, hours that never meet, and
//! the list's filters.

use bansou_core::audit::Actor;
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::employment::{Disclosure, EmployerContactProfile};
use bansou_core::graduate::{ContactStop, PauseDates, StopAsked, Support};
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::ids::{GraduateId, TaskId};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{EmploymentDetails, NewTask, Pause, TaskState};
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::site::{Site, day};

/// A task to call somebody.
async fn call(site: &Site, graduate: GraduateId, key: &str) -> TaskId {
    let tx = site.world.begin().await;
    let task = NewTask::program(TaskKind::Call, TaskReason::Silent, key.into(), site.world.now());
    let id = tx.add_task(&NewTask { graduate: Some(graduate), ..task }).await.unwrap().unwrap();
    tx.save().await.unwrap();
    id
}

/// The hidden field that names the number on a call page.
fn dialled(page: &str) -> &str {
    page.split("name=\"dialled\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

async fn sms(site: &Site, graduate: GraduateId) -> Reachability {
    let points = site.world.begin().await.contact_points(graduate).await.unwrap();
    points.into_iter().find(|point| point.kind == ContactKind::Sms).unwrap().reach
}

async fn to_ask(site: &Site, graduate: GraduateId) -> usize {
    let tasks = site.world.begin().await.tasks_of(graduate).await.unwrap();
    tasks.iter().filter(|task| task.reason == TaskReason::WrongNumber && task.state == TaskState::Open).count()
}

#[tokio::test]
async fn a_wrong_number_is_used_by_nobody_any_more_and_the_right_one_is_asked_for() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate_with(1, day("2026-01-05"), &[ContactKind::Sms]).await;
    let task = call(&site, graduate, "call:1").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/tasks/{task}/call");
    let page = browser.get(&path).await.body;
    let number = dialled(&page).to_owned();
    let said = browser.post(&path, &[("outcome", "wrong_number"), ("dialled", &number)]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert!(matches!(sms(&site, graduate).await, Reachability::Invalid { .. }));
    assert_eq!(to_ask(&site, graduate).await, 1);
    assert!(browser.get("/today").await.body.contains("正しい番号を聞いて"));
    let person = browser.get(&format!("/graduates/{graduate}")).await.body;
    assert!(person.contains("支援が番号違いと記録しました"), "who said it is shown: {person}");
    let next = call(&site, graduate, "call:2").await;
    let page = browser.get(&format!("/tasks/{next}/call")).await.body;
    assert!(!page.contains("tel:"), "nobody is led to call it again");

    let fields = [("name", "見本1 花子"), ("phone", "090-1200-0777"), ("language", "plain"), ("support", "supported")];
    let more = [("cadence", "standard"), ("external_id", "G0001"), ("day_mon", "yes"), ("day_tue", "yes")];
    let saved = browser.post(&format!("/graduates/{graduate}/edit"), &[&fields[..], &more].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(sms(&site, graduate).await, Reachability::Reachable);
    assert_eq!(to_ask(&site, graduate).await, 0, "the right number is there");
}

#[tokio::test]
async fn a_number_that_was_changed_during_the_call_is_not_the_wrong_one() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate_with(1, day("2026-01-05"), &[ContactKind::Sms]).await;
    let task = call(&site, graduate, "call:1").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/tasks/{task}/call");
    let page = browser.get(&path).await.body;
    let tx = site.world.begin().await;
    tx.set_address(Actor::COMMAND, graduate, ContactKind::Sms, "+819012000777").await.unwrap();
    tx.save().await.unwrap();
    browser.post(&path, &[("outcome", "wrong_number"), ("dialled", dialled(&page))]).await;
    assert_eq!(sms(&site, graduate).await, Reachability::Reachable);
    assert_eq!(to_ask(&site, graduate).await, 0);
}

#[tokio::test]
async fn a_consent_is_given_before_the_first_day_of_work() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-06")).await;
    let tx = site.world.begin().await;
    let who = Actor::staff(site.world.staff);
    let employer = tx.employer_named(who, "株式会社サンプル物流").await.unwrap();
    let begun = EmploymentDetails::begun(Some(employer), day("2026-04-06"));
    let job = EmploymentDetails { disclosure: Disclosure::Open, ..begun };
    tx.add_employment(who, graduate, &job).await.unwrap();
    let profile = EmployerContactProfile { name: "例山 ひとみ".into(), ..EmployerContactProfile::default() };
    let contact = tx.add_employer_contact(who, employer, &profile).await.unwrap().to_string();
    tx.save().await.unwrap();
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{graduate}/consents");
    assert!(browser.get(&path).await.body.contains("例山 ひとみさん"));
    let fields = [("contact", contact.as_str()), ("means", "email"), ("given_how", "written"), ("topic_hours", "yes")];
    let given = browser.post(&path, &[&fields[..], &[("valid_until", "2026-09-30")]].concat()).await;
    assert_eq!(given.place(), format!("{path}?done=consent-given"));
    let head = browser.get(&path).await.body;
    assert!(!head.contains("日目"), "the job hasn't begun: {head}");
}

#[tokio::test]
async fn a_supported_change_of_job_is_written_down_where_a_job_came_before() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let new = format!("/graduates/{graduate}/jobs");
    assert!(!browser.get(&format!("{new}/new")).await.body.contains("supported_change"), "there is no job before");
    let first = [("employer", "見本商事"), ("hired_on", "2026-01-05"), ("disclosure", "open")];
    let early = browser.post(&new, &[&first[..], &[("supported_change", "yes")]].concat()).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("id=\"supported_change-error\""));
    assert_eq!(browser.post(&new, &first).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&format!("{new}/new")).await.body.contains("事業所が支援しました"));
    let second =
        [("employer", "例田工業"), ("hired_on", "2026-03-30"), ("disclosure", "open"), ("supported_change", "yes")];
    assert_eq!(browser.post(&new, &second).await.status, StatusCode::SEE_OTHER);
    let jobs = site.world.begin().await.employments_of(graduate).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.details.supported_change).collect::<Vec<_>>(), [true, false]);
    let form = browser.get(&format!("/jobs/{}/edit", jobs[0].id)).await.body;
    assert!(form.contains("name=\"supported_change\" value=\"yes\" checked"), "{form}");
    assert!(browser.get(&format!("/graduates/{graduate}")).await.body.contains("事業所が支援した転職"));
    assert_eq!(browser.post(&format!("/jobs/{}/edit", jobs[0].id), &second[..3]).await.status, StatusCode::SEE_OTHER);
    let job = site.world.begin().await.employment(jobs[0].id).await.unwrap().unwrap();
    assert!(!job.details.supported_change, "a mistake can be taken back");
}

#[tokio::test]
async fn with_the_first_job_contact_by_plan_begins() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let added =
        browser.post("/graduates", &[("name", "例山 みのり"), ("cadence", "standard"), ("language", "plain")]).await;
    let path = added.place().split('?').next().unwrap().to_owned();
    let job = [("employer", "見本商事"), ("hired_on", "2026-04-06"), ("disclosure", "open")];
    assert_eq!(browser.post(&format!("{path}/jobs"), &job).await.status, StatusCode::SEE_OTHER);
    let tx = site.world.begin().await;
    let person = tx.graduates().await.unwrap().remove(0);
    assert_eq!(person.support, Support::Supported);
    assert!(tx.cadence(person.id).await.unwrap().is_some());
}

#[tokio::test]
async fn hours_that_never_meet_are_said_on_the_page_and_marked_in_the_list() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (reached, not) =
        (site.world.graduate(1, day("2026-01-05")).await, site.world.graduate(2, day("2026-01-05")).await);
    let tx = site.world.begin().await;
    let details = tx.graduate(not).await.unwrap().unwrap().details;
    let hours = PersonHours { week: WeekHours::every_day("18:00-20:00").unwrap(), zone: None };
    tx.change_graduate(Actor::COMMAND, not, &bansou_store::GraduateDetails { hours, ..details }).await.unwrap();
    tx.save().await.unwrap();
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/graduates/{not}")).await.body;
    assert!(
        page.contains("連絡できる時間がありません") && page.contains(&format!("/graduates/{not}/edit#days")),
        "{page}"
    );
    assert!(page.contains("18:00-20:00") && page.contains("09:00-12:00"), "both weeks are shown");
    assert!(!page.contains("/settings/office\">事業所の時間"), "only an admin can change the office's");
    let page = browser.get(&format!("/graduates/{reached}")).await.body;
    assert!(!page.contains("連絡できる時間がありません"));
    let list = browser.get("/graduates").await.body;
    assert_eq!(list.matches("連絡できる時間なし").count(), 1);
    let mut admin = site.signed_in(Role::Admin).await;
    assert!(admin.get(&format!("/graduates/{not}")).await.body.contains("/settings/office\">事業所の時間"));
}

#[tokio::test]
async fn the_list_is_narrowed_by_group_and_by_member_of_staff() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut ids = Vec::new();
    for n in 1..=6 {
        ids.push(site.world.graduate(n, day("2026-01-05")).await);
    }
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    let who = Actor::staff(staff);
    let tx = site.world.begin().await;
    let job = EmploymentDetails::begun(None, day("2026-01-05"));
    tx.add_employment(who, ids[0], &job).await.unwrap();
    let left = EmploymentDetails { left_on: Some(day("2026-03-31")), ..job.clone() };
    tx.add_employment(who, ids[1], &left).await.unwrap();
    let dates = PauseDates { from: day("2026-04-01"), until: None };
    tx.pause_graduate(who, ids[2], &Pause { dates, reason: "本人の希望".into() }).await.unwrap();
    let stop = ContactStop { asked: StopAsked::Office, reason: "確かめるため".into() };
    tx.stop_contact_for(who, ids[3], &stop).await.unwrap();
    tx.set_support(who, ids[4], Support::Ended).await.unwrap();
    tx.add_employment(who, ids[5], &EmploymentDetails { hired_on: day("2026-04-20"), ..job }).await.unwrap();
    tx.assign_staff(who, ids[0], Some(staff), None).await.unwrap();
    tx.assign_staff(who, ids[2], None, Some(staff)).await.unwrap();
    tx.save().await.unwrap();
    let staff = staff.to_string();
    for (show, by, expected) in [
        ("", "", &[1, 2, 3, 4, 6][..]),
        ("working", "", &[1]),
        ("left", "", &[2]),
        ("paused", "", &[3]),
        ("stopped", "", &[4]),
        ("ended", "", &[5]),
        ("preparing", "", &[]),
        ("supported", &staff, &[1, 3]),
        ("working", &staff, &[1]),
        ("stopped", &staff, &[]),
    ] {
        let list = browser.get(&format!("/graduates?show={show}&staff={by}")).await.body;
        let shown: Vec<_> = (1..=6).filter(|n| list.contains(&format!("見本{n} 花子"))).collect();
        assert_eq!(shown, expected, "{show} {by}");
    }
    let page = browser.get(&format!("/graduates?show=supported&staff={staff}&page=99")).await.body;
    assert!(page.contains(&format!("<option value=\"{staff}\" selected")) && page.contains("見本1 花子"));
}
