//! `bansou kill-run`: real processes are killed, stopped and cut off from their database while they send and while webhooks
//! arrive; afterwards the providers' own ledger is compared with the database (trust.md 3b, P1–P7, P12, P13).
//!
//! The driver plays the providers (`provider.rs`), owns the database server (`server.rs`), starts and kills `bansou serve`
//! (`herd.rs`) and posts webhooks (`flood.rs`). One day of check-ins is sent on virtual time that all processes share; what is
//! still open in the evening has the next morning. `judge.rs` knows the promises and nothing of processes.

mod facts;
mod figures;
mod flood;
mod hands;
mod herd;
mod judge;
mod play;
mod provider;
mod scene;
mod server;
mod wire;

use std::time::Duration;

use crate::args::{KillDatabase, KillRunArgs};
use crate::failure::{Done, Failure};
use crate::serve::stop_at_a_signal;
use crate::terminal::Terminal;

/// From a little before the office opens until its last window has closed, in virtual time.
const DAY: Duration = Duration::from_mins(64);
/// Virtual seconds that a claim lasts at least.
const LEASE: u32 = 120;
/// Real seconds that a claim lasts at least, so that machines under load can do their work within it.
const LEASE_REAL: u32 = 6;
/// Real seconds before a window's end in which no call begins: a call's time-out.
const MARGIN_REAL: u32 = 10;

/// What is to happen.
#[derive(Clone, Debug)]
struct Plan {
    seed: u64,
    database: KillDatabase,
    messages: u32,
    offices: u32,
    workers: usize,
    webs: usize,
    kills: u32,
    web_kills: u32,
    restarts: u32,
    pauses: u32,
    webhooks: u32,
    faults: u32,
    /// Virtual seconds in a real one.
    speed: u32,
    /// Virtual seconds.
    lease: u32,
    /// Virtual seconds.
    margin: u16,
    poison: Poisoned,
}

/// So many rows that go wrong each time.
#[derive(Clone, Copy, Debug)]
struct Poisoned {
    unreadable: usize,
    panics: usize,
    hangs: usize,
    aborts: usize,
}

impl Plan {
    fn new(args: &KillRunArgs) -> Self {
        let pick = |given: Option<u32>, quick: u32, full: u32| given.unwrap_or(if args.quick { quick } else { full });
        let on_postgres = args.database == KillDatabase::Postgres;
        let seconds = pick(args.seconds, 60, 1_200);
        let day = u32::try_from(DAY.as_secs()).unwrap_or(u32::MAX);
        let speed = day.div_ceil(seconds);
        let poison = if args.quick {
            Poisoned { unreadable: 2, panics: 2, hangs: 1, aborts: 1 }
        } else {
            Poisoned { unreadable: 20, panics: 20, hangs: 10, aborts: 4 }
        };
        Self {
            seed: args.seed,
            database: args.database,
            messages: pick(args.messages, 300, 20_000),
            offices: if args.quick { 3 } else { 20 },
            workers: if on_postgres { 3 } else { 0 },
            webs: if on_postgres { 2 } else { 1 },
            kills: pick(args.kills, 6, 300),
            web_kills: pick(args.web_kills, 4, 200),
            restarts: if on_postgres { pick(args.restarts, 1, 20) } else { 0 },
            pauses: pick(args.pauses, 1, 20),
            webhooks: pick(args.webhooks, 400, 20_000),
            faults: args.faults,
            speed,
            lease: LEASE.max(LEASE_REAL * speed),
            margin: u16::try_from(MARGIN_REAL * speed).unwrap_or(u16::MAX).max(40),
            poison,
        }
    }
}

/// Runs, judges and prints.
pub(crate) async fn kill_run(args: &KillRunArgs, terminal: &mut Terminal) -> Done {
    let plan = Plan::new(args);
    let stop = terminal.stop.clone();
    stop_at_a_signal(&stop)?;
    // Dropped half-way, everything that was started ends with it.
    let figures = tokio::select! {
        done = Box::pin(play::play(&plan, args.folder.as_deref())) => done?,
        () = stop.cancelled() => return Err(Failure::failed("interrupted; the processes were ended")),
    };
    figures.print(args.json, terminal)?;
    if figures.is_good() { Ok(()) } else { Err(Failure::Said) }
}
