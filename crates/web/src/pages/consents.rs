//! Consents: who may be told what, by which means, until when; given and withdrawn (S2.16).
//!
//! - `GET /graduates/{id}/consents`. With `back` (a path of a sign or a request) a consent that is given leads there.
//! - `POST /graduates/{id}/consents`: `contact` (id of an employer contact), `topic_{code}` = `yes` for each `Topic`,
//!   `means`, `given_how`, `valid_until`.
//! - `POST /consents/{id}/withdraw`.

use bansou_core::consent::{GivenHow, ShareMeans, Topic};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::person::PersonHead;
use super::{LocalTime, Page, Place, sample_time};
use crate::form::{FieldError, FormState};

/// How a consent reaches staff who write it down: nobody gives one on a page of their own.
pub const GIVEN_TO_STAFF: &[GivenHow] = &[GivenHow::Written, GivenHow::Oral];

/// The page.
#[derive(Clone, Serialize)]
pub struct ConsentsPage {
    /// The person.
    pub person: PersonHead,
    /// The request or the sign that one came from and goes back to.
    pub back: Option<String>,
    /// What was given, newest first, withdrawn and expired ones too.
    pub consents: Vec<ConsentView>,
    /// People at the employer who could be named: id, and name with part.
    pub contacts: Vec<(String, String)>,
    /// The employer must not be contacted at all (クローズ).
    pub is_closed: bool,
    /// The job on whose form somebody has to say first whether the employer knows.
    pub unsettled: Option<String>,
    /// The form.
    pub form: FormState<ConsentForm>,
    /// Topics to choose from.
    pub topics: &'static [Topic],
    /// Means to choose from.
    pub means: &'static [ShareMeans],
    /// How it was given.
    pub given_hows: &'static [GivenHow],
}

/// One consent.
#[derive(Clone, Serialize)]
pub struct ConsentView {
    /// Its id.
    pub id: String,
    /// Who may be told.
    pub contact: String,
    /// About what.
    pub topics: Vec<Topic>,
    /// By which means.
    pub means: ShareMeans,
    /// How it was given.
    pub given_how: GivenHow,
    /// First day.
    pub given_on: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
    /// When it was withdrawn.
    pub withdrawn_at: Option<LocalTime>,
    /// Whether it holds today.
    pub holds: bool,
}

/// The raw form. A ticked topic is `yes`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentForm {
    /// Id of an employer contact.
    pub contact: String,
    /// 指示の出し方.
    pub topic_instructions: String,
    /// 仕事の量やペース.
    pub topic_workload: String,
    /// 勤務時間・休憩・休み.
    pub topic_hours: String,
    /// 職場の人との関係.
    pub topic_relations: String,
    /// 場所や環境.
    pub topic_surroundings: String,
    /// 体調やつかれ.
    pub topic_condition: String,
    /// 出勤のようす.
    pub topic_attendance: String,
    /// A code of `ShareMeans`.
    pub means: String,
    /// A code of `GivenHow`.
    pub given_how: String,
    /// Last day.
    pub valid_until: String,
}

impl ConsentForm {
    /// The ticked topics.
    pub fn topics(&self) -> Vec<Topic> {
        let ticked = |topic: &Topic| match topic {
            Topic::Instructions => &self.topic_instructions,
            Topic::Workload => &self.topic_workload,
            Topic::Hours => &self.topic_hours,
            Topic::Relations => &self.topic_relations,
            Topic::Surroundings => &self.topic_surroundings,
            Topic::Condition => &self.topic_condition,
            Topic::Attendance => &self.topic_attendance,
        } == "yes";
        Topic::ALL.iter().copied().filter(ticked).collect()
    }
}

impl Page for ConsentsPage {
    const TEMPLATE: &'static str = "pages/consents.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date of the samples");
        let given = ConsentView {
            id: "018f-consent".to_owned(),
            contact: "株式会社サンプル物流 総務 例川さん".to_owned(),
            topics: vec![Topic::Instructions, Topic::Workload],
            means: ShareMeans::Email,
            given_how: GivenHow::Written,
            given_on: date("2026-09-01"),
            valid_until: date("2027-08-31"),
            withdrawn_at: None,
            holds: true,
        };
        let withdrawn = ConsentView {
            topics: vec![Topic::Condition],
            means: ShareMeans::Phone,
            given_how: GivenHow::Oral,
            withdrawn_at: Some(sample_time("2026-10-12T14:05")),
            holds: false,
            ..given.clone()
        };
        let usual = Self {
            person: PersonHead::sample(),
            back: None,
            consents: vec![given, withdrawn],
            contacts: vec![("018f-contact".to_owned(), "株式会社サンプル物流 総務 例川さん".to_owned())],
            is_closed: false,
            unsettled: None,
            form: FormState::default(),
            topics: Topic::ALL,
            means: ShareMeans::ALL,
            given_hows: GIVEN_TO_STAFF,
        };
        let typed = ConsentForm { topic_hours: "yes".to_owned(), means: "email".to_owned(), ..ConsentForm::default() };
        let wrong = FormState::new(typed)
            .with_error("contact", FieldError::NotAChoice)
            .with_error("valid_until", FieldError::Required)
            .with_error("topics", FieldError::NotAChoice);
        let none = Self { consents: Vec::new(), contacts: Vec::new(), ..usual.clone() };
        let closed = Self { is_closed: true, ..none.clone() };
        let unknown = Self { unsettled: Some("018f-job".to_owned()), ..none.clone() };
        let from = Self { back: Some("/signs/018f-sign/escalate".to_owned()), ..usual.clone() };
        vec![
            ("usual", usual.clone()),
            ("from-a-sign", from),
            ("wrong", Self { form: wrong, ..usual }),
            ("none", none),
            ("closed", closed),
            ("unknown", unknown),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ticked_topics_are_named() {
        let form =
            ConsentForm { topic_hours: "yes".to_owned(), topic_condition: "no".to_owned(), ..Default::default() };
        assert_eq!(form.topics(), [Topic::Hours]);
    }
}
