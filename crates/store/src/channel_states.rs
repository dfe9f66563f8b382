//! What is known of each configured channel: whether it stands still, and how it last went.
//!
//! A channel is one account with a provider. Offices that share one share what is known of it: a month that is used up is
//! used up for all of them. The row's office is the one that wrote of it first.

use bansou_core::delivery::ChannelTrouble;
use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::entity::channel_states;
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::Tx;

/// An acceptance is news again after so long.
const OK_FOR: Duration = Duration::seconds(10);

/// What is known of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelState {
    /// Id of the configured channel.
    pub channel_id: String,
    /// Nothing is claimed before this.
    pub stopped_until: Option<DateTime<Utc>>,
    /// Why.
    pub stopped_for: Option<ChannelTrouble>,
    /// Last accepted message.
    pub last_ok_at: Option<DateTime<Utc>>,
    /// Last refused or unclear outcome.
    pub last_error_at: Option<DateTime<Utc>>,
    /// What it was.
    pub last_error: Option<ChannelTrouble>,
    /// The provider's code for it.
    pub last_error_code: Option<String>,
    /// The monthly allowance; `None` where the provider has none or was never asked.
    pub quota: Option<ChannelQuota>,
    /// What came in before this was asked for and stored; `None` where the provider was never asked.
    pub swept_at: Option<DateTime<Utc>>,
}

/// How much of a month's allowance is used, by the provider's own count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelQuota {
    /// Messages of this month.
    pub used: u64,
    /// How many a month may have; `None` without a limit.
    pub limit: Option<u64>,
    /// When the provider was asked.
    pub at: DateTime<Utc>,
}

impl Store {
    /// Until when each provider that can be asked what came in was asked, of all offices.
    pub async fn swept(&self) -> Result<Vec<(String, DateTime<Utc>)>> {
        let rows: Vec<(String, i64)> = channel_states::Entity::find()
            .select_only()
            .columns([channel_states::Column::ChannelId, channel_states::Column::SweptAt])
            .filter(channel_states::Column::SweptAt.is_not_null())
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(|(channel, at)| (channel, from_ms(at))).collect())
    }
}

impl Tx {
    /// What is known of a channel; `None` before its first message.
    pub async fn channel_state(&self, channel_id: &str) -> Result<Option<ChannelState>> {
        let row = channel_states::Entity::find_by_id(channel_id).one(&self.conn).await?;
        Ok(row.map(to_state))
    }

    /// Every channel of which something is known.
    pub async fn channel_states(&self) -> Result<Vec<ChannelState>> {
        let rows =
            channel_states::Entity::find().order_by_asc(channel_states::Column::ChannelId).all(&self.conn).await?;
        Ok(rows.into_iter().map(to_state).collect())
    }

    /// A provider accepted messages. Written down at most every few seconds: it says that the channel works, and processes
    /// that send over the same channel would wait for each other's row.
    pub async fn channel_ok(&self, channel_id: &str) -> Result<()> {
        let now = to_ms(self.now());
        let fresh = channel_states::Column::LastOkAt.gt(now - OK_FOR.num_milliseconds());
        let is_known = channel_states::Entity::find_by_id(channel_id)
            .filter(fresh)
            .filter(channel_states::Column::LastOkAt.lte(now))
            .one(&self.conn)
            .await?;
        if is_known.is_some() {
            return Ok(());
        }
        self.put_channel(channel_id, channel_states::ActiveModel { last_ok_at: Set(Some(now)), ..Default::default() })
            .await
    }

    /// A provider refused, or its answer was unclear; `code` is the provider's.
    pub async fn channel_failed(&self, channel_id: &str, trouble: ChannelTrouble, code: &str) -> Result<()> {
        let change = channel_states::ActiveModel {
            last_error_at: Set(Some(to_ms(self.now()))),
            last_error: Set(Some(trouble.as_str().to_owned())),
            last_error_code: Set(Some(code.to_owned())),
            ..Default::default()
        };
        self.put_channel(channel_id, change).await
    }

    /// Nothing is claimed for the channel before `until`, e.g. because the month's quota is used up.
    pub async fn stop_channel(&self, channel_id: &str, until: DateTime<Utc>, trouble: ChannelTrouble) -> Result<()> {
        let change = channel_states::ActiveModel {
            stopped_until: Set(Some(to_ms(until))),
            stop_code: Set(Some(trouble.as_str().to_owned())),
            ..Default::default()
        };
        self.put_channel(channel_id, change).await
    }

    /// The channel goes again.
    pub async fn resume_channel(&self, channel_id: &str) -> Result<()> {
        let change =
            channel_states::ActiveModel { stopped_until: Set(None), stop_code: Set(None), ..Default::default() };
        self.put_channel(channel_id, change).await
    }

    /// What the provider said of the month's allowance.
    pub async fn put_quota(&self, channel_id: &str, quota: &ChannelQuota) -> Result<()> {
        let many = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let change = channel_states::ActiveModel {
            quota_used: Set(Some(many(quota.used))),
            quota_limit: Set(quota.limit.map(many)),
            quota_at: Set(Some(to_ms(quota.at))),
            ..Default::default()
        };
        self.put_channel(channel_id, change).await
    }

    /// The provider was asked what came in, and everything up to then is stored.
    pub async fn channel_swept(&self, channel_id: &str, at: DateTime<Utc>) -> Result<()> {
        let change = channel_states::ActiveModel { swept_at: Set(Some(to_ms(at))), ..Default::default() };
        self.put_channel(channel_id, change).await
    }

    async fn put_channel(&self, channel_id: &str, change: channel_states::ActiveModel) -> Result<()> {
        if self.change_channel(channel_id, change.clone()).await? {
            return Ok(());
        }
        let empty = channel_states::ActiveModel {
            channel_id: Set(channel_id.to_owned()),
            office_id: Set(self.office.0),
            stopped_until: Set(None),
            stop_code: Set(None),
            last_ok_at: Set(None),
            last_error_at: Set(None),
            last_error: Set(None),
            last_error_code: Set(None),
            quota_used: Set(None),
            quota_limit: Set(None),
            quota_at: Set(None),
            swept_at: Set(None),
        };
        let once = OnConflict::column(channel_states::Column::ChannelId).do_nothing().to_owned();
        channel_states::Entity::insert(empty).on_conflict(once).exec_without_returning(&self.conn).await?;
        if self.change_channel(channel_id, change).await? {
            Ok(())
        } else {
            Err(StoreError::NotFound { what: "channel" })
        }
    }

    async fn change_channel(&self, channel_id: &str, change: channel_states::ActiveModel) -> Result<bool> {
        let changed = channel_states::Entity::update_many()
            .set(change)
            .filter(channel_states::Column::ChannelId.eq(channel_id))
            .exec(&self.conn)
            .await?;
        Ok(changed.rows_affected > 0)
    }
}

fn to_state(row: channel_states::Model) -> ChannelState {
    let trouble = |code: Option<String>| code.map(|code| code.parse().unwrap_or(ChannelTrouble::Other));
    let many = |n: i64| u64::try_from(n).unwrap_or(0);
    let quota = row.quota_used.zip(row.quota_at).map(|(used, at)| ChannelQuota {
        used: many(used),
        limit: row.quota_limit.map(many),
        at: from_ms(at),
    });
    ChannelState {
        channel_id: row.channel_id,
        stopped_until: row.stopped_until.map(from_ms),
        stopped_for: trouble(row.stop_code),
        last_ok_at: row.last_ok_at.map(from_ms),
        last_error_at: row.last_error_at.map(from_ms),
        last_error: trouble(row.last_error),
        last_error_code: row.last_error_code,
        quota,
        swept_at: row.swept_at.map(from_ms),
    }
}
