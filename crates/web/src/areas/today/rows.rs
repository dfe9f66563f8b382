//! One row per person: what it is about, its place in the order and why, and whether it rests.

use std::collections::HashMap;

use bansou_core::ids::{CommitmentId, GraduateId, StaffId};
use bansou_core::note::ContactMode;
use bansou_core::sign::SignStep;
use bansou_core::task::TaskKind;
use bansou_core::today::{Need, Part, Score, TodayRule, Urgency, Waiting, Work};
use bansou_store::{Handover, Resting, Task, TodayFacts, Who};
use chrono::{DateTime, NaiveDate, Utc};

use super::asking::{Asking, is_agreed, need_of};
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

/// The people whom something asks for.
pub(super) struct Named {
    pub(super) people: HashMap<GraduateId, Who>,
    /// What tells those of the same name apart.
    pub(super) apart: HashMap<GraduateId, String>,
}

/// What rows show besides what asks for a hand.
pub(super) struct Beside<'a> {
    pub(super) asking: &'a Asking<'a>,
    pub(super) named: &'a Named,
    pub(super) last_contacts: &'a HashMap<GraduateId, (NaiveDate, Option<ContactMode>)>,
    /// Threads that a colleague was asked to look after.
    pub(super) handed: &'a HashMap<GraduateId, Handover>,
    /// The day's first moment.
    pub(super) start: DateTime<Utc>,
}

/// The row of somebody with at least one need.
pub(super) fn ranked(beside: &Beside<'_>, facts: &TodayFacts) -> Option<Ranked> {
    let Beside { asking, start, .. } = *beside;
    let Asking { caring, .. } = asking;
    let (signed, names) = (caring.signed, caring.names());
    let now = signed.now();
    let who = beside.named.people.get(&facts.graduate)?;
    let (needs, rests) = asking.needs(facts);
    let main = *needs.first()?;
    let urgency = main.urgency(now);
    let score = Score::of(&needs, now, TodayRule::embedded());
    let mut said: Vec<String> = needs.iter().map(|waiting| why(signed, facts, waiting)).collect();
    let also = said.split_off(1);
    let task = task_of(facts, &main);
    let (action, href) = main_button(facts, &main, task);
    let late = matches!(urgency, Urgency::BrokenPromise | Urgency::ReplyLate) || main.at < start && is_contact(urgency);
    let written_down = beside.last_contacts.get(&who.id).copied();
    let wrote_at = facts.thread.as_ref().and_then(|thread| thread.last_outbound_at);
    let row = PersonRow {
        graduate: who.id.to_string(),
        task: task.map(|task| task.id.to_string()),
        name: who.profile.name.clone(),
        kana: who.profile.kana.clone(),
        apart: beside.named.apart.get(&who.id).cloned().unwrap_or_default(),
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
        is_mine: asking.is_mine(facts),
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
    let asked = beside.handed.get(&facts.graduate).map(|handover| handover.to);
    asked.or_else(|| facts.thread.as_ref()?.handed?.to)
}

fn is_contact(urgency: Urgency) -> bool {
    matches!(urgency, Urgency::ContactDue | Urgency::Silence | Urgency::Asked)
}

fn task_of<'a>(facts: &'a TodayFacts, main: &Waiting) -> Option<&'a Task> {
    facts.tasks.iter().find(|task| need_of(task) == main.need)
}

/// What the main button does, and where it leads.
fn main_button(facts: &TodayFacts, main: &Waiting, task: Option<&Task>) -> (RowAction, String) {
    let graduate = facts.graduate;
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
