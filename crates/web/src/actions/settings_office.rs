//! Changing the office's own rules.

use serde_json::json;

use crate::answer;
use crate::areas::settings::office_page;
use crate::merge::{merged, place};
use crate::pages::Done;
use crate::pages::settings::OfficeForm;
use crate::pages::settings::office_form::FIELDS;
use crate::sent::Sent;
use crate::signed::{Admin, Answer};

/// `POST /settings/office`. The planner looks at everybody again, because hours and closed days move dates.
pub async fn post(sent: Sent<OfficeForm, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let there = "/settings/office";
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(there, Done::Saved)) };
    let before = tx.own_office().await?;
    let merged = merged(&sent.form, &sent.form.shown, &OfficeForm::new(&before.name, &before.settings), &[]);
    let read = match merged.to_decide(|name, now| (place(&FIELDS, name, "name"), now.to_owned())) {
        Some(state) => Err(Box::new(state)),
        None => merged.form.read(&before.settings),
    };
    let (name, settings) = match read {
        Ok(read) => read,
        Err(form) => {
            let page = office_page(signed, &tx, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    if name != before.name || settings != before.settings {
        tx.change_office(&name, &settings).await?;
        tx.audit(signed.actor(), "office.change", "office", Some(signed.office.id.0), json!({})).await?;
        tx.wake_every_planner().await?;
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(there, Done::Saved))
}
