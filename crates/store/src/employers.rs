//! Employers and the people there whom the office talks to; all names are sealed.

use bansou_core::audit::Actor;
use bansou_core::employment::{EmployerContactProfile, EmployerProfile};
use bansou_core::ids::{EmployerContactId, EmployerId};
use bansou_core::search::{name_key, search_key};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::{employer_contacts, employers};
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, met};

const EMPLOYER: Place = Place { table: "employers", column: "profile" };
const CONTACT: Place = Place { table: "employer_contacts", column: "profile" };

/// A company as stored.
#[derive(Clone)]
pub struct Employer {
    /// Its id.
    pub id: EmployerId,
    /// What is known of it.
    pub profile: EmployerProfile,
}

/// A person at a company as stored.
#[derive(Clone)]
pub struct EmployerContact {
    /// Their id.
    pub id: EmployerContactId,
    /// Where they work.
    pub employer: EmployerId,
    /// Name, part, address.
    pub profile: EmployerContactProfile,
    /// Since when they are no longer asked.
    pub ended_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Employer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Employer {}", self.id)
    }
}

impl std::fmt::Debug for EmployerContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EmployerContact {}", self.id)
    }
}

impl Tx {
    /// The company of a name, added where it isn't known. Width and spaces don't count.
    pub async fn employer_named(&self, actor: Actor, name: &str) -> Result<EmployerId> {
        let known = employers::Entity::find()
            .filter(employers::Column::OfficeId.eq(self.office.0))
            .filter(employers::Column::NameIndex.eq(self.employer_index(name)))
            .one(&self.conn)
            .await?;
        if let Some(row) = known {
            return Ok(EmployerId(row.id));
        }
        let id = EmployerId::new(&self.ambient);
        self.new_employer(id, name).insert(&self.conn).await?;
        self.audit(actor, "employer.add", "employer", Some(id.0), json!({})).await?;
        Ok(id)
    }

    /// One company.
    pub async fn employer(&self, id: EmployerId) -> Result<Option<Employer>> {
        let row = employers::Entity::find_by_id(id.0).filter(employers::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.as_ref().map(|row| self.to_employer(row)).transpose()
    }

    /// Every company of the office, sorted by name.
    pub async fn employers(&self) -> Result<Vec<Employer>> {
        let rows = employers::Entity::find().filter(employers::Column::OfficeId.eq(self.office.0));
        let rows = rows.all(&self.conn).await?;
        let mut all = rows.iter().map(|row| self.to_employer(row)).collect::<Result<Vec<_>>>()?;
        all.sort_by_cached_key(|employer| search_key(&employer.profile.name));
        Ok(all)
    }

    /// Changes what is known of a company. A name that another company of the office has is refused as a duplicate.
    pub async fn change_employer(&self, actor: Actor, id: EmployerId, profile: &EmployerProfile) -> Result<()> {
        let change = employers::ActiveModel {
            name_index: Set(self.employer_index(&profile.name)),
            profile: Set(self.seal(EMPLOYER, id.0, profile)),
            ..Default::default()
        };
        let result = employers::Entity::update_many()
            .set(change)
            .filter(employers::Column::Id.eq(id.0))
            .filter(employers::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        met(&result, "employer")?;
        self.audit(actor, "employer.change", "employer", Some(id.0), json!({})).await
    }

    /// Adds a person at a company.
    pub async fn add_employer_contact(
        &self,
        actor: Actor,
        employer: EmployerId,
        profile: &EmployerContactProfile,
    ) -> Result<EmployerContactId> {
        self.own_employer(employer).await?;
        let id = EmployerContactId::new(&self.ambient);
        let row = employer_contacts::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            employer_id: Set(employer.0),
            profile: Set(self.seal(CONTACT, id.0, profile)),
            ended_at: Set(None),
            created_at: Set(to_ms(self.now())),
        };
        row.insert(&self.conn).await?;
        self.audit(actor, "employer_contact.add", "employer_contact", Some(id.0), json!({ "employer": employer }))
            .await?;
        Ok(id)
    }

    /// Changes what is known of a person at a company.
    pub async fn change_employer_contact(
        &self,
        actor: Actor,
        id: EmployerContactId,
        profile: &EmployerContactProfile,
    ) -> Result<()> {
        let change =
            employer_contacts::ActiveModel { profile: Set(self.seal(CONTACT, id.0, profile)), ..Default::default() };
        self.update_employer_contact(id, change).await?;
        self.audit(actor, "employer_contact.change", "employer_contact", Some(id.0), json!({})).await
    }

    /// The person is no longer asked, e.g. after a change of post.
    pub async fn end_employer_contact(&self, actor: Actor, id: EmployerContactId) -> Result<()> {
        let change = employer_contacts::ActiveModel { ended_at: Set(Some(to_ms(self.now()))), ..Default::default() };
        self.update_employer_contact(id, change).await?;
        self.audit(actor, "employer_contact.end", "employer_contact", Some(id.0), json!({})).await
    }

    /// One person at a company, ended ones too.
    pub async fn employer_contact(&self, id: EmployerContactId) -> Result<Option<EmployerContact>> {
        let row =
            employer_contacts::Entity::find_by_id(id.0).filter(employer_contacts::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.as_ref().map(|row| self.to_employer_contact(row)).transpose()
    }

    /// The people of a company, in the order in which they were added, ended ones too.
    pub async fn employer_contacts(&self, employer: EmployerId) -> Result<Vec<EmployerContact>> {
        let rows = employer_contacts::Entity::find()
            .filter(employer_contacts::Column::EmployerId.eq(employer.0))
            .filter(employer_contacts::Column::OfficeId.eq(self.office.0))
            .order_by_asc(employer_contacts::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_employer_contact(row)).collect()
    }

    /// The people with these ids, ended ones too, in no order.
    pub async fn employer_contacts_by_id(&self, ids: &[EmployerContactId]) -> Result<Vec<EmployerContact>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = employer_contacts::Entity::find()
            .filter(employer_contacts::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(employer_contacts::Column::OfficeId.eq(self.office.0))
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_employer_contact(row)).collect()
    }

    pub(crate) async fn own_employer(&self, id: EmployerId) -> Result<()> {
        let row = employers::Entity::find_by_id(id.0).filter(employers::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.map(|_| ()).ok_or(StoreError::NotFound { what: "employer" })
    }

    pub(crate) fn new_employer(&self, id: EmployerId, name: &str) -> employers::ActiveModel {
        let profile = EmployerProfile { name: name.trim().to_owned(), ..EmployerProfile::default() };
        employers::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            name_index: Set(self.employer_index(name)),
            profile: Set(self.seal(EMPLOYER, id.0, &profile)),
            created_at: Set(to_ms(self.now())),
        }
    }

    async fn update_employer_contact(
        &self,
        id: EmployerContactId,
        change: employer_contacts::ActiveModel,
    ) -> Result<()> {
        let result = employer_contacts::Entity::update_many()
            .set(change)
            .filter(employer_contacts::Column::Id.eq(id.0))
            .filter(employer_contacts::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        met(&result, "employer contact")
    }

    fn employer_index(&self, name: &str) -> Vec<u8> {
        self.cipher.index("employer", &name_key(name))
    }

    pub(crate) fn to_employer(&self, row: &employers::Model) -> Result<Employer> {
        Ok(Employer { id: EmployerId(row.id), profile: self.open(EMPLOYER, row.id, &row.profile)? })
    }

    fn to_employer_contact(&self, row: &employer_contacts::Model) -> Result<EmployerContact> {
        Ok(EmployerContact {
            id: EmployerContactId(row.id),
            employer: EmployerId(row.employer_id),
            profile: self.open(CONTACT, row.id, &row.profile)?,
            ended_at: row.ended_at.map(from_ms),
        })
    }
}
