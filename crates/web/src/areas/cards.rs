//! Cards of graduates and companies, and the page of a company.

use axum::extract::Path;
use bansou_core::card::CardOf;
use bansou_core::employment::Disclosure;
use bansou_core::ids::{EmployerId, GraduateId};
use bansou_store::Tx;

use crate::actions::card_save;
use crate::cards::{self, Held};
use crate::errors::Failure;
use crate::heads::person_head;
use crate::pages::card::{CardPage, CompanyContact, CompanyPage, CompanyPerson};
use crate::people;
use crate::routes::Routes;
use crate::signed::{Answer, Signed};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/graduates/{id}/card", graduate)
        .get("/graduates/{id}/card/edit", card_save::page_of_graduate)
        .post("/graduates/{id}/card/edit", card_save::graduate)
        .get("/employers/{id}", employer)
        .get("/employers/{id}/card/edit", card_save::page_of_employer)
        .post("/employers/{id}/card/edit", card_save::employer)
}

/// Reading the card is a look at the person.
async fn graduate(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let graduate = people::graduate(&tx, id).await?;
    let held = Held::of_graduate(&tx, &graduate).await?;
    let cadence = tx.cadence(id).await?;
    let every = cadence.as_ref().and_then(|row| row.state.every_on(signed.today()));
    let edit = format!("/graduates/{id}/card/edit");
    let page = CardPage {
        person: person_head(&tx, &graduate, signed.today()).await?,
        card: cards::whole(&signed, &tx, CardOf::Graduate(id), &held, edit).await?,
        hours: people::week_hours(&signed, &graduate.details.hours.week),
        cadence: every.map(|every| every.say(&signed.app.parts.words, signed.lang)).unwrap_or_default(),
        differs: cards::differs(&signed, &held.card, cadence.as_ref()),
        company: cards::company(&signed, &tx, &graduate).await?,
    };
    signed.page(&tx, &page).await
}

async fn employer(signed: Signed, Path(id): Path<EmployerId>) -> Answer {
    let tx = signed.read().await?;
    let employer = tx.employer(id).await?.ok_or(Failure::NotFound)?;
    let held = Held::of_employer(&tx, &employer).await?;
    let contacts = tx.employer_contacts(id).await?.into_iter().filter(|contact| contact.ended_at.is_none());
    let contacts = contacts.map(|contact| CompanyContact {
        name: contact.profile.name,
        part: contact.profile.part,
        email: contact.profile.email,
    });
    let page = CompanyPage {
        contacts: contacts.collect(),
        people: people_at(&signed, &tx, id).await?,
        card: cards::whole(&signed, &tx, CardOf::Employer(id), &held, format!("/employers/{id}/card/edit")).await?,
        name: employer.profile.name,
    };
    signed.page(&tx, &page).await
}

/// Graduates who work there today.
async fn people_at(signed: &Signed, tx: &Tx, id: EmployerId) -> Result<Vec<CompanyPerson>, Failure> {
    let today = signed.today();
    let jobs = tx.employments().await?.into_iter().filter(|job| {
        let details = &job.details;
        details.employer == Some(id) && details.hired_on <= today && details.left_on.is_none_or(|left| left >= today)
    });
    let jobs: Vec<_> = jobs.collect();
    let ids: Vec<GraduateId> = jobs.iter().map(|job| job.graduate).collect();
    // Of two jobs at the same company the one about which less may be said counts.
    let kept_from = |graduate: GraduateId| {
        let of_them = jobs.iter().filter(|job| job.graduate == graduate).map(|job| job.details.disclosure);
        of_them.filter(|disclosure| *disclosure != Disclosure::Open).min()
    };
    let mut people: Vec<CompanyPerson> = tx
        .people(&ids)
        .await?
        .into_values()
        .map(|who| CompanyPerson {
            id: who.id.to_string(),
            disclosure: kept_from(who.id).unwrap_or(Disclosure::Open),
            name: who.profile.name.clone(),
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(people)
}
