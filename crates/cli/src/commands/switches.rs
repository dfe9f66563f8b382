//! `bansou stop` and `bansou resume`: the switches for whoever stands at the server. The next claim of every process obeys, and
//! so does the last look before each call.

use std::io::Write as _;

use bansou_channels::Secret;
use bansou_core::audit::Actor;
use bansou_core::ids::OfficeId;
use bansou_store::{Halt, HaltReason, HaltScope, Store};

use crate::args::{ResumeCommand, StopCommand};
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::opening;
use crate::terminal::Terminal;
use crate::{ambient, wiring};

const STILL_RECEIVED: &str =
    "What comes in is still received, and pages work. A call that has begun ends within seconds.";
const WHAT_EXPIRES: &str = "What can't leave in its time meanwhile becomes a task for a person.";

/// Stops.
pub(crate) async fn stop(config: &Config, wanted: Option<&str>, what: &StopCommand, terminal: &mut Terminal) -> Done {
    let store = opening::open_existing(config, ambient::of_the_system()).await?;
    // After a restore everything stands still anyway. A stop counts also where it can't be kept for then.
    if !matches!(what, StopCommand::Everything)
        && let Err(words) = wiring::journal(config, &store)
    {
        writeln!(terminal.err, "{words}; a restored backup would forget this stop")?;
    }
    match what {
        StopCommand::Everything => {
            let scope = HaltScope::Everything;
            let is_new = store.halt_by(Actor::COMMAND, &scope, &all(&store).await?).await?;
            told_stopped(&store, &scope, is_new, "everything", terminal).await?;
        }
        StopCommand::Channel { id } => {
            known(config, id)?;
            let scope = HaltScope::Channel(id.clone());
            let is_new = store.halt_by(Actor::COMMAND, &scope, &owner(&store).await?).await?;
            told_stopped(&store, &scope, is_new, &format!("channel {id}"), terminal).await?;
        }
        StopCommand::Office { why } => {
            let office = opening::office(&store, wanted).await?;
            let tx = store.begin(office.id).await?;
            let is_new = tx.stop_office(Actor::COMMAND, why.trim()).await?;
            let waiting = tx.deliveries_waiting().await?;
            tx.save().await?;
            let said = if is_new { "now stands still" } else { "stood still already" };
            writeln!(terminal.out, "Sending of {} {said}. {}", office.name, wait(waiting))?;
            writeln!(terminal.out, "{STILL_RECEIVED} {WHAT_EXPIRES}\nTo resume: bansou resume office")?;
        }
    }
    Ok(store.close().await?)
}

/// Resumes.
pub(crate) async fn resume(
    config: &Config,
    wanted: Option<&str>,
    what: &ResumeCommand,
    terminal: &mut Terminal,
) -> Done {
    let store = opening::open_existing(config, ambient::of_the_system()).await?;
    if !matches!(what, ResumeCommand::Everything) {
        wiring::journal(config, &store).map_err(Failure::usage)?;
    }
    let went = match what {
        ResumeCommand::Everything => {
            let scope = HaltScope::Everything;
            store.assert_may_resume().await?;
            store.release_by(Actor::COMMAND, &scope, &all(&store).await?).await?
        }
        ResumeCommand::Channel { id } => {
            let scope = HaltScope::Channel(id.clone());
            let went = store.release_by(Actor::COMMAND, &scope, &owner(&store).await?).await?;
            if !went {
                known(config, id)?;
            }
            went
        }
        ResumeCommand::Office => {
            let office = opening::office(&store, wanted).await?;
            let tx = store.begin(office.id).await?;
            let went = tx.resume_office(Actor::COMMAND).await?;
            tx.save().await?;
            went
        }
    };
    if went {
        writeln!(terminal.out, "Resumed. What waits leaves within seconds, in people's hours and in its order.")?;
    } else {
        writeln!(terminal.out, "It wasn't stopped by this switch; nothing has changed.")?;
    }
    still(&store, terminal).await?;
    Ok(store.close().await?)
}

/// A switch in words.
pub(crate) fn in_words(halt: &Halt) -> String {
    let what = match &halt.scope {
        HaltScope::Everything => "everything".to_owned(),
        HaltScope::Channel(id) => format!("channel {id}"),
    };
    let (why, first) = match halt.reason {
        HaltReason::Operator => ("stopped by a person", ""),
        HaltReason::Restored => ("stopped by a restore", "bansou reconcile, then "),
    };
    format!("{what}: {why} since {} UTC; {first}bansou resume {what}", halt.since.format("%Y-%m-%d %H:%M"))
}

/// What else stands still.
async fn still(store: &Store, terminal: &mut Terminal) -> Done {
    for halt in store.halts().await? {
        writeln!(terminal.out, "Still stopped: {}", in_words(&halt))?;
    }
    for office in store.offices().await?.iter().filter(|office| office.sending_stopped_at.is_some()) {
        writeln!(terminal.out, "Still stopped: {}; bansou resume office --office {}", office.name, office.id)?;
    }
    Ok(())
}

async fn told_stopped(store: &Store, scope: &HaltScope, is_new: bool, name: &str, terminal: &mut Terminal) -> Done {
    let waiting = store.waiting_under(scope).await?;
    let said = match (scope, is_new) {
        (HaltScope::Everything, true) => "Everything now stands still: no message of any office leaves".to_owned(),
        (HaltScope::Channel(id), true) => format!("Channel {id} now stands still: no message leaves by it"),
        (HaltScope::Everything, false) => "Everything stood still already".to_owned(),
        (HaltScope::Channel(id), false) => format!("Channel {id} stood still already"),
    };
    writeln!(terminal.out, "{said}. {}", wait(waiting))?;
    Ok(writeln!(terminal.out, "{STILL_RECEIVED} {WHAT_EXPIRES}\nTo resume: bansou resume {name}")?)
}

fn wait(waiting: u64) -> String {
    match waiting {
        0 => "Nothing waits.".to_owned(),
        1 => "1 message waits.".to_owned(),
        n => format!("{n} messages wait."),
    }
}

/// A typing error must not leave a channel running that somebody wanted to stop.
fn known(config: &Config, id: &str) -> Done {
    let built = wiring::channels(config, &Secret::new("not used")).map_err(Failure::usage)?;
    let ids: Vec<&str> = built.list.iter().map(bansou_channels::Channel::id).collect();
    if ids.contains(&id) {
        return Ok(());
    }
    Err(Failure::usage(format!("channel {id}: there is none; the configured ones are {}", ids.join(", "))))
}

async fn all(store: &Store) -> Done<Vec<OfficeId>> {
    Ok(store.offices().await?.iter().map(|office| office.id).collect())
}

/// Channels belong to the first office.
async fn owner(store: &Store) -> Done<Vec<OfficeId>> {
    Ok(store.offices().await?.first().map(|office| office.id).into_iter().collect())
}
