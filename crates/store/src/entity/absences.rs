//! Leave of staff.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `absences`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub staff_id: Uuid,
    pub from_on: NaiveDate,
    pub from_half: String,
    pub until_on: NaiveDate,
    pub until_half: String,
    pub standin_id: Option<Uuid>,
    pub reason: Option<Vec<u8>>,
    pub cancelled_at: Option<i64>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
