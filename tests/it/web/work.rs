//! A day of staff over the pages: what came in is seen, answered, written down and decided.

use bansou_core::delivery::{ChannelKind, DeliveryState, Purpose};
use bansou_core::sign::SignStep;
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewTask, TaskState};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use http::StatusCode;

use super::site::{Site, day};

for_each_database! {
    async fn a_reply_goes_into_the_thread_and_on_its_way_once(database: &TestDatabase) {
        let site = Site::open(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "おはようございます").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let thread = format!("/inbox/{graduate}");
        let page = browser.get(&thread).await;
        assert!(page.body.contains("おはようございます"), "{}", page.body);
        let today = browser.get("/today").await;
        assert!(today.body.contains("見本1 花子"), "{}", today.body);

        let seen = site.world.begin().await.messages_of(graduate, None, 1).await.unwrap().remove(0).id.to_string();
        let token = browser.token();
        let form = [("csrf", token.as_str()), ("once", "the same twice"), ("channel", "line"), ("seen", &seen), ("body", "お返事です")];
        for _ in 0..2 {
            let sent = browser.post_raw(&format!("{thread}/reply"), &form).await;
            assert_eq!((sent.status, sent.place()), (StatusCode::SEE_OTHER, format!("{thread}?done=reply-sent#waiting").as_str()));
        }
        let tx = site.world.begin().await;
        let replies: Vec<_> =
            tx.deliveries_of(graduate, 50).await.unwrap().into_iter().filter(|d| d.purpose == Purpose::Reply).collect();
        assert_eq!(replies.len(), 1, "a double click is one message");
        assert_eq!((replies[0].state, replies[0].payload.text.as_str()), (DeliveryState::Due, "お返事です"));
        assert!(tx.thread(graduate).await.unwrap().unwrap().reply_due_since.is_none());
    }
}

#[tokio::test]
async fn a_reply_that_is_too_long_or_written_past_a_newer_word_comes_back_with_what_was_typed() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "おはようございます").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let reply = format!("/inbox/{graduate}/reply");
    let seen = site.world.begin().await.messages_of(graduate, None, 1).await.unwrap().remove(0).id.to_string();
    let long = "長".repeat(5_001);
    let answer = browser.post(&reply, &[("channel", "line"), ("seen", &seen), ("body", &long)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(&long));
    site.world.clock.advance(chrono::TimeDelta::minutes(1));
    site.world.says("e2", 1, "もうひとつ").await;
    let answer = browser.post(&reply, &[("channel", "line"), ("seen", &seen), ("body", "前の返事")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("前の返事") && answer.body.contains("もうひとつ"));
    let empty = browser.post(&reply, &[("channel", "line"), ("seen", &seen), ("body", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_note_counts_as_contact_and_its_sign_brings_contact_closer() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let notes = format!("/graduates/{graduate}/notes");
    assert_eq!(browser.get(&format!("{notes}/new")).await.status, StatusCode::OK);
    let fields = [("mode", "phone"), ("on", "2026-04-01"), ("at", "09:30")];
    let nothing = browser.post(&notes, &[&fields[..], &[("interpretation", "疲れている")]].concat()).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("疲れている"), "what was typed stays");
    let more = [("said", "眠れない日が続く"), ("sign_category", "sleep"), ("sign_level", "2")];
    let saved = browser.post(&notes, &[&fields[..], &more[..]].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let tx = site.world.begin().await;
    assert_eq!(tx.cadence(graduate).await.unwrap().unwrap().last_contact_on, Some(day("2026-04-01")));
    assert_eq!(tx.signs_of(graduate).await.unwrap().len(), 1);
    drop(tx);
    let page = browser.get(&format!("/graduates/{graduate}")).await;
    assert!(page.body.contains("眠れない日が続く"));
    let tx = site.world.begin().await;
    assert_eq!(
        tx.audit_of(graduate.0, 50).await.unwrap().iter().filter(|row| row.action == "graduate.read").count(),
        1
    );
}

#[tokio::test]
async fn a_confirmed_sign_tightens_the_cadence_and_a_dismissed_one_needs_a_reason() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "最近あまり眠れていません").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let sign = site.world.begin().await.signs_of(graduate).await.unwrap().remove(0).sign.id;
    let refused = browser.post(&format!("/signs/{sign}/dismiss"), &[("why", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let confirmed = browser.post(&format!("/signs/{sign}/confirm"), &[("why", "電話で聞いた")]).await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
    let tx = site.world.begin().await;
    assert_eq!(tx.sign(sign).await.unwrap().unwrap().sign.state.step(), SignStep::Confirmed);
    assert_eq!(tx.cadence(graduate).await.unwrap().unwrap().state.adjusters.len(), 1);
    drop(tx);
    assert!(browser.get("/signs?show=open").await.body.contains("電話で聞いた"));
}

#[tokio::test]
async fn a_pause_is_set_and_ended() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = format!("/graduates/{graduate}");
    let paused = browser.post(&format!("{page}/pause"), &[("length", "week"), ("why", "本人の希望")]).await;
    assert_eq!(paused.status, StatusCode::SEE_OTHER);
    let held = site.world.begin().await.graduate(graduate).await.unwrap().unwrap().pause.unwrap();
    assert_eq!((held.dates.until, held.reason.as_str()), (Some(day("2026-04-07")), "本人の希望"));
    assert_eq!(browser.get(&page).await.status, StatusCode::OK);
    browser.post(&format!("{page}/resume"), &[]).await;
    assert!(site.world.begin().await.graduate(graduate).await.unwrap().unwrap().pause.is_none());
}

#[tokio::test]
async fn what_the_office_has_to_look_at_shows_on_today_until_somebody_marks_it_as_done() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let tx = site.world.begin().await;
    let new = NewTask::program(TaskKind::Channel, TaskReason::Quota, "quota:2026-04".into(), tx.now());
    let task = tx.add_task(&new).await.unwrap().unwrap();
    tx.save().await.unwrap();
    let mut browser = site.signed_in(Role::Staff).await;
    let done = format!("/tasks/{task}/done");
    assert!(browser.get("/today").await.body.contains(&done));

    let mut other = site.signed_in_at(site.other_office().await, Role::Admin).await.0;
    assert_eq!(other.post(&done, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/today").await.body.contains(&done));
    assert_eq!(site.world.begin().await.task(task).await.unwrap().unwrap().state, TaskState::Open);

    let answer = browser.post(&done, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.place().starts_with("/today?done=task-done&undo="), "{}", answer.place());
    let again = browser.post(&done, &[]).await;
    assert_eq!((again.status, again.place()), (StatusCode::SEE_OTHER, "/today"), "done once is done");
    assert!(!browser.get("/today").await.body.contains(&done));
    let tx = site.world.begin().await;
    let task = tx.task(task).await.unwrap().unwrap();
    assert_eq!(task.state, TaskState::Done);
    assert!(task.done_by.is_some(), "the one who did it stands there");
    assert_eq!(tx.audit_of(task.id.0, 10).await.unwrap().iter().filter(|row| row.action == "task.done").count(), 1);
}

#[tokio::test]
async fn a_caller_is_told_that_the_person_has_answered_meanwhile_and_their_words_are_kept() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.engine.plan().await.unwrap();
    let tx = site.world.begin().await;
    let row = tx.check_ins_of(graduate, 1).await.unwrap()[0].id;
    tx.check_in_went_out(row, ChannelKind::Line, tx.now(), tx.now() + chrono::TimeDelta::days(2)).await.unwrap();
    tx.save().await.unwrap();
    site.world.clock.advance(chrono::TimeDelta::days(2));
    site.world.engine.silence().await.unwrap();
    let call = site.world.begin().await.open_tasks().await.unwrap()[0].clone();
    assert_eq!(call.reason, TaskReason::Silent);
    let mut browser = site.signed_in(Role::Staff).await;
    let page = format!("/tasks/{}/call", call.id);
    assert!(!browser.get(&page).await.body.contains("返事がありました"));
    site.world.says("e1", 1, "元気です").await;
    let told = browser.get(&page).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.body.contains("見本1 花子さんから") && told.body.contains("返事がありました"), "{}", told.body);
    let answer = browser.post(&page, &[("outcome", "spoke"), ("memo", "仕事のあとで話せた")]).await;
    assert_eq!(answer.place(), format!("/inbox/{graduate}?done=answered-meanwhile"));
    let tx = site.world.begin().await;
    assert_eq!(tx.notes_of(graduate, 1).await.unwrap()[0].lanes.observed, "仕事のあとで話せた");
    assert!(tx.cadence(graduate).await.unwrap().unwrap().last_contact_on.is_some());
    assert_eq!(tx.task(call.id).await.unwrap().unwrap().state, TaskState::Dropped, "the answer ended it");
}

#[tokio::test]
async fn a_task_of_a_graduate_is_marked_as_done_unless_it_is_a_call() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let tx = site.world.begin().await;
    let mut ids = Vec::new();
    for (kind, reason) in [(TaskKind::Look, TaskReason::MaybeStop), (TaskKind::Call, TaskReason::AskedForCall)] {
        let new = NewTask::program(kind, reason, kind.to_string(), tx.now());
        ids.push(tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap());
    }
    tx.save().await.unwrap();
    let (look, call) = (ids[0], ids[1]);
    let mut browser = site.signed_in(Role::Staff).await;
    let today = browser.get("/today").await.body;
    assert!(today.contains(&format!("/tasks/{look}/done")), "{today}");
    assert!(!today.contains(&format!("/tasks/{call}/done")));

    let answer = browser.post(&format!("/tasks/{look}/done"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.place().starts_with("/today?done=task-done&undo="), "{}", answer.place());
    let answer = browser.post(&format!("/tasks/{call}/done"), &[]).await;
    assert_eq!(answer.place(), format!("/tasks/{call}/call"), "a call is done by what came of it");
    let open = site.world.begin().await.open_tasks().await.unwrap();
    assert_eq!(open.iter().map(|task| task.id).collect::<Vec<_>>(), [call]);
    assert!(!browser.get("/today").await.body.contains(&format!("/tasks/{look}/done")));
}

#[tokio::test]
async fn one_gets_to_the_reply_without_scrolling_through_months() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let thread = format!("/inbox/{graduate}");
    let mut browser = site.signed_in(Role::Staff).await;
    assert!(!browser.get(&thread).await.body.contains("href=\"#reply\""), "nothing was said yet");
    site.world.says("e1", 1, "相談があります").await;
    let page = browser.get(&thread).await.body;
    let (link, first) = (page.find("href=\"#reply\"").unwrap(), page.find("id=\"messages\"").unwrap());
    assert!(link < first && page.contains("id=\"reply\""), "{page}");
}
