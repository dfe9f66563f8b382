//! How text that people typed is compared: the same name in other widths, kana or spacing is the same name.

use unicode_normalization::UnicodeNormalization;

/// Text reduced to what tells names and numbers apart: full and half width alike (NFKC), hiragana as katakana, lower case, no
/// spaces. What is on record is recognised by it, also by its stored hash, so it never changes; never for showing.
pub fn name_key(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).map(as_katakana).collect()
}

/// Text reduced to what counts when it is looked for: [`name_key`], and besides, letters of names that people type in place of
/// each other are one. For finding and sorting only: it is stored nowhere, and 髙橋 and 高橋 may be two people.
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
                key.extend(name_key(text).chars().filter(|c| !is_selector(*c)).map(usual));
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
        '\u{1}' | '、' | '。' | '「'..='】' | '〜' | 'ァ'..='ヺ' | '・' | 'ー' => c,
        '一'..='鿿' => usual(c),
        _ if is_selector(c) => '\0',
        _ => return None,
    })
}

fn as_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Marks behind a letter that choose one of its shapes, as in 葛󠄀城: the letter is the same.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The usual form of a letter of names. First the old forms that 常用漢字表 (2010) puts in brackets beside the present ones, as far as
/// they are common in family and given names; then shapes of family registers that most keyboards don't offer (髙, 﨑, 𠮷 …). 斉 and
/// 斎 are two letters, but nobody who hears さいとう knows which.
fn usual(c: char) -> char {
    match c {
        '邊' | '邉' => '辺',
        '齋' | '齊' | '斉' => '斎',
        '濱' | '濵' => '浜',
        '澤' => '沢',
        '廣' => '広',
        '國' => '国',
        '櫻' => '桜',
        '惠' => '恵',
        '榮' => '栄',
        '條' => '条',
        '藏' => '蔵',
        '萬' => '万',
        '與' => '与',
        '彌' => '弥',
        '圓' => '円',
        '瀧' => '滝',
        '龍' => '竜',
        '眞' => '真',
        '德' => '徳',
        '壽' => '寿',
        '黑' => '黒',
        '淺' => '浅',
        '關' => '関',
        '澁' => '渋',
        '豐' => '豊',
        '鄕' => '郷',
        '靜' => '静',
        '賴' => '頼',
        '橫' => '横',
        '瀨' => '瀬',
        '穗' => '穂',
        '莊' => '荘',
        '曾' => '曽',
        '嶋' | '嶌' => '島',
        '冨' => '富',
        '髙' => '高',
        '﨑' | '嵜' => '崎',
        '桒' => '桑',
        '栁' => '柳',
        '𠮷' => '吉',
        '𡈽' => '土',
        '𣘺' => '橋',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn long_way(text: &str) -> String {
        name_key(text).chars().filter(|c| !is_selector(*c)).map(usual).collect()
    }

    #[test]
    fn a_name_is_found_whichever_form_of_its_letters_is_typed() {
        for (written, typed) in [
            ("葛\u{e0100}城", "葛城"),
            ("𠮷野", "吉野"),
            ("山﨑", "山崎"),
            ("髙橋", "高橋"),
            ("渡邊", "渡辺"),
            ("渡邉", "渡辺"),
            ("齋藤", "斉藤"),
            ("斎藤", "齊藤"),
            ("濵田", "浜田"),
        ] {
            assert_eq!(search_key(written), search_key(typed), "{written}");
            let words = SearchWords::of(typed).unwrap();
            let text = format!("きのう{written}さんと");
            assert!(words.are_in(&search_key(&text)));
            assert_eq!(
                words.place_in(&text).map(|at| &text[at]),
                Some(written),
                "the mark behind a letter goes with it"
            );
            assert_ne!(name_key(written), name_key(typed), "two people may be told apart by it");
        }
        assert_ne!(search_key("葛城"), search_key("葛西"));
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
        fn the_short_way_and_the_long_way_agree(text in "[a-zA-Z0-9 ぁ-んァ-ヶー一-龥！-～ｦ-ﾟ\u{3099}\u{309a}、。㈱①\n邉髙﨑𠮷\u{e0100}]{0,40}") {
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
