//! 受信箱: the list, one thread, and what is done in it. Opening changes nothing.

use std::collections::{HashMap, HashSet};

use axum::extract::{Path, Query};
use bansou_core::ids::{GraduateId, MessageId, StaffId};
use bansou_core::reply::ReplyClock;
use bansou_core::thread::{Direction, Turn};
use bansou_store::{Handover, InboxFilter, InboxRow, Mine, Tx};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::actions::{
    crisis_step, example_pick, message_draft, message_later, message_look, message_reply, message_waiting, reply_hold,
    thread_close, thread_hand_over,
};
use crate::answer;
use crate::care::Caring;
use crate::errors::Failure;
use crate::form::FormState;
use crate::pages::inbox::{InboxPage, Pages, Show, ShowCounts, ThreadRow, TurnKind, Whose};
use crate::pages::thread::ReplyForm;
use crate::people;
use crate::promises;
use crate::routes::Routes;
use crate::say::glimpse;
use crate::signed::{Answer, Signed};
use crate::threads::{self, Shown};

/// Rows of one page.
const ROWS: u32 = 50;
/// Letters of the last words that a list shows.
const GLIMPSE: usize = 60;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/inbox", list)
        .get("/inbox/{graduate}", thread)
        .post("/inbox/{graduate}/reply", message_reply::post)
        .post("/inbox/{graduate}/look", message_look::post)
        .post("/inbox/{graduate}/draft", message_draft::post)
        .post("/inbox/{graduate}/later", message_later::post)
        .post("/inbox/{graduate}/waiting/{delivery}", message_waiting::post)
        .post("/inbox/{graduate}/hand-over", thread_hand_over::post)
        .get("/inbox/{graduate}/examples", example_pick::page)
        .post("/inbox/{graduate}/examples", example_pick::post)
        .post("/inbox/{graduate}/close", thread_close::post)
        .post("/inbox/{graduate}/hold", reply_hold::post)
        .post("/inbox/{graduate}/wait", reply_hold::wait)
        .post("/inbox/{graduate}/wait-no-longer", reply_hold::wait_no_longer)
        .post("/graduates/{id}/crisis/take", crisis_step::take)
        .post("/graduates/{id}/crisis/release", crisis_step::release)
        .post("/graduates/{id}/crisis/close", crisis_step::close)
}

#[derive(Deserialize)]
#[serde(default)]
struct Asked {
    show: String,
    whose: String,
    page: u32,
    before: Option<Uuid>,
    until: Option<Uuid>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { show: String::new(), whose: String::new(), page: 1, before: None, until: None }
    }
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let show: Show = asked.show.parse().unwrap_or(Show::Due);
    let today = signed.today();
    let whose: Whose = asked.whose.parse().unwrap_or(Whose::Team);
    let caring = Caring::load(&signed, &tx).await?;
    let mine = match whose {
        Whose::Mine => Some(caring.mine(tx.pairs().await?)),
        Whose::Team => None,
    };
    let mine = mine.as_ref();
    let counts = counts(&tx, today, mine).await?;
    let (pages, from) = page_of(counts.of(show), asked.page, (show, whose));
    let rows = match show {
        Show::Theirs => tx.inbox_theirs(today, mine, from, ROWS.into()).await?,
        _ => tx.inbox(InboxFilter { waiting: show == Show::Due, mine }, from, ROWS.into()).await?,
    };
    let names = people::staff_names(&tx).await?;
    let shown: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let turn = turn(&row, today);
            (row, turn)
        })
        .collect();
    let undelivered = tx.undelivered(shown.iter().filter_map(|(row, _)| row.last.as_ref())).await?;
    let ids: Vec<GraduateId> = shown.iter().map(|(row, _)| row.who.id).collect();
    let handed = tx.handovers_of(&ids).await?;
    let writing = tx.writing_now(signed.staff.id).await?;
    let clocks = promises::clocks(&signed, &tx, &shown.iter().map(|(row, _)| &row.thread).collect::<Vec<_>>()).await?;
    let facts =
        RowFacts { names: &names, undelivered: &undelivered, handed: &handed, writing: &writing, clocks: &clocks };
    let threads = shown.iter().filter_map(|(row, turn)| view(&caring, row, *turn, &facts)).collect();
    let page = InboxPage { show, whose, counts, threads, pages, read_at: signed.local(signed.now()) };
    signed.page(&tx, &page).await
}

async fn thread(signed: Signed, Path(graduate): Path<GraduateId>, Query(asked): Query<Asked>) -> Answer {
    // Reading what somebody wrote is a look at the person, like their page.
    let tx = signed.look_at(graduate).await?;
    let from = asked.before.map(Shown::Before).or(asked.until.map(Shown::Until));
    let page = threads::load(&signed, &tx, graduate, from, FormState::new(ReplyForm::default())).await?;
    signed.page(&tx, &page).await
}

fn turn(row: &InboxRow, today: NaiveDate) -> Turn {
    row.thread.facts(row.who.pause.is_some_and(|pause| pause.covers(today))).turn()
}

async fn counts(tx: &Tx, today: NaiveDate, mine: Option<&Mine>) -> Result<ShowCounts, Failure> {
    let (due, theirs, all) = tx.thread_counts(today, mine).await?;
    Ok(ShowCounts { due: small(due), theirs: small(theirs), all: small(all) })
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn page_of(rows: u32, page: u32, (show, whose): (Show, Whose)) -> (Pages, u64) {
    let last = rows.div_ceil(ROWS).max(1);
    let now = page.clamp(1, last);
    let link = |page: u32| {
        let query = [("show", show.as_str()), ("whose", whose.as_str()), ("page", &page.to_string())];
        answer::with_query("/inbox", &query)
    };
    let pages =
        Pages { now, last, previous: (now > 1).then(|| link(now - 1)), next: (now < last).then(|| link(now + 1)) };
    (pages, u64::from(now - 1) * u64::from(ROWS))
}

/// What the rows of a list show besides the threads themselves.
struct RowFacts<'a> {
    names: &'a HashMap<StaffId, String>,
    undelivered: &'a HashSet<MessageId>,
    handed: &'a HashMap<GraduateId, Handover>,
    writing: &'a HashMap<GraduateId, Vec<StaffId>>,
    clocks: &'a HashMap<GraduateId, ReplyClock>,
}

fn view(caring: &Caring<'_>, row: &InboxRow, turn: Turn, facts: &RowFacts<'_>) -> Option<ThreadRow> {
    let signed = caring.signed;
    let names = facts.names;
    let name = |id: StaffId| names.get(&id).cloned();
    let clock = facts.clocks.get(&row.who.id).map(|clock| promises::clock_view(signed, clock, &row.thread, names));
    let last = row.last.as_ref()?;
    let text = last.body.as_ref().map(|body| signed.in_words(body)).unwrap_or_default();
    let by = match last.direction {
        Direction::In => row.who.profile.name.clone(),
        Direction::Out => last.staff.and_then(name).unwrap_or_else(|| signed.office.name.clone()),
    };
    let since = row.thread.reply_due_since;
    Some(ThreadRow {
        graduate: row.who.id.to_string(),
        care: caring.view((row.who.staff, row.who.standin)),
        name: row.who.profile.name.clone(),
        kana: row.who.profile.kana.clone(),
        turn: turn_kind(turn),
        waiting: since.map(|since| signed.lasting(signed.now() - since)),
        is_late: clock.as_ref().is_some_and(|clock| clock.rung.is_late()),
        clock,
        last_words: glimpse(&text, GLIMPSE),
        last_by: by,
        last_at: signed.local(last.at),
        channel: last.channel,
        owner: row.who.staff.and_then(name),
        handed_to: facts.handed.get(&row.who.id).and_then(|handover| name(handover.to)),
        writing: facts.writing.get(&row.who.id).into_iter().flatten().copied().filter_map(name).collect(),
        taken: row.thread.crisis_staff.and_then(name),
        send_failed: facts.undelivered.contains(&last.id),
        is_crisis: row.thread.crisis_since.is_some(),
    })
}

/// Whose turn it is, as pages name it.
pub(crate) fn turn_kind(turn: Turn) -> TurnKind {
    match turn {
        Turn::ReplyDue { .. } => TurnKind::ReplyDue,
        Turn::TheirTurn => TurnKind::TheirTurn,
        Turn::Paused => TurnKind::Paused,
        Turn::Closed => TurnKind::Closed,
    }
}
