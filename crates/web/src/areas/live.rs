//! `GET /events`: server-sent events that say only that something changed, with the number by which a page knows whether it is
//! old. What changed is loaded by a normal GET of the page, so that permission is decided in one place.
//!
//! `since` (or `Last-Event-ID`) is the number of the page that listens: what changed before the stream was open is told at
//! once. A stream ends with its session, with the process, and never keeps anybody signed in.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Query;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use tokio::sync::watch;

use crate::live;
use crate::routes::Routes;
use crate::signed::Signed;

/// Proxies cut what is silent for long.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// A browser that lost the stream comes back after this.
const RETRY: Duration = Duration::from_secs(5);

/// The routes.
pub fn routes() -> Routes {
    Routes::new().get("/events", events)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    since: Option<i64>,
}

struct Listener {
    signed: Signed,
    changes: watch::Receiver<Option<i64>>,
    known: i64,
    is_new: bool,
    _place: live::Place,
}

async fn events(signed: Signed, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let Some(place) = signed.app.live.place(signed.session.key()) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let resumed = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let known = resumed.or(asked.since).unwrap_or(signed.changes);
    let changes = signed.app.live.listen(signed.office.id);
    let listener = Listener { signed, changes, known, is_new: true, _place: place };
    let mut response = Sse::new(stream::unfold(listener, next)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

async fn next(mut listener: Listener) -> Option<(Result<Event, Infallible>, Listener)> {
    if std::mem::take(&mut listener.is_new) {
        return Some((Ok(Event::default().retry(RETRY)), listener));
    }
    loop {
        let changes = *listener.changes.borrow_and_update();
        if let Some(changes) = changes.filter(|changes| *changes != listener.known) {
            listener.known = changes;
            let event = Event::default().event("changed").id(changes.to_string()).data("changed");
            return listener.is_good().await.then_some((Ok(event), listener));
        }
        tokio::select! {
            ended = listener.changes.changed() => if ended.is_err() { return None },
            () = tokio::time::sleep(KEEP_ALIVE) => {
                return listener.is_good().await.then_some((Ok(Event::default().comment("")), listener));
            }
        }
    }
}

impl Listener {
    /// Whether the session still is one; a database that doesn't answer ends the stream, and the browser asks again.
    async fn is_good(&self) -> bool {
        self.signed.app.parts.store.is_session_good(&self.signed.session).await.unwrap_or(false)
    }
}
