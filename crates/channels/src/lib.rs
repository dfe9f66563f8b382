//! The outside world of messages: LINE, SMS (Twilio), e-mail (SMTP) and the simulator.
//!
//! This room makes requests, reads answers and checks signatures. It has no database, reads no clock and never tries a
//! call twice: whether and when to try again is decided by the send path (worker) from the [`Outcome`].
//!
//! ```text
//! check(&outgoing)  is this message fit for this channel? (for the form; nothing leaves)
//! send(&outgoing)   one call, one Outcome: Accepted, Refused, WaitUntil, NotSent or Unknown
//! ```
//!
//! - [`Channel`] is what the worker holds; [`LineChannel`], [`TwilioChannel`], [`SmtpChannel`] and [`SimulatorChannel`]
//!   have more of their own (reply, profile, quota and content; look-up after an unknown outcome).
//! - Coming in: [`line::parse_webhook`], [`twilio::parse_inbound`] and [`twilio::parse_status`] are pure; signatures are
//!   checked over the raw bytes by [`LineChannel::verify`] and [`TwilioChannel::verify`].
//! - Settings are plain structs filled by cli. Secrets and addresses show nothing in `Debug`, and an error or outcome
//!   carries a code, never an address, a text or a provider's free words.
//!
//! Facts about the providers and their sources stand beside the tables in `line/status.rs`, `twilio/status.rs` and
//! `smtp/status.rs`.

pub mod line;
pub mod smtp;
pub mod twilio;

mod address;
mod channel;
mod check;
mod http;
mod outcome;
mod outgoing;
mod secret;
mod simulator;
mod watcher;

pub use address::Address;
pub use channel::{Channel, ChannelKind};
pub use check::{Part, Problem, ProblemKind};
pub use http::{CallFailed, SetupError, Timeouts};
pub use line::{Content, LineChannel, LineSettings, PUSHES_PER_SECOND};
pub use outcome::{Outcome, RefusedClass, WaitClass};
pub use outgoing::{Choice, Outgoing};
pub use secret::Secret;
pub use simulator::{PhoneAction, SignedCall, SimulatedMessage, SimulatorChannel, SimulatorFault, SimulatorInbox};
pub use smtp::{EmailMessage, Mailbox, SmtpChannel, SmtpSecurity, SmtpSettings};
pub use twilio::{TwilioChannel, TwilioSettings};
pub use watcher::Watcher;
