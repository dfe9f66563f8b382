//! Webhook events, stored before they are answered with 2xx (P6).

use sea_orm::entity::prelude::*;

/// A row of `inbound_events`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbound_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub channel_id: String,
    pub event_key: String,
    pub kind: String,
    pub body: Vec<u8>,
    pub occurred_at: i64,
    pub received_at: i64,
    pub state: String,
    pub tries: i64,
    pub processed_at: Option<i64>,
    pub graduate_id: Option<Uuid>,
    pub sender_name: Option<Vec<u8>>,
    pub sender_asked_at: Option<i64>,
    pub not_before: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
