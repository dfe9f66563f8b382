//! Sending: claim, call with no transaction open, record (trust.md 3c).

use std::time::{Duration, Instant};

use bansou_channels::{Address, Channel, Choice, Outcome, Outgoing, Secret};
use bansou_core::ids::OfficeId;
use bansou_store::{ClaimTerms, Delivery};
use futures_util::{StreamExt, stream};

use crate::engine::Engine;
use crate::error::Result;

/// Longest call: the client's time-out.
const CALL: chrono::Duration = chrono::Duration::seconds(10);

impl Engine {
    /// Sends everything that may be sent now; returns how many calls were made.
    pub async fn dispatch(&self) -> Result<u64> {
        let offices = self.parts.store.offices_with_due(self.now()).await?;
        Ok(self.for_each(offices, "dispatch", |engine, office| Box::pin(engine.dispatch_office(office))).await)
    }

    async fn dispatch_office(&self, office: OfficeId) -> Result<u64> {
        let mut sent = 0;
        while !self.is_stopping() {
            let (claimed, margin) = self.claim(office).await?;
            if claimed.is_empty() {
                return Ok(sent);
            }
            sent += claimed.len() as u64;
            let owned_until = Instant::now() + self.parts.terms.lease.to_std().unwrap_or_default();
            let calls = stream::iter(claimed).map(|delivery| async move {
                let outcome = self.call(&delivery, owned_until, margin).await;
                (delivery, outcome)
            });
            let mut outcomes = calls.buffer_unordered(self.parts.terms.concurrency);
            while let Some((delivery, outcome)) = outcomes.next().await {
                self.record(office, &delivery, outcome).await?;
            }
        }
        Ok(sent)
    }

    async fn claim(&self, office: OfficeId) -> Result<(Vec<Delivery>, chrono::Duration)> {
        let tx = self.parts.store.begin(office).await?;
        let own = tx.own_office().await?;
        let now = self.now();
        let margin = own.settings.sending.margin();
        let terms = ClaimTerms {
            now,
            today: now.with_timezone(&own.zone).date_naive(),
            limit: self.parts.terms.batch,
            lease: self.parts.terms.lease,
            margin,
        };
        let claimed = tx.claim(&terms).await?;
        if !claimed.is_empty() {
            tx.save().await?;
        }
        Ok((claimed, margin))
    }

    /// One call. Right before it the lease and the window are looked at once more: a process that was held up between claim
    /// and call must not send into somebody's evening (P3).
    async fn call(&self, delivery: &Delivery, owned_until: Instant, margin: chrono::Duration) -> Outcome {
        if self.is_stopping() {
            return Outcome::NotSent { code: "stopping".into() };
        }
        let call_time = CALL.to_std().unwrap_or_default();
        if Instant::now() + call_time >= owned_until {
            return Outcome::NotSent { code: "lease_too_short".into() };
        }
        if self.now() + margin >= delivery.window_to {
            return Outcome::NotSent { code: "window_over".into() };
        }
        let Some(channel) = self.channel(&delivery.channel_id) else {
            return Outcome::NotSent { code: "channel_not_configured".into() };
        };
        let outgoing = self.outgoing(delivery, margin);
        if channel.check(&outgoing).is_err() {
            return Outcome::Refused { class: bansou_channels::RefusedClass::TooLong, code: "own_check".into() };
        }
        match &delivery.payload.reply_token {
            Some(token) => channel.reply(&Secret::new(token.clone()), &outgoing).await,
            None => channel.send(&outgoing).await,
        }
    }

    fn outgoing(&self, delivery: &Delivery, margin: chrono::Duration) -> Outgoing {
        let choice = |c: &bansou_core::delivery::PayloadChoice| Choice {
            label: c.label.clone(),
            data: c.data.clone(),
            display: None,
        };
        let left = (delivery.window_to - self.now() - margin).to_std().unwrap_or(Duration::from_mins(1));
        let mut outgoing = Outgoing::text(
            Address::new(delivery.address.clone()),
            delivery.payload.text.clone(),
            delivery.retry_key,
            self.now(),
        );
        outgoing.choices = delivery.payload.choices.iter().map(choice).collect();
        outgoing.subject.clone_from(&delivery.payload.subject);
        outgoing.valid_for = left;
        outgoing.status_callback = matches!(self.channel(&delivery.channel_id), Some(Channel::Twilio(_)))
            .then(|| format!("{}/webhooks/twilio/{}/status", self.parts.public_url, delivery.channel_id));
        outgoing
    }
}
