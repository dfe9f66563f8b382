//! What people send besides words, as LINE's data host gives it out.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{LineFake, Platform, error};
use crate::fakes::lock;

/// How a message's content stands.
#[derive(Debug, Clone)]
pub enum LineContent {
    /// It can be downloaded.
    Here(Vec<u8>),
    /// LINE is still making it ready.
    Preparing,
    /// LINE has deleted it.
    Deleted,
}

impl LineFake {
    /// How the content of a message stands from now on. Of any other message LINE knows none.
    pub fn set_content(&self, message_id: &str, content: LineContent) {
        lock(&self.platform.book).contents.insert(message_id.to_owned(), content);
    }

    /// The person sends a picture or a voice.
    pub fn media_event(&self, user: &str, kind: &str, content: LineContent) -> Value {
        let id = lock(&self.platform.book).next_id("");
        let mut message = json!({ "type": kind, "id": id, "contentProvider": { "type": "line" } });
        if kind == "image" {
            message["quoteToken"] = json!(format!("q{id}"));
        }
        self.set_content(&id, content);
        self.event(user, "message", json!({ "replyToken": self.reply_token(user), "message": message }))
    }
}

pub(super) async fn content(
    State(platform): State<Arc<Platform>>,
    Path(message): Path<String>,
    headers: HeaderMap,
) -> Response {
    platform
        .question("content", &headers, |book, _| match book.contents.get(&message) {
            // LINE says what it takes it for; we don't believe it.
            Some(LineContent::Here(bytes)) => ([("content-type", "image/jpeg")], bytes.clone()).into_response(),
            Some(LineContent::Preparing) => (StatusCode::ACCEPTED, "{}").into_response(),
            Some(LineContent::Deleted) => error(StatusCode::GONE, "Gone"),
            None => error(StatusCode::NOT_FOUND, "Not found"),
        })
        .await
}
