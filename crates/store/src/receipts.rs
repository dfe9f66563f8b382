//! What a provider reports later about a message it took.

use bansou_core::delivery::DeliveryState;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};

use crate::deliveries::Delivery;
use crate::entity::deliveries;
use crate::error::Result;
use crate::tx::Tx;

/// What a receipt came to.
#[derive(Debug)]
pub enum Receipt {
    /// The delivery has moved by it.
    Changed(Box<Delivery>),
    /// The delivery had come to its end before.
    Known,
    /// No delivery has this id, or none yet: a report can be quicker than the answer to our own call.
    Early,
}

impl Tx {
    /// A receipt from the provider: it arrived, or it didn't after all.
    pub async fn receipt(&self, provider_ref: &str, arrived: bool, code: Option<&str>) -> Result<Receipt> {
        let state = if arrived { DeliveryState::Delivered } else { DeliveryState::Failed };
        let row = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::ProviderRef.eq(provider_ref))
            .one(&self.conn)
            .await?;
        let Some(row) = row else { return Ok(Receipt::Early) };
        if row.state != DeliveryState::Accepted.as_str() {
            return Ok(Receipt::Known);
        }
        let change = deliveries::ActiveModel {
            id: Set(row.id),
            state: Set(state.as_str().to_owned()),
            state_code: Set(code.map(str::to_owned)),
            ..Default::default()
        };
        let changed = change.update(&self.conn).await?;
        self.to_delivery(changed).map(Box::new).map(Receipt::Changed)
    }
}
