//! Where a graduate stands: support, pause, and who is there for them. Each change wakes the planner.

use bansou_core::audit::Actor;
use bansou_core::graduate::Support;
use bansou_core::ids::{GraduateId, StaffId};
use chrono::{NaiveDate, TimeDelta};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::entity::{audit, graduates};
use crate::error::{Result, StoreError};
use crate::graduates::{PAUSE_REASON, Pause};
use crate::time::to_ms;
use crate::tx::Tx;

/// Opening the same page again within this time leaves no further row.
pub const READ_NOTED_FOR: TimeDelta = TimeDelta::minutes(10);

impl Tx {
    /// Moves a graduate between preparing, supported and ended.
    pub async fn set_support(&self, actor: Actor, id: GraduateId, support: Support) -> Result<()> {
        let change = graduates::ActiveModel { support: Set(support.as_str().to_owned()), ..Default::default() };
        self.stand(actor, "graduate.support", id, change, json!({ "support": support })).await
    }

    /// Pauses contact from a day on; a pause that is there already is replaced.
    pub async fn pause_graduate(&self, actor: Actor, id: GraduateId, pause: &Pause) -> Result<()> {
        if pause.dates.until.is_some_and(|until| until < pause.dates.from) {
            return Err(StoreError::Refused { what: "a pause that ends before it begins" });
        }
        let change = graduates::ActiveModel {
            paused_from: Set(Some(pause.dates.from)),
            paused_until: Set(pause.dates.until),
            pause_reason: Set(Some(self.seal(PAUSE_REASON, id.0, &pause.reason))),
            ..Default::default()
        };
        self.stand(actor, "graduate.pause", id, change, json!(pause.dates)).await
    }

    /// Ends a pause at once.
    pub async fn unpause_graduate(&self, actor: Actor, id: GraduateId) -> Result<()> {
        let row = self.graduate_row(id).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        let zone = self.own_office().await?.zone;
        let yesterday = self.now().with_timezone(&zone).date_naive().pred_opt();
        let was_paused = |from: NaiveDate| yesterday.is_some_and(|yesterday| from <= yesterday);
        let change = if row.paused_from.is_some_and(was_paused) {
            graduates::ActiveModel { paused_until: Set(yesterday), ..Default::default() }
        } else {
            graduates::ActiveModel {
                paused_from: Set(None),
                paused_until: Set(None),
                pause_reason: Set(None),
                ..Default::default()
            }
        };
        self.stand(actor, "graduate.unpause", id, change, json!({})).await
    }

    /// Says who is there for the person, and who stands in (S1.1). Both have to be of this office.
    pub async fn assign_staff(
        &self,
        actor: Actor,
        id: GraduateId,
        staff: Option<StaffId>,
        standin: Option<StaffId>,
    ) -> Result<()> {
        for member in [staff, standin].into_iter().flatten() {
            self.staff_row(member).await?.ok_or(StoreError::NotFound { what: "account" })?;
        }
        let change = graduates::ActiveModel {
            staff_id: Set(staff.map(|staff| staff.0)),
            standin_id: Set(standin.map(|standin| standin.0)),
            ..Default::default()
        };
        self.stand(actor, "graduate.assign", id, change, json!({ "staff": staff, "standin": standin })).await
    }

    /// Notes that somebody opened a graduate's page: at most one row per person, graduate and ten minutes.
    pub async fn note_read(&self, actor: Actor, id: GraduateId) -> Result<()> {
        self.note_read_within(actor, id, READ_NOTED_FOR).await
    }

    /// The same with at most one row within a time of one's own.
    pub async fn note_read_within(&self, actor: Actor, id: GraduateId, known_for: TimeDelta) -> Result<()> {
        self.graduate_row(id).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        let same_actor = match actor.id {
            Some(actor) => audit::Column::ActorId.eq(actor),
            None => audit::Column::ActorId.is_null(),
        };
        let noted = audit::Entity::find()
            .filter(audit::Column::ObjectId.eq(id.0))
            .filter(audit::Column::OfficeId.eq(self.office.0))
            .filter(audit::Column::Action.eq("graduate.read"))
            .filter(audit::Column::ActorKind.eq(actor.kind.as_str()))
            .filter(same_actor)
            .filter(audit::Column::At.gt(to_ms(self.now() - known_for)))
            .one(&self.conn)
            .await?;
        if noted.is_some() {
            return Ok(());
        }
        self.audit(actor, "graduate.read", "graduate", Some(id.0), json!({})).await
    }

    async fn stand(
        &self,
        actor: Actor,
        action: &str,
        id: GraduateId,
        change: graduates::ActiveModel,
        detail: serde_json::Value,
    ) -> Result<()> {
        self.update_graduate(id, change).await?;
        self.wake_planner(id).await?;
        self.audit(actor, action, "graduate", Some(id.0), detail).await
    }
}
