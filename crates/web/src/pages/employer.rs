//! An employer contact's pages: no login, one link, one answer.
//!
//! - `GET /e/{token}` shows one button and uses nothing up, because mail filters and link previews open links too.
//! - `POST /e/{token}` takes the link, sets a cookie and leads (303) to `/e?r=…`, which says which of the contact's requests is meant.
//! - `GET /e` shows the request. `POST /e/answer?r=…`: `kind` (`yes`, `no`, `other`), `on` (date), `text`, `may_show` (`yes`, `no`; needed when
//!   there are words). The answer goes out once; afterwards `GET /e` shows what was sent.

use bansou_core::escalation::{AnswerKind, EmployerAnswer};
use bansou_core::roster::parse_date;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::letter::Letter;
use super::{LocalTime, Page, Place, sample_time};
use crate::form::{FieldError, FormState};

/// Longest free words, in characters.
pub const ANSWER_MAX: usize = 1000;

/// Behind the link: one button. Says nothing about the person.
#[derive(Clone, Serialize)]
pub struct EmployerOpenPage {
    /// The token of the link.
    pub token: String,
    /// The office that asks.
    pub office: String,
    /// The office's phone number; may be empty.
    pub phone: String,
}

/// The request and the answer form.
#[derive(Clone, Serialize)]
pub struct EmployerPage {
    /// The exact words.
    pub letter: Letter,
    /// The office's phone number; may be empty.
    pub phone: String,
    /// Where the answer goes.
    pub action: String,
    /// The form.
    pub form: FormState<EmployerForm>,
    /// Longest free words.
    pub text_max: usize,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmployerForm {
    /// `yes`, `no` or `other`.
    pub kind: String,
    /// From when, or by when more will be said.
    pub on: String,
    /// Free words.
    pub text: String,
    /// `yes` when the graduate may read the words.
    pub may_show: String,
}

impl EmployerForm {
    /// Reads the form. `Err` is the form with its errors. Without words there is nothing to be shown, and nothing is asked about it.
    pub fn read(self) -> Result<EmployerAnswer, Box<FormState<Self>>> {
        let mut errors = Vec::new();
        let kind = self.kind.parse::<AnswerKind>().ok();
        if kind.is_none() {
            errors.push(("kind", FieldError::NotAChoice));
        }
        let on = if self.on.trim().is_empty() { None } else { Some(parse_date(&self.on)) };
        if matches!(on, Some(Err(_))) {
            errors.push(("on", FieldError::NotADate));
        }
        let text = self.text.trim().to_owned();
        let length = text.chars().count();
        if length > ANSWER_MAX {
            errors.push(("text", FieldError::TooLong { max: ANSWER_MAX, now: length }));
        }
        if length > 0 && !["yes", "no"].contains(&self.may_show.as_str()) {
            errors.push(("may_show", FieldError::NotAChoice));
        }
        let (Some(kind), true) = (kind, errors.is_empty()) else {
            let state = FormState::new(self);
            return Err(Box::new(errors.into_iter().fold(state, |form, (field, error)| form.with_error(field, error))));
        };
        Ok(EmployerAnswer { kind, on: on.and_then(Result::ok), text, may_show: length > 0 && self.may_show == "yes" })
    }
}

/// What was sent.
#[derive(Clone, Serialize)]
pub struct EmployerSentPage {
    /// The request it answers.
    pub letter: Letter,
    /// When.
    pub at: LocalTime,
    /// Yes, no, or another idea.
    pub kind: AnswerKind,
    /// The day that was given.
    pub on: Option<NaiveDate>,
    /// Free words; may be empty.
    pub text: String,
    /// Whether the graduate may read them.
    pub may_show: bool,
    /// The office's phone number; may be empty.
    pub phone: String,
}

/// The link doesn't lead anywhere any more.
#[derive(Clone, Serialize)]
pub struct EmployerClosedPage {
    /// Why.
    pub why: LinkClosed,
    /// The office, where it is known.
    pub office: Option<String>,
    /// Its phone number; may be empty.
    pub phone: String,
}

bansou_core::codes! {
    /// Why a link doesn't work.
    LinkClosed {
        /// Its time is over, or it never existed: both look alike from outside.
        Expired = "expired",
        /// It was opened before, perhaps in another browser.
        Used = "used",
        /// The request was taken back.
        Withdrawn = "withdrawn",
    }
}

impl Page for EmployerOpenPage {
    const TEMPLATE: &'static str = "pages/employer_open.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            token: "0000".to_owned(),
            office: "見本就労支援センター".to_owned(),
            phone: "03-0000-0001".to_owned(),
        };
        vec![("usual", usual)]
    }
}

impl Page for EmployerPage {
    const TEMPLATE: &'static str = "pages/employer.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            letter: Letter::sample(),
            phone: "03-0000-0001".to_owned(),
            action: "/e/answer?r=0123456789abcdef".to_owned(),
            form: FormState::default(),
            text_max: ANSWER_MAX,
        };
        let typed = EmployerForm {
            text: "ホワイトボードに書く形ではどうでしょうか。".to_owned(),
            on: "12月".to_owned(),
            ..EmployerForm::default()
        };
        let wrong = FormState::new(typed)
            .with_error("kind", FieldError::NotAChoice)
            .with_error("on", FieldError::NotADate)
            .with_error("may_show", FieldError::NotAChoice);
        vec![("first", usual.clone()), ("wrong", Self { form: wrong, ..usual })]
    }
}

impl Page for EmployerSentPage {
    const TEMPLATE: &'static str = "pages/employer_sent.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            letter: Letter::sample(),
            at: sample_time("2026-11-20T11:30"),
            kind: AnswerKind::OtherIdea,
            on: "2026-12-01".parse().ok(),
            text: "ホワイトボードに書く形なら、すぐに始められます。".to_owned(),
            may_show: false,
            phone: "03-0000-0001".to_owned(),
        };
        let short = Self { kind: AnswerKind::Yes, on: None, text: String::new(), ..usual.clone() };
        vec![("words", usual), ("yes", short)]
    }
}

impl Page for EmployerClosedPage {
    const TEMPLATE: &'static str = "pages/employer_closed.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let closed = |why, office: Option<&str>, phone: &str| Self {
            why,
            office: office.map(str::to_owned),
            phone: phone.to_owned(),
        };
        let (office, phone) = (Some("見本就労支援センター"), "03-0000-0001");
        vec![
            ("expired", closed(LinkClosed::Expired, None, "")),
            ("used", closed(LinkClosed::Used, office, phone)),
            ("withdrawn", closed(LinkClosed::Withdrawn, office, phone)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: &str, text: &str, may_show: &str) -> EmployerForm {
        EmployerForm { kind: kind.to_owned(), on: String::new(), text: text.to_owned(), may_show: may_show.to_owned() }
    }

    #[test]
    fn a_bare_yes_is_an_answer() {
        let answer = form("yes", " ", "").read().ok().unwrap();
        assert!(answer.kind == AnswerKind::Yes && answer.on.is_none() && !answer.may_show);
    }

    #[test]
    fn words_are_taken_only_with_a_choice_about_showing_them() {
        let refused = form("other", "別の案です", "").read().err().unwrap();
        assert_eq!(refused.errors.keys().copied().collect::<Vec<_>>(), ["may_show"]);
        assert!(!form("other", "別の案です", "no").read().ok().unwrap().may_show);
        assert!(form("other", "別の案です", "yes").read().ok().unwrap().may_show);
    }

    #[test]
    fn no_choice_and_an_impossible_date_are_named() {
        let refused = EmployerForm { on: "2026-02-30".to_owned(), ..form("", "", "") }.read().err().unwrap();
        assert_eq!(refused.errors.keys().copied().collect::<Vec<_>>(), ["kind", "on"]);
    }
}
