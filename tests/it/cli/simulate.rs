//! `bansou simulate`: no order of events breaks a promise, and what it prints can be read.

use bansou_tests::postgres;
use serde_json::Value;

use super::run::User;

fn simulated(arguments: &[&str]) -> Value {
    User::new().run(arguments).good().json()
}

fn sent(figures: &Value) -> u64 {
    figures["sent"].as_object().unwrap().values().filter_map(Value::as_u64).sum()
}

#[test]
fn no_order_of_steps_breaks_a_promise_on_sqlite() {
    let figures = simulated(&["simulate", "--seeds", "24"]);
    assert_eq!(figures["violations"], serde_json::json!({}));
    assert_eq!(figures["seeds"], 24);
    assert!(sent(&figures) > 200, "too little was sent to say anything: {figures}");
    for kind in ["claim_then_crash", "late_result", "outage", "withdrawal", "poison", "webhooks", "clock_back"] {
        assert!(figures["steps"][kind].as_u64() > Some(0), "{kind} never happened");
    }
    for fault in ["error_after", "timeout_after", "reset_after", "rate_limited"] {
        assert!(figures["faults"][fault].as_u64() > Some(0), "{fault} never happened");
    }
}

#[test]
fn no_order_of_steps_breaks_a_promise_on_postgres() {
    let Some(server) = postgres::server() else { return };
    let figures = simulated(&["simulate", "--seeds", "500..504", "--database", server]);
    assert_eq!(figures["database"], "postgres");
    assert!(sent(&figures) > 20, "too little was sent to say anything: {figures}");
}

#[test]
fn the_same_seed_comes_to_the_same() {
    let once = || {
        let mut figures = simulated(&["simulate", "--seed", "7", "--steps", "150"]);
        for timing in ["seconds", "seeds_per_second"] {
            figures.as_object_mut().unwrap().remove(timing);
        }
        figures
    };
    assert_eq!(once(), once());
}

#[test]
fn an_office_lives_through_its_days() {
    let figures = simulated(&["simulate", "--graduates", "12", "--days", "12", "--seed", "3"]);
    assert!(figures["check_ins"]["answered"].as_u64() > Some(0), "{figures}");
    assert!(figures["webhooks"].as_u64() > Some(0), "{figures}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    for wrong in [
        &["simulate", "--seeds", "9..3"][..],
        &["simulate", "--graduates", "3"],
        &["simulate", "--seeds", "3", "--graduates", "3", "--days", "3"],
        &["simulate", "--seeds", "1", "--database", "sqlite://somewhere.db"],
        &["simulate", "--graduates", "3", "--days", "3", "--faults", "nowhere.toml"],
    ] {
        assert_eq!(User::new().run(wrong).status, 2, "{wrong:?}");
    }
}
