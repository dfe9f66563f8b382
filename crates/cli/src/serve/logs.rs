//! The log, to the error output: ids, codes and route patterns, never names, texts, addresses or paths with tokens.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSection};
use crate::failure::{Done, Failure};

/// Begins logging. A process has one log; a second beginning (in tests) leaves it as it is.
pub(super) fn begin(log: &LogSection) -> Done {
    let filter: EnvFilter = log.level.parse().map_err(|_| Failure::usage("log.level: can't be read"))?;
    let is_screen = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_screen).with_writer(std::io::stderr);
    let _ = match log.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.try_init(),
    };
    Ok(())
}
