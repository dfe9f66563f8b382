//! Signing in. The answer and the work are the same whether there is no such account, no password yet, a wrong one, or a
//! disabled account (ASVS V6.3.8); guesses are slowed by account and by address, and a refusal leaves an audit row (V16.3.1).

use axum::response::Response;
use bansou_store::{Attempt, SessionKind, StaffMember};
use chrono::{DateTime, Utc};
use http::{StatusCode, header};

use crate::answer;
use crate::cookies::Cookie;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::language::safe_back;
use crate::pages::login::{LoginForm, LoginPage};
use crate::password::{self, MAX_BYTES};
use crate::signed::Answer;
use crate::visitor::{Visitor, VisitorSent};

/// A browser that wasn't used for so long counts as a stranger's again.
const DEVICE_DAYS: u32 = 180;

/// `POST /login`.
pub async fn post(sent: VisitorSent<LoginForm>) -> Answer {
    let VisitorSent { visitor, form } = sent;
    let store = &visitor.app.parts.store;
    if form.email.trim().is_empty() || form.password.is_empty() || form.password.len() > MAX_BYTES {
        return refused(&visitor, form, StatusCode::UNPROCESSABLE_ENTITY, FieldError::NoSuchLogin);
    }
    let attempt = Attempt { account: &form.email, address: &visitor.address, device: visitor.device.as_deref() };
    if let Some(until) = store.sign_in_blocked_until(attempt).await? {
        let minutes = minutes_until(until, store.ambient().now());
        return refused(&visitor, form, StatusCode::TOO_MANY_REQUESTS, FieldError::TryLater { minutes });
    }
    let account = store.find_staff_by_email(&form.email).await?;
    let hash = account.as_ref().and_then(|(_, member)| member.password_hash.clone());
    let fits = password::matches_apart(&visitor.app.hashing, form.password.clone(), hash).await?;
    let may = |member: &StaffMember| fits && member.disabled_at.is_none();
    let noted = account.as_ref().map(|(office, member)| (*office, member.id));
    let Some((office, member)) = account.filter(|(_, member)| may(member)) else {
        store.sign_in_failed(attempt, noted).await?;
        metrics::counter!("bansou_sign_ins_refused_total").increment(1);
        return refused(&visitor, form, StatusCode::UNPROCESSABLE_ENTITY, FieldError::NoSuchLogin);
    };
    store.sign_in_succeeded(attempt).await?;
    let tx = store.begin(office).await?;
    let token = tx.create_session(SessionKind::Staff, member.id.0).await?;
    tx.save().await?;
    Ok(signed_in(&visitor, &token, &store.known_device(&form.email), &form.next))
}

/// A new cookie, never the one the browser came with.
fn signed_in(visitor: &Visitor, token: &str, device: &str, next: &str) -> Response {
    let mut response = answer::see(if next.is_empty() { "/today" } else { safe_back(next) });
    let cookie = Cookie::Staff.set(token, visitor.app.is_https());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response.headers_mut().append(header::SET_COOKIE, Cookie::Ended.clear(visitor.app.is_https()));
    let known = Cookie::Device.set_for(DEVICE_DAYS, device, visitor.app.is_https());
    response.headers_mut().append(header::SET_COOKIE, known);
    response
}

fn refused(visitor: &Visitor, form: LoginForm, status: StatusCode, error: FieldError) -> Result<Response, Failure> {
    visitor.page_as(status, &LoginPage::new(FormState::new(form).with_error("email", error)))
}

fn minutes_until(until: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    let seconds = (until - now).num_seconds().max(0);
    u32::try_from(seconds.div_euclid(60) + 1).unwrap_or(1)
}
