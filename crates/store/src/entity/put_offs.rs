//! Rows of Today that rest.

use sea_orm::entity::prelude::*;

/// A row of `put_offs`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "put_offs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub graduate_id: Uuid,
    pub office_id: Uuid,
    pub kind: String,
    pub why: Vec<u8>,
    pub staff_id: Uuid,
    pub put_off_at: i64,
    pub until: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
