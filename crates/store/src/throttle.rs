//! Guards against guessing and doubling: slow sign-in after failures, forms that act once, and what is pruned.
//!
//! Failures are counted by account and by address. After five the wait is 30 seconds, doubling up to 15 minutes. The counts
//! live in the database, so that several processes share them and a restart doesn't forget them.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, TransactionTrait};

use crate::connect::Store;
use crate::crypto::{hmac, token_hash};
use crate::entity::{link_tokens, login_throttle, sessions, submissions};
use crate::error::{Result, StoreError};
use crate::sessions::SessionKind;
use crate::sql::statement;
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

/// So many failures are free.
const FREE_FAILURES: i64 = 5;
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);
/// A form is sent twice within minutes, if at all.
const KEEP_FORM_KEYS: TimeDelta = TimeDelta::days(2);
/// Failures are forgotten after a quiet day.
const KEEP_FAILURES: TimeDelta = TimeDelta::days(1);
/// Links that don't work any more are kept for a while, so that a page could say "expired" rather than "unknown".
const KEEP_LINKS: TimeDelta = TimeDelta::days(90);

const COUNT_FAILURE: &str = "INSERT INTO login_throttle (key_hash, failures, blocked_until) VALUES ($1, 1, $2) \
    ON CONFLICT (key_hash) DO UPDATE SET failures = login_throttle.failures + 1 RETURNING failures";
const SET_WAIT: &str = "UPDATE login_throttle SET blocked_until = $2 WHERE key_hash = $1";
const TAKE_FORM_KEY: &str = "INSERT INTO submissions (key_hash, at) VALUES ($1, $2) ON CONFLICT (key_hash) DO NOTHING";

impl Store {
    /// Until when no sign-in to this account, or from this address, is looked at; `None` when it may be tried now.
    pub async fn sign_in_blocked_until(&self, account: &str, address: &str) -> Result<Option<DateTime<Utc>>> {
        let rows = login_throttle::Entity::find()
            .filter(login_throttle::Column::KeyHash.is_in(self.throttle_keys(account, address)))
            .all(self.db())
            .await?;
        let latest = rows.into_iter().map(|row| from_ms(row.blocked_until)).max();
        Ok(latest.filter(|until| *until > self.ambient().now()))
    }

    /// Counts a failed sign-in. Not to be called for one that was turned away unseen.
    pub async fn sign_in_failed(&self, account: &str, address: &str) -> Result<()> {
        let now = self.ambient().now();
        let _gate = self.gate().await;
        let conn = self.db().begin().await?;
        for key in self.throttle_keys(account, address) {
            let count = statement(&conn, COUNT_FAILURE, [key.clone().into(), to_ms(now).into()]);
            let row = conn.query_one_raw(count).await?;
            let failures: i64 =
                row.ok_or(StoreError::NotFound { what: "count of failures" })?.try_get("", "failures")?;
            conn.execute_raw(statement(&conn, SET_WAIT, [key.into(), to_ms(now + wait(failures)).into()])).await?;
        }
        Ok(conn.commit().await?)
    }

    /// Forgets the failures of an account and an address.
    pub async fn sign_in_succeeded(&self, account: &str, address: &str) -> Result<()> {
        let _gate = self.gate().await;
        login_throttle::Entity::delete_many()
            .filter(login_throttle::Column::KeyHash.is_in(self.throttle_keys(account, address)))
            .exec(self.db())
            .await?;
        Ok(())
    }

    /// Deletes what has run out: form keys, sessions, links, counts of failures. Returns how many rows went.
    pub async fn prune_short_lived(&self) -> Result<u64> {
        let now = self.ambient().now();
        let before = |age: TimeDelta| to_ms(now - age);
        let ended = SessionKind::ALL.iter().fold(Condition::any(), |ended, kind| {
            let over = Condition::any()
                .add(sessions::Column::LastSeenAt.lte(before(kind.idle())))
                .add(sessions::Column::CreatedAt.lte(before(kind.absolute())));
            ended.add(Condition::all().add(sessions::Column::Kind.eq(kind.as_str())).add(over))
        });
        let _gate = self.gate().await;
        let gone = [
            submissions::Entity::delete_many()
                .filter(submissions::Column::At.lte(before(KEEP_FORM_KEYS)))
                .exec(self.db())
                .await?,
            sessions::Entity::delete_many().filter(ended).exec(self.db()).await?,
            link_tokens::Entity::delete_many()
                .filter(link_tokens::Column::ExpiresAt.lte(before(KEEP_LINKS)))
                .exec(self.db())
                .await?,
            login_throttle::Entity::delete_many()
                .filter(login_throttle::Column::BlockedUntil.lte(before(KEEP_FAILURES)))
                .exec(self.db())
                .await?,
        ];
        Ok(gone.iter().map(|result| result.rows_affected).sum())
    }

    fn throttle_keys(&self, account: &str, address: &str) -> [Vec<u8>; 2] {
        let key = self.sign_in_key();
        let account = account.trim().to_lowercase();
        [("account", account.as_str()), ("address", address)]
            .map(|(kind, value)| hmac(&key, &[b"throttle", kind.as_bytes(), value.as_bytes()]).to_vec())
    }
}

impl Tx {
    /// Takes a form's key; `false` when it was taken before, so that a form sent twice acts once.
    pub async fn take_form_key(&self, key: &str) -> Result<bool> {
        let hash = token_hash(&[self.office.0.as_bytes(), key.as_bytes()].concat());
        let take = statement(&self.conn, TAKE_FORM_KEY, [hash.into(), to_ms(self.now()).into()]);
        Ok(self.conn.execute_raw(take).await?.rows_affected() == 1)
    }
}

fn wait(failures: i64) -> TimeDelta {
    let Ok(over) = u32::try_from(failures.saturating_sub(FREE_FAILURES).min(6)) else { return TimeDelta::zero() };
    (FIRST_WAIT * 2_i32.pow(over)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_at_the_fifth_failure_and_doubles_up_to_fifteen_minutes() {
        let seconds: Vec<i64> = (1..=12).map(|failures| wait(failures).num_seconds()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(wait(i64::MAX), LONGEST_WAIT);
    }
}
