//! The form of a card: single fields, and rows for agreements and words.

use std::collections::BTreeMap;

use bansou_core::card::{Agreement, Card, WordPair, usual_review};
use bansou_core::roster::parse_date;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::form::{FieldError, FormState};

/// Longest text of a line, in characters.
pub const LINE_MAX: usize = 200;
/// Longest remark, in characters: as long as the free text from before cards was.
pub const REMARK_MAX: usize = 1_000;
/// Longest word of a word list, in characters.
pub const WORD_MAX: usize = 30;
/// Rows that are always left empty for more.
const SPARE: usize = 2;

/// Fields of an agreement: day and text. What doesn't fit any more is in the versions before.
pub const AGREEMENT_ROWS: [(&str, &str); 10] = [
    ("agreement1_on", "agreement1_text"),
    ("agreement2_on", "agreement2_text"),
    ("agreement3_on", "agreement3_text"),
    ("agreement4_on", "agreement4_text"),
    ("agreement5_on", "agreement5_text"),
    ("agreement6_on", "agreement6_text"),
    ("agreement7_on", "agreement7_text"),
    ("agreement8_on", "agreement8_text"),
    ("agreement9_on", "agreement9_text"),
    ("agreement10_on", "agreement10_text"),
];

/// Fields of a pair of words: ours and theirs.
pub const WORD_ROWS: [(&str, &str); 12] = [
    ("word1_ours", "word1_theirs"),
    ("word2_ours", "word2_theirs"),
    ("word3_ours", "word3_theirs"),
    ("word4_ours", "word4_theirs"),
    ("word5_ours", "word5_theirs"),
    ("word6_ours", "word6_theirs"),
    ("word7_ours", "word7_theirs"),
    ("word8_ours", "word8_theirs"),
    ("word9_ours", "word9_theirs"),
    ("word10_ours", "word10_theirs"),
    ("word11_ours", "word11_theirs"),
    ("word12_ours", "word12_theirs"),
];

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardForm {
    /// How they like to be spoken to.
    pub spoken_to: String,
    /// What reassures them.
    pub reassures: String,
    /// What doesn't.
    pub unsettles: String,
    /// What they expect to come of it.
    pub outcome: String,
    /// By when; may be empty.
    pub outcome_by: String,
    /// A code of `HearBy`, or empty.
    pub hear_by: String,
    /// A code of `HearEvery`, or empty.
    pub hear_every: String,
    /// In which form.
    pub hear_form: String,
    /// Who decides, and whom to ask.
    pub decides: String,
    /// Anything else.
    pub remark: String,
    /// When the card is looked at again; empty for the usual day.
    pub review_on: String,
    /// The version that the writer has before them; 0 for none.
    pub version: String,
    /// The fields of [`AGREEMENT_ROWS`] and [`WORD_ROWS`].
    #[serde(flatten)]
    pub rows: BTreeMap<String, String>,
}

impl CardForm {
    /// The form of a card as it holds.
    pub fn new(card: &Card, version: i64, review_on: Option<NaiveDate>) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let mut rows = BTreeMap::new();
        for ((on, text), agreement) in AGREEMENT_ROWS.into_iter().zip(card.newest_agreements()) {
            rows.insert(on.to_owned(), agreement.on.to_string());
            rows.insert(text.to_owned(), agreement.text.clone());
        }
        for ((ours, theirs), pair) in WORD_ROWS.into_iter().zip(&card.words) {
            rows.insert(ours.to_owned(), pair.ours.clone());
            rows.insert(theirs.to_owned(), pair.theirs.clone());
        }
        Self {
            spoken_to: card.spoken_to.clone(),
            reassures: card.reassures.clone(),
            unsettles: card.unsettles.clone(),
            outcome: card.outcome.clone(),
            outcome_by: day(card.outcome_by),
            hear_by: card.hear_by.map(|way| way.to_string()).unwrap_or_default(),
            hear_every: card.hear_every.map(|every| every.to_string()).unwrap_or_default(),
            hear_form: card.hear_form.clone(),
            decides: card.decides.clone(),
            remark: card.remark.clone(),
            review_on: day(review_on),
            version: version.to_string(),
            rows,
        }
    }

    /// How many rows of a kind are shown: those in which something stands, and some for more.
    pub fn shown_rows(&self, rows: &[(&str, &str)]) -> usize {
        let last = rows.iter().rposition(|(one, other)| !self.row(one).is_empty() || !self.row(other).is_empty());
        (last.map_or(0, |at| at + 1) + SPARE).min(rows.len())
    }

    /// The card that was written and when it is looked at again; `Err` is the form with what is wrong in it.
    pub fn read(&self, today: NaiveDate) -> Result<(Card, NaiveDate), Box<FormState<Self>>> {
        let mut wrong = Vec::new();
        let card = Card {
            outcome: line("outcome", &self.outcome, LINE_MAX, &mut wrong),
            outcome_by: some_day("outcome_by", &self.outcome_by, &mut wrong),
            hear_by: choice("hear_by", &self.hear_by, &mut wrong),
            hear_every: choice("hear_every", &self.hear_every, &mut wrong),
            hear_form: line("hear_form", &self.hear_form, LINE_MAX, &mut wrong),
            spoken_to: line("spoken_to", &self.spoken_to, LINE_MAX, &mut wrong),
            reassures: line("reassures", &self.reassures, LINE_MAX, &mut wrong),
            unsettles: line("unsettles", &self.unsettles, LINE_MAX, &mut wrong),
            decides: line("decides", &self.decides, LINE_MAX, &mut wrong),
            agreements: self.agreements(today, &mut wrong),
            words: self.words(&mut wrong),
            remark: line("remark", &self.remark, REMARK_MAX, &mut wrong),
        };
        let review_on = some_day("review_on", &self.review_on, &mut wrong);
        if review_on.is_some_and(|day| day <= today) {
            wrong.push(("review_on", FieldError::NotInFuture));
        }
        if wrong.is_empty() {
            return Ok((card, review_on.unwrap_or_else(|| usual_review(today))));
        }
        let state = FormState::new(self.clone());
        Err(Box::new(wrong.into_iter().fold(state, |state, (field, error)| state.with_error(field, error))))
    }

    /// Rows in which a text stands. Without a day it was agreed today.
    fn agreements(&self, today: NaiveDate, wrong: &mut Wrong) -> Vec<Agreement> {
        let mut agreements = Vec::new();
        for (on, text) in AGREEMENT_ROWS {
            let text = line(text, self.row(text), LINE_MAX, wrong);
            if text.is_empty() {
                continue;
            }
            let day = some_day(on, self.row(on), wrong).unwrap_or(today);
            if day > today {
                wrong.push((on, FieldError::InFuture));
            }
            agreements.push(Agreement { on: day, text });
        }
        agreements
    }

    fn words(&self, wrong: &mut Wrong) -> Vec<WordPair> {
        let mut pairs = Vec::new();
        for (ours_field, theirs_field) in WORD_ROWS {
            let ours = line(ours_field, self.row(ours_field), WORD_MAX, wrong);
            let theirs = line(theirs_field, self.row(theirs_field), WORD_MAX, wrong);
            match (ours.is_empty(), theirs.is_empty()) {
                (true, true) => {}
                (true, false) => wrong.push((ours_field, FieldError::Required)),
                (false, true) => wrong.push((theirs_field, FieldError::Required)),
                (false, false) => pairs.push(WordPair { ours, theirs }),
            }
        }
        pairs
    }

    fn row(&self, field: &str) -> &str {
        self.rows.get(field).map_or("", |text| text.trim())
    }
}

type Wrong = Vec<(&'static str, FieldError)>;

fn line(field: &'static str, text: &str, max: usize, wrong: &mut Wrong) -> String {
    let text = text.trim().to_owned();
    let now = text.chars().count();
    if now > max {
        wrong.push((field, FieldError::TooLong { max, now }));
    }
    text
}

fn some_day(field: &'static str, text: &str, wrong: &mut Wrong) -> Option<NaiveDate> {
    if text.trim().is_empty() {
        return None;
    }
    let day = parse_date(text).ok();
    if day.is_none() {
        wrong.push((field, FieldError::NotADate));
    }
    day
}

fn choice<T: std::str::FromStr>(field: &'static str, code: &str, wrong: &mut Wrong) -> Option<T> {
    if code.is_empty() {
        return None;
    }
    let chosen = code.parse().ok();
    if chosen.is_none() {
        wrong.push((field, FieldError::NotAChoice));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn with(rows: &[(&str, &str)]) -> CardForm {
        let rows = rows.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect();
        CardForm { rows, ..CardForm::default() }
    }

    #[test]
    fn a_card_goes_through_its_form_unchanged() {
        let card = Card {
            spoken_to: "ゆっくり、一つずつ".into(),
            hear_every: Some(bansou_core::card::HearEvery::Weekly),
            agreements: vec![Agreement { on: day("2026-10-01"), text: "電話は17時から".into() }],
            words: vec![WordPair { ours: "人事".into(), theirs: "採用担当".into() }],
            ..Card::default()
        };
        let form = CardForm::new(&card, 3, Some(day("2027-04-01")));
        assert!(form.read(day("2026-11-20")).ok() == Some((card, day("2027-04-01"))));
        assert_eq!((form.shown_rows(&AGREEMENT_ROWS), form.shown_rows(&WORD_ROWS)), (3, 3));
    }

    #[test]
    fn what_was_agreed_without_a_day_was_agreed_today_and_the_review_comes_after_half_a_year() {
        let (card, review) = with(&[("agreement1_text", "急ぐときはLINE")]).read(day("2026-11-20")).ok().unwrap();
        assert_eq!(card.agreements[0].on, day("2026-11-20"));
        assert_eq!(review, day("2027-05-20"));
    }

    #[test]
    fn half_a_pair_of_words_and_a_day_ahead_are_told_at_their_fields() {
        let form = with(&[("word2_ours", "人事"), ("agreement1_on", "2026-12-01"), ("agreement1_text", "約束")]);
        let state = form.read(day("2026-11-20")).err().unwrap();
        assert_eq!(state.errors.get("word2_theirs"), Some(&FieldError::Required));
        assert_eq!(state.errors.get("agreement1_on"), Some(&FieldError::InFuture));
    }
}
