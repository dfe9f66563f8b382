//! Asking an employer for one small thing: the form, from a confirmed sign or for a draft that is being changed.
//!
//! - `GET /signs/{id}/escalate` shows it empty, `POST` to the same path saves a draft and leads to `/escalations/{id}`.
//! - `GET /escalations/{id}/edit` shows the draft, `POST` saves it; the person then has to read it again.
//! - Fields: `recipient` (contact id, colon, topic code: exactly what a consent covers), `request`, `purpose`, `fact1_on`, `fact1_source`,
//!   `fact1_text` (also 2 and 3; empty rows are left out), `question`, `answer_by`, `our_part`, `review_on`.
//!
//! What staff think may be behind it has no field here (S2.6).

use bansou_core::consent::Topic;
use bansou_core::escalation::{FactSource, REQUEST_MAX};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::letter::Letter;
use super::person::PersonHead;
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// Rows for facts.
pub const FACT_ROWS: usize = 3;

/// The page.
#[derive(Clone, Serialize)]
pub struct EscalatePage {
    /// About whom.
    pub person: PersonHead,
    /// Where the form goes.
    pub action: String,
    /// The way back.
    pub back: String,
    /// The sign that gives rise to it.
    pub sign: SignQuote,
    /// What the person's valid consents cover. Empty: nobody may be asked, and [`EscalatePage::blocked`] says why.
    pub recipients: Vec<Recipient>,
    /// Why nobody may be asked.
    pub blocked: Option<Blocked>,
    /// The form.
    pub form: FormState<EscalateForm>,
    /// Longest request, in characters.
    pub request_max: usize,
    /// Rows for facts.
    pub fact_rows: usize,
    /// Who may have said a fact.
    pub sources: &'static [FactSource],
}

/// The sign in short.
#[derive(Clone, Serialize)]
pub struct SignQuote {
    /// Its name in words.
    pub label: String,
    /// The words that show it.
    pub quote: String,
    /// When they were said.
    pub at: LocalTime,
}

/// Somebody who may be told about some topics.
#[derive(Clone, Serialize)]
pub struct Recipient {
    /// The contact's id.
    pub contact: String,
    /// Name.
    pub name: String,
    /// Part or title; may be empty.
    pub part: String,
    /// The company.
    pub company: String,
    /// What the consent covers.
    pub topics: Vec<Topic>,
    /// Last day of the consent.
    pub valid_until: NaiveDate,
}

bansou_core::codes! {
    /// Why nobody at the company may be asked.
    Blocked {
        /// No consent covers anybody.
        NoConsent = "no_consent",
        /// There was one; its last day has passed or it was withdrawn.
        ConsentOver = "consent_over",
        /// The employer doesn't know of the disability.
        ClosedDisclosure = "closed_disclosure",
        /// Nobody at the company is on record.
        NoContact = "no_contact",
        /// Not employed now.
        NoJob = "no_job",
    }
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EscalateForm {
    /// Contact id and topic, `018f…:instructions`.
    pub recipient: String,
    /// The request.
    pub request: String,
    /// Why it is asked.
    pub purpose: String,
    /// First fact: when.
    pub fact1_on: String,
    /// First fact: who says so.
    pub fact1_source: String,
    /// First fact: what.
    pub fact1_text: String,
    /// Second fact: when.
    pub fact2_on: String,
    /// Second fact: who says so.
    pub fact2_source: String,
    /// Second fact: what.
    pub fact2_text: String,
    /// Third fact: when.
    pub fact3_on: String,
    /// Third fact: who says so.
    pub fact3_source: String,
    /// Third fact: what.
    pub fact3_text: String,
    /// The closed question.
    pub question: String,
    /// Until when an answer would help.
    pub answer_by: String,
    /// What the graduate and the office do.
    pub our_part: String,
    /// When to look again.
    pub review_on: String,
}

impl EscalateForm {
    /// The fact rows as typed: day, source, sentence.
    pub fn facts(&self) -> [(&str, &str, &str); FACT_ROWS] {
        [
            (&self.fact1_on, &self.fact1_source, &self.fact1_text),
            (&self.fact2_on, &self.fact2_source, &self.fact2_text),
            (&self.fact3_on, &self.fact3_source, &self.fact3_text),
        ]
    }

    /// The chosen contact and topic; `None` when nothing of that shape was sent.
    pub fn chosen(&self) -> Option<(&str, Topic)> {
        let (contact, topic) = self.recipient.split_once(':')?;
        Some((contact, topic.parse().ok()?))
    }

    fn sample() -> Self {
        let letter = Letter::sample();
        Self {
            recipient: "018f-contact:instructions".to_owned(),
            request: letter.request,
            purpose: letter.purpose,
            fact1_on: "2026-11-12".to_owned(),
            fact1_source: "person".to_owned(),
            fact1_text: letter.facts[0].text.clone(),
            fact2_on: "2026-11-17".to_owned(),
            fact2_source: "staff".to_owned(),
            fact2_text: letter.facts[1].text.clone(),
            question: letter.question,
            answer_by: "2026-11-30".to_owned(),
            our_part: letter.our_part,
            review_on: "2026-12-14".to_owned(),
            ..Self::default()
        }
    }
}

impl Page for EscalatePage {
    const TEMPLATE: &'static str = "pages/escalate.html";
    const PLACE: Place = Place::Signs;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            person: PersonHead::sample(),
            action: "/signs/018f-sign/escalate".to_owned(),
            back: "/signs?show=open".to_owned(),
            sign: SignQuote {
                label: said(lang, "指示の出し方", "Instructions at work"),
                quote: "やることが一度に来て、どれからか分からなくなります".to_owned(),
                at: sample_time("2026-11-12T18:20"),
            },
            recipients: vec![Recipient {
                contact: "018f-contact".to_owned(),
                name: "例山 ひとみ".to_owned(),
                part: "障害者職業生活相談員".to_owned(),
                company: "株式会社サンプル物流".to_owned(),
                topics: vec![Topic::Instructions, Topic::Workload],
                valid_until: "2027-03-31".parse().expect("a date written in a sample"),
            }],
            blocked: None,
            form: FormState::new(EscalateForm::default()),
            request_max: REQUEST_MAX,
            fact_rows: FACT_ROWS,
            sources: FactSource::ALL,
        };
        let typed = EscalateForm {
            request: "もう少しやさしくしてほしい。".repeat(10),
            purpose: String::new(),
            fact2_on: "2026/13/40".to_owned(),
            question: "どうすればよいと思いますか".to_owned(),
            answer_by: "2026-11-01".to_owned(),
            ..EscalateForm::sample()
        };
        let wrong = FormState::new(typed)
            .with_error("request", FieldError::TooLong { max: REQUEST_MAX, now: 140 })
            .with_error("purpose", FieldError::Required)
            .with_error("fact2_on", FieldError::NotADate)
            .with_error("question", FieldError::NotAQuestion)
            .with_error("answer_by", FieldError::NotInFuture);
        let blocked = |why| Self { recipients: Vec::new(), blocked: Some(why), ..usual.clone() };
        vec![
            ("first", usual.clone()),
            ("filled", Self { form: FormState::new(EscalateForm::sample()), ..usual.clone() }),
            ("wrong", Self { form: wrong, ..usual.clone() }),
            ("no-consent", blocked(Blocked::NoConsent)),
            ("consent-over", blocked(Blocked::ConsentOver)),
            ("closed", blocked(Blocked::ClosedDisclosure)),
            ("no-contact", blocked(Blocked::NoContact)),
            ("no-job", blocked(Blocked::NoJob)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_names_a_contact_and_a_topic_or_is_none() {
        let choice = |text: &str| {
            let form = EscalateForm { recipient: text.to_owned(), ..EscalateForm::default() };
            form.chosen().map(|(contact, topic)| (contact.to_owned(), topic))
        };
        assert_eq!(choice("abc:workload"), Some(("abc".to_owned(), Topic::Workload)));
        assert_eq!(choice("abc:diagnosis"), None);
        assert_eq!(choice(""), None);
    }
}
