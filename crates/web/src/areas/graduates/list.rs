//! The list of graduates, and the search over it.

use std::collections::{HashMap, HashSet};

use axum::extract::Query;
use bansou_core::graduate::Support;
use bansou_core::ids::{EmployerId, GraduateId};
use bansou_core::sign::SignStep;
use bansou_store::{Employment, Graduate, GraduateSearch, InboxFilter, Tx};
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use crate::answer;
use crate::errors::Failure;
use crate::pages::LocalTime;
use crate::pages::graduates::{GraduateRow, GraduatesPage, ShowPeople};
use crate::pages::inbox::Pages;
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Rows of one page; a search shows one page.
const ROWS: usize = 50;
/// Open signs counted; more would mean that nobody looks.
const SIGNS: u64 = 5_000;

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    page: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self { show: String::new(), page: 1 }
    }
}

/// The raw search.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SearchForm {
    query: String,
}

pub(super) async fn all(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let show: ShowPeople = asked.show.parse().unwrap_or(ShowPeople::Supported);
    let support = match show {
        ShowPeople::Supported | ShowPeople::Paused => Support::Supported,
        ShowPeople::Preparing => Support::Preparing,
        ShowPeople::Ended => Support::Ended,
    };
    let search = GraduateSearch { support: Some(support), ..GraduateSearch::default() };
    let found = tx.find_graduates(&search, 0, usize::MAX).await?;
    let today = signed.today();
    let wanted = |graduate: &Graduate| show != ShowPeople::Paused || people::paused(graduate, today).is_some();
    let people: Vec<_> = found.items.into_iter().filter(wanted).collect();
    let pages = paged("/graduates", &[("show", show.as_str())], asked.page, people.len().div_ceil(ROWS));
    let shown: Vec<_> = people.into_iter().skip((pages.now as usize - 1) * ROWS).take(ROWS).collect();
    let page = GraduatesPage {
        show: Some(show),
        query: String::new(),
        total: small(tx.graduates().await?.len()),
        is_cut: false,
        people: rows(&signed, &tx, shown).await?,
        pages,
    };
    signed.page(&tx, &page).await
}

/// A search is a POST, because a name must not stand in an address or a log.
pub(super) async fn search(sent: Sent<SearchForm>) -> Answer {
    let signed = &sent.signed;
    let tx = signed.read().await?;
    let query = sent.form.query.trim().to_owned();
    let search = GraduateSearch { text: query.clone(), ..GraduateSearch::default() };
    let found = tx.find_graduates(&search, 0, ROWS).await?;
    let page = GraduatesPage {
        show: None,
        query,
        total: small(tx.graduates().await?.len()),
        is_cut: found.total > ROWS,
        people: rows(signed, &tx, found.items).await?,
        pages: Pages::single(),
    };
    signed.page(&tx, &page).await
}

async fn rows(signed: &Signed, tx: &Tx, people: Vec<Graduate>) -> Result<Vec<GraduateRow>, Failure> {
    let today = signed.today();
    let names = people::staff_names(tx).await?;
    let employers: HashMap<EmployerId, String> =
        tx.employers().await?.into_iter().map(|employer| (employer.id, employer.profile.name)).collect();
    let jobs = present_jobs(tx, today).await?;
    let next: HashMap<GraduateId, NaiveDate> =
        tx.cadences().await?.into_iter().filter_map(|row| Some((row.graduate, row.next?.due_on))).collect();
    let mut signs: HashMap<GraduateId, u32> = HashMap::new();
    for placed in tx.signs_in(&[SignStep::Suggested, SignStep::Confirmed, SignStep::Acting], SIGNS).await? {
        *signs.entry(placed.sign.graduate).or_default() += 1;
    }
    let due = InboxFilter { waiting: true, staff: None };
    let due: HashSet<GraduateId> = tx.inbox(due, 0, SIGNS).await?.into_iter().map(|row| row.who.id).collect();
    let row = |graduate: Graduate| {
        let job = jobs.get(&graduate.id);
        GraduateRow {
            id: graduate.id.to_string(),
            name: graduate.details.profile.name.clone(),
            kana: graduate.details.profile.kana.clone(),
            employer: job.and_then(|job| employers.get(&job.details.employer?).cloned()),
            tenure: job.map(|job| people::tenure(job.details.hired_on, today)),
            support: graduate.support,
            paused: people::paused(&graduate, today),
            staff: graduate.staff.and_then(|id| names.get(&id).cloned()),
            next: next.get(&graduate.id).and_then(|day| midnight(signed, *day)),
            open_signs: signs.get(&graduate.id).copied().unwrap_or(0),
            reply_due: due.contains(&graduate.id),
        }
    };
    Ok(people.into_iter().map(row).collect())
}

async fn present_jobs(tx: &Tx, today: NaiveDate) -> Result<HashMap<GraduateId, Employment>, Failure> {
    let jobs = tx.employments().await?.into_iter();
    let present = jobs.filter(|job| job.details.left_on.is_none_or(|left| left >= today));
    Ok(present.map(|job| (job.graduate, job)).collect())
}

/// The beginning of a day in the office's zone.
pub(super) fn midnight(signed: &Signed, day: NaiveDate) -> Option<LocalTime> {
    let at = day.and_time(NaiveTime::MIN).and_local_timezone(signed.office.zone).earliest()?;
    Some(at.fixed_offset())
}

/// Where the reader is among the pages of a list; a number that is none of them means the nearest.
pub(super) fn paged(path: &str, query: &[(&str, &str)], asked: usize, last: usize) -> Pages {
    let last = last.max(1);
    let now = asked.clamp(1, last);
    let link = |page: usize| {
        let page = page.to_string();
        answer::with_query(path, &[query, &[("page", page.as_str())]].concat())
    };
    Pages {
        now: small(now),
        last: small(last),
        previous: (now > 1).then(|| link(now - 1)),
        next: (now < last).then(|| link(now + 1)),
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
