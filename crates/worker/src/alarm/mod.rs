//! apalis wakes the engine: the alarm clock, never the ledger (docs/decisions, trust.md section 5).
//!
//! A job is one word, e.g. `dispatch`; nothing about a person is in it. At every tick each process puts the alarm's job
//! into apalis' table under a key of alarm and tick, so several processes have one job between them, and one of them runs
//! it. A job that is lost, late or run twice changes nothing: the engine looks for what is due and claims it by itself.
//!
//! apalis ends its worker at any fault of the database. It is started again under a new name after a pause, and a run
//! that it had begun goes on, because runs are tasks of their own. While apalis is away every process rings its own alarms
//! when one is overdue, so that nothing waits for it.

mod hands;
mod queue;

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::{BackendExt as _, BoxDynError, Data, WorkerBuilder, WorkerBuilderExt as _, WorkerError};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use bansou_store::Store;
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use hands::Hands;
pub use hands::Health;
pub use queue::{AlarmError, prepare, prune};

use crate::engine::Engine;

bansou_core::codes! {
    /// What the engine is woken for; the word is the whole job.
    Alarm {
        /// Plan what has become due.
        Plan = "plan",
        /// Send what may be sent.
        Dispatch = "dispatch",
        /// End what will never be sent, look up what is unclear.
        Sweep = "sweep",
        /// Give stored events their effect.
        Inbound = "inbound",
        /// Ask what came in and never reached us.
        InboundSweep = "inbound_sweep",
        /// Notice missing answers.
        Silence = "silence",
        /// Bring back what has a day of its own.
        Remind = "remind",
        /// Hand over answers that nobody gave.
        Clocks = "clocks",
        /// Ask how much of the month's messages is used.
        Quota = "quota",
        /// Fetch pictures and voices.
        Attachments = "attachments",
        /// Throw away what was needed for a while.
        Housekeeping = "housekeeping",
    }
}

impl Alarm {
    /// Whether a wrong clock would make its work wrong: too early, at night, or over before its time.
    fn goes_by_the_clock(self) -> bool {
        !matches!(self, Self::Inbound | Self::Quota)
    }

    /// From tick to tick, in the engine's time.
    pub fn every(self) -> Duration {
        match self {
            Self::Dispatch | Self::Inbound => Duration::from_secs(5),
            Self::Plan | Self::Sweep => Duration::from_secs(15),
            Self::Silence | Self::Clocks | Self::Attachments => Duration::from_mins(1),
            Self::InboundSweep => Duration::from_mins(10),
            Self::Remind | Self::Quota | Self::Housekeeping => Duration::from_hours(1),
        }
    }
}

/// How the alarm clock runs.
#[derive(Clone, Copy, Debug)]
pub struct AlarmTerms {
    /// Jobs at the same time in this process.
    pub concurrency: usize,
    /// Seconds of the engine's time in one real second; ticks come that much faster.
    pub speed: u32,
    /// After a stop, runs under way have so long to end.
    pub patience: Duration,
}

impl Default for AlarmTerms {
    fn default() -> Self {
        Self { concurrency: 4, speed: 1, patience: Duration::from_secs(18) }
    }
}

/// Rings inbound and dispatch at once, because something was stored.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// A wake that nobody listens to yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Something was stored. Several calls before anybody looks are one.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    async fn rung(&self) {
        self.0.notified().await;
    }
}

/// Runs the engine's alarms until `stop`, then ends within the terms' patience. Needs [`prepare`] before.
pub async fn run(engine: Engine, wake: Wake, health: Health, terms: AlarmTerms, stop: CancellationToken) {
    let store = engine.store().clone();
    let hands = Hands::new(engine, health);
    // Keys of an earlier run would stand in the way of this one's, above all when the clock was set back meanwhile.
    if let Err(error) = prune(&store, Duration::ZERO).await {
        tracing::warn!(error = %error, "finished alarms could not be thrown away");
    }
    let ticking =
        Alarm::ALL.iter().map(|alarm| tokio::spawn(tick(*alarm, store.clone(), hands.clone(), terms, stop.clone())));
    let ticking: Vec<_> = ticking.collect();
    let waking = tokio::spawn(wake_up(hands.clone(), wake, stop.clone()));
    let listening = tokio::spawn(listen(store.clone(), hands.clone(), terms, stop.clone()));

    stop.cancelled().await;
    hands.stop_claiming();
    let ended = async {
        for task in ticking {
            let _ = task.await;
        }
        let _ = waking.await;
        let _ = listening.await;
        hands.all_done().await;
    };
    if timeout(terms.patience, ended).await.is_err() {
        tracing::warn!("some work didn't end in time; what was being sent is looked up later");
    }
}

/// For a process without a worker: puts a job into the table when something was stored, so that a worker elsewhere looks
/// at once.
pub async fn forward(store: Store, wake: Wake, stop: CancellationToken) {
    while stop.run_until_cancelled(wake.rung()).await.is_some() {
        for alarm in [Alarm::Inbound, Alarm::Dispatch] {
            if let Err(error) = queue::push(&store, alarm, None).await {
                tracing::warn!(error = %error, alarm = %alarm, "the worker could not be woken; it looks by itself soon");
            }
        }
    }
}

/// Puts an alarm's job into the table at every tick, and rings it here when nobody did for long.
async fn tick(alarm: Alarm, store: Store, hands: Hands, terms: AlarmTerms, stop: CancellationToken) {
    let real = (alarm.every() / terms.speed).max(Duration::from_millis(100));
    let millis = i64::try_from(real.as_millis()).unwrap_or(i64::MAX).saturating_mul(terms.speed.into());
    let mut ticks = interval(real);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = 0;
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        // Never the same tick twice, although the clock may be set back.
        last = (store.ambient().now().timestamp_millis() / millis).max(last + 1);
        if let Err(error) = queue::push(&store, alarm, Some(&format!("{alarm}:{last}"))).await {
            tracing::warn!(error = %error, alarm = %alarm, "the alarm could not be set");
        }
        if alarm == Alarm::Housekeeping
            && let Err(error) = prune(&store, Duration::from_mins(30)).await
        {
            tracing::warn!(error = %error, "finished alarms could not be thrown away");
        }
        if hands.is_overdue(alarm, real * 4) {
            hands.ring(alarm);
        }
    }
}

async fn wake_up(hands: Hands, wake: Wake, stop: CancellationToken) {
    while stop.run_until_cancelled(wake.rung()).await.is_some() {
        hands.ring(Alarm::Inbound);
        hands.ring(Alarm::Dispatch);
    }
}

/// Runs apalis' worker, again and again after every fault.
async fn listen(store: Store, hands: Hands, terms: AlarmTerms, stop: CancellationToken) {
    let mut pause = Duration::from_millis(500);
    while !stop.is_cancelled() {
        // apalis owns rows by the worker's name: one that was used before would meet its own past (apalis#504).
        let name = format!("bansou-{}-{:016x}", std::process::id(), u64::from_be_bytes(store.ambient().bytes()));
        let (ended, ran_for) = {
            let began = tokio::time::Instant::now();
            hands.health().listening(true);
            (one_worker(&store, &name, &hands, terms, stop.clone()).await, began.elapsed())
        };
        hands.health().listening(false);
        let Err(error) = ended else { continue };
        tracing::warn!(error = %error, "apalis ended; it is started again");
        pause = if ran_for > Duration::from_mins(1) {
            Duration::from_millis(500)
        } else {
            (pause * 2).min(Duration::from_secs(10))
        };
        let _ = stop.run_until_cancelled(sleep(pause)).await;
    }
}

/// One life of apalis' worker, until `stop` or a fault of the backend.
async fn one_worker(
    store: &Store,
    name: &str,
    hands: &Hands,
    terms: AlarmTerms,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    let poll = (Duration::from_secs(1) / terms.speed).max(Duration::from_millis(100));
    let stopped = async move {
        stop.cancelled().await;
        Ok::<(), WorkerError>(())
    };
    if let Some(pool) = store.sqlite_pool() {
        let storage = SqliteStorage::<String>::new(pool).with_config(queue::sqlite_config()).poll_with_interval(poll);
        let worker =
            WorkerBuilder::new(name).backend(storage).concurrency(terms.concurrency).data(hands.clone()).build(answer);
        return worker.run_until(stopped).await;
    }
    let Some(postgres) = store.postgres_pool() else { return Ok(()) };
    let storage = PostgresStorage::<String>::new(postgres).with_config(queue::postgres_config());
    let worker = WorkerBuilder::new(name)
        .backend(storage.with_pubsub().poll_with_interval(poll))
        .concurrency(terms.concurrency)
        .data(hands.clone())
        .build(answer);
    worker.run_until(stopped).await
}

/// apalis' handler. It is always content: what fails is tried again at the next tick, not by apalis.
async fn answer(word: String, hands: Data<Hands>) -> Result<(), BoxDynError> {
    if let Ok(alarm) = word.parse::<Alarm>() {
        hands.run(alarm).await;
    } else {
        // A word of another version, while versions change.
        tracing::warn!("an alarm that this version doesn't know was put aside");
    }
    Ok(())
}
