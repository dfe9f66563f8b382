//! The switches that stop sending, as they stand.

use bansou_core::audit::{ActorKind, AuditEntry};
use bansou_core::ids::StaffId;
use bansou_store::{Halt, HaltReason, HaltScope, SENDING_STOPPED, Tx};

use crate::app::ChannelInfo;
use crate::errors::Failure;
use crate::form::FormState;
use crate::heads::staff_name;
use crate::pages::settings::sending::{ChannelSwitch, SendingForm, SendingPage, Stopped};
use crate::signed::{Answer, Manager, Signed};

/// How far back whoever threw a switch is looked for.
const ROWS: u64 = 100;

pub(super) async fn page(Manager(signed): Manager) -> Answer {
    let tx = signed.read().await?;
    let page = sending_page(&signed, &tx, FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// The page with a form.
pub(crate) async fn sending_page(
    signed: &Signed,
    tx: &Tx,
    form: FormState<SendingForm>,
) -> Result<SendingPage, Failure> {
    let office = tx.own_office().await?;
    let rows = tx.audit_of(office.id.0, ROWS).await?;
    let stopped = match office.sending_stopped_at {
        None => None,
        Some(at) => {
            let row = rows.iter().find(|row| row.action == SENDING_STOPPED);
            let why = tx.why_stopped().await?.unwrap_or_default();
            Some(Stopped { at: signed.local(at), by: who(signed, tx, row).await?, why })
        }
    };
    let halts = tx.halts().await?;
    let mut channels = Vec::new();
    for channel in signed.app.parts.channels.iter().filter(|channel| channel.office == office.id) {
        channels.push(switch(signed, tx, &halts, &rows, channel).await?);
    }
    let everything = halts.iter().find(|halt| halt.scope == HaltScope::Everything);
    Ok(SendingPage {
        everything: everything.map(|halt| signed.local(halt.since)),
        is_restored: everything.is_some_and(|halt| halt.reason == HaltReason::Restored),
        stopped,
        waiting: tx.deliveries_waiting().await?,
        channels,
        form,
    })
}

async fn switch(
    signed: &Signed,
    tx: &Tx,
    halts: &[Halt],
    rows: &[AuditEntry],
    channel: &ChannelInfo,
) -> Result<ChannelSwitch, Failure> {
    let halt = halts.iter().find(|halt| halt.scope == HaltScope::Channel(channel.id.clone()));
    let stopped = match halt {
        None => None,
        Some(halt) => {
            let about = |row: &&AuditEntry| row.action == "channel.halt" && is_about(row, &channel.id);
            let by = who(signed, tx, rows.iter().find(about)).await?;
            Some(Stopped { at: signed.local(halt.since), by, why: String::new() })
        }
    };
    Ok(ChannelSwitch { id: channel.id.clone(), kind: channel.kind, stopped })
}

fn is_about(row: &AuditEntry, channel: &str) -> bool {
    let detail: Option<serde_json::Value> = serde_json::from_str(&row.detail).ok();
    detail.is_some_and(|detail| detail["channel"] == channel)
}

/// A colleague's name, or that it was done at the server.
async fn who(signed: &Signed, tx: &Tx, row: Option<&AuditEntry>) -> Result<String, Failure> {
    let Some(row) = row else { return Ok(String::new()) };
    if row.actor.kind == ActorKind::Command {
        return Ok(signed.say("sending-by-command"));
    }
    Ok(staff_name(tx, row.actor.id.map(StaffId)).await?.unwrap_or_default())
}
