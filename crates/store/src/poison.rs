//! Messages that can't be worked on: counted, and taken out of everybody's way (P13).

use bansou_core::delivery::DeliveryState;
use bansou_core::ids::{DeliveryId, GraduateId};
use bansou_core::task::{TaskKind, TaskReason};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::deliveries;
use crate::error::Result;
use crate::tasks::NewTask;
use crate::time::to_ms;
use crate::tx::Tx;

/// After so many crashes a message is suspected of bringing the process down (trust.md 3b P13).
pub(crate) const CRASHES: u64 = 3;
/// After so many errors, while others went out, it isn't tried any more.
const ERRORS: u64 = 8;

/// What speaks against a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// Our work on it broke off: it panicked, or never ended.
    Crash,
    /// Its provider failed at it while it took others.
    Error,
}

/// Codes of what was put aside because working on it failed again and again.
pub(crate) const PUT_ASIDE: [&str; 3] = [CRASHED, "failing", "unreadable"];
pub(crate) const CRASHED: &str = "crashed";

impl Tx {
    /// Counts what speaks against a message, and puts it aside when it is too much; says whether it was.
    pub async fn count_against(&self, id: DeliveryId, fence: i64, against: Against) -> Result<bool> {
        let (step, code) = match against {
            Against::Crash => ("crash", CRASHED),
            Against::Error => ("error", PUT_ASIDE[1]),
        };
        self.add_attempt(id, fence, step, None, None, None).await?;
        let is_too_much = match against {
            Against::Crash => self.crashes(id).await? >= CRASHES,
            Against::Error => self.attempts_like(id, step).await? >= ERRORS,
        };
        if is_too_much {
            self.quarantine(id, code).await?;
        }
        Ok(is_too_much)
    }

    /// How often work on a message broke off, and how often whoever had claimed it was never heard of again.
    pub(crate) async fn crashes(&self, id: DeliveryId) -> Result<u64> {
        Ok(self.attempts_like(id, "crash").await? + self.attempts_like(id, "lease_expired").await?)
    }

    /// Gives a delivery that can't be worked on to a person and takes it out of everybody's way (P13). A check-in it
    /// carried is stranded by this and reaches a person as such.
    pub async fn quarantine(&self, id: DeliveryId, code: &str) -> Result<()> {
        let row = deliveries::Entity::find_by_id(id.0)
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let open = [DeliveryState::Due, DeliveryState::Sending, DeliveryState::Unknown].map(DeliveryState::as_str);
        let put_aside = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::State.is_in(open))
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::NeedsPerson.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some(code.to_owned())))
            .col_expr(deliveries::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(to_ms(self.now()))))
            .exec(&self.conn)
            .await?;
        if put_aside.rows_affected == 1 && row.check_in_id.is_none() {
            let key = format!("delivery:{id}");
            let task = NewTask::program(TaskKind::Look, TaskReason::Unclear, key, self.now());
            self.add_task(&NewTask { graduate: row.graduate_id.map(GraduateId), delivery: Some(id), ..task }).await?;
        }
        Ok(())
    }
}
