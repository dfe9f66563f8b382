//! How many signed webhook calls a second become durable rows, and how long each waits for its 200.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bansou_channels::{Secret, line};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;

use super::office::BenchOffice;
use super::{Millis, cpu};
use crate::ambient;
use crate::args::BenchInboundArgs;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::{serve, wiring};

const SECRET: &str = "measured";
/// Longest answer that is read: a status line, a few headers, no body.
const ANSWER: usize = 8_192;

/// What the connections share: the calls still to be made, and when each is due.
struct Load {
    calls: Vec<Vec<u8>>,
    next: AtomicUsize,
    began: Instant,
    /// From call to call; `None` is as fast as they are answered.
    every: Option<Duration>,
}

/// One connection's answers.
#[derive(Default)]
struct Answers {
    /// How long each 200 took, from the moment at which the call was due.
    stored: Vec<Duration>,
    refused: usize,
}

pub(super) async fn measure(args: &BenchInboundArgs) -> Done<Value> {
    let bench = BenchOffice::set_up(args.database.as_deref(), ambient::of_the_system()).await?;
    let config = Config::load(
        None,
        [
            ("BANSOU__CHANNELS__0__ID", "line-main"),
            ("BANSOU__CHANNELS__0__KIND", "line"),
            ("BANSOU__CHANNELS__0__BASE_URL", "http://127.0.0.1:9"),
            ("BANSOU__CHANNELS__0__CHANNEL_SECRET", SECRET),
            ("BANSOU__CHANNELS__0__CHANNEL_ACCESS_TOKEN", SECRET),
        ],
    )?;
    let channels = wiring::channels(&config, &wiring::simulator_secret(&bench.store)).map_err(Failure::usage)?;
    let stop = CancellationToken::new();
    let address = serve::pages_on_loopback(&config, &bench.store, &channels, stop.clone()).await?;
    let now = bench.store.ambient().now();
    let calls = (0..args.count).map(|n| call(n, now)).collect();
    let every = args.offered.map(|offered| Duration::from_secs(1) / offered);
    let cpu_before = cpu::seconds();
    let load = Arc::new(Load { calls, next: AtomicUsize::new(0), began: Instant::now(), every });
    let mut connections = JoinSet::new();
    for _ in 0..args.connections {
        connections.spawn(connection(address, Arc::clone(&load)));
    }
    let mut all = Answers::default();
    while let Some(answers) = connections.join_next().await {
        let answers = answers.map_err(|error| Failure::failed(error.to_string()))??;
        all.stored.extend(answers.stored);
        all.refused += answers.refused;
    }
    let took = load.began.elapsed().as_secs_f64();
    let cpu = cpu::seconds().zip(cpu_before).map(|(after, before)| after - before);
    let stored: i64 = bench.store.inbound_counts().await?.into_iter().map(|(_, count)| count).sum();
    stop.cancel();
    let answered = all.stored.len();
    // A call that was refused may be stored all the same; one that was acknowledged must be.
    let missing = i64::try_from(answered).unwrap_or(i64::MAX) - stored;
    if missing > 0 {
        return Err(Failure::failed(format!("{missing} acknowledged events are missing")));
    }
    let thousandth = |n: f64| (n * 1_000.0).round() / 1_000.0;
    let p99 = percentile(&mut all.stored, 99);
    #[expect(clippy::cast_precision_loss, reason = "events of one run")]
    Ok(json!({
        "count": args.count,
        "connections": args.connections,
        "offered_per_second": args.offered,
        "seconds": thousandth(took),
        "events_per_second": thousandth(answered as f64 / took),
        "answered": answered,
        "refused": all.refused,
        "missing": 0,
        "ms": Millis::of(all.stored),
        "p99_ms": thousandth(p99.as_secs_f64() * 1_000.0),
        "cpu_seconds": cpu.map(thousandth),
    }))
}

/// A call as LINE makes it, in the bytes that go over the wire.
fn call(n: u32, now: DateTime<Utc>) -> Vec<u8> {
    let event = json!({
        "type": "message", "mode": "active", "webhookEventId": format!("01MEASURED{n:016}"), "timestamp": now.timestamp_millis(),
        "deliveryContext": { "isRedelivery": false }, "replyToken": format!("{n:032x}"),
        "source": { "type": "user", "userId": format!("U{:032x}", n % 1_000) },
        "message": { "type": "text", "id": format!("{n:018}"), "quoteToken": "q", "text": "おはようございます。今日は元気です。" },
    });
    let body = json!({ "destination": "U0", "events": [event] }).to_string();
    let signature = line::sign(&Secret::new(SECRET), body.as_bytes());
    format!(
        "POST /webhooks/line/line-main HTTP/1.1\r\nhost: 127.0.0.1:8080\r\ncontent-type: application/json\r\n\
         x-line-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn connection(address: SocketAddr, load: Arc<Load>) -> io::Result<Answers> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answers = Answers::default();
    loop {
        let n = load.next.fetch_add(1, Ordering::Relaxed);
        let Some(call) = load.calls.get(n) else { return Ok(answers) };
        let due = match load.every {
            Some(every) => {
                let due = load.began + every * u32::try_from(n).unwrap_or(u32::MAX);
                sleep_until(due.into()).await;
                due
            }
            None => Instant::now(),
        };
        stream.write_all(call).await?;
        match status(&mut stream).await? {
            200 => answers.stored.push(due.elapsed()),
            503 => answers.refused += 1,
            other => return Err(io::Error::other(format!("a call was answered with {other}"))),
        }
    }
}

/// Reads one answer to its end and returns its status.
async fn status(stream: &mut TcpStream) -> io::Result<u16> {
    let mut answer = Vec::with_capacity(512);
    loop {
        if stream.read_buf(&mut answer).await? == 0 || answer.len() > ANSWER {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
            return status.ok_or_else(|| io::Error::other("an answer without a status"));
        }
    }
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(at).copied().unwrap_or_default()
}
