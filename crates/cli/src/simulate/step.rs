//! One step of one actor, drawn from a seed without looking at anything else: a history is a list of them, and any part of a
//! history can be played again.

use std::fmt;

use bansou_channels::{ChannelKind, SimulatorFault};

use crate::demo::clock::Dice;

/// How many people live in a history.
pub(super) const PEOPLE: u32 = 5;

/// What may happen to a job on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mishap {
    pub(super) point: &'static str,
    pub(super) nth: u32,
    pub(super) kind: MishapKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MishapKind {
    /// The memory of it is lost.
    Dies,
    /// The database seems to have gone.
    Fails,
    /// It stands still while others go on.
    Stands,
}

/// What one actor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Plan(Option<Mishap>),
    /// Claims, calls, records; the next calls meet these faults.
    Send {
        faults: [Option<(ChannelKind, SimulatorFault)>; 2],
        mishap: Option<Mishap>,
    },
    /// Claims, and loses its memory before anything is called.
    ClaimAndDie,
    /// A worker that stood still goes on: `abandon` if its memory was lost instead.
    Resume {
        abandon: bool,
    },
    Sweep {
        mishap: Option<Mishap>,
        provider_is_down: bool,
    },
    Silence(Option<Mishap>),
    Inbound(Option<Mishap>),
    /// Somebody answers the newest check-in on their phone; the webhook will come so many times.
    Answer {
        n: u32,
        choice: u32,
        copies: u32,
    },
    /// Somebody writes.
    Write {
        n: u32,
        by_sms: bool,
        copies: u32,
    },
    /// Somebody writes that nothing more shall come.
    WriteStop {
        n: u32,
        by_sms: bool,
        copies: u32,
    },
    /// Somebody blocks the account, or lets it in again.
    Block {
        n: u32,
        blocks: bool,
        copies: u32,
    },
    /// Webhooks that are on their way arrive, in any order.
    Webhooks {
        count: u32,
        order: u32,
        mishap: Option<Mishap>,
    },
    StaffStop {
        n: u32,
        cancels: bool,
    },
    Allow {
        n: u32,
    },
    /// Support ends (the person withdraws), or begins again.
    Support {
        n: u32,
        ends: bool,
    },
    Pause {
        n: u32,
        days: u32,
    },
    Unpause {
        n: u32,
    },
    /// Another LINE account; `used` is one that somebody else had before.
    Address {
        n: u32,
        used: bool,
    },
    Hours {
        n: u32,
        which: u32,
    },
    OfficeStop,
    OfficeResume,
    /// Everybody's messages to this person end in a panic from now on.
    Poison {
        n: u32,
    },
    /// What waits to go to this person can't be read any more.
    Spoil {
        n: u32,
    },
    Pass {
        seconds: u32,
    },
    /// To the next moment for which anything is planned.
    ToNextMoment,
    /// Leases run out while nobody sweeps.
    LeasesRunOut,
    /// Everybody's clocks are put back or on.
    ClockBack {
        minutes: u32,
    },
    ClockOn {
        minutes: u32,
    },
    /// Nothing of ours runs for so long.
    Outage {
        hours: u32,
    },
    /// Nothing of ours runs until the morning after the next weekend or holidays.
    LongBreak,
}

/// Points at which a job may stand still: it holds no transaction there.
const STANDS: [&str; 4] = ["claim.committed", "call.after", "record.before", "record.committed"];
const SEND_POINTS: [&str; 8] = [
    "claim.marked",
    "claim.before_commit",
    "claim.committed",
    "call.before",
    "call.after",
    "record.before",
    "record.before_commit",
    "record.committed",
];
const SWEEP_POINTS: [&str; 6] = [
    "lease.before_commit",
    "lease.committed",
    "sweep.before_commit",
    "sweep.committed",
    "lookup.asked",
    "lookup.before_commit",
];
pub(super) const HOURS: [&str; 4] = ["09:00-12:00", "13:00-17:00", "10:00-15:00", "09:00-20:00"];

/// The steps of a seed.
pub(super) fn history(seed: u64, steps: u32) -> Vec<Step> {
    let mut dice = Dice::new(seed);
    let mut all = vec![Step::Pass { seconds: dice.below(24 * 60) * 60 + dice.below(20) * 86_400 }];
    for _ in 1..steps {
        // What has just become due is often sent at once; else most histories would be about nothing.
        let is_due = matches!(all.last(), Some(Step::ToNextMoment));
        let step = if is_due && dice.chance(60) { send(&mut dice) } else { draw(&mut dice) };
        all.push(step);
    }
    all
}

fn draw(dice: &mut Dice) -> Step {
    match dice.below(1_000) {
        0..45 => Step::Plan(mishap(dice, 8, &["plan.before_commit", "plan.committed"])),
        45..265 => send(dice),
        265..295 => Step::ClaimAndDie,
        295..350 => Step::Resume { abandon: dice.chance(15) },
        350..450 => Step::Sweep { mishap: mishap(dice, 10, &SWEEP_POINTS), provider_is_down: dice.chance(10) },
        450..470 => Step::Silence(mishap(dice, 15, &["silence.before_commit", "silence.committed"])),
        470..525 => Step::Inbound(mishap(dice, 20, &["effect.before_commit", "effect.committed"])),
        525..590 => said(dice),
        590..640 => Step::Webhooks {
            count: dice.between(1, 6),
            order: dice.below(1_000),
            mishap: mishap(dice, 15, &["inbound.before_commit", "inbound.stored"]),
        },
        640..690 => office_work(dice),
        _ => time(dice),
    }
}

fn send(dice: &mut Dice) -> Step {
    let mut fault = || {
        if !dice.chance(35) {
            return None;
        }
        let kind = if dice.chance(60) { ChannelKind::Line } else { ChannelKind::Sms };
        let rare = |fault| matches!(fault, SimulatorFault::MonthlyQuota | SimulatorFault::Unauthorized);
        let fault = dice.pick(&SimulatorFault::ALL);
        Some((kind, if rare(fault) && !dice.chance(20) { SimulatorFault::TimeoutAfter } else { fault }))
    };
    let faults = [fault(), fault()];
    let mishap = match dice.below(100) {
        0..22 => Some(Mishap { point: dice.pick(&STANDS), nth: dice.between(1, 2), kind: MishapKind::Stands }),
        _ => mishap(dice, 25, &SEND_POINTS),
    };
    Step::Send { faults, mishap }
}

fn mishap(dice: &mut Dice, percent: u32, points: &[&'static str]) -> Option<Mishap> {
    if !dice.chance(percent) {
        return None;
    }
    let kind = if dice.chance(70) { MishapKind::Dies } else { MishapKind::Fails };
    Some(Mishap { point: dice.pick(points), nth: dice.between(1, 2), kind })
}

fn said(dice: &mut Dice) -> Step {
    let n = dice.between(1, PEOPLE);
    let copies = if dice.chance(60) { 1 } else { dice.between(2, 5) };
    let by_sms = dice.chance(30);
    match dice.below(100) {
        0..60 => Step::Answer { n, choice: dice.below(6), copies },
        60..82 => Step::Write { n, by_sms, copies },
        82..88 => Step::WriteStop { n, by_sms, copies },
        88..94 => Step::Block { n, blocks: true, copies },
        _ => Step::Block { n, blocks: false, copies },
    }
}

fn office_work(dice: &mut Dice) -> Step {
    let n = dice.between(1, PEOPLE);
    match dice.below(100) {
        0..9 => Step::StaffStop { n, cancels: dice.chance(50) },
        9..17 => Step::Allow { n },
        17..23 => Step::Support { n, ends: true },
        23..31 => Step::Support { n, ends: false },
        31..43 => Step::Pause { n, days: dice.below(4) },
        43..53 => Step::Unpause { n },
        53..67 => Step::Address { n, used: dice.chance(40) },
        67..77 => Step::Hours { n, which: dice.below(4) },
        77..83 => Step::OfficeStop,
        83..95 => Step::OfficeResume,
        95..97 => Step::Poison { n },
        _ => Step::Spoil { n },
    }
}

fn time(dice: &mut Dice) -> Step {
    match dice.below(100) {
        0..52 => Step::ToNextMoment,
        52..66 => Step::Pass { seconds: dice.between(20, 300) },
        66..76 => Step::Pass { seconds: dice.between(20, 150) * 60 },
        76..90 => Step::LeasesRunOut,
        90..92 => Step::ClockBack { minutes: dice.between(1, 180) },
        92..94 => Step::ClockOn { minutes: dice.between(1, 1_500) },
        94..98 => Step::Outage { hours: if dice.chance(70) { dice.between(1, 12) } else { dice.between(24, 96) } },
        _ => Step::LongBreak,
    }
}

impl Step {
    /// Its kind, for counting.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Plan(_) => "plan",
            Self::Send { .. } => "send",
            Self::ClaimAndDie => "claim_then_crash",
            Self::Resume { .. } => "late_result",
            Self::Sweep { .. } => "sweep",
            Self::Silence(_) => "silence",
            Self::Inbound(_) => "inbound",
            Self::Answer { .. } => "answer",
            Self::Write { .. } => "words",
            Self::WriteStop { .. } => "stop_by_the_person",
            Self::Block { .. } => "block",
            Self::Webhooks { .. } => "webhooks",
            Self::StaffStop { .. } => "stop_by_staff",
            Self::Allow { .. } => "contact_allowed",
            Self::Support { .. } => "withdrawal",
            Self::Pause { .. } => "pause",
            Self::Unpause { .. } => "unpause",
            Self::Address { .. } => "address_change",
            Self::Hours { .. } => "hours_change",
            Self::OfficeStop => "office_stop",
            Self::OfficeResume => "office_resume",
            Self::Poison { .. } => "poison",
            Self::Spoil { .. } => "unreadable",
            Self::Pass { .. } | Self::ToNextMoment => "time_passes",
            Self::LeasesRunOut => "leases_run_out",
            Self::ClockBack { .. } => "clock_back",
            Self::ClockOn { .. } => "clock_on",
            Self::Outage { .. } => "outage",
            Self::LongBreak => "long_break",
        }
    }

    pub(super) fn mishap(self) -> Option<Mishap> {
        match self {
            Self::Plan(mishap)
            | Self::Silence(mishap)
            | Self::Inbound(mishap)
            | Self::Send { mishap, .. }
            | Self::Sweep { mishap, .. }
            | Self::Webhooks { mishap, .. } => mishap,
            _ => None,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Plan(_) => write!(f, "the planner runs")?,
            Self::Send { faults, .. } => {
                write!(f, "the dispatcher runs")?;
                for (kind, fault) in faults.into_iter().flatten() {
                    write!(f, "; the next call to {kind:?} meets {}", fault.word())?;
                }
            }
            Self::ClaimAndDie => write!(f, "a dispatcher claims what is due and dies before it calls")?,
            Self::Resume { abandon: false } => write!(f, "a dispatcher that stood still goes on")?,
            Self::Resume { abandon: true } => write!(f, "a dispatcher that stood still is killed")?,
            Self::Sweep { provider_is_down, .. } => {
                write!(f, "the sweep runs")?;
                if provider_is_down {
                    write!(f, " while no provider can be reached")?;
                }
            }
            Self::Silence(_) => write!(f, "the job that notices silence runs")?,
            Self::Inbound(_) => write!(f, "stored events get their effect")?,
            Self::Answer { n, choice, copies } => {
                write!(f, "person {n} taps answer {choice} of their newest check-in (webhook {copies} times)")?;
            }
            Self::Write { n, by_sms, copies } => {
                write!(f, "person {n} writes by {} (webhook {copies} times)", way(by_sms))?;
            }
            Self::WriteStop { n, by_sms, copies } => {
                write!(f, "person {n} writes STOP by {} (webhook {copies} times)", way(by_sms))?;
            }
            Self::Block { n, blocks: true, copies } => {
                write!(f, "person {n} blocks the LINE account (webhook {copies} times)")?;
            }
            Self::Block { n, copies, .. } => write!(f, "person {n} adds the LINE account (webhook {copies} times)")?,
            Self::Webhooks { count, order, .. } => write!(f, "{count} webhooks arrive, order {order}")?,
            Self::StaffStop { n, cancels: true } => {
                write!(f, "staff stop contact to person {n} and cancel what waits")?;
            }
            Self::StaffStop { n, .. } => write!(f, "contact to person {n} is stopped")?,
            Self::Allow { n } => write!(f, "contact to person {n} is allowed again")?,
            Self::Support { n, ends: true } => write!(f, "person {n} withdraws: support ends")?,
            Self::Support { n, .. } => write!(f, "support of person {n} goes on")?,
            Self::Pause { n, days } => write!(f, "contact to person {n} is paused from today for {days} more days")?,
            Self::Unpause { n } => write!(f, "the pause of person {n} ends")?,
            Self::Address { n, used: true } => {
                write!(f, "person {n} gets a LINE account that somebody else had before")?;
            }
            Self::Address { n, .. } => write!(f, "person {n} gets another LINE account")?,
            Self::Hours { n, which } => write!(f, "person {n} may be written to at {}", HOURS[which as usize])?,
            Self::OfficeStop => write!(f, "the office stops sending")?,
            Self::OfficeResume => write!(f, "the office sends again")?,
            Self::Poison { n } => write!(f, "from now on calling for person {n} panics")?,
            Self::Spoil { n } => write!(f, "what waits to go to person {n} becomes unreadable")?,
            Self::Pass { seconds } => write!(f, "{seconds} s pass")?,
            Self::ToNextMoment => write!(f, "time passes to the next planned moment")?,
            Self::LeasesRunOut => write!(f, "181 s pass, and leases run out")?,
            Self::ClockBack { minutes } => write!(f, "clocks are put back by {minutes} min")?,
            Self::ClockOn { minutes } => write!(f, "clocks are put on by {minutes} min")?,
            Self::Outage { hours } => write!(f, "nothing runs for {hours} h")?,
            Self::LongBreak => write!(f, "nothing runs until the morning after the next free days")?,
        }
        let Some(Mishap { point, nth, kind }) = self.mishap() else { return Ok(()) };
        match kind {
            MishapKind::Dies => write!(f, ", and dies at {point} (time {nth})"),
            MishapKind::Fails => write!(f, ", and the database fails at {point} (time {nth})"),
            MishapKind::Stands => write!(f, ", and stands still at {point} (time {nth})"),
        }
    }
}

fn way(by_sms: bool) -> &'static str {
    if by_sms { "SMS" } else { "LINE" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_steps_and_another_one_others() {
        assert_eq!(history(7, 300), history(7, 300));
        assert_ne!(history(7, 300), history(8, 300));
        assert_eq!(history(7, 300).len(), 300);
    }

    #[test]
    fn every_kind_of_step_is_drawn_and_says_what_happens() {
        let all: Vec<Step> = (0..50).flat_map(|seed| history(seed, 300)).collect();
        let words: std::collections::BTreeSet<&str> = all.iter().map(|step| step.word()).collect();
        assert_eq!(words.len(), 29, "{words:?}");
        assert!(all.iter().all(|step| step.to_string().len() > 5));
    }

    #[test]
    fn every_point_is_one_that_exists() {
        let mishaps = (0..50).flat_map(|seed| history(seed, 300)).filter_map(Step::mishap);
        assert!(mishaps.into_iter().all(|mishap| bansou_store::crash::POINTS.contains(&mishap.point)));
    }
}
