//! Commitments: promises with a time, and what became of them (S2.1, S2.7, S2.9).

use bansou_core::audit::Actor;
use bansou_core::commitment::{CommitmentError, CommitmentKind, CommitmentSource, CommitmentState};
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::{CommitmentId, EscalationId, GraduateId, MessageId, NoteId, StaffId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use sea_orm::{QuerySelect, Select};
use serde_json::json;
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{commitments, deliveries};
use crate::error::{Result, StoreError};
use crate::messages::OutboundMessage;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

const TEXT: Place = Place { table: "commitments", column: "text" };
const REASON: Place = Place { table: "commitments", column: "reason" };

/// A promise to be kept.
#[derive(Clone)]
pub struct NewCommitment {
    /// About whom.
    pub graduate: GraduateId,
    /// Who keeps it.
    pub staff: StaffId,
    /// What it comes from.
    pub source: CommitmentSource,
    /// What is promised by the time.
    pub kind: CommitmentKind,
    /// The words.
    pub text: String,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// The message by which the person was told the time; none = they weren't.
    pub message: Option<MessageId>,
    /// The note it comes from.
    pub note: Option<NoteId>,
    /// The request to an employer it comes from.
    pub escalation: Option<EscalationId>,
}

/// A promise as it is stored.
#[derive(Clone)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// About whom.
    pub graduate: GraduateId,
    /// Who keeps it.
    pub staff: StaffId,
    /// What it comes from.
    pub source: CommitmentSource,
    /// What is promised by the time.
    pub kind: CommitmentKind,
    /// The words.
    pub text: String,
    /// When it was promised.
    pub made_at: DateTime<Utc>,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// Where it stands; whether an open one is late is said by the clock ([`bansou_core::commitment::standing`]).
    pub state: CommitmentState,
    /// Whether the person was told the time.
    pub told: bool,
    /// The message by which they were, or were to be.
    pub message: Option<MessageId>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was moved or withdrawn.
    pub reason: Option<String>,
    /// The promise that took its place.
    pub moved_to: Option<CommitmentId>,
    /// The note it comes from.
    pub note: Option<NoteId>,
    /// The request to an employer it comes from.
    pub escalation: Option<EscalationId>,
}

/// Code of a message that would have told a time, and whose promise ended before it went.
pub const PROMISE_ENDED: &str = "promise_ended";

/// Kept promises of one person that are looked at, newest first, to find those that a message kept.
const KEPT_LOOKED_AT: u64 = 20;

/// How a promise ended, beside its state.
#[derive(Default)]
struct End<'a> {
    reason: Option<&'a str>,
    moved_to: Option<CommitmentId>,
    /// The message or note that kept it.
    by: Option<Uuid>,
}

impl Tx {
    /// Writes a promise down. Its audit row carries the time and no words.
    pub async fn add_commitment(&self, actor: Actor, new: &NewCommitment) -> Result<CommitmentId> {
        self.own_graduate(new.graduate).await?;
        let id = CommitmentId::new(&self.ambient);
        commitments::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            staff_id: Set(new.staff.0),
            source: Set(new.source.as_str().to_owned()),
            kind: Set(new.kind.as_str().to_owned()),
            text: Set(self.seal(TEXT, id.0, &new.text)),
            made_at: Set(to_ms(self.now())),
            due_at: Set(to_ms(new.due_at)),
            state: Set(CommitmentState::Open.as_str().to_owned()),
            told: Set(new.message.is_some()),
            ended_at: Set(None),
            reason: Set(None),
            moved_to: Set(None),
            message_id: Set(new.message.map(|id| id.0)),
            note_id: Set(new.note.map(|id| id.0)),
            escalation_id: Set(new.escalation.map(|id| id.0)),
        }
        .insert(&self.conn)
        .await?;
        let detail = json!({ "graduate": new.graduate, "source": new.source, "due_at": to_ms(new.due_at) });
        self.audit(actor, "commitment.make", "commitment", Some(id.0), detail).await?;
        Ok(id)
    }

    /// Writes a message of a member of staff that answers nothing yet: an answer stays due, and the thread stays ours. The delivery is
    /// written by the caller in this same unit of work.
    pub async fn add_staff_notice(&self, staff: StaffId, new: &OutboundMessage) -> Result<MessageId> {
        self.ensure_thread(new.graduate).await?;
        let id = self.add_outbound(new, bansou_core::thread::Author::Staff, Some(staff)).await?;
        let detail = json!({ "graduate": new.graduate, "channel": new.channel });
        self.audit(Actor::staff(staff), "message.hold", "message", Some(id.0), detail).await?;
        Ok(id)
    }

    /// One promise.
    pub async fn commitment(&self, id: CommitmentId) -> Result<Option<Commitment>> {
        let row = self.commitments().filter(commitments::Column::Id.eq(id.0)).one(&self.conn).await?;
        row.map(|row| self.to_commitment(&row)).transpose()
    }

    /// Every open promise of the office, soonest first: late ones stand before the others. For Today and the list of promises.
    pub async fn commitments_open(&self) -> Result<Vec<Commitment>> {
        self.open_where(Condition::all()).await
    }

    /// The open promises about a graduate, soonest first.
    pub async fn commitments_open_of(&self, graduate: GraduateId) -> Result<Vec<Commitment>> {
        self.open_where(Condition::all().add(commitments::Column::GraduateId.eq(graduate.0))).await
    }

    /// Promises that ended since then, newest first.
    pub async fn commitments_ended(&self, since: DateTime<Utc>, limit: u64) -> Result<Vec<Commitment>> {
        let rows = self
            .commitments()
            .filter(commitments::Column::EndedAt.gte(to_ms(since)))
            .order_by_desc(commitments::Column::EndedAt)
            .order_by_desc(commitments::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_commitment(row)).collect()
    }

    /// How many promises were late: kept or moved after their time since then, or open with their time passed.
    pub async fn commitments_late(&self, since: DateTime<Utc>) -> Result<u64> {
        let was_late = CommitmentState::ALL.iter().filter(|state| state.was_late()).map(|state| state.as_str());
        let ended = commitments::Column::State.is_in(was_late).and(commitments::Column::EndedAt.gte(to_ms(since)));
        let open = commitments::Column::State.eq(CommitmentState::Open.as_str());
        let open = open.and(commitments::Column::DueAt.lt(to_ms(self.now())));
        Ok(self.commitments().filter(ended.or(open)).count(&self.conn).await?)
    }

    /// It was kept. Refused where it has ended already.
    pub async fn keep_commitment(&self, actor: Actor, id: CommitmentId) -> Result<CommitmentState> {
        let before = self.own_commitment(id).await?;
        let state = before.state.keep(before.due_at, self.now()).map_err(refused)?;
        self.end_commitment(actor, &before, state, End::default()).await?;
        Ok(state)
    }

    /// The person was answered at `at`: what holding replies had promised by then is kept, but for what a colleague ended at this moment.
    /// `by` is the message or the note that says so.
    pub async fn keep_holding(
        &self,
        actor: Actor,
        graduate: GraduateId,
        at: DateTime<Utc>,
        by: Option<Uuid>,
    ) -> Result<()> {
        let open = self.commitments_open_of(graduate).await?.into_iter();
        for before in open.filter(|one| one.source == CommitmentSource::Holding && one.made_at <= at) {
            let state = before.state.keep(before.due_at, at).map_err(refused)?;
            match self.end_commitment(actor, &before, state, End { by, ..End::default() }).await {
                Err(StoreError::Refused { .. }) => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// The message or note `by` was taken back: what it kept, and nothing else, is open again. Gives what that is.
    pub async fn reopen_holding(&self, actor: Actor, graduate: GraduateId, by: Uuid) -> Result<Vec<CommitmentId>> {
        let kept = [CommitmentState::Kept, CommitmentState::KeptLate].map(CommitmentState::as_str);
        let ended = self
            .commitments()
            .filter(commitments::Column::GraduateId.eq(graduate.0))
            .filter(commitments::Column::Source.eq(CommitmentSource::Holding.as_str()))
            .filter(commitments::Column::State.is_in(kept))
            .order_by_desc(commitments::Column::EndedAt)
            .limit(KEPT_LOOKED_AT)
            .all(&self.conn)
            .await?;
        let mut reopened = Vec::new();
        for row in ended {
            // What kept it stands in the audit row of its end.
            let kept = self.newest_audit_of(row.id, "commitment.keep").await?;
            let detail = kept.and_then(|kept| serde_json::from_str::<serde_json::Value>(&kept.detail).ok());
            if detail.is_none_or(|detail| detail["by"] != json!(by)) {
                continue;
            }
            let change = commitments::ActiveModel {
                state: Set(CommitmentState::Open.as_str().to_owned()),
                ended_at: Set(None),
                ..Default::default()
            };
            commitments::Entity::update_many()
                .set(change)
                .filter(commitments::Column::Id.eq(row.id))
                .filter(commitments::Column::OfficeId.eq(self.office.0))
                .exec(&self.conn)
                .await?;
            let detail = json!({ "graduate": graduate });
            self.audit(actor, "commitment.reopen", "commitment", Some(row.id), detail).await?;
            reopened.push(CommitmentId(row.id));
        }
        Ok(reopened)
    }

    /// An answer that still waits goes at another moment: what it kept is kept then. Where that is after a time that it would have kept,
    /// the promise stays open until somebody says that it is kept.
    pub(crate) async fn keep_holding_then(
        &self,
        actor: Actor,
        graduate: GraduateId,
        at: DateTime<Utc>,
        by: MessageId,
    ) -> Result<()> {
        for id in self.reopen_holding(actor, graduate, by.0).await? {
            let before = self.own_commitment(id).await?;
            if at > before.due_at && self.now() <= before.due_at {
                continue;
            }
            let state = before.state.keep(before.due_at, at).map_err(refused)?;
            self.end_commitment(actor, &before, state, End { by: Some(by.0), ..End::default() }).await?;
        }
        Ok(())
    }

    /// The promise whose time a message tells.
    pub async fn promise_told_by(&self, message: MessageId) -> Result<Option<Commitment>> {
        let row = self.commitments().filter(commitments::Column::MessageId.eq(message.0)).one(&self.conn).await?;
        row.map(|row| self.to_commitment(&row)).transpose()
    }

    /// A promise has ended before the message that tells its time went: it tells nothing that is so any more, and stays here.
    async fn keep_back_time(&self, before: &Commitment) -> Result<()> {
        let Some(message) = before.message else { return Ok(()) };
        let cancelled = deliveries::Entity::update_many()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::MessageId.eq(message.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .filter(deliveries::Column::Attempts.eq(0))
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Cancelled.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some(PROMISE_ENDED)))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(to_ms(self.now()))))
            .exec(&self.conn)
            .await?;
        if cancelled.rows_affected == 0 {
            return Ok(());
        }
        self.untold(before.graduate, &[message.0]).await
    }

    /// The messages by which the person was to hear of a time don't go: nobody has told them.
    pub(crate) async fn untold(&self, graduate: GraduateId, messages: &[Uuid]) -> Result<()> {
        let change = commitments::ActiveModel { told: Set(false), ..Default::default() };
        commitments::Entity::update_many()
            .set(change)
            .filter(commitments::Column::OfficeId.eq(self.office.0))
            .filter(commitments::Column::GraduateId.eq(graduate.0))
            .filter(commitments::Column::MessageId.is_in(messages.iter().copied()))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// A new time is said, with its reason: a promise with the new time takes the old one's place. `message` is the one by which the
    /// person is told. Refused where it has ended already or the time has passed.
    pub async fn move_commitment(
        &self,
        actor: Actor,
        id: CommitmentId,
        due_at: DateTime<Utc>,
        reason: &str,
        message: Option<MessageId>,
    ) -> Result<CommitmentId> {
        let before = self.own_commitment(id).await?;
        let state = before.state.move_to(before.due_at, due_at, self.now()).map_err(refused)?;
        let new = NewCommitment {
            graduate: before.graduate,
            staff: before.staff,
            source: before.source,
            kind: before.kind,
            text: before.text.clone(),
            due_at,
            message,
            note: before.note,
            escalation: before.escalation,
        };
        let next = self.add_commitment(actor, &new).await?;
        let end = End { reason: Some(reason), moved_to: Some(next), by: None };
        self.end_commitment(actor, &before, state, end).await?;
        Ok(next)
    }

    /// It isn't needed any more, and why. Refused where it has ended already.
    pub async fn withdraw_commitment(&self, actor: Actor, id: CommitmentId, reason: &str) -> Result<()> {
        let before = self.own_commitment(id).await?;
        let state = before.state.withdraw().map_err(refused)?;
        self.end_commitment(actor, &before, state, End { reason: Some(reason), ..End::default() }).await
    }

    async fn end_commitment(
        &self,
        actor: Actor,
        before: &Commitment,
        state: CommitmentState,
        end: End<'_>,
    ) -> Result<()> {
        let End { reason, moved_to, by } = end;
        let change = commitments::ActiveModel {
            state: Set(state.as_str().to_owned()),
            ended_at: Set(Some(to_ms(self.now()))),
            reason: Set(reason.map(|reason| self.seal(REASON, before.id.0, reason))),
            moved_to: Set(moved_to.map(|id| id.0)),
            ..Default::default()
        };
        let changed = commitments::Entity::update_many()
            .set(change)
            .filter(commitments::Column::Id.eq(before.id.0))
            .filter(commitments::Column::OfficeId.eq(self.office.0))
            .filter(commitments::Column::State.eq(CommitmentState::Open.as_str()))
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 {
            return Err(refused(CommitmentError::Ended));
        }
        self.keep_back_time(before).await?;
        let detail = json!({ "graduate": before.graduate, "state": state, "due_at": to_ms(before.due_at), "next": moved_to, "by": by });
        let action = match state {
            CommitmentState::Moved | CommitmentState::MovedLate => "commitment.move",
            CommitmentState::Withdrawn => "commitment.withdraw",
            _ => "commitment.keep",
        };
        self.audit(actor, action, "commitment", Some(before.id.0), detail).await
    }

    async fn own_commitment(&self, id: CommitmentId) -> Result<Commitment> {
        self.commitment(id).await?.ok_or(StoreError::NotFound { what: "commitment" })
    }

    async fn open_where(&self, which: Condition) -> Result<Vec<Commitment>> {
        let rows = self
            .commitments()
            .filter(commitments::Column::State.eq(CommitmentState::Open.as_str()))
            .filter(which)
            .order_by_asc(commitments::Column::DueAt)
            .order_by_asc(commitments::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_commitment(row)).collect()
    }

    pub(crate) fn commitments(&self) -> Select<commitments::Entity> {
        commitments::Entity::find().filter(commitments::Column::OfficeId.eq(self.office.0))
    }

    fn to_commitment(&self, row: &commitments::Model) -> Result<Commitment> {
        let read = ("commitments", row.id);
        Ok(Commitment {
            id: CommitmentId(row.id),
            graduate: GraduateId(row.graduate_id),
            staff: StaffId(row.staff_id),
            source: code(read.0, "source", read.1, &row.source)?,
            kind: code(read.0, "kind", read.1, &row.kind)?,
            text: self.open(TEXT, row.id, &row.text)?,
            made_at: from_ms(row.made_at),
            due_at: from_ms(row.due_at),
            state: code(read.0, "state", read.1, &row.state)?,
            told: row.told,
            message: row.message_id.map(MessageId),
            ended_at: row.ended_at.map(from_ms),
            reason: self.open_some(REASON, row.id, row.reason.as_ref())?,
            moved_to: row.moved_to.map(CommitmentId),
            note: row.note_id.map(NoteId),
            escalation: row.escalation_id.map(EscalationId),
        })
    }
}

fn refused(error: CommitmentError) -> StoreError {
    StoreError::Refused {
        what: match error {
            CommitmentError::Ended => "ending a promise that has ended already",
            CommitmentError::NoNewTime => "moving a promise to no new time",
        },
    }
}
