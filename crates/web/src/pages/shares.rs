//! What an employer was told about a graduate, word for word, and the form for what was said by phone or in a meeting (S2.16).
//!
//! `GET /graduates/{id}/shares` shows both. `POST` to the same path: `to` (contact id, topic and means, as a consent covers them), `words`.

use bansou_core::consent::ShareMeans;
use bansou_core::words::{Lang, Words};
use serde::{Deserialize, Serialize};

use super::letter::Letter;
use super::person::PersonHead;
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// Longest words of one record, in characters.
pub const WORDS_MAX: usize = 1000;

/// The page.
#[derive(Clone, Serialize)]
pub struct SharesPage {
    /// The person.
    pub person: PersonHead,
    /// What was told, newest first.
    pub shares: Vec<ShareView>,
    /// Whom one may tell about what by which means today: value, and words. Empty: no consent covers anything but e-mail.
    pub choices: Vec<(String, String)>,
    /// The form.
    pub form: FormState<ShareForm>,
    /// Longest words.
    pub words_max: usize,
}

/// Something that was told.
#[derive(Clone, Serialize)]
pub struct ShareView {
    /// To whom, with the company.
    pub to: String,
    /// By which means.
    pub means: ShareMeans,
    /// When.
    pub at: LocalTime,
    /// The exact words.
    pub words: String,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShareForm {
    /// One of the choices.
    pub to: String,
    /// What was said.
    pub words: String,
}

impl Page for SharesPage {
    const TEMPLATE: &'static str = "pages/shares.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let letter = Letter::sample();
        let to = "株式会社サンプル物流 例山 ひとみさん".to_owned();
        let usual = Self {
            person: PersonHead::sample(),
            shares: vec![ShareView {
                to: to.clone(),
                means: ShareMeans::Email,
                at: sample_time("2026-11-19T09:12"),
                words: letter.as_text(&Words::embedded(), lang),
            }],
            choices: vec![(
                "018f-contact:instructions:phone".to_owned(),
                said(
                    lang,
                    "株式会社サンプル物流 例山 ひとみさん：指示の出し方（電話）",
                    "株式会社サンプル物流 例山 ひとみ: how instructions are given (phone)",
                ),
            )],
            form: FormState::default(),
            words_max: WORDS_MAX,
        };
        let wrong =
            FormState::default().with_error("to", FieldError::NotAChoice).with_error("words", FieldError::Required);
        let none = Self { shares: Vec::new(), choices: Vec::new(), ..usual.clone() };
        vec![("usual", usual.clone()), ("wrong", Self { form: wrong, ..usual }), ("none", none)]
    }
}
