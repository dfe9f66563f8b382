//! What is known of one graduate, to be corrected.
//!
//! `GET /graduates/{id}/edit`; `POST /graduates/{id}/edit` with the fields of [`EditForm`]. A changed number or address
//! gets a new version, so that nothing planned for the old one goes out.

use bansou_core::graduate::{Language, Support};
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::person::PersonHead;
use super::{Page, Place};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct EditPage {
    /// The person as they are on record.
    pub person: PersonHead,
    /// The form.
    pub form: FormState<EditForm>,
    /// Staff to choose from: id and name.
    pub staff: Vec<(String, String)>,
    /// Cadences to choose from: id and name.
    pub cadences: Vec<(String, String)>,
    /// Ways of writing to choose from.
    pub languages: &'static [Language],
    /// Where they can stand with the office.
    pub supports: &'static [Support],
}

/// The raw form. A ticked day is `yes`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditForm {
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// What the person is called in messages; empty for the family name.
    pub called: String,
    /// Mobile number.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// A code of `Language`.
    pub language: String,
    /// A code of `Support`.
    pub support: String,
    /// Id of a member of staff, or empty.
    pub staff: String,
    /// Id of the member of staff who stands in, or empty.
    pub standin: String,
    /// First day of 就労定着支援; both days empty for somebody who doesn't use it.
    pub service_started_on: String,
    /// Last day of it; empty while it lasts.
    pub service_ended_on: String,
    /// Id of a cadence.
    pub cadence: String,
    /// Monday is fine.
    pub day_mon: String,
    /// Tuesday is fine.
    pub day_tue: String,
    /// Wednesday is fine.
    pub day_wed: String,
    /// Thursday is fine.
    pub day_thu: String,
    /// Friday is fine.
    pub day_fri: String,
    /// Saturday is fine.
    pub day_sat: String,
    /// Sunday is fine.
    pub day_sun: String,
    /// First time of day, empty for the office's.
    pub allowed_from: String,
    /// Last time of day, empty for the office's.
    pub allowed_to: String,
    /// What to do in a crisis, in their own words.
    pub crisis_plan: String,
    /// 利用者番号.
    pub external_id: String,
    /// 障害種別.
    pub disability: String,
    /// 手帳.
    pub certificate: String,
    /// What the form showed when it was opened.
    pub shown: String,
}

/// The names of the form's fields that a person sees, by which an error finds its place.
pub const FIELDS: [&str; 16] = [
    "name",
    "kana",
    "called",
    "phone",
    "email",
    "language",
    "support",
    "staff",
    "standin",
    "service_started_on",
    "service_ended_on",
    "cadence",
    "crisis_plan",
    "external_id",
    "disability",
    "certificate",
];

impl Page for EditPage {
    const TEMPLATE: &'static str = "pages/edit.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let yes = || "yes".to_owned();
        let typed = EditForm {
            name: "見本 花子".to_owned(),
            kana: "ミホン ハナコ".to_owned(),
            phone: "090-0000-0001".to_owned(),
            language: "easy".to_owned(),
            support: "supported".to_owned(),
            staff: "018f-sawa".to_owned(),
            standin: "018f-minoru".to_owned(),
            service_started_on: "2025-10-01".to_owned(),
            cadence: "018f-standard".to_owned(),
            day_mon: yes(),
            day_tue: yes(),
            day_wed: yes(),
            day_thu: yes(),
            day_fri: yes(),
            allowed_from: "17:30".to_owned(),
            allowed_to: "20:00".to_owned(),
            external_id: "A-0012".to_owned(),
            ..EditForm::default()
        };
        let wrong = FormState::new(EditForm { name: String::new(), phone: "0120-000-000".to_owned(), ..typed.clone() })
            .with_error("name", FieldError::Required)
            .with_error("phone", FieldError::NotTheirPhone)
            .with_error("standin", FieldError::SamePerson)
            .with_error("service_ended_on", FieldError::Required)
            .with_error("allowed_to", FieldError::EndBeforeStart);
        let usual = Self {
            person: PersonHead::sample(),
            form: FormState::new(typed),
            staff: vec![
                ("018f-sawa".to_owned(), "見本 佐和".to_owned()),
                ("018f-minoru".to_owned(), "例川 実".to_owned()),
            ],
            cadences: vec![("018f-standard".to_owned(), "入社後の標準".to_owned())],
            languages: Language::ALL,
            supports: Support::ALL,
        };
        vec![("wrong", Self { form: wrong, ..usual.clone() }), ("usual", usual)]
    }
}
