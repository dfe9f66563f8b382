//! One call: who this is, what makes one sure, the number, and what came of it.
//!
//! - `GET /tasks/{id}/call` shows it; opening changes nothing.
//! - `POST /tasks/{id}/start` marks the reader as calling, so that nobody else does the same. The outcome takes the mark away;
//!   after half an hour it means nothing any more.
//! - `POST /tasks/{id}/call`: `outcome` (a code of `CallOutcome`), `dialled`, `later_on`, `later_at` (with *later*), and
//!   the lanes of a note ([`super::lanes`]), which is kept whatever came of the call.
//! - `POST /tasks/{id}/release`: the reader doesn't call after all.
//! - Where *start* and *release* get the fields of the outcome, too, the page comes back with what stands in them.

use bansou_core::task::{CallOutcome, TaskReason};
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::card::CardSummary;
use super::lanes::{LaneChoices, LanesForm};
use super::person::{PersonHead, Taken};
use super::today::LastContact;
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct CallPage {
    /// The task's id.
    pub task: String,
    /// The person.
    pub person: PersonHead,
    /// Why a call is needed.
    pub reason: TaskReason,
    /// The same in one sentence.
    pub why: String,
    /// Number to dial; `None` when none is known.
    pub phone: Option<String>,
    /// Which number that is and its version, so that a *wrong number* is said of this one; empty when none is known.
    pub dialled: String,
    /// When the person may be called, e.g. 平日 17:30〜20:00; may be empty.
    pub hours: String,
    /// The person's card: how to speak, what was agreed, whom to ask.
    pub card: CardSummary,
    /// The last human contact.
    pub last_contact: Option<LastContact>,
    /// What was said last, newest first, a few lines.
    pub recent: Vec<RecentWords>,
    /// Earlier tries of this call.
    pub tries: Vec<CallTry>,
    /// The person answered at this moment, so the call isn't needed any more.
    pub answered: Option<LocalTime>,
    /// Who is calling right now, the reader among them.
    pub calling: Option<Taken>,
    /// Whether the call is still to be made.
    pub is_open: bool,
    /// The outcome form.
    pub form: FormState<CallForm>,
    /// The outcomes to choose from.
    pub outcomes: &'static [CallOutcome],
    /// What is offered beside the lanes.
    pub lanes: LaneChoices,
}

/// A line of what was said.
#[derive(Clone, Serialize)]
pub struct RecentWords {
    /// When they were said: came, or left.
    pub at: LocalTime,
    /// When they were written, where they left a minute or more later.
    pub written_at: Option<LocalTime>,
    /// Who.
    pub who: String,
    /// The words.
    pub text: String,
}

/// An earlier try.
#[derive(Clone, Serialize)]
pub struct CallTry {
    /// When.
    pub at: LocalTime,
    /// By whom.
    pub by: String,
    /// What came of it.
    pub outcome: CallOutcome,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallForm {
    /// A code of `CallOutcome`.
    pub outcome: String,
    /// The number that was called, as the page named it.
    pub dialled: String,
    /// With *later*: the day.
    pub later_on: String,
    /// With *later*: the time of day.
    pub later_at: String,
    /// What is written down; becomes a note, whatever came of the call.
    #[serde(flatten)]
    pub lanes: LanesForm,
}

impl Page for CallPage {
    const TEMPLATE: &'static str = "pages/call.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            task: "018f-task".to_owned(),
            person: PersonHead::sample(),
            reason: TaskReason::Silent,
            why: said(
                lang,
                "12日 連絡なし。いつもは2日以内に返事がある人です",
                "No word for 12 days; usually answers within 2 days",
            ),
            phone: Some("090-0000-0001".to_owned()),
            dialled: "018f-point:1".to_owned(),
            hours: said(lang, "平日 17:30〜20:00", "Weekdays 17:30–20:00"),
            card: CardSummary::sample(lang, true),
            last_contact: Some(LastContact::sample("2026-11-08", "LINE")),
            recent: vec![
                RecentWords {
                    at: sample_time("2026-11-08T18:10"),
                    written_at: Some(sample_time("2026-11-08T17:55")),
                    who: "見本 佐和".to_owned(),
                    text: "今週も、おつかれさまです。".to_owned(),
                },
                RecentWords {
                    at: sample_time("2026-11-07T21:40"),
                    written_at: None,
                    who: "見本 花子".to_owned(),
                    text: "ふつう".to_owned(),
                },
            ],
            tries: vec![CallTry {
                at: sample_time("2026-11-19T17:45"),
                by: "例川 実".to_owned(),
                outcome: CallOutcome::NotIn,
            }],
            answered: None,
            calling: None,
            is_open: true,
            form: FormState::default(),
            outcomes: CallOutcome::ALL,
            lanes: LaneChoices::sample(lang),
        };
        let typed = CallForm { outcome: "later".to_owned(), ..CallForm::default() };
        let wrong = FormState::new(typed).with_error("later_on", FieldError::Required);
        let locked = Taken { by: "例川 実".to_owned(), at: sample_time("2026-11-20T10:40"), is_me: false };
        let mine = Taken { is_me: true, ..locked.clone() };
        vec![
            ("answered", Self { answered: Some(sample_time("2026-11-20T10:40")), ..usual.clone() }),
            ("wrong", Self { form: wrong, ..usual.clone() }),
            (
                "locked",
                Self {
                    calling: Some(locked),
                    phone: None,
                    card: CardSummary::sample_empty(lang),
                    tries: Vec::new(),
                    ..usual.clone()
                },
            ),
            ("calling", Self { calling: Some(mine), ..usual.clone() }),
            ("done", Self { is_open: false, ..usual.clone() }),
            ("usual", usual),
        ]
    }
}
