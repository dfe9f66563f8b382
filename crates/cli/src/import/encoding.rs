//! Which encoding a text file is in, decided without ever showing broken characters.
//!
//! A text is taken only when every byte decodes. UTF-8 is tried first, because text in another Japanese encoding is
//! practically never valid UTF-8.

use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// A text file's encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// With or without byte order mark.
    Utf8,
    /// Excel's "Unicode text", with byte order mark.
    Utf16,
    /// `Shift_JIS` as Windows has it (CP932), with ①, ㈱ and 髙.
    ShiftJis,
    /// Older Unix exports.
    EucJp,
    /// Text saved from mail.
    Iso2022Jp,
}

impl Encoding {
    /// Finds the encoding and decodes; `None` when the bytes are no text in any of them.
    pub(super) fn decode(bytes: &[u8]) -> Option<(Self, String)> {
        let whole = |encoding: &'static encoding_rs::Encoding, bytes| {
            encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
        };
        let (encoding, text) = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
            (Self::Utf8, whole(UTF_8, rest)?)
        } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
            (Self::Utf16, whole(UTF_16LE, rest)?)
        } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
            (Self::Utf16, whole(UTF_16BE, rest)?)
        } else if bytes.windows(2).any(|pair| pair == b"\x1B$") {
            (Self::Iso2022Jp, whole(ISO_2022_JP, bytes)?)
        } else if let Some(text) = whole(UTF_8, bytes) {
            (Self::Utf8, text)
        } else {
            match (whole(SHIFT_JIS, bytes), whole(EUC_JP, bytes)) {
                (Some(shift_jis), Some(euc)) if half_width_kana(&shift_jis) > half_width_kana(&euc) => {
                    (Self::EucJp, euc)
                }
                (Some(shift_jis), _) => (Self::ShiftJis, shift_jis),
                (None, euc) => (Self::EucJp, euc?),
            }
        };
        // No text has them; a picture or UTF-16 without its mark does.
        (!text.contains('\0')).then_some((encoding, text))
    }
}

/// EUC-JP read as `Shift_JIS` turns into a row of half-width katakana. Real half-width katakana come with kanji, whose
/// bytes are impossible in EUC-JP.
fn half_width_kana(text: &str) -> usize {
    text.chars().filter(|c| matches!(c, '\u{FF61}'..='\u{FF9F}')).count()
}
