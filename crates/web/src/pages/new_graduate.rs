//! Somebody new, added by hand.
//!
//! `GET /graduates/new`; `POST /graduates` with the fields of [`NewGraduateForm`], read by the rules of a roster's row. Where
//! somebody of the office may be the same person, the page comes back with them, and `sure` = `yes` adds a second one.

use bansou_core::employment::Disclosure;
use bansou_core::graduate::Language;
use bansou_core::roster::Problem;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Page, Place, said};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct NewGraduatePage {
    /// The form.
    pub form: FormState<NewGraduateForm>,
    /// People who may be the same.
    pub same: Vec<SamePerson>,
    /// Staff to choose from: id and name.
    pub staff: Vec<(String, String)>,
    /// Cadences to choose from: key and name.
    pub cadences: Vec<(String, String)>,
    /// Ways of writing to choose from.
    pub languages: &'static [Language],
    /// Whether the employer knows.
    pub disclosures: &'static [Disclosure],
}

/// Somebody who may be the same person.
#[derive(Clone, Serialize)]
pub struct SamePerson {
    /// The id.
    pub id: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// First day of their newest job.
    pub hired_on: Option<NaiveDate>,
    /// The same number; otherwise the same name.
    pub by_phone: bool,
}

/// The raw form. The fields that a roster has too are named like its columns.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewGraduateForm {
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// What the person is called in messages.
    pub called: String,
    /// 利用者番号.
    pub external_id: String,
    /// Id of a member of staff, or empty.
    pub staff: String,
    /// Mobile number.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// First time of day, empty for the office's.
    pub allowed_from: String,
    /// Last time of day, empty for the office's.
    pub allowed_to: String,
    /// A code of `Language`.
    pub language: String,
    /// 企業名.
    pub employer: String,
    /// 入社日.
    pub hired_on: String,
    /// A code of `Disclosure`.
    pub disclosure: String,
    /// 定着支援開始日.
    pub service_started_on: String,
    /// 定着支援終了日.
    pub service_ended_on: String,
    /// Key of a cadence.
    pub cadence: String,
    /// `yes`: somebody else than those who were shown.
    pub sure: String,
}

impl NewGraduateForm {
    /// How the form begins: what most people get.
    pub fn fresh(staff: String, cadence: String) -> Self {
        Self { staff, cadence, language: Language::Plain.to_string(), ..Self::default() }
    }
}

impl Page for NewGraduatePage {
    const TEMPLATE: &'static str = "pages/new_graduate.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let fresh = NewGraduateForm::fresh("018f-sawa".to_owned(), "standard".to_owned());
        let new = Self {
            form: FormState::new(fresh.clone()),
            same: Vec::new(),
            staff: vec![("018f-sawa".to_owned(), "見本 佐和".to_owned())],
            cadences: vec![("standard".to_owned(), said(lang, "標準", "Standard"))],
            languages: Language::ALL,
            disclosures: Disclosure::CHOICES,
        };
        let typed = NewGraduateForm {
            name: "見本 花子".to_owned(),
            kana: "ミホン ハナコ".to_owned(),
            phone: "0120-000-000".to_owned(),
            allowed_from: "17:30".to_owned(),
            employer: "株式会社サンプル物流".to_owned(),
            service_ended_on: "2026-03-31".to_owned(),
            ..fresh
        };
        let roster = |words| FieldError::Roster { words };
        let wrong = FormState::new(typed.clone())
            .with_error("phone", roster(Problem::PhoneNotPersonal.word_key()))
            .with_error("allowed_to", roster(Problem::OtherTimeMissing.word_key()))
            .with_error("hired_on", roster(Problem::HiredOnMissing.word_key()))
            .with_error("disclosure", FieldError::NotAChoice)
            .with_error("service_started_on", roster(Problem::ServiceStartMissing.word_key()));
        let same = SamePerson {
            id: "018f-mihon-hanako".to_owned(),
            name: typed.name.clone(),
            kana: typed.kana.clone(),
            hired_on: NaiveDate::from_ymd_opt(2026, 8, 19),
            by_phone: true,
        };
        let namesake = SamePerson { hired_on: None, by_phone: false, ..same.clone() };
        let twice = FormState::new(NewGraduateForm { phone: "090-0000-0001".to_owned(), ..typed })
            .with_error("sure", FieldError::NotAChoice);
        vec![
            ("new", new.clone()),
            ("wrong", Self { form: wrong, ..new.clone() }),
            ("twice", Self { form: twice, same: vec![same, namesake], ..new }),
        ]
    }
}
