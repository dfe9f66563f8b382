//! Notes: written once, corrected by another note, never overwritten.

use bansou_core::audit::Actor;
use bansou_core::codes;
use bansou_core::ids::{GraduateId, NoteId, StaffId};
use bansou_core::note::{ContactMode, Lanes};
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
}

impl Tx {
    /// Saves a note. The caller moves the last contact where [`ContactMode::is_contact`].
    pub async fn save_note(&self, new: &NewNote) -> Result<NoteId> {
        let id = self.insert_note(new, None).await?;
        let detail = json!({ "graduate": new.graduate, "mode": new.mode });
        self.audit(Actor::staff(new.author), "note.save", "note", Some(id.0), detail).await?;
        Ok(id)
    }

    /// Puts a corrected note in the place of another; the old one stays readable. Refused where it was corrected already.
    pub async fn correct_note(&self, old: NoteId, new: &NewNote) -> Result<NoteId> {
        let change = notes::ActiveModel { state: Set(NoteState::Corrected.as_str().to_owned()), ..Default::default() };
        let changed = notes::Entity::update_many()
            .set(change)
            .filter(notes::Column::Id.eq(old.0))
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .filter(notes::Column::GraduateId.eq(new.graduate.0))
            .filter(notes::Column::State.eq(NoteState::Saved.as_str()))
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 {
            return Err(match self.note(old).await? {
                Some(_) => StoreError::Refused { what: "correcting a note that was corrected already" },
                None => StoreError::NotFound { what: "note" },
            });
        }
        let id = self.insert_note(new, Some(old)).await?;
        let detail = json!({ "graduate": new.graduate, "corrects": old });
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

    /// One note.
    pub async fn note(&self, id: NoteId) -> Result<Option<Note>> {
        let row = notes::Entity::find_by_id(id.0).filter(notes::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.map(|row| self.to_note(&row)).transpose()
    }

    /// Notes about a graduate, newest contact first, corrected ones among them.
    pub async fn notes_of(&self, graduate: GraduateId, limit: u64) -> Result<Vec<Note>> {
        let rows = notes::Entity::find()
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .filter(notes::Column::GraduateId.eq(graduate.0))
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
        })
    }

    async fn insert_note(&self, new: &NewNote, corrects: Option<NoteId>) -> Result<NoteId> {
        new.lanes.check()?;
        self.own_graduate(new.graduate).await?;
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
            corrects_id: Set(corrects.map(|id| id.0)),
            created_at: Set(to_ms(self.now())),
        }
        .insert(&self.conn)
        .await?;
        Ok(id)
    }
}
