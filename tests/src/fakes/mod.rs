//! Stand-ins for LINE, Twilio and a mail server, on this machine's loopback.
//!
//! Each keeps its own append-only ledger of what it accepted, by its own clock, so that a test can hold our tables against
//! somebody else's memory. Each can fail on purpose ([`Faults`]), and each checks every request against the provider's own
//! published contract and against the rules that the contract leaves out; what breaks one is refused and noted in
//! `violations()`.
//!
//! A fake lives in the tokio runtime that started it and ends when it is dropped. In a long run over virtual time leave the
//! `Hang…` faults out, or give the channels short time limits: they cost real time.

pub mod contracts;
pub mod line;
pub mod smtp;
pub mod twilio;

mod faults;
mod line_rules;
mod server;

pub use faults::{Fault, Faults};
pub use line::{LineAccepted, LineFake};
pub use smtp::{SmtpAccepted, SmtpFake};
pub use twilio::{TwilioAccepted, TwilioFake};

/// One request that a fake saw, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// By the fake's clock.
    pub at: chrono::DateTime<chrono::Utc>,
    /// `push`, `reply`, `create`, `list`, …
    pub call: &'static str,
    /// To whom.
    pub to: String,
    /// What went wrong on purpose.
    pub fault: Option<Fault>,
    /// The status answered; `None` if the fault left the caller without an answer.
    pub status: Option<u16>,
}

/// A webhook call as a provider would make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCall {
    /// The raw body.
    pub body: Vec<u8>,
    /// The value of `x-line-signature` or `X-Twilio-Signature`.
    pub signature: String,
}

pub(crate) fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
