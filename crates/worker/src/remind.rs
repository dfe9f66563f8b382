//! Reminding: what has a day of its own comes back to staff on that day, without anybody having to think of it.
//!
//! Three things: a request to an employer that nobody answered in time, the day to look back on one (S2.9), and a pause
//! without an end, about which staff ask once a month so that nobody is forgotten in it.

use bansou_core::escalation::EscalationState;
use bansou_core::graduate::Support;
use bansou_core::ids::{EscalationId, GraduateId, OfficeId};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewTask, Tx};
use chrono::{Datelike, NaiveDate};

use crate::engine::Engine;
use crate::error::Result;

impl Engine {
    /// Makes the tasks of the day; returns how many were made. Each is made once.
    pub async fn remind(&self) -> Result<u64> {
        let offices = self.parts.store.offices().await?.into_iter().map(|office| office.id).collect();
        Ok(self.for_each(offices, "remind", |engine, office| Box::pin(engine.remind_office(office))).await)
    }

    async fn remind_office(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.begin(office).await?;
        let today = self.now().with_timezone(&tx.own_office().await?.zone).date_naive();
        let made = requests(&tx, today).await? + pauses(&tx, today).await?;
        tx.save().await?;
        Ok(made)
    }
}

async fn requests(tx: &Tx, today: NaiveDate) -> Result<u64> {
    let mut made = 0;
    let sent = tx.escalations_in(&[EscalationState::Sent]).await?;
    let late = sent.into_iter().filter(|request| request.request.answer_by < today);
    for request in late {
        made += once(tx, TaskReason::AnswerOverdue, (request.id, request.graduate), request.request.answer_by).await?;
    }
    for request in tx.escalations_to_review(today).await? {
        // One that isn't answered yet has its own reminder.
        if request.state != EscalationState::Sent {
            made += once(tx, TaskReason::ReviewDue, (request.id, request.graduate), request.review_on).await?;
        }
    }
    Ok(made)
}

async fn once(tx: &Tx, reason: TaskReason, about: (EscalationId, GraduateId), day: NaiveDate) -> Result<u64> {
    // A day that is moved brings a new task.
    let task = NewTask::about_request(TaskKind::Employer, reason, about, &day.to_string(), tx.now());
    Ok(u64::from(tx.add_task(&task).await?.is_some()))
}

async fn pauses(tx: &Tx, today: NaiveDate) -> Result<u64> {
    let mut made = 0;
    for person in tx.open_pauses().await? {
        let Some(from) = person.pause.map(|pause| pause.dates.from).filter(|_| person.support == Support::Supported)
        else {
            continue;
        };
        let months = whole_months(from, today);
        if months == 0 {
            continue;
        }
        let key = format!("pause:{}:{from}:{months}", person.id);
        let task = NewTask::program(TaskKind::Look, TaskReason::PauseOpen, key, tx.now());
        made += u64::from(tx.add_task(&NewTask { graduate: Some(person.id), ..task }).await?.is_some());
    }
    Ok(made)
}

/// Months that have passed in full; the 31st's month is over on the last day of a shorter one.
fn whole_months(from: NaiveDate, today: NaiveDate) -> u32 {
    let months = (today.year() - from.year()) * 12 + today.month0().cast_signed() - from.month0().cast_signed();
    let Ok(months) = u32::try_from(months) else { return 0 };
    let full = from.checked_add_months(chrono::Months::new(months)).is_some_and(|day| day <= today);
    if full { months } else { months.saturating_sub(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_over_on_the_same_day_of_the_next_or_on_its_last() {
        let months = |from: &str, today: &str| whole_months(from.parse().unwrap(), today.parse().unwrap());
        assert_eq!(months("2026-01-31", "2026-02-27"), 0);
        assert_eq!(months("2026-01-31", "2026-02-28"), 1);
        assert_eq!(months("2025-12-15", "2026-01-14"), 0);
        assert_eq!(months("2025-12-15", "2026-12-15"), 12);
        assert_eq!(months("2026-12-15", "2026-01-15"), 0);
    }
}
