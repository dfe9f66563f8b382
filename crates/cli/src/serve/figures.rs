//! Figures for Prometheus, and health, on a port of their own that stays inside.
//!
//! Labels are channels, states and outcomes, never people. What is counted where it happens: `bansou_inbound_events_total` (web),
//! `bansou_send_outcomes_total` (worker). What is asked for at every look is set here.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use bansou_store::{HaltScope, Store};
use bansou_worker::alarm::Alarm;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::{Readiness, health_routes};
use crate::wiring::Channels;

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
            ask(&store, &ids, &readiness).await;
            let text = recorder.map(PrometheusHandle::render).unwrap_or_default();
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
        }
    };
    health_routes(store, readiness).route("/metrics", get(page))
}

/// A process has one recorder, however often something is served in it (in tests).
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

fn describe(channels: &Channels) {
    metrics::describe_counter!("bansou_inbound_events_total", "Events of webhooks that were new and stored.");
    metrics::describe_counter!("bansou_send_outcomes_total", "Outcomes of calls to providers.");
    metrics::describe_gauge!("bansou_oldest_due_seconds", "How long the oldest thing that is due has waited.");
    metrics::describe_gauge!("bansou_inbound_stored", "Stored events by state.");
    metrics::describe_gauge!("bansou_alarm_runs", "Runs of each alarm in this process.");
    metrics::describe_gauge!("bansou_alarm_failures", "Failed runs of each alarm in this process.");
    metrics::describe_gauge!(
        "bansou_halted",
        "1 while a switch is thrown; for offices, how many have stopped sending."
    );
    metrics::describe_gauge!("bansou_ready", "Whether this process says that it is ready.");
    for channel in &channels.list {
        metrics::counter!("bansou_inbound_events_total", "channel" => channel.id().to_owned()).increment(0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures are for curves, not for counting to 2^52")]
async fn ask(store: &Store, channels: &[String], readiness: &Readiness) {
    let now = store.ambient().now();
    if let Ok(next) = store.next_moment().await {
        let waits = next.map_or(0, |next| (now - next).num_seconds().max(0));
        metrics::gauge!("bansou_oldest_due_seconds").set(waits as f64);
    }
    if let (Ok(halts), Ok(offices)) = (store.halts().await, store.offices().await) {
        let is = |scope: &HaltScope| f64::from(u8::from(halts.iter().any(|halt| halt.scope == *scope)));
        metrics::gauge!("bansou_halted", "scope" => "everything").set(is(&HaltScope::Everything));
        for channel in channels {
            let gauge = metrics::gauge!("bansou_halted", "scope" => format!("channel:{channel}"));
            gauge.set(is(&HaltScope::Channel(channel.clone())));
        }
        let stopped = offices.iter().filter(|office| office.sending_stopped_at.is_some()).count();
        metrics::gauge!("bansou_halted", "scope" => "office").set(stopped as f64);
    }
    if let Ok(counts) = store.inbound_counts().await {
        for (state, count) in counts {
            metrics::gauge!("bansou_inbound_stored", "state" => state.as_str()).set(count as f64);
        }
    }
    if let Some(health) = &readiness.worker {
        for alarm in Alarm::ALL {
            metrics::gauge!("bansou_alarm_runs", "alarm" => alarm.as_str()).set(health.runs(*alarm) as f64);
            metrics::gauge!("bansou_alarm_failures", "alarm" => alarm.as_str()).set(health.failures(*alarm) as f64);
        }
    }
    metrics::gauge!("bansou_ready").set(if readiness.is_alive() { 1.0 } else { 0.0 });
}
