//! Sending: claim, call with no transaction open, record (trust.md 3c).

use std::time::{Duration, Instant};

use bansou_channels::{Address, Channel, Choice, Outcome, Outgoing, RefusedClass, Secret, twilio};
use bansou_core::check_in::CloseReason;
use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::OfficeId;
use bansou_core::task::TaskReason;
use bansou_core::window::{SendDecision, SendKind, may_send};
use bansou_store::{ClaimTerms, Delivery, Office, Recorded, Tx, crash_point};
use futures_util::{StreamExt, stream};

use crate::engine::{Engine, OfficeRules, cause, guarded};
use crate::error::Result;
use crate::journal::SentLine;
use crate::outcome::look_at;
use crate::receive::ATTEMPT;
use crate::ways::{hand_over, moment, reply_moment};

/// Longest call: the client's time-out.
const CALL: chrono::Duration = chrono::Duration::seconds(10);

/// What one claim has taken.
struct Batch {
    rules: OfficeRules,
    claimed: Vec<Delivery>,
    /// There may be more to claim at once.
    more: bool,
}

/// What is looked at once more right before a call.
#[derive(Clone, Copy)]
struct LastLook<'a> {
    office: OfficeId,
    rules: &'a OfficeRules,
    owned_until: Instant,
    /// What is called stands in the send journal.
    journaled: bool,
}

/// Codes of messages that we held back ourselves right before the call.
const HELD_BACK: [&str; 5] = ["stopping", "lease_too_short", "outside_window", "gate_closed", "no_journal"];

/// Whether a message didn't leave because we held it back; its channel had no part in that.
pub(crate) fn is_held_back(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::NotSent { code } if HELD_BACK.contains(&code.as_str()))
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
            // Measured from before the claim: however long its commit takes, the lease in the database isn't longer.
            let owned_until = Instant::now() + self.parts.terms.lease.to_std().unwrap_or_default();
            let Some(Batch { rules, claimed, mut more }) = self.claim(office).await? else { break };
            sent += claimed.len() as u64;
            let journaled = self.journal_intents(office, &claimed).await;
            let at_last = LastLook { office, rules: &rules, owned_until, journaled };
            let mut results = Vec::with_capacity(claimed.len());
            let calls = stream::iter(claimed).map(|delivery| async move {
                let outcome = guarded(self.call(&delivery, &at_last)).await;
                (delivery, outcome.unwrap_or_else(|| Outcome::Unknown { code: "panic".into() }))
            });
            let mut outcomes = calls.buffer_unordered(self.parts.terms.concurrency);
            while let Some((delivery, outcome)) = outcomes.next().await {
                // What isn't accepted may go by another way, or again, at this very moment.
                more |= !matches!(outcome, Outcome::Accepted { .. });
                crash_point!("call.after")?;
                results.push(SentLine::result(office, &delivery, &outcome, self.now()));
                self.write_down(office, &rules, &delivery, outcome).await;
            }
            self.journal_results(results).await;
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
        let claimed = tx.claim(&self.claim_terms(&own)).await?;
        if claimed.is_empty() {
            // Also a message that couldn't be read has been put aside.
            tx.save().await?;
            return Ok(None);
        }
        let rules = self.rules_of(&tx, own).await?;
        let taken = claimed.len();
        let mut mine = Vec::with_capacity(taken);
        for mut delivery in claimed {
            match self.hours_still_hold(&tx, &rules, &mut delivery).await {
                Ok(true) => mine.push(delivery),
                Ok(false) => {}
                Err(error) if error.is_temporary() => return Err(error),
                Err(error) => {
                    // A person or a row that can't be read keeps nobody else's message waiting (P13).
                    tracing::error!(delivery = %delivery.id, error = %error, cause = cause(&error), "a message is put aside");
                    tx.quarantine(delivery.id, "unreadable").await?;
                }
            }
        }
        crash_point!("claim.before_commit")?;
        tx.save().await?;
        crash_point!("claim.committed")?;
        let more = taken >= self.parts.terms.batch as usize || mine.len() < taken;
        Ok(Some(Batch { rules, claimed: mine, more }))
    }

    fn claim_terms(&self, office: &Office) -> ClaimTerms {
        let now = self.now();
        ClaimTerms {
            now,
            today: now.with_timezone(&office.zone).date_naive(),
            limit: self.parts.terms.batch,
            lease: self.parts.terms.lease,
            margin: office.settings.sending.margin(),
        }
    }

    /// Whether a check-in or a colleague's words may leave by the hours of today, which may also end sooner than those it was
    /// planned for. If not, it is given another moment, or to a person.
    async fn hours_still_hold(&self, tx: &Tx, rules: &OfficeRules, delivery: &mut Delivery) -> Result<bool> {
        let kind = match delivery.purpose {
            Purpose::CheckIn => SendKind::CheckIn,
            Purpose::Reply => SendKind::Reply,
            _ => return Ok(true),
        };
        let Some(id) = delivery.graduate else { return Ok(true) };
        let Some(graduate) = tx.graduate(id).await? else { return Ok(true) };
        let now = self.now();
        if let SendDecision::Now { until } = may_send(now, &rules.send_context(&graduate.details.hours, kind)) {
            delivery.window_to = delivery.window_to.min(until + rules.office.settings.sending.margin());
            return Ok(true);
        }
        let unclear = tx.may_be_out(delivery.id).await?;
        let again = Recorded::Again { at: now, code: "hours_changed".into() };
        tx.record(delivery.id, delivery.fence, &again).await?;
        let next = match delivery.check_in {
            Some(id) => {
                let Some(row) = tx.check_in(id).await? else { return Ok(true) };
                moment(rules, &graduate, id, row.due_on, now, false)
            }
            None => reply_moment(rules, &graduate, now),
        };
        match next {
            Some((at, window)) if !unclear => {
                tx.move_waiting(delivery.id, at, (window.from, window.to)).await?;
            }
            _ => {
                let state = if unclear { DeliveryState::NeedsPerson } else { DeliveryState::Expired };
                tx.finish_waiting(delivery.id, state, "hours_changed").await?;
                let (why, reason) = if unclear {
                    (CloseReason::Unclear, TaskReason::Unclear)
                } else {
                    (CloseReason::Expired, TaskReason::Expired)
                };
                match delivery.check_in {
                    Some(id) => hand_over(tx, graduate.id, id, why).await?,
                    None => look_at(tx, delivery, reason).await?,
                }
            }
        }
        Ok(false)
    }

    /// One call. Right before it the lease, the window and every gate are looked at once more: a process that was held up
    /// between claim and call must not send into somebody's evening (P3), nor after a stop (P4) or to an old address (P5).
    async fn call(&self, delivery: &Delivery, at_last: &LastLook<'_>) -> Outcome {
        if self.is_stopping() {
            return Outcome::NotSent { code: "stopping".into() };
        }
        if !at_last.journaled {
            return Outcome::NotSent { code: "no_journal".into() };
        }
        let call_time = CALL.to_std().unwrap_or_default();
        if Instant::now() + call_time >= at_last.owned_until {
            return Outcome::NotSent { code: "lease_too_short".into() };
        }
        // Also a clock that was put back is outside.
        let terms = self.claim_terms(&at_last.rules.office);
        if terms.now + terms.margin >= delivery.window_to || terms.now < delivery.due_at {
            return Outcome::NotSent { code: "outside_window".into() };
        }
        match self.parts.store.may_still_go(at_last.office, delivery, &terms).await {
            Ok(true) => {}
            Ok(false) => return Outcome::NotSent { code: "gate_closed".into() },
            Err(error) => {
                tracing::error!(delivery = %delivery.id, error = %error, cause = cause(&error), "the last look failed");
                return Outcome::NotSent { code: "gate_closed".into() };
            }
        }
        let Some(channel) = self.channel(&delivery.channel_id) else {
            return Outcome::Refused { class: RefusedClass::Configuration, code: "channel_not_configured".into() };
        };
        let outgoing = self.outgoing(delivery, terms.margin);
        if channel.check(&outgoing).is_err() {
            return Outcome::Refused { class: RefusedClass::TooLong, code: "own_check".into() };
        }
        if crash_point!("call.before").is_err() {
            return Outcome::NotSent { code: "crash_point".into() };
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
        outgoing.valid_for = twilio::validity_within_limits(left);
        outgoing.status_callback = matches!(self.channel(&delivery.channel_id), Some(Channel::Twilio(_)))
            // The delivery's id names the message even where Twilio's answer, and so its own id, never reached us.
            .then(|| {
                let (base, channel) = (&self.parts.public_url, &delivery.channel_id);
                format!("{base}/webhooks/twilio/{channel}/status?{ATTEMPT}={}.{}", delivery.id, delivery.fence)
            });
        outgoing
    }
}
