//! Words of ours were said when they left: that is the time at which they stand, and their place among the person's.

use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use chrono::TimeDelta;

use super::replies::newest;
use super::site::{Site, day};

const OURS: &str = "今日15時に電話します";
const THEIRS: &str = "やっぱり大丈夫です";

/// At half past ten in the evening somebody is answered; the words go in the morning. Meanwhile the person has written again.
async fn evening(site: &Site) -> GraduateId {
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.clock.set(moment("2026-04-01T22:20:00+09:00"));
    site.world.says("e1", 1, "相談があります").await;
    site.world.clock.set(moment("2026-04-01T22:30:00+09:00"));
    let mut browser = site.signed_in(Role::Staff).await;
    let seen = newest(site, graduate).await;
    let form = [("channel", "line"), ("seen", seen.as_str()), ("body", OURS)];
    let sent = browser.post(&format!("/inbox/{graduate}/reply"), &form).await;
    assert!(sent.place().contains("done=reply-sent"), "{}", sent.body);
    site.world.clock.set(moment("2026-04-01T23:10:00+09:00"));
    site.world.says("e2", 1, THEIRS).await;
    graduate
}

async fn page(site: &Site, path: &str) -> String {
    site.signed_in(Role::Staff).await.get(path).await.body
}

fn said(page: &str) -> &str {
    page.split_once("id=\"messages\"").expect("what was said").1.split_once("</ol>").unwrap().0
}

for_each_database! {
    async fn words_that_waited_for_the_morning_stand_where_they_left_and_say_when_they_were_written(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = evening(&site).await;
        let thread = format!("/inbox/{graduate}");
        let waiting = page(&site, &thread).await;
        let ours = said(&waiting).split_once(OURS).expect("our words").0;
        assert!(ours.contains(THEIRS), "what is still to go answers nothing that was said before it goes");
        assert!(ours.contains("4月1日（水） 22:30 に書いた言葉"), "{ours}");

        site.world.run_until(moment("2026-04-02T12:00:00+09:00")).await;
        assert!(site.world.inbox.accepted_after(0).iter().any(|message| message.text == OURS));
        let gone = page(&site, &thread).await;
        let ours = said(&gone).split_once(OURS).expect("our words").0;
        assert!(ours.contains(THEIRS), "{ours}");
        assert!(ours.contains(":00 に送信（4月1日（水） 22:30 に書いた言葉）"), "{ours}");
        for (path, told) in [
            (format!("/graduates/{graduate}?show=message"), ":00 に送信"),
            (format!("/graduates/{graduate}/handover"), ":00 に送信（4月1日（水） 22:30 に書いた言葉）"),
        ] {
            let page = page(&site, &path).await;
            let told = page.match_indices(told).any(|(at, _)| page[..at].ends_with("4月2日（木） 9") || page[..at].ends_with("4月2日（木） 10"));
            assert!(told && page.contains(OURS), "{path}: {page}");
        }
        let mut browser = site.signed_in(Role::Staff).await;
        let found = browser.post("/search", &[("words", "15時に電話")]).await.body;
        assert!(found.contains("2026年4月2日（木）"), "{found}");
    }

    async fn words_that_went_at_once_have_one_time(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let seen = newest(&site, graduate).await;
        let form = [("channel", "line"), ("seen", seen.as_str()), ("body", OURS)];
        browser.post(&format!("/inbox/{graduate}/reply"), &form).await;
        site.world.clock.advance(TimeDelta::seconds(15));
        site.world.tick().await;
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(said(&page).contains(OURS) && !said(&page).contains("に送信") && !said(&page).contains("に書いた"), "{page}");
    }
}
