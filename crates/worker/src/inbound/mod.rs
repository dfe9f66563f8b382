//! What comes in: stored events get their effect, each once (P7).

mod answer;
mod effects;
mod line;
mod names;
mod night;
mod sms;

use bansou_core::ids::{GraduateId, InboundId, OfficeId};
use bansou_store::{Inbound, InboundState, Tx, crash_point};

use crate::engine::{Engine, OfficeRules, cause, kept, within};
use crate::error::{Result, WorkError};
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

    /// What it is about isn't there yet: it waits, and the others go on.
    pub(crate) const TOO_EARLY: Self = Self { state: InboundState::Stored, graduate: None };

    pub(crate) fn of(graduate: GraduateId) -> Self {
        Self { state: InboundState::Processed, graduate: Some(graduate) }
    }
}

impl Engine {
    /// Gives every stored event its effect; returns how many were looked at.
    pub async fn inbound(&self) -> Result<u64> {
        let offices = self.parts.store.offices_with_inbound(self.now()).await?;
        Ok(self.for_each(offices, "inbound", |engine, office| Box::pin(engine.inbound_office(office))).await)
    }

    async fn inbound_office(&self, office: OfficeId) -> Result<u64> {
        let mut seen = 0;
        let mut strangers = false;
        loop {
            let tx = self.parts.store.begin(office).await?;
            let events = tx.inbound_to_process(BATCH).await?;
            let rules = self.rules(&tx).await?;
            // Ended here and not by dropping it, which PostgreSQL hears of later: its locks would hide the events from us, too.
            tx.save().await?;
            let more = events.len() as u64 == BATCH;
            for id in events {
                seen += 1;
                // One event, one unit of work: an event that can't be processed holds up nobody else's (P13).
                let temporary = match kept(Box::pin(self.process(office, &rules, id))).await {
                    Ok(state) => {
                        strangers |= state == InboundState::UnknownSender;
                        continue;
                    }
                    Err(error) => {
                        tracing::error!(event = %id, error = %error, cause = cause(&error), "inbound event failed");
                        error.is_temporary()
                    }
                };
                let tx = self.parts.store.begin(office).await?;
                tx.inbound_failed(id).await?;
                tx.save().await?;
                if temporary {
                    return Ok(seen);
                }
            }
            if !more {
                break;
            }
        }
        if strangers {
            self.ask_names(office).await?;
        }
        Ok(seen)
    }

    /// One event; answers in which state it stands then.
    async fn process(&self, office: OfficeId, rules: &OfficeRules, id: InboundId) -> Result<InboundState> {
        let tx = self.parts.store.begin(office).await?;
        // Another process may have been quicker; the row is looked at again under this unit of work's lock.
        let Some(event) = tx.lock_inbound(id).await? else { return Ok(InboundState::Stored) };
        // Waiting for the database's turn doesn't count: that speaks against no event.
        let effect = within(self.parts.terms.patience, self.take_effect(&tx, rules, &event)).await;
        let state = effect.map_err(WorkError::Broke)??;
        tx.save().await?;
        crash_point!("effect.committed")?;
        Ok(state)
    }

    async fn take_effect(&self, tx: &Tx, rules: &OfficeRules, event: &Inbound) -> Result<InboundState> {
        let effect = self.effect(tx, rules, event).await?;
        let state = match effect.state {
            InboundState::Stored if tx.inbound_waits(event).await? => return Ok(InboundState::Stored),
            InboundState::Stored => InboundState::Ignored,
            state => state,
        };
        tx.inbound_done(event.id, state, effect.graduate).await?;
        crash_point!("effect.before_commit")?;
        Ok(state)
    }

    async fn effect(&self, tx: &Tx, rules: &OfficeRules, event: &Inbound) -> Result<Effect> {
        match event.kind.as_str() {
            SMS => self.sms_came(tx, rules, event).await,
            SMS_STATUS => self.sms_reported(tx, rules, event).await,
            kind if kind.starts_with(LINE) => self.line_event(tx, rules, event).await,
            _ => Ok(Effect::IGNORED),
        }
    }
}
