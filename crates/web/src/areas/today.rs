//! 今日の連絡: one row per person who needs contact, with the reason and one main button.

use std::collections::HashMap;

use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::{EscalationId, GraduateId, StaffId};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::today::{Need, Waiting, most_pressing_first};
use bansou_store::{ContactPoint, FailedDelivery, Graduate, InboundState, Task, TodayFacts, Tx};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use crate::actions::{call_finish, delivery_decide, stranger_bind, task_done, task_later, undo};
use crate::areas::calls;
use crate::errors::Failure;
use crate::pages::today::{Decision, FailedSend, OfficeRow, PersonRow, RowAction, ToFinish, TodayPage};
use crate::people;
use crate::routes::Routes;
use crate::signed::{Answer, Signed};
use crate::{resend, strangers, threads};

/// Silence and failures older than this are no longer today's work.
const LOOKS_BACK: TimeDelta = TimeDelta::days(14);

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/today", show)
        .get("/tasks/{id}/call", calls::page)
        .post("/tasks/{id}/call", call_finish::post)
        .post("/tasks/{id}/release", call_finish::release)
        .post("/tasks/{id}/later", task_later::post)
        .post("/tasks/{id}/done", task_done::post)
        .post("/tasks/{id}/start", call_finish::start)
        .post("/deliveries/{id}/decide", delivery_decide::post)
        .post("/undo", undo::post)
        .get("/strangers/{id}", stranger_bind::page)
        .get("/strangers/{id}/search", stranger_bind::page)
        .post("/strangers/{id}/search", stranger_bind::search)
        .post("/strangers/{id}/not-ours", stranger_bind::not_ours)
        .get("/strangers/{id}/bind/{graduate}", stranger_bind::ask)
        .post("/strangers/{id}/bind/{graduate}", stranger_bind::bind)
        .get("/bindings/{id}", stranger_bind::binding)
        .post("/bindings/{id}/undo", stranger_bind::unbind)
}

/// A row and what it is sorted by.
struct Ranked {
    late: bool,
    at: DateTime<Utc>,
    row: PersonRow,
}

async fn show(signed: Signed) -> Answer {
    let tx = signed.read().await?;
    let (start, end) = day_of(&signed);
    let facts = tx.today(signed.now() - LOOKS_BACK, end).await?;
    let names = people::staff_names(&tx).await?;
    let mut ranked: Vec<_> = facts.people.iter().filter_map(|facts| ranked(&signed, facts, &names, start)).collect();
    ranked.sort_by_key(|ranked| (!ranked.late, ranked.at));
    let (missed, people): (Vec<_>, Vec<_>) = ranked.into_iter().partition(|ranked| ranked.at < start);
    let mut crisis = Vec::new();
    for facts in facts.people.iter().filter(|facts| facts.thread.as_ref().is_some_and(|t| t.crisis_since.is_some())) {
        let graduate = people::graduate(&tx, facts.who.id).await?;
        crisis.extend(people::crisis(&signed, &tx, &graduate, facts.thread.as_ref()).await?);
    }
    let unheard = facts.people.iter().filter(|facts| facts.failed.iter().any(is_reply)).map(|facts| facts.who.id);
    let unheard = tx.people_with_addresses(&unheard.collect::<Vec<_>>()).await?;
    let not_arrived = facts.people.iter().flat_map(|facts| failed(&signed, &unheard, facts)).collect();
    let (unknown_crisis, office_tasks): (Vec<_>, Vec<_>) =
        facts.office_tasks.into_iter().partition(|task| task.reason == TaskReason::UnknownCrisis);
    let no_crisis = crisis.is_empty() && unknown_crisis.is_empty();
    let page = TodayPage {
        date: signed.today(),
        read_at: signed.local(signed.now()),
        hotlines: if no_crisis { Vec::new() } else { signed.app.parts.hotlines.clone() },
        crisis,
        office: office_rows(&signed, &tx, &office_tasks).await?,
        unknown_crisis: office_rows(&signed, &tx, &unknown_crisis).await?,
        failed: not_arrived,
        people: people.into_iter().map(|ranked| ranked.row).collect(),
        missed: missed.into_iter().map(|ranked| ranked.row).collect(),
        done_today: done_today(&signed, &tx).await?,
    };
    signed.page(&tx, &page).await
}

/// The beginning and the end of the office's day.
fn day_of(signed: &Signed) -> (DateTime<Utc>, DateTime<Utc>) {
    let start = signed.today().and_time(NaiveTime::MIN).and_local_timezone(signed.office.zone).earliest();
    let start = start.map_or_else(|| signed.now(), |at| at.to_utc());
    (start, start.checked_add_days(Days::new(1)).unwrap_or(start))
}

async fn done_today(signed: &Signed, tx: &Tx) -> Result<u32, Failure> {
    let reached = tx.reached_on(signed.today()).await?;
    Ok(u32::try_from(reached).unwrap_or(u32::MAX))
}

/// What belongs to nobody's row: senders nobody knows, a used-up quota, a broken channel.
async fn office_rows(signed: &Signed, tx: &Tx, tasks: &[Task]) -> Result<Vec<OfficeRow>, Failure> {
    let mut rows = Vec::new();
    let events = tx.inbound_events(&tasks.iter().filter_map(|task| task.inbound).collect::<Vec<_>>()).await?;
    for task in tasks {
        let inbound = task.inbound.and_then(|id| events.get(&id));
        let stranger = inbound.filter(|inbound| inbound.state == InboundState::UnknownSender);
        rows.push(OfficeRow {
            task: task.id.to_string(),
            stranger: stranger.map(|inbound| inbound.id.to_string()),
            why: signed.say(&format!("task-why-{}", task.reason)),
            at: signed.local(inbound.map_or(task.created_at, |inbound| inbound.occurred_at)),
            came_in: inbound.is_some(),
            text: inbound.and_then(|inbound| strangers::text(&inbound.body)),
        });
    }
    Ok(rows)
}

/// Tasks that a button finishes; a call is finished by what came of it.
fn to_finish(signed: &Signed, tasks: &[Task], main: Option<EscalationId>) -> Vec<ToFinish> {
    let others = tasks.iter().filter(|task| task.kind != TaskKind::Call);
    others
        .map(|task| ToFinish {
            task: task.id.to_string(),
            why: signed.say(&format!("task-why-{}", task.reason)),
            request: task.escalation.filter(|id| Some(*id) != main).map(|id| id.to_string()),
        })
        .collect()
}

fn needs(facts: &TodayFacts) -> Vec<Waiting> {
    let mut needs: Vec<Waiting> = Vec::new();
    if let Some(since) = facts.thread.as_ref().and_then(|thread| thread.crisis_since) {
        needs.push(Waiting { need: Need::Crisis, at: since });
    } else if let Some(since) = facts.thread.as_ref().and_then(|thread| thread.reply_due_since) {
        needs.push(Waiting { need: Need::Reply, at: since });
    }
    needs.extend(facts.tasks.iter().map(|task| Waiting { need: Need::Task(task.kind, task.reason), at: task.due_at }));
    let has_silence_task = facts.tasks.iter().any(|task| task.reason == TaskReason::Silent);
    if let Some(silent) = facts.silent.first().filter(|_| !has_silence_task) {
        needs.push(Waiting { need: Need::Silence, at: silent.since });
    }
    if let Some(first) = facts.signs.iter().map(|placed| placed.sign.suggested_at).min() {
        needs.push(Waiting { need: Need::Sign, at: first });
    }
    most_pressing_first(&mut needs);
    needs
}

fn ranked(
    signed: &Signed,
    facts: &TodayFacts,
    names: &HashMap<StaffId, String>,
    start: DateTime<Utc>,
) -> Option<Ranked> {
    let needs = needs(facts);
    let main = *needs.first()?;
    let mut said: Vec<String> = needs.iter().map(|waiting| why(signed, facts, waiting)).collect();
    let also = said.split_off(1);
    let task = facts.tasks.iter().find(|task| Need::Task(task.kind, task.reason) == main.need);
    let request = task.filter(|task| task.kind != TaskKind::Call).and_then(|task| task.escalation);
    let action = match main.need {
        Need::Crisis | Need::Reply => RowAction::Reply,
        Need::Task(TaskKind::Call, _) => RowAction::Call,
        Need::Task(..) if request.is_some() => RowAction::Request,
        Need::Task(..) | Need::Silence | Need::Sign => RowAction::Look,
    };
    let promised = task.filter(|task| task.reason == TaskReason::AskedForCall || task.outcome.is_some());
    let reply_late = main.need == Need::Reply && threads::is_late(signed, main.at);
    let late = main.at < start || reply_late || promised.is_some_and(|task| task.due_at < signed.now());
    let who = &facts.who;
    let written_down = facts.last_contact_on.map(|on| (on, facts.last_contact_mode));
    let wrote_at = facts.thread.as_ref().and_then(|thread| thread.last_outbound_at);
    let row = PersonRow {
        graduate: who.id.to_string(),
        task: task.map(|task| task.id.to_string()),
        name: who.profile.name.clone(),
        kana: who.profile.kana.clone(),
        why: said.pop().unwrap_or_default(),
        also,
        is_late: late,
        due: signed.local(main.at),
        last_contact: people::last_contact(signed, written_down, wrote_at),
        paused: people::pause_dates(who.pause, signed.today()),
        staff: who.staff.and_then(|id| names.get(&id).cloned()),
        finish: to_finish(signed, &facts.tasks, request),
        request: request.map(|id| id.to_string()),
        calling: facts.tasks.iter().find_map(|task| people::calling(signed, task, names)),
        action,
    };
    Some(Ranked { late, at: main.at, row })
}

fn why(signed: &Signed, facts: &TodayFacts, waiting: &Waiting) -> String {
    let lasting = || signed.lasting(signed.now() - waiting.at);
    match waiting.need {
        Need::Crisis => signed.say("why-crisis"),
        Need::Reply => signed.say_with("why-reply", &[("time", lasting().into())]),
        Need::Task(_, reason) => signed.say(&format!("task-why-{reason}")),
        Need::Silence => signed.say_with("why-silence", &[("time", lasting().into())]),
        Need::Sign => signed.say_with("why-sign", &[("n", facts.signs.len().into())]),
    }
}

/// What didn't arrive. Words of staff are offered to be sent once more only where they can be.
fn failed(
    signed: &Signed,
    people: &HashMap<GraduateId, (Graduate, Vec<ContactPoint>)>,
    facts: &TodayFacts,
) -> Vec<FailedSend> {
    let view = |failed: &FailedDelivery| {
        let person = people.get(&facts.who.id).filter(|_| is_reply(failed));
        let no_resend = person.and_then(|(graduate, points)| resend::mend(signed, graduate, points, failed.channel));
        let mut choices = Vec::new();
        if person.is_some() && no_resend.is_none() {
            choices.push(Decision::Resend);
        }
        if failed.state == DeliveryState::NeedsPerson {
            choices.push(Decision::Arrived);
        }
        choices.push(Decision::Call);
        FailedSend {
            delivery: failed.id.to_string(),
            graduate: facts.who.id.to_string(),
            name: facts.who.profile.name.clone(),
            channel: failed.channel,
            at: signed.local(failed.at),
            why: match failed.escalation {
                Some(_) => signed.say(&format!("delivery-told-request-{}", failed.state)),
                None => signed.say(&format!("delivery-told-{}", failed.state)),
            },
            request: failed.escalation.map(|id| id.to_string()),
            choices,
            no_resend,
        }
    };
    facts.failed.iter().map(view).collect()
}

fn is_reply(failed: &FailedDelivery) -> bool {
    failed.purpose == Purpose::Reply && failed.message.is_some()
}
