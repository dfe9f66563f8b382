//! Files of an office's records. What holds people's words and addresses is for admins, and leaves an audit row like every export.

use std::collections::HashMap;

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::staff::Role;
use bansou_store::{ContactRow, NoteRow, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use http::header;
use serde_json::json;

use super::log::{Asked, begins, days, ends};
use crate::csv::Csv;
use crate::errors::Failure;
use crate::pages::settings::log::ExportPage;
use crate::people;
use crate::signed::{Admin, Answer, Manager, Signed};

/// Rows read at once.
const PIECE: u64 = 1_000;

pub(super) async fn page(Manager(signed): Manager, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let (from, to) = days(&signed, &asked);
    let is_admin = signed.staff.role.includes(Role::Admin);
    signed.page(&tx, &ExportPage { from, to, is_admin }).await
}

/// `GET /settings/export/contacts.csv`: the check-ins that fell due in these days.
pub(super) async fn contacts(Admin(signed): Admin, Query(asked): Query<Asked>) -> Answer {
    let (from, to) = days(&signed, &asked);
    let tx = noted(&signed, "contacts", from, to).await?;
    let mut csv = Csv::new();
    let columns = ["number", "name", "due-on", "channel", "address", "state", "why", "sent-at", "answered-at"];
    csv.row(columns.map(|name| signed.say(&format!("export-column-{name}"))));
    let mut after = None;
    loop {
        let rows = tx.contacts_page(from, to, after, PIECE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.mark());
        let ids: Vec<GraduateId> = rows.iter().map(|row| row.graduate).collect();
        let names = tx.people(&ids).await?;
        for row in rows {
            let name = names.get(&row.graduate).map(|who| who.profile.name.clone()).unwrap_or_default();
            csv.row(contact(&signed, row, name));
        }
    }
    tx.save().await?;
    Ok(file("contacts", from, to, csv))
}

/// `GET /settings/export/notes.csv`: notes of contacts in these days, corrected ones among them.
pub(super) async fn notes(Admin(signed): Admin, Query(asked): Query<Asked>) -> Answer {
    let (from, to) = days(&signed, &asked);
    let tx = noted(&signed, "notes", from, to).await?;
    let authors = people::staff_names(&tx).await?;
    let mut csv = Csv::new();
    let own =
        ["number", "name", "author", "mode", "happened-at"].map(|name| signed.say(&format!("export-column-{name}")));
    let lanes = ["said", "observed", "interpretation", "done", "next"].map(|lane| signed.say(&format!("lane-{lane}")));
    csv.row(own.into_iter().chain(lanes).chain([signed.say("export-column-corrected")]));
    let mut after = None;
    loop {
        let rows = tx.notes_page(begins(&signed, from), ends(&signed, to), after, PIECE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.mark());
        for row in rows {
            csv.row(note(&signed, row, &authors));
        }
    }
    tx.save().await?;
    Ok(file("notes", from, to, csv))
}

/// A unit of work with the audit row that says who took what.
async fn noted(signed: &Signed, what: &str, from: NaiveDate, to: NaiveDate) -> Result<Tx, Failure> {
    let tx = signed.begin().await?;
    let detail = json!({ "what": what, "from": from, "to": to });
    let action = format!("export.{what}");
    tx.audit(signed.actor(), &action, "office", Some(signed.office.id.0), detail).await?;
    Ok(tx)
}

fn contact(signed: &Signed, row: ContactRow, name: String) -> [String; 9] {
    [
        row.external_id.unwrap_or_default(),
        name,
        row.due_on.to_string(),
        row.channel.map(|kind| signed.say(&format!("channel-{kind}"))).unwrap_or_default(),
        row.address.unwrap_or_default(),
        signed.say(&format!("check-in-{}", row.state)),
        row.state_reason.map(|why| signed.say(&format!("check-in-why-{why}"))).unwrap_or_default(),
        moment(signed, row.sent_at),
        moment(signed, row.answered_at),
    ]
}

fn note(signed: &Signed, row: NoteRow, authors: &HashMap<StaffId, String>) -> [String; 11] {
    let (note, who) = (row.note, row.who.map(|who| who.profile).unwrap_or_default());
    let is_corrected = note.state == bansou_store::NoteState::Corrected;
    [
        who.external_id.unwrap_or_default(),
        who.name,
        authors.get(&note.author).cloned().unwrap_or_default(),
        signed.say(&format!("contact-mode-{}", note.mode)),
        moment(signed, Some(note.happened_at)),
        note.lanes.said,
        note.lanes.observed,
        note.lanes.interpretation,
        note.lanes.done,
        note.lanes.next,
        if is_corrected { signed.say("export-corrected") } else { String::new() },
    ]
}

/// In the office's zone, as spreadsheets read it.
fn moment(signed: &Signed, at: Option<DateTime<Utc>>) -> String {
    at.map(|at| signed.local(at).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

fn file(what: &str, from: NaiveDate, to: NaiveDate, csv: Csv) -> Response {
    let name = format!("attachment; filename=\"{what}-{from}-{to}.csv\"");
    let kind = "text/csv; charset=utf-8".to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], csv.finish()).into_response()
}
