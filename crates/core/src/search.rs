//! How text that people typed is compared: the same name in other widths, kana or spacing is the same name.

use unicode_normalization::UnicodeNormalization;

/// Text reduced to what counts when it is looked for: full and half width alike (NFKC), hiragana as katakana, lower case,
/// no spaces. For comparing and sorting only, never for showing.
pub fn search_key(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).map(as_katakana).collect()
}

fn as_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_kana_case_and_spaces_do_not_count() {
        for typed in ["ミホン　ハナコ", "みほん はなこ", "ﾐﾎﾝ ﾊﾅｺ"] {
            assert_eq!(search_key(typed), "ミホンハナコ", "{typed}");
        }
        assert_eq!(search_key("Ａ－０１２"), search_key("a-012"));
        assert_eq!(search_key("㈱見本商事"), search_key("(株) 見本商事"));
        assert_ne!(search_key("見本"), search_key("例田"));
    }
}
