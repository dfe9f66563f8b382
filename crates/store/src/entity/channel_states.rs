//! What is known of each configured channel.

use sea_orm::entity::prelude::*;

/// A row of `channel_states`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_states")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel_id: String,
    pub office_id: Uuid,
    pub stopped_until: Option<i64>,
    pub stop_code: Option<String>,
    pub last_ok_at: Option<i64>,
    pub last_error_at: Option<i64>,
    pub last_error_code: Option<String>,
    pub last_error: Option<String>,
    pub quota_used: Option<i64>,
    pub quota_limit: Option<i64>,
    pub quota_at: Option<i64>,
    pub swept_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
