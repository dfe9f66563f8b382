//! What came with a message is fetched within limits, and no answer is taken for another.

use std::time::Duration;

use bansou_channels::line::CONTENT_LIMIT;
use bansou_channels::{Content, LineChannel, LineSettings, SetupError, Timeouts};
use bansou_tests::fakes::contracts::{Document, contracts};
use bansou_tests::fakes::line::LineContent;
use bansou_tests::fakes::{Fault, LineFake};

use super::{clock, line_channel, line_settings};

fn later(code: &str) -> Content {
    Content::TryLater { code: code.into() }
}

#[tokio::test]
async fn every_answer_of_lines_data_host_is_told_from_the_others() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    fake.set_content("1", LineContent::Here(vec![1, 2, 3]));
    fake.set_content("2", LineContent::Preparing);
    fake.set_content("3", LineContent::Deleted);
    assert_eq!(channel.content("1").await, Content::Bytes(vec![1, 2, 3]));
    assert_eq!(channel.content("2").await, Content::NotYet);
    assert_eq!(channel.content("3").await, Content::Gone);
    assert_eq!(channel.content("4").await, Content::Gone);
    fake.faults().script([Some(Fault::ErrorBefore), Some(Fault::RateLimited), Some(Fault::ResetBefore)]);
    assert_eq!(channel.content("1").await, later("line_500"));
    assert_eq!(channel.content("1").await, later("line_429"));
    assert_eq!(channel.content("1").await, later("connection_lost"));
    assert_eq!(channel.content("1").await, Content::Bytes(vec![1, 2, 3]));
}

#[tokio::test]
async fn no_more_is_read_than_the_limit() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    fake.set_content("1", LineContent::Here(vec![0; CONTENT_LIMIT]));
    fake.set_content("2", LineContent::Here(vec![0; CONTENT_LIMIT + 1]));
    assert!(matches!(channel.content("1").await, Content::Bytes(bytes) if bytes.len() == CONTENT_LIMIT));
    assert_eq!(channel.content("2").await, Content::TooLarge);
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up() {
    let fake = LineFake::start(clock(), 1).await;
    let limit = Duration::from_millis(50);
    let settings =
        LineSettings { timeouts: Timeouts { connect: limit, total: limit }, ..line_settings(fake.base_url()) };
    fake.faults().script([Some(Fault::HangBefore)]);
    assert_eq!(LineChannel::new(settings).unwrap().content("1").await, later("timeout"));
}

#[tokio::test]
async fn a_message_id_becomes_no_other_path() {
    let fake = LineFake::start(clock(), 1).await;
    let channel = line_channel(&fake);
    fake.set_content("1", LineContent::Here(vec![1]));
    assert_eq!(channel.content("../1").await, Content::Bytes(vec![1]), "what is no letter and no digit is left out");
    assert_eq!(channel.content("..").await, Content::Gone);
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn pictures_are_asked_for_where_lines_contract_says() {
    let path = "/v2/bot/message/{messageId}/content";
    if contracts().skipped() {
        return;
    }
    assert_eq!(contracts().server_of(Document::LineMessaging, path, "get"), Some("https://api-data.line.me"));
    let own = LineChannel::new(line_settings("https://api.line.me".into())).unwrap();
    assert_eq!(own.content_base_url(), "https://api-data.line.me");
    let elsewhere = LineChannel::new(line_settings("https://line.example".into())).unwrap();
    assert_eq!(elsewhere.content_base_url(), "https://line.example");
}

#[test]
fn a_token_travels_to_no_other_place_without_tls() {
    let with =
        |url: &str| LineSettings { content_base_url: Some(url.into()), ..line_settings("https://api.line.me".into()) };
    let refused = LineChannel::new(with("http://line.example")).unwrap_err();
    assert!(matches!(refused, SetupError::Field { field: "content_base_url", .. }), "{refused}");
    assert!(LineChannel::new(with("https://line.example/")).is_ok());
}
