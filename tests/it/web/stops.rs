//! Staff stop all contact with somebody and allow it again; why all sending stands still.

use bansou_core::audit::Actor;
use bansou_core::graduate::StopAsked;
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::site::{Site, day};

const STOP: &[(&str, &str)] = &[("asked", "family"), ("why", "入院中なので休ませたい"), ("sure", "yes")];

async fn is_stopped(site: &Site, id: GraduateId) -> bool {
    site.world.begin().await.graduate(id).await.unwrap().unwrap().contact_stopped_at.is_some()
}

#[tokio::test]
async fn staff_stop_contact_with_who_asked_and_why_and_everybody_sees_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    site.world.tick().await;
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    let path = format!("/graduates/{id}/stop");
    let refused = browser.post(&path, &[("why", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["asked", "why", "sure"] {
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    assert!(!is_stopped(&site, id).await);
    assert_eq!(browser.post(&path, STOP).await.place(), format!("/graduates/{id}?done=contact-stopped"));
    let tx = site.world.begin().await;
    let stop = tx.stops_of(id).await.unwrap().remove(0);
    assert_eq!((stop.stop.asked, stop.stopped_by), (StopAsked::Family, Some(staff)));
    drop(tx);
    let person = browser.get(&format!("/graduates/{id}")).await.body;
    assert!(person.contains("連絡を止めています") && person.contains("予定はありません"), "{person}");
    let page = browser.get(&path).await.body;
    assert!(page.contains("入院中なので休ませたい") && page.contains(&format!("/graduates/{id}/allow")), "{page}");
    assert_eq!(browser.post(&path, STOP).await.place(), path, "stopped already: the page says by whom");
}

#[tokio::test]
async fn a_reply_that_is_overtaken_by_a_stop_or_a_dead_address_keeps_its_words_on_the_page() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (stopped, dead) =
        (site.world.graduate(1, day("2026-03-31")).await, site.world.graduate(2, day("2026-03-31")).await);
    let mut browser = site.signed_in(Role::Staff).await;
    let tx = site.world.begin().await;
    tx.stop_contact(Actor::graduate(stopped), stopped).await.unwrap();
    for point in tx.contact_points(dead).await.unwrap() {
        tx.remove_address(Actor::COMMAND, point.id).await.unwrap();
    }
    tx.save().await.unwrap();
    for id in [stopped, dead] {
        let reply = [("channel", "line"), ("seen", ""), ("body", "長く考えた返事です")];
        let refused = browser.post(&format!("/inbox/{id}/reply"), &reply).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("readonly>\n長く考えた返事です</textarea>"), "{}", refused.body);
        assert!(!browser.get(&format!("/inbox/{id}")).await.body.contains("readonly"));
    }
}

#[tokio::test]
async fn contact_is_allowed_again_on_a_page_that_says_what_happens() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    site.world.tick().await;
    let mut browser = site.signed_in(Role::Staff).await;
    let allow = format!("/graduates/{id}/allow");
    assert_eq!(browser.get(&allow).await.place(), format!("/graduates/{id}"), "there is nothing to allow");
    browser.post(&format!("/graduates/{id}/stop"), STOP).await;
    site.world.tick().await;
    let page = browser.get(&allow).await.body;
    assert!(page.contains("次の定期の連絡は") && page.contains("LINE") && page.contains("送りません"), "{page}");
    assert_eq!(browser.post(&allow, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(is_stopped(&site, id).await);
    let allowed = browser.post(&allow, &[("sure", "yes")]).await;
    assert_eq!(allowed.place(), format!("/graduates/{id}?done=contact-allowed"));
    assert!(!is_stopped(&site, id).await);
    assert!(
        browser.get(&format!("/graduates/{id}/stop")).await.body.contains("再開しました"),
        "the reason stays on record"
    );
}

#[tokio::test]
async fn a_persons_own_stop_is_lifted_only_with_their_words_which_become_a_note() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let tx = site.world.begin().await;
    tx.stop_contact(Actor::graduate(id), id).await.unwrap();
    tx.save().await.unwrap();
    let mut browser = site.signed_in(Role::Staff).await;
    let allow = format!("/graduates/{id}/allow");
    let refused = browser.post(&allow, &[("sure", "yes")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"said-error\"") && refused.body.contains("id=\"mode-error\""));
    assert!(is_stopped(&site, id).await);
    let words = [("sure", "yes"), ("mode", "phone"), ("said", "また連絡してほしいです")];
    assert_eq!(browser.post(&allow, &words).await.status, StatusCode::SEE_OTHER);
    assert!(!is_stopped(&site, id).await);
    let notes = site.world.begin().await.notes_of(id, 9).await.unwrap();
    assert_eq!(notes[0].lanes.said, "また連絡してほしいです");
}

#[tokio::test]
async fn why_all_sending_stands_still_is_shown_to_managers_and_forgotten_afterwards() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Manager).await;
    let why = [("why", "見本さんのことで調べています"), ("sure", "yes")];
    browser.post("/settings/sending/stop", &why).await;
    assert!(browser.get("/settings/sending").await.body.contains("見本さんのことで調べています"));
    browser.post("/settings/sending/resume", &[("sure", "yes")]).await;
    assert_eq!(site.world.begin().await.why_stopped().await.unwrap(), None);
}
