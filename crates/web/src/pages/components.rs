//! Every part of the pages with its states, in the reader's language and look: what a new page is built from. In the demo only.
//!
//! - `GET /demo/components`.

use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::person::sample_hotlines;
use super::{Hotline, LocalTime, Page, Place, sample_time};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct ComponentsPage {
    /// A form that was refused.
    pub form: FormState<ComponentsForm>,
    /// A moment.
    pub at: LocalTime,
    /// Made-up lines.
    pub hotlines: Vec<Hotline>,
}

/// The raw form; nobody sends it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ComponentsForm {
    /// A line of text.
    pub name: String,
    /// A line of text that is wrong.
    pub on: String,
    /// Several lines.
    pub said: String,
    /// One of several.
    pub way: String,
}

impl ComponentsPage {
    /// The page.
    pub fn new() -> Self {
        let typed =
            ComponentsForm { name: "見本 花子".to_owned(), way: "line".to_owned(), ..ComponentsForm::default() };
        Self {
            form: FormState::new(typed).with_error("on", FieldError::Required),
            at: sample_time("2026-11-20T10:31"),
            hotlines: sample_hotlines(),
        }
    }
}

impl Default for ComponentsPage {
    fn default() -> Self {
        Self::new()
    }
}

impl Page for ComponentsPage {
    const TEMPLATE: &'static str = "pages/components.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        vec![("all", Self::new())]
    }
}
