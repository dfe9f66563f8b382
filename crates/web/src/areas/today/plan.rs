//! 一日の段どり: an order and moments for today's rows that fit the reader's own working hours. Nothing is moved or kept by looking at it.

use std::collections::HashMap;

use axum::extract::Query;
use bansou_core::ids::GraduateId;
use bansou_core::today::{DayPlan, PlanItem, TodayRule, Work, day_plan};
use bansou_core::window::{SendContext, SendKind, SendWindow, open_spans, windows_on};
use bansou_core::working::{Whose as WorksFor, WorkingTime};
use bansou_store::Tx;

use super::rows::Ranked;
use super::{Asked, Rows, rows};
use crate::errors::Failure;
use crate::pages::plan::{PlanPage, PlanRow};
use crate::signed::{Answer, Signed};

/// `GET /today/plan`.
pub(super) async fn show(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let Rows { people, missed, whose, .. } = rows(&signed, &tx, &asked).await?;
    let ranked: Vec<Ranked> = people.into_iter().chain(missed).collect();
    let calendar = signed.calendar();
    let open = open_spans(signed.today(), &calendar);
    let team = tx.team(calendar.clone(), signed.today()).await?;
    let working = WorkingTime::of(WorksFor::Staff(&team, signed.staff.id), &calendar).spans_on(signed.today());
    let items = items(&signed, &tx, &ranked).await?;
    let plan = day_plan(signed.now(), &working, &items, TodayRule::embedded().plan_minutes);
    let page = PlanPage {
        date: signed.today(),
        read_at: signed.local(signed.now()),
        is_open: !open.is_empty(),
        ends: working.last().map(|span| signed.local(span.to)),
        is_over: working.iter().all(|span| span.to <= signed.now()),
        left: plan.left.len(),
        rows: views(&signed, &plan, &ranked),
        whose,
    };
    signed.page(&tx, &page).await
}

async fn items(signed: &Signed, tx: &Tx, ranked: &[Ranked]) -> Result<Vec<PlanItem>, Failure> {
    let called = ranked.iter().filter(|row| row.work == Work::Call).filter_map(|row| row.row.graduate.parse().ok());
    let people = tx.people_with_addresses(&called.collect::<Vec<GraduateId>>()).await?;
    let calendar = signed.calendar();
    let rules = &signed.office.settings.sending;
    let item = |row: &Ranked| {
        let graduate: GraduateId = row.row.graduate.parse().ok()?;
        let hours = people.get(&graduate).map(|(person, _)| {
            let person = &person.details.hours;
            windows_on(signed.today(), &SendContext { calendar: &calendar, person, rules, kind: SendKind::Reply })
        });
        let hours: Vec<SendWindow> = hours.unwrap_or_default();
        Some(PlanItem { graduate, work: row.work, urgency: row.urgency, hours, agreed: row.agreed })
    };
    Ok(ranked.iter().filter_map(item).collect())
}

/// The plan's rows in the order of the day; those without a moment come last.
fn views(signed: &Signed, plan: &DayPlan, ranked: &[Ranked]) -> Vec<PlanRow> {
    let by_id: HashMap<&str, &Ranked> = ranked.iter().map(|row| (row.row.graduate.as_str(), row)).collect();
    let placed = plan.placed.iter().map(|placed| (placed.graduate, Some((placed.from, placed.to))));
    // What finds no room today is a number; the first of it are named.
    let left = plan.left.iter().take(super::ROWS).map(|(graduate, _)| (*graduate, None));
    let view = |(graduate, time): (GraduateId, Option<(_, _)>)| {
        let row = by_id.get(graduate.to_string().as_str())?;
        Some(PlanRow {
            from: time.map(|(from, _)| signed.local(from)),
            to: time.map(|(_, to)| signed.local(to)),
            is_agreed: row.agreed.is_some(),
            name: row.row.name.clone(),
            kana: row.row.kana.clone(),
            apart: row.row.apart.clone(),
            why: row.row.why.clone(),
            action: row.row.action,
            href: row.row.href.clone(),
        })
    };
    placed.chain(left).filter_map(view).collect()
}
