//! Around a reply: it can be taken back before it goes, goes later, is kept while it is written; colleagues don't answer twice.

use bansou_core::delivery::{ChannelKind, DeliveryState, Payload, Purpose};
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_core::thread::{MessageBody, Turn};
use bansou_store::{Delivery, NewDelivery, OutboundMessage};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use bansou_tests::world::line_user;
use chrono::TimeDelta;
use http::StatusCode;
use serde_json::json;

use super::site::{Answered, Browser, Site, day};

/// The last message to have come on a page that is opened now.
pub(super) async fn newest(site: &Site, graduate: GraduateId) -> String {
    let messages = site.world.begin().await.messages_of(graduate, None, 50).await.unwrap();
    messages.iter().map(|message| message.id).max().map(|last| last.to_string()).unwrap_or_default()
}

/// Answers the newest word, a second after whatever was last.
async fn reply(browser: &mut Browser<'_>, graduate: GraduateId, words: &str) -> Answered {
    browser.site.world.clock.advance(TimeDelta::seconds(1));
    let seen = newest(browser.site, graduate).await;
    let form = [("channel", "line"), ("seen", &seen), ("body", words)];
    browser.post(&format!("/inbox/{graduate}/reply"), &form).await
}

pub(super) async fn replies(site: &Site, graduate: GraduateId) -> Vec<Delivery> {
    let all = site.world.begin().await.deliveries_of(graduate, 50).await.unwrap();
    all.into_iter().filter(|delivery| delivery.purpose == Purpose::Reply).collect()
}

async fn waiting(site: &Site, graduate: GraduateId) -> String {
    let reply = replies(site, graduate).await.into_iter().find(Delivery::is_waiting_reply).unwrap();
    format!("/inbox/{graduate}/waiting/{}", reply.id)
}

const NOTICE: &str = "話したことのまとめです";

/// A message of staff that answers nothing waits to go, by the way of the answer that waits.
async fn notice(site: &Site, graduate: GraduateId) {
    let like = replies(site, graduate).await.remove(0);
    let tx = site.world.begin().await;
    let body = MessageBody { text: NOTICE.into(), choices: Vec::new(), attachment: None };
    let words = OutboundMessage { graduate, channel: ChannelKind::Line, body, check_in: None };
    let message = tx.add_staff_notice(site.world.staff, &words).await.unwrap();
    let delivery = NewDelivery {
        graduate: Some(graduate),
        check_in: None,
        message: Some(message),
        escalation: None,
        purpose: Purpose::Reply,
        slot: message.to_string(),
        channel_id: like.channel_id,
        channel_kind: like.channel_kind,
        contact_point: like.contact_point.map(|point| (point, 1)),
        address: like.address,
        payload: Payload { text: NOTICE.into(), ..Payload::default() },
        due_at: like.due_at,
        window: (like.due_at, like.window_to),
        expires_at: like.expires_at,
    };
    tx.add_delivery(&delivery).await.unwrap().unwrap();
    tx.save().await.unwrap();
}

pub(super) async fn turn(site: &Site, graduate: GraduateId) -> Turn {
    site.world.begin().await.thread(graduate).await.unwrap().unwrap().facts(false).turn()
}

/// What lies in the box of the thread's page.
pub(super) async fn in_the_box(browser: &mut Browser<'_>, graduate: GraduateId) -> String {
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    let area = page.split("id=\"body\"").nth(1).unwrap();
    area.split_once(">\n").unwrap().1.split_once("</textarea>").unwrap().0.to_owned()
}

/// Does something else while a colleague's answer holds the thread and isn't written yet.
async fn answering(
    (database, site): (&TestDatabase, &Site),
    graduate: GraduateId,
    other: impl Future<Output = Answered>,
) -> Answered {
    site.world.says(&format!("{}", site.world.now()), 1, "返事をください").await;
    let tx = site.world.begin().await;
    tx.hold_thread(graduate).await.unwrap();
    let asked = site.world.store.statements();
    let answer = async {
        // The other request is on its way, and has come as far as the thread lets it.
        while site.world.store.statements() == asked {
            tokio::task::yield_now().await;
        }
        database.somebody_waits().await;
        let body = MessageBody { text: "はい、電話します".into(), choices: Vec::new(), attachment: None };
        let words = OutboundMessage { graduate, channel: ChannelKind::Line, body, check_in: None };
        tx.add_staff_message(site.world.staff, &words, None).await.unwrap();
        tx.save().await.unwrap();
    };
    let (other, ()) = tokio::join!(other, answer);
    site.world.clock.advance(TimeDelta::minutes(1));
    other
}

for_each_database! {
    async fn a_reply_can_be_taken_back_for_ten_seconds_and_leaves_the_thread_as_it_was(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let before = turn(&site, graduate).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let sent = reply(&mut browser, graduate, "今日15時に電話します").await;
        assert!(sent.place().ends_with("?done=reply-sent#waiting"), "{}", sent.place());
        assert_eq!(turn(&site, graduate).await, Turn::TheirTurn);
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(page.contains("10秒後に送ります") && page.contains("取り消す"), "{page}");

        site.world.clock.advance(TimeDelta::seconds(9));
        site.world.tick().await;
        let back = browser.post(&waiting(&site, graduate).await, &[("what", "take-back")]).await;
        assert!(back.place().contains("done=reply-taken-back"), "{}", back.place());
        assert_eq!(turn(&site, graduate).await, before, "their word waits for us as before");
        assert_eq!(in_the_box(&mut browser, graduate).await, "今日15時に電話します", "the words are in the box again");
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert!(!page.contains("10秒後") && page.matches("今日15時に電話します").count() == 1, "nothing stands in the thread");

        site.world.clock.advance(TimeDelta::hours(1));
        site.world.tick().await;
        assert!(site.world.inbox.accepted_after(0).iter().all(|message| message.text != "今日15時に電話します"), "never sent");
        // The same words again are a message of their own, sent once.
        let mut browser = site.signed_in(Role::Staff).await;
        reply(&mut browser, graduate, "今日15時に電話します").await;
        site.world.clock.advance(TimeDelta::seconds(11));
        site.world.tick().await;
        let sent = site.world.inbox.accepted_after(0).iter().filter(|message| message.text == "今日15時に電話します").count();
        assert_eq!(sent, 1);
    }

    async fn a_reply_that_waits_while_sending_is_stopped_says_so(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let mut manager = site.signed_in(Role::Manager).await;
        manager.post("/settings/sending/stop", &[("why", "ためし"), ("sure", "yes")]).await;
        reply(&mut manager, graduate, "今日15時に電話します").await;
        let path = format!("/inbox/{graduate}");
        let page = manager.get(&path).await.body;
        assert!(page.contains("送信を止めているので、再開するまで送りません") && !page.contains("秒後に送ります"), "{page}");
        let (waits, half_past) = (waiting(&site, graduate).await, [("what", "move"), ("when", "own"), ("on", "2026-04-01"), ("at", "14:30")]);
        manager.post(&waits, &half_past).await;
        let page = manager.get(&path).await.body;
        assert!(page.contains("14:30 に送る予定です。送信を止めているので") && !page.contains("今すぐ送る"), "{page}");
        manager.post("/settings/sending/resume", &[("sure", "yes")]).await;
        assert!(manager.get(&path).await.body.contains("14:30 に送ります"));
    }

    async fn a_reply_that_is_out_is_not_taken_back(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        reply(&mut browser, graduate, "今日15時に電話します").await;
        let path = waiting(&site, graduate).await;
        site.world.clock.advance(TimeDelta::seconds(10));
        site.world.tick().await;
        for what in ["take-back", "now", "move"] {
            let form = [("what", what), ("when", "own"), ("on", "2026-04-01"), ("at", "15:00")];
            let answer = browser.post(&path, &form).await;
            assert!(answer.place().ends_with("?done=reply-gone"), "{what}: {} {}", answer.status, answer.place());
        }
        assert!(browser.get(&format!("/inbox/{graduate}?done=reply-gone")).await.body.contains("もう送り始めている"));
        assert_eq!(replies(&site, graduate).await[0].state, DeliveryState::Accepted);
        assert_eq!(turn(&site, graduate).await, Turn::TheirTurn);
        assert_eq!(in_the_box(&mut browser, graduate).await, "");
    }

    async fn taken_back_at_the_moment_it_goes_a_reply_is_either_out_or_back_never_both(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let mut browser = site.signed_in(Role::Staff).await;
        for n in 0..8 {
            let words = format!("返事その{n}");
            reply(&mut browser, graduate, &words).await;
            let path = waiting(&site, graduate).await;
            site.world.clock.advance(TimeDelta::seconds(10));
            let mut other = site.signed_in(Role::Staff).await;
            let what = [("what", "take-back")];
            let ((), back) = tokio::join!(site.world.tick(), other.post(&path, &what));
            site.world.tick().await;
            let is_back = back.place().contains("reply-taken-back");
            assert!(is_back || back.place().contains("reply-gone"), "{}", back.place());
            let sent = site.world.inbox.accepted_after(0).iter().filter(|message| message.text == words).count();
            assert_eq!(sent, usize::from(!is_back), "{words}: taken back is {is_back}");
            let stands = site.world.begin().await.messages_of(graduate, None, 50).await.unwrap();
            let stands = stands.iter().filter(|message| message.body.as_ref().is_some_and(|body| body.text == words)).count();
            assert_eq!(stands, usize::from(!is_back), "the thread says what happened");
        }
    }

    async fn a_notice_that_waits_between_two_replies_answers_nothing_once_both_are_taken_back(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        for (first, n) in [(0, 1), (1, 2)] {
            let graduate = site.world.graduate(n, day("2026-03-30")).await;
            site.world.says(&format!("e{n}"), n, "相談があります").await;
            let before = turn(&site, graduate).await;
            let mut browser = site.signed_in(Role::Staff).await;
            reply(&mut browser, graduate, "今日15時に電話します").await;
            site.world.clock.advance(TimeDelta::seconds(1));
            notice(&site, graduate).await;
            reply(&mut browser, graduate, "資料も用意します").await;
            let mut waits: Vec<_> = site.world.begin().await.waiting_replies(graduate).await.unwrap();
            assert_eq!(waits.len(), 3);
            waits.retain(|one| one.payload.text != NOTICE);
            for at in [first, 1 - first] {
                assert_eq!(turn(&site, graduate).await, Turn::TheirTurn, "an answer still waits to go");
                let path = format!("/inbox/{graduate}/waiting/{}", waits[at].id);
                let back = browser.post(&path, &[("what", "take-back")]).await;
                assert!(back.place().contains("done=reply-taken-back"), "{}", back.place());
            }
            assert_eq!(turn(&site, graduate).await, before, "nobody has answered their word");
        }
    }

    async fn two_replies_that_wait_are_taken_back_in_either_order_and_the_question_still_waits(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        for (first, n) in [(0, 1), (1, 2)] {
            let graduate = site.world.graduate(n, day("2026-03-30")).await;
            site.world.says(&format!("e{n}"), n, "相談があります").await;
            site.world.clock.advance(TimeDelta::minutes(1));
            let before = turn(&site, graduate).await;
            let mut browser = site.signed_in(Role::Staff).await;
            for (words, when) in [("午後に電話します", "13:00"), ("資料も用意します", "14:00")] {
                let seen = newest(&site, graduate).await;
                let when = format!("2026-04-01T{when}:00+09:00");
                let form = [("way", "line"), ("seen", &seen), ("body", words), ("when", &when)];
                let kept = browser.post(&format!("/inbox/{graduate}/later"), &form).await;
                assert!(kept.place().contains("done=reply-later"), "{} {}", kept.status, kept.body);
                site.world.clock.advance(TimeDelta::minutes(1));
            }
            let waits: Vec<_> = site.world.begin().await.waiting_replies(graduate).await.unwrap();
            for at in [first, 1 - first] {
                assert_eq!(turn(&site, graduate).await, Turn::TheirTurn, "something still waits to go");
                let path = format!("/inbox/{graduate}/waiting/{}", waits[at].id);
                let back = browser.post(&path, &[("what", "take-back")]).await;
                assert!(back.place().contains("done=reply-taken-back"), "{}", back.place());
            }
            assert_eq!(turn(&site, graduate).await, before, "nothing went, so their word waits as before");
        }
    }

    async fn what_came_in_while_a_reply_waited_still_waits_after_it_is_taken_back(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let first = turn(&site, graduate).await;
        let (mut one, mut other) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        site.world.clock.advance(TimeDelta::minutes(1));
        reply(&mut one, graduate, "今日15時に電話します").await;
        site.world.clock.advance(TimeDelta::seconds(2));
        site.world.says("e2", 1, "やっぱり今がいいです").await;
        let page = one.get(&format!("/inbox/{graduate}")).await.body;
        assert!(page.contains("新しいメッセージが来ています"), "the writer is told: {page}");
        let path = waiting(&site, graduate).await;
        one.post(&path, &[("what", "take-back")]).await;
        assert_eq!(turn(&site, graduate).await, first, "since their first word");
        // A colleague's answer after it isn't undone by taking back what came before.
        reply(&mut one, graduate, "あとで話しましょう").await;
        let path = waiting(&site, graduate).await;
        site.world.clock.advance(TimeDelta::seconds(1));
        reply(&mut other, graduate, "今から電話します").await;
        one.post(&path, &[("what", "take-back")]).await;
        assert_eq!(turn(&site, graduate).await, Turn::TheirTurn);
        assert_eq!(replies(&site, graduate).await.iter().filter(|reply| reply.state == DeliveryState::Due).count(), 1);
    }

    async fn half_written_words_come_back_to_their_writer_alone_and_end_with_the_message(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let (mut one, mut other) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        let draft = format!("/inbox/{graduate}/draft");
        let kept = one.post(&draft, &[("body", "半分まで書いた文"), ("seen", "x")]).await;
        assert!(kept.place().ends_with("?done=draft-kept"), "{}", kept.place());
        assert_eq!(in_the_box(&mut one, graduate).await, "半分まで書いた文");
        assert!(one.get(&format!("/inbox/{graduate}")).await.body.contains("に書いた下書きです"));
        let page = other.get(&format!("/inbox/{graduate}")).await.body;
        assert!(!page.contains("半分まで書いた文") && page.contains("見本0 支援さんが この人に返事を書いています"), "{page}");
        assert!(other.get("/inbox").await.body.contains("見本0 支援さんが書いています"));
        assert!(!one.get(&format!("/inbox/{graduate}")).await.body.contains("返事を書いています"), "nobody else writes");
        site.world.clock.advance(TimeDelta::seconds(61));
        assert!(!other.get("/inbox").await.body.contains("書いています"), "a minute later nobody writes");

        // The draft that was on its way when its form was sent comes too late.
        let (token, seen) = (one.token(), newest(&site, graduate).await);
        let keys = [("csrf", token.as_str()), ("once", "this form"), ("seen", &seen), ("body", "半分まで書いた文")];
        one.post_raw(&format!("/inbox/{graduate}/reply"), &[&keys[..], &[("channel", "line")]].concat()).await;
        assert_eq!(one.post_raw(&draft, &keys).await.status, StatusCode::NO_CONTENT);
        assert_eq!(in_the_box(&mut one, graduate).await, "");
        one.post(&draft, &[("body", "また書く")]).await;
        one.post(&draft, &[("body", "  ")]).await;
        assert_eq!(in_the_box(&mut one, graduate).await, "", "clearing the box forgets it");
    }

    async fn whoever_writes_a_talk_down_at_the_moment_of_an_answer_waits_for_it_and_both_are_kept(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        let mut browser = site.signed_in(Role::Staff).await;
        let talk = [("mode", "phone"), ("on", "2026-04-01"), ("at", "10:00"), ("said", "電話で話した"), ("why", "slip")];
        let put_right = [&[("mode", "none")][..], &talk[1..]].concat();
        let notes = format!("/graduates/{graduate}/notes");
        site.world.says("first", 1, "相談があります").await;
        let told = browser.post(&notes, &talk).await;
        let seq = told.place().split_once("undo=").unwrap().1.to_owned();
        let undone = answering((database, &site), graduate, browser.post("/undo", &[("seq", &seq), ("back", "/today")])).await;
        assert!(undone.place().contains("done=undone"), "{} {}", undone.status, undone.body);
        let told = answering((database, &site), graduate, browser.post(&notes, &talk)).await;
        assert!(told.place().contains("done=note-saved"), "{} {}", told.status, told.body);
        site.world.says("second", 1, "もう一つあります").await;
        browser.post(&notes, &talk).await;
        let note = site.world.begin().await.notes_of(graduate, 1).await.unwrap()[0].id;
        let righted = answering((database, &site), graduate, browser.post(&format!("/notes/{note}/correct"), &put_right)).await;
        assert!(righted.place().contains("done=note-corrected"), "{} {}", righted.status, righted.body);
    }

    async fn of_two_colleagues_the_second_is_asked_once_more_and_keeps_the_words(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let (mut one, mut other) = (site.signed_in(Role::Staff).await, site.signed_in(Role::Staff).await);
        let seen = newest(&site, graduate).await;
        reply(&mut one, graduate, "今日15時に電話します").await;
        let form = [("channel", "line"), ("seen", &seen), ("body", "わたしからも")];
        let asked = other.post(&format!("/inbox/{graduate}/reply"), &form).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.body.contains("見本0 支援さんが返事を書きました") && asked.body.contains("わたしからも"), "{}", asked.body);
        assert_eq!(replies(&site, graduate).await.len(), 1);
        let sent = reply(&mut other, graduate, "わたしからも").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "who presses again means it");
    }

    async fn a_thread_that_is_handed_over_stays_due_and_is_the_colleagues_until_somebody_answers(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "相談があります").await;
        let before = turn(&site, graduate).await;
        let mut one = site.signed_in(Role::Staff).await;
        let (mut other, colleague) = site.signed_in_at(site.world.office, Role::Staff).await;
        let path = format!("/inbox/{graduate}/hand-over");
        let nobody = one.post(&path, &[("to", ""), ("remark", "お願いします")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.body.contains("お願いします"), "the remark stays");
        assert!(!other.get("/inbox?whose=mine").await.body.contains("見本1 花子"));
        let to = colleague.to_string();
        let done = one.post(&path, &[("to", &to), ("remark", "午後は外に出ます")]).await;
        assert!(done.place().ends_with("?done=handed-over"), "{} {}", done.status, done.place());
        assert_eq!(turn(&site, graduate).await, before, "a reply that is due stays due");
        assert!(other.get("/inbox?whose=mine").await.body.contains("見本1 花子"));
        let page = other.get(&format!("/inbox/{graduate}")).await.body;
        assert!(page.contains("午後は外に出ます") && page.contains("引きつがれました"), "{page}");
        reply(&mut other, graduate, "今日15時に電話します").await;
        assert!(!other.get(&format!("/inbox/{graduate}")).await.body.contains("引きつがれました"), "it is over");
        other.post(&waiting(&site, graduate).await, &[("what", "take-back")]).await;
        assert!(other.get("/inbox?whose=mine").await.body.contains("見本1 花子"), "nothing was answered after all");
    }
}

#[tokio::test]
async fn a_reply_goes_later_at_a_moment_that_suits_the_person() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "相談があります").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    assert!(page.contains("value=\"2026-04-01T13:00:00+09:00\""), "after lunch is proposed: {page}");
    let seen = newest(&site, graduate).await;
    let path = format!("/inbox/{graduate}/later");
    let words = [("way", "line"), ("seen", seen.as_str()), ("body", "午後に電話します")];
    for (on, at) in
        [("2026-04-01", "23:00"), ("2026-04-04", "11:00"), ("2026-03-31", "11:00"), ("", ""), ("2026-04-01", "x")]
    {
        let refused = browser.post(&path, &[&words[..], &[("when", "own"), ("on", on), ("at", at)]].concat()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{on} {at}");
        assert!(
            refused.body.contains("午後に電話します") && refused.body.contains("次に送れるのは"),
            "{}",
            refused.body
        );
    }
    let kept = browser.post(&path, &[&words[..], &[("when", "2026-04-01T13:00:00+09:00")]].concat()).await;
    assert!(kept.place().contains("done=reply-later"), "{} {}", kept.status, kept.body);
    site.world.clock.advance(TimeDelta::hours(2));
    site.world.tick().await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    assert!(
        page.contains("13:00 に送ります") && !page.contains("今すぐ送る"),
        "in the break nothing can go at once: {page}"
    );

    let waits = waiting(&site, graduate).await;
    let night = [("what", "move"), ("when", "own"), ("on", "2026-04-01"), ("at", "22:00")];
    assert_eq!(browser.post(&waits, &night).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let lunch = browser.post(&waits, &[("what", "now")]).await;
    assert_eq!(lunch.status, StatusCode::UNPROCESSABLE_ENTITY, "the office has its break");
    let moved = browser.post(&waits, &[("what", "move"), ("when", "own"), ("on", "2026-04-01"), ("at", "14:30")]).await;
    assert!(moved.place().contains("done=reply-later"), "{} {}", moved.status, moved.body);
    site.world.clock.advance(TimeDelta::hours(1) + TimeDelta::minutes(30));
    site.world.tick().await;
    assert_eq!(replies(&site, graduate).await[0].state, DeliveryState::Due, "13:30 is no longer its time");
    site.world.clock.advance(TimeDelta::hours(1));
    site.world.tick().await;
    assert_eq!(replies(&site, graduate).await[0].state, DeliveryState::Accepted);
}

#[tokio::test]
async fn a_person_who_says_stop_gets_nothing_that_was_to_go_later() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "相談があります").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let seen = newest(&site, graduate).await;
    let form = [("way", "line"), ("seen", &seen), ("body", "午後に電話します"), ("when", "2026-04-01T13:00:00+09:00")];
    browser.post(&format!("/inbox/{graduate}/later"), &form).await;
    site.world.says("e2", 1, "配信停止").await;
    site.world.clock.advance(TimeDelta::hours(4));
    site.world.tick().await;
    assert_eq!(replies(&site, graduate).await[0].state, DeliveryState::Cancelled);
}

#[tokio::test]
async fn after_words_of_crisis_nothing_goes_that_was_written_before_them_for_later() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.says("e1", 1, "相談があります").await;
    let mut browser = site.signed_in(Role::Staff).await;
    let seen = newest(&site, graduate).await;
    let since_first = turn(&site, graduate).await;
    let form =
        [("way", "line"), ("seen", &seen), ("body", "来週も楽しみですね"), ("when", "2026-04-01T13:00:00+09:00")];
    browser.post(&format!("/inbox/{graduate}/later"), &form).await;
    site.world.clock.advance(TimeDelta::minutes(1));
    site.world.says("e2", 1, "もう消えてしまいたい").await;
    assert_eq!(replies(&site, graduate).await[0].state, DeliveryState::Cancelled);
    assert_eq!(turn(&site, graduate).await, since_first, "what never went has answered nothing");
    let handover = browser.get(&format!("/graduates/{graduate}/handover")).await.body;
    assert!(handover.contains("もう消えてしまいたい") && !handover.contains("来週も楽しみですね"), "{handover}");
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    assert!(page.contains("緊急のことばが届いたので、送りませんでした"), "{page}");
    site.world.clock.advance(TimeDelta::hours(4));
    site.world.tick().await;
    assert!(site.world.inbox.accepted_after(0).iter().all(|message| message.text != "来週も楽しみですね"));
}

#[tokio::test]
async fn what_is_no_text_is_named_in_plain_words_with_the_place_to_see_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    let message = json!({ "type": "sticker", "id": "m-sticker", "packageId": "1", "stickerId": "1" });
    let event = json!({ "type": "message", "message": message, "replyToken": "r-sticker" });
    site.world.line_event("sticker", &line_user(1), event).await;
    site.world.tick().await;
    let page = site.signed_in(Role::Staff).await.get(&format!("/inbox/{graduate}")).await.body;
    assert!(page.contains("スタンプが届きました。") && page.contains("管理画面のチャットで見てください"), "{page}");
}
