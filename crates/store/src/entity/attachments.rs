//! Pictures and voice messages.

use sea_orm::entity::prelude::*;

/// A row of `attachments`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Uuid,
    pub channel_id: String,
    pub kind: String,
    pub state: String,
    pub media_type: Option<String>,
    pub bytes: Option<Vec<u8>>,
    pub tries: i64,
    pub next_try_at: i64,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
