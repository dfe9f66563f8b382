//! One job of a graduate: where, since when, and if it ended, when and why; and whom one speaks to there.
//!
//! - `GET /graduates/{id}/jobs/new`, `POST /graduates/{id}/jobs`: a new job. A hire starts the cadence anew.
//! - `GET /jobs/{id}/edit`, `POST /jobs/{id}/edit`: the same fields ([`JobForm`]).

use bansou_core::employment::Disclosure;
use bansou_core::leaving::LeavingReason;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::person::PersonHead;
use super::{Page, Place};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct JobPage {
    /// The person.
    pub person: PersonHead,
    /// The job's id; `None` for a new one.
    pub job: Option<String>,
    /// The form.
    pub form: FormState<JobForm>,
    /// There is another job that this one may have followed.
    pub is_change: bool,
    /// Whether the employer knows of the disability. That nobody has said it yet is among the choices only while that is so.
    pub disclosures: &'static [Disclosure],
    /// Why a job can end.
    pub reasons: &'static [LeavingReason],
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobForm {
    /// 企業名.
    pub employer: String,
    /// 入社日.
    pub hired_on: String,
    /// A code of `Disclosure`.
    pub disclosure: String,
    /// `yes`: the office supported the change from the job before to this one.
    pub supported_change: String,
    /// Name of the person one speaks to there; may be empty.
    pub contact_name: String,
    /// Their part or title.
    pub contact_part: String,
    /// Where a request is sent.
    pub contact_email: String,
    /// 退職日, the last day of employment; empty while it lasts.
    pub left_on: String,
    /// A code of `LeavingReason`, or empty.
    pub leaving_reason: String,
    /// The reason in the person's or the employer's words.
    pub leaving_words: String,
    /// What the form showed when it was opened (`merge`).
    pub shown: String,
}

/// The fields that two people can change at once, as the page names them.
pub const FIELDS: [&str; 10] = [
    "employer",
    "hired_on",
    "disclosure",
    "supported_change",
    "contact_name",
    "contact_part",
    "contact_email",
    "left_on",
    "leaving_reason",
    "leaving_words",
];

impl JobPage {
    /// A page with its choices filled in.
    pub fn new(person: PersonHead, job: Option<String>, form: FormState<JobForm>, is_change: bool) -> Self {
        Self { person, job, form, is_change, disclosures: Disclosure::CHOICES, reasons: LeavingReason::ALL }
    }
}

impl Page for JobPage {
    const TEMPLATE: &'static str = "pages/job.html";
    const PLACE: Place = Place::Graduates;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let typed = JobForm {
            employer: "株式会社サンプル物流".to_owned(),
            hired_on: "2026-08-19".to_owned(),
            disclosure: "open".to_owned(),
            contact_name: "例川 実".to_owned(),
            contact_part: "総務・障害者職業生活相談員".to_owned(),
            contact_email: "minoru@example.jp".to_owned(),
            ..JobForm::default()
        };
        let imported = FormState::new(JobForm { disclosure: Disclosure::Unknown.to_string(), ..typed.clone() });
        let imported = Self::new(PersonHead::sample(), Some("018f-job".to_owned()), imported, false);
        let left = JobForm {
            left_on: "2026-08-01".to_owned(),
            leaving_reason: "contract_end".to_owned(),
            contact_email: "minoru".to_owned(),
            ..typed.clone()
        };
        let wrong = FormState::new(left)
            .with_error("left_on", FieldError::EndBeforeStart)
            .with_error("supported_change", FieldError::NoEarlierJob)
            .with_error("contact_email", FieldError::NotAnEmail);
        vec![
            ("new", Self::new(PersonHead::sample(), None, FormState::default(), false)),
            ("edit", Self::new(PersonHead::sample(), Some("018f-job".to_owned()), FormState::new(typed), true)),
            ("unknown", Self { disclosures: Disclosure::ALL, ..imported }),
            ("wrong", Self::new(PersonHead::sample(), Some("018f-job".to_owned()), wrong, true)),
        ]
    }
}
