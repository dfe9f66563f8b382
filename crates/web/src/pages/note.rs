//! A note in lanes that keep fact and interpretation apart (S2.6). The person never sees it, nor does an employer.
//!
//! - `GET /notes/{id}` shows a note with every version before it; `GET /notes/{id}/edit` and `POST /notes/{id}/correct` put a
//!   corrected one in its place.
//! - `GET /graduates/{id}/notes/new?message={id}` (from a message's words) or `?task={id}` (after a call).
//! - `POST /graduates/{id}/notes`: `mode` (a code of `ContactMode`), `on`, `at` (when it happened), `said`, `observed`,
//!   `interpretation`, `done`, `next`, `message` (where the words come from, may be empty), and for a small sign
//!   `sign_category` (a code of `SignCategory`, empty for none), `sign_level` (1 to 3).

use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::SignCategory;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::person::PersonHead;
use super::{LocalTime, Page, Place, sample_time};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct NotePage {
    /// The person.
    pub person: PersonHead,
    /// The words the note starts from, if it comes from a message.
    pub from_words: Option<String>,
    /// The note that is being corrected.
    pub corrects: Option<Corrects>,
    /// The form.
    pub form: FormState<NoteForm>,
    /// Ways of contact to choose from.
    pub modes: &'static [ContactMode],
    /// What a sign can be about.
    pub categories: &'static [SignCategory],
}

/// The note that is being corrected.
#[derive(Clone, Serialize)]
pub struct Corrects {
    /// Its id.
    pub note: String,
    /// Who wrote it.
    pub by: String,
    /// When it was saved.
    pub at: LocalTime,
}

/// A note with every version before it.
#[derive(Clone, Serialize)]
pub struct NoteVersionsPage {
    /// The person.
    pub person: PersonHead,
    /// The id of the newest version shown.
    pub note: String,
    /// Whether the newest version holds, so that it can be corrected.
    pub can_correct: bool,
    /// Newest first.
    pub versions: Vec<NoteVersion>,
}

/// A note as it once was, or as it is.
#[derive(Clone, Serialize)]
pub struct NoteVersion {
    /// Who wrote it.
    pub by: String,
    /// When it was written.
    pub written_at: LocalTime,
    /// When the contact was.
    pub happened_at: LocalTime,
    /// The way of contact.
    pub mode: ContactMode,
    /// Its lanes.
    pub lanes: Lanes,
    /// Whether this is the one that holds.
    pub holds: bool,
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

impl NoteForm {
    /// Whether another form says the same about contact and lanes.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let words = |form: &Self| {
            let lanes = [&form.said, &form.observed, &form.interpretation, &form.done, &form.next];
            let lanes = lanes.map(|lane| lane.trim().replace("\r\n", "\n"));
            (form.mode.clone(), form.on.clone(), form.at.clone(), lanes)
        };
        words(self) == words(other)
    }
}

impl NotePage {
    /// A page with its choices filled in.
    pub fn new(person: PersonHead, from_words: Option<String>, form: FormState<NoteForm>) -> Self {
        Self { person, from_words, corrects: None, form, modes: ContactMode::ALL, categories: SignCategory::ALL }
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
        let corrects =
            Corrects { note: "018f-n1".to_owned(), by: "例川 実".to_owned(), at: sample_time("2026-11-20T17:55") };
        let correcting = FormState::new(NoteForm { said: words.clone(), ..typed.clone() });
        let correcting = Self { corrects: Some(corrects), ..Self::new(PersonHead::sample(), None, correcting) };
        vec![
            ("correct", correcting),
            ("new", Self::new(PersonHead::sample(), None, FormState::new(typed))),
            ("from-message", Self::new(PersonHead::sample(), Some(words), FormState::new(from_message))),
            ("wrong", Self::new(PersonHead::sample(), None, wrong)),
        ]
    }
}

impl Page for NoteVersionsPage {
    const TEMPLATE: &'static str = "pages/note_versions.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let version = |by: &str, written_at: &str, observed: &str, holds| NoteVersion {
            by: by.to_owned(),
            written_at: sample_time(written_at),
            happened_at: sample_time("2026-11-20T17:40"),
            mode: ContactMode::Phone,
            lanes: Lanes {
                said: "最近あまり眠れていません。".to_owned(),
                observed: observed.to_owned(),
                ..Lanes::default()
            },
            holds,
        };
        let newest = version("見本 佐和", "2026-11-20T18:20", "遅刻は今週2回。", true);
        let first = version("例川 実", "2026-11-20T17:55", "遅刻は今週3回。", false);
        let page = |versions: Vec<NoteVersion>, can_correct| Self {
            person: PersonHead::sample(),
            note: "018f-n2".to_owned(),
            can_correct,
            versions,
        };
        vec![("corrected", page(vec![newest.clone(), first.clone()], true)), ("once", page(vec![first], false))]
    }
}
