//! Webhook events: stored before they are answered (P6), taken once (P7), shown where they can't be understood.

use std::collections::HashMap;

use bansou_core::ambient::Ambient;
use bansou_core::codes;
use bansou_core::ids::{GraduateId, InboundId, OfficeId};
use bansou_core::task::{TaskKind, TaskReason};
use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

use crate::connect::Store;
use crate::crypto::{Cipher, Place};
use crate::entity::inbound_events;
use crate::error::{Result, StoreError};
use crate::scope::PIECE;
use crate::tasks::NewTask;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

const BODY: Place = Place { table: "inbound_events", column: "body" };

/// An event that failed this often is given to a person instead of being tried for ever (P13).
pub const INBOUND_TRIES: i64 = 5;

/// An event that came before what it is about is looked at again after so long at first (Twilio reports on an SMS while its
/// own answer to our call is still on the way) ...
const EARLY_FIRST: Duration = Duration::seconds(5);

/// ... and not for longer than this: what an SMS came to is known by then, because no provider keeps one for over ten hours.
const EARLY_LONGEST: Duration = Duration::hours(12);

codes! {
    /// Where an inbound event stands.
    InboundState {
        /// Waiting to be processed.
        Stored = "stored",
        /// Its effect is written.
        Processed = "processed",
        /// Nobody of the office has that address.
        UnknownSender = "unknown_sender",
        /// A person said that the sender is none of the office's people.
        NotOurs = "not_ours",
        /// It has no meaning for us; kept for the record.
        Ignored = "ignored",
        /// It couldn't be processed; a person has a task.
        Failed = "failed",
    }
}

/// An event as it came in.
#[derive(Clone)]
pub struct NewInbound {
    /// The provider's id of the event, e.g. LINE's `webhookEventId` or Twilio's `MessageSid`.
    pub event_key: String,
    /// Its type as the provider names it.
    pub kind: String,
    /// The event itself.
    pub body: Value,
    /// The provider's time of the event.
    pub occurred_at: DateTime<Utc>,
}

/// An event as it is stored.
#[derive(Clone)]
pub struct Inbound {
    /// Its id.
    pub id: InboundId,
    /// Where it came in.
    pub channel_id: String,
    /// The provider's id.
    pub event_key: String,
    /// Its type as the provider names it.
    pub kind: String,
    /// The event itself.
    pub body: Value,
    /// The provider's time of the event.
    pub occurred_at: DateTime<Utc>,
    /// When it was stored.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub state: InboundState,
    /// How often processing failed.
    pub tries: i64,
    /// Whom it belongs to; on a stored event, whose words a member of staff said they are.
    pub graduate: Option<GraduateId>,
    /// The name that a sender nobody knew shows on LINE.
    pub sender_name: Option<String>,
    /// Whether LINE was asked for that name.
    pub sender_asked: bool,
}

impl Store {
    /// Stores every event of one webhook call, all or none, committed before this returns, and says how many were new. An
    /// event that is there already changes nothing, also when two calls bring it at the same moment.
    pub async fn store_inbound(&self, office: OfficeId, channel_id: &str, events: &[NewInbound]) -> Result<u64> {
        if events.is_empty() {
            return Ok(0);
        }
        let cipher = self.cipher(office).await?;
        let rows = events.iter().map(|event| inbound_row(office, &cipher, self.ambient(), channel_id, event));
        self.store_arrival(rows.collect()).await
    }

    /// Offices with events that can be processed now.
    pub async fn offices_with_inbound(&self, now: DateTime<Utc>) -> Result<Vec<OfficeId>> {
        let ids: Vec<Uuid> = inbound_events::Entity::find()
            .select_only()
            .column(inbound_events::Column::OfficeId)
            .distinct()
            .filter(inbound_events::Column::State.eq(InboundState::Stored.as_str()))
            .filter(is_its_time(now))
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(ids.into_iter().map(OfficeId).collect())
    }

    /// How many events of all offices wait to be processed; for metrics.
    pub async fn inbound_waiting(&self) -> Result<u64> {
        let waiting = inbound_events::Column::State.eq(InboundState::Stored.as_str());
        Ok(inbound_events::Entity::find().filter(waiting).count(self.db()).await?)
    }

    /// How many events of all offices stand in each state; for measuring. It reads all there ever were.
    pub async fn inbound_counts(&self) -> Result<Vec<(InboundState, i64)>> {
        let rows: Vec<(String, i64)> = inbound_events::Entity::find()
            .select_only()
            .column(inbound_events::Column::State)
            .column_as(inbound_events::Column::Id.count(), "events")
            .group_by(inbound_events::Column::State)
            .into_tuple()
            .all(self.db())
            .await?;
        let read = |(word, count): (String, i64)| Ok((code("inbound_events", "state", Uuid::nil(), &word)?, count));
        rows.into_iter().map(read).collect()
    }
}

impl Tx {
    /// Events that can be processed now, oldest first by the provider's time. On `PostgreSQL` they are locked until this
    /// unit of work ends, and those that another worker holds are left out.
    pub async fn inbound_to_process(&self, limit: u64) -> Result<Vec<InboundId>> {
        let ids: Vec<Uuid> = self
            .inbound_in(InboundState::Stored)
            .filter(is_its_time(self.now()))
            .select_only()
            .column(inbound_events::Column::Id)
            .order_by_asc(inbound_events::Column::OccurredAt)
            .order_by_asc(inbound_events::Column::Id)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(&self.conn)
            .await?;
        Ok(ids.into_iter().map(InboundId).collect())
    }

    /// One stored event, locked until this unit of work ends; `None` when it is done already or somebody else holds it.
    pub async fn lock_inbound(&self, id: InboundId) -> Result<Option<Inbound>> {
        let row = self
            .inbound_in(InboundState::Stored)
            .filter(is_its_time(self.now()))
            .filter(inbound_events::Column::Id.eq(id.0))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&self.conn)
            .await?;
        row.map(|row| self.to_inbound(row)).transpose()
    }

    /// The event's effect is written in this unit of work. Refused when somebody else has finished it.
    pub async fn inbound_done(&self, id: InboundId, state: InboundState, graduate: Option<GraduateId>) -> Result<()> {
        if state == InboundState::Stored {
            return Err(StoreError::Refused { what: "finishing an event as unfinished" });
        }
        let done = inbound_events::ActiveModel {
            state: Set(state.as_str().to_owned()),
            processed_at: Set(Some(to_ms(self.now()))),
            graduate_id: Set(graduate.map(|id| id.0)),
            ..Default::default()
        };
        let done = inbound_events::Entity::update_many()
            .set(done)
            .filter(inbound_events::Column::Id.eq(id.0))
            .filter(inbound_events::Column::OfficeId.eq(self.office.0))
            .filter(inbound_events::Column::State.ne(InboundState::Processed.as_str()))
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 0 { Err(StoreError::Refused { what: "processing an event twice" }) } else { Ok(()) }
    }

    /// The event came before what it is about: it is looked at again after as long as it has waited already, so ever more
    /// rarely, and holds nobody else's up. After half a day it is let go; `false` then.
    pub async fn inbound_waits(&self, event: &Inbound) -> Result<bool> {
        let waited = self.now() - event.received_at;
        if waited >= EARLY_LONGEST {
            return Ok(false);
        }
        let again = self.now() + waited.max(EARLY_FIRST);
        inbound_events::Entity::update_many()
            .col_expr(inbound_events::Column::NotBefore, Expr::value(to_ms(again)))
            .filter(inbound_events::Column::Id.eq(event.id.0))
            .filter(inbound_events::Column::OfficeId.eq(self.office.0))
            .filter(inbound_events::Column::State.eq(InboundState::Stored.as_str()))
            .exec(&self.conn)
            .await?;
        Ok(true)
    }

    /// Counts a failed try, in a unit of work of its own: the one that failed is rolled back first. After
    /// [`INBOUND_TRIES`] the event fails and a person gets a task.
    pub async fn inbound_failed(&self, id: InboundId) -> Result<InboundState> {
        let row = inbound_events::Entity::find_by_id(id.0)
            .filter(inbound_events::Column::OfficeId.eq(self.office.0))
            .lock_exclusive()
            .one(&self.conn)
            .await?;
        let row = row.ok_or(StoreError::NotFound { what: "event" })?;
        let state: InboundState = code("inbound_events", "state", row.id, &row.state)?;
        if state != InboundState::Stored {
            return Ok(state);
        }
        let tries = row.tries + 1;
        let state = if tries < INBOUND_TRIES { InboundState::Stored } else { InboundState::Failed };
        let graduate = row.graduate_id.map(GraduateId);
        let mut row: inbound_events::ActiveModel = row.into();
        row.tries = Set(tries);
        row.state = Set(state.as_str().to_owned());
        row.update(&self.conn).await?;
        if state == InboundState::Failed {
            let task = NewTask::program(TaskKind::Look, TaskReason::InboundFailed, format!("inbound:{id}"), self.now());
            self.add_task(&NewTask { graduate, ..task }).await?;
        }
        Ok(state)
    }

    /// Events of senders nobody knows, newest first; for the inbox.
    pub async fn unknown_senders(&self, limit: u64) -> Result<Vec<Inbound>> {
        let rows = self
            .events_of_strangers()
            .order_by_desc(inbound_events::Column::ReceivedAt)
            .order_by_desc(inbound_events::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_inbound(row)).collect()
    }

    /// How many events of unknown senders there are.
    pub async fn unknown_sender_count(&self) -> Result<u64> {
        Ok(self.events_of_strangers().count(&self.conn).await?)
    }

    /// One event.
    pub async fn inbound_event(&self, id: InboundId) -> Result<Option<Inbound>> {
        Ok(self.inbound_events(&[id]).await?.remove(&id))
    }

    /// Events by id; those of other offices are left out.
    pub async fn inbound_events(&self, ids: &[InboundId]) -> Result<HashMap<InboundId, Inbound>> {
        let mut found = HashMap::with_capacity(ids.len());
        for piece in ids.chunks(PIECE) {
            let rows = inbound_events::Entity::find()
                .filter(inbound_events::Column::OfficeId.eq(self.office.0))
                .filter(inbound_events::Column::Id.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in rows {
                found.insert(InboundId(row.id), self.to_inbound(row)?);
            }
        }
        Ok(found)
    }

    fn events_of_strangers(&self) -> sea_orm::Select<inbound_events::Entity> {
        inbound_events::Entity::find()
            .filter(inbound_events::Column::OfficeId.eq(self.office.0))
            // in the words of its index: neither database uses it otherwise
            .filter(Expr::cust("state = 'unknown_sender'"))
    }

    fn inbound_in(&self, state: InboundState) -> sea_orm::Select<inbound_events::Entity> {
        inbound_events::Entity::find()
            .filter(inbound_events::Column::OfficeId.eq(self.office.0))
            .filter(inbound_events::Column::State.eq(state.as_str()))
    }

    pub(crate) fn to_inbound(&self, row: inbound_events::Model) -> Result<Inbound> {
        Ok(Inbound {
            id: InboundId(row.id),
            body: self.open(BODY, row.id, &row.body)?,
            state: code("inbound_events", "state", row.id, &row.state)?,
            sender_name: self.sender_name(&row)?,
            sender_asked: row.sender_asked_at.is_some(),
            channel_id: row.channel_id,
            event_key: row.event_key,
            kind: row.kind,
            occurred_at: from_ms(row.occurred_at),
            received_at: from_ms(row.received_at),
            tries: row.tries,
            graduate: row.graduate_id.map(GraduateId),
        })
    }
}

fn inbound_row(
    office: OfficeId,
    cipher: &Cipher,
    ambient: &Ambient,
    channel_id: &str,
    event: &NewInbound,
) -> inbound_events::ActiveModel {
    let id = InboundId::new(ambient);
    let body = event.body.to_string();
    inbound_events::ActiveModel {
        id: Set(id.0),
        office_id: Set(office.0),
        channel_id: Set(channel_id.to_owned()),
        event_key: Set(event.event_key.clone()),
        kind: Set(event.kind.clone()),
        body: Set(cipher.seal(BODY, id.0, body.as_bytes(), ambient)),
        occurred_at: Set(to_ms(event.occurred_at)),
        received_at: Set(to_ms(ambient.now())),
        state: Set(InboundState::Stored.as_str().to_owned()),
        tries: Set(0),
        processed_at: Set(None),
        graduate_id: Set(None),
        sender_name: Set(None),
        sender_asked_at: Set(None),
        not_before: Set(None),
    }
}

/// Nothing has to come before it, or that time is over.
fn is_its_time(now: DateTime<Utc>) -> Condition {
    let not_before = inbound_events::Column::NotBefore;
    Condition::any().add(not_before.is_null()).add(not_before.lte(to_ms(now)))
}
