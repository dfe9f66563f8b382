//! The made-up office itself: staff, companies and the people there.

use anyhow::{Context as _, Result};
use bansou_core::audit::Actor;
use bansou_core::card::{CardOf, usual_review};
use bansou_core::employment::{EmployerContactProfile, EmployerProfile};
use bansou_core::ids::{EmployerContactId, EmployerId, OfficeId, StaffId};
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::Store;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Asia::Tokyo;

use super::cards;
use super::clock::DemoClock;
use super::habits::on_day;
use super::people::{COMPANIES, STAFF};
use super::{DemoTerms, morning};

/// The office's name.
pub(crate) const NAME: &str = "みほん就労支援室";

/// What was set up.
pub(crate) struct Opened {
    pub(crate) office: OfficeId,
    pub(crate) staff: [StaffId; 3],
    pub(crate) companies: Vec<(EmployerId, EmployerContactId)>,
    pub(crate) start: NaiveDate,
    pub(crate) today: NaiveDate,
}

/// Sets the office up on the first morning of its history; the clock is left there.
pub(crate) async fn open(store: &Store, clock: &DemoClock, terms: &DemoTerms) -> Result<Opened> {
    let today = terms.ends_at.with_timezone(&Tokyo).date_naive();
    let start = today - TimeDelta::days(terms.days.into());
    clock.set(on_day(start, 8, 30));
    let office = store.add_office(NAME, Tokyo, &morning::settings(today)).await?;
    let tx = store.begin(office).await?;
    let mut staff = Vec::new();
    for ((name, email), role) in STAFF.into_iter().zip([Role::Staff, Role::Manager, Role::Admin]) {
        let profile = StaffProfile { name: name.into(), email: email.into() };
        staff.push(tx.add_staff(Actor::COMMAND, &profile, role, Lang::Ja).await?);
    }
    let staff: [StaffId; 3] = staff.try_into().ok().context("the office has three members of staff")?;
    let who = Actor::staff(staff[2]);
    let mut companies = Vec::new();
    for company in &COMPANIES {
        let id = tx.employer_named(who, company.name).await?;
        tx.change_employer(who, id, &EmployerProfile { name: company.name.into(), words: company.words.into() })
            .await?;
        let contact = EmployerContactProfile {
            name: company.contact.into(),
            part: company.part.into(),
            email: company.email.into(),
        };
        let card = cards::of_company(company, start);
        tx.save_card(staff[2], CardOf::Employer(id), 0, &card, usual_review(start)).await?;
        companies.push((id, tx.add_employer_contact(who, id, &contact).await?));
    }
    tx.save().await?;
    Ok(Opened { office, staff, companies, start, today })
}
