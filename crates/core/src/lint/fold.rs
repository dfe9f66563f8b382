//! A message as the rules read it: one spelling for widths and marks, without spaces between words and without readings
//! in brackets, and the way back to the bytes that were typed.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

/// Stands for a letter of a proper name or a placeholder, by its length in bytes: such words are counted but never judged.
pub(super) const NAME: [char; 4] = ['\u{1}', '\u{81}', '\u{E000}', '\u{F0000}'];
/// Stands for a letter of what is no sentence: an address, a mark, answers to choose from, a quotation.
pub(super) const OTHER: [char; 4] = ['\u{2}', '\u{82}', '\u{E001}', '\u{F0001}'];

static URL: LazyLock<Regex> = LazyLock::new(|| built_in(r"https?://[\w\-.~:/?#@!$&'*+,;=%]+"));
static MAIL: LazyLock<Regex> = LazyLock::new(|| built_in(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| built_in(r"\{[^{}\n]{1,20}\}"));
static MARK: LazyLock<Regex> = LazyLock::new(|| built_in(r"【[^【】\n]*】"));
static BUTTONS: LazyLock<Regex> = LazyLock::new(|| built_in(r"［[^［］\n]*］"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| built_in(r"([0-9０-９])[:：)）.．]"));
static READING: LazyLock<Regex> =
    LazyLock::new(|| built_in(r"[\p{Han}々]([（(][\p{Hiragana}\p{Katakana}ー・ 　]+[）)])"));

fn built_in(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a test compiles the built-in patterns")
}

/// The folded text in three views of the same length, so that a range means the same words in each.
pub(super) struct Folded {
    /// All words.
    pub(super) text: String,
    /// Names, addresses, marks and answers are covered.
    pub(super) plain: String,
    /// Quotations are covered as well: somebody else's exact words are nobody's to change.
    pub(super) words: String,
    /// Web addresses in the text as it was typed.
    pub(super) urls: Vec<Range<usize>>,
    /// Answers that stand in the text.
    pub(super) choices: Vec<String>,
    /// Where a reading stood, and the reading.
    pub(super) readings: Vec<(usize, String)>,
    /// Folded beginning of each character, and its bytes in the original.
    at: Vec<(usize, Range<usize>)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Cover {
    Nothing,
    Name,
    Other,
    Reading,
}

impl Folded {
    pub(super) fn new(original: &str, names: &[&str]) -> Self {
        let covers = covers(original, names);
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            plain: String::with_capacity(original.len()),
            words: String::new(),
            urls: urls(original),
            choices: choices(original),
            readings: Vec::new(),
            at: Vec::new(),
        };
        let mut reading = String::new();
        for (start, c) in original.char_indices() {
            let raw = start..start + c.len_utf8();
            if covers[start] == Cover::Reading {
                reading.push(c);
                folded.at.iter_mut().last().into_iter().for_each(|(_, last)| last.end = raw.end);
                continue;
            }
            if !reading.is_empty() {
                folded.readings.push((folded.text.len(), std::mem::take(&mut reading)));
            }
            folded.push(c, raw, covers[start]);
        }
        if !reading.is_empty() {
            folded.readings.push((folded.text.len(), reading));
        }
        folded.words = cover_quotations(&folded.plain);
        folded
    }

    /// The typed bytes of a range of the folded text.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let index = |at: usize| self.at.partition_point(|(start, _)| *start < at);
        let (first, last) = (index(range.start), index(range.end).saturating_sub(1));
        match (self.at.get(first), self.at.get(last)) {
            (Some((_, from)), Some((_, to))) if first <= last => from.start..to.end,
            (Some((_, from)), _) => from.start..from.start,
            _ => 0..0,
        }
    }

    fn push(&mut self, c: char, raw: Range<usize>, cover: Cover) {
        if c == '\r' || (c != '\n' && c.is_whitespace()) {
            return;
        }
        for c in narrow(c) {
            let joined = self.text.chars().next_back().and_then(|last| Some((last, compose(last, c)?)));
            if let Some((last, joined)) = joined.filter(|(last, joined)| last.len_utf8() == joined.len_utf8()) {
                for view in [&mut self.text, &mut self.plain] {
                    // A covered letter stays covered.
                    if view.ends_with(last) {
                        view.pop();
                        view.push(joined);
                    }
                }
                self.at.iter_mut().last().into_iter().for_each(|(_, last)| last.end = raw.end);
                continue;
            }
            self.at.push((self.text.len(), raw.clone()));
            self.text.push(c);
            self.plain.push(match cover {
                Cover::Name => NAME[c.len_utf8() - 1],
                Cover::Other => OTHER[c.len_utf8() - 1],
                Cover::Nothing | Cover::Reading => c,
            });
        }
    }
}

/// Whether the letter is covered in its view.
pub(super) fn is_covered(c: char) -> bool {
    NAME.contains(&c) || OTHER.contains(&c)
}

/// The view with these ranges covered; they begin and end between characters.
pub(super) fn cover(view: &str, ranges: &[Range<usize>]) -> String {
    let mut covered = String::with_capacity(view.len());
    let mut done = 0;
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        if range.start < done {
            continue;
        }
        covered.push_str(&view[done..range.start]);
        covered.extend(view[range.clone()].chars().map(|c| OTHER[c.len_utf8() - 1]));
        done = range.end;
    }
    covered.push_str(&view[done..]);
    covered
}

/// One spelling for widths: digits and letters narrow, marks wide, katakana wide.
fn narrow(c: char) -> Vec<char> {
    let one = match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '：' | '－' | '＋' | '／' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '?' => '？',
        '!' => '！',
        '(' => '（',
        ')' => '）',
        '～' => '〜',
        '\u{FF61}'..='\u{FF9F}' => return std::iter::once(c).nfkc().collect(),
        _ => c,
    };
    vec![one]
}

/// What each byte of the original is covered by.
fn covers(original: &str, names: &[&str]) -> Vec<Cover> {
    let mut covers = vec![Cover::Nothing; original.len() + 1];
    let mut put = |range: Range<usize>, cover: Cover| covers[range].fill(cover);
    for name in names.iter().filter(|name| !name.is_empty()) {
        original.match_indices(name).for_each(|(at, found)| put(at..at + found.len(), Cover::Name));
    }
    PLACEHOLDER.find_iter(original).for_each(|hit| put(hit.range(), Cover::Name));
    for pattern in [&BUTTONS, &MARK, &MAIL] {
        pattern.find_iter(original).for_each(|hit| put(hit.range(), Cover::Other));
    }
    for (line, _) in numbered_lines(original) {
        put(line, Cover::Other);
    }
    for range in urls(original) {
        put(range, Cover::Other);
    }
    for hit in READING.captures_iter(original).filter_map(|found| found.get(1)) {
        put(hit.range(), Cover::Reading);
    }
    covers
}

fn urls(original: &str) -> Vec<Range<usize>> {
    let ascii = |hit: regex::Match<'_>| {
        let length = hit.as_str().bytes().take_while(u8::is_ascii).count();
        let address = hit.as_str()[..length].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        hit.start()..hit.start() + address.len()
    };
    URL.find_iter(original).map(ascii).collect()
}

fn choices(original: &str) -> Vec<String> {
    let mut found = Vec::new();
    for hit in BUTTONS.find_iter(original) {
        let inside = hit.as_str().trim_start_matches('［').trim_end_matches('］');
        found.extend(inside.split('／').map(str::to_owned));
    }
    for (line, mut numbers) in numbered_lines(original) {
        numbers.push(line.end..line.end);
        found.extend(numbers.windows(2).map(|pair| original[pair[0].end..pair[1].start].to_owned()));
    }
    found.iter().map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()).collect()
}

/// Lines of answers behind numbers that count up from 1, with 0 for none of them, and where the numbers stand.
/// A time or an amount is no such number: 「9:00から10:30まで」 is a sentence.
fn numbered_lines(original: &str) -> Vec<(Range<usize>, Vec<Range<usize>>)> {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let mut lines = Vec::new();
    let mut begin = 0;
    for line in original.split('\n') {
        let (mut numbers, mut digits) = (Vec::new(), String::new());
        for found in NUMBER.captures_iter(line) {
            let (Some(hit), Some(digit)) = (found.get(0), found.get(1)) else { continue };
            let before = line[..hit.start()].chars().next_back();
            let after = line[hit.end()..].chars().take_while(|c| is_digit(*c)).count();
            // 1:2人以上 is an answer with a number in it, 1:20 is a time and 1.2 an amount.
            let goes_on = after > 0 && (after == 2 || hit.as_str().ends_with(['.', '．']));
            if !before.is_some_and(is_digit) && !goes_on {
                numbers.push(begin + hit.start()..begin + hit.end());
                digits.extend(digit.as_str().nfkc());
            }
        }
        let counted = digits.trim_matches('0');
        let counts_up = digits.len() > 1 && !counted.is_empty() && "123456789".starts_with(counted);
        if counts_up && numbers.first().is_some_and(|first| first.start == begin) {
            lines.push((begin..begin + line.len(), numbers));
        }
        begin += line.len() + 1;
    }
    lines
}

/// 「…」 and 『…』, the outermost pair, within one line; an open one covers nothing.
fn cover_quotations(view: &str) -> String {
    let mut ranges = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in view.char_indices() {
        match c {
            '「' | '『' => open.push(at + c.len_utf8()),
            '」' | '』' => {
                if let Some(start) = open.pop()
                    && open.is_empty()
                {
                    ranges.push(start..at);
                }
            }
            '\n' => open.clear(),
            _ => {}
        }
    }
    cover(view, &ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_widths_and_readings_fall_away_and_a_range_leads_back() {
        let original = "なるべく　早（はや）く、ＦＡＸ　で";
        let folded = Folded::new(original, &[]);
        assert_eq!(folded.text, "なるべく早く、FAXで");
        let at = folded.text.find("なるべく早").unwrap();
        let range = folded.original(&(at..at + "なるべく早".len()));
        assert_eq!(&original[range], "なるべく　早（はや）");
    }

    #[test]
    fn letters_in_two_pieces_are_joined() {
        let folded = Folded::new("か\u{3099}んは\u{3099}って、ｶﾞﾝﾊﾞ", &[]);
        assert_eq!(folded.text, "がんばって、ガンバ");
        assert_eq!(folded.original(&(0..3)), 0..6);
    }

    #[test]
    fn names_placeholders_addresses_answers_marks_and_quotations_are_covered() {
        let folded = Folded::new(
            "見本さん、{staff}です。「至急」https://a.example/b ［はい／いいえ］【返事はいりません】",
            &["見本"],
        );
        let seen: String = folded.words.chars().filter(|c| !is_covered(*c)).collect();
        assert_eq!(seen, "さん、です。「」");
        assert_eq!(folded.choices, ["はい", "いいえ"]);
        assert_eq!(folded.plain.len(), folded.text.len());
    }

    #[test]
    fn answers_behind_numbers_are_told_from_times_and_amounts() {
        let choices = |text: &str| Folded::new(text, &[]).choices;
        assert_eq!(
            choices("調子は？\n1:よい 2:ふつう ３：2人以上 0:こたえない"),
            ["よい", "ふつう", "2人以上", "こたえない"]
        );
        for sentence in
            ["9:00から10:30まで、来てください。", "1.5時間か2.5時間です。", "11:30に 12:30に", "1:00 2:00", "3) と 4)"]
        {
            assert!(choices(sentence).is_empty(), "{sentence}");
            let folded = Folded::new(sentence, &[]);
            assert_eq!(folded.words, folded.text, "{sentence}");
        }
    }

    #[test]
    fn an_open_quotation_covers_nothing_and_a_nested_one_is_covered_as_one() {
        assert_eq!(
            cover_quotations("「至急\n「a「b」c」"),
            format!("「至急\n「{}」", "\u{2}\u{E001}\u{2}\u{E001}\u{2}")
        );
    }
}
