//! How pages look: everybody's own choices, readings, and what goes over the wire (issue 4, parts 1 and 9; ux.md A2, A3, C4).

use axum::body::Body;
use bansou_core::preferences::{Furigana, Preferences, TextSize, Theme};
use bansou_core::staff::Role;
use bansou_core::words::Lang;
use bansou_tests::database::TestDatabase;
use bansou_web::assets;
use bansou_web::pages::{Frame, all_samples};
use http::{StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::me::let_in;
use super::samples::pages;
use super::site::{Browser, PUBLIC_URL, Site, day};

/// Most bytes of a page with style and script, as sent.
const PAGE_MOST: usize = 60_000;

const CHOICES: [(&str, &str); 6] =
    [("theme", "dark"), ("text", "150"), ("font", "spaced"), ("furigana", "names"), ("calm", "yes"), ("keys", "yes")];

#[tokio::test]
async fn choices_hold_on_the_next_page_and_for_nobody_else() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    // The number of changes rises with every unit of work, whatever the choices are.
    let html = |body: &str| {
        let html = body.split_once("<html").unwrap().1.split_once('>').unwrap().0;
        let parts = html.split(' ').filter(|part| !part.starts_with("data-changes"));
        parts.collect::<Vec<_>>().join(" ")
    };
    let before = html(&browser.get("/today").await.body);
    assert!(before.contains("data-theme=\"auto\"") && !before.contains("data-calm"), "{before}");
    let saved = browser.post("/account/display", &CHOICES).await;
    assert_eq!(saved.place(), "/account/display?done=display-saved");
    let after = html(&browser.get("/today").await.body);
    for part in [
        "data-theme=\"dark\"",
        "data-text=\"150\"",
        "data-font=\"spaced\"",
        "data-calm",
        "data-keys",
        "data-live=\"off\"",
    ] {
        assert!(after.contains(part), "{part} in {after}");
    }
    let page = browser.get("/account/display").await.body;
    assert!(page.contains("value=\"dark\" checked") && page.contains("name=\"keys\" value=\"yes\" checked"), "{page}");
    let colleague = site.signed_in(Role::Staff).await.get("/today").await.body;
    assert_eq!(html(&colleague), before);
}

#[tokio::test]
async fn a_choice_that_the_page_does_not_offer_changes_nothing() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let odd = browser.post("/account/display", &[("theme", "pink"), ("text", "100")]).await;
    assert_eq!(odd.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/today").await.body.contains("data-theme=\"auto\""));
}

#[tokio::test]
async fn names_have_their_readings_where_somebody_wants_them_and_never_in_a_button() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-01")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{graduate}");
    let off = browser.get(&path).await.body;
    assert!(!off.contains("<ruby>") && !off.contains('\u{FFFA}'), "{off}");
    browser.post("/account/display", &CHOICES).await;
    let on = browser.get(&path).await.body;
    assert!(on.contains("<rt aria-hidden=\"true\">"), "{on}");
    for button in on.split("<button").skip(1) {
        assert!(!button.split("</button>").next().unwrap().contains("<ruby>"), "{button}");
    }
    assert!(!on.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0.contains('<'));
}

#[tokio::test]
async fn a_graduate_chooses_size_and_readings_without_an_account() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-01")).await;
    let mut phone = let_in(&site, graduate).await;
    assert!(!phone.get("/me").await.body.contains("<ruby>"));
    assert_eq!(phone.post("/look", &[("text", "150"), ("back", "/me")]).await.place(), "/me");
    assert_eq!(phone.post("/look", &[("furigana", "all"), ("back", "/me/plan")]).await.place(), "/me/plan");
    let page = phone.get("/me").await.body;
    assert!(
        page.contains("data-text=\"150\"") && page.contains("<ruby>連絡<rt aria-hidden=\"true\">れんらく</rt></ruby>"),
        "{page}"
    );
    phone.post("/look", &[("furigana", "off"), ("back", "/me")]).await;
    assert!(!phone.get("/me").await.body.contains("<ruby>"));
}

#[tokio::test]
async fn single_keys_are_listed_on_a_page_and_every_page_leads_there() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    assert!(browser.get("/today").await.body.contains("href=\"/keys\""));
    let page = browser.get("/keys").await.body;
    let script = assets::script();
    for key in ["r", "n", "s", "e", "u", "j", "k", "/", "?"] {
        assert!(page.contains(&format!("<kbd>{key}")) || page.contains(&format!(" {key}</kbd>")), "{key} isn't listed");
        assert!(script.contains(&format!("\"{key}\"")) || "rnseu".contains(key), "{key} does nothing");
    }
}

/// Bytes of an answer as a browser gets it, and how it is packed.
async fn sent(browser: &Browser<'_>, path: &str) -> (usize, String) {
    let request = browser.request("GET", path).header(header::ACCEPT_ENCODING, "gzip, deflate, br");
    let response = browser.site.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let packed =
        response.headers().get(header::CONTENT_ENCODING).map_or("", |value| value.to_str().unwrap()).to_owned();
    (response.into_body().collect().await.unwrap().to_bytes().len(), packed)
}

#[tokio::test]
async fn style_script_and_pages_go_out_packed_to_whoever_unpacks_them() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let browser = site.signed_in(Role::Staff).await;
    let page = pages();
    for path in [&page.assets().style, &page.assets().script, "/today"] {
        let (bytes, how) = sent(&browser, path).await;
        assert_eq!(how, "gzip", "{path}");
        let whole = site.signed_in(Role::Staff).await.get(path).await;
        assert!(bytes < whole.body.len() / 2, "{path}: {bytes} of {}", whole.body.len());
    }
    assert!(PUBLIC_URL.starts_with("https"));
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures are there for reading")]
async fn a_staff_page_with_style_and_script_is_at_most_sixty_kilobytes_over_the_wire() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    for n in 1..=80 {
        site.world.graduate(n, day("2026-04-01")).await;
        site.world
            .says(&format!("e{n}"), n, "昨日は眠れなくて、朝がつらかったです。仕事のことで相談したいことがあります。")
            .await;
    }
    site.world.tick().await;
    let browser = site.signed_in(Role::Admin).await;
    let (style, _) = sent(&browser, &pages().assets().style).await;
    let (script, _) = sent(&browser, &pages().assets().script).await;
    println!("style {style} B, script {script} B packed, {} B whole", assets::script().len());
    for path in ["/today", "/inbox", "/graduates", "/signs", "/retention", "/settings/office"] {
        let (page, _) = sent(&browser, path).await;
        println!("{path}: {page} B, with style and script {} B", page + style + script);
        assert!(page + style + script <= PAGE_MOST, "{path}");
    }
}

#[test]
fn every_sample_can_be_shown_in_every_look_without_a_trace_of_marks() {
    let pages = pages();
    for lang in Lang::ALL {
        for sample in all_samples(lang) {
            for furigana in [Furigana::Off, Furigana::All] {
                let preferences =
                    Preferences { theme: Theme::Contrast, text: TextSize::Double, furigana, ..Preferences::default() };
                let frame = Frame { preferences, ..Frame::sample(lang, sample.place) };
                let html = pages.render_sample(&frame, &sample).unwrap();
                assert!(
                    !html.contains(['\u{FFF9}', '\u{FFFA}', '\u{FFFB}', '\u{FDD0}']),
                    "{} {}",
                    sample.template,
                    sample.name
                );
                assert!(furigana == Furigana::All || !html.contains("<ruby>"), "{}", sample.template);
            }
        }
    }
}
