//! One graduate: what comes next and why, what happened, and what is known; and who looked at it.

mod timeline;

use std::cmp::Reverse;
use std::collections::HashMap;

use axum::extract::{Path, Query};
use bansou_core::audit::{ActorKind, AuditEntry};
use bansou_core::cadence::embedded_presets;
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::graduate::Support;
use bansou_core::ids::{EmployerId, GraduateId, StaffId};
use bansou_core::service_period::ServiceKind;
use bansou_core::sign::SignStep;
use bansou_core::staff::Role;
use bansou_core::window::NeverReason;
use bansou_store::{CadenceRow, ContactPoint, Employment, Graduate, Tx};
use chrono::{DateTime, NaiveDate};
use serde::Deserialize;

use super::list::{midnight, paged};
use crate::answer;
use crate::areas::me;
use crate::errors::Failure;
use crate::pages::LocalTime;
use crate::pages::audit::{AuditPage, AuditRow};
use crate::pages::graduate::{
    AddressView, Details, GraduatePage, Job, NextContact, OpenSign, ShowEntries, Unreachable,
};
use crate::pages::signs::link_to;
use crate::people;
use crate::signed::{Answer, Signed};
use crate::{cards, care};

/// Rows of one audit page.
const AUDIT_ROWS: usize = 100;
/// Rows that the pages reach back; the whole list is in the export.
const AUDIT_BACK: u64 = 5_000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    /// Milliseconds; what lies before is shown.
    before: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AskedPage {
    page: usize,
}

/// Opening the page leaves a read row, written before anything is shown.
pub(super) async fn show(signed: Signed, Path(id): Path<GraduateId>, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.look_at(id).await?;
    let graduate = people::graduate(&tx, id).await?;
    let thread = tx.thread(id).await?;
    let show: ShowEntries = asked.show.parse().unwrap_or(ShowEntries::All);
    let before = asked.before.and_then(DateTime::from_timestamp_millis);
    let happened = timeline::shown(&signed, &tx, &graduate, show, before).await?;
    let page = GraduatePage {
        person: care::head(&signed, &tx, &graduate).await?,
        crisis: people::crisis(&signed, &tx, &graduate, thread.as_ref()).await?,
        hotlines: signed.app.parts.hotlines.clone(),
        stop: people::stop(&signed, &tx, &graduate).await?,
        next: next(&signed, &tx, &graduate).await?,
        unreachable: unreachable(&signed, &graduate),
        reply_due_since: thread.and_then(|thread| thread.reply_due_since).map(|since| signed.local(since)),
        signs: open_signs(&signed, &tx, id).await?,
        card: cards::summary(&signed, &tx, &graduate).await?,
        details: details(&signed, &tx, &graduate).await?,
        jobs: jobs(&signed, &tx, id).await?,
        show,
        timeline: happened.entries,
        older: happened.older.map(|before| older(id, show, before)),
    };
    signed.page(&tx, &page).await
}

fn older(id: GraduateId, show: ShowEntries, before: LocalTime) -> String {
    let before = before.timestamp_millis().to_string();
    let path = answer::with_query(&format!("/graduates/{id}"), &[("show", show.as_str()), ("before", &before)]);
    format!("{path}#timeline")
}

/// Who looked at this person's records and who changed what.
pub(super) async fn audit(signed: Signed, Path(id): Path<GraduateId>, Query(asked): Query<AskedPage>) -> Answer {
    let tx = signed.look_at(id).await?;
    let graduate = people::graduate(&tx, id).await?;
    let names = people::staff_names(&tx).await?;
    let name = |entry: &AuditEntry| match entry.actor.kind {
        ActorKind::Staff => entry.actor.id.and_then(|id| names.get(&StaffId(id)).cloned()).unwrap_or_default(),
        ActorKind::Graduate => graduate.details.profile.name.clone(),
        ActorKind::Employer | ActorKind::Command | ActorKind::Program => String::new(),
    };
    let row = |entry: AuditEntry| AuditRow {
        at: signed.local(entry.at),
        actor: entry.actor.kind,
        name: name(&entry),
        what: what(&signed, &entry.action),
        is_read: entry.action == "graduate.read",
    };
    let all = tx.audit_of(id.0, AUDIT_BACK).await?;
    let path = format!("/graduates/{id}/audit");
    let pages = paged(&path, &[], asked.page, all.len().div_ceil(AUDIT_ROWS));
    let rows = all.into_iter().skip((pages.now as usize - 1) * AUDIT_ROWS).take(AUDIT_ROWS).map(row).collect();
    let person = care::head(&signed, &tx, &graduate).await?;
    signed.page(&tx, &AuditPage { person, rows, pages }).await
}

/// An action in words; one that has none yet is shown as it stands in the list.
fn what(signed: &Signed, action: &str) -> String {
    let key = format!("audit-{}", action.replace('.', "-"));
    if signed.app.parts.words.has(signed.lang, &key) { signed.say(&key) } else { action.to_owned() }
}

async fn next(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<NextContact, Failure> {
    let row = tx.cadence(graduate.id).await?;
    let cadence = row.as_ref().map(|row| cadence_name(signed, row)).unwrap_or_default();
    let ways = crate::threads::ways(signed, tx, graduate).await?;
    let next = row.as_ref().and_then(|row| row.next.as_ref());
    let is_over = graduate.support != Support::Supported;
    let may_come = graduate.contact_stopped_at.is_none() && !is_over;
    let set =
        me::set(tx, graduate.id).await?.filter(|set| may_come && ways.iter().any(|(kind, _)| *kind == set.channel));
    if let Some(set) = set {
        let on = signed.local(set.at).date_naive();
        return Ok(NextContact {
            at: Some(signed.local(set.at)),
            channel: Some(set.channel),
            why: set.reason.map(|reason| signed.due_reason(&reason)).unwrap_or_default(),
            follow_ups: follow_ups(signed, row.as_ref(), on),
            cadence,
        });
    }
    let why = if is_over {
        signed.say("next-not-supported")
    } else if graduate.contact_stopped_at.is_some() {
        signed.say("next-stopped")
    } else if let Some(next) = next {
        signed.due_reason(&next.reason)
    } else if row.is_none() {
        signed.say("next-no-cadence")
    } else {
        signed.say("next-none")
    };
    let shown = next.filter(|_| may_come);
    let points = tx.contact_points(graduate.id).await?;
    let way = crate::threads::way_of_check_ins(&signed.app, signed.office.id, &points);
    Ok(NextContact {
        at: shown.and_then(|next| midnight(signed, next.due_on)),
        channel: shown.and(way),
        why,
        follow_ups: shown.map(|next| follow_ups(signed, row.as_ref(), next.due_on)).unwrap_or_default(),
        cadence,
    })
}

/// What was promised beyond the next contact, on the days that will be open.
fn follow_ups(signed: &Signed, row: Option<&CadenceRow>, after: NaiveDate) -> Vec<NaiveDate> {
    let calendar = signed.calendar();
    let promised = row.map(|row| row.state.follow_ups.as_slice()).unwrap_or_default();
    let mut days: Vec<_> = promised.iter().filter_map(|promise| calendar.open_day_from(promise.on)).collect();
    days.retain(|day| *day > after);
    days.sort_unstable();
    days
}

/// Why no check-in can ever reach the person, where that is so.
fn unreachable(signed: &Signed, graduate: &Graduate) -> Option<Unreachable> {
    let never = signed.never_reached(&signed.calendar(), graduate)?;
    Some(Unreachable {
        why: signed.say(never.key()),
        person_hours: people::week_hours(signed, &graduate.details.hours.week),
        office_hours: people::week_hours(signed, &signed.office.settings.hours),
        is_person: never == NeverReason::NoCommonHours,
        is_admin: signed.staff.role.includes(Role::Admin),
    })
}

/// The preset whose phases the cadence has, by name; otherwise it is the person's own.
fn cadence_name(signed: &Signed, row: &CadenceRow) -> String {
    let preset = embedded_presets().into_iter().find(|preset| preset.plan.phases() == row.state.plan.phases());
    preset.map_or_else(|| signed.say("cadence-own"), |preset| signed.say(&preset.name_key()))
}

pub(super) async fn open_signs(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Vec<OpenSign>, Failure> {
    let open = tx.signs_of(id).await?.into_iter().filter(|placed| placed.sign.is_open());
    let view = |placed: bansou_store::PlacedSign| {
        let sign = placed.sign;
        let is_waiting = sign.state.step() == SignStep::Suggested;
        OpenSign {
            label: signed.say(&format!("sign-category-{}", sign.category)),
            at: signed.local(sign.suggested_at),
            is_waiting,
            href: link_to(&sign),
            quote: sign.quote,
        }
    };
    Ok(open.map(view).collect())
}

async fn details(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<Details, Failure> {
    let profile = &graduate.details.profile;
    let points = tx.contact_points(graduate.id).await?;
    Ok(Details {
        crisis_plan: profile.crisis_plan.clone(),
        addresses: addresses(signed, tx, graduate.id, &points).await?,
        hours: people::week_hours(signed, &graduate.details.hours.week),
        language: graduate.details.language,
        external_id: profile.external_id.clone().unwrap_or_default(),
        disability: profile
            .disability
            .as_deref()
            .map(|stored| people::kinds_in_words(signed, "disability", stored))
            .unwrap_or_default(),
        certificate: profile
            .certificate
            .as_deref()
            .map(|stored| people::kinds_in_words(signed, "certificate", stored))
            .unwrap_or_default(),
        services: services(tx, graduate.id).await?,
    })
}

/// When the person used 就労定着支援, newest first.
async fn services(tx: &Tx, id: GraduateId) -> Result<Vec<(NaiveDate, Option<NaiveDate>)>, Failure> {
    let periods = tx.service_periods_of(id).await?.into_iter().map(|stored| stored.period).rev();
    let used = periods.filter(|period| period.kind == ServiceKind::Retention);
    Ok(used.map(|period| (period.started_on, period.ended_on)).collect())
}

/// The ways to the person. A number that staff found to be wrong says who did.
async fn addresses(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    points: &[ContactPoint],
) -> Result<Vec<AddressView>, Failure> {
    let is_dead = |point: &ContactPoint| matches!(point.reach, Reachability::Invalid { .. });
    let mut views: Vec<AddressView> = points.iter().map(|point| address(signed, point)).collect();
    if !points.iter().any(is_dead) {
        return Ok(views);
    }
    let rows = tx.audit_of(id.0, AUDIT_BACK).await?;
    let names = people::staff_names(tx).await?;
    for (point, view) in points.iter().zip(&mut views).filter(|(point, _)| is_dead(point)) {
        let of_this =
            |row: &&AuditEntry| row.action == "contact_point.state" && row.detail.contains(&point.id.to_string());
        let Some(row) = rows.iter().find(of_this).filter(|row| row.actor.kind == ActorKind::Staff) else { continue };
        let name = row.actor.id.and_then(|id| names.get(&StaffId(id)).cloned()).unwrap_or_default();
        let on = signed.day(signed.local(row.at).date_naive());
        view.problem = Some(signed.say_with("address-wrong", &[("on", on.into()), ("name", name.into())]));
    }
    Ok(views)
}

fn address(signed: &Signed, point: &ContactPoint) -> AddressView {
    let problem = match point.reach {
        Reachability::Reachable => None,
        Reachability::Blocked { since } => Some(("address-blocked", since)),
        Reachability::Stopped { since } => Some(("address-stopped", since)),
        Reachability::Invalid { since } => Some(("address-invalid", since)),
    };
    // A LINE user id says nothing to anybody, and the name shown there isn't kept.
    let value =
        if point.kind == ContactKind::Line { signed.say("address-line") } else { people::dialled(&point.address) };
    let told = |(key, since)| signed.say_with(key, &[("on", signed.day(signed.local(since).date_naive()).into())]);
    AddressView { kind: point.kind, value, problem: problem.map(told) }
}

async fn jobs(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Vec<Job>, Failure> {
    let companies: HashMap<EmployerId, String> =
        tx.employers().await?.into_iter().map(|employer| (employer.id, employer.profile.name)).collect();
    let view = |job: Employment| {
        let employer = job.details.employer.and_then(|id| companies.get(&id).cloned());
        let reason = job.details.leaving.map(|reason| signed.say(&format!("leaving-{reason}")));
        timeline::job(&job, employer, job.details.leaving_words.clone().or(reason))
    };
    let mut jobs: Vec<Job> = tx.employments_of(id).await?.into_iter().map(view).collect();
    jobs.sort_by_key(|job| Reverse(job.hired_on));
    Ok(jobs)
}
