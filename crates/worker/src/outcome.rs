//! What follows from a provider's answer: for the delivery, the address, the channel and the check-in.

use std::collections::BTreeSet;

use bansou_channels::{Outcome, RefusedClass, WaitClass};
use bansou_core::audit::Actor;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::{ChannelKind, ChannelTrouble, DeliveryState, Payload, Purpose, retry_delay};
use bansou_core::escalation::EscalationState;
use bansou_core::ids::{CheckInId, GraduateId, OfficeId};
use bansou_core::silence::HABIT_LOOKS_AT;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::thread::MessageBody;
use bansou_store::{
    Against, Delivery, NewDelivery, NewTask, OutboundMessage, Recorded, Taken, Tx, WentOut, crash_point,
};
use chrono::{DateTime, Datelike, Duration, Utc};
use chrono_tz::Asia::Tokyo;

use crate::dispatch::is_held_back;
use crate::engine::{Engine, OfficeRules, cause, kept};
use crate::error::{Broke, Result};
use crate::plan::day_begins;
use crate::ways::{OnItsWay, hand_over};

/// Before the first look for an SMS whose outcome is unknown (trust.md 3c 6).
const LOOK_AFTER: Duration = Duration::seconds(90);
/// For so long after it took something a channel is taken to work.
const WORKS_FOR: Duration = Duration::minutes(10);
/// While a channel refuses our credentials, nothing is tried on it.
const BROKEN_FOR: Duration = Duration::minutes(15);

impl Engine {
    /// Writes down the outcomes of some calls and everything that follows from them. What was accepted is written together,
    /// one commit for all; where that fails, and for everything else, each on its own.
    pub(crate) async fn write_down(&self, office: OfficeId, rules: &OfficeRules, called: Vec<(Delivery, Outcome)>) {
        for (delivery, outcome) in &called {
            metrics::counter!("bansou_send_outcomes_total", "channel" => delivery.channel_kind.as_str(), "outcome" => outcome.word())
                .increment(1);
        }
        let (taken, others): (Vec<_>, Vec<_>) =
            called.into_iter().partition(|(_, outcome)| matches!(outcome, Outcome::Accepted { .. }));
        if let Err(error) = kept(self.record_taken(office, rules, &taken)).await {
            tracing::warn!(error = %error, cause = cause(&error), "outcomes are written down one by one");
            for (delivery, outcome) in &taken {
                self.write_one_down(office, rules, delivery, outcome).await;
            }
        }
        for (delivery, outcome) in &others {
            self.write_one_down(office, rules, delivery, outcome).await;
        }
    }

    async fn record_taken(&self, office: OfficeId, rules: &OfficeRules, taken: &[(Delivery, Outcome)]) -> Result<()> {
        if taken.is_empty() {
            return Ok(());
        }
        crash_point!("record.before")?;
        let tx = self.parts.store.begin(office).await?;
        let rows: Vec<Taken> = taken.iter().filter_map(|(delivery, outcome)| to_taken(delivery, outcome)).collect();
        let moved = tx.record_taken(&rows).await?;
        let fenced = taken.len() - moved.len();
        if fenced > 0 {
            // Somebody else owns these rows by now. The attempts are kept as evidence, nothing else changes.
            tracing::warn!(%office, fenced, "late results were fenced off");
        }
        let out: Vec<&Delivery> =
            taken.iter().map(|(delivery, _)| delivery).filter(|delivery| moved.contains(&delivery.id)).collect();
        self.went_out(&tx, rules, &out, self.now()).await?;
        crash_point!("record.before_commit")?;
        tx.save().await?;
        Ok(crash_point!("record.committed")?)
    }

    /// Writes down one outcome. Where what follows from it fails, the bare outcome is kept: it must not be lost for it, and
    /// nobody else's outcome either (P13). The sweep finds what hangs in the air then.
    async fn write_one_down(&self, office: OfficeId, rules: &OfficeRules, delivery: &Delivery, outcome: &Outcome) {
        let Err(error) = kept(self.record(office, rules, delivery, outcome)).await else { return };
        tracing::error!(delivery = %delivery.id, error = %error, cause = cause(&error), "an outcome's consequences failed");
        if let Err(error) = self.record_only(office, delivery, outcome).await {
            // Its lease runs out, and then it is unclear.
            tracing::error!(delivery = %delivery.id, error = %error, cause = cause(&error), "an outcome was lost");
        }
    }

    async fn record(
        &self,
        office: OfficeId,
        rules: &OfficeRules,
        delivery: &Delivery,
        outcome: &Outcome,
    ) -> Result<()> {
        crash_point!("record.before")?;
        let tx = self.parts.store.begin(office).await?;
        let now = self.now();
        let may_be_out = !matches!(outcome, Outcome::Accepted { .. }) && tx.may_be_out(delivery.id).await?;
        let recorded = recorded(delivery, outcome, may_be_out, now);
        if tx.record(delivery.id, delivery.fence, &recorded).await? {
            self.follow(&tx, rules, delivery, outcome, may_be_out).await?;
            count_against(&tx, delivery, outcome).await?;
        } else {
            // Fenced: somebody else owns the row by now. The attempt is kept as evidence, nothing else changes.
            tracing::warn!(delivery = %delivery.id, outcome = outcome.word(), "a late result was fenced off");
        }
        crash_point!("record.before_commit")?;
        tx.save().await?;
        Ok(crash_point!("record.committed")?)
    }

    async fn record_only(&self, office: OfficeId, delivery: &Delivery, outcome: &Outcome) -> Result<()> {
        let tx = self.parts.store.begin(office).await?;
        let may_be_out = !matches!(outcome, Outcome::Accepted { .. }) && tx.may_be_out(delivery.id).await?;
        if tx.record(delivery.id, delivery.fence, &recorded(delivery, outcome, may_be_out, self.now())).await? {
            count_against(&tx, delivery, outcome).await?;
        }
        Ok(tx.save().await?)
    }

    async fn follow(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        delivery: &Delivery,
        outcome: &Outcome,
        may_be_out: bool,
    ) -> Result<()> {
        let now = self.now();
        match outcome {
            Outcome::Accepted { .. } => return self.accepted(tx, rules, delivery, now).await,
            Outcome::Refused { class, code } => {
                tx.channel_failed(&delivery.channel_id, trouble(outcome), code).await?;
                self.refused(tx, delivery, *class, code, now).await?;
            }
            Outcome::WaitUntil { reason: WaitClass::MonthlyQuota, .. } => {
                let until = month_turns(now);
                tx.stop_channel(&delivery.channel_id, until, ChannelTrouble::MonthlyQuota).await?;
                let key = format!("quota:{}:{}", delivery.channel_id, until.date_naive());
                tx.add_task(&NewTask::program(TaskKind::Channel, TaskReason::Quota, key, now)).await?;
            }
            // We held it back ourselves: the channel had no part in that.
            outcome if is_held_back(outcome) => {}
            Outcome::WaitUntil { .. } | Outcome::NotSent { .. } | Outcome::Unknown { .. } => {
                tx.channel_failed(&delivery.channel_id, trouble(outcome), outcome.word()).await?;
            }
        }
        if delivery.payload.reply_token.is_some() && delivery.purpose == Purpose::SafeText {
            // Two safe texts do less harm than none.
            return push_instead(tx, delivery).await;
        }
        if !ends(outcome) {
            return Ok(());
        }
        if may_be_out {
            // An earlier try may have been taken, and this refusal says nothing about it: never out twice by another way.
            tx.finish_waiting(delivery.id, DeliveryState::NeedsPerson, "unclear").await?;
            return self.needs_person(tx, delivery).await;
        }
        self.by_another_way(tx, rules, delivery, CloseReason::Refused).await
    }

    /// The provider took it: the check-in is out.
    pub(crate) async fn accepted(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        delivery: &Delivery,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.went_out(tx, rules, &[delivery], now).await
    }

    /// Providers took these: their check-ins are out until the person's usual answering time has passed, and their words
    /// stand in the threads.
    async fn went_out(&self, tx: &Tx, rules: &OfficeRules, deliveries: &[&Delivery], now: DateTime<Utc>) -> Result<()> {
        let channels: BTreeSet<&str> = deliveries.iter().map(|delivery| delivery.channel_id.as_str()).collect();
        for channel in channels {
            tx.channel_ok(channel).await?;
        }
        let carried =
            deliveries.iter().filter_map(|delivery| Some((*delivery, delivery.check_in?, delivery.graduate?)));
        let carried: Vec<(&Delivery, CheckInId, GraduateId)> = carried.collect();
        if carried.is_empty() {
            return Ok(());
        }
        let check_ins = tx.lock_check_ins(&carried.iter().map(|(_, id, _)| *id).collect::<Vec<_>>()).await?;
        let graduates: Vec<GraduateId> = carried.iter().map(|(_, _, graduate)| *graduate).collect();
        let delays = tx.answer_delays(&graduates, HABIT_LOOKS_AT).await?;
        let (mut out, mut said) = (Vec::new(), Vec::new());
        for (delivery, id, graduate) in carried {
            let Some(check_in) = check_ins.get(&id) else { continue };
            if check_in.state.may_become(CheckInState::Out) {
                let delays = delays.get(&graduate).map_or(&[][..], Vec::as_slice);
                let answer_by = rules.office.settings.silence.answer_by(now, delays);
                out.push(WentOut { id, channel: delivery.channel_kind, answer_by });
            }
            // Also what went out while its check-in was closed stands in the thread: the person has read it.
            let choices =
                rules.templates.get(&check_in.template).map(|t| t.choices.iter().map(|c| c.label.clone()).collect());
            let text = delivery.payload.text.clone();
            let body = MessageBody { text, choices: choices.unwrap_or_default(), attachment: None };
            said.push(OutboundMessage { graduate, channel: delivery.channel_kind, body, check_in: Some(id) });
        }
        tx.check_ins_went_out(&out, now).await?;
        Ok(tx.add_program_messages(&said).await?)
    }

    async fn refused(
        &self,
        tx: &Tx,
        delivery: &Delivery,
        class: RefusedClass,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let point = match delivery.contact_point {
            Some(point) => tx.contact_point(point).await?,
            None => None,
        };
        // What is said of an old address says nothing about the one that has taken its place.
        if let Some(point) = point.filter(|point| point.address == delivery.address) {
            let reach = match class {
                RefusedClass::AddressInvalid => point.reach.invalid(now),
                RefusedClass::Blocked => point.reach.blocked(now),
                RefusedClass::OptedOut => point.reach.stopped(now),
                _ => point.reach,
            };
            tx.set_reachability(Actor::PROGRAM, point.id, reach).await?;
        }
        let broken = class_trouble(class);
        if matches!(broken, ChannelTrouble::Unauthorized | ChannelTrouble::Configuration) {
            tx.stop_channel(&delivery.channel_id, now + BROKEN_FOR, broken).await?;
            let key = format!("broken:{}:{code}:{}", delivery.channel_id, now.date_naive());
            tx.add_task(&NewTask::program(TaskKind::Channel, TaskReason::ChannelBroken, key, now)).await?;
        }
        Ok(())
    }

    /// A check-in that this channel won't take goes by the next one; anything else becomes visible to staff.
    pub(crate) async fn by_another_way(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        delivery: &Delivery,
        why: CloseReason,
    ) -> Result<()> {
        let (Some(id), Some(graduate)) = (delivery.check_in, delivery.graduate) else {
            return look_at(tx, delivery, TaskReason::Refused).await;
        };
        let (Some(check_in), Some(graduate)) = (tx.check_in(id).await?, tx.graduate(graduate).await?) else {
            return Ok(());
        };
        if !matches!(check_in.state, CheckInState::Planned | CheckInState::Due) {
            return Ok(());
        }
        let Some(template) = rules.templates.get(&check_in.template) else {
            return hand_over(tx, graduate.id, id, CloseReason::Template).await;
        };
        let tried = tried(tx, id, delivery.channel_kind, why).await?;
        let due_on = check_in.due_on;
        let going = OnItsWay { rules, graduate: &graduate, check_in: id, due_on, template, at_once: false };
        self.send_by_next_way(tx, &going, self.now(), &tried, why).await?;
        Ok(())
    }
}

/// Counts what speaks against the message itself, and puts it aside when it is too much (P13): we break at it, or its provider
/// fails at it again and again while it takes others. An outage speaks against no message.
async fn count_against(tx: &Tx, delivery: &Delivery, outcome: &Outcome) -> Result<()> {
    let Outcome::Unknown { code } = outcome else { return Ok(()) };
    let is_ours = [Broke::Panicked, Broke::Hung].iter().any(|broke| broke.code() == code);
    let against = if is_ours {
        Against::Crash
    } else {
        let channel = tx.channel_state(&delivery.channel_id).await?;
        let took_others = channel.and_then(|state| state.last_ok_at).is_some_and(|at| at > tx.now() - WORKS_FOR);
        if !took_others {
            return Ok(());
        }
        Against::Error
    };
    if tx.count_against(delivery.id, delivery.fence, against).await? {
        tracing::error!(delivery = %delivery.id, "a message is put aside: each try to send it went wrong");
    }
    Ok(())
}

/// Makes a message that didn't go out visible to staff.
pub(crate) async fn look_at(tx: &Tx, delivery: &Delivery, reason: TaskReason) -> Result<()> {
    // Nobody waits for these: what they say stands elsewhere, too.
    if matches!(delivery.purpose, Purpose::Ack | Purpose::OutOfHours) {
        return Ok(());
    }
    if let Some(id) = delivery.escalation
        && let Some(request) = tx.escalation(id).await?
    {
        if request.state != EscalationState::Sent {
            // It was taken back: nobody misses it.
            return Ok(());
        }
        // It's the employer who didn't get it; the person's own answers say nothing about that.
        tx.add_task(&NewTask::request_mail((id, request.graduate), delivery.id, tx.now())).await?;
        return Ok(());
    }
    tx.add_task(&NewTask {
        graduate: delivery.graduate,
        delivery: Some(delivery.id),
        ..NewTask::program(TaskKind::Look, reason, format!("delivery:{}", delivery.id), tx.now())
    })
    .await?;
    Ok(())
}

/// The kinds of channel this check-in has tried; after a changed address the same kind may be tried again.
async fn tried(tx: &Tx, check_in: CheckInId, now: ChannelKind, why: CloseReason) -> Result<Vec<ChannelKind>> {
    let mut kinds: Vec<ChannelKind> =
        tx.deliveries_of_check_in(check_in).await?.iter().map(|d| d.channel_kind).collect();
    if why == CloseReason::AddressChanged {
        kinds.retain(|kind| *kind != now);
    }
    Ok(kinds)
}

/// A reply's token is dead; its words go as a message of their own, with a key of its own (trust.md 3c 5).
async fn push_instead(tx: &Tx, delivery: &Delivery) -> Result<()> {
    let point = match delivery.contact_point {
        Some(point) => tx.contact_point(point).await?,
        None => None,
    };
    let Some(point) = point.filter(|point| point.address == delivery.address) else { return Ok(()) };
    tx.add_delivery(&NewDelivery {
        graduate: delivery.graduate,
        check_in: None,
        message: delivery.message,
        escalation: None,
        purpose: delivery.purpose,
        slot: format!("push:{}", delivery.id),
        channel_id: delivery.channel_id.clone(),
        channel_kind: delivery.channel_kind,
        contact_point: Some((point.id, point.version)),
        address: point.address,
        payload: Payload { reply_token: None, ..delivery.payload.clone() },
        due_at: tx.now(),
        window: (tx.now(), delivery.window_to),
        expires_at: delivery.expires_at,
    })
    .await?;
    Ok(())
}

/// What an outcome other than an acceptance says of the channel.
fn trouble(outcome: &Outcome) -> ChannelTrouble {
    match outcome {
        Outcome::Refused { class, .. } => class_trouble(*class),
        Outcome::WaitUntil { reason: WaitClass::MonthlyQuota, .. } => ChannelTrouble::MonthlyQuota,
        Outcome::WaitUntil { .. } => ChannelTrouble::Busy,
        Outcome::NotSent { .. } => ChannelTrouble::NotSent,
        Outcome::Unknown { .. } => ChannelTrouble::Unclear,
        Outcome::Accepted { .. } => ChannelTrouble::Other,
    }
}

fn class_trouble(class: RefusedClass) -> ChannelTrouble {
    match class {
        RefusedClass::AddressInvalid => ChannelTrouble::Address,
        RefusedClass::Blocked => ChannelTrouble::Blocked,
        RefusedClass::OptedOut => ChannelTrouble::OptedOut,
        RefusedClass::Unauthorized => ChannelTrouble::Unauthorized,
        RefusedClass::Configuration => ChannelTrouble::Configuration,
        RefusedClass::TooLong => ChannelTrouble::TooLong,
        RefusedClass::BadRequest | RefusedClass::Other => ChannelTrouble::Other,
    }
}

/// Whether this way is closed for good.
fn ends(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused { .. } | Outcome::WaitUntil { reason: WaitClass::MonthlyQuota, .. })
}

fn to_taken(delivery: &Delivery, outcome: &Outcome) -> Option<Taken> {
    let Outcome::Accepted { provider_ref, request_id, .. } = outcome else { return None };
    let (provider_ref, request_id) = (provider_ref.clone(), request_id.clone());
    Some(Taken { id: delivery.id, fence: delivery.fence, provider_ref, request_id })
}

/// What is written down. Once a try's outcome was unclear, only an acceptance makes it clear again.
fn recorded(delivery: &Delivery, outcome: &Outcome, may_be_out: bool, now: DateTime<Utc>) -> Recorded {
    let later = now + retry_delay(delivery.attempts);
    match outcome {
        Outcome::Accepted { provider_ref, request_id, .. } => {
            Recorded::Accepted { provider_ref: provider_ref.clone(), request_id: request_id.clone() }
        }
        // A reply token works once; whatever became of it, there is no second try (trust.md 3c 5).
        _ if delivery.payload.reply_token.is_some() => Recorded::Refused { code: format!("reply_{}", outcome.word()) },
        Outcome::Refused { code, .. } if may_be_out => Recorded::Unknown { at: now, code: code.clone() },
        Outcome::Refused { code, .. } => Recorded::Refused { code: code.clone() },
        Outcome::WaitUntil { reason: WaitClass::MonthlyQuota, .. } => {
            let code = "monthly_quota".to_owned();
            if may_be_out { Recorded::Unknown { at: now, code } } else { Recorded::Refused { code } }
        }
        Outcome::WaitUntil { not_before, .. } => {
            let wish = not_before.and_then(|wish| Duration::from_std(wish).ok()).map_or(later, |wish| now + wish);
            again(later.max(wish), "wait", may_be_out)
        }
        Outcome::NotSent { code } => again(later, code, may_be_out),
        Outcome::Unknown { code } if delivery.channel_kind == ChannelKind::Line => {
            Recorded::Unknown { at: later, code: code.clone() }
        }
        Outcome::Unknown { code } => Recorded::Unknown { at: now + LOOK_AFTER, code: code.clone() },
    }
}

fn again(at: DateTime<Utc>, code: &str, may_be_out: bool) -> Recorded {
    let code = code.to_owned();
    if may_be_out { Recorded::Unknown { at, code } } else { Recorded::Again { at, code } }
}

/// LINE counts months in Japan's time (channels.md 1.4).
fn month_turns(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&Tokyo).date_naive();
    let first = today.with_day(1).and_then(|first| first.checked_add_months(chrono::Months::new(1)));
    day_begins(first.unwrap_or(today), Tokyo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_up_month_turns_at_midnight_in_japan() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert_eq!(month_turns(at("2026-11-21T10:00:00+09:00")), at("2026-12-01T00:00:00+09:00"));
        assert_eq!(month_turns(at("2026-12-31T23:59:59+09:00")), at("2027-01-01T00:00:00+09:00"));
        assert_eq!(month_turns(at("2026-12-01T00:00:00+09:00")), at("2027-01-01T00:00:00+09:00"));
    }
}
