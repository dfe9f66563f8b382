//! What staff write down.

use sea_orm::entity::prelude::*;

/// A row of `notes`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub author_id: Uuid,
    pub mode: String,
    pub happened_at: i64,
    pub lanes: Vec<u8>,
    pub state: String,
    pub corrects_id: Option<Uuid>,
    pub created_at: i64,
    pub message_id: Option<Uuid>,
    pub minutes: Option<i64>,
    pub next_on: Option<Date>,
    pub next_sets_date: Option<bool>,
    pub why: Option<String>,
    pub summary_message_id: Option<Uuid>,
    pub taken_back_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
