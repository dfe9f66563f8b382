//! 一日の段どり: an order and moments for today's rows. It only proposes: looking at it changes nothing.
//!
//! `GET /today/plan?whose=mine|all`.

use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use super::today::{RowAction, Whose, WhoseCounts};
use super::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct PlanPage {
    /// Today, in the office's zone.
    pub date: NaiveDate,
    /// When these rows were read.
    pub read_at: LocalTime,
    /// Whether the office is open today.
    pub is_open: bool,
    /// When the reader's own working time ends; `None` on a day on which they don't work.
    pub ends: Option<LocalTime>,
    /// Whether the reader's working time of today is over.
    pub is_over: bool,
    /// The rows in the order of the day; those that don't fit come last.
    pub rows: Vec<PlanRow>,
    /// How many don't fit.
    pub left: usize,
    /// Whose rows these are.
    pub whose: WhoseCounts,
}

/// One thing to do.
#[derive(Clone, Serialize)]
pub struct PlanRow {
    /// From when; `None` where there is no time left today.
    pub from: Option<LocalTime>,
    /// Until when.
    pub to: Option<LocalTime>,
    /// Whether the moment was agreed on with the person.
    pub is_agreed: bool,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// What tells the person from another of the same name; empty where there is none.
    pub apart: String,
    /// Why, in one sentence.
    pub why: String,
    /// What is done.
    pub action: RowAction,
    /// Where it is done.
    pub href: String,
}

impl Page for PlanPage {
    const TEMPLATE: &'static str = "pages/plan.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let row = |time: Option<(&str, &str)>, name: &str, kana: &str, why: String, action| PlanRow {
            from: time.map(|(from, _)| sample_time(&format!("2026-11-20T{from}"))),
            to: time.map(|(_, to)| sample_time(&format!("2026-11-20T{to}"))),
            is_agreed: false,
            name: name.to_owned(),
            apart: String::new(),
            kana: kana.to_owned(),
            why,
            action,
            href: "/inbox/018f-mihon-hanako".to_owned(),
        };
        let reply = said(lang, "返事を待っています（3時間）", "Waiting for a reply (3 hours)");
        let call = said(lang, "いつもより長く返事がありません", "No answer for longer than usual");
        let agreed = said(lang, "電話がほしいと言っています", "Asked for a call");
        let rows = vec![
            row(Some(("10:45", "10:50")), "見本 花子", "ミホン ハナコ", reply, RowAction::Reply),
            row(Some(("10:50", "11:00")), "例田 太郎", "レイダ タロウ", call.clone(), RowAction::Call),
            PlanRow {
                is_agreed: true,
                ..row(Some(("15:00", "15:10")), "試作 みのり", "シサク ミノリ", agreed, RowAction::Call)
            },
            row(None, "架空 七海", "カクウ ナナミ", call, RowAction::Call),
        ];
        let usual = Self {
            date: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date"),
            read_at: sample_time("2026-11-20T10:42"),
            is_open: true,
            ends: Some(sample_time("2026-11-20T17:30")),
            is_over: false,
            rows,
            left: 1,
            whose: WhoseCounts { show: Whose::Mine, mine: 4, all: 9 },
        };
        let empty = Self { rows: Vec::new(), left: 0, ..usual.clone() };
        let over = Self { is_over: true, ..usual.clone() };
        let off = Self { ends: None, ..over.clone() };
        let closed = Self { is_open: false, ends: None, is_over: true, ..empty.clone() };
        vec![("usual", usual), ("empty", empty), ("over", over), ("off", off), ("closed", closed)]
    }
}
