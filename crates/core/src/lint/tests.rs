//! What holds for the embedded rules, on made-up messages (`cases.toml`).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Deserialize;

use super::*;
use crate::delivery::ChannelKind;
use crate::graduate::Language;
use crate::message::{Fill, Templates, fill_in};
use crate::told_time::told_time;

/// The names in the made-up messages. None of them is anybody's.
pub(super) const NAMES: &[Name<'static>] = &[
    Name { written: "見本", reading: Some("みほん") },
    Name { written: "例田", reading: Some("れいだ") },
    Name { written: "みほん支援室", reading: Some("みほんしえんしつ") },
    Name { written: "架空商事", reading: None },
];

#[derive(Deserialize)]
pub(super) struct Case {
    pub(super) t: String,
    #[serde(default = "plain")]
    pub(super) to: Reader,
    #[serde(default)]
    pub(super) via: Option<ChannelKind>,
    #[serde(default)]
    pub(super) ch: Vec<String>,
    /// The rules that are expected, all of them.
    #[serde(default)]
    r: String,
    /// The words of the first remark of the first rule.
    #[serde(default)]
    at: Option<String>,
    /// Its proposal.
    #[serde(default)]
    put: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Cases {
    pub(super) good: Vec<Case>,
    pub(super) bad: Vec<Case>,
}

fn plain() -> Reader {
    Reader::Plain
}

pub(super) fn cases() -> Cases {
    toml::from_str(include_str!("cases.toml")).unwrap()
}

pub(super) fn today() -> NaiveDate {
    "2026-11-20".parse().unwrap()
}

/// A draft of Friday 20 November 2026; "soon" is Thursday.
pub(super) fn draft<'a>(text: &'a str, choices: &'a [&'a str], channel: Option<ChannelKind>) -> Draft<'a> {
    let by = "2026-11-26".parse().ok();
    Draft { choices, channel, by, ..Draft::new(text, today()) }
}

fn look_at(case: &Case) -> Vec<Remark> {
    let choices: Vec<&str> = case.ch.iter().map(String::as_str).collect();
    let to = Recipient { names: NAMES, ..Recipient::new(case.to) };
    lint(&draft(&case.t, &choices, case.via), &to, &LintRules::embedded())
}

fn rules_of(remarks: &[Remark]) -> BTreeSet<&'static str> {
    remarks.iter().map(|remark| remark.rule.as_str()).collect()
}

fn one(text: &str, to: &Recipient<'_>, choices: &[&str]) -> Vec<Remark> {
    lint(&draft(text, choices, None), to, &LintRules::embedded())
}

#[test]
fn the_embedded_rules_compile_and_are_dated_and_every_rule_names_its_source() {
    let rules = LintRules::embedded();
    assert!(NaiveDate::parse_from_str(rules.edition(), "%Y-%m-%d").is_ok());
    for rule in Rule::ALL {
        assert!(rules.source(*rule).starts_with(['S', 'C', 'A']), "{rule}");
        let holds = Reader::ALL.iter().any(|reader| rules.limit(*rule, *reader).is_some());
        assert!(holds, "{rule} holds for nobody");
        assert!(rules.source(*rule).contains(rule.requirement()), "{rule}: {}", rules.source(*rule));
    }
}

#[test]
fn good_messages_get_no_remark() {
    let cases = cases();
    assert!(cases.good.len() >= 60, "{}", cases.good.len());
    let mut wrong = String::new();
    for case in &cases.good {
        for remark in look_at(case) {
            writeln!(wrong, "  {} [{}]: {} 「{}」", case.t, case.to, remark.rule, &case.t[remark.span.clone()])
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "false alarms\n{wrong}");
}

#[test]
fn bad_messages_get_the_remarks_that_are_expected_and_no_others() {
    let cases = cases();
    assert!(cases.bad.len() >= 80, "{}", cases.bad.len());
    let mut wrong = String::new();
    for case in &cases.bad {
        let remarks = look_at(case);
        let expected: BTreeSet<&str> = case.r.split(' ').collect();
        let got = rules_of(&remarks);
        if got != expected {
            writeln!(wrong, "  {} [{}]: wanted {expected:?}, got {got:?}", case.t, case.to).unwrap();
            continue;
        }
        let first = case.r.split(' ').next().unwrap();
        let first = remarks.iter().find(|remark| remark.rule.as_str() == first).unwrap();
        let words = &case.t[first.span.clone()];
        if case.at.as_deref().is_some_and(|at| at != words) {
            writeln!(wrong, "  {}: is about 「{words}」", case.t).unwrap();
        }
        let put = first.proposal.as_ref().map(|proposal| proposal.text.as_str());
        if case.put.is_some() && put != case.put.as_deref() {
            writeln!(wrong, "  {}: proposes {put:?}", case.t).unwrap();
        }
    }
    assert!(wrong.is_empty(), "not as expected\n{wrong}");
}

#[test]
fn every_rule_that_a_text_alone_can_break_has_a_bad_message() {
    let cases = cases();
    let shown: BTreeSet<&str> = cases.bad.iter().flat_map(|case| case.r.split(' ')).collect();
    // These need a record, a word list or a very long text; they have tests of their own below.
    let apart = [Rule::TheirWord, Rule::AskedToday, Rule::KnownAlready, Rule::TooLong];
    let missing: Vec<_> =
        Rule::ALL.iter().filter(|rule| !apart.contains(rule) && !shown.contains(rule.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

const MORE: &[(&str, &str)] = &[
    ("{time}", "今日の午後3時"),
    ("{reason}", "でんわが ながく なりました"),
    ("{hotlines}", "みほんライン 0120-000-000"),
];
const FILL: Fill<'_> =
    Fill { name: "見本", staff: "例田", office: "みほん支援室", phone: "03-0000-0000", more: MORE };

/// The answer at night says in short sentences that the words arrived, that nobody reads them now, from when on, and whom to call: that is
/// more than a message usually holds.
const AT_NIGHT: [Rule; 2] = [Rule::SentencesMany, Rule::MessageLong];

#[test]
fn every_delivered_message_keeps_the_rules_in_every_wording() {
    let rules = LintRules::embedded();
    for template in Templates::embedded().all() {
        let choices: Vec<&str> = template.choices.iter().map(|choice| choice.label.as_str()).collect();
        for &language in Language::ALL {
            let to = Recipient { names: NAMES, ..Recipient::new(language.into()) };
            let wording = template.wording(language);
            let mut found = lint(&draft(wording, &choices, Some(ChannelKind::Line)), &to, &rules);
            found.retain(|remark| !AT_NIGHT.contains(&remark.rule) || template.key != "out-of-hours");
            assert!(found.is_empty(), "{} {language}: {found:?}", template.key);
        }
        let to = Recipient { names: NAMES, ..Recipient::new(Reader::Plain) };
        let sms =
            template.payload(ChannelKind::Sms, Language::Plain, &Fill { phone: "{phone}", more: &[], ..FILL }, None);
        let found = lint(&draft(&sms.text, &[], Some(ChannelKind::Sms)), &to, &rules);
        assert!(found.is_empty(), "{} sms: {found:?}", template.key);
    }
}

#[test]
fn filled_in_the_answer_at_night_is_the_only_delivered_message_with_remarks() {
    let rules = LintRules::embedded();
    for template in Templates::embedded().all() {
        let choices: Vec<&str> = template.choices.iter().map(|choice| choice.label.as_str()).collect();
        for &language in Language::ALL {
            let to = Recipient { names: NAMES, ..Recipient::new(language.into()) };
            let told = told_time("2026-11-19T15:00:00".parse().unwrap(), "2026-11-19".parse().unwrap(), language);
            let more = [("{time}", told.as_str()), MORE[1], MORE[2]];
            let text = fill_in(template.wording(language), &Fill { more: &more, ..FILL });
            let found = lint(&draft(&text, &choices, Some(ChannelKind::Line)), &to, &rules);
            let expected: &[Rule] = if template.key == "out-of-hours" { &AT_NIGHT } else { &[] };
            assert_eq!(
                rules_of(&found),
                expected.iter().map(|rule| rule.as_str()).collect(),
                "{} {language}",
                template.key
            );
        }
    }
}

#[test]
fn the_readers_own_word_is_proposed_and_is_itself_never_minded() {
    let words = [
        OwnWord { theirs: "人事課", others: &["人事", "採用担当"] },
        OwnWord { theirs: "ミーティング", others: &["面談"] },
    ];
    let to = Recipient { words: &words, ..Recipient::new(Reader::Easy) };
    let found = one("採用担当の　ひとに　つたえました。【返事は　いりません】", &to, &[]);
    assert_eq!(rules_of(&found), BTreeSet::from(["their-word"]));
    assert_eq!(found[0].applied("採用担当の　ひと").as_deref(), Some("人事課の　ひと"));
    assert!(one("人事課の　ひとと、ミーティングを　しました。【返事は　いりません】", &to, &[]).is_empty());
}

#[test]
fn a_longer_word_goes_before_its_beginning_and_a_word_that_goes_on_is_another_one() {
    let words = [
        OwnWord { theirs: "採用担当", others: &["人事", "人事部"] },
        OwnWord { theirs: "当番表", others: &["シフト"] },
    ];
    let to = Recipient { words: &words, ..Recipient::new(Reader::Plain) };
    let put = |text: &str| {
        let found = one(text, &to, &[]);
        let found = found.iter().filter(|remark| remark.rule == Rule::TheirWord);
        found.filter_map(|remark| remark.applied(text)).collect::<Vec<_>>()
    };
    assert_eq!(put("人事部に話します。"), ["採用担当に話します。"]);
    assert_eq!(put("人事に話します。"), ["採用担当に話します。"]);
    assert_eq!(put("シフトを見ます。"), ["当番表を見ます。"]);
    for other in ["人事異動の話です。", "シフト表を見ます。", "シフトキーです。"] {
        assert!(put(other).is_empty(), "{other}");
    }
}

#[test]
fn what_the_record_knows_is_not_asked() {
    let to = Recipient { known: &[Topic::Phone, Topic::HiredOn], ..Recipient::new(Reader::Employer) };
    let found = one("見本さんの入社日は、4月1日で合っていますか。", &to, &[]);
    assert_eq!(
        found.iter().map(|remark| (remark.rule, remark.topic)).collect::<Vec<_>>(),
        [(Rule::KnownAlready, Some(Topic::HiredOn))]
    );
    assert!(one("担当の方のお名前は、佐伯さんでしょうか。", &to, &[]).is_empty());
}

#[test]
fn a_second_question_on_one_day_is_told_and_a_message_without_one_isnt() {
    let to = Recipient { asked_today: true, ..Recipient::new(Reader::Plain) };
    let found = one("今日の体の調子は、どれに近いですか。", &to, &["よい", "しんどい", "こたえない"]);
    assert_eq!(rules_of(&found), BTreeSet::from(["asked-today"]));
    assert!(one("ゆっくり休んでください。【返事はいりません】", &to, &[]).is_empty());
}

#[test]
fn a_name_without_a_reading_is_told_where_readings_are_shown() {
    let names = [Name { written: "見本", reading: None }];
    let to = Recipient { names: &names, ..Recipient::new(Reader::Furigana) };
    let found = one("見本さん、また　あした。【返事（へんじ）は　いりません】", &to, &[]);
    assert_eq!(rules_of(&found), BTreeSet::from(["name-reading"]));
    assert!(one("見本（みほん）さん、また　あした。【返事（へんじ）は　いりません】", &to, &[]).is_empty());
}

#[test]
fn a_telephone_number_goes_into_a_message_of_its_own() {
    let to = Recipient::new(Reader::Plain);
    let text = "こまったときは、03-0000-0000に電話してください。";
    let found = one(text, &to, &[]);
    assert_eq!(found[0].applied(text).as_deref(), Some("こまったときは、次に送る番号に電話してください。"));
    assert_eq!(found[0].proposal.as_ref().unwrap().own_message.as_deref(), Some("03-0000-0000"));
    assert!(one("03-0000-0000", &to, &[]).is_empty());
    assert!(one("みほん支援室の電話番号\n03-0000-0000", &Recipient { names: NAMES, ..to }, &[]).is_empty());
    assert!(one("とてもつらいときは、0120-279-338に電話してください。", &to, &[]).is_empty(), "hotlines stay together");
}

#[test]
fn what_is_too_long_for_the_channel_is_counted_as_the_provider_counts() {
    let to = Recipient::new(Reader::Colleague);
    let count = |text: &str, channel| {
        let found = lint(&draft(text, &[], Some(channel)), &to, &LintRules::embedded());
        found.iter().filter_map(|remark| remark.count.map(|count| (remark.rule, count.found))).collect::<Vec<_>>()
    };
    assert_eq!(count(&"あ。".repeat(35), ChannelKind::Sms), []);
    assert_eq!(count(&"あ。".repeat(36), ChannelKind::Sms), [(Rule::SmsParts, 72)]);
    assert_eq!(count(&"あ。".repeat(331), ChannelKind::Sms), [(Rule::SmsParts, 662), (Rule::TooLong, 662)]);
    assert_eq!(count(&"あ。".repeat(2_500), ChannelKind::Line), []);
    assert_eq!(count(&("あ。".repeat(2_499) + "😀。"), ChannelKind::Line), [(Rule::TooLong, 5_001)]);
}

#[test]
fn a_rule_that_is_switched_off_says_nothing_and_a_forgotten_one_is_named() {
    let text = include_str!("../../../../config/lint.toml");
    let begin = text.find("[[rule]]\nrule = \"blame\"").unwrap();
    let end = begin + text[begin..].find("\n\n").unwrap();
    let off =
        format!("{}[[rule]]\nrule = \"blame\"\nsource = \"S2.17\"\nweight = \"warn\"{}", &text[..begin], &text[end..]);
    let rules = LintRules::parse(&off).unwrap();
    let found =
        lint(&draft("なぜ休んだのですか。", &["よい", "こたえない"], None), &Recipient::new(Reader::Plain), &rules);
    assert!(found.is_empty(), "{found:?}");
    let forgotten = format!("{}{}", &text[..begin], &text[end..]);
    assert!(matches!(LintRules::parse(&forgotten), Err(LintRulesError::Rule(Rule::Blame))));
}

#[test]
fn a_list_that_cant_be_used_is_named() {
    let text = include_str!("../../../../config/lint.toml");
    let wrong = |from: &str, to: &str| LintRules::parse(&text.replace(from, to)).unwrap_err().to_string();
    assert!(wrong("{by}までに", "{soon}までに").contains("proposes a day"));
    assert!(wrong("'なぜ', 'どうして'", "'(なぜ', 'どうして'").contains("(blame)"));
    assert!(wrong("not_asks = [", "never_asks = [").contains("sentences.not_asks"));
    assert!(wrong("weight = \"warn\"", "weight = \"shout\"").contains("shout"));
}

#[test]
fn a_question_that_the_record_answers_twice_names_both_topics() {
    let to = Recipient { known: &[Topic::Phone, Topic::Email], ..Recipient::new(Reader::Employer) };
    let found = one("電話番号とメールアドレスは、前と同じですか。", &to, &[]);
    let topics: Vec<_> = found.iter().filter_map(|remark| remark.topic).collect();
    assert_eq!(topics, [Topic::Phone, Topic::Email]);
}

#[test]
fn debug_output_shows_no_words() {
    let found = one("なるべく早く連絡してください。", &Recipient::new(Reader::Plain), &[]);
    let shown = format!("{found:?}");
    assert!(!found.is_empty() && shown.is_ascii(), "{shown}");
}
