//! Letters: kanji that are many, long or hard, katakana and Latin (ux.md C6).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::{cover, is_covered};
use super::{Look, Rule};

static KANJI: LazyLock<Regex> = LazyLock::new(|| built_in(r"[\p{Han}々]+"));
static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| built_in("[月火水木金土日]曜日?"));
static KATAKANA: LazyLock<Regex> = LazyLock::new(|| built_in(r"[ァ-ヺー]+"));
static LATIN: LazyLock<Regex> = LazyLock::new(|| built_in(r"[A-Za-z]+"));

fn built_in(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a test compiles the built-in patterns")
}

/// Looks at letters; `dates` are left out, because 月, 日 and 時 can't be written otherwise.
pub(super) fn look(look: &mut Look<'_>, dates: &[Range<usize>]) {
    let view = cover(&look.text.folded.plain, dates);
    share(look, &view);
    readings(look, &view);
    runs(look, &view);
    words(look, &view, &KATAKANA, Rule::Loanword);
    words(look, &view, &LATIN, Rule::Latin);
    names(look);
}

/// How many of a hundred characters are kanji, marks counted as in the sheet's own samples. 月曜日 is no more a choice than a date.
fn share(look: &mut Look<'_>, view: &str) {
    let Some(limit) = look.limit(Rule::KanjiMany) else { return };
    let weekdays: Vec<_> = WEEKDAY.find_iter(view).map(|hit| hit.range()).collect();
    let view = cover(view, &weekdays);
    let letters = view.chars().filter(|c| *c != '\n' && !is_covered(*c)).count();
    let kanji: usize = KANJI.find_iter(&view).map(|run| run.as_str().chars().count()).sum();
    if letters < look.rules.get().measures.share_from || kanji * 100 <= letters * limit {
        return;
    }
    let whole = look.text.whole();
    look.remark(Rule::KanjiMany, &whole).counting(kanji * 100 / letters, limit);
}

/// Kanji in a row, without the words that are let pass.
fn runs(look: &mut Look<'_>, view: &str) {
    let Some(limit) = look.limit(Rule::KanjiRun) else { return };
    for run in KANJI.find_iter(view) {
        let mut start = run.start();
        let mut pieces = Vec::new();
        for known in look.rules.get().letters.kanji_words.find_iter(run.as_str()).filter(|known| !known.is_empty()) {
            pieces.push(start..run.start() + known.start());
            start = run.start() + known.end();
        }
        pieces.push(start..run.end());
        for piece in pieces {
            let length = view[piece.clone()].chars().count();
            if length > limit && !look.is_taken(&piece) {
                look.remark(Rule::KanjiRun, &piece).counting(length, limit);
            }
        }
    }
}

/// Kanji that ask for a reading: the hard ones in easy Japanese, all of them where the person reads with furigana.
fn readings(look: &mut Look<'_>, view: &str) {
    if !look.holds(Rule::KanjiReading) {
        return;
    }
    let all = look.to.reader == super::Reader::Furigana;
    let easy = &look.rules.get().letters.easy_kanji;
    let given = &look.text.folded.readings;
    let mut covered_until = 0;
    for run in KANJI.find_iter(view) {
        let has = |end: usize| given.binary_search_by_key(&end, |(at, _)| *at).is_ok();
        if has(run.end()) || run.start() < covered_until {
            continue;
        }
        // 食べ物（たべもの）: the reading behind the next kanji holds the letters between as well.
        let next = given.get(given.partition_point(|(at, _)| *at <= run.end()));
        if let Some((at, reading)) = next.filter(|(at, _)| at - run.end() <= 5 * 3) {
            let between = &view[run.end()..*at];
            let kana = between.trim_end_matches(|c: char| KANJI.is_match(c.encode_utf8(&mut [0; 4])));
            if !kana.is_empty() && reading.contains(kana) && is_hiragana(kana) {
                covered_until = *at;
                continue;
            }
        }
        let known =
            look.rules.get().letters.kanji_words.find(run.as_str()).is_some_and(|hit| hit.as_str() == run.as_str());
        let hard = run.as_str().chars().any(|c| c != '々' && !easy.contains(&c));
        let range = run.range();
        if (all || (hard && !known)) && !look.is_taken(&range) {
            look.remark(Rule::KanjiReading, &range);
        }
    }
}

fn is_hiragana(text: &str) -> bool {
    text.chars().all(|c| ('ぁ'..='ゖ').contains(&c))
}

/// Words in katakana that are long, and words in Latin letters, without those that everybody knows.
fn words(look: &mut Look<'_>, view: &str, pattern: &Regex, rule: Rule) {
    let Some(limit) = look.limit(rule) else { return };
    let letters = &look.rules.get().letters;
    for word in pattern.find_iter(view) {
        let known = match rule {
            Rule::Latin => letters.latin_words.contains(word.as_str()),
            _ => letters.katakana_words.contains(word.as_str()),
        };
        let long = word.as_str().chars().count() > limit;
        if long && !known && !look.is_taken(&word.range()) {
            look.remark(rule, &word.range());
        }
    }
}

/// A name without a noted reading, where readings are shown.
fn names(look: &mut Look<'_>) {
    if !look.holds(Rule::NameReading) {
        return;
    }
    for name in look.to.names.iter().filter(|name| name.reading.is_none_or(str::is_empty)) {
        let in_kanji = KANJI.is_match(name.written);
        // Once is enough: the reading is added to the card, not to the message.
        if let Some(at) = look.draft.text.find(name.written).filter(|_| in_kanji) {
            let given = look.draft.text[at + name.written.len()..].starts_with(['（', '(']);
            if !given {
                look.remark_as_typed(Rule::NameReading, at..at + name.written.len());
            }
        }
    }
}
