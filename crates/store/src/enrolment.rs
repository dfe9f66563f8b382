//! Adding one person by hand: what a roster's row would do, and who may be the same person already.

use std::collections::BTreeMap;

use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadencePlan, CadenceState};
use bansou_core::employment::Disclosure;
use bansou_core::graduate::{GraduateProfile, Language, Support};
use bansou_core::hours::PersonHours;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::roster::RosterRow;
use bansou_core::search::search_key;
use chrono::NaiveDate;

use crate::employments::EmploymentDetails;
use crate::error::Result;
use crate::graduates::{Graduate, GraduateDetails};
use crate::roster::{addresses, merged, merged_job, service, standing};
use crate::tx::Tx;

/// One person to be added: a roster's row, and what a roster has no column for.
#[derive(Clone)]
pub struct Enrolment<'a> {
    /// The row; its `staff_email` isn't looked at.
    pub row: &'a RosterRow,
    /// What the person is called in messages; empty = the family name.
    pub called: &'a str,
    /// Who is there for them.
    pub staff: Option<StaffId>,
    /// Whether the employer knows of the disability; only looked at where the row has a job.
    pub disclosure: Disclosure,
    /// How often they are contacted, counted from the day of hiring; without a job nobody is contacted by plan yet.
    pub plan: CadencePlan,
}

/// Somebody of the office who may be the person that is being added.
#[derive(Clone)]
pub struct LikelySame {
    /// Who.
    pub graduate: Graduate,
    /// First day of their newest job.
    pub hired_on: Option<NaiveDate>,
    /// They have the same number; otherwise the same name.
    pub by_phone: bool,
}

impl Tx {
    /// Adds a person. A number (利用者番号) that the office has given already is refused as a duplicate.
    pub async fn enrol(&self, actor: Actor, new: &Enrolment<'_>) -> Result<GraduateId> {
        let zone = self.own_office().await?.zone;
        let support = standing(new.row, self.now().with_timezone(&zone).date_naive());
        let blank = GraduateDetails {
            profile: GraduateProfile { called: new.called.to_owned(), ..GraduateProfile::default() },
            language: Language::Plain,
            hours: PersonHours::default(),
        };
        let id = self.add_graduate(actor, &merged(&blank, new.row), support, new.staff).await?;
        for (kind, address) in addresses(new.row) {
            self.set_address(actor, id, kind, &address).await?;
        }
        if let Some(period) = service(new.row) {
            self.add_service_period(actor, id, &period).await?;
        }
        let Some(hired_on) = new.row.hired_on else { return Ok(id) };
        let employer = match &new.row.employer {
            Some(name) => Some(self.employer_named(actor, name).await?),
            None => None,
        };
        let begun = EmploymentDetails { disclosure: new.disclosure, ..EmploymentDetails::begun(employer, hired_on) };
        self.add_employment(actor, id, &merged_job(&begun, employer, new.row)).await?;
        if support != Support::Ended {
            let anchor = Anchor { kind: AnchorKind::Hired, on: hired_on };
            self.put_cadence(actor, id, &CadenceState::new(new.plan.clone(), anchor)).await?;
        }
        Ok(id)
    }

    /// Who of the office has the row's number, or its name and the same day of hiring. Where one of the two days
    /// isn't known, the name is enough: it costs a look, and two records of one person cost more.
    pub async fn likely_same(&self, row: &RosterRow) -> Result<Vec<LikelySame>> {
        let mut found: BTreeMap<GraduateId, LikelySame> = BTreeMap::new();
        if let Some((kind, number)) = row.phone.as_ref().and_then(|phone| Some((phone.way()?, phone.e164()))) {
            for point in self.contact_points_at(kind, &number).await? {
                let Some(graduate) = self.graduate(point.graduate).await? else { continue };
                found.insert(graduate.id, LikelySame { graduate, hired_on: None, by_phone: true });
            }
        }
        let name = search_key(&row.name);
        for graduate in self.graduates().await? {
            if search_key(&graduate.details.profile.name) == name {
                found.entry(graduate.id).or_insert(LikelySame { graduate, hired_on: None, by_phone: false });
            }
        }
        let mut same = Vec::with_capacity(found.len());
        for likely in found.into_values() {
            let jobs = self.employments_of(likely.graduate.id).await?;
            let hired_on = jobs.first().map(|job| job.details.hired_on);
            let is_same_day = jobs.is_empty() || jobs.iter().any(|job| Some(job.details.hired_on) == row.hired_on);
            if likely.by_phone || row.hired_on.is_none() || is_same_day {
                same.push(LikelySame { hired_on, ..likely });
            }
        }
        Ok(same)
    }
}
