//! A Twilio for tests: create, list, reports and inbound texts. As with the real one, nothing stops a second message.

mod callbacks;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Response},
    routing::post,
};
use bansou_core::ambient::Clock;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

pub use callbacks::{SmsCallback, sign};

use super::{
    Fault, Faults, Seen,
    contracts::{Document, contracts},
    lock,
    server::{self, Server},
};

/// The account.
pub const ACCOUNT_SID: &str = "AC00000000000000000000000000000000";
/// Its token, which signs the webhooks, too.
pub const AUTH_TOKEN: &str = "twilio-token-for-tests";
/// The number it sends from.
pub const FROM: &str = "+815010000000";

/// The messaging service that the number belongs to.
pub const SERVICE_SID: &str = "MG00000000000000000000000000000000";

const PATH: &str = "/2010-04-01/Accounts/{AccountSid}/Messages.json";

/// A running Twilio.
pub struct TwilioFake {
    platform: Arc<Platform>,
    server: Server,
}

/// One line of the ledger: an SMS that Twilio took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwilioAccepted {
    /// By the fake's clock.
    pub at: DateTime<Utc>,
    /// `SM…`
    pub sid: String,
    /// The number.
    pub to: String,
    /// The words.
    pub body: String,
    /// How long Twilio may hold it, in seconds.
    pub validity: Option<u32>,
    /// Where it reports.
    pub status_callback: Option<String>,
    /// How far it has come.
    pub status: &'static str,
    /// When it left for the carrier; `None` while it waits.
    pub sent_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error_code: Option<u32>,
}

/// An SMS that came in, whatever became of its webhook.
#[derive(Debug, Clone)]
struct Received {
    at: DateTime<Utc>,
    sid: String,
    from: String,
    body: String,
}

struct Platform {
    clock: Arc<dyn Clock>,
    faults: Faults,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    accepted: Vec<TwilioAccepted>,
    received: Vec<Received>,
    seen: Vec<Seen>,
    violations: Vec<String>,
    opted_out: HashSet<String>,
    landlines: HashSet<String>,
    /// Numbers whose handset never gets the SMS, with the carrier's reason.
    unreachable: HashMap<String, u32>,
}

impl TwilioFake {
    /// Starts on a free port of loopback. Everything in the ledger is by this clock.
    ///
    /// # Panics
    ///
    /// When Twilio's published contract is missing (see [`super::contracts`]).
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        contracts();
        let platform = Arc::new(Platform { clock, faults: Faults::new(seed), book: Mutex::default() });
        let router = Router::new()
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(create).get(list))
            .fallback(|| async { error(StatusCode::NOT_FOUND, 20_404, "The requested resource was not found") })
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
    pub fn accepted(&self) -> Vec<TwilioAccepted> {
        lock(&self.platform.book).accepted.clone()
    }

    /// Every request, whatever became of it.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.platform.book).seen.clone()
    }

    /// What was wrong with requests by Twilio's contract; empty at the end of a good test.
    pub fn violations(&self) -> Vec<String> {
        lock(&self.platform.book).violations.clone()
    }

    /// The person said STOP to Twilio: 21610.
    pub fn opt_out(&self, number: &str) {
        lock(&self.platform.book).opted_out.insert(number.to_owned());
    }

    /// A number that cannot receive SMS: 21614. Japanese landlines are known without this.
    pub fn add_landline(&self, number: &str) {
        lock(&self.platform.book).landlines.insert(number.to_owned());
    }

    /// Accepted, but reported as undelivered with this code (e.g. 30003, handset off).
    pub fn set_unreachable(&self, number: &str, code: u32) {
        lock(&self.platform.book).unreachable.insert(number.to_owned(), code);
    }
}

async fn create(
    State(platform): State<Arc<Platform>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let to = get(&form, "To").unwrap_or_default().to_owned();
    let fault = platform.faults.next(&format!("{to} {}", get(&form, "Body").unwrap_or_default()));
    if let Some(Fault::ResetBefore | Fault::HangBefore | Fault::Held) = fault {
        platform.see("create", &to, fault, None);
    }
    if let Some(broken) = server::before(&platform.faults, fault).await {
        return broken;
    }
    if let Some(response) = early_answer(fault) {
        platform.see("create", &to, fault, Some(response.status()));
        return response;
    }
    let response = if authorized(&headers, &account) { platform.take(&form) } else { unauthorized() };
    let lost = matches!(fault, Some(Fault::ResetAfter | Fault::HangAfter));
    let response = match fault {
        Some(Fault::ErrorAfter) => error(StatusCode::INTERNAL_SERVER_ERROR, 20_500, "An internal error occurred"),
        _ => response,
    };
    platform.see("create", &to, fault, (!lost).then(|| response.status()));
    server::after(fault, response).await
}

async fn list(
    State(platform): State<Arc<Platform>>,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let to = get(&query, "To").unwrap_or_default().to_owned();
    let fault = platform.faults.next("list");
    if let Some(broken) = server::before(&platform.faults, fault).await {
        platform.see("list", &to, fault, None);
        return broken;
    }
    let response = match early_answer(fault) {
        Some(response) => response,
        None if !authorized(&headers, &account) => unauthorized(),
        None => Json(lock(&platform.book).page(&query)).into_response(),
    };
    platform.see("list", &to, fault, Some(response.status()));
    server::after(fault, response).await
}

impl Platform {
    /// Twilio's own logic, in one step.
    fn take(&self, form: &[(String, String)]) -> Response {
        let mut book = lock(&self.book);
        let mut problems = contracts().check_form(Document::Twilio, PATH, form);
        let text = |name: &str| get(form, name).unwrap_or_default().to_owned();
        let validity = get(form, "ValidityPeriod").map(|seconds| seconds.parse().unwrap_or(0));
        if validity.is_some_and(|seconds: u32| !(1..=36_000).contains(&seconds)) {
            problems.push("ValidityPeriod is 1 to 36,000 seconds".to_owned());
        }
        let (to, body) = (text("To"), text("Body"));
        if let Some((code, words)) = book.refusal(form, &to, &body) {
            return error(StatusCode::BAD_REQUEST, code, words);
        }
        if !problems.is_empty() {
            book.violations.append(&mut problems);
            return error(StatusCode::BAD_REQUEST, 20_001, "Invalid parameter");
        }
        let message = TwilioAccepted {
            at: self.clock.now(),
            sid: format!("SM{:032x}", book.accepted.len() + 1),
            to,
            body,
            validity,
            status_callback: get(form, "StatusCallback").map(ToOwned::to_owned),
            status: "queued",
            sent_at: None,
            error_code: None,
        };
        let answer = resource(&message);
        book.accepted.push(message);
        (StatusCode::CREATED, [("twilio-request-id", "RQ00")], Json(answer)).into_response()
    }

    fn see(&self, call: &'static str, to: &str, fault: Option<Fault>, status: Option<StatusCode>) {
        let seen =
            Seen { at: self.clock.now(), call, to: to.to_owned(), fault, status: status.map(|status| status.as_u16()) };
        lock(&self.book).seen.push(seen);
    }
}

impl Book {
    fn refusal(&self, form: &[(String, String)], to: &str, body: &str) -> Option<(u32, &'static str)> {
        if to.is_empty() {
            return Some((21_604, "A 'To' phone number is required."));
        }
        if body.is_empty() {
            return Some((21_602, "Message body is required."));
        }
        if get(form, "From").is_none() && get(form, "MessagingServiceSid").is_none() {
            return Some((21_603, "A 'From' phone number is required."));
        }
        if body.chars().count() > 1_600 {
            return Some((21_617, "The concatenated message body exceeds the 1600 character limit."));
        }
        let digits = to.strip_prefix('+').unwrap_or_default();
        if digits.len() < 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Some((21_211, "The 'To' number is not a valid phone number."));
        }
        if self.landlines.contains(to) || to.starts_with("+81") && !is_japanese_mobile(to) {
            return Some((21_614, "'To' number is not a valid mobile number."));
        }
        self.opted_out.contains(to).then_some((21_610, "Attempt to send to unsubscribed recipient"))
    }

    /// A page of the list, newest first, as the filters want it.
    fn page(&self, query: &[(String, String)]) -> Value {
        let size = get(query, "PageSize").and_then(|n| n.parse().ok()).unwrap_or(50_usize).clamp(1, 1_000);
        let page: usize = get(query, "Page").and_then(|n| n.parse().ok()).unwrap_or(0);
        let day = |name: &str| get(query, name).and_then(|day| day.parse::<NaiveDate>().ok());
        let wanted = |message: &&TwilioAccepted| {
            let sent = message.sent_at.map(|at| at.date_naive());
            get(query, "To").is_none_or(|to| to == message.to)
                && get(query, "From").is_none_or(|from| from == FROM)
                && day("DateSent").is_none_or(|day| sent == Some(day))
                && day("DateSent<").is_none_or(|day| sent.is_some_and(|sent| sent <= day))
                && day("DateSent>").is_none_or(|day| sent.is_some_and(|sent| sent >= day))
        };
        let sent = self.accepted.iter().filter(wanted).map(|message| (message.at, resource(message)));
        let is_wanted = |message: &&Received| {
            let came = message.at.date_naive();
            get(query, "To").is_none_or(|to| to == FROM)
                && get(query, "From").is_none_or(|from| from == message.from)
                && day("DateSent").is_none_or(|day| came == day)
                && day("DateSent<").is_none_or(|day| came <= day)
                && day("DateSent>").is_none_or(|day| came >= day)
        };
        let came = self.received.iter().filter(is_wanted).map(|message| (message.at, received(message)));
        let mut found: Vec<_> = sent.chain(came).collect();
        // Of those of one moment the later one comes first, as it did before.
        found.reverse();
        found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let messages: Vec<_> = found.iter().skip(page * size).take(size).map(|(_, message)| message).collect();
        let next = (found.len() > (page + 1) * size).then(|| next_page(query, page + 1));
        json!({ "messages": messages, "page": page, "page_size": size, "next_page_uri": next })
    }
}

fn next_page(query: &[(String, String)], page: usize) -> String {
    let mut next = form_urlencoded::Serializer::new(String::new());
    next.extend_pairs(query.iter().filter(|(name, _)| name != "Page")).append_pair("Page", &page.to_string());
    format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json?{}", next.finish())
}

fn resource(message: &TwilioAccepted) -> Value {
    json!({
        "sid": message.sid,
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "to": message.to,
        "from": FROM,
        "body": message.body,
        "status": message.status,
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "date_created": message.at.to_rfc2822(),
        "date_updated": message.at.to_rfc2822(),
        "date_sent": message.sent_at.map(|at| at.to_rfc2822()),
        "error_code": message.error_code,
        "error_message": null,
        "price": null,
        "price_unit": "USD",
        "messaging_service_sid": null,
        "uri": format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{}.json", message.sid),
        "subresource_uris": {},
    })
}

fn received(message: &Received) -> Value {
    let came = message.at.to_rfc2822();
    json!({
        "sid": message.sid,
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "to": FROM,
        "from": message.from,
        "body": message.body,
        "status": "received",
        "direction": "inbound",
        "num_segments": "1",
        "num_media": "0",
        "date_created": came,
        "date_updated": came,
        "date_sent": came,
        "error_code": null,
        "error_message": null,
        "price": null,
        "price_unit": "USD",
        "messaging_service_sid": SERVICE_SID,
        "uri": format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{}.json", message.sid),
        "subresource_uris": {},
    })
}

fn early_answer(fault: Option<Fault>) -> Option<Response> {
    match fault? {
        Fault::ErrorBefore => Some(error(StatusCode::INTERNAL_SERVER_ERROR, 20_500, "An internal error occurred")),
        Fault::RateLimited | Fault::MonthlyQuota => {
            Some(error(StatusCode::TOO_MANY_REQUESTS, 20_429, "Too Many Requests"))
        }
        _ => None,
    }
}

fn authorized(headers: &HeaderMap, account: &str) -> bool {
    let expected = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT_SID}:{AUTH_TOKEN}")));
    account == ACCOUNT_SID && headers.get("authorization").is_some_and(|value| value.as_bytes() == expected.as_bytes())
}

fn unauthorized() -> Response {
    error(StatusCode::UNAUTHORIZED, 20_003, "Authenticate")
}

fn error(status: StatusCode, code: u32, message: &str) -> Response {
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    let body = json!({ "code": code, "message": message, "more_info": more_info, "status": status.as_u16() });
    (status, Json(body)).into_response()
}

/// `+81`, then 60, 70, 80 or 90, then a digit other than 0 and seven more (0800 is toll-free).
fn is_japanese_mobile(number: &str) -> bool {
    let digits = number.trim_start_matches("+81").as_bytes();
    digits.len() == 10 && (b'6'..=b'9').contains(&digits[0]) && digits[1] == b'0' && digits[2] != b'0'
}

fn get<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
