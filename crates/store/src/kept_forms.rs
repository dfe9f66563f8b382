//! Forms that came after their session had ended. What somebody wrote isn't lost by that: it is kept for a day, sealed, and
//! shown to the same member of staff after they have signed in again.

use bansou_core::ids::StaffId;
use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::kept_forms;
use crate::error::{Result, StoreError};
use crate::time::to_ms;
use crate::tx::Tx;

const FORM: Place = Place { table: "kept_forms", column: "form" };

/// From the evening, when a tab stays open, until somebody comes back on the next morning.
pub(crate) const KEPT_FOR: TimeDelta = TimeDelta::days(1);

/// A form on its way. No Debug output: it holds what somebody wrote.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeptForm {
    /// The path it was sent to.
    pub path: String,
    /// Its fields in their order, without the token of the ended session.
    pub fields: Vec<(String, String)>,
}

impl Tx {
    /// Keeps a form for a member of staff of this office; gives the id under which they find it.
    pub async fn keep_form(&self, staff: StaffId, form: &KeptForm) -> Result<Uuid> {
        self.staff_row(staff).await?.ok_or(StoreError::NotFound { what: "account" })?;
        let id = self.ambient.new_uuid();
        let row = kept_forms::ActiveModel {
            id: Set(id),
            office_id: Set(self.office.0),
            staff_id: Set(staff.0),
            form: Set(self.seal(FORM, id, form)),
            kept_at: Set(to_ms(self.now())),
        };
        row.insert(&self.conn).await?;
        Ok(id)
    }

    /// A kept form of this member of staff; another's, or one that is older than a day, is nobody's.
    pub async fn kept_form(&self, staff: StaffId, id: Uuid) -> Result<Option<KeptForm>> {
        let row = kept_forms::Entity::find_by_id(id)
            .filter(kept_forms::Column::OfficeId.eq(self.office.0))
            .filter(kept_forms::Column::StaffId.eq(staff.0))
            .filter(kept_forms::Column::KeptAt.gt(to_ms(self.now() - KEPT_FOR)))
            .one(&self.conn)
            .await?;
        row.map(|row| self.open(FORM, row.id, &row.form)).transpose()
    }
}
