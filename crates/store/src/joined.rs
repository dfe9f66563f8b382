//! A question that was planned for today and is asked within an answer of staff instead (S2.3).
//!
//! It is let go in the unit of work that writes the answer, and only where no claim has ever taken it: whichever commits first
//! wins, so that nobody is asked twice and no question is lost. An answer that is taken back before it goes gives it back.

use bansou_core::audit::Actor;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::{CheckInId, GraduateId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::deliveries::Delivery;
use crate::entity::{check_ins, deliveries};
use crate::error::Result;
use crate::time::to_ms;
use crate::tx::Tx;

impl Delivery {
    /// Whether it carries the question of a check-in and no claim has ever taken it.
    pub fn is_waiting_question(&self) -> bool {
        self.purpose == Purpose::CheckIn
            && self.state == DeliveryState::Due
            && self.attempts == 0
            && self.check_in.is_some()
    }
}

impl Tx {
    /// Lets the planned check-in of a graduate go, because an answer asks its question. False where it isn't theirs, is closed, or
    /// may be on its way by any channel; nothing is changed then.
    pub async fn join_question(&self, staff: StaffId, graduate: GraduateId, id: CheckInId) -> Result<bool> {
        let row = self.check_in(id).await?.filter(|row| row.graduate == graduate);
        let waits = row.is_some_and(|row| row.state.may_become(CheckInState::Skipped));
        if !waits || self.deliveries_of_check_in(id).await?.iter().any(|delivery| delivery.attempts > 0) {
            return Ok(false);
        }
        let cancel = deliveries::Entity::update_many()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::CheckInId.eq(id.0))
            .filter(deliveries::Column::Purpose.eq(Purpose::CheckIn.as_str()))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .filter(deliveries::Column::Attempts.eq(0))
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Cancelled.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some(CloseReason::Joined.as_str())))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(to_ms(self.now()))));
        // Claimed since it was read: then it goes out.
        if cancel.exec(&self.conn).await?.rows_affected == 0 {
            return Ok(false);
        }
        self.close_check_in(id, CheckInState::Skipped, Some(CloseReason::Joined)).await?;
        let detail = json!({ "graduate": graduate });
        self.audit(Actor::staff(staff), "check_in.join", "check_in", Some(id.0), detail).await?;
        Ok(true)
    }

    /// The answer that asked the question is taken back before it went: the check-in is planned as before. Where its window is
    /// over by now, the late rule decides as for any other: a later window, or a person.
    pub(crate) async fn part_question(&self, actor: Actor, graduate: GraduateId, id: CheckInId) -> Result<()> {
        let row = self.lock_check_in(id).await?;
        let Some(state) = row.and_then(|row| row.state.parted(row.state_reason)) else { return Ok(()) };
        deliveries::Entity::update_many()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::CheckInId.eq(id.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Cancelled.as_str()))
            .filter(deliveries::Column::StateCode.eq(CloseReason::Joined.as_str()))
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Due.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(None::<String>))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(None::<i64>))
            .exec(&self.conn)
            .await?;
        check_ins::Entity::update_many()
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .filter(check_ins::Column::Id.eq(id.0))
            .col_expr(check_ins::Column::State, Expr::value(state.as_str()))
            .col_expr(check_ins::Column::StateReason, Expr::value(None::<String>))
            .col_expr(check_ins::Column::ClosedAt, Expr::value(None::<i64>))
            .exec(&self.conn)
            .await?;
        let detail = json!({ "graduate": graduate });
        self.audit(actor, "check_in.part", "check_in", Some(id.0), detail).await
    }
}
