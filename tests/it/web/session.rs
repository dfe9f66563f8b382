//! Signing in and out, and what a session is good for.

use bansou_core::audit::Actor;
use bansou_core::ids::StaffId;
use bansou_core::staff::Role;
use bansou_store::LinkKind;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use bansou_web::password;
use chrono::TimeDelta;
use http::{StatusCode, header};

use super::site::{Browser, Site};

const PASSWORD: &str = "見本の長い合言葉でためす一二三四";
const EMAIL: &str = "reida@example.jp";

async fn with_password(site: &Site) {
    let hash = password::hash(PASSWORD, site.world.store.ambient());
    let tx = site.world.begin().await;
    tx.set_password_hash(Actor::COMMAND, site.world.staff, &hash).await.unwrap();
    tx.save().await.unwrap();
}

async fn try_in(browser: &mut Browser<'_>, email: &str, password: &str, next: &str) -> super::site::Answered {
    browser.get("/login").await;
    browser.post("/login", &[("email", email), ("password", password), ("next", next)]).await
}

for_each_database! {
    async fn signing_in_leads_back_and_signing_out_ends_the_session(database: &TestDatabase) {
        let site = Site::open(database.url()).await;
        with_password(&site).await;
        let mut browser = site.stranger();
        let asked = browser.get("/account?x=1").await;
        assert_eq!((asked.status, asked.place()), (StatusCode::SEE_OTHER, "/login?next=%2Faccount%3Fx%3D1"));

        let answer = try_in(&mut browser, " Reida@example.jp", PASSWORD, "/account?x=1").await;
        assert_eq!((answer.status, answer.place()), (StatusCode::SEE_OTHER, "/account?x=1"));
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        for part in ["__Host-session=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        let page = browser.get("/account").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("例田 太郎"), "the frame names the reader");
        let token = browser.cookies["__Host-session"].clone();
        assert!(!page.body.contains(&token) && !page.body.contains("__Host"), "the page doesn't hold the session");

        let out = browser.post("/logout", &[]).await;
        assert_eq!((out.status, out.place()), (StatusCode::SEE_OTHER, "/login?done=signed-out"));
        assert!(out.headers.contains_key("clear-site-data"));
        browser.cookies.insert("__Host-session".into(), token);
        assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER, "the old cookie opens nothing");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_answered_alike() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    with_password(&site).await;
    let mut browser = site.stranger();
    let wrong = try_in(&mut browser, EMAIL, "not this one, surely", "").await;
    let unknown = try_in(&mut browser, "daremo@example.jp", "not this one, surely", "").await;
    let hidden = |answer: &super::site::Answered, email: &str| {
        let once = answer.body.split("name=\"once\" value=\"").nth(1).unwrap()[..32].to_owned();
        answer.body.replace(email, "").replace(&once, "")
    };
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(hidden(&wrong, EMAIL), hidden(&unknown, "daremo@example.jp"));
    assert!(!wrong.body.contains("not this one, surely"), "a password is never sent back");
    assert!(!browser.cookies.contains_key("__Host-session"));
}

#[tokio::test]
async fn guesses_are_slowed_and_the_right_password_waits_too() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    with_password(&site).await;
    let mut browser = site.stranger();
    for _ in 0..5 {
        assert_eq!(try_in(&mut browser, EMAIL, "wrong", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let slowed = try_in(&mut browser, EMAIL, PASSWORD, "").await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    site.world.clock.advance(TimeDelta::seconds(31));
    assert_eq!(try_in(&mut browser, EMAIL, PASSWORD, "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_browser_that_has_signed_in_before_is_let_in_while_strangers_guess_at_its_account() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    with_password(&site).await;
    let mut own = site.stranger();
    try_in(&mut own, EMAIL, PASSWORD, "").await;
    let kept = own.post("/logout", &[]).await;
    assert!(kept.headers.get_all(header::SET_COOKIE).iter().all(|c| !c.to_str().unwrap().contains("device=")));
    let mut stranger = site.stranger();
    for _ in 0..8 {
        try_in(&mut stranger, EMAIL, "wrong", "").await;
    }
    assert_eq!(try_in(&mut stranger, EMAIL, PASSWORD, "").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(try_in(&mut own, EMAIL, PASSWORD, "").await.status, StatusCode::SEE_OTHER);
    let rows = site.world.begin().await.audit_of(site.world.staff.0, 99).await.unwrap();
    let refused = rows.iter().filter(|row| row.action == "session.refused").count();
    assert_eq!(refused, 5, "one row for each that was looked at");
}

#[tokio::test]
async fn a_session_id_is_new_at_every_sign_in_and_never_one_that_was_planted() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    with_password(&site).await;
    let mut browser = site.stranger();
    browser.cookies.insert("__Host-session".into(), "planted".into());
    browser.get("/login").await;
    let form = browser.cookies["__Host-form"].clone();
    browser.cookies = [("__Host-form".to_owned(), form), ("session".to_owned(), "planted".to_owned())].into();
    try_in(&mut browser, EMAIL, PASSWORD, "").await;
    let first = browser.cookies.remove("__Host-session").unwrap();
    try_in(&mut browser, EMAIL, PASSWORD, "").await;
    let second = browser.cookies["__Host-session"].clone();
    assert!(first != second && first != "planted" && second.len() == 43, "{first} {second}");
}

#[tokio::test]
async fn a_disabled_account_is_out_at_the_next_request_and_stays_out() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    let hash = password::hash(PASSWORD, site.world.store.ambient());
    let tx = site.world.begin().await;
    let email = tx.staff_member(staff).await.unwrap().unwrap().profile.email;
    tx.disable_staff(Actor::COMMAND, staff).await.unwrap();
    tx.set_password_hash(Actor::COMMAND, staff, &hash).await.unwrap();
    tx.save().await.unwrap();
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    let mut again = site.stranger();
    assert_eq!(try_in(&mut again, &email, PASSWORD, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours_with_it() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let mut idle = site.signed_in(Role::Staff).await;
    let mut busy = site.signed_in(Role::Staff).await;
    for _ in 0..28 {
        site.world.clock.advance(TimeDelta::minutes(25));
        assert_eq!(busy.get("/account").await.status, StatusCode::OK);
    }
    site.world.clock.advance(TimeDelta::minutes(20));
    assert_eq!(busy.get("/account").await.status, StatusCode::SEE_OTHER, "twelve hours are over");
    assert_eq!(idle.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn only_the_hash_of_a_session_is_in_the_database_file() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let browser = site.signed_in(Role::Staff).await;
    let token = browser.cookies["__Host-session"].clone();
    drop(browser);
    site.world.store.close().await.unwrap();
    let path = database.url().trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    for file in [path.clone(), format!("{path}-wal")] {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "{file}");
    }
}

#[tokio::test]
async fn a_way_back_never_leaves_the_site() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    with_password(&site).await;
    for foreign in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = site.stranger();
        let answer = try_in(&mut browser, EMAIL, PASSWORD, foreign).await;
        assert_eq!((answer.status, answer.place()), (StatusCode::SEE_OTHER, "/"), "{foreign}");
    }
}

async fn password_link(site: &Site, staff: StaffId) -> String {
    let tx = site.world.begin().await;
    let token = tx.create_link(Actor::COMMAND, LinkKind::Password, staff.0, TimeDelta::days(1)).await.unwrap();
    tx.save().await.unwrap();
    token
}

#[tokio::test]
async fn a_password_link_is_used_up_by_setting_a_password_not_by_looking() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let (mut signed, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    let path = format!("/password/{}", password_link(&site, staff).await);
    let mut browser = site.stranger();
    for _ in 0..2 {
        assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    }
    let short = browser.post(&path, &[("password", "short"), ("again", "shorter")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = browser.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!((set.status, set.place()), (StatusCode::SEE_OTHER, "/login?done=password-set"));
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(signed.get("/account").await.status, StatusCode::SEE_OTHER, "older sessions are over");
    assert_eq!(browser.get("/password/nonsense").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changing_ones_own_password_needs_the_present_one_and_ends_other_sessions() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    with_password(&site).await;
    let mut here = site.stranger();
    let mut there = site.stranger();
    try_in(&mut here, EMAIL, PASSWORD, "").await;
    try_in(&mut there, EMAIL, PASSWORD, "").await;
    let new = "a quite different sentence";
    let wrong = here.post("/account", &[("present", "wrong"), ("password", new), ("again", new)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = here.post("/account", &[("present", PASSWORD), ("password", new), ("again", new)]).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/account").await.status, StatusCode::OK, "the new session of the same browser");
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
}
