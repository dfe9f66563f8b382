//! When a graduate is contacted next, and why.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `cadences`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cadences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub plan: String,
    pub last_due_on: Option<NaiveDate>,
    pub last_contact_on: Option<NaiveDate>,
    pub last_contact_mode: Option<String>,
    pub next_due_on: Option<NaiveDate>,
    pub next_reason: Option<String>,
    pub plan_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
