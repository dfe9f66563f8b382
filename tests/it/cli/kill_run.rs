//! `bansou kill-run`: real processes die while they send and while webhooks arrive, and no promise breaks.

use std::process::Command;
use std::sync::Mutex;

use bansou_tests::cargo::run_bansou;
use bansou_tests::postgres;
use serde_json::Value;

/// Two runs at the same time would take each other's processor, and little would be sent.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The quick profile; the program has to be a process of its own, because it starts and kills others like itself.
fn killed(arguments: &[&str]) -> Value {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut run: Command = run_bansou();
    let run = run.args(["kill-run", "--quick", "--json"]).args(arguments).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}\n{err}");
    let figures: Value = serde_json::from_slice(&run.stdout).unwrap();
    let broken: Vec<_> = figures["violations"].as_object().unwrap().iter().filter(|(_, count)| **count != 0).collect();
    assert!(broken.is_empty(), "{broken:?}");
    figures
}

/// A run in which nothing happened would prove nothing. How much happens hangs on the machine, so little is asked for.
fn much_happened(figures: &Value) {
    let of = |group: &str, name: &str| figures[group][name].as_u64().unwrap_or(0);
    assert!(of("taken", "line") + of("taken", "sms") > 20, "too little was sent: {figures}");
    assert_eq!((of("mischief", "kills"), of("mischief", "web_kills"), of("mischief", "pauses")), (6, 4, 1));
    assert!(of("mischief", "crash_points") > 0 && of("mischief", "aborted_at_a_crash_point") > 0, "{figures}");
    assert!(figures["lost_claims"].as_u64() > Some(0), "nobody was killed while sending: {figures}");
    assert!(of("webhooks", "acknowledged") > 20 && of("webhooks", "answers") > 0, "{figures}");
}

#[test]
fn processes_that_are_killed_break_no_promise_on_sqlite() {
    much_happened(&killed(&["--database", "sqlite"]));
}

#[test]
fn processes_that_are_killed_and_a_database_that_goes_break_no_promise_on_postgres() {
    // It starts a server of its own, where PostgreSQL isn't left out.
    if postgres::server().is_none() {
        return;
    }
    let figures = killed(&[]);
    much_happened(&figures);
    let down = figures["webhooks"]["while_down"].as_object().unwrap();
    assert!(down.contains_key("503"), "nobody said that the database is away: {down:?}");
}
