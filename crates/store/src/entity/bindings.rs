//! Whose address an unknown one was said to be.

use sea_orm::entity::prelude::*;

/// A row of `bindings`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bindings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub kind: String,
    pub address: Vec<u8>,
    pub address_before: Option<Vec<u8>>,
    pub bound_at: i64,
    pub bound_by: Uuid,
    pub undone_at: Option<i64>,
    pub undone_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
