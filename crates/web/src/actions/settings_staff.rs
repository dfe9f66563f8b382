//! Accounts of staff: added, given a role, shut and opened, and a link to set a password.

use axum::extract::Path;
use bansou_core::ids::StaffId;
use bansou_core::staff::{Role, StaffProfile};
use bansou_store::{LinkKind, StaffMember, StoreError, Tx};
use chrono::TimeDelta;
use serde::Deserialize;

use crate::answer;
use crate::areas::settings::staff_page;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::settings::staff::{PasswordLink, StaffForm};
use crate::sent::{Nothing, Sent};
use crate::signed::{Admin, Answer, Signed};

/// How many hours a password link works.
const LINK_HOURS: u32 = 24;
const THERE: &str = "/settings/staff";

/// The role to give.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct RoleForm {
    role: String,
}

/// `POST /settings/staff`. Answers with the link, the only time that it is shown.
pub async fn add(sent: Sent<StaffForm, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::StaffAdded)) };
    let (profile, role) = match read(sent.form.clone()) {
        Ok(read) => read,
        Err(form) => return refused(signed, &tx, form).await,
    };
    let id = match tx.add_staff(signed.actor(), &profile, role, signed.lang).await {
        Ok(id) => id,
        Err(StoreError::Duplicate { .. }) => {
            // On PostgreSQL the unit of work is of no use after a refused insert.
            drop(tx);
            let form = FormState::new(sent.form.clone()).with_error("email", FieldError::Taken);
            return refused(signed, &signed.read().await?, form).await;
        }
        Err(error) => return Err(error.into()),
    };
    with_link(signed, tx, id, profile.name).await
}

/// `POST /settings/staff/{id}/link`.
pub async fn link(Path(id): Path<StaffId>, sent: Sent<Nothing, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::see(THERE)) };
    let member = tx.staff_member(id).await?.ok_or(Failure::NotFound)?;
    if member.disabled_at.is_some() {
        return Err(Failure::Forbidden);
    }
    with_link(signed, tx, id, member.profile.name).await
}

/// `POST /settings/staff/{id}/role`.
pub async fn role(Path(id): Path<StaffId>, sent: Sent<RoleForm, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::Saved)) };
    let member = another(signed, &tx, id).await?;
    let role = sent.form.role.parse().map_err(|_| Failure::Unreadable)?;
    stepped(tx.change_staff(signed.actor(), id, &member.profile, role, member.language).await)?;
    tx.save().await?;
    Ok(answer::done(THERE, Done::Saved))
}

/// `POST /settings/staff/{id}/disable`.
pub async fn disable(Path(id): Path<StaffId>, sent: Sent<Nothing, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::StaffDisabled)) };
    another(signed, &tx, id).await?;
    stepped(tx.disable_staff(signed.actor(), id).await)?;
    tx.revoke_links(signed.actor(), LinkKind::Password, id.0).await?;
    tx.save().await?;
    Ok(answer::done(THERE, Done::StaffDisabled))
}

/// `POST /settings/staff/{id}/enable`.
pub async fn enable(Path(id): Path<StaffId>, sent: Sent<Nothing, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(THERE, Done::StaffEnabled)) };
    another(signed, &tx, id).await?;
    tx.enable_staff(signed.actor(), id).await?;
    tx.save().await?;
    Ok(answer::done(THERE, Done::StaffEnabled))
}

/// Somebody of this office besides the reader, who must not lock themselves out.
async fn another(signed: &Signed, tx: &Tx, id: StaffId) -> Result<StaffMember, Failure> {
    let member = tx.staff_member(id).await?.ok_or(Failure::NotFound)?;
    if id == signed.staff.id { Err(Failure::Forbidden) } else { Ok(member) }
}

/// The last admin stays one.
fn stepped(done: Result<(), StoreError>) -> Result<(), Failure> {
    match done {
        Err(StoreError::Refused { .. }) => Err(Failure::Forbidden),
        done => Ok(done?),
    }
}

async fn with_link(signed: &Signed, tx: Tx, id: StaffId, name: String) -> Answer {
    tx.revoke_links(signed.actor(), LinkKind::Password, id.0).await?;
    let valid = TimeDelta::hours(i64::from(LINK_HOURS));
    let token = tx.create_link(signed.actor(), LinkKind::Password, id.0, valid).await?;
    let url = format!("{}/password/{token}", signed.app.parts.public_url);
    let link = PasswordLink { name, url, hours: LINK_HOURS };
    let page = staff_page(signed, &tx, FormState::new(StaffForm::empty()), Some(link)).await?;
    let answer = signed.page(&tx, &page).await?;
    tx.save().await?;
    Ok(answer)
}

async fn refused(signed: &Signed, tx: &Tx, form: FormState<StaffForm>) -> Answer {
    let page = staff_page(signed, tx, form, None).await?;
    signed.refused(tx, &page).await
}

fn read(form: StaffForm) -> Result<(StaffProfile, Role), FormState<StaffForm>> {
    let (name, email) = (form.name.trim().to_owned(), form.email.trim().to_owned());
    let role = form.role.parse().ok();
    let mut state = FormState::new(form);
    if name.is_empty() {
        state = state.with_error("name", FieldError::Required);
    }
    let is_address =
        email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    if !is_address || email.chars().any(char::is_whitespace) {
        state = state.with_error("email", FieldError::NotAnEmail);
    }
    match role {
        Some(role) if state.is_valid() => Ok((StaffProfile { name, email }, role)),
        Some(_) => Err(state),
        None => Err(state.with_error("role", FieldError::NotAChoice)),
    }
}
