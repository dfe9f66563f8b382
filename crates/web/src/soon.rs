//! What a reader has to give soon, told on whatever page they are: answers whose clock has come far, and promises (S2.1, S2.9).
//!
//! Only their own people's and what they promised themselves. Pages whose list shows the same say nothing on top of it.

use bansou_core::commitment::Standing;
use bansou_core::reply::Rung;
use bansou_store::{Commitment, Mine, Tx};
use chrono::TimeDelta;

use crate::care::Caring;
use crate::errors::Failure;
use crate::pages::frame::{Soon, SoonWhat};
use crate::promises;
use crate::signed::Signed;

/// Lists that show what is due by themselves.
const SHOW_IT: [&str; 3] = ["/today", "/inbox", "/promises"];
/// Threads looked at, the longest waiting first: more are a list's matter.
const LOOKED_AT: u64 = 100;
/// No promise of a later time is soon, whoever is away before it; Today tells of those, too.
const AHEAD: TimeDelta = TimeDelta::days(14);
/// Lines told at once; the rest is on Today.
const TOLD: usize = 3;

/// The lines, soonest first, and whether there are more.
pub(crate) async fn soon(signed: &Signed, tx: &Tx) -> Result<(Vec<Soon>, bool), Failure> {
    let page = signed.path.split('?').next().unwrap_or_default();
    if SHOW_IT.contains(&page) {
        return Ok((Vec::new(), false));
    }
    let open = tx.commitments_open_until(signed.now() + AHEAD).await?;
    // Working time passes no faster than any other: on most pages the look ends here.
    let warned = signed.now() - TimeDelta::minutes(signed.office.settings.reply.warn_minutes.into());
    if open.is_empty() && !tx.is_reply_due_since(warned).await? {
        return Ok((Vec::new(), false));
    }
    let caring = Caring::load(signed, tx).await?;
    let mine = caring.mine(tx.pairs().await?);
    let mut lines = answers(signed, tx, &mine).await?;
    lines.extend(promised(&caring, tx, &mine, &open).await?);
    lines.retain(|line| line.href != page);
    lines.sort_by_key(|line| line.at);
    let more = lines.len() > TOLD;
    lines.truncate(TOLD);
    Ok((lines, more))
}

async fn answers(signed: &Signed, tx: &Tx, mine: &Mine) -> Result<Vec<Soon>, Failure> {
    let threads = tx.threads_due_of(mine, LOOKED_AT).await?;
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    let clocks = promises::clocks(signed, tx, &threads.iter().collect::<Vec<_>>()).await?;
    let people = tx.people(&threads.iter().map(|thread| thread.graduate).collect::<Vec<_>>()).await?;
    let line = |thread: &bansou_store::Thread| {
        let clock = clocks.get(&thread.graduate).filter(|clock| clock.pause.is_none() && clock.rung > Rung::InTime)?;
        Some(Soon {
            what: SoonWhat::Answer,
            name: people.get(&thread.graduate)?.profile.name.clone(),
            href: format!("/inbox/{}", thread.graduate),
            at: signed.local(clock.due_at?),
            is_past: clock.rung > Rung::Soon,
        })
    };
    Ok(threads.iter().filter_map(line).collect())
}

async fn promised(caring: &Caring<'_>, tx: &Tx, mine: &Mine, open: &[Commitment]) -> Result<Vec<Soon>, Failure> {
    let near = open.iter().filter_map(|one| match promises::standing_of(caring, one) {
        Standing::Ahead => None,
        standing => Some((one, standing == Standing::Late)),
    });
    let mut near: Vec<_> = near.collect();
    if near.iter().any(|(one, _)| one.staff != mine.staff) {
        let of_mine = tx.people_of(mine).await?;
        near.retain(|(one, _)| one.staff == mine.staff || of_mine.contains(&one.graduate));
    }
    if near.is_empty() {
        return Ok(Vec::new());
    }
    let people = tx.people(&near.iter().map(|(one, _)| one.graduate).collect::<Vec<_>>()).await?;
    let line = |(one, is_past): (&Commitment, bool)| {
        Some(Soon {
            what: SoonWhat::Promise,
            name: people.get(&one.graduate)?.profile.name.clone(),
            href: format!("/promises/{}", one.id),
            at: caring.signed.local(one.due_at),
            is_past,
        })
    };
    Ok(near.into_iter().filter_map(line).collect())
}
