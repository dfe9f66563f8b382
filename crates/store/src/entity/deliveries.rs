//! One message to one address through one provider; the queue of sending.

use sea_orm::entity::prelude::*;

/// A row of `deliveries`; the columns are explained in the migration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub graduate_id: Option<Uuid>,
    pub check_in_id: Option<Uuid>,
    pub message_id: Option<Uuid>,
    pub escalation_id: Option<Uuid>,
    pub purpose: String,
    pub dedupe_key: String,
    pub retry_key: Uuid,
    pub channel_id: String,
    pub channel_kind: String,
    pub contact_point_id: Option<Uuid>,
    pub address_version: i64,
    pub address: Vec<u8>,
    pub payload: Vec<u8>,
    pub state: String,
    pub state_code: Option<String>,
    pub due_at: i64,
    pub window_from: i64,
    pub window_to: i64,
    pub expires_at: i64,
    pub fence: i64,
    pub lease_until: Option<i64>,
    pub attempts: i64,
    pub first_attempt_at: Option<i64>,
    pub provider_ref: Option<String>,
    pub accepted_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
