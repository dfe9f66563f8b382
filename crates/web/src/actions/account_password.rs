//! Setting a password. Every session of the account ends with it; whoever was signed in gets a new one.

use axum::extract::{FromRequest, Path, Request, State};
use axum::response::{IntoResponse, Response};
use bansou_core::audit::Actor;
use bansou_core::ids::StaffId;
use bansou_store::{Attempt, LinkKind, SessionKind};
use http::{StatusCode, header};
use std::sync::Arc;

use crate::answer;
use crate::app::App;
use crate::cookies::Cookie;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::password::{PasswordForm, PasswordPage};
use crate::password::{self, MAX_BYTES, MIN_CHARACTERS, PasswordError};
use crate::sent::Sent;
use crate::signed::Answer;
use crate::visitor::VisitorSent;

/// `POST /password/{token}`: uses the link up.
pub async fn by_link(State(app): State<Arc<App>>, Path(token): Path<String>, request: Request) -> Response {
    match VisitorSent::<PasswordForm>::from_request(request, &app).await {
        Ok(sent) => set_by_link(sent, &token).await.into_response(),
        Err(refused) => refused,
    }
}

async fn set_by_link(sent: VisitorSent<PasswordForm>, token: &str) -> Answer {
    let VisitorSent { visitor, form } = sent;
    let store = &visitor.app.parts.store;
    let link = store.find_link(LinkKind::Password, token).await?.ok_or(Failure::NotFound)?;
    let form = checked(form);
    if !form.is_valid() {
        return visitor.page_as(StatusCode::UNPROCESSABLE_ENTITY, &PasswordPage::by_link(token, form));
    }
    let hash = password::hash_apart(&visitor.app.hashing, form.typed.password.clone(), store.ambient()).await?;
    let tx = store.begin(link.office).await?;
    let subject = tx.take_link(LinkKind::Password, token).await?.ok_or(Failure::NotFound)?;
    let staff = StaffId(subject);
    let actor = Actor::staff(staff);
    tx.set_password_hash(actor, staff, &hash).await?;
    tx.revoke_links(actor, LinkKind::Password, subject).await?;
    tx.save().await?;
    Ok(answer::done("/login", Done::PasswordSet))
}

/// `POST /account`.
pub async fn own(sent: Sent<PasswordForm>) -> Answer {
    let signed = &sent.signed;
    let hashing = &signed.app.hashing;
    let mut form = checked(sent.form.clone());
    let (email, staff) = (&signed.staff.profile.email, &signed.staff);
    let store = &signed.app.parts.store;
    // Whoever finds a browser signed in must not be able to guess here without end.
    let key = format!("own-password {}", staff.id);
    let attempt = Attempt { account: &key, address: &key, device: None };
    let blocked = store.sign_in_blocked_until(attempt).await?;
    if let Some(until) = blocked {
        let minutes = u32::try_from((until - signed.now()).num_minutes() + 1).unwrap_or(1);
        form = form.with_error("present", FieldError::TryLater { minutes });
    } else if !password::matches_apart(hashing, sent.form.present.clone(), staff.password_hash.clone()).await? {
        store.sign_in_failed(attempt, Some((signed.office.id, staff.id))).await?;
        form = form.with_error("present", FieldError::WrongPassword);
    }
    if !form.is_valid() {
        return signed.refused(&signed.read().await?, &PasswordPage::own(email, form)).await;
    }
    store.sign_in_succeeded(attempt).await?;
    let hash = password::hash_apart(hashing, sent.form.password.clone(), store.ambient()).await?;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/account", Done::PasswordSet)) };
    tx.set_password_hash(signed.actor(), staff.id, &hash).await?;
    let token = tx.create_session(SessionKind::Staff, staff.id.0).await?;
    tx.save().await?;
    let mut response = answer::done("/account", Done::PasswordSet);
    let cookie = Cookie::Staff.set(&token, signed.app.is_https());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

fn checked(form: PasswordForm) -> FormState<PasswordForm> {
    let same = form.password == form.again;
    let problem = password::check(&form.password).err();
    let mut state = FormState::new(form);
    if let Some(problem) = problem {
        let now = state.typed.password.len();
        let error = match problem {
            PasswordError::TooShort => FieldError::TooShort { min: MIN_CHARACTERS },
            PasswordError::TooLong => FieldError::TooLong { max: MAX_BYTES, now },
        };
        state = state.with_error("password", error);
    }
    if same { state } else { state.with_error("again", FieldError::NotTheSame) }
}
