//! Plain text of a cell: trimmed, of bearable length, without control characters.

use unicode_normalization::UnicodeNormalization;

use super::Problem;

/// How long a text may be.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    Number,
    Name,
    Employer,
    Reason,
}

impl Limit {
    fn chars(self) -> usize {
        match self {
            Self::Number => 64,
            Self::Name => 100,
            Self::Employer => 200,
            Self::Reason => 1000,
        }
    }
}

/// One line of text with single spaces. Letters stay as written: names have characters that folding would replace.
pub(super) fn tidy(text: &str, limit: Limit) -> Result<String, Problem> {
    let mut line = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if !c.is_whitespace() {
            line.push(c);
        } else if !line.ends_with(char::is_whitespace) {
            // Line breaks inside a cell become spaces; a full-width space stays one.
            line.push(if c == '\u{3000}' { c } else { ' ' });
        }
    }
    if line.chars().any(char::is_control) {
        return Err(Problem::ControlCharacter);
    }
    if line.chars().count() > limit.chars() { Err(Problem::TooLong) } else { Ok(line) }
}

/// Compatibility forms folded: full-width letters and digits become narrow, half-width kana wide.
pub(super) fn narrow(text: &str) -> String {
    text.nfkc().collect()
}

/// A text for comparing: folded, without spaces.
pub(super) fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// A reading in full-width katakana.
pub(super) fn katakana(text: &str) -> String {
    let wide = |c: char| match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    };
    text.nfkc().map(wide).collect()
}

/// Whether a reading has only katakana, marks and spaces. (Latin letters occur in foreign names.)
pub(super) fn is_kana(text: &str) -> bool {
    text.chars().all(|c| matches!(c, 'ァ'..='ヿ' | ' ' | '\u{3000}' | '-' | '.') || c.is_ascii_alphabetic())
}
