//! One conversation per graduate over all channels.

use sea_orm::entity::prelude::*;

/// A row of `threads`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "threads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub graduate_id: Uuid,
    pub office_id: Uuid,
    pub last_inbound_at: Option<i64>,
    pub last_outbound_at: Option<i64>,
    pub reply_due_since: Option<i64>,
    pub closed_reason: Option<String>,
    pub crisis_since: Option<i64>,
    pub crisis_staff_id: Option<Uuid>,
    pub crisis_taken_at: Option<i64>,
    pub handed_for: Option<i64>,
    pub handed_at: Option<i64>,
    pub handed_from: Option<Uuid>,
    pub handed_to: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
