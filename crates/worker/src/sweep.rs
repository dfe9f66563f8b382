//! Sweeping: what a crash, a closed window or an unclear answer has left behind reaches an end, and a person where one is
//! needed (P1).

use bansou_channels::{Address, twilio};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::{CheckInId, DeliveryId, GraduateId, OfficeId};
use bansou_core::task::TaskReason;
use bansou_store::{ClaimTerms, Delivery, Gone, Tx, crash_point};
use chrono::Duration;

use crate::engine::{Engine, OfficeRules, cause, kept};
use crate::error::{Result, WorkError};
use crate::outcome::look_at;
use crate::ways::{hand_over, moment};

const BATCH: u32 = 100;
/// So many look-ups without finding it, so far apart, before a person decides (trust.md 3c 6).
const LOOKUPS: u64 = 2;
const LOOKUPS_APART: Duration = Duration::minutes(5);

impl Engine {
    /// Ends what will never be sent, takes back lost leases, looks up unclear outcomes; returns how many rows moved.
    pub async fn sweep(&self) -> Result<u64> {
        if self.has_forgotten().await? {
            return Ok(0);
        }
        let now = self.now();
        let settled = self.settle_sent_before().await?;
        let lost = self.parts.store.offices_with_lost_leases(now).await?;
        let mut moved =
            settled + self.for_each(lost, "leases", |engine, office| Box::pin(engine.lose_leases(office))).await;
        let due = self.parts.store.offices_with_due(now).await?;
        moved += self.for_each(due.clone(), "sweep", |engine, office| Box::pin(engine.sweep_office(office))).await;
        moved += self.for_each(due, "look-up", |engine, office| Box::pin(engine.look_up_office(office))).await;
        let stranded = self.parts.store.offices_with_stranded().await?;
        moved += self.for_each(stranded, "stranded", |engine, office| Box::pin(engine.sweep_stranded(office))).await;
        Ok(moved)
    }

    async fn lose_leases(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.begin(office).await?;
        let lost = tx.lose_leases(self.now(), self.now() + Duration::seconds(60)).await?;
        crash_point!("lease.before_commit")?;
        tx.save().await?;
        crash_point!("lease.committed")?;
        Ok(lost)
    }

    async fn sweep_office(&self, office: OfficeId) -> Result<u64> {
        let mut moved = 0;
        loop {
            let tx = self.parts.store.read(office).await?;
            let rules = self.rules(&tx).await?;
            let terms = ClaimTerms { limit: BATCH, ..self.claim_terms(&rules.office) };
            let gone = tx.gone(&terms).await?;
            drop(tx);
            let before = moved;
            for (id, why) in &gone {
                if self.is_stopping() {
                    return Ok(moved);
                }
                // One row, one unit of work: a row that can't be ended keeps no other open (P13).
                moved += match kept(self.end(office, &rules, *id, *why)).await {
                    Ok(ended) => u64::from(ended),
                    Err(error) => self.put_aside(office, *id, &error).await,
                };
            }
            if gone.len() < BATCH as usize || moved == before {
                return Ok(moved);
            }
        }
    }

    async fn end(&self, office: OfficeId, rules: &OfficeRules, id: DeliveryId, why: Gone) -> Result<bool> {
        let tx = self.parts.store.begin(office).await?;
        let Some(delivery) = tx.delivery(id).await? else { return Ok(false) };
        if !matches!(delivery.state, DeliveryState::Due | DeliveryState::Unknown) {
            return Ok(false);
        }
        let ended = self.end_waiting(&tx, rules, &delivery, why).await?;
        crash_point!("sweep.before_commit")?;
        tx.save().await?;
        crash_point!("sweep.committed")?;
        Ok(ended)
    }

    /// A row that can't be worked on goes to a person; while the database is in trouble, it waits for better times.
    async fn put_aside(&self, office: OfficeId, id: DeliveryId, error: &WorkError) -> u64 {
        if error.is_temporary() {
            tracing::warn!(delivery = %id, error = %error, cause = cause(error), "a delivery wasn't worked on");
            return 0;
        }
        tracing::error!(delivery = %id, error = %error, cause = cause(error), "a delivery can't be worked on");
        let aside = async {
            let tx = self.parts.store.begin(office).await?;
            tx.quarantine(id, "unreadable").await?;
            Ok::<_, WorkError>(tx.save().await?)
        };
        u64::from(aside.await.is_ok())
    }

    /// Check-ins that wait though nothing of them is on its way: whatever was written down last decides.
    async fn sweep_stranded(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.read(office).await?;
        let rules = self.rules(&tx).await?;
        let stranded = tx.stranded_check_ins(BATCH).await?;
        drop(tx);
        for (id, graduate) in &stranded {
            if self.is_stopping() {
                break;
            }
            if let Ok(true) = kept(self.found_out(office, &rules, *id)).await {
                continue;
            }
            // One that can't be handed over keeps no other stranded (P13).
            if let Err(error) = kept(self.hand_over_stranded(office, *graduate, *id)).await {
                tracing::error!(check_in = %id, error = %error, cause = cause(&error), "a check-in is left stranded");
            }
        }
        Ok(stranded.len() as u64)
    }

    async fn hand_over_stranded(&self, office: OfficeId, graduate: GraduateId, id: CheckInId) -> Result<()> {
        let tx = self.parts.store.begin(office).await?;
        hand_over(&tx, graduate, id, CloseReason::Unclear).await?;
        Ok(tx.save().await?)
    }

    /// Whether a provider has taken a stranded check-in after all; then it is out.
    async fn found_out(&self, office: OfficeId, rules: &OfficeRules, id: CheckInId) -> Result<bool> {
        let tx = self.parts.store.begin(office).await?;
        let deliveries = tx.deliveries_of_check_in(id).await?;
        let Some(taken) = deliveries.iter().find(|delivery| delivery.accepted_at.is_some()) else { return Ok(false) };
        self.accepted(&tx, rules, taken, taken.accepted_at.unwrap_or_else(|| self.now())).await?;
        tx.save().await?;
        Ok(true)
    }

    async fn end_waiting(&self, tx: &Tx, rules: &OfficeRules, delivery: &Delivery, why: Gone) -> Result<bool> {
        let unclear = delivery.state == DeliveryState::Unknown;
        let (state, code) = match why {
            _ if unclear => (DeliveryState::NeedsPerson, "unclear"),
            Gone::Stopped => (DeliveryState::Cancelled, "stopped"),
            Gone::Ended => (DeliveryState::Cancelled, "ended"),
            Gone::Paused => (DeliveryState::Cancelled, "paused"),
            Gone::AddressChanged => (DeliveryState::Cancelled, "address_changed"),
            Gone::Unreachable => (DeliveryState::Cancelled, "unreachable"),
            Gone::Closed => (DeliveryState::Cancelled, "closed"),
            Gone::NoConsent => (DeliveryState::Cancelled, "no_consent"),
            Gone::AnotherToday => (DeliveryState::Cancelled, "another_today"),
            Gone::ChannelStopped => (DeliveryState::Cancelled, "channel_stopped"),
            Gone::Expired => (DeliveryState::Expired, "expired"),
        };
        if why == Gone::Expired && !unclear && self.leaves_later(tx, rules, delivery).await? {
            return Ok(true);
        }
        if !tx.finish_waiting(delivery.id, state, code).await? {
            return Ok(false);
        }
        if unclear {
            self.needs_person(tx, delivery).await?;
            return Ok(true);
        }
        if delivery.check_in.is_none() {
            let reason = if why == Gone::Expired { TaskReason::Expired } else { TaskReason::Refused };
            // After a stop only words of a colleague are missed by somebody.
            if why != Gone::Stopped || delivery.purpose == Purpose::Reply {
                look_at(tx, delivery, reason).await?;
            }
            return Ok(true);
        }
        match why {
            Gone::AddressChanged => self.by_another_way(tx, rules, delivery, CloseReason::AddressChanged).await?,
            Gone::Unreachable => self.by_another_way(tx, rules, delivery, CloseReason::NoAddress).await?,
            Gone::ChannelStopped => self.by_another_way(tx, rules, delivery, CloseReason::Refused).await?,
            Gone::Stopped => skip(tx, delivery, CloseReason::Stopped).await?,
            Gone::Ended => skip(tx, delivery, CloseReason::Ended).await?,
            Gone::Paused => skip(tx, delivery, CloseReason::Paused).await?,
            Gone::AnotherToday => skip(tx, delivery, CloseReason::AnotherToday).await?,
            Gone::Closed | Gone::NoConsent => {}
            Gone::Expired => {
                let stopped = is_stopped(tx, rules, delivery).await?;
                let why = if stopped { CloseReason::OfficeStopped } else { CloseReason::Expired };
                self.hand_over_check_in(tx, delivery, why).await?;
            }
        }
        Ok(true)
    }

    /// A check-in whose window has closed, e.g. in an outage, may still leave in a later one, by the late rule. False where
    /// it doesn't.
    async fn leaves_later(&self, tx: &Tx, rules: &OfficeRules, delivery: &Delivery) -> Result<bool> {
        let (Some(id), Some(graduate)) = (delivery.check_in, delivery.graduate) else { return Ok(false) };
        if is_stopped(tx, rules, delivery).await? || tx.may_be_out(delivery.id).await? {
            return Ok(false);
        }
        let (Some(row), Some(person)) = (tx.check_in(id).await?, tx.graduate(graduate).await?) else {
            return Ok(false);
        };
        let Some((at, window)) = moment(rules, &person, id, row.due_on, self.now(), false) else { return Ok(false) };
        Ok(tx.move_waiting(delivery.id, at, (window.from, window.to)).await?)
    }

    async fn hand_over_check_in(&self, tx: &Tx, delivery: &Delivery, why: CloseReason) -> Result<()> {
        let (Some(id), Some(graduate)) = (delivery.check_in, delivery.graduate) else { return Ok(()) };
        let Some(check_in) = tx.check_in(id).await? else { return Ok(()) };
        if check_in.state.may_become(CheckInState::HandedOver) && check_in.state != CheckInState::Out {
            hand_over(tx, graduate, id, why).await?;
        }
        Ok(())
    }

    pub(crate) async fn needs_person(&self, tx: &Tx, delivery: &Delivery) -> Result<()> {
        if delivery.check_in.is_some() {
            return self.hand_over_check_in(tx, delivery, CloseReason::Unclear).await;
        }
        look_at(tx, delivery, TaskReason::Unclear).await
    }

    async fn look_up_office(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.begin(office).await?;
        let unclear = tx.take_look_ups(self.now(), self.now() + LOOKUPS_APART, BATCH.into()).await?;
        if unclear.is_empty() {
            return Ok(0);
        }
        let rules = self.rules(&tx).await?;
        tx.save().await?;
        for id in &unclear {
            if self.is_stopping() {
                break;
            }
            if let Err(error) = kept(self.look_up_one(office, &rules, *id)).await {
                self.put_aside(office, *id, &error).await;
            }
        }
        Ok(unclear.len() as u64)
    }

    async fn look_up_one(&self, office: OfficeId, rules: &OfficeRules, id: DeliveryId) -> Result<()> {
        let tx = self.parts.store.read(office).await?;
        let Some(delivery) = tx.delivery(id).await? else { return Ok(()) };
        drop(tx);
        let found = self.look_up(office, &delivery).await;
        crash_point!("lookup.asked")?;
        let tx = self.parts.store.begin(office).await?;
        match found {
            LookUp::Found { provider_ref } => {
                if tx.found_accepted(id, Some(provider_ref)).await? {
                    self.accepted(&tx, rules, &delivery, self.now()).await?;
                }
            }
            LookUp::NotThere if tx.lookups(id).await? + 1 < LOOKUPS => {
                tx.look_again(id, self.now() + LOOKUPS_APART, true).await?;
            }
            // Not found is no proof that it didn't go out: never out twice, a person decides.
            LookUp::NotThere | LookUp::Impossible => {
                if tx.finish_waiting(id, DeliveryState::NeedsPerson, "not_found").await? {
                    self.needs_person(&tx, &delivery).await?;
                }
            }
            LookUp::Later => tx.look_again(id, self.now() + LOOKUPS_APART, false).await?,
        }
        crash_point!("lookup.before_commit")?;
        Ok(tx.save().await?)
    }

    /// Asks Twilio for an SMS of this text to this number. What is known as another message of ours isn't this one.
    async fn look_up(&self, office: OfficeId, delivery: &Delivery) -> LookUp {
        let Some(channel) = self.channel(&delivery.channel_id) else { return LookUp::Impossible };
        let Some(first) = delivery.first_attempt_at else { return LookUp::Impossible };
        let hash = twilio::body_hash(&delivery.payload.text);
        let to = Address::new(delivery.address.clone());
        let found = match channel.look_up(&to, hash, first).await {
            None => return LookUp::Impossible,
            Some(Ok(found)) => found,
            Some(Err(_)) if delivery.expires_at <= self.now() => return LookUp::Impossible,
            Some(Err(_)) => return LookUp::Later,
        };
        for sms in found {
            let known = async { self.parts.store.read(office).await?.knows_provider_ref(&sms.sid).await };
            match known.await {
                Ok(true) => {}
                Ok(false) => return LookUp::Found { provider_ref: sms.sid },
                Err(_) => return LookUp::Later,
            }
        }
        LookUp::NotThere
    }
}

enum LookUp {
    Found { provider_ref: String },
    NotThere,
    Later,
    Impossible,
}

/// Whether a switch keeps a message from leaving: its office's, its channel's, or everybody's.
async fn is_stopped(tx: &Tx, rules: &OfficeRules, delivery: &Delivery) -> Result<bool> {
    Ok(rules.office.sending_stopped_at.is_some() || tx.is_halted(&delivery.channel_id).await?)
}

async fn skip(tx: &Tx, delivery: &Delivery, why: CloseReason) -> Result<()> {
    let Some(id) = delivery.check_in else { return Ok(()) };
    let open = tx.check_in(id).await?.is_some_and(|row| row.state.may_become(CheckInState::Skipped));
    if open {
        tx.close_check_in(id, CheckInState::Skipped, Some(why)).await?;
    }
    Ok(())
}
