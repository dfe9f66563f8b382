//! What somebody wrote outlives the end of their session: kept for them, shown again, and sent once.

use std::collections::BTreeSet;

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::staff::Role;
use bansou_core::words::Lang;
use bansou_store::SessionKind;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use bansou_web::pages::{Frame, all_samples};
use chrono::TimeDelta;
use http::StatusCode;
use uuid::Uuid;

use super::samples::pages;
use super::site::{Answered, Browser, Site, day};

const WORDS: &str = "朝がつらい日がふえた、とのこと。";

/// A note as the form sends it; its key is the form's own.
async fn note(browser: &mut Browser<'_>, id: GraduateId, token: &str) -> Answered {
    let fields = [("csrf", token), ("once", "own-key-of-the-form"), ("mode", "phone"), ("on", "2026-04-01")];
    let more = [("at", "09:30"), ("said", WORDS)];
    browser.post_raw(&format!("/graduates/{id}/notes"), &[&fields[..], &more].concat()).await
}

/// Presses the button of the kept form.
async fn press(browser: &mut Browser<'_>, page: &str) -> Answered {
    let form = page.split("<form class=\"card\"").nth(1).expect("the form").split("</form>").next().unwrap();
    let part = |text: &str, name: &str| {
        text.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
    };
    let fields: Vec<_> =
        form.split("<input type=\"hidden\"").skip(1).map(|input| (part(input, "name"), part(input, "value"))).collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_raw(&part(form, "action"), &fields).await
}

async fn sign_in_again(browser: &mut Browser<'_>, staff: StaffId) {
    let tx = browser.site.world.begin().await;
    let token = tx.create_session(SessionKind::Staff, staff.0).await.unwrap();
    tx.save().await.unwrap();
    browser.cookies.insert("__Host-session".to_owned(), token);
}

async fn notes(world: &World, id: GraduateId) -> Vec<String> {
    world.begin().await.notes_of(id, 9).await.unwrap().into_iter().map(|note| note.lanes.said).collect()
}

for_each_database! {
    async fn a_note_that_was_written_in_another_tab_outlives_signing_out(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let id = site.world.graduate(1, day("2026-03-30")).await;
        let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
        let token = browser.token();
        browser.post("/logout", &[]).await;
        assert!(!browser.cookies.contains_key("__Host-session") && browser.cookies.contains_key("__Host-ended"));
        assert!(browser.get("/today").await.place().starts_with("/login"), "it opens nothing");
        let late = note(&mut browser, id, &token).await;
        assert!(late.place().starts_with("/login?next=%2Fkept%2F"), "{}", late.place());
        let login = browser.get(late.place()).await.body;
        assert!(login.contains("書いた文は、とってあります") && !login.contains("時間がたった"), "{login}");
        let place = late.place().trim_start_matches("/login?next=").replace("%2F", "/");
        sign_in_again(&mut browser, staff).await;
        let page = browser.get(&place).await.body;
        assert!(page.contains(&format!("<p class=\"pre\">{WORDS}</p>")), "{page}");
        assert!(press(&mut browser, &page).await.place().contains("done=note-saved"));
        assert_eq!(notes(&site.world, id).await, [WORDS]);
    }

    async fn a_note_that_came_after_the_session_had_ended_waits_behind_the_sign_in(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let id = site.world.graduate(1, day("2026-03-30")).await;
        let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
        let token = browser.token();
        site.world.clock.advance(TimeDelta::hours(15));
        site.world.store.prune_short_lived().await.unwrap();
        let late = note(&mut browser, id, &token).await;
        assert!(late.place().starts_with("/login?next=%2Fkept%2F"), "{}", late.place());
        assert!(notes(&site.world, id).await.is_empty(), "nothing is done by it yet");
        let login = browser.get(late.place()).await.body;
        assert!(login.contains("書いた文は、とってあります") && !login.contains(WORDS), "{login}");
        let place = late.place().trim_start_matches("/login?next=").replace("%2F", "/");

        let mut other = site.signed_in(Role::Admin).await;
        assert_eq!(other.get(&place).await.place(), "/today", "it is nobody else's");
        sign_in_again(&mut browser, staff).await;
        let page = browser.get(&place).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(&format!("<p class=\"pre\">{WORDS}</p>")), "{}", page.body);
        assert!(!page.body.contains(&token), "the ended session's token is gone");
        for _ in 0..2 {
            assert!(press(&mut browser, &page.body).await.place().contains("done=note-saved"));
        }
        assert_eq!(notes(&site.world, id).await, [WORDS], "sent twice, saved once");
        site.world.clock.advance(TimeDelta::days(1));
        sign_in_again(&mut browser, staff).await;
        assert_eq!(browser.get(&place).await.place(), "/today", "a day later it is gone");
    }
}

#[tokio::test]
async fn a_tab_from_before_a_newer_sign_in_shows_its_text_again_instead_of_losing_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-30")).await;
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    let old = browser.token();
    sign_in_again(&mut browser, staff).await;
    let kept = note(&mut browser, id, &old).await;
    assert!(kept.status == StatusCode::SEE_OTHER && kept.place().starts_with("/kept/"), "{}", kept.place());
    let page = browser.get(kept.place()).await.body;
    assert!(notes(&site.world, id).await.is_empty(), "a form without a proof does nothing by itself");
    assert_eq!(press(&mut browser, &page).await.status, StatusCode::SEE_OTHER);
    assert_eq!(notes(&site.world, id).await, [WORDS]);

    // Where the browser doesn't say that the form is from here, it may be from anywhere.
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs([("csrf", "x"), ("said", WORDS)]).finish();
    let request = browser.request("POST", &format!("/graduates/{id}/notes"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(browser.send(request.body(form.into()).unwrap()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn passwords_buttons_and_strangers_forms_are_not_kept() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-30")).await;
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    let token = browser.token();
    site.world.clock.advance(TimeDelta::hours(1));
    let again = "/login?next=%2Ftoday&late=yes";
    let secret = [("csrf", token.as_str()), ("once", "one"), ("present", "見本の合言葉"), ("password", "次の合言葉")];
    assert_eq!(browser.post_raw("/account", &secret).await.place(), again);
    assert_eq!(browser.post_raw(&format!("/graduates/{id}/resume"), &secret[..2]).await.place(), again);
    let chosen = [secret[0], secret[1], ("length", "week"), ("until", "2026-04-09"), ("why", " ")];
    assert_eq!(browser.post_raw(&format!("/graduates/{id}/pause"), &chosen).await.place(), again);
    let search = [secret[0], secret[1], ("query", "見本")];
    assert_eq!(browser.post_raw("/graduates/search", &search).await.place(), again);
    assert_eq!(note(&mut browser, id, "not ours").await.place(), again, "without the session's own token");
    assert!(browser.get(again).await.body.contains("まだ何も変えていません"));
    let mut stranger = site.stranger();
    assert_eq!(note(&mut stranger, id, &token).await.place(), again);
    let tx = site.world.begin().await;
    tx.disable_staff(Actor::COMMAND, staff).await.unwrap();
    tx.save().await.unwrap();
    assert_eq!(note(&mut browser, id, &token).await.place(), again, "a disabled account keeps nothing");
}

#[tokio::test]
async fn whoever_is_writing_stays_signed_in() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    for _ in 0..3 {
        site.world.clock.advance(TimeDelta::minutes(25));
        assert_eq!(browser.get("/alive").await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

/// Where the forms go in which staff write more than a line, with an id in the place of a sample's.
fn written_to() -> BTreeSet<String> {
    let (pages, mut found) = (pages(), BTreeSet::new());
    for sample in all_samples(Lang::Ja) {
        let html = pages.render_sample(&Frame::sample(Lang::Ja, sample.place), &sample).unwrap();
        for form in html.split("<form ").skip(1).filter_map(|form| form.split("</form>").next()) {
            let is_written_in =
                form.split("<textarea").skip(1).any(|area| !area.split('>').next().unwrap().contains("readonly"));
            let Some(action) = form.split("action=\"").nth(1).filter(|_| is_written_in) else { continue };
            let path = action.split(['"', '#', '?']).next().unwrap();
            let id = |part: &str| if part.starts_with("018f") { Uuid::nil().to_string() } else { part.to_owned() };
            found.insert(path.split('/').map(id).collect::<Vec<_>>().join("/"));
        }
    }
    // What graduates and employer contacts write belongs to their own sessions; the gallery and the demo's phone write to nobody.
    let is_staffs = |path: &String| {
        path.len() > 1
            && !["/e", "/demo", "/me"].iter().any(|place| path == place || path.starts_with(&format!("{place}/")))
    };
    found.into_iter().filter(is_staffs).collect()
}

#[tokio::test]
async fn whatever_form_one_writes_in_it_outlives_the_session() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (mut browser, _) = site.signed_in_at(site.world.office, Role::Staff).await;
    let token = browser.token();
    site.world.clock.advance(TimeDelta::hours(1));
    let places = written_to();
    assert!(places.len() > 20 && places.contains("/promises"), "{places:?}");
    let mut lost = Vec::new();
    for place in &places {
        let fields = [("csrf", token.as_str()), ("once", "one"), ("words", WORDS)];
        let late = browser.post_raw(place, &fields).await;
        if !late.place().starts_with("/login?next=%2Fkept%2F") {
            lost.push(format!("{place}: {} {}", late.status, late.place()));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
