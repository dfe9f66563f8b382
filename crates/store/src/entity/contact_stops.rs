//! Who asked that contact with a person stops, and why.

use sea_orm::entity::prelude::*;

/// A row of `contact_stops`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_stops")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub stop: Vec<u8>,
    pub stopped_at: i64,
    pub stopped_by: Option<Uuid>,
    pub lifted_at: Option<i64>,
    pub lifted_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
