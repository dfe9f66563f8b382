//! Offices: setting one up, finding them, their rules and their stop switch.

use bansou_core::ids::OfficeId;
use bansou_core::office::OfficeSettings;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, TransactionTrait};
use zeroize::Zeroizing;

use crate::connect::Store;
use crate::crypto::Place;
use crate::entity::{office_keys, offices};
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, json, to_json};

const STOP_REASON: Place = Place { table: "offices", column: "sending_stop_reason" };

/// An office as it is stored.
#[derive(Clone, Debug)]
pub struct Office {
    /// Its id.
    pub id: OfficeId,
    /// Its name.
    pub name: String,
    /// The zone in which it decides.
    pub zone: Tz,
    /// Its rules.
    pub settings: OfficeSettings,
    /// Since when nothing is sent.
    pub sending_stopped_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Sets up an office with its own data key.
    pub async fn add_office(&self, name: &str, zone: Tz, settings: &OfficeSettings) -> Result<OfficeId> {
        let ambient = self.ambient();
        let id = OfficeId::new(ambient);
        let data_key = Zeroizing::new(ambient.bytes::<32>());
        let _gate = self.gate().await;
        let conn = self.db().begin().await?;
        offices::ActiveModel {
            id: Set(id.0),
            name: Set(name.to_owned()),
            zone: Set(zone.name().to_owned()),
            settings: Set(to_json(settings)),
            sending_stopped_at: Set(None),
            audit_head: Set(Vec::new()),
            audit_seq: Set(0),
            created_at: Set(to_ms(ambient.now())),
            sending_stop_reason: Set(None),
        }
        .insert(&conn)
        .await?;
        office_keys::ActiveModel {
            office_id: Set(id.0),
            wrapped: Set(self.master().wrap(id.0, &data_key, ambient)),
            created_at: Set(to_ms(ambient.now())),
        }
        .insert(&conn)
        .await?;
        conn.commit().await?;
        Ok(id)
    }

    /// Every office, oldest first.
    pub async fn offices(&self) -> Result<Vec<Office>> {
        let rows = offices::Entity::find().order_by_asc(offices::Column::Id).all(self.db()).await?;
        rows.into_iter().map(office).collect()
    }
}

impl Tx {
    /// The office whose work this is.
    pub async fn own_office(&self) -> Result<Office> {
        let row = offices::Entity::find_by_id(self.office.0).one(&self.conn).await?;
        office(row.ok_or(StoreError::NotFound { what: "office" })?)
    }

    /// Changes the office's name and rules.
    pub async fn change_office(&self, name: &str, settings: &OfficeSettings) -> Result<()> {
        let row = offices::ActiveModel {
            id: Set(self.office.0),
            name: Set(name.to_owned()),
            settings: Set(to_json(settings)),
            ..Default::default()
        };
        row.update(&self.conn).await?;
        Ok(())
    }

    /// Stops or resumes all sending of the office; the next claim obeys. A reason from before is forgotten.
    pub async fn stop_sending(&self, since: Option<DateTime<Utc>>) -> Result<()> {
        let row = offices::ActiveModel {
            id: Set(self.office.0),
            sending_stopped_at: Set(since.map(to_ms)),
            sending_stop_reason: Set(None),
            ..Default::default()
        };
        row.update(&self.conn).await?;
        Ok(())
    }

    /// Keeps why all sending is stopped, sealed: the words may be about a person.
    pub async fn say_why_stopped(&self, reason: &str) -> Result<()> {
        let row = offices::ActiveModel {
            id: Set(self.office.0),
            sending_stop_reason: Set(Some(self.seal(STOP_REASON, self.office.0, reason))),
            ..Default::default()
        };
        row.update(&self.conn).await?;
        Ok(())
    }

    /// Why all sending is stopped; `None` while messages go out, or where nobody said why.
    pub async fn why_stopped(&self) -> Result<Option<String>> {
        let row = offices::Entity::find_by_id(self.office.0).one(&self.conn).await?;
        let row = row.ok_or(StoreError::NotFound { what: "office" })?;
        self.open_some(STOP_REASON, row.id, row.sending_stop_reason.as_ref())
    }
}

fn office(row: offices::Model) -> Result<Office> {
    let zone = row.zone.parse().map_err(|_| crate::tx::corrupt("offices", "zone", row.id))?;
    Ok(Office {
        id: OfficeId(row.id),
        name: row.name,
        zone,
        settings: json("offices", "settings", row.id, &row.settings)?,
        sending_stopped_at: row.sending_stopped_at.map(from_ms),
    })
}
