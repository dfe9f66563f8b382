//! Exports: their shape, their safety, and who is told of them.

use std::sync::Arc;

use bansou_cli::{ambient::OsEntropy, key_file};
use bansou_core::ambient::Ambient;
use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadenceState, embedded_presets};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::ContactKind;
use bansou_core::graduate::Support;
use bansou_store::{Durability, NewCheckIn, Store};
use bansou_tests::ambient::{TestClock, moment};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::run::User;
use crate::store::office::details;

const KEYS: [&str; 11] = [
    "id",
    "graduate",
    "external_id",
    "channel",
    "address",
    "due_on",
    "state",
    "reason",
    "planned_at",
    "sent_at",
    "answered_at",
];

/// A ledger row written through the store, on the database the user works on.
async fn plan_one(user: &User, database: &TestDatabase) {
    let key = key_file::read(&user.path("data/bansou.key")).unwrap().unwrap();
    let clock = TestClock::new(moment("2026-04-01T09:00:00+09:00"));
    let ambient = Ambient::new(clock, Arc::new(OsEntropy));
    let store = Store::open(database.url(), key, ambient, Durability::Full).await.unwrap();
    let office = store.offices().await.unwrap().remove(0);
    let tx = store.begin(office.id).await.unwrap();
    let person = details("見本 花子", "ミホン ハナコ", Some("A-01"));
    let graduate = tx.add_graduate(Actor::COMMAND, &person, Support::Supported, None).await.unwrap();
    tx.set_address(Actor::COMMAND, graduate, ContactKind::Sms, "+819012345678").await.unwrap();
    let anchor = Anchor { kind: AnchorKind::Hired, on: "2026-04-01".parse().unwrap() };
    let state = CadenceState::new(embedded_presets().remove(0).plan, anchor);
    let cadence = tx.put_cadence(Actor::COMMAND, graduate, &state).await.unwrap();
    let (reason, template) = (String::from("{}"), String::from("sample"));
    let new = NewCheckIn { graduate, cadence, due_on: "2026-04-02".parse().unwrap(), reason, template };
    let id = tx.add_check_in(&new).await.unwrap().unwrap();
    tx.close_check_in(id, CheckInState::HandedOver, Some(CloseReason::NoAddress)).await.unwrap();
    tx.save().await.unwrap();
    store.close().await.unwrap();
}

for_each_database! {
    async fn the_ledger_has_exactly_its_promised_keys_and_local_moments(database: &TestDatabase) {
        let user = User::on(database);
        tokio::task::block_in_place(|| user.run(&["migrate"]).good());
        plan_one(&user, database).await;
        let ran = tokio::task::block_in_place(|| user.run(&["export", "contacts", "--format", "json"]).good());
        let rows = ran.json();
        let row = rows[0].as_object().unwrap();
        assert_eq!(row.keys().cloned().collect::<std::collections::BTreeSet<_>>(), KEYS.map(str::to_owned).into());
        assert_eq!(row["external_id"], "A-01");
        assert_eq!(row["due_on"], "2026-04-02");
        assert_eq!((&row["state"], &row["reason"]), (&json!("handed_over"), &json!("no_address")));
        assert_eq!(row["planned_at"], "2026-04-01T09:00:00+09:00");
        assert_eq!((&row["sent_at"], &row["answered_at"]), (&Value::Null, &Value::Null));

        let outside = ["export", "contacts", "--format", "json", "--from", "2026-04-03"];
        let ran = tokio::task::block_in_place(|| user.run(&outside).good());
        assert_eq!(ran.json(), json!([]));
    }
}

#[test]
fn a_cell_that_looks_like_a_formula_is_defused_in_csv() {
    let user = User::new();
    let roster = user.file("roster.csv", "name,employer,hired_on\n=HYPERLINK(1),@例工業,2026-04-01\n".as_bytes());
    user.run(&["import", "graduates", &roster]).good();
    let ran = user.run(&["export", "graduates", "--format", "csv"]).good();
    let text = ran.text();
    assert!(text.starts_with("\u{feff}external_id,name,"), "{text}");
    assert!(text.contains(",'=HYPERLINK(1),") && text.contains(",'@例工業,"), "{text}");
}

#[test]
fn every_export_leaves_an_audit_row() {
    let user = User::new();
    user.run(&["migrate"]).good();
    user.run(&["export", "notes", "--format", "json"]).good();
    let audit = user.run(&["export", "audit", "--format", "json"]).good().json();
    let whats: Vec<&Value> = audit.as_array().unwrap().iter().map(|row| &row["detail"]["what"]).collect();
    assert_eq!(whats, [&json!("notes"), &json!("audit")]);
    assert_eq!(audit[0]["action"], "export");
    assert_eq!(audit[0]["actor_kind"], "command");
}

#[cfg(unix)]
#[test]
fn a_file_is_readable_by_its_owner_only_and_never_half_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let user = User::new();
    user.run(&["migrate"]).good();
    let out = user.path("notes.xlsx");
    user.run(&["export", "notes", "--format", "xlsx", "--out", &out.display().to_string()]).good();
    assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!user.path("notes.xlsx.part").exists());
}

#[test]
fn a_file_that_is_there_is_replaced_only_where_that_is_asked_for() {
    let user = User::new();
    user.run(&["migrate"]).good();
    let out = user.file("notes.csv", b"last month's");
    let export = ["export", "notes", "--format", "csv", "--out", &out];
    let refused = user.run(&export);
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("is there already") && refused.err.contains("--force"), "{}", refused.err);
    assert_eq!(std::fs::read(&out).unwrap(), b"last month's");
    let audit = user.run(&["export", "audit", "--format", "json"]).good().json();
    assert_eq!(audit.as_array().unwrap().len(), 1, "what wasn't exported isn't said to be");
    user.run(&[&export[..], &["--force"]].concat()).good();
    assert!(std::fs::read_to_string(&out).unwrap().starts_with('\u{feff}'));
    std::fs::remove_file(&out).unwrap();
    user.run(&export).good();
    assert!(!user.path("notes.csv.part").exists());
}

#[test]
fn days_that_make_no_sense_are_wrong_usage() {
    let user = User::new();
    for arguments in [
        &["export", "graduates", "--format", "csv", "--from", "2026-04-01"][..],
        &["export", "notes", "--format", "csv", "--from", "2026-04-02", "--to", "2026-04-01"],
        &["export", "notes", "--format", "csv", "--from", "2026-02-30"],
        &["export", "notes"],
        &["export", "secrets", "--format", "csv"],
    ] {
        assert_eq!(user.run(arguments).status, 2, "{arguments:?}");
    }
}

#[test]
fn retention_is_exported_person_by_person() {
    let user = User::new();
    let roster = "external_id,name,hired_on,left_on,service_started_on\n\
        A-01,見本 花子,2024-04-01,,2024-10-01\nA-02,例田 太郎,2024-04-01,2025-01-31,2024-10-01\n";
    let roster = user.file("roster.csv", roster.as_bytes());
    user.run(&["import", "graduates", &roster]).good();
    let rows = user.run(&["export", "retention", "--format", "json", "--to", "2026-06-01"]).good().json();
    let parts: Vec<(&Value, &Value)> =
        rows.as_array().unwrap().iter().map(|row| (&row["external_id"], &row["part"])).collect();
    assert!(parts.contains(&(&json!("A-01"), &json!("counted"))), "{parts:?}");
    assert!(parts.contains(&(&json!("A-02"), &json!("not_counted"))), "{parts:?}");
}
