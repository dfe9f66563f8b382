//! A number per office that rises with each committed change of what pages show. Open pages ask for it and load themselves
//! again when it has risen (`web::live`). It says that something changed, never what; nothing is decided by it.
//!
//! It is raised by the last statement before the commit, so that its row is locked for a moment only, and never while
//! somebody waits for another row.

use std::sync::atomic::Ordering;

use bansou_core::ids::OfficeId;
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::connect::Store;
use crate::entity::office_changes;
use crate::error::Result;
use crate::sql::statement;
use crate::tx::Tx;

const RAISE: &str = "INSERT INTO office_changes (office_id, seq) VALUES ($1, 1)
    ON CONFLICT (office_id) DO UPDATE SET seq = office_changes.seq + 1";

impl Store {
    /// How often something that pages show was changed in an office; one look-up by key.
    pub async fn changes_of(&self, office: OfficeId) -> Result<i64> {
        let row = office_changes::Entity::find_by_id(office.0).one(self.db()).await?;
        Ok(row.map_or(0, |row| row.seq))
    }
}

impl Tx {
    /// The same number as this unit of work sees it. Whoever shows it beside what was read asks for it first.
    pub async fn changes(&self) -> Result<i64> {
        let row = office_changes::Entity::find_by_id(self.office.0).one(&self.conn).await?;
        Ok(row.map_or(0, |row| row.seq))
    }

    /// What this unit of work does is seen on pages.
    pub(crate) fn touch(&self) {
        self.touched.store(true, Ordering::Relaxed);
    }

    /// Raises the number where something was touched; nothing may follow but the commit.
    pub(crate) async fn raise(&self) -> Result<()> {
        if self.touched.load(Ordering::Relaxed) {
            self.conn.execute_raw(statement(&self.conn, RAISE, [self.office.0.into()])).await?;
        }
        Ok(())
    }
}
