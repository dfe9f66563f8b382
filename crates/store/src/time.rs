//! Instants in the database are milliseconds since 1970-01-01 UTC.

use chrono::{DateTime, Utc};

pub(crate) fn to_ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// Every `i64` this program writes is in chrono's range; anything else counts as the epoch, long in the past.
pub(crate) fn from_ms(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}
