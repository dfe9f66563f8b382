//! Asking an employer for one small thing: the form, from a confirmed sign or for a draft that is being changed.
//!
//! - `GET /signs/{id}/escalate` shows it empty, `POST` to the same path saves a draft and leads to `/escalations/{id}`.
//! - `GET /escalations/{id}/edit` shows the draft, `POST` saves it; the person then has to read it again.
//! - Fields: `recipient` (contact id, colon, topic code: exactly what a consent covers), `request`, `purpose`, `fact1_on`, `fact1_source`,
//!   `fact1_text` (also 2 and 3; empty rows are left out), `question`, `answer_by`, `our_part`, `review_on`.
//!
//! What staff think may be behind it has no field here (S2.6).

use bansou_core::consent::Topic;
use bansou_core::escalation::{Fact, FactSource, REQUEST_MAX, Request};
use bansou_core::roster::parse_date;
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
    /// Where the form is opened; a consent that is recorded meanwhile leads back to it.
    pub form_place: String,
    /// Nobody may be asked (any more), and the form holds words that somebody wrote.
    pub has_words: bool,
    /// The way back.
    pub back: String,
    /// The sign that gives rise to it.
    pub sign: SignQuote,
    /// What the person's valid consents cover. Empty: nobody may be asked, and [`EscalatePage::blocked`] says why.
    pub recipients: Vec<Recipient>,
    /// Why nobody may be asked.
    pub blocked: Option<Blocked>,
    /// The job on whose form somebody says whether the employer knows, where that is why.
    pub unsettled: Option<String>,
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
        /// There is one, but for telling by phone or in a meeting only.
        OtherMeans = "other_means",
        /// The employer doesn't know of the disability.
        ClosedDisclosure = "closed_disclosure",
        /// Nobody has said yet whether the employer knows of it.
        UnknownDisclosure = "unknown_disclosure",
        /// Nobody at the company is on record.
        NoContact = "no_contact",
        /// Not employed now.
        NoJob = "no_job",
    }
}

/// What the form asks for, once nothing is wrong with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// The contact's id as it was sent.
    pub contact: String,
    /// About what.
    pub topic: Topic,
    /// The words.
    pub request: Request,
    /// When to look again.
    pub review_on: NaiveDate,
}

const FACT_FIELDS: [(&str, &str, &str); FACT_ROWS] = [
    ("fact1_on", "fact1_source", "fact1_text"),
    ("fact2_on", "fact2_source", "fact2_text"),
    ("fact3_on", "fact3_source", "fact3_text"),
];

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

    /// Reads the form on `today` (the office's day). `Err` is the form with its errors; whether the choice is covered by a consent is
    /// checked by the store.
    pub fn read(self, today: NaiveDate) -> Result<Asked, Box<FormState<Self>>> {
        let mut errors = Vec::new();
        let chosen = self.chosen().map(|(contact, topic)| (contact.to_owned(), topic));
        if chosen.is_none() {
            errors.push(("recipient", FieldError::NotAChoice));
        }
        let length = self.request.trim().chars().count();
        if length == 0 {
            errors.push(("request", FieldError::Required));
        } else if length > REQUEST_MAX {
            errors.push(("request", FieldError::TooLong { max: REQUEST_MAX, now: length }));
        }
        if self.purpose.trim().is_empty() {
            errors.push(("purpose", FieldError::Required));
        }
        let facts = self.read_facts(today, &mut errors);
        if self.question.trim().is_empty() {
            errors.push(("question", FieldError::Required));
        } else if !self.question.trim().ends_with(['か', '。', '？', '?']) {
            errors.push(("question", FieldError::NotAQuestion));
        }
        let answer_by = read_day_ahead("answer_by", &self.answer_by, today, &mut errors);
        let review_on = read_day_ahead("review_on", &self.review_on, today, &mut errors);
        let (Some((contact, topic)), Some(answer_by), Some(review_on), true) =
            (chosen, answer_by, review_on, errors.is_empty())
        else {
            let state = FormState::new(self);
            return Err(Box::new(errors.into_iter().fold(state, |form, (field, error)| form.with_error(field, error))));
        };
        let request = Request {
            request: self.request.trim().to_owned(),
            purpose: self.purpose.trim().to_owned(),
            facts,
            question: self.question.trim().to_owned(),
            answer_by,
            our_part: self.our_part.trim().to_owned(),
        };
        Ok(Asked { contact, topic, request, review_on })
    }

    /// The rows that hold something; at least one is needed.
    fn read_facts(&self, today: NaiveDate, errors: &mut Vec<(&'static str, FieldError)>) -> Vec<Fact> {
        let mut facts = Vec::new();
        for ((on, source, text), (on_field, source_field, text_field)) in self.facts().into_iter().zip(FACT_FIELDS) {
            let is_first = on_field == FACT_FIELDS[0].0;
            if !is_first && on.trim().is_empty() && text.trim().is_empty() {
                continue;
            }
            let on = parse_date(on).map_err(|_| FieldError::NotADate);
            let on = on.and_then(|on| if on > today { Err(FieldError::InFuture) } else { Ok(on) });
            let on = on.map_err(|error| errors.push((on_field, error))).ok();
            let source = source.parse().map_err(|_| errors.push((source_field, FieldError::NotAChoice))).ok();
            if text.trim().is_empty() {
                errors.push((text_field, FieldError::Required));
            }
            if let (Some(on), Some(source)) = (on, source) {
                facts.push(Fact { on, source, text: text.trim().to_owned() });
            }
        }
        facts
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

fn read_day_ahead(
    field: &'static str,
    text: &str,
    today: NaiveDate,
    errors: &mut Vec<(&'static str, FieldError)>,
) -> Option<NaiveDate> {
    let Ok(day) = parse_date(text) else {
        errors.push((field, FieldError::NotADate));
        return None;
    };
    if day <= today {
        errors.push((field, FieldError::NotInFuture));
    }
    Some(day)
}

impl Page for EscalatePage {
    const TEMPLATE: &'static str = "pages/escalate.html";
    const PLACE: Place = Place::Signs;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            person: PersonHead::sample(),
            action: "/signs/018f-sign/escalate".to_owned(),
            form_place: "/signs/018f-sign/escalate".to_owned(),
            has_words: false,
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
            unsettled: None,
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
            (
                "consent-over-typed",
                Self { has_words: true, form: FormState::new(EscalateForm::sample()), ..blocked(Blocked::ConsentOver) },
            ),
            ("other-means", blocked(Blocked::OtherMeans)),
            ("closed", blocked(Blocked::ClosedDisclosure)),
            ("unknown", Self { unsettled: Some("018f-job".to_owned()), ..blocked(Blocked::UnknownDisclosure) }),
            ("no-contact", blocked(Blocked::NoContact)),
            ("no-job", blocked(Blocked::NoJob)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: EscalateForm) -> Result<Asked, Box<FormState<EscalateForm>>> {
        form.read("2026-11-18".parse().unwrap())
    }

    #[test]
    fn a_complete_form_is_a_request_that_core_finds_nothing_wrong_with() {
        let asked = read(EscalateForm::sample()).ok().unwrap();
        assert_eq!((asked.contact.as_str(), asked.topic), ("018f-contact", Topic::Instructions));
        assert_eq!(asked.request.facts.len(), 2, "the empty third row is left out");
        assert!(asked.request.problems("2026-11-18".parse().unwrap()).is_empty());
    }

    #[test]
    fn every_gap_is_named_at_its_field() {
        let fields = |form| read(form).err().unwrap().errors.keys().copied().collect::<Vec<_>>();
        let all = [
            "answer_by",
            "fact1_on",
            "fact1_source",
            "fact1_text",
            "purpose",
            "question",
            "recipient",
            "request",
            "review_on",
        ];
        assert_eq!(fields(EscalateForm::default()), all);
        let odd = EscalateForm {
            request: "あ".repeat(REQUEST_MAX + 1),
            fact1_on: "2026-11-19".to_owned(),
            fact2_source: String::new(),
            answer_by: "2026-11-18".to_owned(),
            ..EscalateForm::sample()
        };
        assert_eq!(fields(odd), ["answer_by", "fact1_on", "fact2_source", "request"]);
    }

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
