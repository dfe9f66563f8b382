//! Consent: who may be told what, by which means, until when (domain.md section 7; S2.16).

use chrono::{DateTime, NaiveDate, Utc};

use crate::codes;
use crate::ids::EmployerContactId;

codes! {
    /// What may be talked about with the employer. Diagnosis, medication and family stay out unless they are named here.
    Topic {
        /// How instructions are given.
        Instructions = "instructions",
        /// Amount and pace of work.
        Workload = "workload",
        /// Working hours, breaks, leave.
        Hours = "hours",
        /// Relations at work.
        Relations = "relations",
        /// Place and surroundings.
        Surroundings = "surroundings",
        /// Condition and tiredness.
        Condition = "condition",
        /// Attendance.
        Attendance = "attendance",
    }
}

codes! {
    /// How it was given.
    GivenHow {
        /// On paper.
        Written = "written",
        /// On the person's own page.
        Electronic = "electronic",
        /// Said, and written down by staff.
        Oral = "oral",
    }
}

codes! {
    /// By which means the employer may be told.
    ShareMeans {
        /// E-mail with a secure link.
        Email = "email",
        /// Phone.
        Phone = "phone",
        /// Meeting.
        Meeting = "meeting",
    }
}

/// The parts of a consent that decide whether it covers a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentTerms {
    /// Who may be told.
    pub contact: EmployerContactId,
    /// About what.
    pub topics: Vec<Topic>,
    /// By which means.
    pub means: ShareMeans,
    /// First day, in the office's zone.
    pub given_on: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

codes! {
    /// Why a consent doesn't cover a request.
    NotCovered {
        /// It was withdrawn.
        Withdrawn = "withdrawn",
        /// Its last day has passed.
        Expired = "expired",
        /// It begins later.
        NotYet = "not_yet",
        /// It names somebody else.
        OtherRecipient = "other_recipient",
        /// It doesn't name the topic.
        OtherTopic = "other_topic",
        /// It names another means.
        OtherMeans = "other_means",
    }
}

impl ConsentTerms {
    /// Whether telling `contact` about `topic` by `means` on `today` is covered. Silence is never consent.
    pub fn covers(
        &self,
        contact: EmployerContactId,
        topic: Topic,
        means: ShareMeans,
        today: NaiveDate,
    ) -> Result<(), NotCovered> {
        if self.withdrawn_at.is_some() {
            return Err(NotCovered::Withdrawn);
        }
        if today < self.given_on {
            return Err(NotCovered::NotYet);
        }
        if today > self.valid_until {
            return Err(NotCovered::Expired);
        }
        if self.contact != contact {
            return Err(NotCovered::OtherRecipient);
        }
        if !self.topics.contains(&topic) {
            return Err(NotCovered::OtherTopic);
        }
        if self.means != means {
            return Err(NotCovered::OtherMeans);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(n: u128) -> EmployerContactId {
        EmployerContactId(uuid::Uuid::from_u128(n))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn terms() -> ConsentTerms {
        ConsentTerms {
            contact: contact(1),
            topics: vec![Topic::Instructions],
            means: ShareMeans::Email,
            given_on: day("2026-04-01"),
            valid_until: day("2026-09-30"),
            withdrawn_at: None,
        }
    }

    #[test]
    fn a_consent_covers_only_its_recipient_topic_means_and_days() {
        let on = day("2026-09-30");
        let ask = |terms: &ConsentTerms, who, topic, means, on| terms.covers(who, topic, means, on);
        let (topic, means) = (Topic::Instructions, ShareMeans::Email);
        assert_eq!(ask(&terms(), contact(1), topic, means, on), Ok(()));
        assert_eq!(ask(&terms(), contact(2), topic, means, on), Err(NotCovered::OtherRecipient));
        assert_eq!(ask(&terms(), contact(1), Topic::Condition, means, on), Err(NotCovered::OtherTopic));
        assert_eq!(ask(&terms(), contact(1), topic, ShareMeans::Phone, on), Err(NotCovered::OtherMeans));
        assert_eq!(ask(&terms(), contact(1), topic, means, day("2026-10-01")), Err(NotCovered::Expired));
        assert_eq!(ask(&terms(), contact(1), topic, means, day("2026-03-31")), Err(NotCovered::NotYet));
        let withdrawn = ConsentTerms { withdrawn_at: DateTime::from_timestamp(0, 0), ..terms() };
        assert_eq!(ask(&withdrawn, contact(1), topic, means, on), Err(NotCovered::Withdrawn));
    }
}
