//! What the retention figures are computed from: every person of the office with jobs and services.

use std::collections::HashMap;

use bansou_core::ids::GraduateId;
use bansou_core::retention::{Job, Person};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::Tx;

impl Tx {
    /// Every graduate of the office as core's retention figures take them, sorted by reading.
    pub async fn retention_people(&self) -> Result<Vec<Person>> {
        Ok(self.retention_people_named().await?.0)
    }

    /// The same, and everybody's name by id.
    pub async fn retention_people_named(&self) -> Result<(Vec<Person>, HashMap<Uuid, String>)> {
        let employers: HashMap<_, _> =
            self.employers().await?.into_iter().map(|employer| (employer.id, employer.profile.name)).collect();
        let mut jobs: HashMap<GraduateId, Vec<Job>> = HashMap::new();
        for employment in self.employments().await? {
            let details = employment.details;
            jobs.entry(employment.graduate).or_default().push(Job {
                employer: details.employer.and_then(|employer| employers.get(&employer).cloned()),
                hired_on: details.hired_on,
                left_on: details.left_on,
                leaving: details.leaving,
                supported_change: details.supported_change,
                status_unknown: details.status_unknown,
            });
        }
        let mut periods: HashMap<GraduateId, Vec<_>> = HashMap::new();
        for stored in self.service_periods().await? {
            periods.entry(stored.graduate).or_default().push(stored.period);
        }
        let mut names = HashMap::new();
        let mut people = Vec::new();
        for graduate in self.graduates().await? {
            names.insert(graduate.id.0, graduate.details.profile.name);
            people.push(Person {
                id: graduate.id.0,
                external_id: graduate.details.profile.external_id,
                employments: jobs.remove(&graduate.id).unwrap_or_default(),
                service_periods: periods.remove(&graduate.id).unwrap_or_default(),
            });
        }
        Ok((people, names))
    }
}
