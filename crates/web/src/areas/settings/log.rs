//! The office's audit list with the check of its chain.

use std::collections::HashMap;

use axum::extract::Query;
use axum::response::IntoResponse;
use bansou_core::audit::{ActorKind, AuditEntry};
use bansou_core::ids::GraduateId;
use bansou_core::roster::parse_date;
use bansou_store::{ChainCheck, Tx};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use http::header;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::csv::Csv;
use crate::errors::Failure;
use crate::pages::audit::AuditRow;
use crate::pages::inbox::Pages;
use crate::pages::settings::log::{AuditLogPage, ChainView};
use crate::signed::{Admin, Answer, Signed};

/// Rows of one page.
const PAGE: u64 = 100;
/// Without dates: so many days back.
const USUAL_DAYS: u64 = 30;

#[derive(Deserialize)]
pub(super) struct Asked {
    from: Option<String>,
    to: Option<String>,
    page: Option<u64>,
    /// `all` checks the whole chain, which takes longer the longer the list is.
    check: Option<String>,
}

pub(super) async fn list(Admin(signed): Admin, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let (from, to) = days(&signed, &asked);
    let last = tx.audit_count(begins(&signed, from), ends(&signed, to)).await?.div_ceil(PAGE).max(1);
    let now = asked.page.unwrap_or(1).clamp(1, last);
    let shown = tx.audit_rows(begins(&signed, from), ends(&signed, to), (now - 1) * PAGE, PAGE).await?;
    let names = names(&tx, &shown).await?;
    let place = |page: u64| Some(format!("/settings/audit?from={from}&to={to}&page={page}"));
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let page = AuditLogPage {
        from,
        to,
        rows: shown.iter().map(|entry| row(&signed, &names, entry)).collect(),
        pages: Pages {
            now: small(now),
            last: small(last),
            previous: if now > 1 { place(now - 1) } else { None },
            next: if now < last { place(now + 1) } else { None },
        },
        chain: chain(&signed, &tx, &shown, asked.check.as_deref() == Some("all")).await?,
    };
    signed.page(&tx, &page).await
}

pub(super) async fn as_csv(Admin(signed): Admin, Query(asked): Query<Asked>) -> Answer {
    let (from, to) = days(&signed, &asked);
    let tx = signed.begin().await?;
    let mut csv = Csv::new();
    csv.row(["seq", "at", "actor", "actor_id", "action", "object", "object_id", "detail"].map(str::to_owned));
    let mut after = 0;
    loop {
        let rows = tx.audit_page(begins(&signed, from), ends(&signed, to), after, 1_000).await?;
        let Some(newest) = rows.last() else { break };
        after = newest.seq;
        for row in &rows {
            let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
            csv.row([
                row.seq.to_string(),
                row.at.to_rfc3339(),
                row.actor.kind.to_string(),
                id(row.actor.id),
                row.action.clone(),
                row.object_kind.clone(),
                id(row.object_id),
                row.detail.clone(),
            ]);
        }
    }
    let detail = json!({ "what": "audit", "from": from, "to": to });
    tx.audit(signed.actor(), "export.audit", "office", Some(signed.office.id.0), detail).await?;
    tx.save().await?;
    let name = format!("attachment; filename=\"audit-{from}-{to}.csv\"");
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], csv.finish()).into_response())
}

/// The check of the rows on the page, or of all there are.
async fn chain(signed: &Signed, tx: &Tx, shown: &[AuditEntry], all: bool) -> Result<ChainView, Failure> {
    let at = signed.local(signed.now());
    let (newest, oldest) = (shown.first().map(|row| row.seq), shown.last().map(|row| row.seq));
    let check = match newest.zip(oldest).filter(|_| !all) {
        Some((newest, oldest)) => tx.verify_audit_rows(oldest, newest).await?,
        None => tx.verify_audit().await?,
    };
    Ok(match check {
        ChainCheck::Broken { seq } => ChainView::Broken { seq, at },
        ChainCheck::Whole(rows) if all || shown.is_empty() => ChainView::Whole { rows, at },
        ChainCheck::Whole(rows) => ChainView::Part { rows, at },
    })
}

fn row(signed: &Signed, names: &HashMap<Uuid, String>, entry: &AuditEntry) -> AuditRow {
    let key = format!("audit-{}", entry.action.replace('.', "-"));
    let said = signed.app.parts.words.plain(signed.lang, &key);
    AuditRow {
        at: signed.local(entry.at),
        actor: entry.actor.kind,
        name: entry.actor.id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        // An action of a newer version than the words: its code says more than nothing.
        what: if said.starts_with('⟦') { entry.action.clone() } else { said },
        is_read: entry.action == "graduate.read",
    }
}

/// Names of whoever acts in these rows.
async fn names(tx: &Tx, rows: &[AuditEntry]) -> Result<HashMap<Uuid, String>, Failure> {
    let mut names: HashMap<Uuid, String> =
        tx.staff().await?.into_iter().map(|member| (member.id.0, member.profile.name)).collect();
    let graduates: Vec<GraduateId> = rows
        .iter()
        .filter(|row| row.actor.kind == ActorKind::Graduate)
        .filter_map(|row| row.actor.id.map(GraduateId))
        .collect();
    names.extend(tx.people(&graduates).await?.into_iter().map(|(id, who)| (id.0, who.profile.name)));
    Ok(names)
}

/// The asked days in their order; the last thirty where none, or none that exist, were asked for.
pub(super) fn days(signed: &Signed, asked: &Asked) -> (NaiveDate, NaiveDate) {
    let day = |text: &Option<String>| text.as_deref().and_then(|text| parse_date(text).ok());
    let to = day(&asked.to).unwrap_or_else(|| signed.today());
    let from = day(&asked.from).or_else(|| to.checked_sub_days(Days::new(USUAL_DAYS))).unwrap_or(to);
    (from.min(to), to.max(from))
}

pub(super) fn begins(signed: &Signed, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = midnight.and_local_timezone(signed.office.zone).earliest();
    local.map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

pub(super) fn ends(signed: &Signed, day: NaiveDate) -> DateTime<Utc> {
    begins(signed, day.succ_opt().unwrap_or(day))
}
