//! What a list asks of the database doesn't grow with its rows.

use std::ops::RangeInclusive;

use bansou_core::audit::Actor;
use bansou_core::commitment::{CommitmentKind, CommitmentSource};
use bansou_core::staff::Role;
use bansou_store::NewCommitment;
use bansou_tests::database::TestDatabase;
use chrono::TimeDelta;
use serde_json::json;

use super::site::{Browser, Site, day};

const PAGES: [&str; 8] = [
    "/absences",
    "/today",
    "/inbox",
    "/inbox?show=all",
    "/inbox?show=theirs",
    "/signs",
    "/graduates",
    "/settings/audit",
];

/// People who write of a small sign, and as many senders whom nobody knows.
async fn people_write(site: &Site, who: RangeInclusive<u32>) {
    for n in who {
        site.world.graduate(n, day("2026-03-30")).await;
        site.world.says(&format!("sign-{n}"), n, "最近あまり眠れていません").await;
        let message = json!({ "type": "text", "id": format!("m-unknown-{n}"), "text": "見本です" });
        let event = json!({ "type": "message", "message": message, "replyToken": format!("r-unknown-{n}") });
        site.world.line_event(&format!("unknown-{n}"), &format!("U{n:032x}").replace("U0", "Uf"), event).await;
    }
    site.world.tick().await;
}

async fn asked(site: &Site, browser: &mut Browser<'_>) -> Vec<(&'static str, u64)> {
    let mut asked = Vec::new();
    for page in PAGES {
        let before = site.world.store.statements();
        let answer = browser.get(page).await;
        assert!(answer.status.is_success(), "{page}");
        asked.push((page, site.world.store.statements() - before));
    }
    asked
}

#[tokio::test]
async fn what_every_page_tells_at_a_glance_is_looked_up_once_after_a_change_and_again_a_minute_later() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let mut browser = site.signed_in(Role::Admin).await;
    let asked = async |browser: &mut Browser<'_>| {
        let before = site.world.store.statements();
        assert!(browser.get("/signs").await.status.is_success());
        site.world.store.statements() - before
    };
    let first = asked(&mut browser).await;
    let again = asked(&mut browser).await;
    assert!(again + 15 < first, "{again} after {first}");
    let tx = site.world.begin().await;
    let promise = NewCommitment {
        graduate,
        staff: site.world.staff,
        source: CommitmentSource::Request,
        kind: CommitmentKind::Do,
        text: "資料を送る".into(),
        due_at: tx.now() + TimeDelta::days(1),
        message: None,
        note: None,
        escalation: None,
    };
    tx.add_commitment(Actor::staff(site.world.staff), &promise).await.unwrap();
    tx.save().await.unwrap();
    assert!(asked(&mut browser).await >= first, "something has changed");
    assert_eq!(asked(&mut browser).await, again);
    site.world.clock.advance(TimeDelta::minutes(1));
    assert!(asked(&mut browser).await >= first, "time alone makes things due");
    assert_eq!(asked(&mut browser).await, again);
}

#[tokio::test]
async fn a_list_of_many_asks_as_often_as_a_list_of_few() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let mut browser = site.signed_in(Role::Admin).await;
    people_write(&site, 1..=2).await;
    // Whatever page is the first after a change counts who is left on Today; here it is Today itself.
    browser.get("/today").await;
    let few = asked(&site, &mut browser).await;
    people_write(&site, 3..=12).await;
    let today = browser.get("/today").await.body;
    assert!(today.matches("見本です").count() >= 12, "what strangers wrote is shown");
    assert_eq!(asked(&site, &mut browser).await, few);
}
