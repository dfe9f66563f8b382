//! An office over many days: people with habits, providers with faults, and the same judge as for random steps.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use bansou_channels::{ChannelKind, PhoneAction, SimulatorFault};
use bansou_core::audit::Actor;
use bansou_core::graduate::PauseDates;
use bansou_store::Pause;
use chrono::{NaiveDate, TimeDelta};
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::{Value, json};

use super::habits::{Act, Crowd};
use super::known::{at_hour, local_day};
use super::play::Player;
use super::stage::{Newcomer, Template, channel_word};
use super::verdict::all_rows;
use crate::args::SimulateArgs;
use crate::demo::clock::Dice;
use crate::failure::{Done, Failure};
use crate::terminal::Terminal;

/// Faults of a thousand calls unless a file says otherwise.
const USUAL: [(SimulatorFault, u32); 6] = [
    (SimulatorFault::Reset, 20),
    (SimulatorFault::ErrorBefore, 20),
    (SimulatorFault::ErrorAfter, 20),
    (SimulatorFault::TimeoutAfter, 20),
    (SimulatorFault::ResetAfter, 10),
    (SimulatorFault::RateLimited, 20),
];
/// More calls than one moment brings.
const CALLS: usize = 64;

/// Plays the days and prints the summary.
pub(super) async fn run(args: &SimulateArgs, people: u32, days: u32, terminal: &mut Terminal) -> Done {
    let begun = Instant::now();
    let rates = rates(args.faults.as_deref())?;
    // The first Monday of a fiscal year; Golden Week lies three weeks ahead.
    let first = NaiveDate::from_ymd_opt(2026, 4, 6).unwrap_or_default();
    let start = at_hour(first, 6);
    let newcomers: Vec<_> = (1..=people).map(|n| newcomer(n, first)).collect();
    let template = Template::set_up(args.database.as_deref(), start, &newcomers).await?;
    let mut player = Player::begin(&template, args.seed).await?;
    let mut crowd = Crowd::new(people, days, start, args.seed);
    let mut dice = Dice::new(args.seed ^ 0xfa17);
    let watched = if terminal.is_watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(days.into()), watched);
    let end = start + TimeDelta::days(days.into());
    while player.stage.now() < end {
        bar.set_position(u64::try_from((player.stage.now() - start).num_days()).unwrap_or(0));
        faults(&player, &rates, &mut dice);
        player.stage.tick().await?;
        look(&mut player, &mut crowd);
        if acts(&mut player, &mut crowd).await? {
            player.stage.tick().await?;
            look(&mut player, &mut crowd);
        }
        let now = player.stage.now();
        let next = player.stage.next_moment(end).await?;
        let next = crowd.next_at().map_or(next, |act| act.clamp(now, next));
        player.stage.clock.set(next);
    }
    bar.finish_and_clear();
    let trail = player.trail().await?;
    player.oracle.note_claims(&trail);
    player.judge().await?;
    let figures = figures(&player, args, (people, days), begun.elapsed().as_secs_f64()).await?;
    let is_good = player.oracle.violations.is_empty();
    for violation in &player.oracle.violations {
        writeln!(terminal.err, "{}: {}", violation.promise, violation.words)?;
    }
    player.clear().await?;
    template.clear().await?;
    writeln!(terminal.out, "{}", serde_json::to_string_pretty(&figures).map_err(Failure::failed)?)?;
    if is_good { Ok(()) } else { Err(Failure::Said) }
}

/// Of ten people one has SMS only and two have LINE only; some have just been hired, others months ago.
fn newcomer(n: u32, first: NaiveDate) -> Newcomer {
    let hired_on = first - TimeDelta::days(i64::from((n * 7) % 80)) + TimeDelta::days(5);
    Newcomer { n, hired_on, line: n % 10 != 1, sms: !matches!(n % 10, 2 | 3), daily: false }
}

/// Chooses what the calls of the next moment meet.
fn faults(player: &Player, rates: &[(SimulatorFault, u32)], dice: &mut Dice) {
    player.stage.inbox.recover();
    for kind in [ChannelKind::Line, ChannelKind::Sms] {
        let draw = || {
            let mut at = dice.below(1_000);
            for (fault, rate) in rates {
                if at < *rate {
                    return Some(*fault);
                }
                at -= rate;
            }
            None
        };
        player.stage.inbox.script(kind, std::iter::repeat_with(draw).take(CALLS).collect::<Vec<_>>());
    }
}

/// Judges what was sent; whoever got something decides what to do about it.
fn look(player: &mut Player, crowd: &mut Crowd) {
    let seen = player.oracle.ledger.len();
    let last = player.oracle.ledger.last().map_or(0, |message| message.number);
    player.oracle.judge_taken(&player.known, player.stage.inbox.accepted_after(last));
    for message in &player.oracle.ledger[seen..] {
        if let Some(person) = player.known.owner(message.to.as_str()) {
            crowd.gets(person.n, message);
        }
    }
}

/// Everybody does what is due, through the same door as a provider; says whether somebody did.
async fn acts(player: &mut Player, crowd: &mut Crowd) -> Done<bool> {
    let (mut may_have_changed, mut acted) = (false, false);
    while let Some((n, act)) = crowd.next(player.stage.now()) {
        acted = true;
        let has_line = player.known.person(n).line.is_some();
        let (action, is_stop) = match act {
            Act::Pause { days } => {
                pause(player, n, days).await?;
                continue;
            }
            Act::Text(text) => (Said::Text(text), false),
            Act::Stop if has_line => (Said::Chat(PhoneAction::Text("配信停止".into())), true),
            Act::Stop => (Said::Text("STOP".into()), true),
            Act::Chat(action) => {
                may_have_changed |= matches!(action, PhoneAction::Block | PhoneAction::Follow);
                (Said::Chat(action), false)
            }
        };
        may_have_changed |= is_stop;
        let copies = crowd.copies();
        match action {
            Said::Chat(action) => player.chats(n, &action, is_stop, copies).await?,
            Said::Text(text) => player.texts(n, &text, is_stop, copies).await?,
        }
    }
    if may_have_changed {
        player.stage.engine.inbound().await.map_err(Failure::failed)?;
        player.known.refresh(&player.stage).await?;
        player.stops_are_obeyed();
    }
    Ok(acted)
}

enum Said {
    Chat(PhoneAction),
    Text(String),
}

async fn pause(player: &mut Player, n: u32, days: u32) -> Done {
    let from = local_day(player.stage.now());
    let dates = PauseDates { from, until: Some(from + TimeDelta::days(days.into())) };
    let id = player.known.person(n).id;
    let tx = player.stage.begin().await?;
    tx.pause_graduate(Actor::staff(player.stage.staff), id, &Pause { dates, reason: "旅行".into() }).await?;
    tx.save().await?;
    player.known.person(n).pause = Some(dates);
    Ok(())
}

async fn figures(player: &Player, args: &SimulateArgs, (people, days): (u32, u32), seconds: f64) -> Done<Value> {
    let mut check_ins: BTreeMap<&str, u64> = BTreeMap::new();
    for row in all_rows(&player.stage).await? {
        *check_ins.entry(row.state.as_str()).or_default() += 1;
    }
    let mut sent: BTreeMap<&str, u64> = BTreeMap::new();
    for message in &player.oracle.ledger {
        *sent.entry(channel_word(message)).or_default() += 1;
    }
    let mut violations: BTreeMap<&str, u64> = BTreeMap::new();
    for violation in &player.oracle.violations {
        *violations.entry(violation.promise).or_default() += 1;
    }
    let faults: BTreeMap<_, _> =
        player.stage.inbox.faults().into_iter().map(|(fault, count)| (fault.word(), count)).collect();
    Ok(json!({
        "database": if args.database.is_some() { "postgres" } else { "sqlite" },
        "graduates": people,
        "days": days,
        "seed": args.seed,
        "seconds": (seconds * 100.0).round() / 100.0,
        "check_ins": check_ins,
        "sent": sent,
        "calls": player.stage.inbox.calls(),
        "faults": faults,
        "webhooks": player.webhooks,
        "violations": violations,
    }))
}

/// Reads how often each fault comes.
fn rates(file: Option<&Path>) -> Done<Vec<(SimulatorFault, u32)>> {
    let Some(file) = file else { return Ok(USUAL.to_vec()) };
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("--faults: {name}: {error}")))?;
    let read: BTreeMap<String, u32> =
        toml::from_str(&text).map_err(|error| Failure::usage(format!("--faults: {name}: {error}")))?;
    let fault = |(word, rate): (String, u32)| {
        let known = SimulatorFault::ALL.into_iter().find(|fault| fault.word() == word);
        let all = SimulatorFault::ALL.map(SimulatorFault::word).join(", ");
        known
            .map(|fault| (fault, rate))
            .ok_or_else(|| Failure::usage(format!("--faults: {name}: there is no fault “{word}”; there are {all}")))
    };
    let rates = read.into_iter().map(fault).collect::<Done<Vec<_>>>()?;
    if rates.iter().map(|(_, rate)| u64::from(*rate)).sum::<u64>() > 1_000 {
        return Err(Failure::usage(format!("--faults: {name}: more than 1000 of a thousand calls")));
    }
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_faults_is_read_and_a_wrong_word_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("faults.toml");
        std::fs::write(&file, "timeout_after = 100\nreset = 5\n").unwrap();
        assert_eq!(rates(Some(&file)).unwrap(), [(SimulatorFault::Reset, 5), (SimulatorFault::TimeoutAfter, 100)]);
        for (text, named) in [("rain = 3", "rain"), ("reset = 1001", "1000"), ("reset", "faults.toml")] {
            std::fs::write(&file, text).unwrap();
            let failure = rates(Some(&file)).unwrap_err();
            assert!(failure.status() == 2 && failure.to_string().contains(named), "{failure}");
        }
    }

    #[test]
    fn the_usual_faults_leave_most_calls_alone() {
        assert!(USUAL.iter().map(|(_, rate)| rate).sum::<u32>() < 200);
    }
}
