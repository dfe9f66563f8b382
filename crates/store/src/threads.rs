//! Threads: whose turn it is with each graduate, and who is calling when words of crisis came.

use std::collections::{BTreeSet, HashSet};

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::task::TaskReason;
use bansou_core::thread::{Direction, NoReplyReason, ThreadFacts};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, UpdateMany};
use serde_json::json;
use uuid::Uuid;

use crate::check_ins::CLOCKS_APART;
use crate::entity::{graduates, messages, threads};
use crate::error::{Result, StoreError};
use crate::mine::Mine;
use crate::sql::filled_up;
use crate::tasks::TaskState;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};

/// A thread as it is stored.
#[derive(Clone, Debug)]
pub struct Thread {
    /// With whom.
    pub graduate: GraduateId,
    /// When the person last wrote.
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// When staff last wrote.
    pub last_outbound_at: Option<DateTime<Utc>>,
    /// Since when an answer of ours is due.
    pub reply_due_since: Option<DateTime<Utc>>,
    /// Why the newest word of the person needed no reply.
    pub closed_reason: Option<NoReplyReason>,
    /// Since when words of crisis wait for a person.
    pub crisis_since: Option<DateTime<Utc>>,
    /// Who is calling now.
    pub crisis_staff: Option<StaffId>,
    /// When they took it up; `None` also for a call from before this was kept.
    pub crisis_taken_at: Option<DateTime<Utc>>,
    /// Who took over the answer that is due, because it was so late; an earlier wait's hand-over says nothing about it.
    pub handed: Option<HandedOver>,
    /// Who last took over an answer, also one that has been given since.
    pub last_handed: Option<HandedOver>,
}

/// A colleague took over an answer (S2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// When.
    pub at: DateTime<Utc>,
    /// Who looked after it before; `None` = nobody in particular.
    pub from: Option<StaffId>,
    /// Who took over; `None` = the whole team.
    pub to: Option<StaffId>,
}

impl Thread {
    /// What core needs to say whose turn it is.
    pub fn facts(&self, paused: bool) -> ThreadFacts {
        ThreadFacts {
            reply_due_since: self.reply_due_since,
            last_outbound_at: self.last_outbound_at,
            last_inbound_at: self.last_inbound_at,
            paused,
        }
    }
}

impl Tx {
    /// The thread with a graduate; `None` before the first word.
    pub async fn thread(&self, graduate: GraduateId) -> Result<Option<Thread>> {
        let row = threads::Entity::find_by_id(graduate.0).filter(threads::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.map(|row| to_thread(&row)).transpose()
    }

    /// Holds the thread with a graduate, where there is one, until this unit of work ends. Whoever answers holds it first and the office's
    /// row after it, which every audit row takes: so does whoever writes down before they come to the thread, or on `PostgreSQL` each
    /// would wait for the other.
    pub async fn hold_thread_if_any(&self, graduate: GraduateId) -> Result<()> {
        let held = threads::Entity::find_by_id(graduate.0).filter(threads::Column::OfficeId.eq(self.office.0));
        held.lock_exclusive().one(&self.conn).await?;
        Ok(())
    }

    /// No reply is needed, and why (S2.2). Refused where none is due.
    pub async fn close_thread(&self, actor: Actor, graduate: GraduateId, why: NoReplyReason) -> Result<()> {
        let change = threads::ActiveModel {
            reply_due_since: Set(None),
            closed_reason: Set(Some(why.as_str().to_owned())),
            ..Default::default()
        };
        let since = self.thread(graduate).await?.and_then(|thread| thread.reply_due_since).map(to_ms);
        // As it was read: words that come in at this moment aren't closed away with the older ones.
        let due = threads::Column::ReplyDueSince.eq(since);
        let due = if since.is_some() { due } else { threads::Column::ReplyDueSince.is_not_null() };
        self.change_thread(graduate, change, due, "closing a thread in which no reply is due").await?;
        let handovers = self.end_handovers(graduate).await?;
        let detail = json!({ "reason": why, "due_since": since, "handovers": handovers });
        self.audit(actor, "thread.close", "graduate", Some(graduate.0), detail).await
    }

    /// How many threads wait for a reply of ours.
    pub async fn replies_due(&self) -> Result<u64> {
        let due = threads::Entity::find()
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(threads::Column::ReplyDueSince.is_not_null());
        Ok(due.count(&self.conn).await?)
    }

    /// How many threads wait for us (words of crisis or a reply that is due), in how many it is their turn on `today` (the
    /// office's day), and how many there are; of everybody's, or of one reader's.
    pub async fn thread_counts(&self, today: NaiveDate, mine: Option<&Mine>) -> Result<(u64, u64, u64)> {
        let all = self.threads_with(threads::Entity::find().filter(threads::Column::OfficeId.eq(self.office.0)), mine);
        let waits = threads::Column::CrisisSince.is_not_null().or(threads::Column::ReplyDueSince.is_not_null());
        let waiting = all.clone().filter(waits).count(&self.conn).await?;
        let theirs = self.threads_with(self.threads_theirs(today), mine).count(&self.conn).await?;
        Ok((waiting, theirs, all.count(&self.conn).await?))
    }

    /// Threads in which we wrote last, nothing is due and contact isn't paused: core's [`Turn::TheirTurn`] as a query.
    ///
    /// [`Turn::TheirTurn`]: bansou_core::thread::Turn::TheirTurn
    pub(crate) fn threads_theirs(&self, today: NaiveDate) -> Select<threads::Entity> {
        let last_ours = threads::Column::LastInboundAt
            .is_null()
            .or(Expr::col(threads::Column::LastOutboundAt).gt(Expr::col(threads::Column::LastInboundAt)));
        let ends = graduates::Column::PausedUntil.is_null().or(graduates::Column::PausedUntil.gte(today));
        let paused = Query::select()
            .column(graduates::Column::Id)
            .from(graduates::Entity)
            .and_where(graduates::Column::OfficeId.eq(self.office.0))
            .and_where(graduates::Column::PausedFrom.lte(today))
            .and_where(ends)
            .to_owned();
        threads::Entity::find()
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(threads::Column::ReplyDueSince.is_null())
            .filter(threads::Column::LastOutboundAt.is_not_null())
            .filter(last_ours)
            .filter(threads::Column::GraduateId.not_in_subquery(paused))
    }

    /// Threads in which words of crisis wait for a person, longest first.
    pub async fn crisis_open(&self) -> Result<Vec<Thread>> {
        let rows = threads::Entity::find()
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(threads::Column::CrisisSince.is_not_null())
            .order_by_asc(threads::Column::CrisisSince)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_thread).collect()
    }

    /// A member of staff is calling now. Refused while somebody else is, so that two people don't call at once.
    pub async fn take_crisis(&self, staff: StaffId, graduate: GraduateId) -> Result<()> {
        let change = threads::ActiveModel {
            crisis_staff_id: Set(Some(staff.0)),
            crisis_taken_at: Set(Some(to_ms(self.now()))),
            ..Default::default()
        };
        let free = threads::Column::CrisisStaffId.is_null().or(threads::Column::CrisisStaffId.eq(staff.0));
        let free = threads::Column::CrisisSince.is_not_null().and(free);
        self.change_thread(graduate, change, free, "taking a call that somebody else makes or that isn't needed")
            .await?;
        self.audit(Actor::staff(staff), "crisis.take", "graduate", Some(graduate.0), json!({})).await
    }

    /// Nobody is calling any more, but somebody has to. Anyone may release, because a colleague may have been called away.
    pub async fn release_crisis(&self, actor: Actor, graduate: GraduateId) -> Result<()> {
        let change =
            threads::ActiveModel { crisis_staff_id: Set(None), crisis_taken_at: Set(None), ..Default::default() };
        let held = threads::Column::CrisisStaffId.is_not_null();
        self.change_thread(graduate, change, held, "releasing a call that nobody makes").await?;
        self.audit(actor, "crisis.release", "graduate", Some(graduate.0), json!({})).await
    }

    /// A person has looked after it: the thread leaves its place on top. Refused where nobody is on it, so that words which
    /// came in at this moment, and called for everybody again, aren't closed away with the older ones.
    pub async fn close_crisis(&self, actor: Actor, graduate: GraduateId) -> Result<()> {
        let before = self.thread(graduate).await?;
        let change = threads::ActiveModel {
            crisis_since: Set(None),
            crisis_staff_id: Set(None),
            crisis_taken_at: Set(None),
            ..Default::default()
        };
        let held = threads::Column::CrisisSince.is_not_null().and(threads::Column::CrisisStaffId.is_not_null());
        self.change_thread(graduate, change, held, "closing a crisis that isn't open or that nobody is on").await?;
        // Whoever looked after it has made the call.
        let calls = self.tasks_of(graduate).await?.into_iter();
        let calls = calls.filter(|task| task.reason == TaskReason::Crisis && task.state == TaskState::Open);
        let mut made = Vec::new();
        for call in calls {
            self.finish_task(actor, call.id).await?;
            made.push(call.id);
        }
        let detail = json!({
            "since": before.as_ref().and_then(|thread| thread.crisis_since).map(to_ms),
            "staff": before.as_ref().and_then(|thread| thread.crisis_staff),
            "taken_at": before.as_ref().and_then(|thread| thread.crisis_taken_at).map(to_ms),
            "calls": made,
        });
        self.audit(actor, "crisis.close", "graduate", Some(graduate.0), detail).await
    }

    /// The person wrote: events come late and out of order, so times only rise and the first unanswered word counts.
    pub(crate) async fn thread_inbound(
        &self,
        graduate: GraduateId,
        at: DateTime<Utc>,
        needs_reply: bool,
        crisis: bool,
    ) -> Result<()> {
        self.ensure_thread(graduate).await?;
        self.touch();
        let at = to_ms(at);
        let mut update = self
            .update_thread(graduate)
            .col_expr(threads::Column::LastInboundAt, newest(threads::Column::LastInboundAt, at));
        if needs_reply || crisis {
            update = update
                .col_expr(threads::Column::ReplyDueSince, first(threads::Column::ReplyDueSince, at))
                .col_expr(threads::Column::ClosedReason, Expr::value(None::<String>));
        }
        if crisis {
            // Whoever is calling doesn't know these words: they call for everybody again, unless they are old and come late.
            let known = threads::Column::CrisisTakenAt.gt(at + CLOCKS_APART.num_milliseconds());
            let kept = |column, nobody: Expr| Expr::case(known.clone(), Expr::col(column)).finally(nobody).into();
            let staff = kept(threads::Column::CrisisStaffId, Expr::value(None::<Uuid>));
            let taken_at = kept(threads::Column::CrisisTakenAt, Expr::value(None::<i64>));
            update = update
                .col_expr(threads::Column::CrisisSince, oldest(threads::Column::CrisisSince, at))
                .col_expr(threads::Column::CrisisStaffId, staff)
                .col_expr(threads::Column::CrisisTakenAt, taken_at);
        }
        update.exec(&self.conn).await?;
        if crisis {
            self.hold_back_replies(graduate).await?;
        }
        self.end_reply_waits(graduate, from_ms(at)).await
    }

    /// Staff wrote after reading up to `read_until`: what came in later still waits for a reply.
    pub(crate) async fn thread_outbound(
        &self,
        graduate: GraduateId,
        at: DateTime<Utc>,
        read_until: Option<DateTime<Utc>>,
    ) -> Result<()> {
        self.ensure_thread(graduate).await?;
        let unread = read_until.map(|read| {
            let unread = threads::Column::ReplyDueSince.is_not_null();
            unread.and(threads::Column::LastInboundAt.gt(to_ms(read)))
        });
        let due = match unread {
            Some(unread) => {
                let last = Expr::col(threads::Column::LastInboundAt);
                Expr::case(unread, last).finally(Expr::value(None::<i64>)).into()
            }
            None => Expr::value(None::<i64>),
        };
        self.update_thread(graduate)
            .col_expr(threads::Column::ReplyDueSince, due)
            .col_expr(threads::Column::ClosedReason, Expr::value(None::<String>))
            .col_expr(threads::Column::LastOutboundAt, newest(threads::Column::LastOutboundAt, to_ms(at)))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// After words have left the thread: a reply is due for what is left of the person's words since ours, if anything.
    pub(crate) async fn recount_reply_due(&self, graduate: GraduateId) -> Result<()> {
        let Some(thread) = self.thread(graduate).await? else { return Ok(()) };
        let Some(since) = thread.reply_due_since else { return Ok(()) };
        let left = messages::Entity::find()
            .filter(messages::Column::OfficeId.eq(self.office.0))
            .filter(messages::Column::GraduateId.eq(graduate.0))
            .filter(messages::Column::Direction.eq(Direction::In.as_str()))
            .filter(messages::Column::HiddenAt.is_null())
            .filter(messages::Column::At.gte(to_ms(since)))
            .order_by_asc(messages::Column::At)
            .one(&self.conn)
            .await?;
        let change = threads::ActiveModel { reply_due_since: Set(left.map(|row| row.at)), ..Default::default() };
        self.update_thread(graduate).set(change).exec(&self.conn).await?;
        Ok(())
    }

    pub(crate) async fn ensure_thread(&self, graduate: GraduateId) -> Result<()> {
        if self.thread(graduate).await?.is_some() {
            return Ok(());
        }
        self.own_graduate(graduate).await?;
        self.begin_threads(&[graduate.0]).await
    }

    /// The same for many of the office's own people.
    pub(crate) async fn ensure_threads(&self, graduates: &[GraduateId]) -> Result<()> {
        let known: Vec<Uuid> = threads::Entity::find()
            .select_only()
            .column(threads::Column::GraduateId)
            .filter(threads::Column::GraduateId.is_in(filled_up(graduates).iter().map(|id| id.0)))
            .into_tuple()
            .all(&self.conn)
            .await?;
        let known: HashSet<Uuid> = known.into_iter().collect();
        let missing: BTreeSet<Uuid> = graduates.iter().map(|id| id.0).filter(|id| !known.contains(id)).collect();
        self.begin_threads(&missing.into_iter().collect::<Vec<_>>()).await
    }

    async fn begin_threads(&self, graduates: &[Uuid]) -> Result<()> {
        if graduates.is_empty() {
            return Ok(());
        }
        let rows = graduates.iter().map(|graduate| threads::ActiveModel {
            graduate_id: Set(*graduate),
            office_id: Set(self.office.0),
            last_inbound_at: Set(None),
            last_outbound_at: Set(None),
            reply_due_since: Set(None),
            closed_reason: Set(None),
            crisis_since: Set(None),
            crisis_staff_id: Set(None),
            crisis_taken_at: Set(None),
            handed_for: Set(None),
            handed_at: Set(None),
            handed_from: Set(None),
            handed_to: Set(None),
        });
        let once = OnConflict::column(threads::Column::GraduateId).do_nothing().to_owned();
        threads::Entity::insert_many(rows).on_conflict(once).exec_without_returning(&self.conn).await?;
        Ok(())
    }

    pub(crate) fn update_thread(&self, graduate: GraduateId) -> UpdateMany<threads::Entity> {
        threads::Entity::update_many()
            .filter(threads::Column::GraduateId.eq(graduate.0))
            .filter(threads::Column::OfficeId.eq(self.office.0))
    }

    async fn change_thread(
        &self,
        graduate: GraduateId,
        change: threads::ActiveModel,
        only_if: Expr,
        refused: &'static str,
    ) -> Result<()> {
        let changed = self.update_thread(graduate).set(change).filter(only_if).exec(&self.conn).await?;
        if changed.rows_affected > 0 {
            return Ok(());
        }
        match self.thread(graduate).await? {
            Some(_) => Err(StoreError::Refused { what: refused }),
            None => Err(StoreError::NotFound { what: "thread" }),
        }
    }
}

/// The later of the stored moment and `at`.
fn newest(column: threads::Column, at: i64) -> Expr {
    Expr::case(column.gt(at), Expr::col(column)).finally(at).into()
}

/// Of words that come late the older moment counts: everything since then is to be read.
fn oldest(column: threads::Column, at: i64) -> Expr {
    Expr::case(column.lt(at), Expr::col(column)).finally(at).into()
}

/// The stored moment, or `at` where there is none.
fn first(column: threads::Column, at: i64) -> Expr {
    Func::coalesce([Expr::col(column), Expr::value(at)]).into()
}

pub(crate) fn to_thread(row: &threads::Model) -> Result<Thread> {
    let id: Uuid = row.graduate_id;
    let read = |word: &String| code("threads", "closed_reason", id, word);
    Ok(Thread {
        graduate: GraduateId(id),
        last_inbound_at: row.last_inbound_at.map(from_ms),
        last_outbound_at: row.last_outbound_at.map(from_ms),
        reply_due_since: row.reply_due_since.map(from_ms),
        closed_reason: row.closed_reason.as_ref().map(read).transpose()?,
        crisis_since: row.crisis_since.map(from_ms),
        crisis_staff: row.crisis_staff_id.map(StaffId),
        crisis_taken_at: row.crisis_taken_at.map(from_ms),
        last_handed: taken_over(row),
        handed: taken_over(row).filter(|_| row.handed_for.is_some() && row.handed_for == row.reply_due_since),
    })
}

/// Who last took over an answer, whether or not it is still due.
fn taken_over(row: &threads::Model) -> Option<HandedOver> {
    let at = row.handed_at?;
    Some(HandedOver { at: from_ms(at), from: row.handed_from.map(StaffId), to: row.handed_to.map(StaffId) })
}
