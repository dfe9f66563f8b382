//! Where the rows of an export come from. Moments are RFC 3339 with the offset of the office's zone.

use std::collections::HashMap;

use bansou_core::contact::{ContactKind, PhoneNumber};
use bansou_core::hours::WeekHours;
use bansou_core::ids::GraduateId;
use bansou_core::service_period::ServiceKind;
use bansou_store::{ContactPoint, Employment, Graduate, Office, StoredServicePeriod, Tx};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use serde::Serialize;
use serde_json::{Value, json};

use super::table::Table;
use crate::args::{FileFormat, What};
use crate::failure::{Done, Failure};

const PAGE: u64 = 1_000;

/// The columns of a roster, which can be imported again.
const GRADUATES: &[&str] = GRADUATES_JSON.split_at(2).1;
/// With what a roster has no column for in front.
const GRADUATES_JSON: &[&str] = &[
    "id",
    "support",
    "external_id",
    "name",
    "kana",
    "phone",
    "line_user_id",
    "email",
    "disability",
    "certificate",
    "employer",
    "hired_on",
    "disclosure",
    "left_on",
    "leaving_reason",
    "service_started_on",
    "service_ended_on",
    "staff_email",
    "allowed_from",
    "allowed_to",
    "language",
];
const NOTES: &[&str] = &[
    "id",
    "graduate",
    "external_id",
    "name",
    "author",
    "mode",
    "happened_at",
    "said",
    "observed",
    "interpretation",
    "done",
    "next",
    "state",
];
const CONTACTS: &[&str] = &[
    "id",
    "graduate",
    "external_id",
    "channel",
    "address",
    "due_on",
    "state",
    "reason",
    "planned_at",
    "sent_at",
    "answered_at",
];
const RETENTION: &[&str] = &[
    "id",
    "external_id",
    "part",
    "reason",
    "notes",
    "hired_on",
    "six_month_on",
    "left_on",
    "service_started_on",
    "service_ended_on",
];
const AUDIT: &[&str] = &["seq", "at", "actor_kind", "actor", "action", "object_kind", "object", "detail"];

/// An office's records.
pub(super) struct Source {
    pub(super) tx: Tx,
    pub(super) office: Office,
    /// First and last day, both included.
    pub(super) days: (NaiveDate, NaiveDate),
    /// The last day, where one was given.
    pub(super) to: Option<NaiveDate>,
}

impl Source {
    /// The columns of a table. A graduate's id and standing aren't columns of the import, so only JSON has them.
    pub(super) fn columns(what: What, format: FileFormat) -> &'static [&'static str] {
        match what {
            What::Graduates if format == FileFormat::Json => GRADUATES_JSON,
            What::Graduates => GRADUATES,
            What::Notes => NOTES,
            What::Contacts => CONTACTS,
            What::Retention => RETENTION,
            What::Audit => AUDIT,
        }
    }

    pub(super) async fn contacts(&self, table: &mut Table<'_>) -> Done {
        let mut after = None;
        loop {
            let page = self.tx.contacts_page(self.days.0, self.days.1, after, PAGE).await?;
            for row in &page {
                table.row(&[
                    json!(row.id),
                    json!(row.graduate),
                    json!(row.external_id),
                    json!(row.channel),
                    json!(row.address),
                    json!(row.due_on),
                    json!(row.state),
                    json!(row.state_reason),
                    self.moment(Some(row.planned_at)),
                    self.moment(row.sent_at),
                    self.moment(row.answered_at),
                ])?;
            }
            after = page.last().map(bansou_store::ContactRow::mark);
            if (page.len() as u64) < PAGE {
                return Ok(());
            }
        }
    }

    pub(super) async fn notes(&self, table: &mut Table<'_>) -> Done {
        let staff = self.tx.staff().await?;
        let names: HashMap<_, _> = staff.iter().map(|member| (member.id, member.profile.name.as_str())).collect();
        let (from, to) = self.moments();
        let mut after = None;
        loop {
            let page = self.tx.notes_page(from, to, after, PAGE).await?;
            for row in &page {
                let (note, who) = (&row.note, row.who.as_ref().map(|who| &who.profile));
                table.row(&[
                    json!(note.id),
                    json!(note.graduate),
                    json!(who.and_then(|who| who.external_id.as_ref())),
                    json!(who.map(|who| &who.name)),
                    json!(names.get(&note.author)),
                    json!(note.mode),
                    self.moment(Some(note.happened_at)),
                    json!(note.lanes.said),
                    json!(note.lanes.observed),
                    json!(note.lanes.interpretation),
                    json!(note.lanes.done),
                    json!(note.lanes.next),
                    json!(note.state),
                ])?;
            }
            after = page.last().map(bansou_store::NoteRow::mark);
            if (page.len() as u64) < PAGE {
                return Ok(());
            }
        }
    }

    pub(super) async fn audit(&self, table: &mut Table<'_>) -> Done {
        let (from, to) = self.moments();
        let mut after = 0;
        loop {
            let page = self.tx.audit_page(from, to, after, PAGE).await?;
            for row in &page {
                let detail: Value = serde_json::from_str(&row.detail).unwrap_or(Value::Null);
                table.row(&[
                    json!(row.seq),
                    self.moment(Some(row.at)),
                    json!(row.actor.kind),
                    json!(row.actor.id),
                    json!(row.action),
                    json!(row.object_kind),
                    json!(row.object_id),
                    detail,
                ])?;
            }
            after = page.last().map_or(after, |row| row.seq);
            if (page.len() as u64) < PAGE {
                return Ok(());
            }
        }
    }

    pub(super) async fn retention(&self, table: &mut Table<'_>) -> Done {
        use bansou_core::retention::{Rewards, report};
        let today = self.tx.now().with_timezone(&self.office.zone).date_naive();
        let people = self.tx.retention_people().await?;
        let report = report(self.to.unwrap_or(today), &people, &Rewards::built_in());
        for person in &report.official.people {
            table.row(&[
                json!(person.id),
                json!(person.external_id),
                json!(person.part),
                json!(person.reason),
                joined(&person.notes)?,
                json!(person.hired_on),
                json!(person.six_month_on),
                json!(person.left_on),
                json!(person.service_started_on),
                json!(person.service_ended_on),
            ])?;
        }
        Ok(())
    }

    pub(super) async fn graduates(&self, table: &mut Table<'_>, format: FileFormat) -> Done {
        let tx = &self.tx;
        let employers: HashMap<_, _> =
            tx.employers().await?.into_iter().map(|employer| (employer.id, employer.profile.name)).collect();
        let staff: HashMap<_, _> =
            tx.staff().await?.into_iter().map(|member| (member.id, member.profile.email)).collect();
        let mut jobs: HashMap<GraduateId, Employment> = HashMap::new();
        // Oldest first, so the newest of a person stays.
        for job in tx.employments().await? {
            jobs.insert(job.graduate, job);
        }
        let mut periods: HashMap<GraduateId, StoredServicePeriod> = HashMap::new();
        for stored in tx.service_periods().await?.into_iter().filter(|s| s.period.kind == ServiceKind::Retention) {
            periods.insert(stored.graduate, stored);
        }
        let mut points: HashMap<GraduateId, Vec<ContactPoint>> = HashMap::new();
        for point in tx.all_contact_points().await? {
            points.entry(point.graduate).or_default().push(point);
        }
        for graduate in tx.graduates().await? {
            let mut row =
                if format == FileFormat::Json { vec![json!(graduate.id), json!(graduate.support)] } else { Vec::new() };
            let job = jobs.get(&graduate.id).map(|job| &job.details);
            let period = periods.get(&graduate.id).map(|stored| &stored.period);
            row.extend(person(&graduate, points.get(&graduate.id).map_or(&[], Vec::as_slice)));
            row.extend([
                json!(job.and_then(|job| employers.get(&job.employer?))),
                json!(job.map(|job| job.hired_on)),
                json!(job.map(|job| job.disclosure)),
                json!(job.and_then(|job| job.left_on)),
                json!(job.and_then(|job| job.leaving_words.clone().or_else(|| job.leaving.map(|why| why.to_string())))),
                json!(period.map(|period| period.started_on)),
                json!(period.and_then(|period| period.ended_on)),
                json!(graduate.staff.and_then(|id| staff.get(&id))),
            ]);
            let (from, to) = daily(&graduate.details.hours.week);
            row.extend([from, to, json!(graduate.details.language)]);
            table.row(&row)?;
        }
        Ok(())
    }

    fn moment(&self, at: Option<DateTime<Utc>>) -> Value {
        json!(at.map(|at| at.with_timezone(&self.office.zone).to_rfc3339()))
    }

    /// The beginning of the first day and the end of the last, in the office's zone.
    fn moments(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let begins = |day: NaiveDate| {
            let midnight = day.and_time(NaiveTime::MIN);
            self.office.zone.from_local_datetime(&midnight).earliest().map_or(midnight.and_utc(), |at| at.to_utc())
        };
        (begins(self.days.0), begins(self.days.1 + Days::new(1)))
    }
}

/// Who the person is and where they are reached, in the form that import reads.
fn person(graduate: &Graduate, points: &[ContactPoint]) -> [Value; 8] {
    let profile = &graduate.details.profile;
    let address = |kind| points.iter().find(|point| point.kind == kind).map(|point| point.address.clone());
    let phone = address(ContactKind::Sms).or_else(|| address(ContactKind::Phone));
    // As people write it: a leading + would be taken for a formula.
    let phone = phone.map(|phone| PhoneNumber::parse(&phone).map_or(phone, |number| number.national()));
    [
        json!(profile.external_id),
        json!(profile.name),
        json!((!profile.kana.is_empty()).then_some(&profile.kana)),
        json!(phone),
        json!(address(ContactKind::Line)),
        json!(address(ContactKind::Email)),
        json!(profile.disability),
        json!(profile.certificate),
    ]
}

fn joined<T: Serialize>(items: &[T]) -> Done<Value> {
    let values = items.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>().map_err(Failure::failed)?;
    Ok(json!(values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")))
}

/// The one period of a week that is the same every day, as the import has it; other weeks can't be told in two columns.
fn daily(week: &WeekHours) -> (Value, Value) {
    let monday = week.on(Weekday::Mon);
    let days = [Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let [period] = monday else { return (Value::Null, Value::Null) };
    if days.into_iter().any(|day| week.on(day) != monday) {
        return (Value::Null, Value::Null);
    }
    let text = period.to_string();
    let (from, to) = text.split_once('-').unwrap_or((&text, ""));
    (json!(from), json!(to))
}
