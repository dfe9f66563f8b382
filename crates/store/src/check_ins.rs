//! The ledger of check-ins: one row per person, plan and due date (DESIGN.md section 1).

use std::collections::HashMap;

use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::ids::{CadenceId, CheckInId, GraduateId, OfficeId};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult,
};
use uuid::Uuid;

use crate::connect::Store;
use crate::crypto::Place;
use crate::entity::{check_ins, deliveries};
use crate::error::{Result, StoreError};
use crate::sql::filled_up;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

const ANSWER: Place = Place { table: "check_ins", column: "answer" };

/// A provider's clock and ours may differ by so much.
pub(crate) const CLOCKS_APART: Duration = Duration::minutes(1);

/// A ledger row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// Its id; stands in the answer buttons' data.
    pub id: CheckInId,
    /// Who is contacted.
    pub graduate: GraduateId,
    /// The plan that made it fall due.
    pub cadence: CadenceId,
    /// The day it falls due, in the office's zone.
    pub due_on: NaiveDate,
    /// JSON of core's `DueReason`.
    pub reason: String,
    /// Key of the message template.
    pub template: String,
    /// Where it stands.
    pub state: CheckInState,
    /// Why it was skipped, failed or handed over.
    pub state_reason: Option<CloseReason>,
    /// The way it went out.
    pub channel: Option<ChannelKind>,
    /// When the row was written.
    pub planned_at: DateTime<Utc>,
    /// When a provider accepted it.
    pub sent_at: Option<DateTime<Utc>>,
    /// From here on no answer counts as silence.
    pub answer_by: Option<DateTime<Utc>>,
    /// When the person answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Code of the chosen answer.
    pub answer: Option<String>,
    /// When it reached its end.
    pub closed_at: Option<DateTime<Utc>>,
}

/// What a new ledger row needs.
#[derive(Clone, Debug)]
pub struct NewCheckIn {
    /// Who.
    pub graduate: GraduateId,
    /// The plan.
    pub cadence: CadenceId,
    /// The day.
    pub due_on: NaiveDate,
    /// JSON of core's `DueReason`.
    pub reason: String,
    /// Key of the message template.
    pub template: String,
}

impl Store {
    /// Offices in which an answer is overdue.
    pub async fn offices_with_silence(&self, now: DateTime<Utc>) -> Result<Vec<OfficeId>> {
        let ids: Vec<Uuid> = check_ins::Entity::find()
            .select_only()
            .column(check_ins::Column::OfficeId)
            .distinct()
            .filter(past_answer(now))
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(ids.into_iter().map(OfficeId).collect())
    }
}

impl Tx {
    /// Writes the ledger row of a slot; `None` when the slot has its row already.
    pub async fn add_check_in(&self, new: &NewCheckIn) -> Result<Option<CheckInId>> {
        self.add_check_in_as(None, new).await
    }

    /// The same under the id that the slot had before its row was lost with a restore: the answer buttons of what went out
    /// then name it.
    pub async fn add_check_in_as(&self, id: Option<CheckInId>, new: &NewCheckIn) -> Result<Option<CheckInId>> {
        let id = id.unwrap_or_else(|| CheckInId::new(&self.ambient));
        let row = check_ins::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            cadence_id: Set(new.cadence.0),
            due_on: Set(new.due_on),
            reason: Set(new.reason.clone()),
            template: Set(new.template.clone()),
            state: Set(CheckInState::Planned.as_str().to_owned()),
            state_reason: Set(None),
            channel: Set(None),
            planned_at: Set(to_ms(self.now())),
            sent_at: Set(None),
            answer_by: Set(None),
            answered_at: Set(None),
            answer: Set(None),
            closed_at: Set(None),
        };
        let slot = [check_ins::Column::GraduateId, check_ins::Column::CadenceId, check_ins::Column::DueOn];
        let insert = check_ins::Entity::insert(row)
            .on_conflict(OnConflict::columns(slot).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.conn)
            .await?;
        Ok(matches!(insert, TryInsertResult::Inserted(1..)).then_some(id))
    }

    /// A row by id.
    pub async fn check_in(&self, id: CheckInId) -> Result<Option<CheckIn>> {
        let row = check_ins::Entity::find_by_id(id.0)
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        row.map(|row| self.to_check_in(row)).transpose()
    }

    /// The keys of the templates with which check-ins were planned.
    pub async fn templates_of(&self, check_ins: &[CheckInId]) -> Result<HashMap<CheckInId, String>> {
        if check_ins.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, String)> = check_ins::Entity::find()
            .select_only()
            .columns([check_ins::Column::Id, check_ins::Column::Template])
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .filter(check_ins::Column::Id.is_in(filled_up(check_ins.iter().map(|id| id.0))))
            .into_tuple()
            .all(&self.conn)
            .await?;
        Ok(rows.into_iter().map(|(id, template)| (CheckInId(id), template)).collect())
    }

    /// A graduate's rows, newest first.
    pub async fn check_ins_of(&self, graduate: GraduateId, limit: u64) -> Result<Vec<CheckIn>> {
        let rows = check_ins::Entity::find()
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .filter(check_ins::Column::GraduateId.eq(graduate.0))
            .order_by_desc(check_ins::Column::DueOn)
            .order_by_desc(check_ins::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_check_in(row)).collect()
    }

    /// A graduate's rows that aren't closed, oldest first.
    pub async fn open_check_ins_of(&self, graduate: GraduateId) -> Result<Vec<CheckIn>> {
        let open = [CheckInState::Planned, CheckInState::Due, CheckInState::Out].map(CheckInState::as_str);
        let rows = check_ins::Entity::find()
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .filter(check_ins::Column::GraduateId.eq(graduate.0))
            .filter(check_ins::Column::State.is_in(open))
            .order_by_asc(check_ins::Column::DueOn)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(|row| self.to_check_in(row)).collect()
    }

    /// The check-in that words written at `at` answer: the newest that was out by then, unless it is answered. Events come
    /// late and out of order; nobody answers what hadn't reached them.
    pub async fn answerable_check_in(&self, graduate: GraduateId, at: DateTime<Utc>) -> Result<Option<CheckIn>> {
        // What was called for by then may have reached them, though we don't know it yet.
        let under_way = [DeliveryState::Sending, DeliveryState::Unknown].map(DeliveryState::as_str);
        let called = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::GraduateId.eq(graduate.0))
            .filter(deliveries::Column::CheckInId.is_not_null())
            .filter(deliveries::Column::State.is_in(under_way))
            .filter(deliveries::Column::FirstAttemptAt.lte(to_ms(at)))
            .order_by_desc(deliveries::Column::FirstAttemptAt)
            .one(&self.conn)
            .await?;
        if let Some(id) = called.and_then(|row| row.check_in_id)
            && let Some(row) = self.check_in(CheckInId(id)).await?.filter(|row| row.state == CheckInState::Due)
        {
            return Ok(Some(row));
        }
        let states = [CheckInState::Out, CheckInState::Silent].map(CheckInState::as_str);
        let row = check_ins::Entity::find()
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .filter(check_ins::Column::GraduateId.eq(graduate.0))
            .filter(check_ins::Column::SentAt.lte(to_ms(at + CLOCKS_APART)))
            .order_by_desc(check_ins::Column::SentAt)
            .one(&self.conn)
            .await?;
        let row = row.filter(|row| states.contains(&row.state.as_str()));
        row.map(|row| self.to_check_in(row)).transpose()
    }

    /// Rows whose answer is overdue, oldest first.
    pub async fn check_ins_past_answer(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<CheckInId>> {
        let ids: Vec<Uuid> = check_ins::Entity::find()
            .select_only()
            .column(check_ins::Column::Id)
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .filter(past_answer(now))
            .order_by_asc(check_ins::Column::AnswerBy)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await?;
        Ok(ids.into_iter().map(CheckInId).collect())
    }

    /// A row by id, locked until this unit of work ends: what is decided on it holds when it is written.
    pub async fn lock_check_in(&self, id: CheckInId) -> Result<Option<CheckIn>> {
        let row = check_ins::Entity::find_by_id(id.0)
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .lock_exclusive()
            .one(&self.conn)
            .await?;
        row.map(|row| self.to_check_in(row)).transpose()
    }

    /// A provider accepted it: it is out, and an answer is awaited until `answer_by`.
    pub async fn check_in_went_out(
        &self,
        id: CheckInId,
        channel: ChannelKind,
        sent_at: DateTime<Utc>,
        answer_by: DateTime<Utc>,
    ) -> Result<()> {
        let mut row = self.step(id, CheckInState::Out, None).await?;
        row.channel = Set(Some(channel.as_str().to_owned()));
        row.sent_at = Set(Some(to_ms(sent_at)));
        row.answer_by = Set(Some(to_ms(answer_by)));
        row.update(&self.conn).await?;
        Ok(())
    }

    /// The person answered; a late answer also turns silence and a hand-over into an answer.
    pub async fn check_in_answered(&self, id: CheckInId, answer: &str, at: DateTime<Utc>) -> Result<()> {
        let mut row = self.step(id, CheckInState::Answered, None).await?;
        row.answered_at = Set(Some(to_ms(at)));
        row.answer = Set(Some(self.seal(ANSWER, id.0, answer)));
        row.update(&self.conn).await?;
        Ok(())
    }

    /// Closes a row with its reason, or refuses.
    pub async fn close_check_in(&self, id: CheckInId, state: CheckInState, why: Option<CloseReason>) -> Result<()> {
        let row = self.step(id, state, why).await?;
        row.update(&self.conn).await?;
        Ok(())
    }

    async fn step(&self, id: CheckInId, to: CheckInState, why: Option<CloseReason>) -> Result<check_ins::ActiveModel> {
        let row = self.lock_check_in(id).await?.ok_or(StoreError::NotFound { what: "check-in" })?;
        row.state.become_(to).map_err(|_| StoreError::Refused { what: "this step of a check-in" })?;
        Ok(check_ins::ActiveModel {
            id: Set(id.0),
            state: Set(to.as_str().to_owned()),
            state_reason: Set(why.map(|why| why.as_str().to_owned())),
            closed_at: Set(to.is_closed().then(|| to_ms(self.now()))),
            ..Default::default()
        })
    }

    pub(crate) fn to_check_in(&self, row: check_ins::Model) -> Result<CheckIn> {
        let word = |column, word: &str| code("check_ins", column, row.id, word);
        Ok(CheckIn {
            id: CheckInId(row.id),
            graduate: GraduateId(row.graduate_id),
            cadence: CadenceId(row.cadence_id),
            due_on: row.due_on,
            state: code("check_ins", "state", row.id, &row.state)?,
            state_reason: row.state_reason.as_deref().map(|why| word("state_reason", why)).transpose()?,
            channel: row.channel.as_deref().map(|kind| code("check_ins", "channel", row.id, kind)).transpose()?,
            planned_at: from_ms(row.planned_at),
            sent_at: row.sent_at.map(from_ms),
            answer_by: row.answer_by.map(from_ms),
            answered_at: row.answered_at.map(from_ms),
            answer: self.open_some(ANSWER, row.id, row.answer.as_ref())?,
            closed_at: row.closed_at.map(from_ms),
            reason: row.reason,
            template: row.template,
        })
    }
}

fn past_answer(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(check_ins::Column::State.eq(CheckInState::Out.as_str()))
        .add(check_ins::Column::AnswerBy.lte(to_ms(now)))
}
