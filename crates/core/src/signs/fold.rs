//! Folding: one spelling for many, and the way back to the original bytes.
//!
//! Width (NFKC), katakana, drawn-out vowels, small vowels, capital letters and spaces between letters all fold away.
//! Sentence ends become `。` or `?`, lesser stops `、`, known pictures a word such as `〈疲れ顔〉`. Patterns are folded by
//! the same function, so they may be written naturally.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A folded text whose every character knows the bytes it came from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The folded text.
    pub(super) text: String,
    /// Byte offset in `text` of each character, with the bytes of the original it stands for.
    origin: Vec<(usize, Range<usize>)>,
    /// Byte offsets in `text` before which the writer left a space.
    pub(super) spaces: Vec<usize>,
}

impl Folded {
    /// Folds a text; `pictures` gives words for emoji.
    pub(super) fn new(original: &str, pictures: &HashMap<char, String>) -> Self {
        let mut folded = Self::default();
        let mut chars = original.char_indices().peekable();
        while let Some((start, first)) = chars.next() {
            let mut unit = String::from(first);
            let mut end = start + first.len_utf8();
            while let Some((at, mark)) = chars.next_if(|&(_, c)| is_mark(c)) {
                unit.push(mark);
                end = at + mark.len_utf8();
            }
            if let Some(word) = pictures.get(&first) {
                folded.push_all(word, start..end);
                continue;
            }
            for c in unit.nfkc() {
                folded.push(c, start..end);
            }
        }
        folded
    }

    /// The bytes of the original that a range of the folded text stands for.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.origin.partition_point(|(at, _)| *at < range.start);
        let last = self.origin.partition_point(|(at, _)| *at < range.end);
        match self.origin.get(first..last) {
            Some([only]) => only.1.clone(),
            Some([head, .., tail]) => head.1.start..tail.1.end.max(head.1.end),
            _ => 0..0,
        }
    }

    /// The writer's own words for a range of the folded text, without stops and spaces around them.
    pub(super) fn quote<'t>(&self, original: &'t str, range: &Range<usize>) -> &'t str {
        let around = |c: char| c.is_whitespace() || "、。,.!！？?".contains(c);
        original.get(self.original(range)).unwrap_or_default().trim_matches(around)
    }

    fn push_all(&mut self, word: &str, from: Range<usize>) {
        for c in word.chars() {
            self.keep(c, from.clone());
        }
    }

    fn push(&mut self, c: char, from: Range<usize>) {
        let previous = self.text.chars().next_back();
        let Some(c) = fold_char(c, previous) else { return };
        match c {
            ' ' => {
                if self.spaces.last() != Some(&self.text.len()) {
                    self.spaces.push(self.text.len());
                }
            }
            '。' if previous == Some('?') => {}
            '。' | '?' | '、' if previous == Some(c) => {}
            _ if "あいうえお".contains(c) => self.push_vowel(c, from),
            _ => self.keep(c, from),
        }
    }

    /// A vowel drawn out to three or more stays twice; doubled after its own row (なああい) it falls away.
    fn push_vowel(&mut self, c: char, from: Range<usize>) {
        let mut tail = self.text.chars().rev();
        let (last, before) = (tail.next(), tail.next());
        let doubled = last == Some(c);
        if doubled && before == Some(c) {
            return;
        }
        if doubled && "あえ".contains(c) && before.and_then(vowel_of) == Some(c) {
            self.text.pop();
            self.origin.pop();
            return;
        }
        self.keep(c, from);
    }

    fn keep(&mut self, c: char, from: Range<usize>) {
        self.origin.push((self.text.len(), from));
        self.text.push(c);
    }
}

/// Folds the words inside a pattern; ASCII (the pattern language) only loses its capitals.
pub(super) fn fold_pattern(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut words = String::new();
    for c in pattern.chars() {
        if c.is_ascii() {
            out.push_str(&Folded::new(&std::mem::take(&mut words), &HashMap::new()).text);
            out.push(c.to_ascii_lowercase());
        } else {
            words.push(c);
        }
    }
    out.push_str(&Folded::new(&words, &HashMap::new()).text);
    out
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{ff9e}' | '\u{ff9f}' | '\u{3099}' | '\u{309a}')
}

/// One character's folded form after `previous`; `None` drops it, a space is only remembered.
fn fold_char(c: char, previous: Option<char>) -> Option<char> {
    Some(match c {
        '○' | '◯' | '●' => '〇',
        '\n' | '\r' | '!' | '.' | '。' | '♪' | '♡' | '♥' | '★' | '☆' => {
            if c == '.' && previous.is_some_and(|p| p.is_ascii_alphanumeric()) {
                return None;
            }
            '。'
        }
        '?' => '?',
        ',' | '、' | '・' | '…' | '‥' | '-' | '―' | '─' | '—' | '(' | ')' | '[' | ']' | '【' | '】' | '/' | ';'
        | ':' => '、',
        'ー' | '〜' | '~' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{20e3}' => {
            return None;
        }
        '『' => '「',
        '』' => '」',
        c if c.is_whitespace() => ' ',
        c if c.is_control() || ('\u{1f3fb}'..='\u{1f3ff}').contains(&c) => return None,
        // Other pictures end a thought.
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => '。',
        c => return fold_letter(c, previous),
    })
}

fn fold_letter(c: char, previous: Option<char>) -> Option<char> {
    let c = match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        c => c.to_lowercase().next().unwrap_or(c),
    };
    let large = match c {
        'ぁ' => 'あ',
        'ぃ' => 'い',
        'ぅ' => 'う',
        'ぇ' => 'え',
        'ぉ' => 'お',
        'ゕ' => 'か',
        'ゖ' => 'け',
        c => return Some(c),
    };
    if previous.and_then(vowel_of) == Some(large) { None } else { Some(large) }
}

/// The vowel with which a hiragana ends.
fn vowel_of(kana: char) -> Option<char> {
    const ROWS: [(char, &str); 5] = [
        ('あ', "あかさたなはまやらわがざだばぱゃ"),
        ('い', "いきしちにひみりぎじぢびぴ"),
        ('う', "うくすつぬふむゆるぐずづぶぷゅ"),
        ('え', "えけせてねへめれげぜでべぺ"),
        ('お', "おこそとのほもよろをごぞどぼぽょ"),
    ];
    ROWS.iter().find(|(_, row)| row.contains(kana)).map(|(vowel, _)| *vowel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        Folded::new(text, &HashMap::from([('😩', "〈疲れ顔〉".to_owned())])).text
    }

    #[test]
    fn many_spellings_become_one() {
        for text in [
            "つかれた",
            "ツカレタ",
            "ﾂｶﾚﾀ",
            "つかれたーー",
            "つかれたぁぁ",
            "つ か れ た",
            "つかれた〜",
            "つーかーれーたー",
        ] {
            assert_eq!(fold(text), "つかれた", "{text}");
        }
        assert_eq!(fold("ねむれなああい"), "ねむれない");
        assert_eq!(fold("ｼﾝﾄﾞｲ！！"), "しんどい。");
        assert_eq!(fold("しにたぃ"), "しにたい");
        assert_eq!(fold("ＳＴＯＰ"), "stop");
        assert_eq!(fold("もうむり😩"), "もうむり〈疲れ顔〉");
        assert_eq!(fold("なんで？？"), "なんで?");
        assert_eq!(fold("つらいいいいい"), "つらいい");
    }

    #[test]
    fn a_range_leads_back_to_the_original_bytes() {
        let original = "あ、ｶﾞﾝﾊﾞﾚﾅｲです";
        let folded = Folded::new(original, &HashMap::new());
        let at = folded.text.find("がんばれない").unwrap();
        let range = folded.original(&(at..at + "がんばれない".len()));
        assert_eq!(&original[range], "ｶﾞﾝﾊﾞﾚﾅｲ");
    }

    #[test]
    fn a_pattern_keeps_its_signs() {
        assert_eq!(fold_pattern("(?:ダメ|メール)[^。?]{0,3}"), "(?:だめ|める)[^。?]{0,3}");
    }
}
