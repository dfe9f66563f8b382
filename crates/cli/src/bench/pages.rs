//! What a page costs at the server: time, statements asked of the database, and bytes.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::json;

use super::Millis;
use super::history::Grown;
use super::open::Things;
use super::visits::{Browsers, PAGES, PUBLIC_URL, Who};
use crate::args::BenchPagesArgs;
use crate::config::Config;
use crate::failure::Done;
use crate::terminal::Terminal;
use crate::{serve, wiring};

/// No page may take longer (milliseconds, nineteen times of twenty).
const LIMIT: f64 = 50.0;
/// So many have something open on an ordinary morning.
const OPEN: usize = 40;
/// And on a bad one.
const OPEN_AT_WORST: usize = 200;
/// Pages that show what is open, and are measured again on the bad morning.
const SHOW_OPEN: [&str; 4] = ["/today", "/inbox", "/signs", "/graduates"];

/// One page's figures.
#[derive(Serialize)]
struct Figure {
    page: &'static str,
    /// How many people have something open.
    open: usize,
    ms: Millis,
    /// Statements asked of the database, at most.
    statements: u64,
    /// Bytes of the page, at most.
    bytes: usize,
}

pub(super) async fn measure(args: &BenchPagesArgs, terminal: &Terminal) -> Done<String> {
    let begun = Instant::now();
    let bar = progress(args.messages, terminal, "writing {len} messages {bar:40} {pos}");
    let told = |messages: usize| bar.set_position(messages as u64);
    let grown = Grown::grow(args.database.as_deref(), args.graduates, args.messages, told).await?;
    let mut things = Things::default();
    grown.leave_open(0..OPEN, &mut things).await?;
    grown.strangers_write(&mut things).await?;
    grown.ask_employers(&mut things).await?;
    grown.one_stops().await?;
    bar.finish_and_clear();
    let filled = begun.elapsed();

    let browsers = Browsers::sign_in(&grown, &things, site(&grown).await?).await?;
    if args.offices > 1 {
        return beside_others(&grown, &browsers, args, terminal).await;
    }
    grown.bench.store.keep_statements();
    let mut figures = Vec::new();
    for (who, path) in PAGES {
        figures.push(figure(&grown, &browsers, (*who, path), OPEN, args.runs).await?);
    }
    grown.leave_open(OPEN..OPEN_AT_WORST, &mut things).await?;
    for (who, path) in PAGES.iter().filter(|(_, path)| shows_what_is_open(path)) {
        figures.push(figure(&grown, &browsers, (*who, path), OPEN_AT_WORST, args.runs).await?);
    }
    let wide = grown.bench.store.wide_statements().await?;
    Ok(if args.json { as_json(&grown, &figures, &wide, filled, args) } else { as_table(&grown, &figures, filled) })
}

/// The same pages of the same office before and after others came into the database.
async fn beside_others(grown: &Grown, browsers: &Browsers, args: &BenchPagesArgs, terminal: &Terminal) -> Done<String> {
    let all = async || {
        let mut figures = Vec::new();
        for (who, path) in PAGES {
            figures.push(figure(grown, browsers, (*who, path), OPEN, args.runs).await?);
        }
        Done::Ok(figures)
    };
    let alone = all().await?;
    let others = args.offices - 1;
    let bar = progress(others.into(), terminal, "writing {len} offices {bar:40} {pos}");
    let begun = Instant::now();
    grown.bench.store.add_neighbours(grown.bench.office, others, |n| bar.set_position(n.into())).await?;
    bar.finish_and_clear();
    let filled = begun.elapsed();
    let among = all().await?;
    let ratio = |(alone, among): (&Figure, &Figure)| {
        let ratio = among.ms.median / alone.ms.median.max(f64::EPSILON);
        json!({ "page": alone.page, "alone_ms": alone.ms, "among_ms": among.ms, "ratio": (ratio * 100.0).round() / 100.0 })
    };
    let pages: Vec<_> = alone.iter().zip(&among).map(ratio).collect();
    let offices = usize::from(args.offices);
    let figures = json!({
        "offices": offices,
        "graduates": grown.people.len() * offices,
        "messages": grown.messages * offices,
        "runs": args.runs.max(1),
        "neighbours_written_in_seconds": filled.as_secs(),
        "pages": pages,
    });
    if args.json {
        return Ok(figures.to_string());
    }
    let mut text = format!("{:42} {:>9} {:>9} {:>6}\n", "page (median ms)", "alone", "among", "ratio");
    for (page, (alone, among)) in pages.iter().zip(alone.iter().zip(&among)) {
        let (ratio, alone_ms, among_ms) = (&page["ratio"], alone.ms.median, among.ms.median);
        let _ = writeln!(text, "{:42} {alone_ms:>9.1} {among_ms:>9.1} {ratio:>6}", alone.page);
    }
    Ok(text)
}

fn shows_what_is_open(path: &str) -> bool {
    !path.contains("GRADUATE") && SHOW_OPEN.contains(&path.split('?').next().unwrap_or(path))
}

async fn figure(
    grown: &Grown,
    browsers: &Browsers,
    (who, page): (Who, &'static str),
    open: usize,
    runs: u32,
) -> Done<Figure> {
    browsers.open(who, page, 0).await?;
    let (mut times, mut statements, mut bytes) = (Vec::new(), 0, 0);
    for turn in 1..=runs.max(1) as usize {
        // Nothing is remembered of the page before: a colleague has changed something in between.
        grown.colleague_changes_something().await?;
        let (asked, begun) = (grown.bench.store.statements(), Instant::now());
        let opened = browsers.open(who, page, turn).await?;
        times.push(begun.elapsed());
        statements = statements.max(grown.bench.store.statements() - asked);
        bytes = bytes.max(opened.bytes);
    }
    Ok(Figure { page, open, ms: Millis::of(times), statements, bytes })
}

/// The site as it is served, with simulators for channels.
async fn site(grown: &Grown) -> Done<axum::Router> {
    let config = Config::load(None, [("BANSOU__WEB__PUBLIC_URL", PUBLIC_URL)])?;
    let store = &grown.bench.store;
    let channels = wiring::channels(&config, &wiring::simulator_secret(store)).map_err(crate::Failure::usage)?;
    serve::pages_only(&config, store, &channels).await
}

fn as_json(
    grown: &Grown,
    figures: &[Figure],
    wide: &[(String, String)],
    filled: Duration,
    args: &BenchPagesArgs,
) -> String {
    let over: Vec<_> = over(figures).map(|figure| figure.page).collect();
    let all = json!({
        "graduates": grown.people.len(),
        "messages": grown.messages,
        "runs": args.runs.max(1),
        "filled_in_seconds": filled.as_secs(),
        "limit_ms": LIMIT,
        "over_limit": over,
        "pages": figures,
        "wide_statements": wide,
    });
    all.to_string()
}

fn as_table(grown: &Grown, figures: &[Figure], filled: Duration) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} graduates, {} messages, filled in {} s\n\n{:42} {:>5} {:>8} {:>8} {:>8} {:>5} {:>7}",
        grown.people.len(),
        grown.messages,
        filled.as_secs(),
        "page",
        "open",
        "min ms",
        "median",
        "p95",
        "SQL",
        "KiB",
    );
    for Figure { page, open, ms, statements, bytes } in figures {
        let Millis { min, median, p95, .. } = ms;
        let kib = bytes.div_ceil(1024);
        let _ = writeln!(text, "{page:42} {open:>5} {min:>8.1} {median:>8.1} {p95:>8.1} {statements:>5} {kib:>7}");
    }
    let over: Vec<_> = over(figures).map(|figure| format!("{} ({} open)", figure.page, figure.open)).collect();
    let _ = write!(text, "\nover {LIMIT} ms (p95): {}", if over.is_empty() { "none".into() } else { over.join(", ") });
    text
}

fn over(figures: &[Figure]) -> impl Iterator<Item = &Figure> {
    figures.iter().filter(|figure| figure.ms.p95 > LIMIT)
}

fn progress(count: usize, terminal: &Terminal, words: &str) -> ProgressBar {
    let target = if terminal.is_watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(count as u64), target);
    match ProgressStyle::with_template(words) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
