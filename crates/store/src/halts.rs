//! Kill switches beyond one office: all sending, or one channel's. The next claim obeys, and so does the last look before
//! each call (trust.md section 6).

use bansou_core::audit::Actor;
use bansou_core::codes;
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::OfficeId;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, AuditNote};
use crate::connect::Store;
use crate::entity::{deliveries, halts};
use crate::error::Result;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, corrupt};

/// Audit word: all of an office's sending was stopped.
pub const SENDING_STOPPED: &str = "sending.stop";

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
    /// Throws a switch without a person behind it. One that is thrown already keeps its first reason and moment.
    pub async fn halt(&self, scope: &HaltScope, reason: HaltReason) -> Result<()> {
        let _turn = self.gate().await;
        throw(self.db(), scope, reason, self.ambient().now()).await.map(drop)
    }

    /// Takes a switch back; false when it wasn't thrown.
    pub async fn release(&self, scope: &HaltScope) -> Result<bool> {
        let _turn = self.gate().await;
        take_back(self.db(), scope).await
    }

    /// A person throws a switch; each of the offices concerned keeps in its audit list who did, in the same transaction. False
    /// when it is thrown already.
    pub async fn halt_by(&self, actor: Actor, scope: &HaltScope, offices: &[OfficeId]) -> Result<bool> {
        let (conn, _turn) = self.begin_across().await?;
        let thrown = throw(&conn, scope, HaltReason::Operator, self.ambient().now()).await?;
        self.note_switch(conn, actor, scope, "halt", offices, thrown).await
    }

    /// A person takes a switch back, with the same audit rows. False when it wasn't thrown.
    pub async fn release_by(&self, actor: Actor, scope: &HaltScope, offices: &[OfficeId]) -> Result<bool> {
        let (conn, _turn) = self.begin_across().await?;
        let taken_back = take_back(&conn, scope).await?;
        self.note_switch(conn, actor, scope, "release", offices, taken_back).await
    }

    /// Every switch that is thrown.
    pub async fn halts(&self) -> Result<Vec<Halt>> {
        thrown(self.db()).await
    }

    /// How many deliveries of all offices wait to go out, now or later, under a switch.
    pub async fn waiting_under(&self, scope: &HaltScope) -> Result<u64> {
        let mut waiting = deliveries::Entity::find().filter(deliveries::Column::State.eq(DeliveryState::Due.as_str()));
        if let HaltScope::Channel(id) = scope {
            waiting = waiting.filter(deliveries::Column::ChannelId.eq(id));
        }
        Ok(waiting.count(self.db()).await?)
    }

    async fn note_switch(
        &self,
        conn: DatabaseTransaction,
        actor: Actor,
        scope: &HaltScope,
        what: &str,
        offices: &[OfficeId],
        is_changed: bool,
    ) -> Result<bool> {
        if !is_changed {
            return Ok(false);
        }
        let mut offices = offices.to_vec();
        // Always in the same order, so that two of these never wait for each other.
        offices.sort_unstable_by_key(|office| office.0);
        let mut told = Vec::new();
        for office in offices {
            let cipher = self.cipher(office).await?;
            let notes = vec![note(actor, scope, what, office)];
            told.extend(audit::append(&conn, &cipher, office, self.ambient().now(), notes).await?);
        }
        conn.commit().await?;
        self.told(told).await;
        Ok(true)
    }
}

impl Tx {
    /// Every switch that is thrown, whoever it concerns.
    pub async fn halts(&self) -> Result<Vec<Halt>> {
        thrown(&self.conn).await
    }

    /// Whether a thrown switch holds a channel's messages back.
    pub async fn is_halted(&self, channel_id: &str) -> Result<bool> {
        let own = HaltScope::Channel(channel_id.to_owned());
        Ok(self.halts().await?.iter().any(|halt| halt.scope == HaltScope::Everything || halt.scope == own))
    }

    /// Stops a channel of this office; false when it is stopped by hand already.
    pub async fn halt_channel(&self, actor: Actor, channel_id: &str) -> Result<bool> {
        let scope = HaltScope::Channel(channel_id.to_owned());
        if !throw(&self.conn, &scope, HaltReason::Operator, self.now()).await? {
            return Ok(false);
        }
        self.audit_all(vec![note(actor, &scope, "halt", self.office)]).await?;
        Ok(true)
    }

    /// Lets a channel of this office go again; false when it wasn't stopped by hand.
    pub async fn release_channel(&self, actor: Actor, channel_id: &str) -> Result<bool> {
        let scope = HaltScope::Channel(channel_id.to_owned());
        if !take_back(&self.conn, &scope).await? {
            return Ok(false);
        }
        self.audit_all(vec![note(actor, &scope, "release", self.office)]).await?;
        Ok(true)
    }

    /// Stops everything this office sends; false when it is stopped already: whoever stops first is the one who is named.
    pub async fn stop_office(&self, actor: Actor, why: &str) -> Result<bool> {
        if self.own_office().await?.sending_stopped_at.is_some() {
            return Ok(false);
        }
        self.stop_sending(Some(self.now())).await?;
        self.say_why_stopped(why).await?;
        self.audit(actor, SENDING_STOPPED, "office", Some(self.office.0), json!({})).await?;
        Ok(true)
    }

    /// Lets this office send again; false when it wasn't stopped.
    pub async fn resume_office(&self, actor: Actor) -> Result<bool> {
        if self.own_office().await?.sending_stopped_at.is_none() {
            return Ok(false);
        }
        self.stop_sending(None).await?;
        self.audit(actor, "sending.resume", "office", Some(self.office.0), json!({})).await?;
        Ok(true)
    }
}

fn note(actor: Actor, scope: &HaltScope, what: &str, office: OfficeId) -> AuditNote {
    let (kind, detail) = match scope {
        HaltScope::Everything => ("everything", json!({})),
        HaltScope::Channel(id) => ("channel", json!({ "channel": id })),
    };
    AuditNote {
        actor,
        action: format!("{kind}.{what}"),
        object_kind: "office".to_owned(),
        object_id: Some(office.0),
        detail,
    }
}

/// True when the switch wasn't thrown before.
async fn throw<C: ConnectionTrait>(
    conn: &C,
    scope: &HaltScope,
    reason: HaltReason,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row = halts::ActiveModel {
        scope: Set(scope.word()),
        reason: Set(reason.as_str().to_owned()),
        since: Set(to_ms(now)),
    };
    let once = OnConflict::column(halts::Column::Scope).do_nothing().to_owned();
    let put = halts::Entity::insert(row).on_conflict(once).exec_without_returning(conn).await?;
    Ok(put > 0)
}

async fn take_back<C: ConnectionTrait>(conn: &C, scope: &HaltScope) -> Result<bool> {
    Ok(halts::Entity::delete_by_id(scope.word()).exec(conn).await?.rows_affected > 0)
}

async fn thrown<C: ConnectionTrait>(conn: &C) -> Result<Vec<Halt>> {
    let rows = halts::Entity::find().order_by_asc(halts::Column::Scope).all(conn).await?;
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
