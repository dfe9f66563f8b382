//! The channels of the configuration file and how they are doing. Keys and addresses are set in that file, never here.
//!
//! - `GET /settings/channels`. `POST /settings/channels/{id}/resume`: try a stopped channel again now.

use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use serde::Serialize;

use crate::pages::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct ChannelsPage {
    /// Every configured channel.
    pub channels: Vec<ChannelRow>,
    /// The reader may start a stopped channel again.
    pub is_admin: bool,
}

/// One channel.
#[derive(Clone, Serialize)]
pub struct ChannelRow {
    /// Its id in the configuration.
    pub id: String,
    /// What kind of address it writes to.
    pub kind: ChannelKind,
    /// Messages stay on this machine.
    pub is_simulated: bool,
    /// Somebody stopped it by hand, then.
    pub halted: Option<LocalTime>,
    /// Nothing is sent before this.
    pub stopped_until: Option<LocalTime>,
    /// Why, in words.
    pub stopped_why: String,
    /// Last accepted message.
    pub last_ok: Option<LocalTime>,
    /// Last refused or unclear one.
    pub last_error: Option<LocalTime>,
    /// What was wrong, in words.
    pub last_error_why: String,
    /// The provider's own code for it, for their support desk.
    pub last_error_code: Option<String>,
    /// Addresses to paste at the provider, with what they are for in words.
    pub webhooks: Vec<Webhook>,
    /// When the provider was last asked, with success, whether something came in that never reached us; `None` where that isn't done.
    pub swept: Option<LocalTime>,
    /// LINE's monthly allowance.
    pub quota: Option<Quota>,
}

/// An address that a provider calls.
#[derive(Clone, Serialize)]
pub struct Webhook {
    /// What it is for.
    pub label: String,
    /// The whole address, from the configured public URL.
    pub url: String,
}

/// How much of a monthly allowance is used.
#[derive(Clone, Serialize)]
pub struct Quota {
    /// Messages sent this month.
    pub used: u64,
    /// The allowance; `None` without a limit.
    pub limit: Option<u64>,
    /// When the provider was asked.
    pub at: LocalTime,
}

impl Page for ChannelsPage {
    const TEMPLATE: &'static str = "pages/settings_channels.html";
    const PLACE: Place = Place::Settings;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let hook = |label: String, url: &str| Webhook { label, url: format!("https://bansou.example{url}") };
        let line = ChannelRow {
            id: "line-main".to_owned(),
            kind: ChannelKind::Line,
            is_simulated: false,
            halted: None,
            stopped_until: None,
            stopped_why: String::new(),
            last_ok: Some(sample_time("2026-11-20T10:02")),
            last_error: None,
            last_error_why: String::new(),
            last_error_code: None,
            webhooks: vec![hook("Webhook URL".to_owned(), "/webhooks/line/line-main")],
            swept: None,
            quota: Some(Quota { used: 168, limit: Some(200), at: sample_time("2026-11-20T10:00") }),
        };
        let stopped = ChannelRow {
            stopped_until: Some(sample_time("2026-12-01T00:05")),
            stopped_why: said(lang, "今月の送信数の上限に達しました", "This month’s allowance is used up"),
            last_error: Some(sample_time("2026-11-20T10:05")),
            last_error_code: Some("line_429".to_owned()),
            last_error_why: said(lang, "上限を超えたため、LINEが断りました", "LINE refused: over the monthly limit"),
            quota: Some(Quota { used: 200, limit: Some(200), at: sample_time("2026-11-20T10:05") }),
            ..line.clone()
        };
        let sms = ChannelRow {
            id: "sms-main".to_owned(),
            kind: ChannelKind::Sms,
            last_ok: None,
            swept: Some(sample_time("2026-11-20T10:00")),
            webhooks: vec![
                hook(said(lang, "届いたSMS", "Incoming SMS"), "/webhooks/twilio/sms-main/inbound"),
                hook(said(lang, "配信の結果", "Delivery status"), "/webhooks/twilio/sms-main/status"),
            ],
            quota: None,
            ..line.clone()
        };
        let halted = ChannelRow { halted: Some(sample_time("2026-11-20T09:50")), ..line.clone() };
        let simulated = ChannelRow { is_simulated: true, webhooks: Vec::new(), quota: None, ..line.clone() };
        vec![
            ("usual", Self { channels: vec![line, sms.clone()], is_admin: true }),
            ("stopped", Self { channels: vec![stopped.clone(), sms.clone()], is_admin: true }),
            ("read-only", Self { channels: vec![stopped, sms], is_admin: false }),
            ("by-hand", Self { channels: vec![halted], is_admin: true }),
            ("demo", Self { channels: vec![simulated], is_admin: true }),
            ("none", Self { channels: Vec::new(), is_admin: true }),
        ]
    }
}
