//! 約束: what the office has promised to do by when, and one promise with what can be done about it (S2.7, S2.9).
//!
//! - `GET /promises?show=mine|team`.
//! - `GET /promises/new?graduate=…|note=…|escalation=…`; `POST /promises`: the fields of [`NewPromiseForm`].
//! - `GET /promises/{id}`; `POST /promises/{id}/keep`; `POST /promises/{id}/move`: the fields of [`MoveForm`];
//!   `POST /promises/{id}/withdraw`: `why`.

use bansou_core::commitment::{CommitmentKind, CommitmentState, Standing, TEXT_MAX};
use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::clock::PromiseRow;
use super::person::PersonHead;
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// The list.
#[derive(Clone, Serialize)]
pub struct PromisesPage {
    /// Whose.
    pub show: Whose,
    /// Those whose time has passed, longest first.
    pub late: Vec<PromiseRow>,
    /// The others, soonest first.
    pub open: Vec<PromiseRow>,
    /// What ended in the last days, newest first.
    pub ended: Vec<PromiseRow>,
    /// How many of the office's were late in the last thirty days.
    pub late_count: u64,
}

bansou_core::codes! {
    /// Whose promises are shown.
    Whose {
        /// Those the reader made, and those about people who are theirs now.
        Mine = "mine",
        /// Everybody's.
        Team = "team",
    }
}

/// One promise.
#[derive(Clone, Serialize)]
pub struct PromisePage {
    /// About whom.
    pub person: PersonHead,
    /// The promise.
    pub promise: PromiseRow,
    /// A new time.
    pub form: FormState<MoveForm>,
    /// How the person is told of it; none where they don't know the old time or can't be told.
    pub channel: Option<ChannelKind>,
    /// The words that will go out, once time and reason have been looked at.
    pub words: Option<String>,
    /// Those that stood there before were others: nothing was sent.
    pub is_reworded: bool,
    /// Most letters of a reason.
    pub max: usize,
    /// The promise that took this one's place.
    pub next: Option<String>,
}

/// A promise to be written down.
#[derive(Clone, Serialize)]
pub struct NewPromisePage {
    /// About whom.
    pub person: PersonHead,
    /// The form.
    pub form: FormState<NewPromiseForm>,
    /// What can be promised by the time.
    pub kinds: &'static [CommitmentKind],
    /// Most letters.
    pub max: usize,
    /// Where one goes without a promise.
    pub back: String,
}

/// The raw new time. `step` is `look` (shows the words, does nothing) or `move`, which sends no other words than `shown`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveForm {
    /// The new date.
    pub on: String,
    /// The new time of day.
    pub time: String,
    /// Why.
    pub reason: String,
    /// What to do.
    pub step: String,
    /// The words that stood on the page above the button.
    #[serde(skip_serializing)]
    pub shown: String,
}

/// The raw promise.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewPromiseForm {
    /// The graduate's id.
    pub graduate: String,
    /// Id of the note it comes from.
    pub note: String,
    /// Id of the request it comes from.
    pub escalation: String,
    /// What is promised.
    pub text: String,
    /// A code of `CommitmentKind`.
    pub kind: String,
    /// By which day.
    pub on: String,
    /// By which time; empty = before the office closes.
    pub time: String,
}

impl Page for PromisesPage {
    const TEMPLATE: &'static str = "pages/promises.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let base = PromiseRow::sample(lang);
        let late = PromiseRow {
            standing: Some(Standing::Late),
            due_at: sample_time("2026-11-20T09:30"),
            text: said(lang, "配置のことを会社に聞く", "Ask the company about the workplace"),
            ..base.clone()
        };
        let date = PromiseRow {
            kind: CommitmentKind::SetDate,
            standing: Some(Standing::Ahead),
            text: said(lang, "面談の日を決める", "Set the day of the meeting"),
            told: false,
            ..base.clone()
        };
        let moved = PromiseRow {
            standing: None,
            state: CommitmentState::Moved,
            ended_at: Some(sample_time("2026-11-19T14:10")),
            reason: Some(said(lang, "電話が長くなった", "A call took longer")),
            ..base.clone()
        };
        let kept = PromiseRow { state: CommitmentState::Kept, reason: None, ..moved.clone() };
        let team = Self {
            show: Whose::Team,
            late: vec![late],
            open: vec![base, date],
            ended: vec![moved, kept],
            late_count: 3,
        };
        let none = Self { show: Whose::Mine, late: Vec::new(), open: Vec::new(), ended: Vec::new(), late_count: 0 };
        vec![("team", team), ("none", none)]
    }
}

impl Page for PromisePage {
    const TEMPLATE: &'static str = "pages/promise.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let open = Self {
            person: PersonHead::sample(),
            promise: PromiseRow::sample(lang),
            form: FormState::default(),
            channel: Some(ChannelKind::Line),
            words: None,
            is_reworded: false,
            max: TEXT_MAX,
            next: None,
        };
        let typed = MoveForm {
            on: "2026-11-20".to_owned(),
            time: "17:00".to_owned(),
            reason: said(lang, "電話が長くなりました", "A call took longer"),
            step: "look".to_owned(),
            shown: String::new(),
        };
        let words = "見本さん、例川です。約束した返事の時間を、今日の午後5時に変えます。理由：電話が長くなりました\nお待たせして、すみません。【返事はいりません】";
        let looked = Self { form: FormState::new(typed.clone()), words: Some(words.to_owned()), ..open.clone() };
        let reworded = Self { is_reworded: true, ..looked.clone() };
        let wrong = FormState::new(MoveForm { reason: String::new(), ..typed })
            .with_error("time", FieldError::Passed)
            .with_error("reason", FieldError::Required);
        let late = PromiseRow { standing: Some(Standing::Late), ..open.promise.clone() };
        let late = Self { promise: late, form: wrong, ..open.clone() };
        let moved = PromiseRow {
            standing: None,
            state: CommitmentState::Moved,
            ended_at: Some(sample_time("2026-11-20T14:10")),
            reason: Some(said(lang, "電話が長くなった", "A call took longer")),
            ..open.promise.clone()
        };
        let moved = Self { promise: moved, next: Some("018f-next".to_owned()), channel: None, ..open.clone() };
        vec![("open", open), ("looked", looked), ("reworded", reworded), ("late", late), ("moved", moved)]
    }
}

impl Page for NewPromisePage {
    const TEMPLATE: &'static str = "pages/new_promise.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let typed = NewPromiseForm {
            graduate: "018f-mihon-hanako".to_owned(),
            text: said(lang, "配置のことを会社に聞く", "Ask the company about the workplace"),
            kind: CommitmentKind::Do.as_str().to_owned(),
            ..NewPromiseForm::default()
        };
        let fresh = Self {
            person: PersonHead::sample(),
            form: FormState::new(typed.clone()),
            kinds: CommitmentKind::ALL,
            max: TEXT_MAX,
            back: "/graduates/018f-mihon-hanako".to_owned(),
        };
        let wrong = FormState::new(typed).with_error("on", FieldError::Required);
        vec![("fresh", fresh.clone()), ("no-date", Self { form: wrong, ..fresh })]
    }
}

/// A moment of a form in local time, for its date and time fields.
pub(crate) fn fields_of(at: LocalTime) -> (String, String) {
    (at.format("%Y-%m-%d").to_string(), at.format("%H:%M").to_string())
}
