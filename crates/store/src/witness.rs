//! Changes that somebody outside the database is told of once they are committed.
//!
//! A backup that is restored has forgotten what was changed since it was taken. That a message was lost with it does little
//! harm; that a *stop* was lost would let the program write to somebody who said no. So each such change is told to a witness,
//! which keeps it elsewhere (the send journal), and a restored database is told of it again (P15).

use std::pin::Pin;
use std::sync::Arc;

use bansou_core::ids::OfficeId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::connect::Store;

/// Beginnings of the audit list's actions that are told: whoever may no longer be written to, or not there any more,
/// whoever may no longer sign in, and words that were taken back before they went out.
const TOLD: [&str; 16] = [
    "graduate.stop",
    "graduate.allow",
    "graduate.support",
    "graduate.pause",
    "graduate.unpause",
    "graduate.change",
    "graduate.import",
    "contact_point.",
    "consent.withdraw",
    "escalation.withdraw",
    "line.bind",
    "stranger.",
    "sending.",
    "staff.disable",
    "channel.",
    "message.take_back",
];

/// One change, as the audit list names it: ids and codes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Where.
    pub office: OfficeId,
    /// Number in the office's audit list.
    pub seq: i64,
    /// That row's hash: a database that has it knows the change.
    #[serde(with = "hex_bytes")]
    pub hash: Vec<u8>,
    /// What was done.
    pub action: String,
    /// To what, e.g. the graduate.
    pub object: Option<Uuid>,
    /// The audit row's codes.
    pub detail: serde_json::Value,
}

/// Keeps changes elsewhere. It is called after the commit, so it can't refuse; it tells of its own failures.
pub type Witness = Arc<dyn Fn(Vec<Change>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Whether this action is told.
pub(crate) fn is_told(action: &str) -> bool {
    TOLD.iter().any(|told| action.starts_with(told))
}

impl Store {
    /// From here on changes of who may be written to are told to `witness` after their commit. The first witness stays.
    pub fn tell(&self, witness: Witness) {
        let _ = self.witness_cell().set(witness);
    }

    pub(crate) async fn told(&self, changes: Vec<Change>) {
        if let Some(witness) = self.witness_cell().get().filter(|_| !changes.is_empty()) {
            witness(changes).await;
        }
    }
}

mod hex_bytes {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map_err(serde::de::Error::custom)
    }
}
