//! Sending: claim, call with no transaction open, record (trust.md 3c).

use std::time::{Duration, Instant};

use bansou_channels::{Address, Channel, Choice, Outcome, Outgoing, RefusedClass, Secret};
use bansou_core::check_in::CloseReason;
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::OfficeId;
use bansou_core::window::{SendDecision, SendKind, may_send};
use bansou_store::{ClaimTerms, Delivery, Recorded, Tx};
use futures_util::{StreamExt, stream};

use crate::engine::{Engine, OfficeRules, guarded};
use crate::error::Result;
use crate::ways::{hand_over, moment};

/// Longest call: the client's time-out.
const CALL: chrono::Duration = chrono::Duration::seconds(10);

/// What one claim has taken.
struct Batch {
    rules: OfficeRules,
    claimed: Vec<Delivery>,
    /// There may be more to claim at once.
    more: bool,
}

impl Engine {
    /// Sends everything that may be sent now; returns how many calls were made.
    pub async fn dispatch(&self) -> Result<u64> {
        let offices = self.parts.store.offices_with_due(self.now()).await?;
        Ok(self.for_each(offices, "dispatch", |engine, office| Box::pin(engine.dispatch_office(office))).await)
    }

    async fn dispatch_office(&self, office: OfficeId) -> Result<u64> {
        let mut sent = 0;
        while !self.is_stopping() {
            let Some(Batch { rules, claimed, mut more }) = self.claim(office).await? else { break };
            let margin = rules.office.settings.sending.margin();
            sent += claimed.len() as u64;
            let owned_until = Instant::now() + self.parts.terms.lease.to_std().unwrap_or_default();
            let calls = stream::iter(claimed).map(|delivery| async move {
                let outcome = guarded(self.call(&delivery, owned_until, margin)).await;
                (delivery, outcome.unwrap_or_else(|| Outcome::Unknown { code: "panic".into() }))
            });
            let mut outcomes = calls.buffer_unordered(self.parts.terms.concurrency);
            while let Some((delivery, outcome)) = outcomes.next().await {
                // What isn't accepted may go by another way, or again, at this very moment.
                more |= !matches!(outcome, Outcome::Accepted { .. });
                self.write_down(office, &rules, &delivery, outcome).await;
            }
            if !more {
                break;
            }
        }
        Ok(sent)
    }

    /// Claims a batch; `None` when nothing may be sent now. The claim's own statement knows the hours as they were when the
    /// message was planned; whoever has changed theirs since is looked at here, before anything is called.
    async fn claim(&self, office: OfficeId) -> Result<Option<Batch>> {
        let tx = self.parts.store.begin(office).await?;
        let own = tx.own_office().await?;
        let now = self.now();
        let terms = ClaimTerms {
            now,
            today: now.with_timezone(&own.zone).date_naive(),
            limit: self.parts.terms.batch,
            lease: self.parts.terms.lease,
            margin: own.settings.sending.margin(),
        };
        let claimed = tx.claim(&terms).await?;
        if claimed.is_empty() {
            // Also a message that couldn't be read has been put aside.
            tx.save().await?;
            return Ok(None);
        }
        let rules = self.rules_of(&tx, own).await?;
        let taken = claimed.len();
        let mut mine = Vec::with_capacity(taken);
        for delivery in claimed {
            if self.hours_still_hold(&tx, &rules, &delivery).await? {
                mine.push(delivery);
            }
        }
        tx.save().await?;
        let more = taken >= self.parts.terms.batch as usize || mine.len() < taken;
        Ok(Some(Batch { rules, claimed: mine, more }))
    }

    /// Whether a check-in may leave by the hours of today; if not, it is given another moment, or to a person.
    async fn hours_still_hold(&self, tx: &Tx, rules: &OfficeRules, delivery: &Delivery) -> Result<bool> {
        let (Some(id), Some(graduate)) = (delivery.check_in, delivery.graduate) else { return Ok(true) };
        let (Some(row), Some(graduate)) = (tx.check_in(id).await?, tx.graduate(graduate).await?) else {
            return Ok(true);
        };
        let now = self.now();
        let context = rules.send_context(&graduate.details.hours, SendKind::CheckIn);
        if matches!(may_send(now, &context), SendDecision::Now { .. }) {
            return Ok(true);
        }
        let unclear = tx.may_be_out(delivery.id).await?;
        let again = Recorded::Again { at: now, code: "hours_changed".into() };
        tx.record(delivery.id, delivery.fence, &again).await?;
        match moment(rules, &graduate, id, row.due_on, now, false) {
            Some((at, window)) if !unclear => {
                tx.move_waiting(delivery.id, at, (window.from, window.to)).await?;
            }
            _ => {
                let state = if unclear { DeliveryState::NeedsPerson } else { DeliveryState::Expired };
                tx.finish_waiting(delivery.id, state, "hours_changed").await?;
                let why = if unclear { CloseReason::Unclear } else { CloseReason::Expired };
                hand_over(tx, &graduate, id, why).await?;
            }
        }
        Ok(false)
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
        // Also a clock that was put back is outside.
        if self.now() + margin >= delivery.window_to || self.now() < delivery.due_at {
            return Outcome::NotSent { code: "outside_window".into() };
        }
        let Some(channel) = self.channel(&delivery.channel_id) else {
            return Outcome::Refused { class: RefusedClass::Configuration, code: "channel_not_configured".into() };
        };
        let outgoing = self.outgoing(delivery, margin);
        if channel.check(&outgoing).is_err() {
            return Outcome::Refused { class: RefusedClass::TooLong, code: "own_check".into() };
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
        outgoing.html.clone_from(&delivery.payload.html);
        outgoing.valid_for = left;
        outgoing.status_callback = matches!(self.channel(&delivery.channel_id), Some(Channel::Twilio(_)))
            .then(|| format!("{}/webhooks/twilio/{}/status", self.parts.public_url, delivery.channel_id));
        outgoing
    }
}
