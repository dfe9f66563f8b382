//! Tasks: what a member of staff has to do, once per reason.

use bansou_core::audit::{Actor, ActorKind};
use bansou_core::codes;
use bansou_core::ids::{CheckInId, DeliveryId, EscalationId, GraduateId, InboundId, NoteId, StaffId, TaskId};
use bansou_core::task::{CallOutcome, TaskKind, TaskReason};
use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::json;

use crate::check_ins::CLOCKS_APART;
use crate::entity::{check_ins, tasks};
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

/// A call isn't longer than that: an older mark was left behind, and nobody waits for it.
pub const CALLING_FOR: Duration = Duration::minutes(30);

/// Reasons that an answer takes away.
const UNREACHED: [TaskReason; 7] = [
    TaskReason::NoAddress,
    TaskReason::NoChannel,
    TaskReason::TooLate,
    TaskReason::Refused,
    TaskReason::Unclear,
    TaskReason::Expired,
    TaskReason::Silent,
];

/// Begins the key of a task about a request to an employer; the request's id follows.
const ABOUT_REQUEST: &str = "request:";
/// Begins the key of a task that a note leads to; the note's id follows.
const OF_NOTE: &str = "note:";

codes! {
    /// Where a task stands.
    TaskState {
        /// To be done.
        Open = "open",
        /// Done.
        Done = "done",
        /// Not needed any more.
        Dropped = "dropped",
    }
}

codes! {
    /// Why the program dropped a task by itself.
    DropReason {
        /// The person answered.
        Answered = "answered",
    }
}

/// A task to be written.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// For whom; none for a channel or an unknown sender.
    pub graduate: Option<GraduateId>,
    /// What kind of doing.
    pub kind: TaskKind,
    /// Why.
    pub reason: TaskReason,
    /// The same reason for the same thing makes one task; ids and codes only.
    pub dedupe_key: String,
    /// The check-in it comes from.
    pub check_in: Option<CheckInId>,
    /// The delivery it comes from.
    pub delivery: Option<DeliveryId>,
    /// When it wants to be done.
    pub due_at: DateTime<Utc>,
}

impl NewTask {
    /// A task that belongs to nobody and nothing yet; the rest is set with `..`.
    pub fn program(kind: TaskKind, reason: TaskReason, dedupe_key: String, due_at: DateTime<Utc>) -> Self {
        Self { graduate: None, kind, reason, dedupe_key, check_in: None, delivery: None, due_at }
    }

    /// A task about a request to an employer. `once` sets apart what may happen more than once to the same request.
    pub fn about_request(
        kind: TaskKind,
        reason: TaskReason,
        request: (EscalationId, GraduateId),
        once: &str,
        due_at: DateTime<Utc>,
    ) -> Self {
        let (escalation, graduate) = request;
        let key = format!("{ABOUT_REQUEST}{escalation}:{reason}:{once}");
        Self { graduate: Some(graduate), ..Self::program(kind, reason, key, due_at) }
    }

    /// What a note leads to: one task for each reason.
    pub fn of_note(reason: TaskReason, (note, graduate): (NoteId, GraduateId), due_at: DateTime<Utc>) -> Self {
        let key = format!("{OF_NOTE}{note}:{reason}");
        Self { graduate: Some(graduate), ..Self::program(TaskKind::Look, reason, key, due_at) }
    }

    /// A request's mail didn't arrive, or nobody knows whether it did: one task, whoever notices it.
    pub fn request_mail(request: (EscalationId, GraduateId), delivery: DeliveryId, due_at: DateTime<Utc>) -> Self {
        let once = delivery.to_string();
        let task = Self::about_request(TaskKind::Employer, TaskReason::RequestMail, request, &once, due_at);
        Self { delivery: Some(delivery), ..task }
    }
}

/// A task as it is stored.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// For whom.
    pub graduate: Option<GraduateId>,
    /// What kind of doing.
    pub kind: TaskKind,
    /// Why.
    pub reason: TaskReason,
    /// The check-in it comes from.
    pub check_in: Option<CheckInId>,
    /// The delivery it comes from.
    pub delivery: Option<DeliveryId>,
    /// What came in and needs eyes: from somebody unknown, or unreadable.
    pub inbound: Option<InboundId>,
    /// The request to an employer that it is about.
    pub escalation: Option<EscalationId>,
    /// The note that leads to it; its words say what is to be done.
    pub note: Option<NoteId>,
    /// When it wants to be done.
    pub due_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub state: TaskState,
    /// What came of the newest call.
    pub outcome: Option<CallOutcome>,
    /// When it was done or dropped.
    pub done_at: Option<DateTime<Utc>>,
    /// Who did it; none = the program.
    pub done_by: Option<StaffId>,
    /// Why the program dropped it; none = a person ended it, or it is open.
    pub drop_reason: Option<DropReason>,
    /// Who began to call and hasn't said what came of it; also when that was long ago ([`Task::calling`]).
    pub caller: Option<Calling>,
}

/// Somebody is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calling {
    /// Who.
    pub staff: StaffId,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Task {
    /// Who is calling at this moment; a mark older than [`CALLING_FOR`] means nothing any more.
    pub fn calling(&self, now: DateTime<Utc>) -> Option<Calling> {
        self.caller.filter(|calling| now < calling.since + CALLING_FOR)
    }
}

impl Tx {
    /// Writes a task of the program. `None` when a task with the same key is or was there: what was done stays done.
    pub async fn add_task(&self, new: &NewTask) -> Result<Option<TaskId>> {
        self.touch();
        if let Some(graduate) = new.graduate {
            self.own_graduate(graduate).await?;
        }
        let id = TaskId::new(&self.ambient);
        let row = tasks::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.map(|id| id.0)),
            kind: Set(new.kind.as_str().to_owned()),
            reason: Set(new.reason.as_str().to_owned()),
            dedupe_key: Set(new.dedupe_key.clone()),
            check_in_id: Set(new.check_in.map(|id| id.0)),
            delivery_id: Set(new.delivery.map(|id| id.0)),
            due_at: Set(to_ms(new.due_at)),
            created_at: Set(to_ms(self.now())),
            state: Set(TaskState::Open.as_str().to_owned()),
            outcome: Set(None),
            done_at: Set(None),
            done_by: Set(None),
            caller_id: Set(None),
            caller_since: Set(None),
            drop_reason: Set(None),
        };
        let once = OnConflict::columns([tasks::Column::OfficeId, tasks::Column::DedupeKey]).do_nothing().to_owned();
        let added = tasks::Entity::insert(row).on_conflict(once).exec_without_returning(&self.conn).await?;
        Ok((added > 0).then_some(id))
    }

    /// Open tasks, those that have waited longest first: the ones whose time has come stand before the later ones.
    pub async fn open_tasks(&self) -> Result<Vec<Task>> {
        let rows = self
            .tasks_in(TaskState::Open)
            .order_by_asc(tasks::Column::DueAt)
            .order_by_asc(tasks::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_task).collect()
    }

    /// Every task of a graduate, newest first.
    pub async fn tasks_of(&self, graduate: GraduateId) -> Result<Vec<Task>> {
        let rows = tasks::Entity::find()
            .filter(tasks::Column::OfficeId.eq(self.office.0))
            .filter(tasks::Column::GraduateId.eq(graduate.0))
            .order_by_desc(tasks::Column::CreatedAt)
            .order_by_desc(tasks::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_task).collect()
    }

    /// One task.
    pub async fn task(&self, id: TaskId) -> Result<Option<Task>> {
        let row = tasks::Entity::find_by_id(id.0).filter(tasks::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.map(|row| to_task(&row)).transpose()
    }

    /// A member of staff begins to call, so that nobody else does. Refused while somebody else is calling.
    pub async fn start_call(&self, staff: StaffId, id: TaskId) -> Result<()> {
        let mine = tasks::Column::CallerId.eq(staff.0);
        let old = tasks::Column::CallerSince.lte(to_ms(self.now() - CALLING_FOR));
        let change = tasks::ActiveModel {
            caller_id: Set(Some(staff.0)),
            caller_since: Set(Some(to_ms(self.now()))),
            ..Default::default()
        };
        self.change_task(id, change, tasks::Column::CallerId.is_null().or(mine).or(old)).await?;
        self.audit(Actor::staff(staff), "task.calling", "task", Some(id.0), json!({})).await
    }

    /// Whoever began to call doesn't after all.
    pub async fn release_call(&self, staff: StaffId, id: TaskId) -> Result<()> {
        let mut change = tasks::ActiveModel::default();
        nobody_calls(&mut change);
        self.change_task(id, change, tasks::Column::CallerId.eq(staff.0)).await?;
        self.audit(Actor::staff(staff), "task.released", "task", Some(id.0), json!({})).await
    }

    /// What came of a call. An outcome that doesn't close it needs the moment at which it comes back: *later* the one that the
    /// person named, *not in* and *busy* the one of [`call_again`](bansou_core::again::call_again).
    pub async fn finish_call(
        &self,
        actor: Actor,
        id: TaskId,
        outcome: CallOutcome,
        again: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let before = self.task(id).await?.ok_or(StoreError::NotFound { what: "task" })?;
        let mut change = tasks::ActiveModel { outcome: Set(Some(outcome.as_str().to_owned())), ..Default::default() };
        nobody_calls(&mut change);
        if outcome.closes() {
            self.mark_done(&mut change, TaskState::Done, actor);
        } else {
            let again = again.filter(|&again| again > self.now());
            let again = again.ok_or(StoreError::Refused { what: "calling again without a time to come" })?;
            change.due_at = Set(to_ms(again));
        }
        self.change_task(id, change, Expr::value(true)).await?;
        let detail = json!({
            "outcome": outcome,
            "outcome_before": before.outcome,
            "due_before": to_ms(before.due_at),
        });
        self.audit(actor, "task.call", "task", Some(id.0), detail).await
    }

    /// A task is done.
    pub async fn finish_task(&self, actor: Actor, id: TaskId) -> Result<()> {
        self.end_task(actor, id, TaskState::Done, "task.done").await
    }

    /// A task isn't needed any more.
    pub async fn drop_task(&self, actor: Actor, id: TaskId) -> Result<()> {
        self.end_task(actor, id, TaskState::Dropped, "task.drop").await
    }

    /// The person answered: tasks that this check-in made because it didn't reach them aren't needed any more. Tasks made
    /// by what they said stay. Says how many were dropped.
    pub async fn drop_tasks_for_check_in(&self, check_in: CheckInId) -> Result<u64> {
        let unreached = tasks::Column::Reason.is_in(UNREACHED.map(TaskReason::as_str));
        self.drop_answered(Condition::all().add(tasks::Column::CheckInId.eq(check_in.0)).add(unreached)).await
    }

    /// The person wrote something at `at`: nobody has to call them any more only because they were silent about what had
    /// reached them by then. Says how many tasks were dropped.
    pub async fn drop_silence_tasks(&self, graduate: GraduateId, at: DateTime<Utc>) -> Result<u64> {
        let had_reached = check_ins::Entity::find()
            .select_only()
            .column(check_ins::Column::Id)
            .filter(check_ins::Column::GraduateId.eq(graduate.0))
            .filter(check_ins::Column::SentAt.lte(to_ms(at + CLOCKS_APART)));
        let silent = Condition::all()
            .add(tasks::Column::GraduateId.eq(graduate.0))
            .add(tasks::Column::Kind.eq(TaskKind::Call.as_str()))
            .add(tasks::Column::Reason.eq(TaskReason::Silent.as_str()))
            .add(tasks::Column::CheckInId.in_subquery(had_reached.into_query()));
        self.drop_answered(silent).await
    }

    /// Drops open tasks because the person answered; a call that was agreed for a certain time is a promise and stays.
    async fn drop_answered(&self, which: Condition) -> Result<u64> {
        let promised = tasks::Column::Outcome.eq(CallOutcome::Later.as_str());
        let mut change = tasks::ActiveModel {
            drop_reason: Set(Some(DropReason::Answered.as_str().to_owned())),
            ..Default::default()
        };
        self.mark_done(&mut change, TaskState::Dropped, Actor::PROGRAM);
        let dropped = tasks::Entity::update_many()
            .set(change)
            .filter(tasks::Column::OfficeId.eq(self.office.0))
            .filter(tasks::Column::State.eq(TaskState::Open.as_str()))
            .filter(which)
            .filter(Condition::any().add(tasks::Column::Outcome.is_null()).add(promised.not()))
            .exec(&self.conn)
            .await?;
        Ok(dropped.rows_affected)
    }

    /// What was to be done about a request for these reasons is done.
    pub async fn finish_request_tasks(
        &self,
        actor: Actor,
        (escalation, graduate): (EscalationId, GraduateId),
        reasons: &[TaskReason],
    ) -> Result<()> {
        for task in self.tasks_of(graduate).await? {
            let is_meant = task.escalation == Some(escalation) && reasons.contains(&task.reason);
            if task.state == TaskState::Open && is_meant {
                self.finish_task(actor, task.id).await?;
            }
        }
        Ok(())
    }

    async fn end_task(&self, actor: Actor, id: TaskId, state: TaskState, action: &str) -> Result<()> {
        let mut change = tasks::ActiveModel::default();
        self.mark_done(&mut change, state, actor);
        self.change_task(id, change, Expr::value(true)).await?;
        self.audit(actor, action, "task", Some(id.0), json!({})).await
    }

    fn mark_done(&self, change: &mut tasks::ActiveModel, state: TaskState, actor: Actor) {
        change.state = Set(state.as_str().to_owned());
        change.done_at = Set(Some(to_ms(self.now())));
        change.done_by = Set(actor.id.filter(|_| actor.kind == ActorKind::Staff));
        nobody_calls(change);
    }

    async fn change_task(&self, id: TaskId, change: tasks::ActiveModel, only_if: Expr) -> Result<()> {
        let changed = tasks::Entity::update_many()
            .set(change)
            .filter(only_if)
            .filter(tasks::Column::Id.eq(id.0))
            .filter(tasks::Column::OfficeId.eq(self.office.0))
            .filter(tasks::Column::State.eq(TaskState::Open.as_str()))
            .exec(&self.conn)
            .await?;
        if changed.rows_affected > 0 {
            return Ok(());
        }
        match self.task(id).await? {
            Some(_) => {
                Err(StoreError::Refused { what: "changing a task that is done or that somebody else is calling about" })
            }
            None => Err(StoreError::NotFound { what: "task" }),
        }
    }

    fn tasks_in(&self, state: TaskState) -> sea_orm::Select<tasks::Entity> {
        tasks::Entity::find()
            .filter(tasks::Column::OfficeId.eq(self.office.0))
            .filter(tasks::Column::State.eq(state.as_str()))
    }
}

fn nobody_calls(change: &mut tasks::ActiveModel) {
    change.caller_id = Set(None);
    change.caller_since = Set(None);
}

pub(crate) fn to_task(row: &tasks::Model) -> Result<Task> {
    let outcome = row.outcome.as_deref().map(|word| code("tasks", "outcome", row.id, word)).transpose()?;
    Ok(Task {
        id: TaskId(row.id),
        graduate: row.graduate_id.map(GraduateId),
        kind: code("tasks", "kind", row.id, &row.kind)?,
        reason: code("tasks", "reason", row.id, &row.reason)?,
        check_in: row.check_in_id.map(CheckInId),
        delivery: row.delivery_id.map(DeliveryId),
        inbound: inbound_of(&row.dedupe_key),
        escalation: escalation_of(&row.dedupe_key),
        note: note_of(&row.dedupe_key),
        due_at: from_ms(row.due_at),
        created_at: from_ms(row.created_at),
        state: code("tasks", "state", row.id, &row.state)?,
        outcome,
        done_at: row.done_at.map(from_ms),
        done_by: row.done_by.map(StaffId),
        drop_reason: row.drop_reason.as_deref().map(|word| code("tasks", "drop_reason", row.id, word)).transpose()?,
        caller: row
            .caller_id
            .zip(row.caller_since)
            .map(|(id, since)| Calling { staff: StaffId(id), since: from_ms(since) }),
    })
}

/// The event that a key names, if it is of a task about one.
fn inbound_of(dedupe_key: &str) -> Option<InboundId> {
    let (about, id) = dedupe_key.split_once(':')?;
    let id = matches!(about, "unknown-sender" | "inbound").then_some(id)?;
    id.parse().ok()
}

/// The note that a key names ([`NewTask::of_note`]).
fn note_of(dedupe_key: &str) -> Option<NoteId> {
    let (id, _) = dedupe_key.strip_prefix(OF_NOTE)?.split_once(':')?;
    id.parse().ok()
}

/// The request that a key names ([`NewTask::about_request`]).
fn escalation_of(dedupe_key: &str) -> Option<EscalationId> {
    let (id, _) = dedupe_key.strip_prefix(ABOUT_REQUEST)?.split_once(':')?;
    id.parse().ok()
}
