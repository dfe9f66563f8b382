//! Rows of Today that rest: 後で and 今日はしない (ux.md A1).

use std::collections::BTreeMap;

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::today::{NotTodayReason, PutOff, PutOffKind};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::put_offs;
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

const WHY: Place = Place { table: "put_offs", column: "why" };

/// Why a row rests; stored encrypted. No Debug output: it says something about a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyLater {
    /// Why not today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<NotTodayReason>,
    /// In words, for colleagues; may be empty.
    #[serde(default)]
    pub words: String,
}

/// A row that rests, with its reason.
#[derive(Clone, Serialize, Deserialize)]
pub struct Resting {
    /// What was decided.
    pub put_off: PutOff,
    /// Why.
    pub why: WhyLater,
}

/// What is sealed with a row: why it rests, and the decision whose place it took. It stands here rather than in the audit list, which keeps
/// no words.
#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(flatten)]
    why: WhyLater,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Resting>,
}

impl Tx {
    /// A person's row rests until a moment. A newer decision takes the place of an older one, until it is undone.
    pub async fn put_off(
        &self,
        staff: StaffId,
        graduate: GraduateId,
        kind: PutOffKind,
        until: DateTime<Utc>,
        why: &WhyLater,
    ) -> Result<()> {
        self.own_graduate(graduate).await?;
        if until <= self.now() {
            return Err(StoreError::Refused { what: "putting a row off to a time that has passed" });
        }
        let before = self.put_off_row(graduate).await?.map(|row| self.resting(&row)).transpose()?;
        let put_off = PutOff { kind, by: staff, at: self.now(), until };
        self.rest(graduate, &put_off, &Sealed { why: why.clone(), before }).await?;
        let detail = json!({ "kind": kind, "until": to_ms(until), "reason": why.reason });
        self.audit(Actor::staff(staff), "today.put_off", "graduate", Some(graduate.0), detail).await
    }

    /// The newest decision is taken back: the row rests as it did before. `false` where none rests.
    pub(crate) async fn undo_put_off(&self, graduate: GraduateId) -> Result<bool> {
        let Some(row) = self.put_off_row(graduate).await? else { return Ok(false) };
        let Some(Resting { put_off, why }) = self.open::<Sealed>(WHY, graduate.0, &row.why)?.before else {
            return self.wake_row(graduate).await;
        };
        self.rest(graduate, &put_off, &Sealed { why, before: None }).await?;
        Ok(true)
    }

    async fn rest(&self, graduate: GraduateId, put_off: &PutOff, sealed: &Sealed) -> Result<()> {
        let row = put_offs::ActiveModel {
            graduate_id: Set(graduate.0),
            office_id: Set(self.office.0),
            kind: Set(put_off.kind.as_str().to_owned()),
            why: Set(self.seal(WHY, graduate.0, sealed)),
            staff_id: Set(put_off.by.0),
            put_off_at: Set(to_ms(put_off.at)),
            until: Set(to_ms(put_off.until)),
        };
        let newer = OnConflict::column(put_offs::Column::GraduateId)
            .update_columns([
                put_offs::Column::Kind,
                put_offs::Column::Why,
                put_offs::Column::StaffId,
                put_offs::Column::PutOffAt,
                put_offs::Column::Until,
            ])
            .to_owned();
        put_offs::Entity::insert(row).on_conflict(newer).exec_without_returning(&self.conn).await?;
        Ok(())
    }

    async fn put_off_row(&self, graduate: GraduateId) -> Result<Option<put_offs::Model>> {
        let row = put_offs::Entity::find_by_id(graduate.0).filter(put_offs::Column::OfficeId.eq(self.office.0));
        Ok(row.one(&self.conn).await?)
    }

    /// A resting row comes back at once. Nothing happens where none rests.
    pub async fn bring_back(&self, staff: StaffId, graduate: GraduateId) -> Result<()> {
        if self.wake_row(graduate).await? {
            self.audit(Actor::staff(staff), "today.bring_back", "graduate", Some(graduate.0), json!({})).await?;
        }
        Ok(())
    }

    async fn wake_row(&self, graduate: GraduateId) -> Result<bool> {
        let gone = put_offs::Entity::delete_many()
            .filter(put_offs::Column::GraduateId.eq(graduate.0))
            .filter(put_offs::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        Ok(gone.rows_affected > 0)
    }

    /// Rows that rest, or whose rest ended after `since`.
    pub(crate) async fn resting_since(&self, since: DateTime<Utc>) -> Result<BTreeMap<GraduateId, Resting>> {
        let rows = put_offs::Entity::find()
            .filter(put_offs::Column::OfficeId.eq(self.office.0))
            .filter(put_offs::Column::Until.gte(to_ms(since)))
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| Ok((GraduateId(row.graduate_id), self.resting(row)?))).collect()
    }

    fn resting(&self, row: &put_offs::Model) -> Result<Resting> {
        let put_off = PutOff {
            kind: code("put_offs", "kind", row.graduate_id, &row.kind)?,
            by: StaffId(row.staff_id),
            at: from_ms(row.put_off_at),
            until: from_ms(row.until),
        };
        Ok(Resting { put_off, why: self.open(WHY, row.graduate_id, &row.why)? })
    }
}
