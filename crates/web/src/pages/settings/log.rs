//! The whole office's list of who did and looked at what, with the proof that nobody edited it; and the exports.
//!
//! - `GET /settings/audit?from=…&to=…&page=N` for admins; each page checks its own rows, and `check=all` the whole list. `GET /settings/audit/export.csv` with the same dates.
//! - `GET /settings/export` offers the retention figures as files, and admins `…/contacts.csv` and `…/notes.csv` with the same dates; the
//!   roster itself is exported at the command line.

use bansou_core::audit::ActorKind;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use crate::pages::audit::AuditRow;
use crate::pages::inbox::Pages;
use crate::pages::{LocalTime, Page, Place, said, sample_time};

/// The list.
#[derive(Clone, Serialize)]
pub struct AuditLogPage {
    /// First day shown.
    pub from: NaiveDate,
    /// Last day shown.
    pub to: NaiveDate,
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Pages.
    pub pages: Pages,
    /// What the check of the chain said.
    pub chain: ChainView,
}

/// What the check of the chain said.
#[derive(Clone, Copy, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChainView {
    /// Every row is as it was written.
    Whole {
        /// How many rows.
        rows: i64,
        /// When it was checked.
        at: LocalTime,
    },
    /// The rows of this page are as they were written; the others were not looked at.
    Part {
        /// How many rows.
        rows: i64,
        /// When it was checked.
        at: LocalTime,
    },
    /// A row was changed or is missing.
    Broken {
        /// The number of the first such row.
        seq: i64,
        /// When it was checked.
        at: LocalTime,
    },
}

/// The exports.
#[derive(Clone, Serialize)]
pub struct ExportPage {
    /// First day of what is exported.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The reader may take what holds people's words and addresses.
    pub is_admin: bool,
}

impl Page for AuditLogPage {
    const TEMPLATE: &'static str = "pages/settings_audit.html";
    const PLACE: Place = Place::Settings;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let row = AuditRow::sample;
        let opened = said(lang, "見本 花子さんのページを開いた", "opened the page of 見本 花子");
        let usual = Self {
            from: "2026-11-01".parse().expect("a date written in a sample"),
            to: "2026-11-20".parse().expect("a date written in a sample"),
            rows: vec![
                row("2026-11-20T10:40", ActorKind::Staff, "例川 実", opened, true),
                row(
                    "2026-11-19T09:12",
                    ActorKind::Staff,
                    "見本 佐和",
                    said(lang, "会社へのお願いを送った", "sent a request to an employer"),
                    false,
                ),
                row(
                    "2026-11-18T12:20",
                    ActorKind::Program,
                    "",
                    said(lang, "定期の連絡を送った", "sent a check-in"),
                    false,
                ),
            ],
            pages: Pages { now: 1, last: 1, previous: None, next: None },
            chain: ChainView::Whole { rows: 4127, at: sample_time("2026-11-20T03:10") },
        };
        let broken = ChainView::Broken { seq: 311, at: sample_time("2026-11-20T03:10") };
        let part = ChainView::Part { rows: 3, at: sample_time("2026-11-20T03:10") };
        vec![
            ("usual", Self { chain: part, ..usual.clone() }),
            ("checked", usual.clone()),
            ("broken", Self { chain: broken, rows: Vec::new(), ..usual }),
        ]
    }
}

impl Page for ExportPage {
    const TEMPLATE: &'static str = "pages/settings_export.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let day = |text: &str| text.parse().expect("a date written in a sample");
        let page = |is_admin| Self { from: day("2026-04-01"), to: day("2026-11-20"), is_admin };
        vec![("usual", page(true)), ("manager", page(false))]
    }
}
