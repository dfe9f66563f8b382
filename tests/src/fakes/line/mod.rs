//! A LINE platform for tests: push, reply, profile, quota, content, with retry keys as LINE keeps them.

mod contents;
mod events;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bansou_core::ambient::Clock;
use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

pub use contents::LineContent;
pub use events::sign;

use super::{
    Fault, Faults, Seen, line_rules, lock,
    server::{self, Server},
};

/// The token that a caller has to show.
pub const ACCESS_TOKEN: &str = "line-token-for-tests";
/// The secret that signs webhooks.
pub const CHANNEL_SECRET: &str = "line-secret-for-tests";

/// LINE forgets a retry key after this time.
const KEY_MEMORY: TimeDelta = TimeDelta::hours(24);
/// LINE's reply tokens live "within one minute".
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(1);

/// A running LINE.
pub struct LineFake {
    platform: Arc<Platform>,
    server: Server,
}

/// One line of the ledger: a message that LINE took.
#[derive(Debug, Clone, PartialEq)]
pub struct LineAccepted {
    /// By the fake's clock.
    pub at: DateTime<Utc>,
    /// The user id.
    pub to: String,
    /// The texts of its message objects.
    pub texts: Vec<String>,
    /// The data of its choices.
    pub choices: Vec<String>,
    /// The retry key; `None` for a reply.
    pub key: Option<String>,
    /// LINE's id of the message.
    pub message_id: String,
    /// LINE's id of the request.
    pub request_id: String,
    /// False for somebody who blocked the account: accepted, but it never arrived.
    pub delivered: bool,
}

struct Platform {
    clock: Arc<dyn Clock>,
    faults: Faults,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    accepted: Vec<LineAccepted>,
    seen: Vec<Seen>,
    violations: Vec<String>,
    keys: HashMap<String, usize>,
    blocked: HashSet<String>,
    unknown: HashSet<String>,
    reply_tokens: HashMap<String, (String, DateTime<Utc>)>,
    quota: Option<u64>,
    contents: HashMap<String, LineContent>,
    /// Counts requests, messages and events, so that every id is made once.
    last_id: u64,
}

/// A push or a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    Push,
    Reply,
}

impl LineFake {
    /// Starts on a free port of loopback. Everything in the ledger is by this clock.
    ///
    /// # Panics
    ///
    /// When LINE's published contract is missing (see [`super::contracts`]).
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        super::contracts::contracts();
        let platform = Arc::new(Platform { clock, faults: Faults::new(seed), book: Mutex::default() });
        let router = Router::new()
            .route("/v2/bot/message/push", post(push))
            .route("/v2/bot/message/reply", post(reply))
            .route("/v2/bot/message/quota", get(quota))
            .route("/v2/bot/message/quota/consumption", get(consumption))
            .route("/v2/bot/profile/{user}", get(profile))
            .route("/v2/bot/message/{message}/content", get(contents::content))
            .fallback(|| async { error(StatusCode::NOT_FOUND, "Not found") })
            .with_state(Arc::clone(&platform));
        Self { server: Server::start(router).await, platform }
    }

    /// Where it listens.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// What goes wrong, and when.
    pub fn faults(&self) -> &Faults {
        &self.platform.faults
    }

    /// The ledger: everything taken, in order.
    pub fn accepted(&self) -> Vec<LineAccepted> {
        lock(&self.platform.book).accepted.clone()
    }

    /// Every request, whatever became of it.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.platform.book).seen.clone()
    }

    /// What was wrong with requests by LINE's contract and rules; empty at the end of a good test.
    pub fn violations(&self) -> Vec<String> {
        lock(&self.platform.book).violations.clone()
    }

    /// The person blocks the account: still accepted, never delivered, profile 404.
    pub fn block(&self, user: &str) {
        lock(&self.platform.book).blocked.insert(user.to_owned());
    }

    /// The person takes the block back.
    pub fn unblock(&self, user: &str) {
        lock(&self.platform.book).blocked.remove(user);
    }

    /// No such user in this channel: 400.
    pub fn forget_user(&self, user: &str) {
        lock(&self.platform.book).unknown.insert(user.to_owned());
    }

    /// How many pushes the month allows; `None` is no limit.
    pub fn set_quota(&self, quota: Option<u64>) {
        lock(&self.platform.book).quota = quota;
    }
}

async fn push(State(platform): State<Arc<Platform>>, headers: HeaderMap, body: Bytes) -> Response {
    platform.message(Call::Push, &headers, &body).await
}

async fn reply(State(platform): State<Arc<Platform>>, headers: HeaderMap, body: Bytes) -> Response {
    platform.message(Call::Reply, &headers, &body).await
}

async fn quota(State(platform): State<Arc<Platform>>, headers: HeaderMap) -> Response {
    platform
        .question("quota", &headers, |book, _| {
            Json(
                book.quota
                    .map_or_else(|| json!({ "type": "none" }), |value| json!({ "type": "limited", "value": value })),
            )
            .into_response()
        })
        .await
}

async fn consumption(State(platform): State<Arc<Platform>>, headers: HeaderMap) -> Response {
    let answer = |book: &Book, now| Json(json!({ "totalUsage": book.used_in_month_of(now) })).into_response();
    platform.question("consumption", &headers, answer).await
}

async fn profile(State(platform): State<Arc<Platform>>, Path(user): Path<String>, headers: HeaderMap) -> Response {
    platform
        .question("profile", &headers, |book, _| {
            if book.blocked.contains(&user) || book.unknown.contains(&user) {
                return error(StatusCode::NOT_FOUND, "Not found");
            }
            Json(json!({ "userId": user, "displayName": "見本", "language": "ja" })).into_response()
        })
        .await
}

impl Platform {
    async fn question(
        &self,
        call: &'static str,
        headers: &HeaderMap,
        answer: impl FnOnce(&Book, DateTime<Utc>) -> Response,
    ) -> Response {
        let fault = self.faults.next(call);
        if let Some(broken) = server::before(&self.faults, fault).await {
            self.see(call, "", fault, None);
            return broken;
        }
        let response = match early_answer(fault) {
            Some(response) => response,
            None if !authorized(headers) => unauthorized(),
            None => answer(&lock(&self.book), self.clock.now()),
        };
        self.see(call, "", fault, Some(response.status()));
        server::after(fault, response).await
    }

    async fn message(&self, call: Call, headers: &HeaderMap, body: &[u8]) -> Response {
        let name = if call == Call::Push { "push" } else { "reply" };
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let key = headers.get("x-line-retry-key").map(|key| key.to_str().unwrap_or_default().to_owned());
        let to = body["to"].as_str().or_else(|| body["replyToken"].as_str()).unwrap_or_default().to_owned();
        let fault = self.faults.next(key.as_deref().unwrap_or(&to));
        if let Some(Fault::ResetBefore | Fault::HangBefore | Fault::Held) = fault {
            self.see(name, &to, fault, None);
        }
        if let Some(broken) = server::before(&self.faults, fault).await {
            return broken;
        }
        if let Some(response) = early_answer(fault) {
            self.see(name, &to, fault, Some(response.status()));
            return response;
        }
        let response = if authorized(headers) { self.take(call, key, &body) } else { unauthorized() };
        let lost = matches!(fault, Some(Fault::ResetAfter | Fault::HangAfter));
        let response = match fault {
            Some(Fault::ErrorAfter) => error(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error"),
            _ => response,
        };
        self.see(name, &to, fault, (!lost).then(|| response.status()));
        server::after(fault, response).await
    }

    /// LINE's own logic, in one step.
    fn take(&self, call: Call, key: Option<String>, body: &Value) -> Response {
        let now = self.clock.now();
        let mut book = lock(&self.book);
        let request_id = book.next_id("req");
        let component = if call == Call::Push { "PushMessageRequest" } else { "ReplyMessageRequest" };
        let mut problems = line_rules::problems(component, body);
        match (call, &key) {
            (Call::Push, Some(key)) if !is_uuid(key) => problems.push("X-Line-Retry-Key is no UUID".to_owned()),
            (Call::Push, None) => problems.push("a push without a retry key cannot be repeated safely".to_owned()),
            (Call::Reply, Some(_)) => problems.push("a reply takes no retry key".to_owned()),
            _ => {}
        }
        if !problems.is_empty() {
            book.violations.append(&mut problems);
            return with_id(error(StatusCode::BAD_REQUEST, "The request body has 1 error(s)"), &request_id);
        }
        if let Some(earlier) = key.as_ref().and_then(|key| book.keys.get(key)).map(|index| &book.accepted[*index])
            && now - earlier.at < KEY_MEMORY
        {
            return with_id(already(earlier), &request_id);
        }
        let to = match call {
            Call::Push => body["to"].as_str().map(ToOwned::to_owned),
            Call::Reply => book.spend_reply_token(body["replyToken"].as_str().unwrap_or_default(), now),
        };
        let Some(to) = to else {
            return with_id(error(StatusCode::BAD_REQUEST, "Invalid reply token"), &request_id);
        };
        if book.unknown.contains(&to) {
            return with_id(error(StatusCode::BAD_REQUEST, "Failed to send messages"), &request_id);
        }
        if call == Call::Push && book.quota.is_some_and(|quota| book.used_in_month_of(now) >= quota) {
            return with_id(monthly_limit(), &request_id);
        }
        let message_id = book.next_id("");
        let delivered = !book.blocked.contains(&to);
        if let Some(key) = &key {
            let index = book.accepted.len();
            book.keys.insert(key.clone(), index);
        }
        let sent = json!({ "sentMessages": [{ "id": message_id, "quoteToken": format!("q{message_id}") }] });
        book.accepted.push(LineAccepted {
            at: now,
            to,
            texts: texts(body),
            choices: choices(body),
            key,
            message_id,
            request_id: request_id.clone(),
            delivered,
        });
        with_id(Json(sent).into_response(), &request_id)
    }

    fn see(&self, call: &'static str, to: &str, fault: Option<Fault>, status: Option<StatusCode>) {
        let seen =
            Seen { at: self.clock.now(), call, to: to.to_owned(), fault, status: status.map(|status| status.as_u16()) };
        lock(&self.book).seen.push(seen);
    }
}

impl Book {
    fn next_id(&mut self, prefix: &str) -> String {
        self.last_id += 1;
        format!("{prefix}{:018}", self.last_id)
    }

    /// Pushes that arrived in this month, Japan's time: blocked and unknown people and replies are not counted.
    fn used_in_month_of(&self, now: DateTime<Utc>) -> u64 {
        let month = |at: DateTime<Utc>| {
            let japan = FixedOffset::east_opt(9 * 3_600).map_or(at.fixed_offset(), |zone| at.with_timezone(&zone));
            (japan.year(), japan.month())
        };
        let counted = |entry: &&LineAccepted| entry.key.is_some() && entry.delivered && month(entry.at) == month(now);
        self.accepted.iter().rev().filter(counted).count() as u64
    }

    /// The person behind a reply token, once and while it lives.
    fn spend_reply_token(&mut self, token: &str, now: DateTime<Utc>) -> Option<String> {
        let (user, issued) = self.reply_tokens.remove(token)?;
        (now - issued <= TOKEN_LIFE).then_some(user)
    }
}

fn early_answer(fault: Option<Fault>) -> Option<Response> {
    match fault? {
        Fault::ErrorBefore => Some(error(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")),
        Fault::RateLimited => {
            let words = "The API rate limit has been exceeded. Try again later.";
            Some(error(StatusCode::TOO_MANY_REQUESTS, words))
        }
        Fault::MonthlyQuota => Some(monthly_limit()),
        _ => None,
    }
}

fn authorized(headers: &HeaderMap) -> bool {
    let expected = format!("Bearer {ACCESS_TOKEN}");
    headers.get("authorization").is_some_and(|value| value.as_bytes() == expected.as_bytes())
}

fn unauthorized() -> Response {
    let words = "Authentication failed. Confirm that the access token in the authorization header is valid.";
    error(StatusCode::UNAUTHORIZED, words)
}

fn monthly_limit() -> Response {
    error(StatusCode::TOO_MANY_REQUESTS, "You have reached your monthly limit.")
}

fn already(earlier: &LineAccepted) -> Response {
    let body =
        json!({ "message": "The retry key is already accepted", "sentMessages": [{ "id": earlier.message_id }] });
    let header = [("x-line-accepted-request-id", earlier.request_id.clone())];
    (StatusCode::CONFLICT, header, Json(body)).into_response()
}

fn error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}

fn with_id(mut response: Response, request_id: &str) -> Response {
    if let Ok(value) = request_id.parse() {
        response.headers_mut().insert("x-line-request-id", value);
    }
    response
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn texts(body: &Value) -> Vec<String> {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    messages.iter().filter_map(|message| message["text"].as_str()).map(ToOwned::to_owned).collect()
}

fn choices(body: &Value) -> Vec<String> {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let items = messages.iter().filter_map(|message| message["quickReply"]["items"].as_array()).flatten();
    items.filter_map(|item| item["action"]["data"].as_str()).map(ToOwned::to_owned).collect()
}
