//! Placement episodes.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `employments`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub employer_id: Option<Uuid>,
    pub hired_on: NaiveDate,
    pub left_on: Option<NaiveDate>,
    pub leaving_code: Option<String>,
    pub leaving_reason: Option<Vec<u8>>,
    pub supported_change: bool,
    pub disclosure: String,
    pub status_unknown: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
