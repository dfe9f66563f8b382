//! What can be wrong or odd in a row, as keys that have words in every language (`locales/*/import.ftl`).

use std::fmt;

use super::Column;
use crate::contact::PhoneError;

/// One thing that is wrong in a row.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where; `None` for a value under no header.
    pub column: Option<Column>,
    /// What.
    pub problem: Problem,
    /// The beginning of what stands there, for the screen of whoever imports. Never for a log: `Debug` leaves it out.
    pub shown: String,
}

impl FieldError {
    /// Keeps at most 40 characters of what stands there.
    pub fn new(column: Option<Column>, problem: Problem, text: &str) -> Self {
        let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if text.chars().nth(40).is_some() {
            shown.push('…');
        }
        Self { column, problem, shown }
    }
}

impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldError({:?}, {:?})", self.column, self.problem)
    }
}

/// Declares keys with their names in the word files.
macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident, $prefix:literal { $($(#[$vdoc:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant),+
        }

        impl $name {
            /// Every one, for a test of the words.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Key of the sentence that tells it.
            pub const fn word_key(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($prefix, $key)),+
                }
            }
        }
    };
}

keyed! {
    /// Why a field was refused.
    Problem, "import-problem-" {
        /// Nobody without a name.
        NameMissing = "name-missing",
        /// Longer than anybody's.
        TooLong = "too-long",
        /// Invisible control characters.
        ControlCharacter = "control-character",
        /// A formula's error, a truth value.
        BrokenCell = "broken-cell",
        /// A value under no header.
        CellWithoutColumn = "cell-without-column",
        /// Not written like a day.
        NotADate = "not-a-date",
        /// A day that never was, like 30 February.
        NoSuchDay = "no-such-day",
        /// The era had ended or not begun.
        OutsideEra = "outside-era",
        /// A year of two digits without an era.
        TwoDigitYear = "two-digit-year",
        /// Before 1900 or after 2100.
        YearOutOfRange = "year-out-of-range",
        /// Letters in a telephone number.
        PhoneNotDigits = "phone-not-digits",
        /// A number of another country.
        PhoneForeign = "phone-foreign",
        /// The leading 0 is missing.
        PhoneNoLeadingZero = "phone-no-leading-zero",
        /// Too short or too long.
        PhoneWrongLength = "phone-wrong-length",
        /// No such number in use.
        PhoneNotInUse = "phone-not-in-use",
        /// A toll-free number, a service or a machine.
        PhoneNotPersonal = "phone-not-personal",
        /// Not an e-mail address.
        NotEmail = "not-email",
        /// Not a LINE user id.
        NotLineUserId = "not-line-user-id",
        /// Not one of ふつう, やさしい, ふりがな.
        UnknownLanguage = "unknown-language",
        /// Not one of オープン, クローズ.
        UnknownDisclosure = "unknown-disclosure",
        /// Not a time of day.
        NotATime = "not-a-time",
        /// Only one of the two times is there.
        OtherTimeMissing = "other-time-missing",
        /// The end isn't after the beginning.
        TimesInverted = "times-inverted",
        /// An employer or a leaving, but no first day.
        HiredOnMissing = "hired-on-missing",
        /// Left before being hired.
        LeftBeforeHired = "left-before-hired",
        /// The service's end without its start.
        ServiceStartMissing = "service-start-missing",
        /// The service ends before it starts.
        ServiceEndsBeforeStart = "service-ends-before-start",
        /// The office has no member of staff with this address.
        UnknownStaff = "unknown-staff",
        /// The same person stands in an earlier row of the file.
        TwiceInFile = "twice-in-file",
        /// A line that can't be read as a row at all.
        UnreadableRow = "unreadable-row",
    }
}

impl From<PhoneError> for Problem {
    fn from(error: PhoneError) -> Self {
        match error {
            PhoneError::NotDigits => Self::PhoneNotDigits,
            PhoneError::Foreign => Self::PhoneForeign,
            PhoneError::NoLeadingZero => Self::PhoneNoLeadingZero,
            PhoneError::WrongLength => Self::PhoneWrongLength,
            PhoneError::NotInUse => Self::PhoneNotInUse,
        }
    }
}

/// One thing worth a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub column: Column,
    /// What.
    pub kind: WarningKind,
}

keyed! {
    /// What is unusual but possible.
    WarningKind, "import-warning-" {
        /// The reading has other letters than kana.
        NotKana = "not-kana",
        /// A spreadsheet had dropped the number's first 0.
        LeadingZeroRestored = "leading-zero-restored",
        /// A landline or an IP phone: calls by staff, no SMS.
        PhoneForCalls = "phone-for-calls",
        /// Not recognised as a kind; kept as written.
        KeptInOwnWords = "kept-in-own-words",
        /// A reason for leaving, but no day.
        LeavingDayMissing = "leaving-day-missing",
        /// Whether an employer knows, but no day of hiring: of the job that is on record.
        DisclosureWithoutHire = "disclosure-without-hire",
        /// 就労定着支援 before six months of the job were over.
        ServiceBeforeSixMonths = "service-before-six-months",
        /// 就労定着支援 for longer than possible.
        ServiceOverThreeYears = "service-over-three-years",
        /// No telephone, LINE or e-mail: staff have to find another way.
        NoAddress = "no-address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_and_warning_has_words_in_both_languages() {
        let japanese = include_str!("../../../../locales/ja/import.ftl");
        let english = include_str!("../../../../locales/en/import.ftl");
        let problems = Problem::ALL.iter().map(|problem| problem.word_key());
        for key in problems.chain(WarningKind::ALL.iter().map(|kind| kind.word_key())) {
            let line = format!("\n{key} = ");
            assert!(japanese.contains(&line) && english.contains(&line), "{key}");
        }
    }

    #[test]
    fn what_is_shown_is_short_and_debug_leaves_it_out() {
        let error = FieldError::new(Some(Column::Phone), Problem::PhoneNotDigits, &"見本".repeat(40));
        assert_eq!(error.shown.chars().count(), 41);
        assert_eq!(format!("{error:?}"), "FieldError(Some(Phone), PhoneNotDigits)");
    }
}
