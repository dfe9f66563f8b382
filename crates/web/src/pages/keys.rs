//! The list of single keys. The same list is what `?` opens on every page, where somebody has switched keys on.
//!
//! - `GET /keys`.

use bansou_core::words::Lang;
use serde::Serialize;

use super::{Page, Place};

/// Keys and the ends of the names of their sentences (`keys-…`); `assets/script/keys.js` does what they say.
const KEYS: [(&str, &str); 11] = [
    ("j / k", "row"),
    ("Enter", "open"),
    ("r", "reply"),
    ("n", "note"),
    ("s", "later"),
    ("e", "done"),
    ("u", "undo"),
    ("/", "search"),
    ("g t", "today"),
    ("g i", "inbox"),
    ("?", "help"),
];

/// The page.
#[derive(Clone, Serialize)]
pub struct KeysPage {
    /// The keys and what they do.
    pub keys: &'static [(&'static str, &'static str)],
    /// Whether the reader has switched them on.
    pub are_on: bool,
}

impl KeysPage {
    /// The page.
    pub fn new(are_on: bool) -> Self {
        Self { keys: &KEYS, are_on }
    }
}

impl Page for KeysPage {
    const TEMPLATE: &'static str = "pages/keys.html";
    const PLACE: Place = Place::Account;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        vec![("off", Self::new(false)), ("on", Self::new(true))]
    }
}
