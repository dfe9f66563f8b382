//! One small request to an employer contact.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A row of `escalations`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "escalations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub sign_id: Uuid,
    pub contact_id: Uuid,
    pub consent_id: Uuid,
    pub topic: String,
    pub request: Vec<u8>,
    pub state: String,
    pub read_at: Option<i64>,
    pub sent_at: Option<i64>,
    pub answered_at: Option<i64>,
    pub answer: Option<Vec<u8>>,
    pub review_on: NaiveDate,
    pub created_by: Uuid,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
