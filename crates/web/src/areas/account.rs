//! Signing in and out, and passwords.
//!
//! - `GET /login`, `POST /login`, `POST /logout`: [`crate::pages::login`].
//! - `GET /kept/{id}`: [`crate::kept`]. `GET /alive`: a page on which somebody writes, so that they stay signed in.
//! - `GET /account/display`, `POST /account/display`: [`crate::pages::display`]. `GET /keys`: [`crate::pages::keys`].
//! - `GET /password/{token}`, `POST /password/{token}`, `GET /account`, `POST /account`: [`crate::pages::password`].

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use bansou_store::{LinkKind, SessionKind};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use crate::actions::{account_display, account_password, session_begin, session_end};
use crate::answer;
use crate::app::App;
use crate::cookies::Cookie;
use crate::errors::Failure;
use crate::form::FormState;
use crate::language::safe_back;
use crate::pages::display::DisplayPage;
use crate::pages::kept::KeptPage;
use crate::pages::keys::KeysPage;
use crate::pages::login::{Late, LoginForm, LoginPage};
use crate::pages::password::{PasswordForm, PasswordPage};
use crate::routes::Routes;
use crate::signed::{Answer, Signed, session};
use crate::visitor::Visitor;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/login", sign_in)
        .post("/login", session_begin::post)
        .post("/logout", session_end::post)
        .get("/password/{token}", set_password)
        .post("/password/{token}", account_password::by_link)
        .get("/account", account)
        .get("/account/display", display)
        .post("/account/display", account_display::post)
        .get("/keys", keys)
        .get("/kept/{id}", kept)
        .get("/alive", alive)
        .post("/account", account_password::own)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Next {
    next: String,
    /// Set by a form that came too late and couldn't be kept.
    late: String,
}

async fn sign_in(State(app): State<Arc<App>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Next { next, late } = Query::<Next>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
    match session(&parts, &app, (Cookie::Staff, SessionKind::Staff)).await {
        Ok(Some(_)) => return answer::see(safe_back(&next)),
        Ok(None) => {}
        Err(error) => return Failure::from(error).into_response(),
    }
    let visitor = match Visitor::from_request_parts(&mut parts, &app).await {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    let form = FormState::new(LoginForm { next, ..LoginForm::default() });
    let mut page = LoginPage::new(form);
    if late == "yes" {
        page.late = page.late.or(Some(Late::Again));
    }
    visitor.page(&page).into_response()
}

/// A form that came too late, for whoever wrote it; for others there is nothing.
async fn kept(signed: Signed, Path(id): Path<Uuid>) -> Answer {
    let tx = signed.read().await?;
    match tx.kept_form(signed.staff.id, id).await? {
        Some(form) => signed.page(&tx, &KeptPage::new(form)).await,
        None => Ok(answer::see("/today")),
    }
}

/// The page of somebody who is writing says so from time to time; noting the session's use is all there is to do.
async fn alive(_: Signed) -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Looking at the link doesn't use it up: mail scanners and chat previews open links too.
async fn set_password(visitor: Visitor, Path(token): Path<String>) -> Answer {
    let link = visitor.app.parts.store.find_link(LinkKind::Password, &token).await?;
    link.ok_or(Failure::NotFound)?;
    visitor.page(&PasswordPage::by_link(&token, FormState::default()))
}

async fn account(signed: Signed) -> Answer {
    let tx = signed.read().await?;
    let form = FormState::new(PasswordForm::default());
    signed.page(&tx, &PasswordPage::own(&signed.staff.profile.email, form)).await
}

async fn display(signed: Signed) -> Answer {
    signed.page(&signed.read().await?, &DisplayPage::new(&signed.staff.preferences)).await
}

async fn keys(signed: Signed) -> Answer {
    signed.page(&signed.read().await?, &KeysPage::new(signed.staff.preferences.keys)).await
}
