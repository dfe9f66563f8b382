//! Crash points: named places at which a process can be made to die, to fail or to stand still, so that tests show what is
//! left behind (trust.md 3, crash matrix). In a release build they are nothing, unless feature `crash-points` asks for them.
//!
//! ```text
//! crash_point!("claim.committed")?;
//! ```
//!
//! Two drivers reach them. For whole processes the variable `BANSOU_CRASH=NAME:abort|error|sleep[:NTH]` chooses one point, what
//! happens there (the process aborts; the database seems to have gone; a minute passes) and at which passing, the first
//! unless said otherwise. Inside a process [`Watched`] drives one piece of work and can drop it at a point, as a crash would
//! drop the memory of it, or hold it there while others go on.
//!
//! A second variable, `BANSOU_POISON=GRADUATE:abort|panic|sleep,…`, makes the sending to certain people go wrong each time, as a
//! row does that meets a fault of the program (P13).

#[cfg(any(debug_assertions, feature = "crash-points"))]
mod points;

#[cfg(any(debug_assertions, feature = "crash-points"))]
pub use points::{Crash, End, Happens, Watched, handled, reached};

/// Every point, in the order in which one message passes them.
pub const POINTS: [&str; 23] = [
    // The planner's unit of work: each person's part, then all.
    "plan.one",
    "plan.before_commit",
    "plan.committed",
    // A claim: rows are marked, their intents are written, then both are kept.
    "claim.marked",
    "claim.before_commit",
    "claim.committed",
    // Right before the provider is called (every gate has been looked at), and with its answer in memory only.
    "call.before",
    "call.after",
    // Writing the answer down.
    "record.before",
    "record.before_commit",
    "record.committed",
    // Leases that have run out; what will never be sent; an unclear SMS.
    "lease.before_commit",
    "lease.committed",
    "sweep.before_commit",
    "sweep.committed",
    "lookup.asked",
    "lookup.before_commit",
    // An answer that doesn't come.
    "silence.before_commit",
    "silence.committed",
    // A webhook's events, and what each of them causes.
    "inbound.before_commit",
    "inbound.stored",
    "effect.before_commit",
    "effect.committed",
];

/// Whether this build has crash points.
pub const ARE_HERE: bool = cfg!(any(debug_assertions, feature = "crash-points"));

/// A place at which a process can be made to die. Gives a `Result`: whoever drives it may also ask for an error.
#[cfg(any(debug_assertions, feature = "crash-points"))]
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {
        $crate::crash::reached($name).await
    };
}

/// A place at which a process could be made to die, in another build.
#[cfg(not(any(debug_assertions, feature = "crash-points")))]
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {
        ::core::result::Result::<(), $crate::StoreError>::Ok(())
    };
}

/// A place at which somebody's row is worked on, which can be a poisoned one.
#[cfg(any(debug_assertions, feature = "crash-points"))]
#[macro_export]
macro_rules! poison_point {
    ($graduate:expr) => {
        $crate::crash::handled($graduate).await
    };
}

/// A place at which somebody's row is worked on.
#[cfg(not(any(debug_assertions, feature = "crash-points")))]
#[macro_export]
macro_rules! poison_point {
    ($graduate:expr) => {
        let _: ::core::option::Option<_> = $graduate;
    };
}
