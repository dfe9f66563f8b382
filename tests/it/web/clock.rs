//! The reply clock on pages, holding replies and promises, through the real router (S2.1, S2.2, S2.7, S2.9).

use bansou_channels::Address;
use bansou_core::audit::Actor;
use bansou_core::commitment::{CommitmentKind, CommitmentSource, CommitmentState};
use bansou_core::hours::WeekHours;
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_store::Commitment;
use bansou_tests::ambient::moment;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use bansou_tests::world::line_user;
use chrono::TimeDelta;
use http::StatusCode;

use super::forms::hidden;
use super::replies::newest;
use super::site::{Browser, Site, day};

/// Somebody has written at ten in the morning of 1 April 2026.
async fn stage(database: &TestDatabase) -> (Site, GraduateId) {
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    site.world.says("e1", 1, "仕事のことで相談があります").await;
    (site, graduate)
}

async fn promises(site: &Site) -> Vec<Commitment> {
    site.world.begin().await.commitments_open().await.unwrap()
}

fn got(site: &Site) -> Vec<String> {
    site.world.inbox.messages_to(&Address::new(line_user(1))).into_iter().map(|message| message.text).collect()
}

const THREE: &str = "2026-04-01T06:00:00+00:00";

for_each_database! {
    async fn a_holding_reply_is_one_tap_its_words_are_shown_before_and_its_time_is_a_promise(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}");
        let page = browser.get(&path).await.body;
        let words = "見本1さん、見本0です。メッセージを読みました。今日の午後3時までに、返事をします。";
        assert!(page.contains(words), "{page}");
        assert!(page.contains(&format!("value=\"{THREE}\"")) && page.contains("明日の午前10時までに"));
        let hold = &page[page.find("id=\"hold\"").unwrap()..];
        assert!(hold.find(THREE).unwrap() < hold.find("<details").unwrap(), "the first time isn't folded away");
        site.world.clock.advance(TimeDelta::minutes(20));
        let sent = browser.post(&format!("{path}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        assert_eq!(sent.place(), format!("{path}?done=holding-sent"));
        site.world.tick().await;
        assert!(got(&site).iter().any(|text| text.contains(words)), "{:?}", got(&site));
        let open = promises(&site).await;
        assert_eq!((open.len(), open[0].source, open[0].due_at), (1, CommitmentSource::Holding, moment(THREE)));
        assert!(open[0].told);
        let page = browser.get(&path).await.body;
        assert!(page.contains("4月1日（水） 15:00 までに返事をする約束"), "{page}");
        assert!(!page.contains("id=\"hold\""), "what is promised isn't promised again");
        let inbox = browser.get("/inbox").await.body;
        assert!(inbox.contains("4月1日（水） 15:00 までに返事をする約束"), "list and thread say the same");
        let twice = browser.post(&format!("{path}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        assert_eq!((twice.place(), promises(&site).await.len()), (path.as_str(), 1));
    }

    async fn words_that_promise_a_time_are_neither_taken_back_nor_moved(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}");
        browser.post(&format!("{path}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        let page = browser.get(&path).await.body;
        assert!(!page.contains("value=\"take-back\""), "{page}");
        let sent = site.world.begin().await.deliveries_of(graduate, 9).await.unwrap();
        let held = sent.iter().find(|one| one.is_waiting_reply()).expect("it waits").id;
        for what in ["take-back", "move"] {
            let form = [("what", what), ("when", "own"), ("on", "2026-04-01"), ("at", "16:00")];
            let answer = browser.post(&format!("{path}/waiting/{held}"), &form).await;
            assert!(answer.place().ends_with("?done=reply-gone"), "{what}: {} {}", answer.status, answer.place());
        }
        site.world.tick().await;
        assert!(got(&site).iter().any(|text| text.contains("今日の午後3時までに")), "the person hears of it");
    }

    async fn of_two_colleagues_who_hold_at_the_same_moment_only_one_promises(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let (mut one, mut other) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Manager).await);
        let path = format!("/inbox/{graduate}/hold");
        let seen = newest(&site, graduate).await;
        let form = [("at", THREE), ("channel", "line"), ("seen", seen.as_str())];
        tokio::join!(one.post(&path, &form), other.post(&path, &form));
        assert_eq!(promises(&site).await.len(), 1);
        site.world.tick().await;
        assert_eq!(got(&site).iter().filter(|text| text.contains("今日の午後3時までに")).count(), 1, "{:?}", got(&site));
    }

    async fn answering_keeps_the_promise_unless_the_writer_says_not_yet(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}");
        browser.post(&format!("{path}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        for (answer, left) in [("open", 1), ("kept", 0)] {
            let page = browser.get(&path).await.body;
            assert!(page.contains("約束した返事ですか"));
            let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let fields = [("body", "今日の午後に電話します。"), ("channel", "line"), ("seen", &seen), ("promise", answer)];
            let sent = browser.post(&format!("{path}/reply"), &fields).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
            assert_eq!(promises(&site).await.len(), left);
            site.world.clock.advance(TimeDelta::minutes(1));
        }
    }

    async fn a_reply_that_is_taken_back_opens_no_promise_that_somebody_else_kept(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}");
        browser.post(&format!("{path}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        let seen = async || site.world.begin().await.messages_of(graduate, None, 1).await.unwrap()[0].id.to_string();
        let newest = seen().await;
        let later = [("body", "明日、資料を送ります。"), ("way", "line"), ("seen", &newest), ("promise", "open")];
        let later = browser.post(&format!("{path}/later"), &[&later[..], &[("when", "2026-04-01T13:30:00+09:00")]].concat()).await;
        assert!(later.place().contains("done=reply-later"), "{}", later.body);
        let waits = site.world.begin().await.waiting_replies(graduate).await.unwrap()[0].id;
        let newest = seen().await;
        let answer = [("body", "電話で話した件です。"), ("channel", "line"), ("seen", &newest), ("promise", "kept")];
        browser.post(&format!("{path}/reply"), &answer).await;
        assert_eq!(promises(&site).await.len(), 0);
        browser.post(&format!("{path}/waiting/{waits}"), &[("what", "take-back")]).await;
        assert_eq!(promises(&site).await.len(), 0, "the other answer has kept it");
    }

    async fn what_a_promise_would_have_told_does_not_go_once_the_promise_has_ended(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        // Noon: the office has its break, so the words wait.
        site.world.clock.advance(TimeDelta::minutes(125));
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/inbox/{graduate}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        let promise = promises(&site).await.remove(0);
        browser.post(&format!("/promises/{}/withdraw", promise.id), &[("why", "電話で話せた")]).await;
        assert!(promises(&site).await.is_empty());
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(page.contains("知らせる前に約束が終わったか、時間が変わったので、送りませんでした"), "{page}");
        site.world.clock.advance(TimeDelta::hours(2));
        site.world.tick().await;
        assert!(got(&site).iter().all(|text| !text.contains("午後3時までに")), "{:?}", got(&site));
    }

    async fn an_answer_that_is_moved_past_a_promised_time_does_not_keep_the_promise(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}");
        browser.post(&format!("{path}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        site.world.tick().await;
        site.world.clock.advance(TimeDelta::minutes(125));
        let seen = newest(&site, graduate).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let answer = [("body", "電話で話した件です。"), ("channel", "line"), ("seen", &seen), ("promise", "kept")];
        browser.post(&format!("{path}/reply"), &answer).await;
        assert!(promises(&site).await.is_empty(), "it goes after the break, in time");
        let waits = site.world.begin().await.waiting_replies(graduate).await.unwrap()[0].id;
        let moved = |on: &'static str, at: &'static str| [("what", "move"), ("when", "own"), ("on", on), ("at", at)];
        browser.post(&format!("{path}/waiting/{waits}"), &moved("2026-04-01", "14:00")).await;
        assert!(promises(&site).await.is_empty(), "still in time");
        browser.post(&format!("{path}/waiting/{waits}"), &moved("2026-04-02", "10:00")).await;
        assert_eq!(promises(&site).await.len(), 1, "the promised time would pass");
    }

    async fn a_message_that_told_a_time_is_not_sent_again_as_it_was(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/inbox/{graduate}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        let promise = promises(&site).await.remove(0);
        let delivery = site.world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
        let tx = site.world.begin().await;
        assert!(tx.finish_waiting(delivery.id, bansou_core::delivery::DeliveryState::Failed, "見本").await.unwrap());
        tx.save().await.unwrap();
        site.world.clock.advance(TimeDelta::days(1));
        let mut browser = site.signed_in(Role::Staff).await;
        let again = browser.post(&format!("/deliveries/{}/decide", delivery.id), &[("decision", "resend")]).await;
        assert_eq!(again.place(), format!("/promises/{}?done=tell-again", promise.id));
        assert_eq!(site.world.begin().await.deliveries_of(graduate, 9).await.unwrap().len(), 1, "nothing more was planned");
    }

    async fn after_words_of_crisis_a_time_that_was_not_told_does_not_count_as_told(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        // Noon: the office has its break, so the words wait.
        site.world.clock.advance(TimeDelta::minutes(125));
        let mut browser = site.signed_in(Role::Staff).await;
        let held = browser.post(&format!("/inbox/{graduate}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        assert!(held.place().contains("done=holding-sent"), "{}", held.body);
        assert!(promises(&site).await[0].told);
        site.world.says("e2", 1, "もう消えてしまいたい").await;
        assert!(!promises(&site).await[0].told, "nobody told them");
        let page = site.signed_in(Role::Staff).await.get("/inbox").await.body;
        assert!(!page.contains("15:00 までに返事をする約束"), "a time that nobody heard lets nobody wait: {page}");
        site.world.clock.advance(TimeDelta::hours(2));
        site.world.tick().await;
        assert!(got(&site).iter().all(|text| !text.contains("午後3時までに")), "{:?}", got(&site));
    }

    async fn nobody_in_need_is_told_that_an_answer_comes_later(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}");
        let seen = hidden(&browser.get(&path).await.body, "seen");
        site.world.clock.advance(TimeDelta::minutes(1));
        site.world.says("e2", 1, "もう消えてしまいたい").await;
        let hold = async |browser: &mut Browser<'_>, seen: &str| {
            browser.post(&format!("{path}/hold"), &[("at", THREE), ("channel", "line"), ("seen", seen)]).await
        };
        let unread = hold(&mut browser, &seen).await;
        assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has read the new words");
        assert!(unread.body.contains("id=\"meanwhile\"") && unread.body.contains("もう消えてしまいたい"), "{}", unread.body);
        assert!(!unread.body.contains("id=\"hold\""), "{}", unread.body);
        // The form stays on a page whose new messages were fetched.
        let read = hold(&mut browser, &newest(&site, graduate).await).await;
        assert_eq!(read.place(), format!("{path}?done=not-held"));
        assert!(browser.get(read.place()).await.body.contains("「あとで返事をする」というメッセージは送っていません"));
        site.world.tick().await;
        assert!(promises(&site).await.is_empty() && !got(&site).iter().any(|text| text.contains("読みました")), "{:?}", got(&site));
    }

    async fn a_time_of_ones_own_is_looked_at_before_it_is_sent(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}/hold");
        let seen = newest(&site, graduate).await;
        let passed = [("hold_on", "2026-04-01"), ("hold_time", "09:00"), ("seen", &seen)];
        let passed = browser.post(&path, &passed).await;
        assert_eq!(passed.status, StatusCode::UNPROCESSABLE_ENTITY);
        let tomorrow = [("hold_on", "2026-04-02"), ("hold_time", "13:30"), ("seen", &seen)];
        let looked = browser.post(&path, &tomorrow).await;
        assert!(looked.status == StatusCode::OK && looked.body.contains("明日の午後1時30分までに"), "{}", looked.body);
        assert!(promises(&site).await.is_empty() && !got(&site).iter().any(|text| text.contains("午後1時30分")));
    }

    async fn nobody_is_told_to_wait_for_an_hour_at_which_nobody_is_there(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}/hold");
        let seen = newest(&site, graduate).await;
        let own = |at: &'static str| [("hold_on", "2026-04-01"), ("hold_time", at), ("seen", seen.as_str())];
        let late = browser.post(&path, &own("23:00")).await;
        assert!(late.status == StatusCode::UNPROCESSABLE_ENTITY && late.body.contains("連絡できる時間ではありません"), "{}", late.body);
        let at = [("at", "2026-04-01T14:00:00+00:00"), ("channel", "line"), ("seen", &seen)];
        assert_eq!(browser.post(&path, &at).await.status, StatusCode::UNPROCESSABLE_ENTITY, "an hour before midnight");
        assert!(promises(&site).await.is_empty());
        browser.post(&path, &[("at", THREE), ("channel", "line"), ("seen", &seen)]).await;
        let id = promises(&site).await[0].id;
        let fields = [("on", "2026-04-02"), ("time", "03:00"), ("reason", "電話が長くなりました"), ("step", "look")];
        let moved = browser.post(&format!("/promises/{id}/move"), &fields).await;
        assert!(moved.status == StatusCode::UNPROCESSABLE_ENTITY && moved.body.contains("time-error"), "{}", moved.body);
    }

    async fn moving_it_early_sends_the_new_time_and_the_reason_in_plain_words(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/inbox/{graduate}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        site.world.tick().await;
        let id = promises(&site).await[0].id;
        site.world.clock.advance(TimeDelta::hours(1));
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/promises/{id}");
        let fields = |step: &'static str| [("on", "2026-04-01"), ("time", "17:00"), ("reason", "電話が長くなりました"), ("step", step)];
        let nothing = browser.post(&format!("{path}/move"), &[("on", "2026-04-01"), ("time", "17:00")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is asked for");
        let looked = browser.post(&format!("{path}/move"), &fields("look")).await;
        assert!(looked.body.contains("約束した返事の時間を、今日の午後5時に変えます。理由：電話が長くなりました"), "{}", looked.body);
        assert_eq!(promises(&site).await[0].id, id, "looking changes nothing");
        let shown = hidden(&looked.body, "shown");
        let later = [("on", "2026-04-01"), ("time", "17:30"), ("reason", "電話が長くなりました"), ("step", "move"), ("shown", &shown)];
        let other = browser.post(&format!("{path}/move"), &later).await;
        assert!(other.body.contains("送る文が変わりました") && other.body.contains("今日の午後5時30分に変えます"), "{}", other.body);
        let unread = browser.post(&format!("{path}/move"), &fields("move")).await;
        assert!(unread.status == StatusCode::OK && promises(&site).await[0].id == id, "nothing goes out that nobody read");
        let keys = looked.body.split("/move#move\"").nth(1).unwrap();
        assert!(keys.find("value=\"look\"").unwrap() < keys.find("value=\"move\"").unwrap(), "Enter in a field looks");
        let moved = browser.post(&format!("{path}/move"), &[&fields("move")[..], &[("shown", &shown)]].concat()).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER);
        site.world.tick().await;
        assert!(got(&site).iter().any(|text| text.contains("今日の午後5時に変えます")), "{:?}", got(&site));
        let old = site.world.begin().await.commitment(id).await.unwrap().unwrap();
        assert_eq!(old.state, CommitmentState::Moved);
        assert!(browser.get(&path).await.body.contains("早めに伝えて変えた"));
        assert!(!browser.get("/promises").await.body.contains("おくれた約束"), "none is late, so none is counted");
    }

    async fn after_its_time_a_promise_is_late_and_the_page_says_so(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        browser.post(&format!("/inbox/{graduate}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        site.world.clock.set(moment("2026-04-01T15:30:00+09:00"));
        let mut browser = site.signed_in(Role::Staff).await;
        let id = promises(&site).await[0].id;
        assert!(browser.get(&format!("/promises/{id}")).await.body.contains("約束した時間をすぎています"));
        let list = browser.get("/promises?show=team").await.body;
        assert!(list.contains("時間をすぎた約束") && list.contains("おくれた約束：1件"), "{list}");
        let fields = [("on", "2026-04-01"), ("time", "17:00"), ("reason", "電話が長くなりました"), ("step", "look")];
        let looked = browser.post(&format!("/promises/{id}/move"), &fields).await.body;
        assert!(looked.contains("約束の時間におくれて、すみません。返事の時間を、今日の午後5時に変えます。"), "{looked}");
        browser.post(&format!("/promises/{id}/keep"), &[]).await;
        assert!(browser.get("/promises?show=team").await.body.contains("おくれて果たした"));
        let mut manager = site.signed_in(Role::Manager).await;
        assert!(manager.get("/settings").await.body.contains("おくれた約束：1件"));
    }

    async fn a_promise_warns_while_whoever_made_it_is_still_there(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
        let mornings = WeekHours::every_day("09:00-12:00").unwrap();
        let tx = site.world.begin().await;
        tx.set_staff_hours(Actor::COMMAND, me, Some(&mornings)).await.unwrap();
        tx.save().await.unwrap();
        let tomorrow_early = "2026-04-02T00:30:00+00:00";
        browser.post(&format!("/inbox/{graduate}/hold"), &[("at", tomorrow_early), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        site.world.clock.set(moment("2026-04-01T11:29:00+09:00"));
        let mut colleague = site.signed_in(Role::Staff).await;
        assert!(colleague.get("/promises?show=team").await.body.contains(">これから<"));
        site.world.clock.set(moment("2026-04-01T11:31:00+09:00"));
        assert!(colleague.get("/promises?show=team").await.body.contains("もうすぐ"), "half an hour today and half an hour tomorrow are left");
    }

    async fn what_is_due_soon_is_told_on_every_page_of_whoever_looks_after_the_person(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let (office, owner) = (site.world.office, site.world.staff);
        let told = async |path: &str| site.signed_in_as(office, owner).await.get(path).await.body.contains("soon-strip");
        site.world.clock.set(moment("2026-04-01T10:44:00+09:00"));
        assert!(!told("/graduates").await, "there is time");
        site.world.clock.set(moment("2026-04-01T10:46:00+09:00"));
        let page = site.signed_in_as(office, owner).await.get("/graduates").await.body;
        assert!(page.contains("見本1 花子さんへの返事：4月1日（水） 11:00まで"), "{page}");
        assert!(!told("/inbox").await && !told(&format!("/inbox/{graduate}")).await, "their own places show it anyway");
        let mut colleague = site.signed_in(Role::Staff).await;
        assert!(!colleague.get("/graduates").await.body.contains("soon-strip"), "it is somebody else's to do");
        site.world.clock.set(moment("2026-04-01T11:05:00+09:00"));
        let page = site.signed_in_as(office, owner).await.get("/graduates").await.body;
        assert!(page.contains("見本1 花子さんへの返事：4月1日（水） 11:00をすぎました"), "{page}");

        let mut browser = site.signed_in_as(office, owner).await;
        browser.post(&format!("/inbox/{graduate}/hold"), &[("at", THREE), ("channel", "line"), ("seen", &newest(&site, graduate).await)]).await;
        assert!(!told("/graduates").await, "the person knows when the answer comes");
        site.world.clock.set(moment("2026-04-01T14:30:00+09:00"));
        let page = site.signed_in_as(office, owner).await.get("/graduates").await.body;
        assert!(page.contains("見本1 花子さんとの約束：4月1日（水） 15:00まで"), "{page}");
    }

    async fn a_next_step_without_a_date_is_asked_for_one_and_a_date_for_the_date_will_do(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = [("mode", "none"), ("on", "2026-04-01"), ("at", "09:30"), ("said", "配置を変えたい"), ("next", "会社に配置を聞く")];
        let path = format!("/graduates/{graduate}/notes");
        let asked = browser.post(&path, &note).await;
        assert!(asked.status == StatusCode::UNPROCESSABLE_ENTITY && asked.body.contains("next_when-error"));
        browser.post(&path, &[&note[..], &[("next_when", "week")]].concat()).await;
        let saved = site.world.begin().await.notes_of(graduate, 1).await.unwrap().remove(0).id;
        let page = browser.get(&format!("/promises/new?note={saved}")).await.body;
        assert!(page.contains("会社に配置を聞く") && page.contains("いつやるかを決める"), "{page}");
        let from = page.split("name=\"note\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let id = graduate.to_string();
        let fields = |on: &'static str| {
            [("graduate", id.clone()), ("note", from.clone()), ("text", "会社に配置を聞く".into()), ("kind", "set_date".into()), ("on", on.into())]
        };
        let send = |fields: [(&'static str, String); 5]| fields;
        let without = send(fields(""));
        let without: Vec<(&str, &str)> = without.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = browser.post("/promises", &without).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("on-error"));
        let with = send(fields("2026-04-03"));
        let with: Vec<(&str, &str)> = with.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let made = browser.post("/promises", &with).await;
        assert_eq!(made.place(), format!("/graduates/{graduate}?done=promise-made"));
        let open = promises(&site).await;
        assert_eq!((open[0].source, open[0].kind), (CommitmentSource::Note, CommitmentKind::SetDate));
        assert_eq!(open[0].due_at, moment("2026-04-03T17:00:00+09:00"), "half an hour before the end of the day");
    }

    async fn a_call_that_reached_the_person_is_an_answer_and_one_that_did_not_is_none(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        site.world.clock.advance(TimeDelta::minutes(25));
        let due = async || site.world.begin().await.thread(graduate).await.unwrap().unwrap().reply_due_since;
        let line = [("mode", "line"), ("on", "2026-04-01"), ("at", "10:20"), ("said", "相談があるとのこと")];
        browser.post(&format!("/graduates/{graduate}/notes"), &line).await;
        assert!(due().await.is_some(), "writing their message down answers nobody");
        let phone = [("mode", "phone"), ("on", "2026-04-01"), ("at", "10:20"), ("said", "配置のことを聞いた")];
        browser.post(&format!("/graduates/{graduate}/notes"), &phone).await;
        assert_eq!(due().await, None);
    }

    async fn the_whole_ladder_stands_in_words_on_the_thread(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        for step in ["4月1日（水） 11:00 までに返事", "4月1日（水） 14:00 からは、おくれ", "4月1日（水） 17:00 に、代わりの人へ引きつぎ"] {
            assert!(page.contains(step), "{step}: {page}");
        }
        site.world.clock.set(moment("2026-04-01T17:00:00+09:00"));
        assert_eq!(site.world.engine.clocks().await.unwrap(), 1);
        let mut browser = site.signed_in(Role::Staff).await;
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(page.contains("引きつぎ：手のあいている人が返事をしてください（4月1日（水） 17:00）"), "{page}");
        assert!(browser.get("/inbox").await.body.contains("引きつぎ"));
    }

    async fn waiting_for_the_person_is_said_and_taken_back(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let path = format!("/inbox/{graduate}");
        let seen = newest(&site, graduate).await;
        browser.post(&format!("{path}/wait"), &[("seen", &seen)]).await;
        let page = browser.get(&path).await.body;
        assert!(page.contains("本人の返事を待っています") && page.contains("待つのをやめて"), "{page}");
        browser.post(&format!("{path}/wait-no-longer"), &[]).await;
        assert!(!browser.get(&path).await.body.contains("本人の返事を待っています"));
    }

    async fn an_office_sets_its_own_ladder(database: &TestDatabase) {
        let (site, graduate) = stage(database).await;
        let tx = site.world.begin().await;
        let office = tx.own_office().await.unwrap();
        let mut settings = office.settings.clone();
        settings.reply.due_minutes = 90;
        tx.change_office(&office.name, &settings).await.unwrap();
        tx.save().await.unwrap();
        let mut browser = site.signed_in(Role::Admin).await;
        assert!(browser.get(&format!("/inbox/{graduate}")).await.body.contains("11:30 までに返事"));
        let page = browser.get("/settings/office").await.body;
        assert!(page.contains("id=\"reply_due\"") && page.contains("value=\"90\""));
        assert!(page.contains("閉まっています") && page.contains("0120-279-338"), "the evening's words are shown: {page}");
    }
}
