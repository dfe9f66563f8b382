//! The list of graduates, and the search over it.

use std::collections::HashMap;

use axum::extract::Query;
use bansou_core::graduate::{PeopleGroup, Support};
use bansou_core::ids::StaffId;
use bansou_store::{Graduate, GraduateSearch, Page, Roll, Tx};
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use crate::answer;
use crate::care::Caring;
use crate::errors::Failure;
use crate::pages::LocalTime;
use crate::pages::graduates::{GraduateRow, GraduatesPage};
use crate::pages::inbox::Pages;
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Rows of one page; a search shows one page.
const ROWS: usize = 50;

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    staff: String,
    page: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self { show: String::new(), staff: String::new(), page: 1 }
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
    let group: PeopleGroup = asked.show.parse().unwrap_or(PeopleGroup::Supported);
    let staff: Option<StaffId> = asked.staff.parse().ok();
    let caring = Caring::load(&signed, &tx).await?;
    let cared_for = match staff {
        Some(staff) => caring.cared_for(&tx, staff).await?,
        None => Vec::new(),
    };
    let roll = Roll { group, staff, cared_for, today: signed.today() };
    let found = tx.roll(&roll, asked.page.saturating_sub(1), ROWS).await?;
    let staff = staff.map(|id| id.to_string()).unwrap_or_default();
    let query = [("show", group.as_str()), ("staff", staff.as_str())];
    let pages = paged("/graduates", &query, asked.page, found.total.div_ceil(ROWS));
    let page = GraduatesPage { show: Some(group), pages, ..list(&caring, &tx, found, staff).await? };
    signed.page(&tx, &page).await
}

/// A search is a POST, because a name must not stand in an address or a log.
pub(super) async fn search(sent: Sent<SearchForm>) -> Answer {
    let signed = &sent.signed;
    let tx = signed.read().await?;
    let query = sent.form.query.trim().to_owned();
    let search = GraduateSearch { text: query.clone(), ..GraduateSearch::default() };
    let found = tx.find_graduates(&search, 0, ROWS).await?;
    let is_cut = found.total > ROWS;
    let caring = Caring::load(signed, &tx).await?;
    let page = GraduatesPage { query, is_cut, ..list(&caring, &tx, found, String::new()).await? };
    signed.page(&tx, &page).await
}

/// One page of people, without saying how they were found.
async fn list(caring: &Caring<'_>, tx: &Tx, found: Page<Graduate>, staff: String) -> Result<GraduatesPage, Failure> {
    let members = tx.staff().await?;
    let names: HashMap<StaffId, &str> =
        members.iter().map(|member| (member.id, member.profile.name.as_str())).collect();
    let people = rows(caring, tx, found.items, &names).await?;
    let choices = members.iter().filter(|member| member.disabled_at.is_none() || member.id.to_string() == staff);
    Ok(GraduatesPage {
        show: None,
        groups: PeopleGroup::ALL,
        members: choices.map(|member| (member.id.to_string(), member.profile.name.clone())).collect(),
        staff,
        query: String::new(),
        total: u32::try_from(tx.graduate_count().await?).unwrap_or(u32::MAX),
        found: small(found.total),
        is_cut: false,
        people,
        pages: Pages::single(),
    })
}

async fn rows(
    caring: &Caring<'_>,
    tx: &Tx,
    people: Vec<Graduate>,
    names: &HashMap<StaffId, &str>,
) -> Result<Vec<GraduateRow>, Failure> {
    let signed = caring.signed;
    let (today, calendar) = (signed.today(), signed.calendar());
    let ids: Vec<_> = people.iter().map(|graduate| graduate.id).collect();
    let mut facts = tx.roll_facts(&ids, today).await?;
    let row = |graduate: Graduate| {
        let fact = facts.remove(&graduate.id).unwrap_or_default();
        let next = fact.next_due_on.filter(|_| graduate.contact_stopped_at.is_none());
        let unreachable =
            graduate.support == Support::Supported && signed.never_reached(&calendar, &graduate).is_some();
        GraduateRow {
            id: graduate.id.to_string(),
            paused: people::paused(&graduate, today),
            stopped: graduate.contact_stopped_at.is_some(),
            unreachable,
            care: caring.view((graduate.staff, graduate.standin)),
            name: graduate.details.profile.name,
            kana: graduate.details.profile.kana,
            employer: fact.employer,
            tenure: fact.hired_on.map(|hired_on| people::tenure(hired_on, today)),
            support: graduate.support,
            staff: graduate.staff.and_then(|id| names.get(&id).map(|name| (*name).to_owned())),
            next: next.and_then(|day| midnight(signed, day)),
            open_signs: fact.open_signs,
            reply_due: fact.is_reply_due,
        }
    };
    Ok(people.into_iter().map(row).collect())
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
