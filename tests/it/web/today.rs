//! Today: the order and its reasons, rows that rest, whose rows they are, the plan of a day, the monthly meeting (S1.1, S2.1, S2.4).

use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::card::{Card, CardOf};
use bansou_core::commitment::{CommitmentKind, CommitmentSource};
use bansou_core::half_day::HalfDay;
use bansou_core::hours::WeekHours;
use bansou_core::ids::{GraduateId, NoteId, StaffId, TaskId};
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewAbsence, NewCommitment, NewNote, NewTask, NoteState};
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::glance::counted;
use super::replies::newest;
use super::site::{Browser, Site, day};

pub(super) async fn task(site: &Site, graduate: GraduateId, reason: TaskReason) -> TaskId {
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
        let seen = newest(&site, graduate).await;
        browser.post(&format!("/inbox/{graduate}/close"), &[("reason", "answered_elsewhere"), ("seen", &seen)]).await;
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

    async fn a_call_that_was_agreed_for_a_day_wakes_the_row_on_that_day(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        task(&site, graduate, TaskReason::NoAddress).await;
        let tx = site.world.begin().await;
        let tomorrow = tx.now() + TimeDelta::days(1);
        let call = NewTask::program(TaskKind::Call, TaskReason::AskedForCall, "agreed".into(), tomorrow);
        tx.add_task(&NewTask { graduate: Some(graduate), ..call }).await.unwrap();
        tx.save().await.unwrap();
        let mut browser = site.signed_in(Role::Staff).await;
        let later = [("until", "date"), ("on", "2026-04-08"), ("at", "10:00")];
        let later = browser.post(&format!("/graduates/{graduate}/later"), &later).await;
        assert!(later.place().starts_with("/today?done=put-off"), "{}", later.body);
        site.world.clock.advance(TimeDelta::hours(23));
        let (awake, _) = halves(&mut site.signed_in(Role::Staff).await, "/today").await;
        assert!(awake.contains("見本1 花子"), "nobody who let it rest had seen this call: {awake}");
    }

    async fn what_is_promised_for_the_first_hour_of_the_next_working_day_is_seen_today(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let tx = site.world.begin().await;
        for due in ["2026-04-02T09:30:00+09:00", "2026-04-02T15:00:00+09:00"] {
            let promise = NewCommitment {
                graduate,
                staff: site.world.staff,
                source: CommitmentSource::Request,
                kind: CommitmentKind::Do,
                text: format!("見本の約束 {due}"),
                due_at: moment(due),
                message: None,
                note: None,
                escalation: None,
            };
            tx.add_commitment(Actor::staff(site.world.staff), &promise).await.unwrap();
        }
        tx.save().await.unwrap();
        let page = site.signed_in(Role::Staff).await.get("/today").await.body;
        assert!(page.contains("見本の約束 2026-04-02T09:30"), "{page}");
        assert!(!page.contains("見本の約束 2026-04-02T15:00"), "{page}");
    }

    async fn a_long_day_stands_on_pages_with_the_most_pressing_on_the_first(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        for n in 1..=64 {
            let graduate = site.world.graduate(n, day("2026-03-30")).await;
            task(&site, graduate, TaskReason::NoAddress).await;
        }
        site.world.says("e1", 64, "相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let rows = |page: &str| page.matches("<h3 class=\"row-name\">").count();
        let first = browser.get("/today").await.body;
        assert!(first.contains("あと64人") && first.contains("見本64 花子"), "{first}");
        assert_eq!(rows(&first), 60);
        let second = browser.get("/today?whose=all&page=2").await.body;
        assert!(first.contains("/today?whose=all&amp;page=2") && second.contains("あと64人"), "{second}");
        assert_eq!(rows(&second), 4);
        assert_eq!(rows(&browser.get("/today?whose=all&page=9").await.body), 4, "a page that is gone is the last one");

        let tx = site.world.begin().await;
        for n in 1..=25 {
            let company = tx.employer_named(Actor::COMMAND, &format!("仮野商事{n}")).await.unwrap();
            let words = Card { spoken_to: "ゆっくり話す".into(), ..Card::default() };
            tx.save_card(site.world.staff, CardOf::Employer(company), 0, &words, day("2026-04-01")).await.unwrap();
        }
        tx.save().await.unwrap();
        let companies = |page: &str| page.matches("id=\"company-").count();
        let first = browser.get("/today?whose=all").await.body;
        assert_eq!(companies(&first), 20);
        let all = "/today?whose=all&amp;list=companies#companies-title\">ほかの5件も表示する";
        assert!(first.contains(all) && first.contains("会社のカードの見直し <span class=\"count\">25"), "{first}");
        assert_eq!(companies(&browser.get("/today?whose=all&page=2").await.body), 0, "what stands beside is said once");
        let whole = browser.get("/today?whose=all&list=companies").await.body;
        assert!(companies(&whole) == 25 && !whole.contains("件も表示する"), "{whole}");
    }

    async fn a_whole_list_is_as_long_as_a_page_holds_and_says_how_many_are_left(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let tx = site.world.begin().await;
        for n in 1..=205 {
            let new = NewTask::program(TaskKind::Channel, TaskReason::Quota, format!("quota:{n}"), tx.now());
            tx.add_task(&new).await.unwrap().unwrap();
        }
        tx.save().await.unwrap();
        let mut browser = site.signed_in(Role::Staff).await;
        let rows = |page: &str| page.matches("id=\"task-").count();
        assert!(browser.get("/today").await.body.contains("ほかの185件も表示する"));
        let whole = browser.get("/today?list=office").await.body;
        assert!(whole.contains("ほかに5件あります") && !whole.contains("件も表示する"), "{whole}");
        assert_eq!(rows(&whole), 200);
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
        assert!(!browser.get("/today").await.body.contains("まだ会って話していません"), "the first of the month");
        site.world.clock.advance(TimeDelta::days(19));
        let mut browser = site.signed_in(Role::Staff).await;
        assert!(browser.get("/today").await.body.contains("今月、まだ会って話していません"));
        let tx = site.world.begin().await;
        let lanes = Lanes { observed: "面談".into(), ..Lanes::default() };
        let (author, happened_at) = (site.world.staff, tx.now());
        tx.save_note(&NewNote { graduate, author, mode: ContactMode::InPerson, happened_at, lanes }).await.unwrap();
        tx.save().await.unwrap();
        assert!(!browser.get("/today").await.body.contains("まだ会って話していません"));
    }
}

#[tokio::test]
async fn what_a_note_leads_to_is_one_press_away_from_its_row() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let talk =
        [("mode", "phone"), ("on", "2026-04-01"), ("at", "09:30"), ("said", "朝がつらい"), ("next", "主治医に相談")];
    let path = format!("/graduates/{graduate}/notes");
    browser.post(&path, &[&talk[..], &[("next_when", "today")]].concat()).await;
    let note = newest_note(&site, graduate).await;
    let page = browser.get("/today").await.body;
    assert!(page.contains(&format!("data-key=\"r\" href=\"/notes/{note}\">記録を開く")), "{page}");
    assert!(browser.get("/today/plan").await.body.contains(&format!("href=\"/notes/{note}\"")));

    let set = [("next_on", "2026-04-01"), ("next_sets_date", "yes"), ("why", "learned")];
    browser.post(&format!("/notes/{note}/correct"), &[&talk[..], &set].concat()).await;
    let note = newest_note(&site, graduate).await;
    let page = browser.get("/today").await.body;
    assert!(page.contains(&format!("href=\"/notes/{note}/edit#next_on\">いつまでにするか決める")), "{page}");
    assert!(browser.get(&format!("/notes/{note}/edit")).await.body.contains("id=\"next_on\""));

    browser.post(&format!("/notes/{note}/summary/later"), &[]).await;
    site.world.clock.advance(TimeDelta::hours(2));
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get("/today").await.body;
    assert!(
        page.contains(&format!("<a href=\"/notes/{note}/summary\">話したことを文で送る")),
        "a further need leads to its place, too: {page}"
    );
}

async fn newest_note(site: &Site, graduate: GraduateId) -> NoteId {
    let notes = site.world.begin().await.notes_of(graduate, 9).await.unwrap();
    notes.iter().find(|note| note.state == NoteState::Saved).expect("a note").id
}

#[tokio::test]
async fn a_card_whose_day_has_come_stands_on_today_until_somebody_has_looked_at_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (due, later) =
        (site.world.graduate(1, day("2026-03-30")).await, site.world.graduate(2, day("2026-03-30")).await);
    let tx = site.world.begin().await;
    let company = tx.employer_named(Actor::COMMAND, "仮野商事").await.unwrap();
    let words = Card { spoken_to: "ゆっくり話す".into(), ..Card::default() };
    for (of, on) in [
        (CardOf::Graduate(due), "2026-03-31"),
        (CardOf::Graduate(later), "2026-04-02"),
        (CardOf::Employer(company), "2026-04-01"),
    ] {
        tx.save_card(site.world.staff, of, 0, &words, day(on)).await.unwrap();
    }
    tx.save().await.unwrap();
    task(&site, due, TaskReason::NoAddress).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get("/today").await.body;
    assert_eq!(page.matches("<h3 class=\"row-name\"><a href=\"/graduates/").count(), 1, "one row per person: {page}");
    assert!(page.contains("あと1人") && page.contains("<p class=\"row-also\">カードを見直す日です（3月31日"), "{page}");
    let companies = page.split_once("id=\"companies-title\"").expect("a list of its own").1;
    assert!(companies.contains("仮野商事") && companies.contains(&format!("/employers/{company}")), "{companies}");

    let tx = site.world.begin().await;
    let open = tx.tasks_of(due).await.unwrap();
    tx.finish_task(Actor::COMMAND, open[0].id).await.unwrap();
    tx.save().await.unwrap();
    let page = browser.get("/today").await.body;
    assert!(page.contains(&format!("href=\"/graduates/{due}/card\">カードを見直す")), "{page}");
    assert!(page.contains("毎月の面談・カードの見直し <span class=\"points\">170</span>"), "{page}");
    for form in [format!("/graduates/{due}/card/edit"), format!("/employers/{company}/card/edit")] {
        let offered = browser.get(&form).await.body;
        assert!(offered.contains("name=\"review_on\" value=\"\""), "a day that has come isn't the next one: {offered}");
        let looked = browser.post(&form, &[("version", "1"), ("spoken_to", "ゆっくり話す"), ("review_on", "")]).await;
        assert_eq!(looked.status, StatusCode::SEE_OTHER, "{}", looked.body);
    }
    let page = browser.get("/today").await.body;
    assert!(page.contains("あと0人") && !page.contains("カードを見直す"), "{page}");
}

#[tokio::test]
async fn the_plan_of_a_day_fits_the_readers_own_hours_less_their_leave() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    for n in 1..=2 {
        let graduate = site.world.graduate(n, day("2026-03-30")).await;
        task(&site, graduate, TaskReason::NoAddress).await;
    }
    let (mut part_timer, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    let tx = site.world.begin().await;
    let hours = WeekHours::every_day("13:00-16:00").unwrap();
    tx.set_staff_hours(Actor::COMMAND, me, Some(&hours)).await.unwrap();
    tx.save().await.unwrap();
    let page = part_timer.get("/today/plan?whose=all").await.body;
    assert!(page.contains("あなたの勤務は 16:00 まで") && page.contains(">13:00</time>"), "{page}");
    assert!(!page.contains(">10:00</time>"), "the office is open, but they aren't there: {page}");

    let tx = site.world.begin().await;
    let afternoon = HalfDay::afternoon(day("2026-04-01"));
    let leave = Leave { staff: me, when: HalfDays::new(afternoon, afternoon).unwrap(), standin: None };
    tx.add_absence(Actor::COMMAND, &NewAbsence { leave, reason: String::new() }).await.unwrap();
    tx.save().await.unwrap();
    let page = part_timer.get("/today/plan?whose=all").await.body;
    assert!(page.contains("今日は、あなたの勤務の時間がありません") && page.contains("時間なし"), "{page}");
    let other = site.signed_in(Role::Staff).await.get("/today/plan?whose=all").await.body;
    assert!(other.contains(">10:00</time>"), "a colleague's day is their own: {other}");
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

async fn promise(site: &Site, staff: StaffId, graduate: GraduateId) {
    let tx = site.world.begin().await;
    let (source, kind) = (CommitmentSource::Note, CommitmentKind::Do);
    let (text, due_at) = ("会社に聞く".to_owned(), tx.now() + TimeDelta::days(1));
    let new =
        NewCommitment { graduate, staff, source, kind, text, due_at, message: None, note: None, escalation: None };
    tx.add_commitment(Actor::staff(staff), &new).await.unwrap();
    tx.save().await.unwrap();
}

/// Whether each of Today, the inbox and the promises, narrowed to the reader's, shows the nth person.
async fn mine(browser: &mut Browser<'_>, n: u32) -> [bool; 3] {
    let name = format!("見本{n} 花子");
    let mut shown = [false; 3];
    for (at, path) in ["/today?whose=mine", "/inbox?whose=mine", "/promises?show=mine"].into_iter().enumerate() {
        shown[at] = browser.get(path).await.body.contains(&name);
    }
    shown
}

#[tokio::test]
async fn mine_means_the_same_on_today_in_the_inbox_and_among_the_promises() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (first, second) =
        (site.world.graduate(1, day("2026-03-30")).await, site.world.graduate(2, day("2026-03-30")).await);
    let (_, colleague) = site.signed_in_at(site.world.office, Role::Staff).await;
    let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    let tx = site.world.begin().await;
    tx.assign_staff(Actor::COMMAND, second, Some(colleague), Some(me)).await.unwrap();
    tx.save().await.unwrap();
    for (n, graduate, staff) in [(1, first, site.world.staff), (2, second, colleague)] {
        site.world.says(&format!("e{n}"), n, "相談があります").await;
        promise(&site, staff, graduate).await;
    }
    assert_eq!(mine(&mut browser, 1).await, [false; 3]);
    assert_eq!(mine(&mut browser, 2).await, [false; 3], "named as a stand-in, and the owner is there");
    let team = browser.get("/today").await.body;
    assert!(
        team.contains("見本1 花子") && team.contains("見本2 花子"),
        "whoever looks after nobody begins with all: {team}"
    );

    let tx = site.world.begin().await;
    let morning = HalfDay::morning(day("2026-04-01"));
    let when = HalfDays::new(morning, morning).unwrap();
    let leave = Leave { staff: site.world.staff, when, standin: Some(me) };
    tx.add_absence(Actor::COMMAND, &NewAbsence { leave, reason: String::new() }).await.unwrap();
    tx.save().await.unwrap();
    assert_eq!(mine(&mut browser, 1).await, [true; 3]);
    assert_eq!(counted(&browser.get("/signs").await.body), 1, "the menu counts whom the page shows");
    let page = browser.get("/today").await.body;
    assert!(
        page.contains("見本1 花子") && !page.contains("見本2 花子"),
        "a stand-in begins with whom they look after: {page}"
    );

    site.world.clock.advance(TimeDelta::hours(4));
    let mut browser = site.signed_in_as(site.world.office, me).await;
    assert_eq!(mine(&mut browser, 1).await, [false; 3], "the owner is back");
    let tx = site.world.begin().await;
    tx.hand_over(colleague, second, me, "15時までに").await.unwrap();
    tx.save().await.unwrap();
    assert_eq!(counted(&browser.get("/signs").await.body), 2, "whoever looks after nobody begins with all");
    assert_eq!(mine(&mut browser, 2).await, [true; 3], "a colleague asked for it");
    assert!(browser.get("/today").await.body.contains("さんに引きつぎ</strong>"), "and the row says so");
    let page = browser.get(&format!("/graduates/{second}")).await.body;
    assert!(page.contains("さんに、やりとりを引きつぎました。"), "it stands on the person's timeline: {page}");
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
    assert!(evening.contains("今日の勤務時間は終わりました") && evening.contains("時間なし"), "{evening}");
    site.world.clock.advance(TimeDelta::days(3));
    let mut browser = site.signed_in(Role::Staff).await;
    assert!(browser.get("/today/plan").await.body.contains("今日は休みの日です"), "a Saturday");
}
