//! Notes in twenty seconds (S2.6), next steps with a day (S2.7), words copied from a message, a call put in writing (S2.14), handing over.

use bansou_core::delivery::ChannelKind;
use bansou_core::ids::{GraduateId, NoteId, TaskId};
use bansou_core::note::{ContactMode, NextDay};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::thread::{MessageBody, Turn};
use bansou_store::{NewTask, Note, OutboundMessage, Task, TaskState};
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::replies::newest;
use super::site::{Browser, Site, day};

const PHONE: &[(&str, &str)] = &[("mode", "phone"), ("on", "2026-04-01"), ("at", "09:30")];
/// Words in every lane; each is to be found nowhere but where it may be.
const LANES: &[(&str, &str)] = &[
    ("said", "順番をよく忘れる。CANARY-S2 家のことでなやむ。"),
    ("observed", "CANARY-O 遅刻は今週2回"),
    ("interpretation", "CANARY-A 疲れているのかもしれない"),
    ("done", "CANARY-I 手順書の例を話した"),
    ("next", "会社への頼み方を考える。"),
    ("next_when", "week"),
];

async fn call(site: &Site, graduate: GraduateId) -> TaskId {
    let tx = site.world.begin().await;
    let new = NewTask::program(TaskKind::Call, TaskReason::AskedForCall, format!("call:{graduate}"), tx.now());
    let id = tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap();
    tx.save().await.unwrap();
    id
}

pub(super) async fn notes(site: &Site, graduate: GraduateId) -> Vec<Note> {
    site.world.begin().await.notes_of(graduate, 9).await.unwrap()
}

pub(super) async fn open_tasks(site: &Site, graduate: GraduateId) -> Vec<Task> {
    let tasks = site.world.begin().await.tasks_of(graduate).await.unwrap();
    tasks.into_iter().filter(|task| task.state == TaskState::Open && task.kind != TaskKind::Call).collect()
}

async fn turn(site: &Site, graduate: GraduateId) -> Turn {
    site.world.begin().await.thread(graduate).await.unwrap().unwrap().facts(false).turn()
}

async fn is_due(site: &Site, graduate: GraduateId) -> bool {
    site.world.begin().await.thread(graduate).await.unwrap().unwrap().reply_due_since.is_some()
}

/// A call that was made and written down, in every lane.
pub(super) async fn called(site: &Site, browser: &mut Browser<'_>, graduate: GraduateId) -> NoteId {
    let task = call(site, graduate).await;
    let said = browser.post(&format!("/tasks/{task}/call"), &[&[("outcome", "spoke")], LANES].concat()).await;
    let note = notes(site, graduate).await[0].id;
    assert!(said.place().starts_with(&format!("/notes/{note}/summary?done=note-saved&undo=")), "{}", said.body);
    note
}

/// Everything that reached anybody, and everything that waits to go.
async fn everything_sent(site: &Site, graduate: GraduateId) -> String {
    site.world.tick().await;
    let tx = site.world.begin().await;
    let rows = tx.deliveries_of(graduate, 99).await.unwrap().into_iter().map(|row| row.payload.text);
    let sent = site.world.inbox.accepted_after(0).into_iter().map(|message| message.text);
    rows.chain(sent).collect::<Vec<_>>().join("\n")
}

pub(super) fn field(page: &str, name: &str) -> String {
    let at = page.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the field is there");
    at.split('"').next().unwrap().to_owned()
}

pub(super) fn text_area(page: &str, name: &str) -> String {
    let at = page.split(&format!("name=\"{name}\"")).nth(1).expect("the box is there");
    at.split_once(">\n").unwrap().1.split("</textarea>").next().unwrap().to_owned()
}

for_each_database! {
    async fn pressed_facts_are_written_down_with_their_day_and_are_enough_for_a_note(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let page = browser.get(&format!("/graduates/{graduate}/notes/new?mode=video")).await.body;
        assert!(page.contains("<option value=\"video\" selected>") && page.contains("本人には見えません"), "{page}");
        assert!(page.contains("name=\"on\" value=\"2026-04-01\"") && page.contains("name=\"at\" value=\"10:00\""));
        let (said, observed) = (page.find("id=\"said\"").unwrap(), page.find("id=\"observed\"").unwrap());
        let behind = page[observed..].find("<details class=\"lane-more\"").unwrap();
        assert!(said < observed && behind > 0, "the two of which one is enough stand first and open");
        let facts = [("fact_slept", "yes"), ("fact_at-work", "yes"), ("minutes", "5")];
        let saved = browser.post(&format!("/graduates/{graduate}/notes"), &[PHONE, &facts].concat()).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let note = notes(&site, graduate).await.remove(0);
        assert_eq!(note.lanes.observed, "4月1日（水）：出勤できている、眠れている");
        assert_eq!((note.mode, note.minutes, note.next), (ContactMode::Phone, Some(5), None));
        let next = browser.get(&format!("/graduates/{graduate}/notes/new")).await.body;
        assert!(next.contains("前回の記録") && next.contains("4月1日（水）：出勤できている"), "the last note stands beside");
    }

    async fn a_next_step_is_asked_for_its_day_and_comes_back_on_it_s2_7(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/graduates/{graduate}/notes");
        let step = [PHONE, &[("said", "朝がつらい"), ("next", "主治医に相談")]].concat();
        let asked = browser.post(&path, &step).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.body.contains("いつまでにしますか") && asked.body.contains("主治医に相談"), "{}", asked.body);
        let bare = browser.post(&path, &[PHONE, &[("said", "朝がつらい"), ("next_when", "week")]].concat()).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "a day without a step");
        browser.post(&path, &[&step[..], &[("next_when", "week")]].concat()).await;
        let task = open_tasks(&site, graduate).await.remove(0);
        let note = notes(&site, graduate).await.remove(0);
        assert_eq!((task.reason, task.note), (TaskReason::NextStep, Some(note.id)));
        assert_eq!(note.next, Some(NextDay { on: day("2026-04-08"), sets_date: false }));
        assert_eq!(task.due_at, moment("2026-04-08T09:00:00+09:00"));

        // Put right: a day for setting the day takes its place.
        let fields = [("next_on", "2026-04-03"), ("next_sets_date", "yes"), ("why", "learned")];
        let right = browser.post(&format!("/notes/{}/correct", note.id), &[&step[..], &fields].concat()).await;
        assert_eq!(right.place(), format!("/graduates/{graduate}?done=note-corrected"), "{}", right.body);
        let tasks = open_tasks(&site, graduate).await;
        assert_eq!(tasks.len(), 1);
        assert_eq!((tasks[0].reason, tasks[0].due_at), (TaskReason::SetDate, moment("2026-04-03T09:00:00+09:00")));
        let page = browser.get(&format!("/graduates/{graduate}")).await.body;
        assert!(page.contains("4月3日（金）に、いつまでにするかを決めます"), "{page}");
    }

    async fn selected_words_of_a_message_start_a_note_that_keeps_where_they_come_from(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "おはようございます。最近眠れません。仕事は行けています。").await;
        let message = site.world.begin().await.messages_of(graduate, None, 9).await.unwrap();
        let message = message.iter().find(|message| message.author == bansou_core::thread::Author::Graduate).unwrap().id;
        let mut browser = site.signed_in(Role::Staff).await;
        let thread = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(thread.contains(&format!("/notes/new?message={message}")), "without a script all of it is copied");
        let page = browser.get(&format!("/graduates/{graduate}/notes/new?message={message}&from=10&to=17")).await.body;
        assert_eq!(text_area(&page, "said"), "「最近眠れません」（4月1日（水） 10:00・LINE）");
        assert!(page.contains("<option value=\"line\" selected>"));
        let form = [("said", "「最近眠れません」（4月1日（水） 10:00・LINE）"), ("quoted", "最近眠れません")];
        let id = message.to_string();
        let from = [("message", id.as_str()), ("sign_category", "confidence"), ("sign_level", "2")];
        let when = [("mode", "line"), ("on", "2026-04-01"), ("at", "10:00")];
        let saved = browser.post(&format!("/graduates/{graduate}/notes"), &[&form[..], &from, &when].concat()).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let note = notes(&site, graduate).await.remove(0);
        assert_eq!(note.message, Some(message));
        let signs = site.world.begin().await.signs_of(graduate).await.unwrap();
        let own = signs.iter().find(|sign| sign.sign.state.step().as_str() == "confirmed").unwrap();
        assert_eq!(own.sign.quote, "最近眠れません", "the sign has the person's words and nothing around them");
        // Another person's message is nobody's.
        let other = site.world.graduate(2, day("2026-03-30")).await;
        let page = browser.get(&format!("/graduates/{other}/notes/new?message={message}&from=0&to=9")).await.body;
        assert!(!page.contains("おはよう") && text_area(&page, "said").is_empty());
    }

    async fn no_word_of_a_note_reaches_anybody_that_was_not_chosen_and_shown_s2_14(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        let path = format!("/notes/{note}/summary");
        let page = browser.get(&path).await.body;
        assert!(!page.contains("CANARY-A"), "a thought can't even be chosen");
        assert!(page.contains("CANARY-O") && !page.contains("checked"), "nothing is chosen beforehand");
        let nothing = browser.post(&path, &[("agreed", " ")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);

        // Said, said, seen, done, next: the first and the last are chosen.
        let picks = [("pick_0", "yes"), ("pick_4", "yes"), ("who_4", "together"), ("agreed", "来週、電話で話す")];
        let page = browser.post(&path, &picks).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let body = text_area(&page.body, "body");
        for chosen in ["「順番をよく忘れる」", "来週、電話で話す", "いっしょに：会社への頼み方を考える — 4月8日（水曜日）まで"] {
            assert!(body.contains(chosen), "{chosen} in {body}");
        }
        assert!(!page.body.contains("CANARY"), "{}", page.body);
        assert!(!everything_sent(&site, graduate).await.contains("順番"), "nothing goes by making a draft");
        let seen = field(&page.body, "seen");
        let looked = browser.post(&format!("{path}/look"), &[("body", &body), ("seen", &seen)]).await;
        assert_eq!((looked.status, text_area(&looked.body, "body")), (StatusCode::OK, body.clone()));

        let form = [("body", body.as_str()), ("seen", seen.as_str()), ("channel", "line")];
        let sent = browser.post(&format!("{path}/send"), &form).await;
        assert_eq!(sent.place(), "/today?done=summary-sent", "{}", sent.body);
        let went = everything_sent(&site, graduate).await;
        assert!(went.contains("順番をよく忘れる") && !went.contains("CANARY"), "{went}");
        assert!(notes(&site, graduate).await[0].summary.is_some());
        let page = browser.get(&format!("/graduates/{graduate}")).await.body;
        assert!(page.contains("本人に、文で送りました"), "{page}");
    }

    async fn a_summary_is_left_for_later_once_and_sending_it_ends_the_reminder(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        let path = format!("/notes/{note}/summary");
        for _ in 0..2 {
            assert_eq!(browser.post(&format!("{path}/later"), &[]).await.place(), "/today?done=summary-left");
        }
        let left = |tasks: Vec<Task>| tasks.into_iter().filter(|task| task.reason == TaskReason::SummaryLeft).count();
        assert_eq!(left(open_tasks(&site, graduate).await), 1);
        let handover = browser.get(&format!("/graduates/{graduate}/handover")).await.body;
        assert!(handover.contains(&path), "the reminder leads to it: {handover}");
        let page = browser.post(&path, &[("pick_0", "yes")]).await.body;
        let (body, seen) = (text_area(&page, "body"), field(&page, "seen"));
        browser.post(&format!("{path}/send"), &[("body", &body), ("seen", &seen), ("channel", "line")]).await;
        assert_eq!(left(open_tasks(&site, graduate).await), 0);
    }

    async fn a_summary_that_is_taken_back_before_it_leaves_can_be_written_again(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        let path = format!("/notes/{note}/summary");
        let page = browser.post(&path, &[("pick_0", "yes")]).await.body;
        let (body, seen) = (text_area(&page, "body"), field(&page, "seen"));
        browser.post(&format!("{path}/send"), &[("body", &body), ("seen", &seen), ("channel", "line")]).await;
        assert!(notes(&site, graduate).await.iter().any(|note| note.summary.is_some()), "it is on its way");
        let waits = site.world.begin().await.waiting_replies(graduate).await.unwrap()[0].id;
        let back = browser.post(&format!("/inbox/{graduate}/waiting/{waits}"), &[("what", "take-back")]).await;
        assert!(back.place().contains("done=reply-taken-back"), "{} {}", back.status, back.place());
        assert!(notes(&site, graduate).await.iter().all(|note| note.summary.is_none()));
        assert!(browser.get(&path).await.body.contains("name=\"pick_0\""), "it can be chosen and sent again");
        site.world.tick().await;
        assert!(site.world.inbox.accepted_after(0).iter().all(|message| message.text != body), "nothing went");
    }

    async fn of_a_note_that_was_put_right_meanwhile_nothing_goes_and_the_words_stay_with_the_one_that_holds(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        let path = format!("/notes/{note}/summary");
        let page = browser.post(&path, &[("pick_0", "yes")]).await.body;
        let (body, seen) = (text_area(&page, "body"), field(&page, "seen"));
        let right = [("mode", "phone"), ("on", "2026-04-01"), ("at", "10:00"), ("said", "別の話"), ("why", "slip")];
        browser.post(&format!("/notes/{note}/correct"), &right).await;
        let holds = notes(&site, graduate).await.into_iter().find(|note| note.corrects.is_some()).unwrap().id;
        let picked = browser.post(&path, &[("pick_0", "yes"), ("agreed", "木曜に会う")]).await.body;
        assert!(picked.contains("この記録が直されました") && picked.contains("別の話"), "{picked}");
        assert!(text_area(&picked, "agreed") == "木曜に会う" && !picked.contains(" checked"), "{picked}");
        let form = [("body", body.as_str()), ("seen", seen.as_str()), ("channel", "line")];
        for step in ["look", "send"] {
            let refused = browser.post(&format!("{path}/{step}"), &form).await;
            assert_eq!((refused.status, text_area(&refused.body, "body")), (StatusCode::UNPROCESSABLE_ENTITY, body.clone()));
            assert!(refused.body.contains(&format!("action=\"/notes/{holds}/summary/send\"")), "{}", refused.body);
            assert!(refused.body.contains("この記録が直されました"), "{step}: {}", refused.body);
        }
        assert!(!everything_sent(&site, graduate).await.contains("順番"));
    }

    async fn a_summary_answers_nothing_that_came_in_after_the_talk(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        site.world.clock.advance(TimeDelta::minutes(40));
        site.world.says("e1", 1, "明日は行けません").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/notes/{note}/summary");
        let page = browser.post(&path, &[("pick_0", "yes")]).await.body;
        let (body, seen) = (text_area(&page, "body"), field(&page, "seen"));
        let sent = browser.post(&format!("{path}/send"), &[("body", &body), ("seen", &seen), ("channel", "line")]).await;
        assert_eq!(sent.place(), "/today?done=summary-sent", "{}", sent.body);
        assert!(is_due(&site, graduate).await, "their words still wait for an answer");
    }

    async fn words_that_came_in_while_somebody_spoke_with_the_person_still_wait(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "電話をください").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let task = call(&site, graduate).await;
        browser.post(&format!("/tasks/{task}/start"), &[]).await;
        site.world.clock.advance(TimeDelta::minutes(10));
        site.world.says("e2", 1, "さっき言えなかったのですが").await;
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/tasks/{task}/call"), &[&[("outcome", "spoke")], LANES].concat()).await;
        assert!(is_due(&site, graduate).await);
    }

    async fn a_talk_that_was_with_somebody_else_leaves_the_answer_due_and_the_promise_open(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "仕事のことで相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let seen = newest(&site, graduate).await;
        let held = [("at", "2026-04-01T06:00:00+00:00"), ("channel", "line"), ("seen", &seen)];
        browser.post(&format!("/inbox/{graduate}/hold"), &held).await;
        let promises = async || site.world.begin().await.commitments_open().await.unwrap().len();
        let before = turn(&site, graduate).await;
        let path = format!("/graduates/{graduate}/notes");
        let wrong = [("mode", "phone"), ("on", "2026-04-01"), ("at", "10:00"), ("said", "別の人の話")];

        // Taken back at once.
        let saved = browser.post(&path, &wrong).await;
        assert_eq!((is_due(&site, graduate).await, promises().await), (false, 0));
        let seq = saved.place().split_once("undo=").expect("it can be taken back").1.to_owned();
        browser.post("/undo", &[("seq", &seq), ("back", "/today")]).await;
        assert_eq!((turn(&site, graduate).await, promises().await), (before, 1));

        // Or put right, at the second time: it wasn't a talk.
        browser.post(&path, &wrong).await;
        let note = notes(&site, graduate).await[0].id;
        let typo = [&wrong[..3], &[("said", "別の人の話だった"), ("why", "slip")]].concat();
        browser.post(&format!("/notes/{note}/correct"), &typo).await;
        assert_eq!((is_due(&site, graduate).await, promises().await), (false, 0), "it is a talk yet");
        let note = notes(&site, graduate).await.into_iter().find(|note| note.corrects.is_some()).unwrap().id;
        // What was sent meanwhile and answers nothing doesn't make it an answer.
        site.world.clock.advance(TimeDelta::minutes(1));
        let tx = site.world.begin().await;
        let body = MessageBody { text: "話したことのまとめです".into(), choices: Vec::new(), attachment: None };
        let summary = OutboundMessage { graduate, channel: ChannelKind::Line, body, check_in: None };
        tx.add_staff_notice(site.world.staff, &summary).await.unwrap();
        tx.save().await.unwrap();
        let right = [("mode", "none"), ("on", "2026-04-01"), ("at", "10:00"), ("said", "別の人の話"), ("why", "slip")];
        let put_right = browser.post(&format!("/notes/{note}/correct"), &right).await;
        assert!(put_right.place().contains("done=note-corrected"), "{}", put_right.body);
        assert_eq!((turn(&site, graduate).await, promises().await), (before, 1));
    }

    async fn whoever_said_stop_gets_no_summary(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        let path = format!("/notes/{note}/summary");
        let page = browser.post(&path, &[("pick_0", "yes")]).await.body;
        let seen = field(&page, "seen");
        site.world.says("e1", 1, "配信停止").await;
        let page = browser.get(&path).await.body;
        assert!(page.contains("配信停止を希望しました") && !page.contains("name=\"pick_0\""), "{page}");
        let form = [("body", "まとめです"), ("seen", seen.as_str()), ("channel", "line")];
        let refused = browser.post(&format!("{path}/send"), &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("まとめです"), "what was written can be copied");
        assert!(!everything_sent(&site, graduate).await.contains("まとめです"));
    }

    async fn a_fresh_note_is_taken_back_with_what_it_led_to(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/graduates/{graduate}/notes");
        let wrong = [("mode", "in_person"), ("on", "2026-04-01"), ("at", "09:30"), ("said", "別の人の話"), ("next", "聞く")];
        let saved = browser.post(&path, &[&wrong[..], &[("next_when", "today")]].concat()).await;
        let place = saved.place().to_owned();
        let seq = place.split_once("undo=").expect("it can be taken back").1.to_owned();
        assert!(browser.get(&place).await.body.contains("元にもどす"));
        let mut other = site.signed_in(Role::Staff).await;
        let back = format!("/graduates/{graduate}");
        assert_eq!(other.post("/undo", &[("seq", &seq), ("back", &back)]).await.status, StatusCode::NOT_FOUND);
        let undone = browser.post("/undo", &[("seq", &seq), ("back", &back)]).await;
        assert_eq!(undone.place(), format!("{back}?done=undone"));
        assert!(notes(&site, graduate).await.is_empty() && open_tasks(&site, graduate).await.is_empty());
        let tx = site.world.begin().await;
        assert_eq!(tx.cadence(graduate).await.unwrap().unwrap().last_contact_on, None);
        drop(tx);
        assert!(!browser.get(&back).await.body.contains("別の人の話"));
        // A note that was put right meanwhile stays.
        let saved = browser.post(&path, &wrong[..4]).await;
        let seq = saved.place().split_once("undo=").unwrap().1.to_owned();
        let note = notes(&site, graduate).await[0].id;
        let right = [&wrong[..3], &[("said", "この人の話"), ("why", "slip")]].concat();
        browser.post(&format!("/notes/{note}/correct"), &right).await;
        let late = browser.post("/undo", &[("seq", &seq), ("back", &back)]).await;
        assert_eq!(late.place(), format!("{back}?done=undo-changed"));
        assert!(browser.get(&back).await.body.contains("この人の話"));
    }
}

#[tokio::test]
async fn a_note_whose_next_day_has_passed_is_put_right_and_keeps_that_day() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let step = [("next", "主治医に相談"), ("next_on", "2026-04-02")];
    let path = format!("/graduates/{graduate}/notes");
    browser.post(&path, &[PHONE, &[("said", "朝がつらい")], &step].concat()).await;
    let note = notes(&site, graduate).await.remove(0);
    site.world.clock.advance(TimeDelta::days(5));
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/notes/{}/correct", note.id);
    let words = [PHONE, &[("said", "夜がつらい"), ("why", "slip")]].concat();
    let other = browser.post(&path, &[&words[..], &[step[0], ("next_on", "2026-04-03")]].concat()).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "no new day that has passed");
    let right = browser.post(&path, &[&words[..], &step].concat()).await;
    assert_eq!(right.place(), format!("/graduates/{graduate}?done=note-corrected"), "{}", right.body);
    let holds = notes(&site, graduate).await.into_iter().find(|one| one.corrects == Some(note.id)).unwrap();
    assert_eq!((holds.lanes.said.as_str(), holds.next), ("夜がつらい", note.next));
    let tasks = open_tasks(&site, graduate).await;
    assert_eq!(tasks.len(), 1, "what was to be done still is");
}

#[tokio::test]
async fn after_ten_minutes_a_note_is_put_right_and_not_taken_back() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let note = [("mode", "in_person"), ("on", "2026-04-01"), ("at", "09:30"), ("said", "朝がつらい")];
    let saved = browser.post(&format!("/graduates/{graduate}/notes"), &note).await;
    let seq = saved.place().split_once("undo=").unwrap().1.to_owned();
    site.world.clock.advance(TimeDelta::minutes(11));
    let late = browser.post("/undo", &[("seq", &seq), ("back", "/today")]).await;
    assert_eq!(late.place(), "/today?done=undo-too-late");
    let id = notes(&site, graduate).await[0].id;
    let unsaid = browser.post(&format!("/notes/{id}/correct"), &[&note[..3], &[("said", "夜がつらい")]].concat()).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "why has to be said");
    assert!(unsaid.body.contains("id=\"why-error\"") && unsaid.body.contains("夜がつらい"), "{}", unsaid.body);
}

#[tokio::test]
async fn after_a_call_the_outcome_comes_first_and_what_was_done_is_kept_whatever_it_was() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let task = call(&site, graduate).await;
    let path = format!("/tasks/{task}/call");
    let page = browser.get(&path).await.body;
    assert!(page.find("name=\"outcome\"").unwrap() < page.find("name=\"said\"").unwrap(), "the outcome comes first");
    // 30 April is a day; 22:00 is outside the hours at which this person may be called.
    let night =
        [("outcome", "later"), ("later_on", "2026-04-02"), ("later_at", "22:00"), ("done", "留守番電話に残した")];
    let refused = browser.post(&path, &night).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("電話してよい時間の外") && refused.body.contains("留守番電話に残した"),
        "{}",
        refused.body
    );
    let noon =
        [("outcome", "later"), ("later_on", "2026-04-02"), ("later_at", "12:00"), ("done", "留守番電話に残した")];
    let saved = browser.post(&path, &noon).await;
    assert!(saved.place().starts_with("/today?done=note-saved"), "{}", saved.body);
    let note = notes(&site, graduate).await.remove(0);
    assert_eq!((note.mode, note.lanes.done.as_str()), (ContactMode::None, "留守番電話に残した"));
    assert_eq!(note.lanes.observed, "電話：あとで", "what came of it stands for what was seen");
    let again = site.world.begin().await.task(task).await.unwrap().unwrap();
    assert_eq!(again.due_at, moment("2026-04-02T12:00:00+09:00"));
}

#[tokio::test]
async fn a_stand_in_reads_on_one_page_who_this_is_and_what_is_open() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    called(&site, &mut browser, graduate).await;
    site.world.says("e1", 1, "最近あまり眠れていません").await;
    let mut stand_in = site.signed_in(Role::Staff).await;
    let page = stand_in.get(&format!("/graduates/{graduate}/handover")).await.body;
    for words in
        ["会社への頼み方を考える", "4月8日（水）", "順番をよく忘れる", "最近あまり眠れていません", "本人には見えません"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    let tx = site.world.begin().await;
    let reads = tx.audit_of(graduate.0, 99).await.unwrap();
    assert!(reads.iter().any(|row| row.action == "graduate.read"), "reading it is a look at the person");
}

#[tokio::test]
async fn calling_somebody_and_putting_their_note_right_are_looks_at_the_person() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let people = [site.world.graduate(1, day("2026-03-30")).await, site.world.graduate(2, day("2026-03-30")).await];
    let mut browser = site.signed_in(Role::Staff).await;
    let task = call(&site, people[0]).await;
    let note = called(&site, &mut browser, people[1]).await;
    for (graduate, page) in people.into_iter().zip([format!("/tasks/{task}/call"), format!("/notes/{note}/edit")]) {
        let reads = async || {
            let rows = site.world.begin().await.audit_of(graduate.0, 99).await.unwrap();
            rows.iter().filter(|row| row.action == "graduate.read").count()
        };
        assert_eq!(reads().await, 0, "{page}");
        assert_eq!(browser.get(&page).await.status, StatusCode::OK);
        assert_eq!(reads().await, 1, "{page}");
    }
}
