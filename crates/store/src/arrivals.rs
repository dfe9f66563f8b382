//! Webhook calls that arrive at the same moment share one commit.
//!
//! A provider gets its 2xx only after its events are on disk (P6), and a disk takes as long for one event as for a hundred. So
//! whoever comes while nobody writes, writes; whoever comes meanwhile waits, and the next writer takes everything that
//! waits along. Where too much waits, more is refused at once: the provider comes again, and nothing is lost.

use std::collections::{HashSet, VecDeque};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryTrait, TransactionTrait};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::connect::Store;
use crate::crash_point;
use crate::entity::inbound_events::{ActiveModel, Column, Entity};
use crate::error::{Result, StoreError};

/// Rows in one statement: both databases limit the number of bound values.
const ROWS_AT_ONCE: usize = 500;
/// So many events may wait for their commit; a provider waits two seconds for its answer (channels.md 1.5).
const WAITING_AT_MOST: usize = 4_000;

/// Events that wait for somebody to write them.
#[derive(Default)]
pub(crate) struct Arrivals(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    calls: VecDeque<Call>,
    rows: usize,
    /// Somebody is writing, or has been told to.
    is_led: bool,
}

/// One webhook call's events.
struct Call {
    rows: Vec<ActiveModel>,
    tell: oneshot::Sender<Told>,
}

enum Told {
    /// So many of the events were new.
    Stored(Result<u64>),
    /// Nobody has written them yet: do it, and what waits with them.
    YourTurn(Vec<ActiveModel>),
}

/// Whoever holds this writes. Given up, it goes to the next who waits, also when its holder was dropped half-way.
struct Lead<'a>(&'a Arrivals);

impl Store {
    /// Stores one call's events, which are durable when this returns, and says how many were new. Dropped half-way it may
    /// take other calls' answers with it (never their events), so web runs it as a task of its own.
    pub(crate) async fn store_arrival(&self, rows: Vec<ActiveModel>) -> Result<u64> {
        let arrivals = self.arrivals();
        let (own, lead) = match arrivals.come(rows)? {
            Come::Lead(rows, lead) => (rows, lead),
            Come::Wait(told) => match told.await {
                Ok(Told::Stored(stored)) => return stored,
                Ok(Told::YourTurn(rows)) => (rows, Lead(arrivals)),
                Err(_) => return Err(StoreError::Busy),
            },
        };
        let others = arrivals.take(ROWS_AT_ONCE.saturating_sub(own.len()));
        if others.is_empty() {
            return self.insert(vec![own]).await.map(|new| new.iter().sum());
        }
        let mut all = vec![own];
        let mut tells = Vec::with_capacity(others.len());
        for call in others {
            all.push(call.rows);
            tells.push(call.tell);
        }
        let stored = self.insert_apart(all).await;
        drop(lead);
        let mut stored = stored.into_iter();
        let own = stored.next().unwrap_or(Err(StoreError::Busy));
        for (tell, stored) in tells.into_iter().zip(stored) {
            // Whoever doesn't listen any more has gone away.
            let _ = tell.send(Told::Stored(stored));
        }
        own
    }

    /// All together, or each call on its own where that fails: an event that can't be stored keeps no other out (P13).
    async fn insert_apart(&self, calls: Vec<Vec<ActiveModel>>) -> Vec<Result<u64>> {
        match self.insert(calls.clone()).await {
            Ok(new) => new.into_iter().map(Ok).collect(),
            Err(error) if error.is_temporary() => {
                tracing::warn!(error = %error, "events could not be stored");
                calls.iter().map(|_| Err(StoreError::Busy)).collect()
            }
            Err(_) => {
                let mut stored = Vec::with_capacity(calls.len());
                for call in calls {
                    stored.push(self.insert(vec![call]).await.map(|new| new.iter().sum()));
                }
                stored
            }
        }
    }

    /// Inserts in one commit; says for each call how many of its events were new.
    async fn insert(&self, calls: Vec<Vec<ActiveModel>>) -> Result<Vec<u64>> {
        let ids: Vec<Vec<Uuid>> = calls.iter().map(|call| call.iter().map(|row| *row.id.as_ref()).collect()).collect();
        let mut rows: Vec<ActiveModel> = calls.into_iter().flatten().collect();
        // Processes that bring the same events in another order would wait for each other for ever on PostgreSQL.
        rows.sort_by(|a, b| {
            (a.channel_id.as_ref(), a.event_key.as_ref()).cmp(&(b.channel_id.as_ref(), b.event_key.as_ref()))
        });
        let _turn = self.gate().await;
        crash_point!("inbound.before_commit")?;
        let new = if rows.len() <= ROWS_AT_ONCE {
            insert_some(self.writing(), rows).await?
        } else {
            let tx = self.writing().begin().await?;
            let mut new = HashSet::new();
            for piece in rows.chunks(ROWS_AT_ONCE) {
                new.extend(insert_some(&tx, piece.to_vec()).await?);
            }
            tx.commit().await?;
            new
        };
        crash_point!("inbound.stored")?;
        Ok(ids.iter().map(|call| call.iter().filter(|id| new.contains(id)).count() as u64).collect())
    }
}

/// Inserts what isn't there yet, and returns the ids of what wasn't.
async fn insert_some(conn: &impl ConnectionTrait, rows: Vec<ActiveModel>) -> Result<HashSet<Uuid>> {
    let once = OnConflict::columns([Column::ChannelId, Column::EventKey]).do_nothing().to_owned();
    let mut insert = Entity::insert_many(rows).on_conflict(once).into_query();
    insert.returning(Query::returning().column(Column::Id));
    let new = conn.query_all(&insert).await?;
    Ok(new.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

enum Come<'a> {
    Lead(Vec<ActiveModel>, Lead<'a>),
    Wait(oneshot::Receiver<Told>),
}

impl Arrivals {
    fn come(&self, rows: Vec<ActiveModel>) -> Result<Come<'_>> {
        let mut waiting = self.waiting();
        if !mem::replace(&mut waiting.is_led, true) {
            return Ok(Come::Lead(rows, Lead(self)));
        }
        if waiting.rows + rows.len() > WAITING_AT_MOST {
            return Err(StoreError::Busy);
        }
        waiting.rows += rows.len();
        let (tell, told) = oneshot::channel();
        waiting.calls.push_back(Call { rows, tell });
        Ok(Come::Wait(told))
    }

    /// What waits, in its order, as far as it fits.
    fn take(&self, mut room: usize) -> Vec<Call> {
        let mut waiting = self.waiting();
        let mut taken = Vec::new();
        while let Some(call) = waiting.calls.pop_front_if(|call| call.rows.len() <= room) {
            room -= call.rows.len();
            waiting.rows -= call.rows.len();
            taken.push(call);
        }
        taken
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting();
        while let Some(call) = waiting.calls.pop_front() {
            waiting.rows -= call.rows.len();
            if call.tell.send(Told::YourTurn(call.rows)).is_ok() {
                return;
            }
        }
        waiting.is_led = false;
    }
}
