//! Employments: placement episodes, with the words about leaving sealed.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::employment::Disclosure;
use bansou_core::ids::{EmployerId, EmploymentId, GraduateId};
use bansou_core::leaving::LeavingReason;
use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::employments;
use crate::error::{Result, StoreError};
use crate::scope::PIECE;
use crate::tx::{Tx, code, met};

const LEAVING_REASON: Place = Place { table: "employments", column: "leaving_reason" };

/// A placement episode as stored.
#[derive(Clone)]
pub struct Employment {
    /// Its id.
    pub id: EmploymentId,
    /// Who works.
    pub graduate: GraduateId,
    /// Where, and from when to when.
    pub details: EmploymentDetails,
}

/// What is known of a placement episode. Days are local days of the office.
#[derive(Clone, PartialEq, Eq)]
pub struct EmploymentDetails {
    /// Where; `None` when the employer isn't known.
    pub employer: Option<EmployerId>,
    /// First day of employment.
    pub hired_on: NaiveDate,
    /// Last day of employment; `None` while it lasts or when the day isn't known.
    pub left_on: Option<NaiveDate>,
    /// Why it ended, as a code.
    pub leaving: Option<LeavingReason>,
    /// Why it ended, in words.
    pub leaving_words: Option<String>,
    /// This job followed another by a change that the office supported (domain.md 2.1).
    pub supported_change: bool,
    /// Whether the employer knows of the disability.
    pub disclosure: Disclosure,
    /// Nobody knows whether the person still works there.
    pub status_unknown: bool,
}

impl EmploymentDetails {
    /// Whether the job is over on a day. On leave it lives on, and where nobody knows whether they left it may; gone on a day that nobody
    /// knows is over.
    pub fn is_over(&self, day: NaiveDate) -> bool {
        self.left_on.map_or_else(|| self.leaving.is_some_and(|reason| !reason.is_open()), |left| left < day)
    }

    /// A job that began on a day and lasts, with an employer of whom nobody has said yet whether they know.
    pub fn begun(employer: Option<EmployerId>, hired_on: NaiveDate) -> Self {
        Self {
            employer,
            hired_on,
            left_on: None,
            leaving: None,
            leaving_words: None,
            supported_change: false,
            disclosure: Disclosure::Unknown,
            status_unknown: false,
        }
    }
}

impl std::fmt::Debug for Employment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Employment {}", self.id)
    }
}

impl Tx {
    /// Adds a placement episode. Two that begin on the same day are refused as a duplicate.
    pub async fn add_employment(
        &self,
        actor: Actor,
        graduate: GraduateId,
        details: &EmploymentDetails,
    ) -> Result<EmploymentId> {
        self.graduate_row(graduate).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        self.check_employment(details).await?;
        let id = EmploymentId::new(&self.ambient);
        self.new_employment(id, graduate, details).insert(&self.conn).await.map_err(begun_already)?;
        self.wake_planner(graduate).await?;
        self.audit(actor, "employment.add", "graduate", Some(graduate.0), json!({ "employment": id })).await?;
        Ok(id)
    }

    /// Changes a placement episode.
    pub async fn change_employment(&self, actor: Actor, id: EmploymentId, details: &EmploymentDetails) -> Result<()> {
        let before = self.employment(id).await?.ok_or(StoreError::NotFound { what: "employment" })?;
        self.check_employment(details).await?;
        let result = employments::Entity::update_many()
            .set(self.employment_columns(id, details))
            .filter(employments::Column::Id.eq(id.0))
            .filter(employments::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await
            .map_err(begun_already)?;
        met(&result, "employment")?;
        self.wake_planner(before.graduate).await?;
        let detail = json!({ "employment": id, "left": details.left_on.is_some(), "leaving": details.leaving });
        self.audit(actor, "employment.change", "graduate", Some(before.graduate.0), detail).await
    }

    /// One placement episode.
    pub async fn employment(&self, id: EmploymentId) -> Result<Option<Employment>> {
        let row = employments::Entity::find_by_id(id.0).filter(employments::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.as_ref().map(|row| self.to_employment(row)).transpose()
    }

    /// A graduate's placement episodes, newest first.
    pub async fn employments_of(&self, graduate: GraduateId) -> Result<Vec<Employment>> {
        let rows = employments::Entity::find()
            .filter(employments::Column::GraduateId.eq(graduate.0))
            .filter(employments::Column::OfficeId.eq(self.office.0))
            .order_by_desc(employments::Column::HiredOn)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_employment(row)).collect()
    }

    /// The jobs of each of these people.
    pub async fn employments_by_person(
        &self,
        graduates: &[GraduateId],
    ) -> Result<HashMap<GraduateId, Vec<Employment>>> {
        let mut jobs: HashMap<GraduateId, Vec<Employment>> = HashMap::new();
        for piece in graduates.chunks(PIECE) {
            let rows = employments::Entity::find()
                .filter(employments::Column::OfficeId.eq(self.office.0))
                .filter(employments::Column::GraduateId.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in rows {
                jobs.entry(GraduateId(row.graduate_id)).or_default().push(self.to_employment(&row)?);
            }
        }
        Ok(jobs)
    }

    /// Whether somebody is known to work on a day: they have a job that has begun and isn't over, and neither are they on leave nor have
    /// they left on a day that nobody knows.
    pub async fn works_on(&self, graduate: GraduateId, day: NaiveDate) -> Result<bool> {
        let has_no_end =
            Condition::all().add(employments::Column::LeftOn.is_null()).add(employments::Column::LeavingCode.is_null());
        let lasts = Condition::any().add(employments::Column::LeftOn.gte(day)).add(has_no_end);
        let jobs = employments::Entity::find()
            .filter(employments::Column::GraduateId.eq(graduate.0))
            .filter(employments::Column::OfficeId.eq(self.office.0))
            .filter(employments::Column::HiredOn.lte(day))
            .filter(employments::Column::StatusUnknown.eq(false))
            .filter(lasts);
        Ok(jobs.count(&self.conn).await? > 0)
    }

    /// Every placement episode of the office, oldest first.
    pub async fn employments(&self) -> Result<Vec<Employment>> {
        let rows = employments::Entity::find()
            .filter(employments::Column::OfficeId.eq(self.office.0))
            .order_by_asc(employments::Column::HiredOn)
            .order_by_asc(employments::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_employment(row)).collect()
    }

    pub(crate) fn new_employment(
        &self,
        id: EmploymentId,
        graduate: GraduateId,
        details: &EmploymentDetails,
    ) -> employments::ActiveModel {
        employments::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            ..self.employment_columns(id, details)
        }
    }

    fn employment_columns(&self, id: EmploymentId, details: &EmploymentDetails) -> employments::ActiveModel {
        let words = details.leaving_words.as_ref();
        employments::ActiveModel {
            employer_id: Set(details.employer.map(|employer| employer.0)),
            hired_on: Set(details.hired_on),
            left_on: Set(details.left_on),
            leaving_code: Set(details.leaving.map(|reason| reason.as_str().to_owned())),
            leaving_reason: Set(words.map(|words| self.seal(LEAVING_REASON, id.0, words))),
            supported_change: Set(details.supported_change),
            disclosure: Set(details.disclosure.as_str().to_owned()),
            status_unknown: Set(details.status_unknown),
            ..Default::default()
        }
    }

    async fn check_employment(&self, details: &EmploymentDetails) -> Result<()> {
        if details.left_on.is_some_and(|left_on| left_on < details.hired_on) {
            return Err(StoreError::Refused { what: "leaving before being hired" });
        }
        match details.employer {
            Some(employer) => self.own_employer(employer).await,
            None => Ok(()),
        }
    }

    pub(crate) fn to_employment(&self, row: &employments::Model) -> Result<Employment> {
        let leaving = row.leaving_code.as_deref();
        let details = EmploymentDetails {
            employer: row.employer_id.map(EmployerId),
            hired_on: row.hired_on,
            left_on: row.left_on,
            leaving: leaving.map(|word| code("employments", "leaving_code", row.id, word)).transpose()?,
            leaving_words: self.open_some(LEAVING_REASON, row.id, row.leaving_reason.as_ref())?,
            supported_change: row.supported_change,
            disclosure: code("employments", "disclosure", row.id, &row.disclosure)?,
            status_unknown: row.status_unknown,
        };
        Ok(Employment { id: EmploymentId(row.id), graduate: GraduateId(row.graduate_id), details })
    }
}

fn begun_already(error: sea_orm::DbErr) -> StoreError {
    match StoreError::from(error) {
        StoreError::Duplicate { .. } => StoreError::Duplicate { what: "a job that began on this day" },
        other => other,
    }
}
