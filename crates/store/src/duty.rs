//! Who is on duty, and the team at a moment: everything that decides who looks after whom, in four queries.

use std::collections::BTreeMap;

use bansou_core::audit::Actor;
use bansou_core::calendar::OfficeCalendar;
use bansou_core::duty::{DutyPlan, DutyWeek};
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::hours::WeekHours;
use bansou_core::ids::StaffId;
use bansou_core::team::{Member, Team};
use chrono::{NaiveDate, Weekday};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::entity::{duty_days, duty_week, graduates, staff};
use crate::error::{Result, StoreError};
use crate::tx::{Tx, code, corrupt, json as read_json, to_json};

/// A member of staff and a stand-in, as graduates have them; either may be nobody.
pub type Pair = (Option<StaffId>, Option<StaffId>);

impl Tx {
    /// The office's staff with hours, leave that isn't over on `since`, and duty. The calendar is the office's.
    pub async fn team(&self, calendar: OfficeCalendar, since: NaiveDate) -> Result<Team> {
        let rows: Vec<(Uuid, Option<String>, Option<i64>)> = staff::Entity::find()
            .select_only()
            .columns([staff::Column::Id, staff::Column::Hours, staff::Column::DisabledAt])
            .filter(staff::Column::OfficeId.eq(self.office.0))
            .into_tuple()
            .all(&self.conn)
            .await?;
        let member = |(id, hours, disabled_at): (Uuid, Option<String>, Option<i64>)| {
            Ok(Member { id: StaffId(id), hours: hours_of(id, hours.as_deref())?, is_active: disabled_at.is_none() })
        };
        let members = rows.into_iter().map(member).collect::<Result<Vec<_>>>()?;
        Ok(Team::new(calendar, members, self.leaves_from(since).await?, self.duty_plan(since).await?))
    }

    /// Every pair of owner and stand-in that the office's graduates have: few, however many graduates there are. Whoever looks
    /// after a pair looks after all its people.
    pub async fn pairs(&self) -> Result<Vec<Pair>> {
        let rows: Vec<(Option<Uuid>, Option<Uuid>)> = graduates::Entity::find()
            .select_only()
            .columns([graduates::Column::StaffId, graduates::Column::StandinId])
            .distinct()
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .into_tuple()
            .all(&self.conn)
            .await?;
        Ok(rows.into_iter().map(|(staff, standin)| (staff.map(StaffId), standin.map(StaffId))).collect())
    }

    /// Somebody's own working hours; `None` = the office's.
    pub async fn set_staff_hours(&self, actor: Actor, id: StaffId, hours: Option<&WeekHours>) -> Result<()> {
        let change = staff::ActiveModel { hours: Set(hours.map(to_json)), ..Default::default() };
        self.update_staff(id, change).await?;
        self.audit(actor, "staff.hours", "staff", Some(id.0), json!({ "own": hours.is_some() })).await
    }

    /// The week that repeats, and single half-days from a day on.
    pub async fn duty_plan(&self, since: NaiveDate) -> Result<DutyPlan> {
        let mut week = DutyWeek::default();
        let rows = duty_week::Entity::find().filter(duty_week::Column::OfficeId.eq(self.office.0));
        for row in rows.all(&self.conn).await? {
            let day = u8::try_from(row.weekday).ok().and_then(|day| Weekday::try_from(day).ok());
            let day = day.ok_or_else(|| corrupt("duty_week", "weekday", row.office_id))?;
            week.put(day, code("duty_week", "half", row.office_id, &row.half)?, Some(StaffId(row.staff_id)));
        }
        let rows = duty_days::Entity::find()
            .filter(duty_days::Column::OfficeId.eq(self.office.0))
            .filter(duty_days::Column::DutyOn.gte(since))
            .all(&self.conn)
            .await?;
        let mut days = BTreeMap::new();
        for row in rows {
            let half = code::<Half>("duty_days", "half", row.office_id, &row.half)?;
            days.insert(HalfDay { on: row.duty_on, half }, row.staff_id.map(StaffId));
        }
        Ok(DutyPlan { week, days })
    }

    /// Puts another week in the place of the one that repeats.
    pub async fn set_duty_week(&self, actor: Actor, week: &DutyWeek) -> Result<()> {
        let mut rows = Vec::new();
        for (day, half, staff) in week.slots() {
            self.own_member(staff).await?;
            rows.push(duty_week::ActiveModel {
                office_id: Set(self.office.0),
                weekday: Set(i64::from(day.num_days_from_monday())),
                half: Set(half.as_str().to_owned()),
                staff_id: Set(staff.0),
            });
        }
        self.audit(actor, "duty.week", "office", Some(self.office.0), json!({ "halves": rows.len() })).await?;
        let own = duty_week::Column::OfficeId.eq(self.office.0);
        duty_week::Entity::delete_many().filter(own).exec(&self.conn).await?;
        if !rows.is_empty() {
            duty_week::Entity::insert_many(rows).exec_without_returning(&self.conn).await?;
        }
        Ok(())
    }

    /// Puts somebody, or nobody, on duty in one half-day, whatever the week says.
    pub async fn set_duty(&self, actor: Actor, half: HalfDay, staff: Option<StaffId>) -> Result<()> {
        if let Some(staff) = staff {
            self.own_member(staff).await?;
        }
        let row = duty_days::ActiveModel {
            office_id: Set(self.office.0),
            duty_on: Set(half.on),
            half: Set(half.half.as_str().to_owned()),
            staff_id: Set(staff.map(|id| id.0)),
        };
        let key = [duty_days::Column::OfficeId, duty_days::Column::DutyOn, duty_days::Column::Half];
        let again = OnConflict::columns(key).update_column(duty_days::Column::StaffId).to_owned();
        duty_days::Entity::insert(row).on_conflict(again).exec_without_returning(&self.conn).await?;
        self.audit(actor, "duty.day", "office", Some(self.office.0), json!({ "half": half, "staff": staff })).await
    }

    /// One half-day is as the week says again.
    pub async fn clear_duty(&self, actor: Actor, half: HalfDay) -> Result<()> {
        duty_days::Entity::delete_many()
            .filter(duty_days::Column::OfficeId.eq(self.office.0))
            .filter(duty_days::Column::DutyOn.eq(half.on))
            .filter(duty_days::Column::Half.eq(half.half.as_str()))
            .exec(&self.conn)
            .await?;
        self.audit(actor, "duty.day", "office", Some(self.office.0), json!({ "half": half, "usual": true })).await
    }

    async fn own_member(&self, id: StaffId) -> Result<()> {
        self.staff_row(id).await?.ok_or(StoreError::NotFound { what: "account" })?;
        Ok(())
    }
}

/// A member's own hours as they are stored.
pub(crate) fn hours_of(id: Uuid, hours: Option<&str>) -> Result<Option<WeekHours>> {
    hours.map(|text| read_json("staff", "hours", id, text)).transpose()
}
