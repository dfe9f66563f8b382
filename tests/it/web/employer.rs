//! The employer contact's way: a link that works once, one answer, and what follows from it.

use std::sync::atomic::{AtomicU32, Ordering};

use bansou_core::cadence::Because;
use bansou_core::escalation::{AnswerKind, EscalationState};
use bansou_core::staff::Role;
use bansou_core::task::TaskReason;
use bansou_tests::database::TestDatabase;
use bansou_web::csrf;
use http::StatusCode;

use super::escalations::{Stage, mail, read_request, stage, words};
use super::site::{Answered, Browser, Site, day};
use bansou_core::ids::EscalationId;

/// Every form has a key of its own.
static ONCE: AtomicU32 = AtomicU32::new(0);

/// Sends the request; the path of the link in the mail.
async fn link(site: &Site, stage: &Stage) -> (EscalationId, String) {
    let mut browser = site.signed_in(Role::Staff).await;
    let id = read_request(&mut browser, stage).await;
    let mark = words(site, id).await;
    browser.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    site.world.tick().await;
    let text = mail(site).expect("the mail arrived").text;
    let from = text.find("/e/").expect("a link");
    let path = text[from..].split_whitespace().next().unwrap().to_owned();
    (id, path)
}

pub(super) async fn send(browser: &mut Browser<'_>, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answered {
    let token = csrf::token(browser.cookies.get(cookie).map_or("", String::as_str).as_bytes());
    let once = format!("guest-{}", ONCE.fetch_add(1, Ordering::Relaxed));
    browser.post_raw(path, &[&[("csrf", token.as_str()), ("once", &once)], fields].concat()).await
}

/// Presses the door's button; the path of the request behind it.
pub(super) async fn enter(browser: &mut Browser<'_>, path: &str) -> String {
    browser.get(path).await;
    let opened = browser.post(path, &[]).await;
    assert!(opened.place().starts_with("/e?r="), "{} {}", opened.status, opened.place());
    opened.place().to_owned()
}

/// Answers the request at a path.
pub(super) async fn say(browser: &mut Browser<'_>, place: &str, fields: &[(&str, &str)]) -> Answered {
    let mark = place.strip_prefix("/e?r=").unwrap();
    send(browser, &format!("__Host-request-{mark}"), &format!("/e/answer?r={mark}"), fields).await
}

#[tokio::test]
async fn the_employer_answers_once_and_the_graduate_is_asked_how_it_went() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let (id, path) = link(&site, &stage).await;
    let mut employer = site.stranger();
    let door = employer.get(&path).await;
    assert_eq!(door.status, StatusCode::OK);
    assert!(!door.body.contains("花子"), "before the button nothing is said about the person");
    assert_eq!(employer.get(&path).await.status, StatusCode::OK, "looking uses nothing up");
    let place = enter(&mut employer, &path).await;
    for place in [place.as_str(), "/e"] {
        assert!(employer.get(place).await.body.contains("花子"));
    }
    assert_eq!(employer.get(&path).await.place(), place, "the same browser finds its way back");

    let wrong = [("kind", "maybe"), ("on", "いつか"), ("text", "ホワイトボードなら")];
    let refused = say(&mut employer, &place, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["kind", "on", "may_show"] {
        assert!(refused.body.contains(&format!("{field}-error")), "{field}");
    }
    let right = [("kind", "other"), ("on", "2026-04-15"), ("text", "ホワイトボードなら"), ("may_show", "yes")];
    assert_eq!(say(&mut employer, &place, &right).await.place(), place);
    assert!(employer.get("/e").await.body.contains("ホワイトボードなら"));
    let again = [("kind", "no"), ("text", "やはり"), ("may_show", "no")];
    assert_eq!(say(&mut employer, &place, &again).await.place(), place);

    let page = site.signed_in(Role::Staff).await.get(&format!("/escalations/{id}")).await.body;
    let back = page.split_once("id=\"ask-back\"").expect("S2.8: words to ask back are at hand").1;
    let back = back.split_once('>').unwrap().1.split_once("</textarea>").unwrap().0;
    assert!(back.contains("例山 ひとみ様") && back.contains("何のためですか"), "{back}");
    assert!(!back.contains("花子"), "they say nothing about the person: {back}");
    let tx = site.world.begin().await;
    let request = tx.escalation(id).await.unwrap().unwrap();
    assert_eq!(request.state, EscalationState::Answered);
    assert_eq!(request.answer.map(|answer| answer.kind), Some(AnswerKind::OtherIdea), "the first answer stays");
    assert!(tx.tasks_of(stage.graduate).await.unwrap().iter().any(|task| task.reason == TaskReason::EmployerAnswered));
    let cadence = tx.cadence(stage.graduate).await.unwrap().unwrap().state;
    assert_eq!(cadence.follow_ups.iter().map(|one| one.on).collect::<Vec<_>>(), [day("2026-04-15")]);
    let planned = bansou_core::cadence::next_due(&cadence, day("2026-04-14"), None, &site_calendar());
    assert!(planned.is_some_and(|next| matches!(next.reason.because, Because::FollowUp { .. })));
}

fn site_calendar() -> bansou_core::calendar::OfficeCalendar {
    let holidays = std::sync::Arc::new(bansou_core::calendar::Holidays::embedded());
    bansou_core::office::OfficeSettings::default().calendar(chrono_tz::Asia::Tokyo, &holidays)
}

#[tokio::test]
async fn a_link_that_was_used_is_too_old_or_never_was_says_so_calmly() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let (id, path) = link(&site, &stage).await;
    let unknown = site.stranger().get("/e/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let mut first = site.stranger();
    first.get(&path).await;
    assert_eq!(first.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    let mut second = site.stranger();
    let used = second.get(&path).await;
    assert_eq!(used.status, StatusCode::GONE);
    assert!(used.body.contains("03-0000-0000"), "whom to call stands there");
    assert_eq!(second.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(second.get("/e").await.status, StatusCode::FORBIDDEN);

    let mut staff = site.signed_in(Role::Staff).await;
    staff.post(&format!("/escalations/{id}/withdraw"), &[]).await;
    let gone = first.get("/e").await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(!gone.body.contains("花子"), "what was taken back isn't shown any more");
}

#[tokio::test]
async fn a_link_ends_after_thirty_days_and_is_not_opened_after_the_request_was_taken_back() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let (id, path) = link(&site, &stage).await;
    let mut staff = site.signed_in(Role::Staff).await;
    staff.post(&format!("/escalations/{id}/withdraw"), &[]).await;
    assert_eq!(site.stranger().get(&path).await.status, StatusCode::GONE);
    site.world.clock.set(site.world.now() + chrono::TimeDelta::days(31));
    assert_eq!(site.stranger().get(&path).await.status, StatusCode::NOT_FOUND);
}
