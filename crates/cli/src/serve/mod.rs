//! `bansou serve`: web and worker in one process unless told otherwise.
//!
//! Stopping (SIGTERM, Ctrl-C): not ready any more, no new connections and claims, what is under way ends within 20 s, then
//! the process ends. A second process on the same `SQLite` file is refused; several need `PostgreSQL`.

pub mod dead_man;
pub(crate) mod demo;
pub mod disk;
mod figures;
mod hosts;
mod http;
mod logs;
pub mod readiness;
mod site;
pub mod vitals;

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use bansou_core::ambient::Ambient;
use bansou_store::Store;
use bansou_worker::alarm::{self, AlarmTerms, Health, Wake};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::dead_man::DeadMan;
use self::readiness::Readiness;
use self::vitals::{Pulse, Vitals};
use crate::ambient::VirtualClock;
use crate::args::{Half, ServeArgs};
use crate::config::{Config, DatabaseUrl};
use crate::failure::{Done, Failure};
use crate::opening::{self, Schema};
use crate::terminal::Terminal;
use crate::wiring::Channels;
use crate::{ambient, wiring};

/// After a stop, requests under way have so long to end; the worker has a little more.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves until it is told to stop.
pub async fn serve(config: &Config, args: &ServeArgs, terminal: &mut Terminal) -> Done {
    if config.is_production() && args.virtual_start.is_some() {
        return Err(Failure::usage("--virtual-start: production runs on the real time"));
    }
    let stop = terminal.stop.clone();
    // From the first moment on, so that a stop while starting ends the program in order, too.
    stop_at_a_signal(&stop)?;
    if args.ends_with_input {
        stop_at_the_inputs_end(&stop);
    }
    logs::begin(&config.log)?;
    let store = opening::open(config, time(args), Schema::AsConfigured).await?;
    let _only_one = lock(&config.database.url)?;
    alarm::prepare(&store).await.map_err(Failure::failed)?;
    let channels = wiring::channels(config, &wiring::simulator_secret(&store)).map_err(Failure::usage)?;

    let wake = Wake::new();
    let engine = wiring::engine(config, store.clone(), &channels);
    let journal = wiring::journal(config, &store).map_err(Failure::usage)?;
    let engine = match &journal {
        Some(journal) => engine.with_journal(journal.clone()),
        None => engine,
    };
    let health = (args.only != Some(Half::Web)).then(Health::new);
    let vitals = Vitals::new();
    let readiness = Readiness::new(readiness::Parts {
        store: store.clone(),
        stop: stop.clone(),
        worker: health.clone(),
        vitals: vitals.clone(),
        key_file: Some(config.database.key_file.clone()),
        journal,
    });
    let mut tasks = Vec::new();
    // Virtual time is made here and never jumps.
    if args.virtual_start.is_none() {
        let pulse = Pulse::new(&store, vitals, health.is_some().then(|| engine.clone()));
        let file = config.database.url.sqlite_path().map(Path::to_path_buf);
        tasks.push(tokio::spawn(vitals::look_after(pulse, store.clone(), file, stop.clone())));
    }
    if health.is_some()
        && let Some(dead_man) = DeadMan::new(&config.alarm, readiness.clone(), store.clone())
    {
        tasks.push(tokio::spawn(dead_man.run(stop.clone())));
    }
    if args.only != Some(Half::Worker) {
        let router = site::site(config, &store, &channels, wake.clone(), readiness.clone(), None).await?;
        let listener = bind("web.bind", config.web.bind).await?;
        let listening = listener.local_addr()?;
        let router = hosts::guard(router, &config.web, listening, config.is_production());
        tasks.push(tokio::spawn(http::serve(listener, router, stop.clone(), PATIENCE)));
        writeln!(terminal.out, "Bansou listens on http://{listening}, known as {}", config.web.base())?;
    }
    if let Some(address) = config.metrics.bind {
        let listener = bind("metrics.bind", address).await?;
        writeln!(terminal.out, "  metrics      http://{}/metrics", listener.local_addr()?)?;
        let router = figures::router(&store, &channels, readiness.clone());
        tasks.push(tokio::spawn(http::serve(listener, router, stop.clone(), Duration::from_secs(1))));
    }
    let terms = AlarmTerms { speed: args.speed, ..AlarmTerms::default() };
    tasks.push(match health {
        Some(health) => tokio::spawn(alarm::run(engine, wake, health, terms, stop.clone())),
        None => tokio::spawn(alarm::forward(store.clone(), wake, stop.clone())),
    });
    tell(config, args, &store, &channels, terminal).await?;
    until_stopped(tasks, stop).await?;
    store.close().await?;
    writeln!(terminal.out, "Bansou has stopped.")?;
    Ok(())
}

/// The pages and webhooks without a worker, for measuring: nothing listens.
pub(crate) async fn pages_only(config: &Config, store: &Store, channels: &Channels) -> Done<Router> {
    let readiness = Readiness::new(readiness::Parts {
        store: store.clone(),
        stop: CancellationToken::new(),
        worker: None,
        vitals: Vitals::new(),
        key_file: None,
        journal: None,
    });
    site::site(config, store, channels, Wake::new(), readiness, None).await
}

/// The same on a free port of this machine, until `stop`.
pub(crate) async fn pages_on_loopback(
    config: &Config,
    store: &Store,
    channels: &Channels,
    stop: CancellationToken,
) -> Done<SocketAddr> {
    let router = pages_only(config, store, channels).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(http::serve(listener, router, stop, PATIENCE));
    Ok(address)
}

fn time(args: &ServeArgs) -> Ambient {
    match (args.virtual_start, args.virtual_since) {
        (Some(start), Some(since)) => ambient::virtual_time(VirtualClock::since(start, args.speed, since)),
        (Some(start), None) => ambient::virtual_time(VirtualClock::new(start, args.speed)),
        (None, _) => ambient::of_the_system(),
    }
}

async fn tell(
    config: &Config,
    args: &ServeArgs,
    store: &Store,
    channels: &wiring::Channels,
    terminal: &mut Terminal,
) -> Done {
    let out = &mut terminal.out;
    writeln!(out, "  database     {}", config.database.url.shown())?;
    for channel in &channels.list {
        writeln!(out, "  channel      {}", wiring::said(channel, config.channels.is_empty()))?;
    }
    if let Some(start) = args.virtual_start {
        writeln!(out, "  time         virtual, from {start}, {} times as fast as real time", args.speed)?;
    }
    match args.only {
        Some(Half::Web) => writeln!(out, "  worker       not in this process")?,
        Some(Half::Worker) => writeln!(out, "  pages        not in this process")?,
        None => {}
    }
    if let Some(path) = &config.journal.path {
        writeln!(out, "  send journal {}", path.display())?;
    }
    let office = store.offices().await?.first().map(|office| office.id);
    if let Some(office) = office
        && store.read(office).await?.staff().await?.is_empty()
    {
        writeln!(out, "  accounts     none yet: bansou staff add --email … --name … --role admin")?;
    }
    out.flush()?;
    Ok(())
}

/// Waits for the stop or the end of a task, which none should have before; then for all of them.
async fn until_stopped(mut tasks: Vec<JoinHandle<()>>, stop: CancellationToken) -> Done {
    let (ended, _, rest) = tokio::select! {
        () = stop.cancelled() => (None, 0, Vec::new()),
        (ended, at, rest) = futures_util::future::select_all(&mut tasks) => (Some(ended), at, rest),
    };
    drop(rest);
    let broken = ended.is_some() && !stop.is_cancelled();
    stop.cancel();
    for task in tasks {
        if !task.is_finished() {
            let _ = task.await;
        }
    }
    if broken { Err(Failure::failed("a part of the program ended by itself; see the log")) } else { Ok(()) }
}

pub(crate) fn stop_at_a_signal(stop: &CancellationToken) -> Done {
    let stop = stop.clone();
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let mut interrupted = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            () = stop.cancelled() => {}
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        #[cfg(not(unix))]
        tokio::select! {
            () = stop.cancelled() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        stop.cancel();
    });
    Ok(())
}

/// What is read means nothing; only the end does.
fn stop_at_the_inputs_end(stop: &CancellationToken) {
    let stop = stop.clone();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        stop.cancel();
    });
}

async fn bind(field: &str, address: SocketAddr) -> Done<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| Failure::failed(format!("{field}: {address}: {error}")))
}

/// Holds the `SQLite` file for this process alone; the lock goes when the process does.
pub(crate) fn lock(url: &DatabaseUrl) -> Done<Option<File>> {
    let Some(path) = url.sqlite_path() else { return Ok(None) };
    let path = path.with_extension("serve-lock");
    let refused = |error| Failure::failed(format!("{}: {error}", path.display()));
    let file = File::options().write(true).create(true).truncate(false).open(&path).map_err(refused)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(Failure::failed(
            "another process serves this SQLite database; several processes need PostgreSQL (database.url)",
        )),
        Err(TryLockError::Error(error)) => Err(refused(error)),
    }
}

/// A router that answers health questions without detail.
fn health_routes(readiness: Readiness) -> Router {
    use axum::routing::get;
    let ready = move || async move {
        if readiness.is_ready().await {
            (axum::http::StatusCode::OK, "ready\n")
        } else {
            (axum::http::StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    };
    Router::new().route("/livez", get(|| async { "live\n" })).route("/readyz", get(ready))
}
