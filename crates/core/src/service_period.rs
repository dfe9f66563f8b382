//! Service periods: after-placement support and its dates.
//!
//! Months are counted as Japanese law counts them (Civil Code art. 143): a period that begins on a day ends on the day
//! before the day of the same number, and where the last month has no such day, on that month's last day. So six
//! months from 1 April end on 30 September (留意事項通知 障発1031001), and six months from 31 August end on 28 or 29 February.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

crate::codes! {
    /// Whose duty the support is.
    ServiceKind {
        /// 就労移行支援: after-placement support in the first six months of a job.
        Transition = "transition",
        /// 就労定着支援: the contract that may follow, for up to three years.
        Retention = "retention",
    }
}

/// One stretch of support under one kind of service. Days are local days of the office, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePeriod {
    /// Under which service.
    pub kind: ServiceKind,
    /// First day of support.
    pub started_on: NaiveDate,
    /// Last day of support; `None` while it lasts.
    pub ended_on: Option<NaiveDate>,
    /// Last day on which the 受給者証 is valid.
    pub certificate_expires_on: Option<NaiveDate>,
    /// Day by which the support plan is looked at again.
    pub plan_review_on: Option<NaiveDate>,
}

/// Why a service period can't be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServicePeriodError {
    /// Support can't end before its first day.
    #[error("a service period ends on or after its first day")]
    EndsBeforeItStarts,
    /// It ended already, on that day.
    #[error("this service period has ended already")]
    EndedAlready(NaiveDate),
}

impl ServicePeriod {
    /// A period that starts on a day and lasts, with the first plan review after six months
    /// (基準省令 第58条, applied mutatis mutandis).
    pub fn start(kind: ServiceKind, started_on: NaiveDate) -> Self {
        let plan_review_on = Some(months_end(started_on, 6));
        Self { kind, started_on, ended_on: None, certificate_expires_on: None, plan_review_on }
    }

    /// Ends the period; the given day is the last one of support.
    pub fn end(self, last_day: NaiveDate) -> Result<Self, ServicePeriodError> {
        if let Some(ended_on) = self.ended_on {
            return Err(ServicePeriodError::EndedAlready(ended_on));
        }
        if last_day < self.started_on {
            return Err(ServicePeriodError::EndsBeforeItStarts);
        }
        Ok(Self { ended_on: Some(last_day), ..self })
    }

    /// Whether at least one day of support falls into the stretch of days (both ends included).
    pub fn overlaps(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.started_on <= to && self.ended_on.is_none_or(|ended_on| ended_on >= from)
    }
}

/// The last day of a period of `months` months that begins on `first_day` (Civil Code art. 143 paragraph 2).
pub fn months_end(first_day: NaiveDate, months: u32) -> NaiveDate {
    let Some(same_day) = first_day.checked_add_months(Months::new(months)) else { return NaiveDate::MAX };
    if same_day.day() < first_day.day() {
        return same_day;
    }
    same_day.checked_sub_days(Days::new(1)).unwrap_or(same_day)
}

/// The day on which a job has been kept for six months: hired on 1 April, reached on 30 September.
pub fn six_month_on(hired_on: NaiveDate) -> NaiveDate {
    months_end(hired_on, 6)
}

/// The first day on which 就労定着支援 can be used: the day after [`six_month_on`].
///
/// For somebody who went on using another service after being hired, or came back from leave, the six months count
/// from the end of that service (留意事項通知): pass the day after its last day as `counted_from`.
pub fn service_usable_from(counted_from: NaiveDate) -> NaiveDate {
    let six_month_on = six_month_on(counted_from);
    six_month_on.checked_add_days(Days::new(1)).unwrap_or(six_month_on)
}

/// The last possible day of 就労定着支援: three years from its start, and at the latest three years and six months from
/// the day the six months were counted from.
pub fn support_ends_on(counted_from: NaiveDate, started_on: NaiveDate) -> NaiveDate {
    months_end(started_on, 36).min(months_end(counted_from, 42))
}

/// The last day on which the hand-over to employer and agencies is in time: three months before the end of support.
/// Missing it costs 支援体制構築未実施減算 (Q&A R6.3.29 問59).
pub fn hand_over_by(support_ends_on: NaiveDate) -> NaiveDate {
    support_ends_on.checked_sub_months(Months::new(3)).unwrap_or(support_ends_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[test]
    fn six_months_from_the_first_of_april_are_reached_on_the_last_of_september() {
        assert_eq!(six_month_on(day("2024-04-01")), day("2024-09-30"));
        assert_eq!(service_usable_from(day("2024-04-01")), day("2024-10-01"));
    }

    #[test]
    fn after_another_service_the_six_months_count_from_its_end() {
        // Hired on 1 April, 就労移行 until 30 June: counted from 1 July.
        assert_eq!(six_month_on(day("2024-07-01")), day("2024-12-31"));
        assert_eq!(service_usable_from(day("2024-07-01")), day("2025-01-01"));
    }

    #[test]
    fn a_month_without_the_day_ends_the_period_on_its_last_day() {
        assert_eq!(six_month_on(day("2024-08-31")), day("2025-02-28"));
        assert_eq!(six_month_on(day("2023-08-31")), day("2024-02-29"));
        assert_eq!(six_month_on(day("2023-08-30")), day("2024-02-29"));
        assert_eq!(six_month_on(day("2023-08-29")), day("2024-02-28"));
        assert_eq!(service_usable_from(day("2024-08-31")), day("2025-03-01"));
        assert_eq!(months_end(day("2024-02-29"), 12), day("2025-02-28"));
    }

    #[test]
    fn support_ends_after_three_years_and_never_later_than_forty_two_months_after_hiring() {
        assert_eq!(support_ends_on(day("2022-04-01"), day("2022-10-01")), day("2025-09-30"));
        assert_eq!(support_ends_on(day("2022-04-01"), day("2023-01-01")), day("2025-09-30"));
        assert_eq!(hand_over_by(day("2025-09-30")), day("2025-06-30"));
    }

    #[test]
    fn a_period_ends_once_and_not_before_it_starts() {
        let period = ServicePeriod::start(ServiceKind::Retention, day("2024-10-01"));
        assert_eq!(period.plan_review_on, Some(day("2025-03-31")));
        assert_eq!(period.clone().end(day("2024-09-30")), Err(ServicePeriodError::EndsBeforeItStarts));
        let ended = period.end(day("2024-10-01")).expect("ends on its first day");
        assert_eq!(ended.clone().end(day("2025-01-01")), Err(ServicePeriodError::EndedAlready(day("2024-10-01"))));
        assert!(ended.overlaps(day("2024-10-01"), day("2025-03-31")));
        assert!(!ended.overlaps(day("2024-10-02"), day("2025-03-31")));
    }
}
