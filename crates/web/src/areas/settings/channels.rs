//! The configured channels and how they are doing.

use axum::extract::Path;
use bansou_core::delivery::{ChannelKind, ChannelTrouble};
use bansou_core::staff::Role;
use bansou_store::{ChannelState, HaltScope};
use serde_json::json;

use crate::answer;
use crate::app::ChannelInfo;
use crate::errors::Failure;
use crate::pages::Done;
use crate::pages::settings::channels::{ChannelRow, ChannelsPage, Quota, Webhook};
use crate::sent::{Nothing, Sent};
use crate::signed::{Admin, Answer, Manager, Signed};

pub(super) async fn list(Manager(signed): Manager) -> Answer {
    let tx = signed.read().await?;
    let (states, halts) = (tx.channel_states().await?, tx.halts().await?);
    let own = signed.app.parts.channels.iter().filter(|channel| channel.office == signed.office.id);
    let channels = own.map(|channel| {
        let state = states.iter().find(|state| state.channel_id == channel.id);
        let halt = halts.iter().find(|halt| halt.scope == HaltScope::Channel(channel.id.clone()));
        ChannelRow { halted: halt.map(|halt| signed.local(halt.since)), ..row(&signed, channel, state) }
    });
    let page = ChannelsPage { channels: channels.collect(), is_admin: signed.staff.role.includes(Role::Admin) };
    signed.page(&tx, &page).await
}

/// `POST /settings/channels/{id}/resume`.
pub(super) async fn resume(Path(id): Path<String>, sent: Sent<Nothing, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let own = |channel: &&ChannelInfo| channel.id == id && channel.office == signed.office.id;
    signed.app.parts.channels.iter().find(own).ok_or(Failure::NotFound)?;
    let there = "/settings/channels";
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(there, Done::Saved)) };
    tx.resume_channel(&id).await?;
    tx.audit(signed.actor(), "channel.resume", "office", Some(signed.office.id.0), json!({ "channel": id })).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(there, Done::Saved))
}

fn row(signed: &Signed, channel: &ChannelInfo, state: Option<&ChannelState>) -> ChannelRow {
    let stopped = state.and_then(|state| state.stopped_until).filter(|until| *until > signed.now());
    let why = |trouble: Option<ChannelTrouble>| {
        trouble.map(|trouble| signed.say(&format!("channel-trouble-{trouble}"))).unwrap_or_default()
    };
    ChannelRow {
        id: channel.id.clone(),
        kind: channel.kind,
        is_simulated: channel.is_simulated,
        halted: None,
        stopped_until: stopped.map(|until| signed.local(until)),
        stopped_why: why(state.and_then(|state| state.stopped_for)),
        last_ok: state.and_then(|state| state.last_ok_at).map(|at| signed.local(at)),
        last_error: state.and_then(|state| state.last_error_at).map(|at| signed.local(at)),
        last_error_why: why(state.and_then(|state| state.last_error)),
        last_error_code: state.and_then(|state| state.last_error_code.clone()),
        webhooks: if channel.is_simulated { Vec::new() } else { webhooks(signed, channel) },
        swept: state.and_then(|state| state.swept_at).map(|at| signed.local(at)),
        quota: state.and_then(|state| state.quota).map(|quota| Quota {
            used: quota.used,
            limit: quota.limit,
            at: signed.local(quota.at),
        }),
    }
}

fn webhooks(signed: &Signed, channel: &ChannelInfo) -> Vec<Webhook> {
    let (base, id) = (&signed.app.parts.public_url, &channel.id);
    let hook = |key: &str, path: String| Webhook {
        label: signed.app.parts.words.plain(signed.lang, key),
        url: format!("{base}{path}"),
    };
    match channel.kind {
        ChannelKind::Line => vec![hook("channels-hook-line", format!("/webhooks/line/{id}"))],
        ChannelKind::Sms => vec![
            hook("channels-hook-inbound", format!("/webhooks/twilio/{id}/inbound")),
            hook("channels-hook-status", format!("/webhooks/twilio/{id}/status")),
        ],
        ChannelKind::Email => Vec::new(),
    }
}
