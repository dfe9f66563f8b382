//! Any channel: what the send path holds, by its kind.

use chrono::{DateTime, Utc};

use crate::{
    Address, CallFailed, Content, LineChannel, Outcome, Outgoing, Problem, RefusedClass, Secret, SimulatorChannel,
    SmtpChannel, TwilioChannel, line, smtp, twilio,
};

/// A channel of the office.
#[derive(Debug, Clone)]
pub enum Channel {
    /// LINE Messaging API.
    Line(LineChannel),
    /// SMS by Twilio.
    Twilio(TwilioChannel),
    /// E-mail.
    Smtp(SmtpChannel),
    /// Nothing leaves this process.
    Simulator(SimulatorChannel),
}

/// What kind of address a channel writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChannelKind {
    /// LINE user ids.
    Line,
    /// Mobile numbers.
    Sms,
    /// E-mail addresses.
    Mail,
}

impl ChannelKind {
    /// Everything that keeps a message from going out on a channel of this kind.
    pub fn check(self, outgoing: &Outgoing) -> Result<(), Vec<Problem>> {
        match self {
            Self::Line => line::check(outgoing),
            Self::Sms => twilio::check(outgoing),
            Self::Mail => smtp::check_outgoing(outgoing),
        }
    }
}

impl Channel {
    /// Our id of the channel, as in the configuration.
    pub fn id(&self) -> &str {
        match self {
            Self::Line(channel) => channel.id(),
            Self::Twilio(channel) => channel.id(),
            Self::Smtp(channel) => channel.id(),
            Self::Simulator(channel) => channel.id(),
        }
    }

    /// What kind of address it writes to; a simulator that of the provider it stands for.
    pub fn kind(&self) -> ChannelKind {
        match self {
            Self::Line(_) => ChannelKind::Line,
            Self::Twilio(_) => ChannelKind::Sms,
            Self::Smtp(_) => ChannelKind::Mail,
            Self::Simulator(channel) => channel.kind(),
        }
    }

    /// True if an accepted message can be sent again with the same key without arriving twice (for 24 hours). Without it an
    /// unknown outcome must be looked up or go to a person.
    pub fn repeats_safely(&self) -> bool {
        self.kind() == ChannelKind::Line
    }

    /// How often a second it may be asked to send, by all processes together; `None` where the provider keeps a queue itself
    /// (Twilio, a mail server) or there is none.
    pub fn calls_per_second(&self) -> Option<u32> {
        match self {
            Self::Line(channel) => Some(channel.pushes_per_second()),
            Self::Twilio(_) | Self::Smtp(_) | Self::Simulator(_) => None,
        }
    }

    /// Everything that keeps this message from going out here; nothing leaves.
    pub fn check(&self, outgoing: &Outgoing) -> Result<(), Vec<Problem>> {
        self.kind().check(outgoing)
    }

    /// One attempt.
    pub async fn send(&self, outgoing: &Outgoing) -> Outcome {
        match self {
            Self::Line(channel) => channel.push(outgoing).await,
            Self::Twilio(channel) => channel.send(outgoing).await,
            Self::Smtp(channel) => channel.send(&channel.mail_from(outgoing)).await,
            Self::Simulator(channel) => channel.called(outgoing).await,
        }
    }

    /// What an SMS provider has taken for this person with this text since then, oldest first; `None` where it can't be asked.
    pub async fn look_up(
        &self,
        to: &Address,
        text_hash: [u8; 32],
        since: DateTime<Utc>,
    ) -> Option<Result<Vec<twilio::FoundSms>, CallFailed>> {
        match self {
            Self::Twilio(channel) => Some(channel.look_up(to, text_hash, since).await),
            Self::Simulator(channel) if channel.kind() == ChannelKind::Sms => {
                Some(channel.look_up(to, text_hash, since))
            }
            Self::Line(_) | Self::Smtp(_) | Self::Simulator(_) => None,
        }
    }

    /// What an SMS provider has got for us since then, a page at a time; `None` where it can't be asked. LINE keeps no list, but
    /// brings a lost event again.
    pub async fn received(
        &self,
        since: DateTime<Utc>,
        page: Option<&str>,
    ) -> Option<Result<twilio::ReceivedPage, CallFailed>> {
        match self {
            Self::Twilio(channel) if channel.can_receive() => Some(channel.received(since, page).await),
            Self::Simulator(channel) if channel.kind() == ChannelKind::Sms => Some(channel.received(since)),
            Self::Line(_) | Self::Twilio(_) | Self::Smtp(_) | Self::Simulator(_) => None,
        }
    }

    /// What came with a message, by its provider's id; `None` where the provider gives none out.
    pub async fn content(&self, message_id: &str) -> Option<Content> {
        match self {
            Self::Line(channel) => Some(channel.content(message_id).await),
            Self::Simulator(channel) if channel.kind() == ChannelKind::Line => Some(channel.content(message_id)),
            Self::Twilio(_) | Self::Smtp(_) | Self::Simulator(_) => None,
        }
    }

    /// Answers a LINE event with its reply token, once; on anything but `Accepted` send instead.
    pub async fn reply(&self, reply_token: &Secret, outgoing: &Outgoing) -> Outcome {
        match self {
            Self::Line(channel) => channel.reply(reply_token, outgoing).await,
            Self::Simulator(channel) => channel.reply(reply_token, outgoing),
            Self::Twilio(_) | Self::Smtp(_) => Outcome::refused(RefusedClass::BadRequest, "no_reply_tokens_here"),
        }
    }
}
