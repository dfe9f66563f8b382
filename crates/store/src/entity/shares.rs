//! What was given to whom, word for word; never changed.

use sea_orm::entity::prelude::*;

/// A row of `shares`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub escalation_id: Option<Uuid>,
    pub contact_id: Uuid,
    pub consent_id: Uuid,
    pub means: String,
    pub words: Vec<u8>,
    pub at: i64,
    pub shared_by: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
