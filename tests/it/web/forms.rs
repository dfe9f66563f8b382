//! Forms of one page: each acts once and by itself, on words that its presser has seen, and none loses what stands in another.

use bansou_core::employment::Disclosure;
use bansou_core::ids::{GraduateId, TaskId};
use bansou_core::staff::Role;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::thread::Turn;
use bansou_store::{NewInbound, NewTask};
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;
use bansou_tests::world::line_user;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::json;

use super::escalations::post;
use super::replies::{in_the_box, newest, replies, turn};
use super::site::{Answered, Browser, Site, day};

/// The value of the first hidden field or button of this name.
pub(super) fn hidden(page: &str, name: &str) -> String {
    let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
    field.split('"').next().unwrap().to_owned()
}

/// Somebody has written, and a minute has passed.
async fn asked(site: &Site) -> GraduateId {
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "相談があります").await;
    site.world.clock.advance(TimeDelta::minutes(1));
    graduate
}

#[tokio::test]
async fn nobody_says_that_no_reply_is_needed_or_that_we_wait_about_words_they_have_not_seen() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = asked(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}");
    let page = browser.get(&path).await.body;
    let seen = newest(&site, graduate).await;
    let field = format!("<input type=\"hidden\" name=\"seen\" value=\"{seen}\">");
    for form in ["reply", "hold", "wait", "close"] {
        let action = format!("action=\"{path}/{form}#");
        let forms: Vec<_> = page.split("<form").filter(|form| form.contains(&action)).collect();
        assert!(!forms.is_empty() && forms.iter().all(|form| form.contains(&field)), "{form} carries it: {page}");
    }
    site.world.says("e2", 1, "もう一つ聞きたいです").await;
    let due = turn(&site, graduate).await;
    let three = "2026-04-01T06:00:00+00:00";
    let (close, wait, hold) = ([("reason", "thanks")], [], [("at", three), ("channel", "line")]);
    let own = [("hold_on", "2026-04-02"), ("hold_time", "13:30")];
    for (form, typed) in [("close", &close[..]), ("wait", &wait[..]), ("hold", &hold[..]), ("hold", &own[..])] {
        for unseen in [seen.as_str(), ""] {
            let fields = [typed, &[("seen", unseen)]].concat();
            let again = browser.post(&format!("{path}/{form}"), &fields).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(
                again.body.contains("id=\"meanwhile\"") && again.body.contains("もう一つ聞きたいです"),
                "{}",
                again.body
            );
            assert_eq!(turn(&site, graduate).await, due, "{form}: nothing is decided");
        }
    }
    let waiting = "本人の返事を待っています";
    assert!(!browser.get(&path).await.body.contains(waiting));
    let seen = hidden(&browser.get(&path).await.body, "seen");
    let waits = browser.post(&format!("{path}/wait"), &[("seen", &seen)]).await;
    assert_eq!(waits.status, StatusCode::SEE_OTHER, "who has seen them may");
    assert!(browser.get(&path).await.body.contains(waiting));
    let closed = browser.post(&format!("{path}/close"), &[("reason", "thanks"), ("seen", &seen)]).await;
    assert!(closed.place().contains("done=thread-closed"), "{}", closed.place());
    assert_ne!(turn(&site, graduate).await, due);
}

#[tokio::test]
async fn a_page_that_comes_back_says_what_came_in_whatever_else_is_wrong_and_also_when_words_were_only_looked_over() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = asked(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}");
    let seen = newest(&site, graduate).await;
    site.world.says("e2", 1, "もう一つ聞きたいです").await;
    let long = "長".repeat(6_000);
    let looked = [("body", "わかりました"), ("seen", seen.as_str())];
    let list = browser.post(&format!("{path}/examples"), &looked).await.body;
    let (carried, pick) = (hidden(&list, "seen"), hidden(&list, "pick"));
    let picked = [("body", "わかりました"), ("seen", carried.as_str()), ("pick", pick.as_str())];
    for (form, words) in [("reply", long.as_str()), ("reply", "【 】"), ("reply", ""), ("look", ""), ("examples", "")]
    {
        let wrong = [("body", words), ("seen", seen.as_str()), ("channel", "line")];
        let fields = match form {
            "look" => &looked[..],
            "examples" => &picked[..],
            _ => &wrong[..],
        };
        let page = browser.post(&format!("{path}/{form}"), fields).await.body;
        let told = page.split("id=\"meanwhile\"").nth(1).unwrap_or_else(|| panic!("{form}: {page}"));
        assert!(told.split("</ul>").next().unwrap().contains("見本1 花子さんから届きました"), "{form}: {told}");
        assert_eq!(hidden(&page, "seen"), newest(&site, graduate).await, "what the page says is seen");
    }
    let seen = newest(&site, graduate).await;
    let again = browser.post(&format!("{path}/look"), &[("body", "わかりました"), ("seen", &seen)]).await.body;
    assert!(!again.contains("id=\"meanwhile\""), "nothing came in since: {again}");
}

/// Words that their webhook never brought are found later, and have the time at which they were written.
async fn found_late(site: &Site, key: &str, text: &str, wrote: DateTime<Utc>) {
    let message = json!({ "type": "text", "id": key, "text": text });
    let source = json!({ "type": "user", "userId": line_user(1) });
    let body = json!({
        "type": "message", "message": message, "source": source, "mode": "active", "webhookEventId": key,
        "timestamp": wrote.timestamp_millis(),
    });
    let event = NewInbound { event_key: key.into(), kind: "line:message".into(), body, occurred_at: wrote };
    site.world.store.store_inbound(site.world.office, "line-main", &[event]).await.unwrap();
    site.world.tick().await;
}

#[tokio::test]
async fn words_that_come_late_and_stand_above_our_own_are_unread_all_the_same() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = asked(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}");
    let wrote = site.world.now();
    site.world.clock.advance(TimeDelta::minutes(15));
    let seen = newest(&site, graduate).await;
    let later = [("way", "line"), ("seen", &seen), ("body", "午後に電話します"), ("when", "2026-04-01T14:30:00+09:00")];
    browser.post(&format!("{path}/later"), &later).await;
    let seen = hidden(&browser.get(&path).await.body, "seen");
    site.world.clock.advance(TimeDelta::minutes(20));
    found_late(&site, "late", "やっぱり電話はこまります", wrote).await;
    let due = turn(&site, graduate).await;
    let answer = [("channel", "line"), ("seen", seen.as_str()), ("body", "では、またあとで")];
    for (form, fields) in [("close", &[("reason", "thanks"), ("seen", seen.as_str())][..]), ("reply", &answer[..])] {
        let again = browser.post(&format!("{path}/{form}"), fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(again.body.contains("id=\"meanwhile\""), "{form}: {}", again.body);
        assert!(again.body.contains("これを書いたあとに"), "what waits was written without them: {}", again.body);
        assert_eq!(turn(&site, graduate).await, due, "{form}");
    }
    let seen = hidden(&browser.get(&path).await.body, "seen");
    let answer = [("channel", "line"), ("seen", seen.as_str()), ("body", "では、またあとで")];
    let sent = browser.post(&format!("{path}/reply"), &answer).await;
    assert!(sent.place().contains("done=reply-sent"), "who has seen them may: {}", sent.body);
    assert_eq!(turn(&site, graduate).await, Turn::TheirTurn, "and has answered all of them");
}

/// Sends a form with a page's own key, as the page does.
async fn send(browser: &mut Browser<'_>, once: &str, path: &str, fields: &[(&str, &str)]) -> Answered {
    let token = browser.token();
    browser.post_raw(path, &[&[("csrf", token.as_str()), ("once", once)][..], fields].concat()).await
}

#[tokio::test]
async fn another_form_of_the_same_page_is_not_taken_for_the_first_sent_twice() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = asked(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}");
    let once = hidden(&browser.get(&path).await.body, "once");
    let seen = newest(&site, graduate).await;
    // The answer opens in a new tab, and the page it was written on stays.
    let first = [("channel", "line"), ("seen", seen.as_str()), ("body", "今日15時に電話します")];
    for _ in 0..2 {
        let sent = send(&mut browser, &once, &format!("{path}/reply"), &first).await;
        assert!(sent.place().contains("done=reply-sent"), "{}", sent.place());
        assert_eq!(replies(&site, graduate).await.len(), 1, "pressed twice is sent once");
    }
    let draft = [("body", "書いている途中の"), ("after", "yes")];
    assert_eq!(send(&mut browser, &once, &format!("{path}/draft"), &draft[..1]).await.status, StatusCode::NO_CONTENT);
    send(&mut browser, &once, &format!("{path}/draft"), &draft).await;
    assert_eq!(in_the_box(&mut browser, graduate).await, "書いている途中の", "what was written afterwards is kept");
    site.world.clock.advance(TimeDelta::seconds(1));
    let second = [("channel", "line"), ("seen", seen.as_str()), ("body", "書類も持ってきてください")];
    let again = send(&mut browser, &once, &format!("{path}/reply"), &second).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody is told that it was sent when it wasn't");
    assert!(again.body.contains("書類も持ってきてください"), "{}", again.body);
    let seen = newest(&site, graduate).await;
    let second = [("channel", "line"), ("seen", seen.as_str()), ("body", "書類も持ってきてください")];
    send(&mut browser, &once, &format!("{path}/reply"), &second).await;
    assert_eq!(replies(&site, graduate).await.len(), 2);
}

#[tokio::test]
async fn of_two_rows_of_today_both_are_marked_by_the_page_they_stand_on() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let mut calls = Vec::new();
    for n in 1..=2 {
        let graduate = site.world.graduate(n, day("2026-03-30")).await;
        calls.push(call(&site, graduate).await);
    }
    for task in &calls {
        send(&mut browser, "one page of both", &format!("/tasks/{task}/start"), &[]).await;
    }
    for task in &calls {
        let page = browser.get(&format!("/tasks/{task}/call")).await.body;
        assert!(page.contains(&format!("/tasks/{task}/release")), "the reader is calling: {page}");
    }
}

async fn call(site: &Site, graduate: GraduateId) -> TaskId {
    let tx = site.world.begin().await;
    let new = NewTask::program(TaskKind::Call, TaskReason::FollowUp, graduate.to_string(), tx.now());
    let id = tx.add_task(&NewTask { graduate: Some(graduate), ..new }).await.unwrap().unwrap();
    tx.save().await.unwrap();
    id
}

#[tokio::test]
async fn looking_words_over_or_taking_an_example_forgets_neither_the_number_nor_what_was_said_of_the_promise() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = asked(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}");
    let three = "2026-04-01T06:00:00+00:00";
    let seen = newest(&site, graduate).await;
    browser.post(&format!("{path}/hold"), &[("at", three), ("channel", "line"), ("seen", &seen)]).await;
    let seen = newest(&site, graduate).await;
    let typed = [("body", "いま調べています"), ("number", "03-0000-0001"), ("promise", "open"), ("seen", &seen)];
    let is_kept = |page: &str| {
        let field = page.split("id=\"number\"").nth(1).unwrap_or_else(|| panic!("the number: {page}"));
        assert!(field.split('>').next().unwrap().contains("value=\"03-0000-0001\""), "{page}");
        assert!(page.contains("name=\"promise\" value=\"open\" checked"), "{page}");
    };
    is_kept(&browser.post(&format!("{path}/look"), &typed).await.body);
    let list = browser.post(&format!("{path}/examples"), &typed).await.body;
    let pick = hidden(&list, "pick");
    let carried = ["body", "number", "promise", "seen"].map(|name| (name, hidden(&list, name)));
    let mut carried: Vec<_> = carried.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(carried, typed);
    carried.push(("pick", &pick));
    let picked = browser.post(&format!("{path}/examples"), &carried).await.body;
    assert!(picked.contains("いま調べています"), "{picked}");
    is_kept(&picked);
    let day = [("way", "line"), ("when", "own"), ("on", "2026-04-04"), ("at", "23:00")];
    is_kept(&browser.post(&format!("{path}/later"), &[&typed[..], &day].concat()).await.body);

    browser.post(&format!("{path}/draft"), &typed).await;
    assert_eq!(in_the_box(&mut browser, graduate).await, "いま調べています\n03-0000-0001", "kept with its number");
    let empty = [("body", ""), ("number", "03-0000-0001"), ("channel", "line"), ("seen", "")];
    let refused = browser.post(&format!("{path}/reply"), &empty).await.body;
    assert_eq!(refused.matches("03-0000-0001").count(), 1, "the draft isn't put before it: {refused}");
}

#[tokio::test]
async fn words_about_a_call_stay_when_the_reader_begins_to_call_or_does_not_call_after_all() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let task = call(&site, graduate).await;
    let (mut first, mut second) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
    let page = first.get(&format!("/tasks/{task}/call")).await.body;
    assert!(page.contains(&format!("form=\"call\" formaction=\"/tasks/{task}/start\"")), "{page}");
    let typed = [("later_on", "2026-04-01"), ("said", "夕方がいいとのこと"), ("next", "")];
    let has_words = |page: &str| page.contains("夕方がいいとのこと</textarea>");
    let begun = first.post(&format!("/tasks/{task}/start"), &typed).await;
    assert!(begun.status == StatusCode::OK && has_words(&begun.body), "{}", begun.body);
    assert!(begun.body.contains("から電話中です"), "and the reader is calling: {}", begun.body);
    let locked = second.post(&format!("/tasks/{task}/start"), &typed).await;
    assert!(locked.body.contains("見本0 支援") && has_words(&locked.body), "{}", locked.body);
    let released = first.post(&format!("/tasks/{task}/release"), &typed).await;
    assert!(has_words(&released.body) && released.body.contains(&format!("/tasks/{task}/start")), "{}", released.body);
    let untouched = first.post(&format!("/tasks/{task}/release"), &typed[..1]).await;
    assert_eq!(untouched.place(), "/today", "nothing was written");
}

#[tokio::test]
async fn enter_in_the_fields_of_another_time_means_that_time_and_no_proposed_one() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = asked(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/inbox/{graduate}");
    let seen = newest(&site, graduate).await;
    let words = [("way", "line"), ("seen", seen.as_str()), ("body", "午後に電話します")];
    let later = [("when", "own"), ("on", "2026-04-01"), ("at", "14:00")];
    browser.post(&format!("{path}/later"), &[&words[..], &later].concat()).await;
    let page = browser.get(&path).await.body;
    let waiting = page.split("id=\"waiting\"").nth(1).unwrap().split("</section>").next().unwrap();
    let form = waiting.split("<form").find(|form| form.contains("type=\"time\"")).expect("another time");
    let form = form.split("</form>").next().unwrap();
    assert_eq!((hidden(form, "when").as_str(), form.matches("<button").count()), ("own", 1), "{form}");
    let asked = [("what", "move"), ("when", "own"), ("on", "2026-04-01"), ("at", "15:30")];
    let place = form.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    browser.post(&place, &asked).await;
    assert_eq!(replies(&site, graduate).await[0].due_at, moment("2026-04-01T15:30:00+09:00"));
}

#[tokio::test]
async fn of_two_who_correct_the_same_person_neither_undoes_the_other() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let path = format!("/graduates/{graduate}/edit");
    let (mut one, mut other) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
    let opened = one.get(&path).await.body;
    let shown = |page: &str| hidden(page, "shown").replace("&quot;", "\"");
    let number = hidden(&opened, "phone");
    let staff = site.world.staff.to_string();
    let mut form: Vec<(&str, &str)> =
        vec![("name", "見本1 花子"), ("language", "plain"), ("support", "supported"), ("cadence", "standard")];
    form.extend([
        ("external_id", "G0001"),
        ("staff", staff.as_str()),
        ("allowed_from", "09:00"),
        ("allowed_to", "20:00"),
    ]);
    form.extend(["day_mon", "day_tue", "day_wed", "day_thu", "day_fri", "day_sat", "day_sun"].map(|day| (day, "yes")));
    let shown_first = shown(&opened);
    let with = |kana: &'static str, phone: &'static str| {
        [&form[..], &[("kana", kana), ("phone", phone), ("shown", &shown_first)]].concat()
    };
    let saved = other.post(&path, &with("ミホン1 ハナコ", "090-1200-0777")).await;
    assert!(saved.place().ends_with("?done=saved"), "{}", saved.body);

    let old = [&form[..], &[("kana", "ミホン ハナコ"), ("phone", &number), ("shown", &shown_first)]].concat();
    let saved = one.post(&path, &old).await;
    assert!(saved.place().ends_with("?done=saved"), "{}", saved.body);
    let now = one.get(&path).await.body;
    assert_eq!((hidden(&now, "kana").as_str(), hidden(&now, "phone").as_str()), ("ミホン ハナコ", "090-1200-0777"));

    let asked = one.post(&path, &with("ミホン ハナコ", "090-1200-0999")).await;
    assert!(
        asked.status == StatusCode::UNPROCESSABLE_ENTITY
            && asked.body.contains("ほかの職員が「090-1200-0777」に変えました"),
        "{}",
        asked.body
    );
    let again = shown(&asked.body);
    let again = [&form[..], &[("kana", "ミホン ハナコ"), ("phone", "090-1200-0999"), ("shown", &again)]].concat();
    assert!(one.post(&path, &again).await.place().ends_with("?done=saved"));
    assert_eq!(hidden(&one.get(&path).await.body, "phone"), "090-1200-0999", "sent once more, it is meant");
}

#[tokio::test]
async fn of_two_who_correct_the_same_job_neither_undoes_the_other_and_no_address_goes_to_another_company() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    let (mut one, mut other) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
    let first = [("employer", "見本商事"), ("hired_on", "2026-01-05"), ("disclosure", "open")];
    let first = [&first[..], &[("contact_name", "例山 ひとみ"), ("contact_email", "a@example.jp")]].concat();
    assert_eq!(one.post(&format!("/graduates/{graduate}/jobs"), &first).await.status, StatusCode::SEE_OTHER);
    let job = site.world.begin().await.employments_of(graduate).await.unwrap().remove(0).id;
    let path = format!("/jobs/{job}/edit");
    let shown = |page: &str| hidden(page, "shown").replace("&quot;", "\"");
    let opened = shown(&one.get(&path).await.body);
    let with = |changed: &[(&'static str, &'static str)], shown: &str| {
        let kept = first.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        let fields = kept.chain(changed).copied().chain([("shown", shown)]);
        fields.map(|(name, text)| (name.to_owned(), text.to_owned())).collect::<Vec<_>>()
    };
    let closed = with(&[("disclosure", "closed")], &opened);
    assert_eq!(post(&mut other, &path, &closed).await.status, StatusCode::SEE_OTHER);
    let left = with(&[("left_on", "2026-03-20"), ("leaving_reason", "health")], &opened);
    assert_eq!(post(&mut one, &path, &left).await.status, StatusCode::SEE_OTHER);
    let job = async || site.world.begin().await.employments_of(graduate).await.unwrap().remove(0).details;
    let both = job().await;
    assert_eq!((both.disclosure, both.left_on), (Disclosure::Closed, Some(day("2026-03-20"))), "neither is undone");

    let opened = shown(&one.get(&path).await.body);
    let moved =
        with(&[("employer", "例田工業"), ("contact_name", "例川 実"), ("contact_email", "b@example.jp")], &opened);
    assert_eq!(post(&mut other, &path, &moved).await.status, StatusCode::SEE_OTHER);
    let mine = with(&[("contact_email", "new@example.jp")], &opened);
    let asked = post(&mut one, &path, &mine).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("ほかの職員が「例田工業」に変えました"), "{}", asked.body);
    let employer = job().await.employer.unwrap();
    let contacts = site.world.begin().await.employer_contacts(employer).await.unwrap();
    assert_eq!(contacts.iter().map(|one| one.profile.email.as_str()).collect::<Vec<_>>(), ["b@example.jp"]);
}
