//! Shares: what was given to whom, word for word; written once and never changed.

use bansou_core::audit::Actor;
use bansou_core::consent::{ShareMeans, Topic};
use bansou_core::ids::{ConsentId, EmployerContactId, EscalationId, GraduateId, ShareId, StaffId};
use bansou_core::share::Share;
use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::shares;
use crate::error::Result;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

const WORDS: Place = Place { table: "shares", column: "words" };

/// Something told by phone or in a meeting, to be recorded.
#[derive(Clone)]
pub struct NewShare {
    /// About whom.
    pub graduate: GraduateId,
    /// Who is told.
    pub contact: EmployerContactId,
    /// About what.
    pub topic: Topic,
    /// By which means.
    pub means: ShareMeans,
    /// The exact words.
    pub words: String,
    /// Who decides it.
    pub shared_by: StaffId,
}

impl Tx {
    /// Records something told by phone or in a meeting. Only with a consent that covers it on `today` (the office's
    /// day), and never to an employer who doesn't know of the disability.
    pub async fn record_share(&self, new: &NewShare, today: NaiveDate) -> Result<ShareId> {
        self.own_graduate(new.graduate).await?;
        self.may_ask(new.graduate, new.contact).await?;
        let consent = self.valid_consent(new.graduate, new.contact, new.topic, new.means, today).await?;
        self.insert_share(new, None, consent.id).await
    }

    /// What was shared about a graduate, newest first.
    pub async fn shares_of(&self, graduate: GraduateId) -> Result<Vec<Share>> {
        let rows = shares::Entity::find()
            .filter(shares::Column::OfficeId.eq(self.office.0))
            .filter(shares::Column::GraduateId.eq(graduate.0))
            .order_by_desc(shares::Column::At)
            .order_by_desc(shares::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_share(row)).collect()
    }

    /// The caller has checked the consent in this same unit of work.
    pub(crate) async fn insert_share(
        &self,
        new: &NewShare,
        escalation: Option<EscalationId>,
        consent: ConsentId,
    ) -> Result<ShareId> {
        let id = ShareId::new(&self.ambient);
        shares::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            escalation_id: Set(escalation.map(|id| id.0)),
            contact_id: Set(new.contact.0),
            consent_id: Set(consent.0),
            means: Set(new.means.as_str().to_owned()),
            words: Set(self.seal(WORDS, id.0, &new.words)),
            at: Set(to_ms(self.now())),
            shared_by: Set(new.shared_by.0),
        }
        .insert(&self.conn)
        .await?;
        let detail = json!({
            "graduate": new.graduate,
            "contact": new.contact,
            "consent": consent,
            "topic": new.topic,
            "means": new.means,
            "escalation": escalation,
        });
        self.audit(Actor::staff(new.shared_by), "share", "share", Some(id.0), detail).await?;
        Ok(id)
    }

    fn to_share(&self, row: &shares::Model) -> Result<Share> {
        Ok(Share {
            id: ShareId(row.id),
            graduate: GraduateId(row.graduate_id),
            escalation: row.escalation_id.map(EscalationId),
            contact: EmployerContactId(row.contact_id),
            consent: ConsentId(row.consent_id),
            means: code("shares", "means", row.id, &row.means)?,
            words: self.open(WORDS, row.id, &row.words)?,
            at: from_ms(row.at),
            shared_by: StaffId(row.shared_by),
        })
    }
}
