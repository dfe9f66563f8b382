//! Arguments of `bansou bench`.

use clap::{Args, Subcommand};

/// What can be measured.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Sending: check-ins that are due, through gates, decryption and retry key, over HTTP, until their outcomes are recorded
    Dispatch(BenchDispatchArgs),
    /// Webhooks: signed LINE events over HTTP, each durable before its 200
    Inbound(BenchInboundArgs),
    /// A tick of the planner while nobody is due: it must cost the same however many people there are
    Plan(BenchPlanArgs),
    /// Looking for words among an office's notes
    Search(BenchSearchArgs),
    /// Every kind of page at the server, with people and messages of years: milliseconds, statements, bytes
    Pages(BenchPagesArgs),
}

/// Arguments of `bench dispatch`.
#[derive(Debug, Args)]
pub struct BenchDispatchArgs {
    /// An empty database for the measuring; a temporary SQLite file unless given
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// What takes the messages: it speaks LINE's push endpoint; one in this process unless given
    #[arg(long, value_name = "URL")]
    pub sink: Option<String>,
    /// So many check-ins that are due
    #[arg(long, value_name = "N", default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub count: u32,
    /// So many offices share them
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub offices: u32,
}

/// Arguments of `bench inbound`.
#[derive(Debug, Args)]
pub struct BenchInboundArgs {
    /// An empty database for the measuring; a temporary SQLite file unless given
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// So many events, one in each call
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub count: u32,
    /// Calls at the same time, each on a connection of its own
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub connections: u32,
    /// Offer so many events a second, whether or not they are taken; as fast as they are answered unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub offered: Option<u32>,
}

/// Arguments of `bench plan`.
#[derive(Debug, Args)]
pub struct BenchPlanArgs {
    /// An empty database for the measuring; a temporary SQLite file unless given
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// So many people; the office grows to each of several sizes in turn
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1000,100000")]
    pub graduates: Vec<u32>,
    /// So many ticks
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub runs: u32,
    /// The last size again with so many offices of it
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub offices: u16,
    /// So many people are due in each of five more ticks
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub due: u32,
}

/// Arguments of `bench search`.
#[derive(Debug, Args)]
pub struct BenchSearchArgs {
    /// An empty database for the measuring; a temporary SQLite file unless given
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// So many notes
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    pub notes: u32,
    /// So many searches of each kind
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,
}

/// Arguments of `bench pages`.
#[derive(Debug, Args)]
pub struct BenchPagesArgs {
    /// An empty database for the measuring; a temporary SQLite file unless given
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// So many people
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(300..=1_000_000))]
    pub graduates: u32,
    /// About so many messages with all of them together
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    pub messages: usize,
    /// The same again among other offices of this size, so many with this one
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub offices: u16,
    /// So many times each page
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub runs: u32,
    /// For programs instead of for reading
    #[arg(long)]
    pub json: bool,
}
