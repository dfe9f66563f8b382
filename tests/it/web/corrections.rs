//! A note is put right: what becomes of the summary that waits in the old words (S2.14), and of two colleagues who put right the same note.

use bansou_core::ids::{GraduateId, NoteId};
use bansou_core::staff::Role;
use bansou_core::task::TaskReason;
use bansou_store::{Delivery, Note, NoteState, Task};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::notes::{called, field, notes, open_tasks, text_area};
use super::site::{Browser, Site, day};

const RIGHT: &[(&str, &str)] = &[("mode", "phone"), ("on", "2026-04-01"), ("at", "10:00"), ("why", "person_said")];
const TAKE_BACK: (&str, &str) = ("summary", "take-back");

/// The first sentence of a note goes to the person in writing.
async fn sum_up(browser: &mut Browser<'_>, note: NoteId) {
    let path = format!("/notes/{note}/summary");
    let page = browser.post(&path, &[("pick_0", "yes")]).await.body;
    let (body, seen) = (text_area(&page, "body"), field(&page, "seen"));
    let form = [("body", body.as_str()), ("seen", seen.as_str()), ("channel", "line")];
    let sent = browser.post(&format!("{path}/send"), &form).await;
    assert_eq!(sent.place(), "/today?done=summary-sent", "{}", sent.body);
}

async fn waiting(site: &Site, graduate: GraduateId) -> Vec<Delivery> {
    site.world.begin().await.waiting_replies(graduate).await.unwrap()
}

async fn holds(site: &Site, graduate: GraduateId) -> Note {
    notes(site, graduate).await.into_iter().find(|note| note.state == NoteState::Saved).unwrap()
}

async fn reminders(site: &Site, graduate: GraduateId) -> Vec<Task> {
    let mut tasks = open_tasks(site, graduate).await;
    tasks.retain(|task| task.reason == TaskReason::SummaryLeft);
    tasks
}

/// Puts a note right with these words of the person.
async fn put_right(browser: &mut Browser<'_>, note: NoteId, said: &str, more: &[(&str, &str)]) -> (StatusCode, String) {
    let form = [RIGHT, &[("said", said)], more].concat();
    let answer = browser.post(&format!("/notes/{note}/correct"), &form).await;
    let is_see = answer.status == StatusCode::SEE_OTHER;
    (answer.status, if is_see { answer.place().to_owned() } else { answer.body })
}

for_each_database! {
    async fn whoever_puts_a_note_right_decides_about_its_summary_that_waits_s2_14(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        let page = browser.get(&format!("/notes/{note}/edit")).await.body;
        assert!(!page.contains("name=\"summary\""), "no summary, no question about one");
        sum_up(&mut browser, note).await;
        let page = browser.get(&format!("/notes/{note}/edit")).await.body;
        assert!(page.contains("この記録のまとめが、送信待ちです") && page.contains("順番をよく忘れる"), "{page}");

        let (status, undecided) = put_right(&mut browser, note, "家のことでなやむ。", &[]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(undecided.contains("id=\"summary-error\"") && undecided.contains("家のことでなやむ。"), "{undecided}");
        let (_, place) = put_right(&mut browser, note, "家のことでなやむ。", &[("summary", "leave")]).await;
        assert_eq!(place, format!("/inbox/{graduate}?done=note-summary-waits#waiting"));
        assert!(browser.get(&place).await.body.contains("まだ送信待ちです"));
        assert_eq!(waiting(&site, graduate).await.len(), 1);

        let note = holds(&site, graduate).await.id;
        let (_, place) = put_right(&mut browser, note, "弟のことでなやむ。", &[TAKE_BACK]).await;
        let right = holds(&site, graduate).await;
        assert_eq!(place, format!("/notes/{}/summary?done=note-summary-back", right.id));
        assert_eq!((right.lanes.said.as_str(), right.summary), ("弟のことでなやむ。", None));
        let page = browser.get(&place).await.body;
        assert!(page.contains("本人には送っていません") && page.contains("弟のことでなやむ"), "{page}");
        site.world.clock.advance(TimeDelta::seconds(11));
        site.world.tick().await;
        let sent = || site.world.inbox.accepted_after(0).into_iter().map(|message| message.text).collect::<String>();
        assert!(waiting(&site, graduate).await.is_empty() && !sent().contains("順番をよく忘れる"), "{}", sent());

        // Nothing but the summary is put right.
        sum_up(&mut browser, right.id).await;
        let (_, place) = put_right(&mut browser, right.id, "弟のことでなやむ。", &[TAKE_BACK]).await;
        assert_eq!(place, format!("/graduates/{graduate}?done=summary-taken-back"));
        assert_eq!((waiting(&site, graduate).await.len(), holds(&site, graduate).await.id), (0, right.id));

        // It left while the form stood open.
        sum_up(&mut browser, right.id).await;
        site.world.clock.advance(TimeDelta::seconds(11));
        site.world.tick().await;
        assert!(sent().contains("弟のことでなやむ"), "{}", sent());
        let (_, place) = put_right(&mut browser, right.id, "妹のことでなやむ。", &[TAKE_BACK]).await;
        assert_eq!(place, format!("/inbox/{graduate}?done=note-summary-gone"));
        let right = holds(&site, graduate).await;
        assert!(right.lanes.said == "妹のことでなやむ。" && right.summary.is_some(), "it was put right and is in writing");
        // What is out is nothing to decide about.
        let (_, place) = put_right(&mut browser, right.id, "姉のことでなやむ。", &[]).await;
        assert_eq!(place, format!("/graduates/{graduate}?done=note-corrected"));
    }

    async fn a_summary_that_is_taken_back_after_a_correction_went_to_nobody_and_is_reminded_of_again(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = called(&site, &mut browser, graduate).await;
        browser.post(&format!("/notes/{note}/summary/later"), &[]).await;
        let due_at = reminders(&site, graduate).await[0].due_at;
        sum_up(&mut browser, note).await;
        put_right(&mut browser, note, "家のことでなやむ。", &[("summary", "leave")]).await;
        for round in 0..2 {
            assert!(reminders(&site, graduate).await.is_empty(), "{round}");
            let waits = waiting(&site, graduate).await.remove(0).id;
            browser.post(&format!("/inbox/{graduate}/waiting/{waits}"), &[("what", "take-back")]).await;
            let holds = holds(&site, graduate).await.id;
            assert!(notes(&site, graduate).await.iter().all(|note| note.summary.is_none()), "{round}");
            let page = browser.get(&format!("/graduates/{graduate}")).await.body;
            assert!(!page.contains("本人に、文で送りました") && page.contains("話したことを本人に文で送る"), "{page}");
            let page = browser.get(&format!("/notes/{holds}/summary")).await.body;
            assert!(!page.contains("この記録のまとめは、もう送りました"), "{page}");
            let left = reminders(&site, graduate).await;
            let left: Vec<_> = left.iter().map(|task| (task.note, task.due_at)).collect();
            assert_eq!(left, [(Some(holds), due_at)], "{round}");
            sum_up(&mut browser, holds).await;
        }
    }
}

#[tokio::test]
async fn a_day_for_setting_the_date_is_nowhere_called_a_deadline_s2_7() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let step = [("said", "朝がつらい"), ("next", "主治医に相談"), ("next_on", "2026-04-03")];
    let form = [RIGHT, &step, &[("next_sets_date", "yes")]].concat();
    browser.post(&format!("/graduates/{graduate}/notes"), &form).await;
    let note = holds(&site, graduate).await.id;
    let new = format!("/graduates/{graduate}/notes/new");
    for path in [format!("/notes/{note}"), new, format!("/notes/{note}/summary"), format!("/graduates/{graduate}")] {
        let page = browser.get(&path).await.body;
        assert!(page.contains("4月3日（金）に、いつまでにするかを決めます"), "{path}: {page}");
        assert!(!page.contains("4月3日（金）までに"), "{path}: {page}");
    }
}

#[tokio::test]
async fn whoever_puts_right_what_a_colleague_put_right_meanwhile_goes_on_with_the_note_that_holds() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    browser.post(&format!("/graduates/{graduate}/notes"), &[RIGHT, &[("said", "朝がつらい")]].concat()).await;
    let old = holds(&site, graduate).await.id;
    let mut colleague = site.signed_in(Role::Staff).await;
    put_right(&mut colleague, old, "夜がつらい", &[]).await;
    let new = holds(&site, graduate).await.id;

    let (status, page) = put_right(&mut browser, old, "昼がつらい", &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(text_area(&page, "said"), "昼がつらい");
    assert!(
        page.contains(&format!("action=\"/notes/{new}/correct\"")),
        "the form is that of the note that holds: {page}"
    );
    assert!(
        page.contains(&format!("href=\"/notes/{new}\"")) && page.contains("夜がつらい"),
        "it stands beside: {page}"
    );

    let edit = browser.get(&format!("/notes/{old}/edit")).await;
    assert_eq!((edit.status, edit.place()), (StatusCode::SEE_OTHER, format!("/notes/{new}/edit").as_str()));
    let (_, place) = put_right(&mut browser, new, "昼がつらい", &[]).await;
    assert_eq!(place, format!("/graduates/{graduate}?done=note-corrected"));
    let newest = holds(&site, graduate).await.id;
    for replaced in [old, new] {
        let page = browser.get(&format!("/notes/{replaced}")).await.body;
        assert!(page.contains(&format!("href=\"/notes/{newest}\"")), "it names the one that holds: {page}");
        assert!(!page.contains("/edit\""), "{page}");
    }
    assert!(!browser.get(&format!("/notes/{newest}")).await.body.contains("この記録は、あとで直されました"));
}
