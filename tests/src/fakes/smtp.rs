//! A mail server for tests: takes mail for everybody, without TLS, with a login if the caller wants one.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bansou_core::ambient::Clock;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::{Fault, Faults, lock};

/// The user who may log in.
pub const USER: &str = "bansou";
/// The user's password.
pub const PASSWORD: &str = "smtp-password-for-tests";

/// A running mail server; ends when dropped.
pub struct SmtpFake {
    desk: Arc<Desk>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

/// One line of the ledger: a mail that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpAccepted {
    /// By the fake's clock.
    pub at: DateTime<Utc>,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipient.
    pub to: String,
    /// The Message-ID.
    pub message_id: String,
    /// Headers and body as sent.
    pub raw: String,
}

struct Desk {
    clock: Arc<dyn Clock>,
    faults: Faults,
    accepted: Mutex<Vec<SmtpAccepted>>,
    unknown: Mutex<HashSet<String>>,
}

impl SmtpFake {
    /// Starts on a free port of loopback.
    ///
    /// # Panics
    ///
    /// When loopback has no free port.
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let desk =
            Arc::new(Desk { clock, faults: Faults::new(seed), accepted: Mutex::default(), unknown: Mutex::default() });
        let shared = Arc::clone(&desk);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let desk = Arc::clone(&shared);
                // An error is a caller who went away.
                tokio::spawn(async move { conversation(&desk, stream).await.ok() });
            }
        });
        Self { desk, address, task }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What goes wrong, and when.
    pub fn faults(&self) -> &Faults {
        &self.desk.faults
    }

    /// The ledger: everything taken, in order.
    pub fn accepted(&self) -> Vec<SmtpAccepted> {
        lock(&self.desk.accepted).clone()
    }

    /// No such mailbox: 550 5.1.1.
    pub fn forget_mailbox(&self, address: &str) {
        lock(&self.desk.unknown).insert(address.to_owned());
    }
}

impl Drop for SmtpFake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What one connection has said so far.
#[derive(Default)]
struct Envelope {
    from: String,
    to: String,
    fault: Option<Fault>,
}

async fn conversation(desk: &Desk, stream: TcpStream) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 mail.example.jp ready").await?;
    let mut envelope = Envelope::default();
    loop {
        let line = hear(&mut stream).await?;
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.example.jp\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN".to_owned(),
            "AUTH" => login(rest).to_owned(),
            "MAIL" => {
                envelope.from = between(rest);
                "250 2.1.0 fine".to_owned()
            }
            "RCPT" => {
                envelope.to = between(rest);
                envelope.fault = desk.faults.next(&envelope.to);
                match recipient(desk, &mut stream, &envelope).await? {
                    Some(answer) => answer.to_owned(),
                    None => return Ok(()),
                }
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let raw = text(&mut stream).await?;
                match take(desk, &mut stream, &envelope, raw).await? {
                    Some(answer) => answer.to_owned(),
                    None => return Ok(()),
                }
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return Ok(());
            }
            _ => "502 5.5.1 not here".to_owned(),
        };
        say(&mut stream, &answer).await?;
    }
}

/// The answer to RCPT; `None` ends the connection.
async fn recipient(
    desk: &Desk,
    stream: &mut BufReader<TcpStream>,
    envelope: &Envelope,
) -> std::io::Result<Option<&'static str>> {
    if lock(&desk.unknown).contains(&envelope.to) {
        return Ok(Some("550 5.1.1 no such mailbox"));
    }
    Ok(match envelope.fault {
        Some(Fault::ErrorBefore) => Some("451 4.3.0 trouble here"),
        Some(Fault::RateLimited) => Some("421 4.7.0 too many"),
        Some(Fault::MonthlyQuota) => Some("452 4.3.1 no room"),
        Some(Fault::ResetBefore) => return cut(stream),
        Some(Fault::HangBefore) => return hang(stream).await,
        Some(Fault::Late(millis)) => {
            tokio::time::sleep(Duration::from_millis(u64::from(millis.min(1_000)))).await;
            Some("250 2.1.5 fine")
        }
        _ => Some("250 2.1.5 fine"),
    })
}

/// The mail is here: the ledger, and the answer; `None` ends the connection.
async fn take(
    desk: &Desk,
    stream: &mut BufReader<TcpStream>,
    envelope: &Envelope,
    raw: String,
) -> std::io::Result<Option<&'static str>> {
    let header = raw.lines().find_map(|line| line.strip_prefix("Message-ID: "));
    let message_id = header.unwrap_or_default().trim().to_owned();
    let (from, to) = (envelope.from.clone(), envelope.to.clone());
    lock(&desk.accepted).push(SmtpAccepted { at: desk.clock.now(), from, to, message_id, raw });
    match envelope.fault {
        Some(Fault::ErrorAfter | Fault::ResetAfter) => cut(stream),
        Some(Fault::HangAfter) => hang(stream).await,
        Some(Fault::GarbledAfter) => Ok(Some("hello, not a code")),
        _ => Ok(Some("250 2.0.0 taken")),
    }
}

/// Ends the connection with a reset.
fn cut(stream: &BufReader<TcpStream>) -> std::io::Result<Option<&'static str>> {
    stream.get_ref().set_zero_linger()?;
    Ok(None)
}

/// Says nothing until the caller gives up.
async fn hang(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<&'static str>> {
    while !hear(stream).await?.is_empty() {}
    Ok(None)
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> std::io::Result<()> {
    stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await
}

async fn hear(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

/// The mail up to the line with a single dot, which is left out; doubled dots become one.
async fn text(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn login(rest: &str) -> &'static str {
    let expected = STANDARD.encode(format!("\0{USER}\0{PASSWORD}"));
    if rest.strip_prefix("PLAIN ") == Some(&expected) { "235 2.7.0 welcome" } else { "535 5.7.8 no" }
}

fn between(rest: &str) -> String {
    rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(address, _)| address).to_owned()
}
