//! The smaller commands, configuration and exit statuses.

use bansou_core::ambient::Ambient;
use bansou_store::{Durability, Store};
use pretty_assertions::assert_eq;

use super::run::User;

const LINE: &str =
    "[[channels]]\nid = 'line-main'\nkind = 'line'\nchannel_secret = 'hunter2'\nchannel_access_token = 'hunter3'";

#[test]
fn help_and_version_are_no_failure_and_nonsense_is_wrong_usage() {
    let user = User::new();
    assert!(user.run(&["--help"]).good().text().contains("import"));
    assert!(user.run(&["import", "graduates", "--help"]).good().text().contains("利用者番号"));
    assert!(user.run(&["--version"]).good().text().starts_with("bansou "));
    assert_eq!(user.run(&["dance"]).status, 2);
    assert_eq!(user.run(&["retention", "--as-of", "yesterday"]).status, 2);
}

#[test]
fn a_good_configuration_is_said_so_without_its_secrets() {
    let user = User::new();
    let ran = user.run(&["config", "check"]).good();
    assert!(ran.text().contains("line-sim: simulated LINE, because no channel is configured"), "{}", ran.text());
    user.configure(LINE);
    let ran = user.run(&["config", "check"]).good();
    assert!(ran.text().contains("line-main: LINE") && !ran.text().contains("hunter"), "{}", ran.text());
}

#[test]
fn a_wrong_key_in_file_or_environment_names_the_field_with_status_2() {
    let mut user = User::new();
    user.configure("[web]\nbindd = '127.0.0.1:1'");
    let ran = user.run(&["config", "check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("web.bindd"), "{}", ran.err);

    user = User::new();
    user.set("BANSOU__WORKER__BATCH", "lots");
    let ran = user.run(&["config", "check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("batch"), "{}", ran.err);

    user = User::new();
    user.configure(&LINE.replace("line-main", "Line Main"));
    assert!(user.run(&["config", "check"]).err.contains("channels.0.id"));
    user = User::new();
    user.configure("[[channels]]\nid = 'sms'\nkind = 'twilio'\naccount_sid = 'x'\nauth_token = 'y'\nfrom = '+810000'");
    let ran = user.run(&["config", "check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("account_sid"), "{}", ran.err);
}

#[test]
fn production_refuses_simulators_plain_http_virtual_time_and_a_missing_key() {
    let user = |lines: &str| {
        let mut user = User::new();
        user.set("BANSOU__ENVIRONMENT", "production");
        user.configure(lines);
        user
    };
    let refused = |lines: &str, arguments: &[&str], named: &str| {
        let ran = user(lines).run(arguments);
        assert_eq!(ran.status, 2, "{}", ran.err);
        assert!(ran.err.contains(named), "{named}: {}", ran.err);
    };
    let https = "[web]\npublic_url = 'https://bansou.example'";
    refused("", &["config", "check"], "web.public_url");
    refused(https, &["config", "check"], "channels");
    let simulator = "[[channels]]\nid = 'sim'\nkind = 'simulator'\nstands_for = 'line'";
    refused(&format!("{https}\n{simulator}"), &["config", "check"], "channels.sim.kind");
    let good = format!("{https}\n{LINE}");
    user(&good).run(&["config", "check"]).good();
    refused(&good, &["migrate"], "database.key_file");
    refused(&good, &["serve", "--virtual-start", "2026-04-01T09:00:00+09:00"], "--virtual-start");
}

#[cfg(unix)]
#[test]
fn the_key_is_made_once_for_its_owner_and_never_for_records_it_could_not_open() {
    use std::os::unix::fs::PermissionsExt as _;
    let user = User::new();
    user.run(&["migrate"]).good();
    let key = user.path("data/bansou.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let ran = user.run(&["retention"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("chmod 600"), "{}", ran.err);

    std::fs::remove_file(&key).unwrap();
    let ran = user.run(&["retention"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("database.key_file") && !key.exists(), "{}", ran.err);

    std::fs::write(&key, "00".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let ran = user.run(&["retention"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("is this the right key file?"), "{}", ran.err);
}

#[test]
fn doctor_tells_what_is_well_and_what_is_not_and_makes_nothing() {
    let user = User::new();
    let before = user.run(&["doctor"]).good();
    assert!(before.text().contains("warn  database"), "{}", before.text());
    assert!(!user.path("data").exists());
    user.run(&["migrate"]).good();
    let well = user.run(&["doctor"]).good();
    for line in
        ["ok    database", "ok    tables", "ok    key file", "ok    holidays", "ok    audit list", "warn  channel"]
    {
        assert!(well.text().contains(line), "{line}\n{}", well.text());
    }
    std::fs::remove_file(user.path("data/bansou.key")).unwrap();
    let ill = user.run(&["doctor"]);
    assert_eq!(ill.status, 1);
    assert!(ill.text().contains("FAIL  office"), "{}", ill.text());
}

#[test]
fn a_backup_key_that_is_none_and_a_placeholder_are_told_before_they_are_needed() {
    let user = User::new();
    user.configure(
        "[backup]\nrecipients = ['age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg', 'age1nokey']",
    );
    let ran = user.run(&["config", "check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("backup.recipients: number 2") && !ran.err.contains("nokey"), "{}", ran.err);
    let ran = user.run(&["doctor"]);
    assert_eq!(ran.status, 1);
    assert!(ran.text().contains("FAIL  backup") && ran.text().contains("backup.recipients"), "{}", ran.text());

    let user = User::new();
    user.configure(&LINE.replace("hunter3", "hunter…"));
    for command in [&["config", "check"][..], &["doctor"]] {
        let ran = user.run(command);
        assert_eq!(ran.status, 2);
        assert!(
            ran.err.contains("channels.line-main.channel_access_token") && !ran.err.contains("hunter"),
            "{}",
            ran.err
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_gets_a_password_that_opens_it() {
    let user = User::new();
    let add = ["staff", "add", "--email", "taro@example.jp", "--name", "例田 太郎", "--role", "admin"];
    let ran = tokio::task::block_in_place(|| user.run(&add).good());
    let password = ran.text().lines().find_map(|line| line.strip_prefix("Password, shown only now: ")).unwrap();

    let url = format!("sqlite://{}", user.path("data/bansou.db").display());
    let key = bansou_cli::key_file::read(&user.path("data/bansou.key")).unwrap().unwrap();
    let ambient: Ambient = bansou_cli::ambient::of_the_system();
    let store = Store::open(&url, key, ambient, Durability::Full).await.unwrap();
    let (_, member) = store.find_staff_by_email("TARO@example.jp").await.unwrap().unwrap();
    assert_eq!(member.role.as_str(), "admin");
    assert!(bansou_web::password::matches(password, member.password_hash.as_deref()));

    let again = tokio::task::block_in_place(|| user.run(&add));
    assert_eq!(again.status, 1);
    assert!(again.err.contains("--email"), "{}", again.err);
}

#[test]
fn a_password_from_a_file_or_the_keyboard_has_to_be_long() {
    let user = User::new();
    let short = user.file("short", b"secret\n");
    let long = user.file("long", b"correct horse battery staple\n");
    let add = |email: &str, more: &[&str], typed: &str| {
        let words = [&["staff", "add", "--email", email, "--name", "例田 太郎"], more].concat();
        user.run_with(&words, typed)
    };
    assert_eq!(add("a@example.jp", &["--password-file", &short], "").status, 2);
    let ran = add("a@example.jp", &["--password-file", &long], "").good();
    assert!(!ran.text().contains("correct") && !ran.text().contains("Password"), "{}", ran.text());
    assert_eq!(add("b@example.jp", &["--ask"], "short\n").status, 2);
    add("b@example.jp", &["--ask"], "a sentence long enough\n").good();
    assert_eq!(add("not an address", &[], "").status, 2);
    assert_eq!(add("c@example.jp", &["--role", "king"], "").status, 2);
}

#[test]
fn retention_prints_the_promised_shape() {
    let user = User::new();
    let roster = "external_id,name,hired_on,left_on,service_started_on\n\
        A-01,見本 花子,2024-04-01,,2024-10-01\nA-02,例田 太郎,2024-04-01,2025-01-31,2024-10-01\n";
    let roster = user.file("roster.csv", roster.as_bytes());
    user.run(&["import", "graduates", &roster]).good();
    let report = user.run(&["retention", "--as-of", "2026-06-01", "--format", "json"]).good().json();
    assert_eq!(report["as_of"], "2026-06-01");
    let official = &report["official"];
    for key in ["window_from", "window_to", "rate_min", "rate_max", "tier"] {
        assert!(!official[key].is_null(), "{key}");
    }
    assert_eq!((official["denominator"].as_u64(), official["numerator_min"].as_u64()), (Some(2), Some(1)));
    assert_eq!(official["numerator_max"], 1);
    assert_eq!(official["people"].as_array().unwrap().len(), 2);
    for key in ["time_days", "at_risk", "left", "survival", "ci_low", "ci_high"] {
        assert_eq!(report["survival"][key].as_array().unwrap().len(), 1, "{key}");
    }
    assert_eq!(report["survival"]["time_days"][0], 305);
    let months: Vec<u64> =
        report["cohorts"].as_array().unwrap().iter().map(|c| c["months"].as_u64().unwrap()).collect();
    assert_eq!(months, [1, 3, 6, 12, 24, 36, 42]);

    let text = user.run(&["retention", "--as-of", "2026-06-01"]).good();
    assert!(text.text().contains("50.0% (1 of 2)"), "{}", text.text());
}

#[test]
fn each_line_of_text_has_one_line_of_signs() {
    let user = User::new();
    let texts = "最近眠れません。\n今日はいい天気です\n\n死にたい\n";
    let ran = user.run_with(&["signs", "classify"], texts).good();
    let answers: Vec<serde_json::Value> = ran.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0]["signs"][0]["category"], "sleep");
    assert_eq!(answers[1]["signs"], serde_json::json!([]));
    assert_eq!((&answers[2]["crisis"], &answers[3]["crisis"]), (&false.into(), &true.into()));
    let keys: Vec<&String> = answers[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["conduct", "crisis", "opt_out", "signs"]);

    let file = user.file("texts", texts.as_bytes());
    assert_eq!(user.run(&["signs", "classify", &file]).good().text(), ran.text());
    assert_eq!(user.run(&["signs", "classify", "nowhere"]).status, 1);
}

#[test]
fn sending_is_stopped_and_resumed_from_the_command_line_and_says_what_waits() {
    let user = User::new();
    assert_eq!(user.run(&["stop", "everything"]).status, 2, "no database is made by a stop");
    user.run(&["migrate"]).good();
    let one = user.run(&["stop", "everything", "--office", "みほん就労支援室"]);
    assert_eq!(one.status, 2, "whoever means one office doesn't stop all of them");
    assert!(one.err.contains("--office"), "{}", one.err);
    let stopped = user.run(&["stop", "everything"]).good();
    for said in ["no message of any office leaves", "Nothing waits", "bansou resume everything"] {
        assert!(stopped.text().contains(said), "{said}\n{}", stopped.text());
    }
    assert!(user.run(&["stop", "everything"]).good().text().contains("stood still already"));
    let unknown = user.run(&["stop", "channel", "line-man"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("line-sim"), "{}", unknown.err);
    user.run(&["stop", "channel", "line-sim"]).good();
    user.run(&["stop", "office", "--why", "試し"]).good();
    let doctor = user.run(&["doctor"]).good();
    for said in ["everything: stopped by a person", "channel line-sim: stopped by a person", "resume office"] {
        assert!(doctor.text().contains(said), "{said}\n{}", doctor.text());
    }
    let resumed = user.run(&["resume", "everything"]).good();
    assert!(resumed.text().contains("Resumed") && resumed.text().contains("Still stopped: channel line-sim"));
    user.run(&["resume", "channel", "line-sim"]).good();
    let last = user.run(&["resume", "office"]).good();
    assert!(!last.text().contains("Still stopped"), "{}", last.text());
    assert!(user.run(&["resume", "office"]).good().text().contains("nothing has changed"));
    let audit = user.run(&["export", "audit", "--format", "json"]).good();
    for action in ["everything.halt", "channel.release", "sending.stop", "sending.resume"] {
        assert!(audit.text().contains(action), "{action}");
    }
}
