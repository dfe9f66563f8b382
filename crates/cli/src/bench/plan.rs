//! What a tick of the planner costs: it must not grow with who exists.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bansou_core::ambient::Ambient;
use bansou_core::roster::RosterRow;
use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use serde_json::{Value, json};

use super::dispatch::FIRST_DUE;
use super::office::BenchOffice;
use super::{Millis, cpu, people};
use crate::ambient::OsEntropy;
use crate::args::BenchPlanArgs;
use crate::demo::{DemoClock, morning_of};
use crate::failure::{Done, Failure};

/// Ticks with somebody due, at each size.
const DUE_RUNS: u32 = 5;
/// Whoever falls due while measuring has a number from here on.
const NEWCOMERS: u32 = 5_000_000;

/// One office that grows to each size in turn, and then, if wanted, gets neighbours of its size. Everybody's first check-in lies
/// in the future, except of those whom a tick is to plan.
pub(super) async fn measure(args: &BenchPlanArgs) -> Done<Value> {
    let morning = morning_of(crate::ambient::of_the_system().now()) - TimeDelta::hours(4);
    let ambient = Ambient::new(DemoClock::standing(morning), Arc::new(OsEntropy));
    let bench = BenchOffice::set_up(args.database.as_deref(), ambient).await?;
    let hired_on = morning.with_timezone(&Tokyo).date_naive() + TimeDelta::days(30);
    let mut wanted = args.graduates.clone();
    wanted.sort_unstable();
    let mut measured = Measured { args, bench, morning, newcomers: NEWCOMERS, sizes: Vec::new() };
    let mut there = 0;
    for count in wanted {
        let rows: Vec<_> = (there..count).map(|n| RosterRow { hired_on: Some(hired_on), ..people::row(n) }).collect();
        measured.bench.import(&rows).await?;
        there = there.max(count);
        measured.look(u64::from(there)).await?;
    }
    if args.offices > 1 {
        measured.bench.store.add_neighbours(measured.bench.office, args.offices - 1, drop).await?;
        measured.look(u64::from(there) * u64::from(args.offices)).await?;
    }
    Ok(json!({ "runs": args.runs.max(1), "sizes": measured.sizes }))
}

struct Measured<'a> {
    args: &'a BenchPlanArgs,
    bench: BenchOffice,
    morning: DateTime<Utc>,
    newcomers: u32,
    sizes: Vec<Value>,
}

impl Measured<'_> {
    async fn look(&mut self, graduates: u64) -> Done {
        let due = self.args.due;
        self.bench.engine.plan().await.map_err(Failure::failed)?;
        let (tick, statements) = ticks(&self.bench, self.args.runs.max(1)).await?;
        let mut size = json!({ "graduates": graduates, "statements_per_tick": statements, "tick_ms": tick });
        if due > 0 {
            // What filling has left to be written must not be counted.
            self.bench.store.settle().await?;
            let resting = cpu::memory();
            let mut runs = Vec::new();
            for _ in 0..DUE_RUNS {
                runs.push(self.tick_with_due(due).await?);
            }
            size["due"] = due.into();
            size["due_tick_ms"] = json!(Millis::of(runs));
            size["memory_mb"] = json!({ "before": resting, "after": cpu::memory() });
        }
        self.sizes.push(size);
        Ok(())
    }

    async fn tick_with_due(&mut self, due: u32) -> Done<Duration> {
        let rows: Vec<_> = (self.newcomers..self.newcomers + due).map(|n| due_on(n, self.morning)).collect();
        self.newcomers += due;
        self.bench.import(&rows).await?;
        let begun = Instant::now();
        let planned = self.bench.engine.plan().await.map_err(Failure::failed)?;
        let took = begun.elapsed();
        if planned < u64::from(due) {
            return Err(Failure::failed(format!("{planned} were planned instead of {due}")));
        }
        Ok(took)
    }
}

/// Somebody whose first check-in falls on this day.
fn due_on(n: u32, morning: DateTime<Utc>) -> RosterRow {
    let hired_on = morning.with_timezone(&Tokyo).date_naive() - Days::new(FIRST_DUE);
    RosterRow { hired_on: Some(hired_on), ..people::row(n) }
}

async fn ticks(bench: &BenchOffice, count: u32) -> Done<(Millis, u64)> {
    let before = bench.store.statements();
    let mut runs = Vec::new();
    for _ in 0..count {
        let begun = Instant::now();
        let planned = bench.engine.plan().await.map_err(Failure::failed)?;
        runs.push(begun.elapsed());
        if planned != 0 {
            return Err(Failure::failed("somebody was due; the figure would mean nothing"));
        }
    }
    let statements = (bench.store.statements() - before) / u64::from(count);
    Ok((Millis::of(runs), statements))
}
