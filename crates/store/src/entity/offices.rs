//! The tenant.

use sea_orm::entity::prelude::*;

/// A row of `offices`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub zone: String,
    pub settings: String,
    pub sending_stopped_at: Option<i64>,
    pub audit_head: Vec<u8>,
    pub audit_seq: i64,
    pub created_at: i64,
    pub sending_stop_reason: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
