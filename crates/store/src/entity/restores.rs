//! Backups that were brought back.

use sea_orm::entity::prelude::*;

/// A row of `restores`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "restores")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub restored_at: i64,
    pub backup_at: i64,
    pub reconciled_at: Option<i64>,
    pub reconciled_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
