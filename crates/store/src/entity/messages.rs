//! Everything said with a graduate.

use sea_orm::entity::prelude::*;

/// A row of `messages`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub direction: String,
    pub author: String,
    pub staff_id: Option<Uuid>,
    pub channel_kind: String,
    pub body: Vec<u8>,
    pub at: i64,
    pub check_in_id: Option<Uuid>,
    pub provider_ref: Option<String>,
    pub crisis: bool,
    pub hidden_at: Option<i64>,
    pub hidden_why: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
