//! Importing a roster: one row is one person with addresses, job, service and cadence, all in the caller's [`Tx`].
//!
//! What the office has is read once at the start; new people are collected and written in large statements; so ten
//! thousand rows take seconds. An empty cell leaves alone what is known: an import adds and corrects, it never
//! deletes. A number takes the place of the one before, also where it is a landline and that one a mobile.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadencePlan, CadenceState};
use bansou_core::contact::ContactKind;
use bansou_core::employment::Disclosure;
use bansou_core::graduate::{GraduateProfile, Language, Support};
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::ids::{CadenceId, ContactPointId, EmployerId, EmploymentId, GraduateId, ServicePeriodId, StaffId};
use bansou_core::roster::RosterRow;
use bansou_core::search::name_key;
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::audit::AuditNote;
use crate::contact_points::ContactPoint;
use crate::employments::{Employment, EmploymentDetails};
use crate::entity::{cadences, contact_points, employers, employments, graduates, service_periods};
use crate::error::{Result, StoreError};
use crate::graduates::{Graduate, GraduateDetails, changed_fields};
use crate::service_periods::StoredServicePeriod;
use crate::sql::insert_all;
use crate::tx::Tx;

/// New people are written in pieces of this size.
const PIECE: usize = 500;

/// What a row did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserted {
    /// The person is new.
    Added(GraduateId),
    /// Something about a known person changed.
    Updated(GraduateId),
    /// Everything was known.
    Unchanged(GraduateId),
}

/// An import under way. Nothing of it counts before [`RosterImport::finish`] and the caller's [`Tx::save`].
pub struct RosterImport<'tx> {
    tx: &'tx Tx,
    actor: Actor,
    plan: CadencePlan,
    today: NaiveDate,
    people: HashMap<GraduateId, Known>,
    numbers: HashMap<String, GraduateId>,
    names: HashMap<Name, GraduateId>,
    employers: HashMap<String, EmployerId>,
    staff: HashMap<String, StaffId>,
    pending: Pending,
}

/// Without a number, only the same name, reading and day of hiring together are the same person
/// (core's `RowIdentity`).
type Name = (String, String, Option<NaiveDate>);

/// What the office knows of a person, as far as a roster can change it.
struct Known {
    graduate: Graduate,
    points: Vec<ContactPoint>,
    jobs: Vec<Employment>,
    periods: Vec<StoredServicePeriod>,
}

/// What a row changed about somebody's jobs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum JobChange {
    Nothing,
    /// Only whether the employer knows: that says nothing about the support.
    Disclosure,
    Job,
}

#[derive(Default)]
struct Pending {
    ids: Vec<GraduateId>,
    graduates: Vec<graduates::ActiveModel>,
    points: Vec<contact_points::ActiveModel>,
    employers: Vec<employers::ActiveModel>,
    jobs: Vec<employments::ActiveModel>,
    periods: Vec<service_periods::ActiveModel>,
    cadences: Vec<cadences::ActiveModel>,
    notes: Vec<AuditNote>,
}

impl std::fmt::Debug for RosterImport<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RosterImport, {} people known", self.people.len())
    }
}

impl Tx {
    /// Begins an import. `plan` is the cadence that people with a job get, counted from the day of hiring.
    pub async fn roster_import(&self, actor: Actor, plan: CadencePlan) -> Result<RosterImport<'_>> {
        let zone = self.own_office().await?.zone;
        let staff = self.staff().await?.into_iter().map(|staff| (staff.profile.email.trim().to_lowercase(), staff.id));
        let employers = self.employers().await?;
        let mut import = RosterImport {
            tx: self,
            actor,
            plan,
            today: self.now().with_timezone(&zone).date_naive(),
            people: HashMap::new(),
            numbers: HashMap::new(),
            names: HashMap::new(),
            employers: employers.into_iter().map(|known| (name_key(&known.profile.name), known.id)).collect(),
            staff: staff.collect(),
            pending: Pending::default(),
        };
        import.read_people().await?;
        Ok(import)
    }
}

impl RosterImport<'_> {
    /// Whether the row names a member of staff that the office doesn't have; such a row is refused.
    pub fn names_unknown_staff(&self, row: &RosterRow) -> bool {
        row.staff_email.as_ref().is_some_and(|email| !self.staff.contains_key(&email.as_str().to_lowercase()))
    }

    /// Takes one row: adds the person, or brings what is known up to the row.
    pub async fn upsert(&mut self, row: &RosterRow) -> Result<Upserted> {
        let staff = match &row.staff_email {
            Some(email) => {
                let known = self.staff.get(&email.as_str().to_lowercase()).copied();
                Some(known.ok_or(StoreError::NotFound { what: "staff with this e-mail address" })?)
            }
            None => None,
        };
        match self.recognise(row) {
            Some(id) => self.update(id, row, staff).await,
            None => self.add(row, staff).await,
        }
    }

    /// Writes what is still collected.
    pub async fn finish(mut self) -> Result<()> {
        self.flush().await
    }

    async fn read_people(&mut self) -> Result<()> {
        for graduate in self.tx.graduates().await? {
            let known = Known { graduate, points: Vec::new(), jobs: Vec::new(), periods: Vec::new() };
            self.people.insert(known.graduate.id, known);
        }
        let points = contact_points::Entity::find().filter(contact_points::Column::OfficeId.eq(self.tx.office.0));
        for row in points.filter(contact_points::Column::State.ne("removed")).all(&self.tx.conn).await? {
            let point = self.tx.to_contact_point(&row)?;
            if let Some(known) = self.people.get_mut(&point.graduate) {
                known.points.push(point);
            }
        }
        for job in self.tx.employments().await? {
            if let Some(known) = self.people.get_mut(&job.graduate) {
                known.jobs.push(job);
            }
        }
        for period in self.tx.service_periods().await? {
            if let Some(known) = self.people.get_mut(&period.graduate) {
                known.periods.push(period);
            }
        }
        let ids: Vec<GraduateId> = self.people.keys().copied().collect();
        for id in ids {
            self.index(id);
        }
        Ok(())
    }

    fn index(&mut self, id: GraduateId) {
        let Some(known) = self.people.get(&id) else { return };
        let profile = &known.graduate.details.profile;
        if let Some(number) = &profile.external_id {
            self.numbers.insert(name_key(number), id);
        }
        let days = known.jobs.iter().map(|job| Some(job.details.hired_on)).chain(known.jobs.is_empty().then_some(None));
        for day in days {
            self.names.insert((name_key(&profile.name), name_key(&profile.kana), day), id);
        }
    }

    fn recognise(&self, row: &RosterRow) -> Option<GraduateId> {
        let kana = row.kana.as_deref().map(name_key).unwrap_or_default();
        let named = || self.names.get(&(name_key(&row.name), kana, row.hired_on)).copied();
        let Some(number) = &row.external_id else { return named() };
        // An office that begins to give numbers means the same people.
        let unnumbered = |id: &GraduateId| {
            self.people.get(id).is_some_and(|known| known.graduate.details.profile.external_id.is_none())
        };
        self.numbers.get(&name_key(number)).copied().or_else(|| named().filter(unnumbered))
    }

    async fn add(&mut self, row: &RosterRow, staff: Option<StaffId>) -> Result<Upserted> {
        let tx = self.tx;
        let id = GraduateId::new(&tx.ambient);
        let blank = GraduateDetails {
            profile: GraduateProfile::default(),
            language: Language::Plain,
            hours: PersonHours::default(),
        };
        let details = merged(&blank, row);
        let support = standing(row, self.today);
        self.pending.ids.push(id);
        self.pending.graduates.push(tx.new_graduate(id, &details, support, staff));
        for (kind, address) in addresses(row) {
            self.pending.points.push(tx.new_contact_point(ContactPointId::new(&tx.ambient), id, kind, &address));
        }
        if let Some(hired_on) = row.hired_on {
            let employer = self.employer(row);
            let job = merged_job(&EmploymentDetails::begun(employer, hired_on), employer, row);
            self.pending.jobs.push(tx.new_employment(EmploymentId::new(&tx.ambient), id, &job));
            let cadence =
                tx.new_cadence(CadenceId::new(&tx.ambient), id, &self.counted_from(AnchorKind::Hired, hired_on));
            let ended = cadences::ActiveModel { plan_at: Set(None), ..cadence.clone() };
            self.pending.cadences.push(if support == Support::Ended { ended } else { cadence });
        }
        if let Some(period) = service(row) {
            self.pending.periods.push(tx.new_service_period(ServicePeriodId::new(&tx.ambient), id, &period));
        }
        self.note("graduate.import", "graduate", id.0, json!({ "support": support }));
        // Recognised if the file names the person again; the rest is read back then.
        if let Some(number) = &row.external_id {
            self.numbers.insert(name_key(number), id);
        }
        let profile = &details.profile;
        self.names.insert((name_key(&profile.name), name_key(&profile.kana), row.hired_on), id);
        if self.pending.ids.len() >= PIECE {
            self.flush().await?;
        }
        Ok(Upserted::Added(id))
    }

    async fn update(&mut self, id: GraduateId, row: &RosterRow, staff: Option<StaffId>) -> Result<Upserted> {
        if !self.people.contains_key(&id) {
            self.flush().await?;
            self.read_back(id).await?;
        }
        let employer = self.employer(row);
        let Some(known) = self.people.get(&id) else { return Err(StoreError::NotFound { what: "graduate" }) };
        let (tx, actor) = (self.tx, self.actor);
        let details = merged(&known.graduate.details, row);
        let mut changed = false;
        if !changed_fields(&known.graduate.details, &details).is_empty() {
            tx.change_graduate(actor, id, &details).await?;
            changed = true;
        }
        if staff.is_some() && staff != known.graduate.staff {
            tx.assign_staff(actor, id, staff, known.graduate.standin).await?;
            changed = true;
        }
        for (kind, address) in addresses(row) {
            // A roster has one number for each person: a landline that takes the mobile's place isn't written to, and neither is the mobile.
            let replaced =
                known.points.iter().filter(|point| is_number(kind) && is_number(point.kind) && point.kind != kind);
            for point in replaced {
                tx.remove_address(actor, point.id).await?;
                tx.wake_planner(id).await?;
                changed = true;
            }
            if !known.points.iter().any(|point| point.kind == kind && point.address == address) {
                tx.set_address(actor, id, kind, &address).await?;
                changed = true;
            }
        }
        // A new company has to be there before a job refers to it.
        if !self.pending.employers.is_empty() {
            insert_all(&tx.conn, std::mem::take(&mut self.pending.employers)).await?;
        }
        let job_changed = self.update_job(known, employer, row).await?;
        let service_changed = self.update_service(known, row).await?;
        if job_changed == JobChange::Job || service_changed {
            let support = standing(row, self.today);
            if support != known.graduate.support {
                tx.set_support(actor, id, support).await?;
            }
        }
        if !(changed || job_changed != JobChange::Nothing || service_changed) {
            return Ok(Upserted::Unchanged(id));
        }
        self.read_back(id).await?;
        self.index(id);
        Ok(Upserted::Updated(id))
    }

    /// The job that began on the row's day; else the one that lasts at the same company, whose day the row corrects; else a new one.
    async fn update_job(&self, known: &Known, employer: Option<EmployerId>, row: &RosterRow) -> Result<JobChange> {
        let (tx, actor, graduate) = (self.tx, self.actor, known.graduate.id);
        let Some(hired_on) = row.hired_on else { return self.update_disclosure(known, row).await };
        let same_day = known.jobs.iter().find(|job| job.details.hired_on == hired_on);
        let corrected = || {
            let mut lasting = known.jobs.iter().filter(|job| job.details.left_on.is_none());
            lasting.find(|job| employer.is_none() || job.details.employer == employer)
        };
        let newest_before = known.jobs.iter().map(|job| job.details.hired_on).max();
        let is_changed = if let Some(job) = same_day.or_else(corrected) {
            let begun = EmploymentDetails { hired_on, ..job.details.clone() };
            let details = merged_job(&begun, employer, row);
            if details == job.details {
                return Ok(JobChange::Nothing);
            }
            tx.change_employment(actor, job.id, &details).await?;
            if details == (EmploymentDetails { disclosure: details.disclosure, ..job.details.clone() }) {
                return Ok(JobChange::Disclosure);
            }
            details.hired_on != job.details.hired_on
        } else {
            let details = merged_job(&EmploymentDetails::begun(employer, hired_on), employer, row);
            tx.add_employment(actor, graduate, &details).await?;
            newest_before.is_none_or(|newest| newest < hired_on)
        };
        if is_changed {
            let kind = if newest_before.is_none() { AnchorKind::Hired } else { AnchorKind::JobChanged };
            let state = match tx.cadence(graduate).await? {
                // What staff have set on top of the plan stays; only the day it counts from is another.
                Some(cadence) => {
                    CadenceState { anchor: Anchor { on: hired_on, ..cadence.state.anchor }, ..cadence.state }
                }
                None => self.counted_from(kind, hired_on),
            };
            tx.put_cadence(actor, graduate, &state).await?;
        }
        Ok(JobChange::Job)
    }

    /// A row without a day tells it of the job that lasts. Of two at once nobody could say which is meant.
    async fn update_disclosure(&self, known: &Known, row: &RosterRow) -> Result<JobChange> {
        let Some(disclosure) = told_disclosure(row) else { return Ok(JobChange::Nothing) };
        let mut lasting = known.jobs.iter().filter(|job| job.details.left_on.is_none());
        let (Some(job), None) = (lasting.next(), lasting.next()) else { return Ok(JobChange::Nothing) };
        if job.details.disclosure == disclosure {
            return Ok(JobChange::Nothing);
        }
        let details = EmploymentDetails { disclosure, ..job.details.clone() };
        self.tx.change_employment(self.actor, job.id, &details).await?;
        Ok(JobChange::Disclosure)
    }

    async fn update_service(&self, known: &Known, row: &RosterRow) -> Result<bool> {
        let Some(wanted) = service(row) else { return Ok(false) };
        let mut retention = known.periods.iter().filter(|stored| stored.period.kind == ServiceKind::Retention);
        let Some(stored) = retention.find(|stored| stored.period.started_on == wanted.started_on) else {
            self.tx.add_service_period(self.actor, known.graduate.id, &wanted).await?;
            return Ok(true);
        };
        let ended_on = wanted.ended_on.or(stored.period.ended_on);
        if ended_on == stored.period.ended_on {
            return Ok(false);
        }
        let period = ServicePeriod { ended_on, ..stored.period.clone() };
        self.tx.change_service_period(self.actor, stored.id, &period).await?;
        Ok(true)
    }

    fn employer(&mut self, row: &RosterRow) -> Option<EmployerId> {
        let name = row.employer.as_deref()?;
        let key = name_key(name);
        if let Some(known) = self.employers.get(&key) {
            return Some(*known);
        }
        let id = EmployerId::new(&self.tx.ambient);
        self.pending.employers.push(self.tx.new_employer(id, name));
        self.employers.insert(key, id);
        self.note("employer.add", "employer", id.0, json!({}));
        Some(id)
    }

    fn counted_from(&self, kind: AnchorKind, on: NaiveDate) -> CadenceState {
        CadenceState::new(self.plan.clone(), Anchor { kind, on })
    }

    fn note(&mut self, action: &str, object_kind: &str, object: uuid::Uuid, detail: serde_json::Value) {
        let (action, object_kind) = (action.to_owned(), object_kind.to_owned());
        self.pending.notes.push(AuditNote { actor: self.actor, action, object_kind, object_id: Some(object), detail });
    }

    async fn read_back(&mut self, id: GraduateId) -> Result<()> {
        let Some(graduate) = self.tx.graduate(id).await? else { return Ok(()) };
        let points = self.tx.contact_points(id).await?;
        let (jobs, periods) = (self.tx.employments_of(id).await?, self.tx.service_periods_of(id).await?);
        self.people.insert(id, Known { graduate, points, jobs, periods });
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        let conn = &self.tx.conn;
        insert_all(conn, pending.graduates).await?;
        insert_all(conn, pending.points).await?;
        insert_all(conn, pending.employers).await?;
        insert_all(conn, pending.jobs).await?;
        insert_all(conn, pending.periods).await?;
        insert_all(conn, pending.cadences).await?;
        if pending.notes.is_empty() { Ok(()) } else { self.tx.audit_all(pending.notes).await }
    }
}

/// What is known, with what the row says over it.
pub(crate) fn merged(known: &GraduateDetails, row: &RosterRow) -> GraduateDetails {
    let old = &known.profile;
    let profile = GraduateProfile {
        name: row.name.clone(),
        kana: row.kana.clone().unwrap_or_else(|| old.kana.clone()),
        external_id: row.external_id.clone().or_else(|| old.external_id.clone()),
        disability: row.disability.as_ref().map_or_else(|| old.disability.clone(), |told| Some(told.stored())),
        certificate: row.certificate.as_ref().map_or_else(|| old.certificate.clone(), |told| Some(told.stored())),
        ..old.clone()
    };
    let week = row.allowed.and_then(|period| WeekHours::every_day(&period.to_string()).ok());
    let hours = PersonHours { week: week.unwrap_or_else(|| known.hours.week.clone()), ..known.hours.clone() };
    GraduateDetails { profile, language: row.language.unwrap_or(known.language), hours }
}

pub(crate) fn merged_job(
    known: &EmploymentDetails,
    employer: Option<EmployerId>,
    row: &RosterRow,
) -> EmploymentDetails {
    let told = row.leaving.as_ref();
    // What one company knows says nothing about another.
    let is_same = employer.is_none() || employer == known.employer;
    EmploymentDetails {
        employer: employer.or(known.employer),
        left_on: row.left_on.or(known.left_on),
        disclosure: told_disclosure(row).unwrap_or(if is_same { known.disclosure } else { Disclosure::Unknown }),
        leaving: told.map(|leaving| leaving.reason).or(known.leaving),
        leaving_words: told.map_or_else(|| known.leaving_words.clone(), |leaving| leaving.words.clone()),
        ..known.clone()
    }
}

/// What the row says of the employer's knowing. That the office doesn't know it takes nothing away that it has found out.
fn told_disclosure(row: &RosterRow) -> Option<Disclosure> {
    row.disclosure.filter(|told| *told != Disclosure::Unknown)
}

fn is_number(kind: ContactKind) -> bool {
    matches!(kind, ContactKind::Sms | ContactKind::Phone)
}

pub(crate) fn addresses(row: &RosterRow) -> Vec<(ContactKind, String)> {
    let line = row.line_user_id.as_ref().map(|id| (ContactKind::Line, id.as_str().to_owned()));
    let phone = row.phone.as_ref().and_then(|phone| Some((phone.way()?, phone.e164())));
    let email = row.email.as_ref().map(|email| (ContactKind::Email, email.as_str().to_owned()));
    [line, phone, email].into_iter().flatten().collect()
}

/// The row's 就労定着支援.
pub(crate) fn service(row: &RosterRow) -> Option<ServicePeriod> {
    let period = ServicePeriod::start(ServiceKind::Retention, row.service_started_on?);
    // A review is planned for a service that goes on.
    let plan_review_on = period.plan_review_on.filter(|_| row.service_ended_on.is_none());
    Some(ServicePeriod { ended_on: row.service_ended_on, plan_review_on, ..period })
}

/// Where the row leaves the person: nobody is asked about work after the job or the service has ended.
pub(crate) fn standing(row: &RosterRow, today: NaiveDate) -> Support {
    let is_over = |day: Option<NaiveDate>| day.is_some_and(|day| day < today);
    if is_over(row.left_on) || is_over(row.service_ended_on) {
        return Support::Ended;
    }
    if row.hired_on.is_some() { Support::Supported } else { Support::Preparing }
}
