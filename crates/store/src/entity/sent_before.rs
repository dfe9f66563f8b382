//! What was sent after the backup from which this database was restored.

use sea_orm::entity::prelude::*;

/// A row of `sent_before`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sent_before")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub retry_key: Uuid,
    pub office_id: Uuid,
    pub delivery_id: Uuid,
    pub graduate_id: Option<Uuid>,
    pub check_in_id: Option<Uuid>,
    pub purpose: String,
    pub channel_id: String,
    pub channel_kind: String,
    pub first_attempt_at: i64,
    pub accepted_at: Option<i64>,
    pub provider_ref: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
