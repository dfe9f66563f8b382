//! `bansou simulate`: the real store and the real engine on virtual time, and providers with ledgers of their own.

mod days;
mod habits;
mod history;
mod known;
mod oracle;
mod phones;
mod play;
mod seeds;
mod stage;
mod step;
mod verdict;
mod watched;

use crate::args::SimulateArgs;
use crate::failure::Done;
use crate::terminal::Terminal;

/// Simulates and prints the summary; fails where a promise was broken.
pub(crate) fn simulate(args: &SimulateArgs, terminal: &mut Terminal) -> Done {
    if let Some(seeds) = &args.seeds {
        return seeds::run(args, seeds.0.clone(), terminal);
    }
    if let (Some(people), Some(days)) = (args.graduates, args.days) {
        return crate::in_runtime(Box::pin(days::run(args, people, days, terminal)));
    }
    seeds::run(args, args.seed..args.seed + 1, terminal)
}
