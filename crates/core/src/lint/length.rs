//! How long a text is for the provider that carries it (S2.13).

/// Longest text of a LINE message, in UTF-16 units (LINE Messaging API, "Character counting in a text").
pub const LINE_UNITS: usize = 5_000;
/// Longest SMS that Japanese providers take, in UTF-16 units (channels.md 3.1).
pub const SMS_UNITS: usize = 660;

/// Length of an SMS and the parts in which it is billed, an estimate: carriers and resellers cut differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsLength {
    /// UTF-16 units, or septets where the text needs nothing but the old Latin alphabet of SMS.
    pub units: usize,
    /// What one message alone holds in this alphabet.
    pub single: usize,
    /// Parts; 0 for an empty text.
    pub parts: usize,
}

/// Units as LINE and UCS-2 count them: an emoji is two.
pub fn utf16_units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Measures an SMS. One Japanese character makes all of it UCS-2: 70 units alone, 67 per part; Latin only is 160 and 153.
pub fn sms_length(text: &str) -> SmsLength {
    let septets: Option<usize> = text.chars().map(septets).sum();
    let (units, single, part) = match septets {
        Some(units) => (units, 160, 153),
        None => (utf16_units(text), 70, 67),
    };
    let parts = if units <= single { usize::from(units > 0) } else { units.div_ceil(part) };
    SmsLength { units, single, parts }
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

    #[test]
    fn japanese_is_70_alone_and_67_per_part() {
        let parts = |n| sms_length(&"あ".repeat(n)).parts;
        assert_eq!([parts(0), parts(70), parts(71), parts(134), parts(135)], [0, 1, 2, 2, 3]);
    }

    #[test]
    fn latin_is_160_alone_and_one_japanese_character_makes_all_of_it_ucs2() {
        assert_eq!(sms_length(&"a".repeat(161)), SmsLength { units: 161, single: 160, parts: 2 });
        assert_eq!(sms_length("[a]").units, 5);
        assert_eq!(sms_length("Hello あ"), SmsLength { units: 7, single: 70, parts: 1 });
    }

    #[test]
    fn an_emoji_is_two_units() {
        assert_eq!((utf16_units("😀"), sms_length("😀").units), (2, 2));
    }
}
