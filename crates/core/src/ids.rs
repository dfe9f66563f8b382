//! One id type per noun, so that a graduate's id can't stand where a check-in's is asked for.
//!
//! Ids are `UUIDv7` from [`Ambient`]; they never stand in a public link.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ambient::Ambient;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, sortable by the moment it was made.
            pub fn new(ambient: &Ambient) -> Self {
                Self(ambient.new_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    )+};
}

id_types! {
    /// An office.
    OfficeId,
    /// A member of staff.
    StaffId,
    /// A graduate.
    GraduateId,
    /// One address of a graduate.
    ContactPointId,
    /// A company.
    EmployerId,
    /// A person at a company.
    EmployerContactId,
    /// A placement episode.
    EmploymentId,
    /// A period of service.
    ServicePeriodId,
    /// A cadence.
    CadenceId,
    /// A check-in: the ledger row.
    CheckInId,
    /// A delivery.
    DeliveryId,
    /// A message in a thread.
    MessageId,
    /// A stored inbound event.
    InboundId,
    /// A note.
    NoteId,
    /// A sign.
    SignId,
    /// A consent.
    ConsentId,
    /// A request to an employer.
    EscalationId,
    /// A record of something shared.
    ShareId,
    /// A task for staff.
    TaskId,
    /// A member of staff's leave.
    AbsenceId,
    /// A version of a card.
    CardId,
    /// A promise with a time.
    CommitmentId,
}
