//! A form that came after its session had ended, shown again to whoever wrote it.
//!
//! `GET /kept/{id}`. Its button sends the same fields to the path they were going to.

use bansou_core::words::Lang;
use bansou_store::KeptForm;
use serde::Serialize;

use super::{Page, Place, said};
use crate::kept::is_written;

/// The page.
#[derive(Clone, Serialize)]
pub struct KeptPage {
    /// Where the form was going.
    pub action: String,
    /// Its fields with their names.
    pub fields: Vec<(String, String)>,
    /// What somebody wrote in them.
    pub texts: Vec<String>,
}

impl KeptPage {
    /// The page of a kept form.
    pub fn new(form: KeptForm) -> Self {
        let written = form.fields.iter().map(|(_, value)| value.trim()).filter(|value| is_written(value));
        Self { texts: written.map(str::to_owned).collect(), action: form.path, fields: form.fields }
    }
}

impl Page for KeptPage {
    const TEMPLATE: &'static str = "pages/kept.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let text = said(
            lang,
            "朝がつらい日がふえた、とのこと。\n来週また聞く。",
            "Mornings are harder, they said.\nAsk again next week.",
        );
        let fields = [("once", "0000"), ("mode", "phone"), ("said", &text), ("on", "2026-11-20")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        vec![("note", Self::new(KeptForm { path: "/graduates/018f-mihon-hanako/notes".to_owned(), fields }))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_shown_and_choices_are_not() {
        let fields =
            ["phone", "2026-11-20", "09:30", "018f0000-0000-7000-8000-000000000001", "", "朝がつらい", "Tired"];
        let fields = fields.map(|value| ("field".to_owned(), value.to_owned())).to_vec();
        let page = KeptPage::new(KeptForm { path: "/notes/1/correct".to_owned(), fields });
        assert_eq!(page.texts, ["朝がつらい", "Tired"]);
        assert_eq!(page.fields.len(), 7);
    }
}
