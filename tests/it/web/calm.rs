//! After a heated exchange an answer waits longer, and says so; it can be taken back or sent at once (S2.17).

use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_core::thread::Turn;
use bansou_store::Delivery;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;

use super::replies::newest;
use super::site::{Answered, Browser, Site, day};

const ANGRY: &str = "何度も同じこと言わせないで";
const CALM: &str = "今日15時に電話します";
const HARD: &str = "なぜ休んだのですか。ちゃんと連絡してください。";

/// Answers the newest word, a second after it.
async fn reply(browser: &mut Browser<'_>, graduate: GraduateId, words: &str) -> Answered {
    browser.site.world.clock.advance(TimeDelta::seconds(1));
    let newest = browser.site.world.begin().await.messages_of(graduate, None, 1).await.unwrap().pop();
    let seen = newest.map(|message| message.id.to_string()).unwrap_or_default();
    let form = [("channel", "line"), ("seen", &seen), ("body", words)];
    browser.post(&format!("/inbox/{graduate}/reply"), &form).await
}

async fn waits(site: &Site, graduate: GraduateId) -> Delivery {
    let all = site.world.begin().await.deliveries_of(graduate, 9).await.unwrap();
    all.into_iter().find(|delivery| delivery.purpose == Purpose::Reply).unwrap()
}

/// For how long the newest answer waits.
async fn pause(site: &Site, graduate: GraduateId) -> TimeDelta {
    waits(site, graduate).await.due_at - site.world.now()
}

for_each_database! {
    async fn hard_words_do_not_go_after_words_of_crisis_however_soon_they_were_to_go(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, ANGRY).await;
        let mut browser = site.signed_in(Role::Staff).await;
        reply(&mut browser, graduate, CALM).await;
        site.world.clock.advance(TimeDelta::seconds(9 * 60 + 30));
        site.world.says("e2", 1, "もう消えてしまいたい").await;
        site.world.clock.advance(TimeDelta::minutes(1));
        site.world.tick().await;
        assert_eq!(waits(&site, graduate).await.state, DeliveryState::Cancelled);
        assert!(site.world.inbox.accepted_after(0).iter().all(|message| message.text != CALM));
    }

    async fn after_hard_words_an_answer_waits_ten_minutes_says_so_and_can_be_taken_back(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, ANGRY).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let sent = reply(&mut browser, graduate, CALM).await;
        assert!(sent.place().ends_with("?done=reply-calms#waiting"), "{} {}", sent.status, sent.place());
        assert_eq!(pause(&site, graduate).await, TimeDelta::minutes(10));
        let turn = site.world.begin().await.thread(graduate).await.unwrap().unwrap().facts(false).turn();
        assert_eq!(turn, Turn::TheirTurn, "it counts as answered, as it does for ten seconds");
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(page.contains("少し間をおいてから送ります") && page.contains("今すぐ送る"), "{page}");
        site.world.clock.advance(TimeDelta::minutes(9));
        site.world.tick().await;
        let path = format!("/inbox/{graduate}/waiting/{}", waits(&site, graduate).await.id);
        let back = browser.post(&path, &[("what", "take-back")]).await;
        assert!(back.place().contains("done=reply-taken-back"), "{}", back.place());

        reply(&mut browser, graduate, CALM).await;
        site.world.clock.advance(TimeDelta::minutes(10));
        site.world.tick().await;
        assert_eq!(waits(&site, graduate).await.state, DeliveryState::Accepted);
    }
}

#[tokio::test]
async fn it_goes_at_once_by_a_press_and_no_longer_says_that_it_waits() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "相談があります").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let sent = reply(&mut browser, graduate, HARD).await;
    assert!(sent.place().contains("done=reply-calms"), "words of our own that hurt wait, too: {}", sent.place());
    let path = format!("/inbox/{graduate}/waiting/{}", waits(&site, graduate).await.id);
    assert!(browser.post(&path, &[("what", "now")]).await.place().contains("done=reply-sent"));
    assert!(!browser.get(&format!("/inbox/{graduate}")).await.body.contains("少し間をおいてから"));
    site.world.tick().await;
    assert_eq!(waits(&site, graduate).await.state, DeliveryState::Accepted);
    // What was hard is answered: the next one waits no longer than any other.
    site.world.clock.advance(TimeDelta::minutes(1));
    reply(&mut browser, graduate, CALM).await;
    assert_eq!(pause(&site, graduate).await, TimeDelta::seconds(10));
}

#[tokio::test]
async fn nobody_in_danger_waits_and_no_pause_lasts_a_night() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let one = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, ANGRY).await;
    site.world.says("e2", 1, "もう消えたいです").await;
    let mut browser = site.signed_in(Role::Staff).await;
    reply(&mut browser, one, HARD).await;
    assert_eq!(pause(&site, one).await, TimeDelta::seconds(10), "words of crisis are answered at once");

    let other = site.world.graduate(2, day("2026-03-30")).await;
    site.world.says("e3", 2, ANGRY).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let seen = newest(&site, other).await;
    let form = [("at", "2026-04-01T15:00:00+09:00"), ("channel", "line"), ("seen", &seen)];
    let held = browser.post(&format!("/inbox/{other}/hold"), &form).await;
    assert!(held.place().contains("done=holding-sent"), "{} {}", held.status, held.place());
    assert_eq!(waits(&site, other).await.due_at, site.world.now(), "a holding reply never waits");

    let third = site.world.graduate(3, day("2026-03-30")).await;
    site.world.says("e4", 3, ANGRY).await;
    let window = {
        reply(&mut browser, third, CALM).await;
        waits(&site, third).await.window_to
    };
    site.world.clock.set(window - TimeDelta::minutes(5));
    let fourth = site.world.graduate(4, day("2026-03-30")).await;
    site.world.says("e5", 4, ANGRY).await;
    let mut browser = site.signed_in(Role::Staff).await;
    reply(&mut browser, fourth, CALM).await;
    assert_eq!(pause(&site, fourth).await, TimeDelta::seconds(10));
}
