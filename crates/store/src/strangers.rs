//! Strangers: words from an address that belongs to nobody. A member of staff says whose it is, or that it is none of ours.
//!
//! A wrong binding would send what is private to somebody else, so each one is written down with its maker, and can be taken
//! back: the address goes, and the stranger's words leave the person's thread.

use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::{GraduateId, InboundId, MessageId, StaffId};
use bansou_core::sign::SignStep;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::thread::Direction;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{bindings, inbound_events, messages, tasks};
use crate::error::{Result, StoreError};
use crate::inbound::{Inbound, InboundState};
use crate::signs::SignPlace;
use crate::tasks::{NewTask, TaskState};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

const ADDRESS: Place = Place { table: "bindings", column: "address" };
const BEFORE: Place = Place { table: "bindings", column: "address_before" };
const NAME: Place = Place { table: "inbound_events", column: "sender_name" };

/// So many of a person's events are looked through when a binding is taken back.
const EVENTS: u64 = 5_000;

/// A member of staff said whose address this is.
#[derive(Clone)]
pub struct Binding {
    /// Its id.
    pub id: Uuid,
    /// Whose address it was said to be.
    pub graduate: GraduateId,
    /// LINE or SMS.
    pub kind: ContactKind,
    /// When.
    pub bound_at: DateTime<Utc>,
    /// Who.
    pub bound_by: StaffId,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

/// Who sent an event: the way, and the address as core normalises it.
pub fn sender(body: &Value) -> Option<(ContactKind, String)> {
    if let Some(user) = body.pointer("/source/userId").and_then(Value::as_str) {
        return Some((ContactKind::Line, user.to_owned()));
    }
    let fields = body.get("form")?.as_array()?;
    let from = fields.iter().find(|field| field.get(0).and_then(Value::as_str) == Some("From"))?;
    Some((ContactKind::Sms, from.get(1)?.as_str()?.to_owned()))
}

impl Tx {
    /// The stranger's events behind one of them, oldest first; empty when somebody has decided about it.
    pub async fn stranger(&self, event: InboundId, limit: u64) -> Result<Vec<Inbound>> {
        let Some(one) = self.inbound_event(event).await? else { return Err(StoreError::NotFound { what: "event" }) };
        let Some(who) = sender(&one.body).filter(|_| one.state == InboundState::UnknownSender) else {
            return Ok(Vec::new());
        };
        let all = self.unknown_senders(limit).await?;
        let mut same: Vec<_> = all.into_iter().filter(|event| sender(&event.body).as_ref() == Some(&who)).collect();
        same.sort_by_key(|event| (event.occurred_at, event.id));
        Ok(same)
    }

    /// The sender of these events is this person: the address becomes theirs, and the events are taken up as their words. An
    /// address that is theirs already (a shared phone) stays as it is.
    pub async fn bind_stranger(&self, staff: StaffId, graduate: GraduateId, events: &[Inbound]) -> Result<Uuid> {
        let who = events.first().and_then(|event| sender(&event.body));
        let Some((kind, address)) = who.filter(|who| events.iter().all(|e| sender(&e.body).as_ref() == Some(who)))
        else {
            return Err(StoreError::Refused { what: "binding several senders at once, or none" });
        };
        let known = self.contact_points(graduate).await?.into_iter().find(|point| point.kind == kind);
        let before = known.map(|point| point.address);
        if before.as_ref() != Some(&address) {
            self.set_address(Actor::staff(staff), graduate, kind, &address).await?;
        }
        let id = Uuid::from_bytes(self.ambient.bytes::<16>());
        bindings::ActiveModel {
            id: Set(id),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            kind: Set(kind.as_str().to_owned()),
            address: Set(self.seal(ADDRESS, id, &address)),
            address_before: Set(before.map(|before| self.seal(BEFORE, id, &before))),
            bound_at: Set(to_ms(self.now())),
            bound_by: Set(staff.0),
            undone_at: Set(None),
            undone_by: Set(None),
        }
        .insert(&self.conn)
        .await?;
        self.decide_events(events, InboundState::Stored, Some(graduate)).await?;
        self.end_stranger_tasks(staff, events).await?;
        let detail = json!({ "kind": kind, "binding": id, "events": events.len() });
        self.audit(Actor::staff(staff), "stranger.bind", "graduate", Some(graduate.0), detail).await?;
        Ok(id)
    }

    /// The sender of these events is none of ours.
    pub async fn stranger_is_not_ours(&self, staff: StaffId, events: &[Inbound]) -> Result<()> {
        self.decide_events(events, InboundState::NotOurs, None).await?;
        self.end_stranger_tasks(staff, events).await?;
        let first = events.first().map(|event| event.id.0);
        let detail = json!({ "events": events.len() });
        self.audit(Actor::staff(staff), "stranger.not_ours", "inbound", first, detail).await
    }

    /// One binding.
    pub async fn binding(&self, id: Uuid) -> Result<Option<Binding>> {
        self.binding_row(id).await?.as_ref().map(to_binding).transpose()
    }

    /// Bindings of a graduate that hold, newest first.
    pub async fn bindings_of(&self, graduate: GraduateId) -> Result<Vec<Binding>> {
        let rows = bindings::Entity::find()
            .filter(bindings::Column::OfficeId.eq(self.office.0))
            .filter(bindings::Column::GraduateId.eq(graduate.0))
            .filter(bindings::Column::UndoneAt.is_null())
            .order_by_desc(bindings::Column::BoundAt)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_binding).collect()
    }

    /// It was somebody else: the address that stood there before comes back (or none), the words leave the thread, signs
    /// that quote them are dismissed with `why`, and the events wait for eyes again. Refused when it was taken back already.
    pub async fn unbind_stranger(&self, staff: StaffId, id: Uuid, why: &str) -> Result<GraduateId> {
        let row = self.binding_row(id).await?.ok_or(StoreError::NotFound { what: "binding" })?;
        let binding = to_binding(&row)?;
        self.hold_thread_if_any(binding.graduate).await?;
        let change = bindings::ActiveModel {
            undone_at: Set(Some(to_ms(self.now()))),
            undone_by: Set(Some(staff.0)),
            ..Default::default()
        };
        let changed = bindings::Entity::update_many()
            .set(change)
            .filter(bindings::Column::Id.eq(id))
            .filter(bindings::Column::OfficeId.eq(self.office.0))
            .filter(bindings::Column::UndoneAt.is_null())
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 {
            return Err(StoreError::Refused { what: "taking a binding back twice" });
        }
        let (actor, graduate) = (Actor::staff(staff), binding.graduate);
        let address: String = self.open(ADDRESS, id, &row.address)?;
        let before: Option<String> = self.open_some(BEFORE, id, row.address_before.as_ref())?;
        let points = self.contact_points(graduate).await?;
        let still = points.iter().find(|point| point.kind == binding.kind && point.address == address);
        match (still, before) {
            (Some(_), Some(before)) => drop(self.set_address(actor, graduate, binding.kind, &before).await?),
            (Some(point), None) => self.remove_address(actor, point.id).await?,
            (None, _) => {}
        }
        let events = self.events_from(graduate, &(binding.kind, address)).await?;
        self.take_words_out(staff, &binding, &events, why).await?;
        self.move_events(&events, None, InboundState::UnknownSender, None).await?;
        self.reopen_stranger_tasks(&events).await?;
        let detail = json!({ "kind": binding.kind, "binding": id, "events": events.len() });
        self.audit(actor, "stranger.unbind", "graduate", Some(graduate.0), detail).await?;
        Ok(graduate)
    }

    /// LINE events of strangers whose name on LINE nobody has asked for.
    pub async fn strangers_to_ask(&self, limit: u64) -> Result<Vec<Inbound>> {
        let all = self.unknown_senders(limit).await?;
        Ok(all.into_iter().filter(|event| !event.sender_asked && sender(&event.body).is_some_and(is_line)).collect())
    }

    /// Keeps the name that a sender shows on LINE; `None` when LINE tells none.
    pub async fn note_sender_name(&self, event: InboundId, name: Option<&str>) -> Result<()> {
        let change = inbound_events::ActiveModel {
            sender_name: Set(name.map(|name| self.seal(NAME, event.0, name))),
            sender_asked_at: Set(Some(to_ms(self.now()))),
            ..Default::default()
        };
        inbound_events::Entity::update_many()
            .set(change)
            .filter(inbound_events::Column::Id.eq(event.0))
            .filter(inbound_events::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    pub(crate) fn sender_name(&self, row: &inbound_events::Model) -> Result<Option<String>> {
        self.open_some(NAME, row.id, row.sender_name.as_ref())
    }

    async fn binding_row(&self, id: Uuid) -> Result<Option<bindings::Model>> {
        let row = bindings::Entity::find_by_id(id).filter(bindings::Column::OfficeId.eq(self.office.0));
        Ok(row.one(&self.conn).await?)
    }

    async fn events_from(&self, graduate: GraduateId, who: &(ContactKind, String)) -> Result<Vec<Inbound>> {
        let rows = inbound_events::Entity::find()
            .filter(inbound_events::Column::OfficeId.eq(self.office.0))
            .filter(inbound_events::Column::GraduateId.eq(graduate.0))
            .order_by_desc(inbound_events::Column::ReceivedAt)
            .limit(EVENTS)
            .all(&self.conn)
            .await?;
        let all = rows.into_iter().map(|row| self.to_inbound(row)).collect::<Result<Vec<_>>>()?;
        Ok(all.into_iter().filter(|event| sender(&event.body).as_ref() == Some(who)).collect())
    }

    async fn take_words_out(&self, staff: StaffId, binding: &Binding, events: &[Inbound], why: &str) -> Result<()> {
        let channel = if binding.kind == ContactKind::Line { ChannelKind::Line } else { ChannelKind::Sms };
        let mut gone: Vec<MessageId> = Vec::new();
        for event in events {
            let rows = messages::Entity::find()
                .filter(messages::Column::OfficeId.eq(self.office.0))
                .filter(messages::Column::GraduateId.eq(binding.graduate.0))
                .filter(messages::Column::Direction.eq(Direction::In.as_str()))
                .filter(messages::Column::ChannelKind.eq(channel.as_str()))
                .filter(messages::Column::At.eq(to_ms(event.occurred_at)))
                .all(&self.conn)
                .await?;
            for row in rows {
                gone.push(MessageId(row.id));
                let mut row: messages::ActiveModel = row.into();
                row.hidden_at = Set(Some(to_ms(self.now())));
                row.hidden_why = Set(Some("not_theirs".to_owned()));
                row.update(&self.conn).await?;
            }
        }
        for placed in self.signs_of(binding.graduate).await? {
            let of_them = matches!(placed.place, SignPlace::Message(message) if gone.contains(&message));
            if of_them && placed.sign.state.step().may_become(SignStep::Dismissed) {
                self.dismiss_sign(staff, placed.sign.id, why).await?;
            }
        }
        for message in &gone {
            self.forget_quotes_of(*message).await?;
        }
        self.forget_attachments_of(&gone).await?;
        self.recount_reply_due(binding.graduate).await
    }

    /// Refused where somebody else has decided about one of them in between.
    async fn decide_events(&self, events: &[Inbound], to: InboundState, graduate: Option<GraduateId>) -> Result<()> {
        let moved = self.move_events(events, Some(InboundState::UnknownSender), to, graduate).await?;
        let all = u64::try_from(events.len()).is_ok_and(|all| all == moved);
        if all { Ok(()) } else { Err(StoreError::Refused { what: "deciding about a stranger twice" }) }
    }

    async fn move_events(
        &self,
        events: &[Inbound],
        from: Option<InboundState>,
        to: InboundState,
        graduate: Option<GraduateId>,
    ) -> Result<u64> {
        let mut moved = 0;
        let ids: Vec<Uuid> = events.iter().map(|event| event.id.0).collect();
        let change = inbound_events::ActiveModel {
            state: Set(to.as_str().to_owned()),
            graduate_id: Set(graduate.map(|id| id.0)),
            ..Default::default()
        };
        for piece in ids.chunks(crate::scope::PIECE) {
            let mut update = inbound_events::Entity::update_many()
                .set(change.clone())
                .filter(inbound_events::Column::OfficeId.eq(self.office.0))
                .filter(inbound_events::Column::Id.is_in(piece.iter().copied()));
            if let Some(from) = from {
                update = update.filter(inbound_events::Column::State.eq(from.as_str()));
            }
            moved += update.exec(&self.conn).await?.rows_affected;
        }
        Ok(moved)
    }

    async fn end_stranger_tasks(&self, staff: StaffId, events: &[Inbound]) -> Result<()> {
        let change = tasks::ActiveModel {
            state: Set(TaskState::Done.as_str().to_owned()),
            done_at: Set(Some(to_ms(self.now()))),
            done_by: Set(Some(staff.0)),
            ..Default::default()
        };
        self.change_stranger_tasks(events, TaskState::Open, change).await
    }

    async fn reopen_stranger_tasks(&self, events: &[Inbound]) -> Result<()> {
        let change = tasks::ActiveModel {
            state: Set(TaskState::Open.as_str().to_owned()),
            done_at: Set(None),
            done_by: Set(None),
            ..Default::default()
        };
        self.change_stranger_tasks(events, TaskState::Done, change).await?;
        // What came in while the address was bound never had a task of its own.
        for event in events.iter().filter(|event| !event.kind.contains("follow") && !event.kind.contains("unsend")) {
            let key = format!("unknown-sender:{}", event.id);
            self.add_task(&NewTask::program(TaskKind::Look, TaskReason::UnknownSender, key, self.now())).await?;
        }
        Ok(())
    }

    async fn change_stranger_tasks(
        &self,
        events: &[Inbound],
        from: TaskState,
        change: tasks::ActiveModel,
    ) -> Result<()> {
        let keys: Vec<String> = events.iter().map(|event| format!("unknown-sender:{}", event.id)).collect();
        for piece in keys.chunks(crate::scope::PIECE) {
            tasks::Entity::update_many()
                .set(change.clone())
                .filter(tasks::Column::OfficeId.eq(self.office.0))
                .filter(tasks::Column::State.eq(from.as_str()))
                .filter(tasks::Column::DedupeKey.is_in(piece.iter().map(String::as_str)))
                .exec(&self.conn)
                .await?;
        }
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed over by the option it stands in")]
fn is_line(who: (ContactKind, String)) -> bool {
    who.0 == ContactKind::Line
}

fn to_binding(row: &bindings::Model) -> Result<Binding> {
    Ok(Binding {
        id: row.id,
        graduate: GraduateId(row.graduate_id),
        kind: code("bindings", "kind", row.id, &row.kind)?,
        bound_at: from_ms(row.bound_at),
        bound_by: StaffId(row.bound_by),
        undone_at: row.undone_at.map(from_ms),
    })
}
