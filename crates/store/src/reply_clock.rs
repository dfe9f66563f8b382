//! The reply clock's facts: when it stands still, what ends it besides a message, and who took over (S2.1, S2.2).

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::calendar::OfficeCalendar;
use bansou_core::commitment::CommitmentSource;
use bansou_core::ids::{GraduateId, NoteId, StaffId};
use bansou_core::reply::{PauseWhy, ReplyClock, ReplyPause, ReplyRule, Wait};
use bansou_core::working::{Whose, WorkingTime};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::entity::{commitments, graduates, reply_waits, threads};
use crate::error::{Result, StoreError};
use crate::scope::PIECE;
use crate::threads::{Thread, to_thread};
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

impl Tx {
    /// Where the reply clock stands in each of these threads in which an answer is due, counted in the time of whoever looks after the
    /// person. A fixed number of queries, however many threads there are.
    pub async fn reply_clocks(
        &self,
        threads: &[&Thread],
        rule: &ReplyRule,
        calendar: &OfficeCalendar,
    ) -> Result<HashMap<GraduateId, ReplyClock>> {
        let waits = self.waits(threads).await?;
        let now = self.now();
        let Some(oldest) = waits.values().map(|wait| wait.since).min() else { return Ok(HashMap::new()) };
        let team = self.team(calendar.clone(), oldest.with_timezone(&calendar.zone).date_naive()).await?;
        let owners = self.owners(&waits.keys().map(|id| id.0).collect::<Vec<_>>()).await?;
        let clock = |(graduate, wait): (GraduateId, Wait)| {
            let (owner, standin) = owners.get(&graduate).copied().unwrap_or_default();
            let whose = Whose::CareOf(&team, owner, standin);
            (graduate, rule.clock(&wait, now, WorkingTime::of(whose, calendar)))
        };
        Ok(waits.into_iter().map(clock).collect())
    }

    /// The dedicated member of staff and the stand-in of each of these people.
    async fn owners(&self, graduates: &[Uuid]) -> Result<HashMap<GraduateId, (Option<StaffId>, Option<StaffId>)>> {
        let mut owners = HashMap::with_capacity(graduates.len());
        for piece in graduates.chunks(PIECE) {
            let rows: Vec<(Uuid, Option<Uuid>, Option<Uuid>)> = graduates::Entity::find()
                .select_only()
                .columns([graduates::Column::Id, graduates::Column::StaffId, graduates::Column::StandinId])
                .filter(graduates::Column::OfficeId.eq(self.office.0))
                .filter(graduates::Column::Id.is_in(piece.iter().copied()))
                .into_tuple()
                .all(&self.conn)
                .await?;
            let row = |(id, owner, standin): (Uuid, Option<Uuid>, Option<Uuid>)| {
                (GraduateId(id), (owner.map(StaffId), standin.map(StaffId)))
            };
            owners.extend(rows.into_iter().map(row));
        }
        Ok(owners)
    }

    /// Threads in which an answer is due that nobody has taken over yet, longest first.
    pub async fn threads_not_handed(&self) -> Result<Vec<Thread>> {
        let rows = threads::Entity::find()
            .filter(threads::Column::OfficeId.eq(self.office.0))
            .filter(not_handed())
            .order_by_asc(threads::Column::ReplyDueSince)
            .all(&self.conn)
            .await?;
        rows.iter().map(to_thread).collect()
    }

    /// A colleague takes over the answer to what came in at `since`, once; `false` when that was done or the answer has been given. Nobody
    /// is unassigned: the dedicated member of staff stays who they are.
    pub async fn hand_over_reply(
        &self,
        graduate: GraduateId,
        since: DateTime<Utc>,
        from: Option<StaffId>,
        to: Option<StaffId>,
        worked_minutes: i64,
    ) -> Result<bool> {
        let change = threads::ActiveModel {
            handed_for: Set(Some(to_ms(since))),
            handed_at: Set(Some(to_ms(self.now()))),
            handed_from: Set(from.map(|id| id.0)),
            handed_to: Set(to.map(|id| id.0)),
            ..Default::default()
        };
        let once = self
            .update_thread(graduate)
            .set(change)
            .filter(threads::Column::ReplyDueSince.eq(to_ms(since)))
            .filter(not_handed());
        if once.exec(&self.conn).await?.rows_affected == 0 {
            return Ok(false);
        }
        let detail = json!({ "from": from, "to": to, "due_since": to_ms(since), "worked_minutes": worked_minutes });
        self.audit(Actor::PROGRAM, "reply.hand_over", "graduate", Some(graduate.0), detail).await?;
        Ok(true)
    }

    /// Our answer has to wait for something the person tells us: the clock stands still until they write. Refused where no answer is due
    /// or it waits already.
    pub async fn wait_for_them(&self, staff: StaffId, graduate: GraduateId) -> Result<()> {
        self.own_graduate(graduate).await?;
        let refused =
            StoreError::Refused { what: "waiting for an answer where none is due or it is waited for already" };
        let Some(thread) = self.thread(graduate).await? else { return Err(refused) };
        let Some(wait) = self.waits(&[&thread]).await?.remove(&graduate) else { return Err(refused) };
        if wait.pause_at(self.now()).is_some_and(|pause| pause.why == PauseWhy::Waiting) {
            return Err(refused);
        }
        reply_waits::ActiveModel {
            id: Set(self.ambient.new_uuid()),
            office_id: Set(self.office.0),
            graduate_id: Set(graduate.0),
            staff_id: Set(staff.0),
            from_at: Set(to_ms(self.now())),
            until_at: Set(None),
        }
        .insert(&self.conn)
        .await?;
        let detail = json!({ "due_since": to_ms(wait.since) });
        self.audit(Actor::staff(staff), "reply.wait", "graduate", Some(graduate.0), detail).await
    }

    /// It waits no longer, because the answer can be given after all. Refused where it doesn't wait.
    pub async fn wait_no_longer(&self, staff: StaffId, graduate: GraduateId) -> Result<()> {
        self.own_graduate(graduate).await?;
        if self.end_waits(graduate, self.now()).await? == 0 {
            return Err(StoreError::Refused { what: "ending a wait where nobody waits" });
        }
        self.audit(Actor::staff(staff), "reply.wait_end", "graduate", Some(graduate.0), json!({})).await
    }

    /// Somebody of the office spoke with the person at `at`, by phone or face to face: that answers what they had said by then, as a
    /// message would, and keeps what holding replies had promised by then. `note` is what says so, where it can be taken back.
    pub async fn spoke_with(
        &self,
        actor: Actor,
        graduate: GraduateId,
        at: DateTime<Utc>,
        note: Option<NoteId>,
    ) -> Result<()> {
        self.keep_holding(actor, graduate, at, note.map(|note| note.0)).await?;
        let Some(before) = self.thread(graduate).await? else { return Ok(()) };
        let Some(since) = before.reply_due_since.filter(|since| *since <= at) else { return Ok(()) };
        self.thread_outbound(graduate, at, Some(at)).await?;
        let detail = json!({
            "due_since": to_ms(since),
            "last_before": before.last_outbound_at.map(to_ms),
            "last_after": Ord::max(before.last_outbound_at, Some(at)).map(to_ms),
            "note": note,
        });
        self.audit(actor, "thread.spoke", "graduate", Some(graduate.0), detail).await
    }

    /// A note told of a talk that wasn't, or not with this person: what it had answered is due again, unless somebody has answered or
    /// decided since.
    pub async fn did_not_speak(&self, actor: Actor, graduate: GraduateId, note: NoteId) -> Result<()> {
        self.reopen_holding(actor, graduate, note.0).await?;
        let Some(row) = self.newest_audit_of(graduate.0, "thread.spoke").await? else { return Ok(()) };
        let before: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
        let Some(thread) = self.thread(graduate).await? else { return Ok(()) };
        let is_this = row.action == "thread.spoke" && before["note"] == json!(note) && thread.closed_reason.is_none();
        // A message that answers nothing, such as the talk put in writing, leaves our last word where the talk put it.
        let stands = is_this && json!(thread.last_outbound_at.map(to_ms)) == before["last_after"];
        let Some(since) = before["due_since"].as_i64().filter(|_| stands) else { return Ok(()) };
        let now = thread.reply_due_since.map(to_ms);
        let change = threads::ActiveModel {
            reply_due_since: Set(now.into_iter().chain([since]).min()),
            last_outbound_at: Set(before["last_before"].as_i64()),
            ..Default::default()
        };
        self.update_thread(graduate).set(change).exec(&self.conn).await?;
        self.audit(actor, "thread.spoke_undone", "graduate", Some(graduate.0), json!({ "undoes": row.seq })).await
    }

    /// The person wrote at `at`: nothing waits for that any more.
    pub(crate) async fn end_reply_waits(&self, graduate: GraduateId, at: DateTime<Utc>) -> Result<()> {
        self.end_waits(graduate, at).await.map(drop)
    }

    async fn end_waits(&self, graduate: GraduateId, at: DateTime<Utc>) -> Result<u64> {
        let ended = reply_waits::Entity::update_many()
            .col_expr(reply_waits::Column::UntilAt, Expr::value(to_ms(at)))
            .filter(reply_waits::Column::OfficeId.eq(self.office.0))
            .filter(reply_waits::Column::GraduateId.eq(graduate.0))
            .filter(reply_waits::Column::UntilAt.is_null())
            // Words from before, which come late, tell us nothing.
            .filter(reply_waits::Column::FromAt.lte(to_ms(at)))
            .exec(&self.conn)
            .await?;
        Ok(ended.rows_affected)
    }

    /// What waits for our answer in these threads, with the times in which the clock stands still.
    async fn waits(&self, threads: &[&Thread]) -> Result<HashMap<GraduateId, Wait>> {
        let due = threads.iter().filter_map(|thread| Some((thread.graduate, Wait::since(thread.reply_due_since?))));
        let mut waits: HashMap<GraduateId, Wait> = due.collect();
        let Some(oldest) = waits.values().map(|wait| wait.since).min() else { return Ok(waits) };
        let ids: Vec<Uuid> = waits.keys().map(|id| id.0).collect();
        for piece in ids.chunks(PIECE) {
            for (graduate, pause) in self.pauses(piece, oldest).await? {
                if let Some(wait) = waits.get_mut(&graduate).filter(|wait| pause.from >= wait.since) {
                    wait.pauses.push(pause);
                }
            }
        }
        Ok(waits)
    }

    async fn pauses(&self, graduates: &[Uuid], since: DateTime<Utc>) -> Result<Vec<(GraduateId, ReplyPause)>> {
        let waiting = reply_waits::Entity::find()
            .filter(reply_waits::Column::OfficeId.eq(self.office.0))
            .filter(reply_waits::Column::GraduateId.is_in(graduates.iter().copied()))
            .filter(reply_waits::Column::FromAt.gte(to_ms(since)))
            .all(&self.conn)
            .await?;
        let waiting = waiting.into_iter().map(|row| {
            let until = row.until_at.map(from_ms);
            (GraduateId(row.graduate_id), ReplyPause { why: PauseWhy::Waiting, from: from_ms(row.from_at), until })
        });
        let promised = self
            .commitments()
            .filter(commitments::Column::GraduateId.is_in(graduates.iter().copied()))
            .filter(commitments::Column::Source.eq(CommitmentSource::Holding.as_str()))
            .filter(commitments::Column::MadeAt.gte(to_ms(since)))
            // A time that the person never heard lets nobody wait.
            .filter(commitments::Column::Told.eq(true))
            .all(&self.conn)
            .await?;
        let promised = promised.into_iter().map(|row| {
            let until = row.ended_at.map_or(row.due_at, |ended| Ord::min(ended, row.due_at));
            let (from, until) = (from_ms(row.made_at), Some(from_ms(until)));
            (GraduateId(row.graduate_id), ReplyPause { why: PauseWhy::Promised, from, until })
        });
        Ok(waiting.chain(promised).collect())
    }
}

/// An answer is due, and nobody has taken it over yet.
fn not_handed() -> Expr {
    let other = threads::Column::HandedFor
        .is_null()
        .or(Expr::col(threads::Column::HandedFor).ne(Expr::col(threads::Column::ReplyDueSince)));
    threads::Column::ReplyDueSince.is_not_null().and(other)
}
