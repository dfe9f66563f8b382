//! Cards (S2.0a, S2.0b, S4.3): as a summary on other pages, whole, and as a form.
//!
//! - `GET /graduates/{id}/card` and `GET /employers/{id}` show it whole, with the versions before it.
//! - `GET …/card/edit` and `POST …/card/edit`: the fields of [`CardForm`]; `version` is the one that the writer has before them.

mod company;
mod form;
mod samples;

use bansou_core::card::{HearBy, HearEvery};
use chrono::NaiveDate;
use serde::Serialize;

use super::LocalTime;
use super::person::PersonHead;
use crate::form::FormState;

pub use company::{CompanyContact, CompanyPage, CompanyPerson};
pub use form::{AGREEMENT_ROWS, CardForm, LINE_MAX, REMARK_MAX, WORD_MAX, WORD_ROWS};

/// A line of a card.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CardLineView {
    /// A code of core's `CardLine`.
    pub line: &'static str,
    /// What stands there; several for agreements and words.
    pub texts: Vec<String>,
}

/// What a page about a person shows of the card: the lines for somebody who has a minute, the rest folded.
#[derive(Clone, Serialize)]
pub struct CardSummary {
    /// The whole card.
    pub href: String,
    /// The reader isn't the person's own member of staff, so the card stands on top.
    pub on_top: bool,
    /// The most important lines.
    pub open: Vec<CardLineView>,
    /// The others.
    pub rest: Vec<CardLineView>,
    /// When the person may be contacted, in words; kept with their addresses and only shown here.
    pub hours: String,
    /// Where the card and the cadence differ, in one sentence.
    pub differs: Option<String>,
    /// The day by which the card should have been looked at again.
    pub overdue: Option<NaiveDate>,
    /// The company's page and name.
    pub company: Option<(String, String)>,
}

/// A card as it was once written.
#[derive(Clone, Serialize)]
pub struct CardVersion {
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: LocalTime,
    /// What stood on it.
    pub lines: Vec<CardLineView>,
}

/// A whole card.
#[derive(Clone, Serialize)]
pub struct CardView {
    /// Its lines, the most important first; empty where nobody has written one.
    pub lines: Vec<CardLineView>,
    /// The day by which it is looked at again.
    pub review_on: Option<NaiveDate>,
    /// That day is over.
    pub is_overdue: bool,
    /// The version that holds, and the ones before it; newest first. Empty for words that only stand in the person's details.
    pub versions: Vec<CardVersion>,
    /// Where the form is.
    pub edit: String,
}

/// A graduate's card.
#[derive(Clone, Serialize)]
pub struct CardPage {
    /// The person.
    pub person: PersonHead,
    /// The card.
    pub card: CardView,
    /// When the person may be contacted, in words.
    pub hours: String,
    /// How often contact is planned now, in words; empty without a plan.
    pub cadence: String,
    /// Where the card and the cadence differ, in one sentence.
    pub differs: Option<String>,
    /// The company's page and name.
    pub company: Option<(String, String)>,
}

/// The form of a card.
#[derive(Clone, Serialize)]
pub struct CardEditPage {
    /// The person, on a graduate's card.
    pub person: Option<PersonHead>,
    /// The company's name, on an employer's card.
    pub company: String,
    /// Where the form goes.
    pub action: String,
    /// The way back.
    pub back: String,
    /// The form.
    pub form: FormState<CardForm>,
    /// Names and labels of the fields in which something can be wrong, for the summary.
    pub fields: Vec<(String, String)>,
    /// Rows for agreements that are shown.
    pub agreement_rows: usize,
    /// Rows for words that are shown.
    pub word_rows: usize,
    /// How they can hear from the office.
    pub ways: &'static [HearBy],
    /// How often.
    pub rhythms: &'static [HearEvery],
    /// Longest line, in characters.
    pub line_max: usize,
    /// Longest remark, in characters.
    pub remark_max: usize,
}
