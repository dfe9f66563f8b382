//! Japanese telephone numbers: what kind they are and whether an SMS can go there.
//!
//! Numbering plan as in the channels sheet section 3.2: mobile is 060/070/080/090 and then a digit from 1 to 9;
//! 0800 is toll-free although it has eleven digits and begins like a mobile number; 050 is IP, 020 machines.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::ContactKind;

/// A Japanese telephone number. Stored and exchanged as E.164 (`+819012345678`).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber {
    /// Digits as dialled in Japan, beginning with 0.
    national: String,
    kind: PhoneKind,
}

/// What kind of line a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// 060, 070, 080, 090: calls and SMS.
    Mobile,
    /// 0AB-J: calls only.
    Landline,
    /// 050: calls only.
    Ip,
    /// 0120, 0800: nobody's own phone.
    TollFree,
    /// 0570, 0990: information services.
    Service,
    /// 020: machines.
    Machine,
}

/// Why a text is no Japanese telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Other characters than digits, hyphens, brackets and a leading plus.
    #[error("a telephone number has digits, hyphens and brackets only")]
    NotDigits,
    /// A country code other than 81.
    #[error("only numbers in Japan (+81) can be used")]
    Foreign,
    /// No leading 0; a spreadsheet takes it away when the column is a number.
    #[error("the leading 0 is missing")]
    NoLeadingZero,
    /// Too short or too long for its first digits.
    #[error("the number of digits doesn't fit")]
    WrongLength,
    /// The right length, but nobody has such a number.
    #[error("no such number is in use in Japan")]
    NotInUse,
}

impl PhoneNumber {
    /// Reads a number as people write it: full width, hyphens of any kind, brackets, spaces, `+81`, `+81 (0)90 …`.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let narrow: String = text.nfkc().filter(|c| !is_separator(*c)).collect();
        let digits = match narrow.strip_prefix('+') {
            Some(international) if is_digits(international) => {
                let rest = international.strip_prefix("81").ok_or(PhoneError::Foreign)?;
                format!("0{}", rest.strip_prefix('0').unwrap_or(rest))
            }
            Some(_) => return Err(PhoneError::NotDigits),
            None => narrow,
        };
        if !is_digits(&digits) {
            return Err(PhoneError::NotDigits);
        }
        if !digits.starts_with('0') {
            return Err(if digits.len() < 9 { PhoneError::WrongLength } else { PhoneError::NoLeadingZero });
        }
        let kind = kind_of(&digits)?;
        Ok(Self { national: digits, kind })
    }

    /// A number in plain digits and hyphens: grouped as its writer grouped it, because only they know where an area code ends.
    pub fn tidy(text: &str) -> Result<String, PhoneError> {
        let number = Self::parse(text)?;
        let groups: Vec<String> = text.nfkc().collect::<String>().split(is_separator).map(str::to_owned).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).filter(|group| !group.is_empty()).collect();
        let is_grouped = groups.len() > 1 && !groups[0].starts_with('+');
        Ok(if is_grouped { groups.join("-") } else { number.national() })
    }

    /// Digits as dialled in Japan, for a `tel:` link.
    pub fn digits(&self) -> &str {
        &self.national
    }

    /// What kind of line it is.
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// By which way staff and program reach somebody there, the one rule for every place: only a mobile number is written to, a
    /// landline or an IP phone is for calls by staff. `None` for a number that is nobody's own.
    pub fn way(&self) -> Option<ContactKind> {
        match self.kind {
            PhoneKind::Mobile => Some(ContactKind::Sms),
            PhoneKind::Landline | PhoneKind::Ip => Some(ContactKind::Phone),
            PhoneKind::TollFree | PhoneKind::Service | PhoneKind::Machine => None,
        }
    }

    /// Whether an SMS can go there.
    pub fn is_mobile(&self) -> bool {
        self.kind == PhoneKind::Mobile
    }

    /// `+819012345678`, as providers want it.
    pub fn e164(&self) -> String {
        format!("+81{}", &self.national[1..])
    }

    /// `090-1234-5678`, as people in Japan read it. Area codes have two to five digits, so of landlines only those
    /// of Tokyo and Osaka are set apart.
    pub fn national(&self) -> String {
        let groups: &[usize] = match self.kind {
            PhoneKind::Mobile | PhoneKind::Ip => &[3, 4],
            PhoneKind::TollFree | PhoneKind::Service => &[4, 3],
            PhoneKind::Landline if matches!(&self.national[..2], "03" | "06") => &[2, 4],
            PhoneKind::Landline | PhoneKind::Machine => &[],
        };
        let mut text = String::with_capacity(self.national.len() + 2);
        let mut rest = self.national.as_str();
        for size in groups {
            let (group, after) = rest.split_at(*size);
            text.push_str(group);
            text.push('-');
            rest = after;
        }
        text + rest
    }
}

/// Hyphens in every form that keyboards and spreadsheets make of them, brackets, dots, spaces.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | '─' | '(' | ')' | '.' | '・')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Classifies digits that begin with 0.
fn kind_of(digits: &str) -> Result<PhoneKind, PhoneError> {
    let (prefix, expected, kind): (_, &[usize], _) = match digits.as_bytes() {
        [b'0', b'8', b'0', b'0', ..] => ("0800", &[11], PhoneKind::TollFree),
        [b'0', b'1', b'2', b'0', ..] => ("0120", &[10], PhoneKind::TollFree),
        [b'0', b'5', b'7', b'0', ..] | [b'0', b'9', b'9', b'0', ..] => ("0570", &[10], PhoneKind::Service),
        [b'0', b'5', b'0', ..] => ("050", &[11], PhoneKind::Ip),
        [b'0', b'2', b'0', ..] => ("020", &[11, 14], PhoneKind::Machine),
        [b'0', b'6'..=b'9', b'0', ..] => ("0A0", &[11], PhoneKind::Mobile),
        _ => ("0", &[10], PhoneKind::Landline),
    };
    if !expected.contains(&digits.len()) {
        return Err(PhoneError::WrongLength);
    }
    let next = digits.as_bytes()[prefix.len()];
    let unused = match kind {
        PhoneKind::Mobile | PhoneKind::Ip | PhoneKind::Landline => next == b'0',
        PhoneKind::TollFree | PhoneKind::Service | PhoneKind::Machine => false,
    };
    if unused { Err(PhoneError::NotInUse) } else { Ok(kind) }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text)
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.e164()
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({:?}, …)", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn e164(text: &str) -> Result<String, PhoneError> {
        PhoneNumber::parse(text).map(|number| number.e164())
    }

    fn kind(text: &str) -> Result<PhoneKind, PhoneError> {
        PhoneNumber::parse(text).map(|number| number.kind())
    }

    #[test]
    fn a_mobile_number_is_read_in_every_way_people_write_it() {
        let written = [
            "09012345678",
            "090-1234-5678",
            "０９０－１２３４－５６７８",
            "090ー1234ー5678",
            "090−1234−5678",
            "(090) 1234 5678",
            "+81 90-1234-5678",
            "+81 (0)90-1234-5678",
            "＋８１９０１２３４５６７８",
            " 090.1234.5678 ",
        ];
        for text in written {
            assert_eq!(e164(text).as_deref(), Ok("+819012345678"), "{text}");
        }
    }

    #[test]
    fn only_mobile_numbers_take_sms() {
        for mobile in ["060-1234-5678", "070-1234-5678", "080-1234-5678", "090-1234-5678"] {
            assert!(PhoneNumber::parse(mobile).is_ok_and(|number| number.is_mobile()), "{mobile}");
        }
        assert_eq!(kind("0800-123-4567"), Ok(PhoneKind::TollFree));
        assert_eq!(kind("0120-123-456"), Ok(PhoneKind::TollFree));
        assert_eq!(kind("0570-123-456"), Ok(PhoneKind::Service));
        assert_eq!(kind("050-1234-5678"), Ok(PhoneKind::Ip));
        assert_eq!(kind("020-1234-5678"), Ok(PhoneKind::Machine));
        assert_eq!(kind("0200-12345-67890"), Ok(PhoneKind::Machine));
        assert_eq!(kind("029-123-4567"), Ok(PhoneKind::Landline));
        assert_eq!(kind("03-1234-5678"), Ok(PhoneKind::Landline));
    }

    #[test]
    fn a_landline_is_for_calls_and_a_number_that_is_nobodys_own_for_nothing() {
        let way = |text| PhoneNumber::parse(text).ok().and_then(|number| number.way());
        for (text, expected) in [
            ("090-1234-5678", Some(ContactKind::Sms)),
            ("060-1234-5678", Some(ContactKind::Sms)),
            ("03-1234-5678", Some(ContactKind::Phone)),
            ("0299-12-3456", Some(ContactKind::Phone)),
            ("050-1234-5678", Some(ContactKind::Phone)),
            ("0120-123-456", None),
            ("0570-123-456", None),
            ("020-1234-5678", None),
        ] {
            assert_eq!(way(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_told_apart_by_its_cause() {
        assert_eq!(kind("090-1234-567"), Err(PhoneError::WrongLength));
        assert_eq!(kind("090-0234-5678"), Err(PhoneError::NotInUse));
        assert_eq!(kind("03-123-4567"), Err(PhoneError::WrongLength));
        assert_eq!(kind("00-1234-5678"), Err(PhoneError::NotInUse));
        assert_eq!(kind("+1 202 555 0100"), Err(PhoneError::Foreign));
        assert_eq!(kind("9012345678"), Err(PhoneError::NoLeadingZero));
        assert_eq!(kind("110"), Err(PhoneError::WrongLength));
        assert_eq!(kind("090-1234-5678 内線3"), Err(PhoneError::NotDigits));
        assert_eq!(kind("+"), Err(PhoneError::NotDigits));
        assert_eq!(kind(""), Err(PhoneError::NotDigits));
    }

    #[test]
    fn numbers_are_shown_the_way_people_read_them() {
        let shown = |text| PhoneNumber::parse(text).map(|number| number.national());
        assert_eq!(shown("+819012345678").as_deref(), Ok("090-1234-5678"));
        assert_eq!(shown("0312345678").as_deref(), Ok("03-1234-5678"));
        assert_eq!(shown("0291234567").as_deref(), Ok("0291234567"));
        assert_eq!(shown("08001234567").as_deref(), Ok("0800-123-4567"));
    }

    #[test]
    fn a_tidy_number_has_plain_digits_and_the_groups_of_its_writer() {
        let tidy = |text| PhoneNumber::tidy(text).ok();
        for text in ["０２９－１２３－４５６７", "029ー123ー4567", "(029) 123 4567", "029（123）4567", "029-123-4567"]
        {
            assert_eq!(tidy(text).as_deref(), Some("029-123-4567"), "{text}");
        }
        assert_eq!(tidy("０３１２３４５６７８").as_deref(), Some("03-1234-5678"));
        assert_eq!(tidy("+81 3-1234-5678").as_deref(), Some("03-1234-5678"));
        assert_eq!(tidy("03-1234-5678 内線3"), None);
    }

    #[test]
    fn debug_tells_the_kind_and_no_digit() {
        let number = PhoneNumber::parse("090-1234-5678").expect("a number");
        assert_eq!(format!("{number:?}"), "PhoneNumber(Mobile, …)");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_survives_its_forms(text in "[+0-9０-９()ー -]{0,20}|.*") {
            if let Ok(number) = PhoneNumber::parse(&text) {
                prop_assert_eq!(PhoneNumber::parse(&number.e164()), Ok(number.clone()));
                prop_assert_eq!(PhoneNumber::parse(&number.national()), Ok(number.clone()));
                let json = serde_json::to_string(&number).expect("json");
                prop_assert_eq!(serde_json::from_str::<PhoneNumber>(&json).expect("a number"), number);
            }
        }
    }
}
