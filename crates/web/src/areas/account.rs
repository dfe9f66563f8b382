//! Signing in and out, and passwords.
//!
//! - `GET /login`, `POST /login`, `POST /logout`: [`crate::pages::login`].
//! - `GET /password/{token}`, `POST /password/{token}`, `GET /account`, `POST /account`: [`crate::pages::password`].

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use bansou_store::{LinkKind, SessionKind};
use serde::Deserialize;

use crate::actions::{account_password, session_begin, session_end};
use crate::answer;
use crate::app::App;
use crate::errors::Failure;
use crate::form::FormState;
use crate::language::safe_back;
use crate::pages::login::{LoginForm, LoginPage};
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
        .post("/account", account_password::own)
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn sign_in(State(app): State<Arc<App>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let next = Query::<Next>::try_from_uri(&parts.uri).map(|query| query.0.next).unwrap_or_default();
    match session(&parts, &app, SessionKind::Staff).await {
        Ok(Some(_)) => return answer::see(safe_back(&next)),
        Ok(None) => {}
        Err(error) => return Failure::from(error).into_response(),
    }
    let visitor = match Visitor::from_request_parts(&mut parts, &app).await {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    let form = FormState::new(LoginForm { next, ..LoginForm::default() });
    visitor.page(&LoginPage { form }).into_response()
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
