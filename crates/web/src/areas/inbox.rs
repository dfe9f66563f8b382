//! 受信箱: the list, one thread, and what is done in it. Opening changes nothing.

use std::collections::{HashMap, HashSet};

use axum::extract::{Path, Query};
use bansou_core::ids::{GraduateId, MessageId, StaffId};
use bansou_core::thread::{Direction, Turn};
use bansou_store::{InboxFilter, InboxRow, Tx};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::actions::{crisis_step, message_look, message_reply, thread_close};
use crate::answer;
use crate::care::Caring;
use crate::errors::Failure;
use crate::form::FormState;
use crate::pages::inbox::{InboxPage, Pages, Show, ShowCounts, ThreadRow, TurnKind};
use crate::pages::thread::ReplyForm;
use crate::people;
use crate::routes::Routes;
use crate::say::glimpse;
use crate::signed::{Answer, Signed};
use crate::threads;

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
        .post("/inbox/{graduate}/close", thread_close::post)
        .post("/graduates/{id}/crisis/take", crisis_step::take)
        .post("/graduates/{id}/crisis/release", crisis_step::release)
        .post("/graduates/{id}/crisis/close", crisis_step::close)
}

#[derive(Deserialize)]
#[serde(default)]
struct Asked {
    show: String,
    page: u32,
    before: Option<Uuid>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { show: String::new(), page: 1, before: None }
    }
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let show: Show = asked.show.parse().unwrap_or(Show::Due);
    let today = signed.today();
    let counts = counts(&tx, today).await?;
    let (pages, from) = page_of(counts.of(show), asked.page, show);
    let rows = match show {
        Show::Theirs => tx.inbox_theirs(today, from, ROWS.into()).await?,
        _ => tx.inbox(InboxFilter { waiting: show == Show::Due, staff: None }, from, ROWS.into()).await?,
    };
    let names = people::staff_names(&tx).await?;
    let caring = Caring::load(&signed, &tx).await?;
    let shown: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let turn = turn(&row, today);
            (row, turn)
        })
        .collect();
    let undelivered = tx.undelivered(shown.iter().filter_map(|(row, _)| row.last.as_ref())).await?;
    let threads = shown.iter().filter_map(|(row, turn)| view(&caring, row, *turn, &names, &undelivered)).collect();
    let page = InboxPage { show, counts, threads, pages, read_at: signed.local(signed.now()) };
    signed.page(&tx, &page).await
}

async fn thread(signed: Signed, Path(graduate): Path<GraduateId>, Query(asked): Query<Asked>) -> Answer {
    // Reading what somebody wrote is a look at the person, like their page.
    let noted = signed.begin().await?;
    noted.note_read(signed.actor(), graduate).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    let page = threads::load(&signed, &tx, graduate, asked.before, FormState::new(ReplyForm::default())).await?;
    signed.page(&tx, &page).await
}

fn turn(row: &InboxRow, today: NaiveDate) -> Turn {
    row.thread.facts(row.who.pause.is_some_and(|pause| pause.covers(today))).turn()
}

async fn counts(tx: &Tx, today: NaiveDate) -> Result<ShowCounts, Failure> {
    let (due, theirs, all) = tx.thread_counts(today).await?;
    Ok(ShowCounts { due: small(due), theirs: small(theirs), all: small(all) })
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn page_of(rows: u32, page: u32, show: Show) -> (Pages, u64) {
    let last = rows.div_ceil(ROWS).max(1);
    let now = page.clamp(1, last);
    let link = |page: u32| answer::with_query("/inbox", &[("show", show.as_str()), ("page", &page.to_string())]);
    let pages =
        Pages { now, last, previous: (now > 1).then(|| link(now - 1)), next: (now < last).then(|| link(now + 1)) };
    (pages, u64::from(now - 1) * u64::from(ROWS))
}

fn view(
    caring: &Caring<'_>,
    row: &InboxRow,
    turn: Turn,
    names: &HashMap<StaffId, String>,
    undelivered: &HashSet<MessageId>,
) -> Option<ThreadRow> {
    let signed = caring.signed;
    let last = row.last.as_ref()?;
    let text = last.body.as_ref().map(|body| body.text.clone()).unwrap_or_default();
    let by = match last.direction {
        Direction::In => row.who.profile.name.clone(),
        Direction::Out => {
            last.staff.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| signed.office.name.clone())
        }
    };
    let since = row.thread.reply_due_since;
    Some(ThreadRow {
        graduate: row.who.id.to_string(),
        care: caring.view((row.who.staff, row.who.standin)),
        name: row.who.profile.name.clone(),
        kana: row.who.profile.kana.clone(),
        turn: turn_kind(turn),
        waiting: since.map(|since| signed.lasting(signed.now() - since)),
        is_late: since.is_some_and(|since| threads::is_late(signed, since)),
        last_words: glimpse(&text, GLIMPSE),
        last_by: by,
        last_at: signed.local(last.at),
        channel: last.channel,
        taken: row.thread.crisis_staff.and_then(|id| names.get(&id).cloned()),
        send_failed: undelivered.contains(&last.id),
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
