//! Today: the order and its reasons, rows that rest, whose rows they are, the plan of a day, the monthly meeting (S1.1, S2.1, S2.4).

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, TaskId};
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewNote, NewTask};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::site::{Browser, Site, day};

async fn task(site: &Site, graduate: GraduateId, reason: TaskReason) -> TaskId {
    let tx = site.world.begin().await;
    let new = NewTask::program(TaskKind::Call, reason, format!("{graduate}:{reason}"), tx.now());
    let id = tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap();
    tx.save().await.unwrap();
    id
}

/// The page before its resting rows, and the resting rows.
async fn halves(browser: &mut Browser<'_>, path: &str) -> (String, String) {
    let page = browser.get(path).await.body;
    match page.split_once("id=\"resting-title\"") {
        Some((before, resting)) => (before.to_owned(), resting.to_owned()),
        None => (page, String::new()),
    }
}

fn place(page: &str, n: u32) -> usize {
    page.find(&format!("見本{n} 花子")).unwrap_or_else(|| panic!("見本{n} has a row: {page}"))
}

for_each_database! {
    async fn rows_stand_by_what_is_most_pressing_and_say_why(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let mut people = Vec::new();
        for n in 1..=3 {
            people.push(site.world.graduate(n, day("2026-03-30")).await);
        }
        task(&site, people[0], TaskReason::NoAddress).await;
        task(&site, people[1], TaskReason::Silent).await;
        site.world.says("e1", 3, "相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let page = browser.get("/today").await.body;
        assert!(place(&page, 3) < place(&page, 2) && place(&page, 2) < place(&page, 1), "{page}");
        assert!(page.contains("返事を待っています <span class=\"points\">590</span>"), "{page}");
        assert!(page.contains("合わせて 410 点"), "{page}");
    }

    async fn a_row_about_a_sign_leads_to_that_very_sign(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "最近あまり眠れていません").await;
        let sign = site.world.begin().await.signs_of(graduate).await.unwrap().remove(0).sign.id;
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/inbox/{graduate}/close"), &[("reason", "answered_elsewhere")]).await;
        for page in ["/today", "/today/plan"] {
            let body = browser.get(page).await.body;
            assert!(body.contains(&format!("href=\"/signs?show=waiting#sign-{sign}\"")), "{page}: {body}");
        }
    }

    async fn a_row_rests_until_its_moment_and_comes_back_by_itself(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        task(&site, graduate, TaskReason::NoAddress).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let later = browser.post(&format!("/graduates/{graduate}/later"), &[("until", "afternoon"), ("why", "会議のあとで")]).await;
        assert!(later.place().starts_with("/today?done=put-off"), "{}", later.body);
        let (awake, resting) = halves(&mut browser, "/today").await;
        assert!(awake.contains("あと0人") && !awake.contains("見本1 花子"), "{awake}");
        assert!(resting.contains("見本1 花子") && resting.contains("13:00 にもどります") && resting.contains("会議のあとで"), "{resting}");
        site.world.clock.advance(TimeDelta::hours(3));
        let mut browser = site.signed_in(Role::Staff).await;
        let (awake, resting) = halves(&mut browser, "/today").await;
        assert!(awake.contains("あと1人") && resting.is_empty(), "{awake}");
        assert!(!awake.contains("予定をすぎています"), "it was put off, not forgotten");
    }

    async fn something_new_brings_a_resting_row_back_at_once(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        task(&site, graduate, TaskReason::NoAddress).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/graduates/{graduate}/not-today");
        browser.post(&path, &[("reason", "no_time")]).await;
        let (_, resting) = halves(&mut browser, "/today").await;
        assert!(resting.contains("時間がない") && resting.contains("4月2日"), "{resting}");
        site.world.clock.advance(TimeDelta::minutes(5));
        site.world.says("e1", 1, "やっぱり話したいです").await;
        let (awake, resting) = halves(&mut browser, "/today").await;
        assert!(awake.contains("見本1 花子") && resting.is_empty(), "{awake}");
        assert!(!awake.contains(&format!("/graduates/{graduate}/later")), "an answer can't be put off");
    }

    async fn a_resting_row_is_brought_back_by_hand(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        task(&site, graduate, TaskReason::NoAddress).await;
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/graduates/{graduate}/later"), &[("until", "tomorrow")]).await;
        let back = browser.post(&format!("/graduates/{graduate}/bring-back"), &[]).await;
        assert_eq!(back.place(), "/today?done=brought-back");
        let (awake, resting) = halves(&mut browser, "/today").await;
        assert!(awake.contains("見本1 花子") && resting.is_empty());
    }

    async fn a_missing_meeting_in_person_is_shown_from_the_twentieth_until_it_is_written_down(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2025-03-31")).await;
        let tx = site.world.begin().await;
        let period = ServicePeriod::start(ServiceKind::Retention, day("2025-10-01"));
        tx.add_service_period(Actor::COMMAND, graduate, &period).await.unwrap();
        tx.save().await.unwrap();
        let mut browser = site.signed_in(Role::Staff).await;
        assert!(!browser.get("/today").await.body.contains("今月の対面の面談"), "the first of the month");
        site.world.clock.advance(TimeDelta::days(19));
        let mut browser = site.signed_in(Role::Staff).await;
        assert!(browser.get("/today").await.body.contains("今月、まだ会って話していません"));
        let tx = site.world.begin().await;
        let lanes = Lanes { observed: "面談".into(), ..Lanes::default() };
        let (author, happened_at) = (site.world.staff, tx.now());
        tx.save_note(&NewNote { graduate, author, mode: ContactMode::InPerson, happened_at, lanes }).await.unwrap();
        tx.save().await.unwrap();
        assert!(!browser.get("/today").await.body.contains("今月の対面の面談"));
    }
}

#[tokio::test]
async fn a_day_without_a_reason_and_a_time_that_has_passed_are_refused_in_words() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let later = format!("/graduates/{graduate}/later");
    for (fields, wrong) in [
        (vec![("until", "date"), ("on", "2026-03-31")], "on-error"),
        (vec![("until", "date"), ("on", "2026-04-01"), ("at", "09:00")], "at-error"),
        (vec![("until", "date")], "on-error"),
        (vec![], "until-error"),
    ] {
        let refused = browser.post(&later, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&format!("id=\"{wrong}\"")), "{}", refused.body);
    }
    let not_today = format!("/graduates/{graduate}/not-today");
    for (fields, wrong) in [(vec![], "reason-error"), (vec![("reason", "other")], "words-error")] {
        let refused = browser.post(&not_today, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&format!("id=\"{wrong}\"")), "{}", refused.body);
    }
}

#[tokio::test]
async fn staff_begin_with_their_own_people_and_see_the_teams_by_one_link() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (mine, theirs) =
        (site.world.graduate(1, day("2026-03-30")).await, site.world.graduate(2, day("2026-03-30")).await);
    let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    let tx = site.world.begin().await;
    for (graduate, staff) in [(mine, me), (theirs, site.world.staff)] {
        tx.assign_staff(Actor::COMMAND, graduate, Some(staff), None).await.unwrap();
    }
    tx.save().await.unwrap();
    for graduate in [mine, theirs] {
        task(&site, graduate, TaskReason::NoAddress).await;
    }
    let page = browser.get("/today").await.body;
    assert!(page.contains("見本1 花子") && !page.contains("見本2 花子"), "{page}");
    assert!(page.contains("あと1人"));
    let team = browser.get("/today?whose=all").await.body;
    assert!(team.contains("見本1 花子") && team.contains("見本2 花子"), "{team}");
    let mut manager = site.signed_in(Role::Manager).await;
    assert!(manager.get("/today").await.body.contains("見本2 花子"));
}

#[tokio::test]
async fn the_plan_of_a_day_names_everybody_answers_first_and_calls_inside_the_working_hours() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    for n in 1..=3 {
        let graduate = site.world.graduate(n, day("2026-03-30")).await;
        task(&site, graduate, TaskReason::NoAddress).await;
    }
    site.world.says("e1", 3, "相談があります").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get("/today/plan").await.body;
    assert!(place(&page, 3) < place(&page, 1), "{page}");
    for time in [">10:00</time>", ">10:05</time>", ">10:15</time>"] {
        assert!(page.contains(time), "{time}: {page}");
    }
    site.world.clock.advance(TimeDelta::hours(8));
    let mut browser = site.signed_in(Role::Staff).await;
    let evening = browser.get("/today/plan").await.body;
    assert!(evening.contains("今日の開所時間は終わりました") && evening.contains("時間なし"), "{evening}");
    site.world.clock.advance(TimeDelta::days(3));
    let mut browser = site.signed_in(Role::Staff).await;
    assert!(browser.get("/today/plan").await.body.contains("今日は休みの日です"), "a Saturday");
}
