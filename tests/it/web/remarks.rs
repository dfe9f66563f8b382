//! An answer is looked over before it goes out: the rulebook helps at the moment of writing, and never stands in the way.

use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::ChannelKind;
use bansou_core::hours::WeekHours;
use bansou_core::lint::{Draft, LintRules, Name, Reader, Recipient, Rule, Weight, lint};
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use bansou_core::staff::Role;
use bansou_core::words::{Lang, Words};
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::escalations::{fields, post, stage};
use super::site::{Site, day};

const HARD: &str = "なぜ休んだのですか。ちゃんと連絡してください。";

#[test]
fn every_rule_has_its_sentence_in_every_language_of_staff() {
    let words = Words::embedded();
    for lang in [Lang::Ja, Lang::En] {
        for rule in Rule::ALL {
            assert!(!words.plain(lang, &rule.word_key()).contains('⟦'), "{rule} in {lang}");
        }
    }
}

#[tokio::test]
async fn words_that_hurt_are_pointed_at_and_nothing_is_sent_or_kept() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let looked = browser.post(&format!("/inbox/{id}/look"), &[("body", HARD)]).await;
    assert_eq!(looked.status, StatusCode::OK);
    let page = looked.body;
    assert!(page.contains("id=\"remarks\"") && page.contains("責められていると感じることがあります"), "{page}");
    assert!(page.contains(HARD), "what was typed stays in the box: {page}");
    assert!(site.world.begin().await.messages_of(id, None, 10).await.unwrap().is_empty());
    let calm = "今日の午後3時に電話します。【返事はいりません】";
    let nothing = browser.post(&format!("/inbox/{id}/look"), &[("body", calm)]).await.body;
    assert!(nothing.contains("気になるところはありません"), "{nothing}");
}

#[tokio::test]
async fn a_proposal_is_taken_by_its_button_also_after_more_was_typed() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let look = format!("/inbox/{id}/look");
    let page = browser.post(&look, &[("body", HARD)]).await.body;
    let key = page.split("name=\"take\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let words = key.split_once('|').unwrap().1;
    assert!(HARD.contains(words), "{key}");
    let longer = format!("おつかれさまです。{HARD}");
    let taken = browser.post(&look, &[("body", &longer), ("take", &key)]).await.body;
    let box_of = |page: &str| {
        let (_, rest) = page.split_once("<textarea class=\"input\" id=\"body\"").unwrap();
        rest.split_once('>').unwrap().1.split_once("</textarea>").unwrap().0.trim().to_owned()
    };
    let text = box_of(&taken);
    assert!(text.starts_with("おつかれさまです。") && !text.contains(words), "{text}");
    assert!(taken.contains("言葉を入れかえました。まだ送っていません。"));
    let gone = browser.post(&look, &[("body", "もう別の文です。"), ("take", &key)]).await.body;
    assert_eq!(box_of(&gone), "もう別の文です。", "a proposal about words that are gone changes nothing");
}

#[tokio::test]
async fn what_the_record_knows_is_not_asked_again() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let asked = [("body", "電話番号を教えてください。")];
    let page = browser.post(&format!("/inbox/{id}/look"), &asked).await.body;
    assert!(page.contains("電話番号は、もう記録にあります"), "{page}");
    let unknown = site.world.graduate_with(2, day("2026-03-31"), &[ContactKind::Line]).await;
    let page = browser.post(&format!("/inbox/{unknown}/look"), &asked).await.body;
    assert!(!page.contains("もう記録にあります"), "{page}");
}

#[tokio::test]
async fn hours_and_the_end_of_the_certificate_are_not_asked_again_where_somebody_has_noted_them() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let look = format!("/inbox/{id}/look");
    let questions = ["連絡してよい時間を教えてください。", "受給者証の期限はいつですか。"];
    for question in questions {
        let page = browser.post(&look, &[("body", question)]).await.body;
        assert!(!page.contains("もう記録にあります"), "nobody has noted it yet: {page}");
    }
    let tx = site.world.begin().await;
    let mut details = tx.graduate(id).await.unwrap().unwrap().details;
    details.hours.week = WeekHours::weekdays("10:00-16:00").unwrap();
    tx.change_graduate(Actor::COMMAND, id, &details).await.unwrap();
    let period = ServicePeriod {
        certificate_expires_on: Some(day("2027-03-31")),
        ..ServicePeriod::start(ServiceKind::Retention, day("2026-03-31"))
    };
    tx.add_service_period(Actor::COMMAND, id, &period).await.unwrap();
    tx.save().await.unwrap();
    for (question, topic) in questions.into_iter().zip(["連絡してよい時間", "受給者証の期限"]) {
        let page = browser.post(&look, &[("body", question)]).await.body;
        assert!(page.contains(&format!("{topic}は、もう記録にあります")), "S2.3: {page}");
    }
}

#[tokio::test]
async fn a_request_is_looked_over_on_its_page_while_it_can_be_changed() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let mut vague = fields(&stage);
    for (name, value) in &mut vague {
        if name == "request" {
            "なるべく早く、その日の作業を紙に書いて渡していただけませんか。".clone_into(value);
        }
    }
    let made = post(&mut browser, &format!("/signs/{}/escalate", stage.sign), &vague).await;
    let page = browser.get(made.place().split('?').next().unwrap()).await.body;
    assert!(page.contains("「なるべく早く」") && page.contains("日にちと時間で書きます"), "{page}");
    assert!(!page.contains("name=\"take\""), "it is changed in its form, not here");
}

#[tokio::test]
async fn a_wording_of_the_office_is_looked_over_as_its_readers_would_get_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Admin).await;
    let hard = [
        ("plain", "なぜ休んだのですか。"),
        ("easy", HARD),
        ("furigana", "今日（きょう）の調子です。"),
        ("step", "preview"),
    ];
    let page = browser.post("/settings/messages/check-in-condition", &hard).await.body;
    assert!(page.contains("id=\"remarks-plain\"") && page.contains("id=\"remarks-easy\""), "{page}");
}

#[test]
fn the_words_that_ask_a_company_back_are_written_by_the_rules() {
    let words = Words::embedded();
    let mut blanks = bansou_core::words::Args::new();
    for (name, value) in
        [("contact", "例山 ひとみ"), ("office", "みほん支援室"), ("staff", "例田 太郎"), ("day", "4月2日（木）")]
    {
        blanks.set(name, value);
    }
    let text = words.get(Lang::Ja, "ask-back-company-words", &blanks);
    let names = ["例山 ひとみ", "みほん支援室", "例田 太郎"].map(|written| Name { written, reading: Some(written) });
    let to = Recipient { names: &names, ..Recipient::new(Reader::Employer) };
    let draft = Draft { channel: Some(ChannelKind::Email), ..Draft::new(&text, day("2026-04-01")) };
    let found = lint(&draft, &to, &LintRules::embedded());
    let warnings: Vec<_> = found.iter().filter(|remark| remark.weight == Weight::Warn).collect();
    assert!(warnings.is_empty(), "{warnings:?}: {text}");
}

#[tokio::test]
async fn a_question_back_goes_into_the_box_by_one_press_where_an_answer_is_due() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    assert!(!browser.get(&format!("/inbox/{id}")).await.body.contains("back-purpose"), "nothing waits for an answer");
    site.world.says("e1", 1, "在籍の書類をください").await;
    let page = browser.get(&format!("/inbox/{id}")).await.body;
    for key in ["back-purpose", "back-when", "back-who"] {
        assert!(page.contains(&format!("value=\"{key}\"")), "S2.8: {key}: {page}");
    }
    let typed = [("body", "おつかれさまです。"), ("pick", "back-purpose")];
    let filled = browser.post(&format!("/inbox/{id}/examples"), &typed).await.body;
    assert!(filled.contains("おつかれさまです。\n") && filled.contains("何に使うかは、どれに近いですか。"), "{filled}");
    assert!(filled.contains("［会社に出す／役所に出す／自分で使う／こたえない］"), "{filled}");
}

const CALL_US: &str = "こまったときは、03-0000-0000に電話してください。【返事はいりません】";

#[tokio::test]
async fn a_number_goes_as_a_message_of_its_own_in_the_same_call() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let look = format!("/inbox/{id}/look");
    let page = browser.post(&look, &[("body", CALL_US)]).await.body;
    assert!(page.contains("番号だけのメッセージにすると") && page.contains("phone-inside|03-0000-0000"), "{page}");
    let page = browser.post(&look, &[("body", CALL_US), ("take", "phone-inside|03-0000-0000")]).await.body;
    assert!(
        page.contains("次に送る番号に電話してください。") && page.contains("name=\"number\" value=\"03-0000-0000\""),
        "{page}"
    );

    let words = "こまったときは、次に送る番号に電話してください。【返事はいりません】";
    for (channel, text, then) in
        [("line", words.to_owned(), "03-0000-0000"), ("sms", format!("{words}\n03-0000-0000"), "")]
    {
        let newest = site.world.begin().await.messages_of(id, None, 1).await.unwrap().pop();
        let seen = newest.map(|message| message.id.to_string()).unwrap_or_default();
        let form = [("body", words), ("number", "03-0000-0000"), ("channel", channel), ("seen", &seen)];
        assert_eq!(browser.post(&format!("/inbox/{id}/reply"), &form).await.status, StatusCode::SEE_OTHER);
        let tx = site.world.begin().await;
        let sent = tx.deliveries_of(id, 9).await.unwrap().into_iter();
        let sent = sent.filter(|delivery| delivery.channel_kind.as_str() == channel);
        let sent: Vec<_> = sent.map(|delivery| (delivery.payload.text, delivery.payload.then)).collect();
        assert_eq!(sent, [(text, then.to_owned())], "S2.13: {channel}");
        let said = tx.messages_of(id, None, 1).await.unwrap().remove(0).body.unwrap().text;
        assert_eq!(said, format!("{words}\n03-0000-0000"), "the thread shows what the person gets");
    }
}

#[tokio::test]
async fn a_number_never_leaves_the_text_for_a_second_message_that_nobody_would_send() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate_with(1, day("2026-03-31"), &[ContactKind::Sms]).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let look = format!("/inbox/{id}/look");
    let page = browser.post(&look, &[("body", CALL_US)]).await.body;
    assert!(page.contains("番号だけのメッセージにすると"), "{page}");
    assert!(!page.contains("phone-inside|"), "two SMS could come in the other order: {page}");
    let page = browser.post(&look, &[("body", CALL_US), ("take", "phone-inside|03-0000-0000")]).await.body;
    assert!(page.contains(CALL_US), "{page}");
}

#[tokio::test]
async fn the_length_of_an_answer_is_told_as_each_provider_counts() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let id = site.world.graduate(1, day("2026-03-31")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let body = "あ".repeat(70) + "😀";
    let page = browser.post(&format!("/inbox/{id}/look"), &[("body", &body)]).await.body;
    assert!(page.contains("LINE 72文字 · SMS 72文字（2通分）"), "S2.13: {page}");
}
