//! Sending: claim, call with no transaction open, record (trust.md 3c).

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

use bansou_channels::{Address, Channel, Choice, Outcome, Outgoing, RefusedClass, Secret, twilio};
use bansou_core::check_in::CloseReason;
use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::{CheckInId, DeliveryId, GraduateId, OfficeId};
use bansou_core::task::TaskReason;
use bansou_core::window::{SendDecision, SendKind, may_send};
use bansou_store::{ClaimTerms, Delivery, Graduate, Office, Recorded, Tx, crash_point, poison_point};
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use futures_util::{StreamExt, stream};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};

use crate::engine::{Engine, OfficeRules, cause, kept, within};
use crate::error::Result;
use crate::journal::SentLine;
use crate::outcome::look_at;
use crate::plan::day_begins;
use crate::receive::ATTEMPT;
use crate::ways::{hand_over, moment, reply_moment};

/// Longest call: the client's time-out.
const CALL: chrono::Duration = chrono::Duration::seconds(10);

/// So many waves of calls are on their way at a time: while one waits for its slowest call, the others go on.
const WAVES: usize = 2;
/// So many batches are claimed, called or written down at the same time; their waves take turns for the calls that may be
/// under way. More would wait so long for their turn that their leases could run out.
const BATCHES: usize = 4;
/// Outcomes that are written down together, at most.
const WRITTEN_TOGETHER: usize = 200;
/// During a long run, offices in which something has become due meanwhile are asked for again after this time.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// What one claim has taken.
struct Batch {
    office: OfficeId,
    rules: OfficeRules,
    claimed: Vec<Delivery>,
    /// When this process's claim ends.
    owned_until: Instant,
    /// What is called stands in the send journal.
    journaled: bool,
    /// There may be more to claim at once.
    more: bool,
}

/// What came of an office's step.
enum Step {
    /// There was nothing to claim, or it failed, which was told.
    Nothing,
    /// These are to be called.
    Claimed(Box<Batch>),
    /// Their calls have ended; whether something may go by another way, or again, at this very moment.
    Sent { again: bool },
}

/// A delivery, and what its call came to. Where calls go one by one, also the call's place: the next one begins when this
/// outcome is written down, so that a history always comes to the same.
type Called<'a> = (Delivery, Outcome, Option<SemaphorePermit<'a>>);

/// Codes of messages that we held back ourselves right before the call.
const HELD_BACK: [&str; 5] = ["stopping", "lease_too_short", "outside_window", "gate_closed", "no_journal"];

fn held_back(code: &str) -> Outcome {
    Outcome::NotSent { code: code.into() }
}

/// Whether a message didn't leave because we held it back; its channel had no part in that.
pub(crate) fn is_held_back(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::NotSent { code } if HELD_BACK.contains(&code.as_str()))
}

impl Engine {
    /// Sends everything that may be sent now; returns how many calls were made. Offices take turns, a batch each, so that
    /// nobody waits for the end of another office's long morning. While batches are called, the next ones are claimed.
    pub async fn dispatch(&self) -> Result<u64> {
        let mut sent = 0;
        let mut waiting = VecDeque::from(self.parts.store.offices_with_due(self.now()).await?);
        let mut asked = Instant::now();
        // Calls that may be under way, of all offices together; whoever waits longest is next.
        let calls = self.parts.terms.concurrency.max(1);
        let places = Semaphore::new(calls);
        let batches = BATCHES.min(calls);
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < batches
                && !self.is_stopping()
                && let Some(office) = waiting.pop_front()
            {
                under_way.push(self.step(office, None, &places));
            }
            let Some((office, step)) = under_way.next().await else { return Ok(sent) };
            match step {
                Step::Claimed(batch) => {
                    sent += batch.claimed.len() as u64;
                    if batch.more {
                        waiting.push_back(office);
                    }
                    under_way.push(self.step(office, Some(batch), &places));
                }
                Step::Sent { again: true } if !waiting.contains(&office) => waiting.push_back(office),
                Step::Sent { .. } | Step::Nothing => {}
            }
            if asked.elapsed() > ASK_AGAIN {
                asked = Instant::now();
                match self.parts.store.offices_with_due(self.now()).await {
                    Ok(due) => {
                        let new: Vec<_> = due.into_iter().filter(|office| !waiting.contains(office)).collect();
                        waiting.extend(new);
                    }
                    // The calls under way must come to their end all the same.
                    Err(error) => tracing::error!(error = %error, cause = cause(&error), "offices weren't asked for"),
                }
            }
        }
    }

    /// The next step for an office: claims a batch, or calls and writes down what was claimed.
    async fn step(&self, office: OfficeId, batch: Option<Box<Batch>>, places: &Semaphore) -> (OfficeId, Step) {
        let work = async {
            let Some(batch) = batch else {
                let Some(mut batch) = self.claim(office).await? else { return Ok(Step::Nothing) };
                batch.journaled = self.journal_intents(office, &batch.claimed).await;
                return Ok(Step::Claimed(Box::new(batch)));
            };
            Ok(Step::Sent { again: self.send(*batch, places).await? })
        };
        let step = self.one_of(office, "dispatch", Box::pin(work)).await;
        (office, step.unwrap_or(Step::Nothing))
    }

    /// Calls providers for a batch, and writes outcomes down as they come, many together; says whether something may go by
    /// another way, or again, at this very moment.
    async fn send(&self, mut batch: Batch, places: &Semaphore) -> Result<bool> {
        let calls = self.parts.terms.concurrency.max(1);
        let waves = WAVES.min(calls);
        self.take_turns(&batch.claimed).await;
        // Whole waves fit into the calls that may be under way.
        let size = calls / waves;
        let mut claimed = std::mem::take(&mut batch.claimed).into_iter();
        let batch = &batch;
        let (done, mut outcomes) = mpsc::unbounded_channel();
        let calling = async move {
            let each = std::iter::from_fn(|| {
                Some(claimed.by_ref().take(size).collect()).filter(|wave: &Vec<_>| !wave.is_empty())
            });
            stream::iter(each).for_each_concurrent(waves, |wave| self.wave(wave, batch, places, done.clone())).await;
        };
        // Whoever can't write any more lets go of what it was to write, or those who wait for its places would do so for ever.
        let writing = async move {
            let (mut again, mut called) = (false, Vec::new());
            while outcomes.recv_many(&mut called, WRITTEN_TOGETHER).await > 0 {
                let mut places = Vec::with_capacity(called.len());
                let outcomes: Vec<(Delivery, Outcome)> = called
                    .drain(..)
                    .map(|(delivery, outcome, place): Called| {
                        places.push(place);
                        (delivery, outcome)
                    })
                    .collect();
                again |= outcomes.iter().any(|(_, outcome)| !matches!(outcome, Outcome::Accepted { .. }));
                crash_point!("call.after")?;
                let lines = outcomes
                    .iter()
                    .map(|(delivery, outcome)| SentLine::result(batch.office, delivery, outcome, self.now()));
                self.journal_results(lines.collect()).await;
                self.write_down(batch.office, &batch.rules, outcomes).await;
            }
            Ok(again)
        };
        futures_util::join!(calling, writing).1
    }

    /// Some messages at the same time: one last look at all of them, and then their calls at once.
    async fn wave<'a>(
        &self,
        wave: Vec<Delivery>,
        batch: &Batch,
        places: &'a Semaphore,
        done: mpsc::UnboundedSender<Called<'a>>,
    ) {
        let size = u32::try_from(wave.len()).unwrap_or(u32::MAX);
        // The semaphore is never closed, and nobody waits for more than it has.
        let Ok(mut places) = places.acquire_many(size).await else { return };
        let open = &self.last_look(&wave, batch).await;
        let one_by_one = self.parts.terms.concurrency == 1;
        let calls = wave.into_iter().filter_map(|delivery| {
            let (place, done) = (places.split(1)?, &done);
            Some(async move {
                let called = async {
                    if open.contains(&delivery.id) {
                        self.call(&delivery, batch).await
                    } else {
                        held_back("gate_closed")
                    }
                };
                let called = within(self.parts.terms.patience, called).await;
                let outcome = called.unwrap_or_else(|broke| Outcome::Unknown { code: broke.code().into() });
                // Whoever writes outcomes down listens until the last call has ended, or is gone together with the calls.
                let _ = done.send((delivery, outcome, one_by_one.then_some(place)));
            })
        });
        join_all(calls).await;
    }

    /// Waits for the batch's turns on channels that may be called only so often. A turn that can't be had keeps nothing back: the
    /// provider says no to what is too much, and that is tried again later.
    async fn take_turns(&self, claimed: &[Delivery]) {
        for channel in &self.parts.channels {
            let Some(per_second) = channel.calls_per_second() else { continue };
            let calls = claimed.iter().filter(|delivery| delivery.channel_id == channel.id()).count();
            let Some(calls) = u32::try_from(calls).ok().filter(|calls| *calls > 0) else { continue };
            match self.parts.store.take_turns(channel.id(), calls, per_second).await {
                Ok(begins) => tokio::time::sleep((begins - self.now()).to_std().unwrap_or_default()).await,
                Err(error) => {
                    tracing::warn!(channel = channel.id(), error = %error, cause = cause(&error), "no turn was given");
                }
            }
        }
    }

    async fn last_look(&self, wave: &[Delivery], batch: &Batch) -> HashSet<DeliveryId> {
        let terms = self.claim_terms(&batch.rules.office);
        match self.parts.store.may_still_go(batch.office, wave, &terms).await {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(office = %batch.office, error = %error, cause = cause(&error), "the last look failed");
                HashSet::new()
            }
        }
    }

    /// Claims a batch; `None` when nothing may be sent now. The claim's own statement knows the hours as they were when the
    /// message was planned; whoever has changed theirs since is looked at here, before anything is called, and so is who speaks.
    async fn claim(&self, office: OfficeId) -> Result<Option<Batch>> {
        // Measured from before the claim: however long its commit takes, the lease in the database isn't longer.
        let owned_until = Instant::now() + self.parts.terms.lease.to_std().unwrap_or_default();
        let tx = self.parts.store.begin(office).await?;
        let own = tx.own_office().await?;
        let claimed = tx.claim(&self.claim_terms(&own)).await?;
        if claimed.is_empty() {
            // Also a message that couldn't be read has been put aside.
            tx.save().await?;
            return Ok(None);
        }
        let rules = self.rules_of(&tx, own).await?;
        let ids: Vec<GraduateId> = claimed.iter().filter_map(|delivery| delivery.graduate).collect();
        let people = tx.graduates_by_id(&ids).await?;
        let asked: Vec<CheckInId> = claimed.iter().filter_map(|delivery| delivery.check_in).collect();
        let templates = tx.templates_of(&asked).await?;
        let taken = claimed.len();
        let mut mine = Vec::with_capacity(taken);
        for mut delivery in claimed {
            // A person or a row that can't be read keeps nobody else's message waiting (P13).
            let id = delivery.id;
            let put_aside = |error: &dyn std::error::Error| {
                tracing::error!(delivery = %id, error = %error, cause = cause(error), "a message is put aside");
                tx.quarantine(id, "unreadable")
            };
            let person = match delivery.graduate.and_then(|id| people.get(&id)) {
                None => {
                    mine.push(delivery);
                    continue;
                }
                Some(Err(error)) => {
                    put_aside(error).await?;
                    continue;
                }
                Some(Ok(person)) => person,
            };
            let template = delivery.check_in.and_then(|id| rules.templates.get(templates.get(&id)?));
            let look = async {
                let leaves = self.hours_still_hold(&tx, &rules, person, &mut delivery).await?;
                if leaves {
                    self.say_as_of_now(&tx, &rules, person, template, &mut delivery).await?;
                }
                Ok(leaves)
            };
            match kept(look).await {
                Ok(true) => mine.push(delivery),
                Ok(false) => {}
                Err(error) if error.is_temporary() => return Err(error),
                Err(error) => put_aside(&error).await?,
            }
        }
        crash_point!("claim.before_commit")?;
        tx.save().await?;
        crash_point!("claim.committed")?;
        let more = taken >= self.parts.terms.batch as usize || mine.len() < taken;
        Ok(Some(Batch { office, rules, claimed: mine, owned_until, journaled: false, more }))
    }

    pub(crate) fn claim_terms(&self, office: &Office) -> ClaimTerms {
        let now = self.now();
        let today = now.with_timezone(&office.zone).date_naive();
        ClaimTerms {
            now,
            today,
            day_began: day_begins(today, office.zone),
            limit: self.parts.terms.batch,
            lease: self.parts.terms.lease,
            margin: office.settings.sending.margin(),
        }
    }

    /// Whether a check-in or a colleague's words may leave by the hours of today, which may also end sooner than those it was
    /// planned for. If not, it is given another moment, or to a person.
    async fn hours_still_hold(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: &Graduate,
        delivery: &mut Delivery,
    ) -> Result<bool> {
        let kind = match delivery.purpose {
            Purpose::CheckIn => SendKind::CheckIn,
            Purpose::Reply => SendKind::Reply,
            _ => return Ok(true),
        };
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
                moment(rules, graduate, id, row.due_on, now, false)
            }
            None => reply_moment(rules, graduate, now),
        };
        let next = match next {
            // Words that tell a time name its day as it is seen from today.
            Some((at, _)) if rules.today(at) != rules.today(now) && tells_a_time(tx, delivery).await? => None,
            next => next,
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

    /// One call. Right before it lease and window are looked at once more, as every gate was: a process that was held up
    /// between claim and call must not send into somebody's evening (P3), nor after a stop (P4) or to an old address (P5).
    async fn call(&self, delivery: &Delivery, batch: &Batch) -> Outcome {
        if self.is_stopping() {
            return held_back("stopping");
        }
        if !batch.journaled {
            return held_back("no_journal");
        }
        let call_time = CALL.to_std().unwrap_or_default();
        if Instant::now() + call_time >= batch.owned_until {
            return held_back("lease_too_short");
        }
        // Also a clock that was put back is outside.
        let terms = self.claim_terms(&batch.rules.office);
        if terms.now + terms.margin >= delivery.window_to || terms.now < delivery.due_at {
            return held_back("outside_window");
        }
        let Some(channel) = self.channel(&delivery.channel_id) else {
            return Outcome::Refused { class: RefusedClass::Configuration, code: "channel_not_configured".into() };
        };
        let outgoing = self.outgoing(delivery, terms.margin);
        if channel.check(&outgoing).is_err() {
            return Outcome::Refused { class: RefusedClass::TooLong, code: "own_check".into() };
        }
        poison_point!(delivery.graduate);
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
        outgoing.then.clone_from(&delivery.payload.then);
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

async fn tells_a_time(tx: &Tx, delivery: &Delivery) -> Result<bool> {
    let Some(message) = delivery.message else { return Ok(false) };
    Ok(tx.promise_told_by(message).await?.is_some())
}
