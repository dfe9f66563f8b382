//! Undo: what a member of staff just did is taken back, while nobody else has acted since.
//!
//! The audit list is the memory: its row says what was done by whom, and carries what stood there before. A sent message
//! can't be taken back, so nothing here touches one.

use bansou_core::audit::{Actor, AuditEntry};
use bansou_core::ids::{AbsenceId, GraduateId, NoteId, SignId, StaffId, TaskId};
use bansou_core::sign::SignStep;
use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::entity::{offices, signs, tasks, threads};
use crate::error::{Result, StoreError};
use crate::tasks::TaskState;
use crate::tx::Tx;

/// So long something can be taken back.
pub const UNDO_FOR: TimeDelta = TimeDelta::minutes(10);

/// What came of taking something back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// It stands as before.
    AsBefore,
    /// It is too long ago ([`UNDO_FOR`]).
    TooLate,
    /// Somebody has acted since, or it was taken back already.
    Changed,
}

impl Tx {
    /// The number of the newest audit row: right after a change in this unit of work, the number by which it is undone.
    pub async fn newest_audit_seq(&self) -> Result<i64> {
        let office = offices::Entity::find_by_id(self.office.0).one(&self.conn).await?;
        Ok(office.ok_or(StoreError::NotFound { what: "office" })?.audit_seq)
    }

    /// Takes back what a member of staff did by the audit row `seq`. Not found where it is another's row or nothing that
    /// can be taken back.
    pub async fn undo(&self, staff: StaffId, seq: i64) -> Result<Undone> {
        let nothing = StoreError::NotFound { what: "something to take back" };
        let row = self.audit_row(seq).await?.filter(|row| row.actor == Actor::staff(staff));
        let Some(row) = row else { return Err(nothing) };
        let (Some(object), Ok(detail)) = (row.object_id, serde_json::from_str::<Value>(&row.detail)) else {
            return Err(nothing);
        };
        if row.at + UNDO_FOR < self.now() {
            return Ok(Undone::TooLate);
        }
        if self.newest_audit_of(object, family(&row)).await?.is_none_or(|newest| newest.seq != seq) {
            return Ok(Undone::Changed);
        }
        let done = match row.action.as_str() {
            "thread.close" => self.reopen_thread(GraduateId(object), &detail).await?,
            "crisis.close" => self.reopen_crisis(GraduateId(object), &detail).await?,
            "today.put_off" => self.undo_put_off(GraduateId(object)).await?,
            "note.save" => self.take_note_back(staff, NoteId(object)).await?,
            "task.done" => self.reopen_task(TaskId(object)).await?,
            "task.call" if detail["outcome"] == "later" => self.bring_task_back(TaskId(object), &detail).await?,
            "sign.dismiss" if detail["from"] == SignStep::Suggested.as_str() => {
                self.suggest_again(SignId(object)).await?
            }
            "absence.cancel" => self.restore_absence(AbsenceId(object)).await?,
            _ => return Err(nothing),
        };
        if !done {
            return Ok(Undone::Changed);
        }
        let action = format!("{}_undone", row.action);
        self.audit(Actor::staff(staff), &action, &row.object_kind, Some(object), json!({ "undoes": seq })).await?;
        Ok(Undone::AsBefore)
    }

    async fn reopen_thread(&self, graduate: GraduateId, before: &Value) -> Result<bool> {
        let (Some(since), Some(reason)) = (before["due_since"].as_i64(), before["reason"].as_str()) else {
            return Ok(false);
        };
        let closed = threads::Column::ReplyDueSince.is_null().and(threads::Column::ClosedReason.eq(reason));
        let change =
            threads::ActiveModel { reply_due_since: Set(Some(since)), closed_reason: Set(None), ..Default::default() };
        let changed = threads::Entity::update_many()
            .set(change)
            .filter(threads::Column::GraduateId.eq(graduate.0))
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(closed)
            .exec(&self.conn)
            .await?;
        if changed.rows_affected > 0 {
            let asked = before["handovers"].as_array().into_iter().flatten();
            self.ask_again(asked.filter_map(|id| id.as_str()?.parse().ok())).await?;
        }
        Ok(changed.rows_affected > 0)
    }

    /// Words of crisis wait again, with whoever was on them.
    async fn reopen_crisis(&self, graduate: GraduateId, before: &Value) -> Result<bool> {
        let Some(since) = before["since"].as_i64() else { return Ok(false) };
        let staff = before["staff"].as_str().and_then(|id| id.parse().ok());
        let change = threads::ActiveModel {
            crisis_since: Set(Some(since)),
            crisis_staff_id: Set(staff),
            crisis_taken_at: Set(before["taken_at"].as_i64()),
            ..Default::default()
        };
        let changed = threads::Entity::update_many()
            .set(change)
            .filter(threads::Column::GraduateId.eq(graduate.0))
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(threads::Column::CrisisSince.is_null())
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 {
            return Ok(false);
        }
        let calls = before["calls"].as_array().into_iter().flatten();
        for call in calls.filter_map(|id| id.as_str()?.parse().ok()) {
            self.reopen_task(call).await?;
        }
        Ok(true)
    }

    pub(crate) async fn reopen_task(&self, id: TaskId) -> Result<bool> {
        let change = tasks::ActiveModel {
            state: Set(TaskState::Open.as_str().to_owned()),
            done_at: Set(None),
            done_by: Set(None),
            ..Default::default()
        };
        self.put_task_back(id, TaskState::Done, change).await
    }

    async fn bring_task_back(&self, id: TaskId, before: &Value) -> Result<bool> {
        let Some(due_at) = before["due_before"].as_i64() else { return Ok(false) };
        let outcome = before["outcome_before"].as_str().map(str::to_owned);
        let change = tasks::ActiveModel { due_at: Set(due_at), outcome: Set(outcome), ..Default::default() };
        self.put_task_back(id, TaskState::Open, change).await
    }

    async fn put_task_back(&self, id: TaskId, from: TaskState, change: tasks::ActiveModel) -> Result<bool> {
        let changed = tasks::Entity::update_many()
            .set(change)
            .filter(tasks::Column::Id.eq(id.0))
            .filter(tasks::Column::OfficeId.eq(self.office.0))
            .filter(tasks::Column::State.eq(from.as_str()))
            .exec(&self.conn)
            .await?;
        Ok(changed.rows_affected > 0)
    }

    async fn suggest_again(&self, id: SignId) -> Result<bool> {
        let change = signs::ActiveModel {
            state: Set(SignStep::Suggested.as_str().to_owned()),
            decided_at: Set(None),
            decided_by: Set(None),
            decided_why: Set(None),
            ..Default::default()
        };
        let changed = signs::Entity::update_many()
            .set(change)
            .filter(signs::Column::Id.eq(id.0))
            .filter(signs::Column::OfficeId.eq(self.office.0))
            .filter(signs::Column::State.eq(SignStep::Dismissed.as_str()))
            .exec(&self.conn)
            .await?;
        Ok(changed.rows_affected > 0)
    }
}

/// What counts as acting on the same thing: `thread.` for a thread, whatever else happens to the person.
fn family(row: &AuditEntry) -> &str {
    row.action.find('.').map_or(row.action.as_str(), |dot| &row.action[..=dot])
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn other_changes_of_a_person_are_no_change_of_the_thread() {
        let row = |action: &str| AuditEntry {
            seq: 1,
            at: chrono::DateTime::UNIX_EPOCH,
            actor: Actor::PROGRAM,
            action: action.to_owned(),
            object_kind: "graduate".into(),
            object_id: Some(Uuid::nil()),
            detail: "{}".into(),
        };
        assert_eq!(family(&row("thread.close")), "thread.");
        assert_eq!(family(&row("thread.close_undone")), "thread.");
        assert_eq!(family(&row("graduate.read")), "graduate.");
    }
}
