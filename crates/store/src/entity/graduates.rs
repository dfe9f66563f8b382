//! The person.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `graduates`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "graduates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub external_index: Option<Vec<u8>>,
    pub profile: Vec<u8>,
    pub support: String,
    pub paused_from: Option<NaiveDate>,
    pub paused_until: Option<NaiveDate>,
    pub pause_reason: Option<Vec<u8>>,
    pub language: String,
    pub hours: String,
    pub staff_id: Option<Uuid>,
    pub standin_id: Option<Uuid>,
    pub contact_stopped_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
