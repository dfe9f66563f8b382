//! Who a row is about: the person's name and standing, read for a whole list at once.

use std::collections::HashMap;

use bansou_core::graduate::{GraduateProfile, PauseDates, Support};
use bansou_core::ids::{GraduateId, StaffId};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::graduates;
use crate::error::{Result, StoreError};
use crate::graduates::PROFILE;
use crate::time::from_ms;
use crate::tx::{Tx, code};

/// Both databases limit the number of bound values; lists of ids are asked for in pieces of this size.
pub(crate) const PIECE: usize = 1_000;

/// What every list shows of a person.
#[derive(Clone)]
pub struct Who {
    /// Which graduate.
    pub id: GraduateId,
    /// Name and what else is known.
    pub profile: GraduateProfile,
    /// Where the person stands with the office.
    pub support: Support,
    /// Days without contact.
    pub pause: Option<PauseDates>,
    /// The dedicated member of staff.
    pub staff: Option<StaffId>,
    /// The stand-in.
    pub standin: Option<StaffId>,
    /// Since when the person wants nothing automatic.
    pub contact_stopped_at: Option<DateTime<Utc>>,
}

impl Tx {
    /// Refuses a graduate of another office before anything is written about them.
    pub(crate) async fn own_graduate(&self, graduate: GraduateId) -> Result<()> {
        let found = graduates::Entity::find_by_id(graduate.0)
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .count(&self.conn)
            .await?;
        if found == 0 { Err(StoreError::NotFound { what: "graduate" }) } else { Ok(()) }
    }

    /// The people of a list, by id; ids of other offices are left out.
    pub async fn people(&self, ids: &[GraduateId]) -> Result<HashMap<GraduateId, Who>> {
        let mut people = HashMap::with_capacity(ids.len());
        for piece in ids.chunks(PIECE) {
            let rows = graduates::Entity::find()
                .filter(graduates::Column::OfficeId.eq(self.office.0))
                .filter(graduates::Column::Id.is_in(piece.iter().map(|id| id.0).collect::<Vec<Uuid>>()))
                .all(&self.conn)
                .await?;
            for row in rows {
                people.insert(GraduateId(row.id), self.who(&row)?);
            }
        }
        Ok(people)
    }

    fn who(&self, row: &graduates::Model) -> Result<Who> {
        Ok(Who {
            id: GraduateId(row.id),
            profile: self.open(PROFILE, row.id, &row.profile)?,
            support: code("graduates", "support", row.id, &row.support)?,
            pause: row.paused_from.map(|from| PauseDates { from, until: row.paused_until }),
            staff: row.staff_id.map(StaffId),
            standin: row.standin_id.map(StaffId),
            contact_stopped_at: row.contact_stopped_at.map(from_ms),
        })
    }
}
