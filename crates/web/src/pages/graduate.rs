//! One graduate: what comes next and why, what happened, and what is known.
//!
//! `GET /graduates/{id}?show=all|check_in|message|note|sign|share&before=…`. Opening it leaves a read row (audit).
//! Everything that changes something has a page of its own: `…/edit`, `…/pause`, `…/consents`, `…/invite`,
//! `…/notes/new`, `…/audit`, `…/jobs/new`.

mod samples;

use bansou_core::check_in::CheckInState;
use bansou_core::consent::ShareMeans;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::employment::Disclosure;
use bansou_core::graduate::Language;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::thread::Direction;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use super::card::CardSummary;
use super::person::{CrisisBlock, PersonHead, StopView};
use super::{Hotline, LocalTime, Page, Place, said};

/// The page.
#[derive(Clone, Serialize)]
pub struct GraduatePage {
    /// The person.
    pub person: PersonHead,
    /// Words of crisis that are still open.
    pub crisis: Option<CrisisBlock>,
    /// Lines that can be named to the person.
    pub hotlines: Vec<Hotline>,
    /// Nothing may be sent to the person.
    pub stop: Option<StopView>,
    /// The next contact and why.
    pub next: NextContact,
    /// No moment suits both the person and the office.
    pub unreachable: Option<Unreachable>,
    /// A reply is due since then.
    pub reply_due_since: Option<LocalTime>,
    /// Signs that wait for a look or are being acted upon.
    pub signs: Vec<OpenSign>,
    /// Their card.
    pub card: CardSummary,
    /// What is known of them.
    pub details: Details,
    /// Jobs, newest first.
    pub jobs: Vec<Job>,
    /// Which kind of entries is shown.
    pub show: ShowEntries,
    /// What happened, newest first.
    pub timeline: Vec<Entry>,
    /// Link to what lies before, if there is more.
    pub older: Option<String>,
}

/// When the next contact is planned.
#[derive(Clone, Serialize)]
pub struct NextContact {
    /// When; `None` when nothing is planned.
    pub at: Option<LocalTime>,
    /// By which channel; `None` where staff get in touch.
    pub channel: Option<ChannelKind>,
    /// Why then, or why not at all, in one sentence.
    pub why: String,
    /// Days beyond that one on which the person is asked what became of a request.
    pub follow_ups: Vec<NaiveDate>,
    /// The cadence's name, e.g. 入社後の標準.
    pub cadence: String,
}

/// Why the plan never reaches the person.
#[derive(Clone, Serialize)]
pub struct Unreachable {
    /// The sentence.
    pub why: String,
    /// When the person may be contacted, in words.
    pub person_hours: String,
    /// When the office is open, in words.
    pub office_hours: String,
    /// The person's hours are in the way, not the office's alone.
    pub is_person: bool,
    /// The reader may change the office's hours.
    pub is_admin: bool,
}

/// A sign that still needs somebody.
#[derive(Clone, Serialize)]
pub struct OpenSign {
    /// Its name in words.
    pub label: String,
    /// The words that show it.
    pub quote: String,
    /// When it was noticed.
    pub at: LocalTime,
    /// Nobody has looked yet.
    pub is_waiting: bool,
    /// Where to look or act.
    pub href: String,
}

/// What is known of the person. Empty text is left out on the page.
#[derive(Clone, Serialize)]
pub struct Details {
    /// What to do in a crisis, in their own words.
    pub crisis_plan: String,
    /// Ways to reach them, the first choice first.
    pub addresses: Vec<AddressView>,
    /// When they may be contacted, in words.
    pub hours: String,
    /// How messages are written.
    pub language: Language,
    /// The office's number for them.
    pub external_id: String,
    /// Kind of disability.
    pub disability: String,
    /// Kind of certificate.
    pub certificate: String,
    /// When they used 就労定着支援: first and last day, newest first.
    pub services: Vec<(NaiveDate, Option<NaiveDate>)>,
}

/// One way to reach the person.
#[derive(Clone, Serialize)]
pub struct AddressView {
    /// By which way.
    pub kind: ContactKind,
    /// The number or address; for LINE the name shown there.
    pub value: String,
    /// What stands in the way, in words; `None` when it works.
    pub problem: Option<String>,
}

/// One job.
#[derive(Clone, Serialize)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The company.
    pub employer: String,
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: Option<NaiveDate>,
    /// Why it ended, in words.
    pub leaving_reason: String,
    /// Whether the employer knows of the disability.
    pub disclosure: Disclosure,
    /// The office supported the change from the job before.
    pub supported_change: bool,
}

bansou_core::codes! {
    /// Which entries are shown.
    ShowEntries {
        /// All of them.
        All = "all",
        /// Check-ins.
        CheckIn = "check_in",
        /// Messages.
        Message = "message",
        /// Notes.
        Note = "note",
        /// Signs.
        Sign = "sign",
        /// What was passed on.
        Share = "share",
    }
}

/// Something that happened.
#[derive(Clone, Serialize)]
pub struct Entry {
    /// When.
    pub at: LocalTime,
    /// The day, on the first entry of a day.
    pub new_day: Option<NaiveDate>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What a note comes from and leads to.
#[derive(Clone, Default, Serialize)]
pub struct NoteView {
    /// The day of its next step.
    pub next_on: Option<NaiveDate>,
    /// On that day the deadline is set.
    pub sets_date: bool,
    /// How long the contact took, in minutes.
    pub minutes: Option<u16>,
    /// The message whose words stand in it, as a link.
    pub from_message: Option<String>,
    /// The talk was put in writing for the person.
    pub is_summed_up: bool,
    /// Where it can be put in writing; a while after a talk only.
    pub to_summary: Option<String>,
}

/// What happened.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A row of the ledger.
    CheckIn {
        /// Where it stands.
        state: CheckInState,
        /// Why it was planned, or why it ended so, in one sentence.
        why: String,
        /// The question; may be empty.
        question: String,
        /// The answer; may be empty.
        answer: String,
    },
    /// A message outside check-ins.
    Message {
        /// Which way.
        direction: Direction,
        /// Who wrote it.
        by: String,
        /// On which channel.
        channel: ChannelKind,
        /// The words.
        text: String,
        /// How it went (out).
        delivery: Option<DeliveryState>,
        /// When it left, where that was a minute or more after it was written (out).
        sent_at: Option<LocalTime>,
    },
    /// A note.
    Note {
        /// Its id.
        id: String,
        /// Who wrote it.
        by: String,
        /// The way of contact.
        mode: ContactMode,
        /// Its lanes.
        lanes: Lanes,
        /// Whether it took the place of an earlier one.
        is_corrected: bool,
        /// What it comes from and leads to.
        more: NoteView,
    },
    /// A sign.
    Sign {
        /// Its name in words.
        label: String,
        /// The words that show it.
        quote: String,
        /// Where it came from and where it stands, in words.
        standing: String,
        /// Where to look.
        href: String,
    },
    /// Something passed on.
    Share {
        /// To whom.
        to: String,
        /// By which means.
        means: ShareMeans,
        /// The exact words.
        words: String,
        /// Who decided it.
        by: String,
    },
    /// A change of plan, job, consent or address, in one sentence.
    Event {
        /// The sentence.
        text: String,
    },
}

impl Page for GraduatePage {
    const TEMPLATE: &'static str = "pages/graduate.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = samples::sample(lang);
        let fresh = Self {
            next: NextContact {
                at: None,
                channel: None,
                why: said(
                    lang,
                    "連絡先がまだないので、予定はありません。",
                    "No way to reach them yet, so nothing is planned.",
                ),
                follow_ups: Vec::new(),
                cadence: usual.next.cadence.clone(),
            },
            person: PersonHead { employer: None, tenure: None, staff: None, ..PersonHead::sample() },
            reply_due_since: None,
            unreachable: Some(Unreachable {
                why: said(
                    lang,
                    "ご本人の連絡可能な時間と開所時間が重なりません。どちらかを見直してください。",
                    "The person’s hours and the office’s opening hours don’t overlap; one of them has to change.",
                ),
                person_hours: "18:00-20:00".to_owned(),
                office_hours: "09:00-12:00,13:00-17:30".to_owned(),
                is_person: true,
                is_admin: true,
            }),
            signs: Vec::new(),
            details: Details { crisis_plan: String::new(), addresses: Vec::new(), ..usual.details.clone() },
            card: CardSummary::sample_empty(lang),
            jobs: Vec::new(),
            timeline: Vec::new(),
            older: None,
            ..usual.clone()
        };
        let crisis = Self { crisis: Some(CrisisBlock::sample(true)), ..usual.clone() };
        let stop = Some(StopView { on: NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date"), by_person: false });
        let stopped = Self { stop, card: CardSummary::sample(lang, true), ..usual.clone() };
        vec![("stopped", stopped), ("usual", usual), ("fresh", fresh), ("crisis", crisis)]
    }
}
