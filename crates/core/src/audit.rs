//! Audit entries and their hash chain: what people did and looked at, and the proof that nobody edited the list (P11).

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::codes;
use crate::ids::StaffId;

codes! {
    /// What kind of actor.
    ActorKind {
        /// A signed-in member of staff.
        Staff = "staff",
        /// A graduate on their own page or by message.
        Graduate = "graduate",
        /// An employer contact by link.
        Employer = "employer",
        /// Somebody at the command line.
        Command = "command",
        /// The program itself.
        Program = "program",
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What kind.
    pub kind: ActorKind,
    /// Which, where there is an id.
    pub id: Option<Uuid>,
}

impl Actor {
    /// The program itself.
    pub const PROGRAM: Self = Self { kind: ActorKind::Program, id: None };
    /// Somebody at the command line.
    pub const COMMAND: Self = Self { kind: ActorKind::Command, id: None };

    /// A member of staff.
    pub fn staff(id: StaffId) -> Self {
        Self { kind: ActorKind::Staff, id: Some(id.0) }
    }

    /// A graduate.
    pub fn graduate(id: crate::ids::GraduateId) -> Self {
        Self { kind: ActorKind::Graduate, id: Some(id.0) }
    }

    /// An employer contact, known by the request they answer.
    pub fn employer(id: crate::ids::EscalationId) -> Self {
        Self { kind: ActorKind::Employer, id: Some(id.0) }
    }
}

/// One row of the list, as it is hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// 1, 2, 3 … without gaps per office.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What, a word such as `graduate.read`.
    pub action: String,
    /// Kind of the object.
    pub object_kind: String,
    /// Which object.
    pub object_id: Option<Uuid>,
    /// JSON of codes and ids only.
    pub detail: String,
}

/// The chain's next hash: HMAC-SHA-256 over the previous hash and every field with its length before it.
pub fn chain_hash(key: &[u8; 32], previous: &[u8], entry: &AuditEntry) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    let mut feed = |bytes: &[u8]| {
        mac.update(&(bytes.len() as u64).to_be_bytes());
        mac.update(bytes);
    };
    feed(previous);
    feed(&entry.seq.to_be_bytes());
    feed(&entry.at.timestamp_millis().to_be_bytes());
    feed(entry.actor.kind.as_str().as_bytes());
    feed(entry.actor.id.map(Uuid::into_bytes).unwrap_or_default().as_slice());
    feed(entry.action.as_bytes());
    feed(entry.object_kind.as_bytes());
    feed(entry.object_id.map(Uuid::into_bytes).unwrap_or_default().as_slice());
    feed(entry.detail.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> AuditEntry {
        AuditEntry {
            seq: 1,
            at: DateTime::from_timestamp(0, 0).expect("in range"),
            actor: Actor::PROGRAM,
            action: "graduate.read".into(),
            object_kind: "graduate".into(),
            object_id: Some(Uuid::from_u128(3)),
            detail: "{}".into(),
        }
    }

    #[test]
    fn any_changed_field_changes_the_hash() {
        let base = chain_hash(&[1; 32], &[0; 32], &entry());
        let changed = [
            AuditEntry { seq: 2, ..entry() },
            AuditEntry { action: "graduate.rea".into(), object_kind: "dgraduate".into(), ..entry() },
            AuditEntry { object_id: None, ..entry() },
            AuditEntry { detail: "{} ".into(), ..entry() },
            AuditEntry { actor: Actor::COMMAND, ..entry() },
        ];
        assert!(changed.iter().all(|entry| chain_hash(&[1; 32], &[0; 32], entry) != base));
        assert_ne!(chain_hash(&[1; 32], &[1; 32], &entry()), base);
        assert_ne!(chain_hash(&[2; 32], &[0; 32], &entry()), base);
    }
}
