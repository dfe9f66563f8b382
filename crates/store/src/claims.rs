//! Claiming what may be sent right now.
//!
//! The gates stand inside the claim's own statement (trust.md 3c): whatever stopped the person, the office or the channel before
//! the claim committed is obeyed by it. A claim gives a lease and a fence; only the newest fence's result counts.

use std::collections::{HashMap, HashSet};

use bansou_core::check_in::CheckInState;
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::{CheckInId, DeliveryId, GraduateId, OfficeId};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value,
};
use uuid::Uuid;

use crate::connect::Store;
use crate::deliveries::Delivery;
use crate::entity::{check_ins, deliveries, send_attempts};
use crate::error::{Result, StoreError};
use crate::gates::{GRADUATE_GATES, OTHER_GATES, TO_A_GRADUATE, may_ask_on};
use crate::one_a_day::{another_today, one_a_day};
use crate::poison::{CRASHED, CRASHES};
use crate::sql::{checked, checked_text, filled_up, insert_all, listed, only_postgres, statement};
use crate::time::to_ms;
use crate::tx::Tx;

/// How a claim is made.
#[derive(Clone, Copy, Debug)]
pub struct ClaimTerms {
    /// The present moment.
    pub now: DateTime<Utc>,
    /// The present day in the office's zone, for pauses and consents.
    pub today: NaiveDate,
    /// When that day began.
    pub day_began: DateTime<Utc>,
    /// At most so many.
    pub limit: u32,
    /// For so long the claimer owns what it claimed.
    pub lease: Duration,
    /// So much of the window must be left: call time-out and 30 s.
    pub margin: Duration,
}

/// Why a waiting delivery will never be claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The person said stop.
    Stopped,
    /// Support has ended.
    Ended,
    /// Contact is paused.
    Paused,
    /// The address changed.
    AddressChanged,
    /// The address can't be reached any more.
    Unreachable,
    /// The check-in is closed already.
    Closed,
    /// The consent behind it doesn't hold any more.
    NoConsent,
    /// Its channel stands still until the window is over.
    ChannelStopped,
    /// The person has had another check-in today, or may have.
    AnotherToday,
    /// Its window is over.
    Expired,
}

/// Which of the engine's jobs have something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one answer for each job")]
pub struct WorkWaiting {
    /// Something came in.
    pub inbound: bool,
    /// A cadence's day has come.
    pub plan: bool,
    /// A delivery is due, to be looked up, or over.
    pub send: bool,
    /// A lease has run out, or a check-in is carried by nothing.
    pub left_over: bool,
    /// An answer is overdue.
    pub silence: bool,
}

/// A row that waits for its turn and whose turn has come. `$1` now, `$2` office, `$3` margin. The 82,800,000 ms are core's
/// `retry_key_good_until`: an unknown LINE message is tried again only while LINE remembers its retry key. What was sent before a
/// restore is never sent by a row that doesn't know of it (`restores.rs`).
const WAITS: &str = "
    d.office_id = $2 AND d.state IN ('due', 'unknown') AND d.due_at <= $1 AND d.expires_at > $1
    AND d.window_from <= $1 AND $1 + $3 < d.window_to
    AND ((d.state = 'due' AND NOT EXISTS (SELECT 1 FROM sent_before b WHERE b.retry_key = d.retry_key))
         OR (d.state = 'unknown' AND d.channel_kind = 'line' AND d.first_attempt_at + 82800000 > $1))";

/// A check-in that waits although nothing of it is on its way.
const STRANDED: &str = "k.state IN ('planned', 'due') AND NOT EXISTS (
    SELECT 1 FROM deliveries d WHERE d.check_in_id = k.id AND d.state IN ('due', 'sending', 'unknown'))";

/// Messages that may have brought a process down are tried one by one, so far apart, so that those which were only claimed
/// together with the one that did aren't taken for it (P13).
const SUSPECTS_APART: Duration = Duration::seconds(10);

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// Claims that still are somebody's. Which fence is whose is looked at by whoever asks.
const CLAIMED: &str = "d.office_id = $2 AND d.state = 'sending' AND d.lease_until > $1 AND $1 + $3 < d.window_to";

impl Store {
    /// Offices in which something waits to be sent or looked up.
    pub async fn offices_with_due(&self, now: DateTime<Utc>) -> Result<Vec<OfficeId>> {
        let ids: Vec<Uuid> = deliveries::Entity::find()
            .select_only()
            .column(deliveries::Column::OfficeId)
            .distinct()
            .filter(deliveries::Column::State.is_in([DeliveryState::Due.as_str(), DeliveryState::Unknown.as_str()]))
            .filter(deliveries::Column::DueAt.lte(to_ms(now)).or(deliveries::Column::ExpiresAt.lte(to_ms(now))))
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(ids.into_iter().map(OfficeId).collect())
    }

    /// Offices with a check-in that nothing carries; see [`Tx::stranded_check_ins`].
    pub async fn offices_with_stranded(&self) -> Result<Vec<OfficeId>> {
        let sql = format!("SELECT DISTINCT k.office_id AS id FROM check_ins k WHERE {STRANDED}");
        let found = Id::find_by_statement(statement(self.db(), &sql, [])).all(self.db()).await?;
        Ok(found.into_iter().map(|row| OfficeId(row.id)).collect())
    }

    /// Offices in which a claim's lease has run out.
    pub async fn offices_with_lost_leases(&self, now: DateTime<Utc>) -> Result<Vec<OfficeId>> {
        let ids: Vec<Uuid> = deliveries::Entity::find()
            .select_only()
            .column(deliveries::Column::OfficeId)
            .distinct()
            .filter(deliveries::Column::State.eq(DeliveryState::Sending.as_str()))
            .filter(deliveries::Column::LeaseUntil.lte(to_ms(now)))
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(ids.into_iter().map(OfficeId).collect())
    }

    /// What there is to do at `now` in any office, in one look.
    pub async fn work_waiting(&self, now: DateTime<Utc>) -> Result<WorkWaiting> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM inbound_events WHERE state = 'stored' AND (not_before IS NULL OR not_before <= $1)) AS inbound,
                    EXISTS (SELECT 1 FROM cadences WHERE plan_at <= $1) AS plan,
                    EXISTS (SELECT 1 FROM deliveries WHERE state IN ('due', 'unknown') AND (due_at <= $1 OR expires_at <= $1)) AS send,
                    EXISTS (SELECT 1 FROM deliveries WHERE state = 'sending' AND lease_until <= $1)
                    OR EXISTS (SELECT 1 FROM check_ins k WHERE {STRANDED}) AS left_over,
                    EXISTS (SELECT 1 FROM check_ins WHERE state = 'out' AND answer_by <= $1) AS silence"
        );
        let row = self.db().query_one_raw(statement(self.db(), &sql, [to_ms(now).into()])).await?;
        let row = row.ok_or(StoreError::NotFound { what: "an answer" })?;
        Ok(WorkWaiting {
            inbound: row.try_get("", "inbound")?,
            plan: row.try_get("", "plan")?,
            send: row.try_get("", "send")?,
            left_over: row.try_get("", "left_over")?,
            silence: row.try_get("", "silence")?,
        })
    }

    /// The last look right before a call: of which of these the claim still holds and every gate still stands open. A batch
    /// is called over a minute or two, and whoever said stop meanwhile must not hear from us (P4, P5).
    pub async fn may_still_go(
        &self,
        office: OfficeId,
        claimed: &[Delivery],
        terms: &ClaimTerms,
    ) -> Result<HashSet<DeliveryId>> {
        #[derive(FromQueryResult)]
        struct Open {
            id: Uuid,
            fence: i64,
        }
        // Mail to others is rare; its half of the question is asked only where there is some.
        let (to_graduates, to_others): (Vec<_>, Vec<_>) =
            claimed.iter().partition(|delivery| delivery.graduate.is_some());
        let mut open = Vec::with_capacity(claimed.len());
        for (asked, tables, gates) in [
            (to_graduates, TO_A_GRADUATE, format!("{GRADUATE_GATES} AND {}", one_a_day())),
            (
                to_others,
                "offices o ON o.id = d.office_id",
                format!("$5 <= $1 AND {OTHER_GATES} AND {}", may_ask_on("$4")),
            ),
        ] {
            if asked.is_empty() {
                continue;
            }
            let named = filled_up(asked.iter().map(|delivery| delivery.id));
            let sql = format!(
                "SELECT d.id AS id, d.fence AS fence FROM deliveries d JOIN {tables}
                  WHERE d.id IN ({}) AND {} AND {gates}",
                listed(6, named.len()),
                checked_text(CLAIMED)
            );
            let mut values: Vec<Value> = vec![
                to_ms(terms.now).into(),
                office.0.into(),
                terms.margin.num_milliseconds().into(),
                terms.today.into(),
                to_ms(terms.day_began).into(),
            ];
            values.extend(named.iter().map(|id| Value::from(id.0)));
            open.extend(Open::find_by_statement(statement(self.db(), &sql, values)).all(self.db()).await?);
        }
        let open: HashMap<DeliveryId, i64> = open.into_iter().map(|row| (DeliveryId(row.id), row.fence)).collect();
        let mine = claimed.iter().filter(|delivery| open.get(&delivery.id) == Some(&delivery.fence));
        Ok(mine.map(|delivery| delivery.id).collect())
    }

    /// The next moment at which something waits to be sent, planned or noticed; lets a virtual clock jump.
    pub async fn next_moment(&self) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT MIN(at) AS at FROM (
            SELECT MIN(due_at) AS at FROM deliveries WHERE state IN ('due', 'unknown')
            UNION ALL SELECT MIN(lease_until) FROM deliveries WHERE state = 'sending'
            UNION ALL SELECT MIN(plan_at) FROM cadences
            UNION ALL SELECT MIN(not_before) FROM inbound_events WHERE state = 'stored'
            UNION ALL SELECT MIN(answer_by) FROM check_ins WHERE state = 'out') moments";
        let row = self.db().query_one_raw(statement(self.db(), sql, [])).await?;
        let at: Option<i64> = row.map(|row| row.try_get("", "at")).transpose()?.flatten();
        Ok(at.map(crate::time::from_ms))
    }
}

impl Tx {
    /// Claims what may be sent now, oldest first, and writes each attempt's intent.
    pub async fn claim(&self, terms: &ClaimTerms) -> Result<Vec<Delivery>> {
        let lock = only_postgres(&self.conn, "FOR UPDATE OF d SKIP LOCKED FOR SHARE OF g SKIP LOCKED");
        let to_graduates = format!(
            "SELECT d.id FROM deliveries d JOIN {TO_A_GRADUATE}
             WHERE {WAITS} AND {GRADUATE_GATES} AND {} ORDER BY d.due_at LIMIT $6 {lock}",
            one_a_day()
        );
        let lock = only_postgres(&self.conn, "FOR UPDATE OF d SKIP LOCKED");
        // PostgreSQL wants every value named; the day always has begun.
        let to_others = format!(
            "SELECT d.id FROM deliveries d JOIN offices o ON o.id = d.office_id
             WHERE {WAITS} AND d.state = 'due' AND $5 <= $1 AND {OTHER_GATES} AND {} ORDER BY d.due_at LIMIT $6 {lock}",
            may_ask_on("$4")
        );
        let mut claimed = self.claim_from(&to_graduates, terms).await?;
        claimed.extend(self.claim_from(&to_others, terms).await?);
        if claimed.is_empty() {
            return Ok(claimed);
        }
        crate::crash_point!("claim.marked")?;
        self.mark_check_ins_due(&claimed).await?;
        let intents = claimed.iter().map(|delivery| send_attempts::ActiveModel {
            id: Set(self.ambient.new_uuid()),
            delivery_id: Set(delivery.id.0),
            fence: Set(delivery.fence),
            step: Set("intent".to_owned()),
            at: Set(to_ms(terms.now)),
            outcome: Set(None),
            code: Set(None),
            request_id: Set(None),
        });
        insert_all(&self.conn, intents.collect()).await?;
        Ok(claimed)
    }

    /// Waiting deliveries of which it is sure that no claim will ever take them, each with the reason.
    pub async fn gone(&self, terms: &ClaimTerms) -> Result<Vec<(DeliveryId, Gone)>> {
        #[derive(FromQueryResult)]
        struct Found {
            id: Uuid,
            why: i32,
        }
        let (another, may_ask) = (another_today(), may_ask_on("$3"));
        let sql = format!(
            "SELECT d.id AS id, CASE
                WHEN g.contact_stopped_at IS NOT NULL AND d.purpose <> 'notice' THEN 1
                WHEN g.support <> 'supported' AND d.purpose = 'check_in' THEN 2
                WHEN d.purpose = 'check_in' AND g.paused_from <= $3
                     AND (g.paused_until IS NULL OR g.paused_until >= $3) THEN 3
                WHEN p.version <> d.address_version THEN 4
                WHEN p.state <> 'reachable' THEN 5
                WHEN k.state NOT IN ('planned', 'due') THEN 6
                WHEN NOT {may_ask} THEN 7
                WHEN {another} THEN 10
                WHEN d.expires_at > $1 AND d.state = 'due' THEN 8
                ELSE 9 END AS why
            FROM deliveries d
            LEFT JOIN graduates g ON g.id = d.graduate_id
            LEFT JOIN contact_points p ON p.id = d.contact_point_id
            LEFT JOIN check_ins k ON k.id = d.check_in_id
            LEFT JOIN channel_states c ON c.channel_id = d.channel_id
            WHERE d.office_id = $2 AND (d.due_at <= $1 OR d.expires_at <= $1)
              AND (d.state = 'due' OR (d.state = 'unknown' AND d.channel_kind = 'line'))
              AND (d.expires_at <= $1
                OR (d.state = 'unknown' AND d.first_attempt_at + 82800000 <= $1)
                OR (d.state = 'due' AND (
                    (g.contact_stopped_at IS NOT NULL AND d.purpose <> 'notice')
                    OR (d.purpose = 'check_in' AND g.support <> 'supported')
                    OR (d.purpose = 'check_in' AND g.paused_from <= $3
                        AND (g.paused_until IS NULL OR g.paused_until >= $3))
                    OR p.version <> d.address_version OR p.state <> 'reachable'
                    OR k.state NOT IN ('planned', 'due') OR ({another})
                    OR (c.stopped_until > $1 AND c.stopped_until >= d.window_to
                        AND (c.stop_code <> 'monthly_quota' OR d.purpose NOT IN ('ack', 'notice', 'safe_text', 'out_of_hours')))
                    OR NOT {may_ask})))
            ORDER BY d.due_at LIMIT $4"
        );
        let values: [Value; 5] = [
            to_ms(terms.now).into(),
            self.office.0.into(),
            terms.today.into(),
            i64::from(terms.limit).into(),
            to_ms(terms.day_began).into(),
        ];
        let found = Found::find_by_statement(statement(&self.conn, &sql, values)).all(&self.conn).await?;
        let mut gone = Vec::with_capacity(found.len());
        for Found { id, why } in found {
            let why = match why {
                1 => Gone::Stopped,
                2 => Gone::Ended,
                3 => Gone::Paused,
                4 => Gone::AddressChanged,
                5 => Gone::Unreachable,
                6 => Gone::Closed,
                7 => Gone::NoConsent,
                8 => Gone::ChannelStopped,
                10 => Gone::AnotherToday,
                _ => Gone::Expired,
            };
            gone.push((DeliveryId(id), why));
        }
        Ok(gone)
    }

    /// Check-ins that wait to be sent though no delivery of theirs is on its way, with whom they are for. The program
    /// leaves none behind, except where a result could be written down but not what follows from it.
    pub async fn stranded_check_ins(&self, limit: u32) -> Result<Vec<(CheckInId, GraduateId)>> {
        #[derive(FromQueryResult)]
        struct Found {
            id: Uuid,
            graduate_id: Uuid,
        }
        let sql = format!(
            "SELECT k.id AS id, k.graduate_id AS graduate_id FROM check_ins k WHERE k.office_id = $1 AND {STRANDED} LIMIT $2"
        );
        let values: [Value; 2] = [self.office.0.into(), i64::from(limit).into()];
        let found = Found::find_by_statement(statement(&self.conn, &sql, values)).all(&self.conn).await?;
        Ok(found.into_iter().map(|row| (CheckInId(row.id), GraduateId(row.graduate_id))).collect())
    }

    /// Claims whose lease ran out: whether the provider was asked is not known. They become unknown, never due (trust.md 3c 7).
    pub async fn lose_leases(&self, now: DateTime<Utc>, look_at: DateTime<Utc>) -> Result<u64> {
        let lost = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Sending.as_str()))
            .filter(deliveries::Column::LeaseUntil.lte(to_ms(now)))
            // Two sweepers at once would count one lost lease twice.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&self.conn)
            .await?;
        let mut suspects = Vec::new();
        for row in &lost {
            let id = DeliveryId(row.id);
            self.add_attempt(id, row.fence, "lease_expired", None, None, None).await?;
            let crashes = self.crashes(id).await?;
            if crashes >= CRASHES {
                self.quarantine(id, CRASHED).await?;
            } else if crashes + 1 == CRASHES {
                suspects.push(row.id);
            }
        }
        let update = deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.is_in(lost.iter().map(|row| row.id)))
            .filter(deliveries::Column::State.eq(DeliveryState::Sending.as_str()))
            .filter(deliveries::Column::LeaseUntil.lte(to_ms(now)))
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Unknown.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some("lease_expired")))
            .col_expr(deliveries::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(deliveries::Column::DueAt, Expr::value(to_ms(look_at)));
        let moved = update.exec(&self.conn).await?.rows_affected;
        let mut alone_at = look_at;
        for id in suspects {
            alone_at += SUSPECTS_APART;
            deliveries::Entity::update_many()
                .filter(deliveries::Column::Id.eq(id))
                .filter(deliveries::Column::State.eq(DeliveryState::Unknown.as_str()))
                .col_expr(deliveries::Column::DueAt, Expr::value(to_ms(alone_at)))
                .exec(&self.conn)
                .await?;
        }
        Ok(moved)
    }

    /// Unknown outcomes on channels without a retry key that want to be looked up now. They are asked for again at `again_at`
    /// at the earliest, so that one look-up goes on at a time, however long the provider takes.
    pub async fn take_look_ups(
        &self,
        now: DateTime<Utc>,
        again_at: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<DeliveryId>> {
        let ids: Vec<Uuid> = deliveries::Entity::find()
            .select_only()
            .column(deliveries::Column::Id)
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Unknown.as_str()))
            .filter(deliveries::Column::ChannelKind.ne("line"))
            .filter(deliveries::Column::DueAt.lte(to_ms(now)))
            .order_by_asc(deliveries::Column::DueAt)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(&self.conn)
            .await?;
        deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.is_in(ids.iter().copied()))
            .col_expr(deliveries::Column::DueAt, Expr::value(to_ms(again_at)))
            .exec(&self.conn)
            .await?;
        Ok(ids.into_iter().map(DeliveryId).collect())
    }

    async fn claim_from(&self, candidates: &str, terms: &ClaimTerms) -> Result<Vec<Delivery>> {
        let sql = format!(
            "UPDATE deliveries SET state = 'sending', fence = fence + 1, attempts = attempts + 1, lease_until = $7,
                first_attempt_at = COALESCE(first_attempt_at, $1)
             WHERE id IN ({candidates}) RETURNING *"
        );
        let values: [Value; 7] = [
            to_ms(terms.now).into(),
            self.office.0.into(),
            terms.margin.num_milliseconds().into(),
            terms.today.into(),
            to_ms(terms.day_began).into(),
            i64::from(terms.limit).into(),
            to_ms(terms.now + terms.lease).into(),
        ];
        let rows = deliveries::Model::find_by_statement(statement(&self.conn, &sql, values)).all(&self.conn).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in rows {
            let id = DeliveryId(row.id);
            match self.to_delivery(row) {
                Ok(delivery) => claimed.push(delivery),
                Err(error @ (StoreError::Corrupt { .. } | StoreError::Sealed { .. })) => {
                    tracing::error!(delivery = %id, error = %error, "a message can't be read");
                    self.quarantine(id, "unreadable").await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(claimed)
    }

    async fn mark_check_ins_due(&self, claimed: &[Delivery]) -> Result<()> {
        let ids: Vec<Uuid> = claimed.iter().filter_map(|delivery| delivery.check_in).map(Into::into).collect();
        if ids.is_empty() {
            return Ok(());
        }
        check_ins::Entity::update_many()
            .filter(check_ins::Column::Id.is_in(filled_up(ids)))
            .filter(checked(check_ins::Column::State.eq(CheckInState::Planned.as_str())))
            .col_expr(check_ins::Column::State, Expr::value(CheckInState::Due.as_str()))
            .exec(&self.conn)
            .await?;
        Ok(())
    }
}
