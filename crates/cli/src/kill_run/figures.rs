//! What a kill run comes to, for people and for programs.

use std::collections::BTreeMap;
use std::io::Write as _;

use bansou_core::check_in::CheckInState;
use serde_json::{Value, json};

use super::Plan;
use super::facts::Facts;
use super::judge::{KINDS, Violation};
use super::provider::Way;
use crate::failure::Done;
use crate::terminal::Terminal;

/// So many violations of one kind are told in words.
const TOLD: usize = 5;

/// What was done to the processes and the database.
#[derive(Default)]
pub(super) struct Mischief(pub(super) BTreeMap<&'static str, u64>);

impl Mischief {
    pub(super) fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }
}

/// Everything that is printed.
pub(super) struct Figures {
    value: Value,
    violations: Vec<Violation>,
}

impl Figures {
    pub(super) fn new(
        plan: &Plan,
        facts: &Facts,
        mischief: &Mischief,
        calls: &BTreeMap<&'static str, u64>,
        lost_claims: u64,
        violations: Vec<Violation>,
    ) -> Self {
        let by = |way| facts.taken.iter().filter(|taken| taken.way == way).count();
        let claims: i64 = facts.deliveries.iter().map(|row| row.attempts).sum();
        let broken: BTreeMap<&str, usize> = KINDS
            .iter()
            .map(|kind| (*kind, violations.iter().filter(|violation| violation.kind == *kind).count()))
            .collect();
        let value = json!({
            "database": format!("{:?}", plan.database).to_lowercase(),
            "seed": plan.seed,
            "messages": plan.messages,
            "offices": plan.offices,
            "speed": plan.speed,
            "crash_points": bansou_store::crash::ARE_HERE,
            "mischief": mischief.0,
            "provider": calls,
            "taken": { "line": by(Way::Line), "sms": by(Way::Sms) },
            "claims": claims,
            "lost_claims": lost_claims,
            "check_ins": states(facts),
            "handed_over": handed_over(facts),
            "webhooks": {
                "events": facts.seen.events,
                "calls": facts.seen.calls,
                "acknowledged": facts.seen.acknowledged.len(),
                "stored": facts.stored.len(),
                "answers": facts.seen.pressed.len(),
                "refused": facts.seen.refused,
                "while_down": facts.seen.while_down,
            },
            "violations": broken,
        });
        Self { value, violations }
    }

    pub(super) fn is_good(&self) -> bool {
        self.violations.is_empty()
    }

    pub(super) fn print(&self, as_json: bool, terminal: &mut Terminal) -> Done {
        if as_json {
            writeln!(terminal.out, "{:#}", self.value)?;
        } else {
            for (name, value) in self.value.as_object().into_iter().flatten() {
                writeln!(terminal.out, "{name:<14} {}", said(value))?;
            }
        }
        let mut told: BTreeMap<&str, usize> = BTreeMap::new();
        for violation in &self.violations {
            let count = told.entry(violation.kind).or_default();
            *count += 1;
            if *count <= TOLD {
                writeln!(terminal.err, "{}: {}", violation.kind, violation.words)?;
            }
        }
        for (kind, count) in told.into_iter().filter(|(_, count)| *count > TOLD) {
            writeln!(terminal.err, "{kind}: and {} more", count - TOLD)?;
        }
        Ok(())
    }
}

fn said(value: &Value) -> String {
    let Some(object) = value.as_object() else { return value.to_string() };
    let parts: Vec<String> = object.iter().map(|(name, value)| format!("{name} {}", said(value))).collect();
    parts.join(", ")
}

fn states(facts: &Facts) -> BTreeMap<String, u64> {
    let mut states = BTreeMap::new();
    for row in &facts.check_ins {
        *states.entry(row.state.to_string()).or_default() += 1;
    }
    states
}

/// Of those that went to a person, why: for whom nothing was prepared, and for poisoned rows.
fn handed_over(facts: &Facts) -> BTreeMap<String, u64> {
    let mut why = BTreeMap::new();
    for row in facts.check_ins.iter().filter(|row| row.state == CheckInState::HandedOver) {
        let person = facts.people.iter().find(|person| person.id == row.graduate);
        let word = match person {
            Some(person) if person.poison.is_some() => format!("poisoned_{:?}", person.poison).to_lowercase(),
            Some(person) if person.unknown_to_line => "unknown_to_line".into(),
            _ => {
                let newest = facts.deliveries.iter().rfind(|delivery| delivery.check_in == Some(row.id));
                let way = newest.map_or("none".into(), |delivery| delivery.channel_kind.to_string());
                let code = newest.and_then(|delivery| delivery.state_code.clone()).unwrap_or_default();
                format!("{way}_{code}_{}", row.reason.clone().unwrap_or_default())
            }
        };
        let word = word.replace("some(", "").replace(')', "");
        *why.entry(word).or_default() += 1;
    }
    why
}
