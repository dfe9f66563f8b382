//! How long an SMS is, and in how many parts it is billed (an estimate: carriers and resellers cut differently).
//!
//! One character outside GSM-7 makes the whole message UCS-2, so every Japanese text is: 70 units alone, 67 per part.
//! Japanese providers end at 660 units (channels.md 3.1); a check-in should stay within one part, link included.

use crate::utf16_len;

/// Longest text that Japanese providers take, in UTF-16 units.
pub const MAX_BODY_UNITS: usize = 660;

/// How the text travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Latin letters only: 160 per single message, 153 per part.
    Gsm7,
    /// Everything else: 70 per single message, 67 per part.
    Ucs2,
}

/// Length and estimated parts of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmsLength {
    /// How it travels.
    pub encoding: Encoding,
    /// Septets for GSM-7, UTF-16 units for UCS-2.
    pub units: usize,
    /// Estimated parts; 0 for an empty text.
    pub segments: usize,
}

/// Measures a text.
pub fn sms_length(text: &str) -> SmsLength {
    let septets: Option<usize> = text.chars().map(septets).sum();
    let (encoding, units, single, part) = match septets {
        Some(units) => (Encoding::Gsm7, units, 160, 153),
        None => (Encoding::Ucs2, utf16_len(text), 70, 67),
    };
    let segments = if units <= single { usize::from(units > 0) } else { units.div_ceil(part) };
    SmsLength { encoding, units, segments }
}

/// Septets of a character in GSM 03.38, `None` if it isn't in the alphabet.
fn septets(c: char) -> Option<usize> {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
    const EXTENDED: &str = "^{}\\[~]|€\u{c}";
    if c.is_ascii_alphanumeric() || BASIC.contains(c) {
        return Some(1);
    }
    EXTENDED.contains(c).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(text: &str) -> (Encoding, usize, usize) {
        let SmsLength { encoding, units, segments } = sms_length(text);
        (encoding, units, segments)
    }

    #[test]
    fn japanese_is_70_alone_and_67_per_part() {
        assert_eq!(measured(&"あ".repeat(70)), (Encoding::Ucs2, 70, 1));
        assert_eq!(measured(&"あ".repeat(71)), (Encoding::Ucs2, 71, 2));
        assert_eq!(measured(&"あ".repeat(134)), (Encoding::Ucs2, 134, 2));
        assert_eq!(measured(&"あ".repeat(135)), (Encoding::Ucs2, 135, 3));
    }

    #[test]
    fn one_japanese_character_makes_all_of_it_ucs2_and_an_emoji_is_two_units() {
        assert_eq!(measured("Hello あ"), (Encoding::Ucs2, 7, 1));
        assert_eq!(measured("😀"), (Encoding::Ucs2, 2, 1));
    }

    #[test]
    fn latin_is_160_alone_and_153_per_part_and_brackets_count_twice() {
        assert_eq!(measured(&"a".repeat(160)), (Encoding::Gsm7, 160, 1));
        assert_eq!(measured(&"a".repeat(161)), (Encoding::Gsm7, 161, 2));
        assert_eq!(measured("[a]"), (Encoding::Gsm7, 5, 1));
        assert_eq!(measured(""), (Encoding::Gsm7, 0, 0));
    }
}
