//! What needs a person, however old: messages of which nobody knows whether they arrived, events that couldn't be read, unknown
//! senders. None is the normal state.
//!
//! - `GET /undelivered`. Decisions go to `POST /deliveries/{id}/decide`, as on Today.

use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use serde::Serialize;

use super::today::Decision;
use super::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct UndeliveredPage {
    /// Messages of which nobody knows whether they arrived.
    pub messages: Vec<UnclearRow>,
    /// Events that couldn't be read.
    pub events: Vec<EventRow>,
    /// Messages of senders nobody knows.
    pub strangers: u64,
}

/// A message of which nobody knows whether it arrived.
#[derive(Clone, Serialize)]
pub struct UnclearRow {
    /// The delivery.
    pub delivery: String,
    /// For whom: id and name; none for a request to an employer.
    pub person: Option<(String, String)>,
    /// The request that it carried.
    pub request: Option<String>,
    /// By which way.
    pub channel: ChannelKind,
    /// Since when.
    pub at: LocalTime,
    /// How long that is.
    pub age: String,
    /// Why, in one sentence.
    pub why: String,
    /// What may be decided; sending it again is never among it, because it may be out.
    pub choices: Vec<Decision>,
}

/// An event that couldn't be read.
#[derive(Clone, Serialize)]
pub struct EventRow {
    /// Who sent it, where that is known: id and name.
    pub person: Option<(String, String)>,
    /// When it came.
    pub at: LocalTime,
    /// How long ago that is.
    pub age: String,
}

impl Page for UndeliveredPage {
    const TEMPLATE: &'static str = "pages/undelivered.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let none = Self { messages: Vec::new(), events: Vec::new(), strangers: 0 };
        let row = UnclearRow {
            delivery: "018f-delivery-1".to_owned(),
            person: Some(("018f-mihon-hanako".to_owned(), "見本 花子".to_owned())),
            request: None,
            channel: ChannelKind::Sms,
            at: sample_time("2026-11-05T09:58"),
            age: said(lang, "15日", "15 days"),
            why: said(
                lang,
                "届いたか分かりません。二重に送らないため、止めてあります。",
                "Nobody knows whether it arrived. It is held back so that it isn’t sent twice.",
            ),
            choices: vec![Decision::Arrived, Decision::Call],
        };
        let request = UnclearRow {
            delivery: "018f-delivery-2".to_owned(),
            person: None,
            request: Some("018f-request".to_owned()),
            channel: ChannelKind::Email,
            ..row.clone()
        };
        let event =
            EventRow { person: None, at: sample_time("2026-11-20T09:12"), age: said(lang, "50分", "50 minutes") };
        let known = EventRow { person: row.person.clone(), ..event.clone() };
        vec![("none", none), ("some", Self { messages: vec![row, request], events: vec![event, known], strangers: 2 })]
    }
}
