//! Stopping all contact with a person, and allowing it again. Who asked and why is kept, sealed.
//!
//! The gate is the person's `contact_stopped_at`, which every claim looks at. A stop that the person said themselves is
//! lifted by staff only with a note in which they ask for contact again.

use bansou_core::audit::{Actor, ActorKind};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::Reachability;
use bansou_core::delivery::DeliveryState;
use bansou_core::graduate::{ContactStop, StopAsked};
use bansou_core::ids::{GraduateId, NoteId, StaffId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{contact_stops, deliveries, graduates};
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

const STOP: Place = Place { table: "contact_stops", column: "stop" };

/// A stop as it is stored.
#[derive(Clone)]
pub struct StoredStop {
    id: Uuid,
    /// Who asked, and why.
    pub stop: ContactStop,
    /// Since when.
    pub stopped_at: DateTime<Utc>,
    /// The member of staff who wrote it down; none = the person did it themselves.
    pub stopped_by: Option<StaffId>,
    /// When it was lifted.
    pub lifted_at: Option<DateTime<Utc>>,
    /// The member of staff who lifted it; none = the person, or nobody yet.
    pub lifted_by: Option<StaffId>,
}

impl Tx {
    /// The person said stop: nothing automatic goes out from now on. The first moment stays when it is said again; over a
    /// stop of the office's it makes the stop their own.
    pub async fn stop_contact(&self, actor: Actor, id: GraduateId) -> Result<()> {
        let row = self.graduate_row(id).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        if row.contact_stopped_at.is_some() && self.is_own_stop(id).await? {
            return Ok(());
        }
        let own = ContactStop { asked: StopAsked::Person, reason: String::new() };
        self.put_stop(actor, id, row.contact_stopped_at, &own).await
    }

    /// Staff stop contact for somebody: nothing goes out from now on, and what waits is cancelled in this unit of work.
    /// Refused where it is stopped already.
    pub async fn stop_contact_for(&self, actor: Actor, id: GraduateId, stop: &ContactStop) -> Result<()> {
        let row = self.graduate_row(id).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        if row.contact_stopped_at.is_some() {
            return Err(StoreError::Refused { what: "stopping contact twice" });
        }
        self.put_stop(actor, id, None, stop).await?;
        self.cancel_everything_for(id).await
    }

    /// Cancels what waits to go to a stopped person. What is out already may still be answered, and what may be out is waited
    /// for: nothing more is sent, but the row must not say that nothing was.
    pub async fn cancel_everything_for(&self, id: GraduateId) -> Result<()> {
        self.cancel_waiting_of(id, false, CloseReason::Stopped.as_str()).await?;
        let under_way: Vec<Option<Uuid>> = deliveries::Entity::find()
            .select_only()
            .column(deliveries::Column::CheckInId)
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(id.0))
            .filter(
                deliveries::Column::State
                    .is_in([DeliveryState::Sending, DeliveryState::Unknown].map(DeliveryState::as_str)),
            )
            .into_tuple()
            .all(&self.conn)
            .await?;
        for row in self.open_check_ins_of(id).await? {
            if row.state != CheckInState::Out && !under_way.contains(&Some(row.id.0)) {
                self.close_check_in(row.id, CheckInState::Skipped, Some(CloseReason::Stopped)).await?;
            }
        }
        Ok(())
    }

    /// How many messages wait to go to a person.
    pub async fn waiting_for(&self, id: GraduateId) -> Result<u64> {
        let waiting = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(id.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()));
        Ok(waiting.count(&self.conn).await?)
    }

    /// The person wants contact again and says so themselves.
    pub async fn allow_contact(&self, actor: Actor, id: GraduateId) -> Result<()> {
        let change = graduates::ActiveModel { contact_stopped_at: Set(None), ..Default::default() };
        self.update_graduate(id, change).await?;
        let by = actor.id.filter(|_| actor.kind == ActorKind::Staff);
        contact_stops::Entity::update_many()
            .set(contact_stops::ActiveModel {
                lifted_at: Set(Some(to_ms(self.now()))),
                lifted_by: Set(by),
                ..Default::default()
            })
            .filter(contact_stops::Column::GraduateId.eq(id.0))
            .filter(contact_stops::Column::OfficeId.eq(self.office.0))
            .filter(contact_stops::Column::LiftedAt.is_null())
            .exec(&self.conn)
            .await?;
        self.wake_planner(id).await?;
        self.audit(actor, "graduate.allow", "graduate", Some(id.0), json!({})).await
    }

    /// The person wants contact again: what they stopped themselves is lifted at once. A stop that family, another supporter or
    /// the office asked for may protect them and stays. Gives whether contact is free now.
    pub async fn lift_own_stop(&self, actor: Actor, id: GraduateId) -> Result<bool> {
        let stops = self.stops_of(id).await?;
        let is_own = |stop: &StoredStop| stop.stop.asked == StopAsked::Person;
        let (own, others): (Vec<_>, Vec<_>) =
            stops.iter().filter(|stop| stop.lifted_at.is_none()).partition(|s| is_own(s));
        if others.is_empty() {
            self.allow_contact(actor, id).await?;
            return Ok(true);
        }
        contact_stops::Entity::update_many()
            .set(contact_stops::ActiveModel { lifted_at: Set(Some(to_ms(self.now()))), ..Default::default() })
            .filter(contact_stops::Column::Id.is_in(own.iter().map(|stop| stop.id)))
            .filter(contact_stops::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        self.audit(actor, "graduate.ask_contact", "graduate", Some(id.0), json!({})).await?;
        Ok(false)
    }

    /// Staff allow contact again. A stop that the person said themselves needs the note in which they ask for contact;
    /// with it, an address at which they had said stop may be used again too.
    pub async fn allow_contact_for(&self, actor: Actor, id: GraduateId, asked: Option<NoteId>) -> Result<()> {
        let note = match asked {
            Some(note) => self.note(note).await?.filter(|note| note.graduate == id && !note.lanes.said.is_empty()),
            None => None,
        };
        if note.is_none() && self.is_own_stop(id).await? {
            return Err(StoreError::Refused { what: "lifting a person's own stop without their word" });
        }
        self.allow_contact(actor, id).await?;
        for point in self.contact_points(id).await? {
            if let (Some(_), Reachability::Stopped { .. }, Ok(reach)) = (&note, point.reach, point.reach.resumed()) {
                self.set_reachability(actor, point.id, reach).await?;
            }
        }
        Ok(())
    }

    /// Whether the person themselves said stop, to the office or at one of their addresses, and hasn't taken it back.
    pub async fn is_own_stop(&self, id: GraduateId) -> Result<bool> {
        let row = self.graduate_row(id).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        let points = self.contact_points(id).await?;
        if points.iter().any(|point| matches!(point.reach, Reachability::Stopped { .. })) {
            return Ok(true);
        }
        if row.contact_stopped_at.is_none() {
            return Ok(false);
        }
        let stops = self.stops_of(id).await?;
        let holding: Vec<_> = stops.iter().filter(|stop| stop.lifted_at.is_none()).collect();
        // Before reasons were kept, only the person could stop.
        Ok(holding.is_empty() || holding.iter().any(|stop| stop.stop.asked == StopAsked::Person))
    }

    /// Every stop of a person, newest first.
    pub async fn stops_of(&self, id: GraduateId) -> Result<Vec<StoredStop>> {
        let rows = contact_stops::Entity::find()
            .filter(contact_stops::Column::OfficeId.eq(self.office.0))
            .filter(contact_stops::Column::GraduateId.eq(id.0))
            .order_by_desc(contact_stops::Column::StoppedAt)
            .order_by_desc(contact_stops::Column::Id)
            .all(&self.conn)
            .await?;
        let stored = |row: contact_stops::Model| {
            Ok(StoredStop {
                id: row.id,
                stop: self.open(STOP, row.id, &row.stop)?,
                stopped_at: from_ms(row.stopped_at),
                stopped_by: row.stopped_by.map(StaffId),
                lifted_at: row.lifted_at.map(from_ms),
                lifted_by: row.lifted_by.map(StaffId),
            })
        };
        rows.into_iter().map(stored).collect()
    }

    async fn put_stop(&self, actor: Actor, id: GraduateId, since: Option<i64>, stop: &ContactStop) -> Result<()> {
        let now = to_ms(self.now());
        let row = self.ambient.new_uuid();
        contact_stops::ActiveModel {
            id: Set(row),
            office_id: Set(self.office.0),
            graduate_id: Set(id.0),
            stop: Set(self.seal(STOP, row, stop)),
            stopped_at: Set(now),
            stopped_by: Set(actor.id.filter(|_| actor.kind == ActorKind::Staff)),
            lifted_at: Set(None),
            lifted_by: Set(None),
        }
        .insert(&self.conn)
        .await?;
        let change = graduates::ActiveModel { contact_stopped_at: Set(since.or(Some(now))), ..Default::default() };
        self.update_graduate(id, change).await?;
        self.wake_planner(id).await?;
        self.audit(actor, "graduate.stop", "graduate", Some(id.0), json!({})).await
    }
}
