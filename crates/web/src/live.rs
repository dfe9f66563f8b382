//! Telling open pages that something changed: one number per office, asked of the database once a second while somebody
//! listens, and passed on to everybody who listens in this process. Several processes each ask; no page waits for another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bansou_core::ids::OfficeId;
use bansou_store::Store;
use http::{HeaderMap, header};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often the number is asked for.
const EVERY: Duration = Duration::from_secs(1);
/// Streams of one session: a page in the background closes its own, so more are no person's.
const STREAMS: usize = 6;

/// The header by which a page's script says why it asks.
pub const SCRIPT: &str = "x-bansou";

type Offices = Arc<Mutex<HashMap<OfficeId, Arc<watch::Sender<Option<i64>>>>>>;
type Streams = Arc<Mutex<HashMap<Vec<u8>, usize>>>;

/// Whether a page asks by itself rather than because of its reader: such a request keeps nobody signed in.
pub fn is_quiet(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    says(headers, "live") || accept.starts_with("text/event-stream")
}

/// Whether a page's script says that it asks for this.
pub fn says(headers: &HeaderMap, what: &str) -> bool {
    headers.get(SCRIPT).is_some_and(|value| value == what)
}

/// Who listens.
pub(crate) struct Live {
    store: Store,
    stop: CancellationToken,
    offices: Offices,
    streams: Streams,
}

/// A place among a session's streams; given back when it is dropped.
pub(crate) struct Place {
    streams: Streams,
    session: Vec<u8>,
}

impl Live {
    pub(crate) fn new(store: Store, stop: CancellationToken) -> Self {
        Self { store, stop, offices: Offices::default(), streams: Streams::default() }
    }

    /// The office's number from here on; `None` until it has been asked for. It ends when the process is to end.
    pub(crate) fn listen(&self, office: OfficeId) -> watch::Receiver<Option<i64>> {
        let mut offices = held(&self.offices);
        if let Some(sender) = offices.get(&office) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        let sender = Arc::new(sender);
        offices.insert(office, Arc::clone(&sender));
        drop(offices);
        let (store, offices, stop) = (self.store.clone(), Arc::clone(&self.offices), self.stop.clone());
        tokio::spawn(follow(store, office, sender, offices, stop));
        receiver
    }

    /// A place for one more stream of a session, where there is one.
    pub(crate) fn place(&self, session: &[u8]) -> Option<Place> {
        let mut streams = held(&self.streams);
        let open = streams.entry(session.to_vec()).or_default();
        if *open >= STREAMS {
            return None;
        }
        *open += 1;
        Some(Place { streams: Arc::clone(&self.streams), session: session.to_vec() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = held(&self.streams);
        if let Some(open) = streams.get_mut(&self.session) {
            *open -= 1;
            if *open == 0 {
                streams.remove(&self.session);
            }
        }
    }
}

/// Asks for an office's number until nobody listens any more.
async fn follow(
    store: Store,
    office: OfficeId,
    sender: Arc<watch::Sender<Option<i64>>>,
    offices: Offices,
    stop: CancellationToken,
) {
    loop {
        match store.changes_of(office).await {
            Ok(changes) => {
                sender.send_if_modified(|known| known.replace(changes) != Some(changes));
            }
            // Pages stay as they are, with their link to load them again.
            Err(error) => tracing::warn!(office = %office, error = %error, "changes can't be followed"),
        }
        let is_ending = stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none();
        let mut offices = held(&offices);
        if is_ending || sender.receiver_count() == 0 {
            offices.remove(&office);
            return;
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
