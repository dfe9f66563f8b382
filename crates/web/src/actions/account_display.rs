//! `POST /account/display`: how somebody wants their own pages.

use crate::answer;
use crate::pages::Done;
use crate::pages::display::DisplayForm;
use crate::sent::Sent;
use crate::signed::Answer;

/// Keeps the choices; the next page shows them by looking that way.
pub async fn post(sent: Sent<DisplayForm>) -> Answer {
    let signed = &sent.signed;
    let preferences = sent.form.preferences(&signed.staff.preferences);
    if let Some(tx) = sent.begin().await? {
        tx.set_preferences(signed.actor(), signed.staff.id, &preferences).await?;
        tx.save().await?;
    }
    Ok(answer::done("/account/display", Done::DisplaySaved))
}
