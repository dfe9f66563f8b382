//! An invite to LINE: a link and a QR code that bind one LINE account to one graduate, once.
//!
//! - `GET /graduates/{id}/invite` shows how things stand; `POST /graduates/{id}/invite` makes a new one and answers with
//!   this page, the only time the link is shown (only its hash is kept). The invite before stops working.

use bansou_core::words::Lang;
use serde::Serialize;

use super::person::PersonHead;
use super::{LocalTime, Page, Place, sample_time};
use crate::qr::{Qr, qr};

/// The page.
#[derive(Clone, Serialize)]
pub struct InvitePage {
    /// The person.
    pub person: PersonHead,
    /// The account that is bound now, and since when. The name it has in LINE isn't kept.
    pub bound: Option<Bound>,
    /// An unused invite: until when it works. Its link cannot be shown again.
    pub open_until: Option<LocalTime>,
    /// The invite that was just made.
    pub fresh: Option<FreshInvite>,
    /// LINE is not set up for this office.
    pub is_line_missing: bool,
}

/// A bound account.
#[derive(Clone, Serialize)]
pub struct Bound {
    /// Since when.
    pub at: LocalTime,
}

/// A new invite.
#[derive(Clone, Serialize)]
pub struct FreshInvite {
    /// What the person sends in the chat, when the link doesn't open.
    pub code: String,
    /// The link; empty when the account's public id isn't configured.
    pub link: String,
    /// The link as a QR code; `None` without a link, or if it is too long.
    pub qr: Option<Qr>,
    /// Until when it works.
    pub until: LocalTime,
}

impl FreshInvite {
    /// An invite with its QR code drawn.
    pub fn new(code: String, link: String, until: LocalTime) -> Self {
        let qr = if link.is_empty() { None } else { qr(&link) };
        Self { code, link, qr, until }
    }
}

impl Page for InvitePage {
    const TEMPLATE: &'static str = "pages/invite.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let none =
            Self { person: PersonHead::sample(), bound: None, open_until: None, fresh: None, is_line_missing: false };
        let link = "https://line.me/R/oaMessage/%40000mihon/?7K2M-Q9XD".to_owned();
        let fresh = FreshInvite::new("7K2M-Q9XD".to_owned(), link, sample_time("2026-11-27T10:42"));
        let code = FreshInvite::new("K7WM-2QXR".to_owned(), String::new(), sample_time("2026-11-27T10:42"));
        let bound = Bound { at: sample_time("2026-08-19T15:00") };
        vec![
            ("none", none.clone()),
            ("code-only", Self { fresh: Some(code), ..none.clone() }),
            ("fresh", Self { fresh: Some(fresh), ..none.clone() }),
            ("open", Self { open_until: Some(sample_time("2026-11-27T10:42")), ..none.clone() }),
            ("bound", Self { bound: Some(bound), ..none.clone() }),
            ("missing", Self { is_line_missing: true, ..none }),
        ]
    }
}
