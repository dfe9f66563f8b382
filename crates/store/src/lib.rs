//! The only room that knows SQL.
//!
//! [`Store`] opens the database; [`Store::begin`] gives a [`Tx`]: one unit of work of **one office**. Every finder and every
//! change of a `Tx` is scoped to that office, so none can forget it. [`Tx::save`] commits, dropping it rolls back.
//! Text about a person is sealed on its way in and opened on its way out ([`crypto`]); callers never see ciphertext.
//!
//! Questions across offices ("which offices have work due?") are methods of [`Store`] and return ids only.

mod audit;
mod cadences;
mod channel_states;
mod check_ins;
mod claims;
pub mod connect;
mod consents;
mod contact_points;
mod copies;
pub mod crash;
pub mod crypto;
mod deliveries;
mod employers;
mod employments;
mod enrolment;
#[expect(unreachable_pub, reason = "the derive writes pub items; the module itself is private")]
mod entity;
mod error;
mod escalations;
mod export;
mod graduates;
mod halts;
mod inbound;
mod kept_forms;
mod links;
mod messages;
mod migrate;
mod notes;
mod offices;
mod receipts;
mod restores;
mod retention;
mod roll;
mod roster;
mod scope;
mod service_periods;
mod sessions;
mod shares;
mod signs;
mod sql;
mod staff;
mod standing;
mod stops;
mod strangers;
mod tasks;
mod templates;
mod threads;
mod throttle;
mod time;
mod today;
mod tx;
mod undelivered;
mod undo;
mod witness;
mod wrong_numbers;

pub use audit::ChainCheck;
pub use cadences::CadenceRow;
pub use channel_states::{ChannelQuota, ChannelState};
pub use check_ins::{CheckIn, NewCheckIn};
pub use claims::{ClaimTerms, Gone, WorkWaiting};
pub use connect::{Durability, Store};
pub use consents::{Consent, NewConsent};
pub use contact_points::ContactPoint;
pub use copies::{Room, SchemaAge};
pub use deliveries::{Delivery, NewDelivery, Recorded};
pub use employers::{Employer, EmployerContact};
pub use employments::{Employment, EmploymentDetails};
pub use enrolment::{Enrolment, LikelySame};
pub use error::{Result, StoreError};
pub use escalations::{Escalation, NewEscalation, ReadHow};
pub use export::{ContactRow, NoteRow};
pub use graduates::{Graduate, GraduateDetails, GraduateSearch, Page, Pause};
pub use halts::{Halt, HaltReason, HaltScope, SENDING_STOPPED};
pub use inbound::{INBOUND_TRIES, Inbound, InboundState, NewInbound};
pub use kept_forms::KeptForm;
pub use links::{INVITE_VALID, Link, LinkKind};
pub use messages::{InboundMessage, InboxFilter, InboxRow, Message, MessagesBefore, OutboundMessage};
pub use notes::{NewNote, Note, NoteState};
pub use offices::Office;
pub use receipts::Receipt;
pub use restores::{ReconciledBy, Restore, SentBefore};
pub use roll::{Roll, RollFacts};
pub use roster::{RosterImport, Upserted};
pub use scope::Who;
pub use service_periods::StoredServicePeriod;
pub use sessions::{SESSION_ABSOLUTE, SESSION_GUEST, SESSION_IDLE, Session, SessionKind};
pub use shares::NewShare;
pub use signs::{NewSign, PlacedSign, SignPlace};
pub use staff::StaffMember;
pub use stops::StoredStop;
pub use strangers::{Binding, sender};
pub use tasks::{CALLING_FOR, Calling, DropReason, NewTask, Task, TaskCounts, TaskState};
pub use templates::TemplateOverride;
pub use threads::Thread;
pub use throttle::Attempt;
pub use today::{FailedDelivery, SilentCheckIn, Today, TodayFacts};
pub use tx::Tx;
pub use undo::{UNDO_FOR, Undone};
pub use witness::{Change, Witness};
