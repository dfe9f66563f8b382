//! `bansou bench`: figures on a made-up office in a database of its own.

mod cpu;
mod dispatch;
mod history;
mod inbound;
mod office;
mod open;
mod pages;
pub(crate) mod people;
mod plan;
mod search;
mod sink;
mod visits;

use std::io::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::args::BenchCommand;
use crate::failure::Done;
use crate::terminal::Terminal;

/// Several runs of one thing, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
struct Millis {
    min: f64,
    median: f64,
    p95: f64,
    max: f64,
}

impl Millis {
    fn of(mut runs: Vec<Duration>) -> Self {
        runs.sort_unstable();
        let at = |n: usize| runs.get(n).map_or(0.0, |run| (run.as_secs_f64() * 100_000.0).round() / 100.0);
        let last = runs.len().saturating_sub(1);
        Self {
            min: at(0),
            median: at(runs.len() / 2),
            p95: at((runs.len() * 19).div_ceil(20).clamp(1, last + 1) - 1),
            max: at(last),
        }
    }
}

/// Measures and prints.
pub(crate) async fn bench(command: &BenchCommand, terminal: &mut Terminal) -> Done {
    let figures = match command {
        BenchCommand::Dispatch(args) => dispatch::measure(args).await?.to_string(),
        BenchCommand::Inbound(args) => inbound::measure(args).await?.to_string(),
        BenchCommand::Plan(args) => plan::measure(args).await?.to_string(),
        BenchCommand::Search(args) => search::measure(args).await?.to_string(),
        BenchCommand::Pages(args) => pages::measure(args, terminal).await?,
    };
    writeln!(terminal.out, "{figures}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_twenty_runs_one_may_be_slower_than_the_p95() {
        let millis = Millis::of((1..=20).rev().map(Duration::from_millis).collect());
        assert_eq!((millis.min, millis.median, millis.p95, millis.max), (1.0, 11.0, 19.0, 20.0));
        let one = Millis::of(vec![Duration::from_millis(3)]);
        assert_eq!((one.min, one.median, one.p95, one.max), (3.0, 3.0, 3.0, 3.0));
    }
}
