//! Cadences: when a graduate is contacted next, and the planner's to-do list.
//!
//! The planner asks by the index on `plan_at` only, so a round in which nothing is due costs the same with a thousand
//! graduates as with a hundred thousand. Plan and reason are JSON of core's types.

use bansou_core::audit::Actor;
use bansou_core::cadence::{CadenceState, NextDue};
use bansou_core::ids::{CadenceId, GraduateId, OfficeId};
use bansou_core::note::ContactMode;
use bansou_core::task::{TaskKind, TaskReason};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{LockBehavior, LockType, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{cadences, graduates};
use crate::error::{Result, StoreError};
use crate::tasks::NewTask;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, json, met, to_json};

/// A cadence as stored.
#[derive(Clone, Debug)]
pub struct CadenceRow {
    /// Its id.
    pub id: CadenceId,
    /// Whose cadence.
    pub graduate: GraduateId,
    /// Newest day for which a check-in row exists.
    pub last_due_on: Option<NaiveDate>,
    /// Day of the last contact by a person.
    pub last_contact_on: Option<NaiveDate>,
    /// How that contact was made; `None` when nobody wrote it down.
    pub last_contact_mode: Option<ContactMode>,
    /// The next check-in and why it comes on its day; `None` when none is coming.
    pub next: Option<NextDue>,
    /// When the planner looks at it next; `None` = never.
    pub plan_at: Option<DateTime<Utc>>,
    /// Plan, anchor, adjusters. Pauses of the person stand in the graduate's row.
    pub state: CadenceState,
}

impl Store {
    /// Offices in which a cadence waits for the planner.
    pub async fn offices_with_plans_due(&self, now: DateTime<Utc>) -> Result<Vec<OfficeId>> {
        let ids: Vec<Uuid> = cadences::Entity::find()
            .select_only()
            .column(cadences::Column::OfficeId)
            .distinct()
            .filter(cadences::Column::PlanAt.lte(to_ms(now)))
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(ids.into_iter().map(OfficeId).collect())
    }
}

impl Tx {
    /// Gives a graduate a plan, or another one; the planner looks at it at once.
    pub async fn put_cadence(&self, actor: Actor, graduate: GraduateId, state: &CadenceState) -> Result<CadenceId> {
        self.graduate_row(graduate).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        let id = if let Some(cadence) = self.cadence(graduate).await? {
            let change = cadences::ActiveModel {
                plan: Set(to_json(state)),
                plan_at: Set(Some(to_ms(self.now()))),
                ..Default::default()
            };
            self.update_cadence(cadence.id, change).await?;
            cadence.id
        } else {
            let id = CadenceId::new(&self.ambient);
            self.new_cadence(id, graduate, state).insert(&self.conn).await?;
            id
        };
        self.audit(actor, "cadence.put", "graduate", Some(graduate.0), json!({ "cadence": id })).await?;
        Ok(id)
    }

    /// A graduate's cadence.
    pub async fn cadence(&self, graduate: GraduateId) -> Result<Option<CadenceRow>> {
        let row = cadences::Entity::find()
            .filter(cadences::Column::GraduateId.eq(graduate.0))
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        row.as_ref().map(to_cadence).transpose()
    }

    /// Every cadence of the office.
    pub async fn cadences(&self) -> Result<Vec<CadenceRow>> {
        // By its people: an index that begins with the office would lead the planner's question for all offices astray.
        let people = Query::select()
            .column(graduates::Column::Id)
            .from(graduates::Entity)
            .and_where(graduates::Column::OfficeId.eq(self.office.0))
            .to_owned();
        let rows = cadences::Entity::find()
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .filter(cadences::Column::GraduateId.in_subquery(people));
        rows.all(&self.conn).await?.iter().map(to_cadence).collect()
    }

    /// With how many people somebody of the office was in touch on a day.
    pub async fn reached_on(&self, day: NaiveDate) -> Result<u64> {
        let reached = cadences::Entity::find()
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .filter(cadences::Column::LastContactOn.eq(day));
        Ok(reached.count(&self.conn).await?)
    }

    /// Cadences that wait for the planner, longest-waiting first. On PostgreSQL they are locked and those that another
    /// process holds are left out.
    pub async fn cadences_to_plan(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<CadenceId>> {
        let ids: Vec<Uuid> = cadences::Entity::find()
            .select_only()
            .column(cadences::Column::Id)
            .filter(cadences::Column::PlanAt.lte(to_ms(now)))
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .order_by_asc(cadences::Column::PlanAt)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(&self.conn)
            .await?;
        Ok(ids.into_iter().map(CadenceId).collect())
    }

    /// A cadence that still waits for the planner, locked until this unit of work ends.
    pub async fn cadence_to_plan(&self, id: CadenceId, now: DateTime<Utc>) -> Result<Option<CadenceRow>> {
        let row = cadences::Entity::find_by_id(id.0)
            .filter(cadences::Column::PlanAt.lte(to_ms(now)))
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&self.conn)
            .await?;
        row.as_ref().map(to_cadence).transpose()
    }

    /// A cadence that can't be planned: the planner leaves it alone until `again`, and a person gets a task.
    pub async fn planning_failed(&self, id: CadenceId, again: DateTime<Utc>) -> Result<()> {
        let row = cadences::Entity::find_by_id(id.0)
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        let row = row.ok_or(StoreError::NotFound { what: "cadence" })?;
        let change = cadences::ActiveModel { plan_at: Set(Some(to_ms(again))), ..Default::default() };
        self.update_cadence(id, change).await?;
        let task = NewTask::program(TaskKind::Look, TaskReason::Unclear, format!("plan:{id}"), self.now());
        self.add_task(&NewTask { graduate: Some(GraduateId(row.graduate_id)), ..task }).await?;
        Ok(())
    }

    /// Writes down what the planner found: the next check-in with its reason, and when to look again (`None` = never).
    pub async fn set_next(
        &self,
        cadence: CadenceId,
        next: Option<&NextDue>,
        plan_at: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let change = cadences::ActiveModel {
            next_due_on: Set(next.map(|next| next.due_on)),
            next_reason: Set(next.map(|next| to_json(&next.reason))),
            plan_at: Set(plan_at.map(to_ms)),
            ..Default::default()
        };
        self.update_cadence(cadence, change).await
    }

    /// The newest day for which a check-in row exists.
    pub async fn set_last_due(&self, cadence: CadenceId, day: NaiveDate) -> Result<()> {
        let change = cadences::ActiveModel { last_due_on: Set(Some(day)), ..Default::default() };
        self.update_cadence(cadence, change).await
    }

    /// A person was in touch on a day, and how; an earlier day than the one known changes nothing. The planner looks again.
    pub async fn set_last_contact(&self, graduate: GraduateId, day: NaiveDate, mode: ContactMode) -> Result<()> {
        let Some(cadence) = self.cadence(graduate).await? else { return Ok(()) };
        if cadence.last_contact_on.is_some_and(|last| last > day) {
            return Ok(());
        }
        self.put_last_contact(cadence.id, Some((day, mode))).await
    }

    pub(crate) async fn put_last_contact(
        &self,
        cadence: CadenceId,
        last: Option<(NaiveDate, ContactMode)>,
    ) -> Result<()> {
        let change = cadences::ActiveModel {
            last_contact_on: Set(last.map(|(day, _)| day)),
            last_contact_mode: Set(last.map(|(_, mode)| mode.as_str().to_owned())),
            plan_at: Set(Some(to_ms(self.now()))),
            ..Default::default()
        };
        self.update_cadence(cadence, change).await
    }

    /// Makes the planner look at a graduate in its next round, because something that it goes by has changed.
    pub async fn wake_planner(&self, graduate: GraduateId) -> Result<()> {
        cadences::Entity::update_many()
            .set(cadences::ActiveModel { plan_at: Set(Some(to_ms(self.now()))), ..Default::default() })
            .filter(cadences::Column::GraduateId.eq(graduate.0))
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// Makes the planner look at everybody of the office, because hours or closed days have changed.
    pub async fn wake_every_planner(&self) -> Result<()> {
        cadences::Entity::update_many()
            .set(cadences::ActiveModel { plan_at: Set(Some(to_ms(self.now()))), ..Default::default() })
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .filter(cadences::Column::PlanAt.is_not_null())
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    pub(crate) fn new_cadence(
        &self,
        id: CadenceId,
        graduate: GraduateId,
        state: &CadenceState,
    ) -> cadences::ActiveModel {
        cadences::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            plan: Set(to_json(state)),
            last_due_on: Set(None),
            last_contact_on: Set(None),
            last_contact_mode: Set(None),
            next_due_on: Set(None),
            next_reason: Set(None),
            plan_at: Set(Some(to_ms(self.now()))),
        }
    }

    async fn update_cadence(&self, id: CadenceId, change: cadences::ActiveModel) -> Result<()> {
        let result = cadences::Entity::update_many()
            .set(change)
            .filter(cadences::Column::Id.eq(id.0))
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        met(&result, "cadence")
    }
}

fn to_cadence(row: &cadences::Model) -> Result<CadenceRow> {
    let next = match (row.next_due_on, &row.next_reason) {
        (Some(due_on), Some(text)) => Some(NextDue { due_on, reason: json("cadences", "next_reason", row.id, text)? }),
        _ => None,
    };
    Ok(CadenceRow {
        id: CadenceId(row.id),
        graduate: GraduateId(row.graduate_id),
        last_due_on: row.last_due_on,
        last_contact_on: row.last_contact_on,
        last_contact_mode: mode_of(row)?,
        next,
        plan_at: row.plan_at.map(from_ms),
        state: json("cadences", "plan", row.id, &row.plan)?,
    })
}

pub(crate) fn mode_of(row: &cadences::Model) -> Result<Option<ContactMode>> {
    row.last_contact_mode.as_deref().map(|word| code("cadences", "last_contact_mode", row.id, word)).transpose()
}
