//! What holds for the embedded word list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Case {
    t: String,
    #[serde(default)]
    s: String,
    #[serde(default)]
    f: String,
}

fn cases(set: &str) -> Vec<Case> {
    let mut sets: BTreeMap<String, Vec<Case>> = toml::from_str(include_str!("cases.toml")).unwrap();
    sets.remove(set).unwrap_or_default()
}

/// What was found, as the words of `cases.toml`.
fn labels(found: &Classification) -> BTreeSet<String> {
    let mut labels: BTreeSet<String> = found.signs.iter().map(|sign| sign.category.as_str().to_owned()).collect();
    let seen = !(found.crisis || found.soon.is_empty() && found.to_be_seen.is_empty());
    let flags = [(found.crisis, "crisis"), (seen, "seen"), (found.opt_out, "stop"), (found.conduct, "conduct")];
    labels.extend(flags.iter().filter(|(on, _)| *on).map(|(_, flag)| (*flag).to_owned()));
    labels
}

/// Hits, false alarms and misses per label, with the sentences that went wrong.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<String, [u32; 3]>,
    right: u32,
    all: u32,
    wrong: String,
}

fn tally(cases: &[Case]) -> Tally {
    let lexicon = Lexicon::embedded();
    let mut tally = Tally::default();
    for case in cases {
        let got = labels(&classify(&case.t, &lexicon));
        let wanted: BTreeSet<String> = case.s.split(' ').chain(case.f.split(' ')).map(str::to_owned).collect();
        // "*": beside a crisis it doesn't matter which signs are found.
        let open = wanted.contains("*");
        let optional = |word: &String| wanted.contains(&format!("?{word}"));
        let got: BTreeSet<String> = got.into_iter().filter(|word| !optional(word)).collect();
        let flag = |word: &String| ["crisis", "seen", "stop", "conduct"].contains(&word.as_str());
        let wanted: BTreeSet<String> =
            wanted.into_iter().filter(|word| !word.is_empty() && word != "*" && !word.starts_with('?')).collect();
        let got: BTreeSet<String> = got.into_iter().filter(|word| !open || flag(word)).collect();
        for label in got.union(&wanted) {
            let kind = match (got.contains(label), wanted.contains(label)) {
                (true, true) => 0,
                (true, false) => 1,
                _ => 2,
            };
            tally.counts.entry(label.clone()).or_default()[kind] += 1;
        }
        tally.all += 1;
        tally.right += u32::from(got == wanted);
        if got != wanted {
            writeln!(tally.wrong, "  {}: wanted {wanted:?}, got {got:?}", case.t).unwrap();
        }
    }
    tally
}

impl Tally {
    fn report(&self, set: &str) -> String {
        let mut text = format!("{set}: {} of {} sentences exactly right\n", self.right, self.all);
        for (label, [hits, false_alarms, misses]) in &self.counts {
            let percent = |part: u32, of: u32| (part * 100).checked_div(of).unwrap_or(100);
            let (precision, recall) = (percent(*hits, hits + false_alarms), percent(*hits, hits + misses));
            writeln!(
                text,
                "{label:>13}  precision {precision:3} %  recall {recall:3} %  ({hits} +{false_alarms} -{misses})"
            )
            .unwrap();
        }
        text + &self.wrong
    }
}

#[test]
fn the_embedded_list_compiles_and_is_dated() {
    let lexicon = Lexicon::embedded();
    assert!(chrono::NaiveDate::parse_from_str(lexicon.edition(), "%Y-%m-%d").is_ok());
}

#[test]
#[expect(clippy::print_stdout, reason = "the summary per category is for whoever works on the list (--nocapture)")]
fn each_set_of_cases_keeps_its_floor() {
    for (set, floor) in [("sheet", 99), ("fresh", 98), ("last", 97), ("alarm", 97), ("final", 97)] {
        let tally = tally(&cases(set));
        let report = tally.report(set);
        println!("{report}");
        assert!(tally.right * 100 >= floor * tally.all, "{report}");
        let missed = tally.counts.get("crisis").map_or(0, |counts| counts[2]);
        assert!(missed == 0, "a crisis is missed\n{report}");
    }
}

proptest! {
    #[test]
    fn any_text_is_safe_and_quotes_are_its_own_words(text in ".{0,60}(眠れない|ｼﾝﾄﾞｲ|死にたい|つかれた|、|。|😩| ){0,8}.{0,60}") {
        let found = classify(&text, &Lexicon::embedded());
        for quote in found.signs.iter().map(|sign| &sign.quote).chain(&found.crisis_words).chain(&found.soon).chain(&found.to_be_seen) {
            prop_assert!(!quote.is_empty() && text.contains(quote.as_str()));
        }
    }
}

#[test]
fn the_words_of_the_command_line_stay() {
    let found = classify("ﾈﾑﾚﾅｲです。", &Lexicon::embedded());
    let json = serde_json::to_string(&found).unwrap();
    let sign = r#"{"category":"sleep","level":2,"quote":"ﾈﾑﾚﾅｲです"}"#;
    assert_eq!(json, format!(r#"{{"signs":[{sign}],"crisis":false,"opt_out":false,"conduct":false}}"#));
}

#[test]
fn only_the_bare_word_is_an_exact_opt_out() {
    let lexicon = Lexicon::embedded();
    for text in ["STOP", "ｽﾄｯﾌﾟ", "ストップ。", " 配信停止 ", "解除", "退会", "停止してください！"]
    {
        assert!(classify(text, &lexicon).opt_out_exact, "{text}");
    }
    for text in ["もう送らないでください", "仕事をやめたい", "薬をやめた", "残業をストップ", "停止", "STOPって何ですか"]
    {
        assert_eq!(classify(text, &lexicon).opt_out_exact, text == "停止", "{text}");
    }
}

#[test]
fn words_of_degree_move_the_level() {
    let lexicon = Lexicon::embedded();
    for (text, level) in [("ちょっと疲れました", 1), ("疲れました", 2), ("毎日すごく疲れてます", 3)]
    {
        let levels: Vec<u8> = classify(text, &lexicon).signs.iter().map(|sign| sign.level.into()).collect();
        assert_eq!(levels, [level], "{text}");
    }
}

#[test]
fn a_long_text_is_read_to_its_end() {
    let text = "今日は晴れ、".repeat(1_600) + "眠れない。死にたい";
    let found = classify(&text, &Lexicon::embedded());
    assert!(found.crisis && found.signs.iter().any(|sign| sign.quote == "眠れない"));
}

#[test]
fn debug_output_shows_no_words() {
    assert!(!format!("{:?}", classify("眠れない", &Lexicon::embedded())).contains("眠"));
}
