//! What a stand-in gets (S4.3): who this is, what is open, what was said and written last; made to be read in one go, and printed.
//!
//! `GET /graduates/{id}/handover`.

use bansou_core::note::{ContactMode, Lanes};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use super::call::RecentWords;
use super::card::CardSummary;
use super::graduate::OpenSign;
use super::person::{CrisisBlock, PersonHead, StopView};
use super::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct HandoverPage {
    /// The person.
    pub person: PersonHead,
    /// When this was put together.
    pub read_at: LocalTime,
    /// Words of crisis that are still open.
    pub crisis: Option<CrisisBlock>,
    /// Nothing may be sent to the person.
    pub stop: Option<StopView>,
    /// The person's card.
    pub card: CardSummary,
    /// What to do in a crisis; may be empty.
    pub crisis_plan: String,
    /// The number to call.
    pub phone: Option<String>,
    /// When the person may be contacted today; may be empty.
    pub hours: String,
    /// Since when an answer of ours is due.
    pub reply_due_since: Option<LocalTime>,
    /// What is to be done, by day.
    pub open: Vec<OpenStep>,
    /// Signs that are open.
    pub signs: Vec<OpenSign>,
    /// The last notes, newest first.
    pub notes: Vec<ShortNote>,
    /// What was said last, oldest first.
    pub messages: Vec<RecentWords>,
}

/// Something to be done.
#[derive(Clone, Serialize)]
pub struct OpenStep {
    /// By when.
    pub on: NaiveDate,
    /// Whether the day is over.
    pub is_late: bool,
    /// What, in words: a note's next step as it was written, else the reason of the task.
    pub what: String,
    /// Why it stands here, where `what` are a note's own words.
    pub why: Option<String>,
    /// Where to do it.
    pub href: String,
}

/// A note in short.
#[derive(Clone, Serialize)]
pub struct ShortNote {
    /// Its id.
    pub id: String,
    /// When the contact was.
    pub at: LocalTime,
    /// Who wrote it.
    pub by: String,
    /// The way of contact.
    pub mode: ContactMode,
    /// Its lanes.
    pub lanes: Lanes,
}

impl Page for HandoverPage {
    const TEMPLATE: &'static str = "pages/handover.html";
    const PLACE: Place = Place::Graduates;

    #[expect(clippy::too_many_lines, reason = "made-up people, one after the other")]
    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let note = |id: &str, at: &str, lanes: Lanes| ShortNote {
            id: id.to_owned(),
            at: sample_time(at),
            by: "見本 佐和".to_owned(),
            mode: ContactMode::Phone,
            lanes,
        };
        let lanes = |said: &str, observed: &str, thought: &str, next: &str| Lanes {
            said: said.to_owned(),
            observed: observed.to_owned(),
            interpretation: thought.to_owned(),
            next: next.to_owned(),
            ..Lanes::default()
        };
        let words = |at: &str, who: &str, text: &str| RecentWords {
            at: sample_time(at),
            written_at: None,
            who: who.to_owned(),
            text: text.to_owned(),
        };
        let day = |text: &str| text.parse().expect("a date written in a sample");
        let usual = Self {
            person: PersonHead::sample(),
            read_at: sample_time("2026-11-20T10:40"),
            crisis: None,
            stop: None,
            card: CardSummary::sample(lang, true),
            crisis_plan: "一人にしないでほしい。姉（同居）に電話してよい。".to_owned(),
            phone: Some("090-0000-0001".to_owned()),
            hours: said(lang, "17:30-20:00", "17:30-20:00"),
            reply_due_since: Some(sample_time("2026-11-20T07:32")),
            open: vec![
                OpenStep {
                    on: day("2026-11-19"),
                    is_late: true,
                    what: "会社への頼み方を、いっしょに考える。".to_owned(),
                    why: Some(said(lang, "記録の「次にすること」の日です。", "The day of a note’s next step.")),
                    href: "/notes/018f-n1".to_owned(),
                },
                OpenStep {
                    on: day("2026-11-20"),
                    is_late: false,
                    what: said(lang, "電話がほしいと言っています。", "They asked for a call."),
                    why: None,
                    href: "/tasks/018f-task/call".to_owned(),
                },
            ],
            signs: vec![OpenSign {
                label: said(lang, "睡眠", "Sleep"),
                quote: "あまり眠れていません".to_owned(),
                at: sample_time("2026-11-20T07:32"),
                is_waiting: true,
                href: "/signs#sign-1".to_owned(),
            }],
            notes: vec![
                note(
                    "018f-n1",
                    "2026-11-16T17:40",
                    lanes(
                        "新しい作業の順番を、よく忘れる。",
                        "遅刻・欠勤なし。",
                        "説明の速さが合わないのかもしれない",
                        "会社への頼み方を、いっしょに考える。",
                    ),
                ),
                note("018f-n0", "2026-11-08T18:10", lanes("慣れてきた。", "声はいつもどおり。", "", "")),
            ],
            messages: vec![
                RecentWords {
                    written_at: Some(sample_time("2026-11-17T22:30")),
                    ..words("2026-11-18T10:02", "見本 佐和", "木曜の17時に、5分だけ電話しますね。")
                },
                words("2026-11-20T07:32", "見本 花子", "最近あまり眠れていません。仕事は行けています。"),
            ],
        };
        let empty = Self {
            crisis_plan: String::new(),
            phone: None,
            hours: String::new(),
            reply_due_since: None,
            open: Vec::new(),
            signs: Vec::new(),
            notes: Vec::new(),
            messages: Vec::new(),
            ..usual.clone()
        };
        let crisis = Self { crisis: Some(CrisisBlock::sample(true)), ..usual.clone() };
        vec![("usual", usual), ("empty", empty), ("crisis", crisis)]
    }
}
