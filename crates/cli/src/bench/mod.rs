//! `bansou bench`: figures as JSON, on a made-up office in a database of its own.

mod office;
mod plan;

use std::io::Write as _;

use serde::Serialize;

use crate::args::BenchCommand;
use crate::failure::Done;
use crate::terminal::Terminal;

/// Minimum, median and maximum of several runs, in milliseconds.
#[derive(Debug, Serialize)]
struct Millis {
    min: f64,
    median: f64,
    max: f64,
}

impl Millis {
    fn of(mut runs: Vec<std::time::Duration>) -> Self {
        runs.sort_unstable();
        let at = |n: usize| runs.get(n).map_or(0.0, |run| run.as_secs_f64() * 1_000.0);
        Self { min: at(0), median: at(runs.len() / 2), max: at(runs.len().saturating_sub(1)) }
    }
}

/// Measures and prints one JSON object.
pub(crate) async fn bench(command: &BenchCommand, terminal: &mut Terminal) -> Done {
    let figures = match command {
        BenchCommand::Plan(args) => plan::measure(args).await?,
    };
    writeln!(terminal.out, "{figures}")?;
    Ok(())
}
