//! Silence: an answer that doesn't come is noticed, measured against the person's own habit.

use bansou_core::check_in::CheckInState;
use bansou_core::ids::{CheckInId, OfficeId};
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{CheckIn, NewSign, NewTask, SignPlace, crash_point};
use chrono::{DateTime, Utc};

use crate::engine::{Engine, cause, kept};
use crate::error::Result;
use crate::plan::not_contacted;

const BATCH: u64 = 100;
/// So many check-ins in a row without an answer suggest a sign.
const IN_A_ROW: usize = 2;
/// So many of the newest rows are looked at for it.
const LOOKS_AT: u64 = 10;

impl Engine {
    /// Closes check-ins whose answer is overdue and makes the call tasks; returns how many were closed.
    pub async fn silence(&self) -> Result<u64> {
        if self.has_forgotten().await? {
            // An answer may have come in the forgotten time.
            return Ok(0);
        }
        let offices = self.parts.store.offices_with_silence(self.now()).await?;
        Ok(self.for_each(offices, "silence", |engine, office| Box::pin(engine.silence_office(office))).await)
    }

    async fn silence_office(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.read(office).await?;
        let silent = tx.check_ins_past_answer(self.now(), BATCH).await?;
        drop(tx);
        let mut noticed = 0;
        for id in silent {
            let error = match kept(self.notice_silence(office, id)).await {
                Ok(closed) => {
                    noticed += u64::from(closed);
                    continue;
                }
                Err(error) => error,
            };
            tracing::error!(check_in = %id, error = %error, cause = cause(&error), "silence wasn't noticed in full");
            if !error.is_temporary() {
                noticed += u64::from(self.notice_the_least(office, id).await?);
            }
        }
        Ok(noticed)
    }

    /// Where habits or the person can't be read: a call is asked for all the same, and nobody else waits (P10, P13).
    async fn notice_the_least(&self, office: OfficeId, id: CheckInId) -> Result<bool> {
        let tx = self.parts.store.begin(office).await?;
        let Some(check_in) = tx.lock_check_in(id).await?.filter(|row| row.state == CheckInState::Out) else {
            return Ok(false);
        };
        tx.close_check_in(id, CheckInState::Silent, None).await?;
        tx.add_task(&call(&check_in, self.now())).await?;
        tx.save().await?;
        Ok(true)
    }

    /// One check-in, one unit of work; false when it was answered meanwhile.
    async fn notice_silence(&self, office: OfficeId, id: CheckInId) -> Result<bool> {
        let tx = self.parts.store.begin(office).await?;
        let Some(check_in) = tx.lock_check_in(id).await? else { return Ok(false) };
        if check_in.state != CheckInState::Out {
            return Ok(false);
        }
        tx.close_check_in(id, CheckInState::Silent, None).await?;
        let person = tx.graduate(check_in.graduate).await?;
        let today = self.now().with_timezone(&tx.own_office().await?.zone).date_naive();
        if person.is_none_or(|person| not_contacted(&person, today).is_some()) {
            // Somebody who has asked for quiet since isn't rung up for keeping it.
            tx.save().await?;
            return Ok(true);
        }
        tx.add_task(&call(&check_in, self.now())).await?;
        let lately = tx.check_ins_of(check_in.graduate, LOOKS_AT).await?;
        // A newer one may be out already; it says nothing yet.
        let sent = lately.iter().filter(|row| row.sent_at.is_some() && row.due_on <= check_in.due_on);
        let in_a_row = sent.take_while(|row| row.state == CheckInState::Silent).count();
        if in_a_row >= IN_A_ROW {
            tx.suggest_sign(&NewSign {
                graduate: check_in.graduate,
                source: SignSource::Silence,
                category: SignCategory::Isolation,
                level: if in_a_row > IN_A_ROW { SignLevel::Clear } else { SignLevel::Faint },
                quote: String::new(),
                place: SignPlace::CheckIn(id),
            })
            .await?;
        }
        crash_point!("silence.before_commit")?;
        tx.save().await?;
        crash_point!("silence.committed")?;
        Ok(true)
    }
}

/// The call that takes the place of an answer.
fn call(check_in: &CheckIn, now: DateTime<Utc>) -> NewTask {
    NewTask {
        graduate: Some(check_in.graduate),
        check_in: Some(check_in.id),
        ..NewTask::program(TaskKind::Call, TaskReason::Silent, format!("check-in:{}", check_in.id), now)
    }
}
