//! What holds for any text.

use std::time::Instant;

use proptest::prelude::*;

use super::tests::{NAMES, cases, draft, today};
use super::*;
use crate::delivery::ChannelKind;

const WORDS: &[OwnWord<'static>] = &[OwnWord { theirs: "採用担当", others: &["人事", "担当者"] }];

fn recipient(reader: Reader) -> Recipient<'static> {
    Recipient { names: NAMES, words: WORDS, known: Topic::ALL, asked_today: true, ..Recipient::new(reader) }
}

fn all_channels() -> [Option<ChannelKind>; 3] {
    [None, Some(ChannelKind::Line), Some(ChannelKind::Sms)]
}

/// The words of one rule's proposal, put in its place, must not be another breach of it.
fn check_proposals(text: &str, choices: &[&str], reader: Reader, channel: Option<ChannelKind>) -> Result<(), String> {
    let rules = LintRules::embedded();
    let to = recipient(reader);
    let found = lint(&draft(text, choices, channel), &to, &rules);
    let times = |found: &[Remark], rule: Rule| found.iter().filter(|remark| remark.rule == rule).count();
    for remark in &found {
        let Some(changed) = remark.applied(text) else { continue };
        let after = lint(&draft(&changed, choices, channel), &to, &rules);
        if times(&after, remark.rule) > times(&found, remark.rule) {
            return Err(format!("{remark:?} of 「{text}」 becomes 「{changed}」"));
        }
    }
    Ok(())
}

/// As above, and the proposal takes its own remark away: for single messages.
#[test]
fn taking_a_proposal_takes_its_remark_away() {
    let rules = LintRules::embedded();
    for case in cases().bad.iter().chain(&cases().good) {
        let choices: Vec<&str> = case.ch.iter().map(String::as_str).collect();
        let to = Recipient { names: NAMES, ..Recipient::new(case.to) };
        let found = lint(&draft(&case.t, &choices, case.via), &to, &rules);
        for remark in &found {
            let Some(changed) = remark.applied(&case.t) else { continue };
            let after = lint(&draft(&changed, &choices, case.via), &to, &rules);
            let times = |found: &[Remark]| found.iter().filter(|other| other.rule == remark.rule).count();
            assert!(times(&after) < times(&found), "{remark:?}: 「{}」 becomes 「{changed}」", case.t);
        }
    }
}

#[test]
fn no_proposal_of_the_lists_breaks_the_rule_it_comes_from() {
    for case in cases().bad.iter().chain(&cases().good) {
        let choices: Vec<&str> = case.ch.iter().map(String::as_str).collect();
        for &reader in Reader::ALL {
            check_proposals(&case.t, &choices, reader, case.via).unwrap();
        }
    }
}

#[test]
fn an_empty_text_gets_no_remark() {
    for text in ["", " ", "\n\n", "　"] {
        for &reader in Reader::ALL {
            assert!(lint(&draft(text, &[], None), &recipient(reader), &LintRules::embedded()).is_empty());
        }
    }
}

/// Ten thousand characters of the worst kind take about ten times as long as one thousand, not a hundred times.
#[test]
fn the_time_grows_with_the_length_and_not_with_its_square() {
    let rules = LintRules::embedded();
    let pieces = [
        "なぜ",
        "がんばって",
        "あ",
        "漢",
        "「",
        "」",
        "。",
        "1",
        "12時",
        "12月3日",
        "三",
        "ないわけではない",
        "03-0000-0000",
        "https://a.example/",
        "（あ）",
        "漢（かん）",
        "{",
        "😀",
        "か\u{3099}",
        "確認してください",
        "なるべく",
        "二十",
        "カタカナ",
        "「「",
        "［",
        "ので、",
        "【",
        "見本",
    ];
    for piece in pieces {
        let count = piece.chars().count();
        let time = |characters: usize| {
            let text = piece.repeat(characters / count);
            let begin = Instant::now();
            for reader in [Reader::Furigana, Reader::Employer] {
                lint(&draft(&text, &[], Some(ChannelKind::Sms)), &recipient(reader), &rules);
            }
            begin.elapsed()
        };
        time(100);
        let (short, long) = (time(1_000), time(10_000));
        assert!(long < short * 40 + std::time::Duration::from_millis(500), "{piece}: {short:?}, then {long:?}");
    }
}

fn fragment() -> impl Strategy<Value = String> {
    let words: Vec<String> = cases()
        .bad
        .iter()
        .flat_map(|case| case.t.split_inclusive(['。', '、', '　']).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    prop_oneof![
        4 => proptest::sample::select(words),
        1 => ".{0,6}",
        1 => "[ぁ-んァ-ヴ一二三月日時分漢字今日明体（）「」『』［］【】{}。、？！\n 　0-9０-９a-z:/.+-]{0,8}",
        1 => proptest::sample::select(vec!["か\u{3099}", "ｶﾞﾝﾊﾞｯﾃ", "\r\n", "👨\u{200d}👩\u{200d}👧", "℀", "ﬃ", "㍿", "\u{1}", "\u{E000}", "見本", "{name}"])
            .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn spans_lie_inside_the_text_between_characters(
        pieces in proptest::collection::vec(fragment(), 0..12),
        reader in proptest::sample::select(Reader::ALL),
        channel in proptest::sample::select(all_channels().to_vec()),
        day in 0_u64..2_000,
    ) {
        let text = pieces.concat();
        let today = today().checked_add_days(chrono::Days::new(day)).unwrap();
        let draft = Draft { today, by: Some(today), ..draft(&text, &["はい", "いいえ"], channel) };
        for remark in lint(&draft, &recipient(reader), &LintRules::embedded()) {
            prop_assert!(text.get(remark.span.clone()).is_some_and(|words| !words.is_empty()), "{remark:?}");
            prop_assert!(remark.applied(&text).is_some() == remark.proposal.is_some());
        }
    }

    #[test]
    fn a_taken_proposal_never_adds_a_remark_of_its_rule(
        pieces in proptest::collection::vec(fragment(), 1..8),
        reader in proptest::sample::select(Reader::ALL),
        channel in proptest::sample::select(all_channels().to_vec()),
    ) {
        let text = pieces.concat();
        prop_assert_eq!(check_proposals(&text, &[], reader, channel), Ok(()));
    }

    #[test]
    fn any_text_is_safe(text in any::<String>(), reader in proptest::sample::select(Reader::ALL)) {
        for remark in lint(&draft(&text, &[], None), &recipient(reader), &LintRules::embedded()) {
            prop_assert!(text.get(remark.span).is_some());
        }
        one_message(&[&text, &text], &LintRules::embedded());
    }
}
