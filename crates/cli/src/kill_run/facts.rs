//! What the database says in the end, without asking the program.

use std::collections::HashSet;

use bansou_core::check_in::CheckInState;
use bansou_core::ids::CheckInId;
use bansou_store::{CheckInTrail, DeliveryTrail, InboundState};
use chrono::NaiveDate;

use super::flood::{CHANNEL, Seen};
use super::provider::{Provider, Taken};
use super::scene::{DAY, Person, Scene};
use crate::failure::Done;

/// Both sides.
pub(super) struct Facts {
    pub(super) day: NaiveDate,
    pub(super) people: Vec<Person>,
    /// The providers' ledger.
    pub(super) taken: Vec<Taken>,
    /// The day's check-ins.
    pub(super) check_ins: Vec<CheckInTrail>,
    pub(super) deliveries: Vec<DeliveryTrail>,
    /// Check-ins of which somebody has a task.
    pub(super) with_task: HashSet<CheckInId>,
    /// Events by key, as often as they are stored.
    pub(super) stored: Vec<(String, InboundState)>,
    /// What the webhooks' sender knows.
    pub(super) seen: Seen,
}

impl Facts {
    pub(super) async fn read(scene: &Scene, provider: &Provider, seen: Seen) -> Done<Self> {
        let mut facts = Self {
            day: DAY,
            people: scene.people.clone(),
            taken: provider.ledger(),
            check_ins: Vec::new(),
            deliveries: Vec::new(),
            with_task: HashSet::new(),
            stored: scene.store.inbound_trail(CHANNEL).await?,
            seen,
        };
        for office in &scene.offices {
            facts.deliveries.extend(scene.store.delivery_trail(*office).await?);
            let check_ins = scene.store.check_in_trail(*office).await?;
            facts.check_ins.extend(check_ins.into_iter().filter(|row| row.due_on == DAY));
            let tasks = scene.store.read(*office).await?.open_tasks().await?;
            facts.with_task.extend(tasks.into_iter().filter_map(|task| task.check_in));
        }
        Ok(facts)
    }

    /// How much hasn't reached an end yet: check-ins that wait, messages on their way, events without their effect.
    pub(super) fn open(&self) -> usize {
        let waits = |row: &&CheckInTrail| is_waiting(row.state);
        let check_ins = self.check_ins.iter().filter(waits).count();
        let missing = self.people.len().saturating_sub(self.check_ins.len());
        let deliveries = self.deliveries.iter().filter(|row| !row.state.is_finished()).count();
        let events = self.stored.iter().filter(|(_, state)| *state == InboundState::Stored).count();
        check_ins + missing + deliveries + events
    }
}

/// Nothing has become of it yet.
pub(super) fn is_waiting(state: CheckInState) -> bool {
    matches!(state, CheckInState::Planned | CheckInState::Due)
}
