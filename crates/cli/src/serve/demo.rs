//! Serving the demo: the site and the worker over an office that was just made, on this machine only.

use std::sync::Arc;

use axum::middleware::from_fn;
use bansou_worker::alarm::{self, AlarmTerms, Health, Wake};
use tokio::net::TcpListener;

use super::readiness::{Parts, Readiness};
use super::vitals::Vitals;
use super::{PATIENCE, hosts, http, site, until_stopped};
use crate::config::Config;
use crate::demo::Demo;
use crate::failure::{Done, Failure};
use crate::terminal::Terminal;
use crate::wiring::Channels;

/// Serves until it is told to stop; `ready` is called when the first page can be opened.
pub(crate) async fn serve(
    config: &Config,
    demo: &Arc<Demo>,
    listener: TcpListener,
    terminal: &mut Terminal,
    ready: impl FnOnce(&mut Terminal) -> Done,
) -> Done {
    alarm::prepare(&demo.store).await.map_err(Failure::failed)?;
    let channels = Channels { list: demo.channels.clone(), inbox: demo.inbox.clone() };
    let (stop, wake, health) = (terminal.stop.clone(), Wake::new(), Health::new());
    let readiness = Readiness::new(Parts {
        store: demo.store.clone(),
        stop: stop.clone(),
        worker: Some(health.clone()),
        vitals: Vitals::new(),
        key_file: None,
        journal: None,
    });
    let more = crate::demo::pages::routes(demo);
    let router = site::site(config, &demo.store, &channels, wake.clone(), readiness, Some(more)).await?;
    let router = router.layer(from_fn(crate::demo::pages::begin_at_welcome));
    let router = hosts::guard(router, &config.web, listener.local_addr()?, false);
    let tasks = vec![
        tokio::spawn(http::serve(listener, router, stop.clone(), PATIENCE)),
        tokio::spawn(alarm::run(demo.engine.clone(), wake, health, AlarmTerms::default(), stop.clone())),
    ];
    ready(terminal)?;
    until_stopped(tasks, stop).await?;
    Ok(demo.store.close().await?)
}
