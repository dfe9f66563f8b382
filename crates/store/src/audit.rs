//! The audit list: every change that a person makes leaves a row in the same transaction (P11).

use std::sync::PoisonError;

use bansou_core::audit::{Actor, AuditEntry, chain_hash};
use bansou_core::ids::OfficeId;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::crypto::Cipher;
use crate::entity::{audit, offices};
use crate::error::{Result, StoreError};
use crate::sql::{insert_all, only_postgres};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code};
use crate::witness::{Change, is_told};

/// What the chain said when it was recomputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainCheck {
    /// Every row is as it was written; so many.
    Whole(i64),
    /// The first row that isn't, or the first that is missing.
    Broken {
        /// Its number.
        seq: i64,
    },
}

/// What an audit row will say.
pub(crate) struct AuditNote {
    pub(crate) actor: Actor,
    pub(crate) action: String,
    pub(crate) object_kind: String,
    pub(crate) object_id: Option<Uuid>,
    pub(crate) detail: serde_json::Value,
}

impl Tx {
    /// Writes an audit row. `detail` carries codes and ids only, never words of or about a person.
    pub async fn audit(
        &self,
        actor: Actor,
        action: &str,
        object_kind: &str,
        object_id: Option<Uuid>,
        detail: serde_json::Value,
    ) -> Result<()> {
        self.audit_all(vec![AuditNote {
            actor,
            action: action.to_owned(),
            object_kind: object_kind.to_owned(),
            object_id,
            detail,
        }])
        .await
    }

    /// Writes many rows at once, in their order.
    pub(crate) async fn audit_all(&self, notes: Vec<AuditNote>) -> Result<()> {
        // Whoever only looks changes nothing that others see.
        if notes.iter().any(|note| note.action.split('.').next_back() != Some("read")) {
            self.touch();
        }
        let mut told = append(&self.conn, &self.cipher, self.office, self.now(), notes).await?;
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).append(&mut told);
        Ok(())
    }

    /// One page of the office's audit rows between two moments, newest first.
    pub async fn audit_rows(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<AuditEntry>> {
        let rows = self
            .audit_between(from, to)
            .order_by_desc(audit::Column::Seq)
            .offset(offset)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(entry).collect()
    }

    /// How many audit rows there are between two moments.
    pub async fn audit_count(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<u64> {
        Ok(self.audit_between(from, to).count(&self.conn).await?)
    }

    /// A page of audit rows between two moments, oldest first, after row number `after`; for export.
    pub async fn audit_page(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        after: i64,
        limit: u64,
    ) -> Result<Vec<AuditEntry>> {
        let rows = self
            .audit_between(from, to)
            .filter(audit::Column::Seq.gt(after))
            .order_by_asc(audit::Column::Seq)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(entry).collect()
    }

    /// Who looked at or changed one object, newest first.
    pub async fn audit_of(&self, object_id: Uuid, limit: u64) -> Result<Vec<AuditEntry>> {
        let rows = audit::Entity::find()
            .filter(audit::Column::OfficeId.eq(self.office.0))
            .filter(audit::Column::ObjectId.eq(object_id))
            .order_by_desc(audit::Column::Seq)
            .limit(limit)
            .all(&self.conn)
            .await?;
        rows.into_iter().map(entry).collect()
    }

    /// One row by its number.
    pub async fn audit_row(&self, seq: i64) -> Result<Option<AuditEntry>> {
        audit::Entity::find_by_id((self.office.0, seq)).one(&self.conn).await?.map(entry).transpose()
    }

    /// The newest row about an object whose action begins so.
    pub(crate) async fn newest_audit_of(&self, object_id: Uuid, action: &str) -> Result<Option<AuditEntry>> {
        let row = audit::Entity::find()
            .filter(audit::Column::OfficeId.eq(self.office.0))
            .filter(audit::Column::ObjectId.eq(object_id))
            .filter(audit::Column::Action.starts_with(action))
            .order_by_desc(audit::Column::Seq)
            .limit(1)
            .one(&self.conn)
            .await?;
        row.map(entry).transpose()
    }

    /// Recomputes the whole chain from its start: edits, deletions and reorderings show. Its cost grows with the list.
    pub async fn verify_audit(&self) -> Result<ChainCheck> {
        self.verify_audit_rows(1, i64::MAX).await
    }

    /// Recomputes the chain of the rows numbered `first` to `last` on top of the row before them. Where they reach the newest
    /// row, it has to be the one that the office remembers. [`ChainCheck::Whole`] counts the rows looked at.
    pub async fn verify_audit_rows(&self, first: i64, last: i64) -> Result<ChainCheck> {
        let head = offices::Entity::find_by_id(self.office.0).one(&self.conn).await?;
        let head = head.ok_or(StoreError::NotFound { what: "office" })?;
        let first = first.max(1);
        let mut previous = self.audit_hash(first - 1).await?;
        let mut expected = first;
        while expected <= last {
            let rows = audit::Entity::find()
                .filter(audit::Column::OfficeId.eq(self.office.0))
                .filter(audit::Column::Seq.between(expected, last))
                .order_by_asc(audit::Column::Seq)
                .limit(1000)
                .all(&self.conn)
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let stored = row.hash.clone();
                let seq = row.seq;
                let is_whole = seq == expected
                    && entry(row).is_ok_and(|e| chain_hash(self.cipher.audit_key(), &previous, &e)[..] == stored[..]);
                if !is_whole {
                    return Ok(ChainCheck::Broken { seq: expected });
                }
                previous = stored;
                expected += 1;
            }
        }
        let is_end = head.audit_seq == expected - 1;
        if (is_end && head.audit_head == previous) || (!is_end && expected > last) {
            Ok(ChainCheck::Whole(expected - first))
        } else {
            Ok(ChainCheck::Broken { seq: expected })
        }
    }

    /// The hash of a row; empty where there is none, as before the first.
    async fn audit_hash(&self, seq: i64) -> Result<Vec<u8>> {
        let row = audit::Entity::find_by_id((self.office.0, seq)).one(&self.conn).await?;
        Ok(row.map(|row| row.hash).unwrap_or_default())
    }

    fn audit_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Select<audit::Entity> {
        audit::Entity::find()
            .filter(audit::Column::OfficeId.eq(self.office.0))
            .filter(audit::Column::At.gte(to_ms(from)))
            .filter(audit::Column::At.lt(to_ms(to)))
    }
}

/// Writes rows at the end of an office's list, within whatever transaction `conn` is. Gives those that are told after its commit.
pub(crate) async fn append(
    conn: &DatabaseTransaction,
    cipher: &Cipher,
    office: OfficeId,
    at: DateTime<Utc>,
    notes: Vec<AuditNote>,
) -> Result<Vec<Change>> {
    let mut told = Vec::new();
    let mut head = offices::Entity::find_by_id(office.0);
    if !only_postgres(conn, "lock").is_empty() {
        head = head.lock_exclusive();
    }
    let head = head.one(conn).await?.ok_or(StoreError::NotFound { what: "office" })?;
    let (mut seq, mut hash) = (head.audit_seq, head.audit_head);
    let mut rows = Vec::with_capacity(notes.len());
    for AuditNote { actor, action, object_kind, object_id, detail } in notes {
        seq += 1;
        let entry = AuditEntry { seq, at, actor, action, object_kind, object_id, detail: detail.to_string() };
        hash = chain_hash(cipher.audit_key(), &hash, &entry).to_vec();
        if is_told(&entry.action) {
            let (hash, action) = (hash.clone(), entry.action.clone());
            told.push(Change { at, office, seq, hash, action, object: object_id, detail });
        }
        rows.push(audit::ActiveModel {
            office_id: Set(office.0),
            seq: Set(seq),
            at: Set(to_ms(at)),
            actor_kind: Set(actor.kind.as_str().to_owned()),
            actor_id: Set(actor.id),
            action: Set(entry.action),
            object_kind: Set(entry.object_kind),
            object_id: Set(object_id),
            detail: Set(entry.detail),
            hash: Set(hash.clone()),
        });
    }
    insert_all(conn, rows).await?;
    let head =
        offices::ActiveModel { id: Set(office.0), audit_seq: Set(seq), audit_head: Set(hash), ..Default::default() };
    head.update(conn).await?;
    Ok(told)
}

fn entry(row: audit::Model) -> Result<AuditEntry> {
    let kind = code("audit", "actor_kind", row.office_id, &row.actor_kind)?;
    Ok(AuditEntry {
        seq: row.seq,
        at: from_ms(row.at),
        actor: Actor { kind, id: row.actor_id },
        action: row.action,
        object_kind: row.object_kind,
        object_id: row.object_id,
        detail: row.detail,
    })
}
