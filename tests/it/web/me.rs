//! A graduate's own pages: the way in, a rest that the planner obeys, and what is shared with whom.

use bansou_core::audit::Actor;
use bansou_core::check_in::CheckInState;
use bansou_core::escalation::EscalationState;
use bansou_core::graduate::Support;
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_core::task::TaskReason;
use bansou_tests::database::TestDatabase;
use chrono::Timelike;
use http::StatusCode;

use super::employer::send;
use super::escalations::{fields, post, stage, words};
use super::joined::planned;
use super::site::{Answered, Browser, Site, day};

/// The graduate's browser, let in by a link that staff made.
pub(super) async fn let_in(site: &Site, graduate: GraduateId) -> Browser<'_> {
    let path = link(site, graduate).await;
    let mut browser = site.stranger();
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    assert_eq!(browser.post(&path, &[]).await.place(), "/me");
    browser
}

/// A link that staff make; its path.
pub(super) async fn link(site: &Site, graduate: GraduateId) -> String {
    let mut staff = site.signed_in(Role::Staff).await;
    let made = staff.post(&format!("/graduates/{graduate}/me-link"), &[]).await;
    assert_eq!(made.status, StatusCode::OK);
    let from = made.body.find("https://bansou.example/me/").expect("the link is shown once");
    let url = made.body[from..].split(['<', '"']).next().unwrap();
    url.trim_start_matches("https://bansou.example").to_owned()
}

pub(super) async fn tap(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answered {
    send(browser, "__Host-me", path, fields).await
}

#[tokio::test]
async fn a_link_opens_the_page_once_and_the_same_browser_goes_on() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    site.world.tick().await;
    let path = link(&site, graduate).await;
    let mut phone = site.stranger();
    assert!(!phone.get(&path).await.body.contains("見本1"), "the door says nothing about the person");
    phone.post(&path, &[]).await;
    assert!(phone.get("/me").await.body.contains("見本1"));
    assert_eq!(phone.get(&path).await.place(), "/me");
    for page in ["/me/plan", "/me/pause", "/me/sharing", "/me/help"] {
        assert_eq!(phone.get(page).await.status, StatusCode::OK, "{page}");
    }
    let mut other = site.stranger();
    let used = other.get(&path).await;
    assert_eq!(used.status, StatusCode::GONE);
    assert!(used.body.contains("03-0000-0000"));
    assert_eq!(other.get("/me").await.status, StatusCode::FORBIDDEN);
    let newer = link(&site, graduate).await;
    let newest = link(&site, graduate).await;
    assert_eq!(other.get(&newer).await.status, StatusCode::NOT_FOUND, "a newer link replaces an unopened one");
    assert_eq!(other.get(&newest).await.status, StatusCode::OK);
    site.world.clock.set(site.world.now() + chrono::TimeDelta::days(15));
    assert_eq!(other.get(&newest).await.status, StatusCode::NOT_FOUND);
    assert_eq!(phone.get("/me").await.status, StatusCode::OK, "whoever is in stays in for a while");
}

#[tokio::test]
async fn a_rest_of_a_week_reaches_the_planner_and_ends_when_the_person_says_so() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-01")).await;
    site.world.tick().await;
    let mut phone = let_in(&site, graduate).await;
    assert_eq!(tap(&mut phone, "/me/pause", &[("length", "week")]).await.place(), "/me/pause?done=me-paused");
    site.world.tick().await;
    let next = async || site.world.begin().await.cadence(graduate).await.unwrap().unwrap().next.unwrap().due_on;
    assert!(next().await > day("2026-04-07"), "{}", next().await);
    assert!(phone.get("/me").await.body.contains("4月7日"));
    assert_eq!(tap(&mut phone, "/me/resume", &[]).await.place(), "/me/pause?done=me-resumed");
    site.world.tick().await;
    assert!(next().await <= day("2026-04-07"), "{}", next().await);
}

#[tokio::test]
async fn the_minute_that_is_told_is_the_minute_at_which_it_comes() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (graduate, waits) = planned(&site, 6).await.into_iter().map(|one| (one.graduate.unwrap(), one)).next().unwrap();
    let mut phone = let_in(&site, graduate).await;
    let at = waits.due_at.with_timezone(&chrono_tz::Asia::Tokyo);
    let told = format!(
        "4月1日（水）{}{}時{}分 LINEで",
        if at.hour() < 12 { "午前" } else { "午後" },
        (at.hour() + 11) % 12 + 1,
        at.minute()
    );
    let page = phone.get("/me/plan").await.body;
    assert!(page.replace("</ruby>", "").contains("LINEで") && page.contains(&told), "{told}: {page}");
    let staff = site.signed_in(Role::Staff).await.get(&format!("/graduates/{graduate}")).await.body;
    assert!(
        staff.contains("<p class=\"next-at\"><time datetime=\"2026-04-01T"),
        "what comes today is what comes next: {staff}"
    );
    site.world.clock.set(waits.due_at + chrono::TimeDelta::minutes(5));
    site.world.tick().await;
    let page = phone.get("/me/plan").await.body;
    assert!(page.contains("LINEで") && !page.contains('分'), "the minute of another day isn't known yet: {page}");
    let tx = site.world.begin().await;
    tx.set_support(Actor::COMMAND, graduate, Support::Ended).await.unwrap();
    tx.save().await.unwrap();
    assert!(!phone.get("/me/plan").await.body.contains("LINEで"), "nothing comes any more");
    let staff = site.signed_in(Role::Staff).await.get(&format!("/graduates/{graduate}")).await.body;
    assert!(staff.contains("支援中ではないので、予定はありません"), "{staff}");
}

#[tokio::test]
async fn without_line_and_a_number_the_next_contact_is_a_person() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-01")).await;
    site.world.tick().await;
    let tx = site.world.begin().await;
    for point in tx.contact_points(graduate).await.unwrap() {
        tx.remove_address(Actor::COMMAND, point.id).await.unwrap();
    }
    tx.save().await.unwrap();
    let mut phone = let_in(&site, graduate).await;
    for page in ["/me", "/me/plan"] {
        let body = phone.get(page).await.body;
        assert!(body.contains("ごろ、支援員が連絡します") && !body.contains('⟦'), "{body}");
    }
}

#[tokio::test]
async fn a_stop_is_honoured_at_once_and_told_to_the_staff() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.run_until(site.world.now() + chrono::TimeDelta::minutes(1)).await;
    let mut phone = let_in(&site, graduate).await;
    tap(&mut phone, "/me/stop", &[]).await;
    let tx = site.world.begin().await;
    assert!(tx.graduate(graduate).await.unwrap().unwrap().contact_stopped_at.is_some());
    let tasks = tx.tasks_of(graduate).await.unwrap();
    assert!(tasks.iter().any(|task| task.reason == TaskReason::Stopped));
    for row in tx.open_check_ins_of(graduate).await.unwrap() {
        assert_eq!(row.state, CheckInState::Out, "nothing waits any more");
    }
    drop(tx);
    let before = site.world.inbox.accepted_after(0).len();
    site.world.run_until(site.world.now() + chrono::TimeDelta::days(20)).await;
    assert_eq!(site.world.inbox.accepted_after(0).len(), before);
    let mut again = let_in(&site, graduate).await;
    tap(&mut again, "/me/resume", &[]).await;
    assert!(site.world.begin().await.graduate(graduate).await.unwrap().unwrap().contact_stopped_at.is_none());
}

#[tokio::test]
async fn the_persons_own_stop_ends_with_their_word_and_another_stop_stays_until_staff_decide() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let asked = async |graduate| {
        let tasks = site.world.begin().await.tasks_of(graduate).await.unwrap();
        tasks.iter().filter(|task| task.reason == TaskReason::WantsContact).count()
    };
    let stopped = async |graduate| {
        site.world.begin().await.graduate(graduate).await.unwrap().unwrap().contact_stopped_at.is_some()
    };
    let mine = site.world.graduate(1, day("2026-03-30")).await;
    let mut phone = let_in(&site, mine).await;
    tap(&mut phone, "/me/stop", &[]).await;
    assert_eq!(tap(&mut phone, "/me/resume", &[]).await.place(), "/me/pause?done=me-resumed");
    assert!(!stopped(mine).await);
    assert_eq!(asked(mine).await, 1, "staff get to know of it");

    let theirs = site.world.graduate(2, day("2026-03-30")).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let stop = [("asked", "supporter"), ("why", "主治医の指示"), ("sure", "yes")];
    staff.post(&format!("/graduates/{theirs}/stop"), &stop).await;
    let mut phone = let_in(&site, theirs).await;
    for _ in 0..2 {
        assert_eq!(tap(&mut phone, "/me/resume", &[]).await.place(), "/me/pause?done=me-asked");
    }
    assert!(phone.get("/me/pause?done=me-asked").await.body.contains("支援員に伝えました"));
    assert!(stopped(theirs).await);
    assert_eq!(asked(theirs).await, 1, "asking twice on a day is one task");
    assert!(staff.get("/today").await.body.contains("また連絡してほしい"));
    tap(&mut phone, "/me/stop", &[]).await;
    assert!(site.world.begin().await.is_own_stop(theirs).await.unwrap());
    tap(&mut phone, "/me/resume", &[]).await;
    let tx = site.world.begin().await;
    assert!(!tx.is_own_stop(theirs).await.unwrap(), "their own word is taken back");
    assert!(tx.graduate(theirs).await.unwrap().unwrap().contact_stopped_at.is_some(), "the doctor's stop stays");
}

#[tokio::test]
async fn the_person_reads_a_request_on_their_own_page_and_only_yes_counts() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let drafted = post(&mut staff, &format!("/signs/{}/escalate", stage.sign), &fields(&stage)).await;
    let place = drafted.place().split('?').next().unwrap().to_owned();
    let id = bansou_core::ids::EscalationId(place.rsplit('/').next().unwrap().parse().unwrap());
    let mark = words(&site, id).await;
    let mut phone = let_in(&site, stage.graduate).await;
    let mine = format!("/me/requests/{id}");
    assert_eq!(phone.get(&mine).await.place(), "/me/sharing", "nobody has asked yet");
    let asked = [("words", mark.as_str()), ("how", "own_page")];
    assert_eq!(staff.post(&format!("{place}/read"), &asked).await.place(), format!("{place}?done=request-asked"));
    assert!(phone.get("/me").await.body.contains(&mine));
    assert!(phone.get(&mine).await.body.contains("紙に書いて渡して"));

    tap(&mut phone, &mine, &[("words", &mark), ("answer", "talk")]).await;
    let stands = async || site.world.begin().await.escalation(id).await.unwrap().unwrap().state;
    assert_eq!(stands().await, EscalationState::Draft);
    let tasks = site.world.begin().await.tasks_of(stage.graduate).await.unwrap();
    assert!(tasks.iter().any(|task| task.reason == TaskReason::AskedForCall));
    assert_eq!(phone.get(&mine).await.place(), "/me/sharing", "it doesn't wait any more");

    staff.post(&format!("{place}/read"), &asked).await;
    let yes = tap(&mut phone, &mine, &[("words", &mark), ("answer", "yes")]).await;
    assert_eq!(yes.place(), "/me/sharing?done=me-read");
    assert_eq!(stands().await, EscalationState::ReadByPerson);
    let sharing = phone.get("/me/sharing").await.body;
    let (before, after) = sharing.split_once(&format!("/me/consents/{}/withdraw", stage.consent)).expect("the form");
    let asked = before.rfind("<details").expect("a second question");
    assert!(
        before[asked..].contains("この人に伝えるのをやめる") && !before[asked..].contains("</details>"),
        "{before}"
    );
    assert!(after.split("</form>").next().unwrap().contains("button-danger"));
    let withdrawn = tap(&mut phone, &format!("/me/consents/{}/withdraw", stage.consent), &[]).await;
    assert_eq!(withdrawn.place(), "/me/sharing?done=me-withdrawn");
    assert_eq!(stands().await, EscalationState::Withdrawn, "what no consent covers is taken back");
}

#[tokio::test]
async fn a_page_that_fails_leads_a_guest_back_to_their_own_first_page_and_never_to_the_staffs() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    let mut phone = let_in(&site, graduate).await;
    let wrong_form = tap(&mut phone, "/me/pause", &[("length", "for ever")]).await;
    let foreign = phone.post_raw("/me/stop", &[("csrf", "not ours"), ("once", "x")]).await;
    let nowhere = phone.get("/me/no/such/page").await;
    for page in [wrong_form, foreign, nowhere] {
        assert!(page.body.contains("この ページは 使えません") && page.body.contains("href=\"/me\""), "{}", page.body);
        assert!(!page.body.contains("href=\"/\"") && !page.body.contains("権限"), "{}", page.body);
    }
    let at_work = site.stranger().get("/e/no/such/page").await.body;
    assert!(at_work.contains("このページは使えません") && at_work.contains("href=\"/e\""), "{at_work}");
    phone.cookies.insert("__Host-lang".into(), "ja".into());
    assert!(phone.get("/me/no/such/page").await.body.contains("このページは使えません"), "the chosen way of reading");
    let staff = site.signed_in(Role::Staff).await.get("/no/such/page").await.body;
    assert!(staff.contains("ページが見つかりません"));
}

#[tokio::test]
async fn nobody_sees_or_changes_what_is_another_persons() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let other = site.world.graduate(2, day("2026-01-05")).await;
    let mut phone = let_in(&site, other).await;
    let answer = tap(&mut phone, &format!("/me/consents/{}/withdraw", stage.consent), &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let consent = site.world.begin().await.consent(stage.consent).await.unwrap().unwrap();
    assert!(consent.terms.withdrawn_at.is_none());
}

#[tokio::test]
async fn the_offices_number_can_be_dialled_however_it_was_stored_and_what_is_none_is_no_link() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    let store = async |phone: &str| {
        let tx = site.world.begin().await;
        let office = tx.own_office().await.unwrap();
        let settings = bansou_core::office::OfficeSettings { phone: phone.to_owned(), ..office.settings };
        tx.change_office(&office.name, &settings).await.unwrap();
        tx.save().await.unwrap();
    };
    store("０２９－１２３－４５６７").await;
    let mut phone = let_in(&site, graduate).await;
    for page in ["/me/help", "/me/pause"] {
        let page = phone.get(page).await.body;
        assert!(page.contains("href=\"tel:0291234567\"") && page.contains("029-123-4567"), "{page}");
    }
    store("03-1234-5678 内線3").await;
    for page in ["/me/help", "/me/pause"] {
        let page = phone.get(page).await.body;
        assert!(!page.contains("tel:03") && page.contains("03-1234-5678 内線3"), "{page}");
    }
}
