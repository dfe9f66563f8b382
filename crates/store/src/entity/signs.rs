//! Small signs, with the words that show them.

use sea_orm::entity::prelude::*;

/// A row of `signs`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub source: String,
    pub category: String,
    pub level: i64,
    pub quote: Vec<u8>,
    pub message_id: Option<Uuid>,
    pub note_id: Option<Uuid>,
    pub check_in_id: Option<Uuid>,
    pub state: String,
    pub suggested_at: i64,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub decided_why: Option<Vec<u8>>,
    pub suggested_category: Option<String>,
    pub suggested_level: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
