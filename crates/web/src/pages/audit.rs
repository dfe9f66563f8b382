//! Who looked at one graduate's records and who changed what.
//!
//! `GET /graduates/{id}/audit?page=N`. Rows come from the hash-chained list; nothing can be changed here.

use bansou_core::audit::ActorKind;
use bansou_core::words::Lang;
use serde::Serialize;

use super::inbox::Pages;
use super::person::PersonHead;
use super::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct AuditPage {
    /// The person.
    pub person: PersonHead,
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Pages.
    pub pages: Pages,
}

/// One row.
#[derive(Clone, Serialize)]
pub struct AuditRow {
    /// When.
    pub at: LocalTime,
    /// What kind of actor.
    pub actor: ActorKind,
    /// Their name; empty for the program and the command line.
    pub name: String,
    /// What they did, in words.
    pub what: String,
    /// They only looked.
    pub is_read: bool,
}

impl AuditRow {
    /// A row for samples.
    pub(crate) fn sample(at: &str, actor: ActorKind, name: &str, what: String, is_read: bool) -> Self {
        Self { at: sample_time(at), actor, name: name.to_owned(), what, is_read }
    }
}

impl Page for AuditPage {
    const TEMPLATE: &'static str = "pages/audit.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let row = AuditRow::sample;
        let rows = vec![
            row("2026-11-20T10:40", ActorKind::Staff, "例川 実", said(lang, "ページを開いた", "opened the page"), true),
            row("2026-11-18T17:44", ActorKind::Staff, "見本 佐和", said(lang, "記録を書いた", "wrote a note"), false),
            row("2026-11-18T12:20", ActorKind::Program, "", said(lang, "定期の連絡を送った", "sent a check-in"), false),
            row(
                "2026-10-12T14:05",
                ActorKind::Graduate,
                "見本 花子",
                said(lang, "同意を取り消した", "withdrew a consent"),
                false,
            ),
        ];
        let usual = Self { person: PersonHead::sample(), rows, pages: Pages::single() };
        vec![("empty", Self { rows: Vec::new(), ..usual.clone() }), ("usual", usual)]
    }
}
