//! The list of graduates and one graduate's page: who is seen, what comes next and why, what happened, and who looked.

use bansou_core::audit::Actor;
use bansou_core::cadence::{DueReason, Speaker};
use bansou_core::calendar::Holidays;
use bansou_core::contact::ContactKind;
use bansou_core::ids::GraduateId;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::staff::Role;
use bansou_core::words::{Lang, Words};
use bansou_store::{EmploymentDetails, NewNote};
use bansou_tests::database::TestDatabase;
use chrono::{Datelike, NaiveDate, TimeDelta};
use http::StatusCode;

use super::site::{Site, day};

async fn next(site: &Site, graduate: GraduateId) -> Option<(NaiveDate, DueReason)> {
    let cadence = site.world.begin().await.cadence(graduate).await.unwrap().unwrap();
    cadence.next.map(|next| (next.due_on, next.reason))
}

/// Notes of calls, one an hour, the first before an hour from now.
async fn notes(site: &Site, graduate: GraduateId, count: i32) {
    let tx = site.world.begin().await;
    for n in 1..=count {
        let note = NewNote {
            graduate,
            happened_at: site.world.now() - TimeDelta::hours(n.into()),
            mode: ContactMode::Phone,
            lanes: Lanes { said: format!("見本の記録{n}番"), ..Lanes::default() },
            author: site.world.staff,
        };
        tx.save_note(&note).await.unwrap();
    }
    tx.save().await.unwrap();
}

#[tokio::test]
async fn the_list_and_the_search_show_people_of_ones_own_office() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    for n in 1..=51 {
        site.world.graduate(n, day("2026-03-30")).await;
    }
    let other = site.other_office().await;
    let mut mine = site.signed_in(Role::Staff).await;
    let mut theirs = site.signed_in_at(other, Role::Admin).await.0;

    let list = mine.get("/graduates").await.body;
    assert!(list.contains("見本1 花子") && list.contains("page=2"), "{list}");
    let first = (1..=51).filter(|n| list.contains(&format!("見本{n} 花子"))).count();
    let second = mine.get("/graduates?show=supported&page=2").await.body;
    let rest: Vec<_> = (1..=51).filter(|n| second.contains(&format!("見本{n} 花子"))).collect();
    assert_eq!((first, rest.len()), (50, 1), "a page has fifty rows");
    assert!(!list.contains(&format!("見本{} 花子", rest[0])));
    assert!(!theirs.get("/graduates").await.body.contains("花子"));

    let found = mine.post("/graduates/search", &[("query", "ﾐﾎﾝ7")]).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains("見本7 花子") && !found.body.contains("見本8 花子"));
    let none = theirs.post("/graduates/search", &[("query", "ミホン7")]).await;
    assert!(!none.body.contains("花子"));
}

#[tokio::test]
async fn the_search_also_finds_whoever_works_at_a_company() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let tx = site.world.begin().await;
    let company = tx.employer_named(Actor::COMMAND, "株式会社サンプル物流").await.unwrap();
    tx.save().await.unwrap();
    // In Japan the day has begun, elsewhere it hasn't.
    site.world.clock.set_to("2026-04-02T08:30:00+09:00");
    for (n, left_on) in [(1, None), (2, Some(day("2026-04-01")))] {
        let id = site.world.graduate(n, day("2026-01-05")).await;
        let tx = site.world.begin().await;
        let job = EmploymentDetails { left_on, ..EmploymentDetails::begun(Some(company), day("2026-01-05")) };
        tx.add_employment(Actor::COMMAND, id, &job).await.unwrap();
        tx.save().await.unwrap();
    }
    let mut browser = site.signed_in(Role::Staff).await;
    let found = browser.post("/graduates/search", &[("query", "ｻﾝﾌﾟﾙ物流")]).await.body;
    assert!(found.contains("見本1 花子"), "{found}");
    assert!(!found.contains("見本2 花子"), "who has left doesn't work there");
    let (mut theirs, _) = site.signed_in_at(site.other_office().await, Role::Staff).await;
    assert!(!theirs.post("/graduates/search", &[("query", "サンプル物流")]).await.body.contains("花子"));
}

#[tokio::test]
async fn the_page_says_when_and_why_the_next_contact_comes_and_what_happened() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-01")).await;
    site.world.says("e1", 1, "最近あまり眠れていません").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{graduate}");
    let page = browser.get(&path).await.body;

    let (due, reason) = next(&site, graduate).await.expect("a next contact");
    let (words, holidays) = (Words::embedded(), Holidays::embedded());
    let date = |date: NaiveDate| format!("{}月{}日", date.month(), date.day());
    let why = reason.say(&Speaker { words: &words, lang: Lang::Ja, holidays: &holidays, date: &date });
    assert!(page.contains(&date(due)), "{page}");
    assert!(page.contains(why.split('月').next().unwrap()), "{why} in {page}");
    // The sentence stands beside its sign, once in the list and once in the timeline.
    assert!(page.matches("眠れていません").count() >= 2, "{page}");
    assert!(browser.get(&format!("{path}?show=message")).await.body.contains("最近あまり眠れていません"));
    assert!(!browser.get(&format!("{path}?show=note")).await.body.contains("最近あまり眠れていません"));
}

#[tokio::test]
async fn older_entries_come_on_the_next_page_and_none_is_lost() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    notes(&site, graduate, 130).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let (mut path, mut seen, mut pages) = (format!("/graduates/{graduate}?show=note"), Vec::new(), 0);
    loop {
        let body = browser.get(&path).await.body;
        seen.extend((1..=130).filter(|n| body.contains(&format!("見本の記録{n}番"))));
        pages += 1;
        let link = body.split("href=\"").find(|rest| rest.contains("before=") && rest.find("before=") < rest.find('"'));
        let Some(link) = link else { break };
        path = link.split(['"', '#']).next().unwrap().replace("&amp;", "&");
    }
    assert_eq!(pages, 3);
    assert_eq!(seen, (1..=130).collect::<Vec<_>>(), "newest first, each once");
}

#[tokio::test]
async fn opening_a_page_is_on_record_and_another_offices_person_is_not_there() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let path = format!("/graduates/{graduate}");
    let reads = async || {
        let rows = site.world.begin().await.audit_of(graduate.0, 50).await.unwrap();
        rows.into_iter().filter(|row| row.action == "graduate.read").map(|row| row.actor.id).collect::<Vec<_>>()
    };
    let other = site.other_office().await;
    let mut theirs = site.signed_in_at(other, Role::Admin).await.0;
    for page in [path.clone(), format!("{path}/audit"), format!("{path}/pause")] {
        assert_eq!(theirs.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert!(reads().await.is_empty());
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    assert_eq!(reads().await, [Some(staff.0)]);
    let audit = browser.get(&format!("{path}/audit")).await.body;
    assert!(audit.contains("ページを開いた") && audit.contains("登録した"), "{audit}");
}

#[tokio::test]
async fn a_pause_reaches_the_planner_and_ends_when_it_is_ended() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-01")).await;
    site.world.tick().await;
    let due = async || next(&site, graduate).await.expect("a next contact").0;
    let planned = due().await;
    assert!(planned <= day("2026-04-07"), "{planned}");
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{graduate}");

    let refused = browser.post(&format!("{path}/pause"), &[("length", "week"), ("why", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(site.world.begin().await.graduate(graduate).await.unwrap().unwrap().pause.is_none());

    let paused = browser.post(&format!("{path}/pause"), &[("length", "week"), ("why", "本人の希望")]).await;
    assert_eq!(paused.place(), format!("{path}?done=paused"));
    site.world.tick().await;
    assert!(due().await > day("2026-04-07"), "{}", due().await);
    assert!(browser.get(&path).await.body.contains("4月7日（火）まで連絡休み"));
    assert!(browser.get(&format!("{path}/pause")).await.body.contains("本人の希望"));

    assert_eq!(browser.post(&format!("{path}/resume"), &[]).await.place(), format!("{path}?done=resumed"));
    site.world.tick().await;
    assert_eq!(due().await, planned);
}

#[tokio::test]
async fn whom_no_check_in_reaches_by_line_or_sms_is_told_of_as_somebody_whom_staff_contact() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let by_mail = site.world.graduate_with(1, day("2026-03-30"), &[ContactKind::Email]).await;
    let by_line = site.world.graduate(2, day("2026-03-30")).await;
    site.world.tick().await;
    let mut staff = site.signed_in(Role::Staff).await;
    let page = staff.get(&format!("/graduates/{by_mail}")).await.body;
    assert!(page.contains("LINEやSMSで送れないので、職員が連絡します"), "{page}");
    let page = staff.get(&format!("/graduates/{by_line}")).await.body;
    assert!(!page.contains("LINEやSMSで送れないので"), "{page}");
}
