//! Kill switches beyond one office: all sending, or one channel's. The next claim obeys, and so does the last look before
//! each call (trust.md section 6).

use bansou_core::codes;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::halts;
use crate::error::Result;
use crate::time::{from_ms, to_ms};
use crate::tx::{code, corrupt};

const EVERYTHING: &str = "everything";
const CHANNEL: &str = "channel:";

codes! {
    /// Why sending stands still.
    HaltReason {
        /// A person switched it off.
        Operator = "operator",
        /// The database was restored from a backup: what was sent since then has to be told to it first (P15).
        Restored = "restored",
    }
}

/// What stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HaltScope {
    /// Every message of every office.
    Everything,
    /// Every message over one configured channel.
    Channel(String),
}

/// A switch that is thrown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    /// What stands still.
    pub scope: HaltScope,
    /// Why.
    pub reason: HaltReason,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl HaltScope {
    fn word(&self) -> String {
        match self {
            Self::Everything => EVERYTHING.to_owned(),
            Self::Channel(id) => format!("{CHANNEL}{id}"),
        }
    }
}

impl Store {
    /// Throws a switch. One that is thrown already keeps its first reason and moment.
    pub async fn halt(&self, scope: &HaltScope, reason: HaltReason) -> Result<()> {
        let row = halts::ActiveModel {
            scope: Set(scope.word()),
            reason: Set(reason.as_str().to_owned()),
            since: Set(to_ms(self.ambient().now())),
        };
        let _turn = self.gate().await;
        let once = OnConflict::column(halts::Column::Scope).do_nothing().to_owned();
        halts::Entity::insert(row).on_conflict(once).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// Takes a switch back; false when it wasn't thrown.
    pub async fn release(&self, scope: &HaltScope) -> Result<bool> {
        let _turn = self.gate().await;
        Ok(halts::Entity::delete_by_id(scope.word()).exec(self.db()).await?.rows_affected > 0)
    }

    /// Every switch that is thrown.
    pub async fn halts(&self) -> Result<Vec<Halt>> {
        let rows = halts::Entity::find().order_by_asc(halts::Column::Scope).all(self.db()).await?;
        let read = |row: halts::Model| {
            let scope = match row.scope.strip_prefix(CHANNEL) {
                Some(id) => HaltScope::Channel(id.to_owned()),
                None if row.scope == EVERYTHING => HaltScope::Everything,
                None => return Err(corrupt("halts", "scope", Uuid::nil())),
            };
            Ok(Halt { scope, reason: code("halts", "reason", Uuid::nil(), &row.reason)?, since: from_ms(row.since) })
        };
        rows.into_iter().map(read).collect()
    }
}
