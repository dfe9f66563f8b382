//! 今日の連絡: one row per person who needs contact, with the reason and one main button.

mod failed;
mod plan;
mod rows;

use std::collections::HashMap;

use axum::extract::Query;
use bansou_core::commitment::Standing;
use bansou_core::ids::{EmployerId, GraduateId};
use bansou_core::staff::Role;
use bansou_core::task::TaskReason;
use bansou_core::today::TodayRule;
use bansou_store::{InboundState, Mine, Task, Today, TodayFacts, TodaySpan, Tx};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;

use self::rows::{Beside, Ranked, in_order, ranked};
use crate::actions::{call_finish, delivery_decide, row_later, stranger_bind, task_done, undo};
use crate::areas::calls;
use crate::care::Caring;
use crate::errors::Failure;
use crate::namesakes;
use crate::pages::inbox::Pages;
use crate::pages::today::{CompanyRow, Left, OfficeRow, Short, TodayList, TodayPage, WHOLE, Whose, WhoseCounts};
use crate::people;
use crate::promises;
use crate::routes::Routes;
use crate::signed::{Answer, Signed};
use crate::strangers;

/// Silence, failures and rests older than this are no longer today's work.
const LOOKS_BACK: TimeDelta = TimeDelta::days(14);

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
    /// They are those whom a link without a wish opens.
    is_default: bool,
    apart: HashMap<GraduateId, String>,
}

async fn show(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let Rows { facts, people, missed, resting, whose, is_default, apart } = rows(&signed, &tx, &asked).await?;
    let left = Left { people: people.len(), missed: missed.len() };
    if is_default {
        signed.app.left_today.remember(&signed, left.people + left.missed);
    }
    let pages = pages(left, asked.page, whose.show);
    let rows = people.into_iter().map(|row| (false, row)).chain(missed.into_iter().map(|row| (true, row)));
    let of_page = rows.skip(ROWS * (pages.now as usize - 1)).take(ROWS);
    let (missed, people): (Vec<_>, Vec<_>) = of_page.partition(|(is_missed, _)| *is_missed);
    let mut crisis = Vec::new();
    for facts in facts.people.iter().filter(|facts| facts.thread.as_ref().is_some_and(|t| t.crisis_since.is_some())) {
        let graduate = people::graduate(&tx, facts.who.id).await?;
        crisis.extend(people::crisis(&signed, &tx, &graduate, facts.thread.as_ref()).await?);
    }
    let room = |list: TodayList| match asked.list == list.as_str() {
        _ if pages.now > 1 => 0,
        true => WHOLE,
        false => BESIDE,
    };
    let not_arrived = failed::failed(&signed, &tx, (&facts.people, &apart), room(TodayList::Failed)).await?;
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

/// How many people the page shows that a link without a wish opens.
pub(crate) async fn left(signed: &Signed, tx: &Tx) -> Result<usize, Failure> {
    let Rows { people, missed, .. } = rows(signed, tx, &Asked::default()).await?;
    Ok(people.len() + missed.len())
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
    let (start, end) = day_of(signed);
    let day = signed.today();
    let month_start = (day.day() >= TodayRule::embedded().duty.meeting_from_day)
        .then(|| day_start(signed, day.with_day(1).unwrap_or(day)));
    let caring = Caring::load(signed, tx).await?;
    // What warns before the day is over is seen today: what is promised for the first hour of somebody's next working day, too (S2.9).
    let mut promised = tx.commitments_open().await?;
    promised.retain(|one| promises::standing_at(&caring, one, end) != Standing::Ahead);
    let span = TodaySpan { since: signed.now() - LOOKS_BACK, until: end, day, month_start };
    let facts = tx.today(span, promised).await?;
    let names = people::staff_names(tx).await?;
    let threads: Vec<_> = facts.people.iter().filter_map(|facts| facts.thread.as_ref()).collect();
    let clocks = promises::clocks(signed, tx, &threads).await?;
    let mine = caring.mine(tx.pairs().await?);
    let my_people = tx.people_of(&mine).await?;
    let handed = tx.handovers_of(&facts.people.iter().map(|facts| facts.who.id).collect::<Vec<_>>()).await?;
    let apart = namesakes::told_apart(signed, tx, facts.people.iter().map(|facts| &facts.who)).await?;
    let beside = Beside { caring: &caring, names: &names, mine: &my_people, handed: &handed, apart: &apart, start };
    let ranked = |facts: &TodayFacts| ranked(&beside, facts, clocks.get(&facts.who.id));
    let mut all: Vec<_> = facts.people.iter().filter_map(ranked).collect();
    in_order(&mut all);
    let default = default_whose(&caring, &mine);
    let show = asked.whose.parse().unwrap_or(default);
    let open = |ranked: &&Ranked| !ranked.rests;
    let of_mine = all.iter().filter(open).filter(|ranked| ranked.is_mine).count();
    let whose = WhoseCounts { show, mine: of_mine, all: all.iter().filter(open).count() };
    all.retain(|ranked| show == Whose::All || ranked.is_mine);
    let (resting, awake): (Vec<_>, Vec<_>) = all.into_iter().partition(|ranked| ranked.rests);
    let (missed, people): (Vec<_>, Vec<_>) = awake.into_iter().partition(|ranked| ranked.is_missed(start));
    Ok(Rows { facts, people, missed, resting, whose, is_default: show == default, apart })
}

/// Staff begin with the people they look after, also in somebody's place, and those whom nobody does. Managers, and whoever looks after
/// nobody, begin with the team's.
fn default_whose(caring: &Caring<'_>, mine: &Mine) -> Whose {
    let of_team = caring.signed.staff.role.includes(Role::Manager) || !caring.looks_after_anybody(mine);
    if of_team { Whose::All } else { Whose::Mine }
}

/// The first moment of a day in the office's zone.
fn day_start(signed: &Signed, day: NaiveDate) -> DateTime<Utc> {
    let start = day.and_time(NaiveTime::MIN).and_local_timezone(signed.office.zone).earliest();
    start.map_or_else(|| signed.now(), |at| at.to_utc())
}

/// The beginning and the end of the office's day.
fn day_of(signed: &Signed) -> (DateTime<Utc>, DateTime<Utc>) {
    let start = day_start(signed, signed.today());
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
