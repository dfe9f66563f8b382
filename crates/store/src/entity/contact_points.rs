//! Addresses of a graduate.

use sea_orm::entity::prelude::*;

/// A row of `contact_points`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_points")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub kind: String,
    pub address: Vec<u8>,
    pub address_index: Vec<u8>,
    pub version: i64,
    pub state: String,
    pub state_since: i64,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
