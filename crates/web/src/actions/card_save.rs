//! A card is written: the new words take the place of the old ones, which stay readable with who wrote them and when.

use axum::extract::Path;
use bansou_core::card::{Card, CardOf};
use bansou_core::ids::{EmployerId, GraduateId};
use bansou_store::{Employer, Graduate, GraduateDetails, StoreError, Tx};
use chrono::NaiveDate;

use crate::answer;
use crate::cards::Held;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::pages::Done;
use crate::pages::card::{AGREEMENT_ROWS, CardEditPage, CardForm, WORD_ROWS};
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Fields outside the rows, in the order of the page, with the keys of their labels.
const FIELDS: [(&str, &str); 11] = [
    ("spoken_to", "card-line-spoken-to"),
    ("reassures", "card-line-reassures"),
    ("unsettles", "card-line-unsettles"),
    ("outcome", "card-line-outcome"),
    ("outcome_by", "card-outcome-on"),
    ("hear_by", "card-hear-by"),
    ("hear_every", "card-hear-every"),
    ("hear_form", "card-hear-form"),
    ("decides", "card-line-decides"),
    ("remark", "card-line-remark"),
    ("review_on", "card-review"),
];

/// `GET /graduates/{id}/card/edit`.
pub async fn page_of_graduate(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let graduate = people::graduate(&tx, id).await?;
    let held = Held::of_graduate(&tx, &graduate).await?;
    let page = of_graduate(&signed, &tx, &graduate, FormState::new(typed(&signed, &held))).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/card/edit`.
pub async fn graduate(Path(id): Path<GraduateId>, sent: Sent<CardForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}/card");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Saved)) };
    let graduate = people::graduate(&tx, id).await?;
    let wrong = match sent.form.read(signed.today()) {
        Ok((card, review_on)) => {
            keep_remark(signed, &tx, &graduate, &card).await?;
            match save(signed, tx, CardOf::Graduate(id), &sent.form, &card, review_on).await? {
                None => return Ok(answer::done(&there, Done::Saved)),
                Some(wrong) => wrong,
            }
        }
        Err(wrong) => {
            drop(tx);
            *wrong
        }
    };
    let tx = signed.read().await?;
    let page = of_graduate(signed, &tx, &graduate, wrong).await?;
    signed.refused(&tx, &page).await
}

/// `GET /employers/{id}/card/edit`.
pub async fn page_of_employer(signed: Signed, Path(id): Path<EmployerId>) -> Answer {
    let tx = signed.read().await?;
    let employer = tx.employer(id).await?.ok_or(Failure::NotFound)?;
    let held = Held::of_employer(&tx, &employer).await?;
    signed.page(&tx, &of_employer(&signed, &employer, FormState::new(typed(&signed, &held)))).await
}

/// `POST /employers/{id}/card/edit`.
pub async fn employer(Path(id): Path<EmployerId>, sent: Sent<CardForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/employers/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Saved)) };
    let employer = tx.employer(id).await?.ok_or(Failure::NotFound)?;
    let wrong = match sent.form.read(signed.today()) {
        Ok((card, review_on)) => match save(signed, tx, CardOf::Employer(id), &sent.form, &card, review_on).await? {
            None => return Ok(answer::done(&there, Done::Saved)),
            Some(wrong) => wrong,
        },
        Err(wrong) => {
            drop(tx);
            *wrong
        }
    };
    let tx = signed.read().await?;
    signed.refused(&tx, &of_employer(signed, &employer, wrong)).await
}

/// Saves, or gives back the form where somebody else has changed the card since it was opened. The form then holds the number of
/// the newer version, so that what was typed can be sent once more after a look at it.
async fn save(
    signed: &Signed,
    tx: Tx,
    of: CardOf,
    form: &CardForm,
    card: &Card,
    review_on: NaiveDate,
) -> Result<Option<FormState<CardForm>>, Failure> {
    let seen = form.version.parse().unwrap_or_default();
    match tx.save_card(signed.staff.id, of, seen, card, review_on).await {
        Ok(()) => {
            tx.save().await?;
            Ok(None)
        }
        Err(StoreError::Refused { .. } | StoreError::Duplicate { .. }) => {
            drop(tx);
            let newest = signed.read().await?.card(of).await?.map_or(0, |card| card.version);
            let typed = CardForm { version: newest.to_string(), ..form.clone() };
            Ok(Some(FormState::new(typed).with_error("version", FieldError::CardMeanwhile)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The remark stands in the details, too, where it stood before there were cards: an older program of the same office reads it there.
async fn keep_remark(signed: &Signed, tx: &Tx, graduate: &Graduate, card: &Card) -> Result<(), Failure> {
    let details = &graduate.details;
    if details.profile.card == card.remark {
        return Ok(());
    }
    let profile = bansou_core::graduate::GraduateProfile { card: card.remark.clone(), ..details.profile.clone() };
    tx.change_graduate(signed.actor(), graduate.id, &GraduateDetails { profile, ..details.clone() }).await?;
    Ok(())
}

/// A day that has come isn't the next one: left empty, the usual day is taken, so that saving is all it takes to have looked.
fn typed(signed: &Signed, held: &Held) -> CardForm {
    CardForm::new(&held.card, held.version, held.review_on.filter(|day| *day > signed.today()))
}

async fn of_graduate(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: FormState<CardForm>,
) -> Result<CardEditPage, Failure> {
    let back = format!("/graduates/{}/card", graduate.id);
    Ok(CardEditPage {
        person: Some(person_head(tx, graduate, signed.today()).await?),
        action: format!("{back}/edit"),
        back,
        ..edit_page(signed, form)
    })
}

fn of_employer(signed: &Signed, employer: &Employer, form: FormState<CardForm>) -> CardEditPage {
    let back = format!("/employers/{}", employer.id);
    CardEditPage {
        company: employer.profile.name.clone(),
        action: format!("{back}/card/edit"),
        back,
        ..edit_page(signed, form)
    }
}

fn edit_page(signed: &Signed, form: FormState<CardForm>) -> CardEditPage {
    let mut fields = vec![("version".to_owned(), signed.say("card-title"))];
    fields.extend(FIELDS.iter().map(|(field, key)| ((*field).to_owned(), signed.say(key))));
    let labels = [("card-agreement-on", "card-agreement-text"), ("card-word-ours", "card-word-theirs")];
    for (rows, (one, other)) in [AGREEMENT_ROWS.as_slice(), WORD_ROWS.as_slice()].into_iter().zip(labels) {
        for (at, (first, second)) in rows.iter().enumerate() {
            let label = |key: &str| signed.say_with(key, &[("n", (at + 1).into())]);
            fields.push(((*first).to_owned(), label(one)));
            fields.push(((*second).to_owned(), label(other)));
        }
    }
    fields.retain(|(field, _)| form.errors.contains_key(field.as_str()));
    CardEditPage::new(form, fields)
}
