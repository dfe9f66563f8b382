//! Which messages of ours didn't arrive, for lists.

use std::collections::{HashMap, HashSet};

use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::ids::{CheckInId, DeliveryId, EscalationId, GraduateId, MessageId};
use bansou_core::thread::{Author, Direction};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::deliveries;
use crate::error::Result;
use crate::messages::Message;
use crate::poison::PUT_ASIDE;
use crate::scope::PIECE;
use crate::time::from_ms;
use crate::tx::{Tx, code};

/// What went wrong, in the words of its index: neither database uses it otherwise.
const TROUBLED: &str = "state IN ('failed', 'needs_person', 'expired')";

/// A message of which a person has to find out whether it arrived.
#[derive(Clone)]
pub struct Unclear {
    /// Which.
    pub id: DeliveryId,
    /// For whom; `None` for mail to employers and staff.
    pub graduate: Option<GraduateId>,
    /// The request to an employer that it carried.
    pub escalation: Option<EscalationId>,
    /// By which way.
    pub channel: ChannelKind,
    /// Whether it was put aside because working on it failed again and again (P13).
    pub is_quarantined: bool,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Tx {
    /// Every message of which a person has to find out whether it arrived, oldest first, however old.
    pub async fn unclear(&self, limit: u64) -> Result<Vec<Unclear>> {
        let rows = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(Expr::cust(TROUBLED))
            .filter(deliveries::Column::State.eq(DeliveryState::NeedsPerson.as_str()))
            .order_by_asc(deliveries::Column::FinishedAt)
            .order_by_asc(deliveries::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        let read = |row: deliveries::Model| {
            Ok(Unclear {
                id: DeliveryId(row.id),
                graduate: row.graduate_id.map(GraduateId),
                escalation: row.escalation_id.map(EscalationId),
                channel: code("deliveries", "channel_kind", row.id, &row.channel_kind)?,
                is_quarantined: row.state_code.as_deref().is_some_and(|code| PUT_ASIDE.contains(&code)),
                since: from_ms(row.finished_at.unwrap_or(row.due_at)),
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Those of these messages that didn't arrive by any way, and are on none.
    pub async fn undelivered<'a>(&self, messages: impl Iterator<Item = &'a Message>) -> Result<HashSet<MessageId>> {
        let mut by_message: HashSet<Uuid> = HashSet::new();
        let mut by_check_in: HashMap<Uuid, MessageId> = HashMap::new();
        for message in messages.filter(|message| message.direction == Direction::Out) {
            match message.check_in.filter(|_| message.author == Author::Program) {
                Some(CheckInId(check_in)) => by_check_in.insert(check_in, message.id).map_or((), drop),
                None => drop(by_message.insert(message.id.0)),
            }
        }
        let mut fates: HashMap<MessageId, Vec<DeliveryState>> = HashMap::new();
        for (message, _, state) in self.states_where(deliveries::Column::MessageId, by_message.iter()).await? {
            let Some(message) = message else { continue };
            fates.entry(MessageId(message)).or_default().push(state);
        }
        for (_, check_in, state) in self.states_where(deliveries::Column::CheckInId, by_check_in.keys()).await? {
            let Some(message) = check_in.and_then(|id| by_check_in.get(&id)) else { continue };
            fates.entry(*message).or_default().push(state);
        }
        let lost = fates.into_iter().filter(|(_, fates)| fates.iter().any(|fate| did_not_arrive(*fate)));
        let lost = lost.filter(|(_, fates)| !fates.iter().any(|fate| is_on_its_way(*fate)));
        Ok(lost.map(|(message, _)| message).collect())
    }

    async fn states_where(
        &self,
        column: deliveries::Column,
        ids: impl Iterator<Item = &Uuid>,
    ) -> Result<Vec<(Option<Uuid>, Option<Uuid>, DeliveryState)>> {
        let ids: Vec<Uuid> = ids.copied().collect();
        let mut found = Vec::new();
        for piece in ids.chunks(PIECE) {
            let rows: Vec<(Uuid, Option<Uuid>, Option<Uuid>, String)> = deliveries::Entity::find()
                .select_only()
                .columns([deliveries::Column::Id, deliveries::Column::MessageId])
                .columns([deliveries::Column::CheckInId, deliveries::Column::State])
                .filter(deliveries::Column::OfficeId.eq(self.office.0))
                .filter(column.is_in(piece.iter().copied()))
                .into_tuple()
                .all(&self.conn)
                .await?;
            for (id, message, check_in, state) in rows {
                found.push((message, check_in, code("deliveries", "state", id, &state)?));
            }
        }
        Ok(found)
    }
}

fn did_not_arrive(state: DeliveryState) -> bool {
    matches!(state, DeliveryState::Failed | DeliveryState::Expired | DeliveryState::NeedsPerson)
}

fn is_on_its_way(state: DeliveryState) -> bool {
    use DeliveryState::{Accepted, Delivered, Due, Sending, Unknown};
    matches!(state, Due | Sending | Accepted | Delivered | Unknown)
}
