//! Plays a history: one step at a time on the real store and the real engine, with a look of the oracle after each.

use std::collections::BTreeMap;

use bansou_channels::Address;
use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::DeliveryState;
use bansou_core::graduate::{PauseDates, Support};
use bansou_core::hours::WeekHours;
use bansou_core::ids::DeliveryId;
use bansou_store::Pause;
use chrono::{NaiveTime, TimeDelta};

use super::known::{Known, Person, local_day};
use super::oracle::Oracle;
use super::phones::Call;
use super::stage::{Stage, Template, line_user, mobile};
use super::step::{HOURS, MishapKind, Step};
use super::watched::{At, End, Watched, at};
use crate::failure::{Done, Failure};

/// A person's later LINE accounts differ by multiples of this.
const NEXT_ACCOUNT: u32 = 100;
/// Longer than a lease and the wait before its row is looked at.
const LEASE_IS_OVER: TimeDelta = TimeDelta::seconds(181);

/// A worker that stands still, and what it had claimed: each delivery with the claim's fence.
struct Held {
    work: Watched<'static, Result<u64, String>>,
    claimed: Vec<(DeliveryId, i64)>,
}

/// Words that somebody wrote, to be found exactly once in the end.
pub(super) struct Wrote {
    pub(super) n: u32,
    pub(super) mark: String,
    pub(super) by_sms: bool,
}

/// A history being played.
pub(super) struct Player {
    pub(super) stage: Stage,
    pub(super) known: Known,
    pub(super) oracle: Oracle,
    pub(super) wrote: Vec<Wrote>,
    /// How many mishaps of each kind have befallen a job.
    pub(super) mishaps: BTreeMap<String, u64>,
    /// How many webhook calls were answered.
    pub(super) webhooks: u64,
    pub(super) air: Vec<Call>,
    pub(super) counter: u32,
    held: Vec<Held>,
}

impl Player {
    pub(super) async fn begin(template: &Template, seed: u64) -> Done<Self> {
        let stage = template.stage(seed).await?;
        let whole_day = (NaiveTime::MIN, NaiveTime::from_hms_opt(20, 0, 0).unwrap_or(NaiveTime::MIN));
        let tx = stage.store.read(stage.office).await?;
        let mut people = Vec::with_capacity(stage.people.len());
        for (n, id) in &stage.people {
            let points = tx.contact_points(*id).await?;
            let has = |kind| points.iter().any(|point| point.kind == kind);
            people.push(Person {
                n: *n,
                id: *id,
                line: has(ContactKind::Line).then(|| line_user(*n)),
                sms: has(ContactKind::Sms).then(|| mobile(*n)),
                readdressed: false,
                hours: whole_day,
                stopped: false,
                ended: false,
                pause: None,
                line_reachable: true,
                sms_reachable: true,
                stop_stored: false,
            });
        }
        drop(tx);
        Ok(Self {
            stage,
            known: Known::new(people),
            oracle: Oracle::default(),
            wrote: Vec::new(),
            mishaps: BTreeMap::new(),
            webhooks: 0,
            air: Vec::new(),
            held: Vec::new(),
            counter: 0,
        })
    }

    /// One step, and a look at what it has brought about.
    pub(super) async fn step(&mut self, step: Step) -> Done {
        match step {
            Step::Plan(_) | Step::Silence(_) | Step::Sweep { .. } | Step::Inbound(_) => self.job(step).await?,
            Step::Send { faults, .. } => {
                for (kind, fault) in faults.into_iter().flatten() {
                    self.stage.inbox.script(kind, [Some(fault)]);
                }
                self.send(at(step.mishap())).await?;
            }
            Step::ClaimAndDie => {
                let dies = super::step::Mishap { point: "claim.committed", nth: 1, kind: MishapKind::Dies };
                self.send(at(Some(dies))).await?;
            }
            Step::Resume { abandon } => self.resume(abandon).await?,
            Step::Answer { .. } | Step::Write { .. } | Step::WriteStop { .. } | Step::Block { .. } => {
                self.said(step)?;
            }
            Step::Webhooks { count, order, .. } => {
                for turn in 0..count {
                    self.webhook(order.wrapping_add(turn * 7), at(step.mishap())).await?;
                }
            }
            Step::Pass { .. }
            | Step::ToNextMoment
            | Step::LeasesRunOut
            | Step::ClockBack { .. }
            | Step::ClockOn { .. }
            | Step::Outage { .. }
            | Step::LongBreak => self.time(step).await?,
            _ => self.office_work(step).await?,
        }
        self.oracle.judge_taken(&self.known, self.stage.inbox.accepted_after(self.seen()));
        Ok(())
    }

    fn seen(&self) -> u64 {
        self.oracle.ledger.last().map_or(0, |message| message.number)
    }

    async fn job(&mut self, step: Step) -> Done {
        let engine = self.stage.engine.clone();
        let work = async move {
            let done = match step {
                Step::Plan(_) => engine.plan().await,
                Step::Silence(_) => engine.silence().await,
                Step::Inbound(_) => engine.inbound().await,
                _ => engine.sweep().await,
            };
            done.map_err(|error| error.to_string())
        };
        let is_down = matches!(step, Step::Sweep { provider_is_down: true, .. });
        self.stage.inbox.set_down(is_down);
        let mut work = Watched::new(at(step.mishap()), work);
        let end = work.run().await;
        drop(work);
        self.stage.inbox.set_down(false);
        let is_undisturbed = matches!(end, End::Done(Ok(_))) && step.mishap().is_none();
        self.ended(step, &end)?;
        if let Step::Inbound(_) = step {
            self.known.refresh(&self.stage).await?;
            if is_undisturbed {
                self.stops_are_obeyed();
            }
        }
        Ok(())
    }

    /// Whoever said stop is stopped as soon as the events have had their effect.
    pub(super) fn stops_are_obeyed(&mut self) {
        for person in &mut self.known.people {
            if std::mem::take(&mut person.stop_stored) && !person.stopped {
                let words = format!("person {} said stop, and their words had no effect", person.n);
                self.oracle.violations.push(super::oracle::Violation { promise: "P9", words });
            }
        }
    }

    async fn send(&mut self, mishap: Option<At>) -> Done {
        let before = self.trail().await?;
        self.oracle.judge_claims(&self.known, &before, self.stage.now());
        let engine = self.stage.engine.clone();
        let work = async move { engine.dispatch().await.map_err(|error| error.to_string()) };
        let mut work = Watched::new(mishap, work);
        let end = work.run().await;
        let after = self.trail().await?;
        self.oracle.judge_claims(&self.known, &after, self.stage.now());
        match end {
            End::Stands => {
                *self.mishaps.entry("worker stands still".into()).or_default() += 1;
                let is_new = |row: &&bansou_store::DeliveryTrail| {
                    row.state == DeliveryState::Sending
                        && before.iter().find(|old| old.id == row.id).is_none_or(|old| old.fence < row.fence)
                };
                let claimed = after.iter().filter(is_new).map(|row| (row.id, row.fence)).collect();
                self.held.push(Held { work, claimed });
            }
            End::Died => *self.mishaps.entry("memory of a dispatcher lost".into()).or_default() += 1,
            End::Done(Err(error)) => return Err(Failure::failed(error)),
            End::Done(Ok(_)) => {}
        }
        Ok(())
    }

    /// The worker that has stood still for longest goes on: it writes down what it has in memory, then carries on.
    async fn resume(&mut self, abandon: bool) -> Done {
        if self.held.is_empty() {
            return Ok(());
        }
        let mut held = self.held.remove(0);
        if abandon {
            *self.mishaps.entry("worker that stood still killed".into()).or_default() += 1;
            return Ok(());
        }
        let before = self.trail().await?;
        self.oracle.judge_claims(&self.known, &before, self.stage.now());
        let record = super::step::Mishap { point: "record.committed", nth: 1, kind: MishapKind::Stands };
        held.work.release(at(Some(record)));
        let mut end = held.work.run().await;
        let after = self.trail().await?;
        // What it claims afterwards is another claim.
        self.oracle.judge_late_result(&held.claimed, &before, &after);
        if matches!(end, End::Stands) {
            held.work.release(None);
            end = held.work.run().await;
        }
        let after = self.trail().await?;
        self.oracle.judge_claims(&self.known, &after, self.stage.now());
        match end {
            End::Done(Err(error)) => Err(Failure::failed(error)),
            _ => Ok(()),
        }
    }

    fn ended(&mut self, step: Step, end: &End<Result<u64, String>>) -> Done {
        match end {
            End::Died => *self.mishaps.entry(format!("memory of {} lost", step.word())).or_default() += 1,
            End::Stands => return Err(Failure::failed("a job stands still where it shouldn't")),
            // A database that fails in the middle fails the job; the next run tries again.
            End::Done(Err(error)) if step.mishap().is_none() => return Err(Failure::failed(error)),
            End::Done(_) => {}
        }
        Ok(())
    }

    pub(super) async fn trail(&self) -> Done<Vec<bansou_store::DeliveryTrail>> {
        Ok(self.stage.store.delivery_trail(self.stage.office).await?)
    }

    async fn time(&mut self, step: Step) -> Done {
        let now = self.stage.now();
        let to = match step {
            Step::Pass { seconds } => now + TimeDelta::seconds(seconds.into()),
            Step::LeasesRunOut => now + LEASE_IS_OVER,
            Step::ClockBack { minutes } => now - TimeDelta::minutes(minutes.into()),
            Step::ClockOn { minutes } => now + TimeDelta::minutes(minutes.into()),
            Step::Outage { hours } => now + TimeDelta::hours(hours.into()),
            Step::LongBreak => self.known.after_the_next_break(now),
            _ => self.stage.next_moment(now + TimeDelta::days(4)).await?,
        };
        self.stage.clock.set(to);
        Ok(())
    }

    async fn office_work(&mut self, step: Step) -> Done {
        let now = self.stage.now();
        let staff = Actor::staff(self.stage.staff);
        if let Step::OfficeStop | Step::OfficeResume = step {
            return self.switch_office(step == Step::OfficeStop).await;
        }
        let (Step::StaffStop { n, .. }
        | Step::Allow { n }
        | Step::Support { n, .. }
        | Step::Pause { n, .. }
        | Step::Unpause { n }
        | Step::Address { n, .. }
        | Step::Hours { n, .. }
        | Step::Poison { n }
        | Step::Spoil { n }) = step
        else {
            return Ok(());
        };
        let id = self.known.person(n).id;
        match step {
            Step::Poison { .. } => {
                let person = self.known.person(n).clone();
                for address in [person.line, person.sms].into_iter().flatten() {
                    self.stage.inbox.set_poison(&Address::new(address));
                }
                return Ok(());
            }
            Step::Spoil { .. } => return self.spoil(n).await,
            _ => {}
        }
        let tx = self.stage.begin().await?;
        match step {
            Step::StaffStop { cancels, .. } => {
                tx.stop_contact(staff, id).await?;
                if cancels {
                    tx.cancel_everything_for(id).await?;
                }
            }
            Step::Allow { .. } => tx.allow_contact(staff, id).await?,
            Step::Support { ends, .. } => {
                tx.set_support(staff, id, if ends { Support::Ended } else { Support::Supported }).await?;
            }
            Step::Pause { days, .. } => {
                let from = local_day(now);
                let dates = PauseDates { from, until: Some(from + TimeDelta::days(days.into())) };
                tx.pause_graduate(staff, id, &Pause { dates, reason: "旅行".into() }).await?;
                self.known.person(n).pause = Some(dates);
            }
            Step::Unpause { .. } => {
                tx.unpause_graduate(staff, id).await?;
                self.known.person(n).pause = None;
            }
            Step::Address { used, .. } => {
                let address = self.next_account(n, used);
                tx.set_address(staff, id, ContactKind::Line, &address).await?;
                let person = self.known.person(n);
                person.readdressed = true;
                person.stop_stored = false;
                let former = person.line.replace(address);
                self.known.former.extend(former);
            }
            Step::Hours { which, .. } => {
                let Some(person) = tx.graduate(id).await? else { return Ok(()) };
                let mut details = person.details;
                details.hours.week = WeekHours::every_day(HOURS[which as usize]).map_err(Failure::failed)?;
                tx.change_graduate(staff, id, &details).await?;
                self.known.person(n).set_hours(which)?;
            }
            _ => {}
        }
        tx.save().await?;
        if let Step::Allow { .. } = step {
            self.known.person(n).stop_stored = false;
        }
        self.known.refresh(&self.stage).await
    }

    async fn switch_office(&mut self, stops: bool) -> Done {
        let tx = self.stage.begin().await?;
        tx.stop_sending(stops.then_some(self.stage.now())).await?;
        tx.save().await?;
        self.known.office_stopped = stops;
        Ok(())
    }

    fn next_account(&mut self, n: u32, used: bool) -> String {
        self.counter += 1;
        let fresh = line_user(n + NEXT_ACCOUNT * self.counter);
        let free = |address: &String| self.known.owner(address).is_none();
        let former = self.known.former.iter().position(free).filter(|_| used);
        former.map_or(fresh, |at| self.known.former.remove(at))
    }

    #[cfg(any(debug_assertions, feature = "crash-points"))]
    async fn spoil(&mut self, n: u32) -> Done {
        let id = self.known.person(n).id;
        let trail = self.trail().await?;
        let waiting = trail.iter().find(|row| row.graduate == Some(id) && row.state == DeliveryState::Due);
        if let Some(row) = waiting {
            self.stage.store.spoil_delivery(row.id).await?;
            *self.mishaps.entry("message made unreadable".into()).or_default() += 1;
        }
        Ok(())
    }

    #[cfg(not(any(debug_assertions, feature = "crash-points")))]
    async fn spoil(&mut self, _: u32) -> Done {
        Ok(())
    }

    /// Workers that stand still go on, and whatever is on its way arrives: what is left to do before the end.
    pub(super) async fn settle(&mut self) -> Done {
        while !self.held.is_empty() {
            self.resume(false).await?;
            self.oracle.judge_taken(&self.known, self.stage.inbox.accepted_after(self.seen()));
        }
        while !self.air.is_empty() {
            self.webhook(0, None).await?;
        }
        Ok(())
    }
}

impl Player {
    /// Takes the copy of the office away.
    pub(super) async fn clear(self) -> Done {
        drop(self.held);
        self.stage.clear().await
    }
}
