//! The whole site over a small office, and browsers that visit it without a socket.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use bansou_channels::{
    Address, Channel, LineChannel, LineSettings, Outgoing, ProblemKind, Secret, SimulatorChannel, SimulatorInbox,
    Timeouts, TwilioChannel, TwilioSettings,
};
use bansou_core::audit::Actor;
use bansou_core::calendar::Holidays;
use bansou_core::delivery::ChannelKind;
use bansou_core::facts::QuickFacts;
use bansou_core::ids::{OfficeId, StaffId};
use bansou_core::lint::LintRules;
use bansou_core::message::Templates;
use bansou_core::office::OfficeSettings;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::summary::SummaryWords;
use bansou_core::words::{Lang, Words};
use bansou_store::SessionKind;
use bansou_tests::ambient::{TestClock, moment};
use bansou_tests::fakes::{line as line_fake, twilio as twilio_fake};
use bansou_tests::world::World;
use bansou_web::app::{ChannelInfo, MessageProblem, WebParts, app};
use bansou_web::csrf;
use bansou_web::webhooks::{Hook, HookCall, HookRefused};
use bansou_worker::receive::{self, Rejected};
use chrono::TimeDelta;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// A Wednesday morning, inside the office's hours.
pub(crate) const MORNING: &str = "2026-04-01T10:00:00+09:00";
pub(crate) const PUBLIC_URL: &str = "https://bansou.example";

/// The site and what stands around it.
pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) router: Router,
    /// How often the worker was told that there is something to do.
    pub(crate) woken: Arc<AtomicU32>,
    /// Whether the worker says that it is alive.
    pub(crate) alive: Arc<AtomicBool>,
    /// Ends what stays open.
    pub(crate) stop: CancellationToken,
    once: AtomicU32,
}

/// What came back.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answered {
    /// Where a redirect leads.
    pub(crate) fn place(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }
}

impl Site {
    pub(crate) async fn open(url: &str) -> Self {
        let line = |id: &str, secret: &str| {
            let settings = LineSettings {
                id: id.into(),
                base_url: "http://127.0.0.1:9".into(),
                content_base_url: None,
                channel_secrets: vec![Secret::new(secret)],
                channel_access_token: Secret::new("token"),
                pushes_per_second: bansou_channels::PUSHES_PER_SECOND,
                timeouts: Timeouts::default(),
            };
            Channel::Line(LineChannel::new(settings).unwrap())
        };
        let sms = TwilioSettings {
            id: "sms-main".into(),
            base_url: "http://127.0.0.1:9".into(),
            account_sid: twilio_fake::ACCOUNT_SID.into(),
            auth_tokens: vec![Secret::new(twilio_fake::AUTH_TOKEN)],
            from: Some(twilio_fake::FROM.into()),
            messaging_service_sid: None,
            timeouts: Timeouts::default(),
        };
        let channels = vec![
            line("line-main", line_fake::CHANNEL_SECRET),
            line("line-other", "another channel's secret"),
            Channel::Twilio(TwilioChannel::new(sms).unwrap()),
        ];
        let world =
            World::with_channels(url, TestClock::new(moment(MORNING)), channels.clone(), SimulatorInbox::new()).await;
        Self::over(world, channels)
    }

    /// The same with simulators for LINE, SMS and mail.
    pub(crate) async fn simulated(url: &str) -> Self {
        let world = World::open(url, MORNING).await;
        let simulator = |id: &str, kind| {
            Channel::Simulator(SimulatorChannel::new(id, kind, world.inbox.clone(), Secret::new("simulator")))
        };
        let channels = vec![
            simulator("line-main", bansou_channels::ChannelKind::Line),
            simulator("sms-main", bansou_channels::ChannelKind::Sms),
            simulator("mail", bansou_channels::ChannelKind::Mail),
        ];
        Self::over(world, channels)
    }

    fn over(world: World, channels: Vec<Channel>) -> Self {
        let stop = CancellationToken::new();
        let woken = Arc::new(AtomicU32::new(0));
        let alive = Arc::new(AtomicBool::new(true));
        let channels = Arc::new(channels);
        let (to_receive, to_check, infos) = (Arc::clone(&channels), Arc::clone(&channels), Arc::clone(&channels));
        let info = |channel: &Channel| ChannelInfo {
            id: channel.id().to_owned(),
            office: world.office,
            kind: match channel.kind() {
                bansou_channels::ChannelKind::Line => ChannelKind::Line,
                bansou_channels::ChannelKind::Sms => ChannelKind::Sms,
                bansou_channels::ChannelKind::Mail => ChannelKind::Email,
            },
            is_simulated: matches!(channel, Channel::Simulator(_)),
            line_basic_id: matches!(channel, Channel::Line(_)).then(|| "@000mihon".to_owned()),
        };
        let to_probe = world.store.clone();
        let (wakes, lives) = (Arc::clone(&woken), Arc::clone(&alive));
        let parts = WebParts {
            store: world.store.clone(),
            words: Arc::new(Words::embedded()),
            holidays: Arc::new(Holidays::embedded()),
            templates: Templates::embedded(),
            hotlines: Vec::new(),
            lint: LintRules::embedded(),
            facts: QuickFacts::embedded(),
            summary: SummaryWords::embedded(),
            public_url: PUBLIC_URL.into(),
            trusted_proxies: Vec::new(),
            channels: infos.iter().map(info).collect(),
            receive: Arc::new(move |call| receive(&to_receive, call)),
            check_message: Arc::new(move |channel, text| check(&to_check, channel, text)),
            undo_for: TimeDelta::seconds(10),
            calm_for: TimeDelta::minutes(10),
            stop: stop.clone(),
            is_demo: false,
            wake: Arc::new(move || {
                wakes.fetch_add(1, Ordering::Relaxed);
            }),
            ready: Arc::new(move || {
                let (store, lives) = (to_probe.clone(), lives.load(Ordering::Relaxed));
                Box::pin(async move { lives && store.probe().await.is_ok() })
            }),
        };
        Self { router: app(parts).unwrap(), world, woken, alive, stop, once: AtomicU32::new(0) }
    }

    /// Somebody who isn't signed in.
    pub(crate) fn stranger(&self) -> Browser<'_> {
        Browser { site: self, cookies: BTreeMap::new() }
    }

    /// Somebody new of the office with this role, signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Browser<'_> {
        self.signed_in_at(self.world.office, role).await.0
    }

    /// Somebody new of an office, signed in.
    pub(crate) async fn signed_in_at(&self, office: OfficeId, role: Role) -> (Browser<'_>, StaffId) {
        let tx = self.world.store.begin(office).await.unwrap();
        let number = self.once.fetch_add(1, Ordering::Relaxed);
        let profile =
            StaffProfile { name: format!("見本{number} 支援"), email: format!("shien{number}@example.jp") };
        let staff = tx.add_staff(Actor::COMMAND, &profile, role, Lang::Ja).await.unwrap();
        tx.save().await.unwrap();
        (self.signed_in_as(office, staff).await, staff)
    }

    /// Somebody whom the office knows, signed in.
    pub(crate) async fn signed_in_as(&self, office: OfficeId, staff: StaffId) -> Browser<'_> {
        let tx = self.world.store.begin(office).await.unwrap();
        let token = tx.create_session(SessionKind::Staff, staff.0).await.unwrap();
        tx.save().await.unwrap();
        Browser { site: self, cookies: BTreeMap::from([("__Host-session".to_owned(), token)]) }
    }

    /// A second office.
    pub(crate) async fn other_office(&self) -> OfficeId {
        let zone = chrono_tz::Asia::Tokyo;
        self.world.store.add_office("例の支援室", zone, &OfficeSettings::default()).await.unwrap()
    }

    /// One request without cookies.
    pub(crate) async fn call(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answered { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

/// Somebody with cookies.
pub(crate) struct Browser<'a> {
    pub(crate) site: &'a Site,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Answered {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as our page would: with the session's token and a fresh key.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let once = format!("once-{}", self.site.once.fetch_add(1, Ordering::Relaxed));
        let token = self.token();
        let keys = [("csrf", token.as_str()), ("once", once.as_str())];
        self.post_raw(path, &[&keys[..], fields].concat()).await
    }

    /// Sends exactly these fields.
    pub(crate) async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// The form token of the present session, or of the visitor's form cookie.
    pub(crate) fn token(&self) -> String {
        let secret = self.cookies.get("__Host-session").or_else(|| self.cookies.get("__Host-form"));
        csrf::token(secret.map_or("", String::as_str).as_bytes())
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "bansou.example");
        request = request.header(header::ACCEPT, "text/html");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answered {
        let answered = self.site.call(request).await;
        for cookie in answered.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answered
    }
}

fn receive(channels: &[Channel], call: &HookCall<'_>) -> Result<Vec<bansou_store::NewInbound>, HookRefused> {
    let channel = channels.iter().find(|channel| channel.id() == call.channel).ok_or(HookRefused::NoChannel)?;
    let taken = match call.hook {
        Hook::Line => receive::line(channel, call.raw, call.signature, call.now),
        Hook::TwilioInbound => receive::twilio_inbound(channel, call.url, call.raw, call.signature, call.now),
        Hook::TwilioStatus => receive::twilio_status(channel, call.url, call.raw, call.signature, call.now),
    };
    taken.map_err(|rejected| match rejected {
        Rejected::Signature => HookRefused::Signature,
        Rejected::Unreadable => HookRefused::Unreadable,
        Rejected::NoChannel => HookRefused::NoChannel,
    })
}

fn check(channels: &[Channel], id: &str, text: &str) -> Result<(), MessageProblem> {
    let Some(channel) = channels.iter().find(|channel| channel.id() == id) else { return Ok(()) };
    let address = Address::new(if matches!(channel, Channel::Line(_)) { "U0" } else { "+819012000001" });
    let outgoing = Outgoing::text(address, text, uuid::Uuid::nil(), moment(MORNING));
    let problems = channel.check(&outgoing).err().unwrap_or_default();
    let problem = problems.iter().find_map(|problem| match problem.kind {
        ProblemKind::Empty => Some(MessageProblem::Empty),
        ProblemKind::TooLong { limit, actual, .. } => Some(MessageProblem::TooLong { max: limit, now: actual }),
        _ => None,
    });
    problem.map_or(Ok(()), Err)
}

/// A day.
pub(crate) fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}
