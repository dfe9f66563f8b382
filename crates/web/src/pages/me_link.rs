//! A link to a graduate's own page, for staff to hand over.
//!
//! `GET /graduates/{id}/me-link`, `POST` to the same path makes a new one and answers with this page, the only time the link is shown (only
//! its hash is kept). The link before stops working.

use bansou_core::words::Lang;
use serde::Serialize;

use super::person::PersonHead;
use super::{LocalTime, Page, Place, sample_time};
use crate::qr::{Qr, qr};

/// The page.
#[derive(Clone, Serialize)]
pub struct MeLinkPage {
    /// The person.
    pub person: PersonHead,
    /// The link that was just made.
    pub fresh: Option<FreshLink>,
}

/// A new link.
#[derive(Clone, Serialize)]
pub struct FreshLink {
    /// The whole link.
    pub url: String,
    /// The link as a QR code; `None` if it is too long.
    pub qr: Option<Qr>,
    /// Until when it can be opened.
    pub until: LocalTime,
}

impl FreshLink {
    /// A link with its QR code drawn.
    pub fn new(url: String, until: LocalTime) -> Self {
        let qr = qr(&url);
        Self { url, qr, until }
    }
}

impl Page for MeLinkPage {
    const TEMPLATE: &'static str = "pages/me_link.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let none = Self { person: PersonHead::sample(), fresh: None };
        let fresh = FreshLink::new("https://bansou.example/me/0000".to_owned(), sample_time("2026-12-04T10:42"));
        vec![("none", none.clone()), ("fresh", Self { fresh: Some(fresh), ..none })]
    }
}
