//! Half-written replies. A reply's words are kept while they are written, so that a lost session, a telephone call or another
//! machine doesn't cost them. They are nobody's record until they are sent: each draft belongs to one member of staff and
//! one graduate, nobody else is shown its words, and it leaves no audit row.

use std::collections::HashMap;

use bansou_core::ids::{GraduateId, StaffId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::drafts;
use crate::error::Result;
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

const BODY: Place = Place { table: "drafts", column: "body" };

/// Whoever kept words within this time is writing.
pub const WRITING_FOR: TimeDelta = TimeDelta::minutes(1);

/// For so long a draft that nobody touches is kept.
pub(crate) const DRAFT_FOR: TimeDelta = TimeDelta::days(30);

/// A half-written reply.
#[derive(Clone)]
pub struct Draft {
    /// The words.
    pub text: String,
    /// When they were last kept.
    pub saved_at: DateTime<Utc>,
}

impl Tx {
    /// Keeps somebody's half-written reply in place of what was kept before; nothing but white space keeps nothing.
    pub async fn save_draft(&self, staff: StaffId, graduate: GraduateId, text: &str) -> Result<()> {
        if text.trim().is_empty() {
            return self.drop_draft(staff, graduate).await;
        }
        self.own_graduate(graduate).await?;
        let id = self.ambient.new_uuid();
        let row = drafts::ActiveModel {
            id: Set(id),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            staff_id: Set(staff.0),
            body: Set(self.seal(BODY, id, text)),
            saved_at: Set(to_ms(self.now())),
        };
        let mut one = OnConflict::columns([drafts::Column::GraduateId, drafts::Column::StaffId]);
        one.update_columns([drafts::Column::Id, drafts::Column::Body, drafts::Column::SavedAt]);
        drafts::Entity::insert(row).on_conflict(one).exec_without_returning(&self.conn).await?;
        self.touch();
        Ok(())
    }

    /// Forgets somebody's half-written reply.
    pub async fn drop_draft(&self, staff: StaffId, graduate: GraduateId) -> Result<()> {
        let gone = drafts::Entity::delete_many()
            .filter(drafts::Column::OfficeId.eq(self.office.0))
            .filter(drafts::Column::GraduateId.eq(graduate.0))
            .filter(drafts::Column::StaffId.eq(staff.0))
            .exec(&self.conn)
            .await?;
        if gone.rows_affected > 0 {
            self.touch();
        }
        Ok(())
    }

    /// Somebody's half-written reply to a graduate.
    pub async fn draft(&self, staff: StaffId, graduate: GraduateId) -> Result<Option<Draft>> {
        let row = drafts::Entity::find()
            .filter(drafts::Column::OfficeId.eq(self.office.0))
            .filter(drafts::Column::GraduateId.eq(graduate.0))
            .filter(drafts::Column::StaffId.eq(staff.0))
            .one(&self.conn)
            .await?;
        let opened = |row: drafts::Model| {
            Ok(Draft { text: self.open(BODY, row.id, &row.body)?, saved_at: from_ms(row.saved_at) })
        };
        row.map(opened).transpose()
    }

    /// Who, besides the reader, has been writing to whom within [`WRITING_FOR`]: for staff alone, never shown to graduates.
    pub async fn writing_now(&self, reader: StaffId) -> Result<HashMap<GraduateId, Vec<StaffId>>> {
        let rows: Vec<(Uuid, Uuid)> = drafts::Entity::find()
            .select_only()
            .column(drafts::Column::GraduateId)
            .column(drafts::Column::StaffId)
            .filter(drafts::Column::OfficeId.eq(self.office.0))
            .filter(drafts::Column::SavedAt.gt(to_ms(self.now() - WRITING_FOR)))
            .filter(drafts::Column::StaffId.ne(reader.0))
            .order_by_asc(drafts::Column::SavedAt)
            .into_tuple()
            .all(&self.conn)
            .await?;
        let mut writing: HashMap<GraduateId, Vec<StaffId>> = HashMap::new();
        for (graduate, staff) in rows {
            writing.entry(GraduateId(graduate)).or_default().push(StaffId(staff));
        }
        Ok(writing)
    }
}
