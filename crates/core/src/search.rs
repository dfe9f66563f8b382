//! How text that people typed is compared: the same name in other widths, kana or spacing is the same name.

use unicode_normalization::UnicodeNormalization;

/// Text reduced to what counts when it is looked for: full and half width alike (NFKC), hiragana as katakana, lower case,
/// no spaces. For comparing and sorting only, never for showing.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    search_key_into(text, &mut key);
    key
}

/// The same into a buffer that is used again and again; what stood in it is replaced.
pub fn search_key_into(text: &str, key: &mut String) {
    key.clear();
    for c in text.chars() {
        match plain(c) {
            Some('\0') => {}
            Some(c) => key.push(c),
            // One letter that needs its neighbours, e.g. a half-width ｶ before its ﾞ: the whole text goes the long way.
            None => {
                key.clear();
                key.extend(text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).map(as_katakana));
                return;
            }
        }
    }
}

/// What is looked for: several words, all of which must be there.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchWords {
    keys: Vec<String>,
}

impl SearchWords {
    /// Reads what somebody typed; `None` where nothing is left to look for.
    pub fn of(typed: &str) -> Option<Self> {
        let keys: Vec<String> = typed.split_whitespace().map(search_key).filter(|key| !key.is_empty()).collect();
        (!keys.is_empty()).then_some(Self { keys })
    }

    /// Whether all words are in a text that [`search_key_into`] has reduced.
    pub fn are_in(&self, key: &str) -> bool {
        self.keys.iter().all(|word| key.contains(word.as_str()))
    }

    /// Where the first of the words stands in a text as it was written, in bytes; `None` where that can't be told.
    pub fn place_in(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let (mut key, mut starts) = (String::with_capacity(text.len()), Vec::new());
        for (at, c) in text.char_indices() {
            let mut letter = [0; 4];
            let one = search_key(c.encode_utf8(&mut letter));
            starts.extend(std::iter::repeat_n(at, one.len()));
            key.push_str(&one);
        }
        let (at, word) = self.keys.iter().filter_map(|word| Some((key.find(word.as_str())?, word))).min()?;
        let begin = *starts.get(at)?;
        let end = starts.get(at + word.len()).copied().unwrap_or(text.len());
        Some(begin..end)
    }
}

/// Letters that stand for themselves, whatever stands beside them, as nearly all of Japanese text does; `'\0'` for a space. `None`
/// for the others.
fn plain(c: char) -> Option<char> {
    Some(match c {
        ' ' | '\t' | '\n' | '\r' | '\u{3000}' => '\0',
        '!'..='~' => c.to_ascii_lowercase(),
        // Full width.
        '！'..='～' => char::from_u32(c as u32 - 0xfee0)?.to_ascii_lowercase(),
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60)?,
        // The first of them stands between the lanes of a note.
        '\u{1}' | '、' | '。' | '「'..='】' | '〜' | 'ァ'..='ヺ' | '・' | 'ー' | '一'..='鿿' => c,
        _ => return None,
    })
}

fn as_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn long_way(text: &str) -> String {
        text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).map(as_katakana).collect()
    }

    #[test]
    fn width_kana_case_and_spaces_do_not_count() {
        for typed in ["ミホン　ハナコ", "みほん はなこ", "ﾐﾎﾝ ﾊﾅｺ"] {
            assert_eq!(search_key(typed), "ミホンハナコ", "{typed}");
        }
        assert_eq!(search_key("Ａ－０１２"), search_key("a-012"));
        assert_eq!(search_key("㈱見本商事"), search_key("(株) 見本商事"));
        assert_ne!(search_key("見本"), search_key("例田"));
    }

    #[test]
    fn every_letter_that_stands_for_itself_is_what_the_long_way_makes_of_it() {
        for c in ('\u{1}'..='\u{ffff}').filter(|c| plain(*c).is_some()) {
            let text = c.to_string();
            assert_eq!(search_key(&text), long_way(&text), "{c:?}");
        }
    }

    #[test]
    fn all_words_must_be_there_and_the_first_is_shown_where_it_stands() {
        let words = SearchWords::of("ねむれ　シゴト").unwrap();
        assert!(words.are_in(&search_key("しごとの前は ねむれません")) && !words.are_in(&search_key("眠れません")));
        let text = "最近　ﾈﾑﾚません。しごと";
        assert_eq!(SearchWords::of("ねむれ").unwrap().place_in(text).map(|at| &text[at]), Some("ﾈﾑﾚ"));
        assert!(SearchWords::of(" 　").is_none());
    }

    proptest! {
        #[test]
        fn the_short_way_and_the_long_way_agree(text in "[a-zA-Z0-9 ぁ-んァ-ヶー一-龥！-～ｦ-ﾟ\u{3099}\u{309a}、。㈱①\n]{0,40}") {
            prop_assert_eq!(search_key(&text), long_way(&text));
        }

        #[test]
        fn the_place_of_a_word_is_a_piece_of_the_text(text in "\\PC{0,40}", word in "\\PC{1,5}") {
            if let Some(at) = SearchWords::of(&word).and_then(|words| words.place_in(&text)) {
                prop_assert!(text.get(at).is_some());
            }
        }
    }
}
