//! A form that comes after its session has ended isn't lost: it is kept, sealed, for the one who wrote it, and shown to them
//! again after they have signed in. Nothing is done by it until they send it once more, with its own key: so it acts once.
//!
//! The form's token proves that it is from our page: it is made from the cookie, also of a session that has ended. A form of
//! a tab from before a newer sign-in has no such proof any more; it is kept only when the browser says that it is from here.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bansou_core::ids::{OfficeId, StaffId};
use bansou_store::KeptForm;
use http::StatusCode;
use uuid::Uuid;

use crate::app::App;
use crate::cookies::Cookie;
use crate::errors::Failure;
use crate::sent::{Keys, RawForm};
use crate::signed::Signed;
use crate::{answer, csrf};

/// Where a kept form is shown.
pub(crate) const PLACE: &str = "/kept/";
/// Where people write. No form below these paths takes a password.
const WRITTEN: [&str; 13] = [
    "/graduates",
    "/notes/",
    "/inbox/",
    "/tasks/",
    "/jobs/",
    "/signs/",
    "/escalations/",
    "/promises",
    "/absences",
    "/employers/",
    "/settings/messages/",
    "/settings/office",
    "/settings/sending",
];

/// The answer to a form without a session: to the sign-in page, and from there to the form as it was typed. Another refusal
/// stays as it is.
pub(crate) async fn came_too_late(app: &Arc<App>, refused: Response, request: Request) -> Response {
    if refused.status() != StatusCode::SEE_OTHER {
        return refused;
    }
    match keep_late(app, request).await {
        Ok(Some(id)) => answer::see_with("/login", &[("next", &format!("{PLACE}{id}"))]),
        Ok(None) => refused,
        Err(failure) => failure.into_response(),
    }
}

/// The answer to a form whose token isn't this session's.
pub(crate) async fn of_an_older_session(signed: &Signed, raw: &RawForm) -> Response {
    let site = raw.parts().headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if site != Some("same-origin") {
        return Failure::Forbidden.into_response();
    }
    match keep(&signed.app, (signed.office.id, signed.staff.id), raw).await {
        Ok(Some(id)) => answer::see(&format!("{PLACE}{id}")),
        Ok(None) => Failure::Forbidden.into_response(),
        Err(failure) => failure.into_response(),
    }
}

async fn keep_late(app: &Arc<App>, request: Request) -> Result<Option<Uuid>, Failure> {
    // Somebody who signed out in another tab has but the cookie of the session that ended.
    let mut cookies = [Cookie::Staff, Cookie::Ended].into_iter();
    let token = cookies.find_map(|cookie| cookie.read(request.headers(), app.is_https())).map(ToOwned::to_owned);
    let Some(token) = token else { return Ok(None) };
    let Some(whose) = app.parts.store.find_ended_session(&token).await? else { return Ok(None) };
    let raw = RawForm::take(request).await?;
    let keys: Keys = raw.read().await?;
    if !csrf::verify(token.as_bytes(), &keys.csrf) {
        return Ok(None);
    }
    keep(app, whose, &raw).await
}

/// What somebody wrote, rather than chose: days, codes and keys are no sentences.
pub(crate) fn is_written(value: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || "_-:.".contains(c);
    let value = value.trim();
    value.len() > 64 || !value.chars().all(is_plain)
}

/// `None` for a form in which nobody wrote anything, and for a search, which is quickly made again.
async fn keep(app: &App, (office, staff): (OfficeId, StaffId), raw: &RawForm) -> Result<Option<Uuid>, Failure> {
    let path = raw.parts().uri.path();
    if !WRITTEN.iter().any(|place| path.starts_with(place)) || path.ends_with("/search") {
        return Ok(None);
    }
    let mut fields: Vec<(String, String)> = raw.read().await?;
    fields.retain(|(name, _)| name != "csrf");
    if !fields.iter().any(|(_, value)| is_written(value)) {
        return Ok(None);
    }
    let tx = app.parts.store.begin(office).await?;
    let id = tx.keep_form(staff, &KeptForm { path: path.to_owned(), fields }).await?;
    tx.save().await?;
    Ok(Some(id))
}
