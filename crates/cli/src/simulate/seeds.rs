//! Many seeds, several at a time.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::history::{Verdict, play, shrink};
use super::stage::{Newcomer, Template};
use super::step::{PEOPLE, Step, history};
use crate::args::SimulateArgs;
use crate::failure::{Done, Failure};
use crate::terminal::Terminal;

/// More failing seeds than this say nothing more.
const ENOUGH: usize = 5;

/// What all seeds together have come to.
#[derive(Default)]
struct Sums {
    seeds: u64,
    steps: BTreeMap<&'static str, u64>,
    sent: BTreeMap<&'static str, u64>,
    faults: BTreeMap<&'static str, u64>,
    mishaps: BTreeMap<String, u64>,
    violations: BTreeMap<&'static str, u64>,
    statements: u64,
    failed: Vec<Value>,
    errors: Vec<String>,
}

/// Plays the seeds and prints the summary.
pub(super) fn run(args: &SimulateArgs, seeds: Range<u64>, terminal: &mut Terminal) -> Done {
    let begun = Instant::now();
    let template = one_thread(Template::set_up(args.database.as_deref(), start(), &newcomers()))?;
    let count = seeds.end - seeds.start;
    let queue = Mutex::new(seeds.collect::<VecDeque<_>>());
    let (sums, enough) = (Mutex::new(Sums::default()), AtomicBool::new(false));
    let jobs = args
        .jobs
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1)));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs)
            .map(|_| {
                scope.spawn(|| {
                    while let Some(seed) = next(&queue, &enough) {
                        let done = one_thread(one_seed(args, &template, seed));
                        let mut sums = sums.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        if let Err(failure) = sums.add(done, seed) {
                            sums.errors.push(failure);
                        }
                        if sums.failed.len() + sums.errors.len() >= if args.stop_at_first { 1 } else { ENOUGH } {
                            enough.store(true, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        if terminal.is_watched {
            while workers.iter().any(|worker| !worker.is_finished()) {
                thread::sleep(std::time::Duration::from_millis(200));
                let done = sums.lock().map_or(0, |sums| sums.seeds);
                // Nobody is left to tell when the stream itself is gone.
                let _ = write!(terminal.err, "\r{done} of {count} seeds");
            }
            let _ = writeln!(terminal.err);
        }
    });
    one_thread(template.clear())?;
    let sums = sums.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(error) = sums.errors.first() {
        return Err(Failure::failed(error));
    }
    for failed in &sums.failed {
        writeln!(terminal.err, "{}", in_words(failed))?;
    }
    let is_good = sums.failed.is_empty();
    let figures = sums.figures(args, begun.elapsed().as_secs_f64());
    writeln!(terminal.out, "{}", serde_json::to_string_pretty(&figures).map_err(Failure::failed)?)?;
    if is_good { Ok(()) } else { Err(Failure::Said) }
}

/// One history on a thread of its own runtime: it must come to the same whatever the others do.
async fn one_seed(args: &SimulateArgs, template: &Template, seed: u64) -> Done<(Vec<Step>, Verdict, Vec<Step>)> {
    let steps = history(seed, args.steps);
    let verdict = play(template, seed, &steps).await?;
    let short =
        if verdict.violations.is_empty() { Vec::new() } else { shrink(template, seed, &steps, &verdict).await? };
    Ok((steps, verdict, short))
}

impl Sums {
    fn add(&mut self, done: Done<(Vec<Step>, Verdict, Vec<Step>)>, seed: u64) -> Result<(), String> {
        let (steps, verdict, short) = done.map_err(|failure| format!("seed {seed}: {failure}"))?;
        self.seeds += 1;
        self.statements += verdict.statements;
        for step in &steps[..verdict.played] {
            *self.steps.entry(step.word()).or_default() += 1;
        }
        for (way, count) in verdict.sent {
            *self.sent.entry(way).or_default() += count;
        }
        for (fault, count) in verdict.faults {
            *self.faults.entry(fault.word()).or_default() += count;
        }
        for (mishap, count) in verdict.mishaps {
            *self.mishaps.entry(mishap).or_default() += count;
        }
        if verdict.violations.is_empty() {
            return Ok(());
        }
        for violation in &verdict.violations {
            *self.violations.entry(violation.promise).or_default() += 1;
        }
        let violations =
            verdict.violations.iter().map(|violation| format!("{}: {}", violation.promise, violation.words));
        self.failed.push(json!({
            "seed": seed,
            "violations": violations.collect::<Vec<_>>(),
            "at_step": verdict.played,
            "shrunk": short.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "replay": format!("bansou simulate --seed {seed} --steps {}", steps.len()),
        }));
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "seeds of one run")]
    fn figures(self, args: &SimulateArgs, seconds: f64) -> Value {
        let per_second = if seconds > 0.0 { self.seeds as f64 / seconds } else { 0.0 };
        let rounded = |figure: f64| (figure * 100.0).round() / 100.0;
        let database = if args.database.is_some() { "postgres" } else { "sqlite" };
        json!({
            "database": database,
            "seeds": self.seeds,
            "steps_per_seed": args.steps,
            "seconds": rounded(seconds),
            "seeds_per_second": rounded(per_second),
            "statements": self.statements,
            "crash_points": bansou_store::crash::ARE_HERE,
            "steps": self.steps,
            "sent": self.sent,
            "faults": self.faults,
            "mishaps": self.mishaps,
            "violations": self.violations,
            "failed": self.failed,
        })
    }
}

fn in_words(failed: &Value) -> String {
    let list = |key: &str| failed[key].as_array().cloned().unwrap_or_default();
    let mut words = format!("seed {} breaks a promise at step {}:\n", failed["seed"], failed["at_step"]);
    for violation in list("violations") {
        let _ = writeln!(words, "  {}", violation.as_str().unwrap_or_default());
    }
    let steps = list("shrunk");
    let _ = writeln!(words, "the shortest history found that breaks it ({} steps):", steps.len());
    for (n, step) in steps.iter().enumerate() {
        let _ = writeln!(words, "  {:>3}. {}", n + 1, step.as_str().unwrap_or_default());
    }
    words + &format!("play it again: {}", failed["replay"].as_str().unwrap_or_default())
}

fn next(queue: &Mutex<VecDeque<u64>>, enough: &AtomicBool) -> Option<u64> {
    if enough.load(Ordering::Relaxed) {
        return None;
    }
    queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop_front()
}

fn one_thread<T>(work: impl Future<Output = Done<T>>) -> Done<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

/// Six in the morning of the first Monday of a fiscal year; Golden Week lies three weeks ahead.
fn start() -> DateTime<Utc> {
    super::known::at_hour(NaiveDate::from_ymd_opt(2026, 4, 6).unwrap_or_default(), 6)
}

/// Few people, so that one's steps often meet: with LINE only, with SMS only, with both. A check-in falls due every day.
fn newcomers() -> Vec<Newcomer> {
    let hired_on = NaiveDate::from_ymd_opt(2026, 4, 2).unwrap_or_default();
    (1..=PEOPLE).map(|n| Newcomer { n, hired_on, line: n != 2, sms: n != 1, daily: true }).collect()
}
