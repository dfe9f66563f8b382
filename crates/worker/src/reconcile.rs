//! Telling a restored database what happened after its backup (P15): what was sent, from the send journal; whom somebody
//! stopped writing to; and what nobody can know any more.
//!
//! Nothing here sends. What the journal says was taken becomes *accepted*; what may have been taken becomes *unknown*, which LINE
//! settles by its retry key while it remembers it, Twilio by a look-up, and otherwise a person. The same holds for
//! what is planned again only later, because the key is derived from person, purpose and slot (docs/decisions/0010).

use std::collections::{BTreeMap, HashMap, HashSet};

use bansou_core::audit::Actor;
use bansou_core::contact::Reachability;
use bansou_core::delivery::{ChannelKind, DeliveryState, Purpose};
use bansou_core::graduate::{ContactStop, PauseDates, StopAsked, Support};
use bansou_core::ids::{CheckInId, ConsentId, ContactPointId, DeliveryId, EscalationId, GraduateId, OfficeId, StaffId};
use bansou_core::silence::HABIT_LOOKS_AT;
use bansou_core::thread::MessageBody;
use bansou_store::{Change, Graduate, OutboundMessage, Pause, ReconciledBy, Restore, SentBefore, StoreError, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::engine::{Engine, OfficeRules, cause};
use crate::error::{Result, WorkError};
use crate::journal::{Line, SentLine, Step};

/// Why contact with somebody is held after a restore; staff read it, and lift the stop when they have looked.
const HELD: &str = "バックアップに戻したため、この人の連絡先・連絡できる時間などの変更が失われました。確かめてから再開してください。 \
    (Restored from a backup: a change of this person's address or hours was lost. Look before contact goes on.)";

/// What a reconciliation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Things said in the forgotten time that a provider took.
    pub accepted: u64,
    /// Things that may have been taken.
    pub unclear: u64,
    /// Waiting rows whose state was put right.
    pub settled: u64,
    /// Stops, withdrawals, blocks and pauses that were applied again.
    pub applied: u64,
    /// People held until somebody has looked, because a change of their address or hours was lost.
    pub held: Vec<GraduateId>,
    /// What went out and no longer stands in the records, by what it was for.
    pub lost: BTreeMap<&'static str, u64>,
    /// Lines about offices that this database doesn't have.
    pub foreign: u64,
}

impl Engine {
    /// Tells a restored database what the journal knows. Idempotent: what is known already changes nothing.
    pub async fn reconcile(&self, lines: &[Line]) -> Result<Reconciled> {
        let store = &self.parts.store;
        let offices: HashSet<OfficeId> = store.offices().await?.iter().map(|office| office.id).collect();
        self.assert_own(lines).await?;
        let mut done = Reconciled::default();
        let sent: Vec<&SentLine> = lines.iter().filter_map(Line::sent).collect();
        done.foreign = sent.iter().filter(|line| !offices.contains(&line.office)).count() as u64;
        let facts: Vec<SentBefore> = facts(&sent).into_iter().filter(|fact| offices.contains(&fact.office)).collect();
        store.remember(&facts).await?;
        store.forget_what_is_known().await?;
        for change in lines.iter().filter_map(Line::change).filter(|change| offices.contains(&change.office)) {
            if !store.knows_change(change).await? {
                self.apply(change, &mut done).await?;
            }
        }
        done.settled = self.settle_sent_before().await?;
        for office in offices {
            for before in store.read(office).await?.sent_before_unknown().await? {
                let count = if before.accepted_at.is_some() { &mut done.accepted } else { &mut done.unclear };
                *count += 1;
                if before.purpose != Purpose::CheckIn {
                    *done.lost.entry(before.purpose.as_str()).or_default() += 1;
                }
            }
        }
        store.mark_reconciled(ReconciledBy::Journal).await?;
        Ok(done)
    }

    /// The same where there is no journal. Everything that was to go out since the backup may be out: LINE's own memory of the
    /// derived keys settles that for 23 hours from the backup; anything else goes to a person.
    pub async fn reconcile_without_journal(&self, restore: &Restore) -> Result<Reconciled> {
        // What falls due up to today is planned now, so that it is among what may be out.
        self.plan_now().await?;
        let mut done = Reconciled::default();
        for office in self.parts.store.offices().await? {
            let due = self.parts.store.read(office.id).await?.all_due().await?;
            for id in due {
                let tx = self.parts.store.begin(office.id).await?;
                let Some(delivery) = tx.delivery(id).await? else { continue };
                if delivery.channel_kind == ChannelKind::Line {
                    tx.may_be_out_since(id, restore.backup_at).await?;
                } else if tx.finish_waiting(id, DeliveryState::NeedsPerson, "restored").await? {
                    self.needs_person(&tx, &delivery).await?;
                }
                tx.save().await?;
                done.unclear += 1;
            }
        }
        self.parts.store.mark_reconciled(ReconciledBy::WithoutJournal).await?;
        Ok(done)
    }

    /// Whether this database was restored and not yet told what it has forgotten: until then every conclusion would be wrong.
    pub(crate) async fn has_forgotten(&self) -> Result<bool> {
        Ok(self.parts.store.open_restore().await?.is_some())
    }

    /// Gives rows that wait although the same thing was sent in the forgotten time their true state; returns how many.
    pub(crate) async fn settle_sent_before(&self) -> Result<u64> {
        let mut settled = 0;
        for (office, id) in self.parts.store.sent_before_waiting().await? {
            match self.settle(office, id).await {
                Ok(did) => settled += u64::from(did),
                // It stays blocked (claims.rs), and is looked at again by the next sweep.
                Err(error) => {
                    tracing::error!(delivery = %id, error = %error, cause = cause(&error), "can't be settled");
                }
            }
        }
        Ok(settled)
    }

    async fn settle(&self, office: OfficeId, id: DeliveryId) -> Result<bool> {
        let tx = self.parts.store.begin(office).await?;
        let Some(mut delivery) = tx.delivery(id).await? else { return Ok(false) };
        let Some(before) = tx.sent_before_by(delivery.retry_key).await? else { return Ok(false) };
        let rules = self.rules(&tx).await?;
        let did = match before.accepted_at {
            _ if tx.is_accepted_elsewhere(id, delivery.retry_key).await? => {
                tx.finish_waiting(id, DeliveryState::Cancelled, "sent_before").await?
            }
            Some(at) => {
                let did = tx.was_accepted_before(id, &before).await?;
                delivery.channel_kind = before.channel_kind;
                delivery.channel_id.clone_from(&before.channel_id);
                if did {
                    self.accepted(&tx, &rules, &delivery, at).await?;
                }
                did
            }
            None if before.channel_kind == delivery.channel_kind => {
                tx.may_be_out_since(id, before.first_attempt_at).await?
            }
            // By another way than the one by which it may be out: never both.
            None => {
                let did = tx.finish_waiting(id, DeliveryState::NeedsPerson, "unclear").await?;
                if did {
                    self.needs_person(&tx, &delivery).await?;
                }
                did
            }
        };
        tx.save().await?;
        Ok(did)
    }

    /// A check-in that is planned again although it went out in the forgotten time: it is out, since then, and waits for an
    /// answer like any other.
    pub(crate) async fn went_out_before(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: &Graduate,
        check_in: (CheckInId, &str),
        before: &SentBefore,
    ) -> Result<()> {
        let (id, template) = check_in;
        let Some(at) = before.accepted_at else { return Ok(()) };
        let delays = tx.answer_delays(&[graduate.id], HABIT_LOOKS_AT).await?.remove(&graduate.id).unwrap_or_default();
        let answer_by = rules.office.settings.silence.answer_by(at, &delays);
        tx.check_in_went_out(id, before.channel_kind, at, answer_by).await?;
        let Some(template) = rules.templates.get(template) else { return Ok(()) };
        let speaker = rules.speaker(tx, graduate, at).await?;
        let fill = rules.fill(graduate, &speaker);
        let payload = template.payload(before.channel_kind, graduate.details.language, &fill, Some(id));
        let choices = template.choices.iter().map(|choice| choice.label.clone()).collect();
        let body = MessageBody { text: payload.text, choices, attachment: None };
        let channel = before.channel_kind;
        tx.add_program_message(&OutboundMessage { graduate: graduate.id, channel, body, check_in: Some(id) }).await?;
        Ok(())
    }

    /// A journal that doesn't know the newest call this database made isn't this database's, or has a hole.
    async fn assert_own(&self, lines: &[Line]) -> Result<()> {
        let Some((delivery, fence, at)) = self.parts.store.newest_intent().await? else { return Ok(()) };
        let known = lines.iter().filter_map(Line::sent).any(|line| line.delivery == delivery.0 && line.fence == fence);
        if known {
            return Ok(());
        }
        Err(WorkError::Store(StoreError::NotReady(format!(
            "this journal doesn't know the last call before the backup ({}): it belongs to another installation, was begun \
             later, or parts of it are missing",
            at.format("%Y-%m-%d %H:%M UTC")
        ))))
    }

    /// Applies one lost change again, as far as that keeps somebody from being written to who shouldn't be. What would let
    /// more be sent is left to people.
    async fn apply(&self, change: &Change, done: &mut Reconciled) -> Result<()> {
        let tx = self.parts.store.begin(change.office).await?;
        let applied = match apply_in(&tx, change, self.now()).await {
            Ok(applied) => applied,
            // The object was added after the backup, or stands so already.
            Err(WorkError::Store(StoreError::NotFound { .. } | StoreError::Refused { .. })) => return Ok(()),
            Err(error) => return Err(error),
        };
        match applied {
            Applied::Nothing => return Ok(()),
            Applied::Done => done.applied += 1,
            Applied::Held(person) => done.held.push(person),
        }
        Ok(tx.save().await?)
    }
}

enum Applied {
    Nothing,
    Done,
    Held(GraduateId),
}

async fn apply_in(tx: &Tx, change: &Change, now: DateTime<Utc>) -> Result<Applied> {
    let Some(object) = change.object else { return Ok(Applied::Nothing) };
    let person = GraduateId(object);
    match change.action.as_str() {
        "graduate.stop" => {
            tx.stop_contact(Actor::COMMAND, person).await?;
            tx.cancel_everything_for(person).await?;
        }
        "graduate.pause" => {
            let Ok(dates) = serde_json::from_value::<PauseDates>(change.detail.clone()) else {
                return hold(tx, person).await;
            };
            tx.pause_graduate(Actor::COMMAND, person, &Pause { dates, reason: String::new() }).await?;
        }
        "graduate.support" if change.detail["support"] != Support::Supported.as_str() => {
            let support = serde_json::from_value(change.detail["support"].clone()).unwrap_or(Support::Ended);
            tx.set_support(Actor::COMMAND, person, support).await?;
        }
        "contact_point.state" => return restate(tx, change, now).await,
        "consent.withdraw" => {
            let today = now.with_timezone(&tx.own_office().await?.zone).date_naive();
            tx.withdraw_consent(Actor::COMMAND, ConsentId(object), today).await?;
        }
        "escalation.withdraw" => tx.withdraw_escalation(Actor::COMMAND, EscalationId(object)).await?,
        "staff.disable" => tx.disable_staff(Actor::COMMAND, StaffId(object)).await?,
        "channel.halt" => {
            let Some(channel) = change.detail["channel"].as_str() else { return Ok(Applied::Nothing) };
            tx.halt_channel(Actor::COMMAND, channel).await?;
        }
        // It was never claimed, so no provider has seen it.
        "message.take_back" => {
            take_back(tx, DeliveryId(object)).await?;
        }
        "sending.stop" => tx.stop_sending(Some(change.at)).await?,
        "graduate.change" if !names(&change.detail, "hours") => return Ok(Applied::Nothing),
        "graduate.change"
        | "graduate.import"
        | "contact_point.set"
        | "contact_point.remove"
        | "line.bind"
        | "stranger.bind"
        | "stranger.unbind" => return hold(tx, person).await,
        _ => return Ok(Applied::Nothing),
    }
    Ok(Applied::Done)
}

/// Words that were taken back aren't said; what the person waits for is due again. A backup from before they were written knows nothing
/// of them.
async fn take_back(tx: &Tx, id: DeliveryId) -> Result<()> {
    match tx.take_back(Actor::COMMAND, id).await {
        Ok(Some(_)) | Err(StoreError::NotFound { .. }) => Ok(()),
        Ok(None) => Ok(tx.finish_waiting(id, DeliveryState::Cancelled, "taken_back").await.map(drop)?),
        Err(error) => Err(error.into()),
    }
}

/// An address that couldn't be written to any more.
async fn restate(tx: &Tx, change: &Change, now: DateTime<Utc>) -> Result<Applied> {
    let id = change.detail["contact_point"].as_str().and_then(|id| id.parse().ok()).map(ContactPointId);
    let Some(id) = id else { return Ok(Applied::Nothing) };
    let Some(point) = tx.contact_point(id).await? else { return Ok(Applied::Nothing) };
    let reach: Reachability = match change.detail["state"].as_str() {
        Some("blocked") => point.reach.blocked(now),
        Some("stopped") => point.reach.stopped(now),
        Some("invalid") => point.reach.invalid(now),
        _ => return Ok(Applied::Nothing),
    };
    tx.set_reachability(Actor::COMMAND, id, reach).await?;
    Ok(Applied::Done)
}

/// Nobody knows the lost address or hours, so nothing goes to this person until somebody has looked.
async fn hold(tx: &Tx, person: GraduateId) -> Result<Applied> {
    let stop = ContactStop { asked: StopAsked::Office, reason: HELD.to_owned() };
    tx.stop_contact_for(Actor::COMMAND, person, &stop).await?;
    Ok(Applied::Held(person))
}

fn names(detail: &serde_json::Value, field: &str) -> bool {
    detail["fields"].as_array().is_some_and(|fields| fields.iter().any(|name| name == field))
}

/// What the journal's lines come to: one fact for each thing that was said, or may have been.
fn facts(lines: &[&SentLine]) -> Vec<SentBefore> {
    let mut calls: HashMap<(Uuid, i64), Vec<&SentLine>> = HashMap::new();
    let mut first: HashMap<Uuid, DateTime<Utc>> = HashMap::new();
    for line in lines {
        calls.entry((line.delivery, line.fence)).or_default().push(line);
        let at = first.entry(line.retry_key).or_insert(line.at);
        *at = line.at.min(*at);
    }
    let mut facts: HashMap<Uuid, SentBefore> = HashMap::new();
    for lines in calls.values() {
        let accepted = lines.iter().find(|line| line.step == Step::Accepted);
        let is_settled =
            lines.iter().any(|line| line.step == Step::NotOut) && lines.iter().all(|line| line.step != Step::Unknown);
        let Some(line) = accepted.or_else(|| lines.first().filter(|_| !is_settled)) else { continue };
        let fact = SentBefore {
            retry_key: line.retry_key,
            office: line.office,
            delivery: DeliveryId(line.delivery),
            graduate: line.graduate.map(GraduateId),
            check_in: line.check_in.map(CheckInId),
            purpose: line.purpose,
            channel_id: line.channel.clone(),
            channel_kind: line.kind,
            first_attempt_at: first[&line.retry_key],
            accepted_at: accepted.map(|line| line.at),
            provider_ref: line.provider_ref.clone(),
        };
        let known = facts.get(&line.retry_key);
        // An acceptance is worth more than a doubt, and of two the first.
        let is_better = match (known.map(|known| known.accepted_at), fact.accepted_at) {
            (None, _) | (Some(None), Some(_)) => true,
            (Some(Some(known)), Some(at)) => at < known,
            (Some(_), None) => false,
        };
        if is_better {
            facts.insert(line.retry_key, fact);
        }
    }
    facts.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(delivery: u128, fence: i64, key: u128, kind: ChannelKind, minute: i64, step: Step) -> SentLine {
        SentLine {
            at: DateTime::from_timestamp(minute * 60, 0).unwrap(),
            office: OfficeId(Uuid::from_u128(1)),
            delivery: Uuid::from_u128(delivery),
            fence,
            retry_key: Uuid::from_u128(key),
            graduate: None,
            check_in: None,
            purpose: Purpose::CheckIn,
            channel: kind.as_str().to_owned(),
            kind,
            step,
            provider_ref: None,
        }
    }

    fn facts_of(lines: &[SentLine]) -> Vec<SentBefore> {
        facts(&lines.iter().collect::<Vec<_>>())
    }

    #[test]
    fn an_intent_without_an_end_is_unclear_since_the_first_try() {
        use ChannelKind::Line;
        let found = facts_of(&[
            line(1, 1, 7, Line, 1, Step::Intent),
            line(1, 1, 7, Line, 2, Step::NotOut),
            line(1, 2, 7, Line, 5, Step::Intent),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].accepted_at, None);
        assert_eq!(found[0].first_attempt_at.timestamp(), 60);
    }

    #[test]
    fn what_surely_never_left_is_forgotten() {
        use ChannelKind::Sms;
        assert_eq!(facts_of(&[line(1, 1, 7, Sms, 1, Step::Intent), line(1, 1, 7, Sms, 2, Step::NotOut)]), []);
    }

    #[test]
    fn an_acceptance_by_another_way_is_the_same_things_acceptance() {
        let found = facts_of(&[
            line(1, 1, 7, ChannelKind::Line, 1, Step::Intent),
            line(1, 1, 7, ChannelKind::Line, 2, Step::Unknown),
            line(2, 1, 7, ChannelKind::Sms, 3, Step::Intent),
            line(2, 1, 7, ChannelKind::Sms, 4, Step::Accepted),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].channel_kind, found[0].delivery), (ChannelKind::Sms, DeliveryId(Uuid::from_u128(2))));
        assert_eq!(found[0].accepted_at.map(|at| at.timestamp()), Some(240));
    }
}
