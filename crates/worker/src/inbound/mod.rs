//! What comes in: stored events get their effect, each once (P7).

mod answer;
mod effects;
mod line;
mod sms;

use bansou_core::ids::{GraduateId, OfficeId};
use bansou_store::{Inbound, InboundState, Tx};

use crate::engine::Engine;
use crate::error::Result;
use crate::receive::{LINE, SMS, SMS_STATUS};

const BATCH: u64 = 50;

/// What an event came to.
pub(crate) struct Effect {
    state: InboundState,
    graduate: Option<GraduateId>,
}

impl Effect {
    pub(crate) const IGNORED: Self = Self { state: InboundState::Ignored, graduate: None };
    pub(crate) const UNKNOWN_SENDER: Self = Self { state: InboundState::UnknownSender, graduate: None };

    pub(crate) fn of(graduate: GraduateId) -> Self {
        Self { state: InboundState::Processed, graduate: Some(graduate) }
    }
}

impl Engine {
    /// Gives every stored event its effect; returns how many were looked at.
    pub async fn inbound(&self) -> Result<u64> {
        let offices = self.parts.store.offices_with_inbound().await?;
        Ok(self.for_each(offices, "inbound", |engine, office| Box::pin(engine.inbound_office(office))).await)
    }

    async fn inbound_office(&self, office: OfficeId) -> Result<u64> {
        let mut seen = 0;
        loop {
            let tx = self.parts.store.begin(office).await?;
            let events = tx.inbound_to_process(BATCH).await?;
            drop(tx);
            if events.is_empty() {
                return Ok(seen);
            }
            for event in &events {
                // One event, one unit of work: an event that can't be processed holds up nobody else's (P13).
                if let Err(error) = self.process(office, event).await {
                    tracing::error!(event = %event.id, error = %error, cause = crate::engine::cause(&error), "inbound event failed");
                    let tx = self.parts.store.begin(office).await?;
                    tx.inbound_failed(event.id).await?;
                    tx.save().await?;
                    seen += 1;
                    if error.is_temporary() {
                        return Ok(seen);
                    }
                    continue;
                }
                seen += 1;
            }
        }
    }

    async fn process(&self, office: OfficeId, event: &Inbound) -> Result<()> {
        let tx = self.parts.store.begin(office).await?;
        // Another process may have been quicker; the row is looked at again under this unit of work's lock.
        let Some(event) = tx.lock_inbound(event.id).await? else { return Ok(()) };
        let effect = self.effect(&tx, &event).await?;
        tx.inbound_done(event.id, effect.state, effect.graduate).await?;
        Ok(tx.save().await?)
    }

    async fn effect(&self, tx: &Tx, event: &Inbound) -> Result<Effect> {
        match event.kind.as_str() {
            SMS => self.sms_came(tx, event).await,
            SMS_STATUS => self.sms_reported(tx, event).await,
            kind if kind.starts_with(LINE) => self.line_event(tx, event).await,
            _ => Ok(Effect::IGNORED),
        }
    }
}
