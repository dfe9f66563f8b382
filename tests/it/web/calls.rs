//! Calls and what is put off: they come back when the button said, in the office's open days, and nobody's words are lost.

use bansou_core::ids::{GraduateId, TaskId};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewTask, TaskState};
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use super::site::{Site, day};

async fn task(site: &Site, graduate: GraduateId, kind: TaskKind, key: &str) -> TaskId {
    let tx = site.world.begin().await;
    let new = NewTask::program(kind, TaskReason::FollowUp, key.into(), tx.now());
    let id = tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap();
    tx.save().await.unwrap();
    id
}

async fn due(site: &Site, id: TaskId) -> DateTime<Utc> {
    site.world.begin().await.task(id).await.unwrap().unwrap().due_at
}

for_each_database! {
    async fn a_call_comes_back_when_its_button_says(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        // Wednesday at ten; then Friday at a quarter to five, with the weekend ahead.
        for (wait, outcome, back) in [
            (0, "not_in", "2026-04-02T09:00:00+09:00"),
            (0, "busy", "2026-04-01T11:00:00+09:00"),
            (2 * 24 * 60 + 6 * 60 + 45, "busy", "2026-04-06T09:00:00+09:00"),
            (0, "not_in", "2026-04-06T09:00:00+09:00"),
        ] {
            if wait > 0 {
                site.world.clock.advance(TimeDelta::minutes(wait));
                browser = site.signed_in(Role::Staff).await;
            }
            let call = task(&site, graduate, TaskKind::Call, &format!("{wait} {outcome} {back}")).await;
            let said = browser.post(&format!("/tasks/{call}/call"), &[("outcome", outcome)]).await;
            assert_eq!(said.place(), "/today?done=call-recorded", "{}", said.body);
            assert_eq!(due(&site, call).await, moment(back), "{outcome}");
        }
    }

    async fn a_callers_words_are_kept_when_a_colleague_recorded_the_call_first(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let call = task(&site, graduate, TaskKind::Call, "call").await;
        let (mut first, mut second) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        let path = format!("/tasks/{call}/call");
        assert!(first.get(&path).await.body.contains("結果がどれでも、書いたことは記録に残ります"));
        first.post(&path, &[("outcome", "wrong_number")]).await;
        let late = second.post(&path, &[("outcome", "spoke"), ("memo", "職場の電話で話せた")]).await;
        assert_eq!(late.place(), "/today?done=call-words-kept");
        assert!(second.get(late.place()).await.body.contains("ほかの職員が先に記録しました。ひとことは保存しました。"));
        let late = second.post(&path, &[("outcome", "not_in")]).await;
        assert_eq!(late.place(), "/today?done=call-was-recorded");
        let tx = site.world.begin().await;
        let notes = tx.notes_of(graduate, 9).await.unwrap();
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].lanes.observed, "職場の電話で話せた");
        assert_eq!(tx.cadence(graduate).await.unwrap().unwrap().last_contact_on, Some(day("2026-04-01")));
        let task = tx.task(call).await.unwrap().unwrap();
        assert_eq!(task.state, TaskState::Done, "the colleague's word on the task stands");
        assert_eq!(task.outcome, Some(bansou_core::task::CallOutcome::WrongNumber));
    }
}

#[tokio::test]
async fn a_call_is_agreed_for_later_today_but_not_for_a_time_that_is_over() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let call = task(&site, graduate, TaskKind::Call, "call").await;
    let mut browser = site.signed_in(Role::Staff).await;
    for (on, at, wrong) in [("2026-04-01", "09:30", "later_at"), ("2026-03-31", "16:00", "later_on")] {
        let fields = [("outcome", "later"), ("later_on", on), ("later_at", at)];
        let refused = browser.post(&format!("/tasks/{call}/call"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&format!("id=\"{wrong}-error\"")), "{}", refused.body);
        assert!(refused.body.contains("もうすぎています") && !refused.body.contains("今日より後"), "{}", refused.body);
    }
    let fields = [("outcome", "later"), ("later_on", "2026-04-01"), ("later_at", "15:00")];
    browser.post(&format!("/tasks/{call}/call"), &fields).await;
    assert_eq!(due(&site, call).await, moment("2026-04-01T15:00:00+09:00"));
}

#[tokio::test]
async fn whoever_has_to_call_at_an_agreed_time_sees_it_before_and_cannot_let_it_rest() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let call = task(&site, graduate, TaskKind::Call, "call").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/tasks/{call}/call");
    let agree = |on, at| [("outcome", "later"), ("later_on", on), ("later_at", at)];
    // On a holiday nobody is there, and in forty years neither.
    for (on, wrong) in [("2026-04-29", "連絡できる時間ではありません"), ("2066-04-02", "1年より先です")]
    {
        let refused = browser.post(&path, &agree(on, "15:00")).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(wrong), "{}", refused.body);
    }
    browser.post(&path, &agree("2026-04-01", "15:00")).await;
    for there in ["/today", &path, &format!("/graduates/{graduate}/handover"), "/today/plan"] {
        let page = browser.get(there).await.body;
        assert!(page.contains("15:00に電話する約束です"), "{there}: {page}");
    }
    assert!(!browser.get("/today").await.body.contains("/not-today"), "whoever waits doesn't know of a rest");
    let fields = [("reason", "no_time"), ("words", "")];
    browser.post(&format!("/graduates/{graduate}/not-today"), &fields).await;
    assert!(browser.get("/today").await.body.contains("15:00に電話する約束です"));
}

#[tokio::test]
async fn the_day_is_not_over_while_missed_contacts_are_left() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get("/today").await.body;
    assert!(page.contains("あと0人") && page.contains("今日の連絡は終わりました"), "{page}");
    task(&site, graduate, TaskKind::Call, "call").await;
    site.world.clock.advance(TimeDelta::days(1));
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get("/today").await.body;
    assert!(page.contains("逃した連絡") && page.contains("あと1人"), "{page}");
    assert!(!page.contains("今日の連絡は終わりました"), "{page}");
    let list = browser.get("/graduates").await.body;
    assert!(list.contains("登録している人：1人"), "{list}");
}
