//! Deliveries: planning one, and what becomes of it after the provider was asked.

use bansou_core::audit::Actor;
use bansou_core::delivery::{ChannelKind, DeliveryState, Payload, Purpose};
use bansou_core::ids::{CheckInId, ContactPointId, DeliveryId, EscalationId, GraduateId, MessageId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult};
use serde_json::json;
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{deliveries, send_attempts};
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

pub(crate) const ADDRESS: Place = Place { table: "deliveries", column: "address" };
const PAYLOAD: Place = Place { table: "deliveries", column: "payload" };

/// What a new delivery needs. The slot says which one thing this is: a due date, a message id, an escalation id.
#[derive(Clone)]
pub struct NewDelivery {
    /// Who gets it, where it is a graduate.
    pub graduate: Option<GraduateId>,
    /// The check-in it carries.
    pub check_in: Option<CheckInId>,
    /// The message in the thread.
    pub message: Option<MessageId>,
    /// The request it carries.
    pub escalation: Option<EscalationId>,
    /// What it is for.
    pub purpose: Purpose,
    /// Which one thing it is, without words about a person.
    pub slot: String,
    /// Configured channel.
    pub channel_id: String,
    /// Its kind.
    pub channel_kind: ChannelKind,
    /// Address row and version it is planned for.
    pub contact_point: Option<(ContactPointId, i64)>,
    /// Where it goes.
    pub address: String,
    /// What is sent.
    pub payload: Payload,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// Allowed window.
    pub window: (DateTime<Utc>, DateTime<Utc>),
    /// Not after.
    pub expires_at: DateTime<Utc>,
}

/// A delivery as it is stored, opened.
#[derive(Clone)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Who gets it, where it is a graduate.
    pub graduate: Option<GraduateId>,
    /// The check-in it carries.
    pub check_in: Option<CheckInId>,
    /// The message in the thread.
    pub message: Option<MessageId>,
    /// The request it carries.
    pub escalation: Option<EscalationId>,
    /// What it is for.
    pub purpose: Purpose,
    /// LINE's retry key, derived from person, purpose and slot.
    pub retry_key: Uuid,
    /// Configured channel.
    pub channel_id: String,
    /// Its kind.
    pub channel_kind: ChannelKind,
    /// Address row it was planned for.
    pub contact_point: Option<ContactPointId>,
    /// Where it goes.
    pub address: String,
    /// What is sent.
    pub payload: Payload,
    /// Where it stands.
    pub state: DeliveryState,
    /// Newest code.
    pub state_code: Option<String>,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// End of the allowed window.
    pub window_to: DateTime<Utc>,
    /// Not after.
    pub expires_at: DateTime<Utc>,
    /// Which claim this is.
    pub fence: i64,
    /// Claims so far.
    pub attempts: i64,
    /// Start of LINE's memory of the retry key.
    pub first_attempt_at: Option<DateTime<Utc>>,
    /// The provider's id.
    pub provider_ref: Option<String>,
    /// When a provider accepted it.
    pub accepted_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Delivery {} ({}, {})", self.id, self.purpose, self.state)
    }
}

/// What a provider call came to, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// The provider took it.
    Accepted {
        /// The provider's id of the message.
        provider_ref: Option<String>,
        /// The provider's id of the request.
        request_id: Option<String>,
    },
    /// Refused for good.
    Refused {
        /// Provider's code.
        code: String,
    },
    /// Try again then; it surely wasn't sent.
    Again {
        /// When.
        at: DateTime<Utc>,
        /// Provider's code.
        code: String,
    },
    /// Nobody knows; look again then.
    Unknown {
        /// When.
        at: DateTime<Utc>,
        /// Code.
        code: String,
    },
}

impl Tx {
    /// Plans a delivery; `None` when this very thing is planned already for this address on this channel (P2).
    pub async fn add_delivery(&self, new: &NewDelivery) -> Result<Option<DeliveryId>> {
        let id = DeliveryId::new(&self.ambient);
        let subject = new.graduate.map(|id| id.0).or(new.escalation.map(|id| id.0)).unwrap_or(self.office.0);
        let version = new.contact_point.map_or(0, |(_, version)| version);
        let row = deliveries::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.map(Into::into)),
            check_in_id: Set(new.check_in.map(Into::into)),
            message_id: Set(new.message.map(Into::into)),
            escalation_id: Set(new.escalation.map(Into::into)),
            purpose: Set(new.purpose.as_str().to_owned()),
            dedupe_key: Set(format!("{}:{subject}:{}:{}:{version}", new.purpose, new.slot, new.channel_kind)),
            retry_key: Set(self.cipher.retry_key(subject, new.purpose.as_str(), &new.slot)),
            channel_id: Set(new.channel_id.clone()),
            channel_kind: Set(new.channel_kind.as_str().to_owned()),
            contact_point_id: Set(new.contact_point.map(|(id, _)| id.0)),
            address_version: Set(version),
            address: Set(self.seal(ADDRESS, id.0, &new.address)),
            payload: Set(self.seal(PAYLOAD, id.0, &new.payload)),
            state: Set(DeliveryState::Due.as_str().to_owned()),
            state_code: Set(None),
            due_at: Set(to_ms(new.due_at)),
            window_from: Set(to_ms(new.window.0)),
            window_to: Set(to_ms(new.window.1)),
            expires_at: Set(to_ms(new.expires_at)),
            fence: Set(0),
            lease_until: Set(None),
            attempts: Set(0),
            first_attempt_at: Set(None),
            provider_ref: Set(None),
            accepted_at: Set(None),
            finished_at: Set(None),
            created_at: Set(to_ms(self.now())),
        };
        let insert = deliveries::Entity::insert(row)
            .on_conflict(OnConflict::column(deliveries::Column::DedupeKey).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.conn)
            .await?;
        Ok(matches!(insert, TryInsertResult::Inserted(1..)).then_some(id))
    }

    /// A delivery by id.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>> {
        let row = deliveries::Entity::find_by_id(id.0)
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        row.map(|row| self.to_delivery(row)).transpose()
    }

    /// Deliveries of one check-in, oldest first.
    pub async fn deliveries_of_check_in(&self, check_in: CheckInId) -> Result<Vec<Delivery>> {
        let rows = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::CheckInId.eq(check_in.0))
            .order_by_asc(deliveries::Column::Id)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_delivery(row)).collect()
    }

    /// The newest delivery of a request to an employer.
    pub async fn delivery_of_escalation(&self, escalation: EscalationId) -> Result<Option<Delivery>> {
        let row = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::EscalationId.eq(escalation.0))
            .order_by_desc(deliveries::Column::Id)
            .one(&self.conn)
            .await?;
        row.map(|row| self.to_delivery(row)).transpose()
    }

    /// A graduate's newest deliveries.
    pub async fn deliveries_of(&self, graduate: GraduateId, limit: u64) -> Result<Vec<Delivery>> {
        let rows = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(graduate.0))
            .order_by_desc(deliveries::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_delivery(row)).collect()
    }

    /// Whether something of this purpose went out to a graduate since then, or may yet.
    pub async fn sent_since(&self, graduate: GraduateId, purpose: Purpose, since: DateTime<Utc>) -> Result<bool> {
        let never_left =
            [DeliveryState::Failed, DeliveryState::Cancelled, DeliveryState::Expired].map(DeliveryState::as_str);
        let row = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(graduate.0))
            .filter(deliveries::Column::Purpose.eq(purpose.as_str()))
            .filter(deliveries::Column::CreatedAt.gte(to_ms(since)))
            .filter(deliveries::Column::State.is_not_in(never_left))
            .one(&self.conn)
            .await?;
        Ok(row.is_some())
    }

    /// Writes down what a call came to. The attempt is always kept; the delivery only moves when `fence` still is the
    /// newest claim, and the answer says whether it was.
    pub async fn record(&self, id: DeliveryId, fence: i64, recorded: &Recorded) -> Result<bool> {
        self.touch();
        let now = to_ms(self.now());
        let (outcome, code, request_id) = match recorded {
            Recorded::Accepted { request_id, .. } => ("accepted", None, request_id.clone()),
            Recorded::Refused { code } => ("refused", Some(code.clone()), None),
            Recorded::Again { code, .. } => ("wait", Some(code.clone()), None),
            Recorded::Unknown { code, .. } => ("unknown", Some(code.clone()), None),
        };
        self.add_attempt(id, fence, "result", Some(outcome), code.clone(), request_id).await?;
        let mut update = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::Fence.eq(fence))
            .filter(deliveries::Column::State.eq(DeliveryState::Sending.as_str()))
            .col_expr(deliveries::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(deliveries::Column::StateCode, Expr::value(code));
        let state = match recorded {
            Recorded::Accepted { provider_ref, .. } => {
                update = update
                    .col_expr(deliveries::Column::ProviderRef, Expr::value(provider_ref.clone()))
                    .col_expr(deliveries::Column::AcceptedAt, Expr::value(Some(now)))
                    .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(now)));
                DeliveryState::Accepted
            }
            Recorded::Refused { .. } => {
                update = update.col_expr(deliveries::Column::FinishedAt, Expr::value(Some(now)));
                DeliveryState::Failed
            }
            Recorded::Again { at, .. } => {
                update = update.col_expr(deliveries::Column::DueAt, Expr::value(to_ms(*at)));
                DeliveryState::Due
            }
            Recorded::Unknown { at, .. } => {
                update = update.col_expr(deliveries::Column::DueAt, Expr::value(to_ms(*at)));
                DeliveryState::Unknown
            }
        };
        let update = update.col_expr(deliveries::Column::State, Expr::value(state.as_str()));
        Ok(update.exec(&self.conn).await?.rows_affected == 1)
    }

    /// Puts other words into a delivery that this claim owns; false when the claim isn't the newest one any more.
    pub async fn reword(&self, claimed: &Delivery, payload: &Payload) -> Result<bool> {
        let update = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(claimed.id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::Fence.eq(claimed.fence))
            .filter(deliveries::Column::State.eq(DeliveryState::Sending.as_str()))
            .col_expr(deliveries::Column::Payload, Expr::value(self.seal(PAYLOAD, claimed.id.0, payload)));
        Ok(update.exec(&self.conn).await?.rows_affected == 1)
    }

    /// Ends a delivery that waits (due or unknown) without a call; false when it doesn't wait any more.
    pub async fn finish_waiting(&self, id: DeliveryId, state: DeliveryState, code: &str) -> Result<bool> {
        self.touch();
        let waiting = [DeliveryState::Due, DeliveryState::Unknown].map(DeliveryState::as_str);
        let update = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.is_in(waiting))
            .col_expr(deliveries::Column::State, Expr::value(state.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some(code.to_owned())))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(to_ms(self.now()))));
        Ok(update.exec(&self.conn).await?.rows_affected == 1)
    }

    /// A person decided about a delivery that went wrong: it arrived after all, or it isn't waited for any more. Refused
    /// where nobody has to decide (any more).
    pub async fn decide_delivery(&self, actor: Actor, id: DeliveryId, arrived: bool) -> Result<()> {
        let open = [DeliveryState::Failed, DeliveryState::Expired, DeliveryState::NeedsPerson];
        let open = if arrived { &open[2..] } else { &open[..] };
        let state = if arrived { DeliveryState::Delivered } else { DeliveryState::Cancelled };
        let update = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.is_in(open.iter().map(|state| state.as_str())))
            .col_expr(deliveries::Column::State, Expr::value(state.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some("decided".to_owned())));
        if update.exec(&self.conn).await?.rows_affected == 0 {
            return Err(StoreError::Refused { what: "deciding about a message that didn't go wrong" });
        }
        self.audit(actor, "delivery.decide", "delivery", Some(id.0), json!({ "state": state })).await
    }

    /// Gives a delivery that waits another moment and window, e.g. after the person's hours changed.
    pub async fn move_waiting(
        &self,
        id: DeliveryId,
        due_at: DateTime<Utc>,
        window: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<bool> {
        let update = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .col_expr(deliveries::Column::DueAt, Expr::value(to_ms(due_at)))
            .col_expr(deliveries::Column::WindowFrom, Expr::value(to_ms(window.0)))
            .col_expr(deliveries::Column::WindowTo, Expr::value(to_ms(window.1)))
            .col_expr(deliveries::Column::ExpiresAt, Expr::value(to_ms(window.1)));
        Ok(update.exec(&self.conn).await?.rows_affected == 1)
    }

    /// The provider has it after all: a look-up found it, or the person answers it, perhaps before its call has returned.
    pub async fn found_accepted(&self, id: DeliveryId, provider_ref: Option<String>) -> Result<bool> {
        let now = to_ms(self.now());
        self.add_attempt(id, 0, "found", Some("accepted"), None, None).await?;
        // A call's own result comes too late then and is fenced off.
        let open = [DeliveryState::Sending, DeliveryState::Unknown].map(DeliveryState::as_str);
        let update = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.is_in(open))
            .col_expr(deliveries::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Accepted.as_str()))
            .col_expr(deliveries::Column::ProviderRef, Expr::value(provider_ref))
            .col_expr(deliveries::Column::AcceptedAt, Expr::value(Some(now)))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(now)));
        Ok(update.exec(&self.conn).await?.rows_affected == 1)
    }

    /// A look-up found nothing, or the provider didn't even answer; look again then.
    pub async fn look_again(&self, id: DeliveryId, at: DateTime<Utc>, answered: bool) -> Result<()> {
        let step = if answered { "lookup" } else { "lookup_failed" };
        self.add_attempt(id, 0, step, Some("unknown"), None, None).await?;
        deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Unknown.as_str()))
            .col_expr(deliveries::Column::DueAt, Expr::value(to_ms(at)))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// What waits to carry a check-in inside its window may leave at `at` already; says whether something did.
    pub async fn bring_forward(&self, check_in: CheckInId, at: DateTime<Utc>) -> Result<bool> {
        let moved = deliveries::Entity::update_many()
            .filter(deliveries::Column::CheckInId.eq(check_in.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .filter(deliveries::Column::DueAt.gt(to_ms(at)))
            .filter(deliveries::Column::WindowFrom.lte(to_ms(at)))
            .col_expr(deliveries::Column::DueAt, Expr::value(to_ms(at)))
            .exec(&self.conn)
            .await?;
        Ok(moved.rows_affected > 0)
    }

    /// Whether a provider's id belongs to one of the office's messages already.
    pub async fn knows_provider_ref(&self, provider_ref: &str) -> Result<bool> {
        let known = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::ProviderRef.eq(provider_ref));
        Ok(known.count(&self.conn).await? > 0)
    }

    /// How often a delivery was looked for without being found.
    pub async fn lookups(&self, id: DeliveryId) -> Result<u64> {
        self.attempts_like(id, "lookup").await
    }

    /// Whether an earlier try may have been taken without our knowing: its outcome was unclear or its lease was lost.
    pub async fn may_be_out(&self, id: DeliveryId) -> Result<bool> {
        let unclear = send_attempts::Column::Outcome.eq("unknown").or(send_attempts::Column::Step.eq("lease_expired"));
        let found = send_attempts::Entity::find()
            .filter(send_attempts::Column::DeliveryId.eq(id.0))
            .filter(unclear)
            .one(&self.conn)
            .await?;
        Ok(found.is_some())
    }

    pub(crate) async fn attempts_like(&self, id: DeliveryId, step: &str) -> Result<u64> {
        let attempts = send_attempts::Entity::find()
            .filter(send_attempts::Column::DeliveryId.eq(id.0))
            .filter(send_attempts::Column::Step.eq(step));
        Ok(attempts.count(&self.conn).await?)
    }

    /// Cancels what still waits to go to a graduate, e.g. after a stop; returns how many. What may be out already isn't among
    /// it: that it was cancelled would be a guess.
    pub async fn cancel_waiting_of(&self, graduate: GraduateId, check_ins_only: bool, code: &str) -> Result<u64> {
        let mut update = deliveries::Entity::update_many()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(graduate.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Cancelled.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some(code.to_owned())))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(to_ms(self.now()))));
        if check_ins_only {
            update = update.filter(deliveries::Column::Purpose.eq(Purpose::CheckIn.as_str()));
        }
        Ok(update.exec(&self.conn).await?.rows_affected)
    }

    pub(crate) async fn add_attempt(
        &self,
        delivery: DeliveryId,
        fence: i64,
        step: &'static str,
        outcome: Option<&str>,
        code: Option<String>,
        request_id: Option<String>,
    ) -> Result<()> {
        let row = send_attempts::ActiveModel {
            id: Set(self.ambient.new_uuid()),
            delivery_id: Set(delivery.0),
            fence: Set(fence),
            step: Set(step.to_owned()),
            at: Set(to_ms(self.now())),
            outcome: Set(outcome.map(str::to_owned)),
            code: Set(code),
            request_id: Set(request_id),
        };
        send_attempts::Entity::insert(row).exec_without_returning(&self.conn).await?;
        Ok(())
    }

    pub(crate) fn to_delivery(&self, row: deliveries::Model) -> Result<Delivery> {
        Ok(Delivery {
            id: DeliveryId(row.id),
            graduate: row.graduate_id.map(GraduateId),
            check_in: row.check_in_id.map(CheckInId),
            message: row.message_id.map(MessageId),
            escalation: row.escalation_id.map(EscalationId),
            purpose: code("deliveries", "purpose", row.id, &row.purpose)?,
            retry_key: row.retry_key,
            channel_kind: code("deliveries", "channel_kind", row.id, &row.channel_kind)?,
            channel_id: row.channel_id,
            contact_point: row.contact_point_id.map(ContactPointId),
            address: self.open(ADDRESS, row.id, &row.address)?,
            payload: self.open(PAYLOAD, row.id, &row.payload)?,
            state: code("deliveries", "state", row.id, &row.state)?,
            state_code: row.state_code,
            due_at: from_ms(row.due_at),
            window_to: from_ms(row.window_to),
            expires_at: from_ms(row.expires_at),
            fence: row.fence,
            attempts: row.attempts,
            first_attempt_at: row.first_attempt_at.map(from_ms),
            provider_ref: row.provider_ref,
            accepted_at: row.accepted_at.map(from_ms),
        })
    }
}
