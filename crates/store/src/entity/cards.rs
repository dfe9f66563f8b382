//! Cards of graduates and companies, every version.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `cards`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub version: i64,
    pub card: Vec<u8>,
    pub review_on: NaiveDate,
    pub saved_at: i64,
    pub saved_by: Uuid,
    pub replaced_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
