//! Something a member of staff has to do.

use sea_orm::entity::prelude::*;

/// A row of `tasks`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Option<Uuid>,
    pub kind: String,
    pub reason: String,
    pub dedupe_key: String,
    pub check_in_id: Option<Uuid>,
    pub delivery_id: Option<Uuid>,
    pub due_at: i64,
    pub created_at: i64,
    pub state: String,
    pub outcome: Option<String>,
    pub done_at: Option<i64>,
    pub done_by: Option<Uuid>,
    pub caller_id: Option<Uuid>,
    pub caller_since: Option<i64>,
    pub drop_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
