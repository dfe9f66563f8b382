//! Planning: a cadence whose day has come gets its ledger row and its delivery, in one unit of work.
//!
//! The planner looks only at cadences whose `plan_at` has passed, so a tick costs what is due, not what exists. After an
//! outage several slots may be missed: only the newest may still go out or becomes a task, the others are superseded (P14).

use bansou_core::cadence::{CadenceState, NextDue, Pause, PauseReason, due_between, next_due};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::graduate::Support;
use bansou_core::ids::{CadenceId, CheckInId, OfficeId};
use bansou_core::late::{LateDecision, decide_late};
use bansou_core::window::SendKind;
use bansou_store::{CadenceRow, Graduate, NewCheckIn, Tx, crash_point};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::engine::{Engine, OfficeRules, cause, kept};
use crate::error::Result;
use crate::ways::{OnItsWay, due_moment, hand_over, unless_never};

const BATCH: u64 = 50;
/// A cadence that can't be planned is tried again after this time.
const PLAN_AGAIN: Duration = Duration::hours(6);

impl Engine {
    /// Plans everything whose day has come; returns how many cadences were looked at.
    pub async fn plan(&self) -> Result<u64> {
        if self.has_forgotten().await? {
            return Ok(0);
        }
        self.plan_now().await
    }

    pub(crate) async fn plan_now(&self) -> Result<u64> {
        let offices = self.parts.store.offices_with_plans_due(self.now()).await?;
        Ok(self.for_each(offices, "plan", |engine, office| Box::pin(engine.plan_office(office))).await)
    }

    async fn plan_office(&self, office: OfficeId) -> Result<u64> {
        let mut planned = 0;
        loop {
            let tx = self.parts.store.begin(office).await?;
            let due = tx.cadences_to_plan(self.now(), BATCH).await?;
            if due.is_empty() {
                return Ok(planned);
            }
            let rules = self.rules(&tx).await?;
            let batch = kept(self.plan_batch(&tx, &rules, &due)).await;
            match batch {
                Ok(()) => {
                    crash_point!("plan.before_commit")?;
                    tx.save().await?;
                    crash_point!("plan.committed")?;
                }
                Err(error) if error.is_temporary() => return Err(error),
                Err(_) => {
                    // One of them can't be planned. Each on its own then, so that it keeps nobody else waiting (P13).
                    drop(tx);
                    self.plan_each(office, &rules, &due).await?;
                }
            }
            planned += due.len() as u64;
        }
    }

    async fn plan_batch(&self, tx: &Tx, rules: &OfficeRules, due: &[CadenceId]) -> Result<()> {
        for id in due {
            if let Some(cadence) = tx.cadence_to_plan(*id, self.now()).await? {
                self.plan_cadence(tx, rules, &cadence).await?;
                crash_point!("plan.one")?;
            }
        }
        Ok(())
    }

    async fn plan_each(&self, office: OfficeId, rules: &OfficeRules, due: &[CadenceId]) -> Result<()> {
        for id in due {
            let tx = self.parts.store.begin(office).await?;
            let Err(error) = kept(self.plan_batch(&tx, rules, &[*id])).await else {
                tx.save().await?;
                continue;
            };
            drop(tx);
            tracing::error!(cadence = %id, error = %error, cause = cause(&error), "a cadence can't be planned");
            let tx = self.parts.store.begin(office).await?;
            tx.planning_failed(*id, self.now() + PLAN_AGAIN).await?;
            tx.save().await?;
        }
        Ok(())
    }

    async fn plan_cadence(&self, tx: &Tx, rules: &OfficeRules, cadence: &CadenceRow) -> Result<()> {
        let today = rules.today(self.now());
        let Some(graduate) = tx.graduate(cadence.graduate).await? else {
            return Ok(tx.set_next(cadence.id, None, None).await?);
        };
        let state = with_pause(&cadence.state, &graduate);
        let slots = slots(rules, cadence, &state, today);
        let last = slots.last().map(|slot| slot.due_on);
        let works = tx.works_on(graduate.id, today).await?;
        let mut template = tx.check_ins_of(graduate.id, 1).await?.first().map(|row| row.template.clone());
        let mut rows = Vec::with_capacity(slots.len());
        for slot in &slots {
            let key = rules.templates.next_check_in(template.as_deref(), works).key.clone();
            template = Some(key.clone());
            let new = NewCheckIn {
                graduate: graduate.id,
                cadence: cadence.id,
                due_on: slot.due_on,
                reason: serde_json::to_string(&slot.reason).unwrap_or_default(),
                template: key,
            };
            let before = tx.sent_before(graduate.id, Purpose::CheckIn, &slot.due_on.to_string()).await?;
            let Some(id) = tx.add_check_in_as(before.as_ref().and_then(|before| before.check_in), &new).await? else {
                continue;
            };
            match before.filter(|before| before.accepted_at.is_some()) {
                Some(before) => {
                    supersede_older(tx, &graduate, slot.due_on).await?;
                    self.went_out_before(tx, rules, &graduate, (id, &new.template), &before).await?;
                }
                None => rows.push((id, slot.due_on, new.template)),
            }
        }
        self.start(tx, rules, &graduate, &rows).await?;
        self.set_next(tx, rules, cadence, &state, last).await
    }

    /// Sends the newest of the new rows on its way and closes the others.
    async fn start(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: &Graduate,
        rows: &[(CheckInId, NaiveDate, String)],
    ) -> Result<()> {
        let now = self.now();
        let context = rules.send_context(&graduate.details.hours, SendKind::CheckIn);
        let moments: Vec<DateTime<Utc>> =
            rows.iter().map(|(id, due_on, _)| due_moment(*id, *due_on, &context)).collect();
        // Nothing is late before its moment; the late rule is for what an outage has left behind.
        let decisions = decide_late(&moments, now, rules.office.settings.late, &context);
        for (((id, due_on, key), moment), decision) in rows.iter().zip(&moments).zip(decisions) {
            if let Some(why) = not_contacted(graduate, rules.today(now)) {
                tx.close_check_in(*id, CheckInState::Skipped, Some(why)).await?;
                continue;
            }
            let is_late = *moment <= now;
            if decision != LateDecision::Superseded {
                supersede_older(tx, graduate, *due_on).await?;
            }
            match decision {
                LateDecision::Superseded => {
                    tx.close_check_in(*id, CheckInState::Skipped, Some(CloseReason::Superseded)).await?;
                }
                LateDecision::HandToPerson if is_late => {
                    let why = unless_never(rules, graduate, now, CloseReason::TooLate);
                    hand_over(tx, graduate.id, *id, why).await?;
                }
                LateDecision::HandToPerson | LateDecision::Send | LateDecision::Wait => {
                    let Some(template) = rules.templates.get(key) else {
                        hand_over(tx, graduate.id, *id, CloseReason::Template).await?;
                        continue;
                    };
                    let going = OnItsWay { rules, graduate, check_in: *id, due_on: *due_on, template, at_once: false };
                    self.send_by_next_way(tx, &going, now, &[], CloseReason::NoAddress).await?;
                }
            }
        }
        Ok(())
    }

    /// Works out the next due date after `last` and when the planner has to look again.
    pub(crate) async fn set_next(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        cadence: &CadenceRow,
        state: &CadenceState,
        last: Option<NaiveDate>,
    ) -> Result<()> {
        let today = rules.today(self.now());
        // A plan that begins today owes nobody the days before it: somebody hired half a year ago starts with today.
        let begins = state.anchor.on.max(today).pred_opt().unwrap_or(today);
        let after = last.or(cadence.last_due_on).unwrap_or(begins);
        let mut next = next_due(state, after, cadence.last_contact_on, &rules.calendar);
        if last.is_none() && next.as_ref().is_some_and(|next| next.due_on < today) {
            // Nothing was missed: the rhythm has changed, and by the new one something would have been due before today.
            next = next_due(state, begins, cadence.last_contact_on, &rules.calendar);
        }
        if let Some(last) = last {
            tx.set_last_due(cadence.id, last).await?;
        }
        let plan_at = next.as_ref().map(|next| day_begins(next.due_on, rules.office.zone));
        Ok(tx.set_next(cadence.id, next.as_ref(), plan_at).await?)
    }
}

/// Of all that waits for one person only the newest goes out: after an outage, and where they can be written to on few days.
async fn supersede_older(tx: &Tx, graduate: &Graduate, due_on: NaiveDate) -> Result<()> {
    for older in tx.open_check_ins_of(graduate.id).await? {
        if older.due_on >= due_on || !older.state.may_become(CheckInState::Skipped) {
            continue;
        }
        let mut may_be_out = false;
        let deliveries = tx.deliveries_of_check_in(older.id).await?;
        for delivery in &deliveries {
            let on_its_way = matches!(delivery.state, DeliveryState::Sending | DeliveryState::Unknown);
            may_be_out = may_be_out || on_its_way || tx.may_be_out(delivery.id).await?;
        }
        if may_be_out {
            continue;
        }
        for delivery in deliveries.iter().filter(|delivery| delivery.state == DeliveryState::Due) {
            // Claimed since it was read: then it goes out.
            may_be_out |= !tx.finish_waiting(delivery.id, DeliveryState::Cancelled, "superseded").await?;
        }
        if may_be_out {
            continue;
        }
        tx.close_check_in(older.id, CheckInState::Skipped, Some(CloseReason::Superseded)).await?;
    }
    Ok(())
}

/// The plan with the person's pause, which stands in the person's row.
fn with_pause(state: &CadenceState, graduate: &Graduate) -> CadenceState {
    let mut state = state.clone();
    let pause = graduate.pause.as_ref().map(|pause| pause.dates);
    state.pauses.extend(pause.map(|dates| Pause { from: dates.from, until: dates.until, reason: PauseReason::Other }));
    state
}

/// The slots from the promised one up to today.
fn slots(rules: &OfficeRules, cadence: &CadenceRow, state: &CadenceState, today: NaiveDate) -> Vec<NextDue> {
    let Some(first) = cadence.next.clone().filter(|next| next.due_on <= today) else { return Vec::new() };
    let more = due_between(state, first.due_on, today, cadence.last_contact_on, &rules.calendar);
    std::iter::once(first).chain(more).collect()
}

/// The first instant of a day in a zone.
pub(crate) fn day_begins(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    match midnight.and_local_timezone(zone).earliest() {
        Some(at) => at.to_utc(),
        // The clocks skip midnight on this day; an hour later exists.
        None => (midnight + Duration::hours(1))
            .and_local_timezone(zone)
            .earliest()
            .map_or_else(|| midnight.and_utc(), |at| at.to_utc()),
    }
}

/// Why a person isn't contacted by plan at all today.
pub(crate) fn not_contacted(graduate: &Graduate, today: NaiveDate) -> Option<CloseReason> {
    if graduate.support != Support::Supported {
        return Some(CloseReason::Ended);
    }
    if graduate.contact_stopped_at.is_some() {
        return Some(CloseReason::Stopped);
    }
    graduate.pause.as_ref().filter(|pause| pause.dates.covers(today)).map(|_| CloseReason::Paused)
}
