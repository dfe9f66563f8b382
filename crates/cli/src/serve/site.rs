//! The pages and webhooks, given what they need of the other rooms.

use axum::Router;
use bansou_store::Store;
use bansou_worker::alarm::Wake;

use super::{Readiness, health_routes};
use crate::config::Config;
use crate::failure::Done;
use crate::wiring::Channels;

/// Builds the site.
pub(super) async fn site(
    _config: &Config,
    store: &Store,
    _channels: &Channels,
    _wake: Wake,
    readiness: Readiness,
) -> Done<Router> {
    Ok(health_routes(store, readiness))
}
