//! LINE and Twilio on this machine, with a ledger of what they took that the program never sees, and with bad days.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bansou_core::ambient::Clock as _;
use bansou_core::delivery::parse_answer_data;
use bansou_core::ids::CheckInId;
use chrono::{DateTime, Utc};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::hands::Hands;
use super::wire::{self, Said};
use crate::demo::clock::Dice;
use crate::failure::Done;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000000";
pub(super) const FROM: &str = "+815010000000";
/// Longer than the program waits for an answer.
const TOO_LONG: Duration = Duration::from_secs(12);
const SLOW: Duration = Duration::from_secs(3);
/// An ordinary answer takes up to so many milliseconds, so that many calls are under way when somebody is killed.
const ORDINARY: u32 = 1_500;

/// Which provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    Line,
    Sms,
}

/// A line of the ledger: a message that a provider took.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) at: DateTime<Utc>,
    pub(super) way: Way,
    pub(super) to: String,
    pub(super) text: String,
    /// LINE's retry key.
    pub(super) key: String,
    /// What its buttons carry; SMS has none.
    pub(super) check_in: Option<CheckInId>,
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    RateLimited,
    ErrorBefore,
    ResetBefore,
    ErrorAfter,
    ResetAfter,
    TimeoutAfter,
    Slow,
}

const FAULTS: [(Fault, &str); 7] = [
    (Fault::RateLimited, "rate_limited"),
    (Fault::ErrorBefore, "error_before"),
    (Fault::ResetBefore, "reset_before"),
    (Fault::ErrorAfter, "error_after"),
    (Fault::ResetAfter, "reset_after"),
    (Fault::TimeoutAfter, "timeout_after"),
    (Fault::Slow, "slow"),
];

/// Both providers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Provider {
    inner: Arc<Inner>,
    pub(super) url: String,
}

struct Inner {
    hands: Hands,
    percent: u32,
    dice: Mutex<Dice>,
    book: Mutex<Book>,
}

struct Book {
    ledger: Vec<Taken>,
    file: File,
    /// Accepted retry keys with the request that was accepted.
    keys: HashMap<String, String>,
    /// Accounts that LINE doesn't know.
    strangers: HashSet<String>,
    counts: BTreeMap<&'static str, u64>,
}

/// An answer that is sent, if it is.
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

impl Provider {
    /// Listens on a free port of loopback until the process ends. `percent` of the calls go wrong.
    pub(super) async fn start(hands: &Hands, seed: u64, percent: u32, ledger: &Path) -> Done<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let book = Book {
            ledger: Vec::new(),
            file: File::create(ledger)?,
            keys: HashMap::new(),
            strangers: HashSet::new(),
            counts: BTreeMap::new(),
        };
        let dice = Mutex::new(Dice::new(seed ^ 0x5eed));
        let inner = Arc::new(Inner { hands: hands.clone(), percent, dice, book: Mutex::new(book) });
        let provider = Self { inner: Arc::clone(&inner), url };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let inner = Arc::clone(&inner);
                // A connection that breaks is the program's business.
                tokio::spawn(async move { inner.talk(stream).await });
            }
        });
        Ok(provider)
    }

    /// LINE has never heard of this account.
    pub(super) fn forget(&self, account: &str) {
        self.inner.book().strangers.insert(account.to_owned());
    }

    /// Everything taken so far.
    pub(super) fn ledger(&self) -> Vec<Taken> {
        self.inner.book().ledger.clone()
    }

    /// One of the check-ins that LINE took, with its account.
    pub(super) fn any_check_in(&self, dice: &mut Dice, may: impl Fn(&str) -> bool) -> Option<(String, CheckInId)> {
        let book = self.inner.book();
        let count = u32::try_from(book.ledger.len()).unwrap_or(u32::MAX);
        // A few tries: most lines are a check-in of somebody who may answer, or none is.
        (0..20).find_map(|_| {
            let taken = book.ledger.get(dice.below(count) as usize)?;
            let id = taken.check_in.filter(|_| may(&taken.to))?;
            Some((taken.to.clone(), id))
        })
    }

    /// Calls of each kind, and faults that were injected.
    pub(super) fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.inner.book().counts.clone()
    }
}

impl Inner {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dice(&self) -> MutexGuard<'_, Dice> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn talk(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut left = Vec::new();
        while let Some(request) = wire::read(&mut stream, &mut left).await? {
            let is_send = request.line.starts_with("POST ") && !request.line.contains("/reply");
            let fault = self.fault(is_send);
            match fault {
                Some(Fault::ResetBefore) => return reset(&stream),
                Some(Fault::RateLimited) => {
                    send(&mut stream, &plain(429, "The API rate limit has been exceeded. Try again later.")).await?;
                    continue;
                }
                Some(Fault::ErrorBefore) => {
                    send(&mut stream, &plain(500, "Internal error")).await?;
                    continue;
                }
                _ => {}
            }
            // Taken the moment it arrives; how long the answer needs is another thing.
            let answer = self.answer(&request);
            match fault {
                Some(Fault::ResetAfter) => return reset(&stream),
                Some(Fault::TimeoutAfter) => {
                    sleep(TOO_LONG).await;
                    return Ok(());
                }
                Some(Fault::ErrorAfter) => {
                    send(&mut stream, &plain(500, "Internal error")).await?;
                    continue;
                }
                Some(Fault::Slow) => sleep(SLOW).await,
                _ => {
                    let pause = self.dice().below(ORDINARY);
                    sleep(Duration::from_millis(pause.into())).await;
                }
            }
            send(&mut stream, &answer).await?;
        }
        Ok(())
    }

    fn fault(&self, is_send: bool) -> Option<Fault> {
        let mut dice = self.dice();
        if !dice.chance(self.percent) {
            return None;
        }
        let (fault, name) = dice.pick(&FAULTS);
        drop(dice);
        // A question that goes wrong isn't counted among the messages' faults.
        if is_send {
            *self.book().counts.entry(name).or_default() += 1;
        }
        Some(fault)
    }

    fn answer(&self, request: &Said) -> Answer {
        let target = Url::parse(&format!("http://provider{}", request.second_word()));
        let Ok(target) = target else { return plain(400, "a target that can't be read") };
        let messages = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
        match (request.line.split(' ').next().unwrap_or_default(), target.path()) {
            ("POST", "/v2/bot/message/push") => self.push(request),
            ("POST", "/v2/bot/message/reply") => {
                *self.book().counts.entry("replies").or_default() += 1;
                Answer {
                    status: 200,
                    headers: Vec::new(),
                    body: json!({ "sentMessages": [{ "id": "1", "quoteToken": "q" }] }),
                }
            }
            ("GET", "/v2/bot/message/quota") => {
                Answer { status: 200, headers: Vec::new(), body: json!({ "type": "none" }) }
            }
            ("GET", "/v2/bot/message/quota/consumption") => {
                Answer { status: 200, headers: Vec::new(), body: json!({ "totalUsage": 0 }) }
            }
            ("POST", path) if path == messages => self.create(request),
            ("GET", path) if path == messages => self.list(&target),
            _ => plain(404, "Not found"),
        }
    }

    /// LINE: one acceptance for each retry key.
    fn push(&self, request: &Said) -> Answer {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let to = body["to"].as_str().unwrap_or_default().to_owned();
        let message = &body["messages"][0];
        let key = request.header("x-line-retry-key").to_owned();
        let at = self.hands.now();
        let mut book = self.book();
        *book.counts.entry("pushes").or_default() += 1;
        if let Some(accepted) = book.keys.get(&key).cloned() {
            *book.counts.entry("known_keys").or_default() += 1;
            let mut answer = plain(409, "The retry key is already accepted");
            answer.headers.push(("x-line-accepted-request-id", accepted));
            return answer;
        }
        if book.strangers.contains(&to) {
            return plain(400, "Failed to send messages");
        }
        let data = message["quickReply"]["items"][0]["action"]["data"].as_str().unwrap_or_default();
        let check_in = parse_answer_data(data).map(|(id, _)| id);
        let id = format!("{:032x}", book.ledger.len() + 1);
        if !key.is_empty() {
            book.keys.insert(key.clone(), id.clone());
        }
        let text = message["text"].as_str().unwrap_or_default().to_owned();
        book.take(Taken { at, way: Way::Line, to, text, key, check_in });
        Answer {
            status: 200,
            headers: vec![("x-line-request-id", id.clone())],
            body: json!({ "sentMessages": [{ "id": id, "quoteToken": "q" }] }),
        }
    }

    /// Twilio: nothing keeps a second message from going out.
    fn create(&self, request: &Said) -> Answer {
        let form = pairs(&String::from_utf8_lossy(&request.body));
        let value = |name: &str| form.get(name).cloned().unwrap_or_default();
        let taken = Taken {
            at: self.hands.now(),
            way: Way::Sms,
            to: value("To"),
            text: value("Body"),
            key: String::new(),
            check_in: None,
        };
        let mut book = self.book();
        *book.counts.entry("texts").or_default() += 1;
        let answer = resource(book.ledger.len(), &taken);
        book.take(taken);
        Answer { status: 201, headers: Vec::new(), body: answer }
    }

    fn list(&self, target: &Url) -> Answer {
        let to = target.query_pairs().find(|(name, _)| name == "To").map(|(_, to)| to.into_owned());
        let mut book = self.book();
        *book.counts.entry("look_ups").or_default() += 1;
        let own = book.ledger.iter().enumerate().rev();
        let own = own.filter(|(_, taken)| taken.way == Way::Sms && Some(&taken.to) == to.as_ref());
        let messages: Vec<Value> = own.map(|(n, taken)| resource(n, taken)).collect();
        Answer { status: 200, headers: Vec::new(), body: json!({ "messages": messages, "next_page_uri": null }) }
    }
}

impl Book {
    fn take(&mut self, taken: Taken) {
        let line = json!({
            "at": taken.at, "way": format!("{:?}", taken.way), "to": taken.to, "text": taken.text, "key": taken.key,
            "check_in": taken.check_in.map(|id| id.to_string()),
        });
        // The file is for whoever looks into a run that failed; the ledger that judges is in memory.
        let _ = writeln!(self.file, "{line}");
        self.ledger.push(taken);
    }
}

fn resource(n: usize, taken: &Taken) -> Value {
    json!({
        "sid": format!("SM{:032x}", n + 1), "to": taken.to, "from": FROM, "body": taken.text, "status": "sent",
        "direction": "outbound-api", "date_created": taken.at.to_rfc2822(), "error_code": null,
    })
}

fn plain(status: u16, message: &str) -> Answer {
    Answer { status, headers: Vec::new(), body: json!({ "message": message }) }
}

fn pairs(form: &str) -> HashMap<String, String> {
    let url = Url::parse(&format!("http://form/?{form}"));
    url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default()
}

/// Breaks the connection off, so that the other side sees a reset and no end.
fn reset(stream: &TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

async fn send(stream: &mut TcpStream, answer: &Answer) -> io::Result<()> {
    let body = answer.body.to_string();
    let mut head = format!("HTTP/1.1 {} -\r\ncontent-type: application/json\r\n", answer.status);
    for (name, value) in &answer.headers {
        head = format!("{head}{name}: {value}\r\n");
    }
    let length = body.len();
    stream.write_all(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes()).await
}
