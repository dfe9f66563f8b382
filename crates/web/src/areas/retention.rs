//! Who stays, for managers: the page and its exports.
//!
//! The routes of [`crate::pages::retention`].

use std::collections::HashMap;

use axum::extract::Query;
use axum::response::IntoResponse;
use bansou_core::retention::{Person, Report, Rewards, report};
use bansou_core::roster::parse_date;
use bansou_core::service_period::ServiceKind;
use chrono::NaiveDate;
use http::header;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::csv::Csv;
use crate::errors::Failure;
use crate::pages::retention::{RetentionPage, ShowPart};
use crate::routes::Routes;
use crate::signed::{Answer, Manager, Signed};

/// The routes.
pub fn routes() -> Routes {
    Routes::new().get("/retention", page).get("/retention/export.csv", as_csv).get("/retention/export.json", as_json)
}

#[derive(Deserialize)]
struct Asked {
    as_of: Option<String>,
    part: Option<String>,
}

async fn page(Manager(signed): Manager, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let as_of = day(&asked, &signed);
    let (people, names) = tx.retention_people_named().await?;
    let show = asked.part.as_deref().and_then(|part| part.parse().ok()).unwrap_or(ShowPart::All);
    let rewards = Rewards::built_in();
    let report = report(as_of, &people, &rewards);
    let users = users(&people, as_of);
    let page = RetentionPage::new(&report, &rewards, show, users, |id| names.get(&id).cloned());
    signed.page(&tx, &page).await
}

async fn as_csv(Manager(signed): Manager, Query(asked): Query<Asked>) -> Answer {
    let (report, names) = exported(&signed, &asked).await?;
    let words = &signed.app.parts.words;
    let column = |key: &str| words.plain(signed.lang, key);
    let mut csv = Csv::new();
    csv.row(
        ["number", "name", "part", "reason", "hired-on", "six-month-on", "left-on", "service-from", "service-to"]
            .map(|name| column(&format!("retention-column-{name}"))),
    );
    let text = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    for person in &report.official.people {
        csv.row([
            person.external_id.clone().unwrap_or_default(),
            names.get(&person.id).cloned().unwrap_or_default(),
            column(&format!("retention-part-{}", part_word(person.part))),
            column(person.reason.word_key()),
            text(person.hired_on),
            text(person.six_month_on),
            text(person.left_on),
            text(person.service_started_on),
            text(person.service_ended_on),
        ]);
    }
    Ok(download("csv", "text/csv; charset=utf-8", report.as_of, csv.finish()))
}

async fn as_json(Manager(signed): Manager, Query(asked): Query<Asked>) -> Answer {
    let (report, _) = exported(&signed, &asked).await?;
    let body = serde_json::to_string_pretty(&report).map_err(|_| Failure::Internal)?;
    Ok(download("json", "application/json", report.as_of, body))
}

/// The report for a file, with names; who took it stands in the audit list.
async fn exported(signed: &Signed, asked: &Asked) -> Result<(Report, HashMap<Uuid, String>), Failure> {
    let tx = signed.begin().await?;
    let as_of = day(asked, signed);
    let (people, names) = tx.retention_people_named().await?;
    let report = report(as_of, &people, &Rewards::built_in());
    let detail = json!({ "what": "retention", "as_of": as_of });
    tx.audit(signed.actor(), "export.retention", "office", Some(signed.office.id.0), detail).await?;
    tx.save().await?;
    Ok((report, names))
}

/// The asked day, else today. A day that doesn't exist is today too: the page shows which day it means.
fn day(asked: &Asked, signed: &Signed) -> NaiveDate {
    asked.as_of.as_deref().and_then(|text| parse_date(text).ok()).unwrap_or_else(|| signed.today())
}

/// How many people use 就労定着支援 on a day.
fn users(people: &[Person], as_of: NaiveDate) -> usize {
    let uses = |person: &&Person| {
        let mut periods = person.service_periods.iter();
        periods.any(|period| period.kind == ServiceKind::Retention && period.overlaps(as_of, as_of))
    };
    people.iter().filter(uses).count()
}

fn part_word(part: bansou_core::retention::Part) -> &'static str {
    use bansou_core::retention::Part::{Counted, NotCounted, Open, Outside};
    match part {
        Counted => "counted",
        NotCounted => "not-counted",
        Open => "open",
        Outside => "outside",
    }
}

fn download(end: &str, kind: &'static str, as_of: NaiveDate, body: String) -> axum::response::Response {
    let name = format!("attachment; filename=\"retention-{as_of}.{end}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response()
}
