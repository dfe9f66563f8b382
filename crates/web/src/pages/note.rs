//! A note in lanes that keep fact and interpretation apart (S2.6). The person never sees it, nor does an employer.
//!
//! - `GET /notes/{id}` shows a note with every version before it; `GET /notes/{id}/edit` and `POST /notes/{id}/correct` put a
//!   corrected one in its place.
//! - `GET /graduates/{id}/notes/new`, with `?mode=` (a code of `ContactMode`) from where one comes, or `?message={id}` from a message's
//!   words; `from` and `to` are the first letter and the one after the last of the words that were selected in it.
//! - `POST /graduates/{id}/notes`: `mode` (a code of `ContactMode`), `on`, `at` (when it happened), the lanes ([`super::lanes`]), `message` and
//!   `quoted` (where the words come from and which, may be empty), and for a small sign `sign_category` (a code of
//!   `SignCategory`, empty for none), `sign_level` (1 to 3). A correction has `why` (a code of `CorrectionWhy`), and while the note's written
//!   summary waits to go `summary` (a code of [`SummaryChoice`]).

use bansou_core::note::{ContactMode, CorrectionWhy, Lanes};
use bansou_core::sign::SignCategory;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lanes::{LaneChoices, LanesForm};
use super::person::PersonHead;
use super::{LocalTime, Page, Place, sample_time};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct NotePage {
    /// The person.
    pub person: PersonHead,
    /// The note that is being corrected.
    pub corrects: Option<Corrects>,
    /// The form.
    pub form: FormState<NoteForm>,
    /// Ways of contact to choose from.
    pub modes: &'static [ContactMode],
    /// What a sign can be about.
    pub categories: &'static [SignCategory],
    /// Why a note can be put right.
    pub whys: &'static [CorrectionWhy],
    /// What is offered beside the lanes.
    pub lanes: LaneChoices,
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
    /// Its written summary that waits to go, in the words that are being corrected.
    pub summary: Option<WaitingSummary>,
}

/// A written summary that nothing has taken to be sent yet.
#[derive(Clone, Serialize)]
pub struct WaitingSummary {
    /// Its words.
    pub text: String,
    /// When it goes.
    pub at: LocalTime,
}

bansou_core::codes! {
    /// What becomes of a written summary that waits while its note is corrected.
    SummaryChoice {
        /// It doesn't go.
        TakeBack = "take-back",
        /// It goes as it is.
        Leave = "leave",
    }
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
    /// The id of the note that holds, where another took the place of the newest version shown.
    pub newer: Option<String>,
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
    /// The day of its next step.
    pub next_on: Option<NaiveDate>,
    /// Whether that day is for setting the date.
    pub sets_date: bool,
    /// Why it took the place of the one before.
    pub why: Option<CorrectionWhy>,
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
    /// Id of the message the words come from.
    pub message: String,
    /// The words of it that were selected.
    pub quoted: String,
    /// A code of `CorrectionWhy`, in a correction.
    pub why: String,
    /// A code of [`SummaryChoice`], in a correction while the note's written summary waits.
    pub summary: String,
    /// A code of `SignCategory`, or empty.
    pub sign_category: String,
    /// 1 to 3.
    pub sign_level: String,
    /// The lanes.
    #[serde(flatten)]
    pub lanes: LanesForm,
}

impl NoteForm {
    /// Whether another form says the same about contact and lanes.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let words = |form: &Self| {
            let lanes = form.lanes.texts().map(|lane| lane.trim().to_owned());
            let (next, minutes) = (&form.lanes.next_on, &form.lanes.minutes);
            let sets_date = form.lanes.next_sets_date == "yes" && !next.is_empty();
            (form.mode.clone(), form.on.clone(), form.at.clone(), lanes, next.clone(), sets_date, minutes.clone())
        };
        words(self) == words(other)
    }
}

impl NotePage {
    /// A page with its choices filled in.
    pub fn new(person: PersonHead, form: FormState<NoteForm>, lanes: LaneChoices) -> Self {
        let (modes, categories, whys) = (ContactMode::ALL, SignCategory::ALL, CorrectionWhy::ALL);
        Self { person, corrects: None, form, modes, categories, whys, lanes }
    }
}

impl Page for NotePage {
    const TEMPLATE: &'static str = "pages/note.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let lanes = |said: &str| LanesForm { said: said.to_owned(), ..LanesForm::default() };
        let page = |form| Self::new(PersonHead::sample(), form, LaneChoices::sample(lang));
        let typed = NoteForm {
            mode: "phone".to_owned(),
            on: "2026-11-20".to_owned(),
            at: "17:40".to_owned(),
            ..NoteForm::default()
        };
        let words = "最近あまり眠れていません。仕事は行けています。".to_owned();
        let from_message = NoteForm {
            mode: "line".to_owned(),
            lanes: lanes(&format!("「{words}」（11月20日 7:32・LINE）")),
            message: "018f-m5".to_owned(),
            quoted: words.clone(),
            sign_category: "sleep".to_owned(),
            sign_level: "2".to_owned(),
            ..typed.clone()
        };
        let unsure = LanesForm {
            interpretation: "疲れているのかも".to_owned(),
            next: "主治医への相談をすすめる".to_owned(),
            ..LanesForm::default()
        };
        let wrong = FormState::new(NoteForm { lanes: unsure, ..typed.clone() })
            .with_error("said", FieldError::OneOfThese)
            .with_error("next_when", FieldError::NextDayMissing);
        let at = sample_time("2026-11-20T17:55");
        let corrects = Corrects { note: "018f-n1".to_owned(), by: "例川 実".to_owned(), at, summary: None };
        let typed_again = FormState::new(NoteForm { lanes: lanes(&words), ..typed.clone() });
        let mut correcting = Self { corrects: Some(corrects.clone()), ..page(typed_again.clone()) };
        correcting.lanes.facts.clear();
        let summary = WaitingSummary {
            text: format!("見本さん、例川です。電話で話したことを、まとめました。\n・「{words}」"),
            at: sample_time("2026-11-24T10:00"),
        };
        let mut meanwhile = Self {
            corrects: Some(Corrects { summary: Some(summary), ..corrects }),
            form: typed_again.with_error("said", FieldError::CorrectedMeanwhile),
            ..correcting.clone()
        };
        meanwhile.form = meanwhile.form.with_error("summary", FieldError::NotAChoice);
        correcting.lanes.last = None;
        let first = LaneChoices { last: None, ..LaneChoices::sample(lang) };
        vec![
            ("correct", correcting),
            ("correct-meanwhile", meanwhile),
            ("new", page(FormState::new(typed.clone()))),
            ("first", Self::new(PersonHead::sample(), FormState::new(typed), first)),
            ("from-message", page(FormState::new(from_message))),
            ("wrong", page(wrong)),
        ]
    }
}

impl Page for NoteVersionsPage {
    const TEMPLATE: &'static str = "pages/note_versions.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let version = |by: &str, written_at: &str, observed: &str, holds: bool| NoteVersion {
            next_on: NaiveDate::from_ymd_opt(2026, 11, 27),
            sets_date: holds,
            why: holds.then_some(CorrectionWhy::Slip),
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
        let page = |versions: Vec<NoteVersion>, can_correct: bool| Self {
            person: PersonHead::sample(),
            note: "018f-n2".to_owned(),
            can_correct,
            newer: (!can_correct).then(|| "018f-n3".to_owned()),
            versions,
        };
        vec![("corrected", page(vec![newest.clone(), first.clone()], true)), ("once", page(vec![first], false))]
    }
}
