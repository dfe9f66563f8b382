//! What is tapped, called or looked at: telephone numbers, links, things to confirm (S2.12, S2.13).

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::remark::Proposal;
use super::text::Act;
use super::{Look, Reader, Rule};
use crate::contact::PhoneNumber;
use crate::signs::hotlines::Hotlines;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\+81|0)[0-9（）\-‐‑–—−ー]{7,14}[0-9]").expect("a test compiles the built-in patterns")
});
/// Hotlines stand with their name and hours: a message in a crisis is read as one.
static HOTLINES: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| Hotlines::embedded().list().iter().map(|line| digits(&line.number)).collect());

pub(super) fn look(look: &mut Look<'_>) {
    numbers(look);
    links(look);
    confirmations(look);
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Where telephone numbers stand in the folded text.
fn phone_numbers(look: &Look<'_>) -> Vec<Range<usize>> {
    let text = &look.text.folded.plain;
    let lone = |range: &Range<usize>| {
        let digit = |c: char| c.is_ascii_digit();
        !text[..range.start].ends_with(digit) && !text[range.end..].starts_with(digit)
    };
    let number = |hit: &regex::Match<'_>| {
        PhoneNumber::parse(&hit.as_str().replace('ー', "-")).is_ok() && !HOTLINES.contains(&digits(hit.as_str()))
    };
    NUMBER.find_iter(text).filter(number).map(|hit| hit.range()).filter(lone).collect()
}

/// Whether the message is a telephone number and at most whose it is, before it.
pub(super) fn is_number_of_its_own(look: &Look<'_>) -> bool {
    let numbers = phone_numbers(look);
    let [number] = numbers.as_slice() else { return false };
    let letters = |words: &str| words.chars().filter(|c| c.is_alphanumeric()).count();
    let text = &look.text.folded.plain;
    letters(&text[number.end..]) == 0 && letters(&text[..number.start]) <= look.rules.get().measures.label
}

/// A number among other words; taken out, it follows in a message of its own.
fn numbers(look: &mut Look<'_>) {
    if !look.holds(Rule::PhoneInside) || is_number_of_its_own(look) {
        return;
    }
    let text = &look.text.folded.text;
    for range in phone_numbers(look) {
        let own_message = look.draft.text[look.text.folded.original(&range)].to_owned();
        let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
        let alone = text[line..line_end].chars().filter(|c| c.is_alphanumeric()).count() == digits(&own_message).len();
        let put = if alone { "" } else { "次に送る番号" };
        look.remark(Rule::PhoneInside, &range).proposal =
            Some(Proposal { text: put.to_owned(), own_message: Some(own_message) });
        look.take(&range);
    }
}

/// A link that touches other words: phones take them for a part of it.
fn links(look: &mut Look<'_>) {
    if !look.holds(Rule::UrlInside) {
        return;
    }
    for range in &look.text.folded.urls {
        let before = look.draft.text[..range.start].chars().next_back().filter(|c| !c.is_whitespace());
        let after = look.draft.text[range.end..].chars().next().filter(|c| !c.is_whitespace());
        if before.is_none() && after.is_none() {
            continue;
        }
        let space = |touching: Option<char>| if touching.is_some() { " " } else { "" };
        let link = &look.draft.text[range.clone()];
        let put = format!("{}{link}{}", space(before), space(after));
        look.remark_as_typed(Rule::UrlInside, range.clone()).proposing(put);
    }
}

/// "Please confirm" needs something to look at, and asks only for what differs.
fn confirmations(look: &mut Look<'_>) {
    let patterns = &look.rules.get().patterns;
    let text = &look.text.folded.plain;
    let place = !look.text.folded.urls.is_empty() || patterns.place.is_match(text);
    let correction = patterns.correction.is_match(text);
    let confirms = look.text.sentences.iter().find(|sentence| {
        let words = look.text.words_of(sentence);
        sentence.act == Act::Requests && patterns.confirm.is_match(words) && !patterns.not_confirm.is_match(words)
    });
    let Some(sentence) = confirms else { return };
    if !place && look.holds(Rule::NothingToLookAt) {
        look.remark(Rule::NothingToLookAt, &sentence.range);
    }
    if !correction && look.holds(Rule::NoCorrection) {
        let typed = &look.draft.text[look.text.folded.original(&sentence.range)];
        let stop = if typed.ends_with(['。', '！', '？', '!', '?', '｡']) { "" } else { "。" };
        let put = format!("{typed}{stop}{}", ask_what_differs(look.to.reader));
        look.remark(Rule::NoCorrection, &sentence.range.clone()).proposing(put);
    }
}

fn ask_what_differs(reader: Reader) -> &'static str {
    match reader {
        Reader::Plain => "ちがうところがあれば、教えてください。",
        Reader::Easy => "ちがう　ところが　あれば、教えてください。",
        Reader::Furigana => "ちがう　ところが　あれば、教（おし）えてください。",
        Reader::Employer | Reader::Colleague => "違うところがありましたら、お知らせください。",
    }
}
