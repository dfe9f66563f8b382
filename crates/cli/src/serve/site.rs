//! The pages and webhooks, given what they need of the other rooms: web knows neither providers nor the worker.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use bansou_channels::{Address, Channel, Outgoing, ProblemKind};
use bansou_core::calendar::Holidays;
use bansou_core::delivery::ChannelKind;
use bansou_core::facts::QuickFacts;
use bansou_core::ids::OfficeId;
use bansou_core::lint::LintRules;
use bansou_core::message::Templates;
use bansou_core::signs::hotlines::Hotlines;
use bansou_core::summary::SummaryWords;
use bansou_core::words::{Lang, Words};
use bansou_store::{NewInbound, Store};
use bansou_web::app::{App, ChannelInfo, MessageProblem, WebParts, app_with};
use bansou_web::pages::Hotline;
use bansou_web::webhooks::{Hook, HookCall, HookRefused};
use bansou_worker::alarm::Wake;
use bansou_worker::receive::{self, Rejected};
use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::readiness::Readiness;
use crate::config::{ChannelSection, Config};
use crate::failure::{Done, Failure};
use crate::wiring::Channels;

/// Builds the site; `demo` are the demo's pages beside the product's own. Channels belong to the first office.
pub(super) async fn site(
    config: &Config,
    store: &Store,
    channels: &Channels,
    wake: Wake,
    readiness: Readiness,
    demo: Option<Router<Arc<App>>>,
) -> Done<Router> {
    let offices = store.offices().await?;
    let office = offices.first().map(|office| office.id).ok_or_else(|| Failure::failed("there is no office"))?;
    let list: Arc<[Channel]> = channels.list.clone().into();
    let (receiving, checking) = (Arc::clone(&list), Arc::clone(&list));
    let parts = WebParts {
        store: store.clone(),
        words: Arc::new(Words::embedded()),
        holidays: Arc::new(Holidays::embedded()),
        templates: Templates::embedded(),
        hotlines: hotlines(),
        lint: LintRules::embedded(),
        facts: QuickFacts::embedded(),
        summary: SummaryWords::embedded(),
        public_url: config.web.base().to_owned(),
        trusted_proxies: config.web.trusted_proxies.clone(),
        channels: list.iter().map(|channel| info(channel, office, config)).collect(),
        receive: Arc::new(move |call| take(&receiving, call)),
        check_message: Arc::new(move |channel, text| check(&checking, channel, text)),
        undo_for: TimeDelta::seconds(config.web.undo_seconds.into()),
        calm_for: TimeDelta::minutes(config.web.calm_minutes.into()),
        stop: readiness.stop().clone(),
        is_demo: demo.is_some(),
        wake: Arc::new(move || wake.ring()),
        ready: Arc::new(move || {
            let readiness = readiness.clone();
            Box::pin(async move { readiness.is_ready().await })
        }),
    };
    let router =
        app_with(parts, demo.unwrap_or_default()).map_err(|error| Failure::failed(crate::with_causes(&error)))?;
    Ok(router.layer(from_fn(log)))
}

/// What a log may know of a request: the route's pattern, because a path may carry a token.
async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status = response.status().as_u16(), millis, "request");
    response
}

fn info(channel: &Channel, office: OfficeId, config: &Config) -> ChannelInfo {
    let section = config.channels.iter().find(|section| section.id() == channel.id());
    ChannelInfo {
        id: channel.id().to_owned(),
        office,
        kind: match channel.kind() {
            bansou_channels::ChannelKind::Line => ChannelKind::Line,
            bansou_channels::ChannelKind::Sms => ChannelKind::Sms,
            bansou_channels::ChannelKind::Mail => ChannelKind::Email,
        },
        is_simulated: matches!(channel, Channel::Simulator(_)),
        line_basic_id: match section {
            Some(ChannelSection::Line(_, basic_id)) => basic_id.clone(),
            _ => None,
        },
    }
}

fn take(channels: &[Channel], call: &HookCall<'_>) -> Result<Vec<NewInbound>, HookRefused> {
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

/// Whether a text fits. Address, key and moment are placeholders of the right shape: only the text is judged.
fn check(channels: &[Channel], id: &str, text: &str) -> Result<(), MessageProblem> {
    let Some(channel) = channels.iter().find(|channel| channel.id() == id) else { return Ok(()) };
    let outgoing = Outgoing::text(Address::new(""), text, Uuid::nil(), DateTime::UNIX_EPOCH);
    let problems = channel.check(&outgoing).err().unwrap_or_default();
    let of_the_text = problems.iter().filter(|problem| problem.part == bansou_channels::Part::Text);
    let problem = of_the_text.into_iter().find_map(|problem| match problem.kind {
        ProblemKind::Empty => Some(MessageProblem::Empty),
        ProblemKind::TooLong { limit, actual, .. } => Some(MessageProblem::TooLong { max: limit, now: actual }),
        _ => None,
    });
    problem.map_or(Ok(()), Err)
}

fn hotlines() -> Vec<Hotline> {
    let hotlines = Hotlines::embedded();
    let shown = hotlines.list().iter().map(|line| Hotline {
        name: line.name(Lang::Ja).to_owned(),
        number: line.number.clone(),
        hours: line.hours(Lang::Ja).to_owned(),
    });
    shown.collect()
}
