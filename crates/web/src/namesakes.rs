//! People of the same name in one list: what tells them apart stands beside the name, and only there.

use std::collections::{BTreeMap, HashMap};

use bansou_core::ids::GraduateId;
use bansou_store::{Tx, Who};

use crate::errors::Failure;
use crate::heads::present_job;
use crate::signed::Signed;

/// What tells those of these people apart who share a name: the office's number for them, else where they work. Nothing is looked up for
/// the others.
pub(crate) async fn told_apart(
    signed: &Signed,
    tx: &Tx,
    people: impl IntoIterator<Item = &Who>,
) -> Result<HashMap<GraduateId, String>, Failure> {
    let mut by_name: HashMap<String, BTreeMap<GraduateId, &Who>> = HashMap::new();
    for who in people {
        let name = who.profile.name.chars().filter(|c| !c.is_whitespace()).collect();
        by_name.entry(name).or_default().insert(who.id, who);
    }
    let mut apart = HashMap::new();
    for who in by_name.into_values().filter(|same| same.len() > 1).flat_map(BTreeMap::into_values) {
        let told = match who.profile.external_id.as_deref().filter(|number| !number.is_empty()) {
            Some(number) => Some(signed.say_with("namesake-number", &[("number", number.to_owned().into())])),
            None => company(signed, tx, who.id).await?,
        };
        apart.extend(told.map(|told| (who.id, told)));
    }
    Ok(apart)
}

async fn company(signed: &Signed, tx: &Tx, id: GraduateId) -> Result<Option<String>, Failure> {
    let jobs = tx.employments_of(id).await?;
    let Some(employer) = present_job(&jobs, signed.today()).and_then(|job| job.details.employer) else {
        return Ok(None);
    };
    Ok(tx.employer(employer).await?.map(|employer| employer.profile.name))
}
