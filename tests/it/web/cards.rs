//! Cards: written and read, first for a stand-in, with the words that the linter proposes and the plan beside them.

use bansou_core::card::{Card, CardOf, WordPair, usual_review};
use bansou_core::graduate::Language;
use bansou_core::ids::{EmployerId, GraduateId};
use bansou_core::staff::Role;
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::escalations::{fields, post, stage};
use super::site::{Site, day};

const CARD: [(&str, &str); 8] = [
    ("version", "0"),
    ("spoken_to", "最初に名前と用件を言う"),
    ("unsettles", "急な予定の変更"),
    ("hear_every", "quarterly"),
    ("agreement1_on", "2026-03-01"),
    ("agreement1_text", "電話は17時から"),
    ("word1_ours", "面談"),
    ("word1_theirs", "お茶の時間"),
];

async fn words(site: &Site, of: CardOf, pairs: &[(&str, &str)]) {
    let words = pairs.iter().map(|(ours, theirs)| WordPair { ours: (*ours).into(), theirs: (*theirs).into() });
    let card = Card { words: words.collect(), ..Card::default() };
    let tx = site.world.begin().await;
    tx.save_card(site.world.staff, of, 0, &card, usual_review(day("2026-04-01"))).await.unwrap();
    tx.save().await.unwrap();
}

async fn employer_of(site: &Site, graduate: GraduateId) -> EmployerId {
    let jobs = site.world.begin().await.employments_of(graduate).await.unwrap();
    jobs.into_iter().find_map(|job| job.details.employer).unwrap()
}

fn box_of(page: &str) -> String {
    let (_, rest) = page.split_once("<textarea class=\"input\" id=\"body\"").unwrap();
    rest.split_once('>').unwrap().1.split_once("</textarea>").unwrap().0.trim().to_owned()
}

#[tokio::test]
async fn a_card_is_written_read_on_every_page_about_the_person_and_its_change_is_kept() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let empty = browser.get(&format!("/graduates/{id}/card")).await.body;
    assert!(empty.contains("まだ何も書かれていません"), "{empty}");
    let saved = browser.post(&format!("/graduates/{id}/card/edit"), &CARD).await;
    assert_eq!(saved.place(), format!("/graduates/{id}/card?done=saved"));
    for place in [format!("/graduates/{id}/card"), format!("/graduates/{id}"), format!("/inbox/{id}")] {
        let page = browser.get(&place).await.body;
        assert!(page.contains("最初に名前と用件を言う") && page.contains("電話は17時から"), "{place}: {page}");
    }
    let again = [&[("version", "1"), ("spoken_to", "一つずつ話す")], &CARD[2..]].concat();
    browser.post(&format!("/graduates/{id}/card/edit"), &again).await;
    let page = browser.get(&format!("/graduates/{id}/card")).await.body;
    assert!(
        page.contains("一つずつ話す") && page.contains("これまでのカード") && page.contains("最初に名前と用件を言う")
    );
    let audit = browser.get(&format!("/graduates/{id}/audit")).await.body;
    assert_eq!(audit.matches("カードを書いた").count(), 2);
}

#[tokio::test]
async fn who_is_late_with_a_change_gets_the_words_back_and_may_send_them_again() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let form = format!("/graduates/{id}/card/edit");
    browser.post(&form, &CARD).await;
    let late = browser.post(&form, &CARD).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.body.contains("最初に名前と用件を言う") && late.body.contains("name=\"version\" value=\"1\""),
        "{}",
        late.body
    );
    let half = browser.post(&form, &[("version", "1"), ("word1_ours", "人事"), ("outcome_by", "いつか")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.body.contains("word1_theirs-error") && half.body.contains("outcome_by-error"), "{}", half.body);
}

#[tokio::test]
async fn a_stand_in_sees_the_card_before_what_was_said_and_the_usual_member_of_staff_beside_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let (mut browser, me) = site.signed_in_at(site.world.office, Role::Staff).await;
    let card_first =
        |page: &str| page.find("はじめに読むカード").is_some_and(|at| at < page.find("id=\"said-title\"").unwrap());
    assert!(card_first(&browser.get(&format!("/inbox/{id}")).await.body), "S4.3: not my graduate");
    let tx = site.world.begin().await;
    tx.assign_staff(bansou_core::audit::Actor::COMMAND, id, Some(me), None).await.unwrap();
    tx.save().await.unwrap();
    let mine = browser.get(&format!("/inbox/{id}")).await.body;
    assert!(!mine.contains("はじめに読むカード") && mine.contains("id=\"card\""), "{mine}");
}

#[tokio::test]
async fn what_stood_in_the_details_before_there_were_cards_is_not_lost() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let tx = site.world.begin().await;
    let mut details = tx.graduate(id).await.unwrap().unwrap().details;
    details.profile.card = "紙に書くと安心する".into();
    tx.change_graduate(bansou_core::audit::Actor::COMMAND, id, &details).await.unwrap();
    tx.save().await.unwrap();
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/inbox/{id}")).await.body;
    assert!(page.contains("紙に書くと安心する"), "{page}");
    let form = browser.get(&format!("/graduates/{id}/card/edit")).await.body;
    assert!(form.contains("紙に書くと安心する"), "{form}");
    let changed = [("version", "0"), ("remark", "紙に書くと、とても安心する")];
    browser.post(&format!("/graduates/{id}/card/edit"), &changed).await;
    let stored = site.world.begin().await.graduate(id).await.unwrap().unwrap();
    assert_eq!(stored.details.profile.card, "紙に書くと、とても安心する", "an older program reads it there");
}

#[tokio::test]
async fn where_card_and_plan_differ_a_sentence_says_so_and_the_plan_stays() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-01-05")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let before = site.world.begin().await.cadence(id).await.unwrap().unwrap().state;
    browser.post(&format!("/graduates/{id}/card/edit"), &CARD).await;
    let page = browser.get(&format!("/graduates/{id}/card")).await.body;
    assert!(page.contains("カードでは「3か月に1回」") && page.contains("希望より多く"), "S2.0a: {page}");
    assert!(site.world.begin().await.cadence(id).await.unwrap().unwrap().state == before);
}

#[tokio::test]
async fn their_own_word_is_proposed_in_an_answer_and_taken_by_one_press() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    words(&site, CardOf::Graduate(id), &[("面談", "お茶の時間")]).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let look = format!("/inbox/{id}/look");
    let body = "明日の面談は、午後3時からです。【返事はいりません】";
    let page = browser.post(&look, &[("body", body)]).await.body;
    assert!(page.contains("この人は「お茶の時間」と言います。"), "S2.0b: {page}");
    let taken = browser.post(&look, &[("body", body), ("take", "their-word|面談")]).await.body;
    assert_eq!(box_of(&taken), "明日のお茶の時間は、午後3時からです。【返事はいりません】");
}

#[tokio::test]
async fn a_companys_own_word_is_proposed_in_a_draft_and_taken_by_one_press() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let employer = employer_of(&site, stage.graduate).await;
    words(&site, CardOf::Employer(employer), &[("順番", "手順")]).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let made = post(&mut browser, &format!("/signs/{}/escalate", stage.sign), &fields(&stage)).await;
    let place = made.place().split('?').next().unwrap().to_owned();
    let page = browser.get(&place).await.body;
    assert!(
        page.contains("この会社では「手順」と言います。") && page.contains("value=\"their-word|順番\""),
        "S2.0b: {page}"
    );
    let taken = browser.post(&format!("{place}/words"), &[("take", "their-word|順番")]).await;
    assert_eq!(taken.place(), format!("{place}?done=request-saved"));
    let page = browser.get(&place).await.body;
    assert!(
        page.contains("手順が分かると、落ち着いて始められるためです。") && !page.contains("この会社では"),
        "{page}"
    );
    let gone = browser.post(&format!("{place}/words"), &[("take", "their-word|順番")]).await;
    assert_eq!(gone.place(), place, "words that are gone change nothing");
}

#[tokio::test]
async fn a_companys_page_tells_whom_to_ask_who_works_there_and_its_card() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let employer = employer_of(&site, stage.graduate).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let saved = browser
        .post(&format!("/employers/{employer}/card/edit"), &[("version", "0"), ("decides", "配置は工場長が決める")])
        .await;
    assert_eq!(saved.place(), format!("/employers/{employer}?done=saved"));
    let page = browser.get(&format!("/employers/{employer}")).await.body;
    assert!(
        page.contains("配置は工場長が決める") && page.contains("例山 ひとみ") && page.contains("見本1 花子"),
        "{page}"
    );
    let thread = browser.get(&format!("/inbox/{}", stage.graduate)).await.body;
    assert!(thread.contains(&format!("/employers/{employer}")), "the person's card leads there");
    let other = site.other_office().await;
    let (mut theirs, _) = site.signed_in_at(other, Role::Admin).await;
    assert_eq!(theirs.get(&format!("/employers/{employer}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_example_fills_the_box_in_the_persons_way_of_reading_and_sends_nothing() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let examples = format!("/inbox/{id}/examples");
    let list = browser.get(&examples).await.body;
    assert!(list.matches("name=\"pick\"").count() >= 40, "{}", list.matches("name=\"pick\"").count());
    let found = browser.post(&examples, &[("find", "台風")]).await.body;
    assert_eq!(found.matches("name=\"pick\"").count(), 1);
    assert!(browser.post(&examples, &[("find", "ゴルフ")]).await.body.contains("この言葉の入った文例はありません"));
    let picked =
        browser.post(&examples, &[("pick", "body-sleep"), ("body", "お返事ありがとうございます。")]).await.body;
    let text = box_of(&picked);
    assert!(
        text.starts_with("お返事ありがとうございます。\n") && text.contains("この1週間のねむりは、どれに近いですか。"),
        "{text}"
    );
    assert!(text.contains("／こたえない］") && !text.contains("1:"), "{text}");

    let tx = site.world.begin().await;
    let mut details = tx.graduate(id).await.unwrap().unwrap().details;
    details.language = Language::Furigana;
    tx.change_graduate(bansou_core::audit::Actor::COMMAND, id, &details).await.unwrap();
    tx.save().await.unwrap();
    let picked = browser.post(&examples, &[("pick", "body-sleep")]).await.body;
    assert!(box_of(&picked).contains("近（ちか）いですか"), "{picked}");
    assert!(site.world.begin().await.messages_of(id, None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_number_for_hard_moments_is_a_line_that_listens_at_any_hour_and_no_emergency_number() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let text = box_of(&browser.post(&format!("/inbox/{id}/examples"), &[("pick", "hard-line")]).await.body);
    assert!(text.contains("よりそいホットライン 0120-279-338（24時間）"), "{text}");
    assert!(!text.contains("119"), "{text}");
}

#[tokio::test]
async fn an_example_whose_blanks_are_open_is_not_sent_and_its_words_stay() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let text = box_of(&browser.post(&format!("/inbox/{id}/examples"), &[("pick", "meeting-before")]).await.body);
    assert!(text.contains("＿月＿日（＿曜日）の午後＿時に、＿＿で会います"), "{text}");
    let refused = browser.post(&format!("/inbox/{id}/reply"), &[("body", &text), ("channel", "line")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("「＿」が残っています"), "{}", refused.body);
    assert_eq!(box_of(&refused.body), text);
    let later = [("body", text.as_str()), ("way", "line"), ("when", "own"), ("on", "2026-04-02"), ("at", "10:00")];
    assert_eq!(browser.post(&format!("/inbox/{id}/later"), &later).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(site.world.begin().await.messages_of(id, None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_question_that_is_planned_for_today_is_told_before_another_is_asked() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-30")).await;
    site.world.tick().await;
    let waits = site.world.begin().await.waiting_for(id).await.unwrap();
    let mut browser = site.signed_in(Role::Staff).await;
    let body = [("body", "次に会う日は、どれがよいですか。［月曜日／金曜日／こたえない］")];
    let page = browser.post(&format!("/inbox/{id}/look"), &body).await.body;
    let told = page.contains("と聞く予定です") || page.contains("と聞いています");
    assert_eq!(told, waits == 1 || page.contains("と聞いています"), "S2.3: {page}");
    assert!(told, "the first check-in of the job is today's: {page}");
}
