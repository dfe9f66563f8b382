//! Promises with a time.

use sea_orm::entity::prelude::*;

/// A row of `commitments`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub staff_id: Uuid,
    pub source: String,
    pub kind: String,
    pub text: Vec<u8>,
    pub made_at: i64,
    pub due_at: i64,
    pub state: String,
    pub told: bool,
    pub ended_at: Option<i64>,
    pub reason: Option<Vec<u8>>,
    pub moved_to: Option<Uuid>,
    pub message_id: Option<Uuid>,
    pub note_id: Option<Uuid>,
    pub escalation_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
