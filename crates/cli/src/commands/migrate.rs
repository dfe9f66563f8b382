//! `bansou migrate`: brings the database up to this version.

use std::io::Write as _;

use crate::ambient;
use crate::config::Config;
use crate::failure::Done;
use crate::opening::{self, Schema};
use crate::terminal::Terminal;

/// Migrates; on the first start also makes key file and office.
pub(crate) async fn migrate(config: &Config, terminal: &mut Terminal) -> Done {
    let store = opening::open(config, ambient::of_the_system(), Schema::Migrate).await?;
    bansou_worker::alarm::prepare(&store).await.map_err(crate::failure::Failure::failed)?;
    let offices = store.offices().await?;
    writeln!(terminal.out, "{} is at this version.", config.database.url.shown())?;
    for office in offices {
        writeln!(terminal.out, "  office {} ({})", office.name, office.id)?;
    }
    store.close().await?;
    Ok(())
}
