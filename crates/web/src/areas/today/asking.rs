//! What asks for a hand today, of whom, and whether it rests: all that is told of it on every page. Nobody's name is opened for it.

use std::collections::{HashMap, HashSet};

use bansou_core::commitment::Standing;
use bansou_core::ids::GraduateId;
use bansou_core::reply::ReplyClock;
use bansou_core::sign::SignStep;
use bansou_core::staff::Role;
use bansou_core::task::{CallOutcome, TaskReason};
use bansou_core::today::{Need, TodayRule, Waiting, most_pressing_first};
use bansou_store::{Mine, Task, Today, TodayFacts, TodaySpan, Tx};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::care::Caring;
use crate::errors::Failure;
use crate::pages::today::Whose;
use crate::promises;
use crate::signed::Signed;

/// Silence, failures and rests older than this are no longer today's work.
const LOOKS_BACK: TimeDelta = TimeDelta::days(14);

/// What asks for a hand in the reader's office.
pub(crate) struct Asking<'a> {
    pub(crate) caring: Caring<'a>,
    /// The reader's people.
    pub(crate) mine: HashSet<GraduateId>,
    /// Whose rows the reader begins with.
    pub(super) whose: Whose,
    pub(crate) today: Today,
    clocks: HashMap<GraduateId, ReplyClock>,
}

impl<'a> Asking<'a> {
    pub(crate) async fn load(signed: &'a Signed, tx: &Tx) -> Result<Self, Failure> {
        let day = signed.today();
        let end = day_start(signed, day.checked_add_days(Days::new(1)).unwrap_or(day));
        let month_start = (day.day() >= TodayRule::embedded().duty.meeting_from_day)
            .then(|| day_start(signed, day.with_day(1).unwrap_or(day)));
        let caring = Caring::load(signed, tx).await?;
        // What warns before the day is over is seen today: what is promised for the first hour of somebody's next working day, too (S2.9).
        let mut promised = tx.commitments_open().await?;
        promised.retain(|one| promises::standing_at(&caring, one, end) != Standing::Ahead);
        let span = TodaySpan { since: signed.now() - LOOKS_BACK, until: end, day, month_start };
        let today = tx.today(span, promised).await?;
        let threads: Vec<_> = today.people.iter().filter_map(|facts| facts.thread.as_ref()).collect();
        let clocks = promises::clocks(signed, tx, &threads).await?;
        let mine = caring.mine(tx.pairs().await?);
        let whose = default_whose(&caring, &mine);
        Ok(Self { mine: tx.people_of(&mine).await?, whose, caring, today, clocks })
    }

    /// Somebody's needs in their order, and whether somebody decided that they rest now.
    pub(super) fn needs(&self, facts: &TodayFacts) -> (Vec<Waiting>, bool) {
        let signed = self.caring.signed;
        let now = signed.now();
        let mut needs = all_needs(signed, facts, self.clock(facts));
        let Some(resting) = &facts.resting else {
            most_pressing_first(&mut needs, now);
            return (needs, false);
        };
        let rests = resting.put_off.rests(&needs, now);
        // Woken by something new before its time, what waits stands where it would.
        if !rests && now >= resting.put_off.until {
            needs = needs.into_iter().map(|waiting| resting.put_off.moved(waiting, now)).collect();
        }
        most_pressing_first(&mut needs, now);
        (needs, rests)
    }

    /// Whether a person's row is the reader's. Whoever promised has to see it, whoever's the person is.
    pub(super) fn is_mine(&self, facts: &TodayFacts) -> bool {
        let me = self.caring.signed.staff.id;
        self.mine.contains(&facts.graduate) || facts.promises.iter().any(|one| one.staff == me)
    }

    /// Where the reply clock of somebody's thread stands, where an answer is due.
    pub(crate) fn clock(&self, facts: &TodayFacts) -> Option<&ReplyClock> {
        self.clocks.get(&facts.graduate)
    }

    /// How many people the page shows that a link without a wish opens.
    pub(crate) fn left(&self) -> usize {
        let is_left = |facts: &&TodayFacts| {
            let (needs, rests) = self.needs(facts);
            !rests && !needs.is_empty() && (self.whose == Whose::All || self.is_mine(facts))
        };
        self.today.people.iter().filter(is_left).count()
    }
}

/// Staff begin with the people they look after, also in somebody's place, and those whom nobody does. Managers, and whoever looks after
/// nobody, begin with the team's.
fn default_whose(caring: &Caring<'_>, mine: &Mine) -> Whose {
    let of_team = caring.signed.staff.role.includes(Role::Manager) || !caring.looks_after_anybody(mine);
    if of_team { Whose::All } else { Whose::Mine }
}

/// The first moment of a day in the office's zone.
pub(super) fn day_start(signed: &Signed, day: NaiveDate) -> DateTime<Utc> {
    let start = day.and_time(NaiveTime::MIN).and_local_timezone(signed.office.zone).earliest();
    start.map_or_else(|| signed.now(), |at| at.to_utc())
}

fn all_needs(signed: &Signed, facts: &TodayFacts, clock: Option<&ReplyClock>) -> Vec<Waiting> {
    let plain = |need, at| Waiting { need, at, since: at };
    let mut needs: Vec<Waiting> = Vec::new();
    if let Some(since) = facts.thread.as_ref().and_then(|thread| thread.crisis_since) {
        needs.push(plain(Need::Crisis, since));
    } else if let Some(since) = facts.thread.as_ref().and_then(|thread| thread.reply_due_since) {
        needs.push(plain(Need::Reply { late_at: clock.and_then(|clock| clock.late_at) }, since));
    }
    needs.extend(facts.tasks.iter().map(|task| Waiting {
        need: need_of(task),
        at: task.due_at,
        // A call that was agreed for today, or a next step of today, is new today, however long it has been in the list.
        since: task.created_at.max(day_start(signed, signed.local(task.due_at).date_naive())),
    }));
    let has_silence_task = facts.tasks.iter().any(|task| task.reason == TaskReason::Silent);
    let silent = facts.silent.iter().map(|silent| silent.since);
    if let Some((at, since)) = silent.clone().min().zip(silent.max()).filter(|_| !has_silence_task) {
        needs.push(Waiting { need: Need::Silence, at, since });
    }
    for step in [SignStep::Suggested, SignStep::Confirmed] {
        let of_step = facts.signs.iter().map(|placed| &placed.sign).filter(|sign| sign.state.step() == step);
        let first = of_step.clone().map(|sign| sign.suggested_at).min();
        // The newest one, or the newest word on one, is what somebody who let the row rest doesn't know.
        let newest = of_step.map(|sign| sign.state.decision().map_or(sign.suggested_at, |decided| decided.at)).max();
        needs.extend(first.zip(newest).map(|(at, since)| Waiting { need: Need::Sign(step), at, since }));
    }
    let promised = facts.promises.iter();
    needs.extend(promised.map(|one| Waiting { need: Need::Promise(one.id), at: one.due_at, since: one.made_at }));
    needs.extend(facts.not_met_since.map(|at| plain(Need::Meeting, at)));
    needs.extend(facts.card_review_on.map(|on| plain(Need::Card, day_start(signed, on))));
    needs
}

pub(super) fn need_of(task: &Task) -> Need {
    Need::Task { kind: task.kind, reason: task.reason, agreed: is_agreed(task) }
}

/// Whether the person expects us at the task's time.
pub(super) fn is_agreed(task: &Task) -> bool {
    task.reason == TaskReason::AskedForCall || task.outcome == Some(CallOutcome::Later)
}
