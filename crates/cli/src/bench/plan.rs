//! What a tick of the planner costs when nobody is due: it must not grow with who exists.

use std::time::Instant;

use bansou_core::roster::RosterRow;
use chrono::TimeDelta;
use chrono_tz::Asia::Tokyo;
use serde_json::{Value, json};

use super::Millis;
use super::office::BenchOffice;
use super::people;
use crate::ambient;
use crate::args::BenchPlanArgs;
use crate::failure::{Done, Failure};

/// One office that grows to each size in turn; everybody's first check-in lies in the future.
pub(super) async fn measure(args: &BenchPlanArgs) -> Done<Value> {
    let bench = BenchOffice::set_up(args.database.as_deref(), ambient::of_the_system()).await?;
    let hired_on = bench.store.ambient().now().with_timezone(&Tokyo).date_naive() + TimeDelta::days(30);
    let mut wanted = args.graduates.clone();
    wanted.sort_unstable();
    let (mut there, mut sizes) = (0, Vec::new());
    for count in wanted {
        let rows: Vec<_> = (there..count).map(|n| RosterRow { hired_on: Some(hired_on), ..people::row(n) }).collect();
        bench.import(&rows).await?;
        there = there.max(count);
        bench.engine.plan().await.map_err(Failure::failed)?;
        let (tick, statements) = ticks(&bench, args.runs.max(1)).await?;
        sizes.push(json!({ "graduates": there, "statements_per_tick": statements, "tick_ms": tick }));
    }
    Ok(json!({ "due": 0, "runs": args.runs.max(1), "sizes": sizes }))
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
