//! What a tick of the planner costs when nobody is due: it must not grow with who exists.

use std::time::Instant;

use serde_json::{Value, json};

use super::Millis;
use super::office::BenchOffice;
use crate::args::BenchPlanArgs;
use crate::failure::{Done, Failure};

pub(super) async fn measure(args: &BenchPlanArgs) -> Done<Value> {
    let bench = BenchOffice::set_up(args.database.as_deref(), args.graduates).await?;
    let mut runs = Vec::new();
    for _ in 0..args.runs.max(1) {
        let begun = Instant::now();
        let planned = bench.engine.plan().await.map_err(Failure::failed)?;
        runs.push(begun.elapsed());
        if planned != 0 {
            return Err(Failure::failed("somebody was due; the figure would mean nothing"));
        }
    }
    Ok(json!({ "graduates": bench.graduates.len(), "due": 0, "runs": runs.len(), "tick_ms": Millis::of(runs) }))
}
