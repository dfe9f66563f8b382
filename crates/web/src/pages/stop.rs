//! All contact with a person is stopped, or allowed again.
//!
//! - `GET /graduates/{id}/stop`; `POST /graduates/{id}/stop`: `asked` (a code of `StopAsked`), `why`, `sure` = `yes`.
//! - `GET /graduates/{id}/allow` says what will happen; `POST /graduates/{id}/allow`: `sure` = `yes`. After a stop of the
//!   person's own also `mode` (a code of `ContactMode`) and `said`: how and in which words they asked for contact again.

use bansou_core::delivery::ChannelKind;
use bansou_core::graduate::StopAsked;
use bansou_core::note::ContactMode;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::person::PersonHead;
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// The page on which contact is stopped, and on which a stop is seen.
#[derive(Clone, Serialize)]
pub struct StopPage {
    /// The person.
    pub person: PersonHead,
    /// Contact is stopped now.
    pub is_stopped: bool,
    /// Every stop, newest first.
    pub stops: Vec<StopView>,
    /// How many messages wait to go out; they are cancelled.
    pub waiting: u64,
    /// The form.
    pub form: FormState<StopForm>,
    /// Who may have asked.
    pub askers: &'static [StopAsked],
}

/// One stop.
#[derive(Clone, Serialize)]
pub struct StopView {
    /// Who asked.
    pub asked: StopAsked,
    /// Why; empty where the person said it themselves.
    pub reason: String,
    /// Since when.
    pub at: LocalTime,
    /// The member of staff who wrote it down; empty = the person themselves.
    pub by: String,
    /// When it was lifted.
    pub lifted_at: Option<LocalTime>,
    /// The member of staff who lifted it; empty = the person themselves.
    pub lifted_by: String,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StopForm {
    /// A code of `StopAsked`.
    pub asked: String,
    /// Why.
    pub why: String,
    /// `yes`.
    pub sure: String,
}

/// The page that says what will happen once contact is allowed again.
#[derive(Clone, Serialize)]
pub struct AllowPage {
    /// The person.
    pub person: PersonHead,
    /// The person said stop themselves, so their word is needed.
    pub is_own: bool,
    /// The day from which they are contacted by plan again.
    pub next_on: Option<NaiveDate>,
    /// By which channel.
    pub channel: Option<ChannelKind>,
    /// The form.
    pub form: FormState<AllowForm>,
    /// How they may have asked.
    pub modes: Vec<ContactMode>,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllowForm {
    /// A code of `ContactMode`.
    pub mode: String,
    /// The person's words.
    pub said: String,
    /// `yes`.
    pub sure: String,
}

impl Page for StopPage {
    const TEMPLATE: &'static str = "pages/stop.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let new = Self {
            person: PersonHead::sample(),
            is_stopped: false,
            stops: Vec::new(),
            waiting: 2,
            form: FormState::default(),
            askers: StopAsked::ALL,
        };
        let typed = StopForm { asked: "family".to_owned(), ..StopForm::default() };
        let wrong =
            FormState::new(typed).with_error("why", FieldError::Required).with_error("sure", FieldError::NotAChoice);
        let stop = StopView {
            asked: StopAsked::Family,
            reason: said(lang, "入院中なので、連絡しないでほしい。", "In hospital; please don’t write."),
            at: sample_time("2026-11-12T09:20"),
            by: "見本 佐和".to_owned(),
            lifted_at: None,
            lifted_by: String::new(),
        };
        let before = StopView {
            asked: StopAsked::Person,
            reason: String::new(),
            at: sample_time("2026-03-02T21:10"),
            by: String::new(),
            lifted_at: Some(sample_time("2026-04-01T10:00")),
            lifted_by: "例川 実".to_owned(),
        };
        let person = PersonHead { stopped: true, ..PersonHead::sample() };
        let held = Self { person, is_stopped: true, stops: vec![stop, before], waiting: 0, ..new.clone() };
        vec![("new", new.clone()), ("wrong", Self { form: wrong, ..new }), ("held", held)]
    }
}

impl Page for AllowPage {
    const TEMPLATE: &'static str = "pages/allow.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let office = Self {
            person: PersonHead { stopped: true, ..PersonHead::sample() },
            is_own: false,
            next_on: NaiveDate::from_ymd_opt(2026, 11, 24),
            channel: Some(ChannelKind::Line),
            form: FormState::default(),
            modes: ContactMode::ALL.iter().copied().filter(|mode| mode.is_contact()).collect(),
        };
        let wrong = FormState::default()
            .with_error("said", FieldError::Required)
            .with_error("mode", FieldError::NotAChoice)
            .with_error("sure", FieldError::NotAChoice);
        let own = Self { is_own: true, form: wrong, next_on: None, channel: None, ..office.clone() };
        vec![("office", office), ("own", own)]
    }
}
