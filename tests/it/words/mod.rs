//! Every string exists in every language, with the same variables, and is used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bansou_core::words::{CATALOGUES, Words};

/// Beginnings of keys whose page is still to come; a line goes away with the page.
const AWAITED: [&str; 0] = [];

type Keys = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Key to variables, for one language. Fluent puts a key at the start of a line and indents what continues it.
fn keys(lang: &str) -> Keys {
    let mut keys = Keys::new();
    for file in CATALOGUES.iter().filter(|file| file.lang == lang) {
        let mut current = None;
        for line in file.text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| is_key(key)) {
                current = Some(key.to_owned());
                keys.entry(key.to_owned()).or_default();
            }
            let Some(key) = &current else { continue };
            keys.get_mut(key).unwrap().extend(variables(line));
        }
    }
    keys
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn variables(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split('$')
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect())
}

#[test]
fn catalogues_parse_and_no_key_is_defined_twice() {
    assert_eq!(Words::embedded().faults(), &[] as &[String]);
}

#[test]
fn every_catalogue_file_is_embedded() {
    let mut on_disk = BTreeSet::new();
    for lang in ["ja", "en", "ja-easy"] {
        let Ok(folder) = std::fs::read_dir(root().join("locales").join(lang)) else { continue };
        for entry in folder {
            let name = entry.unwrap().file_name().into_string().unwrap();
            on_disk.insert(format!("{lang}/{name}"));
        }
    }
    let embedded: BTreeSet<String> = CATALOGUES.iter().map(|file| format!("{}/{}.ftl", file.lang, file.name)).collect();
    assert_eq!(on_disk, embedded, "list the file in CATALOGUES of crates/core/src/words.rs");
}

#[test]
fn japanese_and_english_have_the_same_keys_and_variables() {
    let (ja, en) = (keys("ja"), keys("en"));
    let mut wrong: Vec<String> = Vec::new();
    for key in ja.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        match (ja.get(key), en.get(key)) {
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => wrong.push(format!("{key}: variables differ: ja {left:?}, en {right:?}")),
            (Some(_), None) => wrong.push(format!("{key}: missing in en")),
            _ => wrong.push(format!("{key}: missing in ja")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn easy_japanese_only_rewrites_keys_of_japanese() {
    let ja = keys("ja");
    for (key, used) in keys("ja-easy") {
        let known = ja.get(&key).unwrap_or_else(|| panic!("{key} is in ja-easy and not in ja"));
        assert!(used.is_subset(known), "{key}: variables that ja does not have");
    }
}

#[test]
fn every_key_is_used_and_every_used_key_exists() {
    let ja = keys("ja");
    let (exact, prefixes) = mentions();
    let missing: Vec<&String> =
        exact.iter().filter(|(_, sure)| **sure).map(|(key, _)| key).filter(|key| !ja.contains_key(*key)).collect();
    assert!(missing.is_empty(), "templates ask for keys that no catalogue has: {missing:?}");
    let unused: Vec<&String> = ja
        .keys()
        .filter(|key| !AWAITED.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !exact.contains_key(*key) && !prefixes.iter().any(|prefix| key.starts_with(prefix.as_str())))
        .collect();
    assert!(unused.is_empty(), "nobody uses these keys: {unused:?}");
}

/// Keys written out somewhere (true: surely a key, from `t(key="…")`), and beginnings that code completes (`"menu-" ~ …`).
fn mentions() -> (BTreeMap<String, bool>, BTreeSet<String>) {
    let (mut exact, mut prefixes) = (BTreeMap::new(), BTreeSet::new());
    for file in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        for (at, call) in text.match_indices("t(key=\"") {
            if text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()) {
                continue; // the filter `get(key="…")`
            }
            let Some((key, after)) = text[at + call.len()..].split_once('"') else { continue };
            if after.trim_start().starts_with('~') {
                prefixes.insert(key.to_owned());
            } else if after.trim_start().starts_with([')', ',']) && is_template(&file) {
                exact.insert(key.to_owned(), true);
            }
        }
        if is_template(&file) {
            continue;
        }
        for literal in text.split('"').filter(|part| part.len() < 80) {
            if is_key(literal) {
                exact.entry(literal.to_owned()).or_insert(false);
            } else if let Some((head, _)) =
                literal.split_once('{').filter(|(head, _)| head.ends_with('-') && is_key(head))
            {
                prefixes.insert(head.to_owned());
            }
            if literal.ends_with('-') && is_key(literal) {
                prefixes.insert(literal.to_owned());
            }
        }
    }
    (exact, prefixes)
}

fn is_template(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "html")
}

/// Templates and the sources of every crate: where a key can be named.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("templates"), root().join("crates"), root().join("config")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "html" || end == "rs" || end == "toml") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn every_code_that_pages_show_has_words() {
    let ja = keys("ja");
    let mut missing = Vec::new();
    let mut check = |prefix: &str, codes: Vec<&str>| {
        missing.extend(codes.into_iter().map(|code| format!("{prefix}-{code}")).filter(|key| !ja.contains_key(key)));
    };
    macro_rules! all {
        ($kind:ty) => {
            <$kind>::ALL.iter().map(|code| code.as_str()).collect()
        };
    }
    check("theme", all!(bansou_core::preferences::Theme));
    check("text-size", all!(bansou_core::preferences::TextSize));
    check("font", all!(bansou_core::preferences::Font));
    check("furigana", all!(bansou_core::preferences::Furigana));
    check("channel", all!(bansou_core::delivery::ChannelKind));
    check("delivery", all!(bansou_core::delivery::DeliveryState));
    check("contact-mode", all!(bansou_core::note::ContactMode));
    check("correct-why", all!(bansou_core::note::CorrectionWhy));
    check("next-when", all!(bansou_web::pages::lanes::NextWhen));
    check("summary-part", all!(bansou_core::summary::Part));
    check("summary-who", all!(bansou_core::summary::Who));
    check("task-why", all!(bansou_core::task::TaskReason));
    check("call-outcome", all!(bansou_core::task::CallOutcome));
    check("call-then", all!(bansou_core::task::CallOutcome));
    check("check-in", all!(bansou_core::check_in::CheckInState));
    check("no-reply", all!(bansou_core::thread::NoReplyReason));
    check("entry-message", all!(bansou_core::thread::Direction));
    check("support", all!(bansou_core::graduate::Support));
    check("language", all!(bansou_core::graduate::Language));
    check("disclosure", all!(bansou_core::employment::Disclosure));
    check("leaving", all!(bansou_core::leaving::LeavingReason));
    check("topic", all!(bansou_core::consent::Topic));
    check("means", all!(bansou_core::consent::ShareMeans));
    check("given", all!(bansou_core::consent::GivenHow));
    check("actor", all!(bansou_core::audit::ActorKind));
    check("sign-category", all!(bansou_core::sign::SignCategory));
    check("sign-source", all!(bansou_core::sign::SignSource));
    check("sign-step", all!(bansou_core::sign::SignStep));
    check("done", all!(bansou_web::pages::Done));
    check("turn", all!(bansou_web::pages::inbox::TurnKind));
    check("inbox-show", all!(bansou_web::pages::inbox::Show));
    check("inbox-empty", all!(bansou_web::pages::inbox::Show));
    check("graduates-show", all!(bansou_core::graduate::PeopleGroup));
    check("stop-asked", all!(bansou_core::graduate::StopAsked));
    check("timeline-show", all!(bansou_web::pages::graduate::ShowEntries));
    check("signs-show", all!(bansou_web::pages::signs::ShowSigns));
    check("signs-empty", all!(bansou_web::pages::signs::ShowSigns));
    check("pause-length", all!(bansou_web::pages::pause::PauseLength));
    check("fact-source", all!(bansou_core::escalation::FactSource));
    check("answer-kind", all!(bansou_core::escalation::AnswerKind));
    check("me-answer", all!(bansou_core::escalation::AnswerKind));
    check("employer-kind", all!(bansou_core::escalation::AnswerKind));
    check("escalation-step", all!(bansou_core::escalation::EscalationState));
    check("escalation-now", all!(bansou_core::escalation::EscalationState));
    check("escalate-blocked", all!(bansou_web::pages::escalate::Blocked));
    check("escalations-show", all!(bansou_web::pages::escalation::ShowEscalations));
    check("escalations-empty", all!(bansou_web::pages::escalation::ShowEscalations));
    check("employer-closed", all!(bansou_web::pages::employer::LinkClosed));
    check("me-why", all!(bansou_web::pages::me::MeWhy));
    check("retention-show", all!(bansou_web::pages::retention::ShowPart));
    check("retention-group", all!(bansou_core::retention::BaselineGroup));
    check("role", all!(bansou_core::staff::Role));
    check("read-how", all!(bansou_store::ReadHow));
    let templates = bansou_core::message::Templates::embedded();
    check("message-template", templates.all().iter().map(|template| template.key.as_str()).collect());
    check("decide", all!(bansou_web::pages::today::Decision));
    missing.retain(|key| !AWAITED.iter().any(|prefix| key.starts_with(prefix)));
    assert!(missing.is_empty(), "{missing:?}");
}
