//! What anybody may ask for: health, files, the language, and the way in.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use crate::app::App;
use crate::routes::Routes;
use crate::signed::Signed;
use crate::{answer, assets, language, look};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", home)
        .get("/livez", live)
        .get("/readyz", ready)
        .get("/assets/{name}", assets::serve)
        .post("/language", switch)
        .post("/look", look)
}

async fn home(_signed: Signed) -> Response {
    answer::see("/today")
}

async fn live() -> &'static str {
    "live\n"
}

/// Why not is for the log and the metrics, not for whoever asks.
async fn ready(State(app): State<Arc<App>>) -> Response {
    if (app.parts.ready)().await {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
}

/// A language is no secret and no change of anything kept, so this form needs no token; the origin is checked all the same.
async fn switch(State(app): State<Arc<App>>, Form(form): Form<language::LanguageForm>) -> Response {
    language::switch(&form, app.is_https())
}

/// The same for text size and readings.
async fn look(State(app): State<Arc<App>>, headers: HeaderMap, Form(form): Form<look::LookForm>) -> Response {
    look::switch(&form, &headers, app.is_https())
}
