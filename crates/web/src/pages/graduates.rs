//! 卒業生: everybody the office stays beside.
//!
//! - `GET /graduates?show=…&staff=…&page=N`: `show` a code of `PeopleGroup`, `staff` an id, or empty for everybody.
//! - `POST /graduates/search`: `query`. A search is a POST, because a name must not stand in an address or a log; its
//!   answer is this page, at most one page of it.

use bansou_core::graduate::{PeopleGroup, Support};
use bansou_core::words::Lang;
use serde::Serialize;

use super::absences::CareView;
use super::inbox::Pages;
use super::person::PauseView;
use super::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct GraduatesPage {
    /// Which people are shown; `None` in a search.
    pub show: Option<PeopleGroup>,
    /// Whose people are shown, an id; empty for everybody's.
    pub staff: String,
    /// Groups to choose from.
    pub groups: &'static [PeopleGroup],
    /// Staff to choose from: id and name.
    pub members: Vec<(String, String)>,
    /// How many people are in this group.
    pub found: u32,
    /// What was searched for.
    pub query: String,
    /// How many people there are in all.
    pub total: u32,
    /// More were found than are shown.
    pub is_cut: bool,
    /// The people, by reading of their names.
    pub people: Vec<GraduateRow>,
    /// Pages.
    pub pages: Pages,
}

/// One person.
#[derive(Clone, Serialize)]
pub struct GraduateRow {
    /// The id.
    pub id: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// Where they work.
    pub employer: Option<String>,
    /// Which day of the job it is.
    pub tenure: Option<i64>,
    /// Where they stand with the office.
    pub support: Support,
    /// Contact is paused today.
    pub paused: Option<PauseView>,
    /// All contact is stopped.
    pub stopped: bool,
    /// Their hours and the office's don't meet, so no check-in ever reaches them.
    pub unreachable: bool,
    /// Their member of staff.
    pub staff: Option<String>,
    /// Somebody else looks after the person now.
    pub care: Option<CareView>,
    /// The next planned contact.
    pub next: Option<LocalTime>,
    /// Signs waiting for a look or being acted upon.
    pub open_signs: u32,
    /// A reply is due.
    pub reply_due: bool,
}

impl Page for GraduatesPage {
    const TEMPLATE: &'static str = "pages/graduates.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let pages =
            Pages { now: 1, last: 3, previous: None, next: Some("/graduates?show=supported&page=2".to_owned()) };
        let list = Self {
            show: Some(PeopleGroup::Supported),
            staff: String::new(),
            groups: PeopleGroup::ALL,
            members: vec![("018f-sawa".to_owned(), "見本 佐和".to_owned())],
            found: 51,
            query: String::new(),
            total: 58,
            is_cut: false,
            people: sample_people(lang),
            pages,
        };
        let search = Self {
            show: None,
            query: "ハナコ".to_owned(),
            people: sample_people(lang)[..1].to_vec(),
            pages: Pages::single(),
            ..list.clone()
        };
        let nobody = Self { people: Vec::new(), query: "存在しない".to_owned(), ..search.clone() };
        let first_day = Self { total: 0, people: Vec::new(), pages: Pages::single(), ..list.clone() };
        vec![("list", list), ("search", search), ("nobody", nobody), ("first-day", first_day)]
    }
}

fn sample_people(lang: Lang) -> Vec<GraduateRow> {
    let base = GraduateRow {
        id: "018f-mihon-hanako".to_owned(),
        name: "見本 花子".to_owned(),
        kana: "ミホン ハナコ".to_owned(),
        employer: Some("株式会社サンプル物流".to_owned()),
        tenure: Some(94),
        support: Support::Supported,
        paused: None,
        stopped: false,
        unreachable: false,
        staff: Some("見本 佐和".to_owned()),
        care: None,
        next: Some(sample_time("2026-11-24T12:20")),
        open_signs: 1,
        reply_due: true,
    };
    let paused = GraduateRow {
        care: Some(CareView::sample(lang)),
        name: "試作 みのり".to_owned(),
        kana: "シサク ミノリ".to_owned(),
        employer: Some("見本食品株式会社 第二工場".to_owned()),
        tenure: Some(412),
        paused: Some(PauseView {
            until: chrono::NaiveDate::from_ymd_opt(2026, 11, 30),
            why: said(lang, "本人の希望", "asked for it"),
        }),
        next: None,
        open_signs: 0,
        reply_due: false,
        ..base.clone()
    };
    let left = GraduateRow {
        name: "例田 太郎".to_owned(),
        kana: "レイダ タロウ".to_owned(),
        employer: None,
        tenure: None,
        stopped: true,
        unreachable: true,
        staff: None,
        open_signs: 0,
        reply_due: false,
        ..base.clone()
    };
    vec![base, paused, left]
}
