//! さがす: words in everything said and written down in the office.
//!
//! - `GET /search`: the box.
//! - `POST /search`: `words`, `page` from one. A search is a POST, because what somebody looks for must not stand in an address or a log.

use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use serde::Serialize;

use super::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Default, Serialize)]
pub struct SearchPage {
    /// What was looked for; empty before.
    pub words: String,
    /// What was found, newest first.
    pub hits: Vec<Hit>,
    /// Which page of it this is, from one.
    pub page: usize,
    /// There are more.
    pub has_more: bool,
}

/// One text in which the words are.
#[derive(Clone, Serialize)]
pub struct Hit {
    /// 氏名 of the graduate it is about.
    pub name: String,
    /// What tells them from another of the same name; empty where there is none.
    pub apart: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: LocalTime,
    /// The way of a message; `None` for a note.
    pub channel: Option<ChannelKind>,
    /// What stands before the words.
    pub before: String,
    /// The words as they were written; empty where their place can't be told.
    pub words: String,
    /// What stands after them.
    pub after: String,
    /// Where it can be read.
    pub href: String,
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "pages/search.html";
    const PLACE: Place = Place::Inbox;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let message = Hit {
            name: "見本 花子".to_owned(),
            apart: String::new(),
            by: "見本 花子".to_owned(),
            at: sample_time("2026-11-20T07:32"),
            channel: Some(ChannelKind::Line),
            before: said(lang, "最近あまり", "Lately I do not "),
            words: said(lang, "眠れて", "sleep"),
            after: said(lang, "いません。仕事は行けています。", " well. I go to work."),
            href: "/inbox/018f-mihon-hanako?until=018f-m5#message-018f-m5".to_owned(),
        };
        let note = Hit {
            by: "見本 佐和".to_owned(),
            at: sample_time("2026-11-12T16:10"),
            channel: None,
            before: "「".to_owned(),
            after: "ない日が続いている」とのこと。".to_owned(),
            words: "眠れ".to_owned(),
            href: "/notes/018f-note".to_owned(),
            ..message.clone()
        };
        let found = Self { words: "眠れ".to_owned(), hits: vec![message, note], page: 2, has_more: true };
        let nothing = Self { hits: Vec::new(), page: 1, has_more: false, ..found.clone() };
        vec![("found", found), ("nothing", nothing), ("empty", Self { page: 1, ..Self::default() })]
    }
}
