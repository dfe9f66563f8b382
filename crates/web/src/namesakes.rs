//! People of the same name in one list: what tells them apart stands beside the name, and only there.

use std::collections::{BTreeMap, HashMap};

use bansou_core::ids::GraduateId;
use bansou_store::{Employment, Tx, Who};

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
    let namesakes: Vec<&Who> =
        by_name.into_values().filter(|same| same.len() > 1).flat_map(BTreeMap::into_values).collect();
    let (numbered, others): (Vec<&Who>, Vec<&Who>) = namesakes.into_iter().partition(|who| number(who).is_some());
    let mut apart = companies(signed, tx, &others).await?;
    let told =
        |who: &Who| Some((who.id, signed.say_with("namesake-number", &[("number", number(who)?.to_owned().into())])));
    apart.extend(numbered.into_iter().filter_map(told));
    Ok(apart)
}

fn number(who: &Who) -> Option<&str> {
    who.profile.external_id.as_deref().filter(|number| !number.is_empty())
}

/// Where these people work today: a fixed number of queries, however many they are.
async fn companies(signed: &Signed, tx: &Tx, people: &[&Who]) -> Result<HashMap<GraduateId, String>, Failure> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let jobs = tx.employments_by_person(&people.iter().map(|who| who.id).collect::<Vec<_>>()).await?;
    let named: HashMap<_, _> = tx.employers().await?.into_iter().map(|one| (one.id, one.profile.name)).collect();
    let company = |(id, jobs): (&GraduateId, &Vec<Employment>)| {
        let employer = present_job(jobs, signed.today())?.details.employer?;
        Some((*id, named.get(&employer)?.clone()))
    };
    Ok(jobs.iter().filter_map(company).collect())
}
