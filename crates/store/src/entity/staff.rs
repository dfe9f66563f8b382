//! People who work at an office and may sign in.

use sea_orm::entity::prelude::*;

/// A row of `staff`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub email_index: Vec<u8>,
    pub profile: Vec<u8>,
    pub role: String,
    pub password_hash: Option<String>,
    pub language: String,
    pub disabled_at: Option<i64>,
    pub created_at: i64,
    pub hours: Option<String>,
    pub preferences: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
