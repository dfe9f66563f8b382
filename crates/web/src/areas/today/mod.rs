//! 今日の連絡: one row per person who needs contact, with the reason and one main button.

mod asking;
mod failed;
mod plan;
mod rows;

use std::collections::HashMap;

use axum::extract::Query;
use bansou_core::ids::EmployerId;
use bansou_core::task::TaskReason;
use bansou_store::{InboundState, Task, Today, Tx};
use chrono::NaiveDate;
use serde::Deserialize;

pub(crate) use self::asking::Asking;
use self::asking::day_start;
use self::rows::{Beside, Named, Ranked, in_order, ranked};
use crate::actions::{call_finish, delivery_decide, row_later, stranger_bind, task_done, undo};
use crate::areas::calls;
use crate::errors::Failure;
use crate::glance::Glance;
use crate::namesakes;
use crate::pages::inbox::Pages;
use crate::pages::today::{CompanyRow, Left, OfficeRow, Short, TodayList, TodayPage, WHOLE, Whose, WhoseCounts};
use crate::people;
use crate::routes::Routes;
use crate::signed::{Answer, Signed};
use crate::strangers;

/// Rows of one page. Whoever is most pressing stands on the first; at the end of a month an office of a thousand has as many duties.
const ROWS: usize = 60;

/// Rows of each list beside them, on the first page: a day on which nothing arrives is no list of a thousand.
const BESIDE: usize = 20;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/today", show)
        .get("/today/plan", plan::show)
        .get("/graduates/{id}/later", row_later::page)
        .post("/graduates/{id}/later", row_later::later)
        .post("/graduates/{id}/not-today", row_later::not_today)
        .post("/graduates/{id}/bring-back", row_later::bring_back)
        .get("/tasks/{id}/call", calls::page)
        .post("/tasks/{id}/call", call_finish::post)
        .post("/tasks/{id}/release", call_finish::release)
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

/// What a link asks for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    whose: String,
    page: u32,
    list: String,
}

/// Today's rows, sorted.
struct Rows {
    facts: Today,
    people: Vec<Ranked>,
    missed: Vec<Ranked>,
    resting: Vec<Ranked>,
    whose: WhoseCounts,
    named: Named,
}

async fn show(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let Rows { facts, people, missed, resting, whose, named } = rows(&signed, &tx, &asked).await?;
    let left = Left { people: people.len(), missed: missed.len() };
    let pages = pages(left, asked.page, whose.show);
    let rows = people.into_iter().map(|row| (false, row)).chain(missed.into_iter().map(|row| (true, row)));
    let of_page = rows.skip(ROWS * (pages.now as usize - 1)).take(ROWS);
    let (missed, people): (Vec<_>, Vec<_>) = of_page.partition(|(is_missed, _)| *is_missed);
    let mut crisis = Vec::new();
    for facts in facts.people.iter().filter(|facts| facts.thread.as_ref().is_some_and(|t| t.crisis_since.is_some())) {
        let graduate = people::graduate(&tx, facts.graduate).await?;
        crisis.extend(people::crisis(&signed, &tx, &graduate, facts.thread.as_ref()).await?);
    }
    let room = |list: TodayList| match asked.list == list.as_str() {
        _ if pages.now > 1 => 0,
        true => WHOLE,
        false => BESIDE,
    };
    let not_arrived = failed::failed(&signed, &tx, (&facts.people, &named), room(TodayList::Failed)).await?;
    let (unknown_crisis, office_tasks): (Vec<_>, Vec<_>) =
        facts.office_tasks.into_iter().partition(|task| task.reason == TaskReason::UnknownCrisis);
    let no_crisis = crisis.is_empty() && unknown_crisis.is_empty();
    let page = TodayPage {
        date: signed.today(),
        read_at: signed.local(signed.now()),
        hotlines: if no_crisis { Vec::new() } else { signed.app.parts.hotlines.clone() },
        crisis,
        office: Short::of(
            office_rows(&signed, &tx, first(&office_tasks, room(TodayList::Office))).await?,
            office_tasks.len(),
        ),
        unknown_crisis: office_rows(&signed, &tx, &unknown_crisis).await?,
        failed: not_arrived,
        people: people.into_iter().map(|(_, ranked)| ranked.row).collect(),
        missed: missed.into_iter().map(|(_, ranked)| ranked.row).collect(),
        left,
        resting: Short::of(
            first(&resting, room(TodayList::Resting)).iter().map(|ranked| ranked.row.clone()).collect(),
            resting.len(),
        ),
        done_today: done_today(&signed, &tx).await?,
        companies: Short::of(
            companies(&signed, &tx, first(&facts.employer_cards, room(TodayList::Companies))).await?,
            facts.employer_cards.len(),
        ),
        pages,
        whose,
    };
    signed.page(&tx, &page).await
}

fn first<T>(rows: &[T], room: usize) -> &[T] {
    &rows[..room.min(rows.len())]
}

/// The page with this number, from one, of the rows that are left.
fn pages(left: Left, page: u32, whose: Whose) -> Pages {
    let last = u32::try_from((left.people + left.missed).div_ceil(ROWS)).unwrap_or(u32::MAX).max(1);
    let now = page.clamp(1, last);
    let link = |page: u32| format!("/today?whose={whose}&page={page}");
    Pages { now, last, previous: (now > 1).then(|| link(now - 1)), next: (now < last).then(|| link(now + 1)) }
}

/// Companies whose card is to be looked at again.
async fn companies(signed: &Signed, tx: &Tx, due: &[(EmployerId, NaiveDate)]) -> Result<Vec<CompanyRow>, Failure> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let all: HashMap<_, _> =
        tx.employers().await?.into_iter().map(|employer| (employer.id, employer.profile.name)).collect();
    let row = |(id, on): &(EmployerId, NaiveDate)| {
        let why = signed.say_with("why-card", &[("day", signed.dated(*on).into())]);
        Some(CompanyRow { employer: id.to_string(), name: all.get(id)?.clone(), why })
    };
    Ok(due.iter().filter_map(row).collect())
}

/// Everything that asks for a hand, as rows.
async fn rows(signed: &Signed, tx: &Tx, asked: &Asked) -> Result<Rows, Failure> {
    let asking = Asking::load(signed, tx).await?;
    let ids: Vec<_> = asking.today.people.iter().map(|facts| facts.graduate).collect();
    let people = tx.people(&ids).await?;
    let named = Named { apart: namesakes::told_apart(signed, tx, people.values()).await?, people };
    signed.app.glances.remember(signed, Glance::of(&asking, tx).await?);
    let beside = Beside {
        asking: &asking,
        named: &named,
        last_contacts: &tx.last_contacts(&ids).await?,
        handed: &tx.handovers_of(&ids).await?,
        start: day_start(signed, signed.today()),
    };
    let mut all: Vec<_> = asking.today.people.iter().filter_map(|facts| ranked(&beside, facts)).collect();
    in_order(&mut all);
    let show = asked.whose.parse().unwrap_or(asking.whose);
    let open = |ranked: &&Ranked| !ranked.rests;
    let of_mine = all.iter().filter(open).filter(|ranked| ranked.is_mine).count();
    let whose = WhoseCounts { show, mine: of_mine, all: all.iter().filter(open).count() };
    all.retain(|ranked| show == Whose::All || ranked.is_mine);
    let (resting, awake): (Vec<_>, Vec<_>) = all.into_iter().partition(|ranked| ranked.rests);
    let (missed, people): (Vec<_>, Vec<_>) = awake.into_iter().partition(|ranked| ranked.is_missed(beside.start));
    Ok(Rows { facts: asking.today, people, missed, resting, whose, named })
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
