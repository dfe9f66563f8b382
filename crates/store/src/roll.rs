//! The list of an office's graduates: narrowed by the database, sorted by reading, one page at a time.
//!
//! Names and readings are sealed, so no database can sort by them. Whom a list shows is decided in SQL over clear columns;
//! of those people only the reading is opened and kept (a few dozen bytes each, bounded by the size of one office), and
//! only one page of them is read whole. What a row says besides is asked for that page's people alone.

use std::collections::HashMap;

use bansou_core::graduate::{GraduateProfile, PeopleGroup, Support};
use bansou_core::ids::{EmployerId, GraduateId, StaffId};
use bansou_core::sign::SignStep;
use chrono::NaiveDate;
use sea_orm::sea_query::{Condition, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::duty::Pair;
use crate::entity::{cadences, employers, employments, graduates, signs, threads};
use crate::error::Result;
use crate::graduates::{Graduate, PROFILE, Page, reading};
use crate::tx::Tx;

/// Whom a list shows.
#[derive(Clone, Debug)]
pub struct Roll {
    /// Which group.
    pub group: PeopleGroup,
    /// Only people whose dedicated member of staff or stand-in this is.
    pub staff: Option<StaffId>,
    /// With `staff`: also the people of these pairs of owner and stand-in, whom they look after for the time being
    /// ([`Tx::pairs`]).
    pub cared_for: Vec<Pair>,
    /// The present day in the office's zone, for pauses and jobs.
    pub today: NaiveDate,
}

/// What a list says of a person besides who they are.
#[derive(Clone, Debug, Default)]
pub struct RollFacts {
    /// First day of the job that lasts today, the newest of several.
    pub hired_on: Option<NaiveDate>,
    /// Where that is.
    pub employer: Option<String>,
    /// Day of the next check-in.
    pub next_due_on: Option<NaiveDate>,
    /// Signs that wait for a look or are being acted upon.
    pub open_signs: u32,
    /// An answer of ours is due.
    pub is_reply_due: bool,
}

impl Tx {
    /// How many graduates the office has on record.
    pub async fn graduate_count(&self) -> Result<u64> {
        let all = graduates::Entity::find().filter(graduates::Column::OfficeId.eq(self.office.0));
        Ok(all.count(&self.conn).await?)
    }

    /// One page of a list, counted from 0, sorted by reading. A page beyond the last is the last.
    pub async fn roll(&self, roll: &Roll, page: usize, size: usize) -> Result<Page<Graduate>> {
        let mut found = self.readings(roll).await?;
        let total = found.len();
        let page = page.min(total.saturating_sub(1) / size.max(1));
        found.sort_unstable();
        let ids: Vec<Uuid> = found.into_iter().skip(page * size).take(size).map(|(_, id)| id).collect();
        let rows = graduates::Entity::find()
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .filter(graduates::Column::Id.is_in(ids.iter().copied()))
            .all(&self.conn)
            .await?;
        let mut items = rows.iter().map(|row| self.to_graduate(row)).collect::<Result<Vec<_>>>()?;
        items.sort_by_key(|graduate| ids.iter().position(|id| *id == graduate.id.0));
        Ok(Page { items, total })
    }

    /// What a list says of these people; whoever has nothing to say about is left out. At most a page of people at a time.
    pub async fn roll_facts(&self, ids: &[GraduateId], today: NaiveDate) -> Result<HashMap<GraduateId, RollFacts>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let mut facts: HashMap<GraduateId, RollFacts> = HashMap::with_capacity(ids.len());
        self.present_jobs(&ids, today, &mut facts).await?;
        let next: Vec<(Uuid, Option<NaiveDate>)> = cadences::Entity::find()
            .select_only()
            .columns([cadences::Column::GraduateId, cadences::Column::NextDueOn])
            .filter(cadences::Column::OfficeId.eq(self.office.0))
            .filter(cadences::Column::GraduateId.is_in(ids.iter().copied()))
            .into_tuple()
            .all(&self.conn)
            .await?;
        for (id, due_on) in next {
            facts.entry(GraduateId(id)).or_default().next_due_on = due_on;
        }
        let open = [SignStep::Suggested, SignStep::Confirmed, SignStep::Acting].map(SignStep::as_str);
        let signs: Vec<Uuid> = signs::Entity::find()
            .select_only()
            .column(signs::Column::GraduateId)
            .filter(signs::Column::OfficeId.eq(self.office.0))
            .filter(signs::Column::GraduateId.is_in(ids.iter().copied()))
            .filter(signs::Column::State.is_in(open))
            .into_tuple()
            .all(&self.conn)
            .await?;
        for id in signs {
            facts.entry(GraduateId(id)).or_default().open_signs += 1;
        }
        let due: Vec<Uuid> = threads::Entity::find()
            .select_only()
            .column(threads::Column::GraduateId)
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(threads::Column::GraduateId.is_in(ids))
            .filter(threads::Column::ReplyDueSince.is_not_null())
            .into_tuple()
            .all(&self.conn)
            .await?;
        for id in due {
            facts.entry(GraduateId(id)).or_default().is_reply_due = true;
        }
        Ok(facts)
    }

    async fn present_jobs(
        &self,
        ids: &[Uuid],
        today: NaiveDate,
        facts: &mut HashMap<GraduateId, RollFacts>,
    ) -> Result<()> {
        let jobs: Vec<(Uuid, Option<Uuid>, NaiveDate)> = employments::Entity::find()
            .select_only()
            .columns([employments::Column::GraduateId, employments::Column::EmployerId, employments::Column::HiredOn])
            .filter(employments::Column::OfficeId.eq(self.office.0))
            .filter(employments::Column::GraduateId.is_in(ids.iter().copied()))
            .filter(lasts_on(today))
            .into_tuple()
            .all(&self.conn)
            .await?;
        let named = jobs.iter().filter_map(|(_, employer, _)| *employer);
        let rows = employers::Entity::find()
            .filter(employers::Column::OfficeId.eq(self.office.0))
            .filter(employers::Column::Id.is_in(named))
            .all(&self.conn)
            .await?;
        let mut companies = HashMap::with_capacity(rows.len());
        for row in &rows {
            let employer = self.to_employer(row)?;
            companies.insert(employer.id, employer.profile.name);
        }
        for (id, employer, hired_on) in jobs {
            let fact = facts.entry(GraduateId(id)).or_default();
            if fact.hired_on.is_none_or(|known| known < hired_on) {
                fact.hired_on = Some(hired_on);
                fact.employer = employer.and_then(|id| companies.get(&EmployerId(id)).cloned());
            }
        }
        Ok(())
    }

    /// The readings of a list's people, with their ids.
    async fn readings(&self, roll: &Roll) -> Result<Vec<(String, Uuid)>> {
        let mut query = graduates::Entity::find()
            .select_only()
            .columns([graduates::Column::Id, graduates::Column::Profile])
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .filter(self.in_group(roll.group, roll.today));
        if let Some(staff) = roll.staff {
            let theirs = graduates::Column::StaffId.eq(staff.0).or(graduates::Column::StandinId.eq(staff.0));
            let also = roll.cared_for.iter().fold(Condition::any().add(theirs), |any, pair| any.add(of_pair(*pair)));
            query = query.filter(also);
        }
        let rows: Vec<(Uuid, Vec<u8>)> = query.into_tuple().all(&self.conn).await?;
        let opened = rows.into_iter().map(|(id, sealed)| {
            let profile: GraduateProfile = self.open(PROFILE, id, &sealed)?;
            Ok((reading(&profile), id))
        });
        opened.collect()
    }

    fn in_group(&self, group: PeopleGroup, today: NaiveDate) -> Condition {
        use graduates::Column::{ContactStoppedAt, Id, PausedFrom, PausedUntil};
        let stands = |support: Support| Condition::all().add(graduates::Column::Support.eq(support.as_str()));
        match group {
            PeopleGroup::Supported => stands(Support::Supported),
            PeopleGroup::Working => stands(Support::Supported).add(Id.in_subquery(self.whose_jobs(lasts_on(today)))),
            PeopleGroup::Paused => stands(Support::Supported)
                .add(PausedFrom.lte(today))
                .add(Condition::any().add(PausedUntil.is_null()).add(PausedUntil.gte(today))),
            PeopleGroup::Stopped => Condition::all().add(ContactStoppedAt.is_not_null()),
            PeopleGroup::Left => {
                let not_over = employments::Column::LeftOn.is_null().or(employments::Column::LeftOn.gte(today));
                let over = Condition::all().add(employments::Column::LeftOn.lt(today));
                Condition::all()
                    .add(Id.in_subquery(self.whose_jobs(over)))
                    .add(Id.not_in_subquery(self.whose_jobs(Condition::all().add(not_over))))
            }
            PeopleGroup::Preparing => stands(Support::Preparing),
            PeopleGroup::Ended => stands(Support::Ended),
        }
    }

    /// Whose jobs of this office are such.
    fn whose_jobs(&self, such: Condition) -> SelectStatement {
        Query::select()
            .column(employments::Column::GraduateId)
            .from(employments::Entity)
            .and_where(employments::Column::OfficeId.eq(self.office.0))
            .cond_where(such)
            .to_owned()
    }
}

/// People of an owner with a stand-in of their own.
pub(crate) fn of_pair((staff, standin): Pair) -> Condition {
    let same = |column: graduates::Column, id: Option<StaffId>| match id {
        Some(id) => column.eq(id.0),
        None => column.is_null(),
    };
    Condition::all().add(same(graduates::Column::StaffId, staff)).add(same(graduates::Column::StandinId, standin))
}

/// A job that has begun and isn't over.
fn lasts_on(today: NaiveDate) -> Condition {
    Condition::all()
        .add(employments::Column::HiredOn.lte(today))
        .add(Condition::any().add(employments::Column::LeftOn.is_null()).add(employments::Column::LeftOn.gte(today)))
}
