//! The running application: what it is made of, and every layer and route put together.
//!
//! From the outside in: security headers, packing, a page for every failure, panics become 500, a size limit per route, forms of
//! other sites refused, then the areas. Webhooks stand outside the form check: they prove themselves by signature.

use std::any::Any;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bansou_core::calendar::Holidays;
use bansou_core::delivery::ChannelKind;
use bansou_core::facts::QuickFacts;
use bansou_core::ids::OfficeId;
use bansou_core::lint::LintRules;
use bansou_core::message::Templates;
use bansou_core::summary::SummaryWords;
use bansou_core::words::Words;
use bansou_store::Store;
use chrono::TimeDelta;
use http::StatusCode;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::errors::pages_for_failures;
use crate::glance::Glances;
use crate::live::Live;
use crate::mail::Mails;
use crate::pages::Hotline;
use crate::render::{Pages, RenderError};
use crate::routes::{Route, Routes};
use crate::webhooks::Receive;
use crate::{areas, compress, csrf, headers, webhooks};

/// Most bytes of a form.
pub const FORM_LIMIT: usize = 256 * 1024;
/// Most bytes of a webhook call; LINE bundles events and states no limit of its own.
pub const WEBHOOK_LIMIT: usize = 1024 * 1024;

/// Letters that no messaging channel takes at once; a mail may.
const NOBODY_TAKES: usize = 20_000;

/// Passwords hashed at the same time; each takes 19 MiB, so a flood of sign-ins must not become a flood of memory.
const HASHES_AT_ONCE: usize = 2;

/// What the wiring gives: web itself knows neither providers nor the worker nor the configuration.
pub struct WebParts {
    /// The database.
    pub store: Store,
    /// Every sentence.
    pub words: Arc<Words>,
    /// National holidays.
    pub holidays: Arc<Holidays>,
    /// Delivered message templates.
    pub templates: Templates,
    /// Consultation lines for people in crisis.
    pub hotlines: Vec<Hotline>,
    /// What is looked for in words before they go out.
    pub lint: LintRules,
    /// Facts that staff note by pressing a button.
    pub facts: QuickFacts,
    /// The words around the written summary of a call.
    pub summary: SummaryWords,
    /// Where people and providers reach us, without a slash at the end. Cookies are `Secure` where it is `https`.
    pub public_url: String,
    /// Reverse proxies whose `X-Forwarded-For` is believed; empty when browsers come straight here.
    pub trusted_proxies: Vec<IpAddr>,
    /// Configured channels; of several of one kind the first is used for new messages.
    pub channels: Vec<ChannelInfo>,
    /// Checks a webhook's signature and reads its events.
    pub receive: Receive,
    /// Whether a channel takes a text.
    pub check_message: CheckMessage,
    /// For so long an answer waits before it goes, so that it can be taken back.
    pub undo_for: TimeDelta,
    /// For so long it waits after a heated exchange; no longer than any other where this isn't more.
    pub calm_for: TimeDelta,
    /// Ends what stays open after its request, when the process is to end.
    pub stop: CancellationToken,
    /// Every page says that nothing is real, and leads to the demo's own pages.
    pub is_demo: bool,
    /// Tells the worker that there is something to do; never waits.
    pub wake: Arc<dyn Fn() + Send + Sync>,
    /// Whether the process can do its work, for `/readyz`.
    pub ready: Ready,
}

/// A configured channel as pages need to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelInfo {
    /// Its id in the configuration and in its webhook's path.
    pub id: String,
    /// Whose channel it is.
    pub office: OfficeId,
    /// What it carries.
    pub kind: ChannelKind,
    /// Nothing leaves the machine.
    pub is_simulated: bool,
    /// LINE's public id of the account (`@…`), for invite links.
    pub line_basic_id: Option<String>,
}

/// Asks whether the process can do its work.
pub type Ready = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// Asks the channel with an id whether it takes a text.
pub type CheckMessage = Arc<dyn Fn(&str, &str) -> Result<(), MessageProblem> + Send + Sync>;

/// Why a channel doesn't take a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageProblem {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// Too long, as the channel counts.
    #[error("the text has {now} of at most {max} characters")]
    TooLong {
        /// The channel's limit.
        max: usize,
        /// The text's length.
        now: usize,
    },
}

/// The parts and the compiled pages; the state of every handler.
pub struct App {
    /// What the wiring gave.
    pub parts: WebParts,
    /// The compiled templates.
    pub pages: Arc<Pages>,
    /// The compiled e-mails.
    pub(crate) mails: Mails,
    /// Who listens for changes.
    pub(crate) live: Live,
    /// What every page tells its reader at a glance.
    pub(crate) glances: Glances,
    /// A place among those who may hash a password now.
    pub(crate) hashing: Arc<Semaphore>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl App {
    /// Whether browsers reach us over TLS, so that cookies are `Secure`.
    pub fn is_https(&self) -> bool {
        self.parts.public_url.starts_with("https://")
    }

    /// Most letters that a channel takes, asked of the channel itself with a text that none takes.
    pub fn longest(&self, channel: &str) -> usize {
        match (self.parts.check_message)(channel, &"あ".repeat(NOBODY_TAKES)) {
            Err(MessageProblem::TooLong { max, .. }) => max,
            Err(MessageProblem::Empty) | Ok(()) => NOBODY_TAKES,
        }
    }

    /// Whether nothing that an office sends leaves the machine: it has simulators only, or no channel at all.
    pub fn is_simulated(&self, office: OfficeId) -> bool {
        self.parts.channels.iter().filter(|channel| channel.office == office).all(|channel| channel.is_simulated)
    }

    /// The channel used for new messages of a kind.
    pub fn channel_of(&self, office: OfficeId, kind: ChannelKind) -> Option<&ChannelInfo> {
        self.parts.channels.iter().find(|channel| channel.kind == kind && channel.office == office)
    }
}

/// Why the application can't be put together.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A template is broken.
    #[error(transparent)]
    Pages(#[from] RenderError),
    /// The public URL isn't an origin.
    #[error("web.public_url must be a scheme and a host, without a path")]
    PublicUrl(#[from] tower_http::csrf::ConfigError),
}

/// Everything under one router.
pub fn app(parts: WebParts) -> Result<Router, AppError> {
    app_with(parts, Router::new())
}

/// The same with pages of the wiring's own, such as the demo's; every layer holds for them too.
pub fn app_with(parts: WebParts, more: Router<Arc<App>>) -> Result<Router, AppError> {
    let pages = Arc::new(Pages::embedded(&parts.words)?.of_demo(parts.is_demo));
    let foreign_forms = csrf::layer(&parts.public_url)?;
    let mails = Mails::embedded(&parts.words)?;
    let hashing = Arc::new(Semaphore::new(HASHES_AT_ONCE));
    let live = Live::new(parts.store.clone(), parts.stop.clone());
    let state = Arc::new(App { parts, pages: Arc::clone(&pages), mails, live, glances: Glances::default(), hashing });
    let site = routes()
        .into_router()
        .merge(more)
        .layer(foreign_forms)
        .layer(RequestBodyLimitLayer::new(FORM_LIMIT))
        .layer(DefaultBodyLimit::disable());
    let hooks = webhooks::routes()
        .into_router()
        .layer(RequestBodyLimitLayer::new(WEBHOOK_LIMIT))
        .layer(DefaultBodyLimit::disable());
    Ok(Router::new()
        .merge(site)
        .merge(hooks)
        .with_state(Arc::clone(&state))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(pages, pages_for_failures))
        .layer(from_fn_with_state(state, compress::pages))
        .layer(from_fn(headers::secure)))
}

/// Every route there is, for the tests that ask who may go where.
pub fn all_routes() -> Vec<Route> {
    routes().list().iter().chain(webhooks::routes().list()).cloned().collect()
}

/// The areas of the site; a new one adds a line here.
fn routes() -> Routes {
    Routes::new()
        .merge(areas::outside::routes())
        .merge(areas::account::routes())
        .merge(areas::absences::routes())
        .merge(areas::escalations::routes())
        .merge(areas::employer::routes())
        .merge(areas::me::routes())
        .merge(areas::records::routes())
        .merge(areas::retention::routes())
        .merge(areas::settings::routes())
        .merge(areas::today::routes())
        .merge(areas::undelivered::routes())
        .merge(areas::inbox::routes())
        .merge(areas::files::routes())
        .merge(areas::live::routes())
        .merge(areas::search::routes())
        .merge(areas::promises::routes())
        .merge(areas::graduates::routes())
        .merge(areas::cards::routes())
        .merge(areas::signs::routes())
}

fn panicked(_what: Box<dyn Any + Send + 'static>) -> Response {
    // What a panic says may hold what somebody wrote; the backtrace goes where the process's panic hook sends it.
    tracing::error!("a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
