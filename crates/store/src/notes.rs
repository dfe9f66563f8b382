//! Notes: written once, corrected by another note, never overwritten.

use bansou_core::audit::Actor;
use bansou_core::codes;
use bansou_core::ids::{GraduateId, MessageId, NoteId, StaffId};
use bansou_core::note::{ContactMode, CorrectionWhy, Lanes, NextDay};
use bansou_core::task::CallOutcome;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::notes;
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

pub(crate) const LANES: Place = Place { table: "notes", column: "lanes" };

/// So many of the newest notes are looked at for the last contact.
const NOTES_COUNTED: u64 = 500;

codes! {
    /// Where a note stands.
    NoteState {
        /// It holds.
        Saved = "saved",
        /// Another note took its place.
        Corrected = "corrected",
    }
}

/// A note to be saved.
#[derive(Clone)]
pub struct NewNote {
    /// About whom.
    pub graduate: GraduateId,
    /// Who writes it.
    pub author: StaffId,
    /// The way of contact.
    pub mode: ContactMode,
    /// When the contact was.
    pub happened_at: DateTime<Utc>,
    /// What is written.
    pub lanes: Lanes,
}

/// What a note comes from and leads to, beside its lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoteMore {
    /// The message whose words stand in it; of the same person.
    pub message: Option<MessageId>,
    /// How long the contact took, in minutes.
    pub minutes: Option<u16>,
    /// The day of its next step, and when that day's task is due.
    pub next: Option<(NextDay, DateTime<Utc>)>,
    /// Why it corrects another.
    pub why: Option<CorrectionWhy>,
}

/// A note as it is stored.
#[derive(Clone)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// About whom.
    pub graduate: GraduateId,
    /// Who wrote it.
    pub author: StaffId,
    /// The way of contact.
    pub mode: ContactMode,
    /// When the contact was.
    pub happened_at: DateTime<Utc>,
    /// What is written.
    pub lanes: Lanes,
    /// Where it stands.
    pub state: NoteState,
    /// The note this one corrects.
    pub corrects: Option<NoteId>,
    /// When it was saved.
    pub created_at: DateTime<Utc>,
    /// The message whose words stand in it.
    pub message: Option<MessageId>,
    /// How long the contact took, in minutes.
    pub minutes: Option<u16>,
    /// The day of its next step.
    pub next: Option<NextDay>,
    /// Why it corrects another.
    pub why: Option<CorrectionWhy>,
    /// The message that put the talk in writing for the person (S2.14).
    pub summary: Option<MessageId>,
}

impl Tx {
    /// Saves a note. The caller moves the last contact where [`ContactMode::is_contact`].
    pub async fn save_note(&self, new: &NewNote) -> Result<NoteId> {
        self.save_note_with(new, &NoteMore::default()).await
    }

    /// The same with what it comes from and leads to. A next step becomes a task of its day.
    pub async fn save_note_with(&self, new: &NewNote, more: &NoteMore) -> Result<NoteId> {
        let id = self.insert_note(new, more, None).await?;
        self.add_step(new.graduate, id, more.next).await?;
        let detail = json!({ "graduate": new.graduate, "mode": new.mode });
        self.audit(Actor::staff(new.author), "note.save", "note", Some(id.0), detail).await?;
        Ok(id)
    }

    /// Puts a corrected note in the place of another; the old one stays readable. Refused where it was corrected already.
    /// Its next step takes the place of the old one's, unless that is done already and stayed the same.
    pub async fn correct_note(&self, old: NoteId, new: &NewNote, more: &NoteMore) -> Result<NoteId> {
        let before = self.note(old).await?.ok_or(StoreError::NotFound { what: "note" })?;
        let change = notes::ActiveModel { state: Set(NoteState::Corrected.as_str().to_owned()), ..Default::default() };
        let changed = notes::Entity::update_many()
            .set(change)
            .filter(notes::Column::Id.eq(old.0))
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .filter(notes::Column::GraduateId.eq(new.graduate.0))
            .filter(notes::Column::State.eq(NoteState::Saved.as_str()))
            .filter(notes::Column::TakenBackAt.is_null())
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 {
            return Err(StoreError::Refused { what: "correcting a note that was corrected already" });
        }
        let id = self.insert_note(new, more, Some(&before)).await?;
        self.move_step(&before, new, id, more.next).await?;
        let detail = json!({ "graduate": new.graduate, "corrects": old, "why": more.why });
        self.audit(Actor::staff(new.author), "note.correct", "note", Some(id.0), detail).await?;
        Ok(id)
    }

    /// After a correction: the last contact by what still holds, the notes and the calls in which they spoke.
    pub async fn recount_last_contact(&self, graduate: GraduateId) -> Result<()> {
        let Some(cadence) = self.cadence(graduate).await? else { return Ok(()) };
        let zone = self.own_office().await?.zone;
        let notes = self.notes_of(graduate, NOTES_COUNTED).await?.into_iter();
        let notes = notes.filter(|note| note.state == NoteState::Saved && note.mode.is_contact());
        let calls = self.tasks_of(graduate).await?.into_iter();
        let calls = calls.filter(|task| task.outcome == Some(CallOutcome::Spoke));
        let calls = calls.filter_map(|task| Some((task.done_at?, ContactMode::Phone)));
        let last = notes.map(|note| (note.happened_at, note.mode)).chain(calls).max_by_key(|(at, _)| *at);
        let last = last.map(|(at, mode)| (at.with_timezone(&zone).date_naive(), mode));
        self.put_last_contact(cadence.id, last).await
    }

    /// One note; none that its writer took back.
    pub async fn note(&self, id: NoteId) -> Result<Option<Note>> {
        let row = notes::Entity::find_by_id(id.0)
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .filter(notes::Column::TakenBackAt.is_null());
        row.one(&self.conn).await?.map(|row| self.to_note(&row)).transpose()
    }

    /// The note that stands now in the place of one that was corrected, perhaps more than once; `None` where its writer took it back.
    pub async fn note_that_holds(&self, note: &Note) -> Result<Option<Note>> {
        let mut holds = note.clone();
        while holds.state != NoteState::Saved {
            let next = notes::Entity::find()
                .filter(notes::Column::OfficeId.eq(self.office.0))
                .filter(notes::Column::GraduateId.eq(note.graduate.0))
                .filter(notes::Column::TakenBackAt.is_null())
                .filter(notes::Column::CorrectsId.eq(holds.id.0));
            let Some(row) = next.one(&self.conn).await? else { return Ok(None) };
            holds = self.to_note(&row)?;
        }
        Ok(Some(holds))
    }

    /// Notes about a graduate, newest contact first, corrected ones among them.
    pub async fn notes_of(&self, graduate: GraduateId, limit: u64) -> Result<Vec<Note>> {
        let rows = notes::Entity::find()
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .filter(notes::Column::GraduateId.eq(graduate.0))
            .filter(notes::Column::TakenBackAt.is_null())
            .order_by_desc(notes::Column::HappenedAt)
            .order_by_desc(notes::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| self.to_note(row)).collect()
    }

    pub(crate) fn to_note(&self, row: &notes::Model) -> Result<Note> {
        Ok(Note {
            id: NoteId(row.id),
            graduate: GraduateId(row.graduate_id),
            author: StaffId(row.author_id),
            mode: code("notes", "mode", row.id, &row.mode)?,
            happened_at: from_ms(row.happened_at),
            lanes: self.open(LANES, row.id, &row.lanes)?,
            state: code("notes", "state", row.id, &row.state)?,
            corrects: row.corrects_id.map(NoteId),
            created_at: from_ms(row.created_at),
            message: row.message_id.map(MessageId),
            minutes: row.minutes.and_then(|minutes| u16::try_from(minutes).ok()),
            next: row.next_on.map(|on| NextDay { on, sets_date: row.next_sets_date.unwrap_or_default() }),
            why: row.why.as_deref().map(|word| code("notes", "why", row.id, word)).transpose()?,
            summary: row.summary_message_id.map(MessageId),
        })
    }

    async fn insert_note(&self, new: &NewNote, more: &NoteMore, corrects: Option<&Note>) -> Result<NoteId> {
        new.lanes.check()?;
        self.own_graduate(new.graduate).await?;
        if let Some(message) = more.message {
            let own = self.message(message).await?.filter(|message| message.graduate == new.graduate);
            own.ok_or(StoreError::NotFound { what: "message" })?;
        }
        let id = NoteId::new(&self.ambient);
        notes::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            author_id: Set(new.author.0),
            mode: Set(new.mode.as_str().to_owned()),
            happened_at: Set(to_ms(new.happened_at)),
            lanes: Set(self.seal(LANES, id.0, &new.lanes)),
            state: Set(NoteState::Saved.as_str().to_owned()),
            corrects_id: Set(corrects.map(|note| note.id.0)),
            created_at: Set(to_ms(self.now())),
            message_id: Set(more.message.map(|id| id.0)),
            minutes: Set(more.minutes.map(i64::from)),
            next_on: Set(more.next.map(|(day, _)| day.on)),
            next_sets_date: Set(more.next.map(|(day, _)| day.sets_date)),
            why: Set(more.why.map(|why| why.as_str().to_owned())),
            // Whatever was put right, what the person got in writing stays the same message.
            summary_message_id: Set(corrects.and_then(|note| note.summary).map(|id| id.0)),
            taken_back_at: Set(None),
        }
        .insert(&self.conn)
        .await?;
        Ok(id)
    }
}
