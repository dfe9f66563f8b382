//! Figures for Prometheus, and health, on a port of their own that stays inside.
//!
//! Labels are channels, states and outcomes, never people. What is counted where it happens: `bansou_inbound_events_total` (web),
//! `bansou_send_outcomes_total` (worker). What is asked for at every look is set here.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use bansou_core::clock::ClockTrouble;
use bansou_store::{HaltScope, Store};
use bansou_worker::alarm::Alarm;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::time::timeout;

use super::health_routes;
use super::readiness::{NotReady, Readiness};
use crate::wiring::Channels;

/// Prometheus waits ten seconds. What this process knows of itself must arrive also while the database says nothing.
const ANSWER: Duration = Duration::from_secs(3);

/// `/metrics`, `/livez`, `/readyz`.
pub(super) fn router(store: &Store, channels: &Channels, readiness: Readiness) -> Router {
    // The recorder has to stand before the first figure.
    let recorder = recorder();
    describe(channels);
    let ids: Arc<[String]> = channels.list.iter().map(|channel| channel.id().to_owned()).collect();
    let asked = (store.clone(), ids, readiness.clone());
    let page = move || {
        let (store, ids, readiness) = asked.clone();
        async move {
            if timeout(ANSWER, ask(&store, &ids)).await.is_err() {
                tracing::warn!("the database didn't tell its figures in time; the last ones stand");
            }
            process(&readiness).await;
            let text = recorder.map(PrometheusHandle::render).unwrap_or_default();
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
        }
    };
    health_routes(readiness).route("/metrics", get(page))
}

/// A process has one recorder, however often something is served in it (in tests).
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

fn describe(channels: &Channels) {
    metrics::describe_counter!("bansou_inbound_events_total", "Events of webhooks that were new and stored.");
    metrics::describe_counter!("bansou_inbound_missed_total", "Events that were found though no webhook brought them.");
    metrics::describe_counter!("bansou_inbound_sweeps_total", "Looks at what came in at a provider, by result.");
    metrics::describe_counter!("bansou_attachment_fetches_total", "Pictures and voices asked for, by result.");
    metrics::describe_counter!("bansou_webhooks_refused_total", "Calls of webhooks that were refused, by reason.");
    metrics::describe_counter!("bansou_sign_ins_refused_total", "Sign-ins with a wrong address or password.");
    metrics::describe_counter!("bansou_office_jobs_failed_total", "Jobs that failed for one office.");
    metrics::describe_counter!(
        "bansou_inbound_refused_total",
        "Webhook calls answered with 503: busy, or no database."
    );
    metrics::describe_counter!("bansou_send_outcomes_total", "Outcomes of calls to providers.");
    metrics::describe_counter!(
        "bansou_dead_man_total",
        "Minutes of the dead man's switch, by what became of the signal."
    );
    for (name, text) in GAUGES {
        metrics::describe_gauge!(*name, *text);
    }
    for channel in &channels.list {
        metrics::counter!("bansou_inbound_events_total", "channel" => channel.id().to_owned()).increment(0);
    }
    // Alerts look at rates, which need a beginning.
    metrics::counter!("bansou_webhooks_refused_total", "reason" => "signature").increment(0);
    metrics::counter!("bansou_sign_ins_refused_total").increment(0);
}

const GAUGES: &[(&str, &str)] = &[
    ("bansou_oldest_due_seconds", "How long the oldest thing that is late and not held back by a switch has waited."),
    ("bansou_inbound_waiting", "Stored events that wait to be processed."),
    ("bansou_inbound_swept_seconds", "How long ago a provider was last asked, with success, what came in."),
    ("bansou_alarm_runs", "Runs of each alarm in this process."),
    ("bansou_alarm_failures", "Failed runs of each alarm in this process."),
    ("bansou_halted", "1 while a switch is thrown; for offices, how many have stopped sending."),
    ("bansou_needs_person", "What a person has to look at, by kind."),
    ("bansou_unclear", "Messages whose outcome is being found out."),
    ("bansou_oldest_unclear_seconds", "How long ago the oldest of them was sent."),
    ("bansou_ready", "Whether this process says that it is ready."),
    ("bansou_not_ready", "1 for the reason why it isn't."),
    ("bansou_clock_trouble", "1 for the reason why the clock isn't believed."),
    ("bansou_clock_jumps", "Jumps of the clock since the start."),
    ("bansou_clock_ahead_seconds", "By how much the database server's clock is ahead of this process's."),
    ("bansou_held", "1 while this process claims and calls nothing because of its clock or disk."),
    ("bansou_disk_used_ratio", "The part in use of the file system under the SQLite file."),
    ("bansou_disk_left_bytes", "What is left of it."),
    ("bansou_wal_bytes", "SQLite's write-ahead log."),
];

#[expect(clippy::cast_precision_loss, reason = "figures are for curves, not for counting to 2^52")]
async fn ask(store: &Store, channels: &[String]) {
    let now = store.ambient().now();
    if let Ok(late) = store.late_since(now).await {
        let waits = late.map_or(0, |since| (now - since).num_seconds().max(0));
        metrics::gauge!("bansou_oldest_due_seconds").set(waits as f64);
    }
    if let Ok(needs) = store.needs_person().await {
        let kinds = [("delivery", needs.deliveries), ("inbound", needs.inbound), ("stranger", needs.strangers)];
        for (kind, count) in kinds {
            metrics::gauge!("bansou_needs_person", "kind" => kind).set(count as f64);
        }
        metrics::gauge!("bansou_unclear").set(needs.unclear as f64);
        let age = needs.unclear_since.map_or(0, |since| (now - since).num_seconds().max(0));
        metrics::gauge!("bansou_oldest_unclear_seconds").set(age as f64);
    }
    if let (Ok(halts), Ok(offices)) = (store.halts().await, store.offices().await) {
        let is = |scope: &HaltScope| yes(halts.iter().any(|halt| halt.scope == *scope));
        metrics::gauge!("bansou_halted", "scope" => "everything").set(is(&HaltScope::Everything));
        for channel in channels {
            let gauge = metrics::gauge!("bansou_halted", "scope" => format!("channel:{channel}"));
            gauge.set(is(&HaltScope::Channel(channel.clone())));
        }
        let stopped = offices.iter().filter(|office| office.sending_stopped_at.is_some()).count();
        metrics::gauge!("bansou_halted", "scope" => "office").set(stopped as f64);
    }
    for (channel, at) in store.swept().await.unwrap_or_default() {
        let ago = (now - at).num_seconds().max(0);
        metrics::gauge!("bansou_inbound_swept_seconds", "channel" => channel).set(ago as f64);
    }
    if let Ok(waiting) = store.inbound_waiting().await {
        metrics::gauge!("bansou_inbound_waiting").set(waiting as f64);
    }
}

/// What this process says of itself.
#[expect(clippy::cast_precision_loss, reason = "figures are for curves, not for counting to 2^52")]
async fn process(readiness: &Readiness) {
    if let Some(health) = readiness.worker() {
        for alarm in Alarm::ALL {
            metrics::gauge!("bansou_alarm_runs", "alarm" => alarm.as_str()).set(health.runs(*alarm) as f64);
            metrics::gauge!("bansou_alarm_failures", "alarm" => alarm.as_str()).set(health.failures(*alarm) as f64);
        }
    }
    let trouble = readiness.trouble().await;
    metrics::gauge!("bansou_ready").set(yes(trouble.is_none()));
    for reason in NotReady::ALL {
        metrics::gauge!("bansou_not_ready", "reason" => reason.as_str()).set(yes(trouble == Some(*reason)));
    }
    let vitals = readiness.vitals();
    for reason in ClockTrouble::ALL {
        let gauge = metrics::gauge!("bansou_clock_trouble", "reason" => reason.as_str());
        gauge.set(yes(vitals.clock() == Some(*reason)));
    }
    metrics::gauge!("bansou_clock_jumps").set(vitals.jumps() as f64);
    metrics::gauge!("bansou_held").set(yes(vitals.must_hold()));
    if let Some(ahead) = vitals.ahead() {
        metrics::gauge!("bansou_clock_ahead_seconds").set(ahead.num_milliseconds() as f64 / 1000.0);
    }
    if let Some(disk) = vitals.disk() {
        metrics::gauge!("bansou_disk_used_ratio").set(disk.used);
        metrics::gauge!("bansou_disk_left_bytes").set(disk.left as f64);
        metrics::gauge!("bansou_wal_bytes").set(disk.log as f64);
    }
}

fn yes(is: bool) -> f64 {
    f64::from(u8::from(is))
}
