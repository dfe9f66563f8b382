//! The judge: the providers' ledger against the database, person by person, and the webhooks' sender against what is stored.

use std::collections::{HashMap, HashSet};

use bansou_core::check_in::CheckInState;
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::{CheckInId, GraduateId};
use bansou_store::{DeliveryTrail, InboundState};
use chrono::{Days, Timelike as _};
use chrono_tz::Asia::Tokyo;

use super::facts::{Facts, is_waiting};
use super::provider::{Taken, Way};
use super::scene::{Person, begins_with};

/// A promise that wasn't kept, with what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// What the summary counts it under.
    pub(super) kind: &'static str,
    pub(super) words: String,
}

/// Every kind, in the order in which the summary lists them.
pub(super) const KINDS: [&str; 12] = [
    "lost",
    "doubled_on_line",
    "doubled_by_sms",
    "doubled_over_both",
    "outside_hours",
    "wrong_address",
    "not_closed",
    "untrue",
    "events_missing",
    "events_twice",
    "not_refused",
    "ended_badly",
];

/// Looks at everything once.
pub(super) fn judge(facts: &Facts) -> Vec<Violation> {
    let mut found = Found::default();
    let mut by_address: HashMap<&str, &Person> = HashMap::new();
    for person in &facts.people {
        by_address.extend([&person.line, &person.sms].into_iter().flatten().map(|own| (own.as_str(), person)));
    }
    let owners: Owners = facts.check_ins.iter().map(|row| (row.id, row.graduate)).collect();
    let mut got: HashMap<u32, Vec<&Taken>> = HashMap::new();
    for taken in &facts.taken {
        match by_address.get(taken.to.as_str()) {
            None => found.add("wrong_address", format!("{} took a message for nobody of ours", way(taken.way))),
            Some(person) => {
                found.look_at_message(facts, &owners, person, taken);
                got.entry(person.n).or_default().push(taken);
            }
        }
    }
    let of = deliveries_of(facts);
    let rows: HashMap<GraduateId, _> = facts.check_ins.iter().map(|row| (row.graduate, row)).collect();
    for person in &facts.people {
        let n = person.n;
        let got = got.get(&n).map_or(&[][..], Vec::as_slice);
        found.look_for_doubles(n, got);
        let Some(row) = rows.get(&person.id) else {
            found.add("lost", format!("person {n}'s check-in was never planned"));
            continue;
        };
        let own = of.get(&row.id).map_or(&[][..], Vec::as_slice);
        found.look_at_outcome(facts, n, got, (row.id, row.state), own);
    }
    found.look_at_rows(facts);
    found.look_at_events(facts);
    found.0
}

/// Whose a check-in is.
type Owners = HashMap<CheckInId, GraduateId>;

#[derive(Default)]
struct Found(Vec<Violation>);

impl Found {
    fn add(&mut self, kind: &'static str, words: String) {
        self.0.push(Violation { kind, words });
    }

    fn look_at_message(&mut self, facts: &Facts, owners: &Owners, person: &Person, taken: &Taken) {
        let n = person.n;
        let at = taken.at.with_timezone(&Tokyo);
        let is_own = taken.text.starts_with(&begins_with(n, taken.way == Way::Sms));
        // The check-in that the buttons name must be this person's, too.
        let of_another = taken.check_in.and_then(|id| owners.get(&id)).is_some_and(|owner| *owner != person.id);
        if !is_own || of_another {
            self.add("wrong_address", format!("person {n} got words that were meant for somebody else, {at}"));
        }
        let minute = at.hour() * 60 + at.minute();
        let (from, to) = person.hours;
        let is_the_day = at.date_naive() == facts.day || at.date_naive() == facts.day + Days::new(1);
        if !is_the_day || !(u32::from(from)..u32::from(to)).contains(&minute) {
            self.add("outside_hours", format!("person {n} got a message outside their hours, {at}"));
        }
    }

    fn look_for_doubles(&mut self, n: u32, got: &[&Taken]) {
        let on_line = got.iter().filter(|taken| taken.way == Way::Line).count();
        let by_sms = got.len() - on_line;
        if on_line > 1 {
            self.add("doubled_on_line", format!("person {n} got the check-in {on_line} times on LINE"));
        }
        if by_sms > 1 {
            self.add("doubled_by_sms", format!("person {n} got the check-in {by_sms} times by SMS"));
        }
        if on_line > 0 && by_sms > 0 {
            self.add("doubled_over_both", format!("person {n} got the check-in on LINE and by SMS"));
        }
    }

    fn look_at_outcome(
        &mut self,
        facts: &Facts,
        n: u32,
        got: &[&Taken],
        (id, state): (CheckInId, CheckInState),
        own: &[&DeliveryTrail],
    ) {
        let is_down_as_sent = matches!(state, CheckInState::Out | CheckInState::Answered | CheckInState::Silent);
        let accepted = own.iter().any(|row| row.accepted_at.is_some());
        if got.is_empty() {
            if is_down_as_sent || accepted {
                self.add("lost", format!("person {n}'s check-in is down as {state}, and no provider has it"));
            } else if is_waiting(state) {
                // Told of as not closed.
            } else if state == CheckInState::HandedOver && !facts.with_task.contains(&id) {
                self.add("lost", format!("person {n}'s check-in was handed over, and nobody has a task"));
            }
            return;
        }
        // A person finds out about what is unclear; but nothing that went out may be down as never sent.
        let is_told = own.iter().any(|row| row.accepted_at.is_some() || row.state == DeliveryState::NeedsPerson);
        let is_answered = state == CheckInState::Answered;
        if !is_told && !is_answered && !is_waiting(state) {
            let states: Vec<String> = own.iter().map(|row| row.state.to_string()).collect();
            self.add("untrue", format!("person {n} got the check-in, which is down as {}", states.join(", ")));
        }
        if matches!(state, CheckInState::Skipped | CheckInState::Failed) {
            self.add("untrue", format!("person {n} got the check-in, which is down as {state}"));
        }
        if facts.seen.pressed.contains(&id) && !is_answered {
            self.add("events_missing", format!("person {n}'s answer was acknowledged, and the check-in is {state}"));
        }
    }

    fn look_at_rows(&mut self, facts: &Facts) {
        for row in facts.check_ins.iter().filter(|row| is_waiting(row.state)) {
            self.add("not_closed", format!("check-in {} is still {}", row.id, row.state));
        }
        for row in facts.deliveries.iter().filter(|row| !row.state.is_finished()) {
            let code = row.state_code.clone().unwrap_or_default();
            self.add(
                "not_closed",
                format!("a {} over {} is still {} ({code})", row.purpose, row.channel_kind, row.state),
            );
        }
        for (key, _) in facts.stored.iter().filter(|(_, state)| *state == InboundState::Stored) {
            self.add("not_closed", format!("event {key} has had no effect yet"));
        }
    }

    fn look_at_events(&mut self, facts: &Facts) {
        let mut stored = HashSet::new();
        for (key, _) in &facts.stored {
            if !stored.insert(key.as_str()) {
                self.add("events_twice", format!("event {key} is stored twice"));
            }
        }
        for key in &facts.seen.acknowledged {
            if !stored.contains(key.as_str()) {
                self.add("events_missing", format!("event {key} was acknowledged and isn't stored"));
            }
        }
        for (answer, count) in &facts.seen.while_down {
            let kind = match answer.as_str() {
                "503" | "nobody_there" | "broken_off" => continue,
                _ if answer.starts_with('2') => "events_missing",
                _ => "not_refused",
            };
            self.add(kind, format!("{count} calls got {answer} while the database was down"));
        }
    }
}

fn deliveries_of(facts: &Facts) -> HashMap<CheckInId, Vec<&DeliveryTrail>> {
    let mut of: HashMap<CheckInId, Vec<&DeliveryTrail>> = HashMap::new();
    for row in &facts.deliveries {
        if let Some(id) = row.check_in {
            of.entry(id).or_default().push(row);
        }
    }
    of
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Line => "LINE",
        Way::Sms => "the SMS provider",
    }
}

#[cfg(test)]
mod tests {
    use bansou_core::delivery::{ChannelKind, Purpose};
    use bansou_core::ids::DeliveryId;
    use bansou_store::CheckInTrail;
    use uuid::Uuid;

    use super::super::flood::Seen;
    use super::super::scene::{DAY, at};
    use super::*;

    fn id(n: u32) -> Uuid {
        Uuid::from_u128(u128::from(n))
    }

    fn person(n: u32, hours: (u16, u16)) -> Person {
        Person {
            n,
            id: GraduateId(id(n)),
            office: 0,
            line: Some(format!("U{n}")),
            sms: Some(format!("+81{n}")),
            hours,
            unknown_to_line: false,
            poison: None,
        }
    }

    fn taken(n: u32, way: Way, minute: u16) -> Taken {
        let is_sms = way == Way::Sms;
        Taken {
            at: at(DAY, minute),
            way,
            to: if is_sms { format!("+81{n}") } else { format!("U{n}") },
            text: format!("{}今日の調子は？", begins_with(n, is_sms)),
            key: format!("key-{n}"),
            check_in: (!is_sms).then_some(CheckInId(id(n))),
        }
    }

    /// Three people: one got it on LINE, one by SMS, and for the third somebody has a task.
    fn good() -> Facts {
        let check_in = |n, state| CheckInTrail {
            id: CheckInId(id(n)),
            graduate: GraduateId(id(n)),
            due_on: DAY,
            state,
            reason: None,
        };
        let delivery = |n, channel_kind, state: DeliveryState| DeliveryTrail {
            id: DeliveryId(id(n)),
            graduate: Some(GraduateId(id(n))),
            check_in: Some(CheckInId(id(n))),
            purpose: Purpose::CheckIn,
            dedupe_key: String::new(),
            retry_key: id(n),
            channel_kind,
            state,
            state_code: None,
            fence: 1,
            attempts: 1,
            due_at: at(DAY, 540),
            window: (at(DAY, 540), at(DAY, 600)),
            accepted_at: (state == DeliveryState::Accepted).then(|| at(DAY, 545)),
        };
        Facts {
            day: DAY,
            people: vec![person(1, (540, 600)), person(2, (540, 600)), person(3, (540, 565))],
            taken: vec![taken(1, Way::Line, 545), taken(2, Way::Sms, 599)],
            check_ins: vec![
                check_in(1, CheckInState::Answered),
                check_in(2, CheckInState::Out),
                check_in(3, CheckInState::HandedOver),
            ],
            deliveries: vec![
                delivery(1, ChannelKind::Line, DeliveryState::Accepted),
                delivery(2, ChannelKind::Sms, DeliveryState::Accepted),
                delivery(3, ChannelKind::Line, DeliveryState::Failed),
            ],
            with_task: [CheckInId(id(3))].into(),
            stored: vec![("e1".into(), InboundState::Processed), ("e2".into(), InboundState::UnknownSender)],
            seen: Seen {
                acknowledged: ["e1".to_owned()].into(),
                pressed: [CheckInId(id(1))].into(),
                while_down: [("503".to_owned(), 3)].into(),
                ..Seen::default()
            },
        }
    }

    /// What the judge says when one thing is otherwise.
    fn with(change: impl FnOnce(&mut Facts)) -> Vec<&'static str> {
        let mut facts = good();
        change(&mut facts);
        let mut kinds: Vec<_> = judge(&facts).into_iter().map(|violation| violation.kind).collect();
        assert!(kinds.iter().all(|kind| KINDS.contains(kind)));
        kinds.dedup();
        kinds
    }

    #[test]
    fn a_day_without_fault_is_found_good() {
        assert_eq!(judge(&good()), []);
    }

    #[test]
    fn what_is_sent_twice_is_found() {
        assert_eq!(with(|facts| facts.taken.push(taken(1, Way::Line, 550))), ["doubled_on_line"]);
        assert_eq!(with(|facts| facts.taken.push(taken(2, Way::Sms, 550))), ["doubled_by_sms"]);
        assert_eq!(with(|facts| facts.taken.push(taken(1, Way::Sms, 550))), ["doubled_over_both"]);
    }

    #[test]
    fn what_is_lost_is_found() {
        assert_eq!(with(|facts| drop(facts.taken.remove(1))), ["lost"]);
        assert_eq!(with(|facts| drop(facts.check_ins.remove(2))), ["lost"]);
        assert_eq!(with(|facts| facts.with_task.clear()), ["lost"]);
        assert_eq!(with(|facts| facts.deliveries[2].accepted_at = Some(at(DAY, 550))), ["lost"]);
    }

    #[test]
    fn what_goes_to_somebody_else_is_found() {
        assert_eq!(with(|facts| facts.taken[0].to = "U9".into()), ["wrong_address", "lost"]);
        assert_eq!(with(|facts| facts.taken[1].text = begins_with(1, true)), ["wrong_address"]);
        assert_eq!(with(|facts| facts.taken[0].check_in = Some(CheckInId(id(2)))), ["wrong_address"]);
    }

    #[test]
    fn what_comes_too_early_or_too_late_is_found() {
        for minute in [539, 600] {
            assert_eq!(with(|facts| facts.taken[0].at = at(DAY, minute)), ["outside_hours"], "{minute}");
        }
        assert_eq!(with(|facts| facts.taken[0].at = at(DAY + Days::new(2), 550)), ["outside_hours"]);
        assert_eq!(with(|facts| facts.people[0].hours = (540, 545)), ["outside_hours"]);
    }

    #[test]
    fn what_stays_open_or_is_down_as_something_else_is_found() {
        assert_eq!(with(|facts| facts.deliveries[0].state = DeliveryState::Unknown), ["not_closed"]);
        assert_eq!(with(|facts| facts.check_ins[2].state = CheckInState::Due), ["not_closed"]);
        assert_eq!(with(|facts| facts.stored[0].1 = InboundState::Stored), ["not_closed"]);
        let unsent = |facts: &mut Facts| {
            facts.deliveries[1].state = DeliveryState::Expired;
            facts.deliveries[1].accepted_at = None;
        };
        assert_eq!(with(unsent), ["untrue"]);
    }

    #[test]
    fn events_that_are_missing_or_there_twice_are_found() {
        assert_eq!(with(|facts| drop(facts.stored.remove(0))), ["events_missing"]);
        assert_eq!(with(|facts| facts.stored.push(facts.stored[1].clone())), ["events_twice"]);
        assert_eq!(with(|facts| facts.check_ins[0].state = CheckInState::Out), ["events_missing"]);
        assert_eq!(with(|facts| facts.seen.while_down = [("200".into(), 1)].into()), ["events_missing"]);
        assert_eq!(with(|facts| facts.seen.while_down = [("500".into(), 1)].into()), ["not_refused"]);
    }
}
