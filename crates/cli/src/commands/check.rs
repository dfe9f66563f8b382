//! `bansou config check`: reads and checks all settings, and says what they come to.

use std::io::Write as _;

use crate::backup::seal::Lock;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::terminal::Terminal;
use crate::wiring;

/// The settings are read already when this runs; channels and the backup's lock are built, which checks their fields.
pub(crate) fn check(config: &Config, terminal: &mut Terminal) -> Done {
    let channels = wiring::check_channels(config).map_err(Failure::usage)?;
    let is_backed_up = config.backup.is_set();
    if is_backed_up {
        Lock::of(&config.backup)?;
    }
    let environment = if config.is_production() { "production" } else { "development" };
    writeln!(terminal.out, "The configuration is good ({environment}).")?;
    writeln!(terminal.out, "  database     {}", config.database.url.shown())?;
    writeln!(terminal.out, "  key file     {}", config.database.key_file.display())?;
    writeln!(terminal.out, "  web          {} as {}", config.web.bind, config.web.base())?;
    match config.metrics.bind {
        Some(bind) => writeln!(terminal.out, "  metrics      {bind}")?,
        None => writeln!(terminal.out, "  metrics      off")?,
    }
    match &config.journal.path {
        Some(path) => writeln!(terminal.out, "  send journal {}", path.display())?,
        None if config.is_production() => {
            writeln!(
                terminal.out,
                "  send journal none (journal.path): after a restore nobody could tell what was sent"
            )?;
        }
        None => writeln!(terminal.out, "  send journal none")?,
    }
    match (is_backed_up, config.is_production()) {
        (true, _) => writeln!(terminal.out, "  backup       encrypted before it is written")?,
        (false, true) => writeln!(terminal.out, "  backup       no key (backup.recipients): no backup can be written")?,
        (false, false) => writeln!(terminal.out, "  backup       no key")?,
    }
    match (&config.alarm.watcher, &config.alarm.file) {
        (None, None) => {
            writeln!(terminal.out, "  alarm        nobody outside is told whether this works (alarm.dead_man_url)")?;
        }
        (watcher, file) => {
            let outside = watcher.is_some().then(|| "a watcher outside".to_owned());
            let told: Vec<String> =
                outside.into_iter().chain(file.iter().map(|file| file.display().to_string())).collect();
            writeln!(terminal.out, "  alarm        {}", told.join(", "))?;
        }
    }
    for line in channels {
        writeln!(terminal.out, "  channel      {line}")?;
    }
    Ok(())
}
