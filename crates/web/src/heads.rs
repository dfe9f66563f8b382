//! The head of a page about one graduate, from the store.

use bansou_core::ids::{EmployerId, StaffId};
use bansou_store::{Employment, Graduate, Tx};
use chrono::NaiveDate;

use crate::errors::Failure;
use crate::pages::person::PersonHead;
use crate::people::{paused, tenure};

/// The head of a page about a graduate, as things stand on `today` (the office's day).
pub async fn person_head(tx: &Tx, graduate: &Graduate, today: NaiveDate) -> Result<PersonHead, Failure> {
    let jobs = tx.employments_of(graduate.id).await?;
    let job = present_job(&jobs, today);
    let profile = &graduate.details.profile;
    Ok(PersonHead {
        id: graduate.id.to_string(),
        name: profile.name.clone(),
        kana: profile.kana.clone(),
        call_name: profile.call_name().to_owned(),
        employer: company(tx, job.and_then(|job| job.details.employer)).await?,
        tenure: job.map(|job| tenure(job.details.hired_on, today)),
        support: graduate.support,
        paused: paused(graduate, today),
        stopped: graduate.contact_stopped_at.is_some(),
        staff: staff_name(tx, graduate.staff).await?,
        stand_in: staff_name(tx, graduate.standin).await?,
        care: None,
    })
}

/// The job that lasts on `today`, the newest of several.
pub fn present_job(jobs: &[Employment], today: NaiveDate) -> Option<&Employment> {
    let lasts = |job: &&Employment| job.details.hired_on <= today && !job.details.is_over(today);
    jobs.iter().filter(lasts).max_by_key(|job| job.details.hired_on)
}

/// The name of a member of staff; `None` when there is nobody.
pub async fn staff_name(tx: &Tx, id: Option<StaffId>) -> Result<Option<String>, Failure> {
    let Some(id) = id else { return Ok(None) };
    Ok(tx.staff_member(id).await?.map(|member| member.profile.name))
}

async fn company(tx: &Tx, id: Option<EmployerId>) -> Result<Option<String>, Failure> {
    let Some(id) = id else { return Ok(None) };
    Ok(tx.employer(id).await?.map(|employer| employer.profile.name))
}
