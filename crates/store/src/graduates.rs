//! Graduates: who they are, finding them, and changing what is known of them.
//!
//! Names and numbers are sealed, so lists and search open one office's rows in memory and scan them (DESIGN.md, decision 6).

use std::collections::{HashMap, HashSet};

use bansou_core::audit::Actor;
use bansou_core::graduate::{GraduateProfile, Language, PauseDates, Support};
use bansou_core::hours::PersonHours;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::search::{name_key, search_key};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{employments, graduates};
use crate::error::{Result, StoreError};
use crate::scope::PIECE;
use crate::sql::{checked, filled_up};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, json, met, to_json};

pub(crate) const PROFILE: Place = Place { table: "graduates", column: "profile" };
pub(crate) const PAUSE_REASON: Place = Place { table: "graduates", column: "pause_reason" };

/// A graduate as stored.
#[derive(Clone)]
pub struct Graduate {
    /// Their id.
    pub id: GraduateId,
    /// What is known of them and how to write to them.
    pub details: GraduateDetails,
    /// Where they stand with the office.
    pub support: Support,
    /// A time without contact; past ones too until somebody clears them.
    pub pause: Option<Pause>,
    /// The dedicated member of staff (S1.1).
    pub staff: Option<StaffId>,
    /// The stand-in (S1.1).
    pub standin: Option<StaffId>,
    /// Since when nothing automatic goes out because the person said stop.
    pub contact_stopped_at: Option<DateTime<Utc>>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// Last change of the person's own data.
    pub updated_at: DateTime<Utc>,
}

/// The part of a graduate that a form or an import fills.
#[derive(Clone, PartialEq, Eq)]
pub struct GraduateDetails {
    /// Who they are.
    pub profile: GraduateProfile,
    /// How messages are written.
    pub language: Language,
    /// When contact is welcome.
    pub hours: PersonHours,
}

/// A pause with its reason in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Pause {
    /// Its days.
    pub dates: PauseDates,
    /// Why; may be empty.
    pub reason: String,
}

/// What a list of graduates is narrowed by.
#[derive(Clone, Default)]
pub struct GraduateSearch {
    /// Part of the name, the reading, the office's number, or the company where somebody works; empty finds everybody.
    pub text: String,
    /// Only people who stand so with the office.
    pub support: Option<Support>,
    /// Only people whose dedicated member of staff or stand-in this is.
    pub staff: Option<StaffId>,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The page's rows.
    pub items: Vec<T>,
    /// How many rows all pages have together.
    pub total: usize,
}

impl std::fmt::Debug for Graduate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Graduate {}", self.id)
    }
}

impl GraduateSearch {
    /// `there`: whoever works at a company that the text names.
    fn finds(&self, graduate: &Graduate, wanted: &str, there: &HashSet<GraduateId>) -> bool {
        let profile = &graduate.details.profile;
        let texts = [Some(&profile.name), Some(&profile.kana), profile.external_id.as_ref()];
        self.support.is_none_or(|support| graduate.support == support)
            && self.staff.is_none_or(|staff| graduate.staff == Some(staff) || graduate.standin == Some(staff))
            && (wanted.is_empty()
                || there.contains(&graduate.id)
                || texts.into_iter().flatten().any(|text| search_key(text).contains(wanted)))
    }
}

impl Tx {
    /// Adds a graduate. A number (利用者番号) that the office has given already is refused as a duplicate.
    pub async fn add_graduate(
        &self,
        actor: Actor,
        details: &GraduateDetails,
        support: Support,
        staff: Option<StaffId>,
    ) -> Result<GraduateId> {
        if let Some(staff) = staff {
            self.staff_row(staff).await?.ok_or(StoreError::NotFound { what: "account" })?;
        }
        let id = GraduateId::new(&self.ambient);
        self.new_graduate(id, details, support, staff).insert(&self.conn).await.map_err(number_taken)?;
        self.audit(actor, "graduate.add", "graduate", Some(id.0), json!({ "support": support })).await?;
        Ok(id)
    }

    /// One graduate of this office.
    pub async fn graduate(&self, id: GraduateId) -> Result<Option<Graduate>> {
        let row = self.graduate_row(id).await?;
        row.as_ref().map(|row| self.to_graduate(row)).transpose()
    }

    /// These graduates, each on its own readable or not; those of other offices are left out.
    pub async fn graduates_by_id(&self, ids: &[GraduateId]) -> Result<HashMap<GraduateId, Result<Graduate>>> {
        let mut found = HashMap::with_capacity(ids.len());
        for piece in ids.chunks(PIECE) {
            let rows = graduates::Entity::find()
                .filter(checked(graduates::Column::OfficeId.eq(self.office.0)))
                .filter(graduates::Column::Id.is_in(filled_up(piece).iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            found.extend(rows.iter().map(|row| (GraduateId(row.id), self.to_graduate(row))));
        }
        Ok(found)
    }

    /// The graduate with the office's own number.
    pub async fn graduate_by_external_id(&self, number: &str) -> Result<Option<Graduate>> {
        let row = graduates::Entity::find()
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .filter(graduates::Column::ExternalIndex.eq(self.external_index(number)))
            .one(&self.conn)
            .await?;
        row.as_ref().map(|row| self.to_graduate(row)).transpose()
    }

    /// Every graduate of the office, sorted by reading.
    pub async fn graduates(&self) -> Result<Vec<Graduate>> {
        let rows = graduates::Entity::find().filter(graduates::Column::OfficeId.eq(self.office.0));
        let rows = rows.all(&self.conn).await?;
        let mut all = rows.iter().map(|row| self.to_graduate(row)).collect::<Result<Vec<_>>>()?;
        all.sort_by_cached_key(|graduate| (reading(&graduate.details.profile), graduate.id));
        Ok(all)
    }

    /// Graduates whose pause has no end.
    pub async fn open_pauses(&self) -> Result<Vec<Graduate>> {
        let rows = graduates::Entity::find()
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .filter(graduates::Column::PausedFrom.is_not_null())
            .filter(graduates::Column::PausedUntil.is_null())
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_graduate(row)).collect()
    }

    /// One page (counted from 0) of the graduates that a search finds, sorted by reading.
    pub async fn find_graduates(&self, search: &GraduateSearch, page: usize, size: usize) -> Result<Page<Graduate>> {
        let wanted = search_key(&search.text);
        let there = self.working_at(&wanted).await?;
        let mut found = self.graduates().await?;
        found.retain(|graduate| search.finds(graduate, &wanted, &there));
        let total = found.len();
        Ok(Page { items: found.into_iter().skip(page.saturating_mul(size)).take(size).collect(), total })
    }

    /// Changes who the person is and how to write to them. Nothing is written when nothing differs.
    pub async fn change_graduate(&self, actor: Actor, id: GraduateId, details: &GraduateDetails) -> Result<()> {
        let before = self.graduate(id).await?.ok_or(StoreError::NotFound { what: "graduate" })?;
        let fields = changed_fields(&before.details, details);
        if fields.is_empty() {
            return Ok(());
        }
        let change = self.changed_details(id, details);
        self.update_graduate(id, change).await?;
        self.wake_planner(id).await?;
        self.audit(actor, "graduate.change", "graduate", Some(id.0), json!({ "fields": fields })).await
    }

    /// Makes whoever else works on this person's events wait until this unit of work ends. Rows that refer to the person
    /// can still be written by others.
    pub async fn lock_graduate(&self, id: GraduateId) -> Result<()> {
        graduates::Entity::find_by_id(id.0)
            .select_only()
            .column(graduates::Column::Id)
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .lock(LockType::NoKeyUpdate)
            .into_tuple::<Uuid>()
            .one(&self.conn)
            .await?;
        Ok(())
    }

    /// Who works at a company whose name holds the text.
    async fn working_at(&self, wanted: &str) -> Result<HashSet<GraduateId>> {
        if wanted.is_empty() {
            return Ok(HashSet::new());
        }
        let mut companies = self.employers().await?;
        companies.retain(|company| search_key(&company.profile.name).contains(wanted));
        let today = self.now().with_timezone(&self.own_office().await?.zone).date_naive();
        let lasts =
            Condition::any().add(employments::Column::LeftOn.is_null()).add(employments::Column::LeftOn.gte(today));
        let ids = companies.iter().map(|company| company.id.0);
        let jobs = employments::Entity::find()
            .filter(employments::Column::OfficeId.eq(self.office.0))
            .filter(employments::Column::EmployerId.is_in(ids))
            .filter(lasts)
            .all(&self.conn)
            .await?;
        Ok(jobs.into_iter().map(|job| GraduateId(job.graduate_id)).collect())
    }

    pub(crate) async fn graduate_row(&self, id: GraduateId) -> Result<Option<graduates::Model>> {
        let row = graduates::Entity::find_by_id(id.0).filter(graduates::Column::OfficeId.eq(self.office.0));
        Ok(row.one(&self.conn).await?)
    }

    pub(crate) async fn update_graduate(&self, id: GraduateId, change: graduates::ActiveModel) -> Result<()> {
        let result = graduates::Entity::update_many()
            .set(change)
            .filter(graduates::Column::Id.eq(id.0))
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await
            .map_err(number_taken)?;
        met(&result, "graduate")
    }

    pub(crate) fn new_graduate(
        &self,
        id: GraduateId,
        details: &GraduateDetails,
        support: Support,
        staff: Option<StaffId>,
    ) -> graduates::ActiveModel {
        graduates::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            support: Set(support.as_str().to_owned()),
            paused_from: Set(None),
            paused_until: Set(None),
            pause_reason: Set(None),
            staff_id: Set(staff.map(|staff| staff.0)),
            standin_id: Set(None),
            contact_stopped_at: Set(None),
            created_at: Set(to_ms(self.now())),
            ..self.changed_details(id, details)
        }
    }

    pub(crate) fn changed_details(&self, id: GraduateId, details: &GraduateDetails) -> graduates::ActiveModel {
        let number = details.profile.external_id.as_deref();
        graduates::ActiveModel {
            external_index: Set(number.map(|number| self.external_index(number))),
            profile: Set(self.seal(PROFILE, id.0, &details.profile)),
            language: Set(details.language.as_str().to_owned()),
            hours: Set(to_json(&details.hours)),
            updated_at: Set(to_ms(self.now())),
            ..Default::default()
        }
    }

    pub(crate) fn to_graduate(&self, row: &graduates::Model) -> Result<Graduate> {
        let reason = self.open_some(PAUSE_REASON, row.id, row.pause_reason.as_ref())?.unwrap_or_default();
        let dates = row.paused_from.map(|from| PauseDates { from, until: row.paused_until });
        let details = GraduateDetails {
            profile: self.open(PROFILE, row.id, &row.profile)?,
            language: code("graduates", "language", row.id, &row.language)?,
            hours: json("graduates", "hours", row.id, &row.hours)?,
        };
        Ok(Graduate {
            id: GraduateId(row.id),
            details,
            support: code("graduates", "support", row.id, &row.support)?,
            pause: dates.map(|dates| Pause { dates, reason }),
            staff: row.staff_id.map(StaffId),
            standin: row.standin_id.map(StaffId),
            contact_stopped_at: row.contact_stopped_at.map(from_ms),
            created_at: from_ms(row.created_at),
            updated_at: from_ms(row.updated_at),
        })
    }

    fn external_index(&self, number: &str) -> Vec<u8> {
        self.cipher.index("external", &name_key(number))
    }
}

/// Names of the fields that differ: codes for the audit list.
pub(crate) fn changed_fields(before: &GraduateDetails, after: &GraduateDetails) -> Vec<&'static str> {
    let (old, new) = (&before.profile, &after.profile);
    let differs = [
        ("name", old.name != new.name),
        ("kana", old.kana != new.kana),
        ("called", old.called != new.called),
        ("external_id", old.external_id != new.external_id),
        ("disability", old.disability != new.disability),
        ("certificate", old.certificate != new.certificate),
        ("card", old.card != new.card),
        ("crisis_plan", old.crisis_plan != new.crisis_plan),
        ("language", before.language != after.language),
        ("hours", before.hours != after.hours),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

pub(crate) fn reading(profile: &GraduateProfile) -> String {
    search_key(if profile.kana.is_empty() { &profile.name } else { &profile.kana })
}

fn number_taken(error: sea_orm::DbErr) -> StoreError {
    match StoreError::from(error) {
        StoreError::Duplicate { .. } => StoreError::Duplicate { what: "a graduate with this number" },
        other => other,
    }
}
