//! Leave of staff: entered once, with a stand-in. Whoever looks after whom is computed from it by
//! [`Team`](bansou_core::team::Team); nothing else is moved.

use bansou_core::absence::{HalfDays, Leave, REASON_MAX};
use bansou_core::audit::Actor;
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::ids::{AbsenceId, StaffId};
use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::absences;
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, corrupt, met};

const REASON: Place = Place { table: "absences", column: "reason" };

/// Leave to be entered. No Debug output: a reason says something about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAbsence {
    /// Who, when, and who stands in.
    pub leave: Leave,
    /// Why, for the person themself and managers; empty = nothing was said.
    pub reason: String,
}

/// Leave as it is stored.
#[derive(Clone)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// Who, when, and who stands in.
    pub leave: Leave,
    /// Why; empty = nothing was said. For the person themself and managers alone.
    pub reason: String,
    /// It was called off.
    pub is_cancelled: bool,
    /// When it was entered.
    pub created_at: chrono::DateTime<chrono::Utc>,
}

impl Tx {
    /// Enters leave. Refused where it overlaps other leave of the same person, or leave of the stand-in; the unit of work is of no
    /// use then.
    pub async fn add_absence(&self, actor: Actor, new: &NewAbsence) -> Result<AbsenceId> {
        let id = AbsenceId::new(&self.ambient);
        self.check_absence(actor, "absence.add", id, new).await?;
        let (from, to) = (new.leave.when.from(), new.leave.when.to());
        absences::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            staff_id: Set(new.leave.staff.0),
            from_on: Set(from.on),
            from_half: Set(from.half.as_str().to_owned()),
            until_on: Set(to.on),
            until_half: Set(to.half.as_str().to_owned()),
            standin_id: Set(new.leave.standin.map(|id| id.0)),
            reason: Set(self.sealed_reason(id, &new.reason)),
            cancelled_at: Set(None),
            created_at: Set(to_ms(self.now())),
        }
        .insert(&self.conn)
        .await?;
        Ok(id)
    }

    /// Changes leave that holds; whose it is stays. Refused as in [`Tx::add_absence`].
    pub async fn change_absence(&self, actor: Actor, id: AbsenceId, new: &NewAbsence) -> Result<()> {
        let holds = self.absence(id).await?.is_some_and(|old| !old.is_cancelled && old.leave.staff == new.leave.staff);
        if !holds {
            return Err(StoreError::NotFound { what: "leave" });
        }
        self.check_absence(actor, "absence.change", id, new).await?;
        let (from, to) = (new.leave.when.from(), new.leave.when.to());
        let change = absences::ActiveModel {
            from_on: Set(from.on),
            from_half: Set(from.half.as_str().to_owned()),
            until_on: Set(to.on),
            until_half: Set(to.half.as_str().to_owned()),
            standin_id: Set(new.leave.standin.map(|id| id.0)),
            reason: Set(self.sealed_reason(id, &new.reason)),
            ..Default::default()
        };
        self.update_absence(id, change, Condition::all().add(absences::Column::CancelledAt.is_null())).await
    }

    /// Calls leave off; [`Tx::undo`] takes this back.
    pub async fn cancel_absence(&self, actor: Actor, id: AbsenceId) -> Result<()> {
        let change = absences::ActiveModel { cancelled_at: Set(Some(to_ms(self.now()))), ..Default::default() };
        let holds = Condition::all().add(absences::Column::CancelledAt.is_null());
        self.update_absence(id, change, holds).await?;
        self.audit(actor, "absence.cancel", "absence", Some(id.0), json!({})).await
    }

    /// One leave, called off or not.
    pub async fn absence(&self, id: AbsenceId) -> Result<Option<Absence>> {
        let row = self.absences_of_office().filter(absences::Column::Id.eq(id.0)).one(&self.conn).await?;
        row.map(|row| self.to_absence(&row)).transpose()
    }

    /// Leave that isn't over on a day, the earliest first; nothing that was called off.
    pub async fn absences_from(&self, day: NaiveDate) -> Result<Vec<Absence>> {
        let rows = self.leave_rows(day).await?;
        rows.iter().map(|row| self.to_absence(row)).collect()
    }

    /// Who is away when, without reasons: for deciding who looks after whom.
    pub(crate) async fn leaves_from(&self, day: NaiveDate) -> Result<Vec<Leave>> {
        self.leave_rows(day).await?.iter().map(leave).collect()
    }

    /// Leave that was called off holds again, unless something overlaps it by now.
    pub(crate) async fn restore_absence(&self, id: AbsenceId) -> Result<bool> {
        let Some(absence) = self.absence(id).await?.filter(|absence| absence.is_cancelled) else { return Ok(false) };
        if self.clash(id, &absence.leave).await?.is_some() {
            return Ok(false);
        }
        let change = absences::ActiveModel { cancelled_at: Set(None), ..Default::default() };
        self.update_absence(id, change, Condition::all()).await?;
        Ok(true)
    }

    /// The audit row comes first: it holds the office's row until the commit, so that of two forms sent at the same moment the
    /// second one sees the first one's leave.
    async fn check_absence(&self, actor: Actor, action: &str, id: AbsenceId, new: &NewAbsence) -> Result<()> {
        let Leave { staff, when, standin } = new.leave;
        if standin == Some(staff) || new.reason.chars().count() > REASON_MAX {
            return Err(StoreError::Refused { what: "standing in for oneself, or leave with so long a reason" });
        }
        for member in [Some(staff), standin].into_iter().flatten() {
            self.staff_row(member).await?.ok_or(StoreError::NotFound { what: "account" })?;
        }
        let detail = json!({ "staff": staff, "from": when.from(), "to": when.to(), "standin": standin });
        self.audit(actor, action, "absence", Some(id.0), detail).await?;
        match self.clash(id, &new.leave).await? {
            Some(what) => Err(StoreError::Refused { what }),
            None => Ok(()),
        }
    }

    async fn clash(&self, id: AbsenceId, new: &Leave) -> Result<Option<&'static str>> {
        for row in self.leave_rows(new.when.from().on).await? {
            let other = leave(&row)?;
            if row.id == id.0 || !other.when.overlaps(new.when) {
                continue;
            }
            if other.staff == new.staff {
                return Ok(Some("leave that overlaps other leave of the same person"));
            }
            if Some(other.staff) == new.standin {
                return Ok(Some("leave with a stand-in who is away in that time"));
            }
        }
        Ok(None)
    }

    async fn update_absence(&self, id: AbsenceId, change: absences::ActiveModel, only_if: Condition) -> Result<()> {
        let changed = absences::Entity::update_many()
            .set(change)
            .filter(absences::Column::Id.eq(id.0))
            .filter(absences::Column::OfficeId.eq(self.office.0))
            .filter(only_if)
            .exec(&self.conn)
            .await?;
        met(&changed, "leave")
    }

    async fn leave_rows(&self, day: NaiveDate) -> Result<Vec<absences::Model>> {
        let rows = self
            .absences_of_office()
            .filter(absences::Column::CancelledAt.is_null())
            .filter(absences::Column::UntilOn.gte(day))
            .order_by_asc(absences::Column::FromOn)
            .order_by_asc(absences::Column::Id);
        Ok(rows.all(&self.conn).await?)
    }

    fn absences_of_office(&self) -> Select<absences::Entity> {
        absences::Entity::find().filter(absences::Column::OfficeId.eq(self.office.0))
    }

    fn sealed_reason(&self, id: AbsenceId, reason: &str) -> Option<Vec<u8>> {
        (!reason.is_empty()).then(|| self.seal(REASON, id.0, reason))
    }

    fn to_absence(&self, row: &absences::Model) -> Result<Absence> {
        Ok(Absence {
            id: AbsenceId(row.id),
            leave: leave(row)?,
            reason: self.open_some(REASON, row.id, row.reason.as_ref())?.unwrap_or_default(),
            is_cancelled: row.cancelled_at.is_some(),
            created_at: from_ms(row.created_at),
        })
    }
}

fn leave(row: &absences::Model) -> Result<Leave> {
    let half = |column, word: &str| code::<Half>("absences", column, row.id, word);
    let from = HalfDay { on: row.from_on, half: half("from_half", &row.from_half)? };
    let to = HalfDay { on: row.until_on, half: half("until_half", &row.until_half)? };
    let when = HalfDays::new(from, to).map_err(|_| corrupt("absences", "until_on", row.id))?;
    Ok(Leave { staff: StaffId(row.staff_id), when, standin: row.standin_id.map(StaffId) })
}
