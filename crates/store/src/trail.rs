//! What proofs read: every delivery's bare facts, without addresses and words, next to a provider's own ledger.

use bansou_core::check_in::CheckInState;
use bansou_core::delivery::{ChannelKind, DeliveryState, Purpose};
use bansou_core::ids::{CheckInId, DeliveryId, GraduateId, OfficeId};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::deliveries::{Column, Entity};
use crate::error::Result;
use crate::inbound::InboundState;
use crate::time::from_ms;
use crate::tx::code;

/// One delivery's bare facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryTrail {
    /// The delivery.
    pub id: DeliveryId,
    /// Who gets it, where it is a graduate.
    pub graduate: Option<GraduateId>,
    /// The check-in it carries.
    pub check_in: Option<CheckInId>,
    /// What it is for.
    pub purpose: Purpose,
    /// Purpose, person, slot, kind of channel and version of the address, as no two rows have them.
    pub dedupe_key: String,
    /// LINE's retry key.
    pub retry_key: Uuid,
    /// The kind of its channel.
    pub channel_kind: ChannelKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// Newest code.
    pub state_code: Option<String>,
    /// Which claim is the newest.
    pub fence: i64,
    /// Claims so far.
    pub attempts: i64,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// Allowed window.
    pub window: (DateTime<Utc>, DateTime<Utc>),
    /// When a provider accepted it.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// One check-in's bare facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckInTrail {
    /// The check-in.
    pub id: CheckInId,
    /// Whose.
    pub graduate: GraduateId,
    /// Its day.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: CheckInState,
    /// Why, where that isn't plain.
    pub reason: Option<String>,
}

#[derive(FromQueryResult)]
struct CheckInRow {
    id: Uuid,
    graduate_id: Uuid,
    due_on: NaiveDate,
    state: String,
    state_reason: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    graduate_id: Option<Uuid>,
    check_in_id: Option<Uuid>,
    purpose: String,
    dedupe_key: String,
    retry_key: Uuid,
    channel_kind: String,
    state: String,
    state_code: Option<String>,
    fence: i64,
    attempts: i64,
    due_at: i64,
    window_from: i64,
    window_to: i64,
    accepted_at: Option<i64>,
}

impl Store {
    /// Every delivery of an office, oldest first.
    pub async fn delivery_trail(&self, office: OfficeId) -> Result<Vec<DeliveryTrail>> {
        let columns = [
            Column::Id,
            Column::GraduateId,
            Column::CheckInId,
            Column::Purpose,
            Column::DedupeKey,
            Column::RetryKey,
            Column::ChannelKind,
            Column::State,
            Column::StateCode,
            Column::Fence,
            Column::Attempts,
            Column::DueAt,
            Column::WindowFrom,
            Column::WindowTo,
            Column::AcceptedAt,
        ];
        let rows = Entity::find()
            .select_only()
            .columns(columns)
            .filter(Column::OfficeId.eq(office.0))
            .order_by_asc(Column::Id)
            .into_model::<Row>()
            .all(self.db())
            .await?;
        rows.into_iter().map(trail).collect()
    }

    /// Every check-in of an office, oldest first.
    pub async fn check_in_trail(&self, office: OfficeId) -> Result<Vec<CheckInTrail>> {
        use crate::entity::check_ins::{Column, Entity};
        let columns = [Column::Id, Column::GraduateId, Column::DueOn, Column::State, Column::StateReason];
        let rows = Entity::find()
            .select_only()
            .columns(columns)
            .filter(Column::OfficeId.eq(office.0))
            .order_by_asc(Column::Id)
            .into_model::<CheckInRow>()
            .all(self.db())
            .await?;
        let read = |row: CheckInRow| {
            Ok(CheckInTrail {
                id: CheckInId(row.id),
                graduate: GraduateId(row.graduate_id),
                due_on: row.due_on,
                state: code("check_ins", "state", row.id, &row.state)?,
                reason: row.state_reason,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Every event that came in over a channel: the provider's key of it, and where it stands.
    pub async fn inbound_trail(&self, channel: &str) -> Result<Vec<(String, InboundState)>> {
        use crate::entity::inbound_events::{Column, Entity};
        let rows: Vec<(String, String)> = Entity::find()
            .select_only()
            .columns([Column::EventKey, Column::State])
            .filter(Column::ChannelId.eq(channel))
            .into_tuple()
            .all(self.db())
            .await?;
        let read = |(key, word): (String, String)| Ok((key, code("inbound_events", "state", Uuid::nil(), &word)?));
        rows.into_iter().map(read).collect()
    }

    /// How many claims were lost, because the process that held them died or stood still.
    pub async fn lost_claims(&self) -> Result<u64> {
        use crate::entity::send_attempts::{Column, Entity};
        Ok(Entity::find().filter(Column::Step.eq("lease_expired")).count(self.db()).await?)
    }

    /// Makes a delivery's words unreadable, as a broken disk or a bug would; for proofs that it hurts nobody else (P13).
    #[cfg(any(debug_assertions, feature = "crash-points"))]
    pub async fn spoil_delivery(&self, id: DeliveryId) -> Result<()> {
        let _gate = self.gate().await;
        Entity::update_many()
            .col_expr(Column::Payload, sea_orm::sea_query::Expr::value(vec![0_u8; 8]))
            .filter(Column::Id.eq(id.0))
            .exec(self.db())
            .await?;
        Ok(())
    }
}

fn trail(row: Row) -> Result<DeliveryTrail> {
    Ok(DeliveryTrail {
        id: DeliveryId(row.id),
        graduate: row.graduate_id.map(GraduateId),
        check_in: row.check_in_id.map(CheckInId),
        purpose: code("deliveries", "purpose", row.id, &row.purpose)?,
        dedupe_key: row.dedupe_key,
        retry_key: row.retry_key,
        channel_kind: code("deliveries", "channel_kind", row.id, &row.channel_kind)?,
        state: code("deliveries", "state", row.id, &row.state)?,
        state_code: row.state_code,
        fence: row.fence,
        attempts: row.attempts,
        due_at: from_ms(row.due_at),
        window: (from_ms(row.window_from), from_ms(row.window_to)),
        accepted_at: row.accepted_at.map(from_ms),
    })
}
