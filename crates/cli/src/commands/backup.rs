//! `bansou backup`, `bansou restore`, `bansou reconcile`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use bansou_store::Store;
use bansou_worker::Reconciled;
use bansou_worker::journal::{self, Line};
use chrono::{DateTime, Utc};

use crate::args::{BackupArgs, ReconcileArgs, RestoreArgs};
use crate::backup::seal::{self, Lock, Opener};
use crate::backup::{self, Order};
use crate::config::{Config, DatabaseUrl};
use crate::failure::{Done, Failure};
use crate::terminal::Terminal;
use crate::{ambient, key_file, opening, wiring};

/// Takes a backup, or makes a key for backups.
pub(crate) async fn backup(config: &Config, args: &BackupArgs, terminal: &mut Terminal) -> Done {
    let ambient = ambient::of_the_system();
    if let Some(path) = &args.new_key {
        let public = seal::new_key(path, ambient.now())?;
        writeln!(
            terminal.out,
            "The secret half stands in {}. Whoever has it opens every backup made to it:",
            path.display()
        )?;
        writeln!(
            terminal.out,
            "keep it, and a copy, away from this machine. The public half belongs in the configuration:"
        )?;
        writeln!(terminal.out, "\n[backup]\nrecipients = [\"{public}\"]")?;
        return Ok(());
    }
    let Some(file) = &args.file else { return Err(Failure::usage("FILE: name the file to write")) };
    let lock = Lock::of(&config.backup)?;
    let bytes = backup::take(&config.database.url, lock, file, &ambient).await?;
    writeln!(terminal.out, "{} holds {} ({bytes} bytes, encrypted).", file.display(), config.database.url.shown())?;
    writeln!(
        terminal.out,
        "The key file {} isn't in it: keep a copy of that apart from the backups, because without it nobody can read them.",
        config.database.key_file.display()
    )?;
    Ok(())
}

/// Brings a backup back; the service stands still afterwards.
pub(crate) async fn restore(config: &Config, args: &RestoreArgs, terminal: &mut Terminal) -> Done {
    let ambient = ambient::of_the_system();
    let path = &config.database.key_file;
    let key = key_file::read(path).map_err(Failure::usage)?.ok_or_else(|| {
        Failure::usage(format!(
            "database.key_file: {} is missing, and no backup holds it; put the copy back that was kept apart. Nothing was changed",
            path.display()
        ))
    })?;
    let opener = match (&args.identity, &args.passphrase_file) {
        (Some(identity), _) => Opener::identity(identity)?,
        (None, Some(file)) => Opener::passphrase(file)?,
        (None, None) => return Err(Failure::usage("--identity: name the file with the backup key's secret half")),
    };
    let url = args.database.as_ref().map_or_else(|| config.database.url.clone(), DatabaseUrl::new);
    let shown = url.shown();
    let order = Order { file: args.file.clone(), opener, url, key, replace: args.replace, migrate: args.migrate };
    let found = backup::bring_back(order, &ambient).await?;
    let out = &mut terminal.out;
    writeln!(out, "{shown} now is the backup of {}.", time(found.head.taken_at))?;
    for (table, rows) in &found.rows {
        writeln!(out, "  {table:<12} {rows:>9}")?;
    }
    if let Some(newest) = found.newest {
        writeln!(out, "  newest row   {} ({} ago)", time(newest), ago(ambient.now() - newest))?;
    }
    if let Some(former) = found.former {
        writeln!(out, "What was there before is kept: {former}. Delete it when you don't need it any more.")?;
    }
    writeln!(out, "Whole, audit list unbroken, opened by this key file. Everybody has to sign in again.")?;
    writeln!(out, "Nothing is sent until you have said what was sent since the backup, and have resumed:")?;
    writeln!(out, "  bansou reconcile            (from the send journal; or --without-journal)")?;
    writeln!(out, "  bansou resume everything")?;
    Ok(())
}

/// Tells a restored database what was sent and stopped since its backup.
pub(crate) async fn reconcile(config: &Config, args: &ReconcileArgs, terminal: &mut Terminal) -> Done {
    let store = opening::open_existing(config, ambient::of_the_system()).await?;
    let done = reconcile_on(config, args, &store, terminal).await;
    store.close().await?;
    done
}

async fn reconcile_on(config: &Config, args: &ReconcileArgs, store: &Store, terminal: &mut Terminal) -> Done {
    let Some(restore) = store.open_restore().await? else {
        writeln!(terminal.out, "This database isn't a restored backup that waits for this; nothing has changed.")?;
        return Ok(());
    };
    let channels = wiring::channels(config, &wiring::simulator_secret(store)).map_err(Failure::usage)?;
    let lines = if args.without_journal { None } else { Some(lines(config, &args.journal)?) };
    // What is applied again stands in the journal, too: the next restore must not lose it.
    let engine = wiring::engine(config, store.clone(), &channels);
    if lines.is_some() {
        wiring::journal(config, store).map_err(Failure::usage)?;
    }
    let done = match &lines {
        Some(lines) => engine.reconcile(lines).await,
        None => engine.reconcile_without_journal(&restore).await,
    };
    let done = done.map_err(|error| {
        Failure::failed(format!(
            "{}. Without a journal that knows: bansou reconcile --without-journal",
            crate::with_causes(&error)
        ))
    })?;
    tell(&done, restore.backup_at, lines.map(|lines| lines.len()), terminal)
}

fn lines(config: &Config, given: &[PathBuf]) -> Done<Vec<Line>> {
    let configured = config.journal.path.as_slice();
    let folders: &[PathBuf] = if given.is_empty() { configured } else { given };
    if folders.is_empty() {
        return Err(Failure::usage(
            "--journal: no journal is configured (journal.path); name its folder, or say --without-journal",
        ));
    }
    let mut all = Vec::new();
    for folder in folders {
        all.extend(journal::read(Path::new(folder)).map_err(Failure::failed)?);
    }
    Ok(all)
}

fn tell(done: &Reconciled, backup_at: DateTime<Utc>, lines: Option<usize>, terminal: &mut Terminal) -> Done {
    let out = &mut terminal.out;
    match lines {
        Some(lines) => {
            writeln!(out, "The journal's {lines} lines were read against the backup of {}.", time(backup_at))?;
        }
        None => {
            writeln!(out, "Without a journal: whatever was to go out since {} may be out.", time(backup_at))?;
        }
    }
    writeln!(out, "  put right               {:>6}  waiting messages that were out already, or may be", done.settled)?;
    writeln!(out, "  sent, unknown here      {:>6}  known now by their keys, never sent again", done.accepted)?;
    writeln!(
        out,
        "  unclear                 {:>6}  LINE is asked again with the same key; else a person decides",
        done.unclear
    )?;
    writeln!(out, "  stops, blocks, pauses   {:>6}  applied again", done.applied)?;
    writeln!(
        out,
        "  held                    {:>6}  people whose address or hours were changed; look, then allow contact",
        done.held.len()
    )?;
    for (purpose, count) in &done.lost {
        writeln!(out, "  lost from the records   {count:>6}  {purpose}: went out, and stands in no thread any more")?;
    }
    if done.foreign > 0 {
        writeln!(
            out,
            "  other offices           {:>6}  lines about offices that this backup doesn't have",
            done.foreign
        )?;
    }
    for person in &done.held {
        writeln!(out, "    held: /graduates/{person}")?;
    }
    writeln!(out, "Answers that arrived since the backup are lost: who seems silent since then may have answered.")?;
    writeln!(out, "Everything still stands still. To let it go on: bansou resume everything")?;
    Ok(())
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn ago(age: chrono::TimeDelta) -> String {
    let minutes = age.num_minutes();
    match minutes {
        ..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}
