//! Whose people a reader's lists show: one rule for Today, the inbox and the promises, so that "mine" means the same in all of them.

use std::collections::HashSet;

use bansou_core::ids::{GraduateId, StaffId};
use sea_orm::sea_query::{Condition, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::duty::Pair;
use crate::entity::{graduates, threads};
use crate::error::Result;
use crate::messages::taken_over_by;
use crate::roll::of_pair;
use crate::tx::Tx;

/// Somebody's people at a moment: those of these pairs of owner and stand-in ([`Tx::pairs`]; `Team::is_for` says which), those a
/// colleague asked them, or somebody in whose place they are, to look after, and those whose late answer they took over.
#[derive(Clone, Debug)]
pub struct Mine {
    /// Whose.
    pub staff: StaffId,
    /// The pairs whose people are theirs.
    pub pairs: Vec<Pair>,
    /// In whose place they do what was asked of them (`Team::stands_for`): their own, and that of whoever is away.
    pub asked: Vec<StaffId>,
}

impl Tx {
    /// Somebody's people.
    pub async fn people_of(&self, mine: &Mine) -> Result<HashSet<GraduateId>> {
        let ids: Vec<Uuid> = graduates::Entity::find()
            .select_only()
            .column(graduates::Column::Id)
            .filter(graduates::Column::Id.in_subquery(self.select_people_of(mine)))
            .into_tuple()
            .all(&self.conn)
            .await?;
        Ok(ids.into_iter().map(GraduateId).collect())
    }

    pub(crate) fn select_people_of(&self, mine: &Mine) -> SelectStatement {
        let taken_over = Query::select()
            .column(threads::Column::GraduateId)
            .from(threads::Entity)
            .and_where(threads::Column::OfficeId.eq(self.office.0))
            .and_where(taken_over_by(mine.staff))
            .to_owned();
        let handed = Condition::any()
            .add(graduates::Column::Id.in_subquery(self.handed_to(&mine.asked)))
            .add(graduates::Column::Id.in_subquery(taken_over));
        Query::select()
            .column((graduates::Entity, graduates::Column::Id))
            .from(graduates::Entity)
            .and_where(graduates::Column::OfficeId.eq(self.office.0))
            .cond_where(mine.pairs.iter().fold(handed, |any, pair| any.add(of_pair(*pair))))
            .to_owned()
    }
}
