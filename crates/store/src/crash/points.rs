//! What happens at a crash point, and the two drivers.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Duration;

use bansou_core::ids::GraduateId;
use sea_orm::{DbErr, RuntimeErr};
use tokio::sync::Notify;

use super::POINTS;
use crate::error::{Result, StoreError};

/// The variable that drives a whole process.
const VARIABLE: &str = "BANSOU_CRASH";
/// The variable that names poisoned rows.
const POISON: &str = "BANSOU_POISON";
/// Longer than anything in the send path may take.
const A_LONG_PAUSE: Duration = Duration::from_mins(1);

tokio::task_local! {
    static PLAN: Arc<Plan>;
}

/// What happens at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happens {
    /// The memory of the work is lost: it ends here and nothing of it is undone but open transactions.
    Dies,
    /// The database seems to have gone.
    Fails,
    /// It panics.
    Panics,
    /// It stands still until [`Watched::release`]. Only at points without an open transaction: `SQLite` has one writer.
    Stands,
}

/// One thing that happens to a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crash {
    /// One of [`POINTS`].
    pub point: &'static str,
    /// At which passing, from 1.
    pub nth: u32,
    /// What.
    pub happens: Happens,
}

/// How far a piece of work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End<T> {
    /// It has ended by itself.
    Done(T),
    /// It died; drop it.
    Died,
    /// It stands still.
    Stands,
}

/// A piece of work of which a crash may take the memory.
pub struct Watched<'a, T> {
    work: Pin<Box<dyn Future<Output = T> + 'a>>,
    plan: Arc<Plan>,
}

struct Plan {
    state: Mutex<State>,
    released: Notify,
}

struct State {
    crash: Option<Crash>,
    hit: Option<Happens>,
}

impl<'a, T> Watched<'a, T> {
    /// Watches over work that hasn't begun.
    pub fn new(crash: Option<Crash>, work: impl Future<Output = T> + 'a) -> Self {
        let plan = Arc::new(Plan { state: Mutex::new(State { crash, hit: None }), released: Notify::new() });
        Self { work: Box::pin(PLAN.scope(Arc::clone(&plan), work)), plan }
    }

    /// Lets it go on to its end, or to the point at which something happens to it.
    pub async fn run(&mut self) -> End<T> {
        std::future::poll_fn(|cx| {
            if let Poll::Ready(done) = self.work.as_mut().poll(cx) {
                return Poll::Ready(End::Done(done));
            }
            match self.plan.lock().hit.take() {
                Some(Happens::Dies) => Poll::Ready(End::Died),
                Some(Happens::Stands) => Poll::Ready(End::Stands),
                Some(Happens::Fails | Happens::Panics) | None => Poll::Pending,
            }
        })
        .await
    }

    /// Work that stands still may go on, to where `crash` says.
    pub fn release(&self, crash: Option<Crash>) {
        self.plan.lock().crash = crash;
        self.plan.released.notify_one();
    }
}

impl<T> std::fmt::Debug for Watched<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watched")
    }
}

impl Plan {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happens at this point, now that it has been reached once more.
    fn reach(&self, name: &str) -> Option<Happens> {
        let mut state = self.lock();
        let crash = state.crash.as_mut().filter(|crash| crash.point == name)?;
        crash.nth = crash.nth.saturating_sub(1);
        if crash.nth > 0 {
            return None;
        }
        let happens = crash.happens;
        state.crash = None;
        state.hit = Some(happens);
        Some(happens)
    }
}

/// A point is reached; what [`crash_point!`](crate::crash_point) calls.
pub async fn reached(name: &'static str) -> Result<()> {
    debug_assert!(POINTS.contains(&name), "{name} isn't in the list of points");
    if let Ok(plan) = PLAN.try_with(Arc::clone) {
        return match plan.reach(name) {
            None => Ok(()),
            Some(Happens::Fails) => Err(injected()),
            Some(Happens::Dies) => std::future::pending().await,
            // Unlike `panic!` it says nothing on the screen: it is meant.
            Some(Happens::Panics) => std::panic::resume_unwind(Box::new("meant")),
            Some(Happens::Stands) => {
                plan.released.notified().await;
                Ok(())
            }
        };
    }
    let Some(wanted) = of_this_process().filter(|wanted| wanted.name == name) else { return Ok(()) };
    if wanted.passed.fetch_add(1, Ordering::Relaxed) + 1 != wanted.nth {
        return Ok(());
    }
    match wanted.what.as_str() {
        "abort" => std::process::abort(),
        "error" => Err(injected()),
        _ => {
            tokio::time::sleep(A_LONG_PAUSE).await;
            Ok(())
        }
    }
}

/// Somebody's row is worked on; what [`poison_point!`](crate::poison_point) calls.
///
/// # Panics
///
/// Where the row is poisoned so.
pub async fn handled(graduate: Option<GraduateId>) {
    static POISONED: OnceLock<Vec<(GraduateId, String)>> = OnceLock::new();
    let poisoned = POISONED.get_or_init(|| read_poison(&std::env::var(POISON).unwrap_or_default()));
    let Some((_, what)) = poisoned.iter().find(|(id, _)| Some(*id) == graduate) else { return };
    match what.as_str() {
        "abort" => std::process::abort(),
        "panic" => panic!("injected: a poisoned row"),
        _ => tokio::time::sleep(A_LONG_PAUSE).await,
    }
}

/// # Panics
///
/// When it can't be read: a run that would prove nothing must not begin.
fn read_poison(text: &str) -> Vec<(GraduateId, String)> {
    let each = text.split(',').filter(|one| !one.is_empty()).map(|one| {
        let (id, what) = one.split_once(':').unwrap_or((one, ""));
        let id = id.parse().ok().filter(|_| ["abort", "panic", "sleep"].contains(&what));
        (id.unwrap_or_else(|| panic!("{POISON} is GRADUATE:abort|panic|sleep,…")), what.to_owned())
    });
    each.collect()
}

struct Wanted {
    name: String,
    what: String,
    nth: u32,
    passed: AtomicU32,
}

fn of_this_process() -> Option<&'static Wanted> {
    static WANTED: OnceLock<Option<Wanted>> = OnceLock::new();
    WANTED.get_or_init(|| read(&std::env::var(VARIABLE).ok()?)).as_ref()
}

/// # Panics
///
/// When it names no point or nothing that can happen there: a run that would prove nothing must not begin.
fn read(text: &str) -> Option<Wanted> {
    if text.is_empty() {
        return None;
    }
    let mut parts = text.split(':');
    let name = parts.next().unwrap_or_default().to_owned();
    let what = parts.next().unwrap_or_default().to_owned();
    let nth = parts.next().map_or(Ok(1), str::parse).unwrap_or(0);
    let is_good = POINTS.contains(&name.as_str()) && ["abort", "error", "sleep"].contains(&what.as_str()) && nth > 0;
    assert!(is_good, "{VARIABLE} is NAME:abort|error|sleep[:NTH], with one of {}", POINTS.join(", "));
    Some(Wanted { name, what, nth, passed: AtomicU32::new(0) })
}

/// Looks like a connection that has gone: worth trying again.
fn injected() -> StoreError {
    StoreError::Database(DbErr::Conn(RuntimeErr::Internal("injected at a crash point".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn work() -> Result<u32> {
        reached("claim.committed").await?;
        reached("claim.committed").await?;
        Ok(7)
    }

    fn at(nth: u32, happens: Happens) -> Crash {
        Crash { point: "claim.committed", nth, happens }
    }

    #[tokio::test]
    async fn work_dies_fails_or_stands_at_the_passing_that_was_chosen() {
        assert!(matches!(Watched::new(None, work()).run().await, End::Done(Ok(7))));
        assert!(matches!(Watched::new(Some(at(2, Happens::Dies)), work()).run().await, End::Died));
        assert!(matches!(Watched::new(Some(at(3, Happens::Dies)), work()).run().await, End::Done(Ok(7))));
        let End::Done(Err(error)) = Watched::new(Some(at(1, Happens::Fails)), work()).run().await else {
            panic!("it fails");
        };
        assert!(error.is_temporary());
    }

    #[tokio::test]
    async fn work_that_stands_goes_on_when_it_is_released() {
        let mut watched = Watched::new(Some(at(1, Happens::Stands)), work());
        assert!(matches!(watched.run().await, End::Stands));
        watched.release(Some(at(1, Happens::Stands)));
        assert!(matches!(watched.run().await, End::Stands));
        watched.release(None);
        assert!(matches!(watched.run().await, End::Done(Ok(7))));
    }

    #[test]
    fn the_variable_names_point_deed_and_passing() {
        let wanted = read("record.before:error:3").unwrap();
        assert_eq!((wanted.name.as_str(), wanted.what.as_str(), wanted.nth), ("record.before", "error", 3));
        assert_eq!(read("claim.committed:abort").unwrap().nth, 1);
        assert!(read("").is_none());
        assert!(read_poison("").is_empty());
        assert_eq!(read_poison("00000000-0000-0000-0000-000000000001:panic").len(), 1);
        assert!(std::panic::catch_unwind(|| read_poison("somebody:panic")).is_err());
        for bad in ["nowhere:abort", "claim.committed:explode", "claim.committed:abort:x"] {
            assert!(std::panic::catch_unwind(|| read(bad)).is_err(), "{bad}");
        }
    }
}
