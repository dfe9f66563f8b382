//! The steps of a request, each of which can be refused.

use bansou_core::audit::Actor;
use bansou_core::codes;
use bansou_core::consent::ShareMeans;
use bansou_core::escalation::{EmployerAnswer, EscalationState, Request};
use bansou_core::ids::{EmployerContactId, EscalationId, GraduateId, ShareId, StaffId};
use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{ANSWER, Escalation, REQUEST, in_states, words_mark};
use crate::entity::escalations;
use crate::error::{Result, StoreError};
use crate::links::LinkKind;
use crate::shares::NewShare;
use crate::time::to_ms;
use crate::tx::Tx;

codes! {
    /// How the graduate came to read the words.
    ReadHow {
        /// On their own page.
        OwnPage = "own_page",
        /// Together with staff.
        Together = "together",
        /// Staff read them out.
        ReadOut = "read_out",
    }
}

impl Tx {
    /// Changes the words before they are sent. The person has to read them again.
    pub async fn edit_escalation(
        &self,
        actor: Actor,
        id: EscalationId,
        request: &Request,
        review_on: NaiveDate,
    ) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        let editable = [EscalationState::Draft, EscalationState::ReadByPerson];
        if !editable.contains(&before.state) {
            return Err(StoreError::Refused { what: "changing a request that was sent" });
        }
        let change = escalations::ActiveModel {
            request: Set(self.seal(REQUEST, id.0, request)),
            review_on: Set(review_on),
            read_at: Set(None),
            ..Default::default()
        };
        self.escalation_step_to(&before, EscalationState::Draft, change).await?;
        self.audit(actor, "escalation.edit", "escalation", Some(id.0), json!({})).await
    }

    /// The graduate has read the words whose mark is `words` ([`Escalation::words_mark`]). Refused when they were changed
    /// since, and while something is missing in them.
    pub async fn escalation_read(
        &self,
        actor: Actor,
        id: EscalationId,
        words: &str,
        how: ReadHow,
        today: NaiveDate,
    ) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        complete(&before.request, today)?;
        if words_mark(&before.request) != words {
            return Err(StoreError::Refused { what: "reading words that were changed meanwhile" });
        }
        let change = escalations::ActiveModel { read_at: Set(Some(to_ms(self.now()))), ..Default::default() };
        self.escalation_step(&before, EscalationState::ReadByPerson, change).await?;
        self.audit(actor, "escalation.read", "escalation", Some(id.0), json!({ "how": how })).await
    }

    /// The graduate doesn't want it sent yet, or not before a talk (`answer`): whatever was recorded before, it has to be
    /// read again. Refused once it was sent or taken back.
    pub async fn escalation_not_yet(&self, actor: Actor, id: EscalationId, answer: &str) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        if !matches!(before.state, EscalationState::Draft | EscalationState::ReadByPerson) {
            return Err(StoreError::Refused { what: "holding back a request that was sent" });
        }
        let change = escalations::ActiveModel { read_at: Set(None), ..Default::default() };
        self.escalation_step_to(&before, EscalationState::Draft, change).await?;
        self.audit(actor, "escalation.not_yet", "escalation", Some(id.0), json!({ "answer": answer })).await
    }

    /// Releases a request for sending, with the record of what is shared in the same unit of work; the caller adds the
    /// delivery to it. `words` are the exact words as the employer gets them. The consent is checked now, on `today` (the
    /// office's day), whatever it was when the draft was written.
    pub async fn send_escalation(
        &self,
        staff: StaffId,
        id: EscalationId,
        words: &str,
        today: NaiveDate,
    ) -> Result<ShareId> {
        let before = self.must_have_escalation(id).await?;
        complete(&before.request, today)?;
        self.may_ask(before.graduate, before.contact).await?;
        let consent =
            self.valid_consent(before.graduate, before.contact, before.topic, ShareMeans::Email, today).await?;
        let change = escalations::ActiveModel {
            consent_id: Set(consent.id.0),
            sent_at: Set(Some(to_ms(self.now()))),
            ..Default::default()
        };
        self.escalation_step(&before, EscalationState::Sent, change).await?;
        let share = NewShare {
            graduate: before.graduate,
            contact: before.contact,
            topic: before.topic,
            means: ShareMeans::Email,
            words: words.to_owned(),
            shared_by: staff,
        };
        let share = self.insert_share(&share, Some(id), consent.id).await?;
        let detail = json!({ "share": share, "consent": consent.id });
        self.audit(Actor::staff(staff), "escalation.send", "escalation", Some(id.0), detail).await?;
        Ok(share)
    }

    /// Lets a request that was sent go out once more with a fresh link, because its mail didn't arrive or its link is gone; the
    /// caller adds the delivery. Contact and consent are checked again on `today` (the office's day), and whatever the links
    /// of before opened is shut. The words are those that were shared, so this is no new share.
    pub async fn send_escalation_again(&self, staff: StaffId, id: EscalationId, today: NaiveDate) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        if before.state != EscalationState::Sent {
            return Err(StoreError::Refused { what: "sending a request again that doesn't wait for an answer" });
        }
        self.may_ask(before.graduate, before.contact).await?;
        let consent =
            self.valid_consent(before.graduate, before.contact, before.topic, ShareMeans::Email, today).await?;
        let change = escalations::ActiveModel { consent_id: Set(consent.id.0), ..Default::default() };
        self.escalation_step_to(&before, EscalationState::Sent, change).await?;
        self.revoke_links(Actor::staff(staff), LinkKind::Employer, id.0).await?;
        self.end_sessions_of(id.0).await?;
        let detail = json!({ "consent": consent.id });
        self.audit(Actor::staff(staff), "escalation.again", "escalation", Some(id.0), detail).await
    }

    /// The employer answered by the link.
    pub async fn answer_escalation(&self, id: EscalationId, answer: &EmployerAnswer) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        let change = escalations::ActiveModel {
            answered_at: Set(Some(to_ms(self.now()))),
            answer: Set(Some(self.seal(ANSWER, id.0, answer))),
            ..Default::default()
        };
        self.escalation_step(&before, EscalationState::Answered, change).await?;
        let detail = json!({ "answer": answer.kind, "on": answer.on });
        self.audit(Actor::employer(id), "escalation.answer", "escalation", Some(id.0), detail).await
    }

    /// The change was tried at work; it is looked at again on `review_on`.
    pub async fn escalation_tried(&self, actor: Actor, id: EscalationId, review_on: NaiveDate) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        let change = escalations::ActiveModel { review_on: Set(review_on), ..Default::default() };
        self.escalation_step(&before, EscalationState::Tried, change).await?;
        self.audit(actor, "escalation.tried", "escalation", Some(id.0), json!({ "review_on": review_on })).await
    }

    /// It was looked at again; a note says what was found.
    pub async fn escalation_reviewed(&self, actor: Actor, id: EscalationId) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        self.escalation_step(&before, EscalationState::Reviewed, escalations::ActiveModel::default()).await?;
        self.audit(actor, "escalation.reviewed", "escalation", Some(id.0), json!({})).await
    }

    /// Takes a request back before it is answered; its link stops showing it.
    pub async fn withdraw_escalation(&self, actor: Actor, id: EscalationId) -> Result<()> {
        let before = self.must_have_escalation(id).await?;
        self.escalation_step(&before, EscalationState::Withdrawn, escalations::ActiveModel::default()).await?;
        self.audit(actor, "escalation.withdraw", "escalation", Some(id.0), json!({ "from": before.state })).await
    }

    /// Takes back what no consent covers any more.
    pub(crate) async fn withdraw_uncovered(
        &self,
        actor: Actor,
        graduate: GraduateId,
        contact: EmployerContactId,
        today: NaiveDate,
    ) -> Result<Vec<EscalationId>> {
        let unanswered = [EscalationState::Draft, EscalationState::ReadByPerson, EscalationState::Sent];
        let query = escalations::Entity::find()
            .filter(escalations::Column::GraduateId.eq(graduate.0))
            .filter(escalations::Column::ContactId.eq(contact.0))
            .filter(in_states(&unanswered));
        let mut withdrawn = Vec::new();
        for request in self.list_escalations(query).await? {
            let covered = self.valid_consent(graduate, contact, request.topic, ShareMeans::Email, today).await;
            match covered {
                Ok(_) => {}
                Err(StoreError::NotCovered(_)) => {
                    self.withdraw_escalation(actor, request.id).await?;
                    withdrawn.push(request.id);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(withdrawn)
    }

    async fn must_have_escalation(&self, id: EscalationId) -> Result<Escalation> {
        self.escalation(id).await?.ok_or(StoreError::NotFound { what: "request" })
    }

    async fn escalation_step(
        &self,
        before: &Escalation,
        next: EscalationState,
        change: escalations::ActiveModel,
    ) -> Result<()> {
        if !before.state.may_become(next) {
            return Err(StoreError::Refused { what: "this step of a request" });
        }
        self.escalation_step_to(before, next, change).await
    }

    /// Writes the step only where the row is still what was looked at: of two steps at once, one is refused.
    async fn escalation_step_to(
        &self,
        before: &Escalation,
        next: EscalationState,
        mut change: escalations::ActiveModel,
    ) -> Result<()> {
        change.state = Set(next.as_str().to_owned());
        let changed = escalations::Entity::update_many()
            .set(change)
            .filter(escalations::Column::Id.eq(before.id.0))
            .filter(escalations::Column::OfficeId.eq(self.office.0))
            .filter(escalations::Column::State.eq(before.state.as_str()))
            .filter(escalations::Column::Request.eq(before.sealed_request.clone()))
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 { Err(StoreError::Refused { what: "a step that came too late" }) } else { Ok(()) }
    }
}

fn complete(request: &Request, today: NaiveDate) -> Result<()> {
    request.problems(today).first().map_or(Ok(()), |&problem| Err(StoreError::Request(problem)))
}
