//! Escalations: one small request to an employer contact, only with the person's knowledge and consent (S2.7–S2.11, S2.16).

mod steps;

use bansou_core::audit::Actor;
use bansou_core::consent::{ShareMeans, Topic};
use bansou_core::employment::Disclosure;
use bansou_core::escalation::{EmployerAnswer, EscalationState, Request};
use bansou_core::ids::{ConsentId, EmployerContactId, EscalationId, GraduateId, SignId, StaffId};
use bansou_core::sign::SignStep;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::crypto::Place;
use crate::entity::{employer_contacts, employments, escalations, signs};
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, to_json};

pub use steps::ReadHow;

const REQUEST: Place = Place { table: "escalations", column: "request" };
const ANSWER: Place = Place { table: "escalations", column: "answer" };

/// A request to be drafted.
#[derive(Clone)]
pub struct NewEscalation {
    /// About whom.
    pub graduate: GraduateId,
    /// The confirmed sign behind it.
    pub sign: SignId,
    /// Who is asked.
    pub contact: EmployerContactId,
    /// About what.
    pub topic: Topic,
    /// What the employer gets to read.
    pub request: Request,
    /// When to look again.
    pub review_on: NaiveDate,
    /// Who writes it.
    pub created_by: StaffId,
}

/// A request as it is stored.
#[derive(Clone)]
pub struct Escalation {
    /// Its id.
    pub id: EscalationId,
    /// About whom.
    pub graduate: GraduateId,
    /// The confirmed sign behind it.
    pub sign: SignId,
    /// Who is asked.
    pub contact: EmployerContactId,
    /// The consent it rests on.
    pub consent: ConsentId,
    /// About what.
    pub topic: Topic,
    /// What the employer gets to read.
    pub request: Request,
    /// Where it stands.
    pub state: EscalationState,
    /// When the graduate had read these very words.
    pub read_at: Option<DateTime<Utc>>,
    /// When it was released for sending.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the employer answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// What the employer answered.
    pub answer: Option<EmployerAnswer>,
    /// When to look again.
    pub review_on: NaiveDate,
    /// Who wrote it.
    pub created_by: StaffId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The sealed bytes of `request`, new with every change of the words.
    pub(crate) sealed_request: Vec<u8>,
}

impl Escalation {
    /// A mark of the words as they are now. A form carries it, so that reading and sending mean the words that were on the screen.
    pub fn words_mark(&self) -> String {
        words_mark(&self.request)
    }
}

impl Tx {
    /// Drafts a request. Refused without a confirmed sign of this person, where the employer doesn't know of the disability,
    /// or without a consent that covers contact, topic and e-mail on `today` (the office's day).
    pub async fn draft_escalation(&self, new: &NewEscalation, today: NaiveDate) -> Result<EscalationId> {
        self.own_graduate(new.graduate).await?;
        self.may_ask(new.graduate, new.contact).await?;
        if !self.sign_is_confirmed(new.graduate, new.sign).await? {
            return Err(StoreError::Refused { what: "a request without a confirmed sign" });
        }
        let consent = self.valid_consent(new.graduate, new.contact, new.topic, ShareMeans::Email, today).await?;
        let id = EscalationId::new(&self.ambient);
        escalations::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            sign_id: Set(new.sign.0),
            contact_id: Set(new.contact.0),
            consent_id: Set(consent.id.0),
            topic: Set(new.topic.as_str().to_owned()),
            request: Set(self.seal(REQUEST, id.0, &new.request)),
            state: Set(EscalationState::Draft.as_str().to_owned()),
            read_at: Set(None),
            sent_at: Set(None),
            answered_at: Set(None),
            answer: Set(None),
            review_on: Set(new.review_on),
            created_by: Set(new.created_by.0),
            created_at: Set(to_ms(self.now())),
        }
        .insert(&self.conn)
        .await?;
        let detail = json!({ "graduate": new.graduate, "contact": new.contact, "topic": new.topic, "sign": new.sign });
        self.audit(Actor::staff(new.created_by), "escalation.draft", "escalation", Some(id.0), detail).await?;
        Ok(id)
    }

    /// One request.
    pub async fn escalation(&self, id: EscalationId) -> Result<Option<Escalation>> {
        self.escalation_row(id).await?.map(|row| self.to_escalation(row)).transpose()
    }

    /// Requests about a graduate, newest first.
    pub async fn escalations_of(&self, graduate: GraduateId) -> Result<Vec<Escalation>> {
        let query = escalations::Entity::find().filter(escalations::Column::GraduateId.eq(graduate.0));
        self.list_escalations(query.order_by_desc(escalations::Column::CreatedAt)).await
    }

    /// Requests in any of these states, newest first.
    pub async fn escalations_in(&self, states: &[EscalationState]) -> Result<Vec<Escalation>> {
        let query = escalations::Entity::find().filter(in_states(states));
        self.list_escalations(query.order_by_desc(escalations::Column::CreatedAt)).await
    }

    /// Requests whose day to look again has come, also those that were never answered, longest first.
    pub async fn escalations_to_review(&self, today: NaiveDate) -> Result<Vec<Escalation>> {
        let open = [EscalationState::Sent, EscalationState::Answered, EscalationState::Tried];
        let query = escalations::Entity::find()
            .filter(in_states(&open))
            .filter(escalations::Column::ReviewOn.lte(today))
            .order_by_asc(escalations::Column::ReviewOn);
        self.list_escalations(query).await
    }

    async fn list_escalations(&self, query: sea_orm::Select<escalations::Entity>) -> Result<Vec<Escalation>> {
        let rows = query
            .filter(escalations::Column::OfficeId.eq(self.office.0))
            .order_by_desc(escalations::Column::Id)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_escalation(row)).collect()
    }

    async fn escalation_row(&self, id: EscalationId) -> Result<Option<escalations::Model>> {
        let row = escalations::Entity::find_by_id(id.0).filter(escalations::Column::OfficeId.eq(self.office.0));
        Ok(row.one(&self.conn).await?)
    }

    /// Whether the office may write to this contact about this person at all: they work there, or will, and the employer knows of the
    /// disability. One who doesn't, or of whom nobody has said that they do, is never written to (domain.md section 6).
    pub(crate) async fn may_ask(&self, graduate: GraduateId, contact: EmployerContactId) -> Result<()> {
        self.own_employer_contact(contact).await?;
        let employer = Query::select()
            .column(employer_contacts::Column::EmployerId)
            .from(employer_contacts::Entity)
            .and_where(employer_contacts::Column::Id.eq(contact.0))
            .to_owned();
        let jobs = employments::Entity::find()
            .filter(employments::Column::OfficeId.eq(self.office.0))
            .filter(employments::Column::GraduateId.eq(graduate.0))
            .filter(employments::Column::EmployerId.in_subquery(employer))
            .all(&self.conn)
            .await?;
        let today = self.now().with_timezone(&self.own_office().await?.zone).date_naive();
        let jobs = jobs.iter().map(|row| self.to_employment(row)).collect::<Result<Vec<_>>>()?;
        let all_open = jobs.iter().all(|job| job.details.disclosure == Disclosure::Open);
        if !all_open || jobs.iter().all(|job| job.details.is_over(today)) {
            return Err(StoreError::Refused {
                what: "writing to an employer where the person doesn't work, or who isn't known to know of the disability",
            });
        }
        Ok(())
    }

    async fn sign_is_confirmed(&self, graduate: GraduateId, sign: SignId) -> Result<bool> {
        let confirmed = signs::Entity::find_by_id(sign.0)
            .filter(signs::Column::OfficeId.eq(self.office.0))
            .filter(signs::Column::GraduateId.eq(graduate.0))
            .filter(signs::Column::State.is_in([SignStep::Confirmed.as_str(), SignStep::Acting.as_str()]))
            .count(&self.conn)
            .await?;
        Ok(confirmed > 0)
    }

    fn to_escalation(&self, row: escalations::Model) -> Result<Escalation> {
        Ok(Escalation {
            id: EscalationId(row.id),
            graduate: GraduateId(row.graduate_id),
            sign: SignId(row.sign_id),
            contact: EmployerContactId(row.contact_id),
            consent: ConsentId(row.consent_id),
            topic: code("escalations", "topic", row.id, &row.topic)?,
            request: self.open(REQUEST, row.id, &row.request)?,
            state: code("escalations", "state", row.id, &row.state)?,
            read_at: row.read_at.map(from_ms),
            sent_at: row.sent_at.map(from_ms),
            answered_at: row.answered_at.map(from_ms),
            answer: self.open_some(ANSWER, row.id, row.answer.as_ref())?,
            review_on: row.review_on,
            created_by: StaffId(row.created_by),
            created_at: from_ms(row.created_at),
            sealed_request: row.request,
        })
    }
}

fn in_states(states: &[EscalationState]) -> Expr {
    escalations::Column::State.is_in(states.iter().map(|state| state.as_str()))
}

fn words_mark(request: &Request) -> String {
    hex::encode(&Sha256::digest(to_json(request))[..16])
}
