//! The engine that plans, sends, listens and notices: load, call out, record.
//!
//! [`Engine`] holds the jobs as plain functions over the store: [`Engine::plan`], [`Engine::dispatch`], [`Engine::sweep`],
//! [`Engine::inbound`], [`Engine::inbound_sweep`], [`Engine::silence`], [`Engine::remind`], [`Engine::quotas`], [`Engine::attachments`],
//! [`Engine::housekeeping`]. Each looks for what is due, does it and ends; running one
//! twice, late or never at some moment changes nothing but the time at which things happen. The alarm clock that wakes
//! them is apalis ([`alarm`]); the ledger is the store (docs/decisions/0002).

pub mod alarm;
mod ask;
mod attachments;
mod clocks;
mod dispatch;
mod engine;
mod error;
mod housekeeping;
mod inbound;
pub mod journal;
mod missed;
mod outcome;
mod plan;
mod quota;
pub mod receive;
mod reconcile;
mod remind;
mod silence;
mod sweep;
mod ways;

pub use ask::AskedNow;
pub use engine::{Engine, EngineParts, SendTerms};
pub use error::{Broke, Result, WorkError};
pub use reconcile::Reconciled;
