//! What takes the messages of a measured sender where no other sink is named: LINE's push endpoint, which says yes.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::failure::Done;

type Keys = Arc<Mutex<HashSet<String>>>;

/// Listens on a free port of this machine until the process ends; returns its address.
pub(super) async fn start() -> Done<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let router = Router::new().route("/v2/bot/message/push", post(push)).with_state(Keys::default());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn push(State(keys): State<Keys>, headers: HeaderMap, _message: Json<Value>) -> (StatusCode, Json<Value>) {
    let key = headers.get("x-line-retry-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let is_new = keys.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
    if is_new {
        (StatusCode::OK, Json(json!({ "sentMessages": [{ "id": "1", "quoteToken": "q" }] })))
    } else {
        (StatusCode::CONFLICT, Json(json!({ "message": "The retry key is already accepted" })))
    }
}
