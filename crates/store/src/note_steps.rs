//! What a note leads to: its next step as a task of a day, the written summary for the person, and taking it back.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, MessageId, NoteId, StaffId};
use bansou_core::note::NextDay;
use bansou_core::task::TaskReason;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::entity::{notes, signs};
use crate::error::{Result, StoreError};
use crate::notes::{NewNote, Note, NoteState};
use crate::scope::PIECE;
use crate::tasks::{NewTask, Task, TaskState};
use crate::time::to_ms;
use crate::tx::Tx;

type Next = Option<(NextDay, DateTime<Utc>)>;

impl Tx {
    /// Notes by id; ids of other offices and notes that were taken back are left out.
    pub async fn notes_by_id(&self, ids: &[NoteId]) -> Result<HashMap<NoteId, Note>> {
        let mut found = HashMap::with_capacity(ids.len());
        for piece in ids.chunks(PIECE) {
            let rows = notes::Entity::find()
                .filter(notes::Column::OfficeId.eq(self.office.0))
                .filter(notes::Column::TakenBackAt.is_null())
                .filter(notes::Column::Id.is_in(piece.iter().map(|id| id.0)))
                .all(&self.conn)
                .await?;
            for row in &rows {
                found.insert(NoteId(row.id), self.to_note(row)?);
            }
        }
        Ok(found)
    }

    /// A message puts in writing what was said (S2.14): what reminded of it is done.
    pub async fn summary_sent(&self, staff: StaffId, note: &Note, message: MessageId) -> Result<()> {
        let change = notes::ActiveModel { summary_message_id: Set(Some(message.0)), ..Default::default() };
        self.change_note(note.id, change).await?;
        for task in self.tasks_of_note(note).await?.iter().filter(|task| task.reason == TaskReason::SummaryLeft) {
            self.finish_task(Actor::staff(staff), task.id).await?;
        }
        let detail = json!({ "graduate": note.graduate, "message": message });
        self.audit(Actor::staff(staff), "note.summary", "note", Some(note.id.0), detail).await
    }

    /// The message that put a talk in writing was taken back before it left: it can be written again. A note that was put right
    /// meanwhile has it as well as the one before it; what reminded of it reminds again of the one that holds.
    pub(crate) async fn summary_unsent(&self, graduate: GraduateId, message: MessageId) -> Result<()> {
        let of_message = notes::Entity::find()
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .filter(notes::Column::GraduateId.eq(graduate.0))
            .filter(notes::Column::SummaryMessageId.eq(message.0));
        let told = of_message.all(&self.conn).await?;
        let change = notes::ActiveModel { summary_message_id: Set(None), ..Default::default() };
        for note in &told {
            self.change_note(NoteId(note.id), change.clone()).await?;
        }
        let stands = |note: &&notes::Model| note.state == NoteState::Saved.as_str() && note.taken_back_at.is_none();
        let Some(holds) = told.iter().find(stands).map(|note| NoteId(note.id)) else { return Ok(()) };
        let is_told = |task: &Task| told.iter().any(|note| task.note == Some(NoteId(note.id)));
        let tasks = self.tasks_of(graduate).await?.into_iter();
        let left = tasks.filter(|task| task.reason == TaskReason::SummaryLeft && is_told(task)).collect::<Vec<_>>();
        if let Some(own) = left.iter().find(|task| task.note == Some(holds)) {
            self.reopen_task(own.id).await?;
            return Ok(());
        }
        // It was done with when the note that it named was put right, and stays with that one.
        if let Some(done) = left.iter().find(|task| task.state == TaskState::Done) {
            self.add_task(&NewTask::of_note(done.reason, (holds, graduate), done.due_at)).await?;
        }
        Ok(())
    }

    /// The written summary is left for later: one reminder, however often it is put off.
    pub async fn summary_left(&self, staff: StaffId, note: &Note, due_at: DateTime<Utc>) -> Result<()> {
        let whose = (note.id, note.graduate);
        if self.add_task(&NewTask::of_note(TaskReason::SummaryLeft, whose, due_at)).await?.is_none() {
            return Ok(());
        }
        let detail = json!({ "graduate": note.graduate });
        self.audit(Actor::staff(staff), "note.summary_left", "note", Some(note.id.0), detail).await
    }

    /// The task of a note's next step.
    pub(crate) async fn add_step(&self, graduate: GraduateId, note: NoteId, next: Next) -> Result<()> {
        let Some((day, due_at)) = next else { return Ok(()) };
        let reason = if day.sets_date { TaskReason::SetDate } else { TaskReason::NextStep };
        self.add_task(&NewTask::of_note(reason, (note, graduate), due_at)).await?;
        Ok(())
    }

    /// After a correction the corrected note's next step is the one that is to be done.
    pub(crate) async fn move_step(&self, old: &Note, new: &NewNote, id: NoteId, next: Next) -> Result<()> {
        let is_step = |task: &Task| matches!(task.reason, TaskReason::NextStep | TaskReason::SetDate);
        let open = self.tasks_of_note(old).await?;
        let has_open_step = open.iter().any(is_step);
        for task in open {
            self.drop_task(Actor::staff(new.author), task.id).await?;
            if task.reason == TaskReason::SummaryLeft {
                self.add_task(&NewTask::of_note(task.reason, (id, old.graduate), task.due_at)).await?;
            }
        }
        let stayed = next.map(|(day, _)| day) == old.next && new.lanes.next == old.lanes.next;
        if stayed && !has_open_step { Ok(()) } else { self.add_step(old.graduate, id, next).await }
    }

    /// The writer takes a fresh note back with what came of it. `false` where something was built on it: a correction, a sign.
    pub(crate) async fn take_note_back(&self, staff: StaffId, id: NoteId) -> Result<bool> {
        let Some(note) = self.note(id).await?.filter(|note| note.state == NoteState::Saved) else { return Ok(false) };
        self.hold_thread_if_any(note.graduate).await?;
        let signs = signs::Entity::find()
            .filter(signs::Column::OfficeId.eq(self.office.0))
            .filter(signs::Column::NoteId.eq(id.0));
        if note.corrects.is_some() || signs.count(&self.conn).await? > 0 {
            return Ok(false);
        }
        let change = notes::ActiveModel { taken_back_at: Set(Some(to_ms(self.now()))), ..Default::default() };
        self.change_note(id, change).await?;
        for task in self.tasks_of_note(&note).await? {
            self.drop_task(Actor::staff(staff), task.id).await?;
        }
        self.recount_last_contact(note.graduate).await?;
        self.did_not_speak(Actor::staff(staff), note.graduate, id).await?;
        Ok(true)
    }

    /// Open tasks that a note leads to.
    async fn tasks_of_note(&self, note: &Note) -> Result<Vec<Task>> {
        let tasks = self.tasks_of(note.graduate).await?.into_iter();
        Ok(tasks.filter(|task| task.note == Some(note.id) && task.state == TaskState::Open).collect())
    }

    async fn change_note(&self, id: NoteId, change: notes::ActiveModel) -> Result<()> {
        let changed = notes::Entity::update_many()
            .set(change)
            .filter(notes::Column::Id.eq(id.0))
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 { Err(StoreError::NotFound { what: "note" }) } else { Ok(()) }
    }
}
