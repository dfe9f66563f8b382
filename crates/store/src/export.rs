//! Rows for `bansou export`, page by page in a stable order, so that tens of thousands never stand in memory at once.
//! Audit rows are [`Tx::audit_page`].

use std::collections::HashMap;

use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::{CheckInId, GraduateId, NoteId};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::deliveries::ADDRESS;
use crate::entity::{check_ins, deliveries, notes};
use crate::error::Result;
use crate::notes::Note;
use crate::scope::{PIECE, Who};
use crate::time::to_ms;
use crate::tx::{Tx, code};

/// One row of the ledger with the person and the address.
#[derive(Clone)]
pub struct ContactRow {
    /// The check-in.
    pub id: CheckInId,
    /// Whom it is for.
    pub graduate: GraduateId,
    /// The office's own number for the person.
    pub external_id: Option<String>,
    /// The way it went out, else the last way that was tried.
    pub channel: Option<ChannelKind>,
    /// Where it went, else where it was last tried.
    pub address: Option<String>,
    /// The day it fell due, in the office's zone.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: CheckInState,
    /// Why it was skipped, failed or was handed over.
    pub state_reason: Option<CloseReason>,
    /// JSON of core's `DueReason`: why this person, why that day.
    pub due_reason: String,
    /// When the row was written.
    pub planned_at: DateTime<Utc>,
    /// When a provider accepted it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the person answered.
    pub answered_at: Option<DateTime<Utc>>,
}

impl ContactRow {
    /// What [`Tx::contacts_page`] takes to go on after this row.
    pub fn mark(&self) -> (NaiveDate, CheckInId) {
        (self.due_on, self.id)
    }
}

/// One note with the person.
#[derive(Clone)]
pub struct NoteRow {
    /// The note.
    pub note: Note,
    /// The person it is about.
    pub who: Option<Who>,
}

impl NoteRow {
    /// What [`Tx::notes_page`] takes to go on after this row.
    pub fn mark(&self) -> (DateTime<Utc>, NoteId) {
        (self.note.happened_at, self.note.id)
    }
}

impl Tx {
    /// Ledger rows that fell due from `from` to `to`, both included, in order of day; `after` is the mark of the last row
    /// of the page before.
    pub async fn contacts_page(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        after: Option<(NaiveDate, CheckInId)>,
        limit: u64,
    ) -> Result<Vec<ContactRow>> {
        let mut query = check_ins::Entity::find()
            .filter(check_ins::Column::OfficeId.eq(self.office.0))
            .filter(check_ins::Column::DueOn.between(from, to));
        if let Some((day, id)) = after {
            let same_day = Condition::all().add(check_ins::Column::DueOn.eq(day)).add(check_ins::Column::Id.gt(id.0));
            query = query.filter(Condition::any().add(check_ins::Column::DueOn.gt(day)).add(same_day));
        }
        let rows = query
            .order_by_asc(check_ins::Column::DueOn)
            .order_by_asc(check_ins::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        let graduates: Vec<_> = rows.iter().map(|row| GraduateId(row.graduate_id)).collect();
        let people = self.people(&distinct(graduates)).await?;
        let mut tried = self.best_deliveries(&rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
        let mut page = Vec::with_capacity(rows.len());
        for row in rows {
            let check_in = self.to_check_in(row)?;
            // Its words aren't needed, and one row that can't be opened must not keep the whole ledger from being seen (P13).
            let tried = tried.remove(&check_in.id.0);
            let way = tried.as_ref().map(|row| code("deliveries", "channel_kind", row.id, &row.channel_kind));
            page.push(ContactRow {
                id: check_in.id,
                graduate: check_in.graduate,
                external_id: people.get(&check_in.graduate).and_then(|who| who.profile.external_id.clone()),
                channel: check_in.channel.or(way.transpose()?),
                address: tried.and_then(|row| self.open(ADDRESS, row.id, &row.address).ok()),
                due_on: check_in.due_on,
                state: check_in.state,
                state_reason: check_in.state_reason,
                due_reason: check_in.reason,
                planned_at: check_in.planned_at,
                sent_at: check_in.sent_at,
                answered_at: check_in.answered_at,
            });
        }
        Ok(page)
    }

    /// Notes of contacts from `from` until before `to`, oldest first, corrected ones among them; `after` is the mark of
    /// the last row of the page before.
    pub async fn notes_page(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        after: Option<(DateTime<Utc>, NoteId)>,
        limit: u64,
    ) -> Result<Vec<NoteRow>> {
        let mut query = notes::Entity::find()
            .filter(notes::Column::OfficeId.eq(self.office.0))
            .filter(notes::Column::HappenedAt.gte(to_ms(from)))
            .filter(notes::Column::HappenedAt.lt(to_ms(to)))
            .filter(notes::Column::TakenBackAt.is_null());
        if let Some((at, id)) = after {
            let same = Condition::all().add(notes::Column::HappenedAt.eq(to_ms(at))).add(notes::Column::Id.gt(id.0));
            query = query.filter(Condition::any().add(notes::Column::HappenedAt.gt(to_ms(at))).add(same));
        }
        let rows = query
            .order_by_asc(notes::Column::HappenedAt)
            .order_by_asc(notes::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await?;
        let people = self.people(&distinct(rows.iter().map(|row| GraduateId(row.graduate_id)).collect())).await?;
        let read = |row| {
            let note = self.to_note(&row)?;
            let who = people.get(&note.graduate).cloned();
            Ok(NoteRow { note, who })
        };
        rows.into_iter().map(read).collect()
    }

    /// Per check-in the delivery that was accepted, else the newest.
    async fn best_deliveries(&self, check_ins: &[Uuid]) -> Result<HashMap<Uuid, deliveries::Model>> {
        let mut best: HashMap<Uuid, deliveries::Model> = HashMap::with_capacity(check_ins.len());
        for piece in check_ins.chunks(PIECE) {
            let rows = deliveries::Entity::find()
                .filter(deliveries::Column::OfficeId.eq(self.office.0))
                .filter(deliveries::Column::CheckInId.is_in(piece.iter().copied()))
                .order_by_asc(deliveries::Column::CreatedAt)
                .order_by_asc(deliveries::Column::Id)
                .all(&self.conn)
                .await?;
            for row in rows {
                let Some(check_in) = row.check_in_id else { continue };
                if row.accepted_at.is_some() || best.get(&check_in).is_none_or(|known| known.accepted_at.is_none()) {
                    best.insert(check_in, row);
                }
            }
        }
        Ok(best)
    }
}

fn distinct(mut ids: Vec<GraduateId>) -> Vec<GraduateId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
