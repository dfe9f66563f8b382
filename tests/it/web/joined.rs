//! A question that is planned for today is asked within an answer by one press, and nobody is asked twice or not at all (S2.3).

use bansou_channels::Address;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::{CheckInId, GraduateId};
use bansou_core::staff::Role;
use bansou_store::{CheckIn, Delivery};
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::replies::newest;
use super::site::{Answered, Browser, Site, day};

const BODY: &str = "次に会う日は、どれがよいですか。［月曜日／金曜日／こたえない］";
const ANSWERS: &str = "［よい／ふつう／しんどい／こたえない］";

/// People of whom each has a check-in of today, and the deliveries that wait to carry them, the first to go first.
pub(super) async fn planned(site: &Site, people: u32) -> Vec<Delivery> {
    let mut waits = Vec::new();
    for n in 1..=people {
        let graduate = site.world.graduate(n, day("2026-03-30")).await;
        site.world.engine.tick().await.unwrap();
        let all = site.world.begin().await.deliveries_of(graduate, 9).await.unwrap();
        waits.extend(all.into_iter().filter(Delivery::is_waiting_question));
    }
    waits.sort_by_key(|delivery| delivery.due_at);
    waits.retain(|delivery| delivery.due_at > site.world.now() + TimeDelta::minutes(1));
    assert!(!waits.is_empty(), "somebody's check-in of today is still to come");
    waits
}

fn whose(delivery: &Delivery) -> (GraduateId, CheckInId) {
    (delivery.graduate.unwrap(), delivery.check_in.unwrap())
}

async fn row(site: &Site, id: CheckInId) -> CheckIn {
    site.world.begin().await.check_in(id).await.unwrap().unwrap()
}

fn box_of(page: &str) -> String {
    let area = page.split("<textarea class=\"input\" id=\"body\"").nth(1).unwrap();
    area.split_once('>').unwrap().1.split_once("</textarea>").unwrap().0.trim().to_owned()
}

async fn send(browser: &mut Browser<'_>, graduate: GraduateId, body: &str, join: &str) -> Answered {
    let seen = newest(browser.site, graduate).await;
    let form = [("channel", "line"), ("seen", &seen), ("body", body), ("join", join)];
    browser.post(&format!("/inbox/{graduate}/reply"), &form).await
}

/// How often the question of a check-in reached anybody's phone, by itself or within an answer.
fn asked(site: &Site, words: &str) -> usize {
    site.world.inbox.accepted_after(0).iter().filter(|message| message.text.contains(words)).count()
}

/// The box with both questions, as one press fills it.
async fn joined(browser: &mut Browser<'_>, graduate: GraduateId, id: CheckInId) -> String {
    let look = format!("/inbox/{graduate}/look");
    let page = browser.post(&look, &[("body", BODY)]).await.body;
    assert!(page.contains("と聞く予定です") && page.contains(&format!("value=\"join|{id}\"")), "{page}");
    browser.post(&look, &[("body", BODY), ("take", &format!("join|{id}"))]).await.body
}

for_each_database! {
    async fn a_question_of_today_is_asked_within_the_answer_by_one_press_and_goes_once(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let waits = planned(&site, 6).await.remove(0);
        let (graduate, id) = whose(&waits);
        let mut browser = site.signed_in(Role::Staff).await;
        let page = joined(&mut browser, graduate, id).await;
        let body = box_of(&page);
        assert_eq!(body, format!("{BODY}\n今日の体の調子は、どれに近いですか。{ANSWERS}"));
        assert!(page.contains(&format!("name=\"join\" value=\"{id}\" checked")), "{page}");
        assert!(!page.contains("と聞く予定です") && !page.contains("質問が2件"), "asking both is what was meant: {page}");
        assert_eq!(row(&site, id).await.state, CheckInState::Planned, "nothing is let go before it is sent");

        let sent = send(&mut browser, graduate, &body, &id.to_string()).await;
        assert!(sent.place().contains("done=reply-sent"), "{} {}", sent.status, sent.body);
        let closed = row(&site, id).await;
        assert_eq!((closed.state, closed.state_reason), (CheckInState::Skipped, Some(CloseReason::Joined)));
        let tx = site.world.begin().await;
        let own = tx.deliveries_of_check_in(id).await.unwrap().remove(0);
        assert_eq!((own.state, own.state_code.as_deref()), (DeliveryState::Cancelled, Some("joined")));
        assert_eq!(tx.audit_of(id.0, 9).await.unwrap()[0].action, "check_in.join");
        assert_eq!(tx.messages_of(graduate, None, 1).await.unwrap()[0].check_in, Some(id), "where it was asked is known");
        drop(tx);
        site.world.clock.set(waits.due_at + TimeDelta::minutes(5));
        site.world.tick().await;
        let to = Address::new(waits.address.clone());
        let to_them: Vec<_> = site.world.inbox.accepted_after(0).into_iter().filter(|one| one.to == to).collect();
        assert_eq!(to_them.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), [body.as_str()]);
        let page = site.signed_in(Role::Staff).await.get(&format!("/graduates/{graduate}")).await.body;
        assert!(page.contains("職員の返事の中でいっしょに聞いた"), "the ledger says why: {page}");
    }

    async fn a_question_of_today_is_not_joined_to_an_answer_of_another_day(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let waits = planned(&site, 6).await.remove(0);
        let (graduate, id) = whose(&waits);
        let mut browser = site.signed_in(Role::Staff).await;
        let body = box_of(&joined(&mut browser, graduate, id).await);
        let (seen, id) = (newest(&site, graduate).await, id.to_string());
        let form = [("way", "line"), ("seen", &seen), ("body", &body), ("join", &id), ("when", "2026-04-03T11:00:00+09:00")];
        let refused = browser.post(&format!("/inbox/{graduate}/later"), &form).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("今日のうちにだけ送れます"), "{}", refused.body);
        let soon = (site.world.now() + TimeDelta::minutes(30)).to_rfc3339();
        browser.post(&format!("/inbox/{graduate}/later"), &[&form[..4], &[("when", &soon)]].concat()).await;
        let reply = site.world.begin().await.waiting_replies(graduate).await.unwrap().remove(0);
        let to = [("what", "move"), ("when", "own"), ("on", "2026-04-03"), ("at", "11:00")];
        let refused = browser.post(&format!("/inbox/{graduate}/waiting/{}", reply.id), &to).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("今日のうちにだけ送れます"), "{}", refused.body);
    }

    async fn an_answer_that_is_held_back_by_words_of_crisis_has_asked_nothing(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let waits = planned(&site, 6).await.remove(0);
        let (graduate, id) = whose(&waits);
        let mut browser = site.signed_in(Role::Staff).await;
        let body = box_of(&joined(&mut browser, graduate, id).await);
        let (seen, join) = (newest(&site, graduate).await, id.to_string());
        let when = (site.world.now() + TimeDelta::minutes(30)).to_rfc3339();
        let form = [("way", "line"), ("seen", &seen), ("body", &body), ("join", &join), ("when", &when)];
        let kept = browser.post(&format!("/inbox/{graduate}/later"), &form).await;
        assert!(kept.place().contains("done=reply-later"), "{}", kept.body);
        let n = (1..=6).find(|n| waits.address == bansou_tests::world::line_user(*n)).unwrap();
        site.world.says("e1", n, "もう消えてしまいたい").await;
        assert_eq!(row(&site, id).await.state, CheckInState::Planned, "a person decides when it goes");
        site.world.clock.set(waits.due_at + TimeDelta::minutes(5));
        site.world.tick().await;
        assert_eq!(asked(&site, "今日の体の調子"), 0, "neither within the answer nor by itself");
    }

    async fn an_answer_that_is_taken_back_gives_the_question_back_to_its_plan(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let waits = planned(&site, 6).await.remove(0);
        let (graduate, id) = whose(&waits);
        let mut browser = site.signed_in(Role::Staff).await;
        let body = box_of(&joined(&mut browser, graduate, id).await);
        send(&mut browser, graduate, &body, &id.to_string()).await;
        let all = site.world.begin().await.deliveries_of(graduate, 9).await.unwrap();
        let reply = all.into_iter().find(Delivery::is_waiting_reply).unwrap();
        let path = format!("/inbox/{graduate}/waiting/{}", reply.id);
        let back = browser.post(&path, &[("what", "take-back")]).await;
        assert!(back.place().contains("done=reply-taken-back"), "{}", back.place());
        let again = row(&site, id).await;
        assert_eq!((again.state, again.state_reason, again.closed_at), (CheckInState::Planned, None, None));
        let page = browser.get(&format!("/inbox/{graduate}")).await.body;
        assert_eq!(box_of(&page), body);
        assert!(page.contains(&format!("name=\"join\" value=\"{id}\" checked")), "sent again, it is asked once: {page}");

        site.world.clock.set(waits.due_at + TimeDelta::minutes(5));
        site.world.tick().await;
        assert_eq!(row(&site, id).await.state, CheckInState::Out, "never sent again, it comes at its own time");
    }

    async fn joined_at_the_moment_it_goes_a_question_is_asked_once_and_the_words_stay(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        for waits in planned(&site, 8).await {
            let (graduate, id) = whose(&waits);
            let mut browser = site.signed_in(Role::Staff).await;
            let body = format!("{graduate} {}", box_of(&joined(&mut browser, graduate, id).await));
            site.world.clock.set(waits.due_at);
            let mut browser = site.signed_in(Role::Staff).await;
            let join = id.to_string();
            let (_, sent) = tokio::join!(site.world.engine.tick(), send(&mut browser, graduate, &body, &join));
            site.world.clock.advance(TimeDelta::seconds(11));
            site.world.tick().await;
            let own = site.world.begin().await.deliveries_of_check_in(id).await.unwrap().remove(0);
            let went_alone = own.state == DeliveryState::Accepted;
            let went_within = sent.status == StatusCode::SEE_OTHER && sent.place().contains("done=reply-sent");
            assert!(went_alone != went_within, "{:?} {}", own.state, sent.status);
            assert_eq!(asked(&site, &body), usize::from(went_within));
            if !went_within {
                assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
                assert_eq!(box_of(&sent.body), body, "the words stay in the box");
            }
        }
    }

    async fn a_question_that_was_taken_out_of_the_words_again_is_asked_as_planned(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let waits = planned(&site, 8).await;
        let [one, other, ..] = &waits[..] else { panic!("two people's check-ins are to come") };
        let mut browser = site.signed_in(Role::Staff).await;
        let (graduate, id) = whose(one);
        joined(&mut browser, graduate, id).await;
        // The mark was left on.
        let sent = send(&mut browser, graduate, BODY, &id.to_string()).await;
        assert!(sent.place().contains("done=reply-sent"), "{}", sent.body);
        assert_eq!(row(&site, id).await.state, CheckInState::Planned);
        let own = site.world.begin().await.deliveries_of_check_in(id).await.unwrap().remove(0);
        assert_eq!(own.state, DeliveryState::Due);
        // Browsers break lines in their own way, and so do people.
        let (graduate, id) = whose(other);
        let body = box_of(&joined(&mut browser, graduate, id).await).replace('\n', "\r\n\r\n").replace('。', "。\r\n");
        send(&mut browser, graduate, &body, &id.to_string()).await;
        assert_eq!(row(&site, id).await.state_reason, Some(CloseReason::Joined));
    }

    async fn only_the_persons_own_question_that_still_waits_is_let_go(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let waits = planned(&site, 8).await;
        let [.., one, other] = &waits[..] else { panic!("two people's check-ins are to come") };
        let (mine, theirs) = (whose(one), whose(other));
        let mut browser = site.signed_in(Role::Staff).await;
        let sent = send(&mut browser, mine.0, BODY, &theirs.1.to_string()).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.body.contains("もう送り始めたか、取りやめになっています") && box_of(&sent.body) == BODY, "{}", sent.body);
        assert_eq!(row(&site, theirs.1).await.state, CheckInState::Planned);
        let nothing = site.world.begin().await.messages_of(mine.0, None, 9).await.unwrap();
        assert!(nothing.is_empty(), "and nothing was written");
        // Without the mark both go; sent later, it is let go as well.
        send(&mut browser, mine.0, BODY, "").await;
        assert_eq!(row(&site, mine.1).await.state, CheckInState::Planned);
        let (on, at) = ("2026-04-01", "17:00");
        let body = box_of(&joined(&mut browser, theirs.0, theirs.1).await);
        let form = [("body", &*body), ("way", "line"), ("when", "own"), ("on", on), ("at", at), ("join", &theirs.1.to_string())];
        let later = browser.post(&format!("/inbox/{}/later", theirs.0), &form).await;
        assert!(later.place().contains("done=reply-later"), "{} {}", later.status, later.body);
        assert_eq!(row(&site, theirs.1).await.state_reason, Some(CloseReason::Joined));
    }
}
