//! The page for a request that could not be answered.

use bansou_core::words::Lang;
use serde::Serialize;

use super::{Page, Place};
use crate::errors::Failure;

/// Which page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// 404 and 405.
    NotFound,
    /// 403, and forms that aren't ours (400).
    Forbidden,
    /// 413.
    TooLarge,
    /// 500.
    Internal,
    /// 503.
    Unavailable,
}

/// Says what happened, what it means for the reader's work, and where to go on. The same text every time.
#[derive(Clone, Serialize)]
pub struct ErrorPage {
    /// Chooses the words (`error-page-…`).
    pub reason: Reason,
}

impl From<Failure> for Reason {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::NotFound,
            Failure::Forbidden | Failure::Unreadable => Self::Forbidden,
            Failure::TooLarge => Self::TooLarge,
            Failure::Internal => Self::Internal,
            Failure::Unavailable => Self::Unavailable,
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        vec![
            ("not-found", Self { reason: Reason::NotFound }),
            ("forbidden", Self { reason: Reason::Forbidden }),
            ("too-large", Self { reason: Reason::TooLarge }),
            ("internal", Self { reason: Reason::Internal }),
            ("unavailable", Self { reason: Reason::Unavailable }),
        ]
    }
}
