//! Who may go where: every route has a row of written expectations, and a route without a row fails.

use std::collections::BTreeMap;

use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewDelivery, NewSign, NewTask, SignPlace};
use bansou_tests::database::TestDatabase;
use bansou_web::app::all_routes;
use chrono::TimeDelta;
use http::{StatusCode, header};

use super::site::{Browser, Site, day};

/// What somebody gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// The page, or the action's answer.
    Served,
    /// To the sign-in page.
    SignIn,
    /// 403.
    Refused,
    /// 404: another office's object, or none.
    Nothing,
    /// 401: a provider without a signature.
    Unsigned,
}
use Gets::{Nothing, Refused, Served, SignIn, Unsigned};

/// Nobody, staff, manager, admin, another office's staff.
type Row = [Gets; 5];
const ANYBODY: Row = [Served; 5];
const STAFF: Row = [SignIn, Served, Served, Served, Served];
const MANAGER: Row = [SignIn, Refused, Served, Served, Served];
const ADMIN: Row = [SignIn, Refused, Refused, Served, Served];
/// An object that isn't there, for admins only.
const NO_OBJECT: Row = [SignIn, Refused, Refused, Nothing, Nothing];
/// The same for managers, too.
const NO_CHANNEL: Row = [SignIn, Refused, Nothing, Nothing, Nothing];
const LINKS: Row = [Nothing; 5];

/// An object that isn't there: staff are let in and find nothing.
const NONE_SUCH: Row = [SignIn, Nothing, Nothing, Nothing, Nothing];
const NO_SESSION: Row = [Refused; 5];

/// About a graduate of the first office.
const THEIRS: Row = [SignIn, Served, Served, Served, Nothing];
/// A route with an example of its path, and what is expected.
const ROWS: &[(&str, &str, &str, Row)] = &[
    ("GET", "/", "/", STAFF),
    ("GET", "/livez", "/livez", ANYBODY),
    ("GET", "/readyz", "/readyz", ANYBODY),
    ("GET", "/assets/{name}", "/assets/nothing.css", LINKS),
    ("POST", "/language", "/language", ANYBODY),
    ("POST", "/look", "/look", ANYBODY),
    ("GET", "/login", "/login", ANYBODY),
    ("POST", "/login", "/login", [Refused; 5]),
    ("POST", "/logout", "/logout", STAFF),
    ("GET", "/password/{token}", "/password/none", LINKS),
    ("POST", "/password/{token}", "/password/none", [Refused; 5]),
    ("GET", "/alive", "/alive", STAFF),
    ("GET", "/kept/{id}", "/kept/018f0000-0000-7000-8000-000000000001", STAFF),
    ("GET", "/account", "/account", STAFF),
    ("POST", "/account", "/account", STAFF),
    ("GET", "/promises", "/promises", STAFF),
    ("POST", "/promises", "/promises", NONE_SUCH),
    ("GET", "/promises/new", "/promises/new?graduate=GRADUATE", THEIRS),
    ("GET", "/promises/{id}", "/promises/018f0000-0000-7000-8000-000000000001", NONE_SUCH),
    ("POST", "/promises/{id}/keep", "/promises/018f0000-0000-7000-8000-000000000001/keep", NONE_SUCH),
    ("POST", "/promises/{id}/move", "/promises/018f0000-0000-7000-8000-000000000001/move", NONE_SUCH),
    ("POST", "/promises/{id}/withdraw", "/promises/018f0000-0000-7000-8000-000000000001/withdraw", NONE_SUCH),
    ("POST", "/inbox/{graduate}/hold", "/inbox/GRADUATE/hold", THEIRS),
    ("POST", "/inbox/{graduate}/wait", "/inbox/GRADUATE/wait", THEIRS),
    ("POST", "/inbox/{graduate}/wait-no-longer", "/inbox/GRADUATE/wait-no-longer", THEIRS),
    ("GET", "/account/display", "/account/display", STAFF),
    ("POST", "/account/display", "/account/display", STAFF),
    ("GET", "/keys", "/keys", STAFF),
    ("GET", "/signs/{id}/escalate", "/signs/018f0000-0000-7000-8000-000000000001/escalate", NONE_SUCH),
    ("POST", "/signs/{id}/escalate", "/signs/018f0000-0000-7000-8000-000000000001/escalate", NONE_SUCH),
    ("GET", "/inbox/{graduate}/examples", "/inbox/GRADUATE/examples", THEIRS),
    ("POST", "/inbox/{graduate}/examples", "/inbox/GRADUATE/examples", THEIRS),
    ("GET", "/graduates/{id}/card", "/graduates/GRADUATE/card", THEIRS),
    ("GET", "/graduates/{id}/card/edit", "/graduates/GRADUATE/card/edit", THEIRS),
    ("POST", "/graduates/{id}/card/edit", "/graduates/GRADUATE/card/edit", THEIRS),
    ("GET", "/employers/{id}", "/employers/018f0000-0000-7000-8000-000000000001", NONE_SUCH),
    ("GET", "/employers/{id}/card/edit", "/employers/018f0000-0000-7000-8000-000000000001/card/edit", NONE_SUCH),
    ("POST", "/employers/{id}/card/edit", "/employers/018f0000-0000-7000-8000-000000000001/card/edit", NONE_SUCH),
    ("GET", "/escalations", "/escalations", STAFF),
    ("GET", "/escalations/{id}", "/escalations/018f0000-0000-7000-8000-000000000001", NONE_SUCH),
    ("GET", "/escalations/{id}/edit", "/escalations/018f0000-0000-7000-8000-000000000001/edit", NONE_SUCH),
    ("POST", "/escalations/{id}/edit", "/escalations/018f0000-0000-7000-8000-000000000001/edit", NONE_SUCH),
    ("POST", "/escalations/{id}/words", "/escalations/018f0000-0000-7000-8000-000000000001/words", NONE_SUCH),
    ("POST", "/escalations/{id}/read", "/escalations/018f0000-0000-7000-8000-000000000001/read", NONE_SUCH),
    ("POST", "/escalations/{id}/send", "/escalations/018f0000-0000-7000-8000-000000000001/send", NONE_SUCH),
    ("POST", "/escalations/{id}/again", "/escalations/018f0000-0000-7000-8000-000000000001/again", NONE_SUCH),
    ("POST", "/escalations/{id}/tried", "/escalations/018f0000-0000-7000-8000-000000000001/tried", NONE_SUCH),
    ("POST", "/escalations/{id}/reviewed", "/escalations/018f0000-0000-7000-8000-000000000001/reviewed", NONE_SUCH),
    ("POST", "/escalations/{id}/withdraw", "/escalations/018f0000-0000-7000-8000-000000000001/withdraw", NONE_SUCH),
    ("GET", "/e/{token}", "/e/none", LINKS),
    ("POST", "/e/{token}", "/e/none", NO_SESSION),
    ("GET", "/e", "/e", NO_SESSION),
    ("POST", "/e/answer", "/e/answer", NO_SESSION),
    ("GET", "/me/{token}", "/me/none", LINKS),
    ("POST", "/me/{token}", "/me/none", NO_SESSION),
    ("GET", "/me", "/me", NO_SESSION),
    ("GET", "/me/plan", "/me/plan", NO_SESSION),
    ("GET", "/me/pause", "/me/pause", NO_SESSION),
    ("GET", "/me/sharing", "/me/sharing", NO_SESSION),
    ("GET", "/me/help", "/me/help", NO_SESSION),
    ("POST", "/me/pause", "/me/pause", NO_SESSION),
    ("POST", "/me/resume", "/me/resume", NO_SESSION),
    ("POST", "/me/stop", "/me/stop", NO_SESSION),
    ("POST", "/me/consents/{id}/withdraw", "/me/consents/018f0000-0000-7000-8000-000000000001/withdraw", NO_SESSION),
    ("GET", "/me/requests/{id}", "/me/requests/018f0000-0000-7000-8000-000000000001", NO_SESSION),
    ("POST", "/me/requests/{id}", "/me/requests/018f0000-0000-7000-8000-000000000001", NO_SESSION),
    ("GET", "/graduates/{id}/me-link", "/graduates/018f0000-0000-7000-8000-000000000001/me-link", NONE_SUCH),
    ("POST", "/graduates/{id}/me-link", "/graduates/018f0000-0000-7000-8000-000000000001/me-link", NONE_SUCH),
    ("GET", "/graduates/new", "/graduates/new", STAFF),
    ("POST", "/graduates", "/graduates", STAFF),
    ("GET", "/graduates/{id}/edit", "/graduates/GRADUATE/edit", THEIRS),
    ("POST", "/graduates/{id}/edit", "/graduates/GRADUATE/edit", THEIRS),
    ("GET", "/graduates/{id}/stop", "/graduates/GRADUATE/stop", THEIRS),
    ("POST", "/graduates/{id}/stop", "/graduates/GRADUATE/stop", THEIRS),
    ("GET", "/graduates/{id}/allow", "/graduates/GRADUATE/allow", THEIRS),
    ("POST", "/graduates/{id}/allow", "/graduates/GRADUATE/allow", THEIRS),
    ("GET", "/graduates/{id}/jobs/new", "/graduates/GRADUATE/jobs/new", THEIRS),
    ("POST", "/graduates/{id}/jobs", "/graduates/GRADUATE/jobs", THEIRS),
    ("GET", "/jobs/{id}/edit", "/jobs/018f0000-0000-7000-8000-000000000001/edit", NONE_SUCH),
    ("POST", "/jobs/{id}/edit", "/jobs/018f0000-0000-7000-8000-000000000001/edit", NONE_SUCH),
    ("GET", "/graduates/{id}/consents", "/graduates/GRADUATE/consents", THEIRS),
    ("POST", "/graduates/{id}/consents", "/graduates/GRADUATE/consents", THEIRS),
    ("GET", "/graduates/{id}/shares", "/graduates/GRADUATE/shares", THEIRS),
    ("POST", "/graduates/{id}/shares", "/graduates/GRADUATE/shares", THEIRS),
    ("POST", "/consents/{id}/withdraw", "/consents/018f0000-0000-7000-8000-000000000001/withdraw", NONE_SUCH),
    ("GET", "/graduates/{id}/invite", "/graduates/GRADUATE/invite", THEIRS),
    ("POST", "/graduates/{id}/invite", "/graduates/GRADUATE/invite", THEIRS),
    ("POST", "/undo", "/undo", NONE_SUCH),
    ("GET", "/strangers/{id}", "/strangers/018f0000-0000-7000-8000-000000000001", NONE_SUCH),
    ("GET", "/strangers/{id}/search", "/strangers/018f0000-0000-7000-8000-000000000001/search", NONE_SUCH),
    ("POST", "/strangers/{id}/search", "/strangers/018f0000-0000-7000-8000-000000000001/search", NONE_SUCH),
    ("POST", "/strangers/{id}/not-ours", "/strangers/018f0000-0000-7000-8000-000000000001/not-ours", NONE_SUCH),
    (
        "GET",
        "/strangers/{id}/bind/{graduate}",
        "/strangers/018f0000-0000-7000-8000-000000000001/bind/GRADUATE",
        NONE_SUCH,
    ),
    (
        "POST",
        "/strangers/{id}/bind/{graduate}",
        "/strangers/018f0000-0000-7000-8000-000000000001/bind/GRADUATE",
        NONE_SUCH,
    ),
    ("GET", "/bindings/{id}", "/bindings/018f0000-0000-7000-8000-000000000001", NONE_SUCH),
    ("POST", "/bindings/{id}/undo", "/bindings/018f0000-0000-7000-8000-000000000001/undo", NONE_SUCH),
    ("GET", "/notes/{id}", "/notes/018f0000-0000-7000-8000-000000000001", NONE_SUCH),
    ("GET", "/notes/{id}/edit", "/notes/018f0000-0000-7000-8000-000000000001/edit", NONE_SUCH),
    ("GET", "/notes/{id}/summary", "/notes/018f0000-0000-7000-8000-000000000001/summary", NONE_SUCH),
    ("POST", "/notes/{id}/summary", "/notes/018f0000-0000-7000-8000-000000000001/summary", NONE_SUCH),
    ("POST", "/notes/{id}/summary/look", "/notes/018f0000-0000-7000-8000-000000000001/summary/look", NONE_SUCH),
    ("POST", "/notes/{id}/summary/send", "/notes/018f0000-0000-7000-8000-000000000001/summary/send", NONE_SUCH),
    ("POST", "/notes/{id}/summary/later", "/notes/018f0000-0000-7000-8000-000000000001/summary/later", NONE_SUCH),
    ("GET", "/graduates/{id}/handover", "/graduates/GRADUATE/handover", THEIRS),
    ("POST", "/notes/{id}/correct", "/notes/018f0000-0000-7000-8000-000000000001/correct", NONE_SUCH),
    ("GET", "/retention", "/retention", MANAGER),
    ("GET", "/retention/export.csv", "/retention/export.csv", MANAGER),
    ("GET", "/retention/export.json", "/retention/export.json", MANAGER),
    ("GET", "/settings", "/settings", MANAGER),
    ("GET", "/settings/office", "/settings/office", ADMIN),
    ("GET", "/settings/channels", "/settings/channels", MANAGER),
    ("GET", "/settings/staff", "/settings/staff", ADMIN),
    ("GET", "/settings/duty", "/settings/duty", STAFF),
    ("POST", "/settings/duty/week", "/settings/duty/week", MANAGER),
    ("POST", "/settings/duty/day", "/settings/duty/day", MANAGER),
    ("GET", "/settings/staff/{id}/hours", "/settings/staff/018f0000-0000-7000-8000-000000000001/hours", NO_CHANNEL),
    ("POST", "/settings/staff/{id}/hours", "/settings/staff/018f0000-0000-7000-8000-000000000001/hours", NO_CHANNEL),
    ("GET", "/absences", "/absences", STAFF),
    ("POST", "/absences", "/absences", STAFF),
    ("GET", "/absences/new", "/absences/new", STAFF),
    ("GET", "/absences/{id}/edit", "/absences/018f0000-0000-7000-8000-000000000001/edit", NONE_SUCH),
    ("POST", "/absences/{id}", "/absences/018f0000-0000-7000-8000-000000000001", NONE_SUCH),
    ("POST", "/absences/{id}/cancel", "/absences/018f0000-0000-7000-8000-000000000001/cancel", NONE_SUCH),
    ("GET", "/settings/messages", "/settings/messages", MANAGER),
    ("GET", "/settings/cadences", "/settings/cadences", MANAGER),
    ("GET", "/settings/sending", "/settings/sending", MANAGER),
    ("GET", "/settings/export/contacts.csv", "/settings/export/contacts.csv", ADMIN),
    ("GET", "/settings/export/notes.csv", "/settings/export/notes.csv", ADMIN),
    ("GET", "/settings/export", "/settings/export", MANAGER),
    ("GET", "/settings/audit", "/settings/audit", ADMIN),
    ("GET", "/settings/audit/export.csv", "/settings/audit/export.csv", ADMIN),
    ("GET", "/settings/messages/{key}", "/settings/messages/none", [SignIn, Refused, Nothing, Nothing, Nothing]),
    ("POST", "/settings/messages/{key}", "/settings/messages/none", [SignIn, Refused, Nothing, Nothing, Nothing]),
    ("POST", "/settings/messages/{key}/reset", "/settings/messages/none/reset", NO_OBJECT),
    ("POST", "/settings/office", "/settings/office", ADMIN),
    ("POST", "/settings/channels/{id}/resume", "/settings/channels/none/resume", NO_OBJECT),
    ("POST", "/settings/staff", "/settings/staff", ADMIN),
    ("POST", "/settings/staff/{id}/role", "/settings/staff/018f0000-0000-7000-8000-000000000001/role", NO_OBJECT),
    ("POST", "/settings/staff/{id}/disable", "/settings/staff/018f0000-0000-7000-8000-000000000001/disable", NO_OBJECT),
    ("POST", "/settings/staff/{id}/enable", "/settings/staff/018f0000-0000-7000-8000-000000000001/enable", NO_OBJECT),
    ("POST", "/settings/staff/{id}/link", "/settings/staff/018f0000-0000-7000-8000-000000000001/link", NO_OBJECT),
    ("POST", "/settings/sending/stop", "/settings/sending/stop", MANAGER),
    ("POST", "/settings/sending/resume", "/settings/sending/resume", MANAGER),
    ("POST", "/settings/sending/channels/{id}/stop", "/settings/sending/channels/none/stop", NO_CHANNEL),
    ("POST", "/settings/sending/channels/{id}/resume", "/settings/sending/channels/none/resume", NO_CHANNEL),
    ("GET", "/today", "/today", STAFF),
    ("GET", "/undelivered", "/undelivered", STAFF),
    ("GET", "/tasks/{id}/call", "/tasks/TASK/call", THEIRS),
    ("POST", "/tasks/{id}/call", "/tasks/TASK/call", THEIRS),
    ("POST", "/tasks/{id}/start", "/tasks/TASK/start", THEIRS),
    ("POST", "/tasks/{id}/release", "/tasks/TASK/release", THEIRS),
    ("GET", "/today/plan", "/today/plan", STAFF),
    ("GET", "/graduates/{id}/later", "/graduates/GRADUATE/later", THEIRS),
    ("POST", "/graduates/{id}/later", "/graduates/GRADUATE/later", THEIRS),
    ("POST", "/graduates/{id}/not-today", "/graduates/GRADUATE/not-today", THEIRS),
    ("POST", "/graduates/{id}/bring-back", "/graduates/GRADUATE/bring-back", THEIRS),
    ("POST", "/tasks/{id}/done", "/tasks/TASK/done", THEIRS),
    ("POST", "/deliveries/{id}/decide", "/deliveries/DELIVERY/decide", THEIRS),
    ("GET", "/signs", "/signs", STAFF),
    ("POST", "/signs/{id}/confirm", "/signs/SIGN/confirm", THEIRS),
    ("POST", "/signs/{id}/dismiss", "/signs/SIGN/dismiss", THEIRS),
    ("POST", "/signs/{id}/act", "/signs/SIGN/act", THEIRS),
    ("POST", "/signs/{id}/resolve", "/signs/SIGN/resolve", THEIRS),
    ("GET", "/inbox", "/inbox", STAFF),
    ("GET", "/inbox/{graduate}", "/inbox/GRADUATE", THEIRS),
    (
        "GET",
        "/inbox/{graduate}/files/{message}",
        "/inbox/GRADUATE/files/018f0000-0000-7000-8000-000000000001",
        NONE_SUCH,
    ),
    ("GET", "/events", "/events", STAFF),
    ("GET", "/search", "/search", STAFF),
    ("POST", "/search", "/search", STAFF),
    ("POST", "/inbox/{graduate}/reply", "/inbox/GRADUATE/reply", THEIRS),
    ("POST", "/inbox/{graduate}/draft", "/inbox/GRADUATE/draft", THEIRS),
    ("POST", "/inbox/{graduate}/later", "/inbox/GRADUATE/later", THEIRS),
    ("POST", "/inbox/{graduate}/hand-over", "/inbox/GRADUATE/hand-over", THEIRS),
    (
        "POST",
        "/inbox/{graduate}/waiting/{delivery}",
        "/inbox/GRADUATE/waiting/018f0000-0000-7000-8000-000000000001",
        NONE_SUCH,
    ),
    ("POST", "/inbox/{graduate}/look", "/inbox/GRADUATE/look", THEIRS),
    ("POST", "/inbox/{graduate}/close", "/inbox/GRADUATE/close", THEIRS),
    ("POST", "/graduates/{id}/crisis/take", "/graduates/GRADUATE/crisis/take", THEIRS),
    ("POST", "/graduates/{id}/crisis/release", "/graduates/GRADUATE/crisis/release", THEIRS),
    ("POST", "/graduates/{id}/crisis/close", "/graduates/GRADUATE/crisis/close", THEIRS),
    ("GET", "/graduates", "/graduates", STAFF),
    ("POST", "/graduates/search", "/graduates/search", STAFF),
    ("GET", "/graduates/{id}", "/graduates/GRADUATE", THEIRS),
    ("GET", "/graduates/{id}/pause", "/graduates/GRADUATE/pause", THEIRS),
    ("POST", "/graduates/{id}/pause", "/graduates/GRADUATE/pause", THEIRS),
    ("POST", "/graduates/{id}/resume", "/graduates/GRADUATE/resume", THEIRS),
    ("GET", "/graduates/{id}/notes/new", "/graduates/GRADUATE/notes/new", THEIRS),
    ("POST", "/graduates/{id}/notes", "/graduates/GRADUATE/notes", THEIRS),
    ("GET", "/graduates/{id}/audit", "/graduates/GRADUATE/audit", THEIRS),
    ("POST", "/webhooks/line/{channel}", "/webhooks/line/line-main", [Unsigned; 5]),
    ("POST", "/webhooks/twilio/{channel}/inbound", "/webhooks/twilio/sms-main/inbound", [Unsigned; 5]),
    ("POST", "/webhooks/twilio/{channel}/status", "/webhooks/twilio/sms-main/status", [Unsigned; 5]),
];

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: Vec<_> = ROWS.iter().map(|(method, path, ..)| (*method, *path)).collect();
    let routes: Vec<_> = all_routes().iter().map(|route| (route.method, route.path)).collect();
    let without: Vec<_> = routes.iter().filter(|route| !rows.contains(route)).collect();
    let gone: Vec<_> = rows.iter().filter(|row| !routes.contains(row)).collect();
    assert!(without.is_empty(), "routes without a row: {without:?}");
    assert!(gone.is_empty(), "rows without a route: {gone:?}");
    assert_eq!(rows.len(), rows.iter().collect::<std::collections::BTreeSet<_>>().len(), "a route has one row");
}

/// Things of the first office that the paths name.
async fn things(site: &Site) -> Vec<(&'static str, String)> {
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "最近あまり眠れていません").await;
    let tx = site.world.begin().await;
    let message = tx.messages_of(graduate, None, 1).await.unwrap().pop().unwrap();
    let new = NewSign {
        graduate,
        source: SignSource::Person,
        category: SignCategory::Workload,
        level: SignLevel::Clear,
        quote: "眠れていません".into(),
        place: SignPlace::Message(message.id),
    };
    let sign = tx.suggest_sign(&new).await.unwrap().unwrap();
    let task = NewTask {
        graduate: Some(graduate),
        ..NewTask::program(TaskKind::Call, TaskReason::AskedForCall, "ask".into(), tx.now())
    };
    let task = tx.add_task(&task).await.unwrap().unwrap();
    let point = tx.contact_points(graduate).await.unwrap().remove(0);
    let delivery = NewDelivery {
        graduate: Some(graduate),
        check_in: None,
        message: None,
        escalation: None,
        purpose: Purpose::Notice,
        slot: "test".into(),
        channel_id: "line-main".into(),
        channel_kind: ChannelKind::Line,
        contact_point: Some((point.id, point.version)),
        address: point.address,
        payload: Payload { text: "見本".into(), ..Payload::default() },
        due_at: tx.now(),
        window: (tx.now(), tx.now() + TimeDelta::hours(1)),
        expires_at: tx.now() + TimeDelta::hours(1),
    };
    let delivery = tx.add_delivery(&delivery).await.unwrap().unwrap();
    tx.save().await.unwrap();
    vec![
        ("GRADUATE", graduate.to_string()),
        ("SIGN", sign.to_string()),
        ("TASK", task.to_string()),
        ("DELIVERY", delivery.to_string()),
    ]
}

async fn gets(browser: &mut Browser<'_>, method: &str, path: &str) -> (Gets, StatusCode) {
    let answer = if method == "GET" { browser.get(path).await } else { browser.post(path, FIELDS).await };
    let gets = match answer.status {
        StatusCode::SEE_OTHER if answer.place().starts_with("/login?next=") => SignIn,
        StatusCode::FORBIDDEN => Refused,
        StatusCode::NOT_FOUND => Nothing,
        StatusCode::UNAUTHORIZED => Unsigned,
        status if status.is_success() || status.is_redirection() => Served,
        // A refused form was looked at: whoever sent it might.
        StatusCode::UNPROCESSABLE_ENTITY => Served,
        status => panic!("{method} {path}: {status}"),
    };
    (gets, answer.status)
}

/// Enough that every form can be read; most are refused for what is missing.
const FIELDS: &[(&str, &str)] =
    &[("lang", "ja"), ("back", "/"), ("reason", "thanks"), ("until", "tomorrow"), ("decision", "call")];

#[tokio::test]
async fn everybody_gets_what_is_written_and_nothing_else() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    // A stream of events ends at once then.
    site.stop.cancel();
    let other = site.other_office().await;
    let things = things(&site).await;
    let mut wrong = BTreeMap::new();
    for (method, route, path, row) in ROWS {
        for (who, expected) in ["nobody", "staff", "manager", "admin", "other office"].iter().zip(row) {
            let mut browser = match *who {
                "nobody" => site.stranger(),
                "staff" => site.signed_in(Role::Staff).await,
                "manager" => site.signed_in(Role::Manager).await,
                "admin" => site.signed_in(Role::Admin).await,
                _ => site.signed_in_at(other, Role::Admin).await.0,
            };
            let path = things.iter().fold((*path).to_owned(), |path, (name, id)| path.replace(name, id));
            let (got, status) = gets(&mut browser, method, &path).await;
            if got != *expected {
                wrong.insert(format!("{method} {route} for {who}"), (got, status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_answer_of_every_route_carries_the_security_headers() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    site.stop.cancel();
    let things = things(&site).await;
    for (method, _, path, _) in ROWS {
        let path = &things.iter().fold((*path).to_owned(), |path, (name, id)| path.replace(name, id));
        for mut browser in [site.stranger(), site.signed_in(Role::Admin).await] {
            let answer = if *method == "GET" { browser.get(path).await } else { browser.post(path, &[]).await };
            let given = &answer.headers;
            assert_eq!(given[header::CONTENT_SECURITY_POLICY], bansou_web::headers::CONTENT_SECURITY_POLICY, "{path}");
            assert_eq!(given[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert_eq!(given[header::CACHE_CONTROL], "no-store", "{path}");
            assert!(given.contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
            assert!(!given.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{path}");
        }
    }
}

#[tokio::test]
async fn a_form_without_its_token_or_from_elsewhere_is_refused() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let mut browser = site.signed_in(Role::Admin).await;
    let other = site.signed_in(Role::Admin).await.token();
    let things = things(&site).await;
    for (_, _, path, _) in ROWS.iter().filter(|row| row.0 == "POST" && row.3[0] == SignIn) {
        let path = &things.iter().fold((*path).to_owned(), |path, (name, id)| path.replace(name, id));
        for token in ["", "0000", other.as_str()] {
            let answer = browser.post_raw(path, &[("csrf", token), ("once", "abc")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {token:?}");
        }
        let token = browser.token();
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")]
        {
            let request = browser.request("POST", path).header(name, value);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = site.call(request.body(format!("csrf={token}&once=abc").into()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {name}: {value}");
        }
        let twice = browser.post_raw(path, &[("csrf", &token), ("csrf", &token), ("once", "abc")]).await;
        assert_eq!(twice.status, StatusCode::BAD_REQUEST, "{path} with a field twice");
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "nothing was done, not even signing out");
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused_before_it_is_read() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let mut browser = site.signed_in(Role::Admin).await;
    let large = "あ".repeat(bansou_web::app::FORM_LIMIT / 3);
    let answer = browser.post("/account", &[("password", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_worker_that_is_dead_makes_the_process_not_ready() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    assert_eq!(site.stranger().get("/readyz").await.status, StatusCode::OK);
    site.alive.store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(site.stranger().get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.stranger().get("/livez").await.status, StatusCode::OK);
}
