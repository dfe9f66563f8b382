//! What was just done can be taken back for a while, by whoever did it, while nobody else has acted since.

use bansou_core::ids::GraduateId;
use bansou_core::sign::SignStep;
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewTask, TaskState};
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::replies::newest;
use super::site::{Answered, Browser, Site, day};

/// Presses the button that the page after an action shows.
async fn undo(browser: &mut Browser<'_>, after: &Answered) -> String {
    let page = browser.get(after.place()).await;
    let field = |name: &str| {
        let from = page.body.split_once(&format!("name=\"{name}\" value=\"")).expect("the page offers to undo").1;
        from.split_once('"').unwrap().0.to_owned()
    };
    let (seq, back) = (field("seq"), field("back"));
    browser.post("/undo", &[("seq", &seq), ("back", &back)]).await.place().to_owned()
}

async fn task(site: &Site, graduate: GraduateId, kind: TaskKind) -> bansou_core::ids::TaskId {
    let tx = site.world.begin().await;
    let new = NewTask::program(kind, TaskReason::FollowUp, kind.to_string(), tx.now());
    let id = tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap();
    tx.save().await.unwrap();
    id
}

for_each_database! {
    async fn a_closed_thread_is_due_again_as_if_nothing_had_happened(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "ありがとうございます").await;
        let due = site.world.begin().await.thread(graduate).await.unwrap().unwrap().reply_due_since;
        site.world.clock.advance(TimeDelta::minutes(3));
        let mut browser = site.signed_in(Role::Staff).await;
        let seen = newest(&site, graduate).await;
        let closed = browser.post(&format!("/inbox/{graduate}/close"), &[("reason", "thanks"), ("seen", &seen)]).await;
        assert_eq!(undo(&mut browser, &closed).await, format!("/inbox/{graduate}?done=undone"));
        let thread = site.world.begin().await.thread(graduate).await.unwrap().unwrap();
        assert_eq!((thread.reply_due_since, thread.closed_reason), (due, None));
        let twice = undo(&mut browser, &closed).await;
        assert_eq!(twice, format!("/inbox/{graduate}?done=undo-changed"), "taken back once is taken back");
    }

    async fn a_row_put_off_a_task_done_and_a_sign_dismissed_come_back(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let look = task(&site, graduate, TaskKind::Look).await;
        let later = browser.post(&format!("/graduates/{graduate}/later"), &[("until", "next_week")]).await;
        assert!(later.place().starts_with("/today?done=put-off&undo="), "{}", later.place());
        assert!(browser.get("/today").await.body.contains("あとでする人"));
        assert_eq!(undo(&mut browser, &later).await, "/today?done=undone");
        assert!(!browser.get("/today").await.body.contains("あとでする人"));

        let done = browser.post(&format!("/tasks/{look}/done"), &[]).await;
        assert_eq!(undo(&mut browser, &done).await, "/today?done=undone");
        let again = site.world.begin().await.task(look).await.unwrap().unwrap();
        assert_eq!((again.state, again.done_at, again.done_by), (TaskState::Open, None, None));

        site.world.says("e1", 1, "最近あまり眠れていません").await;
        let sign = site.world.begin().await.signs_of(graduate).await.unwrap().remove(0).sign.id;
        let dismissed = browser.post(&format!("/signs/{sign}/dismiss"), &[("why", "歌の歌詞")]).await;
        assert_eq!(undo(&mut browser, &dismissed).await, "/signs?show=waiting&done=undone");
        let tx = site.world.begin().await;
        assert_eq!(tx.sign(sign).await.unwrap().unwrap().sign.state.step(), SignStep::Suggested);
        let rows = tx.audit_of(sign.0, 9).await.unwrap();
        assert_eq!(rows[0].action, "sign.dismiss_undone", "both steps stay on record");
        assert_eq!(rows[1].action, "sign.dismiss");
    }

    async fn a_decision_that_took_the_place_of_an_older_one_gives_it_back_with_its_reason(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let (mut browser, mut colleague) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        task(&site, graduate, TaskKind::Look).await;
        let why = [("reason", "their_wish"), ("words", "来週まで待ってほしい")];
        colleague.post(&format!("/graduates/{graduate}/not-today"), &why).await;
        let resting = |page: String| page.split_once("id=\"resting-title\"").expect("a row rests").1.to_owned();
        let before = resting(browser.get("/today").await.body);
        assert!(before.contains("来週まで待ってほしい") && before.contains("見本1 支援"), "{before}");
        let later = browser.post(&format!("/graduates/{graduate}/later"), &[("until", "hour")]).await;
        assert!(!resting(browser.get("/today").await.body).contains("来週まで待ってほしい"));
        assert_eq!(undo(&mut browser, &later).await, "/today?done=undone");
        let line = |page: &str| page.split_once("row-resting").unwrap().1.split_once("</p>").unwrap().0.to_owned();
        assert_eq!(line(&resting(browser.get("/today").await.body)), line(&before), "who, until when, and why");
    }

    async fn nothing_is_taken_back_after_ten_minutes_or_after_somebody_acted(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "ありがとうございます").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let close = format!("/inbox/{graduate}/close");
        let seen = newest(&site, graduate).await;
        let closed = browser.post(&close, &[("reason", "thanks"), ("seen", &seen)]).await;
        site.world.says("e2", 1, "もう一つ聞きたいです").await;
        let refused = undo(&mut browser, &closed).await;
        assert_eq!(refused, format!("/inbox/{graduate}?done=undo-changed"), "their new word came in between");
        assert!(browser.get(&refused).await.body.contains("そのあとに動きがあった"));

        let seen = newest(&site, graduate).await;
        let closed = browser.post(&close, &[("reason", "mistake"), ("seen", &seen)]).await;
        site.world.clock.advance(TimeDelta::minutes(11));
        assert_eq!(undo(&mut browser, &closed).await, format!("/inbox/{graduate}?done=undo-too-late"));

        let look = task(&site, graduate, TaskKind::Look).await;
        let done = browser.post(&format!("/tasks/{look}/done"), &[]).await;
        let seq = done.place().rsplit('=').next().unwrap().to_owned();
        let mut colleague = site.signed_in(Role::Admin).await;
        let theirs = colleague.post("/undo", &[("seq", &seq), ("back", "/today")]).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "one takes back one's own doing only");
        assert_eq!(site.world.begin().await.task(look).await.unwrap().unwrap().state, TaskState::Done);
    }

    async fn two_people_never_make_the_same_call(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let call = task(&site, graduate, TaskKind::Call).await;
        let (mut first, mut second) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        let page = format!("/tasks/{call}/call");
        assert!(first.get("/today").await.body.contains(&format!("/tasks/{call}/start")));
        assert_eq!(first.post(&format!("/tasks/{call}/start"), &[]).await.place(), format!("{page}?done=call-started"));
        assert!(first.get(&page).await.body.contains("あなたが 10:00 から電話中です"));
        for place in ["/today", page.as_str()] {
            let seen = second.get(place).await.body;
            assert!(seen.contains("見本0 支援さんが 10:00 から電話しています"), "{seen}");
        }
        assert_eq!(second.post(&format!("/tasks/{call}/start"), &[]).await.place(), page, "nothing is taken over");
        assert!(first.get(&page).await.body.contains("あなたが 10:00 から電話中です"));

        site.world.clock.advance(TimeDelta::minutes(30));
        let (mut first, mut second) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        let today = second.get("/today").await;
        assert_eq!(today.status, StatusCode::OK);
        assert!(!today.body.contains("電話しています"), "an old mark means nothing");
        second.post(&format!("/tasks/{call}/start"), &[]).await;
        assert!(first.get("/today").await.body.contains("支援さんが 10:30 から電話しています"));
        second.post(&page, &[("outcome", "not_in")]).await;
        let after = site.world.begin().await.task(call).await.unwrap().unwrap();
        assert!(after.caller.is_none(), "what came of it takes the mark away");
    }

    async fn what_staff_make_of_a_suggestion_holds_and_the_suggestion_is_kept(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "最近あまり眠れていません").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let placed = site.world.begin().await.signs_of(graduate).await.unwrap().remove(0);
        let (id, was) = (placed.sign.id, (placed.sign.category, placed.sign.level));
        let confirm = format!("/signs/{id}/confirm");
        let odd = browser.post(&confirm, &[("category", "workload"), ("level", "9")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
        let done =
            browser.post(&confirm, &[("category", "workload"), ("level", "3"), ("why", "残業のせい")]).await;
        assert_eq!(done.place(), format!("/signs?show=open&done=sign-confirmed#sign-{id}"));
        let made = site.world.begin().await.sign(id).await.unwrap().unwrap();
        assert_eq!((made.sign.category.as_str(), u8::from(made.sign.level)), ("workload", 3));
        assert_eq!(made.suggested, Some(was));
        let page = browser.get("/signs?show=open").await.body;
        assert!(page.contains("仕事の量・時間") && page.contains("プログラムの候補は「睡眠"), "{page}");
    }

    async fn a_corrected_note_leaves_the_old_words_readable(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let contact = [("mode", "phone"), ("on", "2026-04-01"), ("at", "09:30")];
        let first = [&contact[..], &[("observed", "遅刻は今週3回")]].concat();
        browser.post(&format!("/graduates/{graduate}/notes"), &first).await;
        let old = site.world.begin().await.notes_of(graduate, 9).await.unwrap().remove(0).id;
        let form = browser.get(&format!("/notes/{old}/edit")).await.body;
        assert!(form.contains("遅刻は今週3回") && form.contains("/correct"), "{form}");
        let mut colleague = site.signed_in(Role::Staff).await;
        let right = [("mode", "none"), ("on", "2026-04-01"), ("at", "09:30"), ("observed", "遅刻は今週2回"), ("why", "slip")];
        let saved = colleague.post(&format!("/notes/{old}/correct"), &right).await;
        assert_eq!(saved.place(), format!("/graduates/{graduate}?done=note-corrected"), "{}", saved.body);

        let tx = site.world.begin().await;
        let notes = tx.notes_of(graduate, 9).await.unwrap();
        let new = notes.iter().find(|note| note.corrects == Some(old)).unwrap().id;
        assert_eq!(tx.cadence(graduate).await.unwrap().unwrap().last_contact_on, None, "it was no contact after all");
        assert_eq!(tx.audit_of(new.0, 9).await.unwrap()[0].action, "note.correct");
        drop(tx);
        let timeline = browser.get(&format!("/graduates/{graduate}")).await.body;
        assert!(timeline.contains("遅刻は今週2回") && !timeline.contains("遅刻は今週3回"));
        let versions = browser.get(&format!("/notes/{new}")).await.body;
        for words in ["遅刻は今週2回", "遅刻は今週3回", "見本0 支援さんが", "直した理由： 書きまちがい"] {
            assert!(versions.contains(words), "{words} in {versions}");
        }
        assert_eq!(versions.matches("支援さんが").count(), 2, "who wrote each: {versions}");
        let late = browser.post(&format!("/notes/{old}/correct"), &first).await;
        assert_eq!(late.status, StatusCode::SEE_OTHER, "the same words again change nothing");
        let other = [&contact[..], &[("observed", "遅刻は今週1回"), ("why", "learned")]].concat();
        let late = browser.post(&format!("/notes/{old}/correct"), &other).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.body.contains("遅刻は今週1回") && late.body.contains("ほかの人がこの記録を直しました"));
    }

    async fn whoever_said_stop_is_written_to_by_no_form(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "配信停止").await;
        let mut browser = site.signed_in(Role::Staff).await;
        for page in [format!("/inbox/{graduate}"), format!("/graduates/{graduate}")] {
            let body = browser.get(&page).await.body;
            assert!(body.contains("見本1 花子さんは 4月1日") && body.contains("に配信停止を希望しました"), "{body}");
            assert!(!body.contains(&format!("/inbox/{graduate}/reply")));
        }
    }
}
