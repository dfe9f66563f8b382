//! What has a day of its own comes back on that day: an overdue answer, the day to look back, a pause without an end.

use bansou_core::audit::Actor;
use bansou_core::graduate::PauseDates;
use bansou_core::staff::Role;
use bansou_store::Pause;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;

use super::escalations::{read_request, stage, words};
use super::site::{Site, day};

const OVERDUE: &str = "企業の返事の期日をすぎました";
const PAUSED: &str = "終わりを決めていない連絡の休み";

for_each_database! {
    async fn a_request_without_an_answer_comes_back_the_day_after_it_was_due_and_only_once(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let stage = stage(&site).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let id = read_request(&mut browser, &stage).await;
        let mark = words(&site, id).await;
        browser.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
        site.world.tick().await;

        site.world.clock.set(moment("2026-04-10T18:00:00+09:00"));
        assert_eq!(site.world.engine.remind().await.unwrap(), 0, "the day itself is theirs");
        site.world.clock.set(moment("2026-04-11T00:30:00+09:00"));
        assert_eq!(site.world.engine.remind().await.unwrap(), 1);
        assert_eq!(site.world.engine.remind().await.unwrap(), 0);
        let mut browser = site.signed_in(Role::Staff).await;
        let today = browser.get("/today").await.body;
        assert!(today.contains(OVERDUE) && today.contains(&format!("/escalations/{id}")), "{today}");
    }

    async fn a_pause_without_an_end_is_asked_about_each_month_and_one_with_an_end_is_not(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let world = &site.world;
        let who = Actor::staff(world.staff);
        let (open, ends) = (world.graduate(1, day("2025-01-05")).await, world.graduate(2, day("2025-01-05")).await);
        let tx = world.begin().await;
        for (person, until) in [(open, None), (ends, Some(day("2026-12-31")))] {
            let dates = PauseDates { from: day("2026-03-31"), until };
            tx.pause_graduate(who, person, &Pause { dates, reason: "見本".into() }).await.unwrap();
        }
        tx.save().await.unwrap();
        let mut made = Vec::new();
        for now in ["2026-04-29T09:00:00+09:00", "2026-04-30T09:00:00+09:00", "2026-05-30T09:00:00+09:00", "2026-05-31T09:00:00+09:00"] {
            world.clock.set(moment(now));
            made.push(world.engine.remind().await.unwrap());
        }
        assert_eq!(made, [0, 1, 0, 1]);
        let mut browser = site.signed_in(Role::Staff).await;
        assert!(browser.get("/today").await.body.contains(PAUSED));
        let tx = world.begin().await;
        tx.unpause_graduate(who, open).await.unwrap();
        tx.save().await.unwrap();
        world.clock.set(moment("2026-07-31T09:00:00+09:00"));
        assert_eq!(world.engine.remind().await.unwrap(), 0);
    }
}
