//! Escalation: one small request to an employer, with the graduate's consent (domain.md section 6, S2.7–S2.11).
//!
//! A [`Request`] has no place for an interpretation: what staff think may be behind it can't be put in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes;

codes! {
    /// Where a request stands.
    EscalationState {
        /// Being written.
        Draft = "draft",
        /// The graduate has read these very words.
        ReadByPerson = "read",
        /// Sent to the employer.
        Sent = "sent",
        /// The employer answered.
        Answered = "answered",
        /// It was tried.
        Tried = "tried",
        /// It was looked at again.
        Reviewed = "reviewed",
        /// Taken back before it was answered.
        Withdrawn = "withdrawn",
    }
}

impl EscalationState {
    /// Whether a request may go from this state to `next`. It can't be sent before the person has read it.
    pub fn may_become(self, next: Self) -> bool {
        use EscalationState::{Answered, Draft, ReadByPerson, Reviewed, Sent, Tried, Withdrawn};
        match self {
            Draft => matches!(next, ReadByPerson | Withdrawn),
            ReadByPerson => matches!(next, Draft | Sent | Withdrawn),
            Sent => matches!(next, Answered | Withdrawn),
            Answered => matches!(next, Tried | Reviewed),
            Tried => matches!(next, Reviewed),
            Reviewed | Withdrawn => false,
        }
    }
}

codes! {
    /// Where a fact comes from.
    FactSource {
        /// 本人談
        Person = "person",
        /// 会社談
        Employer = "employer",
        /// 支援員の観察
        Staff = "staff",
    }
}

/// Something that was seen or said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// When.
    pub on: NaiveDate,
    /// By whom.
    pub source: FactSource,
    /// What, in one sentence.
    pub text: String,
}

/// What the employer gets to read, and nothing else; stored encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// One concrete, small request; it comes first (S2.11).
    pub request: String,
    /// Why it is asked, in one sentence (S2.8).
    pub purpose: String,
    /// What was seen or said.
    pub facts: Vec<Fact>,
    /// A question that yes, no or another idea answers (S2.10).
    pub question: String,
    /// Until when an answer would help (S2.7).
    pub answer_by: NaiveDate,
    /// What the graduate and the office will do.
    #[serde(default)]
    pub our_part: String,
}

/// Longest request, in characters (ux.md A1).
pub const REQUEST_MAX: usize = 120;

/// What is missing in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No request, or too long a one.
    #[error("the request is missing or longer than {REQUEST_MAX} characters")]
    Request,
    /// No purpose.
    #[error("the purpose is missing")]
    Purpose,
    /// No fact.
    #[error("a request needs at least one fact with date and source")]
    Facts,
    /// The question isn't closed.
    #[error("the question is missing or doesn't end as a question")]
    Question,
    /// The date for the answer lies in the past.
    #[error("the date for the answer has passed")]
    AnswerBy,
}

impl Request {
    /// Everything that is missing, in the order of the form.
    pub fn problems(&self, today: NaiveDate) -> Vec<RequestError> {
        let mut problems = Vec::new();
        let length = self.request.trim().chars().count();
        if length == 0 || length > REQUEST_MAX {
            problems.push(RequestError::Request);
        }
        if self.purpose.trim().is_empty() {
            problems.push(RequestError::Purpose);
        }
        if self.facts.is_empty() || self.facts.iter().any(|fact| fact.text.trim().is_empty() || fact.on > today) {
            problems.push(RequestError::Facts);
        }
        if !self.question.trim().ends_with(['か', '。', '？', '?']) || self.question.trim().is_empty() {
            problems.push(RequestError::Question);
        }
        if self.answer_by < today {
            problems.push(RequestError::AnswerBy);
        }
        problems
    }
}

codes! {
    /// The employer's closed answer.
    AnswerKind {
        /// We'll do it.
        Yes = "yes",
        /// We can't.
        No = "no",
        /// We have another idea.
        OtherIdea = "other",
    }
}

/// What the employer answered; stored encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerAnswer {
    /// Yes, no or another idea.
    pub kind: AnswerKind,
    /// From when, or by when more will be said (S2.7: a date for the date is possible).
    pub on: Option<NaiveDate>,
    /// Free words.
    #[serde(default)]
    pub text: String,
    /// Whether the graduate may read the words.
    pub may_show: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn request() -> Request {
        Request {
            request: "10月末まで、朝礼のあとに1日の作業を紙で渡していただけませんか。".into(),
            purpose: "順番が分かると落ち着いて始められるためです。".into(),
            facts: vec![Fact {
                on: day("2026-10-01"),
                source: FactSource::Person,
                text: "指示がいくつも重なると分からなくなる。".into(),
            }],
            question: "できそうですか。".into(),
            answer_by: day("2026-10-10"),
            our_part: String::new(),
        }
    }

    #[test]
    fn nothing_reaches_an_employer_before_the_person_has_read_it() {
        assert!(!EscalationState::Draft.may_become(EscalationState::Sent));
        assert!(EscalationState::ReadByPerson.may_become(EscalationState::Sent));
    }

    #[test]
    fn a_complete_request_has_no_problems_and_each_gap_is_named() {
        assert!(request().problems(day("2026-10-02")).is_empty());
        let empty = Request { request: "あ".repeat(121), facts: vec![], purpose: " ".into(), ..request() };
        assert_eq!(
            empty.problems(day("2026-10-11")),
            [RequestError::Request, RequestError::Purpose, RequestError::Facts, RequestError::AnswerBy]
        );
    }
}
