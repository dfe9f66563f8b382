//! Building the other rooms' parts from the configuration.

use std::sync::Arc;

use bansou_channels::{Channel, LineChannel, Secret, SimulatorChannel, SimulatorInbox, SmtpChannel, TwilioChannel};
use bansou_core::calendar::Holidays;
use bansou_core::message::Templates;
use bansou_core::signs::Lexicon;
use bansou_store::Store;
use bansou_worker::journal::Journal;
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono::Duration;

use crate::config::{ChannelSection, Config, StandsFor};

/// The simulators of an office without channels.
const SIMULATORS: [(&str, StandsFor); 3] =
    [("line-sim", StandsFor::Line), ("sms-sim", StandsFor::Sms), ("mail-sim", StandsFor::Mail)];

/// The channels, and where simulators put what they take.
#[derive(Clone, Debug)]
pub struct Channels {
    /// In the order of the configuration; of several of one kind the first is used for new messages.
    pub list: Vec<Channel>,
    /// What simulators took; empty for ever where there are none.
    pub inbox: SimulatorInbox,
}

/// Builds the channels; without any, simulators for LINE, SMS and mail. An error names channel and field.
pub fn channels(config: &Config, webhook_secret: &Secret) -> Result<Channels, String> {
    let inbox = SimulatorInbox::new();
    let simulator = |id: &str, stands_for: StandsFor| {
        Channel::Simulator(SimulatorChannel::new(id, stands_for.kind(), inbox.clone(), webhook_secret.clone()))
    };
    let build = |section: &ChannelSection| match section.clone() {
        ChannelSection::Line(line, _) => LineChannel::new(line).map(Channel::Line),
        ChannelSection::Twilio(twilio) => TwilioChannel::new(twilio).map(Channel::Twilio),
        ChannelSection::Smtp(smtp) => SmtpChannel::new(smtp).map(Channel::Smtp),
        ChannelSection::Simulator { id, stands_for } => Ok(simulator(&id, stands_for)),
    };
    let list = if config.channels.is_empty() {
        SIMULATORS.iter().map(|(id, stands_for)| simulator(id, *stands_for)).collect()
    } else {
        config.channels.iter().map(build).collect::<Result<_, _>>().map_err(|error| error.to_string())?
    };
    Ok(Channels { list, inbox })
}

/// The secret with which the demo's phone signs what it posts to simulators; nobody outside knows it.
pub fn simulator_secret(store: &Store) -> Secret {
    Secret::new(hex::encode(store.derive_key("simulator-webhooks")))
}

/// Builds the channels once to check their fields; returns a line about each.
pub fn check_channels(config: &Config) -> Result<Vec<String>, String> {
    let built = channels(config, &Secret::new("checked only"))?;
    Ok(built.list.iter().map(|channel| said(channel, config.channels.is_empty())).collect())
}

/// One channel in words.
pub fn said(channel: &Channel, is_substitute: bool) -> String {
    let id = channel.id();
    let what = match channel.kind() {
        bansou_channels::ChannelKind::Line => "LINE",
        bansou_channels::ChannelKind::Sms => "SMS",
        bansou_channels::ChannelKind::Mail => "e-mail",
    };
    match channel {
        Channel::Simulator(_) if is_substitute => {
            format!("{id}: simulated {what}, because no channel is configured; nothing is sent to anybody")
        }
        Channel::Simulator(_) => format!("{id}: simulated {what}; nothing is sent to anybody"),
        _ => format!("{id}: {what}"),
    }
}

/// The send journal, where one is configured. From here on the store tells it of stops and withdrawals.
pub fn journal(config: &Config, store: &Store) -> Result<Option<Journal>, String> {
    let Some(path) = &config.journal.path else { return Ok(None) };
    let journal = Journal::open(path, store.ambient())
        .map_err(|error| format!("journal.path: {} can't be written: {error}", path.display()))?;
    store.tell(journal.witness(store.ambient()));
    Ok(Some(journal))
}

/// The engine over a store.
pub fn engine(config: &Config, store: Store, channels: &Channels) -> Engine {
    Engine::new(EngineParts {
        store,
        channels: channels.list.clone(),
        holidays: Arc::new(Holidays::embedded()),
        templates: Templates::embedded(),
        lexicon: Arc::new(Lexicon::embedded()),
        public_url: config.web.base().to_owned(),
        terms: SendTerms {
            batch: config.worker.batch,
            concurrency: config.worker.concurrency,
            lease: Duration::seconds(config.worker.lease_seconds.into()),
            ..SendTerms::default()
        },
    })
}
