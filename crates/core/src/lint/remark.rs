//! What the linter says: which rule, about which words, how strongly, and what could stand there instead.

use std::fmt;
use std::ops::Range;

crate::codes! {
    /// A rule of writing. Its sentence for staff has the key `lint-` and this word; source and limits stand in `config/lint.toml`.
    Rule {
        /// Another word than the reader's own (人事 where they say 採用担当) (S2.0b).
        TheirWord = "their-word",
        /// No words at all: a picture or a sign as an answer (S2.2).
        NoWords = "no-words",
        /// More questions than one message should ask (S2.3).
        QuestionsMany = "questions-many",
        /// This person was asked something today already (S2.3).
        AskedToday = "asked-today",
        /// The record already answers the question (S2.3).
        KnownAlready = "known-already",
        /// Nothing is asked, and the message doesn't say that no answer is needed (S2.3).
        AnswerNotNeeded = "answer-not-needed",
        /// When isn't said in a way that two people understand alike (S2.5).
        VagueTime = "vague-time",
        /// How much or how isn't said in a way that two people understand alike (S2.5).
        VagueAmount = "vague-amount",
        /// A no that sounds like a perhaps (S2.5).
        ImpliedRefusal = "implied-refusal",
        /// A question without answers to choose from (S2.10).
        OpenQuestion = "open-question",
        /// Asks with yes or no how somebody is (C7).
        YesNoState = "yes-no-state",
        /// More answers to choose from than a person can weigh (C6).
        ChoicesMany = "choices-many",
        /// A question whose answers leave no way of not answering (C6).
        NoWayOut = "no-way-out",
        /// The reason stands before the request (S2.11).
        ReasonFirst = "reason-first",
        /// More requests than one message should make (S2.11).
        RequestsMany = "requests-many",
        /// Asks to confirm, without a link, picture or exact place to look at (S2.12).
        NothingToLookAt = "nothing-to-look-at",
        /// Asks to confirm, without asking what differs (S2.12).
        NoCorrection = "no-correction",
        /// A telephone number among other words (S2.13).
        PhoneInside = "phone-inside",
        /// A web address that touches other words (S2.13).
        UrlInside = "url-inside",
        /// An SMS of several parts (S2.13).
        SmsParts = "sms-parts",
        /// A character that Japanese SMS providers refuse (S2.13).
        SmsCharacter = "sms-character",
        /// More than the channel takes (S2.13).
        TooLong = "too-long",
        /// Puts the fault on the reader (S2.17).
        Blame = "blame",
        /// Presses the reader (S2.17).
        Pressure = "pressure",
        /// Measures the reader by others (C7).
        Comparison = "comparison",
        /// Says the opposite of what is meant, or smiles at the reader (S2.17).
        Sarcasm = "sarcasm",
        /// Praise that makes going on a duty (C7).
        DutyPraise = "duty-praise",
        /// A long sentence (C6).
        SentenceLong = "sentence-long",
        /// Many sentences (C6).
        SentencesMany = "sentences-many",
        /// A long message (C6).
        MessageLong = "message-long",
        /// A negation of a negation (C6).
        DoubleNegative = "double-negative",
        /// Many kanji among the letters (C6).
        KanjiMany = "kanji-many",
        /// Four or more kanji in a row (C6).
        KanjiRun = "kanji-run",
        /// A kanji that needs a reading beside it (C6).
        KanjiReading = "kanji-reading",
        /// A name whose reading isn't known, where readings are shown (C6).
        NameReading = "name-reading",
        /// A long word in katakana (C6).
        Loanword = "loanword",
        /// Latin letters (C6).
        Latin = "latin",
        /// A number in kanji (C6).
        KanjiNumeral = "kanji-numeral",
        /// A time on the 24-hour clock (C6).
        ClockOf24 = "clock-of-24",
        /// A time that could be in the morning or in the afternoon (C6).
        HalfOfDay = "half-of-day",
        /// A date without its day of the week (C6).
        WeekdayMissing = "weekday-missing",
        /// A day of the week that the date isn't (S2.5).
        WeekdayWrong = "weekday-wrong",
        /// Polite forms that hide the verb (C6).
        Keigo = "keigo",
        /// Passive upon passive (C6).
        PassiveChain = "passive-chain",
        /// 「など」: and what else? (C6)
        Etcetera = "etcetera",
        /// A word for which there is an easier one (C6).
        HardWord = "hard-word",
        /// A figure of speech (C6).
        Idiom = "idiom",
    }
}

impl Rule {
    /// Where the rule comes from: the number in the requirements, or the section of the sheet on screens and words.
    pub const fn requirement(self) -> &'static str {
        match self {
            Self::TheirWord => "S2.0b",
            Self::NoWords => "S2.2",
            Self::QuestionsMany | Self::AskedToday | Self::KnownAlready | Self::AnswerNotNeeded => "S2.3",
            Self::VagueTime | Self::VagueAmount | Self::ImpliedRefusal | Self::WeekdayWrong => "S2.5",
            Self::OpenQuestion => "S2.10",
            Self::ReasonFirst | Self::RequestsMany => "S2.11",
            Self::NothingToLookAt | Self::NoCorrection => "S2.12",
            Self::PhoneInside | Self::UrlInside | Self::SmsParts | Self::SmsCharacter | Self::TooLong => "S2.13",
            Self::Blame | Self::Pressure | Self::Sarcasm => "S2.17",
            Self::YesNoState | Self::Comparison | Self::DutyPraise => "C7",
            Self::ChoicesMany
            | Self::NoWayOut
            | Self::SentenceLong
            | Self::SentencesMany
            | Self::MessageLong
            | Self::DoubleNegative
            | Self::KanjiMany
            | Self::KanjiRun
            | Self::KanjiReading
            | Self::NameReading
            | Self::Loanword
            | Self::Latin
            | Self::KanjiNumeral
            | Self::ClockOf24
            | Self::HalfOfDay
            | Self::WeekdayMissing
            | Self::Keigo
            | Self::PassiveChain
            | Self::Etcetera
            | Self::HardWord
            | Self::Idiom => "C6",
        }
    }

    /// The key of the sentence that staff read.
    pub fn word_key(self) -> String {
        format!("lint-{self}")
    }
}

crate::codes! {
    /// How strongly a remark is meant; neither keeps a message from going out.
    Weight {
        /// Good to know (I in the sheet).
        Info = "info",
        /// Better changed (W in the sheet).
        Warn = "warn",
    }
}

crate::codes! {
    /// What the record can answer, so that nobody asks it again (S2.3).
    Topic {
        /// 電話番号
        Phone = "phone",
        /// メールアドレス
        Email = "email",
        /// 名前の読み方
        NameReading = "name-reading",
        /// 勤め先
        Employer = "employer",
        /// 入社日
        HiredOn = "hired-on",
        /// 会社の担当者
        EmployerContact = "employer-contact",
        /// 連絡してよい時間
        ContactHours = "contact-hours",
        /// 障害種別
        Disability = "disability",
        /// 手帳
        Certificate = "certificate",
        /// 受給者証の期限
        CertificateExpiry = "certificate-expiry",
    }
}

/// One remark. It only points at words of the text: nothing is changed unless a person takes the proposal.
#[derive(Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rule.
    pub rule: Rule,
    /// How strongly it is meant.
    pub weight: Weight,
    /// The words it is about, as bytes of the text.
    pub span: Range<usize>,
    /// For rules that count: how much there is, and how much there should be at most.
    pub count: Option<Count>,
    /// What the record already answers ([`Rule::KnownAlready`]).
    pub topic: Option<Topic>,
    /// What could stand in place of the words.
    pub proposal: Option<Proposal>,
}

/// How much there is of something that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So much there is.
    pub found: usize,
    /// So much there should be at most.
    pub limit: usize,
}

/// Words to put in place of those a remark is about.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The replacement; empty where the words are better left out.
    pub text: String,
    /// What goes out as a message of its own after this one (a telephone number, S2.13).
    pub own_message: Option<String>,
}

impl Remark {
    /// The text with the proposal taken; `None` where there is no proposal, or the text isn't the one that was looked at.
    pub fn applied(&self, text: &str) -> Option<String> {
        let proposal = self.proposal.as_ref()?;
        let (before, after) = (text.get(..self.span.start)?, text.get(self.span.end..)?);
        Some([before, &proposal.text, after].concat())
    }
}

impl Proposal {
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), own_message: None }
    }
}

// A proposal repeats words of a message, which has no place in a log.
impl fmt::Debug for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.rule, self.span)
    }
}
