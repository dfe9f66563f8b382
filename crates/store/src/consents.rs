//! Consents: who may be told what, by which means, until when; withdrawn at any time (S2.16).

use bansou_core::audit::Actor;
use bansou_core::consent::{ConsentTerms, GivenHow, NotCovered, ShareMeans, Topic};
use bansou_core::ids::{ConsentId, EmployerContactId, EscalationId, GraduateId, StaffId};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::{consents, employer_contacts};
use crate::error::{Result, StoreError};
use crate::scope::PIECE;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, json as read_json, to_json};

const WORDING: Place = Place { table: "consents", column: "wording" };

/// A consent to be written down.
#[derive(Clone)]
pub struct NewConsent {
    /// Who agrees.
    pub graduate: GraduateId,
    /// Who may be told.
    pub contact: EmployerContactId,
    /// About what.
    pub topics: Vec<Topic>,
    /// By which means.
    pub means: ShareMeans,
    /// How it was given.
    pub given_how: GivenHow,
    /// First day on which it holds.
    pub given_on: NaiveDate,
    /// Last day on which it holds.
    pub valid_until: NaiveDate,
    /// The words the person agreed to.
    pub wording: String,
    /// The member of staff who writes it down; none = the graduate on their own page.
    pub recorded_by: Option<StaffId>,
}

/// A consent as it is stored.
#[derive(Clone)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Who agreed.
    pub graduate: GraduateId,
    /// Who may be told what, by which means, until when.
    pub terms: ConsentTerms,
    /// How it was given.
    pub given_how: GivenHow,
    /// The words the person agreed to.
    pub wording: String,
    /// The member of staff who wrote it down; none = the graduate did.
    pub recorded_by: Option<StaffId>,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
}

impl Tx {
    /// Writes a consent down. Refused without a topic, without the words, or with an end before its beginning.
    pub async fn give_consent(&self, actor: Actor, new: &NewConsent) -> Result<ConsentId> {
        if new.topics.is_empty() || new.wording.trim().is_empty() || new.valid_until < new.given_on {
            return Err(StoreError::Refused { what: "a consent without topic, words or days" });
        }
        self.own_graduate(new.graduate).await?;
        self.own_employer_contact(new.contact).await?;
        let id = ConsentId::new(&self.ambient);
        consents::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            contact_id: Set(new.contact.0),
            topics: Set(to_json(&new.topics)),
            means: Set(new.means.as_str().to_owned()),
            given_how: Set(new.given_how.as_str().to_owned()),
            given_on: Set(new.given_on),
            valid_until: Set(new.valid_until),
            wording: Set(self.seal(WORDING, id.0, &new.wording)),
            withdrawn_at: Set(None),
            recorded_by: Set(new.recorded_by.map(|id| id.0)),
            created_at: Set(to_ms(self.now())),
        }
        .insert(&self.conn)
        .await?;
        let detail = json!({
            "graduate": new.graduate,
            "contact": new.contact,
            "topics": new.topics,
            "means": new.means,
            "until": new.valid_until,
        });
        self.audit(actor, "consent.give", "consent", Some(id.0), detail).await?;
        Ok(id)
    }

    /// Withdraws a consent, and with it every unanswered request to the same contact that no other consent of the person
    /// covers on `today` (the office's day). Says which requests those were. Refused where it was withdrawn already.
    pub async fn withdraw_consent(&self, actor: Actor, id: ConsentId, today: NaiveDate) -> Result<Vec<EscalationId>> {
        let found = self.consent(id).await?.ok_or(StoreError::NotFound { what: "consent" })?;
        let change = consents::ActiveModel { withdrawn_at: Set(Some(to_ms(self.now()))), ..Default::default() };
        let changed = consents::Entity::update_many()
            .set(change)
            .filter(consents::Column::Id.eq(id.0))
            .filter(consents::Column::OfficeId.eq(self.office.0))
            .filter(consents::Column::WithdrawnAt.is_null())
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 {
            return Err(StoreError::Refused { what: "withdrawing a consent twice" });
        }
        let detail = json!({ "graduate": found.graduate, "contact": found.terms.contact });
        self.audit(actor, "consent.withdraw", "consent", Some(id.0), detail).await?;
        self.withdraw_uncovered(actor, found.graduate, found.terms.contact, today).await
    }

    /// One consent.
    pub async fn consent(&self, id: ConsentId) -> Result<Option<Consent>> {
        let row = consents::Entity::find_by_id(id.0).filter(consents::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.map(|row| self.to_consent(&row)).transpose()
    }

    /// Every consent of a graduate, newest first, with those that hold no more.
    pub async fn consents_of(&self, graduate: GraduateId) -> Result<Vec<Consent>> {
        let rows = consents::Entity::find()
            .filter(consents::Column::OfficeId.eq(self.office.0))
            .filter(consents::Column::GraduateId.eq(graduate.0))
            .order_by_desc(consents::Column::CreatedAt)
            .order_by_desc(consents::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_consent(row)).collect()
    }

    /// Every consent of several graduates, in no order that means anything.
    pub async fn consents_of_people(&self, graduates: &[GraduateId]) -> Result<Vec<Consent>> {
        let mut found = Vec::new();
        for piece in graduates.chunks(PIECE) {
            let rows = consents::Entity::find()
                .filter(consents::Column::OfficeId.eq(self.office.0))
                .filter(consents::Column::GraduateId.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in rows {
                found.push(self.to_consent(&row)?);
            }
        }
        Ok(found)
    }

    /// The consent that covers telling `contact` about `topic` by `means` on `today`, or
    /// [`StoreError::NotCovered`] with the reason of the newest that comes nearest. On `PostgreSQL` the person's consents
    /// are locked until this unit of work ends, so that a withdrawal comes either before or after it, never in between.
    pub async fn valid_consent(
        &self,
        graduate: GraduateId,
        contact: EmployerContactId,
        topic: Topic,
        means: ShareMeans,
        today: NaiveDate,
    ) -> Result<Consent> {
        let rows = consents::Entity::find()
            .filter(consents::Column::OfficeId.eq(self.office.0))
            .filter(consents::Column::GraduateId.eq(graduate.0))
            .order_by_desc(consents::Column::CreatedAt)
            .order_by_desc(consents::Column::Id)
            .lock_exclusive()
            .all(&self.conn)
            .await?;
        let mut why = None;
        for row in rows {
            let consent = self.to_consent(&row)?;
            match consent.terms.covers(contact, topic, means, today) {
                Ok(()) => return Ok(consent),
                Err(reason) if consent.terms.contact == contact => why = why.or(Some(reason)),
                Err(_) => {}
            }
        }
        Err(StoreError::NotCovered(why.unwrap_or(NotCovered::OtherRecipient)))
    }

    /// Refuses a contact of another office, and one who is no contact any more.
    pub(crate) async fn own_employer_contact(&self, contact: EmployerContactId) -> Result<()> {
        let found = employer_contacts::Entity::find_by_id(contact.0)
            .filter(employer_contacts::Column::OfficeId.eq(self.office.0))
            .filter(employer_contacts::Column::EndedAt.is_null())
            .count(&self.conn)
            .await?;
        if found == 0 { Err(StoreError::NotFound { what: "employer contact" }) } else { Ok(()) }
    }

    fn to_consent(&self, row: &consents::Model) -> Result<Consent> {
        Ok(Consent {
            id: ConsentId(row.id),
            graduate: GraduateId(row.graduate_id),
            terms: ConsentTerms {
                contact: EmployerContactId(row.contact_id),
                topics: read_json("consents", "topics", row.id, &row.topics)?,
                means: code("consents", "means", row.id, &row.means)?,
                given_on: row.given_on,
                valid_until: row.valid_until,
                withdrawn_at: row.withdrawn_at.map(from_ms),
            },
            given_how: code("consents", "given_how", row.id, &row.given_how)?,
            wording: self.open(WORDING, row.id, &row.wording)?,
            recorded_by: row.recorded_by.map(StaffId),
            created_at: from_ms(row.created_at),
        })
    }
}
