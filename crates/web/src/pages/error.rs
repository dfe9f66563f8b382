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

/// Who reads it. Guests have no permissions, no sign-in and nobody who runs the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// Staff, and whoever came to no place of ours.
    Staff,
    /// A graduate.
    Graduate,
    /// An employer contact.
    Employer,
}

/// Says what happened, what it means for the reader's work, and where to go on. The same text every time.
#[derive(Clone, Serialize)]
pub struct ErrorPage {
    /// Chooses the words (`error-page-…`).
    pub reason: Reason,
    /// Guests get their own words and their own way on.
    pub reader: Reader,
    /// Guests only: trying again later may help; otherwise the page itself is of no use.
    pub is_trouble: bool,
}

impl ErrorPage {
    /// The page for a reader.
    pub fn new(reason: Reason, reader: Reader) -> Self {
        Self { reason, reader, is_trouble: !matches!(reason, Reason::NotFound | Reason::Forbidden) }
    }
}

impl Reader {
    /// By the path: graduates and employers have a corner of their own.
    pub fn at(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("me") => Self::Graduate,
            Some("e") => Self::Employer,
            _ => Self::Staff,
        }
    }
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
        let staff = |reason| Self::new(reason, Reader::Staff);
        vec![
            ("not-found", staff(Reason::NotFound)),
            ("forbidden", staff(Reason::Forbidden)),
            ("too-large", staff(Reason::TooLarge)),
            ("internal", staff(Reason::Internal)),
            ("unavailable", staff(Reason::Unavailable)),
            ("graduate", Self::new(Reason::Forbidden, Reader::Graduate)),
            ("graduate-trouble", Self::new(Reason::Internal, Reader::Graduate)),
            ("employer", Self::new(Reason::NotFound, Reader::Employer)),
        ]
    }
}
