//! One line of the journal.

use bansou_channels::Outcome;
use bansou_core::delivery::{ChannelKind, Purpose};
use bansou_core::ids::OfficeId;
use bansou_store::{Change, Delivery};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One line: about a message, or about a change that a restored backup would forget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A message to a provider.
    Sent(SentLine),
    /// A stop, a withdrawal, a changed address or the like.
    Change(Change),
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A provider is about to be called.
    Intent,
    /// A provider took it.
    Accepted,
    /// It surely isn't out: refused, put off, or never left.
    NotOut,
    /// Nobody knows.
    Unknown,
}

/// A message's intent or result. Ids and codes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// When it was written, UTC.
    pub at: DateTime<Utc>,
    /// Whose message.
    pub office: OfficeId,
    /// The delivery's row, which a restored backup may not know.
    pub delivery: Uuid,
    /// Which claim.
    pub fence: i64,
    /// The same for one thing said to one person, whatever the way: derived from person, purpose and slot.
    pub retry_key: Uuid,
    /// The person, where it is a graduate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graduate: Option<Uuid>,
    /// The check-in it carries: its answer buttons name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_in: Option<Uuid>,
    /// What for.
    pub purpose: Purpose,
    /// Configured channel.
    pub channel: String,
    /// Its kind.
    pub kind: ChannelKind,
    /// Where it stands.
    pub step: Step,
    /// The provider's id of an accepted message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_ref: Option<String>,
}

impl Line {
    /// The line about a message, if it is one.
    pub fn sent(&self) -> Option<&SentLine> {
        if let Self::Sent(line) = self { Some(line) } else { None }
    }

    /// The line about a change, if it is one.
    pub fn change(&self) -> Option<&Change> {
        if let Self::Change(change) = self { Some(change) } else { None }
    }
}

impl SentLine {
    /// What is about to be called.
    pub fn intent(office: OfficeId, delivery: &Delivery, at: DateTime<Utc>) -> Self {
        Self {
            at,
            office,
            delivery: delivery.id.0,
            fence: delivery.fence,
            retry_key: delivery.retry_key,
            graduate: delivery.graduate.map(|id| id.0),
            check_in: delivery.check_in.map(|id| id.0),
            purpose: delivery.purpose,
            channel: delivery.channel_id.clone(),
            kind: delivery.channel_kind,
            step: Step::Intent,
            provider_ref: None,
        }
    }

    /// What came of it.
    pub fn result(office: OfficeId, delivery: &Delivery, outcome: &Outcome, at: DateTime<Utc>) -> Self {
        let mut line = Self::intent(office, delivery, at);
        line.step = match outcome {
            Outcome::Accepted { provider_ref, .. } => {
                line.provider_ref.clone_from(provider_ref);
                Step::Accepted
            }
            Outcome::Refused { .. } | Outcome::WaitUntil { .. } | Outcome::NotSent { .. } => Step::NotOut,
            Outcome::Unknown { .. } => Step::Unknown,
        };
        line
    }
}
