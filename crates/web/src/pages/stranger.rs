//! Somebody nobody knows wrote: what they wrote, and whose words they are.
//!
//! - `GET /strangers/{id}` (an inbound event) shows everything this sender wrote; opening changes nothing.
//! - `POST /strangers/{id}/search`: `query`; a name must not stand in an address.
//! - `GET /strangers/{id}/bind/{graduate}` asks once more, with both names; `POST` there: `sure`.
//! - `POST /strangers/{id}/not-ours`.
//! - `GET /bindings/{id}` and `POST /bindings/{id}/undo` take a binding back.

use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use super::person::PersonHead;
use super::{LocalTime, Page, Place, sample_time};

/// What a stranger wrote.
#[derive(Clone, Serialize)]
pub struct StrangerPage {
    /// Who wrote, and what.
    pub stranger: Stranger,
    /// What was searched for; empty before the first search.
    pub query: String,
    /// Who was found.
    pub found: Vec<FoundPerson>,
    /// Whether more people were found than are shown.
    pub is_cut: bool,
}

/// Asks once more before a stranger's address becomes somebody's.
#[derive(Clone, Serialize)]
pub struct BindPage {
    /// Who wrote, and what.
    pub stranger: Stranger,
    /// Whose words they would be.
    pub person: PersonHead,
    /// Whether another address of the same kind gives way.
    pub replaces: bool,
    /// The box wasn't ticked.
    pub unsure: bool,
}

/// Takes a binding back.
#[derive(Clone, Serialize)]
pub struct BindingPage {
    /// Its id.
    pub binding: String,
    /// The person.
    pub person: PersonHead,
    /// LINE or SMS.
    pub channel: ChannelKind,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: LocalTime,
}

/// A sender nobody knows.
#[derive(Clone, Serialize)]
pub struct Stranger {
    /// The event's id.
    pub id: String,
    /// LINE or SMS.
    pub channel: ChannelKind,
    /// The name shown on LINE, or the number; empty when LINE told none.
    pub name: String,
    /// What they wrote, oldest first; empty text for a photo, a sticker and the like.
    pub words: Vec<StrangerWords>,
}

/// Something a stranger wrote.
#[derive(Clone, Serialize)]
pub struct StrangerWords {
    /// When.
    pub at: LocalTime,
    /// The words.
    pub text: String,
}

/// A person who may be meant.
#[derive(Clone, Serialize)]
pub struct FoundPerson {
    /// The graduate's id.
    pub graduate: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// The office's number for them; may be empty.
    pub external_id: String,
}

/// A binding, as the thread tells of it.
#[derive(Clone, Serialize)]
pub struct BindingView {
    /// Its id.
    pub id: String,
    /// LINE or SMS.
    pub channel: ChannelKind,
    /// Who made it.
    pub by: String,
    /// On which day.
    pub on: NaiveDate,
}

impl Stranger {
    fn sample() -> Self {
        let words = |at, text: &str| StrangerWords { at: sample_time(at), text: text.to_owned() };
        Self {
            id: "018f-event".to_owned(),
            channel: ChannelKind::Line,
            name: "はな".to_owned(),
            words: vec![words("2026-11-20T08:40", ""), words("2026-11-20T08:41", "見本です。\n電話を変えました。")],
        }
    }
}

impl Page for StrangerPage {
    const TEMPLATE: &'static str = "pages/stranger.html";
    const PLACE: Place = Place::Today;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let fresh = Self { stranger: Stranger::sample(), query: String::new(), found: Vec::new(), is_cut: false };
        let person = FoundPerson {
            graduate: "018f-mihon-hanako".to_owned(),
            name: "見本 花子".to_owned(),
            kana: "ミホン ハナコ".to_owned(),
            external_id: "G0001".to_owned(),
        };
        let found = Self { query: "見本".to_owned(), found: vec![person], is_cut: true, ..fresh.clone() };
        let nobody = Self {
            stranger: Stranger { channel: ChannelKind::Sms, name: "090-0000-0001".to_owned(), ..Stranger::sample() },
            query: "例".to_owned(),
            ..fresh.clone()
        };
        let nameless = Self { stranger: Stranger { name: String::new(), ..Stranger::sample() }, ..fresh.clone() };
        vec![("fresh", fresh), ("found", found), ("nobody", nobody), ("nameless", nameless)]
    }
}

impl Page for BindPage {
    const TEMPLATE: &'static str = "pages/stranger_bind.html";
    const PLACE: Place = Place::Today;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let (stranger, person) = (Stranger::sample(), PersonHead::sample());
        let usual = Self { stranger, person, replaces: false, unsure: false };
        vec![("unsure", Self { unsure: true, replaces: true, ..usual.clone() }), ("usual", usual)]
    }
}

impl Page for BindingPage {
    const TEMPLATE: &'static str = "pages/binding.html";
    const PLACE: Place = Place::Inbox;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let page = Self {
            binding: "018f-binding".to_owned(),
            person: PersonHead::sample(),
            channel: ChannelKind::Line,
            by: "見本 佐和".to_owned(),
            at: sample_time("2026-11-20T09:10"),
        };
        vec![("usual", page)]
    }
}
