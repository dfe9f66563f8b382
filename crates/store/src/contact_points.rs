//! Addresses of graduates: one per kind, sealed, found by a keyed hash.
//!
//! Every change of an address raises its version; a message planned for an older version is never sent (P5). Addresses come
//! in normalised by core (`PhoneNumber::e164`, `EmailAddress`, `LineUserId`); the hash is over exactly that text.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::ids::{ContactPointId, GraduateId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::{contact_points, graduates};
use crate::error::{Result, StoreError};
use crate::graduates::Graduate;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, corrupt, met};

pub(crate) const ADDRESS: Place = Place { table: "contact_points", column: "address" };
const REMOVED: &str = "removed";

/// One address of a graduate.
#[derive(Clone)]
pub struct ContactPoint {
    /// Its id; stays when the address changes.
    pub id: ContactPointId,
    /// Whose address.
    pub graduate: GraduateId,
    /// Which way it is.
    pub kind: ContactKind,
    /// The address, normalised.
    pub address: String,
    /// Rises with every change.
    pub version: i64,
    /// Whether messages may go there.
    pub reach: Reachability,
    /// When an address of this kind was first known.
    pub created_at: DateTime<Utc>,
}

impl std::fmt::Debug for ContactPoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContactPoint {} ({})", self.id, self.kind)
    }
}

impl Tx {
    /// Sets a graduate's address of a kind. The same address again changes nothing; another one gets the next version and is
    /// reachable, unless the person had said stop there.
    pub async fn set_address(
        &self,
        actor: Actor,
        graduate: GraduateId,
        kind: ContactKind,
        address: &str,
    ) -> Result<ContactPointId> {
        self.graduate_row(graduate).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        let before = contact_points::Entity::find()
            .filter(contact_points::Column::GraduateId.eq(graduate.0))
            .filter(contact_points::Column::Kind.eq(kind.as_str()))
            .filter(contact_points::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        let id = match before {
            None => {
                let id = ContactPointId::new(&self.ambient);
                self.new_contact_point(id, graduate, kind, address).insert(&self.conn).await?;
                id
            }
            Some(row) => {
                let id = ContactPointId(row.id);
                if row.state != REMOVED && row.address_index == self.address_index(kind, address) {
                    return Ok(id);
                }
                let change = self.readdressed(&row, kind, address)?;
                self.update_contact_point(id, change).await?;
                id
            }
        };
        self.wake_planner(graduate).await?;
        let detail = json!({ "kind": kind, "contact_point": id });
        self.audit(actor, "contact_point.set", "graduate", Some(graduate.0), detail).await?;
        Ok(id)
    }

    /// Takes an address away; what is planned for it is not sent. A stop that was said there outlives it: only the person's
    /// own word lifts it, also when the address is written down again.
    pub async fn remove_address(&self, actor: Actor, id: ContactPointId) -> Result<()> {
        let row = self.contact_point_row(id).await?.ok_or(StoreError::NotFound { what: "address" })?;
        if matches!(reach(&row)?, Reachability::Stopped { .. }) {
            self.stop_contact(Actor::graduate(GraduateId(row.graduate_id)), GraduateId(row.graduate_id)).await?;
        }
        let change = contact_points::ActiveModel {
            version: Set(row.version + 1),
            state: Set(REMOVED.to_owned()),
            state_since: Set(to_ms(self.now())),
            ..Default::default()
        };
        self.update_contact_point(id, change).await?;
        let detail = json!({ "kind": row.kind, "contact_point": id });
        self.audit(actor, "contact_point.remove", "graduate", Some(row.graduate_id), detail).await
    }

    /// Writes down whether messages may go to an address. Core's `Reachability` says which steps are allowed.
    pub async fn set_reachability(&self, actor: Actor, id: ContactPointId, reach: Reachability) -> Result<()> {
        let row = self.contact_point_row(id).await?.ok_or(StoreError::NotFound { what: "address" })?;
        let graduate = row.graduate_id;
        let (state, since) = state_words(reach);
        if row.state == state && since.is_none_or(|since| to_ms(since) == row.state_since) {
            return Ok(());
        }
        let change = contact_points::ActiveModel {
            state: Set(state.to_owned()),
            state_since: Set(to_ms(since.unwrap_or_else(|| self.now()))),
            ..Default::default()
        };
        self.update_contact_point(id, change).await?;
        let detail = json!({ "kind": row.kind, "contact_point": id, "state": state });
        self.audit(actor, "contact_point.state", "graduate", Some(graduate), detail).await
    }

    /// One address; a removed one is gone.
    pub async fn contact_point(&self, id: ContactPointId) -> Result<Option<ContactPoint>> {
        let row = self.contact_point_row(id).await?;
        row.as_ref().map(|row| self.to_contact_point(row)).transpose()
    }

    /// A graduate's addresses in the order in which the ways are tried.
    pub async fn contact_points(&self, graduate: GraduateId) -> Result<Vec<ContactPoint>> {
        let rows = contact_points::Entity::find()
            .filter(contact_points::Column::GraduateId.eq(graduate.0))
            .filter(contact_points::Column::OfficeId.eq(self.office.0))
            .filter(contact_points::Column::State.ne(REMOVED))
            .all(&self.conn)
            .await?;
        let mut points = rows.iter().map(|row| self.to_contact_point(row)).collect::<Result<Vec<_>>>()?;
        points.sort_by_key(|point| point.kind);
        Ok(points)
    }

    /// These people with their addresses, read at once.
    pub async fn people_with_addresses(
        &self,
        people: &[GraduateId],
    ) -> Result<HashMap<GraduateId, (Graduate, Vec<ContactPoint>)>> {
        let ids: Vec<_> = people.iter().map(|id| id.0).collect();
        let rows = graduates::Entity::find()
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .filter(graduates::Column::Id.is_in(ids.iter().copied()))
            .all(&self.conn)
            .await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            found.insert(GraduateId(row.id), (self.to_graduate(row)?, Vec::new()));
        }
        let points = contact_points::Entity::find()
            .filter(contact_points::Column::OfficeId.eq(self.office.0))
            .filter(contact_points::Column::GraduateId.is_in(ids))
            .filter(contact_points::Column::State.ne(REMOVED))
            .all(&self.conn)
            .await?;
        for row in &points {
            if let Some((_, addresses)) = found.get_mut(&GraduateId(row.graduate_id)) {
                addresses.push(self.to_contact_point(row)?);
            }
        }
        Ok(found)
    }

    /// Everybody's addresses, for lists of the whole office.
    pub async fn all_contact_points(&self) -> Result<Vec<ContactPoint>> {
        let rows = contact_points::Entity::find()
            .filter(contact_points::Column::OfficeId.eq(self.office.0))
            .filter(contact_points::Column::State.ne(REMOVED))
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_contact_point(row)).collect()
    }

    /// Whose address this is: nobody's, one person's, or several people's (a family's phone), in the order of their ids.
    pub async fn contact_points_at(&self, kind: ContactKind, address: &str) -> Result<Vec<ContactPoint>> {
        let rows = contact_points::Entity::find()
            .filter(contact_points::Column::OfficeId.eq(self.office.0))
            .filter(contact_points::Column::Kind.eq(kind.as_str()))
            .filter(contact_points::Column::AddressIndex.eq(self.address_index(kind, address)))
            .filter(contact_points::Column::State.ne(REMOVED))
            .all(&self.conn)
            .await?;
        let mut points = rows.iter().map(|row| self.to_contact_point(row)).collect::<Result<Vec<_>>>()?;
        points.sort_by_key(|point| point.graduate);
        Ok(points)
    }

    pub(crate) fn new_contact_point(
        &self,
        id: ContactPointId,
        graduate: GraduateId,
        kind: ContactKind,
        address: &str,
    ) -> contact_points::ActiveModel {
        let now = to_ms(self.now());
        contact_points::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            kind: Set(kind.as_str().to_owned()),
            address: Set(self.seal(ADDRESS, id.0, address)),
            address_index: Set(self.address_index(kind, address)),
            version: Set(1),
            state: Set(state_words(Reachability::Reachable).0.to_owned()),
            state_since: Set(now),
            created_at: Set(now),
        }
    }

    fn readdressed(
        &self,
        row: &contact_points::Model,
        kind: ContactKind,
        address: &str,
    ) -> Result<contact_points::ActiveModel> {
        let reach = if row.state == REMOVED { Reachability::Reachable } else { reach(row)?.readdressed() };
        let (state, since) = state_words(reach);
        Ok(contact_points::ActiveModel {
            address: Set(self.seal(ADDRESS, row.id, address)),
            address_index: Set(self.address_index(kind, address)),
            version: Set(row.version + 1),
            state: Set(state.to_owned()),
            state_since: Set(to_ms(since.unwrap_or_else(|| self.now()))),
            ..Default::default()
        })
    }

    async fn contact_point_row(&self, id: ContactPointId) -> Result<Option<contact_points::Model>> {
        let row = contact_points::Entity::find_by_id(id.0)
            .filter(contact_points::Column::OfficeId.eq(self.office.0))
            .filter(contact_points::Column::State.ne(REMOVED));
        Ok(row.one(&self.conn).await?)
    }

    async fn update_contact_point(&self, id: ContactPointId, change: contact_points::ActiveModel) -> Result<()> {
        let result = contact_points::Entity::update_many()
            .set(change)
            .filter(contact_points::Column::Id.eq(id.0))
            .filter(contact_points::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        met(&result, "address")
    }

    fn address_index(&self, kind: ContactKind, address: &str) -> Vec<u8> {
        self.cipher.index(kind.as_str(), address)
    }

    pub(crate) fn to_contact_point(&self, row: &contact_points::Model) -> Result<ContactPoint> {
        Ok(ContactPoint {
            id: ContactPointId(row.id),
            graduate: GraduateId(row.graduate_id),
            kind: code("contact_points", "kind", row.id, &row.kind)?,
            address: self.open(ADDRESS, row.id, &row.address)?,
            version: row.version,
            reach: reach(row)?,
            created_at: from_ms(row.created_at),
        })
    }
}

fn reach(row: &contact_points::Model) -> Result<Reachability> {
    let since = from_ms(row.state_since);
    match row.state.as_str() {
        "reachable" => Ok(Reachability::Reachable),
        "blocked" => Ok(Reachability::Blocked { since }),
        "stopped" => Ok(Reachability::Stopped { since }),
        "invalid" => Ok(Reachability::Invalid { since }),
        _ => Err(corrupt("contact_points", "state", row.id)),
    }
}

fn state_words(reach: Reachability) -> (&'static str, Option<DateTime<Utc>>) {
    match reach {
        Reachability::Reachable => ("reachable", None),
        Reachability::Blocked { since } => ("blocked", Some(since)),
        Reachability::Stopped { since } => ("stopped", Some(since)),
        Reachability::Invalid { since } => ("invalid", Some(since)),
    }
}
