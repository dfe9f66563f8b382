//! Signed LINE webhooks, posted while the processes that take them are killed. As LINE does, it posts again what wasn't
//! acknowledged, and sometimes what was.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bansou_channels::{Secret, line};
use bansou_core::ambient::Clock as _;
use bansou_core::delivery::answer_data;
use bansou_core::ids::CheckInId;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};

use super::hands::Hands;
use super::provider::Provider;
use super::wire;
use crate::demo::clock::Dice;
use crate::failure::{Done, Failure};

pub(super) const CHANNEL: &str = "line-main";
pub(super) const SECRET: &str = "killed-and-signed";
/// A provider waits so long for its 2xx.
const PATIENCE: Duration = Duration::from_secs(10);
/// So often an event is brought that isn't acknowledged.
const TRIES: u32 = 12;
/// Calls at the same time, at most.
const AT_ONCE: usize = 64;

/// What the flood has seen. Cheap to clone.
#[derive(Clone)]
pub(super) struct Flood(Arc<Inner>);

struct Inner {
    webs: Vec<SocketAddr>,
    hands: Hands,
    seen: Mutex<Seen>,
}

#[derive(Clone, Default)]
pub(super) struct Seen {
    pub(super) events: u64,
    pub(super) calls: u64,
    /// Events that got a 2xx.
    pub(super) acknowledged: HashSet<String>,
    /// Calls that got none, by what they got instead.
    pub(super) refused: BTreeMap<String, u64>,
    /// Check-ins of which a button was pressed and acknowledged.
    pub(super) pressed: HashSet<CheckInId>,
    /// While the database was known to be down: what was answered.
    pub(super) while_down: BTreeMap<String, u64>,
}

impl Flood {
    pub(super) fn new(webs: Vec<SocketAddr>, hands: &Hands) -> Self {
        Self(Arc::new(Inner { webs, hands: hands.clone(), seen: Mutex::default() }))
    }

    pub(super) fn seen(&self) -> Seen {
        self.note(|seen| seen.clone())
    }

    /// Brings `count` events, evenly over `lasting`; returns when each is acknowledged or given up. Buttons are pressed under
    /// check-ins that `provider` has taken, by those of whom `may` says that their office has the account.
    pub(super) async fn run(
        self,
        provider: Provider,
        count: u32,
        lasting: Duration,
        seed: u64,
        may: HashSet<String>,
    ) -> Done {
        let mut dice = Dice::new(seed ^ 0xf100d);
        let began = Instant::now();
        let mut calls = JoinSet::new();
        for n in 0..count {
            sleep_until((began + lasting * n / count).into()).await;
            while calls.len() >= AT_ONCE {
                calls.join_next().await;
            }
            let pressed = provider.any_check_in(&mut dice, |user| may.contains(user));
            let (body, pressed) = self.event(&format!("{n:016}"), pressed, dice.chance(50));
            let (flood, key, again) = (self.clone(), format!("01KILLRUN{n:016}"), dice.chance(10));
            let seed = u64::from(dice.below(u32::MAX));
            calls.spawn(async move { flood.bring(key, body, pressed, again, seed).await });
        }
        while let Some(call) = calls.join_next().await {
            call.map_err(|error| Failure::failed(error.to_string()))?;
        }
        Ok(())
    }

    /// While the database is down: brings events once each, and notes what is answered.
    pub(super) async fn probe(&self, round: u32, count: u32) {
        let mut calls = JoinSet::new();
        for n in 0..count {
            let flood = self.clone();
            let (body, _) = self.event(&format!("{:016}", 1_000_000_000 + round * 1_000 + n), None, false);
            calls.spawn(async move {
                let web = flood.0.webs[n as usize % flood.0.webs.len()];
                let word = word(&flood.post(web, &body).await);
                flood.note(|seen| *seen.while_down.entry(word).or_default() += 1);
            });
        }
        while calls.join_next().await.is_some() {}
    }

    async fn bring(&self, key: String, body: Vec<u8>, pressed: Option<CheckInId>, again: bool, seed: u64) {
        let mut dice = Dice::new(seed);
        self.note(|seen| seen.events += 1);
        let first = dice.below(100) as usize;
        for n in 0..TRIES {
            let web = self.0.webs[(first + n as usize) % self.0.webs.len()];
            let answer = self.post(web, &body).await;
            if matches!(answer, Ok(200..=299)) {
                self.note(|seen| {
                    seen.acknowledged.insert(key.clone());
                    seen.pressed.extend(pressed);
                });
                break;
            }
            self.note(|seen| *seen.refused.entry(word(&answer)).or_default() += 1);
            sleep(Duration::from_millis(dice.between(100, 1_500).into())).await;
        }
        if again {
            let _ = self.post(dice.pick(&self.0.webs), &body).await;
        }
    }

    async fn post(&self, web: SocketAddr, body: &[u8]) -> io::Result<u16> {
        self.note(|seen| seen.calls += 1);
        let signature = line::sign(&Secret::new(SECRET), body);
        let head = format!(
            "/webhooks/line/{CHANNEL} HTTP/1.1\r\nhost: {web}\r\ncontent-type: application/json\r\nx-line-signature: {signature}"
        );
        wire::post(web, &head, body, PATIENCE).await
    }

    /// One call with one event: a button pressed by somebody who got a check-in, or words of somebody nobody knows.
    fn event(&self, n: &str, of: Option<(String, CheckInId)>, presses: bool) -> (Vec<u8>, Option<CheckInId>) {
        let stranger = format!("Ufeed{}", "0".repeat(28));
        let (user, check_in) = of.map_or((stranger, None), |(user, id)| (user, presses.then_some(id)));
        let mut event = json!({
            "mode": "active", "webhookEventId": format!("01KILLRUN{n}"), "timestamp": self.0.hands.now().timestamp_millis(),
            "deliveryContext": { "isRedelivery": false }, "replyToken": format!("{n}{n}"), "source": { "type": "user", "userId": user },
        });
        if let Some(id) = check_in {
            event["type"] = json!("postback");
            event["postback"] = json!({ "data": answer_data(id, "good") });
        } else {
            event["type"] = json!("message");
            event["message"] =
                json!({ "type": "text", "id": n, "quoteToken": "q", "text": "見本です。昼休みに入りました。" });
        }
        (json!({ "destination": "U0", "events": [event] }).to_string().into_bytes(), check_in)
    }

    fn note<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.0.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn word(answer: &io::Result<u16>) -> String {
    match answer {
        Ok(status) => status.to_string(),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => "no_answer_in_time".into(),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => "nobody_there".into(),
        Err(_) => "broken_off".into(),
    }
}
