//! Signing out: the session opens nothing any more, and the browser forgets what it kept of the site (ASVS V14.3.1) but for whose a form
//! is that another tab still holds.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::answer;
use crate::cookies::Cookie;
use crate::pages::Done;
use crate::sent::{Nothing, Sent};
use crate::signed::Answer;

/// Everything but cookies: those of other kinds of session, and the chosen language, stay; ours is cleared by name.
const FORGET: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");

/// `POST /logout`.
pub async fn post(headers: HeaderMap, sent: Sent<Nothing>) -> Answer {
    let tx = sent.signed.begin().await?;
    tx.end_session(&sent.signed.session).await?;
    tx.save().await?;
    let mut response = answer::done("/login", Done::SignedOut);
    let is_https = sent.signed.app.is_https();
    response.headers_mut().append(header::SET_COOKIE, Cookie::Staff.clear(is_https));
    if let Some(ended) = Cookie::Staff.read(&headers, is_https) {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Ended.set_for(1, ended, is_https));
    }
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), FORGET);
    Ok(response)
}
