//! What the office may tell whom, what it has told, and what it would like to tell: the graduate sees the exact words each time.

use bansou_core::consent::Topic;
use bansou_core::escalation::AnswerKind;
use bansou_core::words::{Lang, Words};
use chrono::NaiveDate;
use serde::Serialize;

use crate::pages::letter::Letter;
use crate::pages::{LocalTime, Page, Place, sample_time};

/// だれに何を見せるか.
#[derive(Clone, Serialize)]
pub struct MeSharingPage {
    /// Requests that wait for the person to read them.
    pub to_read: Vec<ToRead>,
    /// Consents that hold today.
    pub consents: Vec<MeConsent>,
    /// Everything that was passed on, newest first.
    pub shares: Vec<MeShare>,
}

/// A request that hasn't been sent.
#[derive(Clone, Serialize)]
pub struct ToRead {
    /// Where it is read.
    pub href: String,
    /// Whom it would go to.
    pub to: String,
}

/// One consent.
#[derive(Clone, Serialize)]
pub struct MeConsent {
    /// Its id.
    pub id: String,
    /// Who may be told.
    pub to: String,
    /// The company.
    pub company: String,
    /// About what.
    pub topics: Vec<Topic>,
    /// Last day.
    pub until: NaiveDate,
}

/// Something that was passed on.
#[derive(Clone, Serialize)]
pub struct MeShare {
    /// To whom.
    pub to: String,
    /// The company.
    pub company: String,
    /// When.
    pub at: LocalTime,
    /// The exact words.
    pub words: String,
    /// What came back, as far as it may be shown.
    pub answer: Option<MeAnswer>,
}

/// The employer's answer, as the person may see it.
#[derive(Clone, Serialize)]
pub struct MeAnswer {
    /// Yes, no, or another idea.
    pub kind: AnswerKind,
    /// From when.
    pub on: Option<NaiveDate>,
    /// Free words; empty where the employer wants them kept inside the office.
    pub text: String,
}

/// A request to read before it is sent.
#[derive(Clone, Serialize)]
pub struct MeReadPage {
    /// Where the answer goes.
    pub action: String,
    /// The exact words.
    pub letter: Letter,
    /// The mark of these words.
    pub words: String,
}

impl Page for MeSharingPage {
    const TEMPLATE: &'static str = "pages/me_sharing.html";
    const PLACE: Place = Place::Outside;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let letter = Letter::sample();
        let share = |answer| MeShare {
            to: letter.contact.clone(),
            company: letter.company.clone(),
            at: sample_time("2026-11-19T09:12"),
            words: letter.as_text(&Words::embedded(), lang),
            answer,
        };
        let consent = |to: &str, topics| MeConsent {
            id: "018f-consent".to_owned(),
            to: to.to_owned(),
            company: letter.company.clone(),
            topics,
            until: "2027-03-31".parse().expect("a date written in a sample"),
        };
        let answer = MeAnswer {
            kind: AnswerKind::OtherIdea,
            on: "2026-12-01".parse().ok(),
            text: "ホワイトボードに書く形なら、すぐに始められます。".to_owned(),
        };
        let usual = Self {
            to_read: vec![ToRead { href: "/me/requests/018f-request".to_owned(), to: letter.contact.clone() }],
            consents: vec![
                consent(&letter.contact, vec![Topic::Instructions, Topic::Workload]),
                consent("試川 まもる", vec![Topic::Condition]),
            ],
            shares: vec![share(Some(answer)), share(None)],
        };
        vec![("usual", usual), ("empty", Self { to_read: Vec::new(), consents: Vec::new(), shares: Vec::new() })]
    }
}

impl Page for MeReadPage {
    const TEMPLATE: &'static str = "pages/me_read.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let page = Self {
            action: "/me/requests/018f-request".to_owned(),
            letter: Letter::sample(),
            words: "0a1b2c".to_owned(),
        };
        vec![("usual", page)]
    }
}
