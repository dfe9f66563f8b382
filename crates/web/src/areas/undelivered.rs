//! What needs a person, however old.

use std::collections::HashMap;

use bansou_core::ids::GraduateId;
use bansou_core::task::TaskReason;
use bansou_store::{Unclear, Who};
use chrono::{DateTime, Utc};

use crate::pages::today::Decision;
use crate::pages::undelivered::{EventRow, UnclearRow, UndeliveredPage};
use crate::routes::Routes;
use crate::signed::{Answer, Signed};

/// So many are shown; the oldest come first, and what is decided makes room.
const SHOWN: u64 = 200;

/// The routes.
pub fn routes() -> Routes {
    Routes::new().get("/undelivered", show)
}

async fn show(signed: Signed) -> Answer {
    let tx = signed.read().await?;
    let unclear = tx.unclear(SHOWN).await?;
    let tasks = tx.open_tasks().await?;
    let failed: Vec<_> = tasks.into_iter().filter(|task| task.reason == TaskReason::InboundFailed).collect();
    let ids = unclear.iter().filter_map(|one| one.graduate).chain(failed.iter().filter_map(|task| task.graduate));
    let people = tx.people(&ids.collect::<Vec<_>>()).await?;
    let age = |since: DateTime<Utc>| signed.lasting(signed.now() - since);
    let page = UndeliveredPage {
        messages: unclear.iter().map(|one| row(&signed, &people, one, age(one.since))).collect(),
        events: failed
            .iter()
            .map(|task| EventRow {
                person: person(&people, task.graduate),
                at: signed.local(task.created_at),
                age: age(task.created_at),
            })
            .collect(),
        strangers: tx.unknown_sender_count().await?,
    };
    signed.page(&tx, &page).await
}

fn row(signed: &Signed, people: &HashMap<GraduateId, Who>, one: &Unclear, age: String) -> UnclearRow {
    let key = match one.escalation {
        _ if one.is_quarantined => "undelivered-quarantined",
        Some(_) => "delivery-told-request-needs_person",
        None => "delivery-told-needs_person",
    };
    UnclearRow {
        delivery: one.id.to_string(),
        person: person(people, one.graduate),
        request: one.escalation.map(|id| id.to_string()),
        channel: one.channel,
        at: signed.local(one.since),
        age,
        why: signed.say(key),
        choices: vec![Decision::Arrived, Decision::Call],
    }
}

fn person(people: &HashMap<GraduateId, Who>, id: Option<GraduateId>) -> Option<(String, String)> {
    let who = people.get(&id?)?;
    Some((who.id.to_string(), who.profile.name.clone()))
}
