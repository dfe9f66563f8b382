//! Words of crisis over the pages: taken up, handed on, ended with what was done; and new words call for everybody again.

use bansou_core::delivery::ChannelKind;
use bansou_core::staff::Role;
use bansou_core::thread::MessageBody;
use bansou_store::{InboundMessage, TaskState, Tx};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::site::{Browser, Site, day};

/// The id of the message whose words stand in the red card.
async fn seen(browser: &mut Browser<'_>, thread: &str) -> String {
    let page = browser.get(thread).await.body;
    let form = page.split_once("/crisis/close").expect("the form that ends it").1;
    let from = form.split_once("name=\"seen\" value=\"").unwrap().1;
    from.split_once('"').unwrap().0.to_owned()
}

for_each_database! {
    async fn a_crisis_is_taken_up_ended_with_a_word_and_brought_back(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "もう消えたいです").await;
        let (thread, steps) = (format!("/inbox/{graduate}"), format!("/graduates/{graduate}/crisis"));
        let mut browser = site.signed_in(Role::Staff).await;
        assert!(!browser.get(&thread).await.body.contains("対応を終える"), "nobody is on it yet");
        browser.post(&format!("{steps}/take"), &[]).await;
        for page in ["/today".to_owned(), format!("/graduates/{graduate}")] {
            let page = browser.get(&page).await.body;
            assert!(page.contains(&format!("{thread}#crisis-close")) && page.contains("ほかの人に引きつぐ"), "{page}");
        }
        let seen = seen(&mut browser, &thread).await;
        let empty = browser.post(&format!("{steps}/close"), &[("seen", &seen), ("what", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.body.contains("id=\"what-error\""), "{}", empty.body);

        let fields = [("seen", seen.as_str()), ("what", "電話で話し、姉が今そばにいる")];
        let ended = browser.post(&format!("{steps}/close"), &fields).await;
        assert!(ended.place().starts_with(&format!("{thread}?done=crisis-closed&undo=")), "{}", ended.place());
        let tx = site.world.begin().await;
        assert_eq!(tx.notes_of(graduate, 1).await.unwrap()[0].lanes.observed, "電話で話し、姉が今そばにいる");
        let audit = tx.audit_of(graduate.0, 50).await.unwrap();
        assert!(audit.iter().any(|row| row.action == "crisis.close"));
        let calls = async |tx: &Tx| {
            tx.tasks_of(graduate).await.unwrap().iter().filter(|task| task.state == TaskState::Open).count()
        };
        assert_eq!(calls(&tx).await, 0, "the call has been made");
        drop(tx);
        for page in ["/today".to_owned(), thread.clone(), format!("/graduates/{graduate}")] {
            let page = browser.get(&page).await.body;
            assert!(!page.contains("card-crisis") && !page.contains("対応中です"), "{page}");
        }
        let seq = ended.place().rsplit('=').next().unwrap().to_owned();
        let undone = browser.post("/undo", &[("seq", &seq), ("back", &thread)]).await;
        assert_eq!(undone.place(), format!("{thread}?done=undone"));
        assert_eq!(calls(&site.world.begin().await).await, 1, "somebody has to call after all");
        let page = browser.get(&thread).await.body;
        assert!(page.contains("card-crisis") && page.contains("あなたが 10:00 から対応中です"), "{page}");
    }

    async fn new_words_of_crisis_call_for_everybody_again_and_are_the_ones_quoted(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "もう消えたいです").await;
        let (thread, steps) = (format!("/inbox/{graduate}"), format!("/graduates/{graduate}/crisis"));
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("{steps}/take"), &[]).await;
        assert!(!browser.get("/graduates").await.body.contains("crisis-strip"), "somebody is on it");
        let old = seen(&mut browser, &thread).await;
        site.world.clock.advance(TimeDelta::minutes(20));
        site.world.says("e2", 1, "死にたい。薬をたくさん飲んだ").await;

        let mut colleague = site.signed_in(Role::Staff).await;
        assert!(colleague.get("/graduates").await.body.contains("crisis-strip"));
        let page = colleague.get("/today").await.body;
        assert!(page.contains("「死にたい。薬をたくさん飲んだ」") && page.contains("わたしが対応します"), "{page}");
        assert!(!page.contains("「もう消えたいです」"), "the newest words are quoted");
        let mut browser = site.signed_in(Role::Staff).await;
        let fields = [("seen", old.as_str()), ("what", "電話で話した")];
        let late = browser.post(&format!("{steps}/close"), &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "the newer words weren't seen");
        assert!(late.body.contains("電話で話した") && late.body.contains("薬をたくさん飲んだ"), "{}", late.body);

        colleague.post(&format!("{steps}/take"), &[]).await;
        let late = browser.post(&format!("{steps}/close"), &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "also while a colleague is on them");
        assert!(site.world.begin().await.notes_of(graduate, 1).await.unwrap().is_empty());
    }

    async fn words_of_crisis_that_come_late_are_read_before_the_crisis_is_ended(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "もう消えたいです").await;
        let (thread, steps) = (format!("/inbox/{graduate}"), format!("/graduates/{graduate}/crisis"));
        site.world.clock.advance(TimeDelta::minutes(20));
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("{steps}/take"), &[]).await;
        let read = seen(&mut browser, &thread).await;
        // Written before those that were read, and kept back on their way.
        let late = InboundMessage {
            graduate,
            channel: ChannelKind::Sms,
            body: MessageBody { text: "薬をたくさん飲んだ".into(), choices: Vec::new(), attachment: None },
            at: site.world.now() - TimeDelta::minutes(30),
            check_in: None,
            provider_ref: None,
            fetch_from: None,
            needs_reply: true,
            crisis: true,
        };
        let tx = site.world.begin().await;
        tx.add_inbound_message(&late).await.unwrap();
        tx.save().await.unwrap();
        let fields = [("seen", read.as_str()), ("what", "電話で話した")];
        let refused = browser.post(&format!("{steps}/close"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has read them");
        assert!(refused.body.contains("おくれて届きました") && refused.body.contains("「薬をたくさん飲んだ」"), "{}", refused.body);
        let read = seen(&mut browser, &thread).await;
        let ended = browser.post(&format!("{steps}/close"), &[("seen", read.as_str()), ("what", "電話で話した")]).await;
        assert!(ended.place().contains("done=crisis-closed"), "{} {}", ended.status, ended.body);
    }

    async fn a_crisis_is_not_ended_from_a_page_of_the_past(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "きのうは休みました").await;
        site.world.clock.advance(TimeDelta::minutes(20));
        site.world.says("e2", 1, "もう消えたいです").await;
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/graduates/{graduate}/crisis/take"), &[]).await;
        let tx = site.world.begin().await;
        let first = tx.messages_of(graduate, None, 10).await.unwrap().into_iter().map(|message| message.id).min().unwrap();
        drop(tx);
        for way in ["until", "before"] {
            let past = browser.get(&format!("/inbox/{graduate}?{way}={}", first.0)).await.body;
            assert!(past.contains("「もう消えたいです」") && !past.contains("/crisis/close"), "{past}");
            assert!(past.contains(&format!("href=\"/inbox/{graduate}#crisis-close\"")), "the way there is open: {past}");
        }
        assert!(browser.get(&format!("/inbox/{graduate}")).await.body.contains("/crisis/close"));
    }

    async fn a_crisis_is_handed_on(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "もう消えたいです").await;
        let (thread, steps) = (format!("/inbox/{graduate}"), format!("/graduates/{graduate}/crisis"));
        let (mut first, mut second) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        first.post(&format!("{steps}/take"), &[]).await;
        assert!(second.get(&thread).await.body.contains("「対応中」をはずす"));
        let released = first.post(&format!("{steps}/release"), &[]).await;
        assert_eq!(released.place(), format!("{thread}?done=crisis-released"));
        assert!(second.get("/graduates").await.body.contains("crisis-strip"), "it calls for everybody again");
        second.post(&format!("{steps}/take"), &[]).await;
        assert!(second.get(&thread).await.body.contains("あなたが 10:00 から対応中です"));
    }
}

#[tokio::test]
async fn what_was_done_is_kept_when_a_colleague_ended_the_crisis_first() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "もう消えたいです").await;
    let (thread, steps) = (format!("/inbox/{graduate}"), format!("/graduates/{graduate}/crisis"));
    let (mut first, mut second) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
    first.post(&format!("{steps}/take"), &[]).await;
    let seen = seen(&mut first, &thread).await;
    for (browser, what, told) in [(&mut first, "一人目", "crisis-closed"), (&mut second, "二人目", "note-saved")]
    {
        let ended = browser.post(&format!("{steps}/close"), &[("seen", &seen), ("what", what)]).await;
        assert!(ended.place().starts_with(&format!("{thread}?done={told}")), "{}", ended.place());
    }
    assert_eq!(site.world.begin().await.notes_of(graduate, 9).await.unwrap().len(), 2);
}
