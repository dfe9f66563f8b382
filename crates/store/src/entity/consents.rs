//! Who may be told what, by which means, until when.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `consents`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub contact_id: Uuid,
    pub topics: String,
    pub means: String,
    pub given_how: String,
    pub given_on: NaiveDate,
    pub valid_until: NaiveDate,
    pub wording: Vec<u8>,
    pub withdrawn_at: Option<i64>,
    pub recorded_by: Option<Uuid>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
