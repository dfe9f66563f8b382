//! How much waits to be sent, and until when.

use bansou_core::delivery::DeliveryState;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::entity::deliveries;
use crate::error::Result;
use crate::time::from_ms;
use crate::tx::Tx;

/// What waits, in the words of its index: neither database uses it otherwise.
const WAITING: &str = "state IN ('due', 'unknown')";

impl Tx {
    /// How many deliveries of the office wait to go out.
    pub async fn deliveries_waiting(&self) -> Result<u64> {
        let found = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(Expr::cust(WAITING))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()));
        Ok(found.count(&self.conn).await?)
    }

    /// How many deliveries of the office stand in a state; for measuring.
    pub async fn deliveries_in(&self, state: DeliveryState) -> Result<u64> {
        let found = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(state.as_str()));
        Ok(found.count(&self.conn).await?)
    }

    /// The latest moment for which something is planned that waits; for measuring.
    pub async fn last_due(&self) -> Result<Option<DateTime<Utc>>> {
        let at: Option<Option<i64>> = deliveries::Entity::find()
            .select_only()
            .column_as(deliveries::Column::DueAt.max(), "at")
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .into_tuple()
            .one(&self.conn)
            .await?;
        Ok(at.flatten().map(from_ms))
    }
}
