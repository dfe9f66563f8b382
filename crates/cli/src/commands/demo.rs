//! `bansou demo`: makes the office and its history, says who can sign in, and serves.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bansou_core::audit::Actor;
use bansou_web::password;
use chrono_tz::Asia::Tokyo;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::ambient;
use crate::args::DemoArgs;
use crate::config::Config;
use crate::demo::{Demo, DemoTerms, morning_of};
use crate::failure::{Done, Failure};
use crate::key_file;
use crate::serve;
use crate::terminal::Terminal;

/// How big the made-up office is.
const PEOPLE: usize = 60;
/// Eighteen months.
const DAYS: u32 = 548;

/// Makes and serves the demo until it is told to stop.
pub(crate) async fn demo(args: &DemoArgs, terminal: &mut Terminal) -> Done {
    // The port first: its number stands in links, and a taken one should be told before the work.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let taken = |error| Failure::failed(format!("--port: {address}: {error}; --port 0 takes a free one"));
    let listener = TcpListener::bind(address).await.map_err(taken)?;
    let bound = listener.local_addr()?;
    let public_url = format!("http://{bound}");
    let folder = Folder::new(args.data.as_deref())?;
    let key = key_file::fresh(&ambient::of_the_system());
    if args.data.is_some() {
        // Without its key a database that is kept could never be opened again.
        key_file::write(&folder.path().join("bansou.key"), &key).map_err(Failure::failed)?;
    }
    let terms = DemoTerms {
        seed: args.seed,
        people: PEOPLE,
        days: DAYS,
        ends_at: morning_of(ambient::of_the_system().now()),
        public_url: public_url.clone(),
        database_url: format!("sqlite://{}?mode=rwc", folder.path().join("bansou.db").display()),
        key,
    };
    let bar = progress(terminal);
    serve::stop_at_a_signal(&terminal.stop)?;
    // On a worker of the runtime what it spawns stays on the same thread; a hundred thousand wake-ups fewer.
    let making = tokio::spawn({
        let (terms, bar) = (terms.clone(), bar.clone());
        async move { Demo::make(&terms, |day| bar.set_position(day.into())).await }
    });
    let made = terminal.stop.run_until_cancelled(making).await;
    bar.finish_and_clear();
    let Some(made) = made else { return Ok(()) };
    let made = made.map_err(|_| Failure::failed("the demo could not be made"))?;
    let demo = Arc::new(made.map_err(|error| Failure::failed(format!("the demo could not be made: {error:#}")))?);
    demo.begin();
    let accounts = passwords(&demo).await?;
    let config = configuration(bound, &public_url)?;
    serve::demo::serve(&config, &demo, listener, terminal, |terminal| {
        let begun = terms.ends_at.with_timezone(&Tokyo).format("%Y-%m-%d %H:%M");
        let out = &mut terminal.out;
        writeln!(out, "A made-up office with {} graduates; nothing leaves this machine.", demo.figures.graduates)?;
        writeln!(out, "Its clock began at {begun} in Japan and runs as fast as any other.")?;
        for (email, password) in &accounts {
            writeln!(out, "{email}   {password}")?;
        }
        writeln!(out, "{public_url}")?;
        Ok(out.flush()?)
    })
    .await
}

/// New passwords for the accounts of this run.
async fn passwords(demo: &Demo) -> Done<Vec<(String, String)>> {
    let ambient = demo.store.ambient();
    let tx = demo.store.begin(demo.office).await?;
    let mut accounts = Vec::new();
    for id in &demo.accounts {
        let Some(member) = tx.staff_member(*id).await? else { continue };
        let password = password::generate(ambient);
        tx.set_password_hash(Actor::COMMAND, *id, &password::hash(&password, ambient)).await?;
        accounts.push((member.profile.email, password));
    }
    tx.save().await?;
    Ok(accounts)
}

/// The defaults with this address. Neither a file nor the environment is read: a demo has no secrets to be configured.
fn configuration(bound: SocketAddr, public_url: &str) -> Done<Config> {
    let bind = bound.to_string();
    Ok(Config::load(None, [("BANSOU__WEB__BIND", bind.as_str()), ("BANSOU__WEB__PUBLIC_URL", public_url)])?)
}

fn progress(terminal: &Terminal) -> ProgressBar {
    let target = if terminal.is_watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(DAYS.into()), target);
    bar.enable_steady_tick(Duration::from_millis(200));
    match ProgressStyle::with_template("living through {len} days {bar:40} {pos}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Where the database lies; a temporary folder goes with the demo.
enum Folder {
    Temporary(TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn new(wanted: Option<&Path>) -> Done<Self> {
        let Some(path) = wanted else {
            return Ok(Self::Temporary(TempDir::with_prefix("bansou-demo-")?));
        };
        std::fs::create_dir_all(path)
            .map_err(|error| Failure::failed(format!("--data: {}: {error}", path.display())))?;
        if path.join("bansou.db").exists() {
            let path = path.display();
            return Err(Failure::usage(format!("--data: {path} has a database already; name another folder")));
        }
        Ok(Self::Kept(path.to_owned()))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(path) => path,
        }
    }
}
