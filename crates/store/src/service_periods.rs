//! Service periods: under which service a graduate was supported, from when to when.

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, ServicePeriodId};
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::entity::service_periods;
use crate::error::{Result, StoreError};
use crate::tx::{Tx, corrupt, met};

/// A service period as stored.
#[derive(Clone, Debug)]
pub struct StoredServicePeriod {
    /// Its id.
    pub id: ServicePeriodId,
    /// Who is supported.
    pub graduate: GraduateId,
    /// Under which service, and when.
    pub period: ServicePeriod,
}

impl Tx {
    /// Adds a service period. Two of a kind that start on the same day are refused as a duplicate.
    pub async fn add_service_period(
        &self,
        actor: Actor,
        graduate: GraduateId,
        period: &ServicePeriod,
    ) -> Result<ServicePeriodId> {
        self.graduate_row(graduate).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        check(period)?;
        let id = ServicePeriodId::new(&self.ambient);
        self.new_service_period(id, graduate, period).insert(&self.conn).await.map_err(started_already)?;
        self.wake_planner(graduate).await?;
        let detail = json!({ "service_period": id, "kind": period.kind });
        self.audit(actor, "service_period.add", "graduate", Some(graduate.0), detail).await?;
        Ok(id)
    }

    /// Changes a service period.
    pub async fn change_service_period(&self, actor: Actor, id: ServicePeriodId, period: &ServicePeriod) -> Result<()> {
        let before = service_periods::Entity::find_by_id(id.0)
            .filter(service_periods::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        let graduate = before.ok_or(StoreError::NotFound { what: "service period" })?.graduate_id;
        check(period)?;
        let result = service_periods::Entity::update_many()
            .set(columns(period))
            .filter(service_periods::Column::Id.eq(id.0))
            .filter(service_periods::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await
            .map_err(started_already)?;
        met(&result, "service period")?;
        self.wake_planner(GraduateId(graduate)).await?;
        let detail = json!({ "service_period": id, "kind": period.kind });
        self.audit(actor, "service_period.change", "graduate", Some(graduate), detail).await
    }

    /// Takes a service period off the record that never was: somebody entered it by mistake.
    pub async fn remove_service_period(&self, actor: Actor, id: ServicePeriodId) -> Result<()> {
        let found = service_periods::Entity::find_by_id(id.0)
            .filter(service_periods::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        let row = found.ok_or(StoreError::NotFound { what: "service period" })?;
        let graduate = row.graduate_id;
        // The days stay in the audit list: they say nothing about a person that the list doesn't hold anyway.
        let detail = json!({ "service_period": id, "kind": row.kind, "from": row.started_on, "to": row.ended_on });
        service_periods::Entity::delete_many()
            .filter(service_periods::Column::Id.eq(id.0))
            .filter(service_periods::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        self.wake_planner(GraduateId(graduate)).await?;
        self.audit(actor, "service_period.remove", "graduate", Some(graduate), detail).await
    }

    /// A graduate's service periods, oldest first.
    pub async fn service_periods_of(&self, graduate: GraduateId) -> Result<Vec<StoredServicePeriod>> {
        let rows = service_periods::Entity::find()
            .filter(service_periods::Column::GraduateId.eq(graduate.0))
            .filter(service_periods::Column::OfficeId.eq(self.office.0))
            .order_by_asc(service_periods::Column::StartedOn)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_period).collect()
    }

    /// Every service period of the office, oldest first.
    pub async fn service_periods(&self) -> Result<Vec<StoredServicePeriod>> {
        let rows = service_periods::Entity::find()
            .filter(service_periods::Column::OfficeId.eq(self.office.0))
            .order_by_asc(service_periods::Column::StartedOn)
            .order_by_asc(service_periods::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_period).collect()
    }

    pub(crate) fn new_service_period(
        &self,
        id: ServicePeriodId,
        graduate: GraduateId,
        period: &ServicePeriod,
    ) -> service_periods::ActiveModel {
        service_periods::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            ..columns(period)
        }
    }
}

fn check(period: &ServicePeriod) -> Result<()> {
    if period.ended_on.is_some_and(|ended_on| ended_on < period.started_on) {
        return Err(StoreError::Refused { what: "a service that ends before it starts" });
    }
    Ok(())
}

fn columns(period: &ServicePeriod) -> service_periods::ActiveModel {
    service_periods::ActiveModel {
        kind: Set(word(period.kind).to_owned()),
        started_on: Set(period.started_on),
        ended_on: Set(period.ended_on),
        certificate_expires_on: Set(period.certificate_expires_on),
        plan_review_on: Set(period.plan_review_on),
        ..Default::default()
    }
}

fn to_period(row: &service_periods::Model) -> Result<StoredServicePeriod> {
    let kinds = [ServiceKind::Transition, ServiceKind::Retention];
    let kind = kinds.into_iter().find(|kind| word(*kind) == row.kind);
    let period = ServicePeriod {
        kind: kind.ok_or_else(|| corrupt("service_periods", "kind", row.id))?,
        started_on: row.started_on,
        ended_on: row.ended_on,
        certificate_expires_on: row.certificate_expires_on,
        plan_review_on: row.plan_review_on,
    };
    Ok(StoredServicePeriod { id: ServicePeriodId(row.id), graduate: GraduateId(row.graduate_id), period })
}

fn word(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Transition => "transition",
        ServiceKind::Retention => "retention",
    }
}

fn started_already(error: sea_orm::DbErr) -> StoreError {
    match StoreError::from(error) {
        StoreError::Duplicate { .. } => StoreError::Duplicate { what: "a service that started on this day" },
        other => other,
    }
}
