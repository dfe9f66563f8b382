//! Single half-days on which somebody else is on duty.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `duty_days`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub office_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub duty_on: NaiveDate,
    #[sea_orm(primary_key, auto_increment = false)]
    pub half: String,
    pub staff_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
