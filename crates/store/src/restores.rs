//! A database that was restored from a backup, and what it has to be told before it may send (P15).
//!
//! It has forgotten what was sent since the backup. So [`Store::mark_restored`] stops everything; [`Store::remember`] gives it the send
//! journal's memory; what is planned again for the same person, purpose and slot is found by its retry key, whichever way it
//! would go now. No claim takes a row that is due while its key stands in `sent_before` (see `claims.rs`), whoever made it
//! and whenever; the engine gives such a row its true state.

use bansou_core::codes;
use bansou_core::delivery::{ChannelKind, DeliveryState, Purpose};
use bansou_core::ids::{CheckInId, DeliveryId, GraduateId, OfficeId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    TransactionTrait,
};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{audit, deliveries, link_tokens, restores, send_attempts, sent_before, sessions};
use crate::error::{Result, StoreError};
use crate::halts::{HaltReason, HaltScope};
use crate::sql::{insert_all, statement};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};
use crate::witness::Change;

codes! {
    /// How a restored database learnt what was sent since its backup.
    ReconciledBy {
        /// From the send journal.
        Journal = "journal",
        /// Not at all: what may have been sent since is treated as unclear.
        WithoutJournal = "without_journal",
    }
}

/// A backup that was brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restore {
    /// When.
    pub restored_at: DateTime<Utc>,
    /// The moment whose state the backup holds.
    pub backup_at: DateTime<Utc>,
    /// When the database was told what was sent since; `None` while nothing may be sent.
    pub reconciled_at: Option<DateTime<Utc>>,
}

/// One thing that was said to somebody in the time that the database has forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentBefore {
    /// Derived from person, purpose and slot.
    pub retry_key: Uuid,
    /// Whose message it was.
    pub office: OfficeId,
    /// Its row in the database that was lost.
    pub delivery: DeliveryId,
    /// Who got it, where it was a graduate.
    pub graduate: Option<GraduateId>,
    /// The check-in it carried.
    pub check_in: Option<CheckInId>,
    /// What for.
    pub purpose: Purpose,
    /// Configured channel it went by.
    pub channel_id: String,
    /// Its kind.
    pub channel_kind: ChannelKind,
    /// Start of the first try.
    pub first_attempt_at: DateTime<Utc>,
    /// When a provider took it; `None` where nobody knows whether one did.
    pub accepted_at: Option<DateTime<Utc>>,
    /// The provider's id.
    pub provider_ref: Option<String>,
}

impl Store {
    /// Writes down that this database is a restored backup, and stops all sending. Sign-ins and links for setting a password or
    /// binding an account end: whoever used theirs up since the backup must not be able to use it again.
    pub async fn mark_restored(&self, backup_at: DateTime<Utc>) -> Result<()> {
        // A switch that was thrown in the backup keeps its reason no longer.
        self.release(&HaltScope::Everything).await?;
        self.halt(&HaltScope::Everything, HaltReason::Restored).await?;
        let _turn = self.gate().await;
        let conn = self.db().begin().await?;
        let row = restores::ActiveModel {
            restored_at: Set(to_ms(self.ambient().now())),
            backup_at: Set(to_ms(backup_at)),
            reconciled_at: Set(None),
            reconciled_by: Set(None),
        };
        restores::Entity::insert(row).exec_without_returning(&conn).await?;
        sessions::Entity::delete_many().exec(&conn).await?;
        link_tokens::Entity::delete_many()
            .filter(link_tokens::Column::Kind.is_in(["password", "invite"]))
            .exec(&conn)
            .await?;
        Ok(conn.commit().await?)
    }

    /// The newest restore that hasn't been reconciled: until then nothing may be sent, planned or concluded.
    pub async fn open_restore(&self) -> Result<Option<Restore>> {
        let open = restores::Entity::find()
            .filter(restores::Column::ReconciledAt.is_null())
            .order_by_desc(restores::Column::RestoredAt)
            .one(self.db())
            .await?;
        Ok(open.map(|row| Restore {
            restored_at: from_ms(row.restored_at),
            backup_at: from_ms(row.backup_at),
            reconciled_at: row.reconciled_at.map(from_ms),
        }))
    }

    /// Refuses to let a restored database send before it was told what was sent since its backup. Whoever takes back the
    /// switch for everything asks here first.
    pub async fn assert_may_resume(&self) -> Result<()> {
        let Some(restore) = self.open_restore().await? else { return Ok(()) };
        let backup = restore.backup_at.format("%Y-%m-%d %H:%M UTC");
        Err(StoreError::NotReady(format!(
            "this database is a backup of {backup} and doesn't know what was sent since then, so it would go out twice; \
             run `bansou reconcile` first, with the send journal or --without-journal"
        )))
    }

    /// Keeps what was sent in the forgotten time. What is known already gains a provider's acceptance, and never loses one.
    pub async fn remember(&self, all: &[SentBefore]) -> Result<()> {
        let rows = all.iter().map(|sent| sent_before::ActiveModel {
            retry_key: Set(sent.retry_key),
            office_id: Set(sent.office.0),
            delivery_id: Set(sent.delivery.0),
            graduate_id: Set(sent.graduate.map(|id| id.0)),
            check_in_id: Set(sent.check_in.map(|id| id.0)),
            purpose: Set(sent.purpose.as_str().to_owned()),
            channel_id: Set(sent.channel_id.clone()),
            channel_kind: Set(sent.channel_kind.as_str().to_owned()),
            first_attempt_at: Set(to_ms(sent.first_attempt_at)),
            accepted_at: Set(sent.accepted_at.map(to_ms)),
            provider_ref: Set(sent.provider_ref.clone()),
        });
        let rows: Vec<_> = rows.collect();
        let _turn = self.gate().await;
        let conn = self.db().begin().await?;
        for chunk in all.chunks(500) {
            sent_before::Entity::delete_many()
                .filter(sent_before::Column::RetryKey.is_in(chunk.iter().map(|sent| sent.retry_key)))
                .filter(sent_before::Column::AcceptedAt.is_null())
                .exec(&conn)
                .await?;
        }
        // Two in one run of the same key don't occur: the caller has one fact for each.
        let known: std::collections::HashSet<Uuid> =
            sent_before::Entity::find().all(&conn).await?.into_iter().map(|row| row.retry_key).collect();
        let new = rows.into_iter().filter(|row| !known.contains(row.retry_key.as_ref())).collect();
        insert_all(&conn, new).await?;
        Ok(conn.commit().await?)
    }

    /// Drops what this database knows by rows of its own.
    pub async fn forget_what_is_known(&self) -> Result<()> {
        let sql = "DELETE FROM sent_before WHERE EXISTS (SELECT 1 FROM deliveries d
            WHERE d.id = sent_before.delivery_id AND d.state IN ('accepted', 'delivered'))";
        let _turn = self.gate().await;
        self.db().execute_raw(statement(self.db(), sql, [])).await?;
        Ok(())
    }

    /// Writes down that every open restore is reconciled. Sending stays stopped until somebody resumes it.
    pub async fn mark_reconciled(&self, by: ReconciledBy) -> Result<()> {
        let _turn = self.gate().await;
        restores::Entity::update_many()
            .filter(restores::Column::ReconciledAt.is_null())
            .col_expr(restores::Column::ReconciledAt, Expr::value(Some(to_ms(self.ambient().now()))))
            .col_expr(restores::Column::ReconciledBy, Expr::value(Some(by.as_str())))
            .exec(self.db())
            .await?;
        Ok(())
    }

    /// Rows that wait although the same thing was sent in the forgotten time, by office.
    pub async fn sent_before_waiting(&self) -> Result<Vec<(OfficeId, DeliveryId)>> {
        #[derive(FromQueryResult)]
        struct Found {
            office_id: Uuid,
            id: Uuid,
        }
        let sql = "SELECT d.office_id AS office_id, d.id AS id FROM sent_before s
            JOIN deliveries d ON d.retry_key = s.retry_key AND d.office_id = s.office_id
            WHERE d.state = 'due' OR (d.state IN ('sending', 'unknown') AND s.accepted_at IS NOT NULL)
            ORDER BY d.id";
        if sent_before::Entity::find().one(self.db()).await?.is_none() {
            return Ok(Vec::new());
        }
        let found = Found::find_by_statement(statement(self.db(), sql, [])).all(self.db()).await?;
        Ok(found.into_iter().map(|row| (OfficeId(row.office_id), DeliveryId(row.id))).collect())
    }

    /// The fence and moment of the newest call that this database knows of: a journal that doesn't know it isn't this
    /// database's.
    pub async fn newest_intent(&self) -> Result<Option<(DeliveryId, i64, DateTime<Utc>)>> {
        let newest = send_attempts::Entity::find()
            .filter(send_attempts::Column::Step.eq("intent"))
            .order_by_desc(send_attempts::Column::At)
            .one(self.db())
            .await?;
        Ok(newest.map(|row| (DeliveryId(row.delivery_id), row.fence, from_ms(row.at))))
    }

    /// Whether a change stands in the audit list.
    pub async fn knows_change(&self, change: &Change) -> Result<bool> {
        let row = audit::Entity::find_by_id((change.office.0, change.seq)).one(self.db()).await?;
        Ok(row.is_some_and(|row| row.hash == change.hash))
    }

    /// So many rows of the tables that people ask about after a restore.
    pub async fn row_counts(&self) -> Result<Vec<(&'static str, i64)>> {
        let mut counts = Vec::new();
        for table in ["offices", "staff", "graduates", "check_ins", "deliveries", "messages", "notes", "audit"] {
            let sql = format!("SELECT COUNT(*) AS n FROM {table}");
            let row = self.db().query_one_raw(statement(self.db(), &sql, [])).await?;
            counts.push((table, row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0)));
        }
        Ok(counts)
    }

    /// When the newest row was written, as far as the tables with times tell.
    pub async fn newest_row(&self) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT MAX(at) AS at FROM (SELECT MAX(at) AS at FROM send_attempts
            UNION ALL SELECT MAX(at) FROM audit UNION ALL SELECT MAX(created_at) FROM deliveries
            UNION ALL SELECT MAX(planned_at) FROM check_ins) moments";
        let row = self.db().query_one_raw(statement(self.db(), sql, [])).await?;
        let at: Option<i64> = row.map(|row| row.try_get("", "at")).transpose()?.flatten();
        Ok(at.map(from_ms))
    }
}

impl Tx {
    /// What was sent for this person, purpose and slot in the forgotten time.
    pub async fn sent_before(&self, graduate: GraduateId, purpose: Purpose, slot: &str) -> Result<Option<SentBefore>> {
        self.sent_before_by(self.cipher.retry_key(graduate.0, purpose.as_str(), slot)).await
    }

    /// The same by the key.
    pub async fn sent_before_by(&self, retry_key: Uuid) -> Result<Option<SentBefore>> {
        let row = sent_before::Entity::find_by_id(retry_key)
            .filter(sent_before::Column::OfficeId.eq(self.office.0))
            .one(&self.conn)
            .await?;
        row.map(read).transpose()
    }

    /// Everything of this office that was sent in the forgotten time and of which no row is known.
    pub async fn sent_before_unknown(&self) -> Result<Vec<SentBefore>> {
        let sql = "SELECT s.* FROM sent_before s WHERE s.office_id = $1
            AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.retry_key = s.retry_key AND d.office_id = s.office_id)";
        let rows = sent_before::Model::find_by_statement(statement(&self.conn, sql, [self.office.0.into()]));
        rows.all(&self.conn).await?.into_iter().map(read).collect()
    }

    /// Gives a waiting row its true state: a provider took it then, by the way it went then.
    pub async fn was_accepted_before(&self, id: DeliveryId, before: &SentBefore) -> Result<bool> {
        let Some(at) = before.accepted_at else { return Ok(false) };
        self.add_attempt(id, 0, "reconciled", Some("accepted"), None, None).await?;
        let update = self
            .waiting(id)
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Accepted.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some("sent_before")))
            .col_expr(deliveries::Column::ChannelId, Expr::value(before.channel_id.clone()))
            .col_expr(deliveries::Column::ChannelKind, Expr::value(before.channel_kind.as_str()))
            .col_expr(deliveries::Column::ProviderRef, Expr::value(before.provider_ref.clone()))
            .col_expr(deliveries::Column::FirstAttemptAt, Expr::value(Some(to_ms(before.first_attempt_at))))
            .col_expr(deliveries::Column::AcceptedAt, Expr::value(Some(to_ms(at))))
            .col_expr(deliveries::Column::FinishedAt, Expr::value(Some(to_ms(self.now()))));
        Ok(update.exec(&self.conn).await?.rows_affected == 1)
    }

    /// A row that is due may be out since `first_attempt`: from here on only the provider's word or a person's makes it clear.
    pub async fn may_be_out_since(&self, id: DeliveryId, first_attempt: DateTime<Utc>) -> Result<bool> {
        self.add_attempt(id, 0, "reconciled", Some("unknown"), None, None).await?;
        let first = Expr::case(
            Expr::col(deliveries::Column::FirstAttemptAt).lt(to_ms(first_attempt)),
            Expr::col(deliveries::Column::FirstAttemptAt),
        )
        .finally(to_ms(first_attempt));
        let update = self
            .waiting(id)
            .col_expr(deliveries::Column::State, Expr::value(DeliveryState::Unknown.as_str()))
            .col_expr(deliveries::Column::StateCode, Expr::value(Some("restored")))
            .col_expr(deliveries::Column::FirstAttemptAt, first.into());
        Ok(update.exec(&self.conn).await?.rows_affected == 1)
    }

    /// Whether another row of the same thing was taken by a provider.
    pub async fn is_accepted_elsewhere(&self, id: DeliveryId, retry_key: Uuid) -> Result<bool> {
        let taken = [DeliveryState::Accepted, DeliveryState::Delivered].map(DeliveryState::as_str);
        let others = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::RetryKey.eq(retry_key))
            .filter(deliveries::Column::Id.ne(id.0))
            .filter(deliveries::Column::State.is_in(taken));
        Ok(others.count(&self.conn).await? > 0)
    }

    /// Every row of the office that is due, by whichever day.
    pub async fn all_due(&self) -> Result<Vec<DeliveryId>> {
        let rows = deliveries::Entity::find()
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()))
            .order_by_asc(deliveries::Column::Id)
            .all(&self.conn)
            .await?;
        Ok(rows.into_iter().map(|row| DeliveryId(row.id)).collect())
    }

    fn waiting(&self, id: DeliveryId) -> sea_orm::UpdateMany<deliveries::Entity> {
        let waiting = [DeliveryState::Due, DeliveryState::Sending, DeliveryState::Unknown].map(DeliveryState::as_str);
        deliveries::Entity::update_many()
            .filter(deliveries::Column::Id.eq(id.0))
            .filter(deliveries::Column::OfficeId.eq(self.office.0))
            .filter(deliveries::Column::State.is_in(waiting))
            .col_expr(deliveries::Column::LeaseUntil, Expr::value(None::<i64>))
    }
}

fn read(row: sent_before::Model) -> Result<SentBefore> {
    Ok(SentBefore {
        purpose: code("sent_before", "purpose", row.retry_key, &row.purpose)?,
        channel_kind: code("sent_before", "channel_kind", row.retry_key, &row.channel_kind)?,
        retry_key: row.retry_key,
        office: OfficeId(row.office_id),
        delivery: DeliveryId(row.delivery_id),
        graduate: row.graduate_id.map(GraduateId),
        check_in: row.check_in_id.map(CheckInId),
        channel_id: row.channel_id,
        first_attempt_at: from_ms(row.first_attempt_at),
        accepted_at: row.accepted_at.map(from_ms),
        provider_ref: row.provider_ref,
    })
}
