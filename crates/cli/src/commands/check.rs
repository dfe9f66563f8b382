//! `bansou config check`: reads and checks all settings, and says what they come to.

use std::io::Write as _;

use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::terminal::Terminal;
use crate::wiring;

/// The settings are read already when this runs; channels are built, which checks their fields.
pub(crate) fn check(config: &Config, terminal: &mut Terminal) -> Done {
    let channels = wiring::check_channels(config).map_err(Failure::usage)?;
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
