//! Arguments of `bansou kill-run`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `kill-run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Everything happens on this machine: a throw-away database, providers on 127.0.0.1 that keep ledgers of their own, and real
`bansou serve` processes. Unless told otherwise it is the full profile, which takes about half an hour with a release build
(--features crash-points). Exit status: 0 every promise was kept; 1 one was broken, or a row wasn't closed in time.")]
pub struct KillRunArgs {
    /// A few hundred messages and ten kills in about two minutes
    #[arg(long)]
    pub quick: bool,
    /// Where the rows are: a PostgreSQL server of this run's own, or an SQLite file
    #[arg(long, value_enum, default_value = "postgres")]
    pub database: KillDatabase,
    /// The same number kills at the same moments
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// So many people whose check-in is due
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(50..=500_000))]
    pub messages: Option<u32>,
    /// So many times a worker is killed (SIGKILL)
    #[arg(long, value_name = "N")]
    pub kills: Option<u32>,
    /// So many times a web process is killed while webhooks arrive
    #[arg(long, value_name = "N")]
    pub web_kills: Option<u32>,
    /// So many times the database server is restarted
    #[arg(long, value_name = "N")]
    pub restarts: Option<u32>,
    /// So many times a worker stands still for longer than a lease (SIGSTOP, SIGCONT)
    #[arg(long, value_name = "N")]
    pub pauses: Option<u32>,
    /// So many webhook events
    #[arg(long, value_name = "N")]
    pub webhooks: Option<u32>,
    /// So many of a hundred calls to a provider go wrong
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=90))]
    pub faults: u32,
    /// The day of sending takes so many real seconds
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=36_000))]
    pub seconds: Option<u32>,
    /// Keep everything in this empty folder: database, ledger, the processes' logs
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// For programs instead of for reading
    #[arg(long)]
    pub json: bool,
}

/// Where a kill run's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KillDatabase {
    /// Three workers and two web processes.
    Postgres,
    /// One process.
    Sqlite,
}
