//! The judge: what the providers took, and what the tables say, against what was promised (trust.md 3b).

use std::collections::{BTreeMap, HashMap, HashSet};

use bansou_channels::{ChannelKind, SimulatedMessage};
use bansou_core::delivery::{self, DeliveryState, Purpose, parse_answer_data};
use bansou_core::ids::{CheckInId, DeliveryId};
use bansou_store::DeliveryTrail;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::known::{Known, Person, local_day};
use super::stage::begins_with;

/// Check-ins for one person on one day.
const A_DAY: u32 = 1;

/// A promise that wasn't kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// `P1` … `P14`.
    pub(super) promise: &'static str,
    pub(super) words: String,
}

impl Violation {
    /// What kind of violation it is: the words without their numbers.
    pub(super) fn kind(&self) -> String {
        let words = self.words.chars().filter(|c| !c.is_ascii_digit()).take(40);
        format!("{} {}", self.promise, words.collect::<String>())
    }
}

/// What has been seen so far.
#[derive(Default)]
pub(super) struct Oracle {
    pub(super) ledger: Vec<SimulatedMessage>,
    pub(super) violations: Vec<Violation>,
    attempts: HashMap<DeliveryId, i64>,
    per_check_in: HashMap<CheckInId, u32>,
    per_slot: HashMap<Uuid, u32>,
    per_day: BTreeMap<(u32, NaiveDate), u32>,
}

impl Oracle {
    pub(super) fn complain(&mut self, promise: &'static str, words: String) {
        self.violations.push(Violation { promise, words });
    }

    /// What the providers have taken since the last look. Nothing that was committed before is unknown to `known`.
    pub(super) fn judge_taken(&mut self, known: &Known, taken: Vec<SimulatedMessage>) {
        for message in taken {
            self.judge_one(known, &message);
            self.ledger.push(message);
        }
    }

    fn judge_one(&mut self, known: &Known, message: &SimulatedMessage) {
        let what = if message.is_reply { "a reply" } else { "a message" };
        let at = message.at.with_timezone(&chrono_tz::Asia::Tokyo).format("%m-%d %a %H:%M:%S");
        let Some(person) = known.owner(message.to.as_str()) else {
            return self.complain("P5", format!("{what} went to an address that is nobody's any more, {at}"));
        };
        let n = person.n;
        if !message.is_reply && !message.text.starts_with(&begins_with(n, message.kind)) {
            self.complain("P5", format!("person {n} got {what} meant for somebody else, {at}"));
        }
        if !known.is_inside(person, message.at) {
            self.complain("P3", format!("person {n} got {what} outside their hours, {at}"));
        }
        // A reply may be the word about the stop itself; the claims tell those apart.
        let purpose = if message.is_reply { Purpose::Notice } else { Purpose::CheckIn };
        if let Some(why) = known.forbids(person, purpose, message.at) {
            self.complain("P4", format!("person {n} got {what} although {why}, {at}"));
        }
        let kind = kind_of(message.kind);
        if !person.is_reachable(kind) {
            self.complain("P4", format!("person {n} got {what} by {kind} although they closed that way, {at}"));
        }
        if message.is_reply {
            return;
        }
        let check_in = message.choices.first().and_then(|choice| parse_answer_data(&choice.data));
        if let Some((id, _)) = check_in {
            let count = self.per_check_in.entry(id).or_default();
            *count += 1;
            let count = *count;
            if count > 1 {
                self.complain("P2", format!("person {n} got the same check-in {count} times on LINE, {at}"));
            }
        }
        // The key follows from person, purpose and slot, whatever the way.
        let count = self.per_slot.entry(message.key).or_default();
        *count += 1;
        let count = *count;
        if count > 1 {
            self.complain("P2", format!("person {n} got the same thing {count} times, the last by {kind}, {at}"));
        }
        let count = self.per_day.entry((n, local_day(message.at))).or_default();
        *count += 1;
        let count = *count;
        if count > A_DAY {
            self.complain("P14", format!("person {n} got {count} check-ins on one day, the last by {kind}, {at}"));
        }
    }

    /// Claims that aren't to be judged.
    pub(super) fn note_claims(&mut self, trail: &[DeliveryTrail]) {
        self.attempts.extend(trail.iter().map(|row| (row.id, row.attempts)));
    }

    /// Claims since the last look: what was committed before a claim is obeyed by it.
    pub(super) fn judge_claims(&mut self, known: &Known, trail: &[DeliveryTrail], now: DateTime<Utc>) {
        for row in trail {
            let before = self.attempts.insert(row.id, row.attempts).unwrap_or(0);
            if row.attempts <= before {
                continue;
            }
            let Some(person) = row.graduate.and_then(|id| known.by_id(id)) else { continue };
            let (n, purpose) = (person.n, row.purpose);
            if let Some(why) = known.forbids(person, purpose, now) {
                self.complain("P9", format!("a {purpose} to person {n} was claimed although {why}"));
            }
            if !person.is_reachable(row.channel_kind) {
                let kind = row.channel_kind;
                self.complain("P9", format!("a {purpose} to person {n} was claimed for {kind}, which they closed"));
            }
        }
    }

    /// A result that came after its claim was lost changes nothing.
    pub(super) fn judge_late_result(
        &mut self,
        claimed: &[(DeliveryId, i64)],
        before: &[DeliveryTrail],
        after: &[DeliveryTrail],
    ) {
        for (id, fence) in claimed {
            let find = |rows: &[DeliveryTrail]| rows.iter().find(|row| row.id == *id).cloned();
            let (Some(before), Some(after)) = (find(before), find(after)) else { continue };
            if before.fence > *fence && before != after {
                let words =
                    format!("a result of claim {fence} changed a {} that claim {} owns", after.purpose, before.fence);
                self.complain("P2", format!("{words}: {} → {}", before.state, after.state));
            }
        }
    }

    /// Deliveries whose retry keys don't follow from person, purpose and slot: planned again, they would go out twice.
    pub(super) fn judge_keys(&mut self, trail: &[DeliveryTrail]) {
        let mut keys = HashMap::new();
        for row in trail {
            // Purpose, person, slot; then the kind of channel and the address's version.
            let slot = row.dedupe_key.rsplitn(3, ':').last().unwrap_or_default();
            let known = *keys.entry(slot).or_insert(row.retry_key);
            if known != row.retry_key {
                self.complain("P2", format!("two rows of the same {} have different retry keys", row.purpose));
            }
        }
    }

    /// Whether the ledger has this check-in.
    pub(super) fn has_taken(&self, id: CheckInId) -> bool {
        self.per_check_in.contains_key(&id)
    }

    /// What says "accepted" was accepted, and what was accepted isn't down as unsent. Somebody who writes while nobody knows
    /// what became of a call is taken to answer it: such a check-in is `answered`, and its delivery a guess.
    pub(super) fn judge_outcomes(&mut self, known: &Known, trail: &[DeliveryTrail], answered: &HashSet<CheckInId>) {
        let is_guess = |row: &DeliveryTrail| row.check_in.is_some_and(|id| answered.contains(&id));
        for person in &known.people {
            let is_accepted = |row: &&DeliveryTrail| {
                row.graduate == Some(person.id)
                    && row.channel_kind == delivery::ChannelKind::Sms
                    && row.accepted_at.is_some()
                    && !is_guess(row)
            };
            let accepted = trail.iter().filter(is_accepted).count();
            let taken = self.texts_to(person);
            if accepted > taken {
                self.complain(
                    "P1",
                    format!("SMS to person {}: {accepted} are down as accepted, {taken} were", person.n),
                );
            }
        }
        // A person decides about what is unclear; that is said of the check-in, too.
        let is_told = |row: &&DeliveryTrail| row.accepted_at.is_some() || row.state == DeliveryState::NeedsPerson;
        let told: HashSet<CheckInId> = trail.iter().filter(is_told).filter_map(|row| row.check_in).collect();
        for row in trail {
            let Some(check_in) = row.check_in.filter(|_| row.channel_kind == delivery::ChannelKind::Line) else {
                continue;
            };
            if row.accepted_at.is_some() && !self.has_taken(check_in) && !is_guess(row) {
                self.complain("P1", "a check-in is down as accepted by LINE, which doesn't know it".into());
            }
            let is_unsent =
                matches!(row.state, DeliveryState::Failed | DeliveryState::Cancelled | DeliveryState::Expired);
            if is_unsent && self.has_taken(check_in) && !told.contains(&check_in) {
                let code = row.state_code.clone().unwrap_or_default();
                self.complain("P1", format!("a check-in that LINE took is down as {} ({code})", row.state));
            }
        }
    }

    fn texts_to(&self, person: &Person) -> usize {
        let own = person.sms.as_deref().unwrap_or_default();
        self.ledger.iter().filter(|message| message.to.as_str() == own).count()
    }
}

fn kind_of(kind: ChannelKind) -> delivery::ChannelKind {
    match kind {
        ChannelKind::Line => delivery::ChannelKind::Line,
        ChannelKind::Sms => delivery::ChannelKind::Sms,
        ChannelKind::Mail => delivery::ChannelKind::Email,
    }
}
