//! One row per person: what it is about, its place in the order and why, and whether it rests.

use std::collections::{HashMap, HashSet};

use bansou_core::ids::{CommitmentId, GraduateId, StaffId};
use bansou_core::reply::ReplyClock;
use bansou_core::sign::SignStep;
use bansou_core::task::{CallOutcome, TaskKind, TaskReason};
use bansou_core::today::{Need, Part, Score, TodayRule, Urgency, Waiting, Work, most_pressing_first};
use bansou_store::{Handover, Resting, Task, TodayFacts};
use chrono::{DateTime, Utc};

use crate::areas::today::day_start;
use crate::care::Caring;
use crate::pages::signs::link_to;
use crate::pages::today::{PersonRow, Points, RestView, RowAction, ToFinish};
use crate::signed::Signed;
use crate::{people, todo};

/// A row and what decides about its place.
pub(super) struct Ranked {
    pub(super) urgency: Urgency,
    pub(super) work: Work,
    pub(super) at: DateTime<Utc>,
    pub(super) total: u32,
    /// The moment that was agreed on for a call.
    pub(super) agreed: Option<DateTime<Utc>>,
    pub(super) rests: bool,
    pub(super) is_mine: bool,
    pub(super) row: PersonRow,
}

impl Ranked {
    /// A contact of the plan whose day has passed; answers and promises stay on top instead.
    pub(super) fn is_missed(&self, start: DateTime<Utc>) -> bool {
        self.at < start && matches!(self.urgency, Urgency::ContactDue | Urgency::Silence)
    }
}

/// Most points first; ties by the longest wait.
pub(super) fn in_order(ranked: &mut [Ranked]) {
    ranked.sort_by_key(|ranked| (std::cmp::Reverse(ranked.total), ranked.at));
}

/// What rows show besides each person's own facts.
pub(super) struct Beside<'a> {
    pub(super) caring: &'a Caring<'a>,
    pub(super) names: &'a HashMap<StaffId, String>,
    /// The reader's people.
    pub(super) mine: &'a HashSet<GraduateId>,
    /// Threads that a colleague was asked to look after.
    pub(super) handed: &'a HashMap<GraduateId, Handover>,
    /// What tells people of the same name apart.
    pub(super) apart: &'a HashMap<GraduateId, String>,
    /// The day's first moment.
    pub(super) start: DateTime<Utc>,
}

/// The row of somebody with at least one need.
pub(super) fn ranked(beside: &Beside<'_>, facts: &TodayFacts, clock: Option<&ReplyClock>) -> Option<Ranked> {
    let Beside { caring, names, start, .. } = *beside;
    let signed = caring.signed;
    let now = signed.now();
    let (needs, rests) = needs(signed, facts, clock);
    let main = *needs.first()?;
    let urgency = main.urgency(now);
    let score = Score::of(&needs, now, TodayRule::embedded());
    let mut said: Vec<String> = needs.iter().map(|waiting| why(signed, facts, waiting)).collect();
    let also = said.split_off(1);
    let task = task_of(facts, &main);
    let (action, href) = main_button(facts, &main, task);
    let late = matches!(urgency, Urgency::BrokenPromise | Urgency::ReplyLate) || main.at < start && is_contact(urgency);
    let who = &facts.who;
    let written_down = facts.last_contact_on.map(|on| (on, facts.last_contact_mode));
    let wrote_at = facts.thread.as_ref().and_then(|thread| thread.last_outbound_at);
    let row = PersonRow {
        graduate: who.id.to_string(),
        task: task.map(|task| task.id.to_string()),
        name: who.profile.name.clone(),
        kana: who.profile.kana.clone(),
        apart: beside.apart.get(&who.id).cloned().unwrap_or_default(),
        why: said.pop().unwrap_or_default(),
        also,
        is_late: late,
        due: signed.local(main.at),
        last_contact: people::last_contact(signed, written_down, wrote_at),
        paused: people::pause_dates(who.pause, signed.today()),
        staff: who.staff.and_then(|id| names.get(&id).cloned()),
        care: caring.view((who.staff, who.standin)),
        handed_to: handed_to(beside, facts).and_then(|id| names.get(&id).cloned()),
        finish: to_finish(signed, &facts.tasks, &href),
        calling: facts.tasks.iter().find_map(|task| people::calling(signed, task, names)),
        points: points(signed, &score),
        may_rest: needs.iter().all(|waiting| waiting.may_rest(now)),
        resting: facts.resting.as_ref().filter(|_| rests).map(|resting| rest_view(signed, resting, names)),
        action,
        href,
    };
    Some(Ranked {
        urgency,
        work: Work::of(main.need),
        at: main.at,
        total: score.total,
        agreed: task.filter(|task| is_agreed(task)).map(|task| task.due_at).filter(|at| *at > now),
        rests,
        // Whoever promised has to see it, whoever's the person is.
        is_mine: beside.mine.contains(&who.id) || facts.promises.iter().any(|one| one.staff == signed.staff.id),
        row,
    })
}

/// Where the sign stands that has waited longest in the step that the need is about.
fn sign_of(facts: &TodayFacts, main: &Waiting) -> Option<String> {
    let Need::Sign(step) = main.need else { return None };
    let signs = facts.signs.iter().map(|placed| &placed.sign).filter(|sign| sign.state.step() == step);
    signs.min_by_key(|sign| sign.suggested_at).map(link_to)
}

/// Who was asked to look after the thread, or took over the answer that is late.
fn handed_to(beside: &Beside<'_>, facts: &TodayFacts) -> Option<StaffId> {
    let asked = beside.handed.get(&facts.who.id).map(|handover| handover.to);
    asked.or_else(|| facts.thread.as_ref()?.handed?.to)
}

fn is_contact(urgency: Urgency) -> bool {
    matches!(urgency, Urgency::ContactDue | Urgency::Silence | Urgency::Asked)
}

/// The needs in their order, and whether somebody decided that they rest now.
fn needs(signed: &Signed, facts: &TodayFacts, clock: Option<&ReplyClock>) -> (Vec<Waiting>, bool) {
    let mut needs = all_needs(signed, facts, clock);
    let now = signed.now();
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

fn need_of(task: &Task) -> Need {
    Need::Task { kind: task.kind, reason: task.reason, agreed: is_agreed(task) }
}

/// Whether the person expects us at the task's time.
fn is_agreed(task: &Task) -> bool {
    task.reason == TaskReason::AskedForCall || task.outcome == Some(CallOutcome::Later)
}

fn task_of<'a>(facts: &'a TodayFacts, main: &Waiting) -> Option<&'a Task> {
    facts.tasks.iter().find(|task| need_of(task) == main.need)
}

/// What the main button does, and where it leads.
fn main_button(facts: &TodayFacts, main: &Waiting, task: Option<&Task>) -> (RowAction, String) {
    let graduate = facts.who.id;
    let thread = format!("/inbox/{graduate}");
    match main.need {
        Need::Crisis | Need::Reply { .. } => (RowAction::Reply, thread),
        Need::Task { kind: TaskKind::Call, .. } => {
            (RowAction::Call, task.map_or(thread, |task| format!("/tasks/{}/call", task.id)))
        }
        Need::Task { .. } => task.and_then(todo::place_of).unwrap_or((RowAction::Look, thread)),
        Need::Silence => (RowAction::Look, thread),
        Need::Sign(_) => (RowAction::Sign, sign_of(facts, main).unwrap_or_else(|| "/signs".to_owned())),
        Need::Card => (RowAction::Card, format!("/graduates/{graduate}/card")),
        Need::Meeting => (RowAction::Note, format!("/graduates/{graduate}/notes/new")),
        Need::Promise(id) => (RowAction::Promise, format!("/promises/{id}")),
    }
}

/// Tasks that a button finishes; a call is finished by what came of it.
fn to_finish(signed: &Signed, tasks: &[Task], main: &str) -> Vec<ToFinish> {
    let others = tasks.iter().filter(|task| task.kind != TaskKind::Call);
    others
        .map(|task| ToFinish {
            task: task.id.to_string(),
            why: signed.say(&format!("task-why-{}", task.reason)),
            place: todo::place_of(task).filter(|(_, href)| href != main),
        })
        .collect()
}

fn why(signed: &Signed, facts: &TodayFacts, waiting: &Waiting) -> String {
    let lasting = || signed.lasting(signed.now() - waiting.at);
    let signs = |step| facts.signs.iter().filter(|placed| placed.sign.state.step() == step).count();
    match waiting.need {
        Need::Crisis => signed.say("why-crisis"),
        Need::Reply { .. } => signed.say_with("why-reply", &[("time", lasting().into())]),
        Need::Task { reason, agreed: true, .. } if waiting.at < signed.now() => {
            let why = signed.say(&format!("task-why-{reason}"));
            signed.say_with("why-broken", &[("why", why.into()), ("time", lasting().into())])
        }
        Need::Task { reason, agreed: true, .. } => {
            let (why, at) = (signed.say(&format!("task-why-{reason}")), signed.moment(waiting.at));
            signed.say_with("why-agreed", &[("why", why.into()), ("at", at.into())])
        }
        Need::Task { reason, .. } => signed.say(&format!("task-why-{reason}")),
        Need::Silence => signed.say_with("why-silence", &[("time", lasting().into())]),
        Need::Sign(SignStep::Suggested) => signed.say_with("why-sign", &[("n", signs(SignStep::Suggested).into())]),
        Need::Sign(step) => signed.say_with("why-sign-confirmed", &[("n", signs(step).into())]),
        Need::Meeting => signed.say("why-meeting"),
        Need::Card => {
            let day = facts.card_review_on.map(|on| signed.dated(on)).unwrap_or_default();
            signed.say_with("why-card", &[("day", day.into())])
        }
        Need::Promise(id) => promised(signed, facts, id, waiting.at),
    }
}

fn promised(signed: &Signed, facts: &TodayFacts, id: CommitmentId, at: DateTime<Utc>) -> String {
    let text = facts.promises.iter().find(|one| one.id == id).map(|one| one.text.clone());
    let clock = signed.local(at).format("%H:%M").to_string();
    let why = signed.say_with("why-promise", &[("what", text.unwrap_or_default().into()), ("clock", clock.into())]);
    if at >= signed.now() {
        return why;
    }
    let lasting = signed.lasting(signed.now() - at);
    signed.say_with("why-broken", &[("why", why.into()), ("time", lasting.into())])
}

fn points(signed: &Signed, score: &Score) -> Points {
    let parts = score.parts.iter().map(|(part, points)| {
        let what = match part {
            Part::Main(urgency) => signed.say(&format!("points-{urgency}")),
            Part::Waited(days) => signed.say_with("points-waited", &[("days", (*days).into())]),
            Part::Also(n) => signed.say_with("points-also", &[("n", (*n).into())]),
        };
        (what, *points)
    });
    Points { parts: parts.collect(), total: score.total }
}

fn rest_view(signed: &Signed, resting: &Resting, names: &HashMap<StaffId, String>) -> RestView {
    let reason = resting.why.reason.map(|reason| signed.say(&format!("not-today-{reason}")));
    let words = Some(resting.why.words.clone()).filter(|words| !words.is_empty());
    RestView {
        until: signed.local(resting.put_off.until),
        by: names.get(&resting.put_off.by).cloned().unwrap_or_default(),
        why: [reason, words].into_iter().flatten().collect(),
    }
}
