//! Clocks: an answer that nobody gave goes to a colleague (S2.1).
//!
//! Everything else about the reply clock is computed by whoever looks; this is the one thing that has to happen by itself. It happens
//! once for each wait, in working time only, and looks at what is true now: a lost or doubled alarm changes nothing.

use bansou_core::ids::OfficeId;
use bansou_core::reply::Rung;
use bansou_core::team::Team;
use bansou_core::working::WorkingTime;
use bansou_store::{Thread, Tx};

use crate::engine::Engine;
use crate::error::Result;

impl Engine {
    /// Hands over what has waited too long; returns how much.
    pub async fn clocks(&self) -> Result<u64> {
        let offices = self.parts.store.offices().await?.into_iter().map(|office| office.id).collect();
        Ok(self.for_each(offices, "clocks", |engine, office| Box::pin(engine.clocks_office(office))).await)
    }

    async fn clocks_office(&self, office: OfficeId) -> Result<u64> {
        let tx = self.parts.store.read(office).await?;
        let own = tx.own_office().await?;
        let calendar = own.settings.calendar(own.zone, &self.parts.holidays);
        if !WorkingTime::of_office(&calendar).is_working(self.now()) {
            return Ok(0);
        }
        let threads = tx.threads_not_handed().await?;
        let clocks = tx.reply_clocks(&threads.iter().collect::<Vec<_>>(), &own.settings.reply, &calendar).await?;
        let today = self.now().with_timezone(&own.zone).date_naive();
        let team = tx.team(calendar, today).await?;
        drop(tx);
        let mut handed = 0;
        for thread in threads {
            let Some(clock) = clocks.get(&thread.graduate) else { continue };
            if clock.rung == Rung::Breach && clock.pause.is_none() {
                let tx = self.parts.store.begin(office).await?;
                handed += u64::from(hand_over(&tx, &team, &thread, clock.used.num_minutes()).await?);
                tx.save().await?;
            }
        }
        Ok(handed)
    }
}

async fn hand_over(tx: &Tx, team: &Team, thread: &Thread, worked_minutes: i64) -> Result<bool> {
    let Some(since) = thread.reply_due_since else { return Ok(false) };
    let Some(who) = tx.people(&[thread.graduate]).await?.remove(&thread.graduate) else { return Ok(false) };
    let from = team.looks_after(who.staff, who.standin, tx.now()).staff.or(who.staff);
    let to = team.takes_over(from, who.standin, tx.now());
    Ok(tx.hand_over_reply(thread.graduate, since, from, to, worked_minutes).await?)
}
