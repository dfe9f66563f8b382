//! Guards against guessing and doubling: slow sign-in after failures, forms that act once, and what is pruned.
//!
//! Failures are counted by account and by address (ASVS V6.3.1). After five for one account the wait is 30 seconds, doubling up to
//! 15 minutes, from wherever they come; after thirty from one address it is half a minute, then a minute. A browser that has signed in
//! to the account before is counted by itself: neither guesses from elsewhere nor those of a neighbour at the same address keep
//! its owner out. The counts live in the database, so that several processes share them and a restart doesn't forget them.

use bansou_core::audit::Actor;
use bansou_core::ids::{OfficeId, StaffId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use crate::connect::Store;
use crate::crypto::{hmac, token_hash};
use crate::drafts::DRAFT_FOR;
use crate::entity::{drafts, kept_forms, link_tokens, login_throttle, sessions, submissions};
use crate::error::{Result, StoreError};
use crate::kept_forms::KEPT_FOR;
use crate::sessions::SessionKind;
use crate::sql::statement;
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

/// So many failures are free.
const FREE_FAILURES: i64 = 5;
/// So many at one address, where a whole office may sit behind one line.
const FREE_AT_ADDRESS: i64 = 30;
const LONGEST_AT_ADDRESS: TimeDelta = TimeDelta::minutes(1);
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

/// From where a sign-in is tried.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// The e-mail address as it was typed.
    pub account: &'a str,
    /// The network address.
    pub address: &'a str,
    /// What the browser kept from an earlier sign-in; see [`Store::known_device`].
    pub device: Option<&'a str>,
}

/// What failures are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    /// One browser that has signed in to this account before.
    Device,
    /// One account, from all browsers that haven't.
    Account,
    /// One address, over all accounts and browsers that haven't.
    Address,
}

impl Store {
    /// Until when no such sign-in is looked at; `None` when it may be tried now.
    pub async fn sign_in_blocked_until(&self, attempt: Attempt<'_>) -> Result<Option<DateTime<Utc>>> {
        let keys = self.throttle_keys(attempt).into_iter().map(|(_, key)| key);
        let rows =
            login_throttle::Entity::find().filter(login_throttle::Column::KeyHash.is_in(keys)).all(self.db()).await?;
        let latest = rows.into_iter().map(|row| from_ms(row.blocked_until)).max();
        Ok(latest.filter(|until| *until > self.ambient().now()))
    }

    /// Counts a failed sign-in. Not to be called for one that was turned away unseen. It leaves an audit row, without what was
    /// typed, in `noted`: the account's office and id, or the first office where there is no such account.
    pub async fn sign_in_failed(&self, attempt: Attempt<'_>, noted: Option<(OfficeId, StaffId)>) -> Result<()> {
        let office = match noted {
            Some((office, _)) => office,
            None => self.offices().await?.first().ok_or(StoreError::NotFound { what: "office" })?.id,
        };
        let (tx, now) = (self.begin(office).await?, self.ambient().now());
        for (lane, key) in self.throttle_keys(attempt) {
            let count = statement(&tx.conn, COUNT_FAILURE, [key.clone().into(), to_ms(now).into()]);
            let row = tx.conn.query_one_raw(count).await?;
            let failures: i64 =
                row.ok_or(StoreError::NotFound { what: "count of failures" })?.try_get("", "failures")?;
            let until = to_ms(now + lane.wait(failures));
            tx.conn.execute_raw(statement(&tx.conn, SET_WAIT, [key.into(), until.into()])).await?;
        }
        let known = attempt.device.is_some_and(|device| self.is_known_device(attempt.account, device));
        let detail = json!({ "known_browser": known });
        tx.audit(Actor::PROGRAM, "session.refused", "staff", noted.map(|(_, staff)| staff.0), detail).await?;
        tx.save().await
    }

    /// Forgets the failures of the account, as far as this browser was held back by them. Those of the address stay: whoever
    /// has an account of their own could else go on guessing at others'.
    pub async fn sign_in_succeeded(&self, attempt: Attempt<'_>) -> Result<()> {
        let keys = self.throttle_keys(attempt).into_iter().filter(|(lane, _)| *lane != Lane::Address);
        let _gate = self.gate().await;
        login_throttle::Entity::delete_many()
            .filter(login_throttle::Column::KeyHash.is_in(keys.map(|(_, key)| key)))
            .exec(self.db())
            .await?;
        Ok(())
    }

    /// What a browser keeps after signing in to this account, so that strangers' guesses don't hold it back. It opens nothing.
    pub fn known_device(&self, account: &str) -> String {
        let nonce = URL_SAFE_NO_PAD.encode(self.ambient().bytes::<16>());
        let proof = URL_SAFE_NO_PAD.encode(self.device_proof(account, &nonce));
        format!("{nonce}.{proof}")
    }

    fn is_known_device(&self, account: &str, device: &str) -> bool {
        let Some((nonce, proof)) = device.split_once('.') else { return false };
        let Ok(proof) = URL_SAFE_NO_PAD.decode(proof) else { return false };
        self.device_proof(account, nonce).ct_eq(proof.as_slice()).into()
    }

    fn device_proof(&self, account: &str, nonce: &str) -> Vec<u8> {
        hmac(&self.sign_in_key(), &[b"device", folded(account).as_bytes(), nonce.as_bytes()]).to_vec()
    }

    /// Deletes what has run out: form keys, sessions, links, counts of failures. Returns how many rows went.
    pub async fn prune_short_lived(&self) -> Result<u64> {
        let now = self.ambient().now();
        let before = |age: TimeDelta| to_ms(now - age);
        // An ended session opens nothing, but says for a while whose form came too late.
        let ended = SessionKind::ALL.iter().fold(Condition::any(), |ended, kind| {
            let over = Condition::any()
                .add(sessions::Column::LastSeenAt.lte(before(kind.idle() + KEPT_FOR)))
                .add(sessions::Column::CreatedAt.lte(before(kind.absolute() + KEPT_FOR)));
            ended.add(Condition::all().add(sessions::Column::Kind.eq(kind.as_str())).add(over))
        });
        let _gate = self.gate().await;
        let gone = [
            drafts::Entity::delete_many()
                .filter(drafts::Column::SavedAt.lte(before(DRAFT_FOR)))
                .exec(self.db())
                .await?,
            kept_forms::Entity::delete_many()
                .filter(kept_forms::Column::KeptAt.lte(before(KEPT_FOR)))
                .exec(self.db())
                .await?,
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

    fn throttle_keys(&self, attempt: Attempt<'_>) -> Vec<(Lane, Vec<u8>)> {
        let account = folded(attempt.account);
        let key = |kind: &str, value: &str| {
            hmac(&self.sign_in_key(), &[b"throttle", kind.as_bytes(), value.as_bytes()]).to_vec()
        };
        match attempt.device.filter(|device| self.is_known_device(&account, device)) {
            Some(device) => vec![(Lane::Device, key("device", device))],
            None => vec![(Lane::Account, key("account", &account)), (Lane::Address, key("address", attempt.address))],
        }
    }
}

impl Tx {
    /// Takes a form's key; `false` when it was taken before, so that a form sent twice acts once.
    pub async fn take_form_key(&self, key: &str) -> Result<bool> {
        let hash = token_hash(&[self.office.0.as_bytes(), key.as_bytes()].concat());
        let take = statement(&self.conn, TAKE_FORM_KEY, [hash.into(), to_ms(self.now()).into()]);
        Ok(self.conn.execute_raw(take).await?.rows_affected() == 1)
    }

    /// Whether a form with this key has acted already; the key stays as it is.
    pub async fn is_form_key_taken(&self, key: &str) -> Result<bool> {
        let hash = token_hash(&[self.office.0.as_bytes(), key.as_bytes()].concat());
        Ok(submissions::Entity::find_by_id(hash).one(&self.conn).await?.is_some())
    }
}

impl Lane {
    /// An office's browsers often share one address, so many failures there are free and the wait stays short: it makes
    /// guessing at many accounts slow and locks nobody out.
    fn wait(self, failures: i64) -> TimeDelta {
        let (free, longest) = match self {
            Self::Device | Self::Account => (FREE_FAILURES, LONGEST_WAIT),
            Self::Address => (FREE_AT_ADDRESS, LONGEST_AT_ADDRESS),
        };
        let Ok(over) = u32::try_from(failures.saturating_sub(free).min(6)) else { return TimeDelta::zero() };
        (FIRST_WAIT * 2_i32.pow(over)).min(longest)
    }
}

/// One account however it is typed.
fn folded(account: &str) -> String {
    account.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(lane: Lane, failures: std::ops::RangeInclusive<i64>) -> Vec<i64> {
        failures.map(|failures| lane.wait(failures).num_seconds()).collect()
    }

    #[test]
    fn the_wait_begins_at_the_fifth_failure_and_doubles_up_to_fifteen_minutes() {
        for lane in [Lane::Account, Lane::Device] {
            assert_eq!(seconds(lane, 1..=12), [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
            assert_eq!(lane.wait(i64::MAX), LONGEST_WAIT);
        }
    }

    #[test]
    fn at_an_address_it_begins_late_and_stays_short() {
        assert_eq!(seconds(Lane::Address, 28..=33), [0, 0, 30, 60, 60, 60]);
    }
}
