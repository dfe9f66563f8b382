//! A note in lanes that keep fact and interpretation apart (S2.6). The person never sees it, nor does an employer.
//!
//! - `GET /graduates/{id}/notes/new?message={id}` (from a message's words) or `?task={id}` (after a call).
//! - `POST /graduates/{id}/notes`: `mode` (a code of `ContactMode`), `on`, `at` (when it happened), `said`, `observed`,
//!   `interpretation`, `done`, `next`, `message` (where the words come from, may be empty), and for a small sign
//!   `sign_category` (a code of `SignCategory`, empty for none), `sign_level` (1 to 3).

use bansou_core::note::ContactMode;
use bansou_core::sign::SignCategory;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::person::PersonHead;
use super::{Page, Place};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct NotePage {
    /// The person.
    pub person: PersonHead,
    /// The words the note starts from, if it comes from a message.
    pub from_words: Option<String>,
    /// The form.
    pub form: FormState<NoteForm>,
    /// Ways of contact to choose from.
    pub modes: &'static [ContactMode],
    /// What a sign can be about.
    pub categories: &'static [SignCategory],
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    /// A code of `ContactMode`.
    pub mode: String,
    /// The day it happened.
    pub on: String,
    /// The time of day it happened.
    pub at: String,
    /// 本人の言葉 (S).
    pub said: String,
    /// 見たこと・数字 (O).
    pub observed: String,
    /// 考えたこと（事実ではない） (A).
    pub interpretation: String,
    /// したこと (I).
    pub done: String,
    /// 次にすること (P).
    pub next: String,
    /// Id of the message the words come from.
    pub message: String,
    /// A code of `SignCategory`, or empty.
    pub sign_category: String,
    /// 1 to 3.
    pub sign_level: String,
}

impl NotePage {
    /// A page with its choices filled in.
    pub fn new(person: PersonHead, from_words: Option<String>, form: FormState<NoteForm>) -> Self {
        Self { person, from_words, form, modes: ContactMode::ALL, categories: SignCategory::ALL }
    }
}

impl Page for NotePage {
    const TEMPLATE: &'static str = "pages/note.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let typed = NoteForm {
            mode: "phone".to_owned(),
            on: "2026-11-20".to_owned(),
            at: "17:40".to_owned(),
            ..NoteForm::default()
        };
        let words = "最近あまり眠れていません。仕事は行けています。".to_owned();
        let from_message = NoteForm {
            mode: "line".to_owned(),
            said: words.clone(),
            message: "018f-m5".to_owned(),
            sign_category: "sleep".to_owned(),
            sign_level: "2".to_owned(),
            ..typed.clone()
        };
        let wrong = FormState::new(NoteForm { interpretation: "疲れているのかも".to_owned(), ..typed.clone() })
            .with_error("said", FieldError::OneOfThese);
        vec![
            ("new", Self::new(PersonHead::sample(), None, FormState::new(typed))),
            ("from-message", Self::new(PersonHead::sample(), Some(words), FormState::new(from_message))),
            ("wrong", Self::new(PersonHead::sample(), None, wrong)),
        ]
    }
}
