//! Readings above the writing, by hand: never guessed, because a wrong reading of a name shames (ux.md A7, C6).
//!
//! A sentence in the catalogues carries its readings as `{体調|たいちょう}`; Fluent's own braces never hold a bar. A name brings its stored
//! フリガナ. While a sentence is on its way both are marked by characters that nobody types (Unicode's interlinear annotation), so that
//! whoever shows it can decide: a page writes them above, where the reader wants that; everything else leaves them out.

use std::borrow::Cow;

use crate::preferences::Furigana;

/// Begins a word of a catalogue that has a reading.
const WORD: char = '\u{FFF9}';
/// Begins a name that has a reading; a noncharacter, because Unicode has one kind of annotation only.
const NAME: char = '\u{FDD0}';
/// Stands between the writing and the reading.
const READING: char = '\u{FFFA}';
/// Ends the reading.
const END: char = '\u{FFFB}';

const MARKS: [char; 4] = [WORD, NAME, READING, END];

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As it stands.
    Text(&'a str),
    /// Writing with a reading above.
    Ruby {
        /// The writing.
        base: &'a str,
        /// The reading.
        reading: &'a str,
    },
}

/// A catalogue's text with its `{体調|たいちょう}` as marks.
pub fn marked(catalogue: &str) -> String {
    let mut text = String::with_capacity(catalogue.len());
    let mut rest = catalogue;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let inside = after.split_once('}').and_then(|(inside, rest)| Some((inside.split_once('|')?, rest)));
        let Some(((base, reading), behind)) = inside.filter(|((base, _), _)| !base.contains(['{', '\n', '$'])) else {
            text.push('{');
            rest = after;
            continue;
        };
        text.push(WORD);
        text.push_str(base);
        text.push(READING);
        text.push_str(reading);
        text.push(END);
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// A name with its reading as marks, part by part where both have as many. Without a reading the name itself.
pub fn name(name: &str, kana: &str) -> String {
    let (names, readings): (Vec<_>, Vec<_>) = (name.split_whitespace().collect(), kana.split_whitespace().collect());
    if readings.is_empty() {
        return name.to_owned();
    }
    let one = |base: &str, reading: &str| format!("{NAME}{base}{READING}{reading}{END}");
    if names.len() != readings.len() {
        return one(name.trim(), kana.trim());
    }
    names.iter().zip(readings).map(|(base, reading)| one(base, reading)).collect::<Vec<_>>().join(" ")
}

/// Whether a text has readings, or marks that somebody else wrote.
pub fn is_marked(text: &str) -> bool {
    text.contains(MARKS)
}

/// A text without readings.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !is_marked(text) {
        return Cow::Borrowed(text);
    }
    let words = pieces(text, Furigana::Off).map(|piece| match piece {
        Piece::Text(words) | Piece::Ruby { base: words, .. } => words,
    });
    Cow::Owned(words.collect())
}

/// A text in pieces: with the readings that `wanted` asks for, and without a trace of the others.
pub fn pieces(text: &str, wanted: Furigana) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(at) = rest.find(MARKS) else { return Some(Piece::Text(std::mem::take(&mut rest))) };
        if at > 0 {
            let (before, behind) = rest.split_at(at);
            rest = behind;
            return Some(Piece::Text(before));
        }
        let mark = rest.chars().next()?;
        let inside = &rest[mark.len_utf8()..];
        // A mark that nobody ends came from somewhere else, and is left out.
        let Some((base, reading, behind)) = annotated(inside) else {
            rest = inside;
            return Some(Piece::Text(""));
        };
        rest = behind;
        let is_wanted = match wanted {
            Furigana::Off => false,
            Furigana::Names => mark == NAME,
            Furigana::All => true,
        };
        Some(if is_wanted { Piece::Ruby { base, reading } } else { Piece::Text(base) })
    })
}

/// What stands behind a mark: writing, reading, and what follows.
fn annotated(inside: &str) -> Option<(&str, &str, &str)> {
    let (base, behind) = inside.split_once(READING)?;
    let (reading, behind) = behind.split_once(END)?;
    (!base.contains(MARKS) && !reading.contains(MARKS)).then_some((base, reading, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, wanted: Furigana) -> String {
        let pieces = pieces(text, wanted).map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Ruby { base, reading } => format!("[{base}/{reading}]"),
        });
        pieces.collect()
    }

    #[test]
    fn a_catalogues_readings_become_marks_and_its_variables_stay() {
        let text = marked("{ $name }さんの{体調|たいちょう}は{ $n ->\n *[other] よい }。{今日|きょう}");
        assert_eq!(
            shown(&text, Furigana::All),
            "{ $name }さんの[体調/たいちょう]は{ $n ->\n *[other] よい }。[今日/きょう]"
        );
        assert_eq!(plain(&text), "{ $name }さんの体調は{ $n ->\n *[other] よい }。今日");
    }

    #[test]
    fn names_and_words_are_told_apart() {
        let text = format!("{}さんの{}", name("見本 花子", "ミホン ハナコ"), marked("{予定|よてい}"));
        assert_eq!(shown(&text, Furigana::Off), "見本 花子さんの予定");
        assert_eq!(shown(&text, Furigana::Names), "[見本/ミホン] [花子/ハナコ]さんの予定");
        assert_eq!(shown(&text, Furigana::All), "[見本/ミホン] [花子/ハナコ]さんの[予定/よてい]");
    }

    #[test]
    fn a_name_without_a_reading_or_with_another_number_of_parts_stays_whole() {
        assert_eq!(name("見本 花子", " "), "見本 花子");
        assert_eq!(shown(&name("見本花子", "ミホン ハナコ"), Furigana::Names), "[見本花子/ミホン ハナコ]");
    }

    #[test]
    fn marks_that_somebody_else_wrote_do_no_harm() {
        let odd = "a\u{FFF9}b\u{FFFA}c d\u{FFFB}\u{FFFB}e\u{FFF9}f";
        assert_eq!(plain(odd), "abef");
        assert_eq!(plain("\u{FFF9}\u{FFF9}x\u{FFFA}y\u{FFFB}"), "x");
    }
}
