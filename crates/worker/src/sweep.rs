//! Sweeping: what a crash, a closed window or an unclear answer has left behind reaches an end, and a person where one is
//! needed (P1).

use bansou_channels::{Address, Channel, twilio};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::OfficeId;
use bansou_core::task::TaskReason;
use bansou_store::{Delivery, Gone, Tx};
use chrono::Duration;

use crate::engine::Engine;
use crate::error::Result;
use crate::outcome::look_at;
use crate::ways::hand_over;

const BATCH: u32 = 100;
/// So many look-ups without finding it, so far apart, before a person decides (trust.md 3c 6).
const LOOKUPS: u64 = 2;
const LOOKUPS_APART: Duration = Duration::minutes(5);

impl Engine {
    /// Ends what will never be sent, takes back lost leases, looks up unclear outcomes; returns how many rows moved.
    pub async fn sweep(&self) -> Result<u64> {
        let now = self.now();
        let lost = self.parts.store.offices_with_lost_leases(now).await?;
        let mut moved = self.for_each(lost, "leases", |engine, office| Box::pin(engine.lose_leases(office))).await;
        let due = self.parts.store.offices_with_due(now).await?;
        moved += self.for_each(due.clone(), "sweep", |engine, office| Box::pin(engine.sweep_office(office))).await;
        moved += self.for_each(due, "look-up", |engine, office| Box::pin(engine.look_up_office(office))).await;
        Ok(moved)
    }

    async fn lose_leases(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.begin(office).await?;
        let lost = tx.lose_leases(self.now(), self.now() + Duration::seconds(60)).await?;
        tx.save().await?;
        Ok(lost)
    }

    async fn sweep_office(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.begin(office).await?;
        let today = self.now().with_timezone(&tx.own_office().await?.zone).date_naive();
        let gone = tx.gone(self.now(), today, BATCH).await?;
        for (delivery, why) in &gone {
            self.end(&tx, delivery, *why).await?;
        }
        if !gone.is_empty() {
            tx.save().await?;
        }
        Ok(gone.len() as u64)
    }

    async fn end(&self, tx: &Tx, delivery: &Delivery, why: Gone) -> Result<()> {
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
            Gone::Expired => (DeliveryState::Expired, "expired"),
        };
        if !tx.finish_waiting(delivery.id, state, code).await? {
            return Ok(());
        }
        if unclear {
            return self.needs_person(tx, delivery).await;
        }
        if delivery.check_in.is_none() {
            let reason = if why == Gone::Expired { TaskReason::Expired } else { TaskReason::Refused };
            return if why == Gone::Stopped { Ok(()) } else { look_at(tx, delivery, reason).await };
        }
        match why {
            Gone::AddressChanged => self.by_another_way(tx, delivery, CloseReason::AddressChanged).await,
            Gone::Unreachable => self.by_another_way(tx, delivery, CloseReason::NoAddress).await,
            Gone::Stopped => skip(tx, delivery, CloseReason::Stopped).await,
            Gone::Ended => skip(tx, delivery, CloseReason::Ended).await,
            Gone::Paused => skip(tx, delivery, CloseReason::Paused).await,
            Gone::Closed | Gone::NoConsent => Ok(()),
            Gone::Expired => self.hand_over_check_in(tx, delivery, CloseReason::Expired).await,
        }
    }

    async fn hand_over_check_in(&self, tx: &Tx, delivery: &Delivery, why: CloseReason) -> Result<()> {
        let (Some(id), Some(graduate)) = (delivery.check_in, delivery.graduate) else { return Ok(()) };
        let (Some(check_in), Some(graduate)) = (tx.check_in(id).await?, tx.graduate(graduate).await?) else {
            return Ok(());
        };
        if check_in.state.may_become(CheckInState::HandedOver) && check_in.state != CheckInState::Out {
            hand_over(tx, &graduate, id, why).await?;
        }
        Ok(())
    }

    async fn needs_person(&self, tx: &Tx, delivery: &Delivery) -> Result<()> {
        if delivery.check_in.is_some() {
            return self.hand_over_check_in(tx, delivery, CloseReason::Unclear).await;
        }
        look_at(tx, delivery, TaskReason::Unclear).await
    }

    async fn look_up_office(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.read(office).await?;
        let unclear = tx.to_look_up(self.now(), BATCH.into()).await?;
        drop(tx);
        for delivery in &unclear {
            let found = self.look_up(delivery).await;
            let tx = self.parts.store.begin(office).await?;
            match found {
                LookUp::Found { provider_ref } => {
                    if tx.found_accepted(delivery.id, Some(provider_ref)).await? {
                        self.accepted(&tx, delivery, self.now()).await?;
                    }
                }
                LookUp::NotThere if tx.lookups(delivery.id).await? + 1 < LOOKUPS => {
                    tx.look_again(delivery.id, self.now() + LOOKUPS_APART).await?;
                }
                // Not found is no proof that it didn't go out: never out twice, a person decides.
                LookUp::NotThere | LookUp::Impossible => {
                    if tx.finish_waiting(delivery.id, DeliveryState::NeedsPerson, "not_found").await? {
                        self.needs_person(&tx, delivery).await?;
                    }
                }
                LookUp::Later => tx.look_again(delivery.id, self.now() + LOOKUPS_APART).await?,
            }
            tx.save().await?;
        }
        Ok(unclear.len() as u64)
    }

    async fn look_up(&self, delivery: &Delivery) -> LookUp {
        let Some(Channel::Twilio(channel)) = self.channel(&delivery.channel_id) else { return LookUp::Impossible };
        let Some(first) = delivery.first_attempt_at else { return LookUp::Impossible };
        let hash = twilio::body_hash(&delivery.payload.text);
        let to = Address::new(delivery.address.clone());
        match channel.look_up(&to, hash, first).await {
            Ok(found) => match found.into_iter().next() {
                Some(found) => LookUp::Found { provider_ref: found.sid },
                None => LookUp::NotThere,
            },
            Err(_) if delivery.expires_at <= self.now() => LookUp::Impossible,
            Err(_) => LookUp::Later,
        }
    }
}

enum LookUp {
    Found { provider_ref: String },
    NotThere,
    Later,
    Impossible,
}

async fn skip(tx: &Tx, delivery: &Delivery, why: CloseReason) -> Result<()> {
    let Some(id) = delivery.check_in else { return Ok(()) };
    let open = tx.check_in(id).await?.is_some_and(|row| row.state.may_become(CheckInState::Skipped));
    if open {
        tx.close_check_in(id, CheckInState::Skipped, Some(why)).await?;
    }
    Ok(())
}
