//! The card of a graduate or an employer: what was expected at the start (S2.0a), their words (S2.0b), and what makes
//! whoever takes a call or a thread at short notice sure (S4.3).
//!
//! Their limits (hours, channels) stand where they are obeyed, not here. A card changes nothing by itself: where it and
//! the cadence differ, staff are told ([`HearEvery::beside`]).

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::cadence::Every;
use crate::ids::{EmployerId, GraduateId};
use crate::lint::OwnWord;

/// A card is looked at again after so many months, unless another day is set.
pub const REVIEW_MONTHS: u32 = 6;

/// Whose card it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CardOf {
    /// A graduate's.
    Graduate(GraduateId),
    /// A company's.
    Employer(EmployerId),
}

crate::codes! {
    /// How somebody wants to hear from the office.
    HearBy {
        /// LINE.
        Line = "line",
        /// SMS.
        Sms = "sms",
        /// A call.
        Phone = "phone",
        /// E-mail.
        Email = "email",
        /// Face to face.
        Meeting = "meeting",
    }
}

crate::codes! {
    /// How often somebody wants to hear from the office.
    HearEvery {
        /// Every two or three days.
        FewDays = "few-days",
        /// Once a week.
        Weekly = "weekly",
        /// Every two weeks.
        TwoWeeks = "two-weeks",
        /// Once a month.
        Monthly = "monthly",
        /// Every three months.
        Quarterly = "quarterly",
        /// Only where something is the matter.
        WhenNeeded = "when-needed",
    }
}

crate::codes! {
    /// How what a card says differs from a cadence.
    Differs {
        /// The card asks for more contact than there is.
        CardMore = "card-more",
        /// The card asks for less contact than there is.
        CardLess = "card-less",
    }
}

impl HearEvery {
    /// The interval in days; `None` for contact without a rhythm.
    pub const fn about_days(self) -> Option<u32> {
        match self {
            Self::FewDays => Some(3),
            Self::Weekly => Some(7),
            Self::TwoWeeks => Some(14),
            Self::Monthly => Some(30),
            Self::Quarterly => Some(91),
            Self::WhenNeeded => None,
        }
    }

    /// How it differs from the interval of a cadence; `None` where the two are about the same (a third more or less).
    pub fn beside(self, every: Every) -> Option<Differs> {
        let Some(card) = self.about_days() else { return Some(Differs::CardLess) };
        let cadence = every.about_days();
        if card * 4 < cadence * 3 {
            Some(Differs::CardMore)
        } else if cadence * 4 < card * 3 {
            Some(Differs::CardLess)
        } else {
            None
        }
    }
}

/// What one of us says and what they say for the same thing (S2.0b).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordPair {
    /// Our word: 人事.
    pub ours: String,
    /// Theirs: 採用担当.
    pub theirs: String,
}

/// Something that was agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// When it was agreed, a day of the office's zone.
    pub on: NaiveDate,
    /// What.
    pub text: String,
}

/// What stands on a card; stored encrypted. Empty texts mean that nobody has asked yet.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// What they expect to come of it.
    pub outcome: String,
    /// By when.
    pub outcome_by: Option<NaiveDate>,
    /// How they want to hear from the office.
    pub hear_by: Option<HearBy>,
    /// How often.
    pub hear_every: Option<HearEvery>,
    /// In which form: short, with a heading, with a picture …
    pub hear_form: String,
    /// How they like to be spoken to.
    pub spoken_to: String,
    /// What reassures them.
    pub reassures: String,
    /// What doesn't.
    pub unsettles: String,
    /// Who decides, and whom to ask.
    pub decides: String,
    /// What was agreed.
    pub agreements: Vec<Agreement>,
    /// Their words beside ours.
    pub words: Vec<WordPair>,
    /// Anything else.
    pub remark: String,
}

crate::codes! {
    /// A line of a card. The order is that in which somebody who has a minute reads: how not to do harm, what holds, whom to
    /// ask; then the rest.
    CardLine {
        /// How they like to be spoken to.
        SpokenTo = "spoken-to",
        /// What doesn't reassure them.
        Unsettles = "unsettles",
        /// What was agreed.
        Agreed = "agreed",
        /// Who decides, and whom to ask.
        Decides = "decides",
        /// What reassures them.
        Reassures = "reassures",
        /// How, how often and in which form they want to hear.
        Hearing = "hearing",
        /// What they expect to come of it, by when.
        Outcome = "outcome",
        /// Their words beside ours.
        Words = "words",
        /// Anything else.
        Remark = "remark",
    }
}

impl Card {
    /// Whether nothing stands on it.
    pub fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    /// The lines in which something stands, the most important first.
    pub fn lines(&self) -> Vec<CardLine> {
        CardLine::ALL.iter().copied().filter(|line| self.has(*line)).collect()
    }

    fn has(&self, line: CardLine) -> bool {
        match line {
            CardLine::SpokenTo => !self.spoken_to.is_empty(),
            CardLine::Unsettles => !self.unsettles.is_empty(),
            CardLine::Agreed => !self.agreements.is_empty(),
            CardLine::Decides => !self.decides.is_empty(),
            CardLine::Reassures => !self.reassures.is_empty(),
            CardLine::Hearing => self.hear_by.is_some() || self.hear_every.is_some() || !self.hear_form.is_empty(),
            CardLine::Outcome => !self.outcome.is_empty() || self.outcome_by.is_some(),
            CardLine::Words => !self.words.is_empty(),
            CardLine::Remark => !self.remark.is_empty(),
        }
    }

    /// Agreements, the newest first.
    pub fn newest_agreements(&self) -> Vec<&Agreement> {
        let mut all: Vec<_> = self.agreements.iter().collect();
        all.sort_by_key(|agreement| std::cmp::Reverse(agreement.on));
        all
    }
}

/// Calls back with word lists as the linter takes them: one entry for each of their words.
pub fn with_own_words<T>(pairs: &[WordPair], look: impl FnOnce(&[OwnWord<'_>]) -> T) -> T {
    let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
    for pair in pairs {
        match grouped.iter_mut().find(|(theirs, _)| *theirs == pair.theirs) {
            Some((_, others)) => others.push(&pair.ours),
            None => grouped.push((&pair.theirs, vec![&pair.ours])),
        }
    }
    let words: Vec<OwnWord<'_>> = grouped.iter().map(|(theirs, others)| OwnWord { theirs, others }).collect();
    look(&words)
}

/// The day on which a card that is written on `today` is looked at again, where no other is set.
pub fn usual_review(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(REVIEW_MONTHS)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(ours: &str, theirs: &str) -> WordPair {
        WordPair { ours: ours.into(), theirs: theirs.into() }
    }

    #[test]
    fn a_card_tells_first_how_to_speak_and_what_to_keep_away_from() {
        let card = Card {
            remark: "水族館が好き".into(),
            unsettles: "急な予定".into(),
            spoken_to: "ゆっくり".into(),
            hear_every: Some(HearEvery::Weekly),
            ..Card::default()
        };
        assert_eq!(card.lines(), [CardLine::SpokenTo, CardLine::Unsettles, CardLine::Hearing, CardLine::Remark]);
        assert!(Card::default().is_empty() && !card.is_empty());
    }

    #[test]
    fn card_and_cadence_differ_only_where_somebody_would_notice() {
        assert_eq!(HearEvery::Weekly.beside(Every::Days(7)), None);
        assert_eq!(HearEvery::TwoWeeks.beside(Every::Days(12)), None);
        assert_eq!(HearEvery::Monthly.beside(Every::Months(1)), None);
        assert_eq!(HearEvery::Weekly.beside(Every::Days(3)), Some(Differs::CardLess));
        assert_eq!(HearEvery::FewDays.beside(Every::Days(7)), Some(Differs::CardMore));
        assert_eq!(HearEvery::WhenNeeded.beside(Every::Days(30)), Some(Differs::CardLess));
    }

    #[test]
    fn several_of_our_words_for_one_of_theirs_become_one_entry() {
        let pairs = [pair("人事", "採用担当"), pair("上司", "リーダー"), pair("人事部", "採用担当")];
        with_own_words(&pairs, |words| {
            assert_eq!(words.len(), 2);
            assert_eq!((words[0].theirs, words[0].others), ("採用担当", &["人事", "人事部"][..]));
        });
    }

    #[test]
    fn agreements_are_told_newest_first() {
        let agreement = |on: &str, text: &str| Agreement { on: on.parse().unwrap(), text: text.into() };
        let card = Card {
            agreements: vec![agreement("2026-04-01", "前"), agreement("2026-10-01", "今")],
            ..Card::default()
        };
        assert_eq!(card.newest_agreements()[0].text, "今");
    }

    #[test]
    fn a_card_is_looked_at_again_after_half_a_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(usual_review(day("2026-08-31")), day("2027-02-28"));
    }

    #[test]
    fn a_card_from_before_a_field_was_added_is_read() {
        let card: Card = serde_json::from_str(r#"{"spoken_to":"ゆっくり"}"#).unwrap();
        assert_eq!(card.lines(), [CardLine::SpokenTo]);
    }
}
