//! What every page tells its reader at a glance: how many people are left on Today, beside its name in the menu, and what the reader has
//! to give soon, answers whose clock has come far and promises (S2.1, S2.9).
//!
//! Both need a look at everything that asks for a hand. So they are remembered until something changes in the office, and no longer than a
//! minute, because time alone makes things due.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bansou_core::commitment::Standing;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::reply::Rung;
use bansou_store::{Commitment, TodayFacts, Tx};
use chrono::TimeDelta;

use crate::areas::today::Asking;
use crate::errors::Failure;
use crate::pages::frame::{Soon, SoonWhat};
use crate::promises;
use crate::signed::Signed;

/// Lists that show what is due by themselves: nothing is said on top of it.
const SHOW_IT: [&str; 3] = ["/today", "/inbox", "/promises"];
/// No promise of a later time is soon, whoever is away before it; Today tells of those, too.
const AHEAD: TimeDelta = TimeDelta::days(14);
/// Lines told at once; the rest is on Today.
const TOLD: usize = 3;

/// What is told at a glance.
#[derive(Clone)]
pub(crate) struct Glance {
    /// As many people as the page says that a link to Today opens.
    pub(crate) left: u32,
    /// What the reader has to give soon, and has promised: only their own people's. Soonest first.
    soon: Vec<Soon>,
}

impl Glance {
    /// Sums up what asks for a hand.
    pub(crate) async fn of(asking: &Asking<'_>, tx: &Tx) -> Result<Self, Failure> {
        let left = asking.left();
        let due: Vec<_> = asking.today.people.iter().flat_map(|facts| due_soon(asking, facts)).collect();
        let people = tx.people(&due.iter().map(|(graduate, _)| *graduate).collect::<Vec<_>>()).await?;
        let named = |(graduate, line): (GraduateId, Soon)| {
            Some(Soon { name: people.get(&graduate)?.profile.name.clone(), ..line })
        };
        let mut soon: Vec<_> = due.into_iter().filter_map(named).collect();
        soon.sort_by_key(|line| line.at);
        Ok(Self { left: u32::try_from(left).unwrap_or(u32::MAX), soon })
    }

    /// The lines that a page tells, and whether there are more. A page says nothing about what it shows itself.
    pub(crate) fn soon_on(&self, page: &str) -> (Vec<Soon>, bool) {
        let page = page.split('?').next().unwrap_or_default();
        if SHOW_IT.contains(&page) {
            return (Vec::new(), false);
        }
        let lines = || self.soon.iter().filter(|line| line.href != page);
        (lines().take(TOLD).cloned().collect(), lines().nth(TOLD).is_some())
    }
}

/// What was told last, by reader.
#[derive(Default)]
pub(crate) struct Glances(Mutex<HashMap<StaffId, (Moment, Glance)>>);

/// Of what it holds: so many changes, and this minute.
type Moment = (i64, i64);

impl Glances {
    /// What a page tells. Where it refuses a form `tx` holds what may never be so: nothing of it is remembered.
    pub(crate) async fn get(&self, signed: &Signed, tx: &Tx, may_remember: bool) -> Result<Glance, Failure> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&signed.staff.id).cloned();
        if let Some((_, glance)) = known.filter(|(moment, _)| *moment == now(signed)) {
            return Ok(glance);
        }
        let glance = Glance::of(&Asking::load(signed, tx).await?, tx).await?;
        if may_remember {
            self.remember(signed, glance.clone());
        }
        Ok(glance)
    }

    /// The page itself has looked.
    pub(crate) fn remember(&self, signed: &Signed, glance: Glance) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(signed.staff.id, (now(signed), glance));
    }
}

/// Changes as they were before anything of this page was read: what is remembered may be newer, never older.
fn now(signed: &Signed) -> Moment {
    (signed.changes, signed.now().timestamp().div_euclid(60))
}

/// What the reader owes a person soon, without their name.
fn due_soon(asking: &Asking<'_>, facts: &TodayFacts) -> Vec<(GraduateId, Soon)> {
    let (me, is_mine) = (asking.caring.signed.staff.id, asking.mine.contains(&facts.graduate));
    let answer = is_mine.then(|| answer(asking, facts)).flatten();
    let promises = facts.promises.iter().filter(|one| is_mine || one.staff == me);
    let lines = answer.into_iter().chain(promises.filter_map(|one| promise(asking, one)));
    lines.map(|line| (facts.graduate, line)).collect()
}

fn answer(asking: &Asking<'_>, facts: &TodayFacts) -> Option<Soon> {
    let clock = asking.clock(facts).filter(|clock| clock.pause.is_none() && clock.rung > Rung::InTime)?;
    Some(Soon {
        what: SoonWhat::Answer,
        name: String::new(),
        href: format!("/inbox/{}", facts.graduate),
        at: asking.caring.signed.local(clock.due_at?),
        is_past: clock.rung > Rung::Soon,
    })
}

fn promise(asking: &Asking<'_>, one: &Commitment) -> Option<Soon> {
    let signed = asking.caring.signed;
    let standing = promises::standing_of(&asking.caring, one);
    if standing == Standing::Ahead || one.due_at > signed.now() + AHEAD {
        return None;
    }
    Some(Soon {
        what: SoonWhat::Promise,
        name: String::new(),
        href: format!("/promises/{}", one.id),
        at: signed.local(one.due_at),
        is_past: standing == Standing::Late,
    })
}
