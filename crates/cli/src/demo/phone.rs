//! What people do on their phones: the call their provider would make, through the webhook's own path.

use anyhow::Result;
use bansou_channels::{Address, Channel, ChannelKind, PhoneAction, Secret, SimulatorChannel, SimulatorInbox};
use bansou_core::ambient::Ambient;
use bansou_core::audit::Actor;
use bansou_core::ids::GraduateId;
use bansou_worker::{AskedNow, receive};
use chrono::{DateTime, TimeDelta, Utc};

use super::Demo;

/// The channel of LINE.
pub(crate) const LINE: &str = "line-main";
/// The channel of SMS.
pub(crate) const SMS: &str = "sms-main";

/// The other end of the simulators.
pub(crate) struct Phones {
    pub(crate) line: SimulatorChannel,
    pub(crate) sms: SimulatorChannel,
}

impl Phones {
    pub(crate) fn new(inbox: &SimulatorInbox, ambient: &Ambient) -> Self {
        let secret = Secret::new(ambient.new_uuid().simple().to_string());
        let simulator = |id: &str, kind| SimulatorChannel::new(id, kind, inbox.clone(), secret.clone());
        Self { line: simulator(LINE, ChannelKind::Line), sms: simulator(SMS, ChannelKind::Sms) }
    }
}

impl Demo {
    /// Somebody does something in LINE. The webhook's body is signed, checked and stored as a provider's would be; the
    /// engine gives it its effect with its next round.
    pub async fn act(&self, person: &Address, action: &PhoneAction) -> Result<()> {
        let ambient = self.store.ambient();
        let call = self.phones.line.act(person, action, a_moment_ago(ambient), ambient.new_uuid());
        let channel = Channel::Simulator(self.phones.line.clone());
        let rows = receive::line(&channel, &call.body, &call.signature, ambient.now())?;
        self.store.store_inbound(self.office, LINE, &rows).await?;
        Ok(())
    }

    /// Somebody writes an SMS.
    pub async fn write_sms(&self, from: &Address, text: &str) -> Result<()> {
        let ambient = self.store.ambient();
        let url = format!("{}/webhooks/twilio/{SMS}/inbound", self.public_url);
        let call = self.phones.sms.write_sms(&url, from, text, a_moment_ago(ambient), ambient.new_uuid());
        let channel = Channel::Simulator(self.phones.sms.clone());
        let rows = receive::twilio_inbound(&channel, &url, &call.body, &call.signature, a_moment_ago(ambient))?;
        self.store.store_inbound(self.office, SMS, &rows).await?;
        Ok(())
    }

    /// Somebody who looks at the phone page wants a check-in now: it is planned as any other, and leaves with the
    /// dispatcher's next round if the hours allow it.
    pub async fn ask_now(&self, graduate: GraduateId) -> Result<AskedNow> {
        Ok(self.engine.ask_now(Actor::graduate(graduate), self.office, graduate).await?)
    }
    /// What would come of it.
    pub async fn may_ask_now(&self, graduate: GraduateId) -> Result<AskedNow> {
        Ok(self.engine.may_ask_now(self.office, graduate).await?)
    }
}

/// When the person pressed: a webhook's way takes a moment. While history is made the clock stands still, and an answer
/// would otherwise have the very moment of the thanks for it.
fn a_moment_ago(ambient: &Ambient) -> DateTime<Utc> {
    ambient.now() - TimeDelta::seconds(2)
}
