//! `bansou doctor`: what works, what doesn't, and what to do about it.
//!
//! It changes nothing: no key file, no tables and no office are made.

use std::io::Write as _;

use bansou_core::calendar::Holidays;
use bansou_core::clock::SKEW;
use bansou_store::crypto::MasterKey;
use bansou_store::{ChainCheck, Durability, Store};
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

use super::switches;
use crate::backup::seal::Lock;
use crate::config::Config;
use crate::failure::{Done, Failure, with_causes};
use crate::serve::disk::{self, Disk};
use crate::terminal::Terminal;
use crate::{ambient, key_file, wiring};

/// A provider is asked every ten minutes what came in; six times in vain is worth a word.
const ASKED_IN_TIME: TimeDelta = TimeDelta::hours(1);

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ok,
    Warn,
    Fail,
}

/// One line of the table.
struct Finding {
    state: State,
    what: &'static str,
    said: String,
}

/// Looks at everything, prints the table; fails if something has to be mended.
pub(crate) async fn doctor(config: &Config, terminal: &mut Terminal) -> Done {
    let ambient = ambient::of_the_system();
    let now = ambient.now();
    let mut findings = vec![ok("configuration", if config.is_production() { "production" } else { "development" })];
    let (key, finding) = key(config);
    findings.push(finding);
    findings.push(clock(now));
    findings.push(holidays(now.date_naive()));
    findings.extend(channels(config));
    findings.push(journal(config));
    findings.push(backup(config));
    let key_is_known = key.is_some();
    // Reachability and tables can be looked at without the right key.
    let key = key.unwrap_or_else(|| MasterKey::new([0; 32]));
    findings.extend(database(config, key, key_is_known).await);

    for finding in &findings {
        let state = match finding.state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "FAIL",
        };
        writeln!(terminal.out, "{state:<5} {:<14} {}", finding.what, finding.said)?;
    }
    let failed = findings.iter().filter(|finding| finding.state == State::Fail).count();
    if failed == 0 {
        return Ok(());
    }
    let things = if failed == 1 { "1 thing has".to_owned() } else { format!("{failed} things have") };
    Err(Failure::failed(format!("{things} to be mended")))
}

fn key(config: &Config) -> (Option<MasterKey>, Finding) {
    let path = &config.database.key_file;
    match key_file::read(path) {
        Ok(Some(key)) => {
            let said = format!("{}; keep a copy apart from the database", path.display());
            (Some(key), ok("key file", &said))
        }
        Ok(None) if config.is_production() => {
            let said = format!(
                "{} is missing. Put it back, or for a new database: (umask 077; openssl rand -hex 32 > {0})",
                path.display()
            );
            (None, fail("key file", &said))
        }
        Ok(None) if config.database.url.sqlite_path().is_some_and(std::path::Path::exists) => {
            let said = format!("{} is missing, though the database is there; put it back", path.display());
            (None, fail("key file", &said))
        }
        Ok(None) => (None, warn("key file", &format!("{} isn't there yet; the first start makes it", path.display()))),
        Err(error) => (None, fail("key file", &error.to_string())),
    }
}

fn clock(now: DateTime<Utc>) -> Finding {
    // Whatever this says was built after 2025; a clock before that, or far beyond, was never set.
    let said = now.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    if (2026..2100).contains(&now.year()) {
        return ok("clock", &said);
    }
    fail("clock", &format!("{said} can't be right; set the machine's clock (chrony or systemd-timesyncd)"))
}

/// The database server's clock, which several processes share.
async fn server_clock(store: &Store) -> Option<Finding> {
    let server = store.server_time().await.ok().flatten()?;
    let ahead = server - store.ambient().now();
    let direction = if ahead < TimeDelta::zero() { "behind" } else { "ahead of" };
    let said = format!("the database server's is {:.1} s {direction} this machine's", ahead.abs().as_seconds_f64());
    if ahead.abs() <= SKEW {
        return Some(ok("clock", &said));
    }
    Some(fail("clock", &format!("{said}; nothing is sent until they agree within 5 s (chrony or systemd-timesyncd)")))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a hundred")]
fn disk_space(disk: Disk) -> Finding {
    let said = format!("{} % in use, {} MB left", (disk.used * 100.0).round() as u8, disk.left / 1_000_000);
    if disk.is_full() {
        return fail("disk", &format!("{said}: nothing is sent until there is room"));
    }
    if disk.used > disk::HIGH { warn("disk", &format!("{said}; make room")) } else { ok("disk", &said) }
}

fn holidays(today: NaiveDate) -> Finding {
    let holidays = Holidays::embedded();
    let until = holidays.covers_to();
    let next_year = NaiveDate::from_ymd_opt(today.year() + 1, 12, 31).unwrap_or(today);
    if until >= next_year {
        return ok("holidays", &format!("known until {until}"));
    }
    if until >= today {
        return warn("holidays", &format!("known until {until} only; install a newer version before then"));
    }
    fail(
        "holidays",
        &format!("known until {until}, which is over: messages could go out on a holiday; install a newer version"),
    )
}

fn channels(config: &Config) -> Vec<Finding> {
    match wiring::check_channels(config) {
        Ok(lines) if config.channels.is_empty() => lines.iter().map(|line| warn("channel", line)).collect(),
        Ok(lines) => lines.iter().map(|line| ok("channel", line)).collect(),
        Err(error) => vec![fail("channel", &error)],
    }
}

fn journal(config: &Config) -> Finding {
    let Some(path) = &config.journal.path else {
        let said = "none (journal.path): after a restore nobody could tell what was sent since the backup";
        return if config.is_production() {
            warn("send journal", said)
        } else {
            ok("send journal", "none; production needs one")
        };
    };
    // Nothing stays behind, and nothing is made: a folder that isn't there is the first start's.
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => match tempfile::tempfile_in(path).and_then(|mut file| file.write_all(b"\n")) {
            Ok(()) => ok("send journal", &path.display().to_string()),
            Err(error) => fail("send journal", &format!("{} can't be written: {error}", path.display())),
        },
        Ok(_) => fail("send journal", &format!("{} is a file; journal.path must name a folder", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            warn("send journal", &format!("{} isn't there yet; the first start makes it, if it may", path.display()))
        }
        Err(error) => fail("send journal", &format!("{}: {error}", path.display())),
    }
}

fn backup(config: &Config) -> Finding {
    if !config.backup.is_set() {
        let said = "no key to encrypt to (backup.recipients); make one with `bansou backup --new-key FILE`";
        return if config.is_production() {
            warn("backup", said)
        } else {
            ok("backup", "no key; production needs one")
        };
    }
    match Lock::of(&config.backup) {
        Ok(_) => ok("backup", "encrypted before it is written"),
        Err(error) => fail("backup", &error.to_string()),
    }
}

async fn database(config: &Config, key: MasterKey, key_is_known: bool) -> Vec<Finding> {
    let url = &config.database.url;
    if let Some(path) = url.sqlite_path().filter(|path| !path.exists()) {
        return vec![warn("database", &format!("{} isn't there yet; the first start makes it", path.display()))];
    }
    let store = match Store::open(url.expose(), key, ambient::of_the_system(), Durability::Full).await {
        Ok(store) => store,
        Err(error) => return vec![fail("database", &format!("{}: {}", url.shown(), with_causes(&error)))],
    };
    let mut findings = vec![match store.ping().await {
        Ok(()) => ok("database", &format!("{} answers; version and settings are safe", url.shown())),
        Err(error) => fail("database", &with_causes(&error)),
    }];
    findings.extend(server_clock(&store).await);
    findings.extend(url.sqlite_path().and_then(disk::look).map(disk_space));
    match store.assert_migrated().await {
        Ok(()) => findings.push(ok("tables", "at this version")),
        Err(error) => {
            findings.push(fail("tables", &with_causes(&error)));
            return findings;
        }
    }
    findings.extend(missed(&store).await);
    findings.extend(offices(&store, key_is_known).await);
    let _ = store.close().await;
    findings
}

/// Channels whose providers are asked for what never reached us, and haven't answered for long.
async fn missed(store: &Store) -> Vec<Finding> {
    let now = store.ambient().now();
    let late = |(channel, at): (String, DateTime<Utc>)| {
        let said = format!(
            "{channel}: the provider was last asked at {} what came in; messages whose webhook fails are not found until it \
             answers again (does the worker run, are the account's keys right?)",
            at.format("%Y-%m-%d %H:%M UTC")
        );
        (now - at > ASKED_IN_TIME).then(|| warn("came in", &said))
    };
    store.swept().await.unwrap_or_default().into_iter().filter_map(late).collect()
}

async fn offices(store: &Store, key_is_known: bool) -> Vec<Finding> {
    let offices = match store.offices().await {
        Ok(offices) => offices,
        Err(error) => return vec![fail("office", &with_causes(&error))],
    };
    if offices.is_empty() {
        return vec![warn("office", "there is none yet; the first start makes it")];
    }
    let halts = store.halts().await.unwrap_or_default();
    let mut findings: Vec<Finding> = halts.iter().map(|halt| warn("sending", &switches::in_words(halt))).collect();
    if !key_is_known {
        return vec![fail("office", "there are records, and the key file that opens them is missing; put it back")];
    }
    for office in offices {
        let audit = match store.read(office.id).await {
            Ok(tx) => match tx.verify_audit().await {
                Ok(ChainCheck::Whole(rows)) => ok("audit list", &format!("{}: whole, {rows} rows", office.name)),
                Ok(ChainCheck::Broken { seq }) => fail(
                    "audit list",
                    &format!("{}: changed from outside at row {seq}; compare with a backup", office.name),
                ),
                Err(error) => fail("audit list", &with_causes(&error)),
            },
            Err(error) => fail("key file", &with_causes(&error)),
        };
        findings.push(audit);
        if office.sending_stopped_at.is_some() {
            findings.push(warn(
                "sending",
                &format!("{}: stopped; resume it on the settings page, or: bansou resume office", office.name),
            ));
        }
    }
    findings
}

fn ok(what: &'static str, said: &str) -> Finding {
    Finding { state: State::Ok, what, said: said.to_owned() }
}

fn warn(what: &'static str, said: &str) -> Finding {
    Finding { state: State::Warn, what, said: said.to_owned() }
}

fn fail(what: &'static str, said: &str) -> Finding {
    Finding { state: State::Fail, what, said: said.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_never_set_fails() {
        assert_eq!(clock(DateTime::UNIX_EPOCH).state, State::Fail);
        assert_eq!(clock("2026-04-01T00:00:00Z".parse().unwrap()).state, State::Ok);
    }

    #[test]
    fn holidays_that_run_out_are_told_in_time() {
        let until = Holidays::embedded().covers_to();
        assert_eq!(holidays("2026-04-01".parse().unwrap()).state, State::Ok);
        assert_eq!(holidays(until).state, State::Warn);
        assert_eq!(holidays(until.succ_opt().unwrap()).state, State::Fail);
    }
}
