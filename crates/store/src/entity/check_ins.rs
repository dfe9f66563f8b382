//! The ledger: one row per person, plan and due date, closed exactly once.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `check_ins`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_ins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub cadence_id: Uuid,
    pub due_on: NaiveDate,
    pub reason: String,
    pub template: String,
    pub state: String,
    pub state_reason: Option<String>,
    pub channel: Option<String>,
    pub planned_at: i64,
    pub sent_at: Option<i64>,
    pub answer_by: Option<i64>,
    pub answered_at: Option<i64>,
    pub answer: Option<Vec<u8>>,
    pub closed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
