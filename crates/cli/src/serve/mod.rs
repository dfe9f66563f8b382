//! `bansou serve`: web and worker in one process unless told otherwise.

use crate::args::ServeArgs;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::terminal::Terminal;

/// Serves until it is told to stop.
pub async fn serve(config: &Config, args: &ServeArgs, _terminal: &mut Terminal) -> Done {
    if config.is_production() && args.virtual_start.is_some() {
        return Err(Failure::usage("--virtual-start: production runs on the real time"));
    }
    Err(Failure::failed("not in this build"))
}
