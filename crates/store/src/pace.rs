//! Turns on a channel that may be called only so often: a provider counts the calls of an account, not those of a process, so
//! all processes that send over it take their turns from the same row.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;

use crate::connect::Store;
use crate::error::{Result, StoreError};
use crate::sql::statement;
use crate::time::{from_ms, to_ms};

/// Nobody waits longer than this: turns further ahead were given by a clock that has been put back since. Shorter than a process
/// may take to stop, and many times what all workers' batches together take.
const LONGEST: TimeDelta = TimeDelta::seconds(10);

/// `$1` channel, `$2` now, `$3` how long these calls take at the channel's pace, `$4` the longest wait. Answers when the first of
/// them may begin.
const TAKE: &str = "INSERT INTO channel_pace (channel_id, free_at) VALUES ($1, $2 + $3)
    ON CONFLICT (channel_id) DO UPDATE SET free_at = $3 + CASE
        WHEN channel_pace.free_at BETWEEN $2 AND $2 + $4 THEN channel_pace.free_at ELSE $2 END
    RETURNING free_at - $3 AS begins";

impl Store {
    /// Takes turns for so many calls of a channel that may be called `per_second` times a second; answers when they may begin.
    /// They may begin all at once, so that within any second there are at most `per_second` and one such batch.
    pub async fn take_turns(&self, channel_id: &str, calls: u32, per_second: u32) -> Result<DateTime<Utc>> {
        let takes = (u64::from(calls) * 1000).div_ceil(u64::from(per_second.max(1)));
        let values = [
            channel_id.into(),
            to_ms(self.ambient().now()).into(),
            i64::try_from(takes).unwrap_or(i64::MAX).into(),
            LONGEST.num_milliseconds().into(),
        ];
        let _turn = self.gate().await;
        let row = self.writing().query_one_raw(statement(self.writing(), TAKE, values)).await?;
        let row = row.ok_or(StoreError::NotFound { what: "a turn" })?;
        Ok(from_ms(row.try_get("", "begins")?))
    }
}
