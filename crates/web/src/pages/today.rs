//! 今日の連絡: who needs contact today and why.
//!
//! - `GET /today?whose=mine|all` shows it; with `list` ([`TodayList`]) all of that list. Rows come sorted by their points, which each row explains.
//! - `POST /graduates/{id}/crisis/take`: the reader takes up words of crisis (`csrf`, `once`); `…/release` hands them on. They are
//!   ended in the thread.
//! - `POST /graduates/{id}/later` and `…/not-today`: the row rests ([`super::later`]); `…/bring-back` ends that.
//! - `POST /tasks/{id}/done`: a task that isn't a call is done.
//! - `POST /deliveries/{id}/decide`: `decision` ([`Decision`]).
//!
//! A row's main button leads to where the work is done ([`RowAction`]), or begins a call (`POST /tasks/{id}/start`).

mod samples;

use bansou_core::codes;
use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use super::absences::CareView;
use super::inbox::Pages;
use super::person::{CrisisBlock, Mend, PauseView, Taken};
use super::{Hotline, LocalTime, Page, Place};

/// The page.
#[derive(Clone, Serialize)]
pub struct TodayPage {
    /// Today, in the office's zone.
    pub date: NaiveDate,
    /// When these rows were read.
    pub read_at: LocalTime,
    /// Words of crisis, for everybody, until somebody has closed them.
    pub crisis: Vec<CrisisBlock>,
    /// Lines that can be named to a person in crisis.
    pub hotlines: Vec<Hotline>,
    /// What didn't reach anybody, and what can be done about it.
    pub failed: Short<FailedSend>,
    /// What belongs to nobody: an unknown sender, a broken channel.
    pub office: Short<OfficeRow>,
    /// Words of crisis from somebody who can't be named yet: on top, above everybody's rows.
    pub unknown_crisis: Vec<OfficeRow>,
    /// One row per person, of this page.
    pub people: Vec<PersonRow>,
    /// Contacts whose day has passed, still to be done, of this page.
    pub missed: Vec<PersonRow>,
    /// How many there are on all pages.
    pub left: Left,
    /// Links to the other pages.
    pub pages: Pages,
    /// Rows that rest because somebody decided so.
    pub resting: Short<PersonRow>,
    /// Companies whose card is to be looked at again.
    pub companies: Short<CompanyRow>,
    /// People already contacted today.
    pub done_today: u32,
    /// Whose rows these are.
    pub whose: WhoseCounts,
}

codes! {
    /// A list that stands beside people's rows, on the first page alone.
    TodayList {
        /// What didn't reach anybody.
        Failed = "failed",
        /// What belongs to nobody.
        Office = "office",
        /// Rows that rest.
        Resting = "resting",
        /// Companies whose card is to be looked at again.
        Companies = "companies",
    }
}

/// Most rows of a list of which everything is asked for; what is beyond comes up as the first of them are done.
pub(crate) const WHOLE: usize = 200;

/// The first rows of a list; `/today?list=` with its code shows the whole list, as far as a page holds it.
#[derive(Clone, Debug, Serialize)]
pub struct Short<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are.
    pub all: usize,
    /// How many of them aren't shown.
    pub more: usize,
    /// These are as many as a page holds: there is no longer list to show.
    pub is_full: bool,
}

impl<T> Short<T> {
    /// These rows of so many.
    pub fn of(rows: Vec<T>, all: usize) -> Self {
        Self { more: all.saturating_sub(rows.len()), is_full: rows.len() >= WHOLE, all, rows }
    }
}

codes! {
    /// Whose rows are shown.
    Whose {
        /// Of the people whom the reader looks after, and of those whom nobody does.
        Mine = "mine",
        /// The team's.
        All = "all",
    }
}

/// How many rows are left on all pages.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Left {
    /// People.
    pub people: usize,
    /// Contacts whose day has passed.
    pub missed: usize,
}

/// Whose rows are shown, and how many there are.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct WhoseCounts {
    /// Which of them are shown.
    pub show: Whose,
    /// The reader's.
    pub mine: usize,
    /// The team's.
    pub all: usize,
}

/// Why a row stands where it stands.
#[derive(Clone, Default, Serialize)]
pub struct Points {
    /// Where the points come from, in words, and how many each gives.
    pub parts: Vec<(String, u32)>,
    /// Their sum.
    pub total: u32,
}

/// A row that rests.
#[derive(Clone, Serialize)]
pub struct RestView {
    /// It comes back then.
    pub until: LocalTime,
    /// Who decided so.
    pub by: String,
    /// Why, in one or two pieces; may be empty.
    pub why: Vec<String>,
}

/// A person who needs contact.
#[derive(Clone, Serialize)]
pub struct PersonRow {
    /// The graduate's id.
    pub graduate: String,
    /// The task that the row is about. `None` where the row is about a reply, a silence or a sign.
    pub task: Option<String>,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// What tells the person from another of the same name; empty where there is none.
    pub apart: String,
    /// Why, in one sentence.
    pub why: String,
    /// More reasons, if several things are due for the same person.
    pub also: Vec<String>,
    /// Whether a promised or agreed time has passed.
    pub is_late: bool,
    /// When it fell due.
    pub due: LocalTime,
    /// When a person of the office was last in touch, and how.
    pub last_contact: Option<LastContact>,
    /// A pause that holds today (a reply can be due all the same).
    pub paused: Option<PauseView>,
    /// Whose row it is.
    pub staff: Option<String>,
    /// Somebody else looks after the person now.
    pub care: Option<CareView>,
    /// Who was asked to look after the thread, or took over a late answer.
    pub handed_to: Option<String>,
    /// Tasks that can be marked as done here; a call isn't among them.
    pub finish: Vec<ToFinish>,
    /// Who is calling right now.
    pub calling: Option<Taken>,
    /// Why it stands where it stands.
    pub points: Points,
    /// Whether somebody may decide that it rests; an answer or a promise may not.
    pub may_rest: bool,
    /// Until when it rests, where somebody decided so.
    pub resting: Option<RestView>,
    /// The main button.
    pub action: RowAction,
    /// Where it leads; nobody's call is begun by a link ([`RowAction::Call`]).
    pub href: String,
}

/// A task that can be marked as done.
#[derive(Clone, Serialize)]
pub struct ToFinish {
    /// The task's id.
    pub task: String,
    /// Why it is there, in one sentence.
    pub why: String,
    /// What it is about, where the main button doesn't lead there.
    pub place: Option<(RowAction, String)>,
}

/// Something to look at that belongs to nobody.
#[derive(Clone, Serialize)]
pub struct OfficeRow {
    /// The task's id.
    pub task: String,
    /// The event of a sender nobody knows; `/strangers/{id}` asks whose words they are.
    pub stranger: Option<String>,
    /// Why it is there, in one sentence.
    pub why: String,
    /// When it happened.
    pub at: LocalTime,
    /// Whether a message is behind it.
    pub came_in: bool,
    /// What was written, if it has words.
    pub text: Option<String>,
}

/// A company whose card is to be looked at again.
#[derive(Clone, Serialize)]
pub struct CompanyRow {
    /// The employer's id.
    pub employer: String,
    /// Its name.
    pub name: String,
    /// Why it stands here, in one sentence.
    pub why: String,
}

/// The last human contact.
#[derive(Clone, Serialize)]
pub struct LastContact {
    /// The day.
    pub on: NaiveDate,
    /// How, in words; empty when nobody wrote it down.
    pub how: String,
}

codes! {
    /// What the main button does.
    RowAction {
        /// Opens the thread to answer.
        Reply = "reply",
        /// Opens the call.
        Call = "call",
        /// Opens the thread to look at something and decide.
        Look = "look",
        /// Opens a request to an employer.
        Request = "request",
        /// Opens the signs.
        Sign = "sign",
        /// Opens a new note.
        Note = "note",
        /// Opens a promise.
        Promise = "promise",
        /// Opens the person's card.
        Card = "card",
        /// Opens the note whose next step is to be done.
        Step = "step",
        /// Opens the note whose next step has no date yet.
        SetDate = "set_date",
        /// Opens the written summary of a talk.
        Summary = "summary",
    }
}

codes! {
    /// What a person may decide about a message that went wrong.
    Decision {
        /// Send it once more.
        Resend = "resend",
        /// It did arrive (seen elsewhere).
        Arrived = "arrived",
        /// Call instead.
        Call = "call",
    }
}

/// A message that did not get through.
#[derive(Clone, Serialize)]
pub struct FailedSend {
    /// The delivery's id.
    pub delivery: String,
    /// The graduate's id.
    pub graduate: String,
    /// 氏名.
    pub name: String,
    /// What tells the person from another of the same name; empty where there is none.
    pub apart: String,
    /// By which channel.
    pub channel: ChannelKind,
    /// When it was tried last.
    pub at: LocalTime,
    /// What happened and what it means, in one or two sentences.
    pub why: String,
    /// The request to an employer that it carried; there it can be sent again.
    pub request: Option<String>,
    /// What can be done now, main choice first.
    pub choices: Vec<Decision>,
    /// Why words of staff can't be sent once more.
    pub no_resend: Option<Mend>,
}

impl LastContact {
    /// A made-up contact of the samples.
    pub(crate) fn sample(on: &str, how: &str) -> Self {
        Self { on: on.parse().expect("a date written in a sample"), how: how.to_owned() }
    }
}

impl Page for TodayPage {
    const TEMPLATE: &'static str = "pages/today.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        samples::all(lang)
    }
}
