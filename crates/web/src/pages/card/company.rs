//! A company as staff see it: whom to talk to there, who works there, and its card.
//!
//! `GET /employers/{id}`.

use bansou_core::employment::Disclosure;
use bansou_core::words::Lang;
use serde::Serialize;

use super::CardView;
use crate::pages::{Page, Place};

/// The page.
#[derive(Clone, Serialize)]
pub struct CompanyPage {
    /// The company's name.
    pub name: String,
    /// Whom to talk to there.
    pub contacts: Vec<CompanyContact>,
    /// Graduates who work there now.
    pub people: Vec<CompanyPerson>,
    /// The card.
    pub card: CardView,
}

/// Somebody at the company.
#[derive(Clone, Serialize)]
pub struct CompanyContact {
    /// Name.
    pub name: String,
    /// Part or title; may be empty.
    pub part: String,
    /// Where a request is sent.
    pub email: String,
}

/// A graduate who works there.
#[derive(Clone, Serialize)]
pub struct CompanyPerson {
    /// The graduate's id.
    pub id: String,
    /// 氏名.
    pub name: String,
    /// Whether the company knows of the disability: where it isn't said that it does, no contact with it about this person.
    pub disclosure: Disclosure,
}

impl Page for CompanyPage {
    const TEMPLATE: &'static str = "pages/company.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let person =
            |id: &str, name: &str, disclosure| CompanyPerson { id: id.to_owned(), name: name.to_owned(), disclosure };
        let usual = Self {
            name: "見本商事".to_owned(),
            contacts: vec![CompanyContact {
                name: "例木 健".to_owned(),
                part: "総務課".to_owned(),
                email: "reiki@mihon.example".to_owned(),
            }],
            people: vec![
                person("018f-mihon-hanako", "見本 花子", Disclosure::Open),
                person("018f-reita", "例田 一", Disclosure::Closed),
                person("018f-reikawa", "例川 実", Disclosure::Unknown),
            ],
            card: CardView::sample_of_company(lang),
        };
        let empty = Self {
            contacts: Vec::new(),
            people: Vec::new(),
            card: CardView { lines: Vec::new(), review_on: None, versions: Vec::new(), ..usual.card.clone() },
            ..usual.clone()
        };
        vec![("usual", usual), ("empty", empty)]
    }
}
